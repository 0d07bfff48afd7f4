"""The programs that the stepper offers, each a plain function of named numbers.

Lessons: 07.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from nnlearn.demos.controls import DemoError
from nnlearn.demos.predict import Choice

YOURS = "yours"
MOST_INPUTS = 12


def one_neuron(x, w, b, y):
    p = w * x
    z = p + b
    a = z.tanh()
    e = a - y
    loss = e**2
    return loss


def used_twice(x, w):
    h = x * w
    s = h.tanh()
    p = s * x
    out = p + h
    return out


def two_neurons(x, w1, b1, w2, b2, y):
    a1 = (w1 * x + b1).tanh()
    a2 = (w2 * x + b2).tanh()
    e = a1 + a2 - y
    loss = e * e
    return loss


def sigmoid_by_parts(x, w):
    z = w * x
    n = -z
    e = n.exp()
    d = e + 1
    s = d**-1
    return s


@dataclass(frozen=True)
class Offer:
    """A program with the numbers that it begins with."""

    run: Callable[..., Any]
    inputs: Mapping[str, float]


PROGRAMS: Mapping[str, Offer] = {
    "one neuron": Offer(one_neuron, {"x": 2.0, "w": 0.4, "b": 0.0, "y": 0.5}),
    "a value used twice": Offer(used_twice, {"x": 1.5, "w": -0.4}),
    "two neurons and a loss": Offer(
        two_neurons, {"x": 1.5, "w1": 0.6, "b1": -0.3, "w2": -0.8, "b2": 0.7, "y": 1.0}
    ),
    "sigmoid by parts": Offer(sigmoid_by_parts, {"x": 2.0, "w": 0.5}),
}
FIRST = "one neuron"

BIAS = Choice(
    "One neuron: z = w * x + b, then tanh, then the squared error. Its bias b is 0. "
    "What will the gradient of the loss with respect to b be?",
    {
        "A": "0, because b is 0",
        "B": "the gradient that arrives at z, unchanged",
        "C": "the gradient that arrives at z, times x",
        "D": "there is none: a zero takes no part",
    },
    right="B",
    feedback={
        "A": "The value is 0, the gradient asks something else: how much would the loss change if "
        "b grew a little? z would grow as much as b does. Step through and see.",
        "B": "z = p + b grows exactly as much as b does, wherever b stands. A sum hands its "
        "gradient on unchanged, to a 0 too. Step through and see.",
        "C": "That is w's: w is multiplied by x on its way. b is only added, so z grows as much as "
        "b does. Step through and see.",
        "D": "It takes part as soon as it moves: z grows as much as b does, and so the loss "
        "changes. A gradient is about moving. Step through and see.",
    },
)
TWICE = Choice(
    "A number is used in two places of a program. From each place a gradient comes back to it. "
    "What is its gradient?",
    {
        "A": "the last one that arrives",
        "B": "the larger of the two",
        "C": "their sum",
        "D": "their average",
    },
    right="C",
    feedback={
        "A": "Then the first place would have had no say. Nudge the number: both places change, "
        "and the changes add up. Watch where edges meet.",
        "B": "The smaller one counts as well: nudge the number and both places change the result. "
        "The changes add up. Watch where edges meet.",
        "C": "Nudge the number: both places change the result, and small changes add up. That is "
        "the + in +=. Watch where edges meet.",
        "D": "Nothing is shared out: one nudge moves both places in full, and the changes add up. "
        "Watch where edges meet.",
    },
)


def checked_program(program: Any, inputs: Any) -> Offer:
    """A learner's program with its numbers, or a word on what is wrong with them."""
    if not callable(program):
        names = ", ".join(map(repr, PROGRAMS))
        raise DemoError(f"program is a function or one of {names}, not {program!r}")
    try:
        known = dict(inspect.signature(program).parameters)
    except (TypeError, ValueError):
        raise DemoError(
            "the names of the program's inputs cannot be read: write it with def"
        ) from None
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD, p.POSITIONAL_ONLY) for p in known.values()):
        raise DemoError("write the program's inputs out by name: def program(x, w, b)")
    numbers = {n: p.default for n, p in known.items() if isinstance(p.default, Real)}
    given = dict(inputs or {})
    if extra := [name for name in given if name not in known]:
        raise DemoError(f"the program has no input {', '.join(map(repr, extra))}; "
                        f"it has {', '.join(known) or 'none'}")  # fmt: skip
    numbers.update(given)
    if missing := [name for name in known if name not in numbers]:
        example = ", ".join(f'"{name}": 0.5' for name in missing)
        raise DemoError(f"give a number for {', '.join(missing)}: inputs={{{example}}}")
    if not 1 <= len(known) <= MOST_INPUTS:
        raise DemoError(f"a program has 1 to {MOST_INPUTS} inputs, this one {len(known)}")
    return Offer(program, {name: checked_number(name, numbers[name]) for name in known})


def checked_number(name: str, value: Any) -> float:
    """A finite number for an input."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise DemoError(f"{name} must be a number, not {value!r}") from None
    if not math.isfinite(number) or abs(number) > 1e6:
        raise DemoError(f"{name} = {number:g}: give a number from -1000000 to 1000000")
    return number


def offers(program: Any, inputs: Any) -> tuple[dict[str, Offer], str]:
    """All programs that can be chosen, and the one that was."""
    found = dict(PROGRAMS)
    name = FIRST if program is None else program if isinstance(program, str) else YOURS
    run = PROGRAMS[name].run if name in PROGRAMS else program
    if name not in PROGRAMS or inputs is not None:
        default = PROGRAMS[name].inputs if name in PROGRAMS else {}
        found[name] = checked_program(run, {**default, **dict(inputs or {})})
    return found, name
