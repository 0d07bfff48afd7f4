# %% [markdown]
# # 03 · Activations
#
# **We kept a signal alive through twenty layers. How much more can twenty layers do than one?** Nothing at all, unless
# something bends between them. This lesson is about that something: a function of one number.
#
# When you finish this lesson you can
#
# * prove that layers without a bend are one layer, and show what a single bend is worth;
# * read a function's slope, check it with a nudge, and say why slopes decide what can be learnt;
# * say what saturates and what dies, and measure both;
# * turn scores into probabilities that do not break, and know what they do not promise.
#
# *About 75 minutes with the demo. The notebook runs from top to bottom in about 25 s.*

# %%
from itertools import pairwise

import numpy as np

from nnlearn import nn, no_grad, optim
from nnlearn.data import load_digits, standardize
from nnlearn.show import Picture, digits, line, new_axes, points

np.set_printoptions(precision=3, suppress=True)
(X, y), (X_new, y_new) = load_digits()
X, X_new = X.astype(float), X_new.astype(float)
middle, digits_in = X.mean(axis=0), standardize(X).astype(float)

# %% [markdown]
# ## Twenty layers are one
#
# Lesson 02 found the size of weights with which a signal survives. So let 1,287 digits go through twenty layers of 64
# neurons. Then multiply the twenty matrices with each other, and let the digits go through the one matrix that comes out.
# **Predict:** how different are the two results?

# %%
rng = np.random.default_rng(0)
layers = [rng.normal(0, 1 / 8, (64, 64)) for _ in range(20)]
deep, product = digits_in, np.eye(64)
for W in layers:
    deep = deep @ W.T
    product = W @ product
print(f"twenty layers: {20 * 64 * 64:,} weights; one layer: {product.size:,}")
difference = np.abs(deep - digits_in @ product.T).max()
print("the results are the same to ten digits behind the point:", difference < 1e-10)
assert difference < 1e-10

# %% [markdown]
# $W_2(W_1x) = (W_2W_1)x$: a layer of a layer is a layer. Biases do not help, they add up to one bias. Twenty layers can say
# what one can, in twenty times as many words. And XOR, which no single neuron can compute, stays impossible.
#
# Lesson 01 did it with three step neurons. Now with one bend: two neurons, what is below zero is cut off, and their
# outputs are added, the second one times −2.

# %%
corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
xor = np.array([0, 1, 1, 0])
W, b = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
z = corners @ W.T + b
a = np.maximum(z, 0)
print("without the bend", z @ [1, -2], "  with it", a @ [1, -2])
assert (a @ [1, -2] == xor).all()

# %% [markdown]
# 0, 1, 1, 0: XOR. Where is the trick? Follow the four corners.

# %% tags=["nbval-ignore-output"]
figure, axes = new_axes(3, width=3.7, height=3.6)
steps = ((corners, "what goes in", "x"), (z, "the sums", "z"), (a, "after the bend", "a"))
for place, (where, title, name) in zip(axes, steps, strict=True):
    points(place, where, xor, ["XOR 0", "XOR 1"])
    place.set(xlim=(-0.4, 2.4), ylim=(-1.4, 1.4), title=title, xlabel=f"{name}₁", ylabel=f"{name}₂")
axes[0].get_legend().remove()
line(axes[1], np.array([1.0, -1.0]), -1.0, color="#999", linewidth=1)
line(axes[2], np.array([1.0, -2.0]), -0.5, linestyle="--")
Picture(
    figure,
    "The layer puts the four corners on one straight line, the two 1s between the 0s: no cut can separate them. The bend "
    "lifts the lowest corner, and now a line does.",
)

# %% [markdown]
# The function behind a neuron's sum is its [activation](glossary.ipynb#activation), and this one is
# [ReLU](glossary.ipynb#ReLU), the rectified linear unit: $a = \max(z, 0)$.
#
# What is a bend worth on real pictures? Ask: is the digit odd or even? 1, 3, 5, 7 and 9 have no shape in common, so a straight
# line has a hard time. The training is lesson 00's, still a black box. One run proves little, so
# `several` starts it from three seeds, and `told` gives the mean, the lowest and the highest.

