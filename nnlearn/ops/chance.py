"""New tensors from chance. All draw from `rng`, or else from the generator of `manual_seed`.

Lessons: 00, 02, 14, 15.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.ops.creation import sizes_of
from nnlearn.random import Rng, generator
from nnlearn.tensor import Tensor
from nnlearn.tensor.dtypes import device as Device
from nnlearn.tensor.dtypes import float32, int64, known_dtype


def rand(
    *size: Any,
    dtype: Any = float32,
    device: Any = None,
    requires_grad: bool = False,
    rng: Rng = None,
) -> Tensor:
    """Draw evenly from [0, 1): rand(2, 3)."""
    Device(device or "cpu")
    drawn = generator(rng).random(sizes_of(size), known_dtype(dtype))
    return Tensor(np.asarray(drawn), requires_grad)


def randn(
    *size: Any,
    dtype: Any = float32,
    device: Any = None,
    requires_grad: bool = False,
    rng: Rng = None,
) -> Tensor:
    """Draw from the normal distribution with mean 0 and standard deviation 1: randn(2, 3)."""
    Device(device or "cpu")
    drawn = generator(rng).standard_normal(sizes_of(size), known_dtype(dtype))
    return Tensor(np.asarray(drawn), requires_grad)


def randint(
    low: int,
    high: Any = None,
    size: Any = None,
    *,
    dtype: Any = int64,
    device: Any = None,
    rng: Rng = None,
) -> Tensor:
    """Draw integers from low to high - 1: randint(low, high, size), or randint(high, size).

    Example
    -------
    >>> randint(1, 7, (2, 3)).shape
    (2, 3)
    """
    Device(device or "cpu")
    if not isinstance(high, int | np.integer):  # randint(high, size)
        low, high, size = 0, low, size if high is None else high
    drawn = generator(rng).integers(low, high, tuple(size))
    return Tensor(np.asarray(drawn, known_dtype(dtype)))


def randperm(n: int, *, dtype: Any = int64, device: Any = None, rng: Rng = None) -> Tensor:
    """Shuffle the numbers from 0 to n - 1."""
    Device(device or "cpu")
    return Tensor(generator(rng).permutation(n).astype(known_dtype(dtype)))


def rand_like(
    input: Any, *, dtype: Any = None, requires_grad: bool = False, rng: Rng = None
) -> Tensor:
    """Draw evenly from [0, 1), in the shape and dtype of input."""
    dtype = dtype or input.dtype
    return rand(np.shape(input), dtype=dtype, requires_grad=requires_grad, rng=rng)


def randn_like(
    input: Any, *, dtype: Any = None, requires_grad: bool = False, rng: Rng = None
) -> Tensor:
    """Draw from the normal distribution, in the shape and dtype of input."""
    dtype = dtype or input.dtype
    return randn(np.shape(input), dtype=dtype, requires_grad=requires_grad, rng=rng)


def bernoulli(input: Any, *, rng: Rng = None) -> Tensor:
    """Throw a coin for each element: 1 with the probability that stands there, else 0."""
    p = np.asarray(input)
    return Tensor((generator(rng).random(p.shape) < p).astype(p.dtype))


def multinomial(
    input: Any, num_samples: int, replacement: bool = False, *, rng: Rng = None
) -> Tensor:
    """Draw places with the probabilities that stand there.

    Parameters
    ----------
    input : shape (K,) or (N, K), not negative; each row counts in proportion to its sum
    num_samples : S, how many places to draw from each row
    replacement : whether the same place may come again

    Returns
    -------
    places : integers, shape (S,) or (N, S)

    Example
    -------
    >>> multinomial(np.array([[0.0, 1.0], [1.0, 0.0]]), 1).tolist()
    [[1], [0]]

    Source: Efraimidis and Spirakis (2006) for draws without replacement.
    """
    p = np.asarray(input, np.float64)
    rows = p.reshape(-1, p.shape[-1])
    enough = 1 if replacement else num_samples
    if not (np.isfinite(rows).all() and (rows >= 0).all()):
        raise ValueError("multinomial: probabilities must be finite and not negative\nTake softmax")
    if ((rows > 0).sum(axis=1) < enough).any():
        repair = f"Each row needs {enough} places with a probability above 0."
        raise ShapeError(f"multinomial: cannot draw {num_samples}", {"input": p.shape}, repair)
    rng = generator(rng)
    if replacement:
        ends = np.cumsum(rows, axis=1)
        draws = rng.random((len(rows), num_samples)) * ends[:, -1:]
        places = [np.searchsorted(e, d, side="right") for e, d in zip(ends, draws, strict=True)]
        found = np.stack(places)
    else:  # the place whose exponential waiting time is over first was drawn first
        waiting = rng.exponential(size=rows.shape)
        waiting = np.divide(waiting, rows, out=np.full(rows.shape, np.inf), where=rows > 0)
        found = np.argsort(waiting, axis=1)[:, :num_samples]
    return Tensor(found.reshape(*p.shape[:-1], num_samples))
