"""The clinic on paper: the curves as they came, those of the treated run beside them, the findings.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from nnlearn.demos.clinic_program import Run
from nnlearn.demos.clinic_signs import BLIND

TRAIN, VAL, INK, MUTED = "#D55E00", "#0072B2", "#1f1f1f", "#5a5a5a"  # as in the lessons


def draw(sick: Run, treated: Run | None, findings: Sequence[str], sentence: str) -> Figure:
    """One or two pairs of curves, and what the tests found below."""
    words = [fill(text, 104, subsequent_indent="   ") for text in findings]
    below = 0.26 * sum(text.count("\n") + 1 for text in words)
    high = 4.2 + below
    with rc_context({"font.family": "DejaVu Sans", "font.size": 12}):
        figure = Figure(figsize=(10.5, high), facecolor="white")
        figure.text(0.03, 1 - 0.32 / high, fill(sentence, 92), fontsize=13, fontweight="bold",
                    color=INK, va="center")  # fmt: skip
        runs = [("as it came", sick), *([("treated", treated)] if treated else [])]
        top = max(_top(its) for _, its in runs)
        wide = 0.92 / len(runs)
        for k, (name, its) in enumerate(runs):
            box = (0.07 + k * wide, (below + 0.75) / high, wide - 0.09, 2.5 / high)
            _curves(figure.add_axes(box), name, its, top)
        figure.text(0.03, 0.1 / high, "\n".join(words), va="bottom", color=INK, fontsize=12)
    return figure


def _top(its: Run) -> float:
    seen = np.r_[its.train, its.val]
    return float(min(6, 1.08 * seen[np.isfinite(seen)].max()))


def _curves(axes: Any, name: str, its: Run, top: float) -> None:
    at = np.arange(its.epochs + 1)
    axes.axhline(BLIND, color=MUTED, lw=1, ls=":")
    axes.plot(at, its.train, "--^", color=TRAIN, lw=2.2, ms=5, label="training")
    axes.plot(at, its.val, "-o", color=VAL, lw=2.2, ms=4, mfc="white", label="validation")
    if its.lost:
        axes.text(0.5, 0.5, f"NaN from update {its.lost} on", transform=axes.transAxes, ha="center")
    axes.set(xlim=(0, its.epochs), ylim=(0, top), xlabel="epoch", ylabel="loss")
    axes.set_title(name, loc="left", fontsize=12, color=INK)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper right")
