"""Lesson 08: right answers written differently, mistakes named, and what chance may not hide."""

from itertools import pairwise

import numpy as np
import pytest

from nnlearn.course.checks import find_exercise
from nnlearn.course.exercise import Case
from tests.course.checks.bank import rules_for


def init_loop(sizes, rng):
    params = []
    for i in range(1, len(sizes)):
        W = np.sqrt(2 / sizes[i - 1]) * rng.standard_normal((sizes[i], sizes[i - 1]))
        params.append([W, np.zeros(sizes[i])])
    return params


def init_single(sizes, rng):
    std = [(2 / n) ** 0.5 for n in sizes[:-1]]
    shapes = zip(sizes[1:], sizes[:-1], strict=True)
    return [
        (s * rng.standard_normal(shape, dtype=np.float32), np.zeros(shape[0], np.float32))
        for s, shape in zip(std, shapes, strict=True)
    ]


def init_turned(sizes, rng):
    """All columns first, turned afterwards, as a tuple; and an even spread has a spread too."""
    return tuple(
        (rng.uniform(-np.sqrt(6 / i), np.sqrt(6 / i), (i, o)).T, np.zeros(o))
        for i, o in pairwise(sizes)
    )


def forward_index(params, X):
    cache = []
    for i, (W, b) in enumerate(params):
        Z = X @ W.T + b
        cache.append([X, Z])
        X = Z if i == len(params) - 1 else Z * (Z > 0)
    return X, cache


def forward_loop(params, X):
    A, cache = X, ()
    for W, b in params:
        Z = np.array([[np.dot(w, a) + c for w, c in zip(W, b, strict=True)] for a in A])
        cache += ((A, Z),)
        A = np.where(Z > 0, Z, 0.0)
    return Z, cache


def forward_recursive(params, X):
    (W, b), *rest = params
    Z = np.einsum("nd,kd->nk", X, W) + b
    if not rest:
        return Z, [(X, Z)]
    logits, cache = forward_recursive(rest, Z.clip(0))
    return logits, [(X, Z), *cache]


def backward_index(params, cache, dlogits):
    grads, g = [None] * len(params), dlogits
    for i in range(len(params) - 1, -1, -1):
        grads[i] = (np.einsum("nk,nd->kd", g, cache[i][0]), np.ones(len(g)) @ g)
        if i:
            g = np.where(cache[i - 1][1] > 0, g @ params[i][0], 0)
    return grads


def backward_by_outputs(params, cache, dlogits):
    """Where an input is above 0, the sum below it was."""
    g, grads = dlogits, []
    for (W, _), (A, _) in reversed(list(zip(params, cache, strict=True))):
        grads.insert(0, [g.T @ A, g.sum(axis=0)])
        g = (g @ W) * (A > 0)
    return tuple(grads)


def backward_loop(params, cache, dlogits):
    grads, g = [], dlogits
    for layer in reversed(range(len(params))):
        (W, b), (A, Z) = params[layer], cache[layer]
        dW, db, dA = np.zeros(W.shape), np.zeros(b.shape), np.zeros(A.shape)
        for n in range(len(A)):
            for k in range(len(W)):
                s = g[n, k] if layer == len(params) - 1 or Z[n, k] > 0 else 0.0
                dW[k] += s * A[n]
                db[k] += s
                dA[n] += s * W[k]
        grads = [(dW, db), *grads]
        g = dA
    return grads


def _loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(p[rows, labels])
    p[rows, labels] -= 1
    return loss, p


def epoch_shuffle(params, X, y, lr, batch_size, rng):
    order, losses = np.arange(len(y)), []
    rng.shuffle(order)
    for rows in np.split(order, range(batch_size, len(order), batch_size)):
        logits, cache = forward_index(params, X[rows])
        loss, p = _loss(logits, y[rows])
        losses.extend(loss)
        grads = backward_index(params, cache, p / len(rows))
        params = [
            tuple(v - lr * d for v, d in zip(pair, ds, strict=True))
            for pair, ds in zip(params, grads, strict=True)
        ]
    return params, np.mean(losses)


def epoch_copied(params, X, y, lr, batch_size, rng):
    """Copies first, then steps in place; rows taken whole, mixed by sorting coins."""
    params = [[W.copy(), b.copy()] for W, b in params]
    order, total = np.argsort(rng.random(len(X))), 0.0
    X, y = X[order], y[order]
    for i in range(0, len(X), batch_size):
        Xb, yb = X[i : i + batch_size], y[i : i + batch_size]
        logits, cache = forward_index(params, Xb)
        loss, p = _loss(logits, yb)
        total += loss.sum()
        for pair, ds in zip(params, backward_by_outputs(params, cache, p), strict=True):
            for v, d in zip(pair, ds, strict=True):
                v -= lr / len(yb) * d
    return params, total / len(X)


