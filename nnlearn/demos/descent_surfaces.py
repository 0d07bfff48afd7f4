"""The terrains to walk down: a parabola, a long valley, a line for the weather, two valleys.

Each knows its loss and its gradient. The weather has data too: there a batch gives a gradient of
its own, which differs from the gradient of all days. That is the noise of training.

Lessons: 05, 06.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np

from nnlearn.data.series import load_weather

GRID = 90  # points of the ground along its longer side
DAYS = 366
Indices = np.ndarray | None  # the examples of a batch; None stands for all


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss over one or two parameters, with the piece of it that is drawn.

    Parameters
    ----------
    axes : what the parameters are called
    window : lowest and highest value of each parameter in the picture
    start : where a walk begins at first
    lowest : the bottoms, deepest first
    curvature : L, the largest curvature, where it is the same everywhere; else None
    rates : for each optimizer a rate that brings it near a bottom soon, for good, from `start`
    asked : the rate of the question; where the curvature is known, twice that rate diverges
    examples : how many examples the loss is a mean over; 0 if it is no mean
    """

    name: str
    axes: tuple[str, ...]
    window: tuple[tuple[float, float], ...]
    start: tuple[float, ...]
    lowest: tuple[tuple[float, ...], ...]
    curvature: float | None
    rates: Mapping[str, float]
    asked: float
    examples: int = 0

    @cached_property
    def least(self) -> float:
        """The loss at the deepest bottom."""
        return self.loss(np.array(self.lowest[0]))

    @cached_property
    def scale(self) -> float:
        """How far the first start lies above the deepest bottom."""
        return self.loss(np.array(self.start)) - self.least

    def loss(self, p: np.ndarray) -> float:
        """The loss at one place, p of shape (D,)."""
        return float(self.heights(p))

    def heights(self, p: np.ndarray) -> np.ndarray:
        """The loss at many places, p of shape (..., D)."""
        raise NotImplementedError

    def gradient(self, p: np.ndarray) -> np.ndarray:
        """The gradient at one place, shape (D,)."""
        raise NotImplementedError

    def batch(self, p: np.ndarray, which: Indices) -> tuple[float, np.ndarray]:
        """Loss and gradient of a batch; the whole loss where there are no examples to choose."""
        return self.loss(p), self.gradient(p)

    def ground(self) -> np.ndarray:
        """The loss over the window: (201,) along one parameter, (rows, columns) from the top."""
        if len(self.axes) == 1:
            return self.heights(np.linspace(*self.window[0], 201)[:, None])
        across, up = (np.linspace(*w, GRID + 1) for w in self.window)
        return self.heights(np.stack(np.meshgrid(across, up[::-1]), axis=-1))


@dataclass(frozen=True, eq=False)
class Quadratic(Surface):
    """½ pᵀA p + b·p + c: the same curvature everywhere."""

    A: np.ndarray = field(default_factory=lambda: np.eye(1))
    b: np.ndarray = field(default_factory=lambda: np.zeros(1))
    c: float = 0.0

    def heights(self, p: np.ndarray) -> np.ndarray:
        return np.asarray(((p @ self.A) * p / 2 + p * self.b).sum(axis=-1) + self.c)

    def gradient(self, p: np.ndarray) -> np.ndarray:
        return self.A @ p + self.b


@dataclass(frozen=True, eq=False)
class Line(Quadratic):
    """The mean squared error of ŷ = height + slope · x over all examples: a quadratic too."""

    x: np.ndarray = field(default_factory=lambda: np.zeros(0))
    y: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def batch(self, p: np.ndarray, which: Indices) -> tuple[float, np.ndarray]:
        if which is None:
            return self.loss(p), self.gradient(p)
        x = self.x[which]
        e = p[0] + p[1] * x - self.y[which]
        n = len(e)
        return float(e @ e) / n, np.array([2 * e.sum() / n, 2 * float(e @ x) / n])


@dataclass(frozen=True, eq=False)
class TwoValleys(Surface):
    """(w1² - 1)² + 0.3 w1 + w2² + 0.4 w1 w2: a deep valley left, a shallow one right."""

    def heights(self, p: np.ndarray) -> np.ndarray:
        u, v = p[..., 0], p[..., 1]
        return np.asarray((u * u - 1) ** 2 + 0.3 * u + v * v + 0.4 * u * v)

    def gradient(self, p: np.ndarray) -> np.ndarray:
        u, v = float(p[0]), float(p[1])
        return np.array([4 * u * (u * u - 1) + 0.3 + 0.4 * v, 2 * v + 0.4 * u])


