# %% [markdown]
# # 02 · Weights and biases
#
# **Ten neurons look at the same digit. Which numbers do they need, and where should those numbers begin?** The first half
# sounds harder, but for ten neurons it takes one line to find all 650. It is the second half that long kept deep networks
# from learning.
#
# When you finish this lesson you can
#
# * write ten neurons, or ten thousand, as one matrix, and read its rows as pictures;
# * say what a bias knows before it has looked;
# * count the numbers in a network, and say where most of them are;
# * send a signal through twenty layers so that it arrives: neither dead nor exploded.
#
# *About 60 minutes with the demo. The notebook runs from top to bottom in about 25 s.*

# %%
from itertools import pairwise

import numpy as np

from nnlearn import nn, optim
from nnlearn.data import load_digits, standardize
from nnlearn.show import Picture, new_axes, weights
from nnlearn.show.plots import CLASS_COLOURS

np.set_printoptions(precision=2, suppress=True)
(X, y), (X_new, y_new) = load_digits()
X, X_new = X.astype(float), X_new.astype(float)
middle = X.mean(axis=0)

# %% [markdown]
# ## Ten opinions about one picture
#
# In [lesson 01](01_neurons.ipynb) one neuron told 0 from 1. For ten digits take ten neurons: each has 64 weights and a
# bias, and says how much the picture looks like *its* digit. Whoever says the largest number wins.
#
# Where do the weights come from? Here is a shortcut that needs no learning step by step. Ask each neuron for +1 on its own
# digit and −1 on all others, and let NumPy find the weights whose squared misses are smallest in sum:
# [least squares](glossary.ipynb#least-squares), which Legendre published in 1805 to work out the orbits of comets.

# %%
wanted = np.where(y[:, None] == np.arange(10), 1.0, -1.0)
pixels_and_one = np.c_[X - middle, np.ones(len(X))]
solution = np.linalg.lstsq(pixels_and_one, wanted, rcond=None)[0]
neurons = [(solution[:64, k], solution[64, k]) for k in range(10)]
w, b = neurons[3]
print("the neuron for 3: weights", w.shape, "and one bias", f"{b:.2f}")

# %% [markdown]
# We could ask them one after the other. But look at what that does: the same picture is multiplied by ten lists of
# weights. Put the ten lists under each other, and they are a matrix, W, with **one neuron in each row**. All biases
# together are a list, b. This is a [layer](glossary.ipynb#layer).
#
# $$z = W x + b \qquad\text{for many pictures at once}\qquad Z = X\,W^\top + b$$
#
# **Predict:** for 510 pictures, `X_new` has the shape (510, 64) and W has (10, 64). What is the shape of Z?
#
# <details><summary>(510, 10)</summary>Yes: for every picture ten sums, one from each neuron.</details>
# <details><summary>(64, 10)</summary>No: the 64 is what disappears, the pixels are added up.</details>
# <details><summary>(10, 510)</summary>That would be W @ X.T. A row stays an example.</details>

# %%
W = np.stack([w for w, _ in neurons])
b = np.array([b for _, b in neurons])
Z = (X_new - middle) @ W.T + b
print("W", W.shape, "and b", b.shape, "are", W.size + b.size, "numbers; Z", Z.shape)
one_by_one = np.stack([(X_new - middle) @ w + bias for w, bias in neurons], axis=1)
assert np.allclose(Z, one_by_one)

# %% [markdown]
# One product in place of ten, and the same numbers. Why $W^\top$, turned on its side? Because we want a neuron to be a row:
# `W[3]` is the neuron for 3. PyTorch stores every layer that way, (outputs, inputs), and so does nnlearn.
#
# How well do ten neurons read hands that they have never seen?

# %%
answers = Z.argmax(axis=1)
print(f"right: {(answers == y_new).mean():.1%} of {len(y_new)} new digits")
assert 0.85 < (answers == y_new).mean() < 0.89

# %% [markdown]
# Not bad for one line of algebra. The rows of W have 64 numbers each, so we can look at them. **Predict:** will they look
# like digits?

# %% tags=["nbval-ignore-output"]
weights(
    W[[0, 1, 3, 7]],
    ["0", "1", "3", "7"],
    "The weights of four neurons: nearly white, but for a few huge ones at the edge.",
)

