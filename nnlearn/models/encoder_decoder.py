"""An encoder-decoder: reads one sentence whole, and writes another token by token.

Lessons: 14, 17.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlearn import nn
from nnlearn.errors import ShapeError, expect
from nnlearn.tensor import Tensor, no_grad


def positions(length: int, d_model: int) -> np.ndarray:
    """Write each position as waves: sin and cos of t / 10000 ** (2i / D), for i below D / 2.

    Returns
    -------
    waves : shape (length, d_model), float32; neighbours are alike, and shifts are rotations

    Example
    -------
    >>> positions(2, 4).round(2)
    array([[0.  , 1.  , 0.  , 1.  ],
           [0.84, 0.54, 0.01, 1.  ]], dtype=float32)

    Source: Vaswani et al. (2017).
    """
    t, i = np.arange(length)[:, None], np.arange(0, d_model, 2)
    angles = t / 10000 ** (i / d_model)
    waves = np.empty((length, d_model), np.float32)
    waves[:, 0::2] = np.sin(angles)
    waves[:, 1::2] = np.cos(angles)[:, : d_model // 2]
    return waves


class EncoderDecoder(nn.Module):
    """A Transformer that translates: source tokens and the target so far in, next scores out.

    Parameters
    ----------
    source_vocab, target_vocab : how many tokens each language has
    d_model : D, the numbers at each position
    nhead : heads of each attention
    num_layers : layers of the encoder, and of the decoder
    dim_feedforward : neurons of the small networks, 4 * D if None
    dropout : probability with which a number is set to zero in training
    context : the longest sequence
    padding_idx : the token that fills up short sentences, in both languages

    Example
    -------
    >>> model = EncoderDecoder(20, 30, d_model=16, nhead=2)
    >>> model(np.ones((3, 5), int), np.ones((3, 7), int)).shape
    (3, 7, 30)

    Source: Vaswani et al. (2017).
    """

    def __init__(
        self,
        source_vocab: int,
        target_vocab: int,
        d_model: int = 128,
        nhead: int = 4,
        num_layers: int = 2,
        dim_feedforward: int | None = None,
        dropout: float = 0.1,
        context: int = 128,
        padding_idx: int = 0,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.padding_idx, self.scale = padding_idx, math.sqrt(d_model)
        self.source_embedding = nn.Embedding(source_vocab, d_model, padding_idx, rng=rng)
        self.target_embedding = nn.Embedding(target_vocab, d_model, padding_idx, rng=rng)
        for table in (self.source_embedding, self.target_embedding):
            table.weight.data /= self.scale  # rows as long as the waves, once multiplied by it
        self.positions: Tensor
        self.register_buffer("positions", Tensor(positions(context, d_model)), persistent=False)
        self.dropout = nn.Dropout(dropout)
        sizes = d_model, nhead, dim_feedforward or 4 * d_model, dropout
        encoder_layer = nn.TransformerEncoderLayer(
            *sizes, batch_first=True, norm_first=True, rng=rng
        )
        decoder_layer = nn.TransformerDecoderLayer(
            *sizes, batch_first=True, norm_first=True, rng=rng
        )
        self.encoder = nn.TransformerEncoder(encoder_layer, num_layers, nn.LayerNorm(d_model))
        self.decoder = nn.TransformerDecoder(decoder_layer, num_layers, nn.LayerNorm(d_model))
        self.head = nn.Linear(d_model, target_vocab, rng=rng)

    def forward(self, source: Any, target: Any) -> Any:
        """Score the token that comes after each of target's.

        Parameters
        ----------
        source : integers, shape (N, S), filled up with padding_idx
        target : integers, shape (N, T), from the start token on

        Returns
        -------
        scores : shape (N, T, target_vocab)
        """
        return self.decode(target, self.encode(source), source)

    def encode(self, source: Any) -> Any:
        """Read the source: what each of its positions means, shape (N, S, D)."""
        x = self._place(self.source_embedding(source))
        return self.encoder(x, src_key_padding_mask=self._padding(source))

    def decode(self, target: Any, memory: Any, source: Any) -> Any:
        """Score the next tokens, given what `encode` made of the source."""
        x = self._place(self.target_embedding(target))
        y = self.decoder(
            x,
            memory,
            tgt_mask=np.triu(np.ones((x.shape[1], x.shape[1]), bool), 1),
            memory_key_padding_mask=self._padding(source),
        )
        return self.head(y)

    def _place(self, x: Any) -> Any:
        """Tell the positions apart: attention alone would see a bag of words."""
        repair = "Tokens are (N, T): for one sentence, write tokens[None]."
        expect("EncoderDecoder", repair, embeddings=(x, "N T D"))
        length, most = x.shape[1], len(self.positions)
        if length > most:
            raise ShapeError(
                f"EncoderDecoder: {length} positions, but it was made for {most}",
                {"embeddings (N, T, D)": x.shape},
                "Give it a larger context, or cut the sentences.",
            )
        return self.dropout(x * self.scale + self.positions[:length])

    def _padding(self, tokens: Any) -> np.ndarray:
        return np.asarray(tokens) == self.padding_idx

    @no_grad()
    def translate(self, source: Any, start: int, end: int, max_length: int = 64) -> Tensor:
        """Write the translations greedily: at each step the likeliest token.

        Parameters
        ----------
        source : integers, shape (N, S)
        start, end : the tokens before and after a sentence
        max_length : stop here at the latest, or where the context ends

        Returns
        -------
        target : integers, shape (N, up to max_length): start, the sentence, end, then padding
        """
        with self.evaluating():
            memory, most = self.encode(source), min(max_length, len(self.positions))
            target = np.full((len(memory), 1), start)
            done = target[:, 0] == end
            while target.shape[1] < most and not done.all():
                best = self.decode(target, memory, source).data[:, -1].argmax(axis=1)
                best[done] = self.padding_idx
                done |= best == end
                target = np.concatenate([target, best[:, None]], axis=1)
        return Tensor(target)
