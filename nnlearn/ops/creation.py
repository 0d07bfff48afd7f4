"""New tensors: from data, or from a rule. Floats are float32, as in PyTorch.

All take `dtype`, `device` (the CPU, or nothing) and `requires_grad`.

Lessons: 00.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.tensor import Tensor
from nnlearn.tensor.dtypes import device as Device
from nnlearn.tensor.dtypes import float32, known_dtype
from nnlearn.tensor.registry import composed


def _made(array: np.ndarray, device: Any, requires_grad: bool) -> Tensor:
    if device is not None:
        Device(device)  # refuses all but the CPU
    return Tensor(array, requires_grad)


def sizes_of(shape: Any) -> tuple:
    """Accept both zeros(2, 3) and zeros((2, 3))."""
    several = len(shape) == 1 and isinstance(shape[0], list | tuple)
    return tuple(shape[0]) if several else tuple(shape)


def tensor(data: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """Copy numbers, lists or an array into a new Tensor.

    Example
    -------
    >>> tensor([1, 2]).dtype, tensor([1.0, 2.0]).dtype
    (dtype('int64'), dtype('float32'))
    """
    values = Tensor(data).data if dtype is None else data
    return _made(np.array(values, dtype=known_dtype(dtype)), device, requires_grad)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """Make a Tensor of data; an array of the right dtype is shared, a Tensor returned as it is."""
    made = data if isinstance(data, Tensor) else Tensor(data)
    return made.to(dtype=dtype, device=device)


def from_numpy(array: np.ndarray) -> Tensor:
    """Wrap an array without copying: both see the same numbers."""
    return Tensor(array)


@composed
def zeros(
    *size: Any, dtype: Any = float32, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Make a tensor of zeros: zeros(2, 3)."""
    return _made(np.zeros(sizes_of(size), known_dtype(dtype)), device, requires_grad)


@composed
def ones(
    *size: Any, dtype: Any = float32, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Make a tensor of ones: ones(2, 3)."""
    return _made(np.ones(sizes_of(size), known_dtype(dtype)), device, requires_grad)


def empty(
    *size: Any, dtype: Any = float32, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Make a tensor of whatever lies in memory, to be overwritten."""
    return _made(np.empty(sizes_of(size), known_dtype(dtype)), device, requires_grad)


@composed
def full(
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a tensor of one number: full((2, 3), 0.5)."""
    value = tensor(fill_value, dtype).data
    return _made(np.full(size, value, value.dtype), device, requires_grad)


def zeros_like(input: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make zeros of the shape and dtype of input."""
    return zeros(np.shape(input), dtype=dtype or input.dtype, requires_grad=requires_grad)


def ones_like(input: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make ones of the shape and dtype of input."""
    return ones(np.shape(input), dtype=dtype or input.dtype, requires_grad=requires_grad)


def full_like(
    input: Any, fill_value: Any, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """Fill the shape of input with one number, in the dtype of input."""
    shape, dtype = np.shape(input), dtype or input.dtype
    return full(shape, fill_value, dtype=dtype, requires_grad=requires_grad)


def empty_like(input: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make the shape and dtype of input, of whatever lies in memory."""
    return empty(np.shape(input), dtype=dtype or input.dtype, requires_grad=requires_grad)


def eye(
    n: int,
    m: int | None = None,
    *,
    dtype: Any = float32,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make the matrix with ones on the diagonal, zeros elsewhere."""
    return _made(np.eye(n, m, dtype=known_dtype(dtype)), device, requires_grad)


def arange(
    *bounds: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Count: arange(end), arange(start, end) or arange(start, end, step)."""
    floats = any(isinstance(b, float) for b in bounds)
    dtype = known_dtype(dtype) or (np.float32 if floats else np.int64)
    return _made(np.arange(*bounds).astype(dtype), device, requires_grad)


def linspace(
    start: float,
    end: float,
    steps: int,
    *,
    dtype: Any = float32,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Divide the stretch from start to end, both included, into `steps` even points."""
    array = np.linspace(start, end, steps, dtype=known_dtype(dtype))
    return _made(array, device, requires_grad)


def is_tensor(obj: Any) -> bool:
    """Say whether something is a Tensor."""
    return isinstance(obj, Tensor)
