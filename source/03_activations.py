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
# * say what saturates, what dies, and measure both;
# * turn scores into probabilities that do not break, and know what they do not promise.
#
# *About 70 minutes with the demo. The notebook runs from top to bottom in about 25 s.*

# %%
from itertools import pairwise

import numpy as np

from nnlearn import nn, optim
from nnlearn.data import load_digits, standardize
from nnlearn.show import Picture, new_axes

np.set_printoptions(precision=3, suppress=True)
(X, y), (X_new, y_new) = load_digits()
X, X_new = X.astype(float), X_new.astype(float)
middle, Z = X.mean(axis=0), standardize(X).astype(float)

# %% [markdown]
# ## Twenty layers are one
#
# Lesson 02 found the size of weights with which a signal survives. So let the digits go through twenty layers of 64
# neurons. Then multiply the twenty matrices with each other, and let the digits go through the one matrix that comes out.
# **Predict:** how different are the two results?

# %%
rng = np.random.default_rng(0)
layers = [rng.normal(0, 1 / 8, (64, 64)) for _ in range(20)]
deep, product = Z, np.eye(64)
for W in layers:
    deep = deep @ W.T
    product = W @ product
print("all the same:", np.allclose(deep, Z @ product.T, rtol=1e-9, atol=1e-10))
assert np.abs(deep - Z @ product.T).max() < 1e-10

# %% [markdown]
# To ten digits behind the point they are the same. $W_2(W_1x) = (W_2W_1)x$: a layer of a layer is a layer. Biases do not
# help, they add up to one bias. Twenty layers, 81,920 weights, and what they can say is what 4,096 can.
#
# So XOR stays as impossible with twenty layers as with one. Now bend the signal once. We cut off what is below zero:
# `np.maximum(z, 0)`. Lesson 01 needed three neurons with a step; here are two, and a sum:

# %%
corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
W, b = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
bent = np.maximum(corners @ W.T + b, 0)
print(bent @ np.array([1.0, -2.0]))

# %% [markdown]
# 0, 1, 1, 0: XOR. The first neuron counts the ones; the second wakes up only when there are two, and then takes twice as much
# away. A function that sits behind a neuron's sum is its [activation](glossary.ipynb#activation), and this one is
# [ReLU](glossary.ipynb#ReLU), the rectified linear unit.
#
# On real pictures: is the digit odd or even? 1, 3, 5, 7, 9 have no shape in common, so this is hard to say with one line. The
# training is lesson 00's, a black box until lesson 06.

# %%
from nnlearn.data import DataLoader, TensorDataset
from nnlearn.train import evaluate, train


def network(activation, hidden, outputs, rng):
    sizes, parts = [64, *hidden, outputs], []
    for fan_in, fan_out in pairwise(sizes):
        layer = nn.Linear(fan_in, fan_out)
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", rng=rng)
        layer.bias.data[...] = 0
        parts += [layer, activation()]
    return nn.Sequential(*parts[:-1])


def learn(network, rng, labels, labels_new, epochs=20):
    data = TensorDataset((X - middle).astype(np.float32), labels)
    batches = DataLoader(data, batch_size=64, shuffle=True, rng=rng)
    optimizer = optim.Adam(network.parameters())
    for _step in train(network, batches, optimizer=optimizer, epochs=epochs):
        pass
    return evaluate(network, (X_new - middle).astype(np.float32), labels_new)["accuracy"]


# %% [markdown]
# One run proves little (lesson 00). So `several` trains from three seeds, and `told` gives the mean, the lowest and the highest.


# %%
def several(activation, hidden, outputs=10, seeds=3):
    right = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        made = network(activation, hidden, outputs, rng)
        right.append(learn(made, rng, y % outputs, y_new % outputs))
    return np.array(right)


def told(right):
    return f"{right.mean():.1%}   ({right.min():.1%} to {right.max():.1%})"


# %% tags=["nbval-ignore-output"]
straight, bent = several(nn.Identity, [64], 2), several(nn.ReLU, [64], 2)
print("odd or even, nothing between the layers:", told(straight))
print("odd or even, ReLU between the layers:   ", told(bent))

# %%
assert bent.mean() - straight.mean() > 0.03 and bent.min() > straight.max()

# %% [markdown]
# The same weights in number, the same start, three seeds each; the bend halves the mistakes. (For "which digit is it?"
# one line for each digit does nearly as well, as lesson 02 showed. Not every question needs a bend.)

