"""A small network of 2-16-16-1 with any activation, trained one update at a time.

Lessons: 03.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from nnlearn import nn, optim
from nnlearn.data.toys import circles, moons
from nnlearn.nn.functional import binary_cross_entropy_with_logits
from nnlearn.tensor import Tensor, no_grad

POINTS, STEPS, RATE, MOMENTUM = 200, 400, 0.3, 0.9
SIZES = (2, 16, 16, 1)
DATA = {"moons": (moons, 0.15), "circles": (circles, 0.2)}


@cache
def points(name: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """200 points of two classes, X (N, 2) and y (N,) of 0 and 1."""
    draw, noise = DATA[name]
    return draw(POINTS, noise, rng=np.random.default_rng([seed, 1]))


class Training:
    """Everything that training changes: weights, the optimizer's memory, the losses so far."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.layers = [nn.Linear(a, b, rng=rng) for a, b in pairwise(SIZES)]
        self.optimizer = optim.SGD(self.parameters(), lr=RATE, momentum=MOMENTUM)
        self.start = self.layers[0].weight.data.copy(), self.layers[1].weight.data.copy()
        self.before = [p.data.copy() for p in self.parameters()]
        self.losses = np.empty(0)
        self.lost = False

    def parameters(self) -> list[Any]:
        return [p for layer in self.layers for p in layer.parameters()]

    def forward(self, activation: Callable[[Any], Any], X: np.ndarray) -> Any:
        h = Tensor(X)
        for layer in self.layers[:-1]:
            h = activation(layer(h))
        return self.layers[-1](h)

    def step(self, activation: Callable[[Any], Any], X: np.ndarray, y: np.ndarray) -> None:
        """One update from all points; if the numbers are lost, the last good weights come back."""
        with np.errstate(all="ignore"):
            loss = _loss(self.forward(activation, X), y)
            if not math.isfinite(loss.item()):
                for p, good in zip(self.parameters(), self.before, strict=True):
                    p.data[...] = good
                self.lost = True
                return
            self.losses = np.append(self.losses, loss.item())
            self.before = [p.data.copy() for p in self.parameters()]
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.optimizer.zero_grad()

    @no_grad()
    def logits(self, activation: Callable[[Any], Any], X: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.asarray(self.forward(activation, X).data, np.float64)[:, 0]

    @no_grad()
    def judged(
        self, activation: Callable[[Any], Any], X: np.ndarray, y: np.ndarray
    ) -> tuple[float, int]:
        """The loss now, and how many points are right."""
        z = self.logits(activation, X)
        with np.errstate(all="ignore"):
            loss = float(np.mean(np.logaddexp(0, z) - z * y))
        return loss, int(((z > 0) == y).sum())

    def moved(self) -> float:
        """How far the hidden weights have gone from where they began, on average."""
        now = [self.layers[0].weight.data, self.layers[1].weight.data]
        away = [np.abs(a - b).ravel() for a, b in zip(now, self.start, strict=True)]
        return float(np.concatenate(away).mean())


def _loss(z: Any, y: np.ndarray) -> Any:
    return binary_cross_entropy_with_logits(z, Tensor(y[:, None].astype(np.float32)))
