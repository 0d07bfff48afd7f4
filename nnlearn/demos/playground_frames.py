"""What the playground sends to the browser: the points once, then a frame for every moment.

Lessons: 08.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from nnlearn.demos.engine import Scenery
from nnlearn.demos.playground_network import (
    WARP,
    bent,
    grid,
    output_map,
    unit_maps,
)
from nnlearn.demos.playground_points import Points
from nnlearn.demos.playground_words import CLASSES, event_words, label_of, lost_words


def scenery_of(points: Points) -> Scenery:
    """The points: sent again only when they change."""
    train, test = points.sizes
    values: dict[str, Any] = {
        "classes": CLASSES, "extent": [-points.extent, points.extent], "train": train,
        "test": test, "data": points.name,
    }  # fmt: skip
    arrays: dict[str, np.ndarray] = {
        "points": points.X.astype(np.float32),
        "labels": points.y.astype(np.uint8),
        "is_test": points.is_test.astype(np.uint8),
    }
    return values, arrays


def frame_values(demo: Any) -> Mapping[str, Any]:
    """Numbers and words of this moment."""
    return {
        "chosen": demo.chosen, "compare": demo.compare,
        "runs": [_run(demo, name) for name in demo.plans],
        "probe": _probe(demo), "focus": _focus(demo),
        "edits": len(demo.edits), "can_undo": bool(demo.edits),
        "can_undo_paint": demo.can_undo_paint, "yours": demo.owned.names,
    }  # fmt: skip


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _run(demo: Any, name: str) -> dict[str, Any]:
    run, plan = demo.now[name], demo.plans[name]
    epochs, loss, test_loss, penalty, right, test_right = run.measured
    look, s = run.look, run.setup
    named = look.layers[-2][0].shape[0] if len(look.layers) > 1 else 0
    lost = {"at": run.lost, "words": lost_words(demo, name),
            "back_to": demo.records[name].best(run.lost)} if run.lost else None  # fmt: skip
    return {
        "name": name, "sizes": s.sizes, **{k: v for k, v in asdict(s).items() if k != "hidden"},
        "params_count": sum(W.size + b.size for W, b in look.layers), "epoch": int(epochs),
        "loss": _number(loss), "test_loss": _number(test_loss), "penalty": penalty,
        "accuracy": _number(right), "test_accuracy": _number(test_right), "diverged": lost,
        "changes": [{"t": e["t"], "kind": "set" if "set" in e else "edit", "words": event_words(e)}
                    for e in plan.until(demo.t).events],
        "map_scale": demo.maps(name)[1],
        "warp_names": [f"neuron {k + 1}" for k in range(2)] if named >= 2 else None,
    }  # fmt: skip


def _probe(demo: Any) -> dict[str, Any]:
    look, x = demo.now[demo.chosen].look, demo.probe
    layers = look.sums(x)
    p = layers[-1][0]["a"]
    return {"x": x, "layers": layers, "output": p, "label_words": label_of(float(p))}


def _focus(demo: Any) -> dict[str, Any]:
    """The neuron whose sum is opened."""
    name, layer, unit = demo.focus
    last = layer == len(demo.now[name].setup.sizes) - 2
    words = "the output" if last else f"hidden layer {layer + 1}, neuron {unit + 1}"
    return {"run": name, "layer": layer, "unit": unit, "words": words}


def frame_arrays(demo: Any) -> Mapping[str, np.ndarray]:
    """Weights, maps and curves of the runs; the bent space and the focus where they are shown."""
    found: dict[str, np.ndarray] = {}
    with np.errstate(over="ignore"):  # float64 into float32
        _fill(demo, found)
    return found


def _fill(demo: Any, found: dict[str, np.ndarray]) -> None:
    for r, name in enumerate(demo.plans):
        run = demo.now[name]
        found[f"w{r}"] = run.flat().astype(np.float32)
        found[f"maps{r}"] = demo.maps(name)[0]
        found[f"out{r}"] = output_map(run.look, demo.points.extent)
        found[f"curves{r}"] = demo.records[name].upto(demo.t)
        if demo.view.get("warp") and len(run.look.layers) > 1 and run.setup.hidden[-1] >= 2:
            found[f"warp{r}"] = bent(run.look, demo.points.X)
            found[f"warpgrid{r}"] = bent(run.look, grid(demo.points.extent, WARP)).reshape(
                WARP, WARP, 2
            )


def maps_of(demo: Any, name: str) -> tuple[np.ndarray, list[list[float]]]:
    """The maps of a run's hidden neurons, and their scales."""
    return unit_maps(demo.now[name].look, demo.points.extent)