def epoch_single(params, X, y, lr, batch_size, rng):
    left, total = list(range(len(X))), np.float32(0)
    params = [(W.astype(np.float64), b.astype(np.float64)) for W, b in params]
    while left:
        rows = [left.pop(int(rng.integers(len(left)))) for _ in range(min(batch_size, len(left)))]
        logits, cache = forward_loop(params, X[rows])
        loss, p = _loss(logits, y[rows])
        total = total + loss.sum()
        grads = backward_loop(params, cache, p / len(rows))
        params = [
            (W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]
    return tuple(params), total / len(X)


def accuracy_loop(logits, labels):
    hits = 0
    for row, label in zip(logits, labels, strict=True):
        hits += int(np.argmax(row)) == label
    return hits / len(labels)


def accuracy_count(logits, labels):
    return np.count_nonzero(np.argmax(logits, 1) == labels) / labels.size


def accuracy_largest(logits, labels):
    return np.mean(logits[np.arange(len(labels)), labels] == logits.max(axis=1))


def accuracy_single(logits, labels):
    return np.float32(np.sum(labels == logits.argsort(axis=1)[:, -1])) / np.float32(len(labels))


def confusion_loop(labels, predicted, classes):
    counts = np.zeros((classes, classes))
    for t, p in zip(labels, predicted, strict=True):
        counts[t, p] += 1
    return counts


def confusion_bins(labels, predicted, classes):
    return np.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)


def confusion_one_hot(labels, predicted, classes):
    eye = np.eye(classes, dtype=np.float32)
    return eye[labels].T @ eye[predicted]


def confusion_asked(labels, predicted, classes):
    return np.array(
        [[np.sum((labels == t) & (predicted == p)) for p in range(classes)] for t in range(classes)]
    )


def hinges_loop(knots, heights):
    factors, before = [], 0.0
    for k in range(len(knots)):
        last = k == len(knots) - 1
        slope = 0.0 if last else (heights[k + 1] - heights[k]) / (knots[k + 1] - knots[k])
        factors.append(slope - before)
        before = slope
    W1 = np.ones(len(knots)).reshape(-1, 1)
    return W1, np.array([-k for k in knots]), np.array([factors]), np.array([heights[0]])


def hinges_scaled(knots, heights):
    """Steep hinges with small factors, the last one first."""
    slopes = np.r_[0.0, np.diff(heights) / np.diff(knots), 0.0]
    factors = (slopes[1:] - slopes[:-1])[::-1]
    W1 = np.full((len(knots), 1), 2.0)
    return W1, -2 * knots[::-1], factors.reshape(1, -1) / 2, heights[0].reshape(1)


def hinges_solved(knots, heights):
    """The factors from equations: the heights at the knots, and flat at the end."""
    rows = np.maximum(knots[1:, None] - knots[None, :], 0).astype(np.float64)
    table = np.vstack([rows, np.ones(len(knots))])
    wanted = np.append(heights[1:] - heights[0], 0.0)
    factors = np.linalg.solve(table, wanted)
    return [np.ones((len(knots), 1)), -knots, factors[None, :], heights[:1]]


def hinges_single(knots, heights):
    k, h = knots.astype(np.float64), heights.astype(np.float64)
    factors = np.diff(np.diff(h) / np.diff(k), prepend=0.0, append=0.0)[None]
    return np.ones((len(k), 1), np.float32), -k, factors, h[:1]


def hinges_rising_left(knots, heights):
    """relu(knot - x): far to the right only b2 is left."""
    slopes = np.concatenate([[0.0], np.diff(heights) / np.diff(knots), [0.0]])
    return -np.ones((len(knots), 1)), knots.copy(), np.diff(slopes)[None], heights[-1:].copy()


def epoch_one_table(params, X, y, lr, batch_size, rng):
    """X and y side by side in one table, whose rows are mixed."""
    table = rng.permutation(np.column_stack([X, y.astype(X.dtype)]))
    losses = []
    for rows in np.split(table, range(batch_size, len(X), batch_size)):
        logits, cache = forward_recursive(params, rows[:, :-1])
        loss, p = _loss(logits, rows[:, -1].astype(int))
        losses += loss.tolist()
        grads = backward_recursive(params, cache, p / len(rows))
        params = [
            [W - lr * dW, b - lr * db] for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]
    return [params, sum(losses) / len(X)]


