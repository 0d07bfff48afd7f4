"""Recurrent layers: what they are made of, how they start, what they refuse."""

import math

import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn
from nnlearn.errors import ShapeError
from nnlearn.ops.recurrent import gru_loops, lstm_loops, rnn_loops


def draw(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def names(module):
    return [name for name, _ in module.named_parameters()]


def test_names_and_shapes_are_those_of_pytorch():
    layer = nn.LSTM(3, 4, num_layers=2, bidirectional=True)
    ends = ["l0", "l0_reverse", "l1", "l1_reverse"]
    parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    assert names(layer) == [f"{part}_{end}" for end in ends for part in parts]
    assert layer.weight_ih_l0.shape == (16, 3) and layer.weight_ih_l1_reverse.shape == (16, 8)
    assert layer.weight_hh_l1.shape == (16, 4) and layer.bias_hh_l0.shape == (16,)
    assert names(nn.GRU(3, 4, bias=False)) == ["weight_ih_l0", "weight_hh_l0"]
    assert names(nn.GRUCell(3, 4)) == parts and names(nn.RNNCell(3, 4, False)) == parts[:2]
    assert nn.GRUCell(3, 4).weight_ih.shape == (12, 3)


@pytest.mark.parametrize("make", [nn.RNN, nn.LSTM, nn.GRU, nn.RNNCell, nn.LSTMCell, nn.GRUCell])
def test_first_weights_are_as_in_pytorch(make):
    for parameter in make(50, 100, rng=np.random.default_rng(0)).parameters():
        assert parameter.dtype == T.float32
        assert abs(parameter.data).max() <= 0.1
        assert np.isclose(parameter.data.std(), 0.1 / math.sqrt(3), rtol=0.15)


@pytest.mark.parametrize(
    ("layer", "loops", "states"),
    [(nn.RNN(3, 4), rnn_loops, 1), (nn.LSTM(3, 4), lstm_loops, 2), (nn.GRU(3, 4), gru_loops, 1)],
)
def test_a_layer_is_the_loops_and_a_cell_is_one_step(layer, loops, states):
    x, zeros = draw(5, 2, 3), [np.zeros((2, 4))] * states
    layer.double()
    expected = loops(x, *zeros, *[p.data for p in layer.parameters()])[:5]
    output, last = layer(T.Tensor(x))
    assert np.allclose(output, expected) and np.allclose(output, layer(x)[0])
    cell = {nn.RNN: nn.RNNCell, nn.LSTM: nn.LSTMCell, nn.GRU: nn.GRUCell}[type(layer)](3, 4)
    cell.double().load_state_dict({n[:-3]: p for n, p in layer.state_dict().items()})
    state = None
    for t in range(5):
        state = cell(T.Tensor(x[t]), state)
        assert np.allclose(state[0] if states == 2 else state, expected[t])
    for ours, theirs in zip(state, last, strict=True) if states == 2 else [(state, last)]:
        assert np.allclose(ours, theirs[0])


@pytest.mark.parametrize(
    "layer",
    [
        nn.RNN(2, 3, 2, "relu", bidirectional=True),
        nn.LSTM(2, 3, 2, batch_first=True, bidirectional=True),
        nn.GRU(2, 3, 2, bidirectional=True),
    ],
)
def test_gradients_of_all_that_comes_in_from_all_that_comes_out(layer):
    layer.double()
    states = 2 if isinstance(layer, nn.LSTM) else 1
    parameters = dict(layer.named_parameters())

    def run(x, *arrays):
        given, weights = arrays[:states], arrays[states:]
        for name, weight in zip(parameters, weights, strict=True):
            vars(layer)[name] = weight
        output, last = layer(x, given if states > 1 else given[0])
        return T.cat([output.flatten(), *[s.flatten() for s in (last if states > 1 else (last,))]])

    inputs = [draw(3, 2, 2), *[draw(4, 3 if layer.batch_first else 2, 3, seed=1)] * states]
    assert T.gradcheck(run, [*inputs, *[p.data for p in parameters.values()]], directions=1)


@pytest.mark.parametrize("make", [nn.RNNCell, nn.LSTMCell, nn.GRUCell])
def test_gradients_through_cells(make):
    cell = make(3, 4).double()

    def run(x, h, *weights):
        for name, weight in zip(names, weights, strict=True):
            vars(cell)[name] = weight
        out = cell(x, (h, h * 2) if make is nn.LSTMCell else h)
        return out[0] * out[1] if make is nn.LSTMCell else out

    names = [name for name, _ in cell.named_parameters()]
    assert T.gradcheck(run, [draw(2, 3), draw(2, 4), *[p.data for p in cell.parameters()]])


def test_a_direction_can_be_read_on_its_own():
    """The second half of the output is a layer that runs over the reversed sequence."""
    both, back, x = nn.GRU(3, 4, bidirectional=True), nn.GRU(3, 4), T.Tensor(draw(5, 2, 3)).float()
    back.load_state_dict({n: both.state_dict()[f"{n}_reverse"] for n in back.state_dict()})
    output, h_n = both(x)
    alone, last = back(x.flip(0))
    assert np.allclose(output.data[:, :, 4:], alone.data[::-1])
    assert np.array_equal(h_n.data[1:], last)


def test_dropout_stands_between_layers_and_only_in_training():
    layer = nn.LSTM(3, 4, num_layers=2, dropout=1.0, rng=np.random.default_rng(0))
    x = T.Tensor(draw(5, 2, 3)).float()
    in_training = layer(x)[0]
    assert np.array_equal(in_training, layer(x * 2)[0]), "the second layer hears nothing"
    layer.eval()
    assert not np.array_equal(layer(x)[0], layer(x * 2)[0])
    with pytest.warns(UserWarning, match="one layer"):
        nn.GRU(3, 4, dropout=0.5)


def test_dtype_and_zeros_follow_the_weights():
    for layer in (nn.RNN(3, 4), nn.LSTM(3, 4), nn.GRU(3, 4)):
        output, last = layer(T.ones(5, 2, 3))
        assert output.dtype == T.float32
        assert (last[0] if isinstance(last, tuple) else last).dtype == T.float32
        assert layer.double()(T.ones(5, 2, 3, dtype=T.float64))[0].dtype == T.float64


def test_repr_shows_what_differs_from_the_defaults():
    assert repr(nn.LSTM(3, 4, batch_first=True)).startswith("LSTM(3, 4, batch_first=True)")
    deep = nn.GRU(3, 4, 2, False, dropout=0.2, bidirectional=True)
    assert "GRU(3, 4, num_layers=2, bias=False, dropout=0.2, bidirectional=True)" in repr(deep)
    assert repr(nn.RNNCell(3, 4, nonlinearity="relu")).startswith(
        "RNNCell(3, 4, nonlinearity=relu)"
    )


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: nn.LSTM(3, 4)(T.ones(5, 2, 6)), ["D is 6 in input but 3 in weight_ih_l0"]),
        (lambda: nn.LSTM(3, 4)(T.ones(3)), ["input needs 3 axes and has 1", "batch_first"]),
        (lambda: nn.GRU(3, 4)(T.ones(0, 2, 3)), ["no steps, T is 0"]),
        (lambda: nn.RNN(3, 4)(T.ones(5, 2, 3), T.ones(2, 2, 4)), ["h_0 = (2, 2, 4)", "(1, 2, 4)"]),
        (lambda: nn.RNN(3, 4)(T.ones(5, 3), T.ones(1, 1, 4)), ["h_0 = (1, 1, 4)", "(1, 4)"]),
        (
            lambda: nn.LSTM(3, 4, 2)(T.ones(5, 2, 3), (T.ones(2, 2, 4), T.ones(1, 2, 4))),
            ["c_0 = (1, 2, 4)", "(2, 2, 4)", "each layer"],
        ),
        (lambda: nn.LSTMCell(3, 4)(T.ones(2, 5)), ["D is 5 in input but 3 in weight_ih"]),
        (lambda: nn.GRUCell(3, 4)(T.ones(2, 3), T.ones(1, 4)), ["N is 2 in input but 1 in h"]),
        (lambda: nn.RNNCell(3, 4)(T.ones(5, 2, 3)), ["input needs 2 axes", "one step"]),
    ],
)
def test_shape_errors(call, says):
    with pytest.raises(ShapeError) as caught:
        call()
    text = str(caught.value)
    assert all(part in text for part in says), text
    assert len(text.splitlines()) <= 4


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: nn.LSTM(3, 4, proj_size=2), NotImplementedError, "not part of nnlearn"),
        (lambda: nn.GRU(3, 4, proj_size=2), TypeError, "proj_size"),
        (lambda: nn.RNN(3, 4, nonlinearity="sine"), ValueError, "'sine'"),
        (lambda: nn.RNNCell(3, 4, nonlinearity="sine"), ValueError, "'sine'"),
        (lambda: nn.RNN(3, 0), ValueError, "at least 1"),
        (lambda: nn.LSTM(3, 4)(T.ones(5, 2, 3), T.ones(1, 2, 4)), TypeError, r"\(h_0, c_0\)"),
    ],
)
def test_other_errors(call, error, says):
    with pytest.raises(error, match=says):
        call()
