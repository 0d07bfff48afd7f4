"""Rules that shrink axes: sum, mean, the largest element. `dim` is the axis that disappears.

`dim` is an axis, several, or None for all; `keepdim` keeps it with size 1.

Lessons: 00, 04, 09.
"""

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import primitive
from nnlearn.tensor.registry import composed


def _axes(dim):
    """Write `dim` as NumPy wants it: lists become tuples, and () means all."""
    return (tuple(dim) or None) if isinstance(dim, list | tuple) else dim


def _spread(g, shape, dim, keepdim):
    """Give every element the gradient of the sum it went into."""
    full = np.empty(shape, g.dtype)
    full[...] = g if dim is None or keepdim else np.expand_dims(g, dim)
    return full


def _total(a):
    """Add integers up in int64, as PyTorch does: uint8 would become uint64, where 0 - 1 is huge."""
    return np.int64 if a.dtype.kind in "biu" else None


def _refuse_empty(name, a):
    if a.size == 0:
        raise ShapeError(f"{name}: nothing to look at", {"a": a.shape}, "Is the batch empty?")


@primitive
def sum(a, *, dim=None, keepdim=False):
    """Add up along `dim`."""
    dim = _axes(dim)
    value = a.sum(axis=dim, keepdims=keepdim, dtype=_total(a))
    return value, (lambda g: _spread(g, a.shape, dim, keepdim),)


@primitive
def mean(a, *, dim=None, keepdim=False):
    """Average along `dim`."""
    dim = _axes(dim)
    if a.size == 0:
        raise ShapeError("mean: nothing to average", {"a": a.shape}, "Is the batch empty?")
    value = a.mean(axis=dim, keepdims=keepdim)
    count = a.size // value.size
    return value, (lambda g: _spread(g / count, a.shape, dim, keepdim),)


@primitive
def var(a, *, dim=None, unbiased=None, keepdim=False, correction=1):
    """Average the squared distance from the mean along `dim`.

    Parameters
    ----------
    a : any shape
    dim : an axis, several, or None for all
    unbiased : True for correction=1, False for correction=0
    keepdim : keep the axes with size 1
    correction : what is taken off the count that the sum is divided by; 1 makes up for the mean
        having been estimated from the same numbers

    Returns
    -------
    y : the shape of a without `dim`

    Example
    -------
    >>> var(np.array([1.0, 2.0, 3.0])), var(np.array([1.0, 2.0, 4.0]), unbiased=False).round(3)
    (np.float64(1.0), np.float64(1.556))
    """
    if isinstance(dim, bool):  # PyTorch also takes var(unbiased)
        dim, unbiased = None, dim
    dim = _axes(dim)
    correction = correction if unbiased is None else int(unbiased)
    _refuse_empty("var", a)
    centred = a - a.mean(axis=dim, keepdims=True)
    total = (centred * centred).sum(axis=dim, keepdims=keepdim)
    count = a.size // total.size - correction
    if count <= 0:
        raise ShapeError(
            f"var: {count + correction} elements are too few for correction={correction}",
            {"a": a.shape, "dim": dim},
            "One number has no spread. For a variance of 0 write correction=0.",
        )
    return total / count, (lambda g: _spread(g * (2 / count), a.shape, dim, keepdim) * centred,)


@composed
def std(a, dim=None, unbiased=None, keepdim=False, correction=1):
    """Take the square root of `var`: the spread in the units of a. Same arguments."""
    settings = {"dim": dim, "unbiased": unbiased, "keepdim": keepdim, "correction": correction}
    return _root(var(a, **settings))


@primitive
def _root(a):
    """The square root, whose slope at 0 counts as 0: numbers that are all equal stay so."""
    value = np.sqrt(a)
    return value, (lambda g: g / (2 * value + (value == 0)) * (value != 0),)


@primitive
def amax(a, *, dim=None, keepdim=False):
    """Take the largest element along `dim`; equal ones share the gradient evenly."""
    return _extreme("amax", np.max, a, _axes(dim), keepdim)


@primitive
def amin(a, *, dim=None, keepdim=False):
    """Take the smallest element along `dim`; equal ones share the gradient evenly."""
    return _extreme("amin", np.min, a, _axes(dim), keepdim)


