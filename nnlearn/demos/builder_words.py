"""What the function builder asks and says.

Lessons: 08.
"""

from __future__ import annotations

from typing import Any

from nnlearn.demos.builder_networks import (
    MOST,
    RELU,
    SEARCHED,
    WITHIN,
    Report,
    knees,
    widths,
)
from nnlearn.demos.builder_targets import Target
from nnlearn.demos.numerals import counted, shown
from nnlearn.demos.predict import Number

PATIENCE = 1000  # updates before it is said that training has not found a network
SAFE = 0.01  # at this rate almost every neuron of a hand stays alive (SGD and Adam, every curve)
UNIT = {"ReLU": "hinge", "Sigmoid": "sigmoid neuron", "Tanh": "tanh neuron"}


def fewest(target: Target) -> int:
    """How many hinges the question is about; a curve that needs too many counts as the most."""
    return widths(target, RELU, 1.0).fewest or SEARCHED


def question(target: Target) -> Number:
    """How many hinges does this curve need?"""
    even = "with knees spread evenly and every knee on the curve"
    return Number(
        f"Hinges (ReLU neurons) spread evenly over the range, every knee on the curve: how many "
        f"does {target.called} need until the sum is nowhere more than {WITHIN:g} off?",
        within=1,
        feedback={
            "right": f"It takes {{outcome}}, {even}. Can you do it "
            "with fewer, by putting the knees where the curve bends?",
            "low": f"{{answer}} {{are}} too few: see where it misses. It takes {{outcome}}, {even}."
            " Can you do it with fewer, by putting the knees where the curve bends?",
            "high": f"{{answer}} are more than enough: {{outcome}} do, {even}. Can you do it "
            "with fewer still, by putting the knees where the curve bends?",
        },
        low=1, high=SEARCHED, unit="hinges", one="hinge",
    )  # fmt: skip


def outside_words(r: Report, target: Target) -> str:
    """What a network does where nothing is promised; a part of its own."""
    return (f"Outside the range, where nothing is promised: off by up to {target.off(r.outside)}, "
            f"at {target.place(r.where_outside)}.")  # fmt: skip


def sentence(demo: Any) -> str:
    """The finding now."""
    if demo.look:
        return f"{start_words(demo)} {outside_words(demo.report, demo.target)}"
    words = trained_words(demo) if demo.t else built_words(demo)
    return f"{words} {outside_words(demo.report, demo.target)}"


def units_of(demo: Any) -> str:
    """How many neurons of which kind: "12 hinges"."""
    return counted(demo.width, UNIT[demo.settings["activation"]])


def built_words(demo: Any) -> str:
    """Of the hand's network, before training."""
    r, units, target = demo.report, units_of(demo), demo.target
    one = demo.width == 1
    how = f"{target.off(r.worst)} at worst, at {target.place(r.where)}."
    if r.within:
        stay = "stays" if one else "stay"
        return f"Your {units} {stay} within {WITHIN:g} of {target.called} on the whole range: {how}"
    return f"Your {units} {'misses' if one else 'miss'} {target.called} by {how}"


def trained_words(demo: Any) -> str:
    """Of the hand's network after training, and of its rivals."""
    race, r = demo.now, demo.report
    first = race.record[0][0]
    if race.lost[0]:
        mine = lost_words(demo, 0)
    else:
        mine = (f"After {race.updates:,} updates your network misses by {shown(r.worst)} at worst "
                f"({shown(first)} as you built it).")  # fmt: skip
    return f"{mine}{dead_words(demo)} {rivals_words(demo)}"


def rivals_words(demo: Any) -> str:
    """How many random starts found what a hand can build, and how the others do."""
    race = demo.now
    rivals = race.reports(demo.target)[1:]
    near = sum(r.within for r in rivals)
    missing = [r.worst for r, lost in zip(rivals, race.lost[1:], strict=True)
               if not lost and not r.within]  # fmt: skip
    gone = sum(map(bool, race.lost[1:]))
    text = f"Of {len(rivals)} random starts as wide, {near or 'none'} {_is(near)} within {WITHIN:g}"
    if missing:
        low, high = shown(min(missing)), shown(max(missing))
        others = "the others miss" if near else "they miss"
        text += f"; {others} by {low}" + (f" to {high}" if low != high else "")
    text += f"; {gone} diverged." if gone else "."
    exists = min(race.record[0][0], race.reports(demo.target)[0].worst) <= WITHIN
    if exists and not near and race.updates >= PATIENCE:
        text += " A good network exists; from these starts training has not found one."
    return text


