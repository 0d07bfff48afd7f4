# %% [markdown]
# # Exercises 07 · Backpropagation
#
# Seven functions, about an hour and a half. The first three are an engine: at the end yours teaches XOR to a network. The other four are
# the way back in arrays, and the check that nobody can fool. The lesson is
# [07_backpropagation](../lessons/07_backpropagation.ipynb).
#
# As always: write, run the cell, run the check. `hint("07.1")` helps when you are stuck.

# %%
import math

import numpy as np

from nnlearn.course import check, hint, mine, progress

# %% [markdown]
# ## 07.1 · Local slopes
#
# ★★ · 10 minutes
#
# `local_slopes(op, inputs)`: `op` is one of `"+"`, `"-"`, `"*"`, `"/"`, `"exp"`, `"tanh"`, and `inputs` a tuple of one or two
# numbers. Return a tuple with one slope for each input: how much the result changes, per unit, when only that input is nudged.
#
# By hand: `local_slopes("*", (3.0, 2.0))` is **(2.0, 3.0)**: nudge the 3, and the product grows by twice the nudge.


# %% answer="07.1"
def local_slopes(op, inputs):
    """The slope of `op` by each of its inputs. A word, a tuple of numbers -> a tuple as long"""
    ### BEGIN SOLUTION
    if op == "+":
        return 1.0, 1.0
    if op == "-":
        return 1.0, -1.0
    if op == "exp":
        return (math.exp(inputs[0]),)
    if op == "tanh":
        return (1 - math.tanh(inputs[0]) ** 2,)
    x, y = inputs
    return (y, x) if op == "*" else (1 / y, -x / y**2)
    ### END SOLUTION


# %% check="07.1"
check("07.1", local_slopes)

# %% [markdown]
# ## 07.2 · Who comes first
#
# ★★★ · 20 minutes
#
# A node has `data`, `grad`, `op`, and two tuples of one length: `inputs` (nodes; empty for a number made by hand) and `slopes`
# (numbers). It does not know when it was born, nor who uses it.
#
# `topological_order(root)`: return a list of all nodes that root was made from, and root, each **once**, every input
# **before** all of its users. Several orders may be right. The lesson's recursion will not do: a graph may be 5,000 nodes deep.
#
# By hand: for root = x · y + x a right list is **[x, y, x · y, root]**. Another is [y, x, x · y, root].


# %% answer="07.2"
def topological_order(root):
    """All nodes below root and root itself, each once, inputs before users. Node -> list of nodes"""
    ### BEGIN SOLUTION
    order, done, waiting = [], set(), [root]
    while waiting:
        node = waiting[-1]
        missing = [x for x in node.inputs if x not in done]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        if node not in done:
            done.add(node)
            order.append(node)
    return order
    ### END SOLUTION


# %% check="07.2"
check("07.2", topological_order)

# %% [markdown]
# ## 07.3 · The walk back
#
# ★★★ · 15 minutes
#
# `backward(root)`: fill in `.grad` of every node, and return nothing.
#
# * A leaf (no inputs) **adds** the slope of root by it to what its `.grad` holds.
# * A result in between, and root, shows only what this walk has brought.
#
# Use your `topological_order`.
#
# By hand: x = 4, y = 2.5, root = x · y + x. Root gets 1, x · y gets 1, y gets 1 · 4 = **4**, and x gets 1 · 2.5 + 1 = **3.5**. A second
# walk makes them 8 and 7, and leaves x · y and root at 1.


# %% answer="07.3"
def backward(root):
    """Fill in the gradient of root by every node below it. Node -> None"""
    ### BEGIN SOLUTION
    nodes = topological_order(root)
    for node in nodes:
        if node.inputs:
            node.grad = 0.0
    root.grad += 1.0
    for node in reversed(nodes):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope
    ### END SOLUTION


# %% check="07.3"
check("07.3", backward)

# %% [markdown]
# ## 07.4 · Back through a bend
#
# ★ · 5 minutes
#
# From here on, arrays. g is what comes back from above: the gradient of the loss by a layer's output, in its shape.
#
# `relu_backward(g, z)`: the output was relu(z). Return the gradient by z. At z = 0 the slope counts as 0.
#
# By hand: g = (5, −2, 3, 1), z = (2, 0.5, −1, 0). The gradient is **(5, −2, 0, 0)**.


