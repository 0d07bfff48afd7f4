"""A signal on its way through layers: how large it is after each, how it is spread, what is lost.

Lessons: 02.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnlearn.demos.numerals import shown, ten

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda z: z,
    "tanh": np.tanh,
    "ReLU": lambda z: np.maximum(z, 0),
}
FLAT = {"none": "", "tanh": "saturated", "ReLU": "zero"}  # where the activation has no slope
DEAD, HUGE = 1e-6, 1e6
FLOAT32 = 3.4e38
SATURATED = 0.99
BINS, REACH = 33, 4  # a histogram goes from -REACH to +REACH times the std


@dataclass(frozen=True)
class Layer:
    """What is kept of one layer's outputs (N, K)."""

    std: float  # infinite if a number of it is
    flat: float  # share of the outputs that are zero (ReLU) or saturated (tanh)
    dead: float  # share of the neurons that are so for every example
    histogram: np.ndarray  # (BINS,), heights from 0 to 1, without exact zeros

    @classmethod
    def of(cls, a: np.ndarray, activation: str) -> Layer:
        if not np.isfinite(a).all():
            return cls(np.inf, 0.0, 0.0, np.zeros(BINS))
        lost = np.zeros(a.shape, bool)
        if activation == "ReLU":
            lost = a == 0
        elif activation == "tanh":
            lost = np.abs(a) > SATURATED
        most = float(np.abs(a).max())
        unit = a / most if most > 0 else a  # squares of 1e200 or of 1e-200 would not fit
        spread = float(unit.std())
        heights = _heights(unit[unit != 0] / spread) if spread > 0 else np.zeros(BINS)
        return cls(most * spread, float(lost.mean()), float(lost.all(axis=0).mean()), heights)


def _heights(values: np.ndarray) -> np.ndarray:
    """A histogram from -REACH to REACH, the highest bar 1; np.histogram takes longer."""
    bins = (values * (BINS / (2 * REACH)) + BINS / 2).astype(np.int32)
    counts = np.bincount(bins[(values >= -REACH) & (values < REACH)], minlength=BINS)
    return np.asarray(counts / max(1, counts.max()))


class Signal:
    """Examples (N, D) sent layer by layer; only statistics are kept of the layers passed.

    Example
    -------
    >>> signal = Signal(np.array([[3.0], [-3.0]]), lambda i, D: (np.eye(D), np.zeros(D)), "ReLU")
    >>> [layer.std for layer in signal.upto(1)]
    [3.0, 1.5]
    """

    def __init__(
        self,
        X: np.ndarray,
        draw: Callable[[int, int], tuple[np.ndarray, np.ndarray]],
        activation: str,
    ) -> None:
        self._a, self._draw, self._activation = X, draw, activation
        self._layers = [Layer.of(X, "none")]

    def upto(self, depth: int) -> list[Layer]:
        """The input and the first `depth` layers; those not yet seen are computed."""
        while len(self._layers) <= depth:
            W, b = self._draw(len(self._layers), self._a.shape[1])
            with np.errstate(over="ignore", invalid="ignore"):
                self._a = ACTIVATIONS[self._activation](self._a @ W.T + b)
            self._layers.append(Layer.of(self._a, self._activation))
        return self._layers[: depth + 1]


def fate(layers: Sequence[Layer]) -> str:
    """In words, if the signal died or exploded: in which layer, and past which limit."""
    stds = [layer.std for layer in layers]
    last = len(stds) - 1
    for i, std in enumerate(stds):
        if not np.isfinite(std):
            return f"Layer {i} has numbers too large for float64: they became infinity."
    if stds[-1] == 0:
        return f"From layer {stds.index(0.0)} on every output is exactly 0: nothing is left."
    if stds[-1] < DEAD:
        first = next(i for i in range(1, last + 1) if max(stds[i:]) < DEAD)
        return f"The signal died in layer {first}: below a millionth."
    if stds[-1] > HUGE:
        first = next(i for i in range(1, last + 1) if min(stds[i:]) > HUGE)
        more = ", and soon past what float32 can hold" if stds[-1] > FLOAT32 / 1000 else ""
        return f"The signal exploded in layer {first}: above a million{more}."
    return ""


def said(value: float) -> str:
    """A number to read: 3 significant figures, powers of ten where zeros would have to be counted.

    Example
    -------
    >>> said(0.0123), said(7.53e-6), said(-1234567.0)
    ('0.0123', '7.53 × 10⁻⁶', '−1.23 × 10⁶')
    """
    if not np.isfinite(value):
        return "infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return shown(value) if abs(value) < 1000 else f"{value:.0f}"
    digits, power = f"{value:.2e}".split("e")
    return f"{digits.replace('-', '−')} × {ten(int(power))}"
