"""Transposed convolution: every pixel paints its kernel, and so small images become large ones.

It is what conv2d does to a gradient on its way back, used forward; and its own gradients are
conv2d's forward. So this file has no arithmetic of its own.

Lessons: 15.
"""

import numpy as np

from nnlearn.ops.conv import (
    Grid,
    bias_gradient,
    check,
    check_output,
    convolve,
    input_gradient,
    pair,
    weight_gradient,
)
from nnlearn.tensor import primitive


def conv_transpose2d_loops(
    input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Paint one pixel at a time, then cut the padding off: the meaning of conv_transpose2d."""
    (sh, sw), (dh, dw), (top, left) = pair(stride), pair(dilation), pair(padding)
    (n, c, h, w), (_, filters, kh, kw) = input.shape, weight.shape  # filters of one group
    oh = (h - 1) * sh + dh * (kh - 1) + 1 + pair(output_padding)[0]
    ow = (w - 1) * sw + dw * (kw - 1) + 1 + pair(output_padding)[1]
    y = np.zeros((n, filters * groups, oh, ow), input.dtype)
    for i, k, p, q in np.ndindex(input.shape):
        first = k // (c // groups) * filters
        rows = slice(p * sh, p * sh + dh * (kh - 1) + 1, dh)
        columns = slice(q * sw, q * sw + dw * (kw - 1) + 1, dw)
        y[i, first : first + filters, rows, columns] += input[i, k, p, q] * weight[k]
    y = y[:, :, top : oh - top, left : ow - left]
    return y if bias is None else y + bias[:, None, None]


def _grid(input, weight, stride, padding, output_padding, dilation, groups):
    """Lay the kernel on the output: what conv2d would turn into an image of input's size."""
    small, kernel = input.shape[-2:], weight.shape[-2:]
    stride, padding, extra, dilation = map(pair, (stride, padding, output_padding, dilation))
    for e, s, d in zip(extra, stride, dilation, strict=True):
        if not 0 <= e < max(s, d):
            raise ValueError(
                f"conv_transpose2d: output_padding {extra} must be smaller than stride {stride}\n"
                "It only says which of the sizes that conv2d would shrink alike is meant."
            )
    sizes = zip(small, stride, padding, extra, dilation, kernel, strict=True)
    large = tuple((m - 1) * s - 2 * p + d * (k - 1) + e + 1 for m, s, p, e, d, k in sizes)
    check_output("conv_transpose2d", large, small, kernel)
    return Grid(large, small, kernel, stride, padding, dilation, groups)


@primitive
def conv_transpose2d(
    input, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Paint weight[c] at every pixel of channel c, as strong as the pixel, and add up.

    y[n, f, p*s + i, q*s + j] += input[n, c, p, q] * weight[c, f, i, j], then bias[f] is added.

    Parameters
    ----------
    input : shape (N, C, H, W), or (C, H, W)
    weight : shape (C, F/groups, KH, KW)
    bias : shape (F,), or None
    stride : steps between painted kernels: a number, or (rows, columns)
    padding : rows and columns cut off on each side
    output_padding : rows and columns added below and right; smaller than stride
    groups, dilation : as for conv2d

    Returns
    -------
    y : shape (N, F, OH, OW); OH = (H-1)*stride - 2*padding + dilation*(KH-1) + output_padding + 1

    Raises: ShapeError if channels differ, ValueError if output_padding is too large.

    Example
    -------
    >>> conv_transpose2d(np.array([[[1.0, 2.0]]]), np.ones((1, 1, 2, 2)), stride=2)
    array([[[1., 1., 2., 2.],
            [1., 1., 2., 2.]]])

    Source: Zeiler, Krishnan, Taylor and Fergus (2010). Loops: conv_transpose2d_loops.
    """
    check("conv_transpose2d", ("C H W", "C F KH KW"), groups, input, weight, bias)
    grid = _grid(input, weight, stride, padding, output_padding, dilation, groups)
    x = input if input.ndim == 4 else input[None]
    y = input_gradient(x, weight, grid)
    if bias is not None:
        y = y + bias[:, None, None]
    shape = y.shape
    return y.reshape(*input.shape[:-3], *shape[1:]), (
        lambda g: convolve(g.reshape(shape), weight, None, grid).reshape(input.shape),
        lambda g: weight_gradient(g.reshape(shape), x, grid),
        lambda g: bias_gradient(g.reshape(shape)),
    )
