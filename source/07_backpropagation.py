# %% [markdown]
# # 07 · Backpropagation
#
# **A small network that reads digits has 2,410 weights and biases. Which way should each of them move?** Lesson 05's nudge can
# tell: two runs of the network for every number. That makes 4,820 runs for a single step. This lesson gets all 2,410 slopes at
# once, for the price of about two.
#
# When you finish this lesson you can
#
# * find a slope through any computation by multiplying along a path and adding over paths;
# * build an engine that does it alone, and say why order matters, why recursion breaks and why gradients pile up;
# * send a gradient back through a layer of neurons, a bend and a loss, in arrays;
# * prove with a nudge that a gradient is right.
#
# *About 80 minutes with the demo. The notebook runs from top to bottom in about 15 s.*

# %%
import inspect
import itertools
import math
import time
from functools import partial

import numpy as np

from nnlearn import Tensor
from nnlearn.data import load_digits
from nnlearn.gradcheck import numerical_gradient
from nnlearn.nn import functional as F
from nnlearn.show import Picture, graph, new_axes, points

(X, y), _ = load_digits()
X, y = X[:20].astype(float), y[:20]  # one batch of twenty digits

# %% [markdown]
# ## The price of a nudge
#
# 64 pixels, 32 neurons with ReLU, 10 scores, cross-entropy: lesson 04's network, its first weights as in lesson 02.

# %%
rng = np.random.default_rng(0)
W1, b1 = rng.normal(0, np.sqrt(2 / 64), (32, 64)), np.zeros(32)
W2, b2 = rng.normal(0, np.sqrt(2 / 32), (10, 32)), np.zeros(10)
parameters = [W1, b1, W2, b2]


def loss_of(W1, b1, W2, b2):
    a = np.maximum(X @ W1.T + b1, 0)
    z = a @ W2.T + b2
    top = z.max(axis=1)
    right = z[np.arange(20), y]
    return np.mean(np.log(np.exp(z - top[:, None]).sum(axis=1)) + top - right)


print(f"{sum(p.size for p in parameters):,} numbers, loss {loss_of(*parameters):.3f}")

# %% [markdown]
# Now nudge every single one of them, up and down, and keep what comes out. It is slow, but it knows no calculus, so it cannot
# make a mistake in it. We shall climb a ladder today: single numbers, arrays by hand, an engine for arrays, the library. **On every rung
# we have to find these saved slopes again.**


# %% tags=["nbval-ignore-output"]
def one_changed(i, p):
    return loss_of(*parameters[:i], p, *parameters[i + 1 :])


def nudged(*parameters):
    return [numerical_gradient(partial(one_changed, i), p) for i, p in enumerate(parameters)]


def best(run, *arguments):
    """Seconds of the shortest of many runs: a busy machine only ever makes them longer."""
    times = []
    while len(times) < 3 or (len(times) < 200 and sum(times) < 0.1):
        started = time.perf_counter()
        run(*arguments)
        times.append(time.perf_counter() - started)
    return min(times)


saved = nudged(*parameters)
seconds = {"nudges": best(nudged, *parameters)}
runs = seconds["nudges"] / best(loss_of, *parameters)
print(f"all 2,410 slopes: {seconds['nudges']:.2f} s, as long as {runs:,.0f} runs")

# %% [markdown]
# 4,820 runs and some bookkeeping, for one step. And a network of today has billions of weights: billions of runs, each far longer than ours.
# Nobody has ever trained one so.
#
# ## Exchange rates
#
# What does a nudge do on its way? Take one neuron with one input, and the squared error of its answer. The numbers are
# small enough to follow by hand:

# %%
w, x, b, target = 0.5, 2.0, 0.0, 1.0
z = w * x + b
a = math.tanh(z)
e = a - target
loss = e * e
print(f"z {z:.3f}   a {a:.3f}   e {e:.3f}   loss {loss:.3f}")