# %% [markdown]
# That is a disappointment. The largest weights sit where hardly anybody ever writes. Let us ask the data about the pixel
# with the largest one.

# %%
pixel = int(np.abs(W).max(axis=0).argmax())
inked = (X[:, pixel] > 0).sum()
print(f"pixel {pixel}: weight {np.abs(W[:, pixel]).max():.1f}, ink in {inked} of {len(X)} pictures")
assert inked < 5

# %% [markdown]
# Two pictures have a little ink there, and to get those two right the neurons shout. **A weight means nothing until you
# know how much its input varies.** So multiply each by its pixel's standard deviation. That is how much it usually
# moves the sum:

# %% tags=["nbval-ignore-output"]
weights(
    W[[0, 1, 3, 7]] * X.std(axis=0),
    ["0", "1", "3", "7"],
    "The same weights, each times the spread of its pixel. Now they speak: ink in the hole counts against a 0, ink on the left "
    "side against a 3, ink at the foot against a 7.",
)

# %% [markdown]
# They do not show what a digit looks like. They show what **sets it apart** from the nine others: the 0 looks hard at its
# hole, the 3 at the gaps on its left, where an 8 has ink. A row of W is a question put to the picture, and z is the answer.

# %% [markdown]
# ## What a bias knows before it looks
#
# Here are the ten biases. They look as if somebody had typed them in. **Predict:** where does −0.8 come from? The last line
# of the cell knows.

# %%
print(b)
assert np.allclose(b, wanted.mean(axis=0))

# %% [markdown]
# We subtracted the mean picture, so the average digit is now all zeros, and for it z is b alone. What should the neuron
# for 3 say about a picture that tells it nothing? One digit in ten is a 3. So the mean of the answers that we asked for is
# 0.1 · (+1) + 0.9 · (−1) = −0.8. **A bias is the opinion before looking.**
#
# Now move one of them. The neuron for 1 stands alone for a moment and fires when z ≥ 0, as in lesson 01. We add to its bias.
# **Predict:** does it find more of the 1s, or fewer? What does it pay for that?

# %%
is_one = y_new == 1
for shift in (-0.5, 0.0, 0.5, 1.0):
    fires = Z[:, 1] + shift >= 0
    print(
        f"bias {shift:+.1f}: fires for {fires.sum():3} digits, "
        f"{(fires & is_one).sum():2} of {is_one.sum()} ones"
    )

# %% [markdown]
# No weight has changed. Every sum has slid along by the same amount; or, which is the same, the threshold has slid the
# other way: z + 1 ≥ 0 is z ≥ −1.

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=3.4)
bins = np.linspace(-2, 0.6, 53)
sums = Z[~is_one, 1], Z[is_one, 1]
axes.hist(sums, bins, stacked=True, color=CLASS_COLOURS[:2], label=["other digits", "ones, on top"])
for shift, style in ((0.0, "-"), (0.5, "--"), (1.0, ":")):
    axes.axvline(-shift, color="#222", linestyle=style, label=f"threshold, bias {shift:+.1f}")
axes.set(xlabel="z of neuron 1, with the bias as found", ylabel="digits")
axes.legend(frameon=False, fontsize=12, loc="upper left", bbox_to_anchor=(1, 1))
Picture(
    figure,
    "The sums of the ones and of the others overlap. What lies right of the threshold fires: a larger bias moves it "
    "left, over more ones and over many more others.",
)

# %% [markdown]
# Then are biases needed at all? Back to ten neurons, of which the largest sum wins. Take all ten biases away.
# **Predict:** the reading falls to about…
#
# <details><summary>10 per cent: blind guessing</summary>Look at the ten biases again: what happens to the largest of ten sums if all lose the same?</details>
# <details><summary>50 per cent</summary>Look at the ten biases again: how much do they differ from each other?</details>
# <details><summary>no change</summary>Right. All ten are nearly the same, and the largest of ten sums stays the largest when each gets 0.8 more.</details>

# %%
without = (X_new - middle) @ W.T
print(f"without biases: {(without.argmax(axis=1) == y_new).mean():.1%} right")
assert (without.argmax(axis=1) == answers).all()

