import numpy as np
import pytest

from nnlearn import ops
from nnlearn.errors import ShapeError


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_is_exact_far_out(dtype):
    scores = np.array([[1e4, 0, -1e4], [1e4, 0, -1e4]], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert ops.cross_entropy(scores, np.array([0, 2]), "none").tolist() == [0, 2e4]


def test_targets_may_be_of_any_integer_type():
    for dtype in (np.uint8, np.int32, np.int64):
        assert np.isclose(ops.cross_entropy(np.zeros((2, 4)), np.array([1, 3], dtype)), np.log(4))


@pytest.mark.parametrize("loss", [ops.cross_entropy, ops.nll_loss])
def test_bad_targets_are_named(loss):
    scores = np.zeros((3, 4))
    with pytest.raises(TypeError, match=r"integer.*\n.*astype\(int\)"):
        loss(scores, np.zeros(3))
    with pytest.raises(ValueError, match="from 1 to 4, but there are 4 classes"):
        loss(scores, np.array([1, 2, 4]))
    with pytest.raises(ValueError, match="from -1 to 2"):
        loss(scores, np.array([-1, 2, 0]))
    with pytest.raises(ShapeError, match="N is 3 in input but 2 in target"):
        loss(scores, np.array([0, 1]))
    with pytest.raises(ShapeError, match="target needs 1 axes and has 2"):
        loss(scores, np.zeros((3, 4), int))
    with pytest.raises(ShapeError, match="batch is empty"):
        loss(scores[:0], np.zeros(0, int))
    with pytest.raises(ValueError, match="'average'"):
        loss(scores, np.array([0, 1, 2]), reduction="average")


def test_mse_does_not_broadcast():
    with pytest.raises(ShapeError, match=r"target.reshape\(input.shape\)"):
        ops.mse_loss(np.zeros((4, 1)), np.zeros(4))
    with pytest.raises(ShapeError, match="empty"):
        ops.mse_loss(np.zeros(0), np.zeros(0))
