"""One run of the playground: a network in training, an epoch at a time, and what was changed when.

Lessons: 08.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnlearn.data import DataLoader, TensorDataset
from nnlearn.demos.playground_network import (
    Look,
    Setup,
    build,
    optimizer_of,
    penalised,
    penalty_of,
)
from nnlearn.demos.playground_points import Points
from nnlearn.demos.playground_slot import Owned
from nnlearn.nn import functional as F

LOST = 1e4  # a loss above this is called diverged
FIELDS = ("epoch", "loss", "test_loss", "penalty", "accuracy", "test_accuracy")


@dataclass
class Plan:
    """How a run begins, and what is changed on its way: the same plan gives the same numbers.

    An event is a dict of JSON types with its epoch "t": {"set": {...}}, or an edit, {"layer",
    "unit", "input" (None: the bias), "value", "before"}.
    """

    setup: Setup
    events: list[dict[str, Any]] = field(default_factory=list)

    def at(self, t: int) -> list[dict[str, Any]]:
        """What is changed when epoch t is over."""
        return [event for event in self.events if event["t"] == t]

    def add(self, event: dict[str, Any]) -> None:
        """One thing more; setting the same weight again at the same epoch is one edit."""
        last = self.events[-1] if self.events else {}
        place = ("t", "layer", "unit", "input")
        if "set" not in event and all(last.get(k, "") == event[k] for k in place):
            event["before"] = last["before"]
            self.events.pop()
        self.events.append(event)

    def with_optimizer(self, old: str, new: str) -> Plan:
        """The plan with another optimizer wherever the old one was."""
        setup = self.setup
        if setup.optimizer == old:
            setup = replace(setup, optimizer=new)
        events = [
            {**e, "set": {**e["set"], "optimizer": new}}
            if e.get("set", {}).get("optimizer") == old
            else e
            for e in self.events
        ]
        return Plan(setup, events)

    def until(self, t: int) -> Plan:
        """The plan without what comes after epoch t."""
        return Plan(self.setup, [event for event in self.events if event["t"] <= t])


class Run:
    """A network, its optimizer, and the order in which it sees the points."""

    def __init__(self, setup: Setup, points: Points, own: Owned) -> None:
        self.points, self.own, self.setup = points, own, setup
        self.rng = np.random.default_rng(setup.seed)
        self.model = build(setup, self.rng, own)
        self.optimizer = optimizer_of(setup, self.model.parameters(), own)
        self.epochs, self.lost = 0, 0
        self.measured: tuple[float, ...] = ()
        self.measure()

    def __deepcopy__(self, memo: dict[int, Any]) -> Run:
        """Copy what training changes; share the rest."""
        twin = copy.copy(self)
        twin.model, twin.optimizer, twin.rng = copy.deepcopy(
            (self.model, self.optimizer, self.rng), memo
        )
        return twin

    # --- what changes it ------------------------------------------------------------------------

    def epoch(self) -> None:
        """Every training point once, in batches; a run that diverges stays as it was before."""
        if self.lost or not self.points.sizes[0]:
            return
        before = copy.deepcopy((self.model, self.optimizer, self.rng))
        self.epochs += 1
        with np.errstate(all="ignore"):
            self._train()
            self.measure()
        if not (self.measured[1] <= LOST and np.isfinite(self.flat()).all()):
            self.model, self.optimizer, self.rng = before
            self.lost = self.epochs
            self.measure()

    def _train(self) -> None:
        s = self.setup
        data = TensorDataset(*self.points.train)
        weights = [p for p in self.model.parameters() if p.ndim == 2]
        for X, y in DataLoader(data, s.batch_size, shuffle=True, rng=self.rng):
            loss = F.binary_cross_entropy_with_logits(self.model(X), y)
            self.optimizer.zero_grad()
            penalised(loss, weights, s.penalty, s.lam).backward()
            self.optimizer.step()

    def apply(self, event: Mapping[str, Any]) -> None:
        """A changed setting, or a weight or bias set by hand."""
        if "set" in event:
            self.setup = replace(self.setup, **event["set"])
            if "optimizer" in event["set"]:
                self.optimizer = optimizer_of(self.setup, self.model.parameters(), self.own)
            self.optimizer.param_groups[0]["lr"] = self.setup.lr
        else:
            W, b = self.arrays()[event["layer"]]
            if event["input"] is None:
                b[event["unit"]] = event["value"]
            else:
                W[event["unit"], event["input"]] = event["value"]
        self.measure()

    # --- what is read off it --------------------------------------------------------------------

    def arrays(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Weights (out, in) and biases (out,) of every layer; not copies."""
        found = [p.data for p in self.model.parameters()]
        return list(zip(found[::2], found[1::2], strict=True))

    def flat(self) -> np.ndarray:
        """All parameters in one row."""
        return np.concatenate([p.data.ravel() for p in self.model.parameters()])

    @property
    def look(self) -> Look:
        return Look(self.arrays(), self.setup.activation)

    def measure(self) -> None:
        """Loss and accuracy on the training and the test points, and the penalty, as it is now."""
        look = self.look
        (loss, right), (test_loss, test_right) = (
            judged(look, *part) for part in (self.points.train, self.points.test)
        )
        with np.errstate(all="ignore"):
            penalty = penalty_of([W for W, _ in look.layers], self.setup)
        self.measured = (float(self.epochs), loss, test_loss, penalty, right, test_right)


def judged(look: Look, X: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Mean loss and share of right answers; not a number without points."""
    if not len(y):
        return math.nan, math.nan
    with np.errstate(all="ignore"):
        z = look.scores(X)
        loss = float(np.mean(np.logaddexp(0, z) - z * y[:, 0]))
    return loss, float(np.mean((z > 0) == y[:, 0]))


class Record:
    """What was measured after each epoch; a replayed epoch writes the same numbers again."""

    def __init__(self) -> None:
        self._rows = np.full((64, len(FIELDS)), np.nan)

    def write(self, t: int, run: Run) -> None:
        """Write down epoch t; after a divergence there is nothing to write."""
        if t >= len(self._rows):
            self._rows = np.concatenate([self._rows, np.full_like(self._rows, np.nan)])
        self._rows[t] = math.nan if run.lost else run.measured
        self._rows[t, 0] = t

    def upto(self, t: int, most: int = 300) -> np.ndarray:
        """Epochs 0 to t, (K, 6), thinned, with the last."""
        stride = 1 + t // most
        return self._rows[np.append(np.arange(0, t, stride), t)].astype(np.float32)

    def best(self, t: int) -> int:
        """The epoch up to t with the lowest loss."""
        return int(np.nanargmin(self._rows[: t + 1, 1])) if t else 0

    def loss(self, t: int) -> float:
        return float(self._rows[t, 1])

    def copy(self) -> Record:
        twin = Record()
        twin._rows = self._rows.copy()
        return twin
