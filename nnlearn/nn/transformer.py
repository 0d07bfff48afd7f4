"""Transformer layers: attention mixes the positions, a small network works on each, in turn.

Around both lies a residual connection: what a part computes is added to what came in, so that
a deep stack starts close to doing nothing, and gradients find a way through. Masks and names are
PyTorch's: boolean True means "not to be looked at".

Lessons: 14, 17.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlearn.nn.attention import MultiheadAttention
from nnlearn.nn.container import ModuleList
from nnlearn.nn.dropout import Dropout
from nnlearn.nn.init import xavier_uniform_
from nnlearn.nn.linear import Linear
from nnlearn.nn.module import Module
from nnlearn.nn.norm import LayerNorm
from nnlearn.ops import gelu, relu
from nnlearn.tensor import Tensor


class _Layer(Module):
    """What the layers of encoder and decoder share."""

    linear1: Linear
    linear2: Linear
    dropout: Dropout
    activation: Callable[[Any], Any]
    norm_first: bool

    def _around(self, x: Any, norm: Module, dropout: Module, part: Callable[[Any], Any]) -> Any:
        """Add a part's output to its input; normalise before the part, or after the sum."""
        if self.norm_first:
            return x + dropout(part(norm(x)))
        return norm(x + dropout(part(x)))

    def _feed_forward(self, x: Any) -> Any:
        """Let the small network work on each position by itself."""
        return self.linear2(self.dropout(self.activation(self.linear1(x))))

    def extra_repr(self) -> str:
        return f"norm_first={self.norm_first}"


def _activation(choice: str | Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Find an activation by its name; a function is taken as it is."""
    if callable(choice):
        return choice
    if choice not in ("relu", "gelu"):
        raise ValueError(f'activation is "relu", "gelu" or a function, not {choice!r}')
    return relu if choice == "relu" else gelu


class TransformerEncoderLayer(_Layer):
    """Self-attention, then a small network at each position.

    Parameters
    ----------
    d_model : E, the numbers at each position
    nhead : the heads of the attention
    dim_feedforward : the neurons of the small network
    dropout : probability with which a number is set to zero in training
    activation : "relu", "gelu" or a function
    layer_norm_eps : what LayerNorm adds to the variance
    batch_first : whether inputs are (N, T, E) rather than (T, N, E)
    norm_first : normalise what goes into each part (easier to train), not the sum that comes out
    bias : whether the linear layers and the norms have biases

    Source: Vaswani et al. (2017); norm_first: Xiong et al. (2020).
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, rng=rng
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, rng=rng)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, rng=rng)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.activation = _activation(activation)

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        """Return what each position knows after this layer, in the shape of src.

        Parameters
        ----------
        src : shape (N, T, E) if batch_first, else (T, N, E); or (T, E)
        src_mask, src_key_padding_mask, is_causal : see MultiheadAttention.forward
        """

        def attend(x: Any) -> Any:
            masks = {"attn_mask": src_mask, "key_padding_mask": src_key_padding_mask}
            return self.self_attn(x, x, x, need_weights=False, is_causal=is_causal, **masks)[0]

        x = self._around(src, self.norm1, self.dropout1, attend)
        return self._around(x, self.norm2, self.dropout2, self._feed_forward)


