"""The playground on paper: the boundary of every run among the points, its neurons, the curves.

Lessons: 08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from nnlearn.demos.esm import PALETTE
from nnlearn.demos.playground_network import output_map
from nnlearn.demos.playground_words import setup_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEWEST = 10  # epochs on the axis, also before the first
SHAPES = {"triangle": "^", "circle": "o", "square": "s"}
FIRST, SECOND = PALETTE["classes"][:2]
COLOURS = LinearSegmentedColormap.from_list(
    "classes", [FIRST["colour"], "#f6f6f6", SECOND["colour"]]
)


def draw(demo: Any) -> Figure:
    """A picture for each run, and their losses."""
    from matplotlib.figure import Figure

    runs = list(demo.plans)
    figure = Figure(figsize=(4.6 * len(runs) + 4.6, 4.8), layout="constrained")
    *pictures, curves = figure.subplots(1, len(runs) + 1)
    for ax, name in zip(pictures, runs, strict=True):
        _boundary(ax, demo, name)
    _curves(curves, demo)
    for ax in (*pictures, curves):
        ax.tick_params(labelsize=12)
        for text, size in ((ax.title, 13), (ax.xaxis.label, 12), (ax.yaxis.label, 12)):
            text.set_fontsize(size)
    figure.suptitle(demo.sentence(), fontsize=12, wrap=True)
    return figure


def _boundary(ax: Any, demo: Any, name: str) -> None:
    """The probability over the picture, the line where it is a half, and the points."""
    r, points, run = demo.points.extent, demo.points, demo.now[name]
    p = output_map(run.look, r)
    ax.imshow(p, cmap=COLOURS, vmin=0, vmax=1, extent=(-r, r, -r, r), alpha=0.6)
    if p.min() < 0.5 < p.max():
        middle = (np.arange(len(p)) + 0.5) / len(p) * 2 * r - r
        ax.contour(middle, middle[::-1], p, [0.5], colors="black", linewidths=2)
    for k, kind in enumerate((FIRST, SECOND)):
        for test in (False, True):
            x = points.X[(points.y == k) & (points.is_test == test)]
            ax.scatter(x[:, 0], x[:, 1], marker=SHAPES[kind["shape"]], s=26, linewidths=1,
                       facecolors="none" if test else kind["colour"],
                       edgecolors=kind["colour"] if test else "black")  # fmt: skip
    kept = ", hollow: new, for the test" if points.is_test.any() else ""
    ax.set(xlabel=f"x1 (filled: it learns from these{kept})", ylabel="x2",
           title=f"{name}: {setup_words(run.setup)}")  # fmt: skip


def _curves(ax: Any, demo: Any) -> None:
    """Loss on the training points (line), on the test points (dashed), and the penalty (dots)."""
    for name, colour in zip(demo.plans, ("#1f1f1f", "#0661b7"), strict=False):
        rows = demo.records[name].upto(demo.t)
        how = {"marker": "o", "clip_on": False} if len(rows) == 1 else {}  # a line of one point
        ax.plot(rows[:, 0], rows[:, 1], color=colour, lw=2.5, label=f"{name} train", **how)
        if np.isfinite(rows[:, 2]).any():
            ax.plot(rows[:, 0], rows[:, 2], "--", color=colour, lw=2, mfc="none",
                    label=f"{name} test", **how)  # fmt: skip
        if (rows[:, 3] > 0).any():
            ax.plot(rows[:, 0], rows[:, 3], ":", color=colour, lw=2, label=f"{name} penalty")
    ax.set(xlabel="epoch", title="loss", xlim=(0, max(FEWEST, demo.t)), ylim=(0, None))
    ax.legend(fontsize=12)
