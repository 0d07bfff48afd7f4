import numpy as np
import pytest

import nnlearn as T


def test_dtypes_follow_pytorch():
    assert T.tensor([1, 2]).dtype == T.int64
    assert T.tensor([1.0, 2]).dtype == T.float32
    assert T.tensor([True]).dtype == T.bool
    assert T.tensor(np.zeros(2)).dtype == T.float64
    assert T.tensor([1, 2], dtype=T.float64).dtype == T.float64
    assert T.arange(3).dtype == T.int64 and T.arange(0.0, 1.0, 0.5).tolist() == [0, 0.5]
    for made in (T.zeros(2, 3), T.ones((2, 3)), T.rand(2, 3), T.randn(2, 3)):
        assert made.dtype == T.float32 and made.shape == (2, 3)
    assert T.linspace(0, 1, 3).tolist() == [0, 0.5, 1]


def test_tensor_copies_and_from_numpy_shares():
    a = np.zeros(2)
    copied, shared = T.tensor(a), T.from_numpy(a)
    a[0] = 1
    assert copied.tolist() == [0, 0] and shared.tolist() == [1, 0]


def test_chance_repeats():
    T.manual_seed(3)
    first = T.randn(4)
    T.manual_seed(3)
    assert np.array_equal(first, T.randn(4))
    assert np.array_equal(
        T.rand(4, rng=np.random.default_rng(1)), T.rand(4, rng=np.random.default_rng(1))
    )
    with pytest.raises(TypeError, match="default_rng"):
        T.rand(4, rng=0)
