"""The place for the learner's own loss: Huber's with its delta, or any loss they invent.

Huber's three arguments are held against nnlearn's. A loss of two arguments has no right value: it
must give one finite number, a gradient of the shape of y_hat, and the two must agree.

Lessons: 04.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlearn.demos.loss_rules import huber
from nnlearn.demos.slot import Case, Fault, Invention, Slot, Verdict

NOT_FINITE = "there is a NaN or an infinity"


def takes_two(fn: Callable[..., Any]) -> bool:
    """Is `fn` a loss of (y_hat, y) alone?"""
    try:
        known = list(inspect.signature(fn).parameters.values())
    except (TypeError, ValueError):  # some built-in functions do not tell
        return False
    if any(p.kind is p.VAR_POSITIONAL for p in known):
        return False
    places = [p for p in known if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in places if p.default is p.empty]
    third = places[2].name if len(places) > 2 else ""
    return len(needed) <= 2 and third != "delta"


@dataclass(frozen=True)
class LossSlot(Slot):
    """A slot that looks at the signature first.

    Example
    -------
    >>> SLOT.judge(lambda y_hat, y: (((y_hat - y) ** 4).sum(), 4 * (y_hat - y) ** 3)).accepted
    True
    >>> SLOT.judge(lambda y_hat, y: (((y_hat - y) ** 4).sum(), (y_hat - y) ** 3)).case
    'three small errors'
    """

    def judge(self, fn: Any) -> Verdict:
        return INVENTED.judge(fn) if callable(fn) and takes_two(fn) else super().judge(fn)


class InventedLoss(Invention):
    """Judges a loss of (y_hat, y) that has no right values."""

    unlike = "is not the slope of the loss."

    def misfit(self, got: tuple[Any, ...], wanted: tuple[Any, ...], case: Case) -> Fault | None:
        shape = np.shape(case.args[0])
        fault = ill_formed(got[0], got[1], shape)
        return Fault(fault, f"one number, and shape {shape}", got) if fault else None


def ill_formed(loss: Any, gradient: Any, shape: tuple[int, ...]) -> str:
    """What is wrong with a loss and a gradient as numbers, in a few words; empty if nothing."""
    try:
        value, slope = np.asarray(loss, np.float64), np.asarray(gradient, np.float64)
    except (TypeError, ValueError):
        return "loss and gradient must be numbers."
    if value.shape != ():
        return f"the loss has shape {value.shape}, it must be one number."
    if slope.shape != shape:
        return f"the gradient has shape {slope.shape}, it must be {shape}, one for each point."
    if not np.isfinite(value) or not np.isfinite(slope).all():
        return f"{NOT_FINITE} in the result."
    return ""


def as_loss(result: Any, shape: tuple[int, ...]) -> tuple[tuple[float, np.ndarray] | None, str]:
    """What a loss gave, as numbers; or None and what is wrong with it. NaN is a number here."""
    fault = "return two things, loss and gradient."
    if isinstance(result, tuple) and len(result) == 2:
        fault = ill_formed(*result, shape)
    if fault and not fault.startswith(NOT_FINITE):
        return None, fault
    return (float(result[0]), np.array(result[1], dtype=np.float64)), ""


def _case(name: str, errors: list[float], delta: float) -> Case:
    y = np.array([0.3, 1.7, -0.4, 2.2, 0.9][: len(errors)])
    return Case(f"{name}, delta = {delta:g}", (y + errors, y, delta))


CASES = [
    Case("three small errors", (np.array([0.5, 1.5, -0.7]), np.array([0.3, 1.7, -0.4]), 1.0)),
    _case("errors of both kinds", [0.21, -0.37, 1.83, -2.9], 1.0),
    _case("the same errors", [0.21, -0.37, 1.83, -2.9], 0.3),
    _case("a far outlier", [0.11, -0.23, 0.31, -0.17, 41.0], 0.5),
    _case("one point", [-1.6], 1.25),
]
SLOT = LossSlot("loss", huber, CASES, gradient=True)
INVENTED = InventedLoss(
    "loss",
    huber,
    [Case(case.name, case.args[:2]) for case in CASES],
    gradient=True,
    returns=("loss", "gradient"),
)
