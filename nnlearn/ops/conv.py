"""Convolution: one small kernel of weights, laid on every place of an image.

y[n, f, p, q] = bias[f] + sum over c, i, j of weight[f, c, i, j] * image[n, c, p*s + i, q*s + j]

`conv2d_loops` says exactly that, pixel by pixel. `conv2d` gets the same numbers from a few matrix
products. Take KW copies of each image, copy j moved j columns to the left: now what kernel column j
meets stands in copy j at the output's own column. Row i of the kernels, times the copies moved up
by i rows, is one matrix product; the KH products add up to the convolution. Nothing moves when the
rows do: "rows i and below" is only a view.

The gradients are convolutions too. The weight's pairs the same copies with the gradient, and the
image's convolves the gradient with the kernels turned by half a turn.

Lessons: 10, 15.
"""

from typing import NamedTuple

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.ops.shapes import reshape
from nnlearn.tensor import primitive

# Numbers in the copies at work: a megabyte, which stays in a core's own cache. With all images
# at once, the copies would travel to memory and back, for 1.3 times the time.
ROOM = 1 << 18


class Grid(NamedTuple):
    """How kernels lie on an image: pairs are (rows, columns)."""

    image: tuple[int, int]
    out: tuple[int, int]
    kernel: tuple[int, int]
    stride: tuple[int, int]
    before: tuple[int, int]  # zeros above and left of the image; below and right follow from `out`
    dilation: tuple[int, int]
    groups: int


def pair(value):
    """Return (rows, columns): 3 means (3, 3)."""
    return tuple(map(int, value)) if np.iterable(value) else (int(value), int(value))


