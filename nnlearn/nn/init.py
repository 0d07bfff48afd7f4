"""First weights: random, so that neurons differ; scaled, so that signals neither die nor explode.

Each function writes into a tensor, in place and outside any graph, and returns it.

Lessons: 01, 02.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.random import Rng, generator
from nnlearn.tensor import Tensor
from nnlearn.tensor.operators import _array
from nnlearn.tensor.registry import composed


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one number."""
    _array(tensor)[...] = val
    return tensor


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with 0."""
    return constant_(tensor, 0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with 1."""
    return constant_(tensor, 1)


def eye_(tensor: Tensor) -> Tensor:
    """Write the matrix with ones on the diagonal: a layer that passes its input on."""
    _array(tensor)[...] = np.eye(*tensor.shape)
    return tensor


@composed
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, *, rng: Rng = None) -> Tensor:
    """Fill with draws from [a, b)."""
    _array(tensor)[...] = generator(rng).uniform(a, b, tensor.shape)
    return tensor


@composed
def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, *, rng: Rng = None) -> Tensor:
    """Fill with draws from a normal distribution."""
    _array(tensor)[...] = generator(rng).normal(mean, std, tensor.shape)
    return tensor


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    *,
    rng: Rng = None,
) -> Tensor:
    """Fill with draws from a normal distribution; what falls outside [a, b] is drawn again.

    (Sizes, not standard deviations: with a small std, the usual bounds of 2 cut nothing.)
    """
    if not a < b or mean + 6 * std < a or mean - 6 * std > b:
        raise ValueError(f"trunc_normal_: hardly a draw lies in [{a}, {b}]\nMove a, b or mean.")
    rng = generator(rng)
    values = rng.normal(mean, std, tensor.shape)
    while (outside := (values < a) | (values > b)).any():
        values[outside] = rng.normal(mean, std, int(outside.sum()))
    _array(tensor)[...] = values
    return tensor


def calculate_gain(nonlinearity: str, param: Any = None) -> float:
    """Say by what factor an activation shrinks its signal, so that weights can make up for it.

    Parameters
    ----------
    nonlinearity : "linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu", "conv1d", "conv2d"
    param : for leaky_relu, its negative slope (0.01 if none)

    Example
    -------
    >>> round(calculate_gain("relu"), 3)
    1.414
    """
    slope = 0.01 if param is None else param
    gains = {
        "tanh": 5 / 3,
        "relu": math.sqrt(2),
        "leaky_relu": math.sqrt(2 / (1 + slope**2)),
        "selu": 3 / 4,
    } | dict.fromkeys(("linear", "sigmoid", "conv1d", "conv2d"), 1.0)
    if nonlinearity not in gains:
        names = " ".join(sorted(gains))
        raise ValueError(f"calculate_gain: {nonlinearity!r} is not part of nnlearn: take {names}")
    return gains[nonlinearity]


def _fans(tensor: Tensor) -> tuple[int, int]:
    """Count the inputs and the outputs of a neuron: (K, D), or (K, C, kernel axes ...)."""
    if tensor.ndim < 2:
        shapes = {"tensor": tensor.shape}
        repair = "Weights have shape (outputs, inputs, ...). For a bias take zeros_ or uniform_."
        raise ShapeError("init: inputs cannot be counted", shapes, repair)
    kernel = math.prod(tensor.shape[2:])
    return tensor.shape[1] * kernel, tensor.shape[0] * kernel


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, *, rng: Rng = None) -> Tensor:
    """Fill from [-bound, bound), where bound = gain * sqrt(6 / (inputs + outputs)).

    Source: Glorot and Bengio (2010).
    """
    bound = gain * math.sqrt(6 / max(1, sum(_fans(tensor))))
    return uniform_(tensor, -bound, bound, rng=rng)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, *, rng: Rng = None) -> Tensor:
    """Fill from a normal distribution with std = gain * sqrt(2 / (inputs + outputs)).

    Source: Glorot and Bengio (2010).
    """
    return normal_(tensor, 0, gain * math.sqrt(2 / max(1, sum(_fans(tensor)))), rng=rng)


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f'init: mode is "fan_in" or "fan_out", not {mode!r}')
    fan = _fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(max(1, fan))


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: Rng = None,
) -> Tensor:
    """Fill from [-bound, bound), where bound = gain * sqrt(3 / inputs).

    Parameters
    ----------
    tensor : shape (K, D): K neurons with D inputs each; or (K, C, kernel axes ...)
    a : slope of the leaky ReLU that follows; 0 keeps the signal's size through ReLU layers
    mode : "fan_in" keeps the size of signals, "fan_out" that of gradients
    nonlinearity : what follows; see calculate_gain

    Source: He, Zhang, Ren and Sun (2015).
    """
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, rng=rng)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: Rng = None,
) -> Tensor:
    """Fill from a normal distribution with std = gain / sqrt(inputs).

    The arguments and the source are those of kaiming_uniform_.
    """
    return normal_(tensor, 0, _kaiming_std(tensor, a, mode, nonlinearity), rng=rng)


def orthogonal_(tensor: Tensor, gain: float = 1.0, *, rng: Rng = None) -> Tensor:
    """Fill with rows (or columns) at right angles, each of length gain: no direction shrinks.

    Source: Saxe, McClelland and Ganguli (2013).
    """
    _fans(tensor)
    rows, columns = tensor.shape[0], math.prod(tensor.shape[1:])
    tall = generator(rng).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))  # without this, some rotations would come more often than others
    _array(tensor)[...] = gain * (q if rows >= columns else q.T).reshape(tensor.shape)
    return tensor