# %% [markdown]
# So they look like decoration. Now the same pictures as negatives: white ink on black paper, `1 - X`. The same neurons can
# read them. Ink has become paper, so every weight changes its sign, and the biases make up for the rest:

# %%
negative = 1 - X_new
W_negative, b_negative = -W, b + W @ (1 - middle)
assert np.allclose(negative @ W_negative.T + b_negative, Z)
print(b_negative)

# %% [markdown]
# The same sums, digit for digit, and so the same answers. **Predict** once more: and without the biases?

# %%
read = (negative @ W_negative.T).argmax(axis=1)
print(f"{(read == y_new).mean():.1%} right; it calls {(read == 5).sum()} of {len(read)} digits a 5")
assert (read == 5).all()

# %% [markdown]
# Every single digit is a 5. Nothing about the pictures has changed, only **where their 0 lies**. At x = 0 a neuron says b
# and nothing else. If 0 is the average digit, there is next to nothing to say. If 0 is a sheet that is ink all over, the
# weights speak of something that is never seen, and only the biases set it right. It is one reason why we subtract the
# mean first.

# %% [markdown]
# ## One more weight
#
# There is a trick that makes the bias disappear without being lost. A bias is a weight on an input that is always 1. Put
# a column of ones beside X and the biases beside W. (That is how least squares gave us b above.) It is handy in proofs. In
# code we keep b apart, because we shall often treat it in another way than the weights.

# %%
X1 = np.c_[X_new - middle, np.ones(len(X_new))]
W1 = np.c_[W, b]
print(X1.shape, "@", W1.T.shape)
assert np.allclose(X1 @ W1.T, Z)

# %% [markdown]
# ## Counting
#
# A network is layer after layer. The one that learned to read in [lesson 00](00_start_here.ipynb) had 64 pixels, then a
# layer of 128 neurons in the middle, a [hidden layer](glossary.ipynb#hidden-layer), then 10. All its weights and biases
# together are its [parameters](glossary.ipynb#parameter). **Predict:** how many are there? And which part has most of them?

# %%
sizes = [64, 128, 10]
for inputs, outputs in pairwise(sizes):
    both = outputs * (inputs + 1)
    print(
        f"{inputs:3} to {outputs:3}: {outputs * inputs:5} weights + {outputs:3} biases = {both:5}"
    )
network = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
print("all:", sum(p.data.size for p in network.parameters()))
assert sum(p.data.size for p in network.parameters()) == 128 * 65 + 10 * 129

# %% [markdown]
# Each neuron has one number for every input and one more. So a layer of K neurons on D inputs has **K · (D + 1)**, and nearly
# all of them are weights. That is harmless with 64 pixels. **Predict:** how many does a layer of 1,000 neurons need, if a
# phone's photograph goes in as it is, 4,000 by 3,000 dots with three colours each?

# %%
for width, height, channels in ((8, 8, 1), (224, 224, 3), (4000, 3000, 3)):
    inputs = width * height * channels
    print(
        f"{width:4} × {height:4} × {channels}: {1000 * (inputs + 1):14,} numbers for 1,000 neurons"
    )

# %% [markdown]
# ## Where should the numbers begin?
#
# Thirty-six billion numbers for a single layer: lesson 10 lets neurons share their weights. We stay with 64 pixels.
#
# Least squares finds the weights of one layer. For two layers nobody knows such a formula. There one begins somewhere, and
# improves step by step. Lessons 05 to 08 build that; until then we borrow the training of lesson 00 as a black box. So where
# does one begin? The first idea is the tidiest: all weights equal. Let each be 0.1.

# %%
from nnlearn.data import DataLoader, TensorDataset
from nnlearn.train import evaluate, train


def deep_network(hidden, start, rng):
    """Linear layers with ReLU between them; start(fan_in, fan_out, rng) gives the first weights."""
    sizes, parts = [64, *hidden, 10], []
    for fan_in, fan_out in pairwise(sizes):
        layer = nn.Linear(fan_in, fan_out).double()
        layer.weight.data[...] = start(fan_in, fan_out, rng)
        layer.bias.data[...] = 0
        parts += [layer, nn.ReLU()]
    return nn.Sequential(*parts[:-1])


