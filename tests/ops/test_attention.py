"""Attention and embedding: equal to their loops, right at the edges, clear when misused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlearn as T
from nnlearn.errors import ShapeError
from nnlearn.nn import functional as F
from nnlearn.ops.attention import scaled_dot_product_attention_loops
from nnlearn.ops.embedding import embedding_loops

quick = settings(max_examples=40, deadline=None, database=None)
attend = F.scaled_dot_product_attention
size = st.integers(0, 4)
ones = np.ones


@quick
@given(t=size, s=size, d=st.integers(1, 4), e=size, seed=st.integers(0, 9))
def test_attention_is_its_loops(t, s, d, e, seed):
    rng = np.random.default_rng(seed)
    q, k, v = (rng.normal(size=shape) for shape in ((t, d), (s, d), (s, e)))
    mask = rng.random((t, s)) < 0.6
    for m in (None, mask):
        assert np.allclose(attend(q, k, v, m), scaled_dot_product_attention_loops(q, k, v, m))
    causal = np.tri(t, s, dtype=bool)
    expected = scaled_dot_product_attention_loops(q, k, v, causal)
    assert np.allclose(attend(q, k, v, is_causal=True), expected)
    assert T.gradcheck(lambda *qkv: attend(*qkv, mask), [q, k, v])


@quick
@given(n=size, t=size, heads=st.integers(1, 3), d=st.integers(1, 3), seed=st.integers(0, 9))
def test_self_attention_is_attention_in_each_head(n, t, heads, d, seed):
    qkv = np.random.default_rng(seed).normal(size=(n, t, 3 * heads * d))
    y = F.self_attention(qkv, num_heads=heads, is_causal=True)
    for h in range(heads):
        parts = (qkv[:, :, (i * heads + h) * d :][:, :, :d] for i in range(3))
        assert np.allclose(y[:, :, h * d :][:, :, :d], attend(*parts, is_causal=True))
    assert T.gradcheck(lambda x: F.self_attention(x, num_heads=heads), qkv)


@quick
@given(shape=st.lists(size, max_size=3), rows=st.integers(1, 6), d=size, seed=st.integers(0, 9))
def test_embedding_is_its_loops(shape, rows, d, seed):
    rng = np.random.default_rng(seed)
    words, table = rng.integers(0, rows, shape), rng.normal(size=(rows, d))
    assert np.array_equal(F.embedding(words, table), embedding_loops(words, table))
    assert np.allclose(F.embedding(words, table), F.one_hot(words, rows) @ table)
    assert T.gradcheck(lambda w: F.embedding(words, w), table)


def test_the_weights_mix_the_values():
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(2, 3, 4)) for _ in range(3))
    p = F.attention_weights(q, k)
    assert np.allclose(p.sum(axis=-1), 1)
    assert np.allclose(p @ v, attend(q, k, v))


def test_dropout_keeps_the_mean_and_its_gradient_sees_the_same_draw():
    q, k, v = np.zeros((1, 200, 4)), np.zeros((1, 200, 4)), ones((1, 200, 1))
    y = attend(q, k, v, dropout_p=0.25, rng=np.random.default_rng(0))
    assert y.std() > 0.01 and abs(y.mean() - 1) < 0.01
    T.manual_seed(3)
    first, second = attend(q, k, v, dropout_p=0.5), attend(q, k, v, dropout_p=0.5)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("big", [1e4, -1e4])
def test_attention_is_exact_far_out(big):
    q = np.array([[big, 0.0]], np.float32)
    k, v = np.eye(2, dtype=np.float32), np.array([[1.0], [3.0]], np.float32)
    y = attend(q * 1e4, k, v)
    assert y.dtype == np.float32 and y.item() == (1 if big > 0 else 3)
    masked = attend(q, k, v, np.full((1, 2), np.finfo(np.float32).min))
    assert np.isfinite(masked).all()


def test_a_query_that_may_look_nowhere_gets_zeros_and_gives_no_gradient():
    q, k, v = (T.tensor(ones((2, 3)), requires_grad=True) for _ in range(3))
    y = attend(q, k, v, np.array([[True, True], [False, False]]))
    assert np.array_equal(y.data[1], [0, 0, 0])
    (y * y).sum().backward()
    assert np.array_equal(q.grad.data[1], [0, 0, 0]) and np.isfinite(k.grad.data).all()


def test_a_padding_row_gets_no_gradient():
    table = T.tensor(ones((3, 2)), requires_grad=True)
    F.embedding(T.tensor([0, 1, 1]), table, padding_idx=0).sum().backward()
    assert table.grad.tolist() == [[0, 0], [2, 2], [0, 0]]


def test_one_hot_counts_the_classes():
    rows = F.one_hot(T.tensor([[0, 2]]))
    assert rows.dtype == T.int64 and rows.tolist() == [[[1, 0, 0], [0, 0, 1]]]
    assert F.one_hot(np.array([0]), 4).tolist() == [[1, 0, 0, 0]]
    assert F.one_hot(np.zeros(0, int), 2).shape == (0, 2)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (
            lambda: attend(ones((2, 3)), ones((2, 4)), ones((2, 4))),
            ShapeError,
            ["D is 3 in query but 4 in key"],
        ),
        (
            lambda: attend(ones((2, 3)), ones((4, 3)), ones((5, 3))),
            ShapeError,
            ["S is 4 in key but 5 in value"],
        ),
        (
            lambda: attend(ones((2, 3)), ones((4, 3)), ones((4, 3)), ones((4, 2))),
            ShapeError,
            ["attn_mask = (4, 2)", "scores (..., T, S) = (2, 4)"],
        ),
        (
            lambda: attend(ones((2, 3)), ones((4, 3)), ones((4, 3)), ones((2, 4), int)),
            TypeError,
            ["boolean or floating, not int64", "astype(bool)"],
        ),
        (
            lambda: attend(*[ones((2, 3))] * 3, ones((2, 2), bool), is_causal=True),
            ValueError,
            ["cannot be combined"],
        ),
        (
            lambda: F.self_attention(ones((2, 3, 12)), num_heads=5),
            ShapeError,
            ["12", "3 * num_heads"],
        ),
        (
            lambda: F.embedding(np.array([0, 5]), ones((5, 2))),
            IndexError,
            ["runs from 0 to 5", "0..4"],
        ),
        (lambda: F.embedding(np.array([-1]), ones((5, 2))), IndexError, ["runs from -1 to -1"]),
        (lambda: F.embedding(ones(2), ones((5, 2))), TypeError, ["not float64", "long()"]),
        (lambda: F.one_hot(np.array([3]), 3), IndexError, ["the classes number 3"]),
    ],
)
def test_message(call, error, says):
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert all(part in text for part in says), text
    assert len(text.splitlines()) <= 4


def test_a_scale_of_zero_is_a_scale():
    q, k, v = np.array([[9.0]]), np.array([[1.0], [2.0]]), np.array([[2.0], [4.0]])
    assert F.scaled_dot_product_attention(q, k, v, scale=0.0).tolist() == [[3]]
