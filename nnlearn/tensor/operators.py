"""What can be written with signs: `x + y`, `x < y`, `x[0]`, `x += y`, `x[0] = y`.

The operations themselves are defined in `nnlearn/ops/`.

Lessons: 00, 07.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.tensor.registry import ops


class Operators:
    """The signs between tensors."""

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

    def __floordiv__(self, other: Any) -> Any:
        return ops.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return ops.floor_divide(other, self)

    def __mod__(self, other: Any) -> Any:
        return ops.remainder(self, other)

    def __rmod__(self, other: Any) -> Any:
        return ops.remainder(other, self)

    def __pow__(self, other: Any) -> Any:
        return ops.pow(self, other)

    def __rpow__(self, other: Any) -> Any:
        return ops.pow(other, self)

    def __matmul__(self, other: Any) -> Any:
        return ops.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return ops.matmul(other, self)

    def __neg__(self) -> Any:
        return ops.neg(self)

    def __pos__(self) -> Any:
        return self

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

    def __and__(self, other: Any) -> Any:
        return ops.bitwise_and(self, other)

    def __rand__(self, other: Any) -> Any:
        return ops.bitwise_and(other, self)

    def __or__(self, other: Any) -> Any:
        return ops.bitwise_or(self, other)

    def __ror__(self, other: Any) -> Any:
        return ops.bitwise_or(other, self)

    def __xor__(self, other: Any) -> Any:
        return ops.bitwise_xor(self, other)

    def __rxor__(self, other: Any) -> Any:
        return ops.bitwise_xor(other, self)

    def __invert__(self) -> Any:
        return ops.bitwise_not(self)

    def __contains__(self, element: Any) -> bool:
        return bool(ops.any(ops.eq(self, element)))

    def __getitem__(self, index: Any) -> Any:
        return ops.getitem(self, index)


class InPlace:
    """What changes a tensor: for data, and for steps taken under no_grad."""

    __slots__ = ()

    def __setitem__(self: Any, index: Any, value: Any) -> None:
        self._check_in_place(value)
        ops.put(self.data, index, _array(value))

    def _assign(self: Any, new: Any) -> Any:
        """Write `new` into this tensor's own memory: `w -= step` must change w itself."""
        self._check_in_place(new)
        np.copyto(self.data, _array(new), casting="same_kind")  # no 0.5 into integers
        return self

    def _update(self: Any, new: Any) -> Any:
        """Finish `x += y`, with new = x + y.

        In a forward pass x is left alone, for the graph remembers it: the name on the left gets
        the new tensor. Only weights may not be lost from sight like that.
        """
        if new.requires_grad and not (self.requires_grad and self.is_leaf):
            return new
        return self._assign(new)

    def __iadd__(self, other: Any) -> Any:
        return self._update(ops.add(self, other))

    def __isub__(self, other: Any) -> Any:
        return self._update(ops.sub(self, other))

    def __imul__(self, other: Any) -> Any:
        return self._update(ops.mul(self, other))

    def __itruediv__(self, other: Any) -> Any:
        return self._update(ops.div(self, other))

    def add_(self, other: Any, *, alpha: Any = 1) -> Any:
        """Add alpha * other, in place."""
        return self._assign(ops.add(self, ops.mul(other, alpha) if alpha != 1 else other))

    def sub_(self, other: Any, *, alpha: Any = 1) -> Any:
        """Subtract alpha * other, in place."""
        return self._assign(ops.sub(self, ops.mul(other, alpha) if alpha != 1 else other))

    def mul_(self, other: Any) -> Any:
        """Multiply by other, in place."""
        return self._assign(ops.mul(self, other))

    def div_(self, other: Any) -> Any:
        """Divide by other, in place."""
        return self._assign(ops.div(self, other))

    def clamp_(self, min: Any = None, max: Any = None) -> Any:
        """Keep between min and max, in place."""
        return self._assign(ops.clamp(self, min=min, max=max))

    def masked_fill_(self, mask: Any, value: Any) -> Any:
        """Write value wherever mask is True, in place."""
        return self._assign(ops.masked_fill(self, mask, value))

    def copy_(self, source: Any) -> Any:
        """Take the values of source, and leave the memory and the dtype as they are."""
        source = _array(source) if hasattr(source, "requires_grad") else source
        return self._assign(np.asarray(source).astype(_array(self).dtype))

    def fill_(self, value: Any) -> Any:
        """Write value everywhere."""
        return self.copy_(value)

    def zero_(self) -> Any:
        """Write 0 everywhere."""
        return self.copy_(0)

    def uniform_(self: Any, a: float = 0.0, b: float = 1.0, *, rng: Any = None) -> Any:
        """Write even draws from [a, b) everywhere."""
        self._check_in_place()
        return ops.uniform_(self, a, b, rng=rng)

    def normal_(self: Any, mean: float = 0.0, std: float = 1.0, *, rng: Any = None) -> Any:
        """Write normal draws everywhere."""
        self._check_in_place()
        return ops.normal_(self, mean, std, rng=rng)


def _array(x: Any) -> Any:
    """Return the array inside a Tensor; anything else as it is."""
    return x.data if hasattr(x, "requires_grad") else x
