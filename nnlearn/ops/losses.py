"""Losses for numbers and for yes-or-no answers: one number that says how wrong the answers are.

Each takes `reduction`: "mean" or "sum" over all elements, or "none" for one number each. The losses
for several classes stand in classification.py.

Lessons: 00, 04, 15.
"""

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.ops.squashing import _sigmoid
from nnlearn.tensor import primitive


def reduce(each, reduction, name, count=None):
    """Return the reduced loss, and what each sample's gradient is to be multiplied by.

    Parameters
    ----------
    each : one loss per sample
    reduction : "mean", "sum" or "none"
    name : of the loss, for messages
    count : what the mean divides by, if not by the number of samples
    """
    if reduction == "none":
        return each, 1
    if reduction not in ("mean", "sum"):
        raise ValueError(f'{name}: reduction is "mean", "sum" or "none", not {reduction!r}')
    if each.size == 0:
        raise ShapeError(f"{name}: the batch is empty", {"loss": each.shape}, "Leave it out.")
    if reduction == "sum":
        return each.sum(), 1
    count = each.size if count is None else count
    return each.sum() * (1 / count), 1 / count


def _check_pair(name, input, target):
    """Refuse shapes that would broadcast, and whole numbers where a float is wanted."""
    if input.shape != target.shape:
        raise ShapeError(
            f"{name}: input and target must have the same shape",
            {"input": input.shape, "target": target.shape},
            "Usual cause: (N, 1) against (N,). Write target.reshape(input.shape).",
        )
    if input.dtype.kind == "f" and target.dtype.kind != "f":
        raise TypeError(
            f"{name}: target holds {target.dtype}, but input {input.dtype}\n"
            "Usual cause: labels read as integers. Write target.float()."
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
    _check_pair("mse_loss", input, target)
    error = input - target
    value, scale = reduce(error * error, reduction, "mse_loss")
    return value, (lambda g: g * (2 * scale) * error, lambda g: g * (-2 * scale) * error)


@primitive
def l1_loss(input, target, *, reduction="mean"):
    """Mean absolute error: the average of |input - target| over all elements.

    Parameters
    ----------
    input, target : any shape, the same for both
    reduction : "mean", "sum" or "none"

    Returns
    -------
    loss : a number; same shape as input if reduction is "none"

    Example
    -------
    >>> float(l1_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    1.0
    """
    return _absolute("l1_loss", input, target, reduction)


def _absolute(name, input, target, reduction):
    _check_pair(name, input, target)
    error = input - target
    value, scale = reduce(np.abs(error), reduction, name)
    side = np.sign(error)
    return value, (lambda g: g * scale * side, lambda g: g * -scale * side)


@primitive
def huber_loss(input, target, *, reduction="mean", delta=1.0):
    """Squared for small errors, straight for large: one far point does not rule all.

    With e = |input - target|: e**2 / 2 where e < delta, else delta * (e - delta / 2).

    Parameters
    ----------
    input, target : any shape, the same for both
    reduction : "mean", "sum" or "none"
    delta : the error from which the loss goes on straight

    Returns
    -------
    loss : a number; same shape as input if reduction is "none"

    Example
    -------
    >>> huber_loss(np.array([0.5, 3.0]), np.array([0.0, 0.0]), "none")
    array([0.125, 2.5  ])

    Source: Huber (1964).
    """
    return _huber("huber_loss", input, target, reduction, delta, 1.0)


@primitive
def smooth_l1_loss(input, target, *, reduction="mean", beta=1.0):
    """Huber's loss divided by beta, so that the straight part has slope 1 whatever beta is.

    Parameters
    ----------
    input, target : any shape, the same for both
    reduction : "mean", "sum" or "none"
    beta : the error from which the loss goes on straight; 0 gives l1_loss

    Returns
    -------
    loss : a number; same shape as input if reduction is "none"

    Example
    -------
    >>> smooth_l1_loss(np.array([1.0, 3.0]), np.array([0.0, 0.0]), "none", beta=2.0)
    array([0.25, 2.  ])

    Source: Girshick (2015).
    """
    if beta == 0:
        return _absolute("smooth_l1_loss", input, target, reduction)
    return _huber("smooth_l1_loss", input, target, reduction, beta, 1 / beta)


def _huber(name, input, target, reduction, delta, factor):
    _check_pair(name, input, target)
    error = input - target
    bounded = np.minimum(np.maximum(error, -delta), delta)  # the slope, up to the factor
    each = bounded * (error - 0.5 * bounded)  # covers both parts
    value, scale = reduce(each if factor == 1 else each * factor, reduction, name)
    scale *= factor
    return value, (lambda g: g * scale * bounded, lambda g: g * -scale * bounded)


def _weight(weight, like):
    """Return a weight in the dtype of what it weighs; 1 if there is none."""
    return 1 if weight is None else np.asarray(weight, like.dtype)


@primitive
def binary_cross_entropy(input, target, *, weight=None, reduction="mean"):
    """Cross-entropy of yes-or-no answers: -(t * log(p) + (1 - t) * log(1 - p)).

    Parameters
    ----------
    input : any shape, probabilities p (what a sigmoid gives)
    target : same shape, t from 0 to 1
    weight : how much each element counts; broadcasts
    reduction : "mean", "sum" or "none"

    Returns
    -------
    loss : a number; same shape as input if reduction is "none". Logarithms stop at -100, so that
        one wrong certainty is not infinitely wrong; from scores, binary_cross_entropy_with_logits
        is exact.

    Raises: ValueError if a number lies outside 0..1 (or is NaN).

    Example
    -------
    >>> binary_cross_entropy(np.array([0.5, 0.0]), np.array([1.0, 1.0]), reduction="none").round(3)
    array([  0.693, 100.   ])
    """
    _check_pair("binary_cross_entropy", input, target)
    for name, array in (("input", input), ("target", target)):
        if not ((array >= 0) & (array <= 1)).all():
            raise ValueError(
                f"binary_cross_entropy: {name} must lie between 0 and 1\n"
                "Usual cause: scores without a sigmoid, labels other than 0 and 1, or NaN.\n"
                "From scores, use binary_cross_entropy_with_logits."
            )
    weight = _weight(weight, input)
    with np.errstate(divide="ignore"):  # log(0) is -inf, and -100 is larger
        log_yes = np.maximum(np.log(input), -100)
        log_no = np.maximum(np.log1p(-input), -100)
    each = -weight * (target * log_yes + (1 - target) * log_no)
    value, scale = reduce(each, reduction, "binary_cross_entropy")

    def d_input(g):
        return g * scale * weight * (input - target) / np.maximum(input * (1 - input), 1e-12)

    return value, (d_input, lambda g: g * scale * weight * (log_no - log_yes))


@primitive
def binary_cross_entropy_with_logits(
    input, target, *, weight=None, reduction="mean", pos_weight=None
):
    """Cross-entropy of yes-or-no answers from scores x: the sigmoid is inside, and nothing is cut.

    -(pos_weight * t * log(sigmoid(x)) + (1 - t) * log(1 - sigmoid(x)))

    Parameters
    ----------
    input : any shape, scores x
    target : same shape, t from 0 to 1
    weight : how much each element counts; broadcasts
    reduction : "mean", "sum" or "none"
    pos_weight : how much more a "yes" counts than a "no"; broadcasts

    Returns
    -------
    loss : a number; same shape as input if reduction is "none"

    Example
    -------
    >>> scores = np.array([1e4, 0.0, -1e4])
    >>> binary_cross_entropy_with_logits(scores, np.array([1.0, 1.0, 1.0]), reduction="none")
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+04])
    """
    name = "binary_cross_entropy_with_logits"
    _check_pair(name, input, target)
    weight, positive = _weight(weight, input), _weight(pos_weight, input)
    yes = 1 + (positive - 1) * target  # what log(sigmoid) counts, apart from the (1 - t) * x
    miss = np.maximum(-input, 0) + np.log1p(np.exp(-np.abs(input)))  # -log(sigmoid(x))
    each = weight * ((1 - target) * input + yes * miss)
    value, scale = reduce(each, reduction, name)

    def d_input(g):
        return g * scale * weight * (1 - target - yes * _sigmoid(-input))

    return value, (d_input, lambda g: g * scale * weight * ((positive - 1) * miss - input))
