"""Checks of lesson 07, first half: local slopes, the order of a graph, the walk back."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.course.graphs import (
    Node,
    gradients,
    in_words,
    leaves,
    nodes_of,
    order,
    random_graph,
)

SLOPES: dict[str, Callable[..., tuple]] = {
    "+": lambda x, y: (1.0, 1.0),
    "-": lambda x, y: (1.0, -1.0),
    "*": lambda x, y: (y, x),
    "/": lambda x, y: (1 / y, -x / y**2),
    "exp": lambda x: (math.exp(x),),
    "tanh": lambda x: (1 - math.tanh(x) ** 2,),
}


def local_slopes(op, inputs):
    return SLOPES[op](*inputs)


def operations(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a product by hand", ("*", (3.0, 2.0)))
    for op in ("+", "-", "*", "/"):
        for _ in range(3):
            x, y = (rng.uniform(0.5, 3, 2) * rng.choice([-1.0, 1.0], 2)).tolist()
            yield Case(f"{op} of two numbers", (op, (round(x, 2), round(y, 2))))
    yield Case("a product with 0", ("*", (0.0, -4.0)))
    yield Case("0 divided", ("/", (0.0, -4.0)))
    for op in ("exp", "tanh"):
        for _ in range(3):
            yield Case(f"{op} of a number", (op, (round(float(rng.uniform(-2, 2)), 2),)))
        yield Case(f"{op} of 0", (op, (0.0,)))
    yield Case("tanh far out", ("tanh", (800.0,)))
    yield Case("tanh far out, below 0", ("tanh", (-800.0,)))


def _results(args: tuple, returned: Any) -> Any:
    """Of one input, a lone number is as good as a tuple of one."""
    if returned is None or isinstance(returned, tuple):
        return returned
    return tuple(returned) if isinstance(returned, list) else (returned,)


def _but(op: str, wrong: Callable[..., tuple]) -> Callable:
    """All slopes right, but for one operation."""
    return lambda asked, inputs: (wrong if asked == op else SLOPES[asked])(*inputs)


def _two(inputs):
    x, y = inputs
    return x, y


LOCAL_SLOPES = Exercise(
    id="07.1",
    function=local_slopes,
    cases=operations,
    view=_results,
    expected="one slope for each input",
    mistakes=(
        Mistake(
            _but("*", lambda x, y: (x, y)),
            "In a product each factor got itself. Nudge x in x * y: what is it multiplied by?",
        ),
        Mistake(
            _but("*", lambda x, y: (1.0, 1.0)),
            "A product has the slopes of a sum. A nudge of one factor is multiplied by the other.",
        ),
        Mistake(
            _but("*", lambda x, y: (x * y, x * y)),
            "For a product that is the value, twice. The slope is the change for a nudge.",
        ),
        Mistake(
            _but("+", lambda x, y: (x, y)),
            "For a sum those are the values. A nudge of x changes x + y by just as much.",
        ),
        Mistake(
            _but("+", lambda x, y: (y, x)), "A sum has the slopes of a product. Nudge x in x + y."
        ),
        Mistake(
            _but("-", lambda x, y: (1.0, 1.0)),
            "In x - y both slopes came out as 1. If y grows, what does the difference do?",
        ),
        Mistake(
            _but("-", lambda x, y: (-1.0, 1.0)), "In x - y the two slopes are in the wrong order."
        ),
        Mistake(
            _but("/", lambda x, y: (1 / y, x / y**2)),
            "In x / y the second sign is turned: a larger y makes a positive share smaller.",
        ),
        Mistake(
            _but("/", lambda x, y: (1 / y, -1 / y**2)),
            "In x / y the slope by y lacks x: it is the slope of 1/y, times what stands above.",
        ),
        Mistake(
            _but("/", lambda x, y: (1 / y, -x / y)),
            "In x / y the slope by y lacks a square: the slope of 1/y is -1/y².",
        ),
        Mistake(
            _but("/", lambda x, y: (1 / y, 1 / x)),
            "The slope of x / y by y is not 1 over x. Write it as x times 1/y.",
        ),
        Mistake(
            _but("/", lambda x, y: (-x / y**2, 1 / y)),
            "In x / y the two slopes are in the wrong order.",
        ),
        Mistake(
            _but("exp", lambda x: (x * math.exp(x - 1),)),
            "That is the rule for powers, x^k. In exp the x stands above: its slope is itself.",
        ),
        Mistake(_but("exp", lambda x: (x,)), "For exp that is x. Its slope is exp(x) again."),
        Mistake(
            lambda op, inputs: SLOPES[op](*_two(inputs)),
            "exp and tanh have one input, so `x, y = inputs` does not fit there.",
        ),
        Mistake(
            _but("tanh", lambda x: (1 - x**2,)),
            "tanh: 1 minus the square of the output, not of the input.",
        ),
        Mistake(
            _but("tanh", lambda x: (math.tanh(x) * (1 - math.tanh(x)),)),
            "tanh has the slope of the sigmoid. Its own is another one, and 1 at 0.",
        ),
        Mistake(
            _but("tanh", lambda x: (1 - math.tanh(x),)),
            "tanh: the square is missing, so the slopes left and right of 0 differ.",
        ),
        Mistake(
            _but("tanh", lambda x: (1 / math.cosh(x) ** 2,)),
            "1/cosh² is right, but cosh(800) overflows. Use tanh, which never does.",
        ),
    ),
    hints=(
        "Nudge one input and hold the other: by how much does the result change, per unit?",
        "1 and 1; 1 and -1; each factor gets the other; 1/y and then x times the slope of 1/y.",
        "The slope of 1/y is -1/y². exp: math.exp(x). tanh: t = math.tanh(x), then 1 - t*t.",
    ),
    points=2,
)


def topological_order(root):
    done, order, waiting = set(), [], [root]
    while waiting:
        node = waiting[-1]
        missing = [x for x in node.inputs if x not in done]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        if node not in done:
            done.add(node)
            order.append(node)
    return order


def _graph(name: str, root: Node) -> Case:
    return Case(name, (root,), (in_words(root),))


def graphs(rng: np.random.Generator) -> Iterator[Case]:
    x, y = leaves(4, 2.5)
    yield _graph("a graph by hand", x * y + x)
    yield _graph("a single number", leaves(7)[0])
    x, y = leaves(3, 3)
    yield _graph("two different numbers of the same value", x * y)
    (x,) = leaves(-1.5)
    yield _graph("the same input twice", x * x)
    x, y = leaves(0.5, 2)
    product = x * y
    yield _graph("a short way and a long one", product + product.tanh().tanh())
    yield _graph("a long way and a short one", product.tanh().tanh() + product)
    yield _graph("a graph at random", random_graph(rng, 25))
    yield _graph("another graph at random", random_graph(rng, 40))
    last = first = leaves(1)[0]
    for _ in range(60):
        last = last + last
    yield _graph("60 doublings, more paths than anybody can walk", last)
    last = first
    for _ in range(5000):
        last = last + first
    yield _graph("a chain of 5,000 additions", last)


def _order(args: tuple, listed: Any) -> Any:
    nodes = isinstance(listed, list) and all(isinstance(node, Node) for node in listed)
    return order(args[0], listed) if nodes else listed


def _deep(function: Callable) -> Callable:
    """The same with recursion: right or wrong as before, but a long chain ends it."""

    def recursive(root):
        if len(nodes_of(root)) > 1000:
            raise RecursionError
        return function(root)

    return recursive


def _found(root, newest=True):
    """Nodes in the order in which a search finds them: depth first, or breadth first."""
    found: dict[Node, None] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop(-1 if newest else 0)
        if node not in found:
            found[node] = None
            waiting.extend(node.inputs)
    return list(found)


def _repeated(root):
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(found[-1].inputs)
    return found


def _all_paths(root):
    _repeated(root)
    return topological_order(root)


def _one_way(root):
    found = [root]
    while found[-1].inputs:
        found.append(found[-1].inputs[0])
    return found[::-1]


def _twice_done(root):
    """The right way, but a node that waits twice is written down twice."""
    order, done, waiting = [], set(), [root]
    while waiting:
        if missing := [x for x in waiting[-1].inputs if x not in done]:
            waiting.extend(missing)
        else:
            order.append(waiting.pop())
            done.add(order[-1])
    return order


def _by_value(root):
    kept = {node.data: node for node in topological_order(root)}
    return sorted(kept.values(), key=topological_order(root).index)


_DEEP = "{} And it calls itself: a chain of 5,000 nodes is deeper than Python's stack."
_WRONG_ORDERS = (
    (
        lambda root: topological_order(root)[::-1],
        "Users first, inputs behind: turn it round. The root belongs at the end.",
    ),
    (
        lambda root: _found(root)[::-1],
        "The order in which nodes are found, turned round, is not enough: a node may be found by "
        "a short way before a user of it is found by a long one.",
    ),
    (_found, "The order in which nodes are found. Inputs must stand before their users."),
    (
        lambda root: [node for node in topological_order(root) if node.inputs],
        "The numbers made by hand are missing. They are nodes too, without inputs.",
    ),
    (
        lambda root: topological_order(root)[:-1],
        "The root itself is missing.",
    ),
    (
        lambda root: _repeated(root)[::-1],
        "Nodes are listed once for each path that leads to them. Remember whom you have seen.",
    ),
    (_repeated, "Users first, and nodes once for each path that leads to them."),
    (
        _all_paths,
        "The order is right, but every path was walked to find it, and there may be more than "
        "anybody can walk. Do not follow a node a second time.",
    ),
)

TOPOLOGICAL_ORDER = Exercise(
    id="07.2",
    function=topological_order,
    cases=graphs,
    view=_order,
    expected="a list of all nodes, each once, inputs before their users",
    mistakes=(
        Mistake(
            _deep(topological_order),
            "The order is right, but the function calls itself: a chain of 5,000 nodes is deeper "
            "than Python's stack. Keep a list of those that wait.",
        ),
        *(Mistake(wrong, sentence) for wrong, sentence in _WRONG_ORDERS),
        *(Mistake(_deep(wrong), _DEEP.format(sentence)) for wrong, sentence in _WRONG_ORDERS),
        Mistake(
            lambda root: _found(root, newest=False)[::-1],
            "Found in rings around the root, turned round. A node may lie in a near ring by a "
            "short way, and have a user in a far one.",
        ),
        Mistake(
            lambda root: [*dict.fromkeys(root.inputs), root],
            "The root's own inputs alone. They were made from others, which belong to the graph.",
        ),
        Mistake(
            _twice_done,
            "A node that two users wait for is written down twice. When its turn comes a second "
            "time, look whether it is done already.",
        ),
        Mistake(_one_way, "Only one input of each node is followed. A node may have several."),
        Mistake(
            _by_value,
            "Two different nodes with the same value count as one. Compare nodes, not their data.",
        ),
        Mistake(
            lambda root: [node.data for node in topological_order(root)],
            "Those are the values. Return the nodes themselves.",
        ),
    ),
    hints=(
        "A node may be written down once all of its inputs have been. Until then it waits.",
        "Keep a list of waiting nodes. Look at its last one: if some of its inputs are not done, "
        "append those and look again; if all are done, take it off and write it down.",
        "while waiting: node = waiting[-1]; missing = [inputs not in done]; if missing, extend; "
        "else pop, and if it is not in done yet, add it to done and to the order.",
    ),
    points=3,
)


def backward(root):
    nodes = topological_order(root)
    for node in nodes:
        if node.inputs:
            node.grad = 0.0
    root.grad += 1.0
    for node in reversed(nodes):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope


def walks(rng: np.random.Generator) -> Iterator[Case]:
    yield from graphs(rng)
    x, y = leaves(4, 2.5)
    product = x * y
    root = product + x
    product.grad, root.grad = 1.0, 1.0
    yield _graph("a second walk over one graph", root)
    x, y = leaves(4, 2.5)
    x.grad, y.grad = 10.0, -1.0
    yield _graph("leaves that hold a gradient already", x * y + x)
    (x,) = leaves(7)
    x.grad = 2.0
    yield _graph("a single number that holds a gradient", x)


def _walk(seed=1.0, clear=True, leaves_too=False, order=reversed, step=None) -> Callable:
    """The walk with one of its parts replaced: `step` gives the new grad of an input."""

    def wrong(root):
        nodes = topological_order(root)
        for node in nodes:
            if clear and (node.inputs or leaves_too):
                node.grad = 0.0
        root.grad = root.grad + (root.data if seed == "value" else seed)
        for node in order(nodes):
            for i, (x, slope) in enumerate(zip(node.inputs, node.slopes, strict=True)):
                x.grad = step(x, node, slope, i) if step else x.grad + node.grad * slope

    return wrong


def _each_path(root):
    waiting = [(root, 1.0)]
    while waiting:
        node, g = waiting.pop()
        node.grad += g
        steps = zip(node.inputs, node.slopes, strict=True)
        waiting.extend((x, g * slope) for x, slope in steps)


def _set_to_one(root, clear=False, nodes=topological_order):
    """The walk that sets the root's gradient instead of adding to it."""
    for node in topological_order(root):
        if clear and node.inputs:
            node.grad = 0.0
    root.grad = 1.0
    for node in reversed(nodes(root)):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope


