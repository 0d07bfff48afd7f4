import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp

from nnlearn.data import nearest_label, pairwise_sq_dist, standardize
from nnlearn.errors import ShapeError

rng = np.random.default_rng(0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_standardize(dtype):
    X = (rng.normal(5, 3, (50, 3))).astype(dtype)
    X[:, 1] = 0.1  # never changes, and has no exact mean
    X.flags.writeable = False
    Z = standardize(X)
    assert Z.dtype == dtype
    assert np.allclose(Z.mean(axis=0), 0, atol=1e-5)
    assert np.allclose(Z.std(axis=0), [1, 0, 1], atol=1e-5)


def test_standardize_by_the_training_data():
    X, new = rng.normal(5, 3, (50, 3)), rng.normal(0, 1, (9, 3))
    assert np.allclose(standardize(new, like=X), (new - X.mean(0)) / X.std(0))
    with pytest.raises(ShapeError, match="D is 3"):
        standardize(X, like=X[:, :2])


@settings(deadline=None, database=None)
@given(hnp.array_shapes(min_dims=3, max_dims=3, min_side=0, max_side=4))
def test_pairwise_sq_dist_is_the_broadcast_form(sizes):
    n, m, d = sizes
    X, Y = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    expected = ((X[:, None] - Y[None]) ** 2).sum(axis=-1)
    assert np.allclose(pairwise_sq_dist(X, Y), expected)


def test_distances_are_never_negative():
    X = rng.normal(1e3, 1e-3, (20, 5)).astype(np.float32)
    assert (pairwise_sq_dist(X, X) >= 0).all()


def test_nearest_label():
    X, labels = np.array([[0.0, 0.0], [5.0, 5.0]]), np.array([4, 9])
    assert nearest_label(X, labels, np.array([[1.0, 1.0], [9.0, 9.0], [0.0, 1.0]])).tolist() == [
        4,
        9,
        4,
    ]
    with pytest.raises(ShapeError, match="labels"):
        nearest_label(X, labels[:1], X)
