"""The first suspicion, said before any test, and judged when the fault is known.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnlearn.demos.clinic_patients import FAULTS
from nnlearn.demos.clinic_tests import TESTS
from nnlearn.demos.predict import Choice


@dataclass(frozen=True)
class Suspicion(Choice):
    """A first suspicion, judged when the fault is known."""

    right: Any = None
    feedback: Mapping[str, str] = field(default_factory=dict)

    def judge(self, answer: str, outcome: Any) -> tuple[bool, str]:
        number, key = outcome
        fault = FAULTS[key]
        if answer == fault.family:
            return True, f"For patient {number} your first suspicion held: {fault.name}."
        test = TESTS[fault.proof].name
        return False, (f"With patient {number} it lay elsewhere: {fault.name}. The test that shows "
                       f"it: “{test}”.")  # fmt: skip