# %%
from nnlearn.data import DataLoader, TensorDataset
from nnlearn.train import evaluate, train


def network(activation, hidden, outputs, rng, gain=2**0.5):
    """Layers with an activation between them; first weights as in lesson 02: gain / √fan-in."""
    parts = []
    for fan_in, fan_out in pairwise([64, *hidden, outputs]):
        layer = nn.Linear(fan_in, fan_out)
        layer.weight.data[...] = rng.normal(0, gain / np.sqrt(fan_in), (fan_out, fan_in))
        layer.bias.data[...] = 0
        parts += [layer, activation()]
    return nn.Sequential(*parts[:-1])


# %%
seen, unseen = ((pictures - middle).astype(np.float32) for pictures in (X, X_new))


def learn(model, rng, outputs=10, lr=1e-3, epochs=20):
    data = DataLoader(TensorDataset(seen, y % outputs), batch_size=64, shuffle=True, rng=rng)
    for _step in train(model, data, optimizer=optim.Adam(model.parameters(), lr=lr), epochs=epochs):
        pass
    return evaluate(model, unseen, y_new % outputs)["accuracy"]


def several(activation, hidden, outputs=10, gain=2**0.5, **how):
    generators = [np.random.default_rng(seed) for seed in range(3)]
    return np.array(
        [
            learn(network(activation, hidden, outputs, g, gain), g, outputs, **how)
            for g in generators
        ]
    )


def told(right):
    return f"{right.mean():.1%} ({right.min():.1%} to {right.max():.1%})"


# %% tags=["nbval-ignore-output"]
straight, bent = several(nn.Identity, [64], 2), several(nn.ReLU, [64], 2)
print("odd or even, nothing between the layers:", told(straight))
print("odd or even, ReLU between the layers:   ", told(bent))
assert 1 - bent.mean() < 0.6 * (1 - straight.mean()) and bent.min() > straight.max()

# %% [markdown]
# The same number of weights, the same start, and the bend takes away half of the mistakes. For "which digit is it?" one line
# for each digit does nearly as well, as lesson 00 showed. Not every question needs a bend.
#
# ## Why not the step?
#
# Rosenblatt's neuron had a bend already, the hardest there is: 0 or 1. It is gone from today's networks. Learning, from
# lesson 05 on, means: nudge a weight a little, and see whether the answer gets better. How much the output changes for
# each unit of a small nudge is the [slope](glossary.ipynb#slope). **Predict:** what is the slope of a step at −2, −0.5, 0.7
# and 3?


# %%
def step(z):
    return np.where(z >= 0, 1.0, 0.0)


h = 1e-5
z = np.array([-2.0, -0.5, 0.7, 3.0])
print((step(z + h) - step(z - h)) / (2 * h))

# %% [markdown]
# Nothing. Wherever you stand, a small nudge changes nothing, so nothing can be learnt from it. Only at 0 itself everything
# happens at once. What was needed was a step with a slope, and the [sigmoid](glossary.ipynb#sigmoid) is one:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# How steep is it? Call the denominator u. The slope of $1/u$ is $-1/u^2$, times the slope of u, which is $-e^{-z}$. Together
#
# $$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = \sigma(z)\,(1 - \sigma(z))$$
#
# The slope needs nothing but the output itself. Is it true? Ask a nudge:


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


z = np.array([-2.0, -0.5, 0.7, 3.0])
nudged = (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)
print("formula", d_sigmoid(z), "  nudged", nudged)
assert np.allclose(d_sigmoid(z), nudged, atol=1e-9)

# %% [markdown]
# `(f(z + h) - f(z - h)) / (2 * h)` is a [finite difference](glossary.ipynb#finite-difference), the most useful line of this
# course: it checks any slope of anything. Every slope in this lesson will have to stand it.
#
# The sigmoid is steepest in the middle, at 0. **Predict:** how steep?
#
# <details><summary>1</summary>A straight line y = z has slope 1. The sigmoid needs many units to climb from 0 to 1.</details>
# <details><summary>0.5</summary>That is its value at 0. The slope is 0.5 · (1 − 0.5).</details>
# <details><summary>0.25</summary>Right, and nowhere more.</details>

