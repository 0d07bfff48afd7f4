import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnlearn as T
from nnlearn import ops

FAR = np.array([-1e4, -100.0, -1.0, 0.0, 1.0, 100.0, 1e4])
EACH = {
    "relu": ops.relu,
    "leaky_relu": ops.leaky_relu,
    "elu": ops.elu,
    "gelu": ops.gelu,
    "gelu tanh": lambda z: ops.gelu(z, approximate="tanh"),
    "silu": ops.silu,
    "softplus": ops.softplus,
    "logsigmoid": ops.logsigmoid,
    "sigmoid": ops.sigmoid,
    "tanh": ops.tanh,
    "softmax": ops.softmax,
    "log_softmax": ops.log_softmax,
}
each_one = pytest.mark.parametrize("function", EACH.values(), ids=EACH)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_exact_far_out(dtype):
    z = FAR.astype(dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert ops.sigmoid(z)[[0, 3, -1]].tolist() == [0, 0.5, 1]
        assert np.isclose(ops.sigmoid(np.array(-50, dtype)), np.exp(-50))
        assert ops.softmax(z)[-1] == 1
        assert ops.log_softmax(z)[0] == -2e4
        for function in (ops.silu, ops.softplus, EACH["gelu"], EACH["gelu tanh"]):
            assert function(z)[[0, -1]].tolist() == [0, 1e4]
        assert ops.elu(z)[[0, -1]].tolist() == [-1, 1e4]
        assert ops.logsigmoid(z)[[0, -1]].tolist() == [-1e4, 0]


@each_one
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_finite_far_out(function, dtype):
    z = T.tensor(FAR.astype(dtype), requires_grad=True)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = function(z)
        y.sum().backward()
    assert y.dtype == z.grad.dtype == dtype
    assert np.isfinite(y.data).all() and np.isfinite(z.grad.data).all()


@each_one
@settings(max_examples=15, deadline=None, database=None)
@given(
    shape=hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3), seed=st.integers(0, 9)
)
def test_any_shape(function, shape, seed):
    z = np.random.default_rng(seed).normal(size=shape)
    assert function(z).shape == shape
    assert T.gradcheck(function, z)


def test_single_numbers():
    for name, function in EACH.items():
        if "softmax" not in name:
            assert function(np.array(0.5, np.float32)).dtype == np.float32
            x = T.tensor(0.5, requires_grad=True)
            function(x).backward()
            assert x.grad.shape == () and x.grad.dtype == np.float32


def test_the_normal_distribution_function_is_as_exact_as_erfc():
    x = np.linspace(-8, 8, 1001)
    exact = np.array([math.erfc(-v / math.sqrt(2)) / 2 for v in x])
    found = ops.activations._normal_cdf(x)
    assert np.allclose(found, exact, rtol=1e-8, atol=0)
    assert np.allclose(found[np.abs(x) < 5], exact[np.abs(x) < 5], rtol=1e-10, atol=0)
    single = ops.activations._normal_cdf(x.astype(np.float32))
    assert single.dtype == np.float32 and np.abs(single - exact).max() < 2e-7


def test_softmax_sums_to_one_along_its_axis():
    z = np.random.default_rng(0).normal(size=(2, 3, 4))
    assert np.allclose(ops.softmax(z, dim=1).sum(axis=1), 1)


def test_nan_is_passed_on():
    for function in EACH.values():
        assert np.isnan(function(np.array([np.nan, 1.0]))).any()


def test_the_form_of_gelu_must_be_known():
    with pytest.raises(ValueError, match='"none" or "tanh", not \'erf\''):
        ops.gelu(FAR, approximate="erf")