def _is(n: int) -> str:
    return "are" if n > 1 else "is"


def start_words(demo: Any) -> str:
    """Of the random start that is looked at."""
    i, race, r = demo.look, demo.now, demo.report
    if race.lost[i]:
        return lost_words(demo, i)
    units = units_of(demo)
    return (f"Random start {i}, {units}, after {race.updates:,} updates: off by "
            f"{demo.target.off(r.worst)} at worst, at {demo.target.place(r.where)}."
            f"{dead_words(demo)}")  # fmt: skip


def dead_words(demo: Any) -> str:
    """Of the network looked at: how many hinges died in training, why they stay so, a way out."""
    race, i = demo.now, demo.look
    if race.lost[i] or not race.dead(i):
        return ""
    silent, lr = int(race.silent(i).sum()), demo.settings["lr"]
    before, gone = silent - race.dead(i), silent == demo.width
    everyone = "Both" if demo.width == 2 else f"All {demo.width}"
    who = f"{everyone if gone else f'{silent} of {demo.width}'} ReLU neurons"
    verb, them = ("answers", "it") if silent == 1 else ("answer", "them")
    some = f", {before} of {them} from the start" if before else ""
    flat = ": the sum is a flat line there" if gone else ""
    return (f" {who} {verb} 0 at every point of the range{some}{flat}. No gradient comes through "
            f"a 0, so nothing pulls on {them} any more. A way out: rewind, and train at a lower "
            f"rate, such as {SAFE if lr > SAFE else lr / 10:g}.")  # fmt: skip


def lost_words(demo: Any, i: int) -> str:
    """Who diverged, when, and the way back."""
    who = f"Random start {i}" if i else "Your network"
    s = demo.settings
    return (f"{who} diverged at update {demo.now.lost[i]}: the rate {s['lr']:g} is too large for "
            f"{s['optimizer']} here; rewind and lower it.")  # fmt: skip


def unit_words(demo: Any) -> str:
    """The chosen neuron as a term of the sum."""
    net, k = demo.net, demo.unit
    w, b, v = (float(n) for n in (net.W1[k, 0], net.b1[k], net.W2[0, k]))
    name = {"ReLU": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh"}[demo.settings["activation"]]
    inner = {"1": "x", "−1": "−x"}.get(shown(w), f"{shown(w)}·x")
    sign = "−" if b < 0 else "+"
    return f"{shown(v)} · {name}({inner} {sign} {shown(abs(b))})"


def table_rows(demo: Any) -> list[dict[str, Any]]:
    """Every network's errors, then every neuron of the one that is looked at."""
    rows: list[dict[str, Any]] = []
    for i, r in enumerate(demo.now.reports(demo.target)):
        rows.append({"what": demo.called(i), "worst on the range": r.worst, "at x": r.where,
                     "worst outside": r.outside, "mean on the range": r.mean,
                     "diverged at": demo.now.lost[i] or "", "0 on the range": "",
                     "knee": "", "w": "", "b": "", "output weight": ""})  # fmt: skip
    net, silent = demo.net, demo.now.silent(demo.look)
    for k, knee in enumerate(knees(net)):
        rows.append({"what": f"neuron {k + 1} of {demo.called(demo.look)}",
                     "worst on the range": "", "at x": "", "worst outside": "",
                     "mean on the range": "", "diverged at": "",
                     "0 on the range": "yes" if silent[k] else "no",
                     "knee": float(knee), "w": float(net.W1[k, 0]), "b": float(net.b1[k]),
                     "output weight": float(net.W2[0, k])})  # fmt: skip
    return rows


FULL = f"{MOST} neurons are as many as fit in a hand here; remove one first"
