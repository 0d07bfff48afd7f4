"""The terrain on paper: the walks on the ground, and the loss over the steps; or the map.

Lessons: 05, 06.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnlearn.demos.descent_steps import YOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOKS = {
    "SGD": ("#0072B2", "o"), "Momentum": ("#D55E00", "^"), "RMSProp": ("#00795A", "s"),
    "Adam": ("#A3467F", "D"), YOURS: ("#1f1f1f", "*"),
}  # fmt: skip
FLOOR = 1e-10  # what is this close to the lowest is drawn as this close


def draw(demo: Any) -> Figure:
    """The terrain with the walks, and beside it the losses or the map."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.6), layout="constrained")
    ground, side = figure.subplots(1, 2)
    _ground(ground, demo)
    _walks(ground, side, demo)
    if demo.settings["view"] == "map":
        side.clear()
        _map(side, demo)
    for ax in (ground, side):
        ax.tick_params(labelsize=12)
        for text, size in ((ax.title, 14), (ax.xaxis.label, 12), (ax.yaxis.label, 12)):
            text.set_fontsize(size)
    figure.suptitle(demo.sentence(), fontsize=12, wrap=True)
    return figure


def _ground(ax: Any, demo: Any) -> None:
    values, arrays = demo.scenery()
    window, heights = values["window"], arrays["heights"]
    if heights.ndim == 1:
        ax.plot(
            np.linspace(window[0][0], window[0][1], len(heights)), heights, color="#767676", lw=2
        )
        ax.set(xlabel=values["axes"][0], ylabel="loss")
    else:
        across, up = (np.linspace(low, high, len(heights)) for low, high in window)
        ax.contourf(across, up[::-1], heights, values["levels"], cmap="viridis", alpha=0.35,
                    extend="both")  # fmt: skip
        ax.contour(across, up[::-1], heights, values["levels"], colors="#555", linewidths=0.6)
        ax.set(xlabel=values["axes"][0], ylabel=values["axes"][1], xlim=window[0], ylim=window[1])
        ax.plot(*np.array(values["lowest"]).T, "x", color="black", ms=9, mew=2.5)
    ax.set_title(f"{values['name']}, step {demo.t}")


def _walks(ground: Any, side: Any, demo: Any) -> None:
    steps, paths, losses = demo.trace.upto(demo.t, demo.shown_lanes, 400)
    log = demo.settings["axis"] == "log"
    for name, path, loss in zip(demo.shown_lanes, paths, losses, strict=True):
        colour, marker = LOOKS[name]
        y = path[:, 1] if path.shape[1] > 1 else loss
        ground.plot(path[:, 0], y, ".-", color=colour, lw=2, ms=4)
        ground.plot(*_place(demo.now[name]), marker, color=colour, ms=10, mec="white")
        height = np.maximum(loss - demo.surface.least, FLOOR) if log else loss
        side.plot(steps, height, color=colour, lw=2.5, label=demo.label(name),
                  marker=marker if len(steps) == 1 else None)  # fmt: skip
    side.set(xlabel="step", title="loss above the lowest" if log else "loss")
    if log:
        side.set_yscale("log")
    side.legend(fontsize=12)


def _place(lane: Any) -> tuple[float, float]:
    """Where a walker stands in the picture."""
    return (lane.p[0], lane.p[1] if len(lane.p) > 1 else lane.loss)


def _map(ax: Any, demo: Any) -> None:
    grid, cells = demo.map.grid, demo.map.cells
    numbers = np.full(grid.size, np.nan)
    for k, lane in cells.items():
        numbers[k] = np.nan if lane.ended == "diverged" else lane.loss - demo.surface.least
    shape = len(grid.values), len(grid.rates)
    ax.imshow(np.log10(np.maximum(numbers, 1e-9)).reshape(shape), cmap="viridis", aspect="auto")
    for k, lane in cells.items():
        if lane.ended == "diverged":
            ax.text(k % shape[1], k // shape[1], "×", ha="center", va="center", fontsize=14)
    rows = [demo.label(v) if grid.row == "optimizer" else str(v) for v in grid.values]
    ax.set_yticks(range(shape[0]), rows)
    ax.set_xticks(range(shape[1]), [f"{r:g}" for r in grid.rates], rotation=45)
    ax.set(xlabel="learning rate", ylabel=grid.row.replace("_", " "),
           title="loss above the lowest (× diverged)")  # fmt: skip
