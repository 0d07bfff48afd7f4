"""Normalisation as modules: the rules of ops/norm.py, with weights and a memory.

Lessons: 09, 14.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.nn.module import Module, Parameter
from nnlearn.ops import batch_norm, layer_norm
from nnlearn.tensor import Tensor


class _BatchNorm(Module):
    """Bring each channel to mean 0 and variance 1 over the batch, then scale and shift it."""

    axes: tuple[str, ...] = ()  # what the input may look like

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        size, kept = num_features, track_running_stats
        self.weight = Parameter(np.ones(size, np.float32)) if affine else None
        self.bias = Parameter(np.zeros(size, np.float32)) if affine else None
        self.running_mean: Tensor | None
        self.running_var: Tensor | None
        self.num_batches_tracked: Tensor | None
        self.register_buffer("running_mean", Tensor(np.zeros(size, np.float32)) if kept else None)
        self.register_buffer("running_var", Tensor(np.ones(size, np.float32)) if kept else None)
        self.register_buffer("num_batches_tracked", Tensor(np.array(0)) if kept else None)

    def forward(self, x: Any) -> Any:
        if np.ndim(x) not in [len(axes.split()) for axes in self.axes]:
            what, shapes = type(self).__name__, {"input": np.shape(x)}
            raise ShapeError(
                f"{what}: takes {' or '.join(self.axes)}", shapes, "Is an axis missing?"
            )
        momentum = self.momentum
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.data += 1
            if momentum is None:
                momentum = 1 / self.num_batches_tracked.item()
        return batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            training=self.training or self.running_mean is None,
            momentum=momentum or 0.0,
            eps=self.eps,
        )

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """Batch norm of features, (N, C), or of sequences, (N, C, L). Parameters: see BatchNorm2d."""

    axes = ("N C", "N C L")


class BatchNorm2d(_BatchNorm):
    """Batch norm of images, (N, C, H, W): one mean and variance for each channel.

    Parameters
    ----------
    num_features : C
    eps : keeps the division finite
    momentum : how far the running statistics move at each batch; None: they are plain averages
    affine : whether there are weight, at first 1, and bias, at first 0
    track_running_stats : whether running statistics are kept, to be used after eval()

    Example
    -------
    >>> BatchNorm2d(8)
    BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)  # 16 parameters
    """

    axes = ("N C H W",)


class LayerNorm(Module):
    """Bring each sample to mean 0 and variance 1 over its own last axes, then scale and shift.

    Parameters
    ----------
    normalized_shape : those axes: D, or (D1, D2)
    eps : keeps the division finite
    elementwise_affine : whether there are weight, at first 1, and bias, at first 0
    bias : False leaves the bias out

    Shapes: x (..., D), weight (D,), bias (D,), y (..., D).

    Example
    -------
    >>> LayerNorm(64)
    LayerNorm((64,), eps=1e-05, elementwise_affine=True, bias=True)  # 128 parameters
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        self.normalized_shape = tuple(int(n) for n in np.ravel(normalized_shape))
        self.eps, self.elementwise_affine = eps, elementwise_affine
        size, has_bias = self.normalized_shape, elementwise_affine and bias
        self.weight = Parameter(np.ones(size, np.float32)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(size, np.float32)) if has_bias else None

    def forward(self, x: Any) -> Any:
        return layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )
