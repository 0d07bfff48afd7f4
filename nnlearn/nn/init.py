"""First weights: random, so that neurons differ; scaled, so that signals neither die nor explode.

Lessons: 01.
"""

from __future__ import annotations

import math

import numpy as np

from nnlearn.random import generator
from nnlearn.tensor import Tensor


def uniform_(
    tensor: Tensor, a: float = 0.0, b: float = 1.0, *, rng: np.random.Generator | None = None
) -> Tensor:
    """Fill with draws from [a, b), in place."""
    tensor.data[...] = generator(rng).uniform(a, b, tensor.shape)
    return tensor


def kaiming_uniform_(
    tensor: Tensor, a: float = 0.0, *, rng: np.random.Generator | None = None
) -> Tensor:
    """Fill with draws from [-bound, bound), where bound = sqrt(6 / ((1 + a**2) * inputs)).

    Parameters
    ----------
    tensor : shape (K, D): K neurons with D inputs each
    a : slope of the leaky ReLU that follows; 0 keeps the signal's size through ReLU layers

    Source: He, Zhang, Ren and Sun (2015).
    """
    bound = math.sqrt(6 / ((1 + a * a) * math.prod(tensor.shape[1:])))
    return uniform_(tensor, -bound, bound, rng=rng)
