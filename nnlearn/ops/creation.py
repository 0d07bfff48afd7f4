"""New tensors: from data, from a rule, from chance. Floats are float32, as in PyTorch.

Lessons: 00.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.random import generator
from nnlearn.tensor import Tensor


def tensor(data: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Copy numbers, lists or an array into a new Tensor.

    Example
    -------
    >>> tensor([1, 2]).dtype, tensor([1.0, 2.0]).dtype
    (dtype('int64'), dtype('float32'))
    """
    values = Tensor(data).data
    return Tensor(np.array(values, dtype=dtype), requires_grad)


def from_numpy(array: np.ndarray) -> Tensor:
    """Wrap an array without copying: both see the same numbers."""
    return Tensor(array)


def zeros(*shape: Any, dtype: Any = np.float32, requires_grad: bool = False) -> Tensor:
    """Make a tensor of zeros: zeros(2, 3)."""
    return Tensor(np.zeros(_sizes(shape), dtype), requires_grad)


def ones(*shape: Any, dtype: Any = np.float32, requires_grad: bool = False) -> Tensor:
    """Make a tensor of ones: ones(2, 3)."""
    return Tensor(np.ones(_sizes(shape), dtype), requires_grad)


def arange(*bounds: Any, dtype: Any = None) -> Tensor:
    """Count: arange(end), arange(start, end) or arange(start, end, step)."""
    floats = any(isinstance(b, float) for b in bounds)
    return Tensor(np.arange(*bounds, dtype=dtype or (np.float32 if floats else np.int64)))


def linspace(start: float, end: float, steps: int, dtype: Any = np.float32) -> Tensor:
    """Divide the stretch from start to end, both included, into `steps` even points."""
    return Tensor(np.linspace(start, end, steps, dtype=dtype))


def rand(
    *shape: Any, rng: np.random.Generator | None = None, requires_grad: bool = False
) -> Tensor:
    """Draw evenly from [0, 1)."""
    return Tensor(generator(rng).random(_sizes(shape), np.float32), requires_grad)


def randn(
    *shape: Any, rng: np.random.Generator | None = None, requires_grad: bool = False
) -> Tensor:
    """Draw from the normal distribution: mean 0, standard deviation 1."""
    return Tensor(generator(rng).standard_normal(_sizes(shape), np.float32), requires_grad)


def _sizes(shape: tuple) -> tuple:
    """Accept both zeros(2, 3) and zeros((2, 3))."""
    return tuple(shape[0]) if len(shape) == 1 and not isinstance(shape[0], int) else shape
