"""The learner's own layer and optimizer in the playground: judged, then trained through.

Lessons: 08.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlearn import nn, optim
from nnlearn.demos.descent_steps import SLOT as STEP
from nnlearn.demos.descent_steps import BadStep, kind_of, rule_of
from nnlearn.demos.slot import Case, Slot, Verdict, learners
from nnlearn.tensor import primitive
from nnlearn.tensor.primitive import jointly

Function = Callable[..., Any]


class BadLayer(Exception):
    """A layer's function that failed while it ran; the text says how."""


def linear(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """nnlearn's own way forward through a layer: X @ W.T + b."""
    return X @ W.T + b


def dense_backward(
    g: np.ndarray, X: np.ndarray, W: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """nnlearn's own way back: the gradients of X, W and b."""
    return g @ W, g.T @ X, g.sum(axis=0)


@dataclass(frozen=True)
class Handed:
    """What was handed in: a pair of functions for the layer, a step for the optimizer."""

    layer: tuple[Function, Function] | None = None
    step: Function | None = None


@dataclass(frozen=True)
class Owned(Handed):
    """What of it was found right, and is in use."""

    @property
    def names(self) -> list[str]:
        """What is called the learner's in it."""
        functions = [*(self.layer or ()), *([self.step] if self.step else [])]
        return [name_of(fn) for fn in functions if learners(fn) is not None]

    @property
    def layer_names(self) -> tuple[str, str]:
        """What the two functions of the layer are called in a program."""
        forward, backward = self.layer or (linear, dense_backward)
        return name_of(forward), name_of(backward)

    @property
    def step_name(self) -> str:
        """What the optimizer's step is called in a program."""
        return name_of(self.step)


def name_of(fn: Any) -> str:
    """The name of a function; one without a name is a function."""
    name = str(getattr(fn, "__name__", "function"))
    return name if name.isidentifier() else "function"


def imports_of(owned: Owned, stepped: bool) -> list[str]:
    """The lines of a program that bring in the learner's functions and what runs them.

    An answer that passed its check is fetched by its number; for any other function the line says
    whose it is.
    """
    functions = list(owned.layer or ()) + ([owned.step] if stepped else [])
    if not functions:
        return []
    tools = [*(["use_functions"] if owned.layer else []), *(["OwnOptimizer"] if stepped else [])]
    tools += [name_of(fn) for fn in functions if learners(fn) is None]
    lines = [f"from nnlearn.demos.playground_slot import {', '.join(sorted(tools))}"]
    own = [fn for fn in functions if learners(fn) is not None]
    fetched = {name_of(fn): m[1].replace("_", ".") for fn in own
               if (m := re.fullmatch(r"answer_(\d\d_\d+)", str(fn.__module__)))}  # fmt: skip
    if fetched:
        lines.append("from nnlearn.course import mine")
        lines += ["", *(f'{name} = mine("{id}")' for name, id in fetched.items())]
    others = [name_of(fn) for fn in own if name_of(fn) not in fetched]
    if others:
        lines += ["", f"# {' and '.join(others)}: your own, from the cells above"]
    return lines


# ---- trying them out ---------------------------------------------------------------------------


def _draws() -> tuple[list[Case], list[Case]]:
    rng, forward, backward = np.random.default_rng(8), [], []
    X, W, b = np.array([[3.0, 1.0], [2.0, -1.0]]), np.array([[1.0, 2.0]]), np.array([0.5])
    forward.append(Case("two examples by hand", (X, W, b)))
    backward.append(Case("two examples by hand", (np.array([[1.0], [-2.0]]), X, W)))
    for n, d, k in ((1, 2, 3), (5, 3, 1), (4, 2, 4), (3, 3, 3), (16, 8, 8)):
        X, W, b = rng.normal(size=(n, d)), rng.normal(size=(k, d)), rng.normal(size=k)
        name = f"N = {n}, D = {d}, K = {k}"
        forward.append(Case(name, (X, W, b)))
        backward.append(Case(name, (rng.normal(size=(n, k)), X, W)))
    return forward, backward


FORWARD_CASES, BACKWARD_CASES = _draws()
FORWARD = Slot("layer forward", linear, FORWARD_CASES)
BACKWARD = Slot("layer backward", dense_backward, BACKWARD_CASES, returns=("dX", "dW", "db"))


class PlaygroundSlot(Slot):
    """Two places in one: the layer's pair of functions, and the optimizer's step."""

    def judge_layer(self, pair: Any) -> Verdict:
        """Try forward and backward; the first that is wrong decides."""
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            text = "layer= takes a pair, (linear, dense_backward)."
            return Verdict(False, text, "the pair", "two functions", str(type(pair).__name__))
        for slot, fn in ((FORWARD, pair[0]), (BACKWARD, pair[1])):
            if learners(fn) is not None and not (verdict := slot.judge(fn)).accepted:
                return verdict
        return Verdict(True, "Your layer is right in all fixed cases, forward and backward.")

    def judge_parts(self, handed: Handed) -> tuple[Owned, Verdict]:
        """What of it can be used, and what is said: the first fault, or praise."""
        verdicts: dict[str, Verdict] = {}
        if handed.layer is not None:
            verdicts["layer"] = self.judge_layer(handed.layer)
        if handed.step is not None:
            verdicts["step"] = STEP.judge(handed.step)
        kept = {name: getattr(handed, name) for name, v in verdicts.items() if v.accepted}
        if "layer" in kept:
            kept["layer"] = tuple(
                fn if learners(fn) is not None else ours
                for fn, ours in zip(kept["layer"], (linear, dense_backward), strict=True)
            )
        faults = [v for v in verdicts.values() if not v.accepted]
        praise = Verdict(True, " ".join(v.message for v in verdicts.values()))
        return Owned(**kept), faults[0] if faults else praise


SLOT = PlaygroundSlot("layer and optimizer", linear, [])


def handed_over(layer: Any = None, optimizer: Any = None) -> Handed:
    """What of the arguments is the learner's: nnlearn's own functions are nobody's."""
    pair = isinstance(layer, tuple | list) and len(layer) == 2
    theirs = any(learners(fn) is not None for fn in layer) if pair else layer is not None
    step = None if isinstance(optimizer, str) or optimizer is None else learners(optimizer)
    return Handed(layer if theirs else None, step)


def rate_like(fn: Function | None) -> str:
    """Which of nnlearn's optimizers a step follows; SGD where it is an invention."""
    return (kind_of(fn) if fn else "") or "SGD"


# ---- training through them ---------------------------------------------------------------------


class OwnLinear(nn.Linear):
    """A Linear layer that computes with two functions of the learner's."""

    def __init__(self, layer: nn.Linear, forward: Function, backward: Function) -> None:
        self.in_features, self.out_features = layer.in_features, layer.out_features
        self.weight, self.bias = layer.weight, layer.bias
        self.operation = _operation(forward, backward)

    def forward(self, x: Any) -> Any:
        return self.operation(x, self.weight, self.bias)


def _operation(forward: Function, backward: Function) -> Function:
    """An operation on Tensors from two functions on arrays."""

    def layer(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[Any, tuple]:
        out = _called(forward, (X, W, b), [(len(X), len(W))])[0]

        def back(g: np.ndarray) -> tuple[np.ndarray, ...]:
            return _called(backward, (g, X, W), [X.shape, W.shape, b.shape])

        return out, jointly(back, 3)

    return primitive(layer)


def _called(
    fn: Function, arrays: tuple[np.ndarray, ...], shapes: list[tuple[int, ...]]
) -> tuple[np.ndarray, ...]:
    """Call on copies; every fault becomes a `BadLayer`."""
    try:
        result = fn(*(a.copy() for a in arrays))
        parts = tuple(result) if len(shapes) > 1 else (result,)
        found = tuple(np.array(part, np.float64) for part in parts)
    except Exception as why:  # whatever a learner's code may raise is for the learner
        raise BadLayer(f"Your {name_of(fn)} stopped with {type(why).__name__}: {why}") from None
    if [a.shape for a in found] != shapes:
        raise BadLayer(f"Your {name_of(fn)} gave {[a.shape for a in found]}, not {shapes}")
    return found


def use_functions(model: nn.Sequential, forward: Function, backward: Function) -> nn.Sequential:
    """Let every Linear layer of a network compute with two functions."""
    for i, layer in enumerate(model):
        if isinstance(layer, nn.Linear):
            model[i] = OwnLinear(layer, forward, backward)
    return model


class OwnOptimizer(optim.Optimizer):
    """An optimizer from a step function p, g, *memories, [t], lr -> p or (p, *memories)."""

    def __init__(self, params: Iterable[Any], step: Function | None, lr: float) -> None:
        self.rule = rule_of(step)  # type: ignore[arg-type]
        super().__init__(params, {"lr": lr})

    def update(self, w: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        state["step"] = t = state.get("step", 0) + 1
        names = self.rule.memories
        memories = tuple(state.get(name, np.zeros_like(w)) for name in names)
        try:
            new, kept = self.rule.tried(w, g, memories, t, group["lr"], 0.9)
        except BadStep as why:
            raise BadStep(f"Your {name_of(self.rule.fn)} {why}") from None
        state.update(zip(names, kept, strict=True))
        w[...] = new
