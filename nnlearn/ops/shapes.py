"""Rules that move elements without changing them: reshape, transpose, repeat, change the dtype.

Lessons: 00.
"""

import math

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import primitive
from nnlearn.tensor.dtypes import known_dtype
from nnlearn.tensor.registry import composed


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


@composed
def t(input):
    """Transpose a matrix: rows become columns."""
    if input.ndim > 2:
        repair = "Write x.transpose(-2, -1), or x.mT, for the last two axes."
        raise ShapeError("t: takes at most two axes", {"input": input.shape}, repair)
    return permute(input)


@primitive
def squeeze(a, *, dim=None):
    """Drop axes of size 1: `dim` (one or several), or all of them; longer axes stay."""
    wanted = range(a.ndim) if dim is None else (dim,) if isinstance(dim, int) else dim
    alone = tuple(d for d in wanted if a.ndim and a.shape[d] == 1)
    return np.squeeze(a, alone), (lambda g: g.reshape(a.shape),)


@primitive
def unsqueeze(a, *, dim):
    """Insert an axis of size 1 at `dim`."""
    return np.expand_dims(a, dim), (lambda g: g.reshape(a.shape),)


@primitive
def expand(a, *, size):
    """Repeat along axes of size 1, without copying; -1 leaves an axis as it is."""
    padded = (1,) * (len(size) - a.ndim) + a.shape
    full = tuple(n if s == -1 else s for s, n in zip(size, padded[-len(size) :], strict=False))
    try:
        return np.broadcast_to(a, full), (lambda g: g,)  # the engine adds the repeats up
    except ValueError:
        raise ShapeError(
            f"expand: only axes of size 1 can become longer, to {tuple(size)}",
            {"a": a.shape},
            "x.repeat copies a longer axis; x.unsqueeze makes an axis of size 1.",
        ) from None


@composed
def broadcast_to(input, size):
    """Repeat along axes of size 1 until the shape is `size`, without copying."""
    return expand(input, size)


@primitive
def repeat(a, *, repeats):
    """Put copies side by side: repeats[i] of them along axis i; new axes come first."""
    if len(repeats) < a.ndim:
        shapes = {"a": a.shape, "repeats": tuple(repeats)}
        raise ShapeError("repeat: one number per axis", shapes, "Write 1 for axes that stay.")
    padded = (1,) * (len(repeats) - a.ndim) + a.shape
    copies = [n for pair in zip(repeats, padded, strict=True) for n in pair]  # (copies, size), ...
    back = tuple(range(0, len(copies), 2))
    return np.tile(a, repeats), (lambda g: g.reshape(copies).sum(axis=back).reshape(a.shape),)


@primitive
def flip(a, *, dims):
    """Turn round along `dims`: the last comes first."""
    return np.flip(a, dims), (lambda g: np.flip(g, dims),)


@primitive
def roll(a, *, shifts, dims=None):
    """Move along `dims` by `shifts` places; what leaves at one end comes in at the other."""
    back = -shifts if isinstance(shifts, int) else [-s for s in shifts]
    return np.roll(a, shifts, dims), (lambda g: np.roll(g, back, dims),)


@primitive
def clone(a):
    """Copy; gradients pass."""
    return a.copy(), (lambda g: g,)


@primitive
def to(a, *, dtype):
    """Change the dtype; gradients come back in the old one."""
    return a.astype(known_dtype(dtype), copy=False), (lambda g: g,)
