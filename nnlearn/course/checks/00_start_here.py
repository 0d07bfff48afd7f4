"""Checks of lesson 00: means along an axis, standardizing, distances between all pairs."""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.data import nearest_label, pairwise_sq_dist, standardize


def row_means(X):
    return X.mean(axis=1)


def tables(rng: np.random.Generator) -> Iterator[Case]:
    """Never square: on a square table the wrong axis has the right shape."""
    yield Case("a table by hand", (np.array([[1.0, 2.0, 6.0], [4.0, 4.0, 10.0]]),))
    yield Case("one row", (rng.normal(size=(1, 5)),))
    yield Case("one column", (rng.normal(size=(4, 1)),))
    yield Case("more rows than columns", (rng.normal(3, 2, size=(7, 2)),))
    yield Case("large numbers", (1000 + rng.normal(size=(3, 4)),))


ROW_MEANS = Exercise(
    id="00.1",
    function=row_means,
    cases=tables,
    mistakes=(
        Mistake(
            lambda X: X.mean(axis=0),
            "That is the mean of every column. The axis you name is the one that disappears.",
        ),
        Mistake(
            lambda X: X.mean(), "That is one mean for the whole table. You want one for each row."
        ),
        Mistake(lambda X: X.sum(axis=1), "You added each row up. Divide by how many it has."),
        Mistake(
            lambda X: X.mean(axis=1, keepdims=True),
            "The numbers are right, but keepdims left an axis of size 1 behind.",
        ),
        Mistake(
            lambda X: X.sum(axis=1) / X.shape[0],
            "You divided by the number of rows. Each row has as many numbers as there are columns.",
        ),
        Mistake(lambda X: np.median(X, axis=1), "That is the median, the middle value."),
        Mistake(lambda X: X.max(axis=1), "That is the largest number of each row."),
        Mistake(
            lambda X: np.array([X[0].mean()]),
            "Only the first row came back: is `return` too early?",
        ),
        Mistake(
            lambda X: X[0].mean(),
            "One number came back, the first row's mean: is `return` inside the loop?",
        ),
        Mistake(
            lambda X: X[-1].mean(),
            "Only the last row's mean came back. Collect one for each row.",
        ),
        Mistake(
            lambda X: np.cumsum(X.sum(axis=1)) / X.shape[1],
            "The sum runs on from row to row. Begin it at 0 for each row.",
        ),
        Mistake(
            lambda X: X.mean(axis=1).astype(int),
            "The means were cut to whole numbers: by //, or by an array with dtype=int?",
        ),
    ),
    hints=(
        "For X of shape (N, D) you want N numbers. Which axis has to disappear?",
        "X.mean takes the axis as an argument. Axis 0 runs down the rows, axis 1 along a row.",
        "X.mean(axis=1), or X.sum(axis=1) divided by X.shape[1].",
    ),
)


def columns(rng: np.random.Generator) -> Iterator[Case]:
    """Constant columns hold numbers that float32 keeps exactly, so that their spread is 0."""
    yield Case("a table by hand", (np.array([[1.0, 10.0], [3.0, 30.0], [5.0, 20.0]]),))
    yield Case("columns of different size", (rng.normal([0, 5, -1], [1, 30, 0.25], (6, 3)),))
    yield Case("a column that never changes", (np.c_[rng.normal(size=5), np.full(5, 2.0)],))
    yield Case("a column of zeros", (np.c_[np.zeros(4), rng.normal(2, 3, size=(4, 2))],))
    yield Case("wider than high", (rng.normal(1, 2, size=(3, 8)),))
    small = 1e-4 * np.array([1.0, 3.0, 5.0, 2.0])
    yield Case("a column of small numbers", (np.c_[small, rng.normal(size=4)],))


def _divide(X, middle, spread):
    return (X - middle) / np.where(spread == 0, 1, spread)


