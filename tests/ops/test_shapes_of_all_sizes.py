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


@pytest.mark.parametrize(
    "op", [ops.add, ops.sub, ops.mul, ops.div, ops.pow, ops.maximum, ops.minimum, ops.remainder]
)
@quick
@given(pair=hnp.mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3, max_dims=3))
def test_broadcasting(op, pair):
    a, b = (array(shape, seed) for seed, shape in enumerate(pair.input_shapes))
    assert ops.add(a, b).shape == pair.result_shape
    assert T.gradcheck(op, [a, b], rng=np.random.default_rng(1))


REFERENCES = {
    ops.sum: np.sum,
    ops.mean: np.mean,
    ops.amax: np.max,
    ops.amin: np.min,
    ops.prod: np.prod,
    ops.logsumexp: lambda a, axis, keepdims: np.log(np.exp(a).sum(axis=axis, keepdims=keepdims)),
    ops.norm: lambda a, axis, keepdims: np.sqrt((a * a).sum(axis=axis, keepdims=keepdims)),
    ops.var: np.var,
    ops.std: np.std,
}


@pytest.mark.parametrize("op", REFERENCES, ids=lambda op: op.__name__)
@quick
@given(data=st.data())
def test_reductions(op, data):
    a = array(data.draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3)))
    axes = st.integers(-a.ndim, a.ndim - 1)
    if op is not ops.prod:
        axes |= hnp.valid_tuple_axes(a.ndim, min_size=1)
    dim = data.draw(st.none() | axes)
    settings = {"dim": dim, "keepdim": data.draw(st.booleans())}
    expected = REFERENCES[op](a, axis=dim, keepdims=settings["keepdim"])
    settings |= {"correction": 0} if op in (ops.var, ops.std) else {}
    got = op(T.Tensor(a), **settings)
    assert got.shape == expected.shape
    assert np.allclose(got.data, expected)
    if op is not ops.std or a.size // got.data.size > 1:  # one element alone: a corner, not a slope
        assert T.gradcheck(lambda x: op(x, **settings), a, rng=np.random.default_rng(0))


@quick
@given(data=st.data())
def test_indices_of_all_kinds(data):
    """Against NumPy where both agree: no number beside an array."""
    a = array(data.draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)))
    index = data.draw(
        hnp.basic_indices(a.shape, allow_newaxis=True)
        | hnp.integer_array_indices(a.shape, result_shape=hnp.array_shapes(max_dims=2, max_side=3))
        | hnp.arrays(bool, a.shape)
    )
    x = T.tensor(a, requires_grad=True)
    assert np.array_equal(x[index].data, a[index])
    assert T.gradcheck(lambda x: x[index], a, rng=np.random.default_rng(0))
    written = a.copy()
    written[index] = 7
    x = T.tensor(a)
    x[index] = 7
    assert np.array_equal(x.data, written)


@quick
@given(
    sizes=st.lists(st.integers(0, 3), min_size=1, max_size=4),
    dim=st.integers(-2, 1),
    length=st.integers(1, 4),
)
def test_what_is_cut_is_joined_again(sizes, dim, length):
    shape = [2, 2]
    shape[dim] = sum(sizes)
    a = array(tuple(shape))
    assert np.array_equal(ops.cat(ops.split(a, sizes, dim), dim), a)
    assert np.array_equal(ops.cat(ops.split(a, length, dim), dim), a)
    assert np.array_equal(ops.cat(ops.chunk(a, length, dim), dim), a)
    if sum(sizes):
        assert np.array_equal(ops.stack(ops.unbind(a, dim), dim), a)


@quick
@given(shape=hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4), data=st.data())
def test_sorting(shape, data):
    a = np.random.default_rng(data.draw(st.integers(0, 9))).integers(0, 5, shape) / 2
    dim = data.draw(st.integers(-a.ndim, a.ndim - 1))
    values, places = ops.sort(a, dim)
    assert np.array_equal(values, np.sort(a, axis=dim))
    assert np.array_equal(np.take_along_axis(a, places, dim), values)
    down = ops.sort(a, dim, descending=True).values
    assert np.array_equal(down, np.flip(values, dim))
    k = data.draw(st.integers(0, a.shape[dim]))
    assert np.array_equal(ops.topk(a, k, dim).values, down.take(range(k), axis=dim))
    assert np.array_equal(ops.topk(a, k, dim, largest=False).values, values.take(range(k), dim))


@quick
@given(shape=shapes, seed=st.integers(0, 9))
def test_elementwise_keeps_any_shape(shape, seed):
    a = array(shape, seed)
    each = (
        ops.exp,
        ops.expm1,
        ops.log,
        ops.log1p,
        ops.log2,
        ops.log10,
        ops.sqrt,
        ops.rsqrt,
        ops.abs,
    )
    more = (ops.neg, ops.square, ops.reciprocal, ops.sin, ops.cos, ops.clone, ops.sigmoid, ops.tanh)
    for op in each + more:
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
