"""Attention: each position asks a question, and takes a mixture of what the others offer.

Query t is compared with every key s; softmax makes weights of the scores; the weights mix the
values. Three rules: the weights alone, to be looked at; the whole in one piece; and the whole for
several heads that attend to their own sequence.

Lessons: 13, 14.
"""

from __future__ import annotations

import math

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.ops.dropout import dropout
from nnlearn.tensor import jointly, primitive

_LETTERS = "T queries and S keys, of D numbers each; one value per key."


def _as_bias(mask, shape, dtype):
    """Return what the mask adds to the scores: 0 where one may look, -inf where not."""
    if mask.dtype.kind not in "bf":
        raise TypeError(
            f"attention: attn_mask must be boolean or floating, not {mask.dtype}\n"
            "Boolean: True where a query may look. Floating: a number added to each score.\n"
            "Write attn_mask.astype(bool), or attn_mask.to(T.bool)."
        )
    try:
        np.broadcast_to(mask, shape)
    except ValueError:
        raise ShapeError(
            "attention: attn_mask does not fit the scores",
            {"attn_mask": mask.shape, "scores (..., T, S)": shape},
            "It needs one row per query and one column per key, or axes of 1 in their place.",
        ) from None
    return np.where(mask, 0, -np.inf).astype(dtype) if mask.dtype == bool else mask.astype(dtype)


def _weights(query, key, mask, is_causal):
    """Compute softmax(query @ key.T + mask), for queries that are already scaled."""
    if query.shape[-1] != key.shape[-1]:
        expect("attention", _LETTERS, query=(query, "... T D"), key=(key, "... S D"))
    if is_causal and mask is not None:
        raise ValueError("attention: attn_mask and is_causal=True cannot be combined")
    scores = query @ key.swapaxes(-1, -2)
    if is_causal:
        mask = np.tri(*scores.shape[-2:], dtype=bool)
    if mask is not None:
        scores += _as_bias(mask, scores.shape, scores.dtype)
    # Largest exponent 0. Where all is masked we subtract the lowest number: -inf stays -inf.
    scores -= scores.max(axis=-1, keepdims=True, initial=np.finfo(scores.dtype).min)
    p = np.exp(scores, out=scores)
    total = p @ np.ones(p.shape[-1], p.dtype)  # six times as fast as p.sum(axis=-1)
    p /= np.maximum(total, 1)[..., None]  # exp(0) is in the total, unless all is masked
    return p


def _attend(query, key, value, mask, dropout_p, is_causal, scale, rng):
    """Return the mixture of values, and the function that gives all four gradients."""
    if key.shape[-2] != value.shape[-2]:
        expect("attention", _LETTERS, key=(key, "... S D"), value=(value, "... S E"))
    scale = 1 / math.sqrt(query.shape[-1] or 1) if scale is None else scale
    scaled = query * scale
    p = _weights(scaled, key, mask, is_causal)
    keep = dropout(np.ones_like(p), dropout_p, rng=rng) if dropout_p else None
    seen = p if keep is None else p * keep
    y = seen @ value

    def backward(g):
        d_scores = g @ value.swapaxes(-1, -2)
        if keep is not None:
            d_scores *= keep
        # Softmax subtracts sum over s of d_scores * p, which is sum over e of g * y: E numbers
        # a row instead of S, and no array of the size of the scores in between.
        d_scores -= np.vecdot(g, y)[..., None]
        d_scores *= p
        d_query = (d_scores @ key) * scale
        d_key = d_scores.swapaxes(-1, -2) @ scaled
        return d_query, d_key, seen.swapaxes(-1, -2) @ g, d_scores  # d_scores is the mask's

    return y, backward


@primitive
def attention_weights(query, key, attn_mask=None, *, is_causal=False, scale=None):
    """Say how much each query looks at each key: p = softmax(query @ key.T * scale + mask).

    The first half of `scaled_dot_product_attention`, for when the weights shall be seen.

    Parameters
    ----------
    query, key, attn_mask, is_causal, scale : as in `scaled_dot_product_attention`

    Returns
    -------
    p : shape (..., T, S); each row adds up to 1, or to 0 where a query may look nowhere

    Example
    -------
    >>> attention_weights(np.zeros((3, 2)), np.zeros((3, 2)), is_causal=True).round(2)
    array([[1.  , 0.  , 0.  ],
           [0.5 , 0.5 , 0.  ],
           [0.33, 0.33, 0.33]])
    """
    scale = 1 / math.sqrt(query.shape[-1] or 1) if scale is None else scale
    scaled = query * scale
    p = _weights(scaled, key, attn_mask, is_causal)

    def backward(g):
        d_scores = p * (g - np.vecdot(g, p)[..., None])
        return (d_scores @ key) * scale, d_scores.swapaxes(-1, -2) @ scaled, d_scores

    return p, jointly(backward, 3)


