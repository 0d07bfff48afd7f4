"""Embedding, attention and Transformer layers: first weights, options, masks, errors."""

import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn
from nnlearn.errors import ShapeError

N, LENGTH, KEYS, E = 2, 3, 4, 6
SIZES = {"dim_feedforward": 5, "dropout": 0.0}


def draw(*shape, seed=0):
    return T.randn(*shape, rng=np.random.default_rng([seed, *shape]))


def gradients_agree(model, *inputs):
    """Check the gradient of every parameter, in float64."""
    model.double()
    names = [name for name, _ in model.named_parameters()]

    def run(*values):
        for name, value in zip(names, values, strict=True):
            *path, last = name.split(".")
            owner = model
            for part in path:
                owner = getattr(owner, part)
            vars(owner)[last] = value
        return model(*inputs)

    return T.gradcheck(run, [p.data for p in model.parameters()], rng=np.random.default_rng(0))


@pytest.mark.parametrize("norm_first", [True, False])
def test_gradients_of_layers(norm_first):
    x, memory = draw(LENGTH, N, E).double(), draw(KEYS, N, E).double()
    options = SIZES | {"norm_first": norm_first, "activation": "gelu"}
    assert gradients_agree(nn.TransformerEncoderLayer(E, 2, **options), x)
    assert gradients_agree(nn.TransformerDecoderLayer(E, 2, **options), x, memory)


def test_first_weights_are_those_of_pytorch():
    rng = np.random.default_rng(0)
    layer = nn.MultiheadAttention(64, 4, rng=rng)
    bound = np.sqrt(6 / (64 + 3 * 64))
    weight = layer.in_proj_weight.data
    assert 0.99 * bound < np.abs(weight).max() <= bound
    assert np.isclose(weight.std(), bound / np.sqrt(3), rtol=0.03)
    assert np.abs(layer.out_proj.weight.data).max() <= 1 / 8
    assert not layer.in_proj_bias.data.any() and not layer.out_proj.bias.data.any()
    table = nn.Embedding(500, 8, padding_idx=-1, rng=rng)
    assert table.padding_idx == 499 and not table.weight.data[-1].any()
    assert abs(table.weight.data[:-1].std() - 1) < 0.05
    assert all(p.dtype == T.float32 for p in (*layer.parameters(), *table.parameters()))
    whole = nn.Transformer(8, 2, 1, 1, 16)
    assert np.abs(whole.encoder.layers[0].linear1.weight.data).max() <= 0.5  # sqrt(6 / (8 + 16))


def test_copies_start_alike_and_learn_apart():
    stack = nn.TransformerEncoder(nn.TransformerEncoderLayer(E, 2, **SIZES), 2)
    first, second = (layer.linear1.weight for layer in stack.layers)
    assert first is not second and np.array_equal(first, second)
    assert len(list(stack.parameters())) == 24
    (stack(draw(LENGTH, N, E)) ** 2).sum().backward()
    assert not np.array_equal(first.grad, second.grad)


def test_weights_can_be_looked_at():
    layer = nn.MultiheadAttention(E, 2, batch_first=True)
    x, memory = draw(N, LENGTH, E), draw(N, KEYS, E)
    y, weights = layer(x, memory, memory)
    assert weights.shape == (N, LENGTH, KEYS) and np.allclose(weights.data.sum(axis=2), 1)
    each = layer(x, memory, memory, average_attn_weights=False)[1]
    assert each.shape == (N, 2, LENGTH, KEYS) and np.allclose(each.data.mean(axis=1), weights)
    assert np.allclose(layer(x, memory, memory, need_weights=False)[0], y, atol=1e-6)
    alone = layer(x[0], memory[0], memory[0])
    assert np.allclose(alone[0], y[0], atol=1e-6) and alone[1].shape == (LENGTH, KEYS)


def test_one_sequence_attending_to_itself_is_the_same_by_all_ways():
    x = draw(N, LENGTH, E)
    layer = nn.MultiheadAttention(E, 2, batch_first=True)
    expected = layer(x, x, x, need_weights=False)[0]
    assert np.allclose(layer(x, x + 0, x, need_weights=False)[0], expected, atol=1e-6)
    assert np.allclose(layer(x, x, x)[0], expected, atol=1e-6)
    turned = nn.MultiheadAttention(E, 2)
    turned.load_state_dict(layer.state_dict())
    t = x.transpose(0, 1)
    assert np.allclose(turned(t, t, t)[0].transpose(0, 1), expected, atol=1e-6)