def _in_place(X):
    X -= X.mean(axis=0)
    X /= np.where(X.std(axis=0) == 0, 1, X.std(axis=0))
    return X


STANDARDIZE = Exercise(
    id="00.2",
    function=standardize,
    cases=columns,
    mistakes=(
        Mistake(
            lambda X: (X - X.mean(axis=0)) / X.std(axis=0),
            "A column that never changes has a spread of 0, and 0/0 is nan. Divide by 1 there.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)),
            "You standardized each row. Means and spreads belong to the columns: axis=0.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(), X.std()),
            "One mean and one spread for the whole table: give every column its own.",
        ),
        Mistake(
            lambda X: X - X.mean(axis=0),
            "The means are 0 now. The spreads are still to be divided out.",
        ),
        Mistake(
            lambda X: _divide(X, 0, X.std(axis=0)),
            "The spreads are right. Subtract the means first.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(axis=0), X.var(axis=0)),
            "You divided by the variance. The spread is its square root, X.std.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(axis=0), X.std(axis=0, ddof=1)),
            "You divided by N - 1 inside the spread (ddof=1). Here it is N, NumPy's default.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(axis=0), X.std(axis=0) + 1e-3),
            "A small number added to every spread bends all columns. Mend only spreads of 0.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(axis=0), X.std(axis=0) + 1e-8),
            "1e-8 added to every spread is too much for small numbers. Mend only spreads of 0.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(axis=0), X.std()),
            "The means are each column's own, the spread is the whole table's: X.std(axis=0).",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(), X.std(axis=0)),
            "The spreads are each column's own, the mean is the whole table's: X.mean(axis=0).",
        ),
        Mistake(
            lambda X: X - X.mean(axis=0) / np.where(X.std(axis=0) == 0, 1, X.std(axis=0)),
            "Only the mean was divided: put brackets round the difference.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(axis=0), np.maximum(X.std(axis=0), 1)),
            "Every spread below 1 became 1. Only a spread of 0 is to be replaced.",
        ),
        Mistake(
            lambda X: _divide(X, X.mean(axis=0), X.std(axis=0) * (X.std(axis=0) > 0).all()),
            "One column that never changes, and no column was divided. Mend that column alone.",
        ),
        Mistake(
            lambda X: np.where(X.std(axis=0) == 0, X, _divide(X, X.mean(axis=0), X.std(axis=0))),
            "The column that never changes came through as it was. Its mean has to go too.",
        ),
        Mistake(
            lambda X: _divide(X, X.min(axis=0), X.max(axis=0) - X.min(axis=0)),
            "That squeezes each column between 0 and 1. Here: mean 0 and spread 1.",
        ),
        Mistake(
            _in_place,
            "-= and /= write into the caller's array. Make a new one: X - X.mean(axis=0).",
        ),
    ),
    hints=(
        "Two numbers belong to each column: its mean and its spread, X.std. Which axis gives them?",
        "(X - means) / spreads, with both of shape (D,): broadcasting does the rest. What is 0/0?",
        "spread = X.std(axis=0), then np.where(spread == 0, 1, spread) is safe to divide by.",
    ),
    points=2,
)


def two_tables(rng: np.random.Generator) -> Iterator[Case]:
    """N, M and D all differ: on equal sizes a transpose goes unseen."""
    by_hand = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]]), np.array([[0.0, 0.0], [3.0, 0.0]])
    yield Case("points by hand", by_hand)
    yield Case("one point against three", (rng.normal(size=(1, 4)), rng.normal(size=(3, 4))))
    yield Case("one number each", (rng.normal(size=(4, 1)), rng.normal(size=(2, 1))))
    yield Case("many", (rng.normal(size=(5, 3)), rng.normal(size=(7, 3))))
    same = rng.normal(size=(3, 2))
    yield Case("a point against itself", (same, same[:2]))


def _pairs(X, Y):
    return X[:, None, :] - Y[None, :, :]