def conv2d_loops(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolve one output at a time: the meaning of `conv2d`, 1,000 times slower."""
    (sh, sw), (dh, dw), (top, left) = pair(stride), pair(dilation), pair(padding)
    n, c, h, w = input.shape
    filters, channels, kh, kw = weight.shape  # each filter sees the channels of its own group
    padded = np.zeros((n, c, h + 2 * top, w + 2 * left), input.dtype)
    padded[:, :, top : top + h, left : left + w] = input
    oh = (h + 2 * top - dh * (kh - 1) - 1) // sh + 1
    ow = (w + 2 * left - dw * (kw - 1) - 1) // sw + 1
    y = np.zeros((n, filters, oh, ow), input.dtype)
    for f, p, q in np.ndindex(filters, oh, ow):
        first = f // (filters // groups) * channels
        rows = slice(p * sh, p * sh + dh * (kh - 1) + 1, dh)
        columns = slice(q * sw, q * sw + dw * (kw - 1) + 1, dw)
        window = padded[:, first : first + channels, rows, columns]
        y[:, f, p, q] = (window * weight[f]).sum(axis=(1, 2, 3)) + (0 if bias is None else bias[f])
    return y


def _inside(size, count, stride, shift):
    """For outputs o in 0..count-1 that look at o*stride + shift: which look inside, and at what."""
    first = max(0, -(shift // stride))  # minus, rounded down, minus: rounded up
    last = max(first, min(count, -((shift - size) // stride)))
    start = first * stride + shift
    return slice(first, last), slice(start, start + (last - first) * stride, stride)


def _places(grid):
    """Return how many rows the copies have, where image rows go, and columns for each copy."""
    rows = (grid.out[0] - 1) * grid.stride[0] + (grid.kernel[0] - 1) * grid.dilation[0] + 1
    columns = [
        _inside(grid.image[1], grid.out[1], grid.stride[1], j * grid.dilation[1] - grid.before[1])
        for j in range(grid.kernel[1])
    ]
    return rows, _inside(grid.image[0], rows, 1, -grid.before[0]), columns


def _some_at_a_time(count, channels, rows, grid):
    """Split `count` images into slices whose copies have ROOM; return them with the room."""
    shape = (channels, grid.kernel[1], rows, grid.out[1])
    few = min(count, max(1, ROOM // max(1, channels * grid.kernel[1] * rows * grid.out[1])))
    return (few, *shape), [slice(i, min(i + few, count)) for i in range(0, count, max(1, few))]


def _copies(x, grid):
    """Yield (which images, their copies), a few images at a time, always in the same memory.

    copies[n, c, j, r, q] is what kernel column j meets at output column q, in row r of the padded
    image; shape (some, C, KW, rows, OW). The zeros around the image come first, and stay.
    """
    rows, (row, image_row), columns = _places(grid)
    shape, parts = _some_at_a_time(x.shape[0], x.shape[1], rows, grid)
    room = np.zeros(shape, x.dtype)
    for some in parts:
        images = x[some, :, image_row]
        copies = room[: len(images)]
        for j, (column, image_column) in enumerate(columns):
            if grid.stride[1] == 1 and grid.out[1] == grid.image[1]:  # of one width
                _move(images, copies[:, :, j], row.start, image_column.start - column.start)
                copies[:, :, j, :, : column.start] = 0  # what came in from the next row
                copies[:, :, j, :, column.stop :] = 0
            else:
                copies[:, :, j, row, column] = images[:, :, :, image_column]
        yield some, copies


def _move(images, into, down, left):
    """Copy images into wider room, moved. Rows of equal width move as one: 5 times as fast."""
    n, c, h, w = images.shape
    start, size = down * w - left, into.shape[2] * w
    first = max(0, start)
    last = max(first, min(size, start + h * w))
    flat = images.reshape(n, c, h * w)
    into.reshape(n, c, size)[:, :, first:last] = flat[:, :, first - start : last - start]


def _kernel_rows(weight, groups):
    """Row i of all kernels as a matrix: (KH, groups, filters of a group, channels * KW)."""
    filters, c, kh, kw = weight.shape
    rows = weight.reshape(groups, filters // groups, c, kh, kw).transpose(3, 0, 1, 2, 4)
    return rows.reshape(kh, groups, filters // groups, c * kw)


def _met_by_row(copies, grid):
    """List the rows of the copies that each kernel row meets: (some, C, KW, OH, OW), as views."""
    (oh, _), sh, dh = grid.out, grid.stride[0], grid.dilation[0]
    starts = [i * dh for i in range(grid.kernel[0])]
    return [copies[:, :, :, start : start + (oh - 1) * sh + 1 : sh] for start in starts]


def _matrices(copies, grid):
    """List the same as matrices, (some, groups, channels * KW, OH * OW): views if stride is 1."""
    (oh, ow), (some, c, kw, *_) = grid.out, copies.shape
    shape = (some, grid.groups, c // grid.groups * kw, oh * ow)
    return [met.reshape(shape) for met in _met_by_row(copies, grid)]


def convolve(x, weight, bias, grid):
    """Add up one matrix product for each kernel row, and the bias."""
    n, filters, groups, (oh, ow) = len(x), len(weight), grid.groups, grid.out
    y = np.empty((n, groups, filters // groups, oh * ow), np.result_type(x, weight))
    first, *others = _kernel_rows(weight, groups)
    for some, copies in _copies(x, grid):
        part = y[some]
        met, *met_by_others = _matrices(copies, grid)
        np.matmul(first, met, out=part)
        for kernel_row, met in zip(others, met_by_others, strict=True):
            part += kernel_row @ met
        if bias is not None:
            part += bias.reshape(groups, filters // groups, 1)
    return y.reshape(n, filters, oh, ow)


def weight_gradient(x, g, grid):
    """Pair every output's gradient with what its kernel saw, and add up over places and images."""
    (n, c), filters, (kh, kw), groups = x.shape[:2], g.shape[1], grid.kernel, grid.groups
    g = g.reshape(n, groups, filters // groups, g.shape[2] * g.shape[3]).swapaxes(2, 3)
    d = np.zeros((kh, groups, c // groups * kw, filters // groups), g.dtype)
    for some, copies in _copies(x, grid):
        for i, met in enumerate(_matrices(copies, grid)):
            d[i] += (met @ g[some]).sum(axis=0)
    d = d.reshape(kh, groups, c // groups, kw, filters // groups).transpose(1, 4, 2, 0, 3)
    return d.reshape(filters, c // groups, kh, kw)


def input_gradient(g, weight, grid):
    """Send each output's gradient back to the pixels it came from: the steps of convolve, undone.

    At stride 1 this is itself a convolution, of g with the kernels turned by half a turn, for 0.7
    of the time: reading a pixel from many places is cheaper than adding to it from many places.
    """
    (filters, c, kh, kw), groups, (dh, dw) = weight.shape, grid.groups, grid.dilation
    if grid.stride == (1, 1):
        turned = weight[:, :, ::-1, ::-1].reshape(groups, filters // groups, c, kh, kw)
        turned = turned.swapaxes(1, 2).reshape(groups * c, filters // groups, kh, kw)
        before = (dh * (kh - 1) - grid.before[0], dw * (kw - 1) - grid.before[1])
        back = grid._replace(image=grid.out, out=grid.image, before=before)
        return convolve(g, turned, None, back)
    n, c = len(g), c * groups
    rows, (row, image_row), columns = _places(grid)
    shape, parts = _some_at_a_time(n, c, rows, grid)
    room, d = np.empty(shape, g.dtype), np.zeros((n, c, *grid.image), g.dtype)
    kernels = _kernel_rows(weight, groups).swapaxes(2, 3)
    g = g.reshape(n, groups, filters // groups, grid.out[0] * grid.out[1])
    for some in parts:
        images = d[some]
        copies = room[: len(images)]
        copies[...] = 0
        for kernel_row, met in zip(kernels, _met_by_row(copies, grid), strict=True):
            met += (kernel_row @ g[some]).reshape(met.shape)
        for j, (column, image_column) in enumerate(columns):
            images[:, :, image_row, image_column] += copies[:, :, j, row, column]
    return d


def bias_gradient(g):
    """Add g up over images and pixels, as products with ones: 3 times as fast as sum."""
    n, filters, oh, ow = g.shape
    return np.ones(n, g.dtype) @ (g.reshape(n, filters, oh * ow) @ np.ones(oh * ow, g.dtype))


def check(name, axes, groups, input, weight, bias):
    """Refuse shapes that do not fit; `axes` names those of one image and of weight."""
    image, kernel = axes
    of_weight = kernel.split()
    of_weight[1] += "/groups" if groups > 1 else ""
    arrays = {
        "input": (input, image if input.ndim < weight.ndim else f"N {image}"),
        "weight": (weight, " ".join(of_weight)),
    }
    if bias is not None:
        arrays["bias"] = (bias, "F")
    repair = "Every image has its channels: a grey one has the shape (1, H, W)."
    expect(name, repair, **arrays)
    takes, gives = weight.shape[1] * groups, weight.shape[0]
    if kernel.startswith("C"):
        takes, gives = gives, takes
    c = input.shape[-weight.ndim + 1]
    if c != takes or c % groups or gives % groups or (bias is not None and len(bias) != gives):
        shapes = {n: a.shape for n, (a, _) in arrays.items()}
        problem = f"with groups={groups}, weight takes {takes} channels and gives {gives}"
        repair = "groups must divide both, input have the one, and bias the other."
        raise ShapeError(f"{name}: {problem}", shapes, repair)


def check_output(name, out, image, kernel):
    """Refuse an output without pixels."""
    if min(*out, *kernel) < 1:
        shapes = {"image (H, W)": tuple(image), "kernel (KH, KW)": tuple(kernel)}
        repair = "Usual cause: too many poolings before. Use padding, or a smaller kernel."
        raise ShapeError(f"{name}: the output would have the size {out}", shapes, repair)


def _grid(input, weight, stride, padding, dilation, groups):
    """Lay the kernel on the image: how large is the output, and where are the zeros?"""
    image, kernel = input.shape[-2:], weight.shape[-2:]
    stride, dilation = pair(stride), pair(dilation)
    if min(*stride, *dilation) < 1:
        raise ValueError(f"conv2d: stride {stride} and dilation {dilation} must be 1 or more")
    reach = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
    if padding == "same":
        if stride != (1, 1):
            raise ValueError("conv2d: padding='same' keeps the size, so it needs stride 1")
        total, before = reach, tuple(r // 2 for r in reach)
    else:
        before = pair(0 if padding == "valid" else padding)
        total = [2 * b for b in before]
    sizes = zip(image, total, reach, stride, strict=True)
    out = tuple((size + t - r - 1) // s + 1 for size, t, r, s in sizes)
    check_output("conv2d", out, image, kernel)
    return Grid(image, out, kernel, stride, before, dilation, groups)


@primitive
def conv2d(input, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1):
    """Lay every filter on every place of every image: see the formula above.

    Parameters
    ----------
    input : shape (N, C, H, W), or (C, H, W) for one image
    weight : shape (F, C/groups, KH, KW): F filters
    bias : shape (F,), or None
    stride : steps between places: a number, or (rows, columns)
    padding : zeros on each side: a number, (rows, columns), "valid" (none), "same" (size kept)
    dilation : steps between the kernel's cells
    groups : into how many groups the channels are split; each filter sees one of them

    Returns
    -------
    y : shape (N, F, OH, OW), where OH = (H + 2*padding - dilation*(KH-1) - 1) // stride + 1

    Raises: ShapeError if channels differ, or if the kernel is larger than the padded image.

    Example
    -------
    >>> image = np.array([[[0.0, 0, 1, 1], [0, 0, 1, 1]]])
    >>> edge = np.array([[[[-1.0, 1.0]]]])  # what is right of a pixel, minus the pixel
    >>> conv2d(image, edge)
    array([[[0., 1., 0.],
            [0., 1., 0.]]])

    Source: Fukushima (1980); LeCun et al. (1989). Loops: conv2d_loops.
    """
    check("conv2d", ("C H W", "F C KH KW"), groups, input, weight, bias)
    grid = _grid(input, weight, stride, padding, dilation, groups)
    x = input if input.ndim == 4 else input[None]
    filters = (len(x), len(weight), *grid.out)
    return convolve(x, weight, bias, grid).reshape(*input.shape[:-3], *filters[1:]), (
        lambda g: input_gradient(g.reshape(filters), weight, grid).reshape(input.shape),
        lambda g: weight_gradient(x, g.reshape(filters), grid),
        lambda g: bias_gradient(g.reshape(filters)),
    )


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolve along one axis: conv2d over images of height 1.

    Parameters
    ----------
    input : shape (N, C, L), or (C, L)
    weight : shape (F, C/groups, K)
    bias, stride, padding, dilation, groups : as for conv2d, along L

    Returns
    -------
    y : shape (N, F, OL)

    Example
    -------
    >>> conv1d(np.array([[1.0, 2.0, 4.0, 8.0]]), np.array([[[-1.0, 1.0]]]))
    array([[1., 2., 4.]])
    """
    check("conv1d", ("C L", "F C K"), groups, input, weight, bias)
    stride, dilation = (int(np.ravel(v)[0]) for v in (stride, dilation))  # (2,) means 2
    zeros = padding if isinstance(padding, str) else (0, int(np.ravel(padding)[0]))
    flat = reshape(input, (*input.shape[:-1], 1, input.shape[-1]))
    kernels = reshape(weight, (*weight.shape[:-1], 1, weight.shape[-1]))
    y = conv2d(flat, kernels, bias, (1, stride), zeros, (1, dilation), groups)
    return reshape(y, (*y.shape[:-2], y.shape[-1]))