# %%
z = np.linspace(-6, 6, 10_001)
print(f"largest slope {d_sigmoid(z).max():.2f} at z = {abs(z[d_sigmoid(z).argmax()]):.1f}")
assert np.isclose(d_sigmoid(z).max(), 0.25)

# %% [markdown]
# A quarter at the best. That looks harmless. Now build ten layers of sigmoids, let the digits in, and nudge the sums of the
# *first* layer. **Predict:** how much of the nudge is left after the tenth?
#
# <details><summary>a tenth</summary>A quarter of a quarter is a sixteenth already.</details>
# <details><summary>a thousandth</summary>Five quarters multiplied come to that: 0.25⁵.</details>
# <details><summary>a millionth, or less</summary>Right: 0.25¹⁰ is a millionth, and most sums do not sit where the slope is best.</details>


# %%
def left_of_nudge(activation, gain, depth=10, seed=0):
    """Nudge the first sums by h: the share of it that is left behind each layer (median digit)."""
    rng = np.random.default_rng(seed)
    nudge = rng.normal(size=digits_in.shape)
    nudge *= h / np.linalg.norm(nudge, axis=1, keepdims=True)
    z, left = digits_in @ rng.normal(0, gain / 8, (64, 64)).T, []
    up, down = z + nudge, z - nudge
    for _layer in range(depth):
        up, down = activation(up), activation(down)
        left.append(np.median(np.linalg.norm(up - down, axis=1) / (2 * h)))
        W = rng.normal(0, gain / 8, (64, 64))
        up, down = up @ W.T, down @ W.T
    return np.array(left)


left = np.array([left_of_nudge(sigmoid, 1, seed=seed)[-1] for seed in range(5)])
print(f"0.25¹⁰ = {0.25**10:.0e}; left of the nudge, five seeds, on average {left.mean():.0e}")
assert left.max() < 1e-6

# %% [markdown]
# Less than a millionth. And the others? [Tanh](glossary.ipynb#tanh) is a sigmoid stretched to run from −1 to 1, and its slope
# reaches 1. ReLU has slope 1 or 0.

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=3.8)
curves = {
    "ReLU": (lambda z: np.maximum(z, 0), np.sqrt(2), "#0072B2", "o"),
    "tanh": (np.tanh, 1, "#009E73", "s"),
    "sigmoid": (sigmoid, 1, "#D55E00", "^"),
}
for name, (activation, gain, colour, marker) in curves.items():
    left = left_of_nudge(activation, gain)
    axes.semilogy(np.arange(1, 11), left, marker, ls="-", color=colour, label=name)
axes.set(xlabel="layer", ylabel="left of the nudge", ylim=(1e-7, 3))
axes.legend(frameon=False, fontsize=12)
Picture(
    figure,
    "A nudge of the first layer on its way through ten: ReLU and tanh let a good part of it through, "
    "the sigmoid divides it by four and more in every layer.",
)

# %% [markdown]
# The first layers of a deep sigmoid network learn nothing, because nothing that they do is noticed at the end:
# [vanishing slopes](glossary.ipynb#vanishing-slopes). Is it so? Train readers of all ten digits, with one hidden layer and
# with ten.

# %% tags=["nbval-ignore-output"]
kinds = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "ReLU": nn.ReLU}
one = {name: several(kind, [64]) for name, kind in kinds.items()}
ten = {name: several(kind, [64] * 10) for name, kind in kinds.items()}
for name in kinds:
    print(f"{name:8} one hidden layer {told(one[name])}   ten {told(ten[name])}")

# %%
assert max(r.mean() for r in one.values()) - min(r.mean() for r in one.values()) < 0.06
assert ten["sigmoid"].max() < 0.4 and min(ten["ReLU"].min(), ten["tanh"].min()) > 0.83

