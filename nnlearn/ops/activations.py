"""Activations: what a neuron makes of its weighted sum. All stay exact far out, at +-1e4.

`inplace`, where PyTorch has it, is accepted and changes nothing: the result is always a new array.
Halves are put together by products with a mask, `g * (z > 0)`: choosing by mask (np.where) takes
six times as long where the signs are random, since the processor cannot foresee them.

Lessons: 01, 03.
"""

import math

import numpy as np

from nnlearn.ops.squashing import _sigmoid
from nnlearn.tensor import primitive


@primitive
def relu(z, *, inplace=False):
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
    y = np.zeros_like(z)
    y = np.maximum(z, y, out=y)  # of two arrays, three times as fast as np.maximum(z, 0)
    return y, (lambda g: g * (y > 0),)


@primitive
def leaky_relu(z, *, negative_slope=0.01, inplace=False):
    """Let a little of the negative through: y = z where z > 0, else negative_slope * z.

    Parameters
    ----------
    z : any shape
    negative_slope : the slope left of 0, so that no neuron stops learning for good

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> leaky_relu(np.array([-1.0, 0.0, 2.0]))
    array([-0.01,  0.  ,  2.  ])

    Source: Maas, Hannun and Ng (2013).
    """
    outer = np.maximum if negative_slope <= 1 else np.minimum
    y = outer(z, negative_slope * z)

    def d_z(g):  # the slope is 1 on the right, negative_slope on the left
        d = (z > 0).astype(g.dtype)
        d *= 1 - negative_slope
        d += negative_slope
        d *= g
        return d

    return y, (d_z,)


@primitive
def elu(z, *, alpha=1.0, inplace=False):
    """Bend smoothly towards -alpha: y = z where z > 0, else alpha * (exp(z) - 1).

    Parameters
    ----------
    z : any shape
    alpha : how far below 0 the outputs reach

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> elu(np.array([-1e4, 0.0, 2.0]))
    array([-1.,  0.,  2.])

    Source: Clevert, Unterthiner and Hochreiter (2015).
    """
    low = alpha * np.expm1(np.minimum(z, 0))  # exp of a positive z is never needed, nor taken
    y = np.maximum(z, 0) + low  # on either side one of the two is 0

    def d_z(g):  # the slope is 1 on the right, alpha * exp(z) on the left
        d = (z > 0).astype(g.dtype)
        d *= 1 - alpha
        d += alpha
        d += low
        d *= g
        return d

    return y, (d_z,)


# Phi(-x) = exp(-x*x/2) * p(x) / q(x) for x >= 0, highest power first.
# Source: Hart (1968), in the form of West (2005), "Better approximations to cumulative normal
# functions". All coefficients are positive, so nothing cancels, in float32 either.
_P = (
    3.52624965998911e-02,
    0.700383064443688,
    6.37396220353165,
    33.912866078383,
    112.079291497871,
    221.213596169931,
    220.206867912376,
)
_Q = (
    8.83883476483184e-02,
    1.75566716318264,
    16.064177579207,
    86.7807322029461,
    296.564248779674,
    637.333633378831,
    793.826512519948,
    440.413735824752,
)


def _polynomial(coefficients, x):
    """Evaluate by Horner's rule: ((c0 * x + c1) * x + c2) * x ..."""
    first, second, *rest = coefficients
    value = first * x + second
    for c in rest:
        value *= x
        value += c
    return value


def _normal_cdf(x):
    """Compute Phi(x), the share of a standard normal distribution that lies below x."""
    distance = np.minimum(np.abs(x), 40)  # beyond, Phi is 0 or 1 in float64 too
    tail = np.exp(-0.5 * distance * distance) * _polynomial(_P, distance)
    tail /= _polynomial(_Q, distance)
    return tail + (x > 0) * (1 - 2 * tail)  # 1 - tail on the right


@primitive
def gelu(z, *, approximate="none"):
    """Weigh z by the chance that a normal draw lies below it: y = z * Phi(z).

    Parameters
    ----------
    z : any shape
    approximate : "none", or "tanh" for z * (1 + tanh(sqrt(2/pi) * (z + 0.044715 * z**3))) / 2,
        which GPT-2 uses; the two differ by at most 0.0005

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> gelu(np.array([-1e4, 0.0, 1.0, 1e4])).round(4)
    array([-0.000e+00,  0.000e+00,  8.413e-01,  1.000e+04])

    Source: Hendrycks and Gimpel (2016).
    """
    if approximate == "tanh":
        return _gelu_tanh(z)
    if approximate != "none":
        raise ValueError(f'gelu: approximate is "none" or "tanh", not {approximate!r}')
    share = _normal_cdf(z)
    density = math.sqrt(1 / (2 * math.pi))
    return z * share, (lambda g: g * (share + z * (density * np.exp(-0.5 * z * z))),)


def _gelu_tanh(z):
    """One rule, not eight: each step writes over the one before, for a third of the memory."""
    a, b = math.sqrt(2 / math.pi), math.sqrt(2 / math.pi) * 0.044715
    share = np.asarray(z * z)  # a product: z**3 would take thirty times as long
    share *= b
    share += a
    share *= z
    np.tanh(share, out=share)
    share += 1
    share *= 0.5
    y = z * share

    def d_z(g):  # share + y * (1 - share) * 2 * (a + 3 * b * z * z), from left to right
        d = z * z
        d *= 6 * b
        d += 2 * a
        d *= y
        d -= d * share
        d += share
        d *= g
        return d

    return y, (d_z,)


@primitive
def silu(z, *, inplace=False):
    """Weigh z by its own sigmoid: y = z * sigmoid(z). Also called swish.

    Parameters
    ----------
    z : any shape

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> silu(np.array([0.0, 1e4]))
    array([    0., 10000.])

    Source: Elfwing, Uchibe and Doya (2017).
    """
    share = _sigmoid(z)
    y = z * share
    return y, (lambda g: g * (share + y * (1 - share)),)


@primitive
def softplus(z, *, beta=1.0, threshold=20.0):
    """Round off the corner of relu: y = log(1 + exp(beta * z)) / beta.

    Parameters
    ----------
    z : any shape
    beta : how sharp the bend is
    threshold : where beta * z exceeds it, y is z itself

    Returns
    -------
    y : same shape and dtype

    Example
    -------
    >>> softplus(np.array([-1e4, 0.0, 1e4])).round(3)
    array([0.00e+00, 6.93e-01, 1.00e+04])

    Source: Dugas, Bengio, Belisle, Nadeau and Garcia (2000).
    """
    scaled = beta * z
    straight = scaled > threshold
    # log(1 + exp(s)) = max(s, 0) + log(1 + exp(-|s|)), where exp cannot overflow
    bent = (np.maximum(scaled, 0) + np.log1p(np.exp(-np.abs(scaled)))) / beta
    y = np.where(straight, z, bent)
    return y, (lambda g: g * np.maximum(_sigmoid(scaled), straight),)
