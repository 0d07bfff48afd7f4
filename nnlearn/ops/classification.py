"""Losses for several classes: how unlikely the right answers were held to be.

Both take scores of shape (N, K), one row of K classes for each sample; also (K,) for one sample,
and (N, K, d1, ...) for many places in each sample, such as the letters of a text or the pixels of
a picture. Inside, all become rows of classes.

Lessons: 00, 04, 08, 14.
"""

import math

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.ops.losses import reduce
from nnlearn.tensor import primitive


@primitive
def nll_loss(input, target, *, weight=None, ignore_index=-100, reduction="mean"):
    """Negative log-likelihood: the average of -input[n, target[n]].

    Parameters
    ----------
    input : shape (N, K), log-probabilities (see log_softmax); or (K,) or (N, K, d1, ...)
    target : shape (N,), integers in 0..K-1; or () or (N, d1, ...)
    weight : shape (K,), how much each class counts; the mean is a weighted one
    ignore_index : targets of this number count nothing
    reduction : "mean", "sum" or "none"

    Returns
    -------
    loss : a number; the shape of target if reduction is "none"

    Example
    -------
    >>> round(float(nll_loss(np.log([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1]))), 3)
    0.49
    """
    _check_classes("nll_loss", input, target)
    rows = _rows(input)
    picks = _Picks("nll_loss", rows, target, weight, ignore_index)
    each = picks.weigh(-rows.ravel()[picks.places])
    value, scale = reduce(each.reshape(target.shape), reduction, "nll_loss", picks.count(reduction))

    def d_input(g):
        d = np.zeros(rows.shape, input.dtype)
        d.reshape(-1)[picks.places] = g.reshape(-1) * picks.factor * -scale
        return _unrows(d, input.shape)

    return value, (d_input, None)


@primitive
def cross_entropy(
    input, target, *, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
):
    """Cross-entropy of scores: the average of -log(softmax(input)[n, target[n]]).

    One rule instead of log_softmax and nll_loss: half the memory, and a gradient that is simply
    softmax minus one at the right class.

    Parameters
    ----------
    input : shape (N, K), scores (logits), not probabilities; or (K,) or (N, K, d1, ...)
    target : shape (N,), integers in 0..K-1; or () or (N, d1, ...). Or the shape of input: floats,
        the probability of each class
    weight : shape (K,), how much each class counts; the mean over class numbers is a weighted one
    ignore_index : class numbers equal to it count nothing
    reduction : "mean", "sum" or "none"
    label_smoothing : the share of each target that is spread evenly over all classes

    Returns
    -------
    loss : a number; the shape of input without K if reduction is "none"

    Raises: TypeError or ValueError if target holds no class numbers, ShapeError if N differs or no
        target is left.

    Example
    -------
    >>> round(float(cross_entropy(np.zeros((4, 10)), np.array([1, 2, 3, 4]))), 3)  # log(10)
    2.303

    Loops: cross_entropy_loops.
    """
    name = "cross_entropy"
    if target.dtype.kind == "f" and target.ndim and target.shape == input.shape:
        shares = _rows(target) * (1 - label_smoothing) + label_smoothing / _classes(input)
        shares = shares if weight is None else shares * np.asarray(weight, input.dtype)
        return _soft(input, shares, reduction, None, weight, 1 - label_smoothing)
    _check_classes(name, input, target)
    rows = _rows(input)
    picks = _Picks(name, rows, target, weight, ignore_index)
    if label_smoothing:
        shares = picks.shares(label_smoothing, rows.shape, input.dtype, weight)
        return _soft(input, shares, reduction, picks.count(reduction), weight, 0)
    p = np.subtract(rows, _top(rows), order="C")
    right = p.reshape(-1)[picks.places]
    np.exp(p, out=p)
    total = p @ np.ones(p.shape[1], p.dtype)  # twice as fast as p.sum(axis=1)
    each = picks.weigh(np.log(total) - right)
    value, scale = reduce(each.reshape(target.shape), reduction, name, picks.count(reduction))

    def d_input(g):
        g = g.reshape(-1) * scale * picks.factor  # one number per row, or one for all
        d = p * (g / total)[:, None]
        d.reshape(-1)[picks.places] -= g
        return _unrows(d, input.shape)

    return value, (d_input, None)


def cross_entropy_loops(input, target):
    """Cross-entropy as in a textbook: softmax, then the mean of -log(p) of the right classes.

    Parameters
    ----------
    input : shape (N, K), scores
    target : shape (N,), integers in 0..K-1
    """
    loss = 0.0
    for scores, right in zip(input.tolist(), target.tolist(), strict=True):
        top = max(scores)
        total = sum(math.exp(score - top) for score in scores)
        loss -= (scores[right] - top) - math.log(total)
    return loss / len(target)


