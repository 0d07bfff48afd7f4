"""The signal lab on paper: the std after each layer, or ten neurons as pictures.

Lessons: 02.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nnlearn.demos.esm import PALETTE
from nnlearn.demos.signal_network import DEAD, HUGE, Layer
from nnlearn.demos.signal_weights import NEURONS, Look

DIVERGING = LinearSegmentedColormap.from_list("nnlearn", PALETTE["diverging"])
BLUE = PALETTE["classes"][1]["colour"]


def depth(layers: Sequence[Layer], most: int, sentence: str) -> Figure:
    """The curve on its logarithmic axis."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    ax = figure.subplots()
    stds = np.array([v.std for v in layers])
    shown = np.isfinite(stds) & (stds > 0)
    ax.semilogy(np.flatnonzero(shown), stds[shown], "o-", color=BLUE, lw=2)
    for limit in (DEAD, HUGE):
        ax.axhline(limit, color="#767676", ls="--", lw=1)
    low, high = min(stds[shown].min(), 1e-3), max(stds[shown].max(), 1e3)
    ax.set(xlim=(-0.5, most + 0.5), ylim=(low / 3, high * 3))
    ax.set_xlabel("layer (0: the digits)", fontsize=12)
    ax.set_ylabel("std of its outputs", fontsize=12)
    ax.set_title(sentence, fontsize=12, wrap=True)
    ax.tick_params(labelsize=12)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def weights(look: Look) -> Figure:
    """Ten neurons on one scale, each with its bias."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots(2, NEURONS // 2).ravel()
    for k, ax in enumerate(axes):
        image = ax.imshow(look.W[k].reshape(8, 8), cmap=DIVERGING, vmin=-look.clip, vmax=look.clip)
        ax.set(xticks=[], yticks=[])
        ax.set_title(f"{k}   b = {look.b[k]:.2f}".replace("-", "−"), fontsize=12)
        for edge in ax.spines.values():
            edge.set(linewidth=3 if k == look.neuron else 0.8)
    bar = figure.colorbar(image, ax=axes, shrink=0.8, label=f"colours stop at ±{look.clip:g}")
    bar.ax.tick_params(labelsize=12)
    bar.set_label(bar.ax.get_ylabel(), fontsize=12)
    return figure
