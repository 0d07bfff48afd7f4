"""Embedding: a table with one row of numbers for every word; looking up is picking rows.

Lessons: 11, 14, 17.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.tensor import Tensor, primitive


def _check_indices(name, indices, count, of):
    """Refuse what is no row number: a negative one would pick from the end, silently."""
    if indices.dtype.kind not in "iu":
        raise TypeError(
            f"{name}: input holds row numbers, so it must be integer, not {indices.dtype}\n"
            "Usual cause: words read as float. Write input.astype(int), or input.long()."
        )
    if indices.size and (indices.min() < 0 or indices.max() >= count):
        raise IndexError(
            f"{name}: input runs from {indices.min()} to {indices.max()}, but {of} {count}\n"
            "Usual cause: a vocabulary that grew after the model was made.\n"
            f"The numbers must lie in 0..{count - 1}."
        )


@primitive
def embedding(input, weight, *, padding_idx=None):
    """Look up rows: y[..., :] = weight[input[...], :].

    The same as one_hot(input) @ weight, without the multiplications by zero. So the gradient of
    a row is the sum of the gradients of all places where it was used.

    Parameters
    ----------
    input : integers of any shape (...), each a row number
    weight : shape (V, D), one row of D numbers for each of V words
    padding_idx : the row that stands for "no word here": it gets no gradient

    Returns
    -------
    y : shape (..., D)

    Raises: TypeError if input is not integer, IndexError if a number lies outside 0..V-1.

    Example
    -------
    >>> embedding(np.array([1, 0, 1]), np.array([[0.0, 0.5], [2.0, 3.0]]))
    array([[2. , 3. ],
           [0. , 0.5],
           [2. , 3. ]])

    Source: Bengio, Ducharme, Vincent and Jauvin (2003). Loops: embedding_loops.
    """
    _check_indices("embedding", input, len(weight), "the rows of weight number")

    def d_weight(g):
        # Equal numbers side by side, then one sum per run: three times faster than np.add.at.
        d = np.zeros_like(weight)
        order = np.argsort(input, axis=None, kind="stable")
        rows = input.reshape(-1)[order]
        first = np.append(True, rows[1:] != rows[:-1])[: len(rows)]  # of each run
        if len(rows):
            sums = np.add.reduceat(g.reshape(len(rows), -1)[order], np.flatnonzero(first))
            d[rows[first]] = sums
        if padding_idx is not None:
            d[padding_idx] = 0
        return d

    return weight[input], (None, d_weight)  # no gradient with respect to a number of a row


def embedding_loops(input: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Look up rows one by one: the slow twin of `embedding`."""
    y = np.empty((*input.shape, weight.shape[1]), weight.dtype)
    for place in np.ndindex(input.shape):
        y[place] = weight[input[place]]
    return y


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """Write each number as a row of zeros with a single 1: y[..., tensor[...]] = 1.

    Parameters
    ----------
    tensor : integers of any shape (...)
    num_classes : K, the length of a row; -1 for the largest number plus one

    Returns
    -------
    y : shape (..., K), int64

    Raises: TypeError if tensor is not integer, IndexError if a number lies outside 0..K-1.

    Example
    -------
    >>> one_hot(np.array([2, 0]), num_classes=3)
    array([[0, 0, 1],
           [1, 0, 0]])
    """
    numbers = np.asarray(tensor)
    classes = int(numbers.max(initial=-1)) + 1 if num_classes == -1 else num_classes
    _check_indices("one_hot", numbers, classes, "the classes number")
    rows = (numbers[..., None] == np.arange(classes)).astype(np.int64)
    return Tensor(rows) if isinstance(tensor, Tensor) else rows
