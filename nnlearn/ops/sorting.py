"""The largest, the smallest, the order of all: values together with the places they had.

All are put together from a question that has no gradient ("where?") and `gather`, which has one.

Lessons: 00, 14, 17.
"""

from typing import Any, NamedTuple

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.ops.arithmetic import maximum, minimum
from nnlearn.ops.indexing import gather
from nnlearn.ops.reductions import amax, amin, argmax, argmin
from nnlearn.ops.shapes import squeeze
from nnlearn.tensor import primitive
from nnlearn.tensor.registry import composed


class Found(NamedTuple):
    """What max, min, sort and topk return along an axis: values, and where they stood."""

    values: Any
    indices: Any


@composed
def max(input, dim=None, keepdim=False):
    """Take the largest element; along `dim`, return (values, indices); of two tensors, the larger.

    Example
    -------
    >>> values, indices = max(np.array([[1.0, 3.0], [5.0, 2.0]]), dim=1)
    >>> values, indices
    (array([3., 5.]), array([1, 0]))
    """
    return _extreme(input, dim, keepdim, amax, argmax, maximum)


@composed
def min(input, dim=None, keepdim=False):
    """Take the smallest element; along `dim`, (values, indices); of two tensors, the smaller."""
    return _extreme(input, dim, keepdim, amin, argmin, minimum)


def _extreme(input, dim, keepdim, everywhere, place, of_two):
    if dim is None:
        return everywhere(input)
    if not isinstance(dim, int):  # max(a, b)
        return of_two(input, dim)
    indices = place(input, dim=dim, keepdim=True)
    values = gather(input, dim, indices)
    if keepdim:
        return Found(values, indices)
    return Found(squeeze(values, dim=dim), squeeze(indices, dim=dim))


@primitive
def argsort(a, *, dim=-1, descending=False, stable=False):
    """Say where the smallest element stands, the next, and so on; equal ones keep their order."""
    if not descending:
        return np.argsort(a, axis=dim, kind="stable"), ()
    backward = np.argsort(np.flip(a, dim), axis=dim, kind="stable")
    return np.flip(a.shape[dim] - 1 - backward, dim), ()


@composed
def sort(input, dim=-1, descending=False, stable=False):
    """Sort along `dim`: (values, indices).

    Example
    -------
    >>> sort(np.array([2.0, 3.0, 1.0]), descending=True).indices
    array([1, 0, 2])
    """
    indices = argsort(input, dim, descending)
    return Found(gather(input, dim, indices), indices)


@composed
def topk(input, k, dim=-1, largest=True, sorted=True):
    """Find the k largest elements along `dim`, largest first: (values, indices).

    Parameters
    ----------
    input : any shape
    k : how many
    dim : the axis to look along
    largest : False for the k smallest
    sorted : accepted; the result always is

    Raises: ShapeError if the axis is shorter than k.

    Example
    -------
    >>> topk(np.array([2.0, 3.0, 1.0]), 2).values
    array([3., 2.])
    """
    length = input.shape[dim]
    if not 0 <= k <= length:
        repair = f"Take k={length} at most, or look along another dim."
        raise ShapeError(f"topk: the axis has no {k} elements", {"input": input.shape}, repair)
    order = argsort(input, dim, largest)
    indices = order[(slice(None),) * (dim % input.ndim) + (slice(k),)]
    return Found(gather(input, dim, indices), indices)