# %% answer="07.4"
def relu_backward(g, z):
    """The gradient by z of what relu(z) was used for. Two arrays of one shape -> that shape"""
    ### BEGIN SOLUTION
    return g * (z > 0)
    ### END SOLUTION


# %% check="07.4"
check("07.4", relu_backward)

# %% [markdown]
# ## 07.5 · Back through a layer
#
# ★★ · 15 minutes
#
# The layer is Z = X @ W.T + b, with X (N, D), W (K, D), b (K,). What comes back is g (N, K).
#
# `dense_backward(g, X, W)`: return three gradients, dX (N, D), dW (K, D), db (K,).
#
# By hand, one neuron, two examples of one input: g = [(1), (10)], X = [(2), (3)], W = [(5)]. Then
# dX = **[(5), (50)]**, dW = [(1 · 2 + 10 · 3)] = **[(32)]**, db = 1 + 10 = **(11)**.


# %% answer="07.5"
def dense_backward(g, X, W):
    """Gradients of a layer. g (N, K), X (N, D), W (K, D) -> dX (N, D), dW (K, D), db (K,)"""
    ### BEGIN SOLUTION
    return g @ W, g.T @ X, g.sum(axis=0)
    ### END SOLUTION


# %% check="07.5"
check("07.5", dense_backward)

# %% [markdown]
# ## 07.6 · Back through softmax and cross-entropy
#
# ★★ · 10 minutes
#
# Example n pays −log of its right class's share: one loss for each, no mean. What comes back is g (N,), one number for each
# example. (If the mean follows, all are 1/N. If examples have weights, they differ.)
#
# `cross_entropy_backward(g, z, labels)`: scores z (N, K), labels (N,). Return the gradient by z, (N, K). Scores of ±1000 must do no
# harm.
#
# By hand: z = [(0, log 3)], labels = (0). The shares are (0.25, 0.75). With g = (1) the gradient is (−0.75, 0.75), with g = (2) it is
# **[(−1.5, 1.5)]**.


# %% answer="07.6"
def cross_entropy_backward(g, z, labels):
    """Gradient by the scores of a loss per example. g (N,), z (N, K), labels (N,) -> (N, K)"""
    ### BEGIN SOLUTION
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return g[:, None] * p
    ### END SOLUTION


# %% check="07.6"
check("07.6", cross_entropy_backward)

# %% [markdown]
# ## 07.7 · The gradient check
#
# ★★ · 15 minutes
#
# `gradient_check(f, grad, x)`: f takes an array like x and returns one number; grad takes the same and claims to return the
# gradient of f, in the shape of x. Measure the slopes m: nudge each number of x alone by h = 1e-5, up and down, as in 05.1. With a = grad(x)
# return
#
# $$\frac{\lVert a - m \rVert}{\lVert a \rVert + \lVert m \rVert}$$
#
# and 0 where both are all zeros. ‖v‖ is the root of the sum of all squares. If x is float32, work on a float64 copy: a nudge so
# small would drown.
#
# By hand: f(x) = x² at x = 1, and grad claims 1. m is 2, so the result is |1 − 2| / (1 + 2) = **0.333**. For the right claim, 2, it is
# almost 0.


# %% answer="07.7"
def gradient_check(f, grad, x):
    """How far grad(x) is from measured slopes, 0 to 1. Two functions, an array -> one number"""
    ### BEGIN SOLUTION
    x = np.array(x, dtype=np.float64)
    measured = np.empty_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += 1e-5
        down[i] -= 1e-5
        measured[i] = (f(up) - f(down)) / 2e-5
    claimed = grad(x)
    total = np.linalg.norm(claimed) + np.linalg.norm(measured)
    return np.linalg.norm(claimed - measured) / total if total else 0.0
    ### END SOLUTION


# %% check="07.7"
check("07.7", gradient_check)

# %% [markdown]
# ## What you have built: an engine
#
# A number that computes with these operations takes a few lines, now that the slopes, the order and the walk are yours. (Where
# something has not passed yet, nnlearn's takes its place, and the first lines say so.)

# %% tags=["nbval-ignore-output"]
slopes_of, walk = mine("07.1"), mine("07.3")
COMPUTE = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "tanh": math.tanh,
}


