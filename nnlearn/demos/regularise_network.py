"""The network of the regularise lab: 2 numbers in, two hidden layers with dropout, 1 logit out.

nnlearn's Linear, ReLU and AdamW. Dropout is a function (x, p, rng, training) -> (out, mask), so
that a learner's own can stand in its place.

Lessons: 09.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from nnlearn import nn, optim
from nnlearn.demos.numerals import shown
from nnlearn.demos.regularise_data import Points
from nnlearn.nn.functional import binary_cross_entropy_with_logits, linear, relu
from nnlearn.tensor import Tensor, no_grad, primitive

Drop = Callable[..., tuple[np.ndarray, np.ndarray]]

BATCH = 10
COINS = 2  # the generator of the dropout masks is [seed, 2]
NONE, L2, L1, DECAY = "none", "L2 penalty", "L1 penalty", "decoupled decay"
KINDS = (NONE, L2, L1, DECAY)
SUGGESTED = {L2: 0.01, L1: 0.003, DECAY: 1.0}  # strengths that help with the lab's first points
LOST = 100.0  # a loss this many times the first: diverged


class Training:
    """Everything that training changes: weights, the optimizer's memory, the coins, the masks."""

    def __init__(self, width: int, seed: int, rng: np.random.Generator) -> None:
        sizes = (2, width, width, 1)
        self.layers = [nn.Linear(a, b, rng=rng).double() for a, b in pairwise(sizes)]
        groups = [{"params": self.weights}, {"params": [layer.bias for layer in self.layers]}]
        self.optimizer = optim.AdamW(groups, weight_decay=0.0)
        self.coins = np.random.default_rng([seed, COINS])
        self.masks = [np.ones(width), np.ones(width)]  # of one point, in the last step
        self.point: int | None = None  # that point
        self.seen = math.nan  # the mean loss that the steps of the last epoch saw
        self.lost = ""  # why training cannot go on

    @property
    def weights(self) -> list[Any]:
        return [layer.weight for layer in self.layers]

    def flat(self) -> np.ndarray:
        """All weights, without the biases, as one row."""
        return np.concatenate([w.data.ravel() for w in self.weights])

    def parameters(self) -> list[np.ndarray]:
        return [p.data for layer in self.layers for p in layer.parameters()]

    # --- one epoch ------------------------------------------------------------------------------

    def epoch(
        self, its: Points, s: Mapping[str, Any], order: np.ndarray, drop: Drop, first: float
    ) -> None:
        """Go once through the training points; if the numbers are lost, stay where they held."""
        decoupled = s["lam"] if s["penalty"] == DECAY else 0.0
        for group, decay in zip(self.optimizer.param_groups, (decoupled, 0.0), strict=True):
            group.update(lr=s["lr"], weight_decay=decay)
        before = [p.copy() for p in self.parameters()]
        seen = 0.0
        with np.errstate(all="ignore"):
            for at in range(0, len(order), BATCH):
                rows = order[at : at + BATCH]
                seen += self._step(its.X[rows], its.y[rows], s, drop) * len(rows)
        self.point, self.seen = int(rows[0]), seen / len(order)
        if not math.isfinite(seen) or self.seen > LOST * first:
            for p, good in zip(self.parameters(), before, strict=True):
                p[...] = good
            self.lost = cause(s)

    def _step(self, X: np.ndarray, y: np.ndarray, s: Mapping[str, Any], drop: Drop) -> float:
        logits, masks = self.forward(X, s["p"], drop, self.coins, training=True)
        loss = binary_cross_entropy_with_logits(logits, Tensor(y.astype(np.float64)))
        self.masks = [np.array(mask[0], np.float64) for mask in masks]
        extra = penalty(self.weights, s)
        total = loss if extra is None else loss + extra
        self.optimizer.zero_grad()
        total.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return float(loss.item())

    # --- what it answers ------------------------------------------------------------------------

    def forward(
        self, X: np.ndarray, p: float, drop: Drop, coins: np.random.Generator, training: bool
    ) -> tuple[Any, list[np.ndarray]]:
        """The logits (N,), and the mask of each hidden layer."""
        h: Any = Tensor(X)
        masks: list[np.ndarray] = []
        for layer in self.layers[:-1]:
            h = dropped(relu(layer(h)), p=p, drop=drop, coins=coins, training=training, masks=masks)
        return self.layers[-1](h)[:, 0], masks

    @no_grad()
    def logits(
        self, X: np.ndarray, p: float, drop: Drop, coins: np.random.Generator, training: bool
    ) -> np.ndarray:
        with np.errstate(all="ignore"):
            found, _ = self.forward(X, p, drop, coins, training)
        return np.asarray(found.data)

    def thinned(self, X: np.ndarray, p: float, drop: Drop, coins: np.random.Generator,
                count: int) -> np.ndarray:  # fmt: skip
        """Logits (count, N) of `count` thinned networks: each keeps one mask for all points."""
        first, second, last = self.layers
        with np.errstate(all="ignore"):
            h = np.maximum(linear(X, first.weight.data, first.bias.data), 0).astype(np.float32)
            blank = np.ones((count, h.shape[1]))
            masks = [np.asarray(drop(blank, p, coins, True)[1], np.float32) for _ in range(2)]
            W, b, w = (a.astype(np.float32) for a in
                       (second.weight.data, second.bias.data, last.weight.data[0]))  # fmt: skip
            found = [np.maximum(linear(h, W * m, b), 0) @ (w * n)
                     for m, n in zip(*masks, strict=True)]  # fmt: skip
        return np.stack(found) + float(last.bias.data[0])


@primitive
def dropped(h, *, p, drop, coins, training, masks):
    """Dropout by any function; the way back is through the same mask."""
    out, mask = drop(h, p, coins, training)
    masks.append(mask)
    return out, (lambda g: g * mask,)


def penalty(weights: list[Any], s: Mapping[str, Any]) -> Any:
    """What the weights pay on top of the data's loss; None if they pay nothing there.

    The decoupled decay is no part of any loss: it acts in the step.
    """
    if s["penalty"] == L2:
        return s["lam"] / 2 * sum((w * w).sum() for w in weights)
    if s["penalty"] == L1:
        return s["lam"] * sum(w.abs().sum() for w in weights)
    return None


def loss_of(logits: np.ndarray, y: np.ndarray) -> float:
    """Mean binary cross-entropy of logits."""
    return float(np.mean(np.logaddexp(0, logits) - y * logits))


def accuracy_of(logits: np.ndarray, y: np.ndarray) -> float:
    return float(np.mean((logits > 0) == y))


def chances(logits: np.ndarray) -> np.ndarray:
    """The sigmoid."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits))


def cause(s: Mapping[str, Any]) -> str:
    """Why training was lost, and what to change."""
    if s["penalty"] == DECAY and s["lr"] * s["lam"] > 2:
        factor = shown(1 - s["lr"] * s["lam"])
        return (f"each step multiplies the weights by 1 − {s['lr']:g} × {s['lam']:g} = {factor}, "
                "so they grow; lower the strength or the rate")  # fmt: skip
    return f"the rate {s['lr']:g} is too large; lower it"
