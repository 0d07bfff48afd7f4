"""What the stepper says: operations with their numbers, slopes and where they come from.

Lessons: 07.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nnlearn.demos.backprop_patients import Send
from nnlearn.demos.backprop_record import Node, Recording
from nnlearn.demos.numerals import counted, shown

INFIX = ("+", "-", "*", "/")
LONGEST = 14


def name_of(rec: Recording, i: int) -> str:
    """What a node is called: its variable, or what it was made of, or its operation."""
    node = rec.nodes[i]
    if node.name:
        return node.name
    if not node.made:
        return shown(node.value)
    if i == len(rec.nodes) - 1:
        return "the result"
    text = written(rec, i)
    return text if len(text) <= LONGEST else f"this {node.op}"


ORDINALS = ("first", "second", "third", "fourth")


def input_of(rec: Recording, i: int, k: int) -> str:
    """Which input edge (i, k) comes from; of the two in e * e, the first e or the second."""
    node = rec.nodes[i]
    name = name_of(rec, node.inputs[k])
    if node.inputs.count(node.inputs[k]) == 1:
        return name
    n = node.inputs[:k].count(node.inputs[k])
    return f"the {ORDINALS[n] if n < len(ORDINALS) else 'next'} {name}"


def written(rec: Recording, i: int, numbers: bool = False) -> str:
    """How a node was computed, in names or in numbers: w * x, or 0.4 * 2."""
    node = rec.nodes[i]
    parts = []
    for place, x in enumerate(node.inputs):
        inner = rec.nodes[x]
        text = shown(inner.value) if numbers else name_of(rec, x)
        whole = bool(inner.name) or not inner.made or text.startswith("this ")
        binds = 9 if whole else strength(inner)
        if numbers:
            binds = 0 if text.startswith("−") else 9
        wanted = strength(node) + (place > 0 and node.op in ("-", "/"))
        parts.append(f"({text})" if binds < wanted else text)
    return form(node, parts, [rec.nodes[x].value for x in node.inputs])


def strength(node: Node) -> int:
    """How tightly an operation binds its parts; a function's brackets need no others."""
    if node.op.startswith("**"):
        return 4
    if node.op == "-" and len(node.inputs) == 1 and node.slopes[0] < 0:
        return 3
    return {"+": 1, "-": 1, "*": 2, "/": 2}.get(node.op, 0 if node.made else 9)


def form(node: Node, parts: Sequence[str], values: Sequence[float]) -> str:
    """An operation with its parts filled in; a plain number that the graph left out is put back."""
    op = node.op
    if op in INFIX and len(parts) == 2:
        return f"{parts[0]} {op} {parts[1]}"
    if len(parts) != 1:
        return f"{op}({', '.join(parts)})"
    only, x, y, slope = parts[0], values[0], node.value, node.slopes[0]
    if op.startswith("**"):
        return f"{only}{op}"
    if op == "*":
        return f"{only} * {shown(slope)}"
    if op == "+":
        return f"{only} + {shown(y - x)}"
    if op == "-" and slope < 0:
        return f"-{only}" if y == -x else f"{shown(y + x)} - {only}"
    if op == "-":
        return f"{only} - {shown(x - y)}"
    return f"{op}({only})"


def label(node: Node) -> str:
    """The operation as it stands in the picture: with the plain number that it has, as in "* 2"."""
    if len(node.inputs) == 1 and node.op in ("*", "+", "/"):
        return form(node, [""], [0.0 if node.op != "+" else node.value]).strip() or node.op
    return node.op


# ---- local slopes --------------------------------------------------------------------------------

# What the slope of an operation is, in words, from what went in (x), what else went in (other) and
# what came out (y). Shown only where it gives the slope that the engine recorded.
Rule = tuple[str, Callable[[float, float, float], float]]
RULES: Mapping[str, Rule] = {
    "*": ("the other factor, {other}", lambda x, other, y: other),
    "+": ("a sum grows as much as each of its parts", lambda x, other, y: 1.0),
    "tanh": ("1 - y*y, with y = {y}, which came out", lambda x, other, y: 1 - y * y),
    "exp": ("e**x again: what came out, {y}", lambda x, other, y: y),
    "log": ("1 / {x}", lambda x, other, y: 1 / x),
    "sigmoid": ("y*(1 - y), with y = {y}, which came out", lambda x, other, y: y * (1 - y)),
    "relu": ("1 where the input is positive, else 0", lambda x, other, y: float(x > 0)),
}