# %% [markdown]
# Change w by a little. Each unit of that becomes x = 2 units of z. Each unit of z becomes $1 - a^2 = 0.42$ units of a, as
# you know from lesson 03. Each unit of a becomes one of e, and each unit of e becomes $2e = -0.477$ of loss. If a dollar buys two
# crowns and a crown buys 0.42 pounds, nobody has to tell you what to do: **multiply the rates.**
#
# $$\frac{\partial \text{loss}}{\partial w} = 2e \cdot 1 \cdot (1 - a^2) \cdot x$$
#
# That is the [chain rule](glossary.ipynb#chain-rule). **Predict:** the bias is 0. What is its slope?
#
# <details><summary>0</summary>The value is 0. The slope asks what a nudge away from 0 would do.</details>
# <details><summary>the slope of w, divided by 2</summary>Right: the same path, but the first rate is 1 instead of x = 2.</details>
# <details><summary>the same as w's</summary>From z on, yes. But one unit of w makes two of z.</details>

# %%
slope_w, slope_b = 2 * e * 1 * (1 - a * a) * x, 2 * e * 1 * (1 - a * a) * 1


def one_neuron(w, b):
    return (math.tanh(w * x + b) - target) ** 2


h = 1e-5
nudged_w = (one_neuron(w + h, b) - one_neuron(w - h, b)) / (2 * h)
nudged_b = (one_neuron(w, b + h) - one_neuron(w, b - h)) / (2 * h)
print(f"by rates  w {slope_w:.4f}  b {slope_b:.4f}")
print(f"by nudges w {nudged_w:.4f}  b {nudged_b:.4f}")
assert np.allclose([slope_w, slope_b], [nudged_w, nudged_b], atol=1e-9)

# %% [markdown]
# A gradient is not a value: a bias of 0 has a slope like any other number.
#
# ## Let the computer remember
#
# Every rate was known at the moment when the step was computed: for a product it is the other factor, for tanh it is
# $1 - a^2$. So let each number write down how it was made. It keeps its `inputs`, and for each of them the
# [local slope](glossary.ipynb#local-slope): how much it changes when only that input is nudged.

# %%
births = itertools.count()


class Value:
    """A number that remembers what it was made from, and the slope along each way."""

    def __init__(self, data, inputs=(), slopes=(), op=""):
        self.data, self.inputs, self.slopes, self.op = data, inputs, slopes, op
        self.grad = 0.0
        self.number = next(births)  # who was born when: we shall need it

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __sub__(self, other):
        return Value(self.data - other.data, (self, other), (1.0, -1.0), "-")

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,), "tanh")


# %% [markdown]
# That is all: four operations, each with its value and its slopes on one line. The same formulas as before now leave a trace,
# the [computational graph](glossary.ipynb#computational-graph):

# %% tags=["nbval-ignore-output"]
w, x, b, target = Value(0.5), Value(2.0), Value(0.0), Value(1.0)
z = w * x + b
a = z.tanh()
e = a - target
loss = e * e
names = {"w": w, "x": x, "b": b, "target": target, "z": z, "a": a, "e": e, "loss": loss}
figure, (axes,) = new_axes(width=11, height=3.6)
graph(axes, loss, names)
Picture(
    figure,
    "The neuron as a graph: values in the boxes, on each arrow the local slope. Two arrows lead from e "
    "to the loss, since the loss is e times e.",
)

# %% [markdown]
# Numbers that you made yourself, on the left, are the [leaves](glossary.ipynb#leaf). From w to the loss there are two ways, since
# e is used **twice**, with slope e each time. A nudge goes both ways, and the effects add up: e + e = 2e, which is where the 2
# came from. So there are two rules, and no third:
#
# > **Multiply along a path. Add over all paths.**


# %%
def slope_by_paths(root, x):
    """Over all paths from root back to x: the sum of the products of their slopes."""
    if root is x:
        return 1.0
    steps = zip(root.inputs, root.slopes, strict=True)
    return sum(slope * slope_by_paths(node, x) for node, slope in steps)


print(f"w {slope_by_paths(loss, w):.4f}   b {slope_by_paths(loss, b):.4f}")
assert np.isclose(slope_by_paths(loss, w), nudged_w) and np.isclose(
    slope_by_paths(loss, b), nudged_b
)

# %% [markdown]
# Three lines, and it is right. Are we done? Double a number again and again: `v = v + v`. Each doubling adds one node.
# **Predict:** the time for 12 doublings, and then for 18?
#
# <details><summary>half as long again</summary>The nodes grow like that. But what does the function walk along?</details>
# <details><summary>64 times as long</summary>Right: each doubling doubles the paths, and 2⁶ is 64.</details>
# <details><summary>36 times as long</summary>It is worse than a square: each step multiplies.</details>

