"""Rules that move elements without changing them: reshape, transpose, indexing, dtype.

Lessons: 00.
"""

import math

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import primitive


@primitive
def reshape(a, *, shape):
    """Read the same elements in the same order into another shape; one size may be -1."""
    try:
        value = a.reshape(shape)
    except ValueError:
        raise ShapeError(
            f"reshape: {a.size} elements do not fill {tuple(shape)}",
            {"a": a.shape},
            "The sizes must multiply to the same number; one of them may be -1.",
        ) from None
    return value, (lambda g: g.reshape(a.shape),)


@primitive
def flatten(a, *, start_dim=0, end_dim=-1):
    """Join the axes start_dim to end_dim into one."""
    if a.ndim == 0:
        return a.reshape(1), (lambda g: g.reshape(()),)
    start, end = start_dim % a.ndim, end_dim % a.ndim
    joined = math.prod(a.shape[start : end + 1])
    value = a.reshape(*a.shape[:start], joined, *a.shape[end + 1 :])
    return value, (lambda g: g.reshape(a.shape),)


@primitive
def permute(a, *, dims=None):
    """Put the axes into the order `dims`; without it, reverse them."""
    value = a.transpose(dims)
    back = None if dims is None else np.argsort([d % a.ndim for d in dims])
    return value, (lambda g: g.transpose(back),)


@primitive
def transpose(a, *, dim0, dim1):
    """Swap two axes."""
    return a.swapaxes(dim0, dim1), (lambda g: g.swapaxes(dim0, dim1),)


@primitive
def getitem(a, *, index):
    """Pick by numbers, slices, integer arrays or a mask: a[index]."""
    if isinstance(index, tuple):
        index = tuple(np.asarray(i) if hasattr(i, "requires_grad") else i for i in index)
    parts = index if isinstance(index, tuple) else (index,)

    def d_a(g):
        d = np.zeros_like(a, dtype=g.dtype)
        if any(isinstance(p, list | np.ndarray) for p in parts):
            np.add.at(d, index, g)  # the same element may have been picked twice
        else:
            d[index] = g
        return d

    return a[index], (d_a,)


@primitive
def gather(a, *, dim, index):
    """Pick along one axis: for dim=1, y[i, j] = a[i, index[i, j]]."""

    def d_a(g):
        d = np.zeros_like(a, dtype=g.dtype)
        places = list(np.indices(index.shape, sparse=True))
        places[dim] = index
        np.add.at(d, tuple(places), g)
        return d

    return np.take_along_axis(a, index, axis=dim), (d_a,)


@primitive
def to(a, *, dtype):
    """Change the dtype."""
    return a.astype(dtype), (lambda g: g,)
