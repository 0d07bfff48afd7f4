"""The course's drawings: points by class, boundaries, pictures of digits and of weights.

A class has a colour and a shape of its own; weights run from brown over white to blue, with zero
always white. The colours keep their distance for all three kinds of colour blindness.

Lessons: 00, 01, 02, 04, 05, 06, 07, 08, 09.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from nnlearn.show.figure import Picture, new_axes

# the one file of colours: the demos' scripts read it too
PALETTE = json.loads((Path(__file__).parents[1] / "demos" / "palette.json").read_text("utf-8"))
CLASS_COLOURS = [kind["colour"] for kind in PALETTE["classes"]]
CLASS_MARKERS = [
    {"triangle": "^", "circle": "o", "square": "s"}[kind["shape"]] for kind in PALETTE["classes"]
]
WIDE = 10.5  # inches: as wide as a notebook shows at full size
DIVERGING = LinearSegmentedColormap.from_list("nnlearn", PALETTE["diverging"])


def points(axes: Axes, X: np.ndarray, y: np.ndarray, names: Sequence[str] = ("0", "1")) -> None:
    """Scatter the rows of X (N, 2), one colour and one marker for each class in y (N,)."""
    for k in np.unique(y).astype(int):
        axes.scatter(
            X[y == k, 0],
            X[y == k, 1],
            s=45,
            color=CLASS_COLOURS[k],
            marker=CLASS_MARKERS[k],
            edgecolors="#222",
            linewidths=0.6,
            label=names[k],
        )
    axes.legend(loc="lower right", frameon=False, fontsize=12)


def line(axes: Axes, w: np.ndarray, b: float, **style: Any) -> None:
    """Draw where w[0]*x + w[1]*y + b = 0, within the axes' present limits."""
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    style = {"color": "#222", "linewidth": 2, **style}
    if w[1] != 0:
        x = np.array([left, right])
        axes.plot(x, -(w[0] * x + b) / w[1], **style)
    elif w[0] != 0:
        axes.axvline(-b / w[0], **style)
    axes.set(xlim=(left, right), ylim=(bottom, top))


def digits(images: np.ndarray, titles: Sequence[object], alt: str, columns: int = 10) -> Picture:
    """Pictures (N, 64) or (N, 8, 8), ink dark, each under its title."""
    rows = -(-len(images) // columns)
    figure, (axes,) = new_axes(1, columns * 0.85, rows * 1.05)
    axes.axis("off")
    axes.grid(False)
    for i, (image, title) in enumerate(zip(images, titles, strict=True)):
        column, row = i % columns, i // columns
        cell = axes.inset_axes((column * 10, -row * 12, 8, 8), transform=axes.transData)
        cell.imshow(np.reshape(image, (8, 8)), cmap="gray_r", vmin=0, vmax=np.max(images))
        cell.set(xticks=[], yticks=[])
        cell.set_title(str(title), fontsize=12, pad=3)
    axes.set(xlim=(-1, columns * 10), ylim=(2 - 12 * rows + 8, 11))
    return Picture(figure, alt)


def weights(images: np.ndarray, titles: Sequence[object], alt: str) -> Picture:
    """Weights (K, 64) as 8x8 pictures on one scale: blue adds, brown takes away, white is 0."""
    limit = float(np.abs(images).max()) or 1.0
    side = min(2.6, WIDE / len(images))  # a wider figure is shown smaller, its words too
    figure, axes = new_axes(len(images), side, side + 0.3)
    for cell, image, title in zip(axes, images, titles, strict=True):
        shown = cell.imshow(np.reshape(image, (8, 8)), cmap=DIVERGING, vmin=-limit, vmax=limit)
        cell.set(xticks=[], yticks=[])
        cell.grid(False)
        cell.set_title(str(title))
    figure.colorbar(shown, ax=axes, shrink=0.8)
    return Picture(figure, alt)
