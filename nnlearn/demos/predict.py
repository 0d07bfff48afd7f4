"""Say what you expect first: the three kinds of question a demo can ask before it moves.

Who predicts first sees more (Crouch, Fagen, Callan and Mazur, 2004). A question checks an answer
(`accept`), and once the outcome is known it judges it (`judge`): right or not, and one line of
feedback chosen by the kind of error. `spec` is what the browser needs to ask it.

Lessons: 00, 01.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nnlearn.demos.controls import DemoError


@dataclass(frozen=True)
class Choice:
    """A question with lettered options; every option has its own line of feedback.

    Example
    -------
    >>> ask = Choice("Heads or tails?", {"A": "heads", "B": "tails"}, right="A",
    ...              feedback={"A": "Yes.", "B": "Look again."})
    >>> ask.accept("b")
    'B'
    >>> ask.judge("B", None)
    (False, 'Look again.')
    """

    question: str
    options: Mapping[str, str]
    right: str
    feedback: Mapping[str, str]

    def accept(self, answer: Any) -> str:
        letter = str(answer).strip().upper()
        if letter not in self.options:
            raise DemoError(f"answer with one of {', '.join(self.options)}, not {answer!r}")
        return letter

    def judge(self, answer: str, outcome: Any) -> tuple[bool, str]:
        return answer == self.right, self.feedback[answer]

    def words(self, answer: Any) -> str:
        return f"{answer}, {self.options[answer]}" if answer in self.options else str(answer)

    def spec(self) -> dict[str, Any]:
        return {"kind": "choice", "question": self.question, "options": dict(self.options)}


@dataclass(frozen=True)
class Number:
    """A question whose answer is a number; right within `within` of the outcome.

    `feedback` has a line for "right", "low" and "high" ("{answer}", its "{are}" and "{outcome}"
    are filled in). `one` is the unit of a single one.
    """

    question: str
    within: float
    feedback: Mapping[str, str]
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    one: str = ""

    def accept(self, answer: Any) -> float:
        try:
            number = float(answer)
        except (TypeError, ValueError):
            raise DemoError(f"answer with a number, not {answer!r}") from None
        if not self.low <= number <= self.high:
            raise DemoError(f"answer with a number from {self.low:g} to {self.high:g}")
        return number

    def judge(self, answer: float, outcome: Any) -> tuple[bool, str]:
        truth = float(outcome)
        right = abs(answer - truth) <= self.within
        kind = "right" if right else "low" if answer < truth else "high"
        said = {"answer": f"{answer:g}", "outcome": f"{truth:.3g}"}
        return right, self.feedback[kind].format(**said, are="is" if answer == 1 else "are")

    def words(self, answer: Any) -> str:
        if not isinstance(answer, float):
            return str(answer)
        return f"{answer:.3g} {self.one if self.one and answer == 1 else self.unit}".strip()

    def spec(self) -> dict[str, Any]:
        limits = {k: v for k, v in (("low", self.low), ("high", self.high)) if math.isfinite(v)}
        return {"kind": "number", "question": self.question, "unit": self.unit, **limits}


@dataclass(frozen=True)
class Curve:
    """A question answered by drawing: `points` heights between `low` and `high`.

    `kind(answer, outcome)` names the kind of error ("right" if there is none) and `feedback` holds
    its line, so that a wrong slope and a wrong end are told apart.
    """

    question: str
    kind: Callable[[Sequence[float], Sequence[float]], str]
    feedback: Mapping[str, str]
    points: int = 9
    low: float = 0.0
    high: float = 1.0
    x: str = "step"
    y: str = "value"
    start: Sequence[float] = field(default=())

    def accept(self, answer: Any) -> list[float]:
        try:
            heights = [float(v) for v in answer]
        except (TypeError, ValueError):
            raise DemoError(f"answer with {self.points} numbers, one a point") from None
        if len(heights) != self.points or not all(self.low <= v <= self.high for v in heights):
            raise DemoError(f"answer with {self.points} numbers from {self.low:g} to {self.high:g}")
        return heights

    def judge(self, answer: Sequence[float], outcome: Any) -> tuple[bool, str]:
        kind = self.kind(answer, outcome)
        return kind == "right", self.feedback[kind]

    def words(self, answer: Any) -> str:
        return "the dashed curve" if answer else ""

    def spec(self) -> dict[str, Any]:
        middle = [(self.low + self.high) / 2] * self.points
        return {"kind": "curve", "question": self.question, "points": self.points,
                "low": self.low, "high": self.high, "x": self.x, "y": self.y,
                "start": list(self.start) or middle}  # fmt: skip


Question = Choice | Number | Curve