def _products(X, Y):
    return (X**2).sum(axis=1)[:, None], (Y**2).sum(axis=1), X @ Y.T


PAIRWISE = Exercise(
    id="00.3",
    function=pairwise_sq_dist,
    cases=two_tables,
    mistakes=(
        Mistake(
            lambda X, Y: np.sqrt((_pairs(X, Y) ** 2).sum(axis=-1)),
            "That is the distance. The exercise asks for its square: leave the root out.",
        ),
        Mistake(
            lambda X, Y: (_pairs(X, Y) ** 2).sum(axis=-1).T,
            "The table lies on its side: row i belongs to X[i], column j to Y[j].",
        ),
        Mistake(
            lambda X, Y: np.abs(_pairs(X, Y)).sum(axis=-1),
            "You added absolute differences. Square them instead.",
        ),
        Mistake(
            lambda X, Y: _pairs(X, Y).sum(axis=-1) ** 2,
            "Square each difference first, then add. You added first.",
        ),
        Mistake(
            lambda X, Y: (_pairs(X, Y) ** 2).mean(axis=-1),
            "You took the mean over the coordinates. Add them up.",
        ),
        Mistake(
            lambda X, Y: _pairs(X, Y) ** 2,
            "The coordinates are still apart, shape (N, M, D). Add them up along the last axis.",
        ),
        Mistake(
            lambda X, Y: ((X[:, None] + Y) ** 2).sum(axis=-1),
            "That is the squared length of x + y, by a sign: x - y, or |x|² + |y|² - 2 x·y.",
        ),
        Mistake(
            lambda X, Y: _pairs(X, Y)[..., -1] ** 2,
            "Only the last coordinate counts: += where you wrote =.",
        ),
        Mistake(
            lambda X, Y: (_pairs(X, Y) ** 2).sum(axis=-1) * (np.arange(len(X)) == 0)[:, None],
            "Only the first row is filled in: is `return` inside the loop?",
        ),
        Mistake(
            lambda X, Y: np.pad((_pairs(X, Y) ** 2).sum(axis=-1)[:-1, :-1], ((0, 1), (0, 1))),
            "The last row and column are left out: range(n) ends at n - 1 already.",
        ),
        Mistake(
            lambda X, Y: (_pairs(X, Y) ** 2).sum(axis=-1).astype(int),
            "The results were cut to whole numbers. An array with dtype=int keeps no fractions.",
        ),
        Mistake(
            lambda X, Y: np.cumsum((_pairs(X, Y) ** 2).sum(axis=-1)).reshape(len(X), len(Y)),
            "The sum runs on from pair to pair. Begin it at 0 for each.",
        ),
        Mistake(
            lambda X, Y: (_pairs(X, Y) ** 2).sum(axis=1),
            "The sum ran over the points of Y. The coordinates lie on the last axis.",
        ),
        Mistake(
            lambda X, Y: _products(X, Y)[0] + _products(X, Y)[1] - _products(X, Y)[2],
            "In |x|² + |y|² - 2 x·y the factor 2 is missing.",
        ),
        Mistake(
            lambda X, Y: X @ Y.T, "That is the product of each pair of points, not their distance."
        ),
    ),
    hints=(
        "You want every row of X minus every row of Y. Give X an axis for the rows of Y.",
        "X[:, None, :] has shape (N, 1, D) and Y[None, :, :] has (1, M, D). What is X - Y then?",
        "((X[:, None, :] - Y[None, :, :]) ** 2), then .sum over the axis that holds coordinates.",
    ),
    points=2,
)


