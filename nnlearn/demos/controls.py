"""What a learner can set in a demo: each control knows its label, its range and its errors.

The browser builds its inputs from `spec`, Python checks every value with `accept`, so both sides
agree by construction.

Lessons: 00, 01.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class DemoError(ValueError):
    """Something asked of a demo that it cannot do; the text says what to do instead."""


@dataclass(frozen=True)
class Range:
    """A number with limits: a slider and a box beside it.

    `log=True` makes the slider go by powers of ten: `step` is then a share of a decade.
    """

    label: str
    low: float
    high: float
    step: float
    default: float
    whole: bool = False
    log: bool = False

    def accept(self, name: str, value: Any) -> float | int:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise DemoError(f"{name} must be a number, not {value!r}") from None
        if not math.isfinite(number) or not self.low <= number <= self.high:
            raise DemoError(f"{name} = {number:g} is outside {self.low:g} to {self.high:g}")
        return round(number) if self.whole else number

    def spec(self) -> dict[str, Any]:
        return {"kind": "range", "label": self.label, "low": self.low, "high": self.high,
                "step": self.step, "log": self.log}  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """One of a few named values: a native select."""

    label: str
    options: Sequence[str]
    default: str

    def accept(self, name: str, value: Any) -> str:
        if value not in self.options:
            raise DemoError(f"{name} must be one of {', '.join(self.options)}, not {value!r}")
        return str(value)

    def spec(self) -> dict[str, Any]:
        return {"kind": "choices", "label": self.label, "options": list(self.options)}


@dataclass(frozen=True)
class Switch:
    """On or off: a native checkbox."""

    label: str
    default: bool

    def accept(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise DemoError(f"{name} must be True or False, not {value!r}")
        return value

    def spec(self) -> dict[str, Any]:
        return {"kind": "switch", "label": self.label}


Control = Range | Choices | Switch
