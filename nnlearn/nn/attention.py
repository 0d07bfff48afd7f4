"""Attention in several heads: each looks for something else, with weights of its own.

Lessons: 13, 14.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnlearn.errors import ShapeError, expect
from nnlearn.nn.init import xavier_uniform_
from nnlearn.nn.linear import Linear
from nnlearn.nn.module import Module, Parameter
from nnlearn.ops import dropout, linear, reshape, transpose
from nnlearn.ops.attention import attention_weights, scaled_dot_product_attention, self_attention


class MultiheadAttention(Module):
    """Project to queries, keys and values; attend in each head; join the heads and project again.

    Parameters
    ----------
    embed_dim : E, the numbers at each position
    num_heads : H, each head works on E / H of them
    dropout : probability with which a weight is set to zero in training
    bias : whether the projections have biases
    kdim, vdim : numbers at each position of key and of value, E if None
    batch_first : whether inputs are (N, T, E) rather than (T, N, E)

    Shapes, for batch_first: query (N, T, E), key (N, S, kdim), value (N, S, vdim), output
    (N, T, E); without a batch (T, E), (S, kdim), (S, vdim). Queries, keys and values have their
    weights one below the other in in_proj_weight (3E, E), unless kdim or vdim differ from E.

    Source: Vaswani et al. (2017).
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if add_bias_kv or add_zero_attn:
            raise NotImplementedError("add_bias_kv and add_zero_attn are not part of nnlearn")
        if embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: {embed_dim} numbers do not divide among {num_heads} heads\n"
                "embed_dim must be a multiple of num_heads."
            )
        self.embed_dim, self.num_heads, self.head_dim = embed_dim, num_heads, embed_dim // num_heads
        self.dropout, self.batch_first = dropout, batch_first
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        self.in_proj_weight = None
        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = _xavier(3 * embed_dim, embed_dim, rng)
        else:
            self.q_proj_weight = _xavier(embed_dim, embed_dim, rng)
            self.k_proj_weight = _xavier(embed_dim, self.kdim, rng)
            self.v_proj_weight = _xavier(embed_dim, self.vdim, rng)
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim, np.float32)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, rng=rng)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data[...] = 0

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """Return the output, and the weights (N, T, S), or (N, H, T, S) if not averaged, or None.

        Parameters
        ----------
        query, key, value : see the class
        key_padding_mask : shape (N, S). Boolean: True where a key is padding, not to be looked at.
            Floating: added to the scores
        need_weights : return the weights too, which is slower
        attn_mask : shape (T, S) or (N * H, T, S). Boolean: True where a query may NOT look (the
            opposite of F.scaled_dot_product_attention, as in PyTorch). Floating: added
        average_attn_weights : return the mean over the heads
        is_causal : says that attn_mask is the causal one; it must be given all the same
        """
        if is_causal and attn_mask is None:
            raise ValueError("MultiheadAttention: is_causal=True needs the causal attn_mask too")
        to_itself, batched = query is key is value, query.ndim == 3
        if not batched:
            query, key, value = (reshape(x, (1, *x.shape)) for x in (query, key, value))
            key_padding_mask = None if key_padding_mask is None else key_padding_mask[None]
        elif not self.batch_first:
            query, key, value = (transpose(x, 0, 1) for x in (query, key, value))
        self._check(query, key, value)
        mask = self._join_masks(attn_mask, key_padding_mask, key)
        p, weights = self.dropout if self.training else 0.0, None
        if to_itself and not need_weights:
            qkv = linear(query, self.in_proj_weight, self.in_proj_bias)
            y = self_attention(qkv, mask, num_heads=self.num_heads, dropout_p=p)
        else:
            q, k, v = (self._split(x) for x in self._project(query, key, value))
            if need_weights:
                weights = dropout(attention_weights(q, k, mask), p)
                y = weights @ v
            else:
                y = scaled_dot_product_attention(q, k, v, mask, p)
            y = y.transpose(1, 2).reshape(query.shape)
        y = self.out_proj(y)
        if weights is not None and average_attn_weights:
            weights = weights.mean(dim=1)
        if not batched:
            return y[0], None if weights is None else weights[0]
        return y if self.batch_first else y.transpose(0, 1), weights

    def _project(self, query: Any, key: Any, value: Any) -> Iterator[Any]:
        """Yield queries, keys and values, each (N, steps, E): three projections, one for each."""
        parts = [slice(i * self.embed_dim, (i + 1) * self.embed_dim) for i in range(3)]
        if self.in_proj_weight is None:
            matrices = [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        else:
            matrices = [self.in_proj_weight[part] for part in parts]
        for x, weight, part in zip((query, key, value), matrices, parts, strict=True):
            yield linear(x, weight, None if self.in_proj_bias is None else self.in_proj_bias[part])

    def _split(self, x: Any) -> Any:
        """Deal the numbers out to the heads: (N, T, E) becomes (N, H, T, E / H)."""
        n, t, _ = x.shape
        return x.reshape(n, t, self.num_heads, self.head_dim).transpose(1, 2)

    def _join_masks(self, attn_mask: Any, key_padding_mask: Any, key: Any) -> Any:
        """Make one mask of both, to be added to the scores (N, H, T, S)."""
        n, s, _ = key.shape
        if attn_mask is not None:
            attn_mask = _barred(attn_mask)
            if attn_mask.ndim == 3:
                attn_mask = reshape(attn_mask, (n, self.num_heads, *attn_mask.shape[1:]))
        if key_padding_mask is None:
            return attn_mask
        repair = "key_padding_mask holds one number per key, True where it is padding."
        masks = {"key_padding_mask": (key_padding_mask, "N S"), "key": (key, "N S E")}
        expect("MultiheadAttention", repair, **masks)
        padding = reshape(_barred(key_padding_mask), (n, 1, 1, s))
        return padding if attn_mask is None else attn_mask + padding

    def _check(self, query: Any, key: Any, value: Any) -> None:
        """Refuse inputs whose numbers per position are not those that the layer was made for."""
        sizes = tuple(x.shape[-1] for x in (query, key, value))
        if sizes != (self.embed_dim, self.kdim, self.vdim):
            raise ShapeError(
                f"MultiheadAttention: made for {self.embed_dim}, {self.kdim} and {self.vdim} "
                "numbers per position",
                {"query": query.shape, "key": key.shape, "value": value.shape},
                "Did you swap axes? See batch_first.",
            )

    def extra_repr(self) -> str:
        return f"embed_dim={self.embed_dim}, num_heads={self.num_heads}"


def _barred(mask: Any) -> Any:
    """Return what a mask adds to the scores: where it is boolean, -inf for True."""
    if mask.dtype != bool:
        return mask
    return np.where(np.asarray(mask), np.float32(-np.inf), np.float32(0))


def _xavier(outputs: int, inputs: int, rng: np.random.Generator | None) -> Parameter:
    """Make the first weights of a projection."""
    weight = Parameter(np.empty((outputs, inputs), np.float32))
    xavier_uniform_(weight, rng=rng)
    return weight
