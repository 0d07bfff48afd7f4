"""Which input cells made which output cell, found by experiment.

Nudge one input cell, run the operation again, see which output cells move. So `A + B` and a
learner's own function are traced in exactly the same way, and nothing here has to trust a formula.

Lessons: 00.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlearn.demos.broadcasting import (
    MATMUL_RULE,
    MOST_AXES,
    RULE,
    Shape,
    align,
    align_matmul,
    align_reduction,
    repairs,
)

MOST_CELLS = 216
NUDGES = (0.5, -3.0, 1000.0)
Links = list[list[list[int]]]


@dataclass(frozen=True)
class Operation:
    """One thing to do with one or two arrays: how it is written and how it runs."""

    key: str
    code: str
    run: Callable[..., Any]
    arrays: int = 2

    def written(self, axis: int | None) -> str:
        """The expression as a learner would type it, with the axis filled in."""
        return self.code.replace("axis=?", f"axis={axis}")

    def call(self, arrays: Sequence[np.ndarray], axis: int | None) -> Any:
        return self.run(*arrays, axis) if "axis=?" in self.code else self.run(*arrays)


OPERATIONS = {
    o.key: o
    for o in (
        Operation("+", "A + B", lambda a, b: a + b),
        Operation("-", "A - B", lambda a, b: a - b),
        Operation("*", "A * B", lambda a, b: a * b),
        Operation("@", "A @ B", lambda a, b: a @ b),
        Operation("sum", "A.sum(axis=?)", lambda a, k: a.sum(axis=k), 1),
        Operation(
            "mean", "A.mean(axis=?, keepdims=True)", lambda a, k: a.mean(axis=k, keepdims=True), 1
        ),
        Operation("pairs", "A[:, None] - B[None]", lambda a, b: a[:, None] - b[None]),
    )
}
ELEMENTWISE = {"+": "+", "-": "-", "*": "×", "pairs": "-"}


def own_operation(fn: Callable[..., Any]) -> Operation:
    """A learner's function of one or two arrays as an operation like any other."""
    positional = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = inspect.signature(fn).parameters.values()
    wanted = sum(p.default is p.empty and p.kind in positional for p in parameters)
    name = getattr(fn, "__name__", type(fn).__name__).replace("<lambda>", "f")
    if wanted not in (1, 2):
        raise TypeError(
            f"{name} takes {wanted} arrays; the tracer has one or two to give. "
            f"Repair: ShapeTracer(op=lambda X, Y: {name}(X, Y, ...)) with the rest filled in."
        )
    return Operation("yours", f"{name}({'A, B' if wanted == 2 else 'A'})", fn, wanted)


@dataclass
class Trace:
    """What one operation did; `shape` is None if it failed, and then `error` says how.

    `links[i][k]` lists the cells of array i that made output cell k (all counted in reading order).
    """

    code: str
    arrays: tuple[np.ndarray, ...]
    axes: list[dict[str, Any]] = field(default_factory=list)
    shape: Shape | None = None
    cells: np.ndarray | None = None
    links: Links = field(default_factory=list)
    error: str = ""
    advice: list[str] = field(default_factory=list)


def trace(op: Operation, a: Shape, b: Shape = (), axis: int | None = None) -> Trace:
    """Run `op` on example arrays of these shapes; find out what became of every axis and cell.

    >>> trace(OPERATIONS["+"], (3, 1), (4,)).shape
    (3, 4)
    >>> trace(OPERATIONS["+"], (3,), (4,)).error
    'operands could not be broadcast together with shapes (3,) (4,)'
    """
    arrays = example_arrays(op.key, a, b)[: op.arrays]
    found = Trace(op.written(axis), arrays, axes_of(op.key, a, b, axis))
    inputs = [x.copy() for x in arrays]
    try:
        with np.errstate(all="ignore"):
            out = as_numbers(op.call(inputs, axis))
            found.shape = out.shape
            if out.ndim <= MOST_AXES and out.size <= MOST_CELLS:
                found.cells = out
                found.links = links(op, arrays, axis, out)
    except Exception as why:  # NumPy's refusal or a learner's mistake: both are to be shown
        found.error, found.advice = said(op, why), advice(op, a, b, axis)
    if any(not np.array_equal(x, y) for x, y in zip(inputs, arrays, strict=True)):
        found.advice = ["It changed its input. Work on a new array: start with X = X.copy()."]
    return found


def said(op: Operation, why: Exception) -> str:
    """The error in the words of who raised it."""
    if isinstance(why, NotImplementedError):
        return "It is not written yet."
    text = " ".join(str(why).split())
    return f"{type(why).__name__}: {text}" if op.key == "yours" else text


