import numpy as np
import pytest

from nnlearn import ops

FAR = np.array([-1e4, -100.0, -1.0, 0.0, 1.0, 100.0, 1e4])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_exact_far_out(dtype):
    z = FAR.astype(dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert ops.sigmoid(z)[[0, 3, -1]].tolist() == [0, 0.5, 1]
        assert np.isclose(ops.sigmoid(np.array(-50, dtype)), np.exp(-50))
        assert ops.softmax(z)[-1] == 1
        assert ops.log_softmax(z)[0] == -2e4
        for op in (ops.relu, ops.sigmoid, ops.tanh, ops.softmax, ops.log_softmax):
            y, (vjp,) = op.rule(z)
            assert y.dtype == dtype
            assert np.isfinite(y).all() and np.isfinite(vjp(np.ones_like(z))).all()


def test_softmax_sums_to_one_along_its_axis():
    z = np.random.default_rng(0).normal(size=(2, 3, 4))
    assert np.allclose(ops.softmax(z, dim=1).sum(axis=1), 1)


def test_nan_is_passed_on():
    assert np.isnan(ops.relu(np.array([np.nan]))).all()
