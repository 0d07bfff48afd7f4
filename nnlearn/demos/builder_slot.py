"""The place for the learner's own builder of hinge networks: judged by what its network says.

There are several right networks for the same points: with one neuron a piece, with one more that
levels the end, in another order. So not the numbers are compared but the function, on the range.

Lessons: 08.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.demos.builder_networks import RELU, outputs
from nnlearn.demos.numerals import shown
from nnlearn.demos.slot import Case, Fault, Slot, words
from nnlearn.models.hinges import Parameters, hinge_network

NAMES = ("W1", "b1", "W2", "b2")
FINE = 9  # places looked at on each straight piece


def as_network(parts: Any) -> tuple[Parameters | None, str]:
    """Four arrays that fit together as a network; or None and what is wrong with them."""
    try:
        arrays = [np.array(part, np.float64) for part in parts]
    except (TypeError, ValueError):
        return None, f"({', '.join(NAMES)}) must be four arrays of numbers."
    K = arrays[1].size
    shapes = [((K, 1), "(K, 1)"), ((K,), "(K,)"), ((1, K), "(1, K)"), ((1,), "(1,)")]
    for name, array, (shape, said) in zip(NAMES, arrays, shapes, strict=True):
        if array.shape != shape or not K:
            but = f", with K = {K} as in b1" if name in ("W1", "W2") else ""
            return None, f"{name} has shape {array.shape}, it must be {said}{but}."
        if not np.isfinite(array).all():
            return None, f"{name} holds infinity or NaN."
    return Parameters(*arrays), ""


def looked_at(knots: np.ndarray) -> np.ndarray:
    """The knots and places between them: between two knots the function is straight."""
    share = np.arange(FINE) / FINE
    return np.append((knots[:-1, None] + share * np.diff(knots)[:, None]).ravel(), knots[-1])


class BuilderSlot(Slot):
    """Judges build(knots, heights) -> (W1, b1, W2, b2).

    Example
    -------
    >>> SLOT.judge(hinge_network).accepted
    True
    >>> SLOT.judge(lambda knots, heights: None).message
    'Your build, one straight piece: return four things, W1, b1, W2 and b2.'
    """

    def _parts(self, result: Any) -> tuple[Any, ...]:
        return tuple(result) if isinstance(result, tuple | list) else (result,)

    def misfit(self, got: tuple[Any, ...], wanted: tuple[Any, ...], case: Case) -> Fault | None:
        net, fault = as_network(got)
        if net is None:
            return Fault(fault, "W1 (K, 1), b1 (K,), W2 (1, K), b2 (1,)", words(got))
        knots, heights = case.args
        x = looked_at(knots)
        right, mine = np.interp(x, knots, heights), outputs(net, RELU, x)
        off = np.abs(mine - right)
        if off.max() <= 1e-6 * (1 + np.abs(heights).max()):
            return None
        i = int((off > 1e-6 * (1 + np.abs(heights).max())).argmax())  # the first from the left
        at = "at the knot" if x[i] in knots else "between two knots, at"
        return Fault(f"the network leaves the line through the points {at} x = {shown(x[i])}.",
                     f"f({shown(x[i])}) = {shown(right[i])}",
                     f"f({shown(x[i])}) = {shown(mine[i])}")  # fmt: skip


def _case(name: str, knots: list[float], heights: list[float]) -> Case:
    return Case(name, (np.array(knots), np.array(heights)))


_AT = np.linspace(-1, 1, 22)
CASES = [
    _case("one straight piece", [-1.0, 1.0], [0.5, 2.0]),
    _case("a tent", [-1.0, 0.25, 1.0], [0.0, 1.0, 0.0]),
    _case("pieces of different lengths", [-1.0, -0.7, 0.1, 0.2, 1.0], [0.3, -0.9, 0.4, 0.4, -1.2]),
    _case("a flat start, high up", [-1.0, -0.4, 0.3, 1.0], [7.0, 7.0, 8.5, 6.0]),
    _case("knots right of 0", [2.0, 3.0, 5.5], [1.0, -2.0, 0.5]),
    Case("21 pieces of a wave", (_AT, np.sin(4 * _AT))),
]
SLOT = BuilderSlot("build", hinge_network, CASES, returns=NAMES)
