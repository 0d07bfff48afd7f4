"""What the signal lab asks, and how it judges your `init_weights`: by shape and by statistics.

Lessons: 02.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlearn.demos.predict import Choice
from nnlearn.demos.slot import Case, Fault, Slot

OWN = "own scale"
FIXED = {"std 0.01": 0.01, "std 1": 1.0}
YOURS = {"Xavier": "xavier", "Kaiming": "kaiming"}  # the schemes that a slot's function draws
SCHEMES = (OWN, *FIXED, *YOURS)

ASKED = {"scheme": OWN, "gain": 0.8, "activation": "ReLU", "depth": 20, "width": 64}
ASK = Choice(
    "Twenty layers of 64 neurons with ReLU. Their weights are drawn with std 0.1: small, and it "
    "sounds harmless. Digits go in. How large is the signal after layer 20, next to what went in?",
    {
        "A": "about the same",
        "B": "about a tenth",
        "C": "less than a thousandth",
        "D": "larger",
    },
    right="C",
    feedback={
        "A": "A layer keeps a bit more than half of the signal: 0.57. That looks like nothing much "
        "until it has happened twenty times. Press Run.",
        "B": "A tenth is what is left after four layers: each keeps 0.57 of the signal. There are "
        "sixteen more. Press Run.",
        "C": "√64 × 0.1 is 0.8, and ReLU takes half of the square: a layer keeps 0.57 of the "
        "signal, and 0.57 to the power 20 is a hundred-thousandth. Press Run.",
        "D": "64 products are added, but their signs differ: the sum grows with √64 × 0.1 = 0.8, "
        "not with 64 × 0.1. And ReLU takes half of the square. Press Run.",
    },
)


def spread(fan_in: int, fan_out: int, scheme: str) -> float:
    """The std of a layer's first weights by "xavier" or "kaiming"."""
    return float(np.sqrt(2 / (fan_in + fan_out if scheme == "xavier" else fan_in)))


def init_weights(
    fan_in: int, fan_out: int, scheme: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a layer's first weights (fan_out, fan_in) and biases (fan_out,): exercise 02.4."""
    return rng.normal(0, spread(fan_in, fan_out, scheme), (fan_out, fan_in)), np.zeros(fan_out)


def layer(result: Any, fan_in: int, fan_out: int) -> tuple[np.ndarray, np.ndarray]:
    """A drawn layer as float64 arrays; raises ValueError with a word on what is wrong with it."""
    if result is None:
        raise ValueError("it returned None (is there a return?).")
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise ValueError("it must return two things, W and b.")
    parts = []
    for name, part, shape in zip("Wb", result, ((fan_out, fan_in), (fan_out,)), strict=True):
        try:
            array = np.asarray(part, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"{name} is {type(part).__name__}, not numbers.") from None
        if array.shape != shape:
            raise ValueError(f"{name} has the shape {array.shape}, it must be {shape}.")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} has a NaN or an infinity in it.")
        parts.append(array)
    return parts[0], parts[1]


class InitSlot(Slot):
    """A slot whose function draws numbers: the numbers are free, their statistics are not."""

    def _try(self, fn: Callable[..., Any], case: Case) -> Fault | None:
        fan_in, fan_out, scheme = case.args

        def draw(function: Callable[..., Any], seed: int) -> tuple[np.ndarray, np.ndarray]:
            rng = np.random.default_rng(seed)
            return layer(function(fan_in, fan_out, scheme, rng), fan_in, fan_out)

        want, yours = draw(self.reference, 1), ""
        try:
            got = draw(fn, 1)
            yours = described(*got)
            fault = _fault(spread(*case.args), got, draw(fn, 1), draw(fn, 2))
        except NotImplementedError:
            fault = "it is not written yet."
        except ValueError as why:
            fault = str(why)
        except Exception as why:  # whatever a learner's code may raise is for the learner
            fault = f"it stopped with {type(why).__name__}: {why}"
        return Fault(fault, described(*want), yours or fault) if fault else None


def _fault(
    target: float,
    got: tuple[np.ndarray, np.ndarray],
    again: tuple[np.ndarray, np.ndarray],
    other: tuple[np.ndarray, np.ndarray],
) -> str:
    """What is wrong with a draw, beside a second one from the same seed and one from another."""
    (W, b), n = got, got[0].size
    if np.any(b != 0):
        return "b must be all zeros."
    if not np.array_equal(W, again[0]):
        return "the same rng gave other weights. Draw from rng and from nothing else."
    if n > 1 and np.ptp(W) == 0:
        return "all weights are equal, so all neurons are."
    if np.array_equal(W, other[0]):
        return "another rng gave the same weights. Draw from rng."
    if W.shape[1] > 1 and len(np.unique(W, axis=0)) < len(W):
        return "some rows are equal: those neurons would stay equal for ever."
    if abs(W.mean()) > 6 * max(target, W.std()) / np.sqrt(n):  # six standard errors: no bad luck
        return f"the mean of W is {W.mean():.3g}, it must be near 0."
    if abs(W.std() / target - 1) > 6 / np.sqrt(2 * n):
        return f"the std of W is {W.std():.3g}, it must be near {target:.3g}."
    return ""


def described(W: np.ndarray, b: np.ndarray) -> str:
    """A layer in a line: what a statistic can say of it."""
    what = "zeros" if not np.any(b) else f"std {b.std():.3g}"
    return f"W {W.shape}: std {W.std():.3g}, mean {W.mean():.3f}; b {b.shape}: {what}"


CASES = [
    Case(f"{scheme}, fan_in = {fan_in}, fan_out = {fan_out}", (fan_in, fan_out, scheme))
    for fan_in, fan_out in ((300, 200), (40, 250), (1, 900))
    for scheme in YOURS.values()
]
SLOT = InitSlot("init_weights", init_weights, CASES)