def _parabola() -> Surface:
    return Quadratic(
        "parabola", ("w",), ((-3.2, 3.2),), (-2.5,), ((0.0,),), 4.0,
        {"SGD": 0.25, "Momentum": 0.02, "RMSProp": 0.04, "Adam": 0.2}, asked=0.275,
        A=np.array([[4.0]]), b=np.zeros(1),
    )  # fmt: skip


def _valley() -> Surface:
    """Curvature 10 across and 0.5 along a valley that runs 30° from the w1 axis."""
    turn = np.deg2rad(30)
    along = np.array([np.cos(turn), np.sin(turn)])
    across = np.array([-along[1], along[0]])
    A = 10 * np.outer(across, across) + 0.5 * np.outer(along, along)
    bottom = np.array([1.0, 0.5])
    return Quadratic(
        "valley", ("w1", "w2"), ((-3.0, 3.0), (-2.0, 2.0)), (-2.2, 1.3), ((1.0, 0.5),), 10.0,
        {"SGD": 0.16, "Momentum": 0.025, "RMSProp": 0.016, "Adam": 0.4}, asked=0.11,
        A=A, b=-A @ bottom, c=float(bottom @ A @ bottom / 2),
    )  # fmt: skip


def _weather() -> Surface:
    weather = load_weather()
    x, y = (weather.column(c)[:DAYS].astype(float) for c in ("temp_min", "temp_max"))
    A = 2 * np.array([[1.0, x.mean()], [x.mean(), (x * x).mean()]])
    b = -2 * np.array([y.mean(), (x * y).mean()])
    height, slope = np.linalg.solve(A, -b)
    return Line(
        "weather", ("height", "slope"), ((-2.0, 12.0), (-0.5, 3.0)), (0.0, 0.0),
        ((float(height), float(slope)),), float(np.linalg.eigvalsh(A)[-1]),
        {"SGD": 0.0125, "Momentum": 0.008, "RMSProp": 0.016, "Adam": 0.6}, asked=0.007,
        examples=DAYS, A=A, b=b, c=float((y * y).mean()), x=x, y=y,
    )  # fmt: skip


def _two_valleys() -> Surface:
    surface = TwoValleys(
        "two valleys", ("w1", "w2"), ((-2.1, 2.1), (-1.6, 1.6)), (1.75, 1.1), ((-1.0, 0.2),), None,
        {"SGD": 0.05, "Momentum": 0.016, "RMSProp": 0.05, "Adam": 0.6}, asked=0.05,
    )  # fmt: skip
    bottoms = []
    for w1 in (-1.0, 1.0):
        p = np.array([w1, 0.0])
        for _ in range(500):
            p = p - 0.05 * surface.gradient(p)
        bottoms.append((float(p[0]), float(p[1])))
    return replace(surface, lowest=tuple(bottoms))


MAKERS = {
    "parabola": _parabola, "valley": _valley, "weather": _weather, "two valleys": _two_valleys,
}  # fmt: skip


@cache
def surface_of(name: str) -> Surface:
    """The terrain of this name.

    Example
    -------
    >>> surface_of("parabola").gradient(np.array([-2.5]))
    array([-10.])
    """
    return MAKERS[name]()


@cache
def order(seed: int, epoch: int, examples: int) -> np.ndarray:
    """The order in which an epoch takes the examples; the same for every walker."""
    return np.random.default_rng([seed, epoch]).permutation(examples)


def updates_per_epoch(surface: Surface, batch_size: int) -> int:
    """How many steps one pass over the examples takes; without examples every step is a pass."""
    return -(-surface.examples // batch_size) if surface.examples else 1


def batch_of(surface: Surface, t: int, batch_size: int, seed: int) -> Indices:
    """The examples of step t, counted from 1; None for all."""
    if batch_size >= surface.examples:
        return None
    epoch, k = divmod(t - 1, updates_per_epoch(surface, batch_size))
    return order(seed, epoch, surface.examples)[k * batch_size : (k + 1) * batch_size]
