"""Value: a number that remembers how it was made. All of backpropagation, a number at a time.

It is the scalar twin of `nnlearn/tensor/engine.py`. There each edge carries a function that hands
a gradient back; here everything is a number, so an edge carries only a number: the slope.

Source: Linnainmaa (1970) for reverse mode; Karpathy (2020), micrograd, for an engine this small.

Lessons: 07.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from numbers import Real
from operator import attrgetter, mul
from typing import Any

_created = itertools.count()


class Value:
    """A number `data`, its gradient `grad`, and the `inputs` that it was made from.

    To each input belongs a slope: by how much this value changes when that input grows by one.

    Parameters
    ----------
    data : a number
    inputs, slopes, op : how it was made; left out for a number that you make yourself

    Example
    -------
    >>> x, w = Value(3.0), Value(2.0)
    >>> y = x * w + 1
    >>> y.backward()
    >>> y, x.grad, w.grad
    (Value(7, grad=1, op='+'), 2.0, 3.0)
    """

    __slots__ = ("__weakref__", "data", "grad", "inputs", "number", "op", "slopes")

    def __init__(
        self, data: Any, inputs: tuple = (), slopes: tuple[float, ...] = (), op: str = ""
    ) -> None:
        self.data: float = data if inputs else float(data)
        self.grad = 0.0
        self.inputs = inputs
        self.slopes = slopes
        self.op = op
        self.number = next(_created)

    def backward(self) -> None:
        """Find d(self)/d(x) for every x that self depends on.

        What you made yourself adds it to its `grad`, as PyTorch's weights do; a result in between
        shows what this pass brought it.
        """
        results = self._results()
        for node in results:
            node.grad = 0.0
        self.grad += 1.0
        for node in results:
            g = node.grad
            for x, slope in zip(node.inputs, node.slopes, strict=True):
                x.grad += g * slope  # multiply along an edge, add where edges meet

    def _results(self) -> list[Value]:
        """List self and the results it was made from, youngest first: users before the used."""
        if not self.inputs:
            return []
        found, waiting = {self}, [self]
        while waiting:  # no recursion: a graph may be deeper than Python's stack
            for x in waiting.pop().inputs:
                if x.inputs and x not in found:
                    found.add(x)
                    waiting.append(x)
        return sorted(found, key=attrgetter("number"), reverse=True)

    def __add__(self, other: Any) -> Value:
        return _result("+", self.data + _number(other), (self, other), (1.0, 1.0))

    def __sub__(self, other: Any) -> Value:
        return _result("-", self.data - _number(other), (self, other), (1.0, -1.0))

    def __mul__(self, other: Any) -> Value:
        x, y = self.data, _number(other)
        return _result("*", x * y, (self, other), (y, x))

    def __truediv__(self, other: Any) -> Value:
        x, y = self.data, _number(other)
        return _result("/", x / y, (self, other), (1 / y, -x / (y * y)))

    def __pow__(self, power: Any) -> Value:
        if isinstance(power, Value):
            return (self.log() * power).exp()
        x, k = self.data, _number(power)
        slope = k * math.pow(x, k - 1) if k else 0.0
        return Value(math.pow(x, k), (self,), (slope,), f"**{k:g}")

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), (-1.0,), "-")

    # Called where a plain number stands on the left.
    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Any) -> Value:
        return -self + other

    def __rtruediv__(self, other: Any) -> Value:
        return self**-1 * other

    def __rpow__(self, base: Any) -> Value:
        return (self * math.log(_number(base))).exp()

    def exp(self) -> Value:
        """Return e**x; its slope is e**x again."""
        y = math.exp(self.data)
        return Value(y, (self,), (y,), "exp")

    def log(self) -> Value:
        """Return the natural logarithm; slope 1/x."""
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def tanh(self) -> Value:
        """Squash into (-1, 1); slope 1 - y*y."""
        y = math.tanh(self.data)
        return Value(y, (self,), (1 - y * y,), "tanh")

    def sigmoid(self) -> Value:
        """Squash into (0, 1); slope y*(1 - y). By tanh, since exp of a large number overflows."""
        y = 0.5 + 0.5 * math.tanh(0.5 * self.data)
        return Value(y, (self,), (y * (1 - y),), "sigmoid")

    def relu(self) -> Value:
        """Let through what is positive; slope 1 there, else 0."""
        x = self.data
        return Value(x, (self,), (1.0,), "relu") if x > 0 else Value(0.0, (self,), (0.0,), "relu")

    def __repr__(self) -> str:
        op = f", op={self.op!r}" if self.op else ""
        return f"Value({self.data:.6g}, grad={self.grad:.6g}{op})"


def dot(weights: Sequence[Any], inputs: Sequence[Any], bias: Any = 0.0) -> Value:
    """Weigh, add up and add the bias, in one node: w[0]*x[0] + w[1]*x[1] + ... + b.

    Products and sums one by one would say the same with two nodes for each weight, and nodes are
    what takes time: with one for each neuron a network learns about five times as fast.

    Parameters
    ----------
    weights, inputs : equally many, Values or numbers
    bias : a Value or a number

    Example
    -------
    >>> w = [Value(3.0), Value(-1.0)]
    >>> z = dot(w, [1.0, 2.0], Value(0.5))
    >>> z.backward()
    >>> z.data, w[0].grad, w[1].grad
    (1.5, 1.0, 2.0)
    """
    if len(weights) != len(inputs):
        raise ValueError(
            f"dot: {len(weights)} weights and {len(inputs)} inputs\n"
            "Each input needs a weight of its own."
        )
    w, x = [_number(v) for v in weights], [_number(v) for v in inputs]
    total = sum(map(mul, w, x), _number(bias))
    return _result("dot", total, (*weights, *inputs, bias), (*x, *w, 1.0))


def _result(op: str, data: float, inputs: tuple, slopes: tuple[float, ...]) -> Value:
    """Make a node; plain numbers among its inputs are left out, since they need no gradient."""
    traced = [isinstance(x, Value) for x in inputs]
    if False in traced:
        inputs = tuple(itertools.compress(inputs, traced))
        slopes = tuple(itertools.compress(slopes, traced))
    return Value(data, inputs, slopes, op)


def _number(x: Any) -> float:
    """Return the number in a Value, or the plain number that x is."""
    if isinstance(x, Value):
        return x.data
    if isinstance(x, Real):
        return float(x)
    raise TypeError(
        f"Value: computes with Values and plain numbers, not with {type(x).__name__}\n"
        "For arrays there is Tensor."
    )