# %% tags=["nbval-ignore-output"]
for doublings in (12, 15, 18):
    start = v = Value(1.0)
    for _ in range(doublings):
        v = v + v
    started = time.perf_counter()
    assert slope_by_paths(v, start) == 2**doublings
    spent = time.perf_counter() - started
    print(f"{doublings + 1} nodes, {2**doublings:7,} paths: {1000 * spent:6.1f} ms")
years = spent * 2**42 / (3600 * 24 * 365)
print(f"61 nodes: about {years:,.0f} years")
assert years > 1000

# %% [markdown]
# Networks are made of nothing but such forks: each neuron of a layer feeds all neurons of the next. Ten layers of 32 have
# $32^{10}$ paths, a million billion.
#
# ## Nodes, not paths
#
# What is the waste? All paths that pass through a node share everything behind it. So let the node **collect first**: add up what comes
# from all its users, and hand it on **once**. What it has collected is its gradient, the slope of the loss by this number.
#
# It may only hand on when all its users have reported. So the nodes need an order in which every user comes before its
# inputs, on the way back. Turned round, inputs first, that is a [topological order](glossary.ipynb#topological-order). The usual
# way to find it: visit a node's inputs, and then write down the node itself.


# %%
def order_by_recursion(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for x in node.inputs:
                visit(x)
            order.append(node)

    visit(root)
    return order


def backward(root):
    root.grad = 1.0
    for node in reversed(order_by_recursion(root)):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope  # multiply along, add where ways meet


# %% [markdown]
# This is [backpropagation](glossary.ipynb#backpropagation): one walk forward to compute, one walk back to collect. The root begins
# with 1, since a unit of loss is a unit of loss. **Predict** the number below w before you look.

# %% tags=["nbval-ignore-output"]
backward(loss)
figure, (axes,) = new_axes(width=11, height=3.6)
graph(axes, loss, names, gradients=True)
Picture(
    figure,
    "The same graph after one walk back. Below each value stands its gradient: 1 at the loss, −0.477 at e, which got "
    "−0.238 by each of two arrows, and −0.4 at w.",
)

# %%
assert np.isclose(w.grad, nudged_w) and np.isclose(b.grad, nudged_b)
v = start = Value(1.0)
for _ in range(60):
    v = v + v
backward(v)
print(f"61 nodes, at once: {start.grad:.0f}, which is 2⁶⁰: {start.grad == 2**60}")

# %% [markdown]
# One walk, and **every** number has its gradient, not only w. Because it starts at the single loss and not at one of the
# many inputs, it is called [reverse mode](glossary.ipynb#reverse-mode). Seppo Linnainmaa wrote it down in 1970. And
# it changes no number: what to do with the gradients is the optimizer's business.
#
# ## Three surprises
#
# **The first.** Add 1 a hundred thousand times, and ask for the gradient:

# %%
start, one = Value(0.0), Value(1.0)
total = start
for _ in range(100_000):
    total = total + one
try:
    backward(total)
except RecursionError:  # caught, because its full message is thousands of lines long
    print("RecursionError: maximum recursion depth exceeded")

# %% [markdown]
# `visit` calls `visit` calls `visit`, and Python allows no more than a few thousand of that. A recurrent network on a long text
# (lesson 11) is such a chain. But there is a simpler order, for which nothing needs to be called: **a result is younger than its inputs.** Find
# all nodes with a list of those still waiting, and sort by birth.


# %%
def youngest_first(root):
    found, waiting = {root}, [root]
    while waiting:
        for x in waiting.pop().inputs:
            if x not in found:
                found.add(x)
                waiting.append(x)
    return sorted(found, key=lambda node: node.number, reverse=True)


def backward(root):
    root.grad = 1.0
    for node in youngest_first(root):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope


backward(total)
print(f"start {start.grad:.0f}, one {one.grad:.0f}")
assert (start.grad, one.grad) == (1, 100_000)

# %% [markdown]
# **The second.** Sometimes two walks go over one graph. Then the gradients should add up: PyTorch does it so, and accumulating
# over several batches is built on it. For $x^2 + x$ at 3 the slope is 7. **Predict:** what stands in `x.grad` after
# two walks?

# %%
x = Value(3.0)
square = x * x
result = square + x
backward(result)
first = x.grad
backward(result)
print(f"after the first walk {first:.0f}, after the second {x.grad:.0f}")

# %% [markdown]
# Not 14. The leaf added up, as it should. But `square`, in between, still held its 1 from the first walk, got another 1, and handed 2
# on. What is in between must begin each walk at 0:


# %%
def backward(root):
    nodes = youngest_first(root)
    for node in nodes:
        if node.inputs:
            node.grad = 0.0  # in between: begin anew; leaves keep adding
    root.grad += 1.0
    for node in nodes:
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope


x.grad = 0.0
backward(result)
backward(result)
print(f"two walks: {x.grad:.0f}")
assert x.grad == 14

# %% [markdown]
# **The third** follows from it. Since leaves keep adding, whoever takes a step must clear them first, or old gradients steer
# along. That is why PyTorch has `zero_grad()`. Let us see what it costs to forget.
#
# ## XOR, at last
#
# Lesson 01's neuron could not learn XOR. Can our engine teach it to five hidden neurons and one at the end? Inputs and answers
# are −1 and 1, the loss is the sum of squared errors, the steps are lesson 05's. (`walk` and `bend` are there to be broken
# later.)

# %%
CORNERS = [(-1.0, -1.0, -1.0), (-1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, -1.0)]


def score(weights, p, q, bend=Value.tanh):
    """One network: a bias, and for each hidden neuron two weights, a bias and a weight out."""
    total = weights[0]
    for i in range(1, len(weights), 4):
        w1, w2, shift, out = weights[i : i + 4]
        total = total + bend(w1 * p + w2 * q + shift) * out
    return total


def xor_loss(weights, bend=Value.tanh):
    total = Value(0.0)
    for p, q, answer in CORNERS:
        e = score(weights, Value(p), Value(q), bend) - Value(answer)
        total = total + e * e
    return total


# %%
def learn_xor(seed, hidden=5, clear=True, walk=backward, bend=Value.tanh, lr=0.05):
    start = np.random.default_rng(seed).normal(size=1 + 4 * hidden)
    weights = [Value(v) for v in start.tolist()]
    for _step in range(200):
        loss = xor_loss(weights, bend)
        if clear:
            for v in weights:
                v.grad = 0.0
        walk(loss)
        for v in weights:
            v.data -= lr * v.grad
    return weights


def solved(**how):
    """From how many of twenty starts are all four corners right?"""
    learnt = (learn_xor(seed, **how) for seed in range(20))
    right = [
        [answer * score(weights, Value(p), Value(q)).data > 0 for p, q, answer in CORNERS]
        for weights in learnt
    ]
    return sum(map(all, right))


# %% [markdown]
# **Predict:** from how many of twenty starts do five hidden neurons learn it? From how many do two, which were enough by hand in
# lesson 03? And five, if we forget to clear the gradients?

# %% tags=["nbval-ignore-output"]
five, two, unclear = solved(), solved(hidden=2), solved(clear=False)
print(f"five hidden neurons            {five} of 20 seeds")
print(f"only two of them               {two} of 20 seeds")
print(f"five, gradients never cleared  {unclear} of 20 seeds")
assert five == 20 and two < 19 and unclear < 19
stuck = learn_xor(seed=0, hidden=2)  # one of those that failed
for v in stuck:
    v.grad = 0.0
loss = xor_loss(stuck)
backward(loss)
length = np.linalg.norm([v.grad for v in stuck])
print(f"two of them, seed 0: loss {loss.data:.1f}, and a gradient of length {length:.2f}")
assert loss.data > 1 and length < 0.2

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=5, height=4)
weights, ticks = learn_xor(seed=0), np.linspace(-1.6, 1.6, 33)
heights = [[score(weights, Value(p), Value(q)).data for p in ticks] for q in ticks]
axes.contourf(ticks, ticks, heights, levels=[-9, 0, 9], colors=["#f6d9c6", "#cfe3f3"])
corners = np.array(CORNERS)
points(axes, corners[:, :2], (corners[:, 2] > 0).astype(int))
axes.get_legend().remove()
axes.set(xlabel="p", ylabel="q")
Picture(
    figure,
    "XOR as our engine has learnt it: the bent borders leave both circles (1) in one band, "
    "and cut off a triangle (−1) on either side.",
)