def test_what_is_masked_changes_nothing():
    layer = nn.TransformerDecoderLayer(E, 2, **SIZES, batch_first=True)
    x, memory = draw(N, LENGTH, E), draw(N, KEYS, E)
    causal = nn.Transformer.generate_square_subsequent_mask(LENGTH)
    padding = T.tensor([[False, False, True, True]] * N)
    before = layer(x, memory, causal, memory_key_padding_mask=padding).data
    x.data[:, -1] += 1
    memory.data[:, 2:] += 1
    after = layer(x, memory, causal, memory_key_padding_mask=padding).data
    assert np.array_equal(before[:, :-1], after[:, :-1])
    assert not np.allclose(before[:, -1], after[:, -1])


def test_a_query_that_may_look_nowhere_gets_zeros():
    layer = nn.MultiheadAttention(E, 2, batch_first=True)
    x, nothing = draw(1, LENGTH, E), T.tensor([[True] * LENGTH])
    for need_weights in (True, False):
        y, _ = layer(x, x, x, key_padding_mask=nothing, need_weights=need_weights)
        assert not y.data.any()


def test_dropout_works_in_training_only():
    layer = nn.TransformerEncoderLayer(E, 2, 8, dropout=0.5)
    x = draw(LENGTH, N, E)
    assert not np.array_equal(layer(x), layer(x))
    assert np.array_equal(layer.eval()(x), layer(x))
    weights = nn.MultiheadAttention(E, 2, dropout=0.5)(x, x, x, average_attn_weights=False)[1]
    assert (weights.data == 0).any()


def test_a_finished_table_is_not_trained_on():
    table = draw(5, 3)
    assert not nn.Embedding.from_pretrained(table).weight.requires_grad
    assert nn.Embedding.from_pretrained(table, freeze=False).weight.requires_grad


def test_float32_stays_float32():
    x = draw(LENGTH, N, E)
    mask = np.zeros((LENGTH, LENGTH))  # float64, as NumPy makes it
    model = nn.Transformer(E, 2, 1, 1, **SIZES)
    y = model(x, x, tgt_mask=T.Tensor(mask))
    y.sum().backward()
    assert y.dtype == T.float32
    assert all(p.grad.dtype == T.float32 for p in model.parameters())


x = draw(N, LENGTH, E)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: nn.MultiheadAttention(6, 4), ValueError, ["6 numbers do not divide among 4"]),
        (
            lambda: nn.MultiheadAttention(6, 2, add_zero_attn=True),
            NotImplementedError,
            ["not part of nnlearn"],
        ),
        (
            lambda: nn.MultiheadAttention(8, 2)(x, x, x),
            ShapeError,
            ["made for 8, 8 and 8", "batch_first"],
        ),
        (
            lambda: nn.MultiheadAttention(E, 2)(x, x, x, is_causal=True),
            ValueError,
            ["causal attn_mask"],
        ),
        (
            lambda: nn.MultiheadAttention(E, 2)(x, x, x, np.zeros((2, 3), bool)),
            ShapeError,
            ["S is 3 in key_padding_mask but 2 in key"],
        ),
        (
            lambda: nn.MultiheadAttention(E, 2)(x, x, x, attn_mask=np.zeros((2, 3), bool)),
            ShapeError,
            ["attn_mask = (2, 3)"],
        ),
        (
            lambda: nn.TransformerEncoderLayer(E, 2, activation="tanh"),
            ValueError,
            ['"relu", "gelu"', "'tanh'"],
        ),
        (lambda: nn.Embedding(5, 3, padding_idx=5), ValueError, ["there are 5 rows", "0..4"]),
        (lambda: nn.Embedding(5, 3, max_norm=1.0), TypeError, ["max_norm"]),
    ],
)
def test_message(call, error, says):
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert all(part in text for part in says), text
    assert len(text.splitlines()) <= 4
