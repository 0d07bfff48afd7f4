"""Optimizers as functions: the slot for the learner's, and how a step is called.

One protocol: step(p, g, *memories, [t], lr, ...settings with defaults) -> p or (p, *memories).
What stands between the gradient and `lr` are memories, arrays that begin at zero, and `t`, the
number of the step from 1.

Lessons: 05, 06.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlearn.demos.slot import Case, Fault, Invention, Slot, Verdict, same
from nnlearn.optim.steps import adam_step, gd_step, momentum_step, rmsprop_step

Function = Callable[..., Any]
YOURS = "yours"


REFERENCES: dict[str, Function] = {
    "SGD": gd_step, "Momentum": momentum_step, "RMSProp": rmsprop_step, "Adam": adam_step,
}  # fmt: skip
KINDS = {fn.__name__: name for name, fn in REFERENCES.items()}
ALIKE = {name.lower(): name for name in (*REFERENCES, YOURS)}


class BadStep(Exception):
    """A step that cannot be used; the text says why."""


@dataclass(frozen=True)
class Rule:
    """A step function and what its signature says of it."""

    fn: Function
    between: tuple[str, ...]  # what stands between g and lr: memories, and perhaps t
    settings: tuple[str, ...]  # what may be given after lr

    @property
    def memories(self) -> tuple[str, ...]:
        return tuple(name for name in self.between if name != "t")

    @property
    def returns(self) -> tuple[str, ...]:
        return ("the new p", *(f"the new {name}" for name in self.memories))

    def arguments(self, p: Any, g: Any, memories: tuple[Any, ...], t: int, lr: float) -> list[Any]:
        """The arguments in the order of the signature."""
        left = iter(memories)
        return [p, g, *(t if name == "t" else next(left) for name in self.between), lr]

    def step(
        self, p: np.ndarray, g: np.ndarray, memories: tuple[np.ndarray, ...], t: int, lr: float,
        momentum: float,
    ) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:  # fmt: skip
        """The new p and the new memories."""
        more = {"momentum": momentum} if "momentum" in self.settings else {}
        result = self.fn(*self.arguments(p, g, memories, t, lr), **more)
        p, *kept = result if self.memories else (result,)
        return p, tuple(kept)

    def tried(
        self, p: np.ndarray, g: np.ndarray, memories: tuple[np.ndarray, ...], t: int, lr: float,
        momentum: float,
    ) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:  # fmt: skip
        """A learner's step: on copies, with every fault as a `BadStep`."""
        try:
            got, kept = self.step(p.copy(), g.copy(), tuple(m.copy() for m in memories), t, lr,
                                  momentum)  # fmt: skip
            numbers = [np.array(a, np.float64) for a in (got, *kept)]
        except Exception as why:  # whatever a learner's code may raise is for the learner
            raise BadStep(f"stopped with {type(why).__name__}: {why}") from None
        if len(kept) != len(memories) or any(a.shape != p.shape for a in numbers):
            raise BadStep(f"gave shapes {[a.shape for a in numbers]}, each must be {p.shape}")
        small = max(np.abs(a).max() for a in (p, g, *memories)) < 1e100  # larger ones may overflow
        if small and not all(np.isfinite(a).all() for a in numbers):
            raise BadStep("gave NaN or infinity from finite numbers")
        return numbers[0], tuple(numbers[1:])


def rule_of(fn: Function) -> Rule:
    """Read a signature; raises `BadStep` if it does not follow the protocol.

    Example
    -------
    >>> rule_of(adam_step).memories
    ('m', 'v')
    """
    try:
        known = list(inspect.signature(fn).parameters.values())
    except (TypeError, ValueError):
        raise BadStep("its arguments cannot be read; wrap it in a function of your own") from None
    names = [p.name for p in known]
    if "lr" not in names[2:] or any(p.kind is p.VAR_POSITIONAL for p in known):
        raise BadStep(f"its arguments are ({', '.join(names)}); they must be p, g, memories, lr")
    at = names.index("lr")
    if any(p.default is p.empty for p in known[at + 1 :] if p.kind is not p.VAR_KEYWORD):
        raise BadStep("every setting after lr needs a default")
    return Rule(fn, tuple(names[2:at]), tuple(names[at + 1 :]))


