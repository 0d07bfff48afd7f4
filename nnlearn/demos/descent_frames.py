"""What the terrain sends to the browser: the ground once, and for each frame as little as will do.

Lessons: 05, 06.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from nnlearn.demos.descent_lanes import MOST
from nnlearn.demos.descent_map import Grid
from nnlearn.demos.descent_steps import YOURS
from nnlearn.demos.descent_surfaces import batch_of, surface_of, updates_per_epoch
from nnlearn.demos.descent_words import beside_limit, cell_name, limit_of
from nnlearn.demos.engine import Scenery

LEVELS = 14  # contour lines
NONE, GONE = np.float32(np.nan), np.float32(np.inf)  # a cell not yet run; one that diverged


@cache
def ground_of(name: str) -> Scenery:
    """The terrain itself: heights, contour levels, the bottoms."""
    surface = surface_of(name)
    heights = surface.ground()
    top = float(heights.max())
    shares = ((np.arange(LEVELS) + 0.5) / LEVELS) ** 2
    values = {
        "name": name, "axes": surface.axes, "window": surface.window, "lowest": surface.lowest,
        "least": surface.least, "top": top, "curvature": surface.curvature,
        "levels": surface.least + shares * (top - surface.least), "examples": surface.examples,
    }  # fmt: skip
    return values, {"heights": heights.astype(np.float32)}


def frame_values(demo: Any) -> Mapping[str, Any]:
    """Numbers of this step."""
    s, surface, lane = demo.settings, demo.surface, demo.lane
    per = updates_per_epoch(surface, demo.plan.batch_size)
    with np.errstate(all="ignore"):
        full = surface.gradient(lane.p)
        which = batch_of(surface, demo.t + 1, demo.plan.batch_size, demo.seed)
        batch_loss, batch = surface.batch(lane.p, which)
    limit = limit_of(surface, demo.kind, s["momentum"])
    return {
        "lanes": [_lane(demo, name) for name in demo.shown_lanes],
        "epoch": demo.plan.epoch(demo.t), "per_epoch": per, "updates": demo.plan.updates,
        "p": lane.p, "gradient": full, "batch_gradient": batch, "loss": lane.loss,
        "batch_loss": batch_loss, "noisy": not demo.plan.all_examples, "ended": lane.ended,
        "rate": demo.rates[demo.focus], "limit": limit[0] if limit else None,
        "formula": limit[1] if limit else "", "beside": beside_limit(demo.rates[demo.focus], limit),
        "momentum": "momentum" in demo.rules[demo.focus].settings, "yours": YOURS in demo.rules,
        "yours_label": demo.label(YOURS), "ghost": demo.ghost.label if demo.ghost else "",
        "map": _map(demo) if s["view"] == "map" else None, "filling": demo.filling,
    }  # fmt: skip


def _lane(demo: Any, name: str) -> dict[str, Any]:
    lane = demo.now[name]
    return {"name": name, "label": demo.label(name), "rate": demo.rates[name], "loss": lane.loss,
            "ended": lane.ended, "at": lane.at, "p": lane.p}  # fmt: skip


def _map(demo: Any) -> dict[str, Any]:
    """The grid of the map in words; its numbers travel as an array."""
    grid: Grid = demo.map.grid
    chosen = [k for k in range(grid.size)
              if all(demo.settings[name] == v for name, v in grid.settings(k).items())]  # fmt: skip
    rows = [demo.label(v) if grid.row == "optimizer" else str(v) for v in grid.values]
    steps = [demo.map.cells[k].at if k in demo.map.cells else 0 for k in range(grid.size)]
    return {"rows": rows, "rates": grid.rates, "row": grid.row, "full": demo.map.full,
            "chosen": chosen[0] if chosen else None, "run_for": grid.run_for, "steps": steps,
            "names": [cell_name(grid, k) for k in range(grid.size)]}  # fmt: skip


def frame_arrays(demo: Any) -> Mapping[str, np.ndarray]:
    """The walks so far, thinned; the ghost; the cells of the map."""
    steps, paths, losses = demo.trace.upto(demo.t, demo.shown_lanes, MOST)
    found = {"steps": steps, "paths": paths.astype(np.float32), "losses": losses.astype(np.float32)}
    if not demo.plan.all_examples and len(demo.shown_lanes) == 1:
        found["batch"] = demo.trace.seen(steps, demo.focus).astype(np.float32)
    ghost = demo.ghost
    if ghost:
        found |= {"ghost_steps": ghost.steps, "ghost": ghost.paths.astype(np.float32),
                  "ghost_losses": ghost.losses.astype(np.float32)}  # fmt: skip
    if demo.settings["view"] == "map":
        cells = np.full(demo.map.grid.size, NONE, np.float32)
        for k, lane in demo.map.cells.items():
            cells[k] = GONE if lane.ended == "diverged" else lane.loss
        found["cells"] = cells
    return found
