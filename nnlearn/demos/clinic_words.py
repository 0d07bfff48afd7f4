"""What the clinic says: the curves now, what speaks against a diagnosis, what a treatment did.

A wrong diagnosis is answered by running it: the patient's program with that fault and the same
seed. Where its curves differ from the patient's, that is said, and what to look at next; where they
do not, a test is named that tells, and what it would say. A right one is told from a lucky one.

Lessons: 09.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from nnlearn.demos.clinic_chart import ALLOWED, Chart
from nnlearn.demos.clinic_patients import CURVES, FAULTS, FIXES, HEALTHY
from nnlearn.demos.clinic_program import Recipe, Run, run
from nnlearn.demos.clinic_signs import advice, sign
from nnlearn.demos.clinic_tests import TESTS, found
from nnlearn.demos.numerals import plainly

NEAR, HONEST = 0.04, 0.06  # of the healthy run's share; between what it claims and what it can
FAMILIES = {
    "A": "nothing: this is what a healthy run looks like",
    "B": "the steps: the learning rate, or gradients that pile up",
    "C": "the first weights",
    "D": "the training data: its labels, its order, its number",
    "E": "the judging: what validation says is not true",
}


def cured(treated: Run) -> bool:
    """Does it read new forms as well as a healthy run, and does its validation say so?"""
    healthy = run(Recipe(treated.recipe.seed))
    return bool(
        treated.lost is None
        and treated.proof >= healthy.proof - NEAR
        and abs(treated.claim - treated.proof) <= HONEST
    )


# --- what speaks against a diagnosis --------------------------------------------------------------


@dataclass(frozen=True)
class Objection:
    """What speaks against a diagnosis, and the run that it was held against."""

    text: str
    would: Run


def objection(patient: str, guess: str, seed: int, ordered: Sequence[str]) -> Objection:
    """Run the guessed fault in the patient's program and say where it differs from the patient."""
    own = run(FAULTS[patient].recipe(seed))
    said, following = [], advice(own, ordered)
    if set(FAULTS[patient].shows) & set(ordered):
        following = f"{sign(own).text} What shows it lies before you: read your tests again."
    for fault in (f for f in FAULTS.values() if f.name == guess):
        would = run(fault.instead_of(FAULTS[patient], seed))
        differs = next(differences(own, would, guess == HEALTHY), "")
        said.append(Objection(differs and f"{differs} {following}", would))
        if not differs:
            break
    last = said[-1]
    if last.text:
        return last
    return Objection(_tests_tell(patient, guess, last.would, seed, ordered), last.would)


def differences(own: Run, would: Run, healthy: bool) -> Iterator[str]:
    """Where the curves of two runs differ for every eye, the plainest first."""
    what = "In a healthy run" if healthy else "With that fault"
    if own.lost and not would.lost:
        yield (f"{what} the loss stays a number to the end. This one is none from update "
               f"{own.lost} on.")  # fmt: skip
    if would.lost and not own.lost:
        yield (f"{what} the loss is no number any more from update {would.lost} on. This patient's "
               "stays one to the end.")  # fmt: skip
    if own.lost and would.lost and abs(math.log(own.lost / would.lost)) > math.log(2):
        yield (f"{what} the loss is no number any more from update {would.lost} on. Here it is "
               f"none from update {own.lost} on.")  # fmt: skip
    if own.lost or would.lost:
        return
    pairs = (
        ("the first loss is", own.train[0], would.train[0]),
        ("the training loss ends at", own.train[-1], would.train[-1]),
        ("the validation loss ends at", own.val[-1], would.val[-1]),
        ("the highest training loss of an epoch is", own.train[1:].max(), would.train[1:].max()),
    )
    for words, mine, theirs in pairs:
        if abs(math.log(mine / theirs)) > math.log(2) and abs(mine - theirs) > 0.1:
            yield f"{what} {words} {plainly(theirs)}. Here it is {plainly(mine)}."


def _tests_tell(patient: str, guess: str, would: Run, seed: int, ordered: Sequence[str]) -> str:
    """The curves do not tell the two apart: the test that would show the guessed fault does.

    Health and a small rate show no sign of their own: there it is the patient's own test.
    """
    test = next(fault.proof for fault in FAULTS.values() if fault.name == guess)
    if guess in (HEALTHY, FAULTS["slow"].name):
        test = FAULTS[patient].proof
    name = TESTS[test].name
    if test in ordered:
        here, there = (found(test, r).text for r in (FAULTS[patient].recipe(seed), would.recipe))
        return (f"The curves could be that. But read “{name}” again: {here} With that fault it "
                f"would be: {there}")  # fmt: skip
    if len(ordered) < ALLOWED:
        return (f"The curves could be that: they do not tell the two apart. Order “{name}”: it "
                "does.")  # fmt: skip
    return (f"The curves could be that: they do not tell the two apart. “{name}” would have, but "
            f"your {ALLOWED} tests are spent.")  # fmt: skip


# --- what was done --------------------------------------------------------------------------------


