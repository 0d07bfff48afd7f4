"""What the terrain asks before it moves: one question for each thing there is to see.

Lessons: 05, 06.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnlearn.demos.descent_lanes import Plan, entered, walk
from nnlearn.demos.descent_steps import RULES
from nnlearn.demos.descent_surfaces import DAYS, Surface
from nnlearn.demos.numerals import shown
from nnlearn.demos.predict import Choice, Curve, Question

STEPS, TOP = 8, 3.0  # the drawn curve: so many steps, up to so many times the first loss


@dataclass(frozen=True)
class Asked:
    """A question, and the settings that show its answer."""

    question: Question
    see: dict[str, Any]
    truth: list[float] | None = None  # the curve, where a curve was asked for


def losses(surface: Surface, lr: float, steps: int) -> list[float]:
    """The loss of plain SGD with all examples from the first start; it may end early."""
    plan = Plan(surface, surface.start, surface.examples, 0.0, 0, steps)
    lane = entered(plan, RULES["SGD"])
    found = [lane.loss]
    for t in range(1, steps + 1):
        walk(plan, "SGD", RULES["SGD"], lane, t, lr)
        found.append(lane.loss)
    return found


def curve(surface: Surface, lr: float) -> list[float]:
    """Its first eight steps as shares of the first loss, cut off at the top of the pad."""
    found = np.array(losses(surface, lr, STEPS))
    return [float(v) for v in np.clip(found / found[0], 0, TOP).round(4)]


def twice(surface: Surface) -> Asked:
    """Draw the loss for twice the rate."""
    base, known = surface.asked, curve(surface, surface.asked)
    limit = 2 / (surface.curvature or 1)
    question = Curve(
        f"The dots show the loss of plain gradient descent over {STEPS} steps at the rate "
        f"{base:g}. Move them to where they will be at twice the rate, {2 * base:g}. The top is "
        f"{TOP:g} times the loss it begins with.",
        kind=lambda answer, _: _kind(answer, known),
        feedback={
            "right": f"The loss grows: {2 * base:g} is above 2/L = {shown(limit)}, and every step "
            "lands higher than it began. (Solid: what happened.)",
            "faster": "Twice the step is not twice the way down. Past 2/L each step flies over "
            "the bottom and lands higher on the other side. (Solid: what happened.)",
            "same": "The step is twice as long, and it matters: each one now flies over the "
            "bottom and lands higher on the other side. (Solid: what happened.)",
            "slower": f"It does get worse, and further than you drew: above 2/L = {shown(limit)} "
            "it grows without end. (Solid: what happened.)",
        },
        points=STEPS + 1, high=TOP, x="step", y="loss", start=known,
    )  # fmt: skip
    see = {"surface": surface.name, "optimizer": "SGD", "lr": 2 * base,
           "batch_size": DAYS, "run_for": "200 updates"}  # fmt: skip
    return Asked(question, see, curve(surface, 2 * base))


def _kind(answer: Sequence[float], known: Sequence[float]) -> str:
    """What somebody thinks who drew this."""
    if answer[-1] > answer[0] * 1.05:
        return "right"
    change = sum(answer) - sum(known)
    if abs(change) < 0.04 * sum(known):
        return "same"
    return "faster" if change < 0 else "slower"


RIDGE = Asked(
    Choice(
        "A ball starts high on the right. Near it lies a shallow valley, behind a ridge a deeper "
        "one. Plain SGD ends in the shallow one. With momentum 0.9 the ball ...",
        {"A": "ends in the shallow one too: the gradient decides",
         "B": "rolls over the ridge into the deep one",
         "C": "stops on the ridge, where the gradient is 0"},
        right="B",
        feedback={
            "A": "The gradient decides the next step alone. Momentum adds up the steps before, "
            "and they carry it over the ridge.",
            "B": "It arrives with the speed of the slope behind it. Luck is part of it: from "
            "elsewhere it may end on the other side.",
            "C": "There the gradient is 0, but the speed is not.",
        },
    ),
    {"optimizer": "Momentum", "lr": 0.016, "momentum": 0.9,
     "run_for": "200 updates"},
)  # fmt: skip
RACE = Asked(
    Choice(
        "All start together, each at a rate that suits it. For plain SGD that is nearly 2/L, "
        "which the steepest direction allows. When Momentum and Adam are at the bottom, SGD ...",
        {"A": "is there too: its rate is as large as it can be",
         "B": "is down the steep side and still far away along the valley",
         "C": "has diverged"},
        right="B",
        feedback={
            "A": "As large as the steep direction bears. Along the flat one the gradient is small, "
            "and so is the step.",
            "B": "One rate for all directions: the steep one limits it, the flat one needs more.",
            "C": "Below 2/L it cannot diverge here. But along the flat direction it creeps.",
        },
    ),
    {"rates": "each its own", "batch_size": 366, "run_for": "200 updates"},
)  # fmt: skip
MAP = Asked(
    Choice(
        "With all 366 days at a time, SGD bears the rate 0.0125, just below 2/L. At the same rate, "
        "but with one day at a time, it ...",
        {"A": "gets there sooner: 366 updates an epoch", "B": "shakes, but goes down all the same",
         "C": "diverges"},
        right="C",
        feedback={
            "A": "More updates, yes, and each one far too long: for a single warm day the loss is "
            "several times as steep as for all days together.",
            "B": "At a smaller rate, yes. At this one a single warm day throws it out: for that "
            "day alone the loss is several times as steep.",
            "C": "2/L belongs to the loss of all days. For a single warm day the curvature is "
            "several times as large.",
        },
    ),
    {"optimizer": "SGD", "lr": 0.0125, "batch_size": 1, "run_for": "200 updates"},
)  # fmt: skip


def one_rate(surface: Surface) -> Asked:
    """Who bears a rate above 2/L?"""
    lr = float(f"{2.2 / (surface.curvature or 1):.2g}")
    question = Choice(
        f"SGD, Momentum, RMSProp and Adam start together, all at the rate {lr:g}: a tenth above "
        "2/L. Who diverges?",
        {"A": "all of them: above 2/L every step lands higher",
         "B": "SGD alone",
         "C": "SGD, and Momentum even sooner: it adds its steps up"},
        right="B",
        feedback={
            "A": "2/L is the limit of plain SGD. Adam and RMSProp divide by the size of the "
            "gradient: a steeper slope makes no longer step.",
            "B": "Momentum bears more, 2(1 + momentum)/L: steps that point to and fro cancel in "
            "its memory. Adam and RMSProp divide by the size of the gradient.",
            "C": "It adds up steps that point the same way. Here they point to and fro and cancel: "
            "momentum bears 2(1 + momentum)/L.",
        },
    )  # fmt: skip
    return Asked(question, {"rates": "one for all", "optimizer": "SGD", "lr": lr,
                            "momentum": 0.9, "run_for": "200 updates"})  # fmt: skip


def asked_for(surface: Surface, view: str) -> Asked:
    """The question that fits what is looked at first."""
    if surface.curvature is None:
        asked = RIDGE
    elif surface.examples and view in ("race", "map"):
        asked = RACE if view == "race" else MAP
    else:
        asked = one_rate(surface) if view == "race" else twice(surface)
    return replace(asked, see={**asked.see, "view": view})
