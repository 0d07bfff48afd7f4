"""Pooling: each window of an image becomes one number, its largest or its mean.

The windows are never cut out one by one. Cell (i, j) of *all* windows is one view of the image,
taken with steps as long as the stride; a pooling of 2 by 2 is four such views, laid on each other.

Lessons: 10.
"""

from functools import reduce

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.ops.conv import pair
from nnlearn.tensor import primitive


def max_pool2d_loops(input, kernel_size, stride=None, padding=0, dilation=1):
    """Look at one window at a time: the meaning of max_pool2d."""
    (kh, kw), (dh, dw), (top, left) = pair(kernel_size), pair(dilation), pair(padding)
    sh, sw = pair(kernel_size if stride is None else stride)
    n, c, h, w = input.shape
    padded = np.full((n, c, h + 2 * top, w + 2 * left), -np.inf, input.dtype)
    padded[:, :, top : top + h, left : left + w] = input
    oh = (h + 2 * top - dh * (kh - 1) - 1) // sh + 1
    ow = (w + 2 * left - dw * (kw - 1) - 1) // sw + 1
    y = np.zeros((n, c, oh, ow), input.dtype)
    for p, q in np.ndindex(oh, ow):
        rows = slice(p * sh, p * sh + dh * (kh - 1) + 1, dh)
        columns = slice(q * sw, q * sw + dw * (kw - 1) + 1, dw)
        y[:, :, p, q] = padded[:, :, rows, columns].max(axis=(2, 3))
    return y


