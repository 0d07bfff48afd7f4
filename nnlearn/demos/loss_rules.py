"""Losses seen point by point, and the small steps downhill that lines and scores take.

Nothing here is derived by hand: value and gradient come from nnlearn's own losses.

Lessons: 04.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnlearn.demos.numerals import round_up
from nnlearn.ops.losses import binary_cross_entropy_with_logits, huber_loss, l1_loss, mse_loss
from nnlearn.ops.squashing import sigmoid
from nnlearn.tensor import Tensor

Graded = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]

YOURS = "yours"
LINES = ("MSE", "MAE", "Huber", YOURS)
SCORES = ("binary cross-entropy", "squared error", YOURS)
LINE_STEPS, SCORE_STEPS = 240, 80
FADE = 0.975  # each step may be this much shorter than the one before: so every loss comes to rest
FAR = 8.0  # scores stop here: a sigmoid has nothing more to say


@dataclass(frozen=True)
class Side:
    """One loss on all points: the total, and for each point its own loss, and its gradient.

    `gradient` is that of the total with respect to the point's prediction (or score).
    """

    total: float
    each: np.ndarray
    gradient: np.ndarray

    @property
    def finite(self) -> bool:
        return bool(np.isfinite([self.total, *self.each, *self.gradient]).all())

    @property
    def pull(self) -> np.ndarray:
        """Downhill: against the gradient, and as strong."""
        return 0.0 - self.gradient


def graded(loss: Callable[..., Tensor]) -> Graded:
    """Value and gradient of one of nnlearn's losses of (input, target)."""

    def both(y_hat: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        guess = Tensor(np.array(y_hat, dtype=np.float64), requires_grad=True)
        total = loss(guess, Tensor(np.array(y, dtype=np.float64)))
        total.backward()
        assert guess.grad is not None
        return float(total.data), np.array(guess.grad.data)

    return both


def huber(y_hat: np.ndarray, y: np.ndarray, delta: float = 1.0) -> tuple[float, np.ndarray]:
    """nnlearn's Huber loss, mean over all points, and its gradient: the slot's reference."""
    return graded(lambda a, b: huber_loss(a, b, delta=delta))(y_hat, y)


def built_in(name: str, delta: float) -> Graded:
    """One of the losses that come with the demo; those for yes or no take scores."""
    if name == "Huber":
        return lambda y_hat, y: huber(y_hat, y, delta)
    return graded({
        "MSE": mse_loss,
        "MAE": l1_loss,
        "binary cross-entropy": binary_cross_entropy_with_logits,
        "squared error": lambda z, y: mse_loss(sigmoid(z), y),
    }[name])  # fmt: skip


def on_scores(loss: Graded) -> Graded:
    """A loss of probabilities as a loss of scores: the sigmoid's slope is multiplied in."""

    def both(z: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        p = sigmoid(z)
        total, gradient = loss(p, y)
        return total, gradient * p * (1 - p)

    return both


def look(loss: Graded, y_hat: np.ndarray, y: np.ndarray) -> Side:
    """A loss on all points, and on each point as if it were alone."""
    with np.errstate(all="ignore"):  # what is not finite is said in words
        total, gradient = loss(y_hat, y)
        each = [loss(y_hat[i : i + 1], y[i : i + 1])[0] for i in range(len(y))]
    return Side(float(total), np.array(each), np.asarray(gradient, dtype=np.float64))


def nice(numbers: np.ndarray) -> float:
    """A round number that no finite one of `numbers` passes.

    Example
    -------
    >>> nice(np.array([0.01, -0.031])), nice(np.array([2.0, np.nan]))
    (0.05, 2.0)
    """
    return round_up(float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0)))


class Rail:
    """Lines over given x, each by its two heights at the ends of the window.

    Steps are taken in the line's height at the middle of the points and its rise per standard
    deviation of x: there a step changes both without one disturbing the other.
    """

    def __init__(self, x: np.ndarray, low: float, high: float) -> None:
        self.spread = float(x.std())
        self.features = np.stack([np.ones_like(x), (x - x.mean()) / self.spread], axis=1)
        self.corners = np.array([[1, (end - x.mean()) / self.spread] for end in (low, high)])

    def at(self, ends: np.ndarray) -> np.ndarray:
        """The line's height at each point, shape (N,)."""
        return self.features @ np.linalg.solve(self.corners, ends)

    def fit(self, y: np.ndarray) -> np.ndarray:
        """The ends of the least-squares line."""
        return self.corners @ (self.features.T @ y / len(y))

    def step(
        self, ends: np.ndarray, gradient: np.ndarray, past: list[list[float]] | None, longest: float
    ) -> tuple[np.ndarray, list[list[float]], bool]:
        """One step downhill, at most `longest`; the new ends, what to remember, is it at rest?

        How far: nearly a third of the way to where the slope would be zero, guessed from how it
        changed in the last step.
        """
        here, slope = np.linalg.solve(self.corners, ends), self.features.T @ gradient
        size, far, rest = float(np.hypot(*slope)), longest / 1000, False
        if past is not None:
            moved, bent = (float(np.hypot(*(now - np.array(old))))
                           for now, old in zip((here, slope), past, strict=True))  # fmt: skip
            far = longest if bent <= 1e-9 * size else min(longest, 0.3 * size * moved / bent)
            rest = bent > 0 and far < longest / 1000 and moved < longest / 1000
        if size < 1e-12 or rest:
            return ends, past or [here.tolist(), slope.tolist()], True
        new = here - far / size * slope
        return self.corners @ new, [here.tolist(), slope.tolist()], False


def score_step(z: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Each score goes its own way downhill; the mean's 1/N is taken out, 0.5 is the longest."""
    move = np.clip(0.3 * len(z) * pull, -0.5, 0.5)
    return np.clip(z + move, -FAR, FAR)
