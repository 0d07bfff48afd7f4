"""Networks with one hidden layer put together by hand: hinges through points, or steps.

A hand holds points (knots and heights); `construct` turns them into the numbers of a network. What
a network says is measured against a curve: the worst error on the range, and the one outside it.

Lessons: 08.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnlearn.demos.builder_targets import GRID, HIGH, INSIDE, LOW, Target
from nnlearn.models.hinges import Parameters, hinge_network
from nnlearn.ops.squashing import sigmoid

WITHIN = 0.05  # of the curve: near enough
MOST = 40  # neurons a hand can place
WIDTHS = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64)
RATED = 16  # the rate is measured from this width on
STRAIGHT = 0.95  # share of the spread that a line explains, for its slope to be called a rate
SEARCHED = 200  # the widest network tried for the question
NARROWEST = 0.01  # between two knees
RELU, SIGMOID, TANH = "ReLU", "Sigmoid", "Tanh"
ACTIVATIONS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    RELU: lambda z: np.maximum(z, 0.0),
    SIGMOID: lambda z: np.asarray(sigmoid(z)),
    TANH: np.tanh,
}

Points = list[tuple[float, float]]


def step_network(
    knots: np.ndarray, heights: np.ndarray, activation: str, steepness: float
) -> Parameters:
    """A soft step half way between two points, from one height to the next."""
    gaps, rises = np.diff(knots), np.diff(heights)
    middle, tanh = (knots[:-1] + knots[1:]) / 2, activation == TANH
    w = steepness / gaps * (1 if tanh else 2)  # a sigmoid is a tanh of half the steepness
    start = heights[0] + (rises.sum() / 2 if tanh else 0.0)
    return Parameters(w[:, None], -w * middle, (rises / 2 if tanh else rises)[None],
                      np.array([start], np.float64))  # fmt: skip


def construct(knots: np.ndarray, heights: np.ndarray, activation: str, steep: float) -> Parameters:
    """The network of points, by nnlearn."""
    if activation == RELU:
        return hinge_network(knots, heights)
    return step_network(knots, heights, activation, steep)


def outputs(net: Parameters, activation: str, x: np.ndarray) -> np.ndarray:
    """What a network says at each x, shapes (N,) and (N,)."""
    a = ACTIVATIONS[activation](x[:, None] * net.W1[:, 0] + net.b1)
    return np.asarray(a @ net.W2[0] + net.b2[0])


def shares(net: Parameters, activation: str, x: np.ndarray) -> np.ndarray:
    """What each neuron adds to the sum at each x, shape (K, N)."""
    a = ACTIVATIONS[activation](net.W1 * x + net.b1[:, None])
    return np.asarray(net.W2[0][:, None] * a)


def knees(net: Parameters) -> np.ndarray:
    """Where each neuron bends, or the middle of its step: -b / w; NaN where w is 0."""
    w = net.W1[:, 0]
    return np.divide(-net.b1, w, out=np.full(len(w), np.nan), where=w != 0)


def silent(net: Parameters) -> np.ndarray:
    """Which ReLU neurons answer 0 on the whole range, (K,): a line is highest at one of its two
    ends."""
    at_ends = np.array([[LOW], [HIGH]]) * net.W1[:, 0] + net.b1
    return np.asarray((at_ends <= 0).all(axis=0))


@dataclass(frozen=True, eq=False)
class Report:
    """How far a network is from a curve: worst on the range and where, worst outside and where."""

    says: np.ndarray  # on GRID
    worst: float
    where: float
    outside: float
    where_outside: float
    mean: float  # of the absolute error on the range

    @property
    def within(self) -> bool:
        return self.worst <= WITHIN


def report(says: np.ndarray, wanted: np.ndarray) -> Report:
    """Compare on `GRID`."""
    error = np.abs(says - wanted)
    error = np.where(np.isfinite(error), error, np.inf)
    on, off = np.where(INSIDE, error, -1.0).argmax(), np.where(INSIDE, -1.0, error).argmax()
    return Report(says, float(error[on]), float(GRID[on]), float(error[off]), float(GRID[off]),
                  float(error[INSIDE].mean()))  # fmt: skip


def points_for(units: int, activation: str) -> int:
    """How many points so many neurons go through: a hinge stands at a point, a step between two."""
    return max(2, units) if activation == RELU else units + 1


def units_for(points: int, activation: str) -> int:
    """How many neurons so many points need."""
    return points if activation == RELU else points - 1


def spread(target: Target, points: int) -> Points:
    """Points on the curve, spread evenly over the range."""
    x = np.linspace(LOW, HIGH, points).round(6)
    return list(zip(x.tolist(), target.at(x).round(6).tolist(), strict=True))


def arrays_of(points: Points) -> tuple[np.ndarray, np.ndarray]:
    knots, heights = np.array(points, np.float64).T
    return knots.copy(), heights.copy()


def worst_of(target: Target, units: int, activation: str, steep: float) -> float:
    """The worst error on the range of the network spread evenly."""
    net = construct(*arrays_of(spread(target, points_for(units, activation))), activation, steep)
    return report(outputs(net, activation, GRID), target.at(GRID)).worst


@dataclass(frozen=True)
class Widths:
    """Worst error of networks spread evenly, by width; its measured rate; the fewest that do.

    The rate is the slope of the line through the logarithms; NaN where they lie on no line.
    """

    worst: tuple[float, ...]
    rate: float
    fewest: int | None


@lru_cache(maxsize=64)
def widths(target: Target, activation: str, steep: float) -> Widths:
    """For the chart, and for the question."""
    worst = [worst_of(target, k, activation, steep) for k in WIDTHS]
    fitted = [(np.log(k), np.log(max(e, 1e-300))) for k, e in zip(WIDTHS, worst, strict=True)
              if k >= RATED]  # fmt: skip
    x, y = np.array(fitted).T
    straight = np.corrcoef(x, y)[0, 1] ** 2 >= STRAIGHT
    rate = float(np.polyfit(x, y, 1)[0]) if straight else np.nan
    found = (k for k in range(2, SEARCHED + 1) if worst_of(target, k, activation, steep) <= WITHIN)
    return Widths(tuple(worst), rate, next(found, None))