# %% [markdown]
# ## Why not the step?
#
# Rosenblatt's neuron had a bend already, the hardest there is: 0 or 1. It is gone from today's networks, and the reason is
# in one word: [slope](glossary.ipynb#slope). Learning, from lesson 05 on, means: nudge a weight a little, see whether the result
# gets better. So nudge z, and see what a step makes of it.


# %%
def step(z):
    return np.where(z >= 0, 1.0, 0.0)


h = 1e-5
z = np.array([-2.0, -0.5, 0.7, 3.0])
print("change of the step for each unit of nudge:", (step(z + h) - step(z - h)) / (2 * h))

# %% [markdown]
# Nothing. Wherever you stand, a small nudge changes nothing, so nothing can be learnt from it. Except at 0, where everything
# happens at once. What was needed was a step with a slope, and the [sigmoid](glossary.ipynb#sigmoid) is one:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}} \qquad \sigma'(z) = \sigma(z)\,(1 - \sigma(z))$$
#
# The second formula is its slope. It is worth a look, since it needs no more than the output itself. Is it true? Ask a nudge:


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


z = np.linspace(-6, 6, 13)
formula = sigmoid(z) * (1 - sigmoid(z))
nudged = (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)
print("formula", formula[4:9])
print("nudged ", nudged[4:9])
assert np.allclose(formula, nudged, atol=1e-9)

# %% [markdown]
# `(f(z + h) - f(z - h)) / (2 * h)` is a [finite difference](glossary.ipynb#finite-difference), the most useful line of this
# course: it checks any slope of anything. We shall check every slope that we meet.
#
# The sigmoid is steepest in the middle, at 0. **Predict:** how steep?
#
# <details><summary>1</summary>A straight line y = z has slope 1. The sigmoid needs six units to climb most of one.</details>
# <details><summary>0.5</summary>That is its value at 0. The slope is 0.5 · (1 − 0.5).</details>
# <details><summary>0.25</summary>Right, and nowhere more.</details>

# %%
z = np.linspace(-6, 6, 10_001)
slopes = sigmoid(z) * (1 - sigmoid(z))
print(f"largest slope {slopes.max():.2f} at z = {abs(z[slopes.argmax()]):.1f}")
assert np.isclose(slopes.max(), 0.25)

# %% [markdown]
# A quarter at the best. That looks harmless. But a nudge in the first of ten layers goes through all ten slopes, and they
# are multiplied. **Predict:** the product of ten sigmoid slopes is about…
#
# <details><summary>a tenth</summary>A quarter of a quarter is a sixteenth already.</details>
# <details><summary>a thousandth</summary>That is five quarters multiplied: 0.25⁵.</details>
# <details><summary>a millionth, or less</summary>Right: 0.25¹⁰ is a millionth, and most z are not 0.</details>


# %%
def slopes_through(activation, slope, depth, std, seed=0):
    rng, a, product = np.random.default_rng(seed), Z, np.ones((len(Z), 64))
    for _layer in range(depth):
        z = a @ rng.normal(0, std, (64, 64)).T
        a, product = activation(z), product * slope(z)
    return product.mean()


def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


found = [slopes_through(sigmoid, d_sigmoid, 10, 1 / 8, seed) for seed in range(5)]
print(f"at best 0.25¹⁰ = {0.25**10:.1e}; on digits, five seeds, all below a millionth:", end=" ")
print(max(found) < 1e-6)
assert max(found) < 1e-6

# %% [markdown]
# A nudge in layer 1 arrives as less than a millionth. The first layers of a deep sigmoid network learn nothing, because they
# hear nothing: [vanishing slopes](glossary.ipynb#vanishing-slopes). Let us see whether it is really so.

# %% tags=["nbval-ignore-output"]
shallow = {kind.__name__: several(kind, [64]) for kind in (nn.Sigmoid, nn.Tanh, nn.ReLU)}
deep = {kind.__name__: several(kind, [64] * 10) for kind in (nn.Sigmoid, nn.Tanh, nn.ReLU)}
for name in shallow:
    print(f"{name:8} one hidden layer {told(shallow[name])}   ten {told(deep[name])}")

# %%
assert deep["Sigmoid"].max() < 0.4 < 0.85 < min(deep["ReLU"].min(), deep["Tanh"].min())
assert max(r.mean() for r in shallow.values()) - min(r.mean() for r in shallow.values()) < 0.06

