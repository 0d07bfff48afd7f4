"""Graphs of numbers that checks hand to an answer: nodes as in nnlearn.scalar, and no more.

They have no `backward` and no birth number to lean on. They count how often an answer asks for
inputs: who walks every path of a graph would walk for years, so it is stopped, and told.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

_made = itertools.count()


class TooManyVisits(RuntimeError):
    """Nodes were visited again and again: every path was walked."""


class _Visits:
    """How often the inputs of one graph's nodes were asked for, and how often is enough."""

    def __init__(self, nodes: int) -> None:
        self.nodes, self.count, self.limit = nodes, 0, 1000 + 20 * nodes**2

    def note(self) -> None:
        self.count += 1
        if self.count > self.limit:
            raise TooManyVisits(
                f"the inputs of {self.nodes} nodes were asked for {self.count:,} times"
            )


class Node:
    """A number `data`, its `grad`, the `inputs` that it was made from, a slope for each."""

    __slots__ = ("_inputs", "_name", "_place", "_visits", "data", "grad", "op", "slopes")

    def __init__(
        self, data: float, inputs: tuple = (), slopes: tuple = (), op: str = "", name: str = ""
    ) -> None:
        self.data, self.grad, self.slopes, self.op = data, 0.0, slopes, op
        self._inputs, self._name, self._place = inputs, name, next(_made)
        self._visits: _Visits | None = None

    @property
    def inputs(self) -> tuple:
        if self._visits is not None:
            self._visits.note()
        return self._inputs

    def __add__(self, other: Node) -> Node:
        return Node(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other: Node) -> Node:
        return Node(self.data * other.data, (self, other), (other.data, self.data), "*")

    def tanh(self) -> Node:
        y = math.tanh(self.data)
        return Node(y, (self,), (1 - y * y,), "tanh")

    def copy(self) -> Node:
        """A fresh graph, with a count of its own. Without recursion: a graph may be deep."""
        nodes = nodes_of(self)
        copies: dict[Node, Node] = {}
        visits = _Visits(len(nodes))
        for node in nodes:
            twin = Node(node.data, (), node.slopes, node.op, node._name)
            twin._inputs = tuple(copies[x] for x in node._inputs)
            twin.grad, twin._place, twin._visits = node.grad, node._place, visits
            copies[node] = twin
        return copies[self]

    def __repr__(self) -> str:
        if not self._inputs:
            return self._name or f"{self.data:g}"
        parts = [f"({x!r})" if len(x._inputs) > 1 else repr(x) for x in self._inputs]
        return f"{self.op}({self._inputs[0]!r})" if len(parts) == 1 else f" {self.op} ".join(parts)


def nodes_of(root: Node) -> list[Node]:
    """All nodes of a graph, inputs first: by their place, which an answer does not know."""
    found, waiting = {root}, [root]
    while waiting:
        for x in waiting.pop()._inputs:
            if x not in found:
                found.add(x)
                waiting.append(x)
    return sorted(found, key=lambda node: node._place)


def leaves(*data: float, names: str = "xyuvw") -> list[Node]:
    """Numbers made by hand, called x, y, ..."""
    return [Node(float(v), name=name) for v, name in zip(data, names, strict=False)]


def random_graph(rng: np.random.Generator, results: int) -> Node:
    """Forks and joins at random; the last sum uses every result that nothing else has used."""
    made = leaves(*rng.uniform(0.5, 1.5, 5) * rng.choice([-1.0, 1.0], 5))
    used: set[Node] = set()
    for _ in range(results):
        a, b = (made[i] for i in rng.integers(len(made), size=2))
        kind = rng.integers(3)
        made.append(a + b if kind == 0 else a * b if kind == 1 else a.tanh())
        used.update(made[-1]._inputs)
        if abs(made[-1].data) > 3:
            used.add(made[-1])
            made.append(made[-1].tanh())
    root = made[-1]
    for node in made[:-1]:
        if node not in used:
            root = root + node
    return root


def in_words(root: Node) -> str:
    """A small graph as a formula with its numbers, a large one as a count of nodes."""
    nodes = nodes_of(root)
    if len(nodes) > 8:
        return f"the last of {len(nodes):,} nodes"
    numbers = ", ".join(f"{n!r} = {n.data:g}" for n in nodes if not n._inputs)
    held = ", ".join(f"{n.grad:g} in {n!r}" for n in nodes if n.grad)
    formula = f"{root!r} with {numbers}" if root._inputs else numbers
    return formula + (f"; grad already holds {held}" if held else "")


def gradients(root: Node) -> dict[str, Any]:
    """Each node's grad, under a name that a report can use; the leaves first."""
    nodes = nodes_of(root)
    named = nodes if len(nodes) <= 8 else [n for n in nodes if not n._inputs]
    named = sorted(named, key=lambda node: bool(node._inputs))
    found: dict[str, Any] = {f"the grad of {node!r}": node.grad for node in named}
    found["the values, which a walk leaves alone"] = np.array([n.data for n in nodes])
    if len(named) < len(nodes):
        found["the grads of all results"] = np.array([n.grad for n in nodes if n._inputs])
    return found


def order(root: Node, listed: Sequence[Any]) -> dict[str, Any]:
    """What there is to say about a list that should hold all nodes, inputs first."""
    places = [node._place for node in listed]
    first: dict[int, int] = {}
    for i, place in enumerate(places):
        first.setdefault(place, i)
    edges = [(x._place, n._place) for n in nodes_of(root) for x in n._inputs]
    there = [(first[x], first[n]) for x, n in edges if x in first and n in first]
    wrong = sum(x > n for x, n in there)
    return {
        "the number of different nodes": len(first),
        "the number of repetitions": len(places) - len(first),
        "the root stands last": bool(places) and places[-1] == root._place,
        "some input stands behind its user": wrong > 0,
        "all inputs stand behind their users": bool(there) and wrong == len(there),
    }