# %% [markdown]
# **Milestone:** a network learns XOR, from every one of twenty starts, on an engine of some forty lines that you can read. With two hidden
# neurons it could be solved too, and often is not. The gradient is right, but it leads to places where it is nearly zero and the loss is
# not, as from seed 0. And with gradients never cleared, each step runs on the news of all steps before.
#
# ## Find the bug
#
# Three more engines, each with one small mistake: `=` for `+=`; the oldest node first; and the sigmoid's slope, $t\,(1 - t)$,
# copied to tanh by accident. **Predict:** which of them will still learn XOR?


# %%
def overwriting(root):
    root.grad = 1.0
    for node in youngest_first(root):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad = node.grad * slope


def oldest_first(root):
    root.grad = 1.0
    for node in reversed(youngest_first(root)):
        for x, slope in zip(node.inputs, node.slopes, strict=True):
            x.grad += node.grad * slope


def copied(v):
    t = math.tanh(v.data)
    return Value(t, (v,), (t * (1 - t),), "tanh")


faulty = {"= for +=": {"walk": overwriting}, "oldest first": {"walk": oldest_first}}
faulty["sigmoid's slope"] = {"bend": copied}

# %% tags=["nbval-ignore-output"]
learnt = {name: solved(**how) for name, how in faulty.items()}
for name, count in learnt.items():
    print(f"{name:16} {count:2} of 20 seeds")
