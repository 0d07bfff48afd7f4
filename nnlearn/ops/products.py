"""Products of matrices and vectors, and Einstein's way of writing all of them.

Lessons: 00, 02, 07, 13.
"""

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.tensor import primitive
from nnlearn.tensor.registry import composed


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


@composed
def mm(input, mat2):
    """Multiply two matrices: (N, K) by (K, M)."""
    _need("mm", "N K", "K M", input, mat2)
    return matmul(input, mat2)


@composed
def bmm(input, mat2):
    """Multiply matrices pair by pair: (B, N, K) by (B, K, M)."""
    _need("bmm", "B N K", "B K M", input, mat2)
    return matmul(input, mat2)


@composed
def mv(input, vec):
    """Multiply a matrix by a vector: (N, K) by (K,)."""
    _need("mv", "N K", "K", input, vec)
    return matmul(input, vec)


@composed
def dot(input, tensor):
    """Multiply two vectors elementwise and add up: (K,) by (K,)."""
    _need("dot", "K", "K", input, tensor)
    return matmul(input, tensor)


def _need(name, first, second, a, b):
    expect(name, "For other shapes there is matmul, or @.", a=(a, first), b=(b, second))


@primitive
def outer(a, b):
    """Multiply each element of a by each of b: y[i, j] = a[i] * b[j]."""
    expect("outer", "Both are vectors: x.flatten() makes one.", a=(a, "N"), b=(b, "M"))
    return np.outer(a, b), (lambda g: g @ b, lambda g: a @ g)


def einsum(equation, *operands):
    """Multiply and add up along named axes: einsum("ij,jk->ik", a, b) is a @ b.

    Parameters
    ----------
    equation : a letter for each axis, "," between arrays, and after "->" the axes that stay; those
        left out are added up. Without "->", letters that stand once stay, in alphabetical order.
    operands : the arrays

    Returns
    -------
    y : one axis per letter after "->"

    Raises: ValueError for what is not part of nnlearn: "..." and a letter twice in one array.

    Example
    -------
    >>> einsum("ij,j->i", np.ones((2, 3)), np.arange(3.0))
    array([3., 3.])
    """
    if len(operands) == 1 and isinstance(operands[0], list | tuple):
        operands = tuple(operands[0])
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    letters = inputs.split(",")
    if not arrow:
        output = "".join(c for c in sorted(set(inputs) - {","}) if inputs.count(c) == 1)
    if "." in equation or any(len(set(part)) < len(part) for part in letters):
        raise ValueError(f'einsum: "..." and diagonals are not part of nnlearn: {equation!r}')
    if len(letters) != len(operands):
        raise ValueError(f"einsum: {equation!r} speaks of {len(letters)} arrays, not of these")
    return _einsum(*operands, letters=letters, output=output)


@primitive
def _einsum(*arrays, letters, output):
    sizes: dict[str, int] = {}
    for part, array in zip(letters, arrays, strict=True):
        for letter, size in zip(part, array.shape, strict=False):
            if len(part) != array.ndim or sizes.setdefault(letter, size) != size:
                shapes = {part: array.shape for part, array in zip(letters, arrays, strict=True)}
                raise ShapeError("einsum: letters and axes do not fit", shapes, "One per axis.")

    def product(parts, factors, result):
        return np.einsum(",".join(parts) + "->" + result, *factors, optimize=len(factors) > 1)

    def d(i):
        def vjp(g):  # the same product with g in the place of array i, solved for its letters
            parts = [output, *letters[:i], *letters[i + 1 :]]
            alone = "".join(c for c in letters[i] if not any(c in p for p in parts))
            ones = np.ones([sizes[c] for c in alone], g.dtype)  # along these i alone was added up
            return product([*parts, alone], [g, *arrays[:i], *arrays[i + 1 :], ones], letters[i])

        return vjp

    return product(letters, arrays, output), tuple(d(i) for i in range(len(arrays)))
