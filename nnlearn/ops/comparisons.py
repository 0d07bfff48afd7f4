"""Questions with the answers True and False. Nothing can be differentiated, so no vjps.

Lessons: 00, 13.
"""

import numpy as np

from nnlearn.ops.arithmetic import _broadcast
from nnlearn.tensor import primitive
from nnlearn.tensor.registry import composed


@primitive
def lt(a, b):
    """Where a < b."""
    return _broadcast("lt", np.less, a, b), ()


@primitive
def le(a, b):
    """Where a <= b."""
    return _broadcast("le", np.less_equal, a, b), ()


@primitive
def gt(a, b):
    """Where a > b."""
    return _broadcast("gt", np.greater, a, b), ()


@primitive
def ge(a, b):
    """Where a >= b."""
    return _broadcast("ge", np.greater_equal, a, b), ()


@primitive
def eq(a, b):
    """Where a equals b."""
    return _broadcast("eq", np.equal, a, b), ()


@primitive
def ne(a, b):
    """Where a differs from b."""
    return _broadcast("ne", np.not_equal, a, b), ()


@primitive
def logical_and(a, b):
    """Where both hold (anything but 0 counts as True)."""
    return _broadcast("logical_and", np.logical_and, a, b), ()


@primitive
def logical_or(a, b):
    """Where at least one holds."""
    return _broadcast("logical_or", np.logical_or, a, b), ()


@primitive
def logical_xor(a, b):
    """Where exactly one holds."""
    return _broadcast("logical_xor", np.logical_xor, a, b), ()


@primitive
def logical_not(a):
    """Where a does not hold."""
    return np.logical_not(a), ()


@primitive
def bitwise_and(a, b):
    """Combine by "and", bit by bit: mask & mask."""
    return _broadcast("bitwise_and", np.bitwise_and, a, b), ()


@primitive
def bitwise_or(a, b):
    """Combine by "or", bit by bit: mask | mask."""
    return _broadcast("bitwise_or", np.bitwise_or, a, b), ()


@primitive
def bitwise_xor(a, b):
    """Combine by "either, or", bit by bit: mask ^ mask."""
    return _broadcast("bitwise_xor", np.bitwise_xor, a, b), ()


@primitive
def bitwise_not(a):
    """Turn every bit round: ~mask."""
    return np.invert(a), ()


@primitive
def isnan(a):
    """Where a is not a number."""
    return np.isnan(a), ()


@primitive
def isinf(a):
    """Where a is infinite."""
    return np.isinf(a), ()


@primitive
def isfinite(a):
    """Where a is neither infinite nor NaN."""
    return np.isfinite(a), ()


@primitive
def isclose(input, other, *, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Where |input - other| <= atol + rtol * |other|."""
    return np.isclose(input, other, rtol, atol, equal_nan), ()


@composed
def allclose(input, other, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Say whether |input - other| <= atol + rtol * |other| everywhere."""
    return bool(np.allclose(np.asarray(input), np.asarray(other), rtol, atol, equal_nan))


@composed
def equal(input, other):
    """Say whether two have the same shape and the same elements."""
    return bool(np.array_equal(np.asarray(input), np.asarray(other)))
