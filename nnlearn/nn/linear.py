"""Linear: a layer of neurons, each with its own weights and bias. Flatten: one row per sample.

Lessons: 00, 02.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlearn.nn.init import kaiming_uniform_, uniform_
from nnlearn.nn.module import Module, Parameter
from nnlearn.ops import flatten, linear, reshape


class Linear(Module):
    """y = x @ weight.T + bias.

    Parameters
    ----------
    in_features : D, the length of each input
    out_features : K, the number of neurons
    bias : whether each neuron has a bias

    Shapes: x (..., D), weight (K, D), bias (K,), y (..., K). First weights: even draws between
    -1/sqrt(D) and 1/sqrt(D), as in PyTorch.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(np.empty((out_features, in_features), np.float32))
        self.bias = Parameter(np.empty(out_features, np.float32)) if bias else None
        kaiming_uniform_(self.weight, a=math.sqrt(5), rng=rng)
        if self.bias is not None:
            bound = 1 / math.sqrt(max(1, in_features))
            uniform_(self.bias, -bound, bound, rng=rng)

    def forward(self, x: Any) -> Any:
        return linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


class Flatten(Module):
    """Join the axes start_dim to end_dim: by default (N, C, H, W) becomes (N, C*H*W)."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Any) -> Any:
        return flatten(x, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Identity(Module):
    """Pass the input on: a place holder for a layer. It takes any arguments, and needs none."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        pass

    def forward(self, x: Any) -> Any:
        return x


class Unflatten(Module):
    """Undo Flatten: cut the axis `dim` into several, of the sizes `unflattened_size`."""

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]) -> None:
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, x: Any) -> Any:
        dim = self.dim % x.ndim
        return reshape(x, (*x.shape[:dim], *self.unflattened_size, *x.shape[dim + 1 :]))

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