class TransformerDecoderLayer(_Layer):
    """Self-attention, attention to what the encoder gave, then a small network at each position.

    Parameters: as for TransformerEncoderLayer.

    Source: Vaswani et al. (2017).
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.self_attn, self.multihead_attn = (
            MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, rng=rng)
            for _ in range(2)
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, rng=rng)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, rng=rng)
        self.norm_first = norm_first
        self.norm1, self.norm2, self.norm3 = (
            LayerNorm(d_model, layer_norm_eps, bias=bias) for _ in range(3)
        )
        self.dropout1, self.dropout2, self.dropout3 = (Dropout(dropout) for _ in range(3))
        self.activation = _activation(activation)

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:
        """Return what each position of tgt knows after this layer, in the shape of tgt.

        Parameters
        ----------
        tgt : shape (N, T, E) if batch_first, else (T, N, E); or (T, E)
        memory : what the encoder gave, shape (N, S, E), (S, N, E) or (S, E)
        tgt_mask, ... : masks (T, T) and (N, T) among the targets
        memory_mask, ... : masks (T, S) and (N, S) for the look at the memory
        """

        def attend(x: Any) -> Any:
            masks = {"attn_mask": tgt_mask, "key_padding_mask": tgt_key_padding_mask}
            return self.self_attn(x, x, x, need_weights=False, is_causal=tgt_is_causal, **masks)[0]

        def look_back(x: Any) -> Any:
            masks = {"attn_mask": memory_mask, "key_padding_mask": memory_key_padding_mask}
            kind = {"need_weights": False, "is_causal": memory_is_causal}
            return self.multihead_attn(x, memory, memory, **kind, **masks)[0]

        x = self._around(tgt, self.norm1, self.dropout1, attend)
        x = self._around(x, self.norm2, self.dropout2, look_back)
        return self._around(x, self.norm3, self.dropout3, self._feed_forward)


class TransformerEncoder(Module):
    """Copies of one layer in a row, and a norm at the end.

    Parameters
    ----------
    encoder_layer : the layer; the copies start with its weights
    num_layers : how many
    norm : such as LayerNorm(d_model), wanted after layers with norm_first; or None
    enable_nested_tensor, mask_check : for PyTorch's fast path; without effect here
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        self.layers = ModuleList(copy.deepcopy(encoder_layer) for _ in range(num_layers))
        self.norm = norm

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Any:
        """Return what each position knows at last. See TransformerEncoderLayer.forward."""
        for layer in self.layers:
            src = layer(src, mask, src_key_padding_mask, bool(is_causal))
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Module):
    """Copies of one layer in a row, and a norm at the end.

    Parameters: as for TransformerEncoder.
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        self.layers = ModuleList(copy.deepcopy(decoder_layer) for _ in range(num_layers))
        self.norm = norm

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """Return what each position knows at last. See TransformerDecoderLayer.forward."""
        masks = tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask
        for layer in self.layers:
            tgt = layer(tgt, memory, *masks, bool(tgt_is_causal), memory_is_causal)
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(Module):
    """An encoder and a decoder: reads a whole sequence, and writes another, position by position.

    Parameters
    ----------
    num_encoder_layers, num_decoder_layers : how many of each; the others are those of the layers

    Source: Vaswani et al. (2017).
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = relu,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        sizes = d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps
        ways = batch_first, norm_first, bias
        norms = [LayerNorm(d_model, layer_norm_eps, bias=bias) for _ in range(2)]
        self.encoder = custom_encoder or TransformerEncoder(
            TransformerEncoderLayer(*sizes, *ways, rng=rng), num_encoder_layers, norms[0]
        )
        self.decoder = custom_decoder or TransformerDecoder(
            TransformerDecoderLayer(*sizes, *ways, rng=rng), num_decoder_layers, norms[1]
        )
        for parameter in self.parameters():
            if parameter.ndim > 1:
                xavier_uniform_(parameter, rng=rng)

    def forward(
        self,
        src: Any,
        tgt: Any,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """Return what each position of tgt knows after looking at src. Masks: see the layers."""
        memory = self.encoder(src, src_mask, src_key_padding_mask, src_is_causal)
        masks = tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask
        return self.decoder(tgt, memory, *masks, tgt_is_causal, memory_is_causal)

    @staticmethod
    def generate_square_subsequent_mask(sz: int) -> Tensor:
        """Make the causal mask (T, T): 0 where position t may look, at 0..t, and -inf elsewhere."""
        return Tensor(np.triu(np.full((sz, sz), -np.inf, np.float32), 1))