def _soft(input, shares, reduction, count, weight, kept):
    """Compute the cross-entropy against shares: sum over k of -shares[n, k] * log p[n, k]."""
    rows = _rows(input)
    log_p = rows - rows.max(axis=1, keepdims=True) if rows.size else rows
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    each = -(shares * log_p).sum(axis=1)
    shape = input.shape[:1] * (input.ndim > 1) + input.shape[2:]
    value, scale = reduce(each.reshape(shape), reduction, "cross_entropy", count)

    def d_input(g):
        d = np.exp(log_p) * shares.sum(axis=1, keepdims=True) - shares
        return _unrows(d * (g * scale).reshape(-1, 1), input.shape)

    def d_target(g):
        d = log_p * (g * -scale).reshape(-1, 1) * kept
        return _unrows(d if weight is None else d * weight, input.shape)

    return value, (d_input, d_target)


class _Picks:
    """Which class each row picks, and how much the row counts."""

    def __init__(self, name, rows, target, weight, ignore_index):
        n, classes = rows.shape
        numbers = target.reshape(-1).astype(np.intp, copy=False)
        # read without sign, a negative number is huge: one look finds both kinds of wrong ones
        fit = n and np.maximum.reduce(numbers.view(np.uintp)) < classes
        self.name, self.kept = name, None
        self.factor: np.ndarray | float = 1.0
        if not (fit and weight is None and ignore_index < 0):  # otherwise each row counts 1
            self.kept = numbers != ignore_index
            _check_range(name, numbers[self.kept], classes)
            numbers = np.where(self.kept, numbers, 0)
            self.factor = self.kept.astype(rows.dtype)
            if weight is not None:
                expect(name, "One weight per class.", input=(rows, "N K"), weight=(weight, "K"))
                self.factor *= np.asarray(weight, rows.dtype)[numbers]
        self.numbers = numbers
        self.places = np.arange(0, n * classes, classes) + numbers  # in the flattened rows

    def weigh(self, each):
        """Multiply by how much each row counts; one that counts nothing may be infinite."""
        return (each if self.kept is None else np.where(self.kept, each, 0)) * self.factor

    def count(self, reduction):
        """What the mean divides by: the sum of the weights of the rows that count."""
        if self.kept is None or reduction != "mean" or not self.kept.size:
            return None
        total = float(np.sum(self.factor))
        if total == 0:
            raise ShapeError(
                f"{self.name}: no target is left, so there is no mean",
                {"target": self.kept.shape},
                "All are equal to ignore_index, or their classes have weight 0: leave them out.",
            )
        return total

    def shares(self, smoothing, shape, dtype, weight):
        """Write the targets as probabilities: most for the right class, a little for each."""
        shares = np.full(shape, smoothing / shape[1], dtype)
        shares.reshape(-1)[self.places] += 1 - smoothing
        if weight is not None:
            shares *= weight
        return shares if self.kept is None else shares * self.kept[:, None]


def _top(rows):
    """What to subtract so that exp cannot overflow: the largest score of each row, or of all.

    One for all is found ten times as fast, and is as good unless some row lies far below it.
    """
    if not rows.size:
        return 0
    top = np.maximum.reduce(rows, axis=None)
    if top - np.minimum.reduce(rows, axis=None) < 30:
        return top
    return rows.max(axis=1, keepdims=True)


def _classes(scores):
    return scores.shape[min(1, scores.ndim - 1)]


def _rows(scores):
    """Write scores as (rows, classes)."""
    if scores.ndim == 2:
        return scores
    return np.moveaxis(scores, min(1, scores.ndim - 1), -1).reshape(-1, _classes(scores))


def _unrows(rows, shape):
    """Undo `_rows`."""
    if len(shape) <= 2:
        return rows.reshape(shape)
    return np.moveaxis(rows.reshape(shape[:1] + shape[2:] + shape[1:2]), -1, 1)


def _check_classes(name, scores, target):
    """Refuse targets that are not class numbers: a wrong one would pick another class silently."""
    if scores.ndim < 1 or target.shape != scores.shape[: scores.ndim > 1] + scores.shape[2:]:
        repair = f"{name} takes scores of shape (N, K), and one class number per row."
        extra = " ".join(f"d{i}" for i in range(1, scores.ndim - 1))
        expect(name, repair, input=(scores, f"N K {extra}"), target=(target, f"N {extra}"))
    if target.dtype.kind not in "iu":
        raise TypeError(
            f"{name}: target holds class numbers, so it must be integer, not {target.dtype}\n"
            "Usual cause: labels read as float. Write target.astype(int), or target.long()."
        )


def _check_range(name, numbers, classes):
    if numbers.size and (numbers.min() < 0 or numbers.max() >= classes):
        raise ValueError(
            f"{name}: target runs from {numbers.min()} to {numbers.max()}, "
            f"but there are {classes} classes\n"
            "Usual cause: classes counted from 1, or a last layer with too few outputs.\n"
            f"The numbers must lie in 0..{classes - 1}."
        )
