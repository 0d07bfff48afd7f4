"""Attention and embedding: every mask, and every option of the layers."""

import numpy as np

from tests.parity.programs.common import draw, start, steps

N, LENGTH, KEYS, E = 2, 3, 4, 4
NOT_CAUSAL = np.triu(np.ones((LENGTH, LENGTH), bool), 1)
PADDING = np.array([[False, False, False, True], [False, False, True, True]])


def product(T, dtype, queries=LENGTH, **settings):
    """Attention without weights of its own: output and gradients."""
    shapes = (N, 2, queries, 5), (N, 2, KEYS, 5), (N, 2, KEYS, 3)
    q, k, v = (draw(T, dtype, *shape).requires_grad_() for shape in shapes)
    y = T.nn.functional.scaled_dot_product_attention(q, k, v, **settings)
    (y * draw(T, dtype, *y.shape)).sum().backward()
    return {"y": y, "q": q.grad, "k": k.grad, "v": v.grad}


def product_plain(T, dtype):
    return product(T, dtype, scale=0.7)


def product_causal(T, dtype):
    return product(T, dtype, is_causal=True)


def product_boolean_mask(T, dtype):
    mask = np.random.default_rng(0).random((N, 1, LENGTH, KEYS)) < 0.6
    mask[0, 0, 1] = False  # this query may look nowhere
    return product(T, dtype, attn_mask=T.tensor(mask))


def product_floating_mask(T, dtype):
    mask = draw(T, dtype, LENGTH, KEYS).requires_grad_()
    return product(T, dtype, attn_mask=mask) | {"mask": mask.grad}


def layer(T, dtype, options, call, *shapes):
    """Ten steps of a layer that learns to give certain numbers.

    Not by Adam: it would blow up the rounding errors of biases of keys, whose gradient is zero.
    """
    model = start(T, dtype, T.nn.MultiheadAttention(E, 2, **options))
    inputs = [draw(T, dtype, *shape) for shape in shapes]
    query, key, value = inputs if len(inputs) == 3 else inputs * 3
    seen = {}

    def loss():
        y, weights = model(query, key, value, **call)
        seen["y"] = y
        if weights is not None:
            seen["weights"] = weights
        extra = 0 if weights is None else (weights**2).sum()
        return ((y - draw(T, dtype, *y.shape, seed=1)) ** 2).mean() + extra

    return steps(model, T.optim.SGD(model.parameters(), lr=0.1), loss) | seen


def layer_plain(T, dtype):
    return layer(T, dtype, {}, {}, (LENGTH, N, E))


def layer_without_weights(T, dtype):
    call = {"need_weights": False}
    return layer(T, dtype, {"batch_first": True}, call, (N, LENGTH, E))


def layer_one_sequence(T, dtype):
    call = {"average_attn_weights": False}
    return layer(T, dtype, {"bias": False, "dropout": 0.0}, call, (LENGTH, E))


def layer_boolean_masks(T, dtype):
    padding = T.tensor(PADDING[:, -LENGTH:])
    call = {"attn_mask": T.tensor(NOT_CAUSAL), "key_padding_mask": padding, "need_weights": False}
    return layer(T, dtype, {"batch_first": True}, call, (N, LENGTH, E))


def layer_causal(T, dtype):
    call = {"attn_mask": T.tensor(NOT_CAUSAL), "is_causal": True, "need_weights": False}
    return layer(T, dtype, {}, call, (LENGTH, N, E))


def layer_mask_of_each_head(T, dtype):
    call = {"attn_mask": draw(T, dtype, 2 * N, LENGTH, KEYS), "average_attn_weights": False}
    shapes = (N, LENGTH, E), (N, KEYS, E), (N, KEYS, E)
    return layer(T, dtype, {"batch_first": True}, call, *shapes)


def layer_to_another_sequence(T, dtype):
    call = {"key_padding_mask": T.tensor(PADDING), "need_weights": False}
    shapes = (LENGTH, N, E), (KEYS, N, 3), (KEYS, N, 5)
    return layer(T, dtype, {"kdim": 3, "vdim": 5}, call, *shapes)


def layer_floating_padding(T, dtype):
    call = {"key_padding_mask": draw(T, dtype, N, KEYS), "attn_mask": draw(T, dtype, LENGTH, KEYS)}
    shapes = (N, LENGTH, E), (N, KEYS, E), (N, KEYS, 6)
    return layer(T, dtype, {"batch_first": True, "vdim": 6}, call, *shapes)


def embedding(T, dtype):
    nn = T.nn
    words = T.tensor([[0, 3, 3, 1], [4, 3, 0, 0]])
    model = start(T, dtype, nn.Sequential(nn.Embedding(6, 3, padding_idx=0), nn.Linear(3, 2)))
    optimizer = T.optim.SGD(model.parameters(), lr=0.1)
    return steps(model, optimizer, lambda: (model(words) ** 2).mean())


def embedding_functions(T, dtype):
    F = T.nn.functional
    table = draw(T, dtype, 5, 3).requires_grad_()
    words = T.tensor([[4, 1], [1, 0]])
    frozen = T.nn.Embedding.from_pretrained(draw(T, dtype, 5, 3, seed=1))
    y = F.embedding(words, table, padding_idx=4) * frozen(words)
    y.sum().backward()
    rows = F.one_hot(words), F.one_hot(words, 7)
    return {"y": y, "table": table.grad, "rows": rows[0], "wide rows": rows[1]}


PROGRAMS = (
    product_plain,
    product_causal,
    product_boolean_mask,
    product_floating_mask,
    layer_plain,
    layer_without_weights,
    layer_one_sequence,
    layer_boolean_masks,
    layer_causal,
    layer_mask_of_each_head,
    layer_to_another_sequence,
    layer_floating_padding,
    embedding,
    embedding_functions,
)
