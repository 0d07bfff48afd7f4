"""The place in a demo where the learner's own function runs.

A function is tried first on fixed cases: does it run, is the shape right, are the values right, are
its arguments left as they were, and, where it returns a gradient too, does that agree with finite
differences. If a case fails, the demo says which, shows both results, and keeps nnlearn's function.

Lessons: 01, 03, 04.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlearn.gradcheck import numerical_gradient

Function = Callable[..., Any]
UNEQUAL = "the value differs."
NUDGED = "differs from what a nudge measures."


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


@dataclass(frozen=True)
class Slot:
    """A named place for a function, with nnlearn's own as the reference.

    `gradient=True` says that the function returns `(value, gradient)`, the gradient with respect
    to its first argument; `word` is what it is called in messages.

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

    def judge(self, fn: Any) -> Verdict:
        """Try `fn` on every case; the first that fails decides."""
        if not callable(fn):
            return Verdict(False, f"{self.name}= takes a function, not {type(fn).__name__}.")
        for case in self.cases:
            verdict = self._try(fn, case)
            if not verdict.accepted:
                return verdict
        return Verdict(True, f"Your {self.name} gives the right result in all fixed cases.")

    def _try(self, fn: Function, case: Case) -> Verdict:
        want = self._parts(self.reference(*copy.deepcopy(case.args)))
        args = copy.deepcopy(case.args)

        def wrong(message: str, mine: Any = "", wanted: Any = want[0]) -> Verdict:
            text = f"Your {self.name}, {case.name}: {message}"
            return Verdict(False, text, case.name, words(wanted), words(mine))

        try:
            got = self._parts(fn(*args))
        except NotImplementedError:
            return wrong("it is not written yet.", "not written yet")
        except Exception as problem:  # whatever a learner's code may raise is for the learner
            said = f"{type(problem).__name__}: {problem}"
            return wrong(f"it stopped with {said}", said)
        if len(got) != len(want):
            return wrong(f"return two things, the value and the {self.word}.", got[0])
        if fault := _differs(want[0], got[0], self.tolerance):
            return wrong(fault, got[0])
        if not all(same(a, b) for a, b in zip(args, case.args, strict=True)):
            return wrong("it changed its arguments; make a new array instead.", "changed arguments")
        if self.gradient:
            slope = numerical_gradient(lambda x: self._parts(fn(x, *args[1:]))[0], args[0])
            if fault := _differs(slope, got[1], 1e-4):
                unequal = f" {NUDGED}" if fault == UNEQUAL else f": {fault}"
                return wrong(f"the {self.word}{unequal}", got[1], slope)
        return Verdict(True, "")

    def _parts(self, result: Any) -> tuple[Any, ...]:
        return tuple(result) if self.gradient and isinstance(result, tuple) else (result,)


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


def same(a: Any, b: Any) -> bool:
    return bool(np.array_equal(a, b)) if isinstance(b, np.ndarray) else a == b


def words(value: Any) -> str:
    """A value in at most a line."""
    if isinstance(value, str):
        text = value
    else:
        with np.printoptions(precision=4, suppress=True, threshold=8):
            text = " ".join(str(value).split())
    return text if len(text) <= 120 else text[:117] + "..."
