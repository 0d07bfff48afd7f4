"""The lab on paper: the map with its points, the losses over the epochs, the weights.

Lessons: 09.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnlearn.demos.esm import PALETTE
from nnlearn.demos.regularise_frames import SHOWN, histogram
from nnlearn.demos.regularise_network import L1, L2
from nnlearn.demos.regularise_words import change_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEWEST = 10  # epochs on the axis, also before the first
LINES = {"train": ("#00795A", "-"), "test": ("#A3467F", "-"), "validation": ("#6b6b6b", ":")}
MARKS = (("#D55E00", "^"), ("#0072B2", "o"))


def draw(demo: Any) -> Figure:
    """Three panels and the sentence."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 4.4), layout="constrained")
    ground, curves, bars = figure.subplots(1, 3)
    _map(ground, demo)
    _curves(curves, demo)
    _bars(bars, demo)
    for ax in (ground, curves, bars):
        ax.tick_params(labelsize=12)
        for text, size in ((ax.title, 14), (ax.xaxis.label, 12), (ax.yaxis.label, 12)):
            text.set_fontsize(size)
    figure.suptitle(demo.sentence(), fontsize=12, wrap=True)
    return figure


def _map(ax: Any, demo: Any) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    its, arrays = demo.points, demo.maps
    (left, right), (low, high) = its.window
    colours = LinearSegmentedColormap.from_list("chance", PALETTE["diverging"])
    box = (left, right, low, high)
    ax.imshow(arrays["map"], cmap=colours, vmin=0, vmax=1, extent=box, alpha=0.6)
    test = arrays.get("test", arrays["map"])
    if test.min() < 0.5 < test.max():
        side = len(test)
        ax.contour(np.linspace(left, right, side), np.linspace(high, low, side), test, [0.5],
                   colors="black", linewidths=2)  # fmt: skip
    X, y = (part[:SHOWN] for part in its.test)
    for k, (colour, marker) in enumerate(MARKS):
        ax.plot(*X[y == k].T, marker, mfc="none", mec=colour, ms=5)
        ax.plot(*its.X[its.y == k].T, marker, mfc=colour, mec="black", ms=8)
    ax.plot(*its.X[its.wrong].T, "x", color="white", ms=5, mew=2)
    ax.set(xlim=(left, right), ylim=(low, high), xlabel="x1", ylabel="x2",
           title=f"{demo.settings['mode']}, epoch {demo.t}")  # fmt: skip


def _curves(ax: Any, demo: Any) -> None:
    trace, steps = demo.trace, np.arange(demo.t + 1)
    how = {} if demo.t else {"marker": "o", "clip_on": False}  # a line of one point
    for name, (colour, dash) in LINES.items():
        ax.plot(steps, trace.column(name, demo.t), dash, color=colour, lw=2.5, label=name,
                **how)  # fmt: skip
    if demo.programme.at(demo.t)["penalty"] in (L1, L2):
        ax.plot(steps, trace.column("penalty", demo.t), "--", color="#1f1f1f", lw=2,
                label="penalty, apart")  # fmt: skip
    if demo.t:
        ax.axvline(demo.best, color="#0b5cad", lw=2, ls=":",
                   label=f"best by validation: {demo.best}")  # fmt: skip
    for t, change in demo.programme.events:
        if t <= demo.t:
            ax.axvline(t, color="black", lw=1, ls=":")
            ax.annotate(change_words(change), (t, 0.97), (-3, 0), ("data", "axes fraction"),
                        "offset points", rotation=90, va="top", ha="right",
                        fontsize=12)  # fmt: skip
    ax.set(xlabel="epoch", ylabel="loss", title="loss, without the penalty",
           xlim=(0, max(FEWEST, demo.t)), ylim=(0, None))  # fmt: skip
    ax.legend(fontsize=12)


def _bars(ax: Any, demo: Any) -> None:
    its = histogram(demo.now.flat())
    edges = np.linspace(-its["limit"], its["limit"], len(its["counts"]) + 1)
    ax.bar(edges[:-1], its["counts"], np.diff(edges), align="edge", color="#0b5cad")
    ax.set(xlabel="weight", ylabel="how many", title="the weights")
