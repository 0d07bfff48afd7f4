"""What the playground says in words: how training stands, what was changed, why it diverged.

Lessons: 08.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from nnlearn.demos.descent_steps import YOURS
from nnlearn.demos.esm import PALETTE
from nnlearn.demos.numerals import counted, shown

CLASSES = [kind["name"] for kind in PALETTE["classes"][:2]]
NAMES = {"lr": "rate", "batch_size": "batch size", "penalty": "penalty", "lam": "λ",
         "optimizer": "optimizer"}  # fmt: skip


def label_of(p: float) -> str:
    """What the network answers at a place.

    >>> label_of(0.25)
    'blue circle, 75 %'
    """
    sure = max(p, 1 - p)
    return f"{CLASSES[int(p > 0.5)]}, {100 * sure:.0f} %"


def event_words(event: Mapping[str, Any]) -> str:
    """A change on the way: "rate 0.01", "W2[0, 1] = 0.5"."""
    if "set" in event:
        return ", ".join(f"{NAMES[k]} {v:g}" if isinstance(v, float) else f"{NAMES[k]} {v}"
                         for k, v in event["set"].items())  # fmt: skip
    layer, value = event["layer"] + 1, shown(event["value"])
    if event["input"] is None:
        return f"b{layer}[{event['unit']}] = {value}"
    return f"W{layer}[{event['unit']}, {event['input']}] = {value}"


def lost_words(demo: Any, name: str) -> str:
    """When a run diverged, the likely cause, and the way on."""
    run = demo.now[name]
    s, back = run.setup, demo.records[name].best(run.lost)
    edited = any("set" not in e and e["t"] == run.lost - 1 for e in demo.plans[name].events)
    if edited:
        cause = "after a weight was set by hand"
    elif s.penalty == "L2" and s.lr * s.lam > 2 and s.optimizer == "SGD":
        cause = (f"rate times λ is {shown(s.lr * s.lam)}, above 2: the penalty alone throws the "
                 "weights further each step")  # fmt: skip
    else:
        more = "; momentum adds up to ten steps" if s.optimizer == "Momentum" else ""
        unbounded = s.activation in ("ReLU", "Linear") and len(s.hidden) > 0
        steep = f", and {s.activation} neurons have no upper limit" if unbounded else ""
        cause = f"the rate {shown(s.lr)} is too large{more}{steep}"
    return (f"diverged at epoch {run.lost}: {cause}. The picture shows the last good weights. "
            f"Go back to epoch {back} and lower the rate, to {shown(s.lr / 10)}, say.")  # fmt: skip


def run_words(demo: Any, name: str) -> str:
    """How one run stands."""
    run = demo.now[name]
    if run.lost:
        return lost_words(demo, name)
    train, _ = demo.points.sizes
    if not train:
        return "there are no points to learn from: paint some, of both classes"
    _, loss, _, penalty, right, test_right = run.measured
    coin = f" (a coin's is {shown(math.log(2))})" if demo.t == 0 and not demo.compare else ""
    parts = [f"loss {shown(loss)}{coin}"]
    if run.setup.penalty != "none":
        parts.append(f"penalty {shown(penalty)}")
    parts.append(f"{round(right * train)} of {counted(train, 'training point')} right")
    if math.isfinite(test_right):
        parts.append(f"{100 * test_right:.0f} % of the test points")
    return ", ".join(parts) + dead_words(demo, name)


def dead_words(demo: Any, name: str) -> str:
    """ReLU neurons that are 0 at every training point."""
    run = demo.now[name]
    if run.setup.activation != "ReLU" or not run.setup.hidden:
        return ""
    hidden = run.look.outputs(demo.points.train[0])[:-1]
    dead = sum(int((a <= 0).all(axis=0).sum()) for a in hidden)
    neurons = counted(dead, "ReLU neuron is", "ReLU neurons are")
    return f"; {neurons} 0 at every point" if dead else ""


def sentence_of(demo: Any) -> str:
    """The finding now: one run, or both."""
    start = "Before training" if demo.t == 0 else f"Epoch {demo.t}"
    if not demo.compare:
        said = run_words(demo, demo.chosen)
        if demo.now[demo.chosen].lost:
            return said[0].upper() + said[1:]
        return f"{start}: {said}{'' if said.endswith('.') else '.'}"
    told = [f"{name}, {setup_words(demo.now[name].setup)}: {run_words(demo, name).rstrip('.')}."
            for name in demo.plans]  # fmt: skip
    return f"{start}. {' '.join(told)}"


def setup_words(setup: Any) -> str:
    """A network and its training in a few words."""
    sizes = "-".join(map(str, setup.sizes))
    optimizer = "your optimizer" if setup.optimizer == YOURS else setup.optimizer
    return f"{sizes} {setup.activation}, {optimizer} at {shown(setup.lr)}"


def table_rows(demo: Any) -> list[dict[str, Any]]:
    """Every neuron of the shown runs: its weights, its bias, and what it gives at the probe."""
    rows = []
    for name in demo.plans:
        look = demo.now[name].look
        for i, layer in enumerate(look.sums(demo.probe)):
            where = "output" if i == len(look.layers) - 1 else f"hidden {i + 1}"
            for neuron in layer:
                weights = ", ".join(shown(float(w)) for w, _, _ in neuron["terms"])
                rows.append({"run": name, "layer": where, "neuron": neuron["unit"] + 1,
                             "weights": weights, "bias": float(neuron["bias"]),
                             "sum at the probe": float(neuron["z"]),
                             "output at the probe": float(neuron["a"])})  # fmt: skip
    return rows
