"""Toy sets: points in the plane with class numbers, each made to show one difficulty.

All return X of shape (n, 2), float32, and y of shape (n,), int64, in mixed order.

Lessons: 01.
"""

from __future__ import annotations

import numpy as np

from nnlearn.random import Rng, generator

Pair = tuple[np.ndarray, np.ndarray]


def blobs(n: int = 100, classes: int = 2, spread: float = 0.5, *, rng: Rng = None) -> Pair:
    """Draw round clouds on a circle of radius 2: a line separates two of them.

    Example
    -------
    >>> X, y = blobs(6, rng=np.random.default_rng(0))
    >>> X.shape, sorted(y.tolist())
    ((6, 2), [0, 0, 0, 1, 1, 1])
    """
    rng = generator(rng)
    y = _labels(n, classes, rng)
    angle = 2 * np.pi * y / classes + np.pi / 4
    centre = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _pair(centre, y, spread, rng)


def xor(n: int = 100, gap: float = 0.1, *, rng: Rng = None) -> Pair:
    """Draw four corners, where opposite ones belong together: no line separates them."""
    rng = generator(rng)
    X = rng.uniform(gap, 1, (n, 2)) * rng.choice([-1, 1], (n, 2))
    return X.astype(np.float32), (X[:, 0] * X[:, 1] < 0).astype(np.int64)


def moons(n: int = 100, noise: float = 0.1, *, rng: Rng = None) -> Pair:
    """Draw two half circles that reach into each other."""
    rng = generator(rng)
    y = _labels(n, 2, rng)
    angle = rng.uniform(0, np.pi, n)
    X = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X[y == 1] = [1, 0.5] - X[y == 1]
    return _pair(X, y, noise, rng)


def circles(n: int = 100, noise: float = 0.1, *, rng: Rng = None) -> Pair:
    """Draw a ring inside a ring: radius 1 for class 0, radius 2 for class 1."""
    rng = generator(rng)
    y = _labels(n, 2, rng)
    angle = rng.uniform(0, 2 * np.pi, n)
    X = (1 + y)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _pair(X, y, noise, rng)


def spirals(n: int = 200, turns: float = 1.5, noise: float = 0.05, *, rng: Rng = None) -> Pair:
    """Draw two arms that wind around each other."""
    rng = generator(rng)
    y = _labels(n, 2, rng)
    radius = np.sqrt(rng.uniform(0.02, 1, n))  # the root spreads the points evenly along the arm
    angle = 2 * np.pi * turns * radius + np.pi * y
    X = 2 * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _pair(X, y, noise, rng)


def _labels(n: int, classes: int, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(np.arange(n) % classes)


def _pair(X: np.ndarray, y: np.ndarray, noise: float, rng: np.random.Generator) -> Pair:
    return (X + noise * rng.standard_normal(X.shape)).astype(np.float32), y.astype(np.int64)