def why(rec: Recording, i: int, k: int) -> str:
    """Where the slope of an edge comes from."""
    node = rec.nodes[i]
    slope, x = node.slopes[k], rec.nodes[node.inputs[k]].value
    others = [rec.nodes[j].value for n, j in enumerate(node.inputs) if n != k]
    other = others[0] if others else slope
    text, rule = RULES.get(node.op) or _special(node, k, x, other)
    try:
        fits = abs(rule(x, other, node.value) - slope) <= 1e-9 * (1 + abs(slope))
    except (ArithmeticError, ValueError):
        fits = False
    if not fits or len(node.inputs) > 2:
        return "as the engine recorded it"
    return text.format(x=shown(x), other=shown(other), y=shown(node.value))


def _special(node: Node, k: int, x: float, other: float) -> Rule:
    """The rules that depend on the place of the input or on a power."""
    if node.op == "-":
        sign = -1.0 if node.slopes[k] < 0 else 1.0
        grows = "falls by as much as this part grows" if sign < 0 else "grows as much as this part"
        return f"the result {grows}", lambda x, other, y: sign
    if node.op == "/" and len(node.inputs) == 2:
        if k == 0:
            return "1 / {other}", lambda x, other, y: 1 / other
        return "-{other} / {x}**2", lambda x, other, y: -other / (x * x)
    if node.op.startswith("**") and len(node.inputs) == 1:
        try:
            p = float(node.op[2:])
        except ValueError:
            return "", lambda x, other, y: float("nan")
        text = "2 * {x}" if p == 2 else f"{shown(p)} * x**({shown(p - 1)}), x = {{x}}"
        return text, lambda x, other, y: p * x ** (p - 1)
    return "", lambda x, other, y: float("nan")


# ---- one step ------------------------------------------------------------------------------------


def question(rec: Recording, i: int, k: int) -> str:
    """The slope that may be guessed."""
    return f"slope of {written(rec, i)} with respect to {input_of(rec, i, k)}"


def forward(rec: Recording, i: int) -> list[str]:
    """One operation on the way forward: in names, in numbers."""
    node = rec.nodes[i]
    value = shown(node.value)
    names = [f"{node.name} = {written(rec, i)}"] if node.name else [written(rec, i)]
    return [*names, f"{written(rec, i, numbers=True)} = {value}"]


def start(rec: Recording, send: Send) -> list[str]:
    """Where backward starts."""
    last = name_of(rec, send.target)
    return [
        f"gradient of {last} = {shown(send.holds)}",
        f"Backward starts at the result. If {last} grows by 1, {last} grows by 1.",
    ]


def back(rec: Recording, send: Send, uses: int) -> list[str]:
    """One edge on the way back: the slope, the product, what has arrived."""
    here, there = name_of(rec, send.node), name_of(rec, send.target)
    slope = f"{question(rec, send.node, send.k)} = {shown(send.slope)}"
    recorded = rec.nodes[send.node].slopes[send.k] == send.slope
    reason = f"({why(rec, send.node, send.k)})" if recorded else ""
    here = f"({here})" if here == written(rec, send.node) else here  # a formula, not a name
    product = f"gradient at {here} × slope = {times(send.g, send.slope)} = {shown(send.product)}"
    return [f"{slope} {reason}".strip(), product, arrival(there, send, uses)]


def times(a: float, b: float) -> str:
    right = shown(b)
    return f"{shown(a)} × {f'({right})' if right.startswith('−') else right}"


def arrival(there: str, send: Send, uses: int) -> str:
    """The running sum where several edges meet; in numbers as they are, right or wrong."""
    came, holds = shown(send.product), shown(send.holds)
    if uses == 1:
        return f"gradient of {there} = {holds}"
    left = uses - send.arrived
    more = ("all have arrived" if not left else
            "one more to come" if left == 1 else f"{left} more to come")  # fmt: skip
    return f"{came} arrived at {there}, which now holds {holds}: {more}"


# ---- the sentence --------------------------------------------------------------------------------


def opening(rec: Recording, program: str) -> str:
    inputs = ", ".join(f"{rec.nodes[i].name} = {shown(rec.nodes[i].value)}" for i in rec.given)
    words = counted(len(rec.operations), "operation leads", "operations lead")
    return f"{program.capitalize()}: {inputs}; {words} to {name_of(rec, len(rec.nodes) - 1)}."


def ending(rec: Recording, held: Sequence[float]) -> str:
    """All gradients, when a pass is over."""
    last = name_of(rec, len(rec.nodes) - 1)
    parts = ", ".join(f"{rec.nodes[i].name} {shown(held[i])}" for i in rec.given)
    return f"The pass is complete. Gradients of {last}: {parts}."


def step(rec: Recording, send: Send | None, card: Sequence[str]) -> str:
    """The step that was just made, in a sentence."""
    if send is None:
        return card[0] + f" = {card[1].split(' = ', 1)[-1]}."
    if send.k < 0:
        return f"Backward starts: {card[0]}."
    return f"Back from {name_of(rec, send.node)} to {name_of(rec, send.target)}: {card[2]}."