def _count(name, input, kernel, stride, padding, dilation, ceil_mode):
    """Return how many windows fit, down and across."""
    found = []
    if min(*kernel, *stride) < 1:
        raise ValueError(f"{name}: window {kernel} and stride {stride} must be 1 or more")
    sizes = zip(input.shape[-2:], kernel, stride, padding, dilation, strict=True)
    for size, k, s, p, d in sizes:
        if p > (d * (k - 1) + 1) // 2:
            raise ValueError(f"{name}: padding {padding} is more than half of the window {kernel}")
        steps = size + 2 * p - d * (k - 1) - 1
        count = (-(-steps // s) if ceil_mode else steps // s) + 1
        if ceil_mode and (count - 1) * s >= size + p:  # a window must begin before the image ends
            count -= 1
        found.append(count)
    if min(found) < 1:
        shapes = {"input (..., H, W)": input.shape, "window": kernel}
        repair = "Usual cause: too many poolings before. Leave one out, or pad."
        raise ShapeError(f"{name}: no window fits into the image", shapes, repair)
    return tuple(found)


@primitive
def max_pool2d(
    input,
    *,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
):
    """Take the largest number of each window. Only that one gets the gradient: the first, if equal.

    Parameters
    ----------
    input : shape (..., H, W), so (N, C, H, W) or (C, H, W)
    kernel_size : of the window: a number, or (rows, columns)
    stride : steps between windows; None means kernel_size, so that they lie side by side
    padding : cells on each side that never win
    dilation : steps between the cells of a window
    ceil_mode : whether a window may hang over the lower or right edge

    Returns
    -------
    y : shape (..., OH, OW), where OH = (H + 2*padding - dilation*(KH-1) - 1) // stride + 1

    Raises: ShapeError if no window fits, ValueError if padding is more than half a window.

    Example
    -------
    >>> max_pool2d(np.array([[1.0, 2.0, 5.0, 5.0], [4.0, 3.0, 5.0, 5.0]]), 2)
    array([[4., 5.]])

    Source: Ranzato, Huang, Boureau and LeCun (2007). Loops: max_pool2d_loops.
    """
    if return_indices:
        raise NotImplementedError("max_pool2d: return_indices is not part of nnlearn")
    kernel, padding, dilation = pair(kernel_size), pair(padding), pair(dilation)
    stride = kernel if stride is None else pair(stride)
    expect("max_pool2d", "An image has rows and columns.", input=(input, "... H W"))
    (h, w), lead = input.shape[-2:], input.shape[:-2]
    count = _count("max_pool2d", input, kernel, stride, padding, dilation, ceil_mode)
    sides = zip((h, w), count, stride, kernel, dilation, padding, strict=True)
    need = [max((c - 1) * s + d * (k - 1) + 1, z + p) for z, c, s, k, d, p in sides]
    (top, left) = padding
    x = input
    if need != [h, w]:
        x = np.full((*lead, *need), -np.inf, input.dtype)
        x[..., top : top + h, left : left + w] = input

    def cells(image):
        """Yield cell (i, j) of all windows at once, row by row: shape (..., OH, OW)."""
        for i, j in np.ndindex(kernel):
            rows, columns = (
                slice(o * d, o * d + (c - 1) * s + 1, s)
                for o, d, c, s in zip((i, j), dilation, count, stride, strict=True)
            )
            yield image[..., rows, columns]

    y = reduce(np.maximum, cells(x))
    apart = all(s > d * (k - 1) for s, d, k in zip(stride, dilation, kernel, strict=True))

    def d_input(g):
        d = np.zeros_like(x)
        waiting = np.ones(y.shape, bool)  # windows whose largest number is still to be found
        for cell, into in zip(cells(x), cells(d), strict=True):
            found = (cell == y) & waiting
            waiting ^= found
            if apart:
                np.multiply(g, found, out=into)
            else:
                into += g * found
        return d[..., top : top + h, left : left + w]

    return y, (d_input,)


def _averages(input, down, across):
    """Average along both axes. Averaging is linear: a matrix for each axis says all, both ways."""
    down, across = down.astype(input.dtype), across.astype(input.dtype)
    y = down @ (input @ across.T)
    return y, (lambda g: down.T @ (g @ across),)


@primitive
def avg_pool2d(
    input,
    *,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
):
    """Take the mean of each window.

    Parameters
    ----------
    input : shape (..., H, W)
    kernel_size, stride, padding, ceil_mode : as for max_pool2d; padding is zeros
    count_include_pad : whether the zeros count when the sum is divided

    Returns
    -------
    y : shape (..., OH, OW)

    Example
    -------
    >>> avg_pool2d(np.array([[1.0, 2.0, 5.0, 5.0], [4.0, 3.0, 5.0, 5.0]]), 2)
    array([[2.5, 5. ]])

    Source: LeCun et al. (1989). Loops: avg_pool2d_loops.
    """
    if divisor_override is not None:
        raise NotImplementedError("avg_pool2d: divisor_override is not part of nnlearn")
    expect("avg_pool2d", "An image has rows and columns.", input=(input, "... H W"))
    kernel, padding = pair(kernel_size), pair(padding)
    stride = kernel if stride is None else pair(stride)
    count = _count("avg_pool2d", input, kernel, stride, padding, (1, 1), ceil_mode)
    matrices = []
    for size, c, k, s, p in zip(input.shape[-2:], count, kernel, stride, padding, strict=True):
        first = np.arange(c)[:, None] * s - p  # each window's first cell, as a column
        last = np.minimum(first + k, size + p)
        cell = np.arange(size)
        covered = (cell >= first) & (cell < last)
        divisor = last - first if count_include_pad else covered.sum(axis=1, keepdims=True)
        matrices.append(covered / divisor)
    return _averages(input, *matrices)


def avg_pool2d_loops(input, kernel_size, stride=None, padding=0):
    """Look at one window at a time: the meaning of avg_pool2d."""
    (kh, kw), (top, left) = pair(kernel_size), pair(padding)
    sh, sw = pair(kernel_size if stride is None else stride)
    padded = np.pad(input, ((0, 0), (0, 0), (top, top), (left, left)))
    oh, ow = (padded.shape[2] - kh) // sh + 1, (padded.shape[3] - kw) // sw + 1
    y = np.zeros((*input.shape[:2], oh, ow), input.dtype)
    for p, q in np.ndindex(oh, ow):
        window = padded[:, :, p * sh : p * sh + kh, q * sw : q * sw + kw]
        y[:, :, p, q] = window.mean(axis=(2, 3))
    return y


@primitive
def adaptive_avg_pool2d(input, *, output_size):
    """Take means of as many windows as asked for, whatever the image's size.

    Window p covers the rows from floor(p*H/OH) to ceil((p+1)*H/OH).

    Parameters
    ----------
    input : shape (..., H, W)
    output_size : (OH, OW), or one number for both; None keeps an axis as it is

    Returns
    -------
    y : shape (..., OH, OW)

    Example
    -------
    >>> adaptive_avg_pool2d(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 1)
    array([[3.5]])

    Source: Lin, Chen and Yan (2014), who end a network so.
    """
    expect("adaptive_avg_pool2d", "An image has rows and columns.", input=(input, "... H W"))
    sizes = output_size if np.iterable(output_size) else (output_size, output_size)
    matrices = []
    for size, count in zip(input.shape[-2:], sizes, strict=True):
        p = np.arange(size if count is None else count)[:, None]
        first, last = p * size // len(p), -((p + 1) * size // -len(p))
        cell = np.arange(size)
        matrices.append(((cell >= first) & (cell < last)) / (last - first))
    return _averages(input, *matrices)
