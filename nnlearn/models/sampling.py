"""Sampling: from scores to the next token. Cold is sure of itself, hot is daring.

Lessons: 11, 14.
"""

from __future__ import annotations

import numpy as np

from nnlearn.ops import softmax
from nnlearn.random import generator


def sample(
    scores: np.ndarray,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    *,
    rng: np.random.Generator | None = None,
) -> np.ndarray:
    """Draw a token for each row from softmax(scores / temperature).

    Parameters
    ----------
    scores : shape (N, V)
    temperature : below 1 the likely becomes likelier, above 1 less so; at 0 the best is taken
    top_k : draw from the k likeliest only
    top_p : draw from the fewest likeliest that together have this probability
    rng : where chance comes from

    Returns
    -------
    tokens : shape (N,), integers

    Raises: ValueError if temperature, top_k or top_p leave nothing to draw from, or for NaN.

    Example
    -------
    >>> sample(np.array([[0.0, 2.0, 1.0], [3.0, 0.0, 0.0]]), temperature=0)
    array([1, 0])

    Source: top_k Fan et al. (2018); top_p Holtzman et al. (2020).
    """
    wrong = not temperature >= 0 or (top_k is not None and top_k < 1)  # nan is not >= 0
    if wrong or (top_p is not None and not top_p > 0):
        raise ValueError(
            f"sample: temperature={temperature}, top_k={top_k}, top_p={top_p} leave nothing\n"
            "temperature is 0 or more; top_k at least 1, top_p above 0, or None for all."
        )
    if not np.isfinite(scores.max(axis=1)).all():
        raise ValueError(
            "sample: the scores of a row hold NaN or inf, or are all -inf\n"
            "Usual cause: a model whose training diverged. Look at its weights."
        )
    if temperature == 0:
        return scores.argmax(axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")  # likeliest first
    p = softmax(np.take_along_axis(scores, order, axis=1).astype(np.float64) / temperature)
    if top_k is not None:
        p[:, top_k:] = 0
    if top_p is not None:
        p[p.cumsum(axis=1) - p >= top_p] = 0  # enough stand before it
    steps = p.cumsum(axis=1)
    draws = generator(rng).random((len(p), 1)) * steps[:, -1:]
    places = (steps <= draws).sum(axis=1, keepdims=True)
    return np.take_along_axis(order, places, axis=1)[:, 0]