def treatment(patient: str, fix: str, seed: int) -> dict[str, Any]:
    """What a treatment did, in numbers and in words."""
    before = run(FAULTS[patient].recipe(seed))
    after = run(FIXES[fix].apply(before.recipe))
    healed, right = cured(after), fix == FAULTS[patient].cure
    if after.lost:
        text = f"Not cured: the loss is no number from update {after.lost} on."
    elif healed and patient == "healthy":
        text = "It was healthy, and it is." if right else "No harm done; but it was healthy before."
    elif healed:
        text = (f"Cured: of 100 digits from forms that nobody has seen it reads "
                f"{_100(after.proof)}. Before it read {_100(before.proof)}.")  # fmt: skip
        if abs(before.claim - before.proof) > HONEST:
            text = (f"Cured: validation says {_100(after.claim)} of 100, and of unseen forms it "
                    f"reads {_100(after.proof)}. Before it said {_100(before.claim)} and read "
                    f"{_100(before.proof)}.")  # fmt: skip
    else:
        text = _not_cured(before, after)
    return {"name": FIXES[fix].name, "cured": healed, "text": text, "rows": [
        ["right of 100 in validation", _100(before.claim), _100(after.claim)],
        ["right of 100 from unseen forms", _100(before.proof), _100(after.proof)],
    ]}  # fmt: skip


def _not_cured(before: Run, after: Run) -> str:
    if abs(after.claim - after.proof) > HONEST:
        return (f"Not cured: validation says {_100(after.claim)} of 100, but of unseen forms it "
                f"reads {_100(after.proof)}. What it says is still not true.")  # fmt: skip
    if np.array_equal(before.losses, after.losses) and np.array_equal(before.val, after.val):
        return "Not cured: nothing changed at all. That was not what ails it."
    gain = _100(after.proof) - _100(before.proof)
    word = "hardly a change" if abs(gain) < 3 else "better" if gain > 0 else "worse"
    healthy = run(Recipe(before.recipe.seed)).proof
    return (f"Not cured, {word}: of 100 unseen digits it reads {_100(after.proof)}, before "
            f"{_100(before.proof)}; a healthy run {_100(healthy)}.")  # fmt: skip


def _100(share: float) -> int:
    return round(100 * share)


def curves(number: int, of: int, its: Run) -> str:
    """The two curves, in a sentence."""
    if its.lost:
        return (f"Patient {number} of {of}: the training loss begins at {plainly(its.train[0])}. "
                f"From update {its.lost} on it is not a number (NaN).")  # fmt: skip
    return (f"Patient {number} of {of}: in {its.epochs} epochs the training loss goes from "
            f"{_way(its.train)}, the validation loss from {_way(its.val)}.")  # fmt: skip


def _way(losses: np.ndarray) -> str:
    """From where to where, and what lies far off between."""
    ends, (top, low) = (losses[0], losses[-1]), (losses.argmax(), losses.argmin())
    text = f"{plainly(ends[0])} to {plainly(ends[1])}"
    if losses[top] > 1.3 * max(ends):
        text += f" (highest {plainly(losses[top])} after epoch {top})"
    elif losses[low] < min(ends) / 1.1 - 0.05:
        text += f" (lowest {plainly(losses[low])} after epoch {low})"
    return text


# --- the line -------------------------------------------------------------------------------------


def sick_line(patient: str, seed: int) -> dict[str, str]:
    """The faulty line and the repaired one; a line that is missing or too much is empty."""
    sick, well = _programs(patient, seed)
    for what, a, b, c, d in SequenceMatcher(None, sick, well, autojunk=False).get_opcodes():
        if what != "equal":
            return {"sick": "\n".join(s.strip() for s in sick[a:b]),
                    "well": "\n".join(s.strip() for s in well[c:d])}  # fmt: skip
    return {"sick": "", "well": ""}


def program(patient: str, seed: int, repaired: bool) -> str:
    """The patient's program, which runs; the faulty line is marked, and repaired beside it."""
    sick, well = _programs(patient, seed)
    lines = []
    for what, a, b, c, d in SequenceMatcher(None, sick, well, autojunk=False).get_opcodes():
        lines += sick[a:b] if what == "equal" else [line + "  # <- the fault" for line in sick[a:b]]
        if what == "equal":
            continue
        space = " " * (len((sick[a:b] + well[c:d])[0]) - len((sick[a:b] + well[c:d])[0].lstrip()))
        if a == b:
            lines.append(f"{space}# <- the fault: here a line is missing")
        if repaired:
            new = [line.strip() for line in well[c:d]] or ["(this line goes)"]
            lines += [f"{space}# repaired: {line}" for line in new]
    return "\n".join(lines)


def _programs(patient: str, seed: int) -> tuple[list[str], list[str]]:
    recipe = FAULTS[patient].recipe(seed)
    return recipe.lines(), FIXES[FAULTS[patient].cure].apply(recipe).lines()


def verdict(chart: Chart, text: str, seed: int) -> Mapping[str, Any]:
    """What is said to the last name; `text` is what speaks against it, if it is wrong."""
    right = chart.fault.name == chart.notes["named"][-1]
    said = f"Yes, {_evidence(chart, seed)} {chart.fault.explained}" if right else f"No. {text}"
    return {"right": right, "text": said}


def _evidence(chart: Chart, seed: int) -> str:
    """Was it known or guessed? With what the test measured, ordered or not."""
    recipe = chart.fault.recipe(seed)
    shown = [proof for proof in chart.proofs if proof != CURVES]
    if shown:
        return f"and you had the proof, “{TESTS[shown[0]].name}”: {found(shown[0], recipe).text}"
    if chart.proofs:
        return f"and here the curves are proof enough. {sign(run(recipe)).text}"
    test = chart.fault.proof
    return (f"but nothing that you had ordered proves it. “{TESTS[test].name}” does: "
            f"{found(test, recipe).text}")  # fmt: skip