def learn(network, rng):
    data = TensorDataset(X - middle, y)
    batches = DataLoader(data, batch_size=64, shuffle=True, rng=rng)
    for _step in train(network, batches, optimizer=optim.Adam(network.parameters()), epochs=20):
        pass
    return evaluate(network, X_new - middle, y_new)["accuracy"]


# %% [markdown]
# `nn.ReLU()` sits between the layers and turns negative sums into 0; the next lesson is about why something must sit there.
# **Predict:** the network has 128 hidden neurons and starts with all weights 0.1. After 20 epochs it reads how many of 100
# digits? With a random start it is about 90.


# %% tags=["nbval-ignore-output"]
def all_equal(fan_in, fan_out, rng):
    return np.full((fan_out, fan_in), 0.1)


rng = np.random.default_rng(0)
twins = deep_network([128], all_equal, rng)
right = learn(twins, rng)
rows = twins[0].weight.data
print(f"{right:.0%} right; no row differs from another by more than {np.ptp(rows, axis=0).max()}")
assert right < 0.3 and np.ptp(rows, axis=0).max() < 0.01 and np.abs(rows - 0.1).max() > 0.1

# %% [markdown]
# Two in ten. The weights have all moved away from 0.1, and yet the 128 rows are still **the same**. Of course: neurons that
# are equal see the same, answer the same, and so are corrected in the same way, for ever. We paid for 128 neurons and got
# one.
#
# So they must differ from the start. By how much? **Predict:** we add chance to each 0.1, first in the twelfth place behind
# the point, then in the ninth, the sixth and the third. Where does it begin to help?


# %% tags=["nbval-ignore-output"]
def three_seeds(hidden, start):
    """Accuracies of three networks, each with weights and batches of its own."""
    seeds = [np.random.default_rng(seed) for seed in range(3)]
    return np.array([learn(deep_network(hidden, start, rng), rng) for rng in seeds])


def nearly_equal(place):
    return lambda fan_in, fan_out, rng: 0.1 + rng.normal(0, 10.0**-place, (fan_out, fan_in))


freed = {place: three_seeds([128], nearly_equal(place)) for place in (12, 9, 6, 3)}
for place, found in freed.items():
    print(f"in place {place:2}: {found.mean():.0%} ({found.min():.0%} to {found.max():.0%})")
assert freed[12].mean() > right + 0.1 and freed[6].min() > 0.8

# %% [markdown]
# At once. Twins are like a pencil on its tip: whoever is ahead by a trillionth is corrected a little differently, and each
# step makes the difference larger. Even the rounding inside a computer can do it, so with rougher numbers, or on another
# machine, "for ever" may end by accident. The sixth place is nearly enough.
#
# So the start is random, not because chance is clever, but to make neurons differ. This is called
# [breaking the symmetry](glossary.ipynb#breaking-the-symmetry). Biases may all begin at 0: different weights are enough.

# %% [markdown]
# ## Twenty layers deep
#
# Random, then. But how large? One layer hardly cares. Send the digits through twenty: each layer has 64 neurons, random
# weights, no bias, and nothing in between. We [standardize](glossary.ipynb#standardize) the pixels and follow the standard
# deviation of what comes out: the signal.
#
# **Predict**, before you scroll: weights with standard deviation 1, and weights with 0.01. What is the signal after
# twenty layers, if it begins near 1? Guess the power of ten.

# %%
digits_in = standardize(X)


def through(depth, start, activation=lambda z: z, seed=0):
    rng, a, scales = np.random.default_rng(seed), digits_in, []
    for _layer in range(depth):
        W = start(a.shape[1], 64, rng)
        a = activation(a @ W.T)
        scales.append(a.std())
    return np.array(scales)


def normal(std):
    return lambda fan_in, fan_out, rng: rng.normal(0, std, (fan_out, fan_in))


for std in (1.0, 0.01):
    scales = through(20, normal(std))
    exponents = np.round(np.log10(scales[[0, 4, 9, 19]])).astype(int)
    print(f"std {std:4}: after layer 1, 5, 10, 20 about 10 to the power", exponents)