# %% [markdown]
# With one hidden layer the three hardly differ. With ten, tanh and ReLU read and the sigmoid is lost, on every seed. Until
# about 2010 deep networks passed for nearly untrainable, and sigmoids that started like this were a good part of the reason.
#
# But remember lesson 02. ReLU takes away half of the signal, and Kaiming gave it back in the first weights. The sigmoid
# takes three quarters of every nudge. **Predict:** what if all first weights are made four times as large?

# %% tags=["nbval-ignore-output"]
repaired = several(nn.Sigmoid, [64] * 10, gain=4)
print("ten layers of sigmoids, weights times four:", told(repaired))

# %%
left = [left_of_nudge(sigmoid, 4, seed=seed)[-1] for seed in range(5)]
print("left of the nudge now, all above a thousandth:", min(left) > 1e-3)
assert repaired.min() > 0.8 and min(left) > 1e-3

# %% [markdown]
# It reads. The sigmoid was not incapable, it was badly started: what counts is the product of weights *and* slopes. Larger
# weights have a price, though, which we shall see in a minute.
#
# ## A family portrait
#
# Tanh has the slope $1 - \tanh^2 z$. The relatives of ReLU differ in what they do below zero. [Leaky ReLU](glossary.ipynb#leaky-ReLU)
# lets a hundredth through, ELU bends softly to −1. [GELU](glossary.ipynb#GELU) and [SiLU](glossary.ipynb#SiLU), which
# today's language models use, weigh z by a share that grows with z: SiLU is $z\,\sigma(z)$, and GELU is z times the chance that a
# normal draw is smaller.
#
# Each entry below is a function and its slope, as formulas. Then all of them have to stand the nudge.


# %%
def gelu_gate(z):  # the chance that a normal draw is below z, in the short form of GPT-2
    return (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))) / 2


def d_gelu(z):
    gate = gelu_gate(z)
    return gate + z * gate * (1 - gate) * 2 * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)


family = {
    "sigmoid": (sigmoid, d_sigmoid),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "leaky ReLU": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1, 0.01)),
    "ELU": (lambda z: np.where(z > 0, z, np.exp(z) - 1), lambda z: np.where(z > 0, 1, np.exp(z))),
    "SiLU": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) + z * d_sigmoid(z)),
    "GELU": (lambda z: z * gelu_gate(z), d_gelu),
}

# %%
z = np.linspace(-4, 4, 400)  # an even number: 0, where some have a corner, is not among them
for name, (f, slope) in family.items():
    agree = np.allclose(slope(z), (f(z + h) - f(z - h)) / (2 * h), atol=1e-8)
    print(
        f"{name:10} slope from {slope(z).min():5.2f} to {slope(z).max():.2f}  nudged the same: {agree}"
    )
    assert agree
assert np.allclose(np.tanh(z), 2 * sigmoid(2 * z) - 1)

# %% [markdown]
# Two of these slopes go below zero. **Predict** what that means for the curve, before you look.

# %% tags=["nbval-ignore-output"]
figure, axes = new_axes(3, width=4, height=3.4)
groups = (("sigmoid", "tanh"), ("ReLU", "ELU"), ("SiLU", "GELU"))
for place, names in zip(axes, groups, strict=True):
    for name, colour in zip(names, ("#0072B2", "#D55E00"), strict=True):
        f, slope = family[name]
        place.plot(z, f(z), color=colour, linewidth=2.5, label=name)
        place.plot(z, slope(z), color=colour, linewidth=2, linestyle=":", label="its slope")
    place.set(ylim=(-1.2, 3.2), xlabel="z")
    place.legend(frameon=False, fontsize=12, loc="upper left")
Picture(
    figure,
    "Six activations (solid) and their slopes (dotted). The slopes of sigmoid and tanh die out on both sides; the others "
    "keep a slope of about 1 on the right. SiLU and GELU dip below zero.",
)

