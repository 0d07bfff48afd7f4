"""Two networks learn to read handwritten digits side by side, one small update at a time.

The reader (the learner's model, or 64-128-10 with ReLU) and a plain linear model see the same
batches in the same order, with the same optimizer. A moment of the race can be copied whole, so a
demo goes back, rewinds and scrubs bit for bit.

Lessons: 00, 08.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from nnlearn import nn, optim
from nnlearn.data import load_digits
from nnlearn.nn import functional as F
from nnlearn.tensor import Tensor, no_grad

BATCH, RATE, PIXELS, CLASSES = 64, 3e-3, 64, 10
SHARPEST = 16  # grey levels of the data set's pictures


class Digits:
    """The data set as the networks see it: the training pictures' mean is taken off everything."""

    def __init__(self) -> None:
        (X, self.y), (self.pictures, self.truth) = load_digits()
        self.mean = X.mean(axis=0)
        self.X, self.test = X - self.mean, self.pictures - self.mean

    @property
    def batches(self) -> int:
        """Updates in one epoch."""
        return -(-len(self.X) // BATCH)

    def a_few_of_each(self, each: int) -> np.ndarray:
        """Test digits spread evenly through the file, so over its forms; one column a kind."""
        kinds = [np.flatnonzero(self.truth == d) for d in range(CLASSES)]
        picks = [k[(np.arange(each) * len(k)) // each] for k in kinds]
        return np.stack(picks, axis=1)


@cache
def digits() -> Digits:
    """The data, read once and shared by every demo."""
    return Digits()


@cache
def blas() -> ThreadpoolController:
    """The threads of NumPy's matrix products.

    These products are tiny: shared between cores they cost up to 20 times more when another
    program is busy, because the threads wait for each other.
    """
    return ThreadpoolController()


class Race:
    """Everything that training changes: weights, the optimizers' memory, the order, the record."""

    def __init__(self, model: nn.Module, rng: np.random.Generator) -> None:
        self.models = {"reader": model, "linear": nn.Linear(PIXELS, CLASSES, rng=rng)}
        self.optimizers = {k: optim.Adam(m.parameters(), lr=RATE) for k, m in self.models.items()}
        self.order = np.empty(0, np.int64)
        self.updates = 0
        self.seconds = 0.0
        self.record: list[tuple[float, float, float]] = []  # epoch, reader, linear
        self.answers = np.empty(0, np.uint8)

    def train(self, updates: int, rng: np.random.Generator) -> None:
        """Show both models the next batches."""
        with blas().limit(limits=1):
            for _ in range(updates):
                self._next_batch(rng)

    def _next_batch(self, rng: np.random.Generator) -> None:
        data = digits()
        at = self.updates % data.batches
        if at == 0:
            self.order = rng.permutation(len(data.X))
        rows = self.order[at * BATCH : (at + 1) * BATCH]
        self._update("linear", data.X[rows], data.y[rows])
        start = time.perf_counter()
        self._update("reader", data.X[rows], data.y[rows])
        self.seconds += time.perf_counter() - start
        self.updates += 1

    def _update(self, which: str, X: np.ndarray, y: np.ndarray) -> None:
        optimizer = self.optimizers[which]
        optimizer.zero_grad()
        F.cross_entropy(self.models[which](Tensor(X)), Tensor(y)).backward()
        optimizer.step()
        optimizer.zero_grad()

    def test(self) -> None:
        """Let both read all test digits, and note how many they get right."""
        data = digits()
        with blas().limit(limits=1):
            reader, linear = (scores(m, data.test).argmax(axis=1) for m in self.models.values())
        self.answers = reader.astype(np.uint8)
        shares = [float(np.mean(a == data.truth)) for a in (reader, linear)]
        self.record.append((self.updates / data.batches, shares[0], shares[1]))


def scores(model: nn.Module, X: np.ndarray) -> np.ndarray:
    """What the model says before softmax, as a plain array (N, 10)."""
    with no_grad():
        out = model(Tensor(X))
    return np.asarray(out.data if isinstance(out, Tensor) else out)


def probabilities(model: nn.Module, picture: np.ndarray) -> np.ndarray:
    """Ten probabilities for one picture of 64 pixels from 0 to 1."""
    z = scores(model, (picture - digits().mean)[None].astype(np.float32))
    return np.asarray(F.softmax(z, dim=-1), np.float64)[0]


def small_network(rng: np.random.Generator) -> nn.Module:
    """The reader of the course: 64 pixels, 128 hidden neurons, 10 answers."""
    return nn.Sequential(
        nn.Linear(PIXELS, 128, rng=rng), nn.ReLU(), nn.Linear(128, CLASSES, rng=rng)
    )


def schedule(epochs: int) -> list[int]:
    """Updates to show in each frame: slow motion at first, then two frames an epoch.

    >>> schedule(1), sum(schedule(60)), len(schedule(60))
    ([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 1260, 161)
    """
    plan: list[int] = []
    for epoch in range(1, epochs + 1):
        frames = max(2, round(digits().batches / epoch))
        edges = np.linspace(0, digits().batches, frames + 1).round().astype(int)
        plan += sorted(int(n) for n in np.diff(edges))
    return plan


def build(model: Any, rng: np.random.Generator) -> nn.Module:
    """The network to train: nnlearn's, a learner's module, or what a function or class gives."""
    if model is None:
        return small_network(rng)
    if not isinstance(model, nn.Module):
        if not callable(model):
            raise TypeError(f"a model is an nn.Module, not {type(model).__name__}")
        model = model()
    if not isinstance(model, nn.Module):
        raise TypeError(f"the function gave {type(model).__name__}, not an nn.Module")
    return model


def fault_of(model: Any) -> str:
    """Why this model cannot read digits; empty if it can."""
    try:
        built = build(model, np.random.default_rng(0))
        shape = scores(built, np.zeros((3, PIXELS), np.float32)).shape
    except Exception as why:  # a learner's model may fail in any way, and should be told
        return f"{type(why).__name__}: {why}"
    if shape != (3, CLASSES):
        return f"for 3 digits of 64 pixels it gave shape {shape}; it must give (3, 10)."
    return "" if any(True for _ in built.parameters()) else "it has no parameters to train."


def hidden_weights(model: nn.Module, neurons: int) -> np.ndarray:
    """The weights into the first hidden neurons as pictures (neurons, 64); empty without any."""
    for parameter in model.parameters():
        w = parameter.data
        if w.ndim == 2 and w.shape[1] == PIXELS and len(w) != CLASSES:
            return np.asarray(w[:neurons], np.float32)
        break
    return np.empty((0, PIXELS), np.float32)


def scan(drawing: np.ndarray) -> np.ndarray:
    """Turn a drawing (ink from 0 to 1, any square size) into 64 pixels like the data set's.

    The ink's box is scaled to the full height (its shape kept, never wider than 6 of 8 columns),
    centred by its weight, averaged over 4 by 4 squares and rounded to 16 grey levels. An empty
    drawing stays empty.
    """
    ink = np.asarray(drawing, np.float64)
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.2), np.flatnonzero(ink.max(axis=0) > 0.2)
    if len(rows) == 0:
        return np.zeros(PIXELS, np.float32)
    top, left = rows[0], columns[0]
    tall, wide = rows[-1] + 1 - top, columns[-1] + 1 - left
    scale = max(tall / 32, wide / 24)
    columns_of_ink = ink[:, left : left + wide].sum(axis=0)
    centre = (
        top + tall / 2,
        columns_of_ink @ (left + np.arange(wide) + 0.5) / columns_of_ink.sum(),
    )
    grid = (np.arange(32) - 15.5) * scale
    sample = _between(ink, centre[0] + grid, centre[1] + grid)
    small = sample.reshape(8, 4, 8, 4).mean(axis=(1, 3))
    return (
        (np.round(small / max(small.max(), 1e-9) * SHARPEST) / SHARPEST).astype(np.float32).ravel()
    )


def _between(ink: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Ink at points between the pixels' centres, by linear interpolation; none outside."""
    padded = np.pad(ink, 1)

    def weights(at: np.ndarray, size: int) -> np.ndarray:
        distance = np.abs(at[:, None] + 0.5 - np.arange(size))
        return np.maximum(0, 1 - distance)

    return weights(rows, padded.shape[0]) @ padded @ weights(columns, padded.shape[1]).T


Model = nn.Module | Callable[[], nn.Module] | None