# %% [markdown]
# With one hidden layer the three hardly differ. With ten, the sigmoid guesses, and the two others read.
#
# ## A family portrait
#
# [Tanh](glossary.ipynb#tanh) is a sigmoid stretched to run from −1 to 1: $\tanh z = 2\sigma(2z) - 1$. Its slope,
# $1 - \tanh^2 z$, reaches 1. **ReLU** has slope 1 or 0 and nothing else: what is alive passes undiminished.
# Its relatives differ in what they do below zero. [Leaky ReLU](glossary.ipynb#leaky-ReLU) lets a hundredth through, ELU bends softly to
# −1. [GELU](glossary.ipynb#GELU) and [SiLU](glossary.ipynb#SiLU), which today's language models use, weigh z by how large it is: SiLU is
# $z\,\sigma(z)$, and GELU is z times the chance that a normal draw is smaller.
#
# Each line below is a function and its slope, as formulas. The last column asks the nudge.


# %%
def silu(z):
    return z * sigmoid(z)


def d_silu(z):
    s = sigmoid(z)
    return s + z * s * (1 - s)


def gelu(z):  # the form of GPT-2; a close fit to the exact one
    return z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))) / 2


def d_gelu(z):
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    return (1 + t) / 2 + z * (1 - t**2) / 2 * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)


# %%
family = {
    "sigmoid": (sigmoid, d_sigmoid),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "leaky ReLU": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1, 0.01)),
    "ELU": (lambda z: np.where(z > 0, z, np.exp(z) - 1), lambda z: np.where(z > 0, 1, np.exp(z))),
    "SiLU": (silu, d_silu),
    "GELU": (gelu, d_gelu),
}

# %%
z = np.linspace(-4, 4, 400)  # an even number: 0, where some have a corner, is not among them
for name, (f, slope) in family.items():
    agree = np.allclose(slope(z), (f(z + h) - f(z - h)) / (2 * h), atol=1e-8)
    print(f"{name:10} largest slope {slope(z).max():.2f}, smallest {slope(z).min():+.2f}", agree)
    assert agree
assert np.allclose(np.tanh(z), 2 * sigmoid(2 * z) - 1)

# %% tags=["nbval-ignore-output"]
figure, axes = new_axes(4, width=3.2, height=3)
for place, names in zip(
    axes, (("sigmoid", "tanh"), ("ReLU", "leaky ReLU"), ("ELU",), ("SiLU", "GELU")), strict=True
):
    for name, colour in zip(names, ("#0072B2", "#D55E00"), strict=False):
        f, slope = family[name]
        place.plot(z, f(z), color=colour, linewidth=2.5, label=name)
        place.plot(z, slope(z), color=colour, linewidth=2, linestyle=":")
    place.set(ylim=(-1.3, 2.2), xlabel="z")
    place.legend(frameon=False, fontsize=12, loc="upper left")
Picture(
    figure,
    "Seven activations (solid) and their slopes (dotted). The slopes of sigmoid and tanh die out on both sides; "
    "those of ReLU and its relatives stay at 1 on the right.",
)

# %% [markdown]
# Look at SiLU and GELU: they dip below zero and come up again, and a little to the right their slope is above 1. Nobody
# derived them from a principle. They were tried, and worked.

# %% [markdown]
# ## Saturated, or dead
#
# On the flat ends of a sigmoid a neuron is [saturated](glossary.ipynb#saturated): its answer is firm and its slope next to
# nothing, so it cannot change its mind. How many are? That depends on how large their sums are. Count those with a
# slope below 0.01, for first weights of growing size:

# %%
print("weights times √D:    0.5    1    2    5   10")
for name in ("sigmoid", "tanh"):
    shares = []
    for gain in (0.5, 1, 2, 5, 10):
        z = Z @ np.random.default_rng(0).normal(0, gain / 8, (64, 64)).T
        shares.append((family[name][1](z) < 0.01).mean())
    print(f"{name:8} saturated ", " ".join(f"{share:4.0%}" for share in shares))
assert shares[-1] > 0.7

