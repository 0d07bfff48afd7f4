"""A patient's chart: what was ordered, said and tried, and what follows from that.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnlearn.demos.clinic_patients import CURVES, FAULTS, Fault

ALLOWED = 3  # tests a patient
# `seen` are the tests that were ordered when the last name was said.
EMPTY: Mapping[str, Any] = {"tests": [], "hidden": [], "named": [], "seen": [], "tried": []}


@dataclass(frozen=True)
class Chart:
    """What is noted of one patient, and its fault, which the learner is to find.

    Example
    -------
    >>> few = Chart("few", {**EMPTY, "named": [FAULTS["few"].name]})
    >>> few.known, few.proved, few.cured
    (True, False, False)
    """

    key: str
    notes: Mapping[str, Any]

    @property
    def fault(self) -> Fault:
        return FAULTS[self.key]

    @property
    def known(self) -> bool:
        """Has the fault been named?"""
        return self.fault.name in self.notes["named"]

    @property
    def refuted(self) -> list[str]:
        """The names that were wrong."""
        return [name for name in self.notes["named"] if name != self.fault.name]

    @property
    def proofs(self) -> list[str]:
        """What showed the fault when it was named, tests or the curves; none for a lucky guess."""
        return [proof for proof in self.fault.shows if proof in (*self.notes["seen"], CURVES)]

    @property
    def proved(self) -> bool:
        """Was the fault named by evidence?"""
        return self.known and bool(self.proofs)

    @property
    def cured(self) -> bool:
        """Named and cured?"""
        return self.known and self.fault.cure in self.notes["tried"]

    @property
    def guessing(self) -> bool:
        """Was the last name wrong, and is no test new since, though one is needed and left?"""
        spent: Sequence[str] = self.notes["tests"]
        wanted = len(spent) < ALLOWED and not set(self.fault.shows) & set(spent)
        new = len(spent) > len(self.notes["seen"])
        return bool(self.refuted) and not self.known and wanted and not new
