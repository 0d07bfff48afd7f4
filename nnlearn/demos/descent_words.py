"""What the terrain says in words: a walk, a race, a map, and why a run diverged.

Lessons: 05, 06.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.demos.descent_steps import YOURS
from nnlearn.demos.descent_surfaces import Surface
from nnlearn.demos.numerals import shown


def limit_of(surface: Surface, kind: str, momentum: float) -> tuple[float, str] | None:
    """The rate from which on a full-batch run diverges, and its formula; None if there is none."""
    if surface.curvature is None or kind not in ("SGD", "Momentum"):
        return None
    if kind == "SGD" or momentum == 0:
        return 2 / surface.curvature, "2/L"
    return 2 * (1 + momentum) / surface.curvature, "2(1 + momentum)/L"


def beside_limit(lr: float, limit: tuple[float, str] | None) -> str:
    """A rate beside its limit: "0.19 is 95 % of 2/L = 0.2"; empty where there is no limit.

    >>> beside_limit(0.19, (0.2, "2/L"))
    '0.19 is 95 % of 2/L = 0.2'
    >>> beside_limit(10, (0.5, "2/L"))
    '10 is 2,000 % of 2/L = 0.5'
    """
    if limit is None:
        return ""
    share = 100 * lr / limit[0]
    near = 99 < share < 101
    percent = f"{share:.1f}" if near else shown(share, 2) if share < 100 else size(share)
    return f"{shown(lr, 5 if near else 3)} is {percent} % of {limit[1]} = {shown(limit[0])}"


def size(value: float) -> str:
    """A loss in three figures, in full up to a million.

    >>> size(1008.2), size(0.0123)
    ('1,010', '0.0123')
    """
    if 1e3 <= abs(value) < 1e6:
        return f"{float(f'{value:.3g}'):,.0f}".replace("-", "−")
    return shown(value)


def place(surface: Surface, p: np.ndarray) -> str:
    """Where a walker stands: "w1 = −2.2, w2 = 1.3"."""
    return ", ".join(f"{axis} = {shown(v)}" for axis, v in zip(surface.axes, p, strict=True))


def why_diverged(
    surface: Surface, lr: float, limit: tuple[float, str] | None, all_examples: bool
) -> str:
    """The cause of a divergence and the way back."""
    if limit and lr > limit[0]:
        cause = f"the rate {shown(lr)} is above {limit[1]} = {shown(limit[0])}"
    elif limit and not all_examples:
        cause = (f"the rate {shown(lr)} is below {limit[1]} = {shown(limit[0])} of all examples, "
                 "but a small batch can be steeper")  # fmt: skip
    else:
        cause = f"the rate {shown(lr)} is too large for a slope this steep"
    return f"{cause}; rewind and lower it."


def walk_words(demo: Any) -> str:
    """One walker: where it is, what the loss is, how its rate stands to the limit."""
    lane, name, surface = demo.lane, demo.label(demo.focus), demo.surface
    lr = demo.rates[demo.focus]
    limit = limit_of(surface, demo.kind, demo.settings["momentum"])
    name = name[:1].upper() + name[1:]
    if lane.ended == "diverged" and demo.t >= lane.at:
        return (f"{name} diverged at step {lane.at}: "
                + why_diverged(surface, lr, limit, demo.plan.all_examples))  # fmt: skip
    where = place(surface, lane.p)
    if demo.t == 0:
        beside = beside_limit(lr, limit)
        rate = f" The rate {beside}." if beside else f" Its rate is {shown(lr)}."
        return f"{name} stands at {where}: loss {size(lane.loss)}.{rate}"
    when = f"Step {demo.t}"
    if surface.examples:
        when += f", epoch {demo.plan.epoch(demo.t)}"
    if lane.ended == "arrived":
        return f"{when}: {name} is at the bottom, {where}, loss {size(lane.loss)}."
    slope = float(np.linalg.norm(surface.gradient(lane.p)))
    tail = f", {size(lane.loss - surface.least)} above the lowest" if surface.least else ""
    return (f"{when}: {name} is at {where}, loss {size(lane.loss)}{tail}; "
            f"length of the gradient {shown(slope)}.")  # fmt: skip


def ranking(demo: Any) -> list[str]:
    """The racers, lowest loss first; who diverged comes last."""
    lanes = demo.now

    def height(name: str) -> tuple[bool, float]:
        return lanes[name].ended == "diverged", lanes[name].loss

    return sorted(demo.rules, key=height)


def race_words(demo: Any) -> str:
    """Who is where, in a sentence."""
    if demo.t == 0:
        each = "each at its own rate" if demo.settings["rates"] == "each its own" else (
            f"all at the rate {shown(demo.settings['lr'])}")  # fmt: skip
        return (f"{len(demo.rules)} optimizers stand at {place(demo.surface, demo.start)}, {each}"
                f"{', with the same batches' if not demo.plan.all_examples else ''}.")  # fmt: skip
    told = []
    for name in ranking(demo):
        lane = demo.now[name]
        said = size(lane.loss - demo.surface.least)
        if lane.ended:
            said = f"diverged at step {lane.at}" if lane.ended == "diverged" else "at the bottom"
        told.append(f"{demo.label(name)} {said}")
    return f"Step {demo.t}, loss above the lowest: {', '.join(told)}."


def map_words(demo: Any) -> str:
    """How much of the map is there, the best cell, and how many diverged."""
    grid, cells = demo.map.grid, demo.map.cells
    if not cells:
        rows = "batch sizes" if grid.row == "batch_size" else "optimizers"
        return (f"The map is empty: {len(grid.values)} {rows} by {len(grid.rates)} rates, each "
                f"cell a run of {grid.run_for}.")  # fmt: skip
    alive = {k: lane for k, lane in cells.items() if lane.ended != "diverged"}
    text = f"{len(cells)} of {grid.size} runs"
    there = sum(lane.ended == "arrived" for lane in cells.values())
    if there:
        text += f": {there} {'are' if there > 1 else 'is'} at the bottom"
    elif alive:
        best = min(alive, key=lambda k: alive[k].loss)
        text += f": the lowest loss is {size(alive[best].loss)}, {cell_name(grid, best)}"
    lost = len(cells) - len(alive)
    return f"{text}; {lost} diverged." if lost else f"{text}."


def cell_name(grid: Any, cell: int) -> str:
    """What a cell is: "batch 16, rate 0.01"."""
    its = grid.settings(cell)
    row = f"batch {its['batch_size']}" if grid.row == "batch_size" else (
        "your own" if its["optimizer"] == YOURS else its["optimizer"])  # fmt: skip
    return f"{row}, rate {its['lr']:g}"


def table_rows(demo: Any) -> list[dict[str, Any]]:
    """What the picture shows, as rows."""
    if demo.settings["view"] == "map":
        return [
            {
                "run": cell_name(demo.map.grid, k),
                "result": f"diverged at step {lane.at}" if lane.ended == "diverged" else "ran",
                "steps": lane.at,
                "loss": lane.loss,
            }
            for k, lane in sorted(demo.map.cells.items())
        ]
    rows = []
    steps, paths, losses = demo.trace.upto(demo.t, demo.shown_lanes, 40)
    for i, name in enumerate(demo.shown_lanes):
        for k, t in enumerate(steps):
            if np.isfinite(losses[i, k]):
                at = {a: float(v) for a, v in zip(demo.surface.axes, paths[i, k], strict=True)}
                rows.append({"optimizer": demo.label(name), "step": int(t), **at,
                             "loss": float(losses[i, k])})  # fmt: skip
    return rows