def neighbours(rng: np.random.Generator) -> Iterator[Case]:
    X = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    labels, Y = np.array([7, 3, 5]), np.array([[1.0, 1.0], [9.0, 2.0], [2.0, 7.0], [8.0, 1.0]])
    yield Case("three towns", (X, labels, Y))
    yield Case("one to ask about", (X, labels, Y[1:2]))
    yield Case("labels far from the row numbers", (X[::-1].copy(), np.array([90, 40, 60]), Y))
    far = np.array([[30.0, 30, 0], [0, 45, 0], [40, 10, 0], [10, 0, 90]])  # each wins one way
    asked = np.array([[0.0, 0, 0], [1, 2, 80], [1, -1, 1]])
    yield Case("far apart, and none on an axis", (far, np.array([4, 1, 9, 6]), asked))
    centres = 8.0 * np.arange(6)[:, None] * np.ones(4)
    order = rng.permutation(6)
    asked = rng.integers(0, 6, size=9)
    Y = centres[asked] + rng.uniform(-1, 1, size=(9, 4))
    yield Case("six groups", (centres[order], np.array([2, 4, 6, 8, 1, 3])[order], Y))


def _length(X):
    return np.sqrt((X**2).sum(axis=1))


def _distances(X, Y):
    return (_pairs(X, Y) ** 2).sum(axis=-1)


NEAREST = Exercise(
    id="00.4",
    function=nearest_label,
    cases=neighbours,
    mistakes=(
        Mistake(
            lambda X, labels, Y: labels[_distances(X, Y).argmax(axis=0)],
            "That is the label of the farthest row: argmin finds the nearest.",
        ),
        Mistake(
            lambda X, labels, Y: _distances(X, Y).argmin(axis=0),
            "Those are row numbers. Look the labels up: labels[...].",
        ),
        Mistake(
            lambda X, labels, Y: labels[_distances(X, Y).argmin(axis=1)],
            "argmin ran along the wrong axis: for each row of Y, search all rows of X.",
        ),
        Mistake(
            lambda X, labels, Y: _distances(X, Y).min(axis=0),
            "Those are the smallest distances. You need where they stand, argmin.",
        ),
        Mistake(
            lambda X, labels, Y: labels[(X @ Y.T).argmax(axis=0)],
            "The largest product is not the smallest distance: long rows win. Use distances.",
        ),
        Mistake(
            lambda X, labels, Y: labels[np.abs(X.sum(axis=1)[:, None] - Y.sum(axis=1)).argmin(0)],
            "You compared sums of coordinates. Two places can have the same sum and be far apart.",
        ),
        Mistake(
            lambda X, labels, Y: labels[np.abs(_pairs(X, Y)).sum(axis=-1).argmin(axis=0)],
            "You added absolute differences. The distance here is the one of pairwise_sq_dist.",
        ),
        Mistake(
            lambda X, labels, Y: labels[np.abs(_pairs(X, Y)).max(axis=-1).argmin(axis=0)],
            "You compared the largest coordinate difference. Use pairwise_sq_dist.",
        ),
        Mistake(
            lambda X, labels, Y: labels[np.abs(_length(X)[:, None] - _length(Y)).argmin(axis=0)],
            "You compared lengths. Two places can be equally far from 0 and far from each other.",
        ),
        Mistake(
            lambda X, labels, Y: labels[_distances(X, Y).argmin()],
            "argmin without an axis searched the whole table and gave one place.",
        ),
        Mistake(
            lambda X, labels, Y: X[_distances(X, Y).argmin(axis=0)],
            "Those are the nearest rows of X. Their labels are asked for: labels[...].",
        ),
        Mistake(
            lambda X, labels, Y: np.array([labels[_distances(X, Y).argmin(axis=0)[0]]]),
            "Only the first row of Y got an answer: is `return` too early?",
        ),
    ),
    hints=(
        "You have pairwise_sq_dist from 00.3. Which shape does pairwise_sq_dist(X, Y) have?",
        "For each of its columns, a row of Y, argmin(axis=0) says which row of X is nearest.",
        "labels[pairwise_sq_dist(X, Y).argmin(axis=0)]: an array as index looks all up.",
    ),
)

EXERCISES = (ROW_MEANS, STANDARDIZE, PAIRWISE, NEAREST)
