"""The function builder on paper.

Lessons: 08.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nnlearn.demos.builder_networks import GRID, RATED, WIDTHS, WITHIN, shares, widths
from nnlearn.demos.builder_targets import EDGE, HIGH, INSIDE, LOW, TOP
from nnlearn.demos.numerals import shown

NET, START, ERROR, INK = "#0661b7", "#b34700", "#7a3db8", "#1f1f1f"


def draw(demo: Any) -> Figure:
    """The curve with the network, the neurons one by one, and the worst error against the width."""
    figure = Figure(figsize=(10, 6.4), layout="constrained")
    grid = figure.add_gridspec(2, 2, width_ratios=[1.6, 1], height_ratios=[2, 1])
    top, low = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
    _sum(top, demo)
    _units(low, demo)
    _widths(figure.add_subplot(grid[:, 1]), demo)
    for ax in figure.axes:
        ax.tick_params(labelsize=12)
        for text in (ax.xaxis.label, ax.yaxis.label, ax.title):
            text.set_fontsize(12)
    figure.suptitle(demo.sentence(), fontsize=13, wrap=True)
    return figure


def _outside(ax: Any) -> None:
    """Shade what lies outside the range."""
    for a, b in ((-EDGE, LOW), (HIGH, EDGE)):
        ax.axvspan(a, b, color="#e4e4e4", lw=0)
    ax.set_xlim(-EDGE, EDGE)


def _sum(ax: Any, demo: Any) -> None:
    reports, y = demo.now.reports(demo.target), demo.target.at(GRID)
    looked, colour = demo.report, START if demo.look else NET
    _outside(ax)
    ax.fill_between(GRID[INSIDE], y[INSIDE] - WITHIN, y[INSIDE] + WITHIN, color="#cfcfcf", lw=0)
    ax.fill_between(GRID[INSIDE], y[INSIDE], looked.says[INSIDE], color=ERROR, alpha=0.35, lw=0)
    ax.plot(GRID, y, "--", color=INK, lw=2, label=demo.target.called)
    if demo.t or demo.look:
        for each in reports[1:]:
            ax.plot(GRID, each.says, ":", color=START, lw=1.5)
    ax.plot(GRID, looked.says, color=colour, lw=3, label=demo.called(demo.look))
    if not demo.t and not demo.look:
        ax.plot(*np.array(demo.points).T, "o", color=NET, mfc="white", mew=2, ms=8)
    at = np.interp(looked.where, GRID, y)
    ax.plot([looked.where] * 2, [at, np.interp(looked.where, GRID, looked.says)], color=ERROR, lw=4)
    ax.set(ylim=(-TOP, TOP), title=f"worst {shown(looked.worst)} on the range, "
           f"{shown(looked.outside)} outside (shaded)")  # fmt: skip
    ax.set_xticks(*zip(*demo.target.ticks, strict=True))
    ax.set_yticks(*zip(*demo.target.heights, strict=True))
    ax.legend(fontsize=12, loc="upper center", ncols=2)


def _units(ax: Any, demo: Any) -> None:
    _outside(ax)
    ax.plot(GRID, shares(demo.net, demo.now.activation, GRID).T, color=START if demo.look else NET,
            lw=1.5)  # fmt: skip
    ax.set(ylabel="each neuron alone")
    ax.set_xticks(*zip(*demo.target.ticks, strict=True))


def _widths(ax: Any, demo: Any) -> None:
    found = widths(demo.target, demo.now.activation, float(demo.settings["steepness"]))
    reports = demo.now.reports(demo.target)
    ax.loglog(WIDTHS, found.worst, "s-", color="#767676", mfc="white", label="spread evenly")
    ax.axhline(WITHIN, color=INK, ls="--", lw=1)
    if demo.t or demo.look:
        ax.loglog([demo.width] * (len(reports) - 1), [r.worst for r in reports[1:]], "^",
                  color=START, mfc="white", ms=9, label="random starts")  # fmt: skip
    ax.loglog(demo.width, max(reports[0].worst, 1e-4), "o", color=NET, ms=11, label="your network")
    ax.set(xlabel="neurons (width)", ylabel="worst error on the range", ylim=(1e-4, 10))
    ax.set_xticks(WIDTHS[::3], [str(k) for k in WIDTHS[::3]])
    ax.minorticks_off()
    if np.isfinite(found.rate):
        ax.set_title(f"from width {RATED}:\nlike width to the power {shown(found.rate)}")
    ax.legend(fontsize=12)
