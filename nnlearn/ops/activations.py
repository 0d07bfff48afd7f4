"""Activations: what a neuron makes of its weighted sum. All exact for any finite input.

Lessons: 01.
"""

import numpy as np

from nnlearn.tensor import primitive


@primitive
def relu(z):
    """Keep what is positive: y = max(z, 0). The slope at 0 counts as 0.

    Parameters
    ----------
    z : any shape

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])

    Source: Nair and Hinton (2010).
    """
    y = np.maximum(z, 0)
    return y, (lambda g: g * (y > 0),)  # a product: choosing by mask takes six times as long


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
    e = np.exp(-np.abs(z))  # never above 1: nothing overflows
    y = np.where(z >= 0, 1, e) / (1 + e)
    return y, (lambda g: g * y * (1 - y),)


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
    p = np.exp(z - z.max(axis=dim, keepdims=True))  # largest exponent 0: nothing overflows
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
    shifted = z - z.max(axis=dim, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=dim, keepdims=True))
    return log_p, (lambda g: g - np.exp(log_p) * g.sum(axis=dim, keepdims=True),)
