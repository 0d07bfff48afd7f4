import numpy as np
import pytest

import nnlearn as T
from nnlearn.errors import ShapeError


def test_dtypes_follow_pytorch():
    assert T.tensor([1, 2]).dtype == T.int64
    assert T.tensor([1.0, 2]).dtype == T.float32
    assert T.tensor([True]).dtype == T.bool
    assert T.tensor(np.zeros(2)).dtype == T.float64
    assert T.tensor([1, 2], dtype=T.float64).dtype == T.float64
    assert T.arange(3).dtype == T.int64 and T.arange(0.0, 1.0, 0.5).tolist() == [0, 0.5]
    for made in (T.zeros(2, 3), T.ones((2, 3)), T.rand(2, 3), T.randn([2, 3]), T.empty(2, 3)):
        assert made.dtype == T.float32 and made.shape == (2, 3)
    assert T.linspace(0, 1, 3).tolist() == [0, 0.5, 1]
    assert T.float is T.float32 and T.double is T.float64 and T.long is T.int64
    assert T.zeros(2).dtype is T.float32  # the dtype itself, so that `is` works, and dict keys


def test_tensor_copies_and_from_numpy_shares():
    a = np.zeros(2)
    copied, shared, same = T.tensor(a), T.from_numpy(a), T.as_tensor(a)
    a[0] = 1
    assert copied.tolist() == [0, 0] and shared.tolist() == [1, 0] and same.tolist() == [1, 0]
    assert T.as_tensor(shared) is shared
    assert T.tensor(shared).data is not a and T.is_tensor(shared) and not T.is_tensor(a)


@pytest.mark.parametrize(
    "make",
    [
        lambda **k: T.tensor([1.0], **k),
        lambda **k: T.zeros(2, **k),
        lambda **k: T.ones(2, **k),
        lambda **k: T.full((2,), 1.0, **k),
        lambda **k: T.eye(2, **k),
        lambda **k: T.arange(2.0, **k),
        lambda **k: T.linspace(0, 1, 2, **k),
        lambda **k: T.rand(2, **k),
        lambda **k: T.randn(2, **k),
        lambda **k: T.empty(2, **k),
    ],
)
def test_common_arguments(make):
    made = make(requires_grad=True, dtype=T.float64, device="cpu")
    assert made.requires_grad and made.dtype == T.float64 and made.device == T.device("cpu")
    with pytest.raises(ValueError, match="nnlearn computes on the CPU: there is no device 'cuda"):
        make(device="cuda:0")
    with pytest.raises(TypeError, match=r"float16 is not part of nnlearn\nThere are: float32"):
        make(dtype=np.float16)


def test_likes_follow_what_they_are_like():
    x = T.zeros(2, 3, dtype=T.float64)
    for like in (T.zeros_like, T.ones_like, T.empty_like, T.rand_like, T.randn_like):
        assert like(x).dtype == T.float64 and like(x).shape == (2, 3)
        assert like(x, dtype=T.float32, requires_grad=True).requires_grad
    assert T.full_like(x, 2).tolist() == [[2.0] * 3] * 2


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


def test_random_integers():
    T.manual_seed(0)
    for drawn in (T.randint(3, (200,)), T.randint(0, 3, (200,)), T.randint(3, size=(200,))):
        assert drawn.dtype == T.int64 and set(drawn.tolist()) == {0, 1, 2}
    assert T.randint(2, 4, (3, 2)).shape == (3, 2)
    assert sorted(T.randperm(5).tolist()) == [0, 1, 2, 3, 4]


def test_draws_by_probability():
    T.manual_seed(0)
    p = T.tensor([[0.0, 1.0, 3.0], [1.0, 0.0, 0.0]])
    drawn = T.multinomial(p, 4000, replacement=True)
    assert drawn.shape == (2, 4000) and not drawn[1].any()
    assert np.isclose((drawn[0] == 2).float().mean().item(), 0.75, atol=0.03)
    singles = T.cat([T.multinomial(p[0], 1) for _ in range(1000)])
    assert np.isclose((singles == 2).float().mean().item(), 0.75, atol=0.05)
    assert sorted(T.multinomial(p[0], 2).tolist()) == [1, 2]
    assert T.bernoulli(T.tensor([0.0, 1.0])).tolist() == [0, 1]
    with pytest.raises(ShapeError, match="needs 2 places"):
        T.multinomial(p, 2)
    with pytest.raises(ValueError, match="not negative"):
        T.multinomial(-p, 1)
