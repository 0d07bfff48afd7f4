"""GPT: a causal Transformer that guesses the next token, and so writes.

Lessons: 14.
"""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np

from nnlearn import nn
from nnlearn.errors import ShapeError, expect
from nnlearn.models.gpt_reader import GPTReader
from nnlearn.models.sampling import sample
from nnlearn.ops import gelu, linear
from nnlearn.ops.attention import self_attention
from nnlearn.random import generator
from nnlearn.serialization import load
from nnlearn.tensor import Tensor, no_grad


class CausalSelfAttention(nn.Module):
    """Heads that look back: position t attends to 0..t."""

    def __init__(self, d_model: int, num_heads: int, dropout: float) -> None:
        self.num_heads, self.dropout = num_heads, dropout
        self.c_attn = nn.Linear(d_model, 3 * d_model)
        self.c_proj = nn.Linear(d_model, d_model)

    def forward(self, x: Any) -> Any:
        p = self.dropout if self.training else 0.0
        y = self_attention(self.c_attn(x), num_heads=self.num_heads, dropout_p=p, is_causal=True)
        return self.c_proj(y)

    def multiply_adds(self, inputs: tuple, output: Any) -> int:
        """Count for `summary` what no layer inside shows: each query with each key and value."""
        n, t, d = output.shape
        return 2 * n * t * t * d