def backward_recursive(params, cache, dlogits):
    own = (np.einsum("nk,nd->kd", dlogits, cache[-1][0]), np.einsum("nk->k", dlogits))
    if len(params) == 1:
        return [own]
    g = np.einsum("nk,kd->nd", dlogits, params[-1][0]) * np.heaviside(cache[-2][1], 0)
    return [*backward_recursive(params[:-1], cache[:-1], g), own]


RIGHT = {
    "08.1": [init_loop, init_single, init_turned],
    "08.2": [forward_index, forward_loop, forward_recursive],
    "08.3": [backward_index, backward_by_outputs, backward_loop, backward_recursive],
    "08.4": [epoch_shuffle, epoch_copied, epoch_single, epoch_one_table],
    "08.5": [accuracy_loop, accuracy_count, accuracy_largest, accuracy_single],
    "08.6": [confusion_loop, confusion_bins, confusion_one_hot, confusion_asked],
    "08.7": [hinges_loop, hinges_scaled, hinges_solved, hinges_single, hinges_rising_left],
}

test_mistake_is_rejected_and_named, test_right_answer_passes, test_exercise_is_complete = rules_for(
    "08_multilayer_perceptrons", RIGHT
)


def test_the_gradients_of_08_3_are_what_nudges_measure():
    from nnlearn.course.checks.layers import mlp_forward
    from nnlearn.course.checks.layers_back import BACKWARD
    from nnlearn.gradcheck import numerical_gradient

    for case in list(BACKWARD.cases(np.random.default_rng(0)))[:-1]:  # the last lies on kinks
        params, cache, g = case.args
        X = cache[0][0]
        for i, grads in enumerate(BACKWARD.function(params, cache, g)):
            for part in (0, 1):

                def total(p, i=i, part=part, params=params, X=X, g=g):
                    changed = [list(pair) for pair in params]
                    changed[i][part] = p
                    return float((mlp_forward(changed, X)[0] * g).sum())

                slopes = numerical_gradient(total, params[i][part])
                np.testing.assert_allclose(grads[part], slopes, atol=1e-6)


def test_a_list_of_layers_is_copied_watched_and_made_single():
    """A case's params survive an answer that writes into them, and the answer is told."""
    exercise = find_exercise("08.2")

    def mlp_forward(params, X):
        params[0][0][...] *= 2
        return exercise.function([(params[0][0] / 2, params[0][1]), *params[1:]], X)

    case = next(exercise.cases(np.random.default_rng(0)))
    before = case.args[0][0][0].copy()
    text = exercise.examine(mlp_forward).text
    assert "wrote into its input params" in text
    assert np.array_equal(case.args[0][0][0], before)
    single = case.in_float32()
    assert {a.dtype for pair in single.args[0] for a in pair} == {np.dtype(np.float32)}


def test_the_examples_by_hand_come_out_as_the_notebook_says():
    params = [(np.array([[1.0, -1], [2, 0]]), np.array([0.0, 1])),
              (np.array([[1.0, -1]]), np.array([0.5]))]  # fmt: skip
    logits, cache = find_exercise("08.2").function(params, np.array([[1.0, 2.0]]))
    assert logits.tolist() == [[-2.5]]
    grads = find_exercise("08.3").function(params, cache, np.array([[2.0]]))
    assert [[g.tolist() for g in pair] for pair in grads] == [
        [[[0, 0], [-2, -4]], [0, -2]], [[[0, 6]], [2]],
    ]  # fmt: skip
    layer = [(np.zeros((2, 1)), np.zeros(2))]
    args = layer, np.ones((1, 1)), np.array([0]), 1.0, 1, np.random.default_rng(0)
    ((W, b),), loss = find_exercise("08.4").function(*args)
    assert W.tolist() == [[0.5], [-0.5]] and b.tolist() == [0.5, -0.5]
    assert loss == pytest.approx(np.log(2))
    table = find_exercise("08.6").function(np.array([0, 0, 0, 1, 2]), np.array([0, 1, 1, 1, 0]), 3)
    assert table.tolist() == [[1, 2, 0], [0, 1, 0], [1, 0, 0]]
    _, _, W2, b2 = find_exercise("08.7").function(np.array([0.0, 1, 3]), np.array([1.0, 3, 2]))
    assert W2.tolist() == [[2, -2.5, 0.5]] and b2.tolist() == [1]


def test_few_rows_prove_the_order_and_many_that_they_were_mixed():
    cases: list[Case] = list(find_exercise("08.4").cases(np.random.default_rng(0)))
    assert sum(len(case.args[1]) > 6 and case.args[4] < len(case.args[1]) for case in cases) == 2
    assert any(len(case.args[1]) <= 6 and case.args[4] == 1 for case in cases)