def example_arrays(key: str, a: Shape, b: Shape) -> tuple[np.ndarray, np.ndarray]:
    """Numbers that are easy to follow: A counts 1, 2, 3 ..., B 10, 20, 30 ... (for @: 1, 2, 3)."""
    first = np.arange(1.0, np.prod(a, dtype=int) + 1).reshape(a)
    second = np.arange(1.0, np.prod(b, dtype=int) + 1).reshape(b)
    second = (second - 1) % 3 + 1 if key == "@" else 10 * second
    return first, np.asarray(second)  # one cell times ten is a bare number, not an array


def as_numbers(result: Any) -> np.ndarray:
    """A result as an array of numbers, or a clear refusal."""
    if result is None:
        raise TypeError("it returned None (is there a return?)")
    out = np.asarray(result)
    if out.dtype.kind not in "bifu":
        raise TypeError(f"it returned {type(result).__name__} of {out.dtype}, not numbers")
    return out


def axes_of(key: str, a: Shape, b: Shape, axis: int | None) -> list[dict[str, Any]]:
    """The axis table of an operation; empty for a learner's own, which may do anything."""
    if key in ("sum", "mean"):
        return align_reduction(a, axis, keep=key == "mean")
    if key == "@":
        return align_matmul(a, b)
    if key == "pairs":
        return align((*a[:1], 1, *a[1:]), (1, *b)) if a else []
    return align(a, b) if key in ELEMENTWISE else []


def advice(op: Operation, a: Shape, b: Shape, axis: int | None) -> list[str]:
    """The rule that was broken, and repairs that were tried and work."""
    if op.key in ("sum", "mean"):
        return [f"A has {len(a)} axes: {', '.join(map(str, range(len(a))))}." if a else
                "A single number has no axis to go along: use axis=None."]  # fmt: skip
    if op.key == "@":
        return [MATMUL_RULE, *repairs("@", op.run, a, b)]
    if op.key == "pairs":
        return [RULE] if a else ["A needs an axis before [:, None] can come after it."]
    return [RULE, *repairs(op.key, op.run, a, b)] if op.key in ELEMENTWISE else []


def links(op: Operation, arrays: Sequence[np.ndarray], axis: int | None, out: np.ndarray) -> Links:
    """For each input array and each output cell: the input cells whose nudge moves it."""
    found: Links = []
    for which, array in enumerate(arrays):
        made: list[list[int]] = [[] for _ in range(out.size)]
        for cell in range(array.size):
            moved = np.zeros(out.size, bool)
            for nudge in NUDGES:
                changed = [x.copy() for x in arrays]
                changed[which].flat[cell] += nudge
                after = np.asarray(op.call(changed, axis))
                if after.shape == out.shape:
                    moved |= ~np.isclose(after, out, equal_nan=True).ravel()
                if moved.any() and op.key != "yours":
                    break
            for k in np.flatnonzero(moved):
                made[int(k)].append(cell)
        found.append(made)
    return found


def number(value: float) -> str:
    """Whole numbers as they are, others with three significant figures."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.3g}"


def label(name: str, shape: Shape, cell: int) -> str:
    """The name of a cell in NumPy's own writing: `A[1, 0]`.

    >>> label("A", (3, 2), 5), label("B", (), 0)
    ('A[2, 1]', 'B')
    """
    where = ", ".join(str(int(i)) for i in np.unravel_index(cell, shape)) if shape else ""
    return f"{name}[{where}]" if where else name


def working(key: str, found: Trace) -> list[str]:
    """For each output cell, how it was made, with its numbers written out."""
    if found.cells is None:
        return []
    out = [number(v) for v in found.cells.ravel()]
    return [f"{_sum(key, found, k)} = {v}" if key != "yours" else f"{v} {_sum(key, found, k)}"
            for k, v in enumerate(out)]  # fmt: skip


def _sum(key: str, found: Trace, k: int) -> str:
    parts = [[number(x.flat[c]) for c in made[k]] for x, made in _pairs(found)]
    names = [
        [label(name, x.shape, c) for c in made[k]]
        for name, (x, made) in zip("AB", _pairs(found), strict=False)
    ]
    if key in ELEMENTWISE:
        sign = ELEMENTWISE[key]
        return f"{names[0][0]} {sign} {names[1][0]} = {parts[0][0]} {sign} {parts[1][0]}"
    if key == "@":
        return short([f"{m}×{n}" for m, n in zip(*parts, strict=True)], " + ")
    if key == "mean":
        return f"({short(parts[0], ' + ')}) / {len(parts[0])}"
    if key == "sum":
        return short(parts[0], " + ")
    return "is made from " + (" and ".join(short(n, ", ") for n in names if n) or "no input cell")


def _pairs(found: Trace) -> list[tuple[np.ndarray, list[list[int]]]]:
    return list(zip(found.arrays, found.links, strict=True))


def short(terms: list[str], join: str) -> str:
    """At most six terms; more are shown as the first three, dots, and the last.

    >>> short(list("123456789"), " + ")
    '1 + 2 + 3 + … + 9'
    """
    return join.join(terms if len(terms) <= 6 else [*terms[:3], "…", terms[-1]])
