"""The gradient check: what a pass left in the inputs, beside what a nudge measures.

Lessons: 07.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlearn.demos.backprop_patients import FAULTS, HEALTHY, PATIENTS, agree, gradients, walk
from nnlearn.demos.backprop_record import Engine, Program, Recording, measure, record
from nnlearn.demos.numerals import shown
from nnlearn.gradcheck import kinks, numerical_gradient


@dataclass(frozen=True)
class Compared:
    """One input: its gradient from backward, its slope by central differences."""

    node: int
    name: str
    backward: float
    measured: float | None  # None where the program has no slope or cannot be nudged
    note: str = ""
    noise: float = 1e-6  # what rounding alone may do to a measured slope

    @property
    def agrees(self) -> bool | None:
        if self.measured is None:
            return None
        return math.isclose(self.backward, self.measured, rel_tol=1e-5, abs_tol=self.noise)


def compare(
    rec: Recording,
    held: Sequence[float],
    program: Program,
    inputs: Mapping[str, float],
    engine: Engine,
) -> list[Compared]:
    """Nudge each input up and down, and compare."""
    names = list(inputs)
    at = np.array([inputs[n] for n in names])

    def f(x: np.ndarray) -> float:
        return measure(program, dict(zip(names, x, strict=True)), engine)

    rows, noise = [], 1e-6 * (1 + 1e-4 * abs(rec.nodes[-1].value))
    for i in rec.given:
        k = names.index(rec.nodes[i].name)

        def along(x: np.ndarray, k: int = k) -> float:
            moved = at.copy()
            moved[k] = x[0]
            return f(moved)

        slope, note = _slope(along, at[k])
        rows.append(Compared(i, names[k], held[i], slope, note, noise))
    return rows


def _slope(along: Any, x: float) -> tuple[float | None, str]:
    try:
        if kinks(along, [x])[0]:
            return None, "a kink: no single slope here"
        slope = float(numerical_gradient(along, [x], h=1e-5 * max(1.0, abs(x)))[0])
    except (ArithmeticError, ValueError):
        return None, "cannot be nudged here"
    return (slope, "") if np.isfinite(slope) else (None, "not a finite number")


def summary(rows: Sequence[Compared], patient: bool) -> str:
    """What the check found, in a sentence."""
    wrong = [row.name for row in rows if row.agrees is False]
    if wrong:
        verb = "disagrees" if len(wrong) == 1 else "disagree"
        return f"Check: {len(wrong)} of {len(rows)} {verb} with the nudge: {', '.join(wrong)}."
    if not patient:
        return f"Check: backward and nudge agree for all {len(rows)}."
    return (f"Check: all {len(rows)} agree. A check finds only what this program brings out: "
            "try this patient on another program, too.")  # fmt: skip


def named(
    patient: str, fault: str, program: Program, inputs: Mapping[str, float], engine: Engine
) -> tuple[bool, str]:
    """Is that what ails the patient? If not, what that fault would have done here."""
    true = PATIENTS[patient]
    if FAULTS.get(fault) == patient:
        return True, f"Yes. {true.explained}"
    rec = record(program, inputs, engine)
    theirs = gradients(true.run, rec.live)
    guess = walk if fault == HEALTHY else PATIENTS[FAULTS[fault]].run
    would = gradients(guess, record(program, inputs, engine).live)
    differs = [i for i in rec.given if not agree(theirs[i], would[i])]
    if not differs and fault == HEALTHY:
        return False, "On this program nothing shows. On another one something does."
    if not differs:
        return False, ("That would explain the numbers of this program, but it is not the fault. "
                       "Another program tells the two apart.")  # fmt: skip
    name, right, wrong = rec.nodes[i := differs[0]].name, shown(would[i]), shown(theirs[i])
    if fault == HEALTHY:
        return False, f"But the gradient of {name} must be {right} here; this patient gave {wrong}."
    return False, f"No. With that fault {name} would get {right} here; this patient gave {wrong}."
