"""One call of an answer, and how it compares with another: the eyes of every check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

# (relative, absolute): what rounding may do to a right answer of that precision
TOLERANCE = {"float64": (1e-7, 1e-9), "float32": (2e-4, 2e-5)}

View = Callable[[tuple, Any], Any]


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a returned value or an error, and its side effects."""

    returned: Any = None
    seen: Any = None  # what is compared: the returned value, through the exercise's view
    error: BaseException | None = None
    changed: tuple[int, ...] = ()  # positions of the arguments that were written to
    warning: str = ""


def arrays(value: Any) -> Iterator[np.ndarray]:
    """Every array in an argument: itself, or those inside its lists and tuples."""
    if isinstance(value, list | tuple):
        for part in value:
            yield from arrays(part)
    elif isinstance(value, np.ndarray | np.generic):
        yield np.asarray(value)


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """`change(value)`, or a list or tuple like `value` of what its parts become."""
    if type(value) in (list, tuple):
        return type(value)(rebuilt(part, change) for part in value)
    return change(value)


def call(
    function: Callable, args: tuple, view: View | None = None, fills: int | None = None
) -> Outcome:
    """Call `function` on copies of what has a `copy` method, and note all that happens.

    A function that `fills` an argument returns nothing: what counts is that argument afterwards.
    """
    copies = rebuilt(args, lambda a: a.copy() if hasattr(a, "copy") else a)
    noted: list[str] = []
    # called, not warned: other threads' warnings would land in the same list
    with np.errstate(all="call", under="ignore", call=lambda kind, _: noted.append(kind)):
        try:
            returned = function(*copies)
            if fills is not None:
                returned = copies[fills]
            seen = view(args, returned) if view and returned is not None else returned
        except (Exception, SystemExit) as error:
            return Outcome(error=error)
    changed = tuple(
        i
        for i, (a, b) in enumerate(zip(args, copies, strict=True))
        if _written_to(list(arrays(a)), list(arrays(b)))
    )
    return Outcome(returned, seen, None, changed, noted[0] if noted else "")


def _written_to(before: list[np.ndarray], after: list[np.ndarray]) -> bool:
    return len(before) != len(after) or not all(
        np.array_equal(x, y, equal_nan=True) for x, y in zip(before, after, strict=True)
    )


def same(a: Outcome, b: Outcome, args: tuple) -> bool:
    """Whether two calls on the same `args` came to the same, within rounding."""
    if a.error or b.error:
        return type(a.error) is type(b.error)
    return a.changed == b.changed and _equal(a.seen, b.seen, args)


def _equal(a: Any, b: Any, args: tuple) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[k], b[k], args) for k in a)
    if isinstance(a, tuple | list) or isinstance(b, tuple | list):
        return (
            type(a) is type(b)
            and len(a) == len(b)
            and all(_equal(x, y, args) for x, y in zip(a, b, strict=True))
        )
    x, y = numbers(a), numbers(b)
    if x is None or y is None:
        return a is b or (isinstance(a, str) and isinstance(b, str) and a == b)
    return (
        (x.dtype.kind == "b") == (y.dtype.kind == "b")
        and x.shape == y.shape
        and bool(close(x, y, args).all())
    )


def numbers(value: Any) -> np.ndarray | None:
    """`value` as an array of numbers; None if it is something else, or breaks when looked at."""
    try:
        x = np.asarray(value)
    except Exception:
        return None
    return x if x.dtype.kind in "biuf" else None


def close(x: np.ndarray, y: np.ndarray, args: tuple) -> np.ndarray:
    """Elementwise: equal but for rounding in the lowest precision that took part."""
    single = any(a.dtype == np.float32 for a in arrays((x, *args)))
    rtol, atol = TOLERANCE["float32" if single else "float64"]
    return np.isclose(x, y, rtol=rtol, atol=atol, equal_nan=True)


def fault(got: Outcome, expected: Outcome, args: tuple, names: list[str]) -> str:
    """What is wrong with `got`, in words that do not give the answer away; "" if nothing is."""
    if got.error:
        said, kind = _first_line(got.error), type(got.error)
        found_by_a_check = kind.__module__.startswith("nnlearn.course.")
        return said if found_by_a_check else f"an error, {kind.__name__}: {said}"
    if problem := _value_fault(got.seen, expected.seen, args):
        return problem
    if got.changed and not expected.changed:
        return f"the right result, but your function wrote into its input {names[got.changed[0]]}"
    if got.warning and not expected.warning:
        return f"the right result, but on the way there was {_a(got.warning)}"
    return ""


def _first_line(error: BaseException) -> str:
    try:
        return (str(error).splitlines() or [""])[0][:120]
    except Exception:  # an error's own __str__ may fail
        return ""


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"


def _value_fault(got: Any, expected: Any, args: tuple) -> str:
    if got is None:
        return "nothing (None): is a `return` missing?"
    if isinstance(expected, dict):
        return _named_fault(got, expected, args)
    if isinstance(expected, tuple):
        if not isinstance(got, tuple) or len(got) != len(expected):
            return f"{describe(got)}, where {len(expected)} results belong: return a, b, ..."
        for i, (g, e) in enumerate(zip(got, expected, strict=True), start=1):
            if problem := _value_fault(g, e, args):
                return f"as result {i} of {len(expected)}: {problem}"
        return ""
    if isinstance(expected, str):
        if isinstance(got, str):
            return "" if got == expected else f"{got[:30]!r}, which is not right"
        return f"{describe(got)}, where a word belongs"
    y = np.asarray(expected)
    if isinstance(got, tuple | list) or (y.ndim and not isinstance(got, np.ndarray)):
        return f"{describe(got)}, where {'a NumPy array' if y.ndim else 'one number'} belongs"
    x = numbers(got)
    if x is None:
        return f"{describe(got)}, where numbers belong"
    if x.shape != y.shape:
        return describe(got)
    if x.dtype.kind == "b" != y.dtype.kind:
        return "True and False, where numbers belong"
    if x.dtype.kind == "u" and y.dtype.kind == "f":
        return f"numbers of dtype {x.dtype}, which cannot go below 0: nothing can be subtracted"
    if np.isfinite(y).all() and not np.isfinite(x).all():
        return f"nan or inf in {np.sum(~np.isfinite(x))} of {x.size} places"
    wrong = ~close(x, y, args)
    if wrong.any():
        if x.ndim == 0:
            return f"{describe(got)}, which is not right"
        return f"{describe(got)}: the shape is right, {wrong.sum()} of {x.size} numbers are not"
    return ""


def _named_fault(got: Any, expected: dict, args: tuple) -> str:
    """The first of several results with names that is wrong: a view may give them names."""
    if not isinstance(got, dict):
        return f"{describe(got)}, which is not what was asked for"
    for name, e in expected.items():
        if name not in got:  # the answer's own dict
            return f"{describe(got)}, which is not what was asked for"
        if problem := _value_fault(got[name], e, args):
            return f"{name}: {problem}"
    return ""


def describe(value: Any) -> str:
    """A value in few words: itself if it is small, else its type and shape."""
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    x = numbers(value)
    if x is None and isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    if x is None:
        return _a(type(value).__name__)
    if x.ndim == 0:
        return f"{x.item():.6g}" if x.dtype.kind == "f" else str(x.item())
    if x.size and x.size <= 8:
        text = np.array2string(x, precision=4, separator=", ").replace("\n", "")
        return f"{text}, shape {x.shape}"
    return f"an array of shape {x.shape}"
