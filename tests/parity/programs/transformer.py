"""Transformer layers, stacks and models, with every mask and option."""

import math

import numpy as np

from tests.parity.programs.common import draw, start, steps

N, LENGTH, KEYS, E = 2, 3, 4, 4
NOT_CAUSAL = np.triu(np.ones((LENGTH, LENGTH), bool), 1)
NOT_ALL = np.array([[False, True, False, False]] * LENGTH)
PADDING = np.array([[False, False, False], [False, True, True]])
KEY_PADDING = np.array([[False, False, False, True], [False, False, True, True]])
SIZES = {"dim_feedforward": 5, "dropout": 0.0}


def train(T, dtype, model, *inputs, **masks):
    """Ten steps towards certain numbers, and the output before the last.

    Not by Adam: it would blow up the rounding errors of biases of keys, whose gradient is zero.
    """
    start(T, dtype, model)
    optimizer = T.optim.SGD(model.parameters(), lr=0.1)
    seen = {}

    def loss():
        seen["y"] = y = model(*inputs, **masks)
        return ((y - draw(T, dtype, *y.shape, seed=1)) ** 2).mean()

    return packed(T, steps(model, optimizer, loss)) | seen


def packed(T, result):
    """Join all gradients, and all weights: a stored file grows by the number of its arrays."""
    joined = {}
    for kind in ("gradient", "weight"):
        names = [name for name in result if name.startswith(kind)]
        joined[f"{kind}s"] = T.cat([result.pop(name).reshape(-1) for name in names])
    return result | joined


def encoder_layer(T, dtype):
    model = T.nn.TransformerEncoderLayer(E, 2, **SIZES)
    return train(T, dtype, model, draw(T, dtype, LENGTH, N, E))


def encoder_layer_norm_first(T, dtype):
    model = T.nn.TransformerEncoderLayer(
        E, 2, **SIZES, activation="gelu", layer_norm_eps=1e-3, batch_first=True, norm_first=True
    )
    masks = {"src_mask": T.tensor(NOT_CAUSAL), "src_key_padding_mask": T.tensor(PADDING)}
    return train(T, dtype, model, draw(T, dtype, N, LENGTH, E), **masks)


def encoder_layer_no_bias(T, dtype):
    model = T.nn.TransformerEncoderLayer(
        E, 2, **SIZES, activation=T.nn.functional.gelu, batch_first=True, bias=False
    )
    padding = T.tensor(PADDING)
    return train(T, dtype, model, draw(T, dtype, N, LENGTH, E), src_key_padding_mask=padding)


def encoder(T, dtype):
    nn = T.nn
    layer = nn.TransformerEncoderLayer(E, 2, **SIZES, norm_first=True)
    model = nn.TransformerEncoder(layer, 2, nn.LayerNorm(E), enable_nested_tensor=False)
    mask = nn.Transformer.generate_square_subsequent_mask(LENGTH).to(dtype)
    x = draw(T, dtype, LENGTH, N, E)
    return train(T, dtype, model, x, mask=mask, is_causal=True)


def decoder_layer(T, dtype):
    model = T.nn.TransformerDecoderLayer(E, 2, **SIZES)
    return train(T, dtype, model, draw(T, dtype, LENGTH, N, E), draw(T, dtype, KEYS, N, E))


def decoder_layer_masks(T, dtype):
    model = T.nn.TransformerDecoderLayer(
        E, 2, **SIZES, activation="gelu", batch_first=True, norm_first=True
    )
    masks = {
        "tgt_mask": T.tensor(NOT_CAUSAL),
        "memory_mask": T.tensor(NOT_ALL),
        "tgt_key_padding_mask": T.tensor(PADDING),
        "memory_key_padding_mask": T.tensor(KEY_PADDING),
        "tgt_is_causal": True,
    }
    x, memory = draw(T, dtype, N, LENGTH, E), draw(T, dtype, N, KEYS, E)
    return train(T, dtype, model, x, memory, **masks)


