"""What the two curves ask, and the test that would answer: read from the curves alone.

Lessons: 09.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nnlearn.demos.clinic_chart import ALLOWED
from nnlearn.demos.clinic_program import Run
from nnlearn.demos.clinic_tests import TESTS
from nnlearn.demos.numerals import plainly

BLIND = math.log(10)  # the loss of ten equal guesses
HALF_WAY = 0.45 * BLIND  # a training that ends above has not learned its own digits


@dataclass(frozen=True)
class Sign:
    """What stands out in the curves, and the tests that would tell why, the nearest first."""

    text: str
    tests: tuple[str, ...]


def sign(run_: Run) -> Sign:
    """What stands out in the curves of a run."""
    if run_.lost:
        return Sign(f"The loss is no number from update {run_.lost} on: what grew before?",
                    ("gradients",))  # fmt: skip
    first, end, val = run_.train[0], run_.train[-1], run_.val[-1]
    if first > 2 * BLIND:
        text = (f"Before its first step the loss is {plainly(first)}; blind guessing has "
                f"{plainly(BLIND)}. What was it so sure of?")  # fmt: skip
        return Sign(text, ("units", "gradients"))
    if end > HALF_WAY:
        return _unlearned(run_)
    if val < 0.1:
        return Sign(f"Validation ends at {plainly(val)}, as low as training. Is that earned?",
                    ("count",))  # fmt: skip
    text = (f"Training ends at {plainly(end)}, validation at {plainly(val)}. Is it the data that "
            "it learned from, or how it is judged?")  # fmt: skip
    return Sign(text, ("count", "look", "twice") if end < 0.2 else ("twice", "look", "count"))


def _unlearned(run_: Run) -> Sign:
    """The signs of a training that has not even learned its own digits."""
    end, highest = run_.train[-1], run_.train[1:].max()
    if highest > 1.4 * run_.train[0]:
        return Sign(f"The loss rose to {plainly(highest)} and ends at {plainly(end)}: what did the "
                    "steps do to the network?", ("gradients", "units", "order"))  # fmt: skip
    late, judged = (losses[-5:].mean() for losses in (run_.train, run_.val))
    if late > judged + 0.1:
        return Sign(f"In the last five epochs training has {plainly(late)}, validation only "
                    f"{plainly(judged)}. What makes training the harder of the two?",
                    ("look", "order"))  # fmt: skip
    return Sign(f"Training ends at {plainly(end)}, not far from the {plainly(BLIND)} of blind "
                "guessing. What keeps it from learning even its own digits?",
                ("units", "gradients", "order", "look"))  # fmt: skip


def advice(run_: Run, ordered: Sequence[str]) -> str:
    """What the curves ask, and which test to order or to read again."""
    its = sign(run_)
    new = [test for test in its.tests if test not in ordered]
    if new and len(ordered) < ALLOWED:
        return f"{its.text} Order “{TESTS[new[0]].name}”."
    seen = [test for test in its.tests if test in ordered]
    if seen:
        names = " and ".join(f"“{TESTS[test].name}”" for test in seen)
        return f"{its.text} Read {names} again."
    return f"{its.text} Your tests looked elsewhere: “{TESTS[its.tests[0]].name}” would tell."