def _extreme(name, choose, a, dim, keepdim):
    _refuse_empty(name, a)
    value = choose(a, axis=dim, keepdims=True)

    def d_a(g):
        won = a == value
        return _spread(g, a.shape, dim, keepdim) * won / won.sum(axis=dim, keepdims=True)

    return value if keepdim else np.squeeze(value, dim), (d_a,)


@primitive
def logsumexp(a, *, dim, keepdim=False):
    """Compute log(sum(exp(a))) along `dim`; the largest element is taken out first."""
    dim = _axes(dim)
    _refuse_empty("logsumexp", a)
    top = a.max(axis=dim, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    p = np.exp(a - top)
    total = p.sum(axis=dim, keepdims=True)
    with np.errstate(divide="ignore"):  # nothing but -inf: the logarithm of 0 is -inf too
        value = np.log(total) + top
    p /= np.maximum(total, np.finfo(p.dtype).tiny)
    value = value if keepdim else np.squeeze(value, dim)
    return value, (lambda g: _spread(g, a.shape, dim, keepdim) * p,)


@primitive
def cumsum(a, *, dim):
    """Add up as you go: y[i] = a[0] + ... + a[i] along `dim`."""
    back = lambda g: np.flip(np.cumsum(np.flip(g, dim), axis=dim), dim)  # noqa: E731
    return np.cumsum(a, axis=dim, dtype=_total(a)), (back,)


@primitive
def prod(a, *, dim=None, keepdim=False):
    """Multiply along `dim` (one axis, or None for all)."""
    value = a.prod(axis=dim, keepdims=keepdim, dtype=_total(a))

    def d_a(g):  # the product of all others: of those before times those after, right for 0 too
        rows = a.reshape(1, -1) if dim is None else np.moveaxis(a, dim, -1)
        ones = np.ones((*rows.shape[:-1], 1), a.dtype)
        before = np.cumprod(np.concatenate([ones, rows[..., :-1]], -1), -1)
        after = np.cumprod(np.concatenate([ones, rows[..., :0:-1]], -1), -1)[..., ::-1]
        others = before * after
        others = others.reshape(a.shape) if dim is None else np.moveaxis(others, -1, dim)
        return _spread(g, a.shape, dim, keepdim) * others

    return value, (d_a,)


@primitive
def norm(a, *, p=2, dim=None, keepdim=False):
    """Measure the length of vectors: (sum of |a|**p) ** (1/p) along `dim`.

    p is 1, 2 ("fro" says the same) or inf; the slope at length 0 counts as 0.
    """
    dim = _axes(dim)
    if p == np.inf:
        value, (d_size,) = _extreme("norm", np.max, np.abs(a), dim, keepdim)
        return value, (lambda g: d_size(g) * np.sign(a),)
    if p == 1:
        value = np.abs(a).sum(axis=dim, keepdims=keepdim)
        return value, (lambda g: _spread(g, a.shape, dim, keepdim) * np.sign(a),)
    if p not in (2, "fro"):
        raise ValueError(f"norm: p={p!r} is not part of nnlearn: take 1, 2 or inf")
    value = np.sqrt((a * a).sum(axis=dim, keepdims=keepdim))
    return value, (lambda g: _spread(g / (value + (value == 0)), a.shape, dim, keepdim) * a,)


# These answer with places or booleans: nothing to differentiate.


@primitive
def argmax(a, *, dim=None, keepdim=False):
    """Say where the largest element along `dim` stands (the first of equal ones)."""
    _refuse_empty("argmax", a)
    return np.argmax(a, axis=dim, keepdims=keepdim), ()


@primitive
def argmin(a, *, dim=None, keepdim=False):
    """Say where the smallest element along `dim` stands (the first of equal ones)."""
    _refuse_empty("argmin", a)
    return np.argmin(a, axis=dim, keepdims=keepdim), ()


@primitive
def any(a, *, dim=None, keepdim=False):
    """Whether at least one element along `dim` is True (not 0)."""
    return np.any(a, axis=_axes(dim), keepdims=keepdim), ()


@primitive
def all(a, *, dim=None, keepdim=False):
    """Whether every element along `dim` is True (not 0)."""
    return np.all(a, axis=_axes(dim), keepdims=keepdim), ()


@primitive
def count_nonzero(a, *, dim=None):
    """Count the elements along `dim` that are not 0."""
    return np.count_nonzero(a, axis=_axes(dim)), ()