assert learnt["= for +="] < 3 and learnt["oldest first"] < 3 and learnt["sigmoid's slope"] > 14

# %% [markdown]
# The third is as wrong as the others, and learns nearly always. **That something learns does not prove that its gradient is right.** You
# would train with it for years and never know. Unless you ask a nudge. Take all gradients a of the engine and
# all slopes m measured by nudging, and see how far they are apart:
#
# $$\frac{\lVert a - m \rVert}{\lVert a \rVert + \lVert m \rVert}$$
#
# 0 is agreement, 1 is the opposite direction (or nothing at all). This is a [gradient check](glossary.ipynb#gradient-check).

# %%
point = np.random.default_rng(0).normal(size=21)
for name, how in {"ours": {}, **faulty}.items():
    bend, walk = how.get("bend", Value.tanh), how.get("walk", backward)
    weights = [Value(v) for v in point.tolist()]
    walk(xor_loss(weights, bend))
    a = np.array([v.grad for v in weights])
    m = numerical_gradient(lambda p, f=bend: xor_loss([Value(v) for v in p], f).data, point)
    apart = np.linalg.norm(a - m) / (np.linalg.norm(a) + np.linalg.norm(m))
    print(f"{name:16} {apart:.3f}")
    assert (apart < 1e-8) == (name == "ours") and (apart > 0.05) == (name != "ours")

# %% [markdown]
# No doubt is left. A gradient check costs a second, so make one whenever you write a backward by hand.
#
# ## From numbers to arrays
#
# Back to the digits and the saved slopes. First rung of the ladder: our engine as it is. The network needs three more operations, and each
# is a value and a slope:


# %%
def relu(v):
    return Value(max(v.data, 0.0), (v,), (float(v.data > 0),), "relu")


def exp(v):
    return Value(math.exp(v.data), (v,), (math.exp(v.data),), "exp")


def log(v):
    return Value(math.log(v.data), (v,), (1 / v.data,), "log")


def weigh(w, inputs, b):
    for weight, x in zip(w, inputs, strict=True):
        b = b + weight * x
    return b


# %%
def values(array):
    return [values(row) if row.ndim else Value(row.item()) for row in array]


def loss_of_values(V1, c1, V2, c2):
    total = Value(0.0)
    for picture, label in zip(values(X), y, strict=True):
        a = [relu(weigh(w, picture, b)) for w, b in zip(V1, c1, strict=True)]
        z = [weigh(w, a, b) for w, b in zip(V2, c2, strict=True)]
        total = total + log(sum((exp(v) for v in z), start=Value(0.0))) - z[label]
    return total * Value(1 / 20)


def single_numbers(*parameters):
    nodes = [values(p) for p in parameters]
    backward(loss_of_values(*nodes))
    return [np.vectorize(lambda v: v.grad)(np.array(n)) for n in nodes]


# %%
def rung(name, engine):
    """Compare an engine's gradients with the saved slopes, and note its time."""
    for g, s in zip(engine(*parameters), saved, strict=True):
        assert np.allclose(g, s, atol=1e-8)
    print(f"{name}: the same 2,410 slopes")
    seconds[name] = best(engine, *parameters)