# %% [markdown]
# SiLU and GELU go *down* first, and then up. Nobody asked for that dip, it comes with weighing z by a
# share. They were tried, and worked.
#
# ## Saturated, or dead
#
# On the flat ends of a sigmoid a neuron is [saturated](glossary.ipynb#saturated): its answer is firm and its slope next to
# nothing, so it cannot change its mind. How many are? That depends on how large their sums are. Count those with a
# slope below 0.01 in a first layer, for first weights of growing size:

# %%
gains = (0.5, 1, 2, 4, 8)
print("weights times √D", " ".join(f"{gain:5}" for gain in gains))
for name in ("sigmoid", "tanh"):
    W = np.random.default_rng(0).normal(0, 1 / 8, (64, 64))
    shares = [(family[name][1](gain * (digits_in @ W.T)) < 0.01).mean() for gain in gains]
    print(f"{name:15}", " ".join(f"{share:5.0%}" for share in shares))
    assert shares[0] < 0.01 and shares[-1] > 0.5

# %% [markdown]
# There is the price. The weights times four, with which the deep sigmoid network began to learn, have a fifth of its first
# neurons stuck before it has seen a single answer.
#
# ReLU cannot saturate on the right. Its trouble is on the left: a neuron whose sum is below 0 for *every* picture has
# slope 0 for every picture. It answers 0 for ever, and no nudge reaches it: a [dead neuron](glossary.ipynb#dead-neuron).
# Let us kill all 64 on purpose: every bias starts at −3. **Predict:** what does such a network read after the usual
# training? And with leaky ReLU, whose slope there is a hundredth?


# %%
def silent(model):
    """Which neurons of the first layer are below 0 for every picture?"""
    with no_grad():
        return (np.asarray(model[0](seen).data) <= 0).all(axis=0)


def killed(activation, seed):
    rng = np.random.default_rng(seed)
    model = network(activation, [64], 10, rng)
    model[0].bias.data[...] = -3
    before, weights = silent(model).sum(), model[0].weight.data.copy()
    right = learn(model, rng)
    moved = (model[0].weight.data != weights).any(axis=1).sum()
    return right, before, silent(model).sum(), moved


# %% tags=["nbval-ignore-output"]
killed_by = {
    kind.__name__: [killed(kind, seed) for seed in range(3)] for kind in (nn.ReLU, nn.LeakyReLU)
}
for name, runs in killed_by.items():
    right, before, after, moved = np.mean(runs, axis=0)
    print(
        f"{name:9} silent {before:.0f}, after training {after:.0f}; {moved:.0f} have moved; {right:.0%} right"
    )
assert all(run[0] < 0.15 and run[1:] == (64, 64, 0) for run in killed_by["ReLU"])
assert all(run[0] > 0.65 and run[1] == 64 and run[3] == 64 for run in killed_by["LeakyReLU"])

# %% [markdown]
# With ReLU not one of the 4,096 weights has changed by a single bit, on any seed, and the network guesses. With a leak of a
# hundredth nearly all wake up.
#
# Does it happen without our help? Raise the learning rate, from the usual 0.001, and count. **Predict:** is it the shallow
# network that suffers, or the deep one?


# %% tags=["nbval-ignore-output"]
def silent_share(depth, lr, seed):
    rng = np.random.default_rng(seed)
    model = network(nn.ReLU, [64] * depth, 10, rng)
    right, a, shares = learn(model, rng, lr=lr), seen, []
    with no_grad():
        for part in model:
            a = np.asarray(part(a).data)
            shares += [(a <= 0).all(axis=0).mean()] if isinstance(part, nn.ReLU) else []
    return np.mean(shares), right


burnt = {}
for depth, lr in ((1, 0.1), (10, 0.001), (10, 0.03)):
    burnt[depth, lr] = np.array([silent_share(depth, lr, seed) for seed in range(3)])
    silent_now, right = burnt[depth, lr].T
    print(f"{depth:2} hidden, lr {lr:5}: {silent_now.mean():3.0%} silent, reads {told(right)}")
