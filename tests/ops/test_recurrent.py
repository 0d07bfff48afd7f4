"""The fast rules are the step-by-step loops: at every size and every extreme."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlearn as T
from nnlearn.errors import ShapeError
from nnlearn.ops import relu
from nnlearn.ops.recurrent import gru, gru_loops, lstm, lstm_loops, rnn, rnn_loops
from tests.ops.cases_recurrent import arrays

quick = settings(max_examples=25, deadline=None, database=None)
sizes = st.fixed_dictionaries(
    {
        "steps": st.integers(1, 3),
        "samples": st.integers(0, 3),
        "inputs": st.integers(0, 3),
        "hidden": st.integers(1, 3),
        "bias": st.booleans(),
    }
)
each_rule = pytest.mark.parametrize(
    ("rule", "loops", "gates", "states"),
    [
        (rnn, rnn_loops, 1, 1),
        (
            lambda *a: rnn(*a, nonlinearity="relu"),
            lambda *a: rnn_loops(*a, nonlinearity=relu),
            1,
            1,
        ),
        (lstm, lstm_loops, 4, 2),
        (gru, gru_loops, 3, 1),
    ],
    ids=["rnn", "rnn-relu", "lstm", "gru"],
)


@each_rule
@quick
@given(size=sizes)
def test_the_rule_is_its_loops(rule, loops, gates, states, size):
    inputs = arrays(gates, states=states, **size)
    fast, slow = rule(*inputs), loops(*inputs)
    assert fast.shape == slow.shape and np.allclose(fast, slow, rtol=1e-12, atol=1e-12)
    assert T.gradcheck(rule, inputs, rng=np.random.default_rng(0), directions=1)


@each_rule
@pytest.mark.parametrize("missing", [-1, -2])
def test_one_bias_alone(rule, loops, gates, states, missing):
    inputs = arrays(gates, states=states)
    inputs[missing] = None
    zeros = [0 if a is None else a for a in inputs]
    assert np.allclose(rule(*inputs), loops(*zeros))
    known = [a for a in inputs if a is not None]
    place = len(inputs) + missing
    assert T.gradcheck(lambda *a: rule(*a[:place], None, *a[place:]), known)


@each_rule
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_saturated_gates_are_exact(rule, loops, gates, states, size):
    inputs = arrays(gates, states=states)
    inputs[0] = np.full_like(inputs[0], size)
    assert np.allclose(rule(*inputs), loops(*inputs), rtol=1e-9)
    tensors = [T.Tensor(a.astype(np.float32), requires_grad=True) for a in inputs]
    out = rule(*tensors)
    out.backward(np.ones(out.shape, np.float32))
    assert np.isfinite(out.data).all()
    assert all(np.isfinite(t.grad.data).all() for t in tensors)


def test_a_shut_gate_passes_no_gradient_and_an_open_one_passes_all():
    """f = 1 and i = 0: the cell keeps its content for 50 steps, and so does its gradient."""
    bias = np.array([-1e4, 1e4, 0, 1e4])
    h, c = np.zeros((1, 1)), T.Tensor(np.array([[0.3]]), requires_grad=True)
    w = T.Tensor(np.zeros((4, 1)), requires_grad=True)
    states = lstm(np.ones((50, 1, 1)), h, c, w, w, bias)
    states[-1].backward(np.ones((1, 1)))
    assert states.data[-1] == 0.3 and c.grad.data == 1
    assert np.array_equal(w.grad, np.zeros((4, 1)))


@pytest.mark.parametrize(("rule", "gates", "states"), [(rnn, 1, 1), (lstm, 4, 2), (gru, 3, 1)])
def test_gradients_are_arrays_of_their_own(rule, gates, states):
    """Both biases get the same numbers, never the same memory; a second walk gives the same."""
    tensors = [T.Tensor(a, requires_grad=True) for a in arrays(gates, states=states)]
    out = rule(*tensors)
    out.backward(np.ones(out.shape), retain_graph=True)
    first = [t.grad.data for t in tensors]
    for i, a in enumerate(first):
        assert a.flags.writeable
        assert not any(np.shares_memory(a, b) for b in first[i + 1 :])
    out.backward(np.ones(out.shape))
    for tensor, a in zip(tensors, first, strict=True):
        assert np.allclose(tensor.grad.data, 2 * a)


def test_integers_are_taken_as_numbers():
    ones = np.ones((4, 1), int)
    assert np.allclose(
        lstm(ones[:1, None], ones[:1], ones[:1], ones, ones),
        lstm_loops(*[a.astype(float) for a in (ones[:1, None], ones[:1], ones[:1], ones, ones)]),
    )


def test_memory_goes_without_the_collector():
    gc.disable()
    try:
        tensors = [T.Tensor(a, requires_grad=True) for a in arrays(4, states=2)]
        out = lstm(*tensors)
        gone = weakref.ref(out)
        out[-2].sum().backward()
        del out
        assert gone() is None
    finally:
        gc.enable()


ones = np.ones
LSTM = (ones((3, 2, 4)), ones((2, 5)), ones((2, 5)), ones((20, 4)), ones((20, 5)))


def changed(place, *shape):
    return [ones(shape) if i == place else a for i, a in enumerate(LSTM)]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: lstm(*changed(0, 3, 4)), ["x needs 3 axes and has 2", "steps first"]),
        (lambda: lstm(*changed(0, 3, 2, 6)), ["D is 6 in x but 4 in weight_ih"]),
        (lambda: lstm(*changed(1, 1, 5)), ["N is 2 in x but 1 in h"]),
        (lambda: lstm(*changed(2, 2, 6)), ["H is 5 in h but 6 in c"]),
        (lambda: lstm(*changed(3, 16, 4)), ["4H is 16 in weight_ih but 20 in weight_hh"]),
        (lambda: lstm(*LSTM, ones(5)), ["4H is 20 in weight_ih but 5 in bias_ih"]),
        (lambda: lstm(*changed(0, 0, 2, 4)), ["no steps, T is 0", "at least one"]),
        (lambda: gru(*LSTM[:2], *LSTM[3:]), ["gru: weight_hh has 20 rows, not 3 * 5"]),
        (lambda: rnn(*LSTM[:2], ones((5, 4)), ones((5, 6))), ["H is 5 in h but 6 in weight_hh"]),
    ],
)
def test_errors(call, says):
    with pytest.raises(ShapeError) as caught:
        call()
    text = str(caught.value)
    assert all(part in text for part in says), text
    assert len(text.splitlines()) <= 4
