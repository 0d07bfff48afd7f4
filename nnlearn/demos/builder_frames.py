"""What a frame of the function builder holds.

Lessons: 08.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from nnlearn.demos.builder_networks import RELU, WIDTHS, WITHIN, Report, knees, shares, widths
from nnlearn.demos.builder_targets import EDGE, GRID, HIGH, LOW, TOP, Target
from nnlearn.demos.builder_words import unit_words, units_of
from nnlearn.demos.engine import Scenery
from nnlearn.demos.numerals import round_up

DRAWN = GRID[::2]  # where curves are drawn
COARSE = GRID[::4]  # where a neuron's own curve is drawn
TRACE = 150  # points of a training curve


@lru_cache(maxsize=8)
def ground_of(target: Target, activation: str, steepness: float) -> Scenery:
    """The curve, and the worst error of evenly spread networks by width."""
    found = widths(target, activation, steepness)
    values = {
        "range": [LOW, HIGH], "edge": EDGE, "top": TOP, "within": WITHIN, "name": target.called,
        "ticks": target.ticks, "heights": target.heights, "fewest": found.fewest,
        "rate": found.rate, "widths": list(WIDTHS),
    }  # fmt: skip
    return values, {"y": target.at(DRAWN).astype(np.float32), "worst": np.array(found.worst)}


def _errors(r: Report, lost: int) -> dict[str, Any]:
    """One network's errors; its own place on the curve is for the mark."""
    return {"worst": r.worst, "where": r.where, "says": float(np.interp(r.where, GRID, r.says)),
            "outside": r.outside, "where_outside": r.where_outside, "lost": lost}  # fmt: skip


def frame_values(demo: Any) -> dict[str, Any]:
    """Numbers and words."""
    race, net = demo.now, demo.net
    reports = race.reports(demo.target)
    parts = shares(net, race.activation, COARSE)
    size = float(np.abs(parts[np.isfinite(parts)]).max(initial=0.0))
    return {
        "points": [list(p) for p in demo.points], "look": demo.look, "width": demo.width,
        "nets": [_errors(r, n) for r, n in zip(reports, race.lost, strict=True)],
        "silent": [int(race.silent(i).sum()) for i in range(len(reports))],
        "dead": any(race.dead(i) for i in range(len(reports))),
        "quiet": bool(race.silent(demo.look)[demo.unit]), "first": list(race.record[0]),
        "updates": race.updates, "unit": demo.unit,
        "units": units_of(demo), "term": unit_words(demo),
        "knee": float(knees(net)[demo.unit]), "limit": round_up(size),
        "best": demo.best if race.activation == RELU else None, "undo": len(demo._past_hands),
        "held": demo.held,
    }  # fmt: skip


def frame_arrays(demo: Any) -> dict[str, np.ndarray]:
    """Curves: all networks (6, 601), the neurons of the one looked at (K, 301), the record."""
    race = demo.now
    says = np.stack([r.says[::2] for r in race.reports(demo.target)])
    record = np.array(race.record)
    keep = np.unique(np.linspace(0, len(record) - 1, min(TRACE, len(record))).round().astype(int))
    return {"says": np.clip(says, -1e6, 1e6).astype(np.float32),
            "parts": shares(demo.net, race.activation, COARSE).astype(np.float32),
            "steps": keep.astype(np.int32), "record": record[keep].astype(np.float32)}  # fmt: skip