assert burnt[1, 0.1][:, 0].max() < 0.1 and burnt[1, 0.1][:, 1].min() > 0.85
assert (
    burnt[10, 0.03][:, 0].min() > 0.4 and np.mean(burnt[10, 0.03] - burnt[10, 0.001], axis=0)[1] < 0
)

# %% [markdown]
# The shallow network shrugs off steps a hundred times as large. In the deep one a rate 30 times too large leaves most neurons
# silent for all pictures, and how much it still reads is a lottery.
#
# ## When numbers break
#
# Our sigmoid is right on paper. Give it a very negative sum, as a network may in a bad moment. (NumPy would only warn; we
# ask it to be strict.)

# %% tags=["raises-exception"]
with np.errstate(over="raise"):
    sigmoid(np.array([-1000.0]))

# %% [markdown]
# $e^{1000}$ has 435 digits, and a float64 ends at 308. Here the result would survive, since 1/∞ is 0. But look at
# [softmax](glossary.ipynb#softmax), which turns K scores into K [probabilities](glossary.ipynb#probability): each
# positive, together 1. **Predict:** the second line adds 1,000 to all three scores. Who gets more, who less?
#
# $$p_k = \frac{e^{z_k}}{e^{z_1} + \dots + e^{z_K}}$$


# %%
def naive_softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


with np.errstate(all="ignore"):
    print(naive_softmax(np.array([1.0, 2.0, 3.0])))
    print(naive_softmax(np.array([1001.0, 1002.0, 1003.0])))

# %% [markdown]
# ∞/∞ is nan. One nan does not stay alone. Here a single pixel in a single one of 64 pictures is nan, and the network takes one
# step of training. **Predict:** how many of its 4,810 numbers are lost?

# %%
import nnlearn.nn.functional as F

broken = seen[:64].copy()
broken[5, 20] = np.nan
victim = network(nn.ReLU, [64], 10, np.random.default_rng(0))
optimizer = optim.Adam(victim.parameters())
F.cross_entropy(victim(broken), y[:64]).backward()  # lessons 04 and 07
optimizer.step()
lost = sum(np.isnan(p.data).sum() for p in victim.parameters())
print(f"{lost:,} of {sum(p.data.size for p in victim.parameters()):,} numbers are nan")
assert lost == 4810

# %% [markdown]
# All of them: a nan in any sum makes the sum nan, and every weight is corrected by a sum. (nnlearn's `train` stops before
# that step, and says where the nan came from.)
#
# Back to the softmax. On paper, adding the same c to all scores multiplies numerator and denominator by $e^c$ and
# changes nothing. So choose c such that the largest score becomes 0. **Then no $e^z$ is above 1.**


# %%
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


print(softmax(np.array([1001.0, 1002.0, 1003.0])))
z = np.random.default_rng(3).normal(0, 5, (100, 10))
assert np.allclose(softmax(z), naive_softmax(z)) and np.allclose(softmax(z + 1000), softmax(z))
assert np.isfinite(softmax(np.array([-1000.0, 0.0, 1000.0]))).all()
assert np.allclose(sigmoid(z[:, 0]), softmax(z[:, :1] * [1, 0])[:, 0])
assert np.allclose(sigmoid(z), np.exp(z) / (1 + np.exp(z)))

# %% [markdown]
# The same repair for the sigmoid: never let `exp` see a large positive number. Below 0 take the same function in another
# form, $\sigma(z) = e^z / (1 + e^z)$. You will write it in exercise 03.2. (That form is a softmax, too: of the two scores z
# and 0.)
#
# ## What a probability promises
#
# Divide all scores by a number T before the softmax, the [temperature](glossary.ipynb#temperature). **Predict:** what do
# T = 0.1 and T = 10 do to the scores 1, 2, 3?

# %%
for T in (0.1, 1.0, 10.0):
    print(f"T = {T:4}: {softmax(np.array([1.0, 2.0, 3.0]) / T)}")

# %% [markdown]
# Cold makes it sure, hot makes it careless; the order never changes. So how sure a network *sounds* depends on how large its
# scores have grown. Is it then sure where it should be? Train three readers. Show them new digits, and then the same
# digits turned by a quarter, which is hardly fair. **Predict:** on which are they surer?


