"""What the playground asks before it runs: a question for the points, and the runs that answer it.

Lessons: 08.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nnlearn.demos.predict import Choice


@dataclass(frozen=True)
class Asked:
    """A question, and two setups side by side that show its answer."""

    question: Choice
    runs: tuple[dict[str, Any], dict[str, Any]]


CIRCLES = Asked(
    Choice(
        "One hidden layer of tanh neurons, and a ring around a disk. Each neuron draws one soft "
        "straight line. How many neurons does it take at the least to get every point right?",
        {"A": "1", "B": "2", "C": "3", "D": "8 or more: a ring is round"},
        right="C",
        feedback={
            "A": "One neuron changes along one direction only: its boundary is one straight line.",
            "B": "Two lines cross, or run side by side. Neither encloses the disk: somewhere it "
            "stays open. Run it: A has three neurons, B has two.",
            "C": "Three lines make a triangle, and soft corners make it round. A has three "
            "neurons, B has two: run them.",
            "D": "Three will do: three lines make a triangle, and soft corners make it round. A "
            "has three neurons, B has two: run them.",
        },
    ),
    ({"hidden": (3,)}, {"hidden": (2,)}),
)
XOR = Asked(
    Choice(
        "Three hidden tanh neurons can tell these four squares apart; so can eight. Ten random "
        "starts each, 300 epochs of SGD: how often does training get every training point right?",
        {"A": "nearly always, with three and with eight",
         "B": "with eight always, with three seldom",
         "C": "with three more often: there are fewer weights to find"},
        right="B",
        feedback={
            "A": "With eight it did, ten times of ten. With three only once: most starts end in a "
            "valley with some points wrong. A has eight, B has three: run them.",
            "B": "Ten of ten with eight, one of ten with three. Enough neurons is not many "
            "neurons: spare ones leave a way round. A has eight, B has three: run them.",
            "C": "Ten of ten with eight, one of ten with three. Spare neurons leave a way round "
            "where three get stuck. A has eight, B has three: run them.",
        },
    ),
    ({"hidden": (8,)}, {"hidden": (3,)}),
)  # fmt: skip
LINEAR = Asked(
    Choice(
        'Take the activation away ("Linear": each neuron hands its sum on as it is). Two hidden '
        "layers of 8 neurons, 105 parameters. What does the boundary between the classes look "
        "like?",
        {"A": "straight", "B": "bent a little", "C": "as bent as the points need it"},
        right="A",
        feedback={
            "A": "Sums of sums are sums: all layers together are one. A has no activation, B has "
            "tanh: run them.",
            "B": "Not even a little: sums of sums are sums, so all layers together are one. A has "
            "no activation, B has tanh: run them.",
            "C": "105 parameters, but sums of sums are sums: all layers together are one. A has "
            "no activation, B has tanh: run them.",
        },
    ),
    ({"hidden": (8, 8), "activation": "Linear"}, {"hidden": (8, 8), "activation": "Tanh"}),
)


def asked_for(data: str) -> Asked:
    """The question that fits the points."""
    return {"circles": CIRCLES, "xor": XOR}.get(data, LINEAR)