rung("single numbers", single_numbers)
loss = loss_of_values(*[values(p) for p in parameters])
print(f"{len(youngest_first(loss)):,} nodes, loss {loss.data:.3f}")

# %% [markdown]
# It is right, and it takes about a hundred thousand little objects for twenty small pictures. But look at what they do: within a
# layer all multiply and add alike. So let us go back layer by layer, with arrays. What comes back from above, the gradient
# by the layer's output, is called g. It has the shape of that output. Each layer has to answer one question: given g, what is the
# gradient by my inputs?
#
# **Loss.** From lesson 04: softmax minus one-hot, divided by N.
#
# **Bend.** Each number has its own slope: $g$ times 1 where z > 0, else times 0.
#
# **Layer**, $Z = X W^\top + b$, in numbers $z_{nk} = \sum_d w_{kd}\, x_{nd} + b_k$. Multiply along, add over paths:
#
# * the input $x_{nd}$ feeds K neurons, with slopes $w_{kd}$: its gradient is $\sum_k g_{nk}\, w_{kd}$, as a product `g @ W`;
# * the bias $b_k$ feeds all N examples with slope 1: $\sum_n g_{nk}$;
# * the weight $w_{kd}$ meets all N examples with slopes $x_{nd}$: $\sum_n g_{nk}\, x_{nd}$. **Predict:** which product is that? The
#   shapes alone nearly tell: g (N, K), X (N, D), W (K, D).
#
# <details><summary>g @ X</summary>(N, K) and (N, D) do not fit.</details>
# <details><summary>g.T @ X</summary>Right: (K, N) times (N, D), and N, the examples, is summed over.</details>
# <details><summary>X.T @ g</summary>The same numbers, lying on their side: (D, K).</details>


# %%
def by_hand(W1, b1, W2, b2):
    z1 = X @ W1.T + b1  # forward, and keep what the way back needs
    a1 = np.maximum(z1, 0)
    z2 = a1 @ W2.T + b2
    p = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)

    g = p.copy()  # back: the loss by z2
    g[np.arange(20), y] -= 1
    g /= 20
    dW2, db2 = g.T @ a1, g.sum(axis=0)
    g = g @ W2  # by a1: each hidden neuron feeds all ten scores
    g = g * (z1 > 0)  # by z1
    return [g.T @ X, g.sum(axis=0), dW2, db2]


rung("arrays by hand", by_hand)

# %% [markdown]
# Seven lines back, no graph, no objects. Now the price that the beginning promised, also for wider networks. **Predict:** how does it
# grow, if there are six times as many numbers?

# %% tags=["nbval-ignore-output"]
for hidden in (32, 100, 200):  # small enough that no product waits for a second thread
    wide = [rng.normal(0, 0.1, shape) for shape in ((hidden, 64), hidden, (10, hidden), 10)]
    price = best(by_hand, *wide) / best(loss_of, *wide)
    count = sum(p.size for p in wide)
    print(f"{count:6,} slopes for {price:.1f} runs of the network; by nudging: {2 * count:,}")
    assert price < 4

# %% [markdown]
# Under two, and it can never be much more than three: on the way back a layer multiplies two matrices, where forward it multiplied one.
# Without that, nobody could train a large network.
#
# ## An engine for arrays
#
# By hand you pay with your own time for every new network. So give arrays what numbers had: a memory. One thing changes. A slope for each
# pair of numbers would be a huge table, so an edge holds a **function** that takes g and returns the gradient by that input, as above. It is a
# [vjp](glossary.ipynb#vjp), a vector-Jacobian product.
#
# And there is one trap. The bias (32,) is added to (20, 32): broadcasting used each bias 20 times. **Predict:** what must its
# vjp do with a g of shape (20, 32)?
#
# <details><summary>take the mean over the 20</summary>Used twenty times means twenty paths, and over paths we add.</details>
# <details><summary>add up the 20</summary>Right. What was repeated on the way there is added on the way back.</details>
# <details><summary>hand g on</summary>Then the gradient would not have the shape of the bias.</details>


