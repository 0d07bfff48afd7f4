"""The network of the playground: its settings, how it is built, its maps, the sums at a point.

Lessons: 08.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlearn import nn, optim
from nnlearn.demos.controls import DemoError
from nnlearn.demos.descent_steps import YOURS
from nnlearn.demos.playground_slot import Owned, OwnOptimizer, use_functions
from nnlearn.models import MLP
from nnlearn.nn import functional as F
from nnlearn.tensor import Tensor

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "Tanh": nn.Tanh, "ReLU": nn.ReLU, "Sigmoid": nn.Sigmoid, "Linear": nn.Identity,
}  # fmt: skip
OPTIMIZERS = ("SGD", "Momentum", "RMSProp", "Adam", YOURS)
RATES = {"SGD": 0.3, "Momentum": 0.03, "Adam": 0.01, "RMSProp": 0.01}
MOMENTUM = 0.9
PENALTIES = ("none", "L1", "L2")
MOST_LAYERS, MOST_UNITS, LARGEST = 4, 8, 100.0
FINE, COARSE, WARP = 64, 32, 17  # cells a side: the output, a neuron's map, the grid that is bent


@dataclass(frozen=True)
class Setup:
    """All that makes a run, apart from the points."""

    hidden: tuple[int, ...] = (4,)
    activation: str = "Tanh"
    optimizer: str = "SGD"
    lr: float = RATES["SGD"]
    batch_size: int = 16
    penalty: str = "none"
    lam: float = 0.01
    seed: int = 0

    @property
    def sizes(self) -> list[int]:
        return [2, *self.hidden, 1]

    @property
    def strength(self) -> float:
        """The factor of the penalty; 0 without one."""
        return 0.0 if self.penalty == "none" else self.lam


def layers_of(sizes: Any) -> tuple[int, ...]:
    """The hidden layers; raises `DemoError` unless they are 0 to 4 of 1 to 8 neurons."""
    try:
        hidden = tuple(int(n) for n in sizes)
        exact = all(n == m for n, m in zip(hidden, sizes, strict=True))
    except (TypeError, ValueError):
        hidden, exact = (), False
    if not exact or len(hidden) > MOST_LAYERS or not all(1 <= n <= MOST_UNITS for n in hidden):
        raise DemoError(f"hidden layers are 0 to {MOST_LAYERS} numbers of neurons, each 1 to "
                        f"{MOST_UNITS}, such as [4, 2]; not {sizes!r}")  # fmt: skip
    return hidden


def build(setup: Setup, rng: np.random.Generator, own: Owned) -> nn.Sequential:
    """The network with its first weights, in float64 so that numbers add up by hand."""
    model = MLP(setup.sizes, ACTIVATIONS[setup.activation], rng=rng)
    model.double()
    return use_functions(model, *own.layer) if own.layer else model


def optimizer_of(setup: Setup, parameters: Iterable[Any], own: Owned) -> optim.Optimizer:
    """A new optimizer, which remembers nothing yet."""
    if setup.optimizer == YOURS:
        return OwnOptimizer(parameters, own.step, lr=setup.lr)
    if setup.optimizer in ("RMSProp", "Adam"):
        kind = optim.Adam if setup.optimizer == "Adam" else optim.RMSprop
        return kind(parameters, lr=setup.lr)
    return optim.SGD(
        parameters, lr=setup.lr, momentum=MOMENTUM if setup.optimizer == "Momentum" else 0.0
    )


def penalised(loss: Tensor, weights: Sequence[Tensor], kind: str, lam: float) -> Tensor:
    """The loss that is trained on: the data's plus the penalty on the weights (not the biases)."""
    if kind == "L1":
        return loss + lam * sum(w.abs().sum() for w in weights)
    if kind == "L2":
        return loss + lam / 2 * sum((w**2).sum() for w in weights)
    return loss


def penalty_of(weights: list[np.ndarray], setup: Setup) -> float:
    """What the penalty adds to the loss now."""
    each = [np.abs(w).sum() if setup.penalty == "L1" else (w**2).sum() / 2 for w in weights]
    return setup.strength * float(sum(each))


# ---- looking through the network, as plain arrays ----------------------------------------------


@dataclass(frozen=True)
class Look:
    """The weights and biases of a network and its activation, to look through."""

    layers: list[tuple[np.ndarray, np.ndarray]]
    activation: str

    def outputs(self, X: np.ndarray) -> list[np.ndarray]:
        """What every layer gives for X (N, 2): the hidden activations, then the scores (N, 1)."""
        act, h, found = ACTIVATIONS[self.activation](), X, []
        with np.errstate(all="ignore"):
            for i, (W, b) in enumerate(self.layers):
                h = F.linear(h, W, b)
                h = act(h) if i < len(self.layers) - 1 else h
                found.append(h)
        return found

    def scores(self, X: np.ndarray) -> np.ndarray:
        """The scores before the sigmoid, shape (N,)."""
        return self.outputs(X)[-1][:, 0]

    def sums(self, x: np.ndarray) -> list[list[dict[str, Any]]]:
        """Every neuron's whole sum at one place: its terms, bias, z and a."""
        inputs, rows = x, []
        outputs = [out[0] for out in self.outputs(x[None])]
        outputs[-1] = chance(outputs[-1])
        with np.errstate(all="ignore"):
            for (W, b), out in zip(self.layers, outputs, strict=True):
                z = F.linear(inputs[None], W, b)[0]
                rows.append([
                    {"unit": k, "terms": [[w, v, w * v] for w, v in zip(W[k], inputs, strict=True)],
                     "bias": b[k], "z": z[k], "a": out[k]}
                    for k in range(len(W))
                ])  # fmt: skip
                inputs = out
        return rows


def chance(score: np.ndarray) -> np.ndarray:
    """The probability of class 1, from the score."""
    with np.errstate(all="ignore"):
        return np.asarray(F.sigmoid(score))


def grid(extent: float, side: int) -> np.ndarray:
    """The middles of side × side cells of the picture, row by row from the top: (side², 2)."""
    middle = (np.arange(side) + 0.5) / side * 2 * extent - extent
    across, up = np.meshgrid(middle, middle[::-1])
    return np.stack([across.ravel(), up.ravel()], axis=1)


def unit_maps(look: Look, extent: float) -> tuple[np.ndarray, list[list[float]]]:
    """Every hidden neuron over the picture, (neurons, 32, 32) of bytes, and the scale of each.

    A value is low + byte / 255 * (high - low). Scales are symmetric, so zero has one colour.
    """
    hidden = look.outputs(grid(extent, COARSE))[:-1]
    if not hidden:
        return np.zeros((0, COARSE, COARSE), np.uint8), []
    maps = np.concatenate(hidden, axis=1).T.reshape(-1, COARSE, COARSE)
    bounded = look.activation in ("Tanh", "Sigmoid")
    tops = np.ones(len(maps)) if bounded else np.maximum(np.abs(maps).max(axis=(1, 2)), 1e-6)
    bytes_ = np.rint((maps / tops[:, None, None] + 1) * 127.5).astype(np.uint8)
    return bytes_, [[-float(m), float(m)] for m in tops]


def output_map(look: Look, extent: float) -> np.ndarray:
    """The probability of class 1 over the picture, (64, 64)."""
    p = chance(look.scores(grid(extent, FINE)))
    return p.astype(np.float32).reshape(FINE, FINE)


def bent(look: Look, X: np.ndarray) -> np.ndarray:
    """Where the first two neurons of the last hidden layer put points: (N, 2)."""
    return look.outputs(X)[-2][:, :2].astype(np.float32)