# %% [markdown]
# A one with eighteen zeros in the first case; in the second, 21 zeros between the point and the first digit. Neither number is ridiculous in
# itself. What happened twenty times over is. Here is what it does to learning: the same training, networks with ten
# hidden layers, two starts.


# %% tags=["nbval-ignore-output"]
starts = {"std 0.01": normal(0.01), "std 0.5": normal(0.5)}
results = {}
for name, start in starts.items():
    results[name, 10] = found = three_seeds([64] * 10, start)
    print(f"{name}: {found.mean():.0%} right; lowest {found.min():.0%}, highest {found.max():.0%}")
assert results["std 0.01", 10].max() < 0.15 and results["std 0.5", 10].max() < 0.75

# %% [markdown]
# With 0.01 it is blind guessing, on every seed: the pictures do not arrive at the end, so nothing can be learnt from them.
# With 0.5 they arrive as a scream. There must be something between.

# %% [markdown]
# ## The size that lives
#
# One neuron adds up D products. Its weights are drawn independently around 0, all with the same
# [variance](glossary.ipynb#variance) $\sigma^2$, which is the standard deviation squared. How far does the sum spread, over
# all neurons that might have been drawn? Four lines:
#
# 1. $z = w_1x_1 + w_2x_2 + \dots + w_Dx_D$, and x is one given picture.
# 2. Variances of independent things add up: $\operatorname{Var} z = \operatorname{Var}(w_1x_1) + \dots + \operatorname{Var}(w_Dx_D)$.
# 3. A factor comes out squared: $\operatorname{Var} z = x_1^2\sigma^2 + \dots + x_D^2\sigma^2$.
# 4. The sum of the D squares is D times their mean: $\operatorname{Var} z = D\,\sigma^2\,\overline{x^2}$.
#
# Check it with 200,000 random neurons that look at one digit:

# %%
rng = np.random.default_rng(1)
x, sigma = digits_in[0], 0.3
z = rng.normal(0, sigma, (200_000, 64)) @ x
predicted = 64 * sigma**2 * np.mean(x**2)
print(f"variance of z: {z.var():.2f}, by the formula {predicted:.2f}")
assert abs(z.var() / predicted - 1) < 0.02

# %% [markdown]
# So each layer multiplies the mean square by Dσ², and the signal by $\sqrt D\,\sigma$. With σ = 1 and D = 64 that is 8, and
# 8²⁰ is 10¹⁸. With 0.01 it is 0.08. **The signal keeps its size if σ = 1/√D.** D is the number of inputs of a neuron, its
# [fan-in](glossary.ipynb#fan-in). For 64 inputs: an eighth.
#
# Now put [ReLU](glossary.ipynb#ReLU) between the layers, `np.maximum(z, 0)`. It deletes the negative half. **Predict:** what does the signal do
# over twenty layers at σ = 1/√D?


# %%
def relu(z):
    return np.maximum(z, 0)


eighth = [through(20, normal(1 / 8), seed=seed)[-1] for seed in range(20)]
with_relu = [through(20, normal(1 / 8), relu, seed=seed)[-1] for seed in range(20)]
print(f"nothing between, median of 20 seeds: {np.median(eighth):.1f}")
print(f"ReLU between: below {10 ** np.ceil(np.log10(np.median(with_relu))):.3f}")
assert 0.4 < np.median(eighth) < 2 and np.median(with_relu) < 1e-3

# %% [markdown]
# A thousandth. Half of the numbers are deleted in each layer, and with them half of the mean square; after twenty layers
# $(1/2)^{20}$ is left of it, a millionth, and a millionth of the square is a thousandth of the size. So give back the half that ReLU takes:
#
# $$\sigma = \sqrt{2 / \text{fan-in}}$$
#
# Kaiming He and others wrote this down in 2015, and their network of 30 layers, which had not learnt at all, learnt. We call it
# [Kaiming initialization](glossary.ipynb#Kaiming-initialization). Five years earlier Xavier Glorot and Yoshua Bengio had
# looked at layers without ReLU, and at the corrections as well, which run backwards from the outputs: for them the number
# of outputs plays the part of D. They took the middle,
# $\sigma = \sqrt{2/(\text{fan-in} + \text{fan-out})}$: [Xavier initialization](glossary.ipynb#Xavier-initialization).


