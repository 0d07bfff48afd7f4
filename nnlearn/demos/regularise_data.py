"""The points of the regularise lab: a few to learn from, some with a wrong label, many to judge by.

Lessons: 09.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from nnlearn.data.toys import circles, moons, xor

JUDGES = {"validation": 100, "test": 500}  # points that nobody learns from
LEARN, DRAW = 1, {"validation": 2, "test": 3}  # which generator draws what: [seed, number]
TURN = 4
CENTRE = {"moons": (0.5, 0.25), "circles": (0.0, 0.0), "xor": (0.0, 0.0)}
REACH = {"moons": 2.4, "circles": 3.0, "xor": 1.9}  # half the side of the picture
DATA = list(CENTRE)


@dataclass(frozen=True)
class Points:
    """Training points with their labels as given, and the two sets that judge."""

    X: np.ndarray
    y: np.ndarray
    wrong: np.ndarray  # rows of X with a wrong label
    validation: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]
    window: tuple[tuple[float, float], tuple[float, float]]

    @property
    def guessing(self) -> float:
        """The share of the test points that whoever always names the larger class has right."""
        share = float(np.mean(self.test[1]))
        return max(share, 1 - share)

    @property
    def parts(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        return {"train": (self.X, self.y), "validation": self.validation, "test": self.test}


def cloud(name: str, n: int, noise: float, seed: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Draw n noisy points, X (n, 2) in float64 and y (n,) of 0 and 1."""
    rng = np.random.default_rng(seed)
    if name == "xor":
        X, y = xor(n, rng=rng)
        return X + noise * rng.standard_normal((n, 2)), y
    X, y = {"moons": moons, "circles": circles}[name](n, noise, rng=rng)
    return X.astype(np.float64), y


@cache
def points_of(name: str, n: int, noise: float, share: float, seed: int) -> Points:
    """The points for these settings; a share of the training labels is turned over.

    Example
    -------
    >>> its = points_of("moons", 40, 0.3, 0.1, 0)
    >>> its.X.shape, len(its.wrong), len(its.test[0])
    ((40, 2), 4, 500)
    """
    X, y = cloud(name, n, noise, [seed, LEARN])
    wrong = np.random.default_rng([seed, TURN]).permutation(n)[: round(share * n)]
    y = y.copy()
    y[wrong] = 1 - y[wrong]
    validation, test = (cloud(name, m, noise, [seed, DRAW[k]]) for k, m in JUDGES.items())
    (a, b), r = CENTRE[name], REACH[name]
    return Points(X, y, wrong, validation, test, ((a - r, a + r), (b - r, b + r)))


def source(settings: Any, seed: int) -> list[str]:
    """The lines of a program that draw the training points."""
    name, n, noise = (settings[k] for k in ("data", "points", "noise"))
    lines = [f"draw = np.random.default_rng([{seed}, {LEARN}])"]
    if name == "xor":
        lines += [f"X, y = xor({n}, rng=draw)",
                  f"X = X + {noise!r} * draw.standard_normal(({n}, 2))"]  # fmt: skip
    else:
        lines += [f"X, y = {name}({n}, {noise!r}, rng=draw)", "X = X.astype(np.float64)"]
    count = round(settings["wrong"] * n)
    turn = f"wrong = np.random.default_rng([{seed}, {TURN}]).permutation({n})[:{count}]"
    return [*lines, turn, "y[wrong] = 1 - y[wrong]"]
