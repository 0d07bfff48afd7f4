"""A network put together without training: one hidden ReLU layer that runs through given points.

Lessons: 08.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Parameters(NamedTuple):
    """One hidden layer of K neurons: shapes (K, 1), (K,), (1, K), (1,)."""

    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray

    @property
    def width(self) -> int:
        return len(self.W1)


def hinge_network(knots: np.ndarray, heights: np.ndarray) -> Parameters:
    """Hinges that go straight from point to point, and flat before the first and after the last.

    One hinge begins to rise at each knot. Its output weight is the change of slope there.

    >>> hinge_network(np.array([0.0, 1.0, 3.0]), np.array([2.0, 5.0, 4.0])).W2
    array([[ 3. , -3.5,  0.5]])
    """
    slopes = np.diff(heights) / np.diff(knots)
    turns = np.diff(slopes, prepend=0.0, append=0.0)
    return Parameters(np.ones((len(knots), 1)), -np.asarray(knots, np.float64), turns[None],
                      np.array([heights[0]], np.float64))  # fmt: skip
