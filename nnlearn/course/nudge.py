"""What a nudge says about a slope: for answers that are the gradient of something.

A gradient can be measured without knowing its formula: nudge one input, see how much the output
changes. So a report can show a learner one place where theirs and the measurement part.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlearn.gradcheck import numerical_gradient

H = 1e-5
KINK = 1e-2  # the slopes to the left and to the right differ by more: there is no slope


def measured(f: Callable, args: tuple) -> np.ndarray:
    """The gradient of sum(f(*args)) by the first argument; nan where f has a kink."""
    x, rest = np.asarray(args[0], dtype=np.float64), args[1:]
    with np.errstate(all="ignore"):
        middle = numerical_gradient(lambda v: f(v, *rest), x, H)
        right = numerical_gradient(lambda v: f(v, *rest), x + H, H)
        left = numerical_gradient(lambda v: f(v, *rest), x - H, H)
    smooth = np.abs(right - left) <= KINK * np.maximum(1e-2, np.abs(middle))
    return np.where(smooth, middle, np.nan)


def first_parting(f: Callable, args: tuple, gradient: Any, name: str) -> str:
    """One place where `gradient` is not the slope of f, in words; "" if there is none."""
    try:
        theirs = np.asarray(gradient, dtype=np.float64)
    except (TypeError, ValueError):
        return ""
    slope = measured(f, args)
    if theirs.shape != slope.shape:
        return ""
    agree = np.isnan(slope) | np.isclose(theirs, slope, rtol=1e-3, atol=1e-5)
    if agree.all():
        return ""
    at = tuple(int(i) for i in np.argwhere(~agree)[0])
    where = f"{name}[{', '.join(map(str, at))}]" if at else name
    value = np.asarray(args[0])[at]
    return (
        f"at {where} = {value:.4g} a nudge by 0.001 changes the result by {slope[at] / 1e3:.3g}; "
        f"by yours it would be {theirs[at] / 1e3:.3g}"
    )