RULES = {name: rule_of(fn) for name, fn in REFERENCES.items()}


def kind_of(fn: Any) -> str:
    """Which of nnlearn's a function is held against, by its name; empty for an invention."""
    kind = KINDS.get(getattr(fn, "__name__", ""), "")
    try:
        rule = rule_of(fn)
    except (BadStep, TypeError):
        return kind
    like = [name == "t" for name in rule.between]
    return kind if kind and like == [name == "t" for name in RULES[kind].between] else ""


# ---- judging a step that was handed in ----------------------------------------------------------

P, G = np.array([1.5, -2.0, 0.25]), np.array([0.4, -1.2, 3.0])
TABLE = np.array([[0.5, -1.0, 2.0], [1.25, 0.75, -0.5]])


def _cases(rule: Rule) -> list[Case]:
    """First steps, later ones with something to remember, other sizes, no gradient at all."""

    def case(name: str, p: np.ndarray, g: np.ndarray, held: float, t: int, lr: float) -> Case:
        memories = tuple(held * (0.5 + k + np.abs(g)) for k in range(len(rule.memories)))
        return Case(name, tuple(rule.arguments(p, g, memories, t, lr)))

    found = [
        case("the first step of one number", np.array([2.0]), np.array([3.0]), 0.0, 1, 0.1),
        case("the first step of three numbers", P, G, 0.0, 1, 0.05),
        case("no gradient", P, np.zeros(3), 0.0, 1, 0.1),
        case("a table of 2 × 3", TABLE, TABLE[::-1] * 0.3 + 1, 0.0, 1, 0.02),
        case("rate 0", P, G, 0.0, 1, 0.0),
    ]
    if rule.between:
        found[2:2] = [case("step 2, with something to remember", P, G, 0.7, 2, 0.05),
                      case("step 40, with something to remember", P, -G, 0.2, 40, 0.3)]  # fmt: skip
    if rule.settings[:1] == ("momentum",):
        args = (*rule.arguments(P, G, tuple(G + k for k in range(len(rule.memories))), 3, 0.1), 0.5)
        found.append(Case("momentum = 0.5", args))
    return found


class InventedStep(Invention):
    """Judges a step of one's own: shapes, finite numbers, and the same again on a second call."""

    def beyond(self, fn: Function, got: tuple[Any, ...], case: Case) -> Fault | None:
        again = self._parts(self.call(fn, tuple(np.copy(a) if isinstance(a, np.ndarray) else a
                                                for a in case.args)))  # fmt: skip
        for name, first, second in zip(self.names, got, again, strict=True):
            if not same(np.asarray(first), np.asarray(second)):
                text = f"{name} differs on a second call with the same arguments; what a step "
                return Fault(text + "remembers goes in and comes out.", first, second)
        return None


class StepSlot(Slot):
    """The slot of the terrain: the name decides what a step is held against."""

    def judge(self, fn: Any) -> Verdict:
        if not callable(fn):
            return super().judge(fn)
        try:
            rule = rule_of(fn)
        except BadStep as why:
            return Verdict(False, f"Your {self.name}: {why}.", "the signature",
                           "step(p, g, *memories, lr)", str(why))  # fmt: skip
        kind = kind_of(fn)
        maker, reference = (Slot, REFERENCES[kind]) if kind else (InventedStep, gd_step)
        name = getattr(fn, "__name__", self.name)
        name = self.name if name == "<lambda>" else name
        with np.errstate(all="ignore"):
            return maker(name, reference, _cases(rule), returns=rule.returns).judge(fn)


SLOT = StepSlot("optimizer", gd_step, [])
