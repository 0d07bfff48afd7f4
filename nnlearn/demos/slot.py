"""The place in a demo where the learner's own function runs.

A function is tried first on fixed cases: does it run, is the shape right, are the values right, are
its arguments left as they were, and, where it returns a gradient too, does that agree with finite
differences. If a case fails, the demo says which, shows both results, and keeps nnlearn's function.

A function that the learner invented has no right values. An `Invention` walks the same path with it
and asks for what must hold all the same.

Lessons: 01, 03, 04, 05, 06.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from nnlearn.gradcheck import kinks, numerical_gradient

Function = Callable[..., Any]
UNEQUAL = "the value differs."
NUDGED = "differs from what a nudge measures."
COUNTS = ("nothing", "one thing", "two things", "three things", "four things", "five things")


@dataclass(frozen=True)
class Case:
    """One call to try: a name that a learner understands, and the arguments."""

    name: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Verdict:
    """What came of trying a function: accepted, or the case that failed and how."""

    accepted: bool
    message: str
    case: str = ""
    reference: str = ""
    yours: str = ""


class Fault(NamedTuple):
    """What is wrong with a result: a message, what was wanted, and what came."""

    message: str
    wanted: Any
    mine: Any


@dataclass(frozen=True)
class Slot:
    """A named place for a function, with nnlearn's own as the reference.

    `gradient=True` says that the last thing returned is the gradient with respect to the first
    argument; `word` is what it is called in messages; `returns` names what comes back, where that
    is not one value (and its gradient).

    Example
    -------
    >>> double = Slot("double", lambda x: 2 * x, [Case("three numbers", (np.arange(3.0),))])
    >>> double.judge(lambda x: x + x).accepted
    True
    >>> double.judge(lambda x: x).case
    'three numbers'
    """

    name: str
    reference: Function
    cases: Sequence[Case]
    gradient: bool = False
    tolerance: float = 1e-6
    word: str = "gradient"
    returns: tuple[str, ...] = ()

    def judge(self, fn: Any) -> Verdict:
        """Try `fn` on every case; the first that fails decides."""
        if not callable(fn):
            return Verdict(False, f"{self.name}= takes a function, not {type(fn).__name__}.")
        for case in self.cases:
            if fault := self._try(fn, case):
                text = f"Your {self.name}, {case.name}: {fault.message}"
                return Verdict(False, text, case.name, words(fault.wanted), words(fault.mine))
        return Verdict(True, self.praise())

    def praise(self) -> str:
        return f"Your {self.name} gives the right result in all fixed cases."

    # --- the path that every function walks -----------------------------------------------------

    def _try(self, fn: Function, case: Case) -> Fault | None:
        wanted, args = self.wanted(case), copy.deepcopy(case.args)
        try:
            got = self._parts(self.call(fn, args))
            if len(got) != len(self.names):
                names = " and ".join(filter(None, [", ".join(self.names[:-1]), self.names[-1]]))
                first = got[0] if got else "nothing"
                return Fault(f"return {COUNTS[len(self.names)]}, {names}.", wanted[0], first)
            if fault := self.misfit(got, wanted, case):
                return fault
            if not all(same(a, b) for a, b in zip(args, case.args, strict=True)):
                text = "it changed its arguments; make a new array instead."
                return Fault(text, wanted[0], "changed arguments")
            return self.beyond(fn, got, case)
        except NotImplementedError:
            return Fault("it is not written yet.", wanted[0], "not written yet")
        except FloatingPointError as why:
            return Fault(f"NumPy warns: {why}.", "no warning", str(why))
        except Exception as problem:  # whatever a learner's code may raise is for the learner
            said = f"{type(problem).__name__}: {problem}"
            return Fault(f"it stopped with {said}", wanted[0], said)

    def call(self, fn: Function, args: tuple[Any, ...]) -> Any:
        return fn(*args)

    def wanted(self, case: Case) -> tuple[Any, ...]:
        """What should come back, by parts."""
        return self._parts(self.reference(*copy.deepcopy(case.args)))

    def misfit(self, got: tuple[Any, ...], wanted: tuple[Any, ...], case: Case) -> Fault | None:
        """What is wrong with the values; a gradient is measured later."""
        compared = self.names[:-1] if self.gradient else self.names
        for name, right, mine in zip(compared, wanted, got, strict=False):
            if fault := _differs(right, mine, self.tolerance):
                return Fault(fault if len(compared) == 1 else f"{name}: {fault}", right, mine)
        return None

    def beyond(self, fn: Function, got: tuple[Any, ...], case: Case) -> Fault | None:
        """What more must hold: a gradient agrees with a nudge."""
        if not self.gradient:
            return None
        first, *others = copy.deepcopy(case.args)
        slope = numerical_gradient(lambda x: self._parts(fn(x, *others))[0], first)
        if fault := _differs(slope, got[-1], 1e-4):
            unequal = f" {NUDGED}" if fault == UNEQUAL else f": {fault}"
            return Fault(f"the {self.word}{unequal}", slope, got[-1])
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """What comes back, by name."""
        return self.returns or ("the value", *([f"the {self.word}"] if self.gradient else []))

    def _parts(self, result: Any) -> tuple[Any, ...]:
        return tuple(result) if len(self.names) > 1 and isinstance(result, tuple) else (result,)


@dataclass(frozen=True)
class Invention(Slot):
    """Judges a function that nobody knows: by shapes, by finite numbers, by its own nudged slope.

    `reference` is what runs when the invention fails; it is held against nothing.
    """

    unlike: ClassVar[str] = NUDGED  # what is said of a gradient that is not the slope

    def praise(self) -> str:
        return f"Your {self.name} is of the right form in all fixed cases."

    def wanted(self, case: Case) -> tuple[Any, ...]:
        return (f"({', '.join(self.names)})" if len(self.names) > 1 else self.names[0],)

    def misfit(self, got: tuple[Any, ...], wanted: tuple[Any, ...], case: Case) -> Fault | None:
        """Every part has the shape of the first argument and is finite."""
        shape = np.shape(case.args[0])
        for name, part in zip(self.names, got, strict=True):
            if fault := unfit(part, shape):
                return Fault(f"{name}: {fault}", f"finite numbers, shape {shape}", part)
        return None

    def beyond(self, fn: Function, got: tuple[Any, ...], case: Case) -> Fault | None:
        """A gradient agrees with a nudge, wherever there is no kink."""
        if not self.gradient:
            return None
        first, *others = copy.deepcopy(case.args)

        def value(x: np.ndarray) -> Any:
            return fn(x, *others)[0]

        with np.errstate(all="ignore"):
            slope, smooth = numerical_gradient(value, first), ~kinks(value, first)
        mine = np.asarray(got[-1], np.float64)
        if not np.allclose(slope[smooth], mine[smooth], rtol=1e-4, atol=1e-4):
            return Fault(f"the {self.word} {self.unlike}", slope, got[-1])
        return None


def learners(fn: Any) -> Any:
    """`fn` if it is a learner's; None for nnlearn's own, which `mine` gives before a check passes.

    Example
    -------
    >>> learners(numerical_gradient) is None, learners(abs) is abs
    (True, True)
    """
    return None if str(getattr(fn, "__module__", "")).startswith("nnlearn.") else fn


def _differs(want: Any, got: Any, tolerance: float) -> str:
    """What is wrong with `got`, in a few words; empty if nothing is."""
    if got is None:
        return "it returned None (is there a return?)."
    try:
        a, b = np.asarray(want, dtype=np.float64), np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        return f"it returned {type(got).__name__}, not numbers."
    if a.shape != b.shape:
        return f"the shape is {b.shape}, it must be {a.shape}."
    if not np.allclose(a, b, rtol=tolerance, atol=tolerance):
        return UNEQUAL
    return ""


def unfit(result: Any, shape: tuple[int, ...]) -> str:
    """Why `result` is not an array of finite numbers of this shape; empty if it is."""
    try:
        numbers = np.asarray(result, np.float64)
    except (TypeError, ValueError):
        return f"{type(result).__name__} is not an array of numbers."
    if numbers.shape != shape:
        return f"the shape is {numbers.shape}, it must be {shape}."
    return "" if np.isfinite(numbers).all() else "it holds infinity or NaN."


def same(a: Any, b: Any) -> bool:
    if not isinstance(b, np.ndarray):
        return bool(a == b)
    return bool(np.array_equal(a, b, equal_nan=b.dtype.kind in "fc"))


def words(value: Any) -> str:
    """A value in at most a line."""
    if isinstance(value, str):
        text = value
    else:
        with np.printoptions(precision=4, suppress=True, threshold=8):
            text = " ".join(str(value).split())
    return text if len(text) <= 120 else text[:117] + "..."
