"""The activation bench on paper: four plots for readers without widgets.

Lessons: 03.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnlearn.demos.esm import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VALUE, SLOPE = "#0072B2", "#C24E00"


def bench_picture(bench: Any) -> Figure:
    """The function with its slope, the products of slopes, the map, the loss."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 8), layout="constrained")
    (function, products), (plane, losses) = figure.subplots(2, 2)
    _function(function, bench)
    _products(products, bench)
    _plane(plane, bench)
    steps = np.append(bench.now.losses[: bench.t], bench.judged()[0])
    losses.plot(steps, color=VALUE, lw=2.5, marker="o" if len(steps) == 1 else None)
    losses.set(title=f"loss, step {bench.t}", xlabel="step", ylim=(0, None))
    for ax in (function, products, plane, losses):
        ax.tick_params(labelsize=12)
        for text, size in ((ax.title, 14), (ax.xaxis.label, 12), (ax.yaxis.label, 12)):
            text.set_fontsize(size)
    return figure


def _function(ax: Any, bench: Any) -> None:
    y, slope = bench.curves()
    z = np.linspace(-6, 6, len(y))
    ax.plot(z, y, color=VALUE, lw=2.5, label="value")
    ax.plot(z, slope, color=SLOPE, lw=2.5, ls="--", label="slope")
    at = bench.settings["probe"]
    ax.plot([at, at], bench.at(at), "o", color="black")
    ax.set(title=bench.label, xlabel="z", ylim=(-2, 4))
    ax.legend(fontsize=12)


def _products(ax: Any, bench: Any) -> None:
    ax.set(title="product of the slopes", xlabel="layer")
    found = [layer.product for layer in bench.signals().layers]
    if not bench.answer_known:
        ax.text(0.5, 0.5, "your guess first", ha="center", fontsize=13, transform=ax.transAxes)
    elif any(found):
        ax.semilogy(range(1, len(found) + 1), found, "o-", color=SLOPE, lw=2.5)
        powers = np.log10([p for p in found if p > 0])
        ax.set_ylim(10 ** np.floor(powers.min() - 0.1), 10 ** np.ceil(powers.max() + 0.1))
        ax.minorticks_off()
    else:
        ax.text(0.5, 0.5, "0: no slope gets through", ha="center", fontsize=13,
                transform=ax.transAxes)  # fmt: skip


def _plane(ax: Any, bench: Any) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    colours = LinearSegmentedColormap.from_list("sign", PALETTE["diverging"])
    x, y, side = bench.window()
    box = (x, x + side, y, y + side)
    ax.imshow(bench.decisions(), extent=box, cmap=colours, vmin=0, vmax=1)
    for label, (kind, shape) in enumerate(zip(PALETTE["classes"][:2], "^o", strict=True)):
        x1, x2 = bench.X[bench.y == label].T
        ax.scatter(x1, x2, s=28, c=kind["colour"], marker=shape, edgecolors="black", lw=0.6)
    ax.set(title=f"network, {bench.judged()[1]} of {len(bench.y)} right", xlabel="x1", ylabel="x2")
