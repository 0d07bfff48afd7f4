"""Slopes measured by nudging: finite differences, and whether a gradient agrees with them.

Lessons: 00, 03, 04, 05, 06, 07, 08, 09.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnlearn.random import generator
from nnlearn.tensor import Tensor


class GradientError(AssertionError):
    """The gradient that backward gives is not the slope that was measured."""


def numerical_gradient(f: Callable[[np.ndarray], Any], x: Any, h: float = 1e-5) -> np.ndarray:
    """Measure the gradient of sum(f(x)) by nudging each element of x a little up and down.

    gradient[i] = (f(x + h) - f(x - h)) / (2*h), where h is added to x[i] alone.

    Parameters
    ----------
    f : takes an array like x, returns an array of any shape or a number
    x : any shape; computed in float64
    h : length of the nudge

    Returns
    -------
    gradient : shape of x, float64; its error is about h**2, and rounding's 1e-16 * f(x) / h

    Cost: two evaluations of f for each element of x.

    Example
    -------
    >>> numerical_gradient(lambda x: x**2, [1.0, -3.0]).round(6)
    array([ 2., -6.])
    """
    x = np.array(x, dtype=np.float64)
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (np.sum(f(up)) - np.sum(f(down))) / (2 * h)
    return gradient


def kinks(f: Callable[[np.ndarray], Any], x: Any, h: float = 1e-5) -> np.ndarray:
    """Tell where sum(f(x)) has no slope: a nudge up and a nudge down measure different ones.

    Parameters
    ----------
    f, x, h : as in `numerical_gradient`

    Returns
    -------
    kinks : shape of x, bool

    Cost: three evaluations of f for each element of x.

    Example
    -------
    >>> kinks(np.abs, [-1.0, 0.0, 2.0])
    array([False,  True, False])
    """
    x = np.array(x, dtype=np.float64)
    there = np.empty(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        here = np.sum(f(x.copy()))
        right, left = (np.sum(f(up)) - here) / h, (here - np.sum(f(down))) / h
        there[i] = not abs(right - left) <= 1e-4 + 0.01 * (abs(right) + abs(left))
    return there


def gradcheck(
    func: Callable[..., Tensor],
    inputs: Any,
    *,
    eps: float = 1e-6,
    rtol: float = 1e-6,
    directions: int = 3,
    rng: np.random.Generator | None = None,
) -> bool:
    """Compare the gradient with (f(x + eps*v) - f(x - eps*v)) / (2*eps) along random directions v.

    One direction costs two evaluations, however many elements x has, and a wrong element of the
    gradient shows in almost every direction.

    Parameters
    ----------
    func : takes Tensors, returns one Tensor of any shape
    inputs : an array or Tensor, or several; computed in float64
    eps : length of the step
    rtol : how much the two may differ, as a share of the larger
    directions : how many directions to try for each input

    Returns
    -------
    True

    Raises: GradientError, with both numbers.

    Example
    -------
    >>> gradcheck(lambda x: x.exp(), np.array([0.0, 1.0]))
    True
    """
    rng = generator(rng)
    several = isinstance(inputs, Sequence)
    points = [np.array(x, dtype=np.float64) for x in (inputs if several else [inputs])]
    tensors = [Tensor(x, requires_grad=True) for x in points]
    out = func(*tensors)
    mix = _draw(rng, out.shape)  # turns the output into one number: sum(mix * out)
    out.backward(mix)
    for i, (x, tensor) in enumerate(zip(points, tensors, strict=True)):
        gradient = np.zeros_like(x) if tensor.grad is None else tensor.grad.data
        for _ in range(directions):
            v = _draw(rng, x.shape)
            ahead, behind = (
                func(*[Tensor(p + s * eps * v if j == i else p) for j, p in enumerate(points)]).data
                for s in (1, -1)
            )
            numeric = float((mix * (ahead - behind)).sum() / (2 * eps))
            analytic = float((gradient * v).sum())
            scale = max(abs(numeric), abs(analytic), float(np.abs(gradient * v).sum()), 1e-3)
            if not abs(numeric - analytic) <= rtol * scale:
                raise GradientError(
                    f"gradcheck: input {i}, shape {x.shape}, along a random direction\n"
                    f"from backward (analytic):        {analytic:.10g}\n"
                    f"from two evaluations (numeric):  {numeric:.10g}\n"
                    "Look at this input's vjp; at a kink, such as relu at 0, move the point."
                )
    return True


def _draw(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw sizes from 0.5 to 1.5 with random signs: near 0, an element's error would not show."""
    return rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)
