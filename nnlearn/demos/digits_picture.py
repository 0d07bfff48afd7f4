"""The digits reader on paper: digits with answers, the two curves, what hidden neurons look for.

Lessons: 00.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import patheffects, rc_context
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from nnlearn.demos.esm import PALETTE

RIGHT, WRONG, INK, MUTED = "#0072B2", "#D55E00", "#1f1f1f", "#5a5a5a"
DIVERGING = LinearSegmentedColormap.from_list("nnlearn", PALETTE["diverging"])
GAP, TEXT = 1, 6  # pixels between two digits, and below one for its answer


def draw(
    *,
    pictures: np.ndarray,
    right: np.ndarray,
    answers: np.ndarray,
    record: np.ndarray,
    weights: np.ndarray,
    epochs: int,
    sentence: str,
) -> Figure:
    """Put the three parts on one sheet."""
    with rc_context({"font.family": "DejaVu Sans", "font.size": 12}):
        figure = Figure(figsize=(11, 5.4), facecolor="white")
        figure.text(0.025, 0.94, sentence, fontsize=13, fontweight="bold", color=INK)
        _digits(figure.add_axes((0.015, 0.02, 0.56, 0.88)), pictures, right, answers)
        _curves(figure.add_axes((0.645, 0.45, 0.33, 0.4)), record, epochs)
        if len(weights):
            _weights(figure.add_axes((0.62, 0.04, 0.3, 0.24)), weights)
    return figure


def _digits(axes: Any, pictures: np.ndarray, right: np.ndarray, answers: np.ndarray) -> None:
    rows, columns = answers.shape
    step_y, step_x = 8 + TEXT, 8 + 2 * GAP
    sheet = np.zeros((rows * step_y, columns * step_x))
    for r in range(rows):
        for c in range(columns):
            y, x = r * step_y, c * step_x + GAP
            sheet[y : y + 8, x : x + 8] = pictures[r, c]
            ok = bool(right[r, c])
            colour, sign = (RIGHT, "✓") if ok else (WRONG, "✗")
            axes.text(x + 3.5, y + 9.9, f"{answers[r, c]} {sign}", ha="center", va="center",
                      color=colour, fontsize=12, fontweight="normal" if ok else "bold")  # fmt: skip
            if not ok:
                axes.plot(
                    [x - 1, x + 8, x + 8, x - 1, x - 1], [y - 1, y - 1, y + 8, y + 8, y - 1],
                    color=WRONG, lw=2,
                )  # fmt: skip
    axes.imshow(sheet, cmap="Greys", vmin=0, vmax=1, interpolation="nearest")
    axes.set_xlim(-1, columns * step_x)
    axes.set_ylim(rows * step_y - 2, -2)
    axes.set_axis_off()


def _curves(axes: Any, record: np.ndarray, epochs: int) -> None:
    halo = [patheffects.withStroke(linewidth=3, foreground="white")]
    epoch, network, linear = record[:, 0], 100 * record[:, 1], 100 * record[:, 2]
    axes.axhline(10, color=MUTED, lw=1, ls=":")
    axes.text(epochs, 12, "blind guessing", ha="right", va="bottom", color=MUTED, fontsize=11)
    axes.plot(epoch, linear, color=WRONG, lw=2, ls=(0, (4, 1.5)))
    axes.plot(epoch, network, color=RIGHT, lw=2.5)
    axes.plot(epoch[-1:], network[-1:], "o", color=RIGHT, ms=7, clip_on=False)
    x = max(epoch[-1], 0.02 * epochs)
    for value, name, colour, up in ((network, "network", RIGHT, 1), (linear, "linear", WRONG, -1)):
        axes.text(
            x - 0.02 * epochs if x > epochs / 2 else x + 0.03 * epochs, value[-1] + 3 * up,
            f"{name} {value[-1]:.0f}", color=colour, fontweight="bold", path_effects=halo,
            ha="right" if x > epochs / 2 else "left", va="bottom" if up > 0 else "top",
        )  # fmt: skip
    axes.set(
        xlim=(0, epochs), ylim=(0, 112), yticks=[0, 25, 50, 75, 100], xlabel="epochs of practice"
    )
    axes.set_title("right answers of 100, unseen forms", fontsize=12, loc="left", color=INK)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)


def _weights(axes: Any, weights: np.ndarray) -> None:
    limit = float(np.abs(weights).max())
    columns = 6
    rows = -(-len(weights) // columns)
    sheet = np.full((rows * 9 - 1, columns * 9 - 1), np.nan)
    for i, picture in enumerate(weights):
        y, x = 9 * (i // columns), 9 * (i % columns)
        sheet[y : y + 8, x : x + 8] = picture.reshape(8, 8)
    image = axes.imshow(sheet, cmap=DIVERGING, vmin=-limit, vmax=limit, interpolation="nearest")
    axes.set_axis_off()
    axes.set_title(f"what {len(weights)} of its hidden neurons look for",
                   fontsize=12, loc="left", color=INK)  # fmt: skip
    key = axes.figure.add_axes((0.925, 0.05, 0.012, 0.22))
    bar = axes.figure.colorbar(image, cax=key, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels([f"−{limit:.2f}", "0", f"{limit:.2f}"], fontsize=11)
    bar.outline.set_visible(False)
