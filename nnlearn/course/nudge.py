"""What a nudge says about a slope: for answers that are the gradient of something.

A gradient can be measured without knowing its formula: nudge one input, see how much the output
changes. So a report can show a learner one place where theirs and the measurement part.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlearn.gradcheck import kinks, numerical_gradient


def measured(f: Callable, args: tuple) -> np.ndarray:
    """The gradient of sum(f(*args)) by the first argument; nan where f has a kink."""
    x, rest = args[0], args[1:]

    def by_first(v: np.ndarray) -> Any:
        return f(v, *rest)

    with np.errstate(all="ignore"):
        return np.where(kinks(by_first, x), np.nan, numerical_gradient(by_first, x))


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