class Value:
    def __init__(self, data, inputs=(), op=""):
        self.data, self.inputs, self.op, self.grad = data, inputs, op, 0.0
        slopes = slopes_of(op, tuple(x.data for x in inputs)) if inputs else ()
        self.slopes = np.ravel(slopes).tolist()  # a lone slope becomes a list of one


def compute(op, *inputs):
    return Value(COMPUTE[op](*[x.data for x in inputs]), inputs, op)


Value.__add__ = lambda self, other: compute("+", self, other)
Value.__sub__ = lambda self, other: compute("-", self, other)
Value.__mul__ = lambda self, other: compute("*", self, other)
Value.tanh = lambda self: compute("tanh", self)

# %% [markdown]
# **Milestone.** Five hidden neurons, XOR, ten starts, your engine. A neuron that could not do it was the end of lesson 01.

# %% tags=["nbval-ignore-output"]
from tqdm import tqdm

CORNERS = [(-1.0, -1.0, -1.0), (-1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, -1.0)]


def score(weights, p, q):
    total = weights[0]
    for i in range(1, len(weights), 4):
        w1, w2, b, out = weights[i : i + 4]
        total = total + (w1 * Value(p) + w2 * Value(q) + b).tanh() * out
    return total


def xor_loss(weights):
    total = Value(0.0)
    for p, q, answer in CORNERS:
        e = score(weights, p, q) - Value(answer)
        total = total + e * e
    return total


# %% tags=["nbval-ignore-output"]
def learn_xor(seed):
    weights = [Value(v) for v in np.random.default_rng(seed).normal(size=21).tolist()]
    for _step in range(200):
        loss = xor_loss(weights)
        for v in weights:
            v.grad = 0.0
        walk(loss)
        for v in weights:
            v.data -= 0.05 * v.grad
    return weights


nodes = mine("07.2")(xor_loss([Value(1.0) for _ in range(21)]))
print(f"one step walks {len(nodes)} nodes")
solved = 0
for seed in tqdm(range(10), leave=False):
    weights = learn_xor(seed)
    solved += all(answer * score(weights, p, q).data > 0 for p, q, answer in CORNERS)
print(f"XOR is solved from {solved} of 10 seeds")

# %% [markdown]
# And in arrays: your three ways back make the gradient of a whole network, and your check judges it. Then lesson 05's steps, on real
# digits.

# %% tags=["nbval-ignore-output"]
from nnlearn.data import load_digits

relu_back, dense_back, loss_back = mine("07.4"), mine("07.5"), mine("07.6")
(X, y), (X_new, y_new) = load_digits()
X, X_new = X.astype(float), X_new.astype(float)
rng = np.random.default_rng(0)
W1, b1 = rng.normal(0, np.sqrt(2 / 64), (32, 64)), np.zeros(32)
W2, b2 = rng.normal(0, np.sqrt(2 / 32), (10, 32)), np.zeros(10)


def gradients(W1, X, y):
    z1 = X @ W1.T + b1
    a1 = np.maximum(z1, 0)
    g = loss_back(np.full(len(y), 1 / len(y)), a1 @ W2.T + b2, y)
    g, dW2, db2 = dense_back(g, a1, W2)
    _, dW1, db1 = dense_back(relu_back(g, z1), X, W1)
    return dW1, db1, dW2, db2


# %% tags=["nbval-ignore-output"]
def loss(W1):
    z = np.maximum(X[:20] @ W1.T + b1, 0) @ W2.T + b2
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(20), y[:20]])


apart = mine("07.7")(loss, lambda W1: gradients(W1, X[:20], y[:20])[0], W1)
print(f"your check of your gradient by 2,048 weights: {apart:.0e} apart")
for _step in tqdm(range(600), leave=False):
    batch = rng.integers(len(X), size=32)
    for p, g in zip((W1, b1, W2, b2), gradients(W1, X[batch], y[batch]), strict=True):
        p -= 0.2 * g
right = (np.maximum(X_new @ W1.T + b1, 0) @ W2.T + b2).argmax(axis=1) == y_new
print(f"after 600 steps with your gradients: {right.mean():.1%} of new digits right")

# %% tags=["nbval-ignore-output"]
progress("07")
