# %% [markdown]
# # Exercises 08 · Multilayer perceptrons
#
# Seven functions, about an hour and a half. The first four are a network of any size with its training. Then two that judge it, and one
# that needs no training at all. At the end a network of which every line is yours reads digits. The lesson is
# [08_multilayer_perceptrons](../lessons/08_multilayer_perceptrons.ipynb).
#
# As always: write, run the cell, run the check. `hint("08.1")` helps when you are stuck.

# %%
from itertools import pairwise

import numpy as np

from nnlearn.course import check, hint, mine, progress

# %% [markdown]
# ## 08.1 · A network to begin with
#
# ★ · 10 minutes
#
# `mlp_init(sizes, rng)`: sizes lists how many numbers go in, how many neurons each layer has, and so how many numbers come out. Return a list with one
# pair (W, b) for each layer, the first layer first: W (out, in), drawn around 0 by `rng` with the standard deviation √(2 / in), and b (out,),
# zeros. It is 02.4's "kaiming", layer by layer.
#
# By hand: sizes = [3, 4, 2] makes two pairs, **W (4, 3), b (4,)** and **W (2, 4), b (2,)**. The spread of the first W is √(2/3) = 0.816, of the
# second √(2/4) = 0.707.


# %% answer="08.1"
def mlp_init(sizes, rng):
    """First params of a network. [D, K1, ..., K] -> list of pairs (W (out, in), b (out,))"""
    ### BEGIN SOLUTION
    params = []
    for fan_in, fan_out in pairwise(sizes):
        W = rng.normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in))
        params.append((W, np.zeros(fan_out)))
    return params
    ### END SOLUTION


# %% check="08.1"
check("08.1", mlp_init)

# %% [markdown]
# ## 08.2 · Forward
#
# ★★ · 15 minutes
#
# `mlp_forward(params, X)`: send X (N, D) through all layers, with ReLU between them and none after the last. Return two things:
#
# * the logits, (N, K): what the last layer's sums are;
# * the cache, a list with one pair **(inputs, Z)** for each layer, the first layer first: what the layer was given, (N, in), and its
#   sums before any bend, (N, out).
#
# By hand: X = [(1, 2)], the first layer W = [(1, −1), (2, 0)], b = (0, 1), the second W = [(1, −1)], b = (0.5). The first sums are (−1, 3),
# bent (0, 3). So the logits are 0 − 3 + 0.5, **[(−2.5)]**, and the cache is **[([(1, 2)], [(−1, 3)]), ([(0, 3)], [(−2.5)])]**.


# %% answer="08.2"
def mlp_forward(params, X):
    """Through all layers. List of pairs (W, b), X (N, D) -> logits (N, K), list of pairs (inputs, Z)"""
    ### BEGIN SOLUTION
    cache, A = [], X
    for W, b in params:
        Z = A @ W.T + b
        cache.append((A, Z))
        A = np.maximum(Z, 0)
    return Z, cache
    ### END SOLUTION


# %% check="08.2"
check("08.2", mlp_forward)

# %% [markdown]
# ## 08.3 · Back
#
# ★★★ · 20 minutes
#
# `mlp_backward(params, cache, dlogits)`: cache is what 08.2 returned, and dlogits (N, K) the gradient of the loss by the logits. Return the gradients
# as params are built: a list with one pair (dW, db) for each layer, the first layer first.
#
# By hand: the network and the cache of 08.2, dlogits = [(2)]. The second layer gets dW = [(2 · 0, 2 · 3)] and db = (2). Below it arrives
# (2 · 1, 2 · −1) = (2, −2). The first sum was −1, so of that (0, −2) passes (where a sum
# is 0 nothing passes, as in 07.4). The first layer gets dW = [(0, 0), (−2 · 1, −2 · 2)] and
# db = (0, −2). Together: **[([(0, 0), (−2, −4)], (0, −2)), ([(0, 6)], (2))]**.


# %% answer="08.3"
def mlp_backward(params, cache, dlogits):
    """All gradients. Pairs (W, b), pairs (inputs, Z), dlogits (N, K) -> list of pairs (dW, db)"""
    ### BEGIN SOLUTION
    grads, g = [], dlogits
    for layer in reversed(range(len(params))):
        inputs, Z = cache[layer]
        if layer < len(params) - 1:
            g = g * (Z > 0)
        grads.append((g.T @ inputs, g.sum(axis=0)))
        g = g @ params[layer][0]
    return grads[::-1]
    ### END SOLUTION


# %% check="08.3"
check("08.3", mlp_backward)

