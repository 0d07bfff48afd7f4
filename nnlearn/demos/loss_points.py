"""The points of the loss sculptor: where they lie, how far a step is, how both tasks begin.

Lessons: 04.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlearn.demos.loss_rules import FAR, Rail


@dataclass
class Points:
    """Points for a line, scores with labels, and what follows from them.

    `slip` is where the last target goes when it is written down wrong; None: far below the line.
    """

    x: np.ndarray
    y: np.ndarray
    scores: np.ndarray
    labels: np.ndarray
    slip: float | None = None
    slipped: float = field(init=False)
    ends: tuple[float, float] = field(init=False)
    window: tuple[float, float] = field(init=False)
    rail: Rail = field(init=False)
    unit: float = field(init=False)

    def __post_init__(self) -> None:
        wide, high = float(np.ptp(self.x)), float(np.ptp(self.y))
        self.ends = float(self.x.min() - 0.15 * wide), float(self.x.max() + 0.15 * wide)
        self.rail = Rail(self.x, *self.ends)
        self.unit = float(10 ** np.floor(np.log10(high / 10) + 1e-9))  # 0.1 for widths of 2 cm
        below = float(self.grain(self.rail.at(self.rail.fit(self.y))[-1] - high))
        self.slipped = below if self.slip is None else self.slip
        low = min(self.slipped, float(self.y.min()))
        self.window = low - 0.2 * high, float(self.y.max()) + 0.3 * high

    def grain(self, value: Any) -> np.ndarray:
        """Rounded to a tenth of a key's step."""
        step = self.unit / 10
        return np.asarray(np.round(np.round(np.asarray(value, np.float64) / step) * step, 9))

    def height(self, value: float) -> float:
        """A height inside the window."""
        return float(np.clip(self.grain(value), *self.window))

    def lines(self) -> dict[str, Any]:
        """The task with numbers as it begins: the least-squares line on both sides."""
        ends = self.grain(self.rail.fit(self.y)).tolist()
        return {"y": self.y.tolist(), "lines": [ends, list(ends)]}

    def yes_no(self, factor: float = 1.0) -> dict[str, Any]:
        """The task with yes and no as it begins, or with all scores multiplied."""
        z = np.clip(factor * self.scores, -FAR, FAR).tolist()
        return {"z": [z, list(z)], "was": None}

    def to_json(self) -> dict[str, Any]:
        """All that is needed to make these points again."""
        return {"x": self.x.tolist(), "y": self.y.tolist(), "scores": self.scores.tolist(),
                "labels": self.labels.tolist(), "slip": self.slip}  # fmt: skip

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Points:
        """The points that `to_json` wrote down."""
        arrays = [np.array(saved[name]) for name in ("x", "y", "scores", "labels")]
        return cls(arrays[0], arrays[1], arrays[2], arrays[3], saved["slip"])
