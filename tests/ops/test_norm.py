"""Normalisation and dropout: equal to their loops, exact far out, honest chances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlearn as T
from nnlearn import ops
from nnlearn.errors import ShapeError
from nnlearn.ops.dropout import dropout_loops
from nnlearn.ops.norm import batch_norm_loops, layer_norm_loops

quick = settings(max_examples=30, deadline=None, database=None)


def draw(*shape):
    return np.random.default_rng(shape).standard_normal(shape)


@quick
@given(shape=st.lists(st.integers(1, 3), min_size=2, max_size=4), affine=st.booleans())
def test_batch_norm_is_its_loops(shape, affine):
    shape = (shape[0] + 1, *shape[1:])
    x, weight, bias = (
        draw(*shape),
        *((draw(shape[1]), draw(shape[1], 1)[:, 0]) if affine else (None,) * 2),
    )
    got = ops.batch_norm(x, None, None, weight, bias, training=True)
    assert np.allclose(got, batch_norm_loops(x, weight, bias))


@quick
@given(shape=st.lists(st.integers(0, 3), min_size=1, max_size=3), d=st.integers(1, 4))
def test_layer_norm_is_its_loops(shape, d):
    x, weight, bias = draw(*shape, d), draw(d), draw(1, d)[0]
    assert np.allclose(ops.layer_norm(x, d, weight, bias), layer_norm_loops(x, weight, bias))
    assert ops.layer_norm(x, (*shape[-1:], d)).shape == x.shape
    f = lambda x, w, b: ops.layer_norm(x, (d,), w, b)  # noqa: E731
    assert T.gradcheck(f, [x, weight, bias], directions=1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_exact_far_out(dtype):
    x = np.array([[1e4, -1e4], [-1e4, 1e4]], dtype)
    signs = np.sign(x)
    assert np.allclose(ops.layer_norm(x, 2), signs)
    assert np.allclose(ops.batch_norm(x, None, None, training=True), signs)
    flat = np.full((2, 3), 1e4, dtype)
    assert np.array_equal(ops.layer_norm(flat, 3), flat * 0)


def test_running_statistics_follow_the_batches():
    x, mean, var = draw(6, 2, 3), np.zeros(2), np.ones(2)
    ops.batch_norm(x, mean, var, training=True, momentum=0.25)
    assert np.allclose(mean, 0.25 * x.mean(axis=(0, 2)))
    assert np.allclose(var, 0.75 + 0.25 * x.var(axis=(0, 2), ddof=1))
    before = mean.copy()
    y = ops.batch_norm(x, mean, var)
    assert np.allclose(y, (x - mean[:, None]) / np.sqrt(var[:, None] + 1e-5))
    assert np.array_equal(mean, before)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ops.batch_norm(np.ones((1, 3)), None, None, training=True), "no variance"),
        (lambda: ops.batch_norm(np.ones((2, 3)), None, None, np.ones(2), training=True), "C is 3"),
        (lambda: ops.batch_norm(np.ones((2, 3)), None, None), "running_mean"),
        (lambda: ops.layer_norm(np.ones((2, 3)), 4), "(4,)"),
        (lambda: ops.layer_norm(np.ones((2, 3)), 3, np.ones(2)), "weight = (2,)"),
    ],
)
def test_errors_teach(call, says):
    with pytest.raises((ShapeError, ValueError)) as caught:
        call()
    assert says in str(caught.value) and len(str(caught.value).splitlines()) <= 4


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_mean(p):
    rng = np.random.default_rng(0)
    y = ops.dropout(np.ones((1000, 100)), p, rng=rng)
    assert np.isclose((y == 0).mean(), p, atol=0.01)
    assert np.isclose(y.mean(), 1, atol=0.02) and np.isclose(y.max(), 1 / (1 - p), rtol=1e-4)
    slow = dropout_loops(np.ones((100, 100)), p, rng)
    assert np.isclose((slow == 0).mean(), p, atol=0.03) and np.isclose(slow.max(), 1 / (1 - p))


def test_dropout_at_its_ends():
    x = draw(3, 4)
    assert np.array_equal(ops.dropout(x, 0.0), x)
    assert np.array_equal(ops.dropout(x, 0.9, training=False), x)
    y = T.Tensor(x, requires_grad=True)
    out = ops.dropout(y, 1.0)
    out.sum().backward()
    assert not out.data.any() and not y.grad.data.any()
    with pytest.raises(ValueError, match="probability"):
        ops.dropout(x, 1.5)
    with pytest.raises(NotImplementedError, match="not part of nnlearn"):
        ops.dropout(x, 0.5, inplace=True)


def test_the_seed_decides_what_is_dropped():
    T.manual_seed(4)
    first = ops.dropout(np.ones(64))
    T.manual_seed(4)
    assert np.array_equal(first, ops.dropout(np.ones(64)))
    assert not np.array_equal(first, ops.dropout(np.ones(64)))
