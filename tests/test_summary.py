"""The counts of summary against counts by hand, and that it leaves no trace."""

import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn
from nnlearn.errors import ShapeError
from nnlearn.models import GPT


def test_a_small_convolutional_network_by_hand():
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, stride=2, bias=False),
        nn.Flatten(),
        nn.Linear(400, 10),
    )
    found = T.summary(model, (2, 1, 28, 28))
    assert [layer.output for layer in found.layers] == [
        (2, 6, 28, 28), (2, 6, 28, 28), (2, 6, 14, 14), (2, 16, 5, 5), (2, 400), (2, 10),
    ]  # fmt: skip
    assert [layer.input for layer in found.layers[1:]] == [x.output for x in found.layers[:-1]]
    # each output number of a convolution is a sum of 5 * 5 products for each input channel
    work = [2 * 6 * 28 * 28 * 25, 0, 0, 2 * 16 * 5 * 5 * 6 * 25, 0, 2 * 400 * 10]
    assert [layer.multiply_adds for layer in found.layers] == work
    sizes = [6 * 25 + 6, 0, 0, 16 * 6 * 25, 0, 400 * 10 + 10]
    assert [layer.parameters for layer in found.layers] == sizes
    assert found.multiply_adds == sum(work) and found.parameters == sum(sizes)
    assert found.parameter_memory == 4 * sum(sizes)
    numbers = 2 * (6 * 28 * 28 * 2 + 6 * 14 * 14 + 16 * 5 * 5 + 10)  # Flatten makes no new ones
    assert found.activation_memory == 4 * numbers


def one(model, *inputs):
    (layer,) = T.summary(model, *inputs).layers
    return layer


def test_other_convolutions_by_hand():
    assert one(nn.Conv1d(3, 4, 2), (5, 3, 9)).multiply_adds == 5 * 4 * 8 * 3 * 2
    layer = one(nn.ConvTranspose2d(3, 4, 2, stride=2), (5, 3, 6, 7))
    assert layer.output == (5, 4, 12, 14)
    assert layer.multiply_adds == 5 * 12 * 14 * 4 * 3  # here no two patches overlap


@pytest.mark.parametrize(("kind", "gates"), [(nn.RNN, 1), (nn.GRU, 3), (nn.LSTM, 4)])
def test_recurrent_layers_by_hand(kind, gates):
    layer = one(kind(5, 7), (4, 2, 5))
    assert layer.output == (4, 2, 7)
    assert layer.multiply_adds == 4 * 2 * gates * 7 * (5 + 7)
    assert layer.parameters == gates * 7 * (5 + 7 + 2)
    deep = one(kind(5, 7, num_layers=2, bidirectional=True, batch_first=True), (2, 4, 5))
    assert deep.output == (2, 4, 14)
    assert deep.multiply_adds == 4 * 2 * gates * 7 * 2 * ((5 + 7) + (14 + 7))


@pytest.mark.parametrize("batch_first", [True, False])
def test_attention_by_hand(batch_first):
    N, L, S, E = 2, 3, 5, 8
    query, key = ((N, n, E) if batch_first else (n, N, E) for n in (L, S))
    layer = one(nn.MultiheadAttention(E, 4, batch_first=batch_first), query, key, key)
    assert layer.multiply_adds == N * (2 * L * E * E + 2 * S * E * E + 2 * L * S * E)
    assert layer.parameters == 4 * (E * E + E) and layer.output == query


def test_a_transformer_layer_names_its_parts():
    model = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True)
    found = T.summary(model, (2, 3, 8))
    paths = {layer.path for layer in found.layers}
    assert {"self_attn", "linear1", "linear2", "norm1", "norm2"} <= paths
    assert found.multiply_adds == 2 * (3 * 4 * 64 + 2 * 3 * 3 * 8 + 2 * 3 * 8 * 16)
    assert found.parameters == sum(p.numel() for p in model.parameters())


class Shared(nn.Module):
    """Uses one layer twice, another weight without its layer, and one layer never."""

    def __init__(self):
        self.first = nn.Linear(4, 4)
        self.block = nn.Sequential(self.first, nn.Tanh())
        self.scale = nn.Parameter(np.ones(4, np.float32))
        self.tied = nn.Linear(4, 4, bias=False)
        self.tied.weight = self.first.weight
        self.unused = nn.Linear(4, 3)

    def forward(self, x):
        return self.tied(self.block(self.first(x))) * self.scale


