"""Run a program on nodes and note the graph that it made: which line and which name made each node.

Nothing is asked of the learner's engine but its five attributes. While the program runs, Python's
trace function looks at its local variables after each line: a node that can be reached from them
and was not there before belongs to the line that has just run.

Lessons: 07.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from numbers import Real
from types import CodeType, FrameType
from typing import Any

from nnlearn.demos.backprop_patients import users_first
from nnlearn.demos.backprop_source import code_of, source_of

ATTRIBUTES = ("data", "grad", "inputs", "slopes", "op")
MOST_NODES = 40
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
Engine = Callable[[float], Any]
Program = Callable[..., Any]


class EngineFault(Exception):
    """An engine does not make nodes that can be followed; the text says what is missing."""


class ProgramFault(Exception):
    """A program cannot be shown; the text says why and what to do."""


@dataclass(frozen=True)
class Node:
    """A node as it was recorded. `inputs` are numbers of nodes, `lines` counts from 1."""

    name: str
    op: str
    value: float
    inputs: tuple[int, ...]
    slopes: tuple[float, ...]
    lines: tuple[int, int] | None
    given: bool = False  # one of the program's own inputs

    @property
    def made(self) -> bool:
        """Was it computed, and not put in?"""
        return bool(self.inputs)


@dataclass(frozen=True)
class Recording:
    """A program's graph: `nodes` in the order in which they were made, the last is the result."""

    nodes: tuple[Node, ...]
    code: tuple[str, ...]
    live: tuple[Any, ...] = field(compare=False, repr=False)  # the engine's own nodes
    note: str = ""

    @property
    def operations(self) -> list[int]:
        return [i for i, node in enumerate(self.nodes) if node.made]

    @property
    def given(self) -> list[int]:
        """The nodes of the program's inputs that the result depends on."""
        return [i for i, node in enumerate(self.nodes) if node.given]

    @property
    def uses(self) -> list[int]:
        """How many edges leave each node: so many gradients will arrive."""
        count = [0] * len(self.nodes)
        for node in self.nodes:
            for i in node.inputs:
                count[i] += 1
        return count

    @property
    def edges(self) -> list[tuple[int, int]]:
        """(node, which of its inputs), in the order of the nodes."""
        return [(i, k) for i, node in enumerate(self.nodes) for k in range(len(node.inputs))]


def is_node(value: Any) -> bool:
    return all(hasattr(value, name) for name in ATTRIBUTES)


def check_engine(engine: Any) -> None:
    """Refuse a class whose numbers are not nodes; raises EngineFault."""
    if not callable(engine):
        raise EngineFault(f"engine= takes the class that wraps a number, not {engine!r}.")
    try:
        probe = engine(1.5)
        probe.grad = 0.0
    except Exception as why:  # whatever a learner's class may raise is for the learner
        raise EngineFault(
            f"node = engine(1.5); node.grad = 0.0 stopped with {type(why).__name__}: {why}."
        ) from None
    missing = [name for name in ATTRIBUTES if not hasattr(probe, name)]
    if missing:
        raise EngineFault(
            f"a node of your engine has no {', '.join('.' + m for m in missing)}. "
            f"The stepper reads {', '.join('.' + a for a in ATTRIBUTES)}."
        )


def record(program: Program, inputs: Mapping[str, float], engine: Engine) -> Recording:
    """Call the program with a node for each input and follow what it makes.

    >>> from nnlearn.scalar import Value
    >>> found = record(lambda x, w: x * w + x, {"x": 2.0, "w": 3.0}, Value)
    >>> [node.op for node in found.nodes], found.uses
    (['', '', '*', '+'], [2, 1, 1, 0])
    """
    given = {name: engine(float(value)) for name, value in inputs.items()}
    spans, code, note = source_of(program)
    watch = _Watch(code_of(program), given)
    result = watch.run(program, given)
    if not is_node(result):
        raise ProgramFault(_no_node(result))
    watch.meet(result)
    _check_nodes(watch.order)
    kept = {id(node) for node in users_first(result)}
    order = [node for node in watch.order if id(node) in kept]
    order.sort(key=lambda node: node is result)  # stable: the result comes last
    if len(order) > MOST_NODES:
        raise ProgramFault(
            f"the program makes {len(order)} nodes, the picture holds {MOST_NODES}: "
            "shorten it, or leave out a part"
        )
    return Recording(tuple(_nodes(order, watch, given, spans)), code, tuple(order), note)


