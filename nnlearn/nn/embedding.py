"""Embedding as a module: a table of rows that are learnt.

Lessons: 11, 14, 17.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.nn.module import Module, Parameter
from nnlearn.ops.embedding import embedding
from nnlearn.random import generator


class Embedding(Module):
    """y = weight[x]: a row of numbers for each word, found by its number.

    Parameters
    ----------
    num_embeddings : V, the number of words
    embedding_dim : D, the numbers in a row
    padding_idx : the word that fills up short sentences; its row starts at 0 and is not trained

    Shapes: x (...) of integers, weight (V, D), y (..., D). First weights: normal draws, mean 0,
    standard deviation 1, as in PyTorch.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(
                f"Embedding: padding_idx is {padding_idx}, but there are {num_embeddings} rows\n"
                f"It must lie in 0..{num_embeddings - 1}, or be negative to count from the end."
            )
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        shape = num_embeddings, embedding_dim
        self.weight = Parameter(generator(rng).standard_normal(shape, np.float32))
        if padding_idx is not None:
            self.weight.data[padding_idx] = 0

    @classmethod
    def from_pretrained(
        cls, embeddings: Any, freeze: bool = True, padding_idx: int | None = None
    ) -> Embedding:
        """Take a finished table of shape (V, D); unless `freeze` is False, it is not trained on."""
        rows, size = embeddings.shape
        layer = cls(rows, size, padding_idx)
        layer.weight = Parameter(embeddings, requires_grad=not freeze)
        return layer

    def forward(self, x: Any) -> Any:
        return embedding(x, self.weight, padding_idx=self.padding_idx)

    def extra_repr(self) -> str:
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