# %%
def trained_reader(seed):
    rng = np.random.default_rng(seed)
    model = network(nn.ReLU, [64], 10, rng)
    learn(model, rng)
    return model


def read(model, pictures):
    with no_grad():
        scores = model((pictures - middle).astype(np.float32)).data
    return softmax(np.asarray(scores, dtype=float))


turned = np.rot90(X_new.reshape(-1, 8, 8), axes=(1, 2)).reshape(-1, 64)
readers = [trained_reader(seed) for seed in range(3)]

# %% tags=["nbval-ignore-output"]
for model in readers:
    upright, p = read(model, X_new), read(model, turned)
    for name, q in (("upright", upright), ("turned", p)):
        right = (q.argmax(axis=1) == y_new).mean()
        print(
            f"{name} {right:.0%} right, half surer than {np.median(q.max(axis=1)):.0%}", end="   "
        )
    print()
sure = [[np.median(read(model, part).max(axis=1)) for part in (X_new, turned)] for model in readers]
assert np.mean(sure, axis=0)[1] > np.mean(sure, axis=0)[0]

# %% [markdown]
# Nearly nine of ten answers are wrong now, and it is *surer* than before. What does it see?

# %% tags=["nbval-ignore-output"]
assert all((read(model, turned).argmax(axis=1) == 4).mean() > 0.85 for model in readers)
digits(
    turned[:10],
    [f"{q.argmax()}: {q.max():.0%}" for q in p[:10]],
    "Ten digits on their sides, with the reader's answers: nearly every one is a 4, and it is sure.",
)

# %% [markdown]
# Of 510 digits on their sides it calls more than 400 a 4, a zero too, which is a zero from any side. It cannot say "I have
# never seen such a thing". Softmax deals out 100 per cent among ten digits, whatever comes in. The output is a share: how
# far the winner's score is ahead of the others. Read it as a probability only for inputs like those it learned from, and
# even there check it first.
#
# ## Which one, then?
#
# Back to odd or even, with one hidden layer: nothing, and five activations, three seeds each, at two learning rates.
# **Predict:** how far is the best from the worst?

# %% tags=["nbval-ignore-output"]
kinds = (nn.Identity, nn.Sigmoid, nn.Tanh, nn.ReLU, nn.SiLU, nn.GELU)
table = {}
for kind in kinds:
    slow, fast = (several(kind, [64], 2, lr=lr) for lr in (0.001, 0.01))
    table[kind.__name__] = slow.mean(), fast.mean()
    print(f"{kind.__name__:8} lr 0.001: {told(slow)}   lr 0.01: {told(fast)}")
patient = several(nn.Sigmoid, [64], 2, lr=0.01, epochs=60)
print("Sigmoid, lr 0.01, three times as long:", told(patient))

# %%
assert table["ReLU"][0] - table["Tanh"][0] > 0.03 and table["Identity"][1] < 0.92
assert np.ptp([table[name][1] for name in ("Tanh", "ReLU", "SiLU", "GELU")]) < 0.02
assert abs(patient.mean() - table["ReLU"][1]) < 0.02

# %% [markdown]
# Had we looked at the left column only, we would have written: ReLU beats tanh by far. In the right column the
# last four are the same. Tanh is almost straight for small sums, so it needs larger steps until it bends, and the sigmoid
# larger steps and more of them. **It was a race about speed, not about what they can do.** Whenever somebody shows you
# that A is better than B, ask whether B got the learning rate that suits it.
#
# Whether there *is* a bend matters most. After that: begin with ReLU, since it is cheap and quick; take GELU or SiLU if the
# model that you build on does; and keep the sigmoid for places where a share between 0 and 1 is wanted, such as the gates of lesson 12.

# %% [markdown]
# ## Play: the activation bench
#
# Walk along a function and watch its slope; stack it thirty deep; train a small network with it and see how it draws its
# line. Its first question you can answer by now. It runs your own SiLU, once exercise 03.5 has passed.

