import math

import numpy as np
import pytest

import nnlearn as T
from nnlearn.errors import ShapeError
from nnlearn.nn import init


def rng():
    return np.random.default_rng(0)


def spread(values, std):
    return np.isclose(values.data.std(), std, rtol=0.03) and abs(values.data.mean()) < std / 20


@pytest.mark.parametrize(
    ("fill", "bound"),
    [
        (lambda w: init.uniform_(w, -0.5, 0.5, rng=rng()), 0.5),
        (lambda w: init.xavier_uniform_(w, rng=rng()), math.sqrt(6 / 500)),
        (lambda w: init.xavier_uniform_(w, 2.0, rng=rng()), 2 * math.sqrt(6 / 500)),
        (lambda w: init.kaiming_uniform_(w, rng=rng()), math.sqrt(6 / 300)),
        (lambda w: init.kaiming_uniform_(w, a=math.sqrt(5), rng=rng()), 1 / math.sqrt(300)),
        (
            lambda w: init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu", rng=rng()),
            math.sqrt(6 / 200),
        ),
    ],
)
def test_uniform_draws(fill, bound):
    w = T.empty(200, 300)
    assert fill(w) is w and w.dtype == T.float32
    assert abs(w.data).max() <= bound and spread(w, bound / math.sqrt(3))


@pytest.mark.parametrize(
    ("fill", "std"),
    [
        (lambda w: init.normal_(w, 0.0, 0.02, rng=rng()), 0.02),
        (lambda w: init.xavier_normal_(w, rng=rng()), math.sqrt(2 / 500)),
        (lambda w: init.kaiming_normal_(w, rng=rng()), math.sqrt(2 / 300)),
        (
            lambda w: init.kaiming_normal_(w, mode="fan_out", nonlinearity="tanh", rng=rng()),
            5 / 3 / math.sqrt(200),
        ),
        (lambda w: init.trunc_normal_(w, std=0.02, rng=rng()), 0.02),
        (lambda w: init.trunc_normal_(w, std=1.0, rng=rng()), 0.8796),
    ],
)
def test_normal_draws(fill, std):
    assert spread(fill(T.empty(200, 300)), std)


def test_kernels_count_as_inputs():
    w = init.kaiming_uniform_(T.empty(32, 16, 3, 3), rng=rng())
    assert np.isclose(abs(w.data).max(), math.sqrt(6 / (16 * 9)), rtol=0.01)


def test_truncation_holds():
    w = init.trunc_normal_(T.empty(100, 100), 1.0, 2.0, a=0.0, b=1.5, rng=rng())
    assert w.min() >= 0 and w.max() <= 1.5
    with pytest.raises(ValueError, match="hardly a draw"):
        init.trunc_normal_(w, mean=100.0)


@pytest.mark.parametrize("shape", [(4, 7), (7, 4), (5, 5), (6, 2, 3)])
def test_orthogonal_rows_or_columns(shape):
    w = init.orthogonal_(T.empty(*shape, dtype=T.float64), gain=2.0, rng=rng()).data
    w = w.reshape(shape[0], -1)
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    assert np.allclose(product, 4 * np.eye(len(product)))


def test_constants():
    w = T.empty(2, 3)
    assert init.zeros_(w).tolist() == [[0] * 3] * 2
    assert init.ones_(w).tolist() == [[1] * 3] * 2
    assert init.constant_(w, 0.5).tolist() == [[0.5] * 3] * 2
    assert init.eye_(w).tolist() == [[1, 0, 0], [0, 1, 0]]


def test_gains_are_those_of_pytorch():
    assert init.calculate_gain("linear") == init.calculate_gain("sigmoid") == 1
    assert init.calculate_gain("tanh") == 5 / 3
    assert np.isclose(init.calculate_gain("leaky_relu", 0.2), math.sqrt(2 / 1.04))
    with pytest.raises(ValueError, match="'gelu' is not part of nnlearn"):
        init.calculate_gain("gelu")


def test_weights_need_two_axes():
    with pytest.raises(ShapeError, match="inputs cannot be counted"):
        init.xavier_uniform_(T.empty(3))
    with pytest.raises(ValueError, match="fan_in"):
        init.kaiming_normal_(T.empty(3, 3), mode="fan")


def test_weights_may_require_gradients():
    w = T.zeros(3, 3, requires_grad=True)
    init.xavier_uniform_(w)
    assert w.is_leaf and w.requires_grad and w.grad is None and bool((w != 0).any())
