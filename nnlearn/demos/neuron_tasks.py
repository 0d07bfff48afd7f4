"""What the neuron lab asks, tries and takes: its question, its gates, the cases for your neuron.

Lessons: 01.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.demos.controls import DemoError, Range
from nnlearn.demos.predict import Choice
from nnlearn.demos.slot import Case

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}
OWN = "your data"
MOST = 400  # points that can still be told apart

ASK = Choice(
    "Double w1, w2 and b, all three together. Where does the line go?",
    {
        "A": "nowhere",
        "B": "twice as far from (0,\u00a00)",
        "C": "half as far from (0,\u00a00)",
        "D": "it turns",
    },
    right="A",
    feedback={
        "A": "On the line z is 0, and twice 0 is 0. Only the colours got stronger.",
        "B": "Bigger b alone would push it. But w grew as well, and on the line twice 0 is 0.",
        "C": "Bigger w alone would pull it in. But b grew as well, and on the line twice 0 is 0.",
        "D": "The direction depends on w1 compared with w2: both doubled, so it stays.",
    },
)
POINTS = ((0, 0), (1, 0), (0, 1), (1, 2), (-0.5, 0.25), (3, -2))
CASES = [
    Case(
        f"x = {x}, w = (3, -1), b = {b}",
        (np.array(x, float), np.array([3.0, -1.0]), b),
    )
    for x, b in zip(POINTS, (0.0, 0.5, 0.0, -1.5, 2.0, 0.25), strict=True)
]


def pair(task: Any) -> tuple[Any, Any]:
    """The two halves of own data."""
    try:
        X, y = task
    except (TypeError, ValueError):
        raise DemoError(f"task is one of {', '.join(GATES)} or (X, y), two arrays") from None
    return X, y


def checked(X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Real data for the plane, or a word on what is wrong with them."""
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1] or not 2 <= len(X) <= MOST:
        raise DemoError(
            f"X has shape {X.shape} and y {y.shape}: needed are (N, 2) and (N,), N from 2 to {MOST}"
        )
    if not np.isfinite(X).all():
        raise DemoError("X has a NaN or an infinity in it")
    if not np.isin(y, (0, 1)).all():
        raise DemoError("y holds 0 and 1 only; for two species: (names == names[0]).astype(int)")
    return X, y.astype(int)


WEIGHT = Range("weight", -30, 30, 0.1, 0)


def weight(name: str, value: Any) -> float:
    """A weight or bias in its limits, or a clear error."""
    return float(WEIGHT.accept(name, value))