def test_what_is_shared_is_counted_once():
    found = T.summary(Shared(), (1, 4))
    rows = [(x.path, x.input, x.parameters, x.multiply_adds) for x in found.layers]
    assert rows == [
        ("first", (1, 4), 20, 16),
        ("first", (1, 4), 0, 16),
        ("block.1", (1, 4), 0, 0),
        ("tied", (1, 4), 0, 16),
        ("(model)", None, 4, 0),
        ("unused", None, 15, 0),
    ]
    assert found.parameters == 20 + 4 + 15


class OwnWork(nn.Module):
    """Multiplies in a function, and says so."""

    def __init__(self):
        self.inner = nn.Linear(4, 3)

    def forward(self, x):
        return self.inner(x) @ self.inner.weight

    def multiply_adds(self, inputs, output):
        return output.shape[0] * 3 * 4


def test_a_module_can_say_what_it_computes_itself():
    layers = T.summary(nn.Sequential(OwnWork()), (2, 4)).layers
    rows = [(x.path, x.output, x.parameters, x.multiply_adds, x.activations) for x in layers]
    assert rows == [("0.inner", (2, 3), 15, 24, 24), ("0", (2, 4), 0, 24, 0)]


@pytest.mark.parametrize("tied", [True, False])
def test_a_gpt_by_hand(tied):
    V, context, D, layers, N, steps = 50, 16, 32, 2, 2, 10
    model = GPT(V, context, D, num_heads=4, num_layers=layers, tie_weights=tied)
    found = T.summary(model, np.zeros((N, steps), int))
    block = N * steps * 12 * D * D + 2 * N * steps * steps * D
    assert found.multiply_adds == layers * block + N * steps * V * D
    assert found.parameters == sum(layer.parameters for layer in found.layers)


def test_nothing_is_changed():
    model = nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Sequential(nn.Linear(4, 2))
    )
    model[1].eval()
    before = {name: value.data.copy() for name, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    T.manual_seed(0)
    draw = T.rand(1).item()
    T.manual_seed(0)
    x = T.ones(2, 3, requires_grad=True)
    found = T.summary(model, x)
    assert T.rand(1).item() == draw
    assert [module.training for module in model.modules()] == modes
    assert all(not module._hooks for module in model.modules())
    assert all((value.data == before[name]).all() for name, value in model.state_dict().items())
    assert x.grad is None and all(p.grad is None for p in model.parameters())
    assert found.parameters == sum(layer.parameters for layer in found.layers) == 16 + 8 + 10


def test_after_an_error_nothing_is_left_behind():
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(5, 2))
    with pytest.raises(ShapeError, match="layer 1: linear"):
        T.summary(model, (1, 3))
    assert model.training and not model[0]._hooks


def test_inputs_of_each_kind():
    model = nn.Linear(3, 2)
    for x in ((5, 3), [5, 3], T.ones(5, 3), np.ones((5, 3), np.float32)):
        assert one(model, x).output == (5, 2)
    assert one(model, (0, 3)).multiply_adds == 0
    assert one(model.double(), (5, 3)).activations == 8 * 10
    words = nn.Embedding(10, 4)
    assert one(words, T.tensor([[1, 2, 3]])).output == (1, 3, 4)
    frozen = T.summary(nn.Linear(3, 2).requires_grad_(False), (1, 3))
    assert frozen.trainable == 0 and "8 parameters (8 of them frozen)" in repr(frozen)


@pytest.mark.parametrize("x", [3, "a", (1.5, 2), (-1, 3)])
def test_what_is_no_input(x):
    with pytest.raises(
        TypeError, match=r"input must be a tensor, an array or a shape.*\n.*\(1, 64\)"
    ):
        T.summary(nn.Linear(3, 2), x)


def test_what_is_no_model():
    with pytest.raises(TypeError, match="is not a model"):
        T.summary(nn.Linear, (1, 3))


def test_the_page_is_aligned():
    lines = repr(T.summary(nn.Sequential(nn.Linear(64, 3200), nn.ReLU()), (1, 64))).splitlines()
    assert len({len(line) for line in lines[:5]}) == 1
    assert lines[2].split() == "0 Linear (1, 64) (1, 3200) 208,000 204,800".split()


@pytest.mark.parametrize(("cell", "gates"), [(nn.RNNCell, 1), (nn.LSTMCell, 4), (nn.GRUCell, 3)])
def test_cells_work_too(cell, gates):
    assert T.summary(cell(8, 5), (2, 8)).multiply_adds == 2 * gates * 5 * (8 + 5)
