"""Dropout: in training, leave out numbers by chance, so that no neuron relies on one other alone.

Lessons: 09.
"""

import numpy as np

from nnlearn.random import generator
from nnlearn.tensor import primitive


def dropout_loops(input, p=0.5, rng=None):
    """Toss a coin for one number at a time: the meaning of dropout in training."""
    rng = generator(rng)
    y = np.zeros_like(input)
    for i in np.ndindex(input.shape):
        if rng.random() >= p:
            y[i] = input[i] / (1 - p)
    return y


@primitive
def dropout(input, *, p=0.5, training=True, inplace=False, rng=None):
    """Set each number to 0 with probability p; divide the others by 1 - p, so that the mean stays.

    Parameters
    ----------
    input : any shape
    p : between 0 (nothing is left out) and 1 (all is)
    training : if False, y = input
    rng : numpy Generator; without it, the one that manual_seed starts

    Returns
    -------
    y : same shape and dtype

    Raises: ValueError if p is not a probability.

    Example
    -------
    >>> dropout(np.ones(8), 0.5, rng=np.random.default_rng(1))
    array([2., 0., 2., 2., 2., 2., 2., 2.])

    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014).
    Loops: dropout_loops.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p is the probability to be left out, in 0..1, not {p}")
    if inplace:
        raise NotImplementedError("dropout: inplace is not part of nnlearn; write x = dropout(x)")
    if not training or p == 0:
        return input, (lambda g: g,)
    # Two random bytes decide on each number: half the time of a random float. So chances come in
    # steps of 1/65536, and the others are divided by what is really kept: the mean stays exactly.
    dropped = 65536 if p == 1 else min(round(p * 65536), 65535)
    draws = generator(rng).integers(0, 65536, input.shape, np.uint16)
    kept = draws >= dropped
    scale = 65536 / (65536 - dropped) if p < 1 else 0.0
    return input * kept * scale, (lambda g: g * kept * scale,)
