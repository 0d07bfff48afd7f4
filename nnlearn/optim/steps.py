"""One step of each optimizer as a plain function of arrays: what the classes do, and no more.

step(p, g, *memories, [t], lr, ...settings with defaults) -> p or (p, *memories). The parameters p
and their gradient g have one shape; memories begin at zero; t counts steps from 1. Nothing is
written into the arguments.

Lessons: 05, 06, 08, 09.
"""

import numpy as np


def gd_step(p: np.ndarray, g: np.ndarray, lr: float) -> np.ndarray:
    """Gradient descent: p - lr * g."""
    return p - lr * g


def momentum_step(
    p: np.ndarray, g: np.ndarray, v: np.ndarray, lr: float, momentum: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient descent with momentum: v = momentum * v + g; p - lr * v."""
    v = momentum * v + g
    return p - lr * v, v


def rmsprop_step(
    p: np.ndarray, g: np.ndarray, s: np.ndarray, lr: float, alpha: float = 0.99, eps: float = 1e-8
) -> tuple[np.ndarray, np.ndarray]:
    """RMSProp: s = alpha * s + (1 - alpha) * g²; p - lr * g / (√s + eps)."""
    s = alpha * s + (1 - alpha) * g * g
    return p - lr * g / (np.sqrt(s) + eps), s


def adam_step(
    p: np.ndarray,
    g: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Adam: the mean gradient divided by the root of the mean square, both bias-corrected."""
    b1, b2 = betas
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    return p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v
