"""What the lab writes down: the losses of every epoch, and what was changed on the way.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MOST = 1000  # epochs
COLUMNS = ("train", "validation", "test", "penalty", "seen",
           "train accuracy", "validation accuracy", "test accuracy")  # fmt: skip
LIVE = ("penalty", "lam", "p", "lr")  # what may change while the network trains


class Trace:
    """A row of numbers for each epoch, 0 to `last`."""

    def __init__(self) -> None:
        self.rows = np.full((MOST + 1, len(COLUMNS)), np.nan)
        self.last = 0

    def record(self, t: int, row: Mapping[str, float]) -> None:
        """Write down epoch t. Going back and forth writes the same row again."""
        self.rows[t] = [row[name] for name in COLUMNS]
        self.last = max(self.last, t)

    def cut(self, t: int) -> None:
        """Forget what came after epoch t."""
        self.rows[t + 1 :] = np.nan
        self.last = t

    def at(self, t: int) -> dict[str, float]:
        return dict(zip(COLUMNS, map(float, self.rows[t]), strict=True))

    def column(self, name: str, t: int | None = None) -> np.ndarray:
        """One column, for epochs 0 to t (or to the last)."""
        return self.rows[: (self.last if t is None else t) + 1, COLUMNS.index(name)]

    def lowest(self, name: str, t: int | None = None) -> int:
        """The first epoch with the lowest value of a loss, of epochs 0 to t."""
        return int(self.column(name, t).argmin())


@dataclass
class Programme:
    """The settings that training follows: those it began with, and each change at its epoch.

    Example
    -------
    >>> its = Programme({"p": 0.0, "lr": 0.01})
    >>> its.change(100, {"p": 0.5, "lr": 0.01})
    >>> its.at(99)["p"], its.at(100)["p"], its.events
    (0.0, 0.5, [(100, {'p': 0.5})])
    """

    base: dict[str, Any]
    events: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def at(self, t: int) -> dict[str, Any]:
        """The settings in force for the step after epoch t."""
        found = dict(self.base)
        for when, change in self.events:
            if when <= t:
                found.update(change)
        return found

    def change(self, t: int, settings: Mapping[str, Any]) -> None:
        """From epoch t on, these are in force."""
        wanted = {name: settings[name] for name in self.base}
        if t == 0:
            self.base, self.events = wanted, []
            return
        self.cut(t - 1)
        before = self.at(t)
        if new := {name: v for name, v in wanted.items() if v != before[name]}:
            self.events.append((t, new))

    def cut(self, t: int) -> None:
        """Forget the changes after epoch t."""
        self.events = [(when, change) for when, change in self.events if when <= t]