@primitive
def scaled_dot_product_attention(
    query,
    key,
    value,
    attn_mask=None,
    *,
    dropout_p=0.0,
    is_causal=False,
    scale=None,
    rng=None,
):
    """Mix the values by how well each key answers: y = softmax(q @ k.T * scale + mask) @ v.

    Forward and backward in one rule: the T x S weights are kept once, not once for every step.

    Parameters
    ----------
    query : shape (..., T, D), T questions
    key : shape (..., S, D), what each of S positions can be asked for
    value : shape (..., S, E), what it gives
    attn_mask : broadcasts to (..., T, S). Boolean: True where a query may look.
        Floating: added to the scores
    dropout_p : probability with which a weight is set to zero, also outside training
    is_causal : let query t look at keys 0..t only; instead of attn_mask
    scale : factor of the scores, 1 / sqrt(D) if None: it keeps their spread at 1
    rng : where dropout draws from

    Returns
    -------
    y : shape (..., T, E); zeros where a query may look nowhere

    Raises: ShapeError if D or S differ or the mask does not fit, TypeError for a mask of integers.
    Cost: 2 * T * S * (D + E) operations forward, T * S numbers kept.

    Example
    -------
    >>> q, k, v = np.array([[100.0, 0.0]]), np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> scaled_dot_product_attention(q, k, v)  # the query is the first key, many times over
    array([[1., 2.]])

    Source: Vaswani et al. (2017); d_scores by row sums of g * y: Dao et al. (2022).
    Loops: scaled_dot_product_attention_loops.
    """
    y, backward = _attend(query, key, value, attn_mask, dropout_p, is_causal, scale, rng)
    return y, jointly(backward, 4)


def scaled_dot_product_attention_loops(query, key, value, attn_mask=None):
    """Compute attention query by query and key by key, for arrays (T, D), (S, D), (S, E).

    The slow twin of `scaled_dot_product_attention`; attn_mask is boolean, (T, S).
    """
    y = np.zeros((len(query), value.shape[1]), value.dtype)
    for t, q in enumerate(query):
        allowed = [s for s in range(len(key)) if attn_mask is None or attn_mask[t, s]]
        scores = [float(q @ key[s]) / math.sqrt(len(q)) for s in allowed]
        powers = [math.exp(score - max(scores)) for score in scores]
        for s, power in zip(allowed, powers, strict=True):
            y[t] += power / sum(powers) * value[s]
    return y


@primitive
def self_attention(qkv, attn_mask=None, *, num_heads, dropout_p=0.0, is_causal=False, rng=None):
    """Let every head attend to its own sequence; query, key and value come side by side.

    The same as splitting, `scaled_dot_product_attention` per head, and joining. As one rule the
    three gradients are written into one array, instead of three that are mostly zeros.

    Parameters
    ----------
    qkv : shape (N, T, 3 * D), as a Linear(D, 3 * D) gives it
    attn_mask : broadcasts to (N, num_heads, T, T)
    num_heads : H, each works on D / H numbers
    dropout_p, is_causal, rng : as in `scaled_dot_product_attention`

    Returns
    -------
    y : shape (N, T, D)

    Example
    -------
    >>> self_attention(np.ones((2, 5, 12)), num_heads=2).shape
    (2, 5, 4)
    """
    if qkv.ndim != 3 or qkv.shape[2] % (3 * num_heads):
        raise ShapeError(
            f"self_attention: the last axis does not divide by 3 * num_heads = {3 * num_heads}",
            {"qkv (N, T, 3D)": qkv.shape},
            "It holds query, key and value side by side, and each is dealt out to the heads.",
        )
    n, t, width = qkv.shape
    size = width // (3 * num_heads)
    query, key, value = qkv.reshape(n, t, 3, num_heads, size).transpose(2, 0, 3, 1, 4)
    y, backward = _attend(query, key, value, attn_mask, dropout_p, is_causal, None, rng)

    def joined(g):
        *pieces, d_mask = backward(g.reshape(n, t, num_heads, size).swapaxes(1, 2))
        d_qkv = np.stack([piece.swapaxes(1, 2) for piece in pieces], axis=2)
        return d_qkv.reshape(qkv.shape), d_mask

    return y.swapaxes(1, 2).reshape(n, t, width // 3), jointly(joined, 2)
