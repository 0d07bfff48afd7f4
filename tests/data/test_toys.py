import numpy as np
import pytest

from nnlearn import data
from nnlearn.perceptron import train_perceptron


@pytest.mark.parametrize("toy", [data.blobs, data.xor, data.moons, data.circles, data.spirals])
def test_shapes_types_and_seeds(toy):
    X, y = toy(40, rng=np.random.default_rng(0))
    assert X.shape == (40, 2) and X.dtype == np.float32
    assert y.shape == (40,) and y.dtype == np.int64 and set(y) == {0, 1}
    assert np.array_equal(X, toy(40, rng=np.random.default_rng(0))[0])
    assert (np.diff(y) != 0).any()  # mixed, not sorted by class


def test_a_line_separates_blobs_and_not_xor():
    for toy, separable in ((data.blobs, True), (data.xor, False)):
        _, _, errors = train_perceptron(*toy(100, rng=np.random.default_rng(1)), epochs=100)
        assert (errors[-1] == 0) == separable


def test_more_classes():
    _, y = data.blobs(30, classes=3)
    assert np.bincount(y).tolist() == [10, 10, 10]
