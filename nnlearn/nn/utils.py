"""What is done to the gradients of a whole model between backward and step.

Lessons: 11.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from nnlearn.errors import unknown_name
from nnlearn.tensor import Tensor


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Tensor:
    """Shorten all gradients together, as one long vector, to at most max_norm.

    Parameters
    ----------
    parameters : a tensor or several; those without a gradient are passed over
    max_norm : the largest length allowed
    norm_type : 2 for the usual length, math.inf for the largest element
    error_if_nonfinite : raise if the length is nan or inf, instead of spreading it

    Returns
    -------
    norm : the length before clipping

    Source: Pascanu, Mikolov and Bengio (2013). Lesson 11.
    """
    with_grad = _with_grad(parameters)
    lengths = [np.linalg.norm(p.grad.data.ravel(), norm_type) for p in with_grad]
    norm = np.linalg.norm(np.array(lengths), norm_type) if lengths else np.float32(0)
    if error_if_nonfinite and not math.isfinite(norm):
        raise RuntimeError(
            f"clip_grad_norm_: the gradients have norm {norm}\n"
            "Usual cause: the loss has overflowed. Look at the loss, and try a smaller lr."
        )
    factor = np.minimum(1.0, max_norm / (float(norm) + 1e-6)).item()  # of nan: nan
    with np.errstate(invalid="ignore"):  # inf * 0 is nan, as in PyTorch
        for p in with_grad:
            p.grad = Tensor(p.grad.data * factor)  # not in place: two leaves may share a gradient
    return Tensor(np.asarray(norm))


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Cut every element of the gradients to [-clip_value, clip_value]."""
    for p in _with_grad(parameters):
        p.grad = Tensor(np.clip(p.grad.data, -clip_value, clip_value))


def _with_grad(parameters: Tensor | Iterable[Tensor]) -> list:
    several = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p for p in several if p.grad is not None]


__getattr__ = unknown_name("nn.utils")
