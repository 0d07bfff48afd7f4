"""What is computed: shapes, first weights and data, the same for every backend; and the goals.

Weights are held as PyTorch's state_dict holds them: (out, in), in the order of its keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace

import numpy as np


@dataclass(frozen=True)
class Workload:
    """A title, what makes its numbers, and the goals: nnlearn's time and memory over the base's.

    `goals` are those at one thread and at two; None where there is none.
    """

    title: str
    spec: Callable[[], SimpleNamespace]
    goals: tuple[float | None, float | None]
    memory_goal: float | None = 1 / 3
    base: str = "torch"


def uniform(rng, fan_in, *shape):
    limit = fan_in**-0.5
    return rng.uniform(-limit, limit, shape).astype(np.float32)


def linear(rng, inputs, outputs):
    return [uniform(rng, inputs, outputs, inputs), np.zeros(outputs, np.float32)]


def mlp(optimizer, sizes=(784, 256, 128, 10), batch=128):
    rng = np.random.default_rng(0)
    weights = [w for i, o in pairwise(sizes) for w in linear(rng, i, o)]
    x = rng.standard_normal((batch, sizes[0]), np.float32)
    y = rng.integers(0, sizes[-1], batch)
    lr = {"SGD": 0.1, "Adam": 1e-3}[optimizer]
    return SimpleNamespace(
        kind="mlp", sizes=sizes, optimizer=optimizer, lr=lr, weights=weights, x=x, y=y
    )


def small_mlp(optimizer):
    """A regression with tanh, where next to nothing is computed: the library's own cost shows."""
    spec = mlp(optimizer, (2, 16, 16, 1), batch=32)
    spec.y = np.random.default_rng(1).choice([-1.0, 1.0], (32, 1)).astype(np.float32)
    return spec


def cnn(train=True):
    rng = np.random.default_rng(0)
    weights = [uniform(rng, 9, 16, 1, 3, 3), np.zeros(16, np.float32)]
    weights += [uniform(rng, 144, 32, 16, 3, 3), np.zeros(32, np.float32)]
    weights += linear(rng, 32 * 7 * 7, 10)
    x, y = rng.standard_normal((64, 1, 28, 28), np.float32), rng.integers(0, 10, 64)
    return SimpleNamespace(
        kind="cnn", pool=True, train=train, optimizer="Adam", lr=1e-3, weights=weights, x=x, y=y
    )


def colour_cnn():
    rng = np.random.default_rng(0)
    weights = [uniform(rng, 27, 32, 3, 3, 3), np.zeros(32, np.float32)]
    weights += [uniform(rng, 288, 64, 32, 3, 3), np.zeros(64, np.float32)]
    weights += linear(rng, 64, 10)
    x, y = rng.standard_normal((32, 3, 32, 32), np.float32), rng.integers(0, 10, 32)
    return SimpleNamespace(
        kind="cnn", pool=False, train=True, optimizer="Adam", lr=1e-3, weights=weights, x=x, y=y
    )


def lstm():
    rng = np.random.default_rng(0)
    batch, steps, inputs, hidden, classes = 32, 64, 32, 128, 10
    weights = [uniform(rng, hidden, 4 * hidden, n) for n in (inputs, hidden)]
    weights += [uniform(rng, hidden, 4 * hidden), np.zeros(4 * hidden, np.float32)]
    weights += linear(rng, hidden, classes)
    x = rng.standard_normal((batch, steps, inputs), np.float32)
    y = rng.integers(0, classes, batch)
    return SimpleNamespace(kind="lstm", optimizer="Adam", lr=1e-3, weights=weights, x=x, y=y)


def gpt():
    rng = np.random.default_rng(0)
    batch, context, d, heads, vocab, layers = 16, 64, 128, 4, 96, 2

    def normal(*shape):
        return rng.standard_normal(shape, np.float32) * np.float32(0.02)

    def norm():
        return [np.ones(d, np.float32), np.zeros(d, np.float32)]

    weights = [normal(vocab, d), normal(context, d)]
    for _ in range(layers):
        for outputs, inputs, first in ((3 * d, d, 1), (d, d, 0), (4 * d, d, 1), (d, 4 * d, 0)):
            weights += norm() if first else []
            weights += [normal(outputs, inputs), np.zeros(outputs, np.float32)]
    weights += [*norm(), normal(vocab, d)]
    tokens = rng.integers(0, vocab, (2, batch, context))
    return SimpleNamespace(
        kind="gpt", d=d, heads=heads, vocab=vocab, layers=layers, context=context,
        optimizer="AdamW", lr=1e-3, weights=weights, x=tokens[0], y=tokens[1], prompt=8,
    )  # fmt: skip


def moons():
    """Two half moons for a network of single numbers, as micrograd's own demo trains it."""
    rng = np.random.default_rng(0)
    angle, y = rng.uniform(0, np.pi, 100), np.where(np.arange(100) % 2, 1.0, -1.0)
    lower = np.c_[1 - np.cos(angle), 0.5 - np.sin(angle)]
    x = np.where(y[:, None] < 0, np.c_[np.cos(angle), np.sin(angle)], lower)
    x += rng.normal(0, 0.1, x.shape)
    weights = [rng.uniform(-1, 1, (o, i)) for i, o in ((2, 16), (16, 16), (16, 1))]
    return SimpleNamespace(kind="scalar", weights=weights, x=x, y=y, lr=0.05, decay=1e-4)


WORKLOADS = {
    "mlp": Workload("MLP 784-256-128-10, batch 128, SGD", lambda: mlp("SGD"), (0.85, 0.85)),
    "mlp_adam": Workload("the same, Adam", lambda: mlp("Adam"), (0.85, 0.85)),
    "small_mlp": Workload(
        "small MLP 2-16-16-1, batch 32, SGD", lambda: small_mlp("SGD"), (0.17, 0.17)
    ),
    "small_mlp_adam": Workload("the same, Adam", lambda: small_mlp("Adam"), (0.17, 0.17)),
    "cnn": Workload("CNN on 28x28 pixels, batch 64, Adam", cnn, (0.75, 1.0)),
    "colour_cnn": Workload("CNN on 32x32x3 pixels, batch 32, Adam", colour_cnn, (0.95, 1.1), 0.36),
    "lstm": Workload("LSTM 128, 64 steps, batch 32, Adam", lstm, (1.1, 1.2)),
    "gpt": Workload("GPT, 2 blocks of 128, context 64, batch 16, AdamW", gpt, (0.9, 1.0)),
    "cnn_inference": Workload("the first CNN, only forward", lambda: cnn(False), (0.4, 0.55)),
    "gpt_generation": Workload("the GPT writes 56 tokens, KV cache", gpt, (0.45, 0.45)),
    "graph": Workload(
        "200 products of 4x4 in a chain, and back",
        lambda: SimpleNamespace(kind="graph", length=200),
        (0.5, None),
    ),
    "scalar": Workload(
        "single numbers: 2-16-16-1 on 100 points", moons, (1 / 30, None), None, "micrograd"
    ),
}
