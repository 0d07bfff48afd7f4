"""The loss sculptor on paper: two sides, their pulls and the loss of each point.

Lessons: 04.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nnlearn.demos.esm import PALETTE
from nnlearn.demos.loss_points import Points
from nnlearn.demos.loss_rules import FAR, nice
from nnlearn.demos.loss_words import Named, called, capital
from nnlearn.demos.numerals import shown

LINE, PULL, INK = "#0661b7", "#7a3db8", "#1f1f1f"
MARKERS = {"triangle": "^", "circle": "o"}


def draw(
    named: Sequence[Named],
    points: Points,
    arrays: Mapping[str, np.ndarray],
    lines: Sequence[Sequence[float]] | None,
    sentence: str,
) -> Figure:
    """Both sides; `lines` holds the ends of both lines, or None for scores."""
    figure = Figure(figsize=(10, 5.4), layout="constrained")
    axes = figure.subplots(2, 2, gridspec_kw={"height_ratios": [3, 1]})
    for i, (name, side) in enumerate(named):
        top, low = axes[:, i]
        if lines is None:
            _scores(top, points, arrays["guess"][i], side.pull)
        else:
            _line(top, points, arrays, i, lines[i])
        top.set_title(f"{capital(called(name))}, total {shown(side.total)}", fontsize=14)
        low.bar(np.arange(len(side.each)) + 1, np.nan_to_num(side.each), color=PULL)
        low.set_xticks(np.arange(len(side.each)) + 1)
        low.set(ylabel="loss", xlabel="point")
        for ax in (top, low):
            ax.tick_params(labelsize=12)
            ax.xaxis.label.set_size(12)
            ax.yaxis.label.set_size(12)
    figure.suptitle(sentence, fontsize=13, wrap=True)
    return figure


def _line(
    ax: Any, points: Points, arrays: Mapping[str, np.ndarray], i: int, ends: Sequence[float]
) -> None:
    y, guess, pull = arrays["y"], arrays["guess"][i], arrays["pull"][i]
    ax.plot(points.ends, ends, color=LINE, lw=2.5)
    ax.vlines(points.x, y, guess, color=INK, lw=1, ls=":")
    longest = 0.2 * (points.window[1] - points.window[0])
    ax.quiver(points.x, guess, 0 * pull, _lengths(pull) * longest, color=PULL, angles="xy",
              scale_units="xy", scale=1, width=0.009, zorder=3)  # fmt: skip
    ax.plot(points.x, y, "o", color=INK, ms=8)
    ax.set(xlim=points.ends, ylim=points.window, xlabel="x", ylabel="y")


def _scores(ax: Any, points: Points, z: np.ndarray, pull: np.ndarray) -> None:
    rows = -np.arange(len(z)) - 1.0
    ax.axvline(0, color=INK, lw=1, ls=":")
    ax.quiver(z, rows, _lengths(pull) * 5, 0 * pull, color=PULL, angles="xy",
              scale_units="xy", scale=1, width=0.009)  # fmt: skip
    for label, kind in enumerate(PALETTE["classes"][:2]):
        at = points.labels == label
        ax.scatter(z[at], rows[at], s=80, c=kind["colour"], marker=MARKERS[kind["shape"]],
                   edgecolors=INK, label=f"should be {label}", zorder=3)  # fmt: skip
    ax.set(xlim=(-FAR - 0.5, FAR + 0.5), xlabel="score z")
    ax.set_yticks(rows, [str(k + 1) for k in range(len(z))])
    ax.set_ylabel("point")
    ax.legend(fontsize=12)


def _lengths(pull: np.ndarray) -> np.ndarray:
    """Pulls as shares of the scale that the view uses too; what is no number has no arrow."""
    return np.where(np.isfinite(pull), pull, 0.0) / nice(pull)
