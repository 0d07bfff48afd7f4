"""Losses: see cases.py."""

import numpy as np

from nnlearn import ops

rng = np.random.default_rng(6)


def draw(*shape):
    return rng.standard_normal(shape)


def share(*shape):
    return rng.uniform(0.1, 0.9, shape)


LABELS = np.array([2, 0, 1, 2])
SOME = np.array([2, -100, 1, 2])
PIXELS = np.array([[[0, 1], [2, 2]], [[1, -100], [0, 0]]])
WEIGHT = np.array([0.5, 2.0, 1.0])

CASES = {
    "l1_loss": (ops.l1_loss, [draw(3, 4), draw(3, 4)]),
    "huber_loss": (ops.huber_loss, [draw(3, 4) * 2, draw(3, 4)]),
    "huber_loss sum": (lambda a, b: ops.huber_loss(a, b, "sum", 0.3), [draw(3), draw(3)]),
    "smooth_l1_loss": (lambda a, b: ops.smooth_l1_loss(a, b, beta=0.3), [draw(4), draw(4)]),
    "smooth_l1_loss zero": (lambda a, b: ops.smooth_l1_loss(a, b, beta=0), [draw(4), draw(4)]),
    "binary_cross_entropy": (ops.binary_cross_entropy, [share(3, 4), share(3, 4)]),
    "binary_cross_entropy weight": (
        lambda a, b: ops.binary_cross_entropy(a, b, weight=WEIGHT, reduction="none"),
        [share(2, 3), share(2, 3)],
    ),
    "binary_cross_entropy_with_logits": (
        ops.binary_cross_entropy_with_logits,
        [draw(3, 4), share(3, 4)],
    ),
    "binary_cross_entropy_with_logits weights": (
        lambda a, b: ops.binary_cross_entropy_with_logits(
            a, b, weight=WEIGHT, reduction="sum", pos_weight=WEIGHT[::-1]
        ),
        [draw(2, 3), share(2, 3)],
    ),
    "nll_loss weight": (lambda a: ops.nll_loss(a, SOME, WEIGHT), [draw(4, 3)]),
    "nll_loss pixels": (lambda a: ops.nll_loss(a, PIXELS, reduction="none"), [draw(2, 3, 2, 2)]),
    "cross_entropy weight": (lambda a: ops.cross_entropy(a, SOME, WEIGHT), [draw(4, 3)]),
    "cross_entropy one": (lambda a: ops.cross_entropy(a, np.array(1)), [draw(3)]),
    "cross_entropy pixels": (
        lambda a: ops.cross_entropy(a, PIXELS, reduction="none"),
        [draw(2, 3, 2, 2)],
    ),
    "cross_entropy smooth": (
        lambda a: ops.cross_entropy(a, SOME, weight=WEIGHT, label_smoothing=0.2),
        [draw(4, 3)],
    ),
    "cross_entropy shares": (
        lambda a, b: ops.cross_entropy(a, b, weight=WEIGHT, label_smoothing=0.2),
        [draw(2, 3, 2), share(2, 3, 2)],
    ),
}