# %%
def kaiming(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in))


def xavier(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_out, fan_in))


# half of the mean square passes ReLU, whatever the spread
z = np.random.default_rng(2).normal(0, 3, 1_000_000)
print(
    f"share of the mean square that ReLU lets through: {np.mean(relu(z) ** 2) / np.mean(z**2):.2f}"
)
assert abs(np.mean(relu(z) ** 2) / np.mean(z**2) - 0.5) < 0.01

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=4)
layers = np.arange(1, 21)
curves = {
    "std 1": (normal(1.0), "#D55E00", "^"),
    "Kaiming": (kaiming, "#0072B2", "o"),
    "Xavier": (xavier, "#009E73", "s"),
    "std 0.01": (normal(0.01), "#222", "v"),
}
for name, (start, colour, marker) in curves.items():
    axes.semilogy(layers, through(20, start, relu), marker, color=colour, ls="-", label=name)
axes.set(xlabel="layer", ylabel="standard deviation of the signal", xticks=[1, 5, 10, 15, 20])
axes.legend(frameon=False, fontsize=12)
Picture(
    figure,
    "The signal through twenty layers with ReLU. Standard deviation 1 explodes, 0.01 dies at once, "
    "Xavier loses half of the square in each layer, Kaiming stays level.",
)

# %% [markdown]
# ## Does it matter for learning?
#
# The same training from Kaiming's start, with one hidden layer and with ten. **Predict:** by how much does the right start
# help the shallow network?

# %% tags=["nbval-ignore-output"]
starts |= {"Xavier": xavier, "Kaiming": kaiming}
for depth in 1, 10:
    for name, start in starts.items():
        if (name, depth) not in results:
            results[name, depth] = three_seeds([64] * depth, start)
        found = results[name, depth]
        spread = f"({found.min():.0%} to {found.max():.0%})"
        print(f"{depth:2} hidden, {name:8}: {found.mean():.0%} {spread}")

# %%
print(f"by the formula, after ten layers: Xavier 1/{2**5}, std 0.01 {(0.08 / 2**0.5) ** 10:.0e}")
mean = {key: found.mean() for key, found in results.items()}
assert mean["Kaiming", 1] - mean["std 0.01", 1] < 0.04
assert 0.02 < mean["Kaiming", 1] - mean["std 0.5", 1] < 0.1
assert mean["Kaiming", 10] > 0.86 and mean["Kaiming", 10] - mean["std 0.5", 10] > 0.2
assert abs(mean["Xavier", 10] - mean["Kaiming", 10]) < 0.04
assert abs(mean["Kaiming", 10] - mean["Kaiming", 1]) < 0.04

# %% [markdown]
# With one hidden layer a bad start costs a few points, a tiny one hardly any. With ten it is everything. Two more things,
# honestly. Xavier's start does as well as Kaiming's: the training soon mends a signal that is 32 times too small, though
# not one that is a million million times too small. And the deep network reads no better than the shallow one. Depth has a
# price, and digits of 64 pixels do not repay it.

# %% [markdown]
# ## Play: the signal lab
#
# Send digits through up to thirty layers with weights of any size, or look through the eyes of single neurons and slide
# their biases. The demo first asks for a prediction. Xavier's and Kaiming's weights are drawn by your own function, once
# exercise 02.4 has passed.

# %% tags=["nbval-ignore-output"]
from nnlearn.course import mine
from nnlearn.demos import SignalLab

SignalLab(init_weights=mine("02.4"))

# %% [markdown]
# ## In the library
#
# `nn.Linear` is this lesson's layer: W of shape (outputs, inputs), b, and `X @ W.T + b`. `nn.init` holds the first
# weights; in its Xavier `_fans` counts inputs and outputs, and `max` guards against empty layers.

# %%
import inspect

print(inspect.getsource(nn.Linear.forward).strip())
print(inspect.getsource(nn.init.xavier_normal_).split('"""')[2].strip())