class FeedForward(nn.Module):
    """Two layers of neurons, at each position by itself."""

    def __init__(self, d_model: int) -> None:
        self.c_fc = nn.Linear(d_model, 4 * d_model)
        self.c_proj = nn.Linear(4 * d_model, d_model)

    def forward(self, x: Any) -> Any:
        return self.c_proj(gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    """Attention, then neurons, each added to what came in."""

    def __init__(self, d_model: int, num_heads: int, dropout: float) -> None:
        self.ln_1 = nn.LayerNorm(d_model)
        self.attn = CausalSelfAttention(d_model, num_heads, dropout)
        self.ln_2 = nn.LayerNorm(d_model)
        self.mlp = FeedForward(d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Any) -> Any:
        x = x + self.dropout(self.attn(self.ln_1(x)))
        return x + self.dropout(self.mlp(self.ln_2(x)))


class GPT(nn.Module):
    """Token numbers in, scores of the next token out, at every position. Names as in GPT-2.

    Parameters
    ----------
    vocab_size : V, the number of tokens
    context : the number of positions that it can see
    d_model : D, the numbers at each position
    num_heads, num_layers : heads in each block, and blocks
    dropout : probability with which a number is set to zero in training
    tie_weights : whether the scores come from the table of token embeddings, as in GPT-2, rather
        than from a Linear of their own

    Example
    -------
    >>> model = GPT(vocab_size=50, context=16, d_model=32, num_heads=4, num_layers=2)
    >>> model(np.zeros((3, 10), int)).shape
    (3, 10, 50)

    Source: Radford et al. (2019).
    """

    def __init__(
        self,
        vocab_size: int,
        context: int,
        d_model: int,
        num_heads: int,
        num_layers: int,
        dropout: float = 0.0,
        tie_weights: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if d_model % num_heads:
            raise ValueError(
                f"GPT: {d_model} numbers do not divide among {num_heads} heads\n"
                "d_model must be a multiple of num_heads."
            )
        self.vocab_size, self.context, self.num_heads = vocab_size, context, num_heads
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(context, d_model)
        self.drop = nn.Dropout(dropout)
        self.h = nn.ModuleList(Block(d_model, num_heads, dropout) for _ in range(num_layers))
        self.ln_f = nn.LayerNorm(d_model)
        self.lm_head = None if tie_weights else nn.Linear(d_model, vocab_size, bias=False)
        self._draw_weights(generator(rng))

    def _draw_weights(self, rng: np.random.Generator) -> None:
        """Draw as GPT-2 did; what is added to the residual is smaller, the more blocks add."""
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                spread = 0.02 / math.sqrt(2 * len(self.h)) if "c_proj" in name else 0.02
                parameter.data[...] = rng.standard_normal(parameter.shape, np.float32) * spread
            elif name.endswith("bias"):
                parameter.data[...] = 0

    def multiply_adds(self, inputs: tuple, output: Any) -> int:
        """Count for `summary` what no layer inside shows: the scores, if the weights are tied."""
        return output.numel() * self.wte.embedding_dim if self.lm_head is None else 0

    def forward(self, tokens: Any) -> Any:
        """Score the next token at each position.

        Parameters
        ----------
        tokens : integers, shape (N, T)

        Returns
        -------
        scores : shape (N, T, V)
        """
        expect("GPT", "For a single sequence, write tokens[None].", tokens=(tokens, "N T"))
        t = tokens.shape[1]
        if t > self.context:
            raise ShapeError(
                f"GPT: {t} positions, but the model can see {self.context}",
                {"tokens (N, T)": tokens.shape},
                f"Cut the sequence: tokens[:, -{self.context}:].",
            )
        x = self.drop(self.wte(tokens) + self.wpe.weight[:t])
        for block in self.h:
            x = block(x)
        x = self.ln_f(x)
        return linear(x, self.wte.weight) if self.lm_head is None else self.lm_head(x)

    @no_grad()
    def generate(
        self,
        tokens: Any,
        max_new_tokens: int,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        *,
        use_cache: bool = True,
        rng: np.random.Generator | None = None,
    ) -> Tensor:
        """Write on: draw a token, append it, and so on.

        Parameters
        ----------
        tokens : integers, shape (N, T): the beginnings, at least one token each
        max_new_tokens : how many to add
        temperature, top_k, top_p : see `sample`
        use_cache : keep keys and values (see gpt_reader.py): the same result, sooner

        Returns
        -------
        tokens : shape (N, T + max_new_tokens)
        """
        known = np.asarray(tokens)
        if known.ndim != 2 or known.size == 0:
            raise ShapeError(
                "GPT.generate: the beginnings need at least one token each",
                {"tokens (N, T)": known.shape},
                "For a single one, write tokens[None]; to start from nothing, give a start token.",
            )
        self.wte(known)  # says so if a number is no token
        reader = None
        with self.evaluating():
            for _ in range(max_new_tokens):
                if not use_cache:
                    scores = self(known[:, -self.context :]).data[:, -1]
                elif reader is not None and known.shape[1] <= self.context:
                    scores = reader.read(known[:, -1:])
                else:  # the start; or past the context, where all positions move by one
                    reader = GPTReader(self, len(known))
                    scores = reader.read(known[:, -self.context :])
                drawn = sample(scores, temperature, top_k, top_p, rng=rng)
                known = np.concatenate([known, drawn[:, None]], axis=1)
        return Tensor(known)

    @classmethod
    def from_gpt2(cls, file: str | os.PathLike[str], num_heads: int | None = None) -> GPT:
        """Build a model from a safetensors file of GPT-2's weights, with all sizes read from it.

        Parameters
        ----------
        file : such as model.safetensors from Hugging Face
        num_heads : if None, 64 numbers a head, as in every GPT-2

        Raises: ValueError for a file of another model.
        """
        weights = {}
        for name, tensor in load(file).items():
            name = name.removeprefix("transformer.")
            if name.endswith((".attn.bias", ".attn.masked_bias")) or name == "lm_head.weight":
                continue  # the causal mask, kept as if it were a weight; and wte once more
            turned = ".c_" in name and tensor.ndim == 2  # their Conv1D keeps (inputs, outputs)
            weights[name] = tensor.T if turned else tensor
        if not {"wte.weight", "wpe.weight"} <= weights.keys():
            raise ValueError(
                f"from_gpt2: {os.path.basename(file)} holds no GPT-2: "
                "wte.weight or wpe.weight is missing\n"
                f"It holds {', '.join([*weights][:3])} ..."
            )
        vocab_size, d_model = weights["wte.weight"].shape
        layers = {name.split(".")[1] for name in weights if name.startswith("h.")}
        context = len(weights["wpe.weight"])
        model = cls(vocab_size, context, d_model, num_heads or max(1, d_model // 64), len(layers))
        model.load_state_dict(weights)
        return model