# %% tags=["nbval-ignore-output"]
from nnlearn.course import mine
from nnlearn.demos import ActivationBench

ActivationBench(activation=mine("03.5"))

# %% [markdown]
# ## In the library
#
# In `nnlearn/ops` each of these is a function that returns its value, and a rule that multiplies what comes back by the slope:
# the `lambda g`. Lesson 07 is about that rule. Here are ReLU, and the softmax with the line that saves it.

# %%
import inspect

from nnlearn.ops import activations, squashing

for function in (activations.relu, squashing.softmax):
    print(inspect.getsource(function).split('"""')[2].strip("\n"), "\n")
print(inspect.getsource(squashing._below_zero).strip())

# %%
z = np.random.default_rng(4).normal(0, 3, (50, 10))
assert np.allclose(F.softmax(z, dim=-1), softmax(z)) and np.allclose(F.tanh(z), np.tanh(z))
library = {
    "sigmoid": F.sigmoid,
    "ReLU": F.relu,
    "leaky ReLU": F.leaky_relu,
    "ELU": F.elu,
    "SiLU": F.silu,
}
for name, function in library.items():
    assert np.allclose(function(z), family[name][0](z))
assert np.allclose(F.gelu(z, approximate="tanh"), family["GELU"][0](z))

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.
#
# **1.** Five layers with nothing between them can do…
#
# <details><summary>five times as much as one</summary>Multiply their matrices: what do you get?</details>
# <details><summary>what one layer can do</summary>Right. A layer of a layer is a layer.</details>
# <details><summary>XOR, but no more</summary>Not even that: it takes one bend.</details>

# %% [markdown]
# **2.** A sigmoid says 0.9. What is its slope there?
#
# <details><summary>0.09</summary>Right: 0.9 · (1 − 0.9). The output is all you need.</details>
# <details><summary>0.25</summary>That is the slope in the middle, at an output of 0.5.</details>
# <details><summary>0.1</summary>That is 1 − 0.9; times 0.9 is still to come.</details>

# %% [markdown]
# **3.** A ReLU neuron answers 0 for one picture. Is it dead?
#
# <details><summary>yes</summary>Only if it answers 0 for every picture. About half of all answers are 0.</details>
# <details><summary>not if any other picture wakes it</summary>Right. From that picture a nudge still reaches it.</details>
# <details><summary>ReLU neurons cannot die</summary>With a very negative bias they can, and training cannot wake them.</details>

# %% [markdown]
# **4.** You add 100 to all ten scores. The softmax…
#
# <details><summary>overflows</summary>The naive one would at 1,000. The subtraction of the largest takes care of it.</details>
# <details><summary>becomes surer</summary>For that you would have to multiply. Only the differences count.</details>
# <details><summary>stays the same</summary>Right: numerator and denominator are multiplied alike.</details>

# %% [markdown]
# **5.** *From lesson 02.* Why does Kaiming's start have √2 in it and the plain one not?
#
# <details><summary>ReLU lets half of the mean square through</summary>Right, and the 2 gives it back.</details>
# <details><summary>because there are two layers</summary>It holds for each layer alone.</details>
# <details><summary>to break the symmetry</summary>Any random size breaks it.</details>

# %% [markdown]
# ## What you take along
#
# * Without a bend between them, layers are one layer. One ReLU layer is enough for XOR.
# * What can be learnt is decided by slopes. A step has none, a sigmoid at most a quarter, and ten of them multiply to a
#   millionth, unless the weights make up for it.
# * Saturated neurons cannot change their mind, dead ones never wake up. Both can be counted.
# * Subtract the largest score before you take exponentials. And do not take a share for a certainty.
#
# **Now you:** [exercises/03_activations](../exercises/03_activations.ipynb), seven functions, about an hour. Terms are
# explained in the [glossary](glossary.ipynb).
#
# **Before:** [02 · Weights and biases](02_weights_and_biases.ipynb). **Next:** [04 · Losses](04_losses.ipynb): how wrong is wrong?