layer = nn.Linear(64, 10)
layer.weight.data[...], layer.bias.data[...] = W, b
assert np.allclose(layer(X_new - middle).data, Z, atol=1e-4)
nn.init.xavier_normal_(layer.weight, rng=np.random.default_rng(0))
assert np.allclose(layer.weight.data, xavier(64, 10, np.random.default_rng(0)), atol=1e-6)
nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", rng=np.random.default_rng(0))
assert np.allclose(layer.weight.data, kaiming(64, 10, np.random.default_rng(0)), atol=1e-6)
weight = nn.Linear(1000, 1000, rng=np.random.default_rng(0)).weight.data
print(f"if you say nothing, nn.Linear draws with σ = {weight.std() * np.sqrt(1000):.2f}/√fan-in")

# %% [markdown]
# The last line matters before you build deep. If you say nothing, PyTorch draws the weights evenly between −1/√fan-in and
# 1/√fan-in, and so does nnlearn. An even spread between −c and c has the standard deviation c/√3 = 0.58 c, which is two
# and a half times smaller than Kaiming's. **Predict:** does a network with ten hidden layers learn from that?


# %% tags=["nbval-ignore-output"]
def as_it_comes(fan_in, fan_out, rng):
    return nn.Linear(fan_in, fan_out, rng=rng).weight.data


found = three_seeds([64] * 10, as_it_comes)
print(f"{found.mean():.0%} right; lowest {found.min():.0%}, highest {found.max():.0%}")
assert found.max() < mean["Kaiming", 10]

# %% [markdown]
# It does, but in the same twenty epochs it gets clearly less far. In a deep network choose the start yourself:
# `nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")`.

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.
#
# **1.** A layer has 20 neurons and 30 inputs. What is the shape of W?
#
# <details><summary>(20, 30)</summary>Right: a neuron is a row, with a weight for each input.</details>
# <details><summary>(30, 20)</summary>That is W turned on its side, as in X @ W.T.</details>
# <details><summary>(20, 31)</summary>That is W with the biases folded in.</details>

# %% [markdown]
# **2.** How many parameters has that layer?
#
# <details><summary>600</summary>Those are the weights. Each neuron has a bias too.</details>
# <details><summary>620</summary>Right: 20 · 30 weights and 20 biases.</details>
# <details><summary>630</summary>There is a bias for each neuron, not for each input.</details>

# %% [markdown]
# **3.** You start a network with all weights 0.05. After training, its hidden neurons…
#
# <details><summary>differ: training has separated them</summary>Nothing could: equal neurons get equal corrections.</details>
# <details><summary>are all the same</summary>Right. Only a random start makes them differ.</details>
# <details><summary>are all 0.05 still</summary>They move, but all together.</details>

# %% [markdown]
# **4.** Layers with 100 inputs, nothing between them, weights with standard deviation 0.2. After ten layers the signal is…
#
# <details><summary>about as large as before</summary>For that σ would have to be 1/√100 = 0.1.</details>
# <details><summary>about a thousand times as large</summary>Right: each layer doubles it, √100 · 0.2 = 2, and 2¹⁰ = 1,024.</details>
# <details><summary>about a thousand times as small</summary>√100 · 0.2 is 2, more than 1.</details>

# %% [markdown]
# **5.** *From lesson 01.* You double W and b of a single step neuron. What changes?
#
# <details><summary>the line moves</summary>z = 0 and 2z = 0 have the same solutions.</details>
# <details><summary>no answer changes</summary>Right. Only z doubles. In a deep network just that doubling, layer after layer, is the trouble.</details>
# <details><summary>it fires more often</summary>The sign of z decides, and doubling keeps it.</details>

# %% [markdown]
# ## What you take along
#
# * A layer is a matrix with a neuron in each row: Z = X Wᵀ + b. It has K · (D + 1) numbers.
# * A bias is the opinion before looking. It slides a neuron's sums and leaves their spread alone.
# * Start from random weights, or neurons stay twins. Their size is √(2/fan-in) with ReLU. Shallow networks forgive you,
#   deep ones do not.
#
# **Now you:** [exercises/02_weights_and_biases](../exercises/02_weights_and_biases.ipynb), six functions, about an hour.
# Terms are explained in the [glossary](glossary.ipynb).
#
# **Before:** [01 · Neurons](01_neurons.ipynb). **Next:** [03 · Activations](03_activations.ipynb): why something must sit between two layers.
