"""The map of rates: a grid of real runs, each made when its turn comes.

Lessons: 05, 06.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nnlearn.demos.descent_lanes import Lane, Plan, length, run_alone
from nnlearn.demos.descent_steps import Rule

BATCHES = (1, 4, 16, 64, 366)
FACTORS = tuple(2.0**k for k in range(-5, 4))
DECADES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class Grid:
    """Which runs the map holds: a row sets one thing, a column the rate."""

    plan: Plan
    row: str  # the setting that the rows differ in
    values: tuple[Any, ...]
    rates: tuple[float, ...]
    name: str  # the optimizer, where the rows do not name it
    run_for: str

    @property
    def size(self) -> int:
        return len(self.values) * len(self.rates)

    def settings(self, cell: int) -> dict[str, Any]:
        """What to set to see the run of a cell; cells count from the top left, row by row."""
        i, j = divmod(cell, len(self.rates))
        return {self.row: self.values[i], "lr": self.rates[j]}

    def run(self, cell: int, rules: Mapping[str, Rule]) -> Lane:
        """The run of a cell."""
        want = {"optimizer": self.name, "batch_size": self.plan.batch_size, **self.settings(cell)}
        size = int(want["batch_size"])
        plan = replace(
            self.plan, batch_size=size, updates=length(self.run_for, self.plan.surface, size)
        )
        return run_alone(plan, want["optimizer"], rules[want["optimizer"]], want["lr"])


def grid_of(plan: Plan, name: str, base: float, run_for: str, names: tuple[str, ...]) -> Grid:
    """Batch sizes by rates around `base` where there are examples, else optimizers by rates."""
    neutral = replace(plan, batch_size=0, updates=0)  # what a cell decides is no part of the map
    if plan.surface.examples:
        rates = tuple(float(f"{base * f:.2g}") for f in FACTORS)
        return Grid(neutral, "batch_size", BATCHES, rates, name, run_for)
    return Grid(neutral, "optimizer", names, DECADES, "", run_for)


class RateMap:
    """The runs made so far; another grid empties it.

    Example
    -------
    >>> from nnlearn.demos.descent_steps import RULES
    >>> from nnlearn.demos.descent_surfaces import surface_of
    >>> plan = Plan(surface_of("valley"), (-2.2, 1.3), 366, 0.9, 0, 0)
    >>> runs = RateMap()
    >>> runs.look(grid_of(plan, "SGD", 0.1, "50 updates", tuple(RULES)))
    >>> runs.make_next(RULES)
    >>> runs.cells[0].at, runs.full
    (50, False)
    """

    def __init__(self) -> None:
        self.grid: Grid | None = None
        self.cells: dict[int, Lane] = {}

    def look(self, grid: Grid) -> None:
        """Show this grid; what was made for another one is forgotten."""
        if grid != self.grid:
            self.grid, self.cells = grid, {}

    @property
    def full(self) -> bool:
        return self.grid is not None and len(self.cells) >= self.grid.size

    def make_next(self, rules: Mapping[str, Rule]) -> None:
        """Make the first run that is missing."""
        assert self.grid is not None, "look at a grid first"
        cell = next(k for k in range(self.grid.size) if k not in self.cells)
        self.cells[cell] = self.grid.run(cell, rules)
