"""gradcheck: does the gradient agree with the slope that finite differences measure?

Lessons: 00.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnlearn.random import generator
from nnlearn.tensor import Tensor


class GradientError(AssertionError):
    """The gradient that backward gives is not the slope that was measured."""


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
    mix = rng.standard_normal(out.shape)  # turns the output into one number: sum(mix * out)
    out.backward(mix)
    for i, (x, tensor) in enumerate(zip(points, tensors, strict=True)):
        gradient = np.zeros_like(x) if tensor.grad is None else tensor.grad.data
        for _ in range(directions):
            v = rng.standard_normal(x.shape)
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
