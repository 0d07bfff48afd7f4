"""Convolutions as modules: filters that are learnt. The rules are in ops/conv.py.

Lessons: 10, 15.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlearn.nn.init import kaiming_uniform_, uniform_
from nnlearn.nn.module import Module, Parameter
from nnlearn.ops import conv1d, conv2d, conv_transpose2d

Size = int | tuple[int, ...]


def _tuple(value: Size, axes: int) -> tuple[int, ...]:
    """Return one number for each axis: 3 means (3, 3)."""
    numbers = tuple(map(int, np.ravel(value)))
    return numbers * axes if len(numbers) == 1 else numbers


class _Convolution(Module):
    """What the three have in common: filters, how they lie, and how they start."""

    axes = 2
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size,
        padding: Size | str,
        dilation: Size,
        groups: int,
        bias: bool,
        padding_mode: str,
        rng: np.random.Generator | None,
    ) -> None:
        if padding_mode != "zeros":
            raise NotImplementedError(
                f"{type(self).__name__}: padding_mode={padding_mode!r} is not part of nnlearn\n"
                'Only "zeros" is.'
            )
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{type(self).__name__}: groups={groups} must divide the {in_channels} channels "
                f"that go in and the {out_channels} that come out"
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride = _tuple(kernel_size, self.axes), _tuple(stride, self.axes)
        self.dilation, self.padding_mode = _tuple(dilation, self.axes), padding_mode
        self.padding = padding if isinstance(padding, str) else _tuple(padding, self.axes)
        first, second = (
            (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        )
        shape = (first, second // groups, *self.kernel_size)
        self.weight = Parameter(np.empty(shape, np.float32))
        self.bias = Parameter(np.empty(out_channels, np.float32)) if bias else None
        kaiming_uniform_(self.weight, a=math.sqrt(5), rng=rng)
        if self.bias is not None:
            bound = 1 / math.sqrt(math.prod(shape[1:]))
            uniform_(self.bias, -bound, bound, rng=rng)

    def extra_repr(self) -> str:
        """Write what differs from the defaults, as PyTorch does."""
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"
        text += f", stride={self.stride}"
        for name, usual in (("padding", 0), ("dilation", 1), ("output_padding", 0)):
            value = getattr(self, name, _tuple(usual, self.axes))
            text += f", {name}={value}" if value != _tuple(usual, self.axes) else ""
        text += f", groups={self.groups}" if self.groups != 1 else ""
        return text + (", bias=False" if self.bias is None else "")


class Conv2d(_Convolution):
    """Lay out_channels filters on every place of an image.

    Parameters
    ----------
    in_channels, out_channels : C and F
    kernel_size : a number, or (rows, columns)
    stride, padding, dilation, groups : see F.conv2d
    bias : whether each filter has a bias
    padding_mode : "zeros"

    Shapes: x (N, C, H, W), weight (F, C/groups, KH, KW), bias (F,), y (N, F, OH, OW). First
    weights: even draws between -1/sqrt(n) and 1/sqrt(n), where n = C/groups * KH * KW, as in
    PyTorch.

    Example
    -------
    >>> Conv2d(1, 8, 3, padding=1)
    Conv2d(1, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))  # 80 parameters
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,
            rng,
        )

    def forward(self, x: Any) -> Any:
        settings = self.stride, self.padding, self.dilation, self.groups
        return conv2d(x, self.weight, self.bias, *settings)


class Conv1d(Conv2d):
    """Lay out_channels filters on every place of a sequence.

    Parameters: as for Conv2d, along one axis.

    Shapes: x (N, C, L), weight (F, C/groups, K), bias (F,), y (N, F, OL).

    Example
    -------
    >>> Conv1d(4, 8, 5, bias=False)
    Conv1d(4, 8, kernel_size=(5,), stride=(1,), bias=False)  # 160 parameters
    """

    axes = 1

    def forward(self, x: Any) -> Any:
        settings = self.stride, self.padding, self.dilation, self.groups
        return conv1d(x, self.weight, self.bias, *settings)


class ConvTranspose2d(_Convolution):
    """Paint a kernel at every pixel: from small images to large ones.

    Parameters
    ----------
    in_channels, out_channels : C and F
    kernel_size, stride, padding, output_padding, groups, dilation : see F.conv_transpose2d
    bias : whether each output channel has a bias
    padding_mode : "zeros"

    Shapes: x (N, C, H, W), weight (C, F/groups, KH, KW), bias (F,), y (N, F, OH, OW). First
    weights: even draws between -1/sqrt(n) and 1/sqrt(n), where n = F/groups * KH * KW, as in
    PyTorch.
    """

    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        padding_mode: str = "zeros",
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,
            rng,
        )
        self.output_padding = _tuple(output_padding, self.axes)

    def forward(self, x: Any) -> Any:
        settings = self.stride, self.padding, self.output_padding, self.groups, self.dilation
        return conv_transpose2d(x, self.weight, self.bias, *settings)
