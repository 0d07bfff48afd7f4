"""What holds for every module: weights are only read, float32 stays, graphs go by themselves."""

import gc

import numpy as np
import pytest

import nnlearn as T
from nnlearn import models, nn, optim

WORDS = np.array([[1, 2, 3], [3, 2, 1]])


def draw(*shape):
    return np.random.default_rng(shape).standard_normal(shape, np.float32)


# A maker for each: the module, and what it is called with.
CASES = [
    (lambda: nn.Linear(3, 4), [draw(2, 3)]),
    (lambda: nn.Embedding(5, 4, padding_idx=0), [WORDS]),
    (lambda: nn.Conv1d(2, 4, 3, groups=2), [draw(2, 2, 6)]),
    (lambda: nn.Conv2d(2, 3, 3, stride=2), [draw(2, 2, 6, 5)]),
    (lambda: nn.ConvTranspose2d(2, 3, 3, 2, 1, 1), [draw(2, 2, 3, 3)]),
    (lambda: nn.BatchNorm1d(3), [draw(4, 3)]),
    (lambda: nn.BatchNorm2d(3).eval(), [draw(2, 3, 2, 2)]),
    (lambda: nn.LayerNorm(3), [draw(2, 3)]),
    (lambda: nn.RNN(3, 4, 2, bidirectional=True), [draw(5, 2, 3)]),
    (lambda: nn.LSTM(3, 4, 2, batch_first=True, dropout=0.3), [draw(2, 5, 3)]),
    (lambda: nn.GRU(3, 4), [draw(5, 2, 3)]),
    (lambda: nn.RNNCell(3, 4), [draw(2, 3)]),
    (lambda: nn.LSTMCell(3, 4), [draw(2, 3)]),
    (lambda: nn.GRUCell(3, 4), [draw(2, 3)]),
    (lambda: nn.MultiheadAttention(4, 2), [draw(5, 2, 4)] * 3),
    (lambda: nn.MultiheadAttention(4, 2, 0.3, kdim=3, vdim=2), [draw(5, 2, n) for n in (4, 3, 2)]),
    (lambda: nn.TransformerEncoderLayer(4, 2, 6), [draw(5, 2, 4)]),
    (lambda: nn.TransformerDecoderLayer(4, 2, 6, norm_first=True), [draw(5, 2, 4), draw(3, 2, 4)]),
    (lambda: models.GPT(5, 4, 8, 2, 2, dropout=0.1), [WORDS]),
    (lambda: models.CNN(8, channels=(2, 3)), [draw(2, 1, 8, 8)]),
    (lambda: models.CharRNN(5, 3, 4), [WORDS]),
    (lambda: models.EncoderDecoder(5, 6, 8, 2, 1), [WORDS, WORDS]),
    (lambda: models.Generator(3, 4, classes=2, hidden=5), [draw(2, 3), np.array([0, 1])]),
]
each_module = pytest.mark.parametrize(
    ("make", "inputs"), CASES, ids=lambda x: type(x()).__name__ if callable(x) else ""
)


def tensors(result):
    if isinstance(result, tuple):
        return [tensor for part in result for tensor in tensors(part)]
    return [] if result is None else [result]


def pass_through(module, inputs):
    """Go forward and back; return what came out."""
    outputs = tensors(module(*inputs))
    sum((y * y).sum() for y in outputs).backward()
    return outputs


@each_module
def test_weights_and_inputs_are_only_read_and_float32_stays(make, inputs):
    module = make()
    arrays = [np.array(x) for x in inputs]
    for array in (*arrays, *(p.data for p in module.parameters())):
        array.flags.writeable = False
    for y in pass_through(module, arrays):
        assert y.dtype == np.float32
    for name, p in module.named_parameters():
        assert p.grad is not None and p.grad.dtype == np.float32, name


@each_module
def test_a_finished_graph_leaves_nothing_to_the_garbage_collector(make, inputs):
    module = make()
    pass_through(module, inputs)  # whatever is made once
    gc.disable()
    gc.freeze()  # what is older is not looked through: it takes 0.1 s
    try:
        pass_through(module, inputs)  # walked
        module(*inputs)  # never walked
        assert gc.collect() == 0
    finally:
        gc.unfreeze()
        gc.enable()


@pytest.mark.parametrize("kind", ["SGD", "RMSprop", "Adagrad", "Adam", "AdamW"])
def test_steps_keep_float32_in_what_they_remember(kind):
    more = {"momentum": 0.9} if kind in ("SGD", "RMSprop") else {}
    module = nn.Linear(3, 2)
    optimizer = getattr(optim, kind)(module.parameters(), lr=0.1, weight_decay=0.1, **more)
    for _ in range(3):
        optimizer.zero_grad()
        pass_through(module, [draw(4, 3)])
        optimizer.step()
    kept = [v for state in optimizer.state.values() for v in state.values() if np.ndim(v)]
    assert kept and {array.dtype for array in kept} == {np.dtype(np.float32)}
    assert {p.dtype for p in module.parameters()} == {np.dtype(np.float32)}


def test_gradients_are_forgotten_or_zero():
    module = nn.Linear(3, 2)
    for owner in (module, optim.SGD(module.parameters())):
        pass_through(module, [draw(4, 3)])
        owner.zero_grad(set_to_none=False)
        assert module.weight.grad.tolist() == [[0] * 3] * 2
        owner.zero_grad(set_to_none=True)
        assert module.weight.grad is None


def test_layers_without_inputs_can_be_made():
    assert nn.Linear(0, 3)(T.ones(2, 0)).shape == (2, 3)
