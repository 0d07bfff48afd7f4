"""What the lab sends to the browser: the points once, and for each frame the map and the numbers.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from nnlearn.demos.engine import Scenery
from nnlearn.demos.numerals import round_up
from nnlearn.demos.regularise_data import points_of
from nnlearn.demos.regularise_trace import COLUMNS
from nnlearn.demos.regularise_views import TRAIN
from nnlearn.demos.regularise_words import (
    events_words,
    masks_words,
    penalty_words,
    shown_gap,
    weights_words,
)

SHOWN = 100  # test points that are drawn
BINS = 31
MOST = 400  # epochs of a curve that are drawn


@cache
def scene_of(name: str, n: int, noise: float, share: float, seed: int) -> Scenery:
    """The points: the training points, those with a wrong label, some of the test points."""
    its = points_of(name, n, noise, share, seed)
    X, y = its.test
    p = its.guessing
    values = {"window": its.window, "wrong": its.wrong, "tested": len(y), "guessing": p,
              "guessing_loss": -float(p * np.log(p) + (1 - p) * np.log(1 - p))}  # fmt: skip
    arrays = {"X": its.X.astype(np.float32), "X_test": X[:SHOWN].astype(np.float32)}
    return values, {**arrays, "y": its.y.astype(np.uint8), "y_test": y[:SHOWN].astype(np.uint8)}


def histogram(flat: np.ndarray) -> dict[str, Any]:
    """The weights in 31 bins around 0, up to a round limit that holds all but a few."""
    limit = round_up(float(np.quantile(np.abs(flat), 0.995)))
    counts, _ = np.histogram(np.clip(flat, -limit, limit), BINS, (-limit, limit))
    return {"counts": counts, "limit": limit, "beyond": int((np.abs(flat) > limit).sum()),
            "words": weights_words(flat)}  # fmt: skip


def frame_values(demo: Any) -> Mapping[str, Any]:
    """Numbers of this epoch."""
    row, best = demo.trace.at(demo.t), demo.trace.at(demo.best)
    return {
        "row": {k: None if np.isnan(v) else v for k, v in row.items()}, "gap": shown_gap(row),
        "best": demo.best, "best_accuracy": best["test accuracy"],
        "epochs": demo.settings["epochs"], "penalty": penalty_words(demo),
        "histogram": histogram(demo.now.flat()), "masks": masks_words(demo),
        "point": demo.now.point, "factor": 1 / (1 - demo.trained["p"]),
        "dropping": demo.trained["p"] > 0 and demo.now.point is not None,
        "events": events_words(demo), "ghost": demo.ghost_words, "guess": demo.answered,
        "tries": demo.shaken if demo.settings["mode"] == TRAIN else None,
        "lost": demo.now.lost, "seed": demo.seed,
        "stopped": demo.stopped,
    }  # fmt: skip


def frame_arrays(demo: Any) -> Mapping[str, np.ndarray]:
    """The map, the curves thinned, the masks."""
    last = demo.trace.last
    keep = thinned(last)
    found = {
        **demo.maps, "steps": keep.astype(np.int32),
        "curves": demo.trace.rows[keep, :5].T.astype(np.float32),
        "masks": np.array(demo.now.masks, np.float32),
    }  # fmt: skip
    if demo.ghost is not None:
        its = thinned(demo.ghost.last)
        found["ghost_steps"] = its.astype(np.int32)
        column = COLUMNS.index("test")
        found["ghost"] = demo.ghost.rows[its, column].astype(np.float32)
    return found


def thinned(last: int) -> np.ndarray:
    """Epochs 0 to last, at most 400 of them, both ends among them."""
    return np.unique(np.linspace(0, last, min(last + 1, MOST)).round().astype(int))
