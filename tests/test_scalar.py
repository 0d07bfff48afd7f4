"""Value: right gradients by finite differences and by the tensor engine; deep, freed, readable."""

import gc
import math
import random
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlearn as T
from nnlearn.scalar import Value, dot

FUNCTIONS = {
    "add": lambda a, b: a + b + 2,
    "sub": lambda a, b: a - b - 2,
    "number - value": lambda a, b: 2 - a * b,
    "mul": lambda a, b: 3 * a * b * a,
    "div": lambda a, b: a / b / 4,
    "number / value": lambda a, b: 2 / a + b,
    "neg": lambda a, b: -a * b,
    "square": lambda a, b: a**2 + b**-1.5,
    "zeroth power": lambda a, b: a**0 + b,
    "power of a value": lambda a, b: a**b,
    "number to a value": lambda a, b: 2**a * b,
    "exp": lambda a, b: (a * b).exp(),
    "log": lambda a, b: (a * b).log(),
    "tanh": lambda a, b: (a - b).tanh(),
    "sigmoid": lambda a, b: (a - b).sigmoid(),
    "relu": lambda a, b: (a * b).relu() + (a - 10).relu(),
    "dot": lambda a, b: dot([a, b], [b, 3.0], a),
    "dot of one with itself": lambda a, b: dot([a, b], [a, b]),
    "sum": lambda a, b: sum([a, b, a]),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("at", [(0.7, 1.3), (2.5, 0.4)])
def test_gradient_is_the_slope(name, at):
    f, (a, b), h = FUNCTIONS[name], map(Value, at), 1e-6
    f(a, b).backward()
    x, y = at
    by_x = f(Value(x + h), Value(y)).data - f(Value(x - h), Value(y)).data
    by_y = f(Value(x), Value(y + h)).data - f(Value(x), Value(y - h)).data
    assert a.grad == pytest.approx(by_x / (2 * h), rel=1e-6, abs=1e-8)
    assert b.grad == pytest.approx(by_y / (2 * h), rel=1e-6, abs=1e-8)


UNARY = ("tanh", "sigmoid", "relu", "exp")
BINARY = ("__add__", "__sub__", "__mul__", "__truediv__", "__radd__", "__rsub__", "__rmul__")


@settings(max_examples=60, deadline=None, database=None)
@given(
    leaves=st.lists(st.floats(0.25, 2), min_size=2, max_size=4),
    steps=st.lists(
        st.tuples(st.sampled_from(UNARY + BINARY), st.integers(0, 99), st.integers(0, 99)),
        min_size=1,
        max_size=8,
    ),
)
def test_any_expression_agrees_with_the_tensor_engine(leaves, steps):
    def build(numbers):
        made = list(numbers)
        for name, i, j in steps:
            x, y = made[i % len(made)], made[j % len(made)]
            if name == "exp":
                x = x.tanh()  # or it grows beyond all numbers
            if name == "__truediv__":
                y = y * y + 1.0
            made.append(getattr(x, name)(*(() if name in UNARY else (y,))))
        return sum(made[1:], made[0])

    values = [Value(x) for x in leaves]
    tensors = [T.Tensor(np.array(x), requires_grad=True) for x in leaves]
    one, other = build(values), build(tensors)
    one.backward()
    other.backward()
    assert one.data == pytest.approx(float(other), rel=1e-9)
    for v, t in zip(values, tensors, strict=True):
        assert v.grad == pytest.approx(float(t.grad), rel=1e-9, abs=1e-12)


def test_a_second_backward_adds():
    x = Value(3.0)
    square = x * x
    loss = square + x
    loss.backward()
    loss.backward()
    assert x.grad == 14.0  # twice 7: the middle does not count its first gradient again
    assert square.grad == 1.0
    (x * 2).backward()
    assert x.grad == 16.0
    x.backward()
    assert x.grad == 17.0


def test_users_come_before_what_they_use():
    x = Value(2.0)
    y = x * 1.0
    late = y.tanh()
    z = y * 3.0 + late * 0.0  # y has two users, made at different times
    z.backward()
    assert x.grad == 3.0


def test_a_chain_of_100_000_additions():
    x = total = Value(1.0)
    for _ in range(100_000):
        total = total + x
    total.backward()
    assert total.data == x.grad == 100_001
    del total  # freeing is no recursion either


def test_memory_is_freed_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        x = Value(1.0)
        middle = (x * 2).tanh()
        loss = middle * middle
        loss.backward()
        gone = weakref.ref(middle)
        del middle, loss
        assert gone() is None
    finally:
        gc.enable()


def test_numbers_need_no_gradient():
    w = Value(2.0)
    assert (w * 3).inputs == (w,)
    assert dot([w, 2.0], [1.0, 4.0]).inputs == (w,)
    assert dot([1.0], [2.0], 3.0).inputs == ()
    assert dot([], []).data == 0.0
    assert (w * np.float32(3)).data == 6.0 and isinstance((w * np.float32(3)).data, float)


def test_dot_is_the_sum_of_products():
    rng = random.Random(0)
    w, x = ([Value(rng.uniform(-1, 1)) for _ in range(5)] for _ in range(2))
    b = Value(0.5)
    long = sum((wi * xi for wi, xi in zip(w, x, strict=True)), b)
    long.backward()
    expected = [v.grad for v in (*w, *x, b)]
    for v in (*w, *x, b):
        v.grad = 0.0
    short = dot(w, x, b)
    short.backward()
    assert short.data == pytest.approx(long.data)
    assert [v.grad for v in (*w, *x, b)] == pytest.approx(expected)


def test_far_out_nothing_breaks():
    for x, low_high in ((1e4, (1.0, 1.0)), (-1e4, (0.0, -1.0))):
        v = Value(x)
        assert (v.sigmoid().data, v.tanh().data) == low_high
        (v.sigmoid() + v.tanh() + v.relu()).backward()
        assert v.grad == (x > 0)


def test_solves_xor():
    rng = random.Random(1)
    hidden = [[Value(rng.uniform(-1, 1)) for _ in range(3)] for _ in range(8)]
    out = [Value(rng.uniform(-1, 1)) for _ in range(9)]
    weights = [v for neuron in (*hidden, out) for v in neuron]
    table = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]

    def network(x):
        h = [dot(neuron[:2], x, neuron[2]).tanh() for neuron in hidden]
        return dot(out[:8], h, out[8]).sigmoid()

    for _ in range(300):
        loss = sum((network(x) - y) ** 2 for x, y in table)
        for v in weights:
            v.grad = 0.0
        loss.backward()
        for v in weights:
            v.data -= 0.5 * v.grad
    assert [round(network(x).data) for x, _ in table] == [0, 1, 1, 0]


def test_repr():
    assert repr(Value(1 / 3)) == "Value(0.333333, grad=0)"
    assert repr(Value(2) * 3) == "Value(6, grad=0, op='*')"
    assert repr(Value(2) ** 2) == "Value(4, grad=0, op='**2')"


@pytest.mark.parametrize("wrong", [np.ones(2), T.tensor([1.0]), "3", None, [1.0]])
def test_only_numbers(wrong):
    with pytest.raises(TypeError, match=f"plain numbers, not with {type(wrong).__name__}"):
        Value(1.0) * wrong


def test_impossible_numbers_are_refused():
    with pytest.raises(ValueError, match="2 weights and 3 inputs"):
        dot([1.0, 2.0], [1.0, 2.0, 3.0])
    for impossible in (lambda: Value(-1).log(), lambda: Value(-1) ** 0.5, lambda: Value(0) ** -1):
        with pytest.raises(ValueError, match="math domain error"):
            impossible()
    with pytest.raises(ZeroDivisionError):
        Value(1.0) / 0
    with pytest.raises(OverflowError):
        Value(1e4).exp()
    assert math.isinf(Value(math.inf).data)
