"""What the loss sculptor asks and shows: its question, its ten irises, its eight scores.

Lessons: 04.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.data import load_iris
from nnlearn.demos.controls import DemoError
from nnlearn.demos.loss_points import Points
from nnlearn.demos.predict import Choice

NUMBERS, YES_NO = "numbers", "yes or no"
MOST, MOST_SCORES = 30, 12  # points that can still be told apart
FLOWERS = (22, 5, 24, 98, 64, 74, 52, 103, 107, 118)  # rows of iris, petal length 1.0 to 6.9 cm
VERSICOLOR, VIRGINICA = (57, 53, 50, 70), (134, 103, 101, 118)  # one of each looks like the other
BOLD = 3.0  # the same answers, three times as sure
SLIPPED = 0.23  # the last width is 2.3 cm: its decimal point goes astray

ASK = Choice(
    "Suppose the last point is written down wrong and slips far below the line. "
    "A point's pull is how hard the loss tugs at its prediction. Who pulls hardest then?",
    {
        "A": "MSE: that point, by far. MAE: all pull equally hard",
        "B": "that point, by far, under both",
        "C": "MSE: that point, by far. MAE: it no longer pulls",
        "D": "all pull equally hard, under both",
    },
    right="A",
    feedback={
        "A": "The slope of e² is 2e and grows with the error; that of |e| is 1, near or far.",
        "B": "Its loss is the largest under both. But a pull is a slope, and |e| has slope 1 "
        "everywhere: under MAE it pulls no harder than the rest.",
        "C": "MAE does not shut its eyes: |e| still has slope 1 out there, so the point pulls, as "
        "hard as each other point and no harder.",
        "D": "True for MAE, where every slope is 1. But e² gets steeper with the error: "
        "ten times the error, ten times the pull.",
    },
)


def irises() -> tuple[np.ndarray, np.ndarray]:
    """Petal length and petal width of ten flowers, in cm, as they were measured."""
    table = load_iris().X[list(FLOWERS)].astype(np.float64).round(2)
    return table[:, 2], table[:, 3]


def flower_scores() -> tuple[np.ndarray, np.ndarray]:
    """Scores of eight flowers, 4 * (petal width - 1.65), and whether each is a virginica."""
    rows = [*VERSICOLOR, *VIRGINICA]
    iris = load_iris()
    return (4 * (iris.X[rows, 3].astype(np.float64) - 1.65)).round(2), (iris.y[rows] == 2).astype(
        np.float64
    )


def checked_numbers(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Own points, in the order of x, or a word on what is wrong with them."""
    x, y = _arrays(x, y, "x", "y", MOST)
    if np.ptp(x) == 0:
        raise DemoError("all x are the same: a line needs points at different x")
    if np.ptp(y) == 0:
        raise DemoError("all y are the same: no loss could be told from another")
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def checked_scores(pair: Any) -> tuple[np.ndarray, np.ndarray]:
    """Own scores z and labels 0 or 1."""
    try:
        z, y = pair
    except (TypeError, ValueError):
        raise DemoError("scores is a pair (z, y), two arrays") from None
    z, y = _arrays(z, y, "z", "y", MOST_SCORES)
    if not np.isin(y, (0, 1)).all():
        raise DemoError("the y of scores holds 0 and 1 only")
    return z, y


def chosen_points(x: Any, y: Any, scores: Any) -> Points:
    """The flowers, or what the learner gave instead."""
    if (x is None) != (y is None):
        raise DemoError("give both x and y, or neither")
    slip = SLIPPED if x is None else None
    numbers = irises() if x is None else checked_numbers(x, y)
    return Points(*numbers, *(flower_scores() if scores is None else checked_scores(scores)), slip)


def _arrays(a: Any, b: Any, first: str, second: str, most: int) -> tuple[np.ndarray, np.ndarray]:
    try:
        a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    except (TypeError, ValueError):
        raise DemoError(f"{first} and {second} must be arrays of numbers") from None
    if a.ndim != 1 or a.shape != b.shape or not 3 <= len(a) <= most:
        raise DemoError(
            f"{first} has shape {a.shape} and {second} {b.shape}: needed are two of shape (N,), "
            f"N from 3 to {most}"
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise DemoError(f"{first} or {second} has a NaN or an infinity in it")
    return a, b
