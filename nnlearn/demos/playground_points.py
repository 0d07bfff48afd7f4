"""The points of the playground: five sets made by rule, and what is painted or handed in.

Lessons: 08.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlearn.data.toys import blobs, circles, moons, spirals, xor
from nnlearn.demos.controls import DemoError

MOST, EXTENT, FAR = 500, 3.0, 10.0
REACH = 0.04  # the eraser takes what is nearer than this share of the picture
PAINTED = "painted"


def _xor(n: int, noise: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    X, y = xor(n, rng=rng)
    return 2 * X + noise * rng.standard_normal(X.shape), y


def _moons(n: int, noise: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    X, y = moons(n, noise, rng=rng)
    return 1.6 * (X - [0.5, 0.25]), y


Maker = Callable[[int, float, np.random.Generator], tuple[np.ndarray, np.ndarray]]
MAKERS: dict[str, Maker] = {
    "circles": lambda n, noise, rng: circles(n, noise, rng=rng),
    "xor": _xor,
    "moons": _moons,
    "spirals": lambda n, noise, rng: spirals(n, noise=noise, rng=rng),
    "blobs": lambda n, noise, rng: blobs(n, spread=0.5 + noise, rng=rng),
}


@dataclass(frozen=True, eq=False)
class Points:
    """Points X (N, 2), labels y (N,) of 0 and 1, and which of them are kept for the test."""

    name: str
    X: np.ndarray
    y: np.ndarray
    is_test: np.ndarray
    extent: float = EXTENT
    train: tuple[np.ndarray, np.ndarray] = field(init=False)
    test: tuple[np.ndarray, np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        column = self.y[:, None].astype(np.float64)
        for name, rows in (("train", ~self.is_test), ("test", self.is_test)):
            object.__setattr__(self, name, (self.X[rows], column[rows]))

    @property
    def sizes(self) -> tuple[int, int]:
        """How many are trained on, and how many are kept for the test."""
        tests = int(self.is_test.sum())
        return len(self.y) - tests, tests

    def rows(self) -> list[list[float]]:
        """Every point as [x1, x2, label]."""
        return [[*map(float, x), int(k)] for x, k in zip(self.X, self.y, strict=True)]


@dataclass(frozen=True)
class Canvas:
    """Points made by hand or handed in: rows [x1, x2, label], and half the side of the picture."""

    rows: tuple[tuple[float, float, int], ...] = ()
    extent: float = EXTENT

    def with_point(self, x: float, y: float, label: Any) -> Canvas:
        """One point more."""
        if label not in (0, 1):
            raise DemoError(f"the label of a point is 0 or 1, not {label!r}")
        if len(self.rows) >= MOST:
            raise DemoError(f"{MOST} points are enough here; erase some, or clear them")
        at = np.clip(_place(x, y), -self.extent, self.extent)
        new = (_grain(at[0], self.extent), _grain(at[1], self.extent), int(label))
        return Canvas((*self.rows, new), self.extent)

    def without(self, x: float, y: float) -> Canvas:
        """Without the points near a place."""
        at, reach = _place(x, y), REACH * 2 * self.extent
        kept = [row for row in self.rows if np.hypot(row[0] - at[0], row[1] - at[1]) > reach]
        return Canvas(tuple(kept), self.extent)

    def empty(self) -> Canvas:
        """The same picture without points."""
        return Canvas((), self.extent)


def made(name: str, n: int, noise: float, share: float, seed: int, canvas: Canvas) -> Points:
    """The points of a set, or of the canvas; each is kept for the test with chance `share`.

    Example
    -------
    >>> made("circles", 200, 0.1, 0.3, 0, Canvas()).sizes
    (145, 55)
    """
    if name == PAINTED:
        table = np.array(canvas.rows, np.float64).reshape(-1, 3)
        X, y = table[:, :2], table[:, 2].astype(np.int64)
    else:
        X, y = MAKERS[name](n, noise, np.random.default_rng([seed, 0]))
        X = X.astype(np.float64)
    is_test = np.random.default_rng([seed, 1]).random(len(y)) < share
    extent = canvas.extent if name == PAINTED else EXTENT
    return Points(name, X, y, is_test, extent)


def traced(points: Points) -> Canvas:
    """A set as if it had been painted, so that more can be painted onto it."""
    rows = [(_grain(a, points.extent), _grain(b, points.extent), int(k))
            for a, b, k in points.rows()]  # fmt: skip
    return Canvas(tuple(rows), points.extent)


def handed_in(data: Any) -> Canvas:
    """A pair (X, y), or a painter that has both, as a canvas; `DemoError` if it cannot be one."""
    if hasattr(data, "X") and hasattr(data, "y"):
        data = data.X, data.y
    try:
        X, y = (np.asarray(part, np.float64) for part in data)
    except (TypeError, ValueError):
        raise DemoError(
            f"data is {', '.join(MAKERS)} or a pair (X, y) of numbers, not {data!r:.60}"
        ) from None
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1] or not 0 < len(X) <= MOST:
        raise DemoError(f"X has shape {X.shape} and y {y.shape}: needed are (N, 2) and (N,), "
                        f"N from 1 to {MOST}")  # fmt: skip
    if not np.isin(y, (0, 1)).all():
        raise DemoError("y must hold 0 and 1 only: two classes, one output neuron")
    if not (np.abs(X) <= FAR).all():
        raise DemoError(f"X must lie between −{FAR:g} and {FAR:g}: nnlearn.data.standardize first")
    extent = float(f"{1.15 * max(float(np.abs(X).max()), 0.1):.2g}")
    return Canvas(tuple((float(a), float(b), int(k)) for (a, b), k in zip(X, y, strict=True)),
                  extent)  # fmt: skip


def _place(x: Any, y: Any) -> np.ndarray:
    try:
        at = np.array([float(x), float(y)])
    except (TypeError, ValueError):
        raise DemoError(f"a place is two numbers, not {x!r}, {y!r}") from None
    if not np.isfinite(at).all():
        raise DemoError("a place is two finite numbers")
    return at


def _grain(value: float, extent: float) -> float:
    """Rounded to about a pixel, so that a shared line stays short."""
    return round(float(value), 2 if extent >= 1 else 3)
