"""The activations of the bench as (value, slope), and the judges of a learner's own.

Lessons: 03.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnlearn.demos.controls import DemoError
from nnlearn.demos.slot import Case, Fault, Function, Invention, Slot
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


class OwnSlot(Invention):
    """Judges an activation nobody knows: also by its far ends, and each output by its own z."""

    def call(self, fn: Function, args: tuple[Any, ...]) -> Any:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            return fn(*args)

    def beyond(self, fn: Function, got: tuple[Any, ...], case: Case) -> Fault | None:
        values = np.ravel(got[0])
        apart = np.array([np.asarray(fn(v[None])[0]).item() for v in case.args[0].ravel()])
        if not np.allclose(apart, values, rtol=1e-6, atol=1e-9):
            return Fault("each output may depend on its own z alone.", apart, values)
        return super().beyond(fn, got, case)
