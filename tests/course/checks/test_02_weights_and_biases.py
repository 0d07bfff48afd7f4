from itertools import pairwise

import numpy as np

from tests.course.checks.bank import rules_for


def stack_append(neurons):
    rows, biases = [], []
    for w, b in neurons:
        rows.append(w)
        biases.append(b)
    return np.array(rows), np.array(biases)


def stack_filled(neurons):
    W, b = np.zeros((len(neurons), len(neurons[0][0]))), np.zeros(len(neurons))
    for k, (w, bias) in enumerate(neurons):
        W[k], b[k] = w, bias
    return W, b


def stack_zipped(neurons):
    ws, bs = zip(*neurons, strict=True)
    return np.vstack(ws), np.asarray(bs)


def linear_product(X, W, b):
    return X @ W.T + b


def linear_loops(X, W, b):
    Z = np.zeros((len(X), len(W)))
    for n in range(len(X)):
        for k in range(len(W)):
            Z[n, k] = sum(X[n] * W[k]) + b[k]
    return Z


def linear_einsum(X, W, b):
    return np.einsum("nd,kd->nk", X, W) + b[None, :]


def linear_neurons(X, W, b):
    return np.stack([X @ w + bias for w, bias in zip(W, b, strict=True)], axis=1)


def linear_single(X, W, b):
    return (W.astype(np.float32) @ X.astype(np.float32).T).T + b.astype(np.float32)


def fold_concatenate(X, W, b):
    ones = np.ones((X.shape[0], 1), dtype=X.dtype)
    return np.concatenate([X, ones], axis=1), np.concatenate([W, b[:, None]], axis=1)


def fold_filled(X, W, b):
    X1, W1 = np.ones((len(X), X.shape[1] + 1)), np.empty((len(W), W.shape[1] + 1))
    X1[:, :-1] = X
    W1[:, :-1], W1[:, -1] = W, b
    return X1, W1


def fold_hstack(X, W, b):
    return np.hstack([X, np.ones((len(X), 1))]), np.hstack([W, b.reshape(-1, 1)])


def fold_pad(X, W, b):
    return np.pad(X, ((0, 0), (0, 1)), constant_values=1), np.column_stack([W, b])


def init_normal(fan_in, fan_out, scheme, rng):
    std = {"kaiming": (2 / fan_in) ** 0.5, "xavier": (2 / (fan_in + fan_out)) ** 0.5}[scheme]
    return rng.normal(scale=std, size=(fan_out, fan_in)), np.zeros(fan_out)


def init_uniform(fan_in, fan_out, scheme, rng):
    """As spread as asked for: a uniform draw from [-c, c] has the variance c²/3."""
    bound = np.sqrt(6 / (fan_in + fan_out * (scheme == "xavier")))
    return rng.uniform(-bound, bound, (fan_out, fan_in)), np.zeros(fan_out)


def init_rows(fan_in, fan_out, scheme, rng):
    fan = fan_in + (fan_out if scheme == "xavier" else 0)
    rows = [rng.standard_normal(fan_in) * np.sqrt(2 / fan) for _ in range(fan_out)]
    return np.array(rows), np.zeros(fan_out)


def init_single(fan_in, fan_out, scheme, rng):
    W, b = init_normal(fan_in, fan_out, scheme, rng)
    return W.astype(np.float32), b.astype(np.float32)


def count_loop(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i] + sizes[i]
    return total


def count_arrays(sizes):
    s = np.array(sizes, dtype=np.int64)
    return int(s[1:] @ (s[:-1] + 1))


def count_pieces(sizes):
    weights = sum(a * b for a, b in pairwise(sizes))
    return weights + sum(sizes[1:])


def signal_loop(X, layers, activation):
    scales = []
    for W, b in layers:
        X = activation(X @ W.T + b)
        scales.append(np.std(X))
    return np.array(scales)


def signal_filled(X, layers, activation):
    scales = np.zeros(len(layers))
    for i in range(len(layers)):
        X = activation(np.einsum("nd,kd->nk", X, layers[i][0]) + layers[i][1])
        scales[i] = np.sqrt(((X - X.mean()) ** 2).mean())
    return scales


def signal_recursive(X, layers, activation):
    if not layers:
        return np.array([])
    out = activation(X @ layers[0][0].T + layers[0][1])
    return np.append(out.std(), signal_recursive(out, layers[1:], activation))


def signal_single(X, layers, activation):
    return signal_loop(
        X.astype(np.float32),
        [(W.astype(np.float32), b.astype(np.float32)) for W, b in layers],
        activation,
    )


RIGHT = {
    "02.1": (stack_append, stack_filled, stack_zipped),
    "02.2": (linear_product, linear_loops, linear_einsum, linear_neurons, linear_single),
    "02.3": (fold_concatenate, fold_filled, fold_hstack, fold_pad),
    "02.4": (init_normal, init_uniform, init_rows, init_single),
    "02.5": (count_loop, count_arrays, count_pieces),
    "02.6": (signal_loop, signal_filled, signal_recursive, signal_single),
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "02_weights_and_biases", RIGHT
)
