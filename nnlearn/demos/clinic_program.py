"""The program that every patient of the training clinic is: real nnlearn, one line of it sick.

A `Recipe` says what stands in the lines that a fault or a treatment can change. The text that it
writes is the text that runs, and the text that the learner reads in the end.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from textwrap import indent
from typing import Any

import numpy as np

from nnlearn import nn
from nnlearn.demos.digit_training import blas
from nnlearn.nn import functional as F
from nnlearn.tensor import Tensor, no_grad

BATCH, LAST_EPOCHS, CLASSES = 16, 2, 10
RELU = "model = MLP([64, 32, 32, 10], rng=rng)"
LEAKY = "model = MLP([64, 32, 32, 10], nn.LeakyReLU, rng=rng)"
TANH = "model = MLP([64, 32, 32, 10], nn.Tanh, rng=rng)"
DROPOUT = """\
model = nn.Sequential(
    *MLP([64, 32, 32], rng=rng), nn.ReLU(), nn.Dropout(0.7, rng=rng), nn.Linear(32, 10, rng=rng)
)"""
ALIKE = "X, X_val, X_new = (A - X.mean(axis=0) for A in (X, X_val, X_new))"
SHUFFLED = "order = rng.permutation(len(X))"
HE = "nn.init.kaiming_normal_(p, rng=rng) if p.ndim == 2 else nn.init.zeros_(p)"
PROGRAM = """\
import numpy as np

from nnlearn import Tensor, nn, no_grad, optim
from nnlearn.data import load_digits
from nnlearn.models import MLP
from nnlearn.nn import functional as F

rng = np.random.default_rng({seed})
(X, y), (X_new, y_new) = load_digits()
X_val, y_val = X[700:1000], y[700:1000]
X, y = X[{first}:{last}], y[{first}:{last}]
{labels}
{scale}
{network}
for p in model.parameters():
    {init}
optimizer = optim.SGD(model.parameters(), lr={lr:g}, momentum=0.9{decay})


def scores(X):
    {mode}
    with no_grad():
        return model(Tensor(X)).data


losses, val_losses = [], []
for epoch in range({epochs}):
    model.train()
    {order}
    for at in range(0, len(X), 16):
        rows = order[at : at + 16]
        {clear}
        loss = F.cross_entropy(model(Tensor(X[rows])), Tensor(y[rows]))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    val_losses.append(float(F.cross_entropy(scores(X_val), y_val)))
