"""Rules that put tensors together, and cut them apart again.

Lessons: 00, 11, 14.
"""

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.ops.indexing import getitem
from nnlearn.tensor import primitive
from nnlearn.tensor.registry import composed


def cat(tensors, dim=0):
    """Put tensors one after the other along an axis that they have.

    Parameters
    ----------
    tensors : a list; their shapes are equal, except along `dim`
    dim : the axis that grows

    Returns
    -------
    y : its size along `dim` is the sum of theirs

    Raises: ShapeError if the other axes differ, or the list is empty.

    Example
    -------
    >>> cat([np.zeros(2), np.ones(1)])
    array([0., 0., 1.])
    """
    return _joined("cat", _cat, tensors, dim)


def stack(tensors, dim=0):
    """Put tensors of one shape side by side along a new axis.

    Parameters
    ----------
    tensors : a list; their shapes are equal
    dim : where the new axis stands

    Returns
    -------
    y : its size along `dim` is the number of tensors

    Raises: ShapeError if the shapes differ, or the list is empty.

    Example
    -------
    >>> stack([np.zeros(2), np.ones(2)], dim=1)
    array([[0., 1.],
           [0., 1.]])
    """
    return _joined("stack", _stack, tensors, dim)


def _joined(name, rule, tensors, dim):
    tensors = list(tensors)
    try:
        return rule(*tensors, dim=dim)
    except ValueError:
        shapes = [np.shape(t) for t in tensors]
        differ = next((s for s in shapes if s != shapes[0]), "none")
        first = shapes[0] if shapes else "none"
        repair = "Axes must be equal" + (", except along dim." if name == "cat" else ".")
        raise ShapeError(
            f"{name}: {len(tensors)} tensors do not fit along dim={dim}",
            {"the first": first, "another": differ},
            repair if tensors else "The list is empty: give at least one tensor.",
        ) from None


@primitive
def _cat(*arrays, dim):
    value = np.concatenate(arrays, axis=dim)
    before = (slice(None),) * (dim % value.ndim)
    ends = np.cumsum([a.shape[dim] for a in arrays]).tolist()

    def d(start, end):
        return lambda g: g[(*before, slice(start, end))]

    return value, tuple(d(start, end) for start, end in zip([0, *ends], ends, strict=False))


@primitive
def _stack(*arrays, dim):
    value = np.stack(arrays, axis=dim)
    before = (slice(None),) * (dim % value.ndim)

    def d(i):
        return lambda g: g[(*before, i)]

    return value, tuple(map(d, range(len(arrays))))


@composed
def split(tensor, split_size_or_sections, dim=0):
    """Cut along an axis into pieces of one size (the last may be shorter), or of listed sizes.

    Example
    -------
    >>> split(np.arange(5), 2)
    (array([0, 1]), array([2, 3]), array([4]))
    """
    length, sizes = tensor.shape[dim], split_size_or_sections
    if isinstance(sizes, int):
        if sizes < 1:
            raise ValueError(f"split: pieces of size {sizes}\nThe size is at least 1.")
        sizes = [min(sizes, length - start) for start in range(0, length, sizes)] or [0]
    if sum(sizes) != length:
        repair = f"The sizes must add up to {length}."
        shapes = {"tensor": tensor.shape, "sizes": list(sizes)}
        raise ShapeError(f"split: the sizes do not fill dim {dim}", shapes, repair)
    ends = np.cumsum(sizes).tolist()
    before = (slice(None),) * (dim % tensor.ndim)
    starts = [end - size for end, size in zip(ends, sizes, strict=True)]
    pieces = [(*before, slice(a, b)) for a, b in zip(starts, ends, strict=True)]
    return tuple(getitem(tensor, piece) for piece in pieces)


@composed
def chunk(input, chunks, dim=0):
    """Cut along an axis into `chunks` equal pieces (the last may be shorter or missing)."""
    return split(input, max(1, -(-input.shape[dim] // chunks)), dim)


@composed
def unbind(input, dim=0):
    """Take an axis apart: one tensor for each of its places."""
    before = (slice(None),) * (dim % input.ndim)
    return tuple(getitem(input, (*before, i)) for i in range(input.shape[dim]))
