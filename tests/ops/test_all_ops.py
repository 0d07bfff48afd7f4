"""What holds for every op: right gradients, float32 kept, inputs unchanged, arrays for arrays."""

import gc

import numpy as np
import pytest

import nnlearn as T
from nnlearn.tensor.registry import ops as registry
from tests.ops.cases import CASES

each_op = pytest.mark.parametrize(
    ("function", "arrays"), CASES.values(), ids=[name.replace(" ", "-") for name in CASES]
)


def read_only(array, dtype=None):
    array = np.array(array, dtype=dtype)
    array.flags.writeable = False
    return array


def test_every_op_with_a_gradient_is_among_the_cases():
    tested = {name.split()[0] for name in CASES}
    flat = set(
        "lt le gt ge eq ne logical_and logical_or logical_xor logical_not bitwise_and bitwise_or "
        "bitwise_xor bitwise_not isnan isinf isfinite isclose allclose equal argmax argmin argsort "
        "any all count_nonzero floor_divide to put zeros ones full uniform_ normal_".split()
    )
    assert set(vars(registry)) - flat == tested


@each_op
def test_gradients_agree_with_finite_differences(function, arrays):
    assert T.gradcheck(function, arrays, rng=np.random.default_rng(0))


@each_op
def test_gradients_of_arrays_that_are_not_contiguous(function, arrays):
    scattered = [np.repeat(np.asfortranarray(a), 2, axis=-1)[..., ::2] for a in arrays]
    assert T.gradcheck(function, scattered, rng=np.random.default_rng(0))


@each_op
def test_float32_stays_float32_and_nothing_is_written(function, arrays):
    tensors = [T.Tensor(read_only(a, np.float32), requires_grad=True) for a in arrays]
    out = function(*tensors)
    assert out.dtype == np.float32
    out.backward(read_only(np.ones(out.shape, np.float32)))
    for tensor in tensors:
        assert tensor.grad.dtype == np.float32
        assert tensor.grad.shape == tensor.shape
        assert tensor.grad.data.flags.writeable


@each_op
def test_arrays_in_give_the_same_array_out(function, arrays):
    plain = function(*[read_only(a) for a in arrays])
    assert not isinstance(plain, T.Tensor)
    assert np.array_equal(plain, function(*map(T.Tensor, arrays)).data)


@each_op
def test_only_wanted_gradients_are_computed(function, arrays):
    tensors = [T.Tensor(a, requires_grad=i == 0) for i, a in enumerate(arrays)]
    out = function(*tensors)
    out.backward(np.ones(out.shape))
    assert tensors[0].grad is not None
    assert all(t.grad is None for t in tensors[1:])


@each_op
def test_nothing_is_left_to_the_garbage_collector(function, arrays):
    tensors = [T.Tensor(a, requires_grad=True) for a in arrays]
    function(*tensors).sum().backward()  # whatever is made once
    gc.disable()
    gc.freeze()  # what is older is not looked through: it takes 0.1 s
    try:
        function(*tensors).sum().backward()
        function(*tensors)
        assert gc.collect() == 0
    finally:
        gc.unfreeze()
        gc.enable()
