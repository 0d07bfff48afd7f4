"""An exercise as an object: reference, cases and the usual mistakes, all of them executable.

The same object checks a learner's answer, names the mistake behind a wrong one, and is itself
tested: each of its mistakes must be rejected and recognised by its own sentence.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlearn.course.nudge import first_parting
from nnlearn.course.outcome import Outcome, View, arrays, call, describe, fault, rebuilt, same


@dataclass(frozen=True)
class Case:
    """One call that a check makes: a name that the learner reads, and the arguments.

    `words` say what the arguments are, where they cannot say it themselves (a function, a graph).
    """

    name: str
    args: tuple
    words: tuple[str, ...] = ()

    def in_float32(self) -> "Case":
        def single(a):
            return a.astype(np.float32) if getattr(a, "dtype", None) == np.float64 else a

        return Case(f"{self.name}, float32", rebuilt(self.args, single), self.words)

    @property
    def has_floats(self) -> bool:
        return any(a.dtype == np.float64 for a in arrays(self.args))


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation, and the sentence for the learner who wrote its like."""

    function: Callable
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What an examination found. `text` is the report for the learner."""

    passed: bool
    text: str
    started: bool = True
    mistake: Mistake | None = None


@dataclass(frozen=True)
class Exercise:
    """One graded function.

    Parameters
    ----------
    id : "01.2"
    function : the reference; its name and parameters are those of the answer
    cases : takes a Generator and yields Cases; each is also tried in float32
    mistakes : at least six wrong implementations; if two fit an answer, the earlier one speaks
    hints : three, each saying more than the one before
    points : what it is worth
    view : (args, returned) -> what is compared, where several answers are right
    fills : which of its arguments the answer fills, if it returns nothing; `view` then gets that
    expected : what a right result is, in words; by default its shape
    slope_of : for an answer that is a gradient: the function whose sum it is the gradient of, by
        the first argument. A report then says where a nudge disagrees
    slope_part : which of the answer's results is the gradient, if it returns several
    """

    id: str
    function: Callable
    cases: Callable[[np.random.Generator], Iterator[Case]]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, str, str]
    points: int = 1
    view: View | None = None
    fills: int | None = None
    expected: str = ""
    slope_of: Callable | None = None
    slope_part: int | None = None
    parameters: list[str] = field(init=False)

    def __post_init__(self) -> None:
        # the library's function may have settings that the exercise does not use
        used = len(next(self.cases(np.random.default_rng(0))).args)
        names = list(inspect.signature(self.function).parameters)[:used]
        object.__setattr__(self, "parameters", names)

    @property
    def name(self) -> str:
        return self.function.__name__

    def all_cases(self, rng: np.random.Generator) -> list[Case]:
        cases = list(self.cases(rng))
        return cases + [case.in_float32() for case in cases if case.has_floats]

    def examine(self, answer: Callable, rng: np.random.Generator | None = None) -> Verdict:
        """Try `answer` on every case; chance is fresh each time unless `rng` is given."""
        if problem := self._not_callable_as_asked(answer):
            return Verdict(False, f"{self.id} {self.name}: not yet\n{problem}")
        cases = self.all_cases(rng or np.random.default_rng())
        outcomes = [self.call(answer, case) for case in cases]
        if type(outcomes[0].error) is NotImplementedError:  # input() raises a subclass
            return Verdict(False, self._not_started(answer, outcomes[0].error), started=False)
        for case, got in zip(cases, outcomes, strict=True):
            expected = self.call(self.function, case)
            if wrong := fault(got, expected, case.args, self.parameters):
                mistake = self.diagnose(cases, outcomes)
                lines = self._report(case, wrong, expected, self._nudge(case, got), mistake)
                return Verdict(False, "\n".join(lines), mistake=mistake)
        return Verdict(True, f"✓ {self.id} {self.name}: passed, {len(cases)} cases.")

    def call(self, function: Callable, case: Case) -> Outcome:
        return call(function, case.args, self.view, self.fills)

    def diagnose(self, cases: list[Case], outcomes: list[Outcome]) -> Mistake | None:
        """The first known mistake that came to the same as the answer in every single case."""
        for mistake in self.mistakes:
            if all(
                same(self.call(mistake.function, case), got, case.args)
                for case, got in zip(cases, outcomes, strict=True)
            ):
                return mistake
        return None

    def _not_callable_as_asked(self, answer: Callable) -> str:
        asked = f"{self.name}({', '.join(self.parameters)})"
        if not callable(answer):
            return (
                f"  given      {describe(answer)}, which is not a function\n"
                f'  repair     pass the function itself: check("{self.id}", {self.name})'
            )
        try:
            signature = inspect.signature(answer)
        except Exception:  # some functions written in C have no signature to look at
            return ""
        try:
            signature.bind(*self.parameters)
        except TypeError:
            return (
                f"  asked for  {asked}\n  yours is   {getattr(answer, '__name__', 'it')}{signature}"
            )
        return ""

    def _not_started(self, answer: Callable, error: BaseException) -> str:
        stub = _raised_in(error)
        if stub != getattr(answer, "__name__", stub):
            return (
                f"{self.id} {self.name}: not started\n"
                f"  It calls {stub}, and {stub} is still a stub. Write that one first, "
                f"run its cell, then this one."
            )
        return (
            f"{self.id} {self.name}: not started\n"
            f"  Replace `raise NotImplementedError` in the cell above by your code, "
            f"then run that cell and this one."
        )

    def gradient_in(self, returned: Any) -> Any:
        """The part of what was returned that is a gradient; None if it is not there."""
        if self.slope_part is None:
            return returned
        there = isinstance(returned, tuple) and self.slope_part < len(returned)
        return returned[self.slope_part] if there else None

    def _nudge(self, case: Case, got: Outcome) -> str:
        gradient = self.gradient_in(got.returned)
        if self.slope_of is None or gradient is None:
            return ""
        return first_parting(self.slope_of, case.args, gradient, self.parameters[0])

    def _report(
        self, case: Case, wrong: str, expected: Outcome, nudge: str, mistake: Mistake | None
    ) -> list[str]:
        lines = [f"{self.id} {self.name}: not yet", f"  case       {case.name}"]
        words = case.words or tuple(_short(arg) for arg in case.args)
        tried = [f"{name} = {text}" for name, text in zip(self.parameters, words, strict=True)]
        lines += [f"  {'tried' if i == 0 else '     '}      {text}" for i, text in enumerate(tried)]
        lines.append(f"  came out   {wrong}")
        lines.append(f"  expected   {self.expected or _kind(expected.seen)}")
        lines += [f"  a nudge    {nudge}"] if nudge else []
        lines += [f"  the cause  {mistake.sentence}"] if mistake else []
        return [*lines, f'  Stuck? hint("{self.id}")']


def _raised_in(error: BaseException) -> str:
    """The name of the function whose line raised."""
    tb = error.__traceback__
    while tb and tb.tb_next:
        tb = tb.tb_next
    return tb.tb_frame.f_code.co_name if tb else ""


def _short(arg: object) -> str:
    if isinstance(arg, np.ndarray) and 1 < arg.ndim and arg.size <= 12:
        rows = ", ".join(np.array2string(row, precision=3, separator=", ") for row in arg)
        return f"[{rows}], shape {arg.shape}"
    if isinstance(arg, tuple | list) and len(arg) <= 4:
        return repr(arg) if all(isinstance(n, int | float) for n in arg) else describe(arg)
    return repr(arg) if isinstance(arg, str) else describe(arg)


def _kind(value: object) -> str:
    """What a right result is like, without saying what it is."""
    if isinstance(value, tuple):
        return f"{len(value)} results: " + "; ".join(_kind(v) for v in value)
    if isinstance(value, str):
        return "a text"
    x = np.asarray(value)
    return f"an array of shape {x.shape}" if x.ndim else "one number"
