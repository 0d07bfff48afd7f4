"""Convolution and pooling: equal to their textbook loops, over random shapes and settings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlearn as T
from nnlearn import ops
from nnlearn.errors import ShapeError
from nnlearn.ops.conv import conv2d_loops
from nnlearn.ops.conv_transpose import conv_transpose2d_loops
from nnlearn.ops.pool import avg_pool2d_loops, max_pool2d_loops

quick = settings(max_examples=40, deadline=None, database=None)
few = st.integers(1, 3)
pairs = st.tuples(few, few)
ones = np.ones


def draw(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).standard_normal(shape)


@quick
@given(
    n=st.integers(0, 2), size=pairs, kernel=pairs, stride=pairs, dilation=pairs,
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)), groups=few, channels=pairs,
)  # fmt: skip
def test_conv2d_is_its_loops(n, size, kernel, stride, dilation, padding, groups, channels):
    reach = [d * (k - 1) + 1 - 2 * p for d, k, p in zip(dilation, kernel, padding, strict=True)]
    h, w = (max(1, r) + s - 1 for r, s in zip(reach, size, strict=True))
    (c, f), bias = (m * groups for m in channels), groups != 2
    x, weight = draw(n, c, h, w), draw(f, c // groups, *kernel)
    b = draw(f) if bias else None
    place = (stride, padding, dilation, groups)
    expected = conv2d_loops(x, weight, b, *place)
    got = ops.conv2d(x, weight, b, *place)
    assert got.shape == expected.shape and np.allclose(got, expected)
    arrays = [x, weight, b] if bias else [x, weight]
    assert T.gradcheck(lambda x, w, b=None: ops.conv2d(x, w, b, *place), arrays, directions=1)


@quick
@given(
    n=st.integers(0, 2), size=pairs, kernel=pairs, stride=pairs, dilation=pairs,
    padding=st.integers(0, 1), groups=few, channels=pairs, extra=st.integers(0, 2),
)  # fmt: skip
def test_conv_transpose2d_is_its_loops(
    n, size, kernel, stride, dilation, padding, groups, channels, extra
):
    size = tuple(s + 2 for s in size)
    extra = tuple(min(extra, max(s, d) - 1) for s, d in zip(stride, dilation, strict=True))
    c, f = (m * groups for m in channels)
    x, weight, b = draw(n, c, *size), draw(c, f // groups, *kernel), draw(f)
    place = (stride, padding, extra, groups, dilation)
    expected = conv_transpose2d_loops(x, weight, b, *place)
    got = ops.conv_transpose2d(x, weight, b, *place)
    assert got.shape == expected.shape and np.allclose(got, expected)
    arrays = [x, weight, b]
    assert T.gradcheck(lambda *a: ops.conv_transpose2d(*a, *place), arrays, directions=1)


@quick
@given(
    lead=st.tuples(st.integers(0, 2), few), size=pairs, kernel=pairs, stride=pairs,
    padding=st.integers(0, 1),
)  # fmt: skip
def test_pools_are_their_loops(lead, size, kernel, stride, padding):
    h, w = (k + s - 1 for k, s in zip(kernel, size, strict=True))
    padding = tuple(min(padding, k // 2) for k in kernel)
    x, place = draw(*lead, h, w), (kernel, stride, padding)
    for pool, loops in ((ops.max_pool2d, max_pool2d_loops), (ops.avg_pool2d, avg_pool2d_loops)):
        assert np.allclose(pool(x, *place), loops(x, *place))
        assert T.gradcheck(lambda x, pool=pool: pool(x, *place), x, directions=1)


def test_large_batches_go_through_in_parts():
    """More images than are copied at a time, the last part smaller than the others."""
    x, weight, bias = draw(70, 8, 16, 16), draw(5, 8, 3, 3), draw(5)
    whole, one = (ops.conv2d(a, weight, bias, padding=1) for a in (x, x[-1:]))
    assert np.allclose(whole[-1:], one)
    x, weight = T.Tensor(x, requires_grad=True), T.Tensor(weight, requires_grad=True)
    ops.conv2d(x, weight, bias, stride=2).sum().backward()
    total = np.zeros(weight.shape)
    for i in range(70):
        part = T.Tensor(x.data[i], requires_grad=True)
        again = T.Tensor(weight.data, requires_grad=True)
        ops.conv2d(part, again, bias, stride=2).sum().backward()
        assert np.allclose(part.grad, x.grad.data[i])
        total += again.grad.data
    assert np.allclose(weight.grad, total)


def test_the_first_of_equal_numbers_gets_the_gradient_of_a_pooling():
    x = T.ones(1, 1, 4, 4).requires_grad_()
    ops.max_pool2d(x, 2).sum().backward()
    assert np.array_equal(np.argwhere(x.grad.data[0, 0]), [[0, 0], [0, 2], [2, 0], [2, 2]])


def test_a_pooling_passes_nan_on():
    assert np.isnan(ops.max_pool2d(np.array([[0.0, np.nan]]), (1, 2))).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_exact_far_out(dtype):
    x = np.array([[[[1e4, -1e4], [-1e4, 1e4]]]], dtype)
    assert ops.conv2d(x, np.ones((1, 1, 2, 2), dtype)).item() == 0
    assert ops.max_pool2d(x, 2).item() == 1e4
    assert ops.avg_pool2d(x, 2).item() == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: ops.conv2d(ones((2, 3, 8, 8)), ones((4, 1, 3, 3))),
            ["conv2d: C is 3 in input but 1 in weight", "(N, C, H, W) = (2, 3, 8, 8)"],
        ),
        (lambda: ops.conv2d(ones((8, 8)), ones((4, 1, 3, 3))), ["needs 3 axes and has 2", "grey"]),
        (
            lambda: ops.conv2d(ones((1, 1, 2, 2)), ones((1, 1, 3, 3))),
            ["the output would have the size (0, 0)", "kernel (KH, KW) = (3, 3)"],
        ),
        (
            lambda: ops.conv2d(ones((2, 3, 8, 8)), ones((4, 2, 3, 3)), groups=2),
            ["with groups=2, weight takes 4 channels"],
        ),
        (
            lambda: ops.conv2d(ones((2, 3, 8, 8)), ones((4, 3, 3, 3)), ones(3)),
            ["F is 4 in weight but 3 in bias"],
        ),
        (lambda: ops.conv1d(ones((2, 3, 8)), ones((4, 2, 3))), ["conv1d: C is 3 in input but 2"]),
        (
            lambda: ops.conv_transpose2d(ones((2, 3, 8, 8)), ones((4, 3, 3, 3))),
            ["conv_transpose2d: C is 3 in input but 4 in weight"],
        ),
        (
            lambda: ops.conv_transpose2d(ones((2, 3, 8, 8)), ones((3, 4, 3, 3)), ones(3)),
            ["F is 4 in weight but 3 in bias"],
        ),
        (lambda: ops.max_pool2d(ones((2, 1, 1)), 2), ["no window fits", "too many poolings"]),
        (lambda: ops.max_pool2d(ones(3), 2), ["input needs 2 axes"]),
        (lambda: ops.adaptive_avg_pool2d(ones(3), 2), ["input needs 2 axes"]),
    ],
)
def test_shapes_that_do_not_fit(call, says):
    with pytest.raises(ShapeError) as caught:
        call()
    text = str(caught.value)
    assert all(part in text for part in says), text
    assert len(text.splitlines()) <= 4


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ops.conv2d(ones((1, 1, 4, 4)), ones((1, 1, 3, 3)), None, 2, "same"), "stride 1"),
        (
            lambda: ops.conv_transpose2d(ones((1, 4, 4)), ones((1, 1, 3, 3)), None, 2, 0, 2),
            "smaller",
        ),
        (lambda: ops.max_pool2d(ones((1, 4, 4)), 2, 1, 2), "more than half"),
        (lambda: ops.max_pool2d(ones((1, 4, 4)), 2, return_indices=True), "not part of nnlearn"),
        (lambda: ops.avg_pool2d(ones((1, 4, 4)), 2, divisor_override=3), "not part of nnlearn"),
    ],
)
def test_settings_that_cannot_be(call, says):
    with pytest.raises((ValueError, NotImplementedError), match=says):
        call()
