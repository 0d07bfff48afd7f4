import math

import numpy as np

from tests.course.checks.bank import rules_for


def count_ceil(n, batch_size, drop_last=False):
    return math.floor(n / batch_size) if drop_last else math.ceil(n / batch_size)


def count_rest(n, batch_size, drop_last=False):
    full, rest = divmod(n, batch_size)
    return full + (rest > 0 and not drop_last)


def count_range(n, batch_size, drop_last=False):
    starts = range(0, n, batch_size)
    return len([i for i in starts if not drop_last or i + batch_size <= n])


def batches_generator(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X), batch_size):
        rows = order[i : i + batch_size]
        yield X[rows], y[rows]


def batches_shuffle(X, y, batch_size, rng):
    order = np.arange(len(y))
    rng.shuffle(order)
    parts = np.split(order, range(batch_size, len(order), batch_size))
    return [(X.take(rows, axis=0), y[rows]) for rows in parts]


def batches_whole(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    X, y = X[order], y[order]
    batches, i = [], 0
    while i < len(X):
        batches.append([X[i : i + batch_size], y[i : i + batch_size]])
        i += batch_size
    return tuple(batches) if len(batches) > 2 else batches


def batches_loop(X, y, batch_size, rng):
    left = list(range(len(X)))
    while left:
        rows = [left.pop(int(rng.integers(len(left)))) for _ in range(min(batch_size, len(left)))]
        yield np.stack([X[i] for i in rows]), np.array([y[i] for i in rows])


def split_first(X, y, fraction, rng):
    order = rng.permutation(len(X))
    k = int(fraction * len(X))
    return (X[order[k:]], y[order[k:]]), (X[order[:k]], y[order[:k]])


def split_last(X, y, fraction, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    train, val = np.split(order, [len(X) - round(fraction * len(X))])
    return (X[train], y[train]), (X[val], y[val])


def split_choice(X, y, fraction, rng):
    held = np.zeros(len(X), dtype=bool)
    held[rng.choice(len(X), math.ceil(fraction * len(X)), replace=False)] = True
    return [(X[~held], y[~held]), (X[held], y[held])]


def momentum_plain(p, g, v, lr, momentum=0.9):
    v = momentum * v + g
    return p - lr * v, v


def momentum_loop(p, g, v, lr, momentum=0.9):
    new_p, new_v = p.copy(), v.copy()
    for i in np.ndindex(p.shape):
        new_v[i] = momentum * v[i] + g[i]
        new_p[i] = p[i] - lr * new_v[i]
    return new_p, new_v


def momentum_difference(p, g, v, lr, momentum=0.9):
    faster = g - (1 - momentum) * v + v
    return p + -lr * faster, faster


def momentum_single(p, g, v, lr, momentum=0.9):
    p, g, v = (a.astype(np.float32) for a in (p, g, v))
    return momentum_plain(p, g, v, lr, momentum)


def rms_plain(p, g, s, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g**2
    return p - lr * g / (np.sqrt(s) + eps), s


def rms_towards(p, g, s, lr, alpha=0.99, eps=1e-8):
    s = s + (1 - alpha) * (np.square(g) - s)
    rate = lr / (s**0.5 + eps)
    return p - rate * g, s


def rms_loop(p, g, s, lr, alpha=0.99, eps=1e-8):
    new_p, new_s = np.empty_like(p), np.empty_like(s)
    for i in np.ndindex(p.shape):
        new_s[i] = alpha * s[i] + (1 - alpha) * g[i] * g[i]
        new_p[i] = p[i] - lr * g[i] / (math.sqrt(new_s[i]) + eps)
    return new_p, new_s


def adam_plain(p, g, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    m = betas[0] * m + (1 - betas[0]) * g
    v = betas[1] * v + (1 - betas[1]) * g**2
    return p - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps), m, v


def adam_rate(p, g, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    """As PyTorch writes it: the corrections as factors of lr and of the root."""
    b1, b2 = betas
    m, v = m + (1 - b1) * (g - m), b2 * v + (1 - b2) * g * g
    root = np.sqrt(v) / math.sqrt(1 - b2**t) + eps
    return p - lr / (1 - b1**t) * m / root, m, v


def adam_loop(p, g, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    p, m, v = p.copy(), m.copy(), v.copy()
    for i in np.ndindex(p.shape):
        m[i] = betas[0] * m[i] + (1 - betas[0]) * g[i]
        v[i] = betas[1] * v[i] + (1 - betas[1]) * g[i] ** 2
        fair_m, fair_v = m[i] / (1 - betas[0] ** t), v[i] / (1 - betas[1] ** t)
        p[i] -= lr * fair_m / (math.sqrt(fair_v) + eps)
    return p, m, v


def cosine_formula(step, total, base):
    return base * (1 + np.cos(np.pi * step / total)) / 2


def cosine_square(step, total, base):
    return base * math.cos(math.pi * step / total / 2) ** 2


def cosine_sine(step, total, base):
    return base - base * math.sin(math.pi / 2 * step / total) ** 2


RIGHT = {
    "06.1": [count_ceil, count_rest, count_range],
    "06.2": [batches_generator, batches_shuffle, batches_whole, batches_loop],
    "06.3": [split_first, split_last, split_choice],
    "06.4": [momentum_plain, momentum_loop, momentum_difference, momentum_single],
    "06.5": [rms_plain, rms_towards, rms_loop],
    "06.6": [adam_plain, adam_rate, adam_loop],
    "06.7": [cosine_formula, cosine_square, cosine_sine],
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "06_batches_and_optimizers", RIGHT
)
