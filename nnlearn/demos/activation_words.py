"""The words of the activation bench: its question, numbers to read, its table.

Lessons: 03.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlearn.demos.numerals import shown, ten
from nnlearn.demos.predict import Choice

ASK = Choice(
    "Real digits go through ten sigmoid layers. Each layer has a slope. "
    "All ten multiplied give a number nearest ...",
    {"A": "10⁻¹", "B": "10⁻³", "C": "10⁻⁶", "D": "10⁻¹⁰"},
    right="C",
    feedback={
        "A": "For that each slope would have to be near 0.8. A sigmoid's is never above 0.25.",
        "B": "For that each slope would have to be near 0.5. That is sigmoid's value at 0; "
        "its slope there is 0.25.",
        "C": "0.25 ten times is 0.00000095, and that is the most there can be. "
        "The digits give about half of it.",
        "D": "For that each slope would have to be near 0.1. Most weighted sums land near 0, "
        "where the slope is close to 0.25.",
    },
)


def power(value: float) -> str:
    """A small or large number as a power of ten.

    >>> power(4.96e-7), power(0.0312), power(0)
    ('5 × 10⁻⁷', '0.031', '0')
    """
    if value == 0 or not math.isfinite(value) or 1e-3 <= abs(value) < 1e4:
        return f"{value:.2g}" if math.isfinite(value) else shown(value)
    digits, exponent = f"{value:.1e}".split("e")
    return f"{float(digits):g} × {ten(int(exponent))}"


def table_rows(bench: Any) -> list[dict[str, Any]]:
    """Everything the bench shows, one row for a z, a layer or the network."""
    rows = []

    def row(part: str, where: str, **cells: Any) -> None:
        blank = dict.fromkeys(("value", "slope", "product of slopes", "saturated %", "dead %",
                               "points right"), "")  # fmt: skip
        rows.append({"part": part, "where": where} | blank | cells)

    for z in np.arange(-6.0, 7.0):
        value, slope = bench.at(z)
        row(bench.label, f"z = {shown(z)}", value=value, slope=slope)
    for i, layer in enumerate(bench.signals().layers, 1):
        told: dict[str, Any] = {"slope": "guess first"}
        if bench.answer_known:
            told = {"slope": layer.slope, "product of slopes": power(layer.product)}
        row("depth", f"layer {i}: spread of outputs", value=layer.spread,
            **{"saturated %": 100 * layer.saturated, "dead %": 100 * layer.dead},
            **told)  # fmt: skip
    loss, right = bench.judged()
    row("network", f"step {bench.t}: loss", value=loss,
        **{"points right": f"{right} of {len(bench.y)}"})  # fmt: skip
    return rows
