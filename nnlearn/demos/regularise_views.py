"""How the network answers on the map: in test mode, with dropout left on, thinned fifty times.

Nothing here touches the training: the coins for looking are of a generator of their own.

Lessons: 09.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.demos.regularise_network import accuracy_of, chances

TEST, TRAIN, MANY = "test mode", "train mode (a mistake)", "50 thinned networks"
MODES = (TEST, TRAIN, MANY)
SIDE, COARSE = 48, 36  # the map has so many places each way
NETWORKS, DRAWN = 50, 12  # thinned networks; of so many the boundary is drawn
TRIES = 10
LOOK = 9  # the generator of what is only looked at is [seed, 9, epoch, try]


def grid(window: Any, side: int) -> np.ndarray:
    """The places of the map, rows from the top: (side * side, 2)."""
    (left, right), (low, high) = window
    across, up = np.meshgrid(np.linspace(left, right, side), np.linspace(high, low, side))
    return np.stack([across.ravel(), up.ravel()], axis=1)


def looking(demo: Any, number: int = 0) -> np.random.Generator:
    return np.random.default_rng([demo.seed, LOOK, demo.t, demo.tries, number])


def calm(demo: Any, X: np.ndarray) -> np.ndarray:
    """Logits in test mode."""
    return np.asarray(
        demo.now.logits(X, demo.settings["p"], demo.drop, looking(demo), training=False)
    )


def shaken(demo: Any, X: np.ndarray, number: int = 0) -> np.ndarray:
    """Logits with dropout left on: every point has its own mask."""
    return np.asarray(
        demo.now.logits(X, demo.settings["p"], demo.drop, looking(demo, number), training=True)
    )


def maps(demo: Any) -> dict[str, np.ndarray]:
    """The chance of class 1 at every place: as shown, and in test mode where that is not shown."""
    mode, window = demo.settings["mode"], demo.points.window
    side = COARSE if mode == MANY else SIDE
    places = grid(window, side)
    test = chances(calm(demo, places)).reshape(side, side)
    if mode == TEST:
        return {"map": test.astype(np.float32)}
    if mode == TRAIN:
        shown = chances(shaken(demo, places)).reshape(side, side)
        return {"map": shown.astype(np.float32), "test": test.astype(np.float32)}
    each = chances(demo.now.thinned(places, demo.settings["p"], demo.drop, looking(demo), NETWORKS))
    thin = (255 * each[:DRAWN]).round().astype(np.uint8).reshape(DRAWN, side, side)
    mean = each.mean(axis=0).reshape(side, side)
    return {"map": mean.astype(np.float32), "test": test.astype(np.float32), "thin": thin}


def tries(demo: Any) -> dict[str, float]:
    """Test accuracy with dropout left on: this try, and the range of some more."""
    X, y = demo.points.test
    first = accuracy_of(shaken(demo, X, 1), y)
    logits = shaken(demo, np.tile(X, (TRIES, 1)), 2).reshape(TRIES, len(X))
    found = [accuracy_of(row, y) for row in logits]
    return {"this": first, "low": min(*found, first), "high": max(*found, first)}


def agreement(arrays: dict[str, np.ndarray]) -> float:
    """The share of the map where the mean of the thinned networks and test mode decide alike."""
    return float(np.mean((arrays["map"] > 0.5) == (arrays["test"] > 0.5)))
