"""Rules that shrink axes: sum, mean, the largest element. `dim` is the axis that disappears.

Lessons: 00.
"""

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import primitive


def _spread(g, shape, dim, keepdim):
    """Give every element the gradient of the sum it went into."""
    full = np.empty(shape, g.dtype)
    full[...] = g if dim is None or keepdim else np.expand_dims(g, dim)
    return full


@primitive
def sum(a, *, dim=None, keepdim=False):
    """Add up along `dim` (an axis, several, or None for all)."""
    value = a.sum(axis=dim, keepdims=keepdim)
    return value, (lambda g: _spread(g, a.shape, dim, keepdim),)


@primitive
def mean(a, *, dim=None, keepdim=False):
    """Average along `dim` (an axis, several, or None for all)."""
    if a.size == 0:
        raise ShapeError("mean: nothing to average", {"a": a.shape}, "Is the batch empty?")
    value = a.mean(axis=dim, keepdims=keepdim)
    count = a.size // value.size
    return value, (lambda g: _spread(g / count, a.shape, dim, keepdim),)


@primitive
def amax(a, *, dim=None, keepdim=False):
    """Take the largest element along `dim`; equal ones share the gradient evenly."""
    value = a.max(axis=dim, keepdims=True)

    def d_a(g):
        won = a == value
        return _spread(g, a.shape, dim, keepdim) * won / won.sum(axis=dim, keepdims=True)

    return value if keepdim else value.reshape(a.max(axis=dim).shape), (d_a,)


@primitive
def argmax(a, *, dim=None, keepdim=False):
    """Say where the largest element along `dim` stands (the first of equal ones)."""
    return np.argmax(a, axis=dim, keepdims=keepdim), ()
