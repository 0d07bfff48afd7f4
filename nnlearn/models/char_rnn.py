"""CharRNN: reads character by character, keeps a state, and guesses what comes next.

Lessons: 11, 12, 17.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn import nn
from nnlearn.models.sampling import sample
from nnlearn.tensor import Tensor, no_grad

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class CharRNN(nn.Module):
    """Embedding, recurrent layers, and a score for each character that may come next.

    Parameters
    ----------
    vocab_size : V, the number of different characters
    embedding_dim : D, the numbers that stand for one
    hidden_size : H, the numbers of the state
    num_layers : recurrent layers, one above the other
    cell : "rnn", "lstm" or "gru"
    dropout : probability with which a number is set to zero between two layers in training

    Example
    -------
    >>> model = CharRNN(vocab_size=36, cell="gru")
    >>> scores, state = model(np.zeros((3, 10), int))
    >>> scores.shape, state.shape
    ((3, 10, 36), (1, 3, 128))

    Source: Mikolov et al. (2010); Sutskever, Martens and Hinton (2011).
    """

    def __init__(
        self,
        vocab_size: int,
        embedding_dim: int = 32,
        hidden_size: int = 128,
        num_layers: int = 1,
        cell: str = "lstm",
        dropout: float = 0.0,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if cell not in CELLS:
            raise ValueError(f'CharRNN: cell is "rnn", "lstm" or "gru", not {cell!r}')
        self.embedding = nn.Embedding(vocab_size, embedding_dim, rng=rng)
        self.recurrent = CELLS[cell](
            embedding_dim, hidden_size, num_layers, batch_first=True, dropout=dropout, rng=rng
        )
        self.head = nn.Linear(hidden_size, vocab_size, rng=rng)

    def forward(self, tokens: Any, state: Any = None) -> tuple[Any, Any]:
        """Score the next character at each position.

        Parameters
        ----------
        tokens : integers, shape (N, T)
        state : what an earlier call returned, to read on; None at a beginning

        Returns
        -------
        scores : shape (N, T, V)
        state : after the last character; for an LSTM the pair (h, c), each (num_layers, N, H)
        """
        states, state = self.recurrent(self.embedding(tokens), state)
        return self.head(states), state

    @no_grad()
    def generate(
        self,
        tokens: Any,
        max_new_tokens: int,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        *,
        rng: np.random.Generator | None = None,
    ) -> Tensor:
        """Write on: draw a character, read it, and so on. The state remembers, nothing is reread.

        Parameters
        ----------
        tokens : integers, shape (N, T): the beginnings, at least one character each
        max_new_tokens : how many to add
        temperature, top_k, top_p : see `sample`

        Returns
        -------
        tokens : shape (N, T + max_new_tokens)
        """
        known = np.asarray(tokens)
        if known.ndim != 2 or known.shape[1] == 0:
            raise ValueError(
                f"generate: tokens of shape {known.shape} begin nothing\n"
                "They need shape (N, T), with T at least 1; for one text, tokens[None]."
            )
        new, state = known, None
        with self.evaluating():
            for _ in range(max_new_tokens):
                scores, state = self(new, state)
                new = sample(np.asarray(scores)[:, -1], temperature, top_k, top_p, rng=rng)[:, None]
                known = np.concatenate([known, new], axis=1)
        return Tensor(known)