# %%
def sum_to(g, shape):
    """Undo broadcasting: add over the axes that were new, or had length 1."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n != g.shape[i]), keepdims=True)


class Array(Value):
    """The same for arrays: an edge holds a function in place of a slope. (So - and tanh need new ones.)"""

    def __add__(self, other):
        return Array(self.data + other.data, (self, other), (lambda g: g, lambda g: g), "+")

    def __mul__(self, other):
        vjps = (lambda g: g * other.data, lambda g: g * self.data)
        return Array(self.data * other.data, (self, other), vjps, "*")

    def __matmul__(self, other):
        vjps = (lambda g: g @ other.data.T, lambda g: self.data.T @ g)
        return Array(self.data @ other.data, (self, other), vjps, "@")

    def turned(self):
        return Array(self.data.T, (self,), (lambda g: g.T,), "T")

    def relu(self):
        return Array(np.maximum(self.data, 0), (self,), (lambda g: g * (self.data > 0),), "relu")


# %%
def cross_entropy(z, labels):
    shifted = z.data - z.data.max(axis=1, keepdims=True)
    log_share = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    one_hot = np.eye(z.data.shape[1])[labels]
    vjp = (lambda g: g * (np.exp(log_share) - one_hot) / len(labels),)
    return Array(-(log_share * one_hot).sum() / len(labels), (z,), vjp, "cross-entropy")


def backward_arrays(root):
    nodes = youngest_first(root)
    for node in nodes:
        if node.inputs:
            node.grad = 0.0
    root.grad = root.grad + np.ones_like(root.data)
    for node in nodes:
        for x, vjp in zip(node.inputs, node.slopes, strict=True):
            x.grad = x.grad + sum_to(vjp(node.grad), x.data.shape)


# %% [markdown]
# Compare the two `backward`: the walk is the same. `slope` has become `vjp`, "times" has become "apply", and `sum_to` is new.
# Here is our network, and this time nobody derives anything:


# %%
def our_arrays(*parameters):
    V1, c1, V2, c2 = leaves = [Array(p) for p in parameters]
    hidden = (Array(X) @ V1.turned() + c1).relu()
    backward_arrays(cross_entropy(hidden @ V2.turned() + c2, y))
    return [leaf.grad for leaf in leaves]


rung("our array engine", our_arrays)

# %% [markdown]
# ## In the library
#
# The last rung: `nnlearn.Tensor`, on which the library runs. Same names as PyTorch, same idea as ours.


# %%
def library(*parameters):
    V1, c1, V2, c2 = tensors = [Tensor(p, requires_grad=True) for p in parameters]
    hidden = F.relu(F.linear(Tensor(X), V1, c1))
    F.cross_entropy(F.linear(hidden, V2, c2), y).backward()
    return [t.grad.data for t in tensors]


rung("nnlearn.Tensor", library)

# %% tags=["nbval-ignore-output"]
assert seconds["single numbers"] > 0.7 * seconds["nudges"] > 70 * seconds["nnlearn.Tensor"]
assert seconds["nudges"] > 1000 * seconds["arrays by hand"]
figure, (axes,) = new_axes(width=8, height=3)
axes.barh(list(seconds), [1000 * s for s in seconds.values()], color="#0072B2")
axes.set(xscale="log", xlabel="milliseconds for all 2,410 slopes")
axes.set_xlim(right=max(seconds.values()) * 5000)
axes.xaxis.set_major_formatter("{x:g}")
axes.invert_yaxis()
for i, s in enumerate(seconds.values()):
    axes.text(1100 * s, i, f"{1000 * s:.2f}", va="center", fontsize=12)
Picture(
    figure,
    "The time for the same slopes; each line of the grid is ten times the one before. Single numbers gain "
    "nothing over nudges, which ran on arrays. By hand it is thousands of times faster; an engine "
    "for arrays lies a little above.",
)

# %% [markdown]
# The library's twin of our first engine is `nnlearn.scalar.Value`. You know every line of its `backward`:

# %%
from nnlearn import scalar

print(inspect.getsource(scalar.Value.backward).split('"""')[2].strip("\n"))

# %% [markdown]
# Do the three engines agree on graphs that nobody has chosen? Fifty at random, with many forks:


# %%
def random_graph(leaves, seed):
    """A graph of twelve results: the choices depend on the seed alone, the engine on the leaves."""
    rng, made = np.random.default_rng(seed), list(leaves)
    for _ in range(12):
        u, v = (made[i] for i in rng.integers(len(made), size=2))
        kind = rng.integers(4)
        made.append(u + v if kind == 0 else u - v if kind == 1 else (u * v).tanh())
    return made[-1] * made[-2] + made[-3]


