"""A walker on a terrain: one optimizer, its place, its memories, and how it may end.

The race, a single walk and every cell of the map go through `walk`, so that they agree bit for bit.

Lessons: 05, 06.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from nnlearn.demos.descent_steps import RULES, YOURS, Rule
from nnlearn.demos.descent_surfaces import Surface, batch_of, updates_per_epoch

LOST = 100.0  # so many times as high above the bottom as it began: diverged
ARRIVED = 1e-12  # so small a share of the first height: at the bottom
MOST = 400  # steps of a walk that are drawn


@dataclass(frozen=True)
class Plan:
    """Everything that decides a run: change one of these and it is another run."""

    surface: Surface
    start: tuple[float, ...]
    batch_size: int
    momentum: float
    seed: int
    updates: int

    @property
    def all_examples(self) -> bool:
        """Does every step see all there is?"""
        return self.batch_size >= self.surface.examples

    def epoch(self, t: int) -> int:
        """The epoch of step t, from 1."""
        return -(-t // updates_per_epoch(self.surface, self.batch_size))


@dataclass
class Lane:
    """Where one optimizer stands; `ended` says how its run ended and `at` after which step.

    `seen` is the loss of the batch that the last step saw, before that step.
    """

    p: np.ndarray
    memories: tuple[np.ndarray, ...]
    loss: float
    ended: str = ""
    at: int = 0
    seen: float = np.nan


@dataclass(frozen=True)
class Ghost:
    """A walk of the past: its label, steps (K,), places (K, D) and losses (K,)."""

    label: str
    steps: np.ndarray
    paths: np.ndarray
    losses: np.ndarray


def length(run_for: str, surface: Surface, batch_size: int) -> int:
    """How many updates "200 updates" or "5 epochs" are.

    >>> from nnlearn.demos.descent_surfaces import surface_of
    >>> length("5 epochs", surface_of("weather"), 16), -(-366 // 16)
    (115, 23)
    """
    number, unit = run_for.split()
    return int(number) * (updates_per_epoch(surface, batch_size) if "epoch" in unit else 1)


def entered(plan: Plan, rule: Rule) -> Lane:
    """A walker at the start."""
    p = np.array(plan.start)
    return Lane(p, tuple(np.zeros_like(p) for _ in rule.memories), plan.surface.loss(p))


def walk(plan: Plan, name: str, rule: Rule, lane: Lane, t: int, lr: float) -> None:
    """Step t of one walker, in place; raises `BadStep` if a learner's step cannot be used."""
    if lane.ended == "diverged":
        return
    surface = plan.surface
    with np.errstate(all="ignore"):
        lane.seen, g = surface.batch(lane.p, batch_of(surface, t, plan.batch_size, plan.seed))
        step = rule.tried if name == YOURS else rule.step
        p, memories = step(lane.p, g, lane.memories, t, lr, plan.momentum)
        loss = surface.loss(p)
        if not np.isfinite(loss):
            lane.ended, lane.at = "diverged", t
            return
        highest = max(lane.loss, loss) - surface.least
        lane.p, lane.memories, lane.loss = p, memories, loss
        above = surface.loss(np.array(plan.start)) - surface.least
    if loss - surface.least > LOST * max(above, surface.scale):
        lane.ended, lane.at = "diverged", t
        return
    # after a step that began there too: momentum may fly through the bottom, RMSProp leave it
    there = plan.all_examples and highest < ARRIVED * surface.scale
    lane.ended, lane.at = ("arrived", t) if there else ("", 0)


def run_alone(plan: Plan, name: str, rule: Rule, lr: float) -> Lane:
    """A whole run of one optimizer; `at` is the number of its last step."""
    lane = entered(plan, rule)
    for t in range(1, plan.updates + 1):
        walk(plan, name, rule, lane, t, lr)
        if lane.ended:
            break
        lane.at = t
    return lane


class Trace:
    """What every walker did so far: places (T+1, walkers, D), losses and batch losses."""

    def __init__(self, plan: Plan, names: Iterable[str], focus: str, label: str) -> None:
        self.names, self.focus, self.label = list(names), focus, label
        self._paths = np.full((plan.updates + 1, len(self.names), len(plan.start)), np.nan)
        self._losses, self._seen = np.full((2, plan.updates + 1, len(self.names)), np.nan)

    def record(self, t: int, lanes: Mapping[str, Lane]) -> None:
        """Write down step t; of who is lost, nothing."""
        for i, lane in enumerate(lanes[name] for name in self.names):
            lost = lane.ended == "diverged" and lane.at < t
            self._paths[t, i] = np.nan if lost else lane.p
            self._losses[t, i] = np.nan if lost else lane.loss
            self._seen[t, i] = np.nan if lost else lane.seen

    def drop(self, name: str) -> None:
        """Forget a walker who cannot go on."""
        keep = [other != name for other in self.names]
        self._paths, self._losses = self._paths[:, keep], self._losses[:, keep]
        self._seen = self._seen[:, keep]
        self.names.remove(name)

    def upto(self, t: int, names: list[str], most: int) -> tuple[np.ndarray, ...]:
        """Steps (K,), places (walkers, K, D), losses (walkers, K): thinned, with the last step."""
        stride = 1 + t // most
        steps = np.append(np.arange(0, t, stride), t).astype(np.int32)
        at = [self.names.index(name) for name in names]
        paths, losses = self._paths[steps][:, at], self._losses[steps][:, at]
        return steps, paths.swapaxes(0, 1), losses.T

    def seen(self, steps: np.ndarray, name: str) -> np.ndarray:
        """The loss of the batch that each of these steps saw."""
        return self._seen[steps, self.names.index(name)]

    def ghost(self, t: int) -> Ghost:
        """The walk that was looked at, to be drawn thin beside the next."""
        name = self.focus if self.focus in self.names else self.names[0]
        steps, paths, losses = self.upto(t, [name], MOST)
        return Ghost(self.label, steps, paths[0], losses[0])


def all_rules(mine: Rule | None) -> dict[str, Rule]:
    """Whose steps take part, in the order in which they are listed."""
    return {**RULES, YOURS: mine} if mine else dict(RULES)
