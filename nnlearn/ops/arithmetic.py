"""Elementwise rules and matmul: each returns its value and, per array, the way back for gradients.

Each line `lambda g: ...` is a piece of the chain rule: g is d(loss)/d(value), the result is
d(loss)/d(that input). Broadcasting is undone by the engine, once for all.

Lessons: 00.
"""

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.tensor import primitive


def _broadcast(name, ufunc, a, b):
    """Compute ufunc(a, b); if the shapes do not fit, say why."""
    try:
        return ufunc(a, b)
    except ValueError:
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


@primitive
def pow(a, b):
    """Raise to a power elementwise: a ** b."""
    value = _broadcast("pow", np.power, a, b)
    return value, (lambda g: g * b * a ** (b - 1), lambda g: g * value * np.log(a))


@primitive
def neg(a):
    """Change the sign: -a."""
    return -a, (lambda g: -g,)


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
def log(a):
    """Take the natural logarithm."""
    return np.log(a), (lambda g: g / a,)


@primitive
def sqrt(a):
    """Take the square root."""
    value = np.sqrt(a)
    return value, (lambda g: g / (2 * value),)


@primitive
def matmul(a, b):
    """Multiply matrices: y[..., i, j] = sum over k of a[..., i, k] * b[..., k, j].

    Parameters
    ----------
    a : shape (..., N, K) or (K,)
    b : shape (..., K, M) or (K,)

    Returns
    -------
    y : shape (..., N, M), without N or M where that input is a vector

    Raises: ShapeError if the inner axes differ.
    Example: matmul(np.ones((2, 3)), np.ones(3)) -> array([3., 3.])
    """
    try:
        value = a @ b
    except ValueError:
        repair = "Columns on the left must equal rows on the right. Is a transpose (.T) missing?"
        rows, columns = ("K" if a.ndim == 1 else "... N K"), ("K" if b.ndim == 1 else "... K M")
        expect("matmul", repair, a=(a, rows), b=(b, columns))
        raise
    left = a[None] if a.ndim == 1 else a  # a vector counts as one row on the left,
    right = b[:, None] if b.ndim == 1 else b  # as one column on the right

    def as_matrix(g):
        g = g[..., None] if b.ndim == 1 else g
        return g[..., None, :] if a.ndim == 1 else g

    def d_a(g):
        return as_matrix(g) @ right.swapaxes(-1, -2)

    def d_b(g):
        d = left.swapaxes(-1, -2) @ as_matrix(g)
        return d[..., 0] if b.ndim == 1 else d

    return value, (d_a, d_b)


# Comparisons give booleans; nothing can be differentiated, so they have no vjps.


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
