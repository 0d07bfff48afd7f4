"""Rules that pick elements: x[...], gather, triangles.

Lessons: 00, 04, 13.
"""

from typing import Any

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import primitive
from nnlearn.tensor.registry import composed


def _plain(index):
    """Turn Tensors and lists inside an index into arrays."""
    if isinstance(index, tuple):
        return tuple(map(_plain, index))
    if isinstance(index, list) or hasattr(index, "requires_grad"):
        array = np.asarray(index)
        return array.astype(np.int64) if array.size == 0 else array
    return index


def _in_two_steps(index, ndim):
    """Split an index with both numbers and arrays: first the numbers, then the arrays.

    NumPy counts a number as one more array, which moves axes: for x of shape (2, 3, 4), NumPy's
    x[0, :, [1, 2]] has shape (2, 3). PyTorch picks x[0] first, which gives (3, 2); so do we.
    """
    parts = index if isinstance(index, tuple) else (index,)
    arrays = [p for p in parts if isinstance(p, np.ndarray) and p.ndim]
    if not arrays or not any(isinstance(p, int | np.integer) for p in parts):
        return index, ()
    taken = sum(p.ndim if p.dtype == bool else 1 for p in arrays)
    taken += sum(isinstance(p, int | np.integer | slice) for p in parts)
    first: list[Any] = []
    second: list[Any] = []
    for part in parts:
        if part is Ellipsis:
            first += [slice(None)] * (ndim - taken)
            second += [slice(None)] * (ndim - taken)
        elif isinstance(part, int | np.integer):
            first.append(part)
        elif part is None:
            second.append(part)
        elif isinstance(part, slice):
            first.append(part)
            second.append(slice(None))
        else:
            first += [slice(None)] * (part.ndim if part.dtype == bool else 1)
            second.append(part)
    return tuple(first), tuple(second)


@primitive
def getitem(a, *, index):
    """Pick by numbers, slices, integer arrays or a mask: a[index].

    Example
    -------
    >>> getitem(np.array([[1, 2], [3, 4]]), (slice(None), 1))
    array([2, 4])
    """
    first, second = _in_two_steps(_plain(index), a.ndim)
    parts = second or (first if isinstance(first, tuple) else (first,))
    arrays = [p for p in parts if isinstance(p, np.ndarray)]

    def d_a(g):
        d = np.zeros_like(a, dtype=g.dtype)
        place, rest = (d[first], second) if second else (d, first)
        if any(p.dtype != bool for p in arrays):
            np.add.at(place, rest, g)  # the same element may have been picked twice
        else:
            place[rest] = g
        return d

    value = a[first][second] if second else a[first]
    if a.ndim and isinstance(value, np.generic):
        value = a[(*parts, ...)]  # one number too is a view: x[0].fill_(7) changes x
    return value, (d_a,)


@composed
def put(array, index, value):
    """Write into an array: array[index] = value, with an index as `getitem` takes it."""
    first, second = _in_two_steps(_plain(index), array.ndim)
    try:
        if second:
            array[first][second] = value
        else:
            array[first] = value
    except ValueError:
        place = array[first][second] if second else array[first]
        if np.shape(place) == np.shape(value):
            raise
        shapes = {"place": np.shape(place), "value": np.shape(value)}
        raise ShapeError(
            "x[index] = value: value does not broadcast to the place",
            shapes,
            "Counted from the right, each axis of value must equal that of the place, or be 1.",
        ) from None


@primitive
def gather(a, *, dim, index):
    """Pick along one axis: for dim=1, y[i, j] = a[i, index[i, j]].

    Parameters
    ----------
    a : any shape
    dim : the axis along which elements are picked
    index : integers, one axis for each axis of a; its other axes may be shorter than those of a

    Returns
    -------
    y : the shape of index

    Example
    -------
    >>> gather(np.array([[1, 2], [3, 4]]), 1, np.array([[0], [1]]))
    array([[1],
           [4]])
    """
    index = np.asarray(index)
    if index.dtype.kind not in "iu" or index.ndim != a.ndim:
        shapes = {"input": a.shape, "index": index.shape}
        repair = "index holds integers and has as many axes as input; x.unsqueeze(dim) adds one."
        raise ShapeError(f"gather: index of {index.dtype}", shapes, repair)
    axes = list(np.indices(index.shape, sparse=True))
    axes[dim] = index
    places = tuple(axes)

    def d_a(g):
        d = np.zeros_like(a, dtype=g.dtype)
        np.add.at(d, places, g)
        return d

    return a[places], (d_a,)


@primitive
def index_select(a, *, dim, index):
    """Pick whole slices along one axis: for dim=1, y[:, j] = a[:, index[j]]."""
    places = (slice(None),) * (dim % a.ndim) + (np.asarray(index),)

    def d_a(g):
        d = np.zeros_like(a, dtype=g.dtype)
        np.add.at(d, places, g)
        return d

    return a[places], (d_a,)


@primitive
def tril(a, *, diagonal=0):
    """Keep the lower triangle of the last two axes, and put 0 elsewhere."""
    return np.tril(a, diagonal), (lambda g: np.tril(g, diagonal),)


@primitive
def triu(a, *, diagonal=0):
    """Keep the upper triangle of the last two axes, and put 0 elsewhere."""
    return np.triu(a, diagonal), (lambda g: np.triu(g, diagonal),)