# %% [markdown]
# One more reason for lesson 02's modest weights. ReLU cannot saturate on the right. Its trouble is on the left: a neuron whose
# sum is below 0 for *every* picture has slope 0 for every picture. It answers 0 for ever and no nudge reaches it: a
# [dead neuron](glossary.ipynb#dead-neuron). **Predict:** 1,000 neurons look at 1,287 digits, with Kaiming's weights. How
# many are dead at the start? And if something pushes all biases down to −5?

# %%
W = np.random.default_rng(0).normal(0, np.sqrt(2 / 64), (1000, 64))
for bias in (0, -2, -5):
    dead = ((Z @ W.T + bias) <= 0).all(axis=0)
    print(f"bias {bias:2}: {dead.sum():3} of 1,000 are silent for all digits")
assert dead.sum() > 100

# %% [markdown]
# None at first. One careless step of learning can push a bias down, though, and there is no way back up a slope of 0. A leak
# of a hundredth is: the slope is small, but it is there.

# %% [markdown]
# ## When numbers break
#
# Our sigmoid is right on paper. Give it a very negative sum, as a network may in a bad moment:

# %% tags=["raises-exception"]
with np.errstate(over="raise"):
    sigmoid(np.array([-1000.0]))

# %% [markdown]
# $e^{1000}$ has 435 digits; a float64 ends at 308. Here the result would survive, since 1/∞ is 0, and NumPy would only warn.
# But look at [softmax](glossary.ipynb#softmax), which turns K scores into K [probabilities](glossary.ipynb#probability): each
# positive, together 1.
#
# $$p_k = \frac{e^{z_k}}{e^{z_1} + \dots + e^{z_K}}$$


# %%
def naive_softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


print(naive_softmax(np.array([1.0, 2.0, 3.0])))
with np.errstate(all="ignore"):
    print(naive_softmax(np.array([1001.0, 1002.0, 1003.0])))

# %% [markdown]
# ∞/∞ is nan. And a nan spreads: one in the scores, and after the next update every weight of the network is nan, and
# the training is over.
#
# The repair is one subtraction. Add the same number c to all scores: numerator and denominator are both multiplied
# by $e^c$, and nothing changes. So choose c such that the largest score becomes 0. **Then no $e^z$ is above 1.**


# %%
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


print(softmax(np.array([1.0, 2.0, 3.0])))
print(softmax(np.array([1001.0, 1002.0, 1003.0])))
z = np.random.default_rng(3).normal(0, 5, (100, 10))
assert np.allclose(softmax(z), naive_softmax(z)) and np.allclose(softmax(z + 1000), softmax(z))
assert np.isfinite(softmax(np.array([-1000.0, 0.0, 1000.0]))).all()

# %% [markdown]
# The same for the sigmoid: never let `exp` see a large positive number. On the left side use the same formula in another
# form, $\sigma(z) = e^z / (1 + e^z)$. You will write both in the exercises.
#
# With two scores, z and 0, softmax *is* the sigmoid: $e^z/(e^z + 1)$.

# %%
z = np.linspace(-5, 5, 11)
two = softmax(np.stack([z, np.zeros(11)], axis=1))[:, 0]
assert np.allclose(two, sigmoid(z))

# %% [markdown]
# ## What a probability promises
#
# Divide all scores by a number T before the softmax, the [temperature](glossary.ipynb#temperature). **Predict:** what do
# T = 0.1 and T = 10 do to the scores 1, 2, 3?

# %%
for T in (0.1, 1.0, 10.0):
    print(f"T = {T:4}: {softmax(np.array([1.0, 2.0, 3.0]) / T)}")

# %% [markdown]
# Cold makes it sure, hot makes it careless; the order never changes. So how sure a network sounds depends on how large its
# scores have grown. Train a reader of digits, and show it what no digit is: a hundred photographs of faces, shrunk to
# 8 by 8 pixels. And then once more the mistake of the week: somebody forgets to divide the bytes by 255.
# **Predict:** how sure will it be that a face is a certain digit?

# %%
from nnlearn import no_grad
from nnlearn.data import load_faces

rng = np.random.default_rng(0)
reader = network(nn.ReLU, [64], 10, rng)
learn(reader, rng, y, y_new)


def confidence(pictures):
    with no_grad():
        scores = np.asarray(reader((pictures - middle).astype(np.float32)).data, dtype=float)
    return softmax(scores).max(axis=1)


faces = load_faces().faces[:, :24, :24].reshape(-1, 8, 3, 8, 3).mean(axis=(2, 4)).reshape(-1, 64)
faces = 1 - faces / faces.max()  # dark is ink

