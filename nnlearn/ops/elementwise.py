"""Functions of one number, applied to each element, and choices between elements.

Lessons: 00, 03, 07, 13.
"""

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import primitive
from nnlearn.tensor.registry import composed


@primitive
def abs(a):
    """Take the absolute value; the slope at 0 counts as 0."""
    return np.abs(a), (lambda g: g * np.sign(a),)


@primitive
def exp(a):
    """Raise e to the power a."""
    value = np.exp(a)
    return value, (lambda g: g * value,)


@primitive
def expm1(a):
    """Compute exp(a) - 1, exactly for small a too."""
    value = np.expm1(a)
    return value, (lambda g: g * (value + 1),)


@primitive
def log(a):
    """Take the natural logarithm."""
    return np.log(a), (lambda g: g / a,)


@primitive
def log1p(a):
    """Compute log(1 + a), exactly for small a too."""
    return np.log1p(a), (lambda g: g / (1 + a),)


@primitive
def log2(a):
    """Take the logarithm to base 2."""
    return np.log2(a), (lambda g: g / (a * np.log(2).item()),)


@primitive
def log10(a):
    """Take the logarithm to base 10."""
    return np.log10(a), (lambda g: g / (a * np.log(10).item()),)


@primitive
def sqrt(a):
    """Take the square root."""
    value = np.sqrt(a)
    return value, (lambda g: g / (2 * value),)


@primitive
def rsqrt(a):
    """Take one over the square root."""
    value = 1 / np.sqrt(a)
    return value, (lambda g: g * (-0.5 * value / a),)


@primitive
def square(a):
    """Multiply by itself: a * a."""
    return a * a, (lambda g: g * (2 * a),)


@primitive
def reciprocal(a):
    """Take one over a."""
    value = 1 / a
    return value, (lambda g: -g * value * value,)


@primitive
def sin(a):
    """Take the sine."""
    return np.sin(a), (lambda g: g * np.cos(a),)


@primitive
def cos(a):
    """Take the cosine."""
    return np.cos(a), (lambda g: -g * np.sin(a),)


@primitive
def clamp(a, *, min=None, max=None):
    """Keep between min and max, either of which may be None; what was cut has slope 0."""
    if min is None and max is None:
        raise ValueError("clamp: at least one of min and max must be given")
    value = a if min is None else np.maximum(a, min)
    value = value if max is None else np.minimum(value, max)
    return value, (lambda g: g * (value == a),)


@composed
def clip(input, min=None, max=None):
    """Do what `clamp` does, under NumPy's name."""
    return clamp(input, min=min, max=max)


# Steps: flat between their jumps. PyTorch's gradient is 0 there, and so is ours.


def _flat(g):
    return np.zeros_like(g)


@primitive
def sign(a):
    """Say on which side of 0: -1, 0 or 1."""
    return np.sign(a), (_flat,)


@primitive
def floor(a):
    """Round down."""
    return np.floor(a), (_flat,)


@primitive
def ceil(a):
    """Round up."""
    return np.ceil(a), (_flat,)


@primitive
def round(a, *, decimals=0):
    """Round to the nearest, halves to the even neighbour."""
    return np.round(a, decimals), (_flat,)


@primitive
def where(condition, input, other):
    """Choose elementwise: input where condition holds, other elsewhere.

    Parameters
    ----------
    condition : booleans
    input, other : arrays or numbers; all three broadcast

    Returns
    -------
    y : the common shape

    Example
    -------
    >>> where(np.array([True, False]), np.array([1.0, 2.0]), 0.0)
    array([1., 0.])
    """
    if np.asarray(condition).dtype != bool:
        raise TypeError("where: condition holds booleans\nWrite a comparison, such as x > 0.")
    try:
        value = np.where(condition, input, other)
    except ValueError:
        shapes = {"condition": condition, "input": input, "other": other}
        raise ShapeError(
            "where: these shapes do not broadcast",
            {name: np.shape(array) for name, array in shapes.items()},
            "Counted from the right, axes must be equal, or 1 or absent.",
        ) from None
    return value, (None, lambda g: g * condition, lambda g: g * np.logical_not(condition))


@primitive
def masked_fill(input, mask, *, value):
    """Write `value` wherever the mask is True; no gradient passes there.

    Parameters
    ----------
    input : any shape
    mask : booleans, of a shape that broadcasts to that of input
    value : a number

    Returns
    -------
    y : same shape and dtype as input

    Example
    -------
    >>> masked_fill(np.array([1.0, 2.0]), np.array([False, True]), -np.inf)
    array([  1., -inf])
    """
    if mask.dtype != bool:
        raise TypeError(
            f"masked_fill: mask holds booleans, this one {mask.dtype}\n"
            "Write a comparison, such as mask == 0, or mask.bool()."
        )
    try:
        mask = np.broadcast_to(mask, input.shape)
    except ValueError:
        shapes = {"input": input.shape, "mask": mask.shape}
        raise ShapeError(
            "masked_fill: mask does not broadcast to input",
            shapes,
            "Counted from the right, each axis of mask must equal that of input, or be 1.",
        ) from None
    filled = np.where(mask, np.asarray(value).astype(input.dtype), input)
    return filled, (lambda g: g * ~mask, None)
