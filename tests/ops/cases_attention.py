"""Attention and embedding, with inputs that exercise them."""

import numpy as np

from nnlearn.nn import functional as F

rng = np.random.default_rng(11)


def draw(*shape):
    return rng.standard_normal(shape)


WORDS = np.array([[2, 0, 2], [1, 2, 4]])
ALLOWED = np.array([[True, False, True, True], [False] * 4, [True] * 4])  # row 1 may look nowhere
QKV = [draw(2, 3, 5), draw(2, 4, 5), draw(2, 4, 2)]
attend = F.scaled_dot_product_attention


def with_dropout(*qkv):
    return attend(*qkv, dropout_p=0.4, rng=np.random.default_rng(3))


CASES = {
    "embedding": (lambda w: F.embedding(WORDS, w), [draw(5, 3)]),
    "embedding padding": (lambda w: F.embedding(WORDS, w, 3), [draw(5, 3)]),
    "embedding nothing": (lambda w: F.embedding(WORDS[:0], w), [draw(5, 3)]),
    "scaled_dot_product_attention": (attend, QKV),
    "scaled_dot_product_attention matrices": (attend, [draw(3, 5), draw(4, 5), draw(4, 2)]),
    "scaled_dot_product_attention bias": (attend, [*QKV, draw(3, 4)]),
    "scaled_dot_product_attention mask": (lambda *a: attend(*a, ALLOWED), QKV),
    "scaled_dot_product_attention causal": (lambda *a: attend(*a, is_causal=True), QKV),
    "scaled_dot_product_attention scale": (lambda *a: attend(*a, scale=0.3), QKV),
    "scaled_dot_product_attention dropout": (with_dropout, QKV),
    "attention_weights": (F.attention_weights, QKV[:2]),
    "attention_weights mask": (lambda *a: F.attention_weights(*a, ALLOWED), QKV[:2]),
    "attention_weights bias": (F.attention_weights, [*QKV[:2], draw(2, 1, 4)]),
    "self_attention": (lambda a: F.self_attention(a, num_heads=2), [draw(2, 3, 12)]),
    "self_attention causal": (
        lambda a: F.self_attention(a, num_heads=2, is_causal=True),
        [draw(2, 3, 12)],
    ),
    "self_attention bias": (
        lambda a, mask: F.self_attention(a, mask, num_heads=2),
        [draw(2, 3, 12), draw(2, 1, 1, 3)],
    ),
}
