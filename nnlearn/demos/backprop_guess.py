"""Judging a guess of a local slope: right, or which mistake it looks like.

Lessons: 07.
"""

from __future__ import annotations

from nnlearn.demos.backprop_record import Recording
from nnlearn.demos.backprop_words import input_of, name_of, why

KIND = {
    "*": "If one factor grows by 1, the product grows by the other factor.",
    "+": "If one part of a sum grows by 1, by how much does the sum grow?",
    "-": "If this part grows by 1, by how much does the difference change, and which way?",
    "/": "Write a / b as a * b**-1.",
    "tanh": "Its slope comes from the value y that came out: 1 - y*y.",
    "exp": "exp is its own slope: look at the value that came out.",
    "log": "The slope of log at x is 1 / x.",
    "sigmoid": "Its slope comes from the value y that came out: y*(1 - y).",
    "relu": "Positive inputs pass unchanged, all others are cut to 0.",
    "**": "The slope of x**p is p * x**(p - 1).",
}


def near(a: float, b: float) -> bool:
    """Equal for somebody who computes with the three figures that are shown."""
    return abs(a - b) <= max(0.002, 0.02 * abs(b))


def judge(rec: Recording, i: int, k: int, g: float, guess: float) -> tuple[bool, str]:
    """Is `guess` the slope of edge (i, k)? If not, one line on the kind of mistake."""
    node = rec.nodes[i]
    slope, x = node.slopes[k], rec.nodes[node.inputs[k]].value
    there, here = name_of(rec, node.inputs[k]), name_of(rec, i)
    if near(guess, slope):
        return True, f"Right: {why(rec, i, k)}."
    hint = KIND.get("**" if node.op.startswith("**") else node.op, "Nudge the input: by how much "
                    "does the result move for each unit?")  # fmt: skip
    both = sum(s for s, j in zip(node.slopes, node.inputs, strict=True) if j == node.inputs[k])
    if near(guess, both):  # only where a node is used twice, as in e * e
        return False, f"That is all ways together. Only {input_of(rec, i, k)} moves now."
    if near(guess, -slope):
        return False, "The size is right, the sign is not: does the result rise or fall?"
    if near(guess, g * slope):
        return False, "That is the product, gradient × slope. Asked is the slope alone."
    if near(guess, x) and node.op != "+":
        return False, f"That is {there}'s own value. {hint}"
    if near(guess, node.value):
        return False, f"That is the value of {here}, not how fast it changes. {hint}"
    if near(guess, g):
        return False, f"That is the gradient at {here}: it comes later, as a factor. {hint}"
    if node.op == "tanh" and near(guess, 1 - x * x):
        return False, "1 - x*x takes what went in; take what came out: 1 - y*y."
    if guess == 0:
        return False, f"0 would mean: {there} can move and {here} does not notice. {hint}"
    return False, f"Not yet. {hint}"
