"""Broadcasting, reductions and products over random shapes, sizes 0 and 1 included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnlearn as T
from nnlearn import ops

quick = settings(max_examples=40, deadline=None, database=None)
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


def array(shape, seed=0):
    return np.random.default_rng(seed).uniform(0.5, 2, shape)


@pytest.mark.parametrize("op", [ops.add, ops.sub, ops.mul, ops.div, ops.pow])
@quick
@given(pair=hnp.mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3, max_dims=3))
def test_broadcasting(op, pair):
    a, b = (array(shape, seed) for seed, shape in enumerate(pair.input_shapes))
    assert ops.add(a, b).shape == pair.result_shape
    assert T.gradcheck(op, [a, b], rng=np.random.default_rng(1))


@pytest.mark.parametrize("op", [ops.sum, ops.mean, ops.amax])
@quick
@given(data=st.data())
def test_reductions(op, data):
    a = array(data.draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3)))
    dim = data.draw(st.none() | hnp.valid_tuple_axes(a.ndim) | st.integers(-a.ndim, a.ndim - 1))
    keepdim = data.draw(st.booleans())
    reference = {"sum": np.sum, "mean": np.mean, "amax": np.max}[op.__name__]
    expected = reference(a, axis=dim, keepdims=keepdim)
    got = op(T.Tensor(a), dim=dim, keepdim=keepdim)
    assert got.shape == expected.shape
    assert np.allclose(got.data, expected)
    assert T.gradcheck(lambda x: op(x, dim=dim, keepdim=keepdim), a)


@quick
@given(shape=shapes, seed=st.integers(0, 9))
def test_elementwise_keeps_any_shape(shape, seed):
    a = array(shape, seed)
    for op in (ops.relu, ops.sigmoid, ops.tanh, ops.exp, ops.log, ops.sqrt, ops.abs, ops.neg):
        assert op(a).shape == shape
        assert T.gradcheck(op, a)


@quick
@given(
    lead=hnp.mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=2, max_dims=2),
    sizes=st.tuples(*[st.integers(0, 3)] * 3),
)
def test_matmul_of_batches(lead, sizes):
    n, k, m = sizes
    a, b = array((*lead.input_shapes[0], n, k)), array((*lead.input_shapes[1], k, m), 1)
    assert np.allclose(T.Tensor(a).matmul(b).data, a @ b)
    assert T.gradcheck(ops.matmul, [a, b])


@quick
@given(n=st.integers(0, 3), d=st.integers(0, 3), k=st.integers(0, 3))
def test_linear_of_any_size(n, d, k):
    assert T.gradcheck(ops.linear, [array((n, d)), array((k, d)), array(k)])


@quick
@given(n=st.integers(1, 4), k=st.integers(1, 4), seed=st.integers(0, 9))
def test_cross_entropy_is_log_softmax_and_nll(n, k, seed):
    rng = np.random.default_rng(seed)
    scores, target = rng.normal(size=(n, k)) * 5, rng.integers(0, k, n)
    composed = ops.nll_loss(ops.log_softmax(scores, 1), target)
    assert np.allclose(ops.cross_entropy(scores, target), composed)