BACKWARD = Exercise(
    id="07.3",
    function=backward,
    cases=walks,
    fills=0,
    view=lambda args, root: gradients(root),
    expected="in .grad of every node: its slope; leaves add it to what they held",
    mistakes=(
        Mistake(
            _walk(step=lambda x, node, slope, i: node.grad * slope),
            "What comes back later overwrites what came before. Where ways meet, add.",
        ),
        Mistake(
            _walk(seed=0.0),
            "The walk begins with 0, so all is 0. What is the root's slope by itself?",
        ),
        Mistake(
            _walk(seed="value"),
            "The walk begins with the root's value. Its slope by itself is 1, whatever its value.",
        ),
        Mistake(
            _walk(step=lambda x, node, slope, i: x.grad + node.grad),
            "The gradient is handed on as it is. Multiply it by the slope of the way.",
        ),
        Mistake(
            _walk(step=lambda x, node, slope, i: x.grad + slope),
            "Only the last slope counts. Multiply it by the gradient of the node you come from.",
        ),
        Mistake(
            _walk(step=lambda x, node, slope, i: x.grad + node.grad * x.data),
            "You multiply by the input's value. The slope belongs there, node.slopes has it.",
        ),
        Mistake(
            _walk(step=lambda x, node, slope, i: x.grad + node.data * slope),
            "You hand on the node's value times the slope. Hand on its gradient.",
        ),
        Mistake(
            _walk(step=lambda x, node, slope, i: x.grad + node.grad + slope),
            "Along a way slopes are multiplied, not added.",
        ),
        Mistake(
            _walk(step=lambda x, node, slope, i: x.grad + node.grad * node.slopes[0]),
            "Every input gets the first slope. Each has its own: zip(node.inputs, node.slopes).",
        ),
        Mistake(
            _walk(order=lambda nodes: nodes),
            "Only the root's own inputs got something: what lies below had its turn too early, or "
            "never. Walk all nodes, from the root on.",
        ),
        Mistake(
            _set_to_one,
            "On a second walk old gradients in between are handed on again. Results begin at 0.",
        ),
        Mistake(
            lambda root: _set_to_one(root, clear=True),
            "If the root is itself a leaf, it adds 1 to what it holds: += there too.",
        ),
        Mistake(
            lambda root: _set_to_one(root, nodes=lambda root: []),
            "Only the root got a gradient. It has to hand it on: to its inputs, times the slopes.",
        ),
        Mistake(
            _walk(clear=False),
            "Nothing is cleared: on a second walk the root and all results in between still hold "
            "their old gradients.",
        ),
        Mistake(
            _walk(leaves_too=True),
            "The leaves were cleared. They add to what they hold; only results begin at 0.",
        ),
        Mistake(
            _each_path,
            "You walk every path, not every node. Let a node collect first, and hand on once: "
            "your topological_order says when.",
        ),
        Mistake(
            _deep(_each_path),
            "The function calls itself along every path. Walk a list of nodes instead: each once, "
            "after all of its users.",
        ),
        Mistake(
            lambda root: _set_to_one(root, clear=True, nodes=lambda root: _found(root)[::-1]),
            "A node hands on before all of its users have reported. Use your topological_order.",
        ),
    ),
    hints=(
        "Get the nodes from topological_order, set what was computed (node.inputs is not empty) "
        "to 0, and start with root.grad += 1.",
        "Walk the list from its end, with reversed: then users come before their inputs.",
        "for node in reversed(nodes): for x, slope in zip(node.inputs, node.slopes): "
        "x.grad += node.grad * slope.",
    ),
    points=3,
)


NUMBERS = (LOCAL_SLOPES, TOPOLOGICAL_ORDER, BACKWARD)