def measure(program: Program, inputs: Mapping[str, float], engine: Engine) -> float:
    """The program's result as a plain number."""
    return float(program(**{name: engine(float(v)) for name, v in inputs.items()}).data)


class _Watch:
    """Which nodes were there after which line, and by which names."""

    def __init__(self, code: CodeType | None, given: Mapping[str, Any]) -> None:
        self.code, self.order = code, list[Any]()
        self.line: dict[int, int] = {}
        self.names: dict[int, str] = {}
        self._now = 0
        for name, node in given.items():
            self.names[id(node)] = name
            self.meet(node)

    def run(self, program: Program, given: Mapping[str, Any]) -> Any:
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            return program(**given)
        except Exception as why:
            raise ProgramFault(f"the program stopped with {type(why).__name__}: {why}") from why
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, event: str, arg: Any) -> Any:
        return self._line if frame.f_code is self.code else None

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        self._look(frame.f_locals)
        if event == "return":
            self.meet(arg)
        self._now = frame.f_lineno
        return self._line

    def _look(self, variables: Mapping[str, Any]) -> None:
        for name, value in list(variables.items()):
            for text, node in _nodes_in(name, value):
                self.meet(node)
                self.names.setdefault(id(node), text)

    def meet(self, root: Any) -> None:
        """Take in what can be reached from a node, inputs before what is made of them."""
        waiting = [(root, False)] if is_node(root) else []
        while waiting:
            node, ready = waiting.pop()
            if id(node) in self.line:
                continue
            if ready:
                self.line[id(node)] = self._now
                self.order.append(node)
                continue
            waiting.append((node, True))
            parts = node.inputs if isinstance(node.inputs, list | tuple) else ()
            waiting += [(x, False) for x in reversed(parts) if is_node(x)]


def _nodes_in(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The nodes of a variable: itself, or what a list, tuple or dict of it holds."""
    if is_node(value):
        yield name, value
    elif isinstance(value, list | tuple) and len(value) <= MOST_NODES:
        for i, part in enumerate(value):
            yield from _nodes_in(f"{name}[{i}]", part)
    elif isinstance(value, dict) and len(value) <= MOST_NODES:
        for key, part in list(value.items()):
            yield from _nodes_in(f"{name}[{key!r}]", part)


def _nodes(
    order: list[Any], watch: _Watch, given: Mapping[str, Any], spans: Mapping[int, tuple[int, int]]
) -> Iterator[Node]:
    place = {id(node): i for i, node in enumerate(order)}
    own = {id(node) for node in given.values()}
    names = _numbered([watch.names.get(id(node), "") for node in order])
    for node, name in zip(order, names, strict=True):
        yield Node(
            name, str(node.op), float(node.data), tuple(place[id(x)] for x in node.inputs),
            tuple(float(s) for s in node.slopes), spans.get(watch.line[id(node)]),
            given=id(node) in own,
        )  # fmt: skip


def _numbered(names: list[str]) -> list[str]:
    """A name that several nodes bore, as a running total does, is numbered: total₁, total₂."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        several = name and names.count(name) > 1
        result.append(name + str(seen[name]).translate(LOWERED) if several else name)
    return result


def _check_nodes(nodes: list[Any]) -> None:
    """Every node must say what it was made of, with one slope for each input."""
    for node in nodes:
        if not isinstance(node.data, Real):
            raise EngineFault(f"a node's .data is {type(node.data).__name__}, not a number.")
        if not isinstance(node.inputs, list | tuple):
            raise EngineFault(
                f"a node's .inputs is a {type(node.inputs).__name__}; make it a tuple of nodes, "
                "in the order of .slopes."
            )
        if not all(is_node(x) for x in node.inputs):
            raise EngineFault(
                f"the .inputs of a node '{node.op}' hold a plain number: wrap it in a node, or "
                "leave it and its slope out."
            )
        if not isinstance(node.slopes, list | tuple) or len(node.slopes) != len(node.inputs):
            raise EngineFault(
                f"a node '{node.op}' has {len(node.inputs)} inputs and .slopes {node.slopes!r}: "
                "each input needs one slope."
            )
        if not all(isinstance(s, Real) for s in node.slopes):
            raise EngineFault(f"the .slopes of a node '{node.op}' must be numbers.")


def _no_node(result: Any) -> str:
    if result is None:
        return "the program returned None: end it with return and the result's name"
    if isinstance(result, Real):
        return "the program returned a plain number: return the node itself, not its .data"
    return f"the program returned {type(result).__name__}: return one node, the number to explain"