def decoder(T, dtype):
    nn = T.nn
    layer = nn.TransformerDecoderLayer(E, 2, **SIZES, batch_first=True, bias=False)
    model = nn.TransformerDecoder(layer, 2, nn.LayerNorm(E))
    x, memory = draw(T, dtype, N, LENGTH, E), draw(T, dtype, N, KEYS, E)
    return train(T, dtype, model, x, memory, tgt_mask=T.tensor(NOT_CAUSAL))


def transformer(T, dtype):
    model = T.nn.Transformer(E, 2, 1, 1, **SIZES, batch_first=True)
    masks = {
        "tgt_mask": T.tensor(NOT_CAUSAL),
        "src_key_padding_mask": T.tensor(KEY_PADDING),
        "memory_key_padding_mask": T.tensor(KEY_PADDING),
    }
    source, target = draw(T, dtype, N, KEYS, E), draw(T, dtype, N, LENGTH, E)
    return train(T, dtype, model, source, target, **masks)


def small_gpt(T, dtype):
    nn, F = T.nn, T.nn.functional

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.ln1, self.qkv, self.proj = nn.LayerNorm(E), nn.Linear(E, 3 * E), nn.Linear(E, E)
            self.ln2, self.up, self.down = nn.LayerNorm(E), nn.Linear(E, 6), nn.Linear(6, E)

        def forward(self, x):
            n, t, _ = x.shape
            q, k, v = (
                z.view(n, t, 2, -1).transpose(1, 2) for z in self.qkv(self.ln1(x)).split(E, 2)
            )
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.proj(y.transpose(1, 2).reshape(n, t, E))
            return x + self.down(F.gelu(self.up(self.ln2(x)), approximate="tanh"))

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.wte, self.wpe = nn.Embedding(7, E), nn.Embedding(8, E)
            self.blocks = nn.ModuleList([Block(), Block()])
            self.ln = nn.LayerNorm(E)

        def forward(self, tokens):
            x = self.wte(tokens) + self.wpe(T.arange(tokens.shape[1]))
            for block in self.blocks:
                x = block(x)
            return self.ln(x) @ self.wte.weight.T

    model = start(T, dtype, GPT())
    tokens = T.tensor([[1, 2, 3, 1, 2, 3], [0, 6, 5, 0, 6, 5]])
    optimizer = T.optim.SGD(model.parameters(), lr=0.1)

    def loss():
        scores = model(tokens[:, :-1])
        return F.cross_entropy(scores.reshape(-1, 7), tokens[:, 1:].reshape(-1))

    return packed(T, steps(model, optimizer, loss))


def small_translator(T, dtype):
    nn, F = T.nn, T.nn.functional

    class Translator(nn.Module):
        def __init__(self):
            super().__init__()
            self.source = nn.Embedding(6, E, padding_idx=0)
            self.target = nn.Embedding(7, E, padding_idx=0)
            self.transformer = nn.Transformer(
                E, 2, 1, 1, **SIZES, activation="gelu", batch_first=True
            )
            self.head = nn.Linear(E, 7)

        def forward(self, source, target):
            x, y = self.source(source) * math.sqrt(E), self.target(target) * math.sqrt(E)
            padding = source == 0
            mask = T.tensor(np.triu(np.ones((target.shape[1], target.shape[1]), bool), 1))
            y = self.transformer(
                x,
                y,
                tgt_mask=mask,
                src_key_padding_mask=padding,
                tgt_key_padding_mask=target == 0,
                memory_key_padding_mask=padding,
            )
            return self.head(y)

    model = start(T, dtype, Translator())
    source = T.tensor([[1, 2, 3, 4], [5, 2, 0, 0]])
    target = T.tensor([[1, 2, 3, 6], [1, 5, 6, 0]])
    optimizer = T.optim.SGD(model.parameters(), lr=0.1)

    def loss():
        scores = model(source, target[:, :-1])
        return F.cross_entropy(scores.reshape(-1, 7), target[:, 1:].reshape(-1))

    return packed(T, steps(model, optimizer, loss))


PROGRAMS = (
    encoder_layer,
    encoder_layer_norm_first,
    encoder_layer_no_bias,
    encoder,
    decoder_layer,
    decoder_layer_masks,
    decoder,
    transformer,
    small_gpt,
    small_translator,
)