# %% [markdown]
# ## 08.4 · One epoch
#
# ★★★ · 20 minutes
#
# `train_epoch(params, X, y, lr, batch_size, rng)`: shuffle the rows by `rng`, X (N, D) and y (N,) alike, and cut them into batches; each is full but the last,
# which may be smaller (06.2). For each batch: forward, the mean cross-entropy and its gradient (write 04.5 and 04.6 out here, so that this function stands on
# its own; large scores must not break it), back, and one plain step with the rate lr.
#
# Return the new params, and the mean loss **over all N rows**, each row's taken when its batch came by, before that step. The params that
# you were given must stay as they were.
#
# By hand: one layer, W = [(0), (0)], b = (0, 0), one row X = [(1)], y = (0), lr = 1. Both shares are 0.5, the loss is log 2 = **0.693**, its gradient by the
# logits (−0.5, 0.5). New: W = **[(0.5), (−0.5)]**, b = **(0.5, −0.5)**.


# %% answer="08.4"
def train_epoch(params, X, y, lr, batch_size, rng):
    """An epoch of mini-batch SGD. Pairs (W, b), X (N, D), y (N,) -> new pairs (W, b), one number"""
    ### BEGIN SOLUTION
    order, total = rng.permutation(len(X)), 0.0
    for i in range(0, len(X), batch_size):
        rows = order[i : i + batch_size]
        logits, cache = mlp_forward(params, X[rows])
        top = logits.max(axis=1, keepdims=True)
        log_share = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
        one_hot = np.arange(logits.shape[1]) == y[rows][:, None]
        total -= log_share[one_hot].sum()
        grads = mlp_backward(params, cache, (np.exp(log_share) - one_hot) / len(rows))
        params = [
            (W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]
    return params, total / len(X)
    ### END SOLUTION


# %% check="08.4"
check("08.4", train_epoch)

# %% [markdown]
# ## 08.5 · How many are right?
#
# ★ · 5 minutes
#
# `accuracy(logits, labels)`: logits (N, K), labels (N,) whole numbers. Return the share of rows, 0 to 1, whose largest score stands in the
# column of the label.
#
# By hand: logits [(2, 1, 0), (0.5, 0.1, 0.9)], labels (0, 1). The first is right, the second says 2: **0.5**.


# %% answer="08.5"
def accuracy(logits, labels):
    """The share of right answers. Logits (N, K), labels (N,) -> one number"""
    ### BEGIN SOLUTION
    return (logits.argmax(axis=1) == labels).mean()
    ### END SOLUTION


# %% check="08.5"
check("08.5", accuracy)

# %% [markdown]
# ## 08.6 · Who is taken for whom?
#
# ★★ · 10 minutes
#
# `confusion_matrix(labels, predicted, classes)`: both (N,), whole numbers below `classes`. Return an array (classes, classes): in row t,
# column p stands how many were a t and were called a p.
#
# By hand: labels (0, 0, 0, 1, 2), predicted (0, 1, 1, 1, 0), three classes: **[(1, 2, 0), (0, 1, 0), (1, 0, 0)]**.


# %% answer="08.6"
def confusion_matrix(labels, predicted, classes):
    """How often each class was taken for each. (N,), (N,), a number -> counts (classes, classes)"""
    ### BEGIN SOLUTION
    counts = np.zeros((classes, classes), dtype=int)
    for truth, said in zip(labels, predicted, strict=True):
        counts[truth, said] += 1
    return counts
    ### END SOLUTION


# %% check="08.6"
check("08.6", confusion_matrix)

# %% [markdown]
# ## 08.7 · A network without training
#
# ★★★ · 20 minutes
#
# `hinge_network(knots, heights)`: knots (K,), strictly rising, and heights (K,), two or more. Return W1 (K, 1), b1 (K,), W2 (1, K), b2 (1,), NumPy arrays, so that
#
#     np.maximum(x @ W1.T + b1, 0) @ W2.T + b2
#
# runs straight from point to point through all K points, and is flat to the left of the first and to the right of the last. One hinge for each
# knot.
#
# By hand: knots (0, 1, 3), heights (1, 3, 2). The slopes are 0 (flat), 2, −0.5, 0 (flat), so at the knots they change by **2, −2.5, 0.5**. The hinges are
# relu(x), relu(x − 1), relu(x − 3), and far left only b2 is left: **1**. Try x = 2: 1 + 2 · 2 − 2.5 · 1 = 2.5, halfway down.


# %% answer="08.7"
def hinge_network(knots, heights):
    """Through given points. knots (K,), heights (K,) -> W1 (K, 1), b1 (K,), W2 (1, K), b2 (1,)"""
    ### BEGIN SOLUTION
    slopes = np.concatenate([[0.0], np.diff(heights) / np.diff(knots), [0.0]])
    return np.ones((len(knots), 1)), -knots, np.diff(slopes)[None, :], heights[:1]
    ### END SOLUTION


# %% check="08.7"
check("08.7", hinge_network)

# %% [markdown]
# ## Milestone: every line yours
#
# A network that reads digits, out of functions from six lessons. The table says which of them are yours; where one has not passed yet,
# nnlearn's takes its place. First a look at whether they fit together: your 08.2 and 08.3 do in two calls what the single pieces do one by one.

# %% tags=["nbval-ignore-output"]
import contextlib
import io

from nnlearn.course.checks import find_exercise
from nnlearn.data import load_digits

ids = "02.2 03.1 04.5 06.2 06.6 07.4 07.5 07.6 08.1 08.2 08.3 08.4 08.5 08.6 08.7".split()
with contextlib.redirect_stdout(io.StringIO()):  # the table says it shorter
    part = {id: mine(id) for id in ids}
yours = {id: f is not find_exercise(id).function for id, f in part.items()}
for id, f in part.items():
    print(f"{id} {f.__name__:24} {'yours' if yours[id] else 'nnlearn'}")
print(f"{sum(yours.values())} of {len(ids)} are yours")

# %% tags=["nbval-ignore-output"]
linear, relu, loss_of, batches, adam = (part[id] for id in ids[:5])
relu_back, dense_back, loss_back = (part[id] for id in ids[5:8])
(X, y), (X_new, y_new) = load_digits()
middle = X.mean(axis=0)
X, X_new = X.astype(float) - middle, X_new.astype(float) - middle


def gradients(params, X, y):
    """Two layers, piece by piece: the loss, and the gradients in the order W1, b1, W2, b2."""
    W1, b1, W2, b2 = params
    Z = linear(X, W1, b1)
    A = relu(Z)
    logits = linear(A, W2, b2)
    g = loss_back(np.full(len(y), 1 / len(y)), logits, y)
    dA, dW2, db2 = dense_back(g, A, W2)
    _, dW1, db1 = dense_back(relu_back(dA, Z), X, W1)
    return loss_of(logits, y), [dW1, db1, dW2, db2]


pairs = part["08.1"]([64, 128, 10], np.random.default_rng(0))
flat = [p for pair in pairs for p in pair]
logits, cache = part["08.2"](pairs, X[:40])
by_layers = part["08.3"](pairs, cache, loss_back(np.full(40, 1 / 40), logits, y[:40]))
_, by_pieces = gradients(flat, X[:40], y[:40])
for a, b in zip(by_pieces, [g for pair in by_layers for g in pair], strict=True):
    assert np.allclose(a, b)
print("two ways to the same gradients")

# %% [markdown]
# Now it is lesson 00's network, with lesson 00's numbers: 64-128-10, the mean picture taken away, batches of 64, Adam at 0.003, 60 epochs.
# Five seeds. And once more with your `train_epoch` from 08.4, whose steps are plain.

# %% tags=["nbval-ignore-output"]
from tqdm import tqdm


def with_adam(seed, epochs=60):
    rng, t = np.random.default_rng(seed), 0
    params = [p for pair in part["08.1"]([64, 128, 10], rng) for p in pair]
    memories = [(0 * p, 0 * p) for p in params]
    for _epoch in range(epochs):
        for Xb, yb in batches(X, y, 64, rng):
            t += 1
            _, grads = gradients(params, Xb, yb)
            moved = [
                adam(p, g, m, v, t, 0.003)
                for p, g, (m, v) in zip(params, grads, memories, strict=True)
            ]
            params, memories = [m[0] for m in moved], [m[1:] for m in moved]
    return [tuple(params[:2]), tuple(params[2:])]


def with_epochs(seed, epochs=30):
    rng = np.random.default_rng(seed)
    params = part["08.1"]([64, 128, 10], rng)
    for _epoch in range(epochs):
        params, _ = part["08.4"](params, X, y, 0.3, 32, rng)
    return params


# %% tags=["nbval-ignore-output"]
for id, learn in (("06.6", with_adam), ("08.4", with_epochs)):
    runs = [part["08.2"](learn(seed), X_new)[0] for seed in tqdm(range(5), leave=False)]
    shares = [part["08.5"](logits, y_new) for logits in runs]
    told = " ".join(f"{share:.1%}" for share in shares)
    name = ("your " if yours[id] else "nnlearn's ") + part[id].__name__
    print(f"{name:21} {told}, mean {np.mean(shares):.1%} ± {np.std(shares):.1%}")
    assert np.mean(shares) >= 0.92

# %% [markdown]
# In lesson 00 that was a promise: "by lesson 08 you will have written every part". It is kept. What does the last one still mix up? Each row is a
# digit as it was, each column what it was called.

# %% tags=["nbval-ignore-output"]
table = part["08.6"](y_new, runs[-1].argmax(axis=1), 10)
print("called", *(f"{digit:3}" for digit in range(10)))
for digit, row in enumerate(table):
    print(f"a {digit}:  ", *(f"{n:3}" if n else "  ." for n in row))
assert np.sum(table) == len(y_new)

# %% [markdown]
# And without any training: seventeen hinges along a wave.

# %% tags=["nbval-ignore-output"]
knots = np.linspace(-2, 2, 17)
W1, b1, W2, b2 = part["08.7"](knots, np.sin(3 * knots))
x = np.linspace(-2, 2, 401)[:, None]
error = np.abs(np.maximum(x @ W1.T + b1, 0) @ W2.T + b2 - np.sin(3 * x)).max()
print(f"worst error on the range: {error:.3f}")

# %% tags=["nbval-ignore-output"]
progress("08")