# %% tags=["nbval-ignore-output"]
shown = {"digits": X_new, "faces": faces, "faces, 0 to 255": 255 * faces}
for name, pictures in shown.items():
    sure = confidence(pictures)
    print(f"{name:15} least sure {sure.min():4.0%}, half are above {np.median(sure):4.0%}")

# %%
assert confidence(faces).min() > 0.15 and (confidence(255 * faces) > 0.99).mean() > 0.9

# %% [markdown]
# It cannot say "none of them". Softmax shares 100 per cent among ten digits whatever comes in, and far from all that it has seen
# the scores are only larger, so it is surest where it knows least. A softmax output is a share. To rely on it as a
# probability is safe at most for inputs like those it learned from, and even there one should check.

# %% [markdown]
# ## Which one, then?
#
# Odd or even, all of them, with one hidden layer and with six. Three seeds each. **Predict:** where is the big difference?

# %% tags=["nbval-ignore-output"]
kinds = (nn.Identity, nn.Sigmoid, nn.Tanh, nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.GELU)
table = {kind.__name__: (several(kind, [64], 2), several(kind, [64] * 6, 2)) for kind in kinds}
for name, (one, six) in table.items():
    print(f"{name:10} one hidden layer {told(one)}   six {told(six)}")

# %%
mean = {name: (one.mean(), six.mean()) for name, (one, six) in table.items()}
assert mean["ReLU"][0] - mean["Identity"][0] > 0.03
assert min(mean[name][1] for name in ("Tanh", "ReLU", "ELU", "SiLU", "GELU")) > mean["Identity"][1]

# %% [markdown]
# Whether there *is* a bend matters most. With one hidden layer the three with a corner, or nearly one, are far ahead: tanh
# and ELU are almost straight lines for small sums, so one layer of them hardly bends in so short a training. With six
# layers they all agree to a point, which is what seeds alone can do. Only the sigmoid is left behind.
#
# So begin with ReLU, since it is the cheapest; take GELU or SiLU if the model that you build on does; and keep the sigmoid for
# places where a share between 0 and 1 is wanted, such as the gates of lesson 12.

# %% [markdown]
# ## Play: the activation bench
#
# Walk along a function and watch its slope; stack it thirty deep; train a small network with it and see how it draws its
# line. The demo asks first: what is the product of ten sigmoid slopes? It runs your own SiLU, once exercise 03.5 has passed.

# %% tags=["nbval-ignore-output"]
from nnlearn.course import mine
from nnlearn.demos import ActivationBench

ActivationBench(activation=mine("03.5"))

# %% [markdown]
# ## In the library
#
# In `nnlearn/ops` each of these is a function that returns its value, and a rule that multiplies what comes back by the slope:
# the `lambda g`. Lesson 07 is about that rule. Here are softmax and the line that saves it.

# %%
import inspect

import nnlearn.nn.functional as F
from nnlearn.ops import squashing

print(inspect.getsource(squashing.softmax).split('"""')[2].strip())
print()
print(inspect.getsource(squashing._below_zero).strip())

# %%
z = np.random.default_rng(4).normal(0, 3, (50, 10))
assert np.allclose(F.softmax(z, dim=-1), softmax(z))
for ours, library in ((sigmoid, F.sigmoid), (silu, F.silu), (family["ELU"][0], F.elu)):
    assert np.allclose(ours(z), library(z))
assert np.allclose(gelu(z), F.gelu(z, approximate="tanh"))

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.

# %% [markdown]
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
# <details><summary>ReLU neurons cannot die</summary>With a very negative bias they can.</details>

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
# * Without a bend between them, layers are one layer. One ReLU is enough for XOR.
# * What can be learnt is decided by slopes. A step has none, a sigmoid at most a quarter, and ten of them multiply to nothing.
# * Saturated neurons cannot change their mind, dead ones never wake up. Both can be counted.
# * Subtract the largest score before you take exponentials. And do not take a share for a certainty.
#
# **Now you:** [exercises/03_activations](../exercises/03_activations.ipynb), seven functions, about an hour. Terms are
# explained in the [glossary](glossary.ipynb).
#
# **Before:** [02 · Weights and biases](02_weights_and_biases.ipynb). **Next:** [04 · Losses](04_losses.ipynb): how wrong is wrong?