"""
# Where the clinic looks into the program while it runs: after these lines.
LOOKS = {
    "losses, val_losses = [], []": "start",
    "        losses.append(loss.item())": "step",
    "    val_losses.append(float(F.cross_entropy(scores(X_val), y_val)))": "epoch",
}


@dataclass(frozen=True)
class Recipe:
    """What stands in the lines that can be changed; as it is, a healthy program."""

    seed: int = 0
    first: int = 0
    last: int = 600
    labels: str = ""
    scale: str = ALIKE
    network: str = RELU
    init: str = HE
    lr: float = 0.02
    decay: float = 0.0
    mode: str = "model.eval()"
    epochs: int = 15
    order: str = SHUFFLED
    clear: str = "optimizer.zero_grad()"

    @property
    def healthy(self) -> Recipe:
        """The healthy program with the same network: what a test is held against."""
        return Recipe(self.seed, network=self.network)

    def lines(self) -> list[str]:
        """The program; a line that is missing leaves no gap.

        >>> len(Recipe().lines()) - len(Recipe(clear="").lines())
        1
        """
        decay = f", weight_decay={self.decay:g}" if self.decay else ""
        slots = {**vars(self), "decay": decay}
        written = [line.format(**slots) if line else "" for line in PROGRAM.splitlines()]
        kept = [text for text, line in zip(written, PROGRAM.splitlines(), strict=True)
                if text.strip() or not line]  # fmt: skip
        return "\n".join(kept).split("\n")


@dataclass(frozen=True)
class Run:
    """What one training did, measured while and after it ran."""

    recipe: Recipe
    losses: np.ndarray  # of every batch, before its update
    train: np.ndarray  # (1 + epochs,): the first batch, then the mean of each epoch
    val: np.ndarray  # (1 + epochs,): before the first update, then after each epoch
    gradients: np.ndarray  # (updates, 3): root mean square of what backward left in each weight
    batches: np.ndarray  # (the last batches, 10): how many digits of each class
    model: nn.Module
    X: np.ndarray
    y: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    twice: tuple[np.ndarray, np.ndarray]  # the scores of the validation digits, asked twice
    claim: float  # the share of validation digits read right: what the run says of itself
    proof: float  # the same for 510 digits from forms that no run has met

    @property
    def epochs(self) -> int:
        return self.recipe.epochs

    @property
    def lost(self) -> int | None:
        """The first update whose loss was no number, counted from 1; None if all were."""
        bad = np.flatnonzero(~np.isfinite(self.losses))
        return int(bad[0]) + 1 if len(bad) else None


@lru_cache(maxsize=128)
def run(recipe: Recipe) -> Run:
    """Run the program and look into it. The same recipe gives the same run.

    Example
    -------
    >>> run(Recipe()).proof > 0.85
    True
    """
    losses, grads, val, kinds = [], [], [], []
    with blas().limit(limits=1), np.errstate(all="ignore"):
        for moment, seen in execute(recipe):
            if moment == "start":
                val.append(_before(seen))
            elif moment == "step":
                losses.append(seen["losses"][-1])
                grads.append([_size(p.grad) for p in seen["model"].parameters() if p.ndim == 2])
                if seen["epoch"] >= recipe.epochs - LAST_EPOCHS:
                    kinds.append(np.bincount(seen["y"][seen["rows"]], minlength=CLASSES))
            else:
                val.append(seen["val_losses"][-1])
        return _closed(recipe, seen, np.array(losses), np.array(val), grads, kinds)


def _before(seen: dict[str, Any]) -> float:
    """The validation loss of the first weights; the program's chance is left as it was."""
    chance = seen["rng"].bit_generator.state
    loss = float(F.cross_entropy(seen["scores"](seen["X_val"]), seen["y_val"]))
    seen["rng"].bit_generator.state = chance
    return loss


def _closed(
    recipe: Recipe,
    seen: dict[str, Any],
    losses: np.ndarray,
    val: np.ndarray,
    grads: list[list[float]],
    kinds: list[np.ndarray],
) -> Run:
    """The run, when it is over: the judgement of validation, twice, and of the unseen forms."""
    first, second, new = (seen["scores"](seen[name]) for name in ("X_val", "X_val", "X_new"))
    X, y, X_val, y_val = (seen[name] for name in ("X", "y", "X_val", "y_val"))
    means = losses.reshape(recipe.epochs, -1).mean(axis=1)
    return Run(
        recipe, losses, np.r_[losses[0], means], val, np.array(grads), np.array(kinds),
        seen["model"], X, y, X_val, y_val, (first, second),
        _share(first, y_val), _share(new, seen["y_new"]),
    )  # fmt: skip


def execute(recipe: Recipe) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run the text, and stop to look where `LOOKS` says."""
    text = "def program():\n"
    for line in recipe.lines():
        text += indent(line, "    ") + "\n"
        if line in LOOKS:
            space = " " * (4 + len(line) - len(line.lstrip()))
            text += f"{space}yield {LOOKS[line]!r}, locals()\n"
    room: dict[str, Any] = {}
    exec(compile(text, "<a patient>", "exec"), room)
    return iter(room["program"]())


def activations(run: Run) -> list[np.ndarray]:
    """What the hidden layers gave for the validation digits: (N, neurons) of each."""
    found, x = [], Tensor(run.X_val)
    with no_grad(), run.model.evaluating(), np.errstate(all="ignore"):
        for layer in run.model:  # type: ignore[attr-defined]
            x = layer(x)
            if isinstance(layer, nn.ReLU | nn.Tanh | nn.LeakyReLU):
                found.append(np.asarray(x.data))
    return found


def _size(gradient: Any) -> float:
    g = np.asarray(gradient.data, np.float64)
    return float(np.sqrt(np.mean(g * g)))


def _share(scores: np.ndarray, truth: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == truth).mean())
