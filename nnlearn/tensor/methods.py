"""What can be written with a Tensor: `x + y`, `x.sum(0)`, `x.T`. Each line names its operation.

The operations themselves are defined in `nnlearn/ops/`, and found here by name when called.

Lessons: 00.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

ops = SimpleNamespace()  # every primitive by its name, filled as the files in ops/ define them


class MaxResult(NamedTuple):
    """What `x.max(dim)` returns: the largest values, and where they stood."""

    values: Any
    indices: Any


class Methods:
    """The operators and methods of Tensor, with PyTorch's names and arguments."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        return ops.add(self, other)

    def __radd__(self, other: Any) -> Any:
        return ops.add(other, self)

    def __sub__(self, other: Any) -> Any:
        return ops.sub(self, other)

    def __rsub__(self, other: Any) -> Any:
        return ops.sub(other, self)

    def __mul__(self, other: Any) -> Any:
        return ops.mul(self, other)

    def __rmul__(self, other: Any) -> Any:
        return ops.mul(other, self)

    def __truediv__(self, other: Any) -> Any:
        return ops.div(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return ops.div(other, self)

    def __pow__(self, other: Any) -> Any:
        return ops.pow(self, other)

    def __rpow__(self, other: Any) -> Any:
        return ops.pow(other, self)

    def __matmul__(self, other: Any) -> Any:
        return ops.matmul(self, other)

    def matmul(self, other: Any) -> Any:
        return ops.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return ops.matmul(other, self)

    def __neg__(self) -> Any:
        return ops.neg(self)

    def __abs__(self) -> Any:
        return ops.abs(self)

    def __lt__(self, other: Any) -> Any:
        return ops.lt(self, other)

    def __le__(self, other: Any) -> Any:
        return ops.le(self, other)

    def __gt__(self, other: Any) -> Any:
        return ops.gt(self, other)

    def __ge__(self, other: Any) -> Any:
        return ops.ge(self, other)

    def __eq__(self, other: object) -> Any:
        return ops.eq(self, other)

    def __ne__(self, other: object) -> Any:
        return ops.ne(self, other)

    __hash__ = object.__hash__  # == compares elements; as dict keys tensors are themselves

    def __getitem__(self, index: Any) -> Any:
        return ops.getitem(self, index)

    # Elementwise: ops/arithmetic.py and ops/activations.py.

    def exp(self) -> Any:
        return ops.exp(self)

    def log(self) -> Any:
        return ops.log(self)

    def sqrt(self) -> Any:
        return ops.sqrt(self)

    def abs(self) -> Any:
        return ops.abs(self)

    def relu(self) -> Any:
        return ops.relu(self)

    def sigmoid(self) -> Any:
        return ops.sigmoid(self)

    def tanh(self) -> Any:
        return ops.tanh(self)

    def softmax(self, dim: int = -1) -> Any:
        return ops.softmax(self, dim)

    def log_softmax(self, dim: int = -1) -> Any:
        return ops.log_softmax(self, dim)

    # Along axes: ops/reductions.py.

    def sum(self, dim: Any = None, keepdim: bool = False, **alias: Any) -> Any:
        return ops.sum(self, dim=dim, keepdim=keepdim, **alias)

    def mean(self, dim: Any = None, keepdim: bool = False, **alias: Any) -> Any:
        return ops.mean(self, dim=dim, keepdim=keepdim, **alias)

    def argmax(self, dim: Any = None, keepdim: bool = False, **alias: Any) -> Any:
        return ops.argmax(self, dim=dim, keepdim=keepdim, **alias)

    def amax(self, dim: Any = None, keepdim: bool = False, **alias: Any) -> Any:
        return ops.amax(self, dim=dim, keepdim=keepdim, **alias)

    def max(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """Return the largest element, or (values, indices) along one axis."""
        if dim is None:
            return ops.amax(self)
        indices = ops.argmax(self, dim=dim, keepdim=True)
        values = ops.gather(self, dim, indices)
        if keepdim:
            return MaxResult(values, indices)
        return MaxResult(values.sum(dim), indices.sum(dim))  # one element each: sum drops the axis

    # Shapes: ops/shapes.py.

    def reshape(self, *shape: Any) -> Any:
        return ops.reshape(self, shape=_flat(shape))

    def view(self, *shape: Any) -> Any:
        return ops.reshape(self, shape=_flat(shape))

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Any:
        return ops.flatten(self, start_dim, end_dim)

    def permute(self, *dims: Any) -> Any:
        return ops.permute(self, dims=_flat(dims))

    def transpose(self, dim0: int, dim1: int) -> Any:
        return ops.transpose(self, dim0, dim1)

    @property
    def T(self) -> Any:
        return ops.permute(self)

    def to(self, dtype: Any) -> Any:
        """Change the dtype; gradients come back in the old one."""
        return ops.to(self, dtype)

    def double(self) -> Any:
        return ops.to(self, "float64")

    def long(self) -> Any:
        return ops.to(self, "int64")

    def float(self) -> Any:
        return ops.to(self, "float32")


def _flat(sizes: tuple) -> tuple:
    """Accept both x.reshape(2, 3) and x.reshape((2, 3))."""
    return tuple(sizes[0]) if len(sizes) == 1 and not isinstance(sizes[0], int) else sizes