at = (0.5, -1.5, 2.0)
for seed in range(50):
    ours, theirs = [Value(v) for v in at], [scalar.Value(v) for v in at]
    tensors = [Tensor(np.array(v), requires_grad=True) for v in at]
    backward(random_graph(ours, seed))
    random_graph(theirs, seed).backward()
    random_graph(tensors, seed).backward()
    for v, s, t in zip(ours, theirs, tensors, strict=True):
        assert np.isclose(v.grad, s.grad) and np.isclose(v.grad, 0.0 if t.grad is None else t.grad)
print("50 graphs, three engines: the same gradients")

# %% [markdown]
# ## Play: the backprop stepper
#
# The neuron from above, one operation at a time, on the graph that **your** class `Value` has recorded. Say each local slope before it is
# shown. What has not been computed yet shows no number at all, certainly no 0. Then there are patients, walks back with a fault
# inside: find it, by a gradient check. Once exercise 07.3 has passed, the gradients at the end are those of your own `backward`.

# %% tags=["nbval-ignore-output"]
from nnlearn.course import mine
from nnlearn.demos import BackpropStepper


def program(w, x, b, target):
    z = w * x + b
    a = z.tanh()
    e = a - target
    loss = e * e
    return loss


numbers = {"w": 0.5, "x": 2.0, "b": 0.0, "target": 1.0}
BackpropStepper(program, inputs=numbers, engine=Value, backward=mine("07.3"))

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.
#
# **1.** A weight has the value 0. Its gradient is…
#
# <details><summary>0</summary>The gradient says what a nudge away from 0 would do to the loss.</details>
# <details><summary>whatever the rest of the graph makes of it</summary>Right. The value of the other factor counts, not its own.</details>
# <details><summary>not defined</summary>A product has a slope everywhere, at 0 too.</details>

# %% [markdown]
# **2.** A number is used in three places. Its gradient is…
#
# <details><summary>the sum of what comes back from the three</summary>Right: add over paths.</details>
# <details><summary>their product</summary>Slopes are multiplied along one path, not across paths.</details>
# <details><summary>what came back last</summary>That is the bug of `=` for `+=`.</details>

# %% [markdown]
# **3.** You double the number of weights. The cost of one forward and one backward…
#
# <details><summary>grows fourfold</summary>So it would with nudges: twice as many of them, each on a run twice as long.</details>
# <details><summary>doubles, and so does each</summary>Right. Each node is visited once in each direction, so their ratio stays.</details>
# <details><summary>backward grows faster than forward</summary>It visits the same nodes, each once.</details>

# %% [markdown]
# **4.** Your training works well. Is your new backward right?
#
# <details><summary>yes</summary>So it seemed with the sigmoid's slope in tanh.</details>
# <details><summary>I do not know yet</summary>Right. A gradient check knows.</details>
# <details><summary>yes, if the loss falls on several seeds</summary>It did, with the wrong slope.</details>

# %% [markdown]
# **5.** *From lesson 04.* Cross-entropy's gradient by the scores is softmax minus one-hot, over N. What do the numbers of one row add up to?
#
# <details><summary>1</summary>Softmax does. Then the one-hot is taken away.</details>
# <details><summary>0</summary>Right: 1 minus 1. What the right score gains, the wrong ones lose.</details>
# <details><summary>the loss</summary>They are slopes, not costs.</details>

# %% [markdown]
# ## What you take along
#
# * Multiply along a path, add over all paths. A graph has too many paths, so walk nodes: collect from all users, hand on once.
# * A node needs only its inputs and the local slopes. Order is by birth, leaves accumulate, what is in between begins anew.
# * A layer's way back is two products: $g^\top X$ for the weights, $g\,W$ for what lies below; what was broadcast is added up.
# * All gradients together cost about two runs of the network, however many there are.
# * A falling loss proves nothing. A nudge does.
#
# **Now you:** [exercises/07_backpropagation](../exercises/07_backpropagation.ipynb), seven functions, about an hour and a half. At the
# end an engine made of them solves XOR. Terms are explained in the [glossary](glossary.ipynb).
#
# **Before:** [06 · Batches and optimizers](06_batches_and_optimizers.ipynb). **Next:** [08 · Multilayer perceptrons](08_multilayer_perceptrons.ipynb): layers, a training loop, and a network that
# reads digits, with your own ways back.
