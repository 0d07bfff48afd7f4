"""Before learning: bring columns to one scale, measure distances, ask the nearest example.

Lessons: 00, 05.
"""

from __future__ import annotations

import numpy as np

from nnlearn.errors import expect


def standardize(X: np.ndarray, like: np.ndarray | None = None) -> np.ndarray:
    """Shift every column to mean 0 and scale it to standard deviation 1: (X - mean) / std.

    Parameters
    ----------
    X : shape (N, D)
    like : shape (M, D), the data whose mean and std are used; X itself if left out. For test data
        give the training data: what is to be predicted must not be looked at.

    Returns
    -------
    Z : shape (N, D), dtype of X; a column that never changes becomes 0

    Example
    -------
    >>> standardize(np.array([[1.0, 5.0], [3.0, 5.0]]))
    array([[-1.,  0.],
           [ 1.,  0.]])

    Lesson 00.
    """
    like = X if like is None else like
    expect("standardize", "Both need the same columns.", X=(X, "N D"), like=(like, "M D"))
    mean, std = like.mean(axis=0), like.std(axis=0)
    std[np.ptp(like, axis=0) == 0] = 1  # not std == 0: of equal numbers, rounding leaves 1e-9
    return (X - mean) / std


def pairwise_sq_dist(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Measure how far every row of X is from every row of Y: the sum of (X[i] - Y[j])**2.

    Written out, |x - y|**2 = |x|**2 - 2 x.y + |y|**2: one matrix product instead of N*M*D
    differences.

    Parameters
    ----------
    X : shape (N, D)
    Y : shape (M, D)

    Returns
    -------
    d : shape (N, M), never negative

    Raises: ShapeError if D differs.

    Example
    -------
    >>> pairwise_sq_dist(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 1.0]]))
    array([[25.,  1.]])

    Lesson 00.
    """
    expect("pairwise_sq_dist", "Rows are samples.", X=(X, "N D"), Y=(Y, "M D"))
    d = (X * X).sum(axis=1)[:, None] - 2 * X @ Y.T + (Y * Y).sum(axis=1)
    return np.maximum(d, 0)  # rounding can leave a tiny negative number


def nearest_label(X: np.ndarray, labels: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Give every row of Y the label of the row of X nearest to it (1-nearest-neighbour).

    Parameters
    ----------
    X : shape (N, D), the examples that are known
    labels : shape (N,)
    Y : shape (M, D)

    Returns
    -------
    y : shape (M,), dtype of labels

    Example
    -------
    >>> nearest_label(np.array([[0.0], [1.0]]), np.array([7, 8]), np.array([[0.9]]))
    array([8])

    Source: Fix and Hodges (1951); Cover and Hart (1967). Lesson 00.
    """
    repair = "One label for each known row."
    expect("nearest_label", repair, X=(X, "N D"), labels=(labels, "N"))
    return labels[pairwise_sq_dist(X, Y).argmin(axis=0)]
