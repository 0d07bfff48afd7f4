"""The weights of ten neurons that look at digits, and what one of them makes of one digit.

Lessons: 02.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from nnlearn.data import load_digits, standardize
from nnlearn.demos.numerals import round_up

NEURONS = 10
BINS = 48


@dataclass(frozen=True)
class Digits:
    """The training digits three ways: ink, ink minus the mean digit, standardized."""

    ink: np.ndarray  # (N, 64), 0 to 1
    centred: np.ndarray
    standard: np.ndarray
    y: np.ndarray

    def rows(self, digit: int) -> np.ndarray:
        """Where the examples of one digit are."""
        return np.flatnonzero(self.y == digit)


@cache
def digits() -> Digits:
    (X, y), _ = load_digits()
    ink = X.astype(np.float64)
    return Digits(ink, ink - ink.mean(axis=0), standardize(ink), y)


@cache
def templates() -> tuple[np.ndarray, np.ndarray]:
    """Weights (10, 64) and biases (10,) by least squares: +1 for its own digit, -1 for the rest."""
    data = digits()
    wanted = np.where(data.y[:, None] == np.arange(NEURONS), 1.0, -1.0)
    columns = np.c_[data.centred, np.ones(len(data.y))]
    solution = np.linalg.lstsq(columns, wanted, rcond=None)[0]
    return solution[:64].T, solution[64]


@dataclass(frozen=True)
class Look:
    """One layer (10, 64) as seen through one of its neurons at one example."""

    W: np.ndarray
    b: np.ndarray
    neuron: int
    row: int

    @property
    def x(self) -> np.ndarray:
        return np.asarray(digits().centred[self.row])

    @property
    def products(self) -> np.ndarray:
        return np.asarray(self.W[self.neuron] * self.x)

    @property
    def total(self) -> float:
        return float(self.products.sum())

    @property
    def z(self) -> float:
        return self.total + float(self.b[self.neuron])

    @property
    def firing(self) -> float:
        """The share of all digits at which z is 0 or more."""
        return float(np.mean(self.sums() + self.b[self.neuron] >= 0))

    def sums(self) -> np.ndarray:
        """w·x for every digit (N,): z without the bias."""
        return np.asarray(digits().centred @ self.W[self.neuron])

    def histogram(self) -> tuple[np.ndarray, float, float]:
        """Counts of w·x in BINS bins, and where those begin and end; the bias only shifts them."""
        sums = self.sums()
        counts, edges = np.histogram(sums, BINS)
        return counts, float(edges[0]), float(edges[-1])

    @property
    def reach(self) -> float:
        """A round number that hardly any w·x of this layer passes: a bias may go as far."""
        return round_up(float(np.percentile(np.abs(digits().centred @ self.W.T), 99)))

    @property
    def clip(self) -> float:
        """Where the colours stop: 4.5 medians (3 std of a normal draw), so that few hide no many.

        Least squares gives a pixel that one digit in a hundred inks a weight of 10.
        """
        size = np.abs(self.W)
        return float(f"{min(size.max(), 4.5 * np.median(size)) or 1.0:.2g}")

    @property
    def beyond(self) -> int:
        return int((np.abs(self.W) > self.clip).sum())
