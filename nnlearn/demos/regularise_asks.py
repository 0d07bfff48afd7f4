"""What the lab asks first: at which epoch will the test loss turn?

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnlearn.demos.predict import Number

SURE = 100  # epochs without a lower test loss: it has turned
NEAR, FEW = 1.5, 5  # right: within this factor, or so many epochs


@dataclass(frozen=True)
class Turn(Number):
    """An epoch: what counts is the factor by which it is missed, not the difference.

    Example
    -------
    >>> TURN.judge(15.0, (20, 300))[0], TURN.judge(280.0, (20, 300))[0]
    (True, False)
    """

    feedback: Mapping[str, str] = field(default_factory=dict)

    def judge(self, answer: float, outcome: Any) -> tuple[bool, str]:
        turn, epochs = outcome
        kind = kind_of_guess(answer, turn, epochs)
        said = self.feedback[kind].format(turn=turn, epochs=epochs)
        return kind.startswith("right"), said


def kind_of_guess(answer: float, turn: int, epochs: int) -> str:
    """Near, too early, too late, or of another opinion about what will happen."""
    near = turn / NEAR - FEW <= answer <= turn * NEAR + FEW
    if turn >= 0.9 * epochs:
        return "right, no turn" if near else "no turn"
    if near:
        return "right"
    if answer >= 0.9 * epochs:
        return "never"
    return "early" if answer < turn else "late"


TURN = Turn(
    "The network learns a few noisy points. Some of their labels are wrong. The train loss will "
    "fall to nearly 0. The loss of the test points falls too, at first. At which of the 300 "
    "epochs will the test loss be lowest, before it turns and rises?",
    within=0,
    low=0,
    high=300,
    unit="epochs",
    one="epoch",
    feedback={
        "right": "Lowest at epoch {turn}. From there on the network learns what only its own "
        "points have: their noise and their wrong labels.",
        "early": "It was lowest at epoch {turn}. At first the network finds what all points "
        "share, and that serves the test points too.",
        "late": "It was lowest earlier, at epoch {turn}, and never so low again: what the steps "
        "won on the training points after that did not reach the others.",
        "never": "A falling train loss looks like progress to the end. But the test loss was "
        "lowest at epoch {turn}, and never so low again.",
        "right, no turn": "Lowest at epoch {turn} of {epochs}: under these settings it does not "
        "turn in the time it has.",
        "no turn": "It was still lowest at epoch {turn} of {epochs}: under these settings it does "
        "not turn in the time it has. Take the regularization away and look again.",
    },
)
