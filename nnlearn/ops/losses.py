"""Losses: one number that says how wrong the answers are.

Each loss takes `reduction`: "mean" or "sum" over the samples, or "none" for one number each.

Lessons: 00.
"""

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.tensor import primitive


def _reduce(each, reduction, name):
    """Return the reduced loss, and what each sample's gradient is to be multiplied by."""
    if reduction == "none":
        return each, 1
    if each.size == 0:
        raise ShapeError(f"{name}: the batch is empty", {"loss": each.shape}, "Leave it out.")
    if reduction == "sum":
        return each.sum(), 1
    if reduction == "mean":
        return each.mean(), 1 / each.size
    raise ValueError(f'{name}: reduction is "mean", "sum" or "none", not {reduction!r}')


def _check_target(name, scores, target):
    """Refuse targets that are not class numbers: a wrong one would pick another class silently."""
    repair = f"{name} takes scores of shape (N, K), and one class number per row."
    expect(name, repair, input=(scores, "N K"), target=(target, "N"))
    if target.dtype.kind not in "iu":
        raise TypeError(
            f"{name}: target holds class numbers, so it must be integer, not {target.dtype}\n"
            "Usual cause: labels read as float. Write target.astype(int), or target.long()."
        )
    if target.size and (target.min() < 0 or target.max() >= scores.shape[1]):
        raise ValueError(
            f"{name}: target runs from {target.min()} to {target.max()}, "
            f"but there are {scores.shape[1]} classes\n"
            "Usual cause: classes counted from 1, or a last layer with too few outputs.\n"
            f"The numbers must lie in 0..{scores.shape[1] - 1}."
        )


@primitive
def mse_loss(input, target, *, reduction="mean"):
    """Mean squared error: the average of (input - target)**2 over all elements.

    Parameters
    ----------
    input, target : any shape, the same for both
    reduction : "mean", "sum" or "none"

    Returns
    -------
    loss : a number; same shape as input if reduction is "none"

    Raises: ShapeError if the shapes differ: broadcasting (N, 1) with (N,) would give (N, N).

    Example
    -------
    >>> float(mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    2.0
    """
    if input.shape != target.shape:
        raise ShapeError(
            "mse_loss: input and target must have the same shape",
            {"input": input.shape, "target": target.shape},
            "Usual cause: (N, 1) against (N,). Write target.reshape(input.shape).",
        )
    error = input - target
    value, scale = _reduce(error * error, reduction, "mse_loss")
    return value, (lambda g: g * (2 * scale) * error, lambda g: g * (-2 * scale) * error)


@primitive
def nll_loss(input, *, target, reduction="mean"):
    """Negative log-likelihood: the average of -input[n, target[n]].

    Parameters
    ----------
    input : shape (N, K), log-probabilities (see log_softmax)
    target : shape (N,), integers in 0..K-1
    reduction : "mean", "sum" or "none"

    Returns
    -------
    loss : a number; shape (N,) if reduction is "none"

    Example
    -------
    >>> round(float(nll_loss(np.log([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1]))), 3)
    0.49
    """
    target = np.asarray(target)
    _check_target("nll_loss", input, target)
    rows = np.arange(len(target))
    value, scale = _reduce(-input[rows, target], reduction, "nll_loss")

    def d_input(g):
        d = np.zeros_like(input)
        d[rows, target] = g * -scale
        return d

    return value, (d_input,)


@primitive
def cross_entropy(input, *, target, reduction="mean"):
    """Cross-entropy of scores: the average of -log(softmax(input)[n, target[n]]).

    One rule instead of log_softmax and nll_loss: half the memory, and a gradient that is simply
    softmax minus one at the right class.

    Parameters
    ----------
    input : shape (N, K), scores (logits), not probabilities
    target : shape (N,), integers in 0..K-1
    reduction : "mean", "sum" or "none"

    Returns
    -------
    loss : a number; shape (N,) if reduction is "none"

    Raises: TypeError or ValueError if target holds no class numbers, ShapeError if N differs.

    Example
    -------
    >>> round(float(cross_entropy(np.zeros((4, 10)), np.array([1, 2, 3, 4]))), 3)  # log(10)
    2.303
    """
    target = np.asarray(target)
    _check_target("cross_entropy", input, target)
    rows = np.arange(len(target))
    shifted = input - input.max(axis=1, keepdims=True) if input.size else input
    p = np.exp(shifted)
    total = p.sum(axis=1, keepdims=True)
    each = np.log(total[:, 0]) - shifted[rows, target]
    value, scale = _reduce(each, reduction, "cross_entropy")
    p /= total

    def d_input(g):
        g = np.broadcast_to(g * scale, rows.shape)  # one factor per row, whatever the reduction
        d = p * g[:, None]
        d[rows, target] -= g
        return d

    return value, (d_input,)
