"""The activations of the bench as (value, slope), and the judges of a learner's own.

Lessons: 03.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnlearn.demos.controls import DemoError
from nnlearn.demos.slot import NUDGED, Case, Function, Slot, Verdict, words
from nnlearn.gradcheck import kinks, numerical_gradient
from nnlearn.ops import elu, gelu, leaky_relu, relu, sigmoid, silu, tanh
from nnlearn.tensor import primitive

OWN, YOURS = "own", "yours"


def _step(z: Any) -> tuple[np.ndarray, np.ndarray]:
    z = np.asarray(z, np.float64)
    return (z >= 0).astype(np.float64), np.zeros_like(z)


def _identity(z: Any) -> tuple[np.ndarray, np.ndarray]:
    z = np.asarray(z, np.float64)
    return z.copy(), np.ones_like(z)


def _of(op: Any) -> Function:
    """The value and the slope of one of nnlearn's ops, from its own rule."""

    def pair(z: Any) -> tuple[np.ndarray, np.ndarray]:
        z = np.asarray(z, np.float64)
        y, (slope,) = op.rule(z)
        return y, slope(np.ones_like(z))

    return pair


REFERENCES: Mapping[str, Function] = {
    "step": _step, "sigmoid": _of(sigmoid), "tanh": _of(tanh), "ReLU": _of(relu),
    "leaky ReLU": _of(leaky_relu), "ELU": _of(elu), "GELU": _of(gelu), "SiLU": _of(silu),
    "identity": _identity,
}  # fmt: skip
ALIKE = {name.lower().replace(" ", "_"): name for name in REFERENCES} | {OWN: OWN, "swish": "SiLU"}


def known(name: Any) -> str:
    """The bench's name of a function: "leaky_relu" and "Leaky ReLU" are "leaky ReLU"."""
    found = ALIKE.get(str(name).strip().lower().replace(" ", "_").replace("-", "_"))
    if found is None:
        raise DemoError(
            f'name is one of {", ".join(ALIKE)}, not {name!r}; "{OWN}" is for one of your invention'
        )
    return found


def lifted(fn: Function) -> Callable[[Any], Any]:
    """Turn `fn(z) -> (y, slope)` into an operation on Tensors that can be trained through."""

    @primitive
    def activation(z: np.ndarray) -> tuple[Any, tuple]:
        with np.errstate(all="ignore"):  # a network that is lost is reported in words
            y, slope = fn(z)
        slope = np.asarray(slope, z.dtype)
        return np.asarray(y, z.dtype), (lambda g: g * slope,)

    return activation


# ---- judging a function that was handed in ------------------------------------------------------

SOME = np.array([-3.3, -1.7, -0.6, -0.25, 0.3, 0.8, 1.9, 3.4])
CASES = (
    Case("z = 0.5", (np.array([0.5]),)),
    Case("z = -0.5", (np.array([-0.5]),)),
    Case("eight z from -3.3 to 3.4", (SOME,)),
    Case("a table of 2 × 4", (SOME.reshape(2, 4),)),
    Case("z = 1000 and z = -1000", (np.array([1000.0, -1000.0]),)),
)


def slot_for(name: str) -> Slot:
    """The judge for a function of this name; a function of one's own has no right values."""
    if name == OWN:
        return OwnSlot("activation", REFERENCES["ReLU"], CASES, gradient=True, word="slope")
    return Slot("activation", REFERENCES[name], CASES, gradient=True, word="slope")


class OwnSlot(Slot):
    """Judges an activation nobody knows: by its shape, its far ends, and its own nudged slope."""

    def _try(self, fn: Function, case: Case) -> Verdict:
        (z,) = case.args

        def wrong(message: str, wanted: Any, mine: Any) -> Verdict:
            text = f"Your {self.name}, {case.name}: {message}"
            return Verdict(False, text, case.name, words(wanted), words(mine))

        given = copy.deepcopy(z)
        try:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                got = fn(given)
        except NotImplementedError:
            return wrong("it is not written yet.", "a value and a slope", "not written yet")
        except FloatingPointError as why:
            return wrong(f"NumPy warns: {why}.", "no warning, however far out", str(why))
        except Exception as why:  # whatever a learner's code may raise is for the learner
            said = f"{type(why).__name__}: {why}"
            return wrong(f"it stopped with {said}", "a value and a slope", said)
        if not isinstance(got, tuple) or len(got) != 2:
            return wrong("return two things, the value and the slope.", "(y, slope)", got)
        if not np.array_equal(given, z):
            return wrong("it changed its argument; make a new array instead.", z, given)
        for part, result in zip(("value", "slope"), got, strict=True):
            if fault := _unfit(result, z.shape):
                return wrong(f"the {part}: {fault}", f"finite numbers, shape {z.shape}", result)
        apart = np.array([np.asarray(fn(v[None])[0]).item() for v in z.ravel()])
        if not np.allclose(apart, np.ravel(got[0]), rtol=1e-6, atol=1e-9):
            return wrong("each output may depend on its own z alone.", apart, np.ravel(got[0]))
        with np.errstate(all="ignore"):
            slope = numerical_gradient(lambda v: fn(v)[0], z)
            smooth = ~kinks(lambda v: fn(v)[0], z)
        if not np.allclose(slope[smooth], np.asarray(got[1])[smooth], rtol=1e-4, atol=1e-4):
            return wrong(f"the slope {NUDGED}", slope, got[1])
        return Verdict(True, "")


def _unfit(result: Any, shape: tuple[int, ...]) -> str:
    try:
        numbers = np.asarray(result, np.float64)
    except (TypeError, ValueError):
        return f"{type(result).__name__} is not an array of numbers."
    if numbers.shape != shape:
        return f"the shape is {numbers.shape}, it must be {shape}."
    return "" if np.isfinite(numbers).all() else "it holds infinity or NaN."
