"""Backward passes, right and faulty, one edge at a time.

`walk` is the right one. Each patient is `walk` with one planted fault, under a neutral name: to be
found by comparing with slopes that a nudge measures.

Lessons: 07.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

Edge = tuple[Any, int]  # a node and which of its inputs; (root, -1) is where backward starts
Walk = Callable[[Any], Iterator[Edge]]


def users_first(root: Any) -> list[Any]:
    """Every node that root depends on, each after all nodes that use it."""
    order, seen, waiting = list[Any](), set[int](), [(root, False)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting += [(x, False) for x in reversed(node.inputs)]
    return order[::-1]


def as_reached(root: Any) -> list[Any]:
    """Every node in the order in which a search from the result reaches it, level by level."""
    order, seen = [root], {id(root)}
    for node in order:
        for x in node.inputs:
            if id(x) not in seen:
                seen.add(id(x))
                order.append(x)
    return order


def add(node: Any, g: float) -> None:
    node.grad += g


def replace(node: Any, g: float) -> None:
    node.grad = g


def recorded(node: Any, k: int) -> float:
    """The slope as the engine noted it."""
    return float(node.slopes[k])


def by_input(node: Any, k: int) -> float:
    """tanh's slope from what goes in, 1 - z*z, and not from what comes out."""
    return 1 - node.inputs[k].data ** 2 if node.op == "tanh" else recorded(node, k)


def own_factor(node: Any, k: int) -> float:
    """A product's slope: each factor itself, and not the other one."""
    product = node.op == "*" and len(node.inputs) == 2
    return float(node.inputs[k].data) if product else recorded(node, k)


def walk(
    root: Any,
    order: Callable[[Any], Sequence[Any]] = users_first,
    receive: Callable[[Any, float], None] = add,
    slope: Callable[[Any, int], float] = recorded,
    seed: float = 1.0,
    passes: int = 1,
) -> Iterator[Edge]:
    """Fill `.grad` backward from root and yield after each edge. Only the last pass is yielded."""
    nodes = order(root)
    for node in nodes:
        node.grad = 0.0
    for now in range(passes):
        last = now == passes - 1
        for node in nodes:
            if node.inputs:
                node.grad = 0.0
        root.grad += seed
        if last:
            yield root, -1
        for node in nodes:
            for k, x in enumerate(node.inputs):
                receive(x, node.grad * slope(node, k))
                if last:
                    yield node, k


def backward(root: Any) -> None:
    """The right one, as a function: leaves add to what they hold, results between start fresh."""
    nodes = users_first(root)
    for node in nodes:
        if node.inputs:
            node.grad = 0.0
    root.grad += 1.0
    for node in nodes:
        g = node.grad
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += g * slope


@dataclass(frozen=True)
class Patient:
    """A pass with a planted fault, how that is named in the list, and what was wrong."""

    run: Walk
    named: str
    explained: str


HEALTHY = "no fault: all gradients are right"
PATIENTS: Mapping[str, Patient] = {
    "patient A": Patient(
        partial(walk, slope=by_input),
        "the slope of tanh is wrong: 1 - z*z instead of 1 - a*a",
        "tanh's slope is 1 - a*a, from the value a that came out. It took z, which went in.",
    ),
    "patient B": Patient(
        partial(walk, receive=replace),
        "= instead of +=: a gradient that arrives replaces the one before",
        "It wrote x.grad = g * slope. Where a value is used twice, only the last arrival stayed.",
    ),
    "patient C": Patient(
        partial(walk, passes=2),
        "gradients of an earlier pass were not cleared",
        "An input's gradient still held what the pass before had brought, and this pass was added "
        "to it: after two passes everything is there twice.",
    ),
    "patient D": Patient(
        partial(walk, order=as_reached),
        "wrong order: a node hands on before all its gradients have arrived",
        "It went back level by level. A node that is near the result by one way and far by another "
        "handed on too early; what arrived later never went further.",
    ),
    "patient E": Patient(
        partial(walk, seed=0.0),
        "the start was forgotten: the result's own gradient is not set to 1",
        "The result's gradient was left at 0, and 0 times any slope is 0.",
    ),
    "patient F": Patient(
        partial(walk, slope=own_factor),
        "a product hands each factor its own value instead of the other factor's",
        "The slope of w * x with respect to w is x: nudge w, and the product grows x times as "
        "much. It took w.",
    ),
}
FAULTS = {patient.named: name for name, patient in PATIENTS.items()}


@dataclass(frozen=True)
class Send:
    """One step back: gradient `g` at a node, times the slope of an edge, arrives at `target`.

    For the start of backward `node` is the result itself and `k` is -1.
    """

    node: int
    k: int
    target: int
    g: float
    slope: float
    holds: float  # what the target's gradient is now
    arrived: int  # how many have arrived there

    @property
    def product(self) -> float:
        return self.g * self.slope


def sends(run: Walk, live: Sequence[Any]) -> list[Send]:
    """Run a pass on an engine's nodes (the last is the result) and note every step of it."""
    place = {id(node): i for i, node in enumerate(live)}
    arrived = [0] * len(live)
    steps = []
    for node, k in run(live[-1]):
        target = node.inputs[k] if k >= 0 else node
        at = place[id(target)]
        arrived[at] += 1
        g = float(node.grad)
        slope = _used(run, node, k) if k >= 0 else 1.0
        steps.append(Send(place[id(node)], k, at, g, slope, float(target.grad), arrived[at]))
    return steps


def _used(run: Walk, node: Any, k: int) -> float:
    """The slope that a pass multiplied with."""
    keywords = run.keywords if isinstance(run, partial) else {}
    return float(keywords.get("slope", recorded)(node, k))


def gradients(run: Walk, live: Sequence[Any]) -> list[float]:
    """Where a pass ends."""
    for _ in run(live[-1]):
        pass
    return [float(node.grad) for node in live]


def agree(a: float, b: float) -> bool:
    """Equal up to what a nudge can measure."""
    return bool(math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-7))
