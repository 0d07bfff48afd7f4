"""Rules that squash: numbers into (0, 1) or (-1, 1), scores into probabilities. Exact far out.

Lessons: 01, 03, 04, 13.
"""

import numpy as np

from nnlearn.tensor import primitive


def _sigmoid(z):
    with np.errstate(over="ignore"):  # exp(1e4) counts as infinite, and 1 / inf is 0: exact
        return 1 / (1 + np.exp(-z))


@primitive
def sigmoid(z):
    """Squash to (0, 1): y = 1 / (1 + exp(-z)).

    Parameters
    ----------
    z : any shape

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> sigmoid(np.array([-1e4, 0.0, 1e4]))
    array([0. , 0.5, 1. ])
    """
    y = _sigmoid(z)
    return y, (lambda g: g * y * (1 - y),)


@primitive
def logsigmoid(z):
    """Take the logarithm of sigmoid in one piece: y = -log(1 + exp(-z)).

    Parameters
    ----------
    z : any shape

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> logsigmoid(np.array([-1e4, 1e4])).tolist()
    [-10000.0, 0.0]
    """
    y = np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))
    return y, (lambda g: g * _sigmoid(-z),)


@primitive
def tanh(z):
    """Squash to (-1, 1), odd around 0.

    Parameters
    ----------
    z : any shape

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> tanh(np.array([-1e4, 0.0, 1e4]))
    array([-1.,  0.,  1.])
    """
    y = np.tanh(z)
    return y, (lambda g: g * (1 - y * y),)


@primitive
def softmax(z, *, dim=-1):
    """Turn scores into probabilities: p[k] = exp(z[k]) / sum over j of exp(z[j]).

    Parameters
    ----------
    z : any shape
    dim : the axis along which the probabilities add up to 1

    Returns
    -------
    p : same shape and dtype

    Example
    -------
    >>> softmax(np.array([[0.0, 0.0], [1e4, 0.0]]), dim=1)
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    p = np.exp(_below_zero(z, dim))
    p /= p.sum(axis=dim, keepdims=True)
    return p, (lambda g: p * (g - (g * p).sum(axis=dim, keepdims=True)),)


@primitive
def log_softmax(z, *, dim=-1):
    """Take the logarithm of softmax in one piece, so that no small probability becomes log(0).

    Parameters
    ----------
    z : any shape
    dim : the axis of the classes

    Returns
    -------
    log_p : same shape and dtype

    Example
    -------
    >>> log_softmax(np.array([1e4, 0.0]), dim=0)
    array([     0., -10000.])
    """
    if z.size == 0:
        return z, (lambda g: g,)
    shifted = _below_zero(z, dim)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=dim, keepdims=True))
    return log_p, (lambda g: g - np.exp(log_p) * g.sum(axis=dim, keepdims=True),)


def _below_zero(z, dim):
    """Subtract the largest score, which changes no probability: then exp cannot overflow."""
    return z - z.max(axis=dim, keepdims=True) if z.size else z
