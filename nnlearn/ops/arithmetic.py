"""Arithmetic with broadcasting: each rule returns its value and, per array, the way back.

Each `lambda g: ...` is a piece of the chain rule: g is d(loss)/d(value), the result is
d(loss)/d(that input). Broadcasting is undone by the engine, once for all.

Lessons: 00, 07.
"""

import operator

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import primitive


def _broadcast(name, function, a, b):
    """Compute function(a, b); if the shapes do not fit, say why."""
    try:
        return function(a, b)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        raise ShapeError(
            f"{name}: these shapes do not broadcast",
            {"a": np.shape(a), "b": np.shape(b)},
            "Counted from the right, two axes must be equal, or one of them 1 or absent.",
        ) from None


@primitive
def add(a, b):
    """Add with broadcasting: a + b."""
    return _broadcast("add", np.add, a, b), (lambda g: g, lambda g: g)


@primitive
def sub(a, b):
    """Subtract with broadcasting: a - b."""
    return _broadcast("sub", np.subtract, a, b), (lambda g: g, lambda g: -g)


@primitive
def mul(a, b):
    """Multiply elementwise with broadcasting: a * b."""
    return _broadcast("mul", np.multiply, a, b), (lambda g: g * b, lambda g: g * a)


@primitive
def div(a, b):
    """Divide elementwise with broadcasting: a / b."""
    value = _broadcast("div", np.true_divide, a, b)
    return value, (lambda g: g / b, lambda g: -g * value / b)


def _power(a, b):
    if np.ndim(b) == 0 and b == 3:
        return a * a * a  # thirty times as fast as the general power
    return a**b


@primitive
def pow(a, b):
    """Raise to a power elementwise: a ** b."""
    value = _broadcast("pow", _power, a, b)

    def d_a(g):  # b - 1 is the exponent; for b = 0 it stays 0, since a**0 is flat, at a = 0 too
        return g * b * _power(a, b - (b != 0))

    def d_b(g):  # 0**b is flat: log(1) stands in for log(0)
        return g * value * np.log(a + (a == 0))

    return value, (d_a, d_b)


@primitive
def neg(a):
    """Change the sign: -a."""
    return -a, (lambda g: -g,)


@primitive
def maximum(a, b):
    """Take the larger of two, elementwise; equal ones share the gradient evenly."""
    value = _broadcast("maximum", np.maximum, a, b)
    return value, (lambda g: g * _share(a, b), lambda g: g * _share(b, a))


@primitive
def minimum(a, b):
    """Take the smaller of two, elementwise; equal ones share the gradient evenly."""
    value = _broadcast("minimum", np.minimum, a, b)
    return value, (lambda g: g * _share(b, a), lambda g: g * _share(a, b))


def _share(a, b):
    """Say how much of the gradient goes to a: 1 where a > b, 1/2 where they are equal."""
    share = np.asarray(np.greater(a, b), np.result_type(a, b))
    return share + 0.5 * np.equal(a, b)


# Steps: flat between their jumps, so no gradient passes.


@primitive
def floor_divide(a, b):
    """Divide and round down: a // b."""
    return _broadcast("floor_divide", operator.floordiv, a, b), ()


@primitive
def remainder(a, b):
    """What floor division leaves, with the sign of b: a - b * (a // b)."""
    value = _broadcast("remainder", operator.mod, a, b)
    return value, (lambda g: g, lambda g: -g * (a // b))
