# %% [markdown]
# # 00 · Start here
#
# **Can a few thousand numbers learn to read handwriting?** Yes, and you can watch it happen: it takes a few seconds.
# By lesson 08 you will have written every part of the network that learns below.
#
# When you finish this lesson you can
#
# * say what an array's shape and axes are, and which axis disappears when you add along it;
# * predict what NumPy does with two arrays of different shapes, and spot the one case where it is wrong in silence;
# * read handwriting with three lines of NumPy and no learning at all, and say why we do not stop there;
# * write a function, check it, ask for a hint.
#
# *About 50 minutes with the demos. The notebook runs from top to bottom in about 12 s.*

# %%
import numpy as np

import nnlearn
from nnlearn import nn, optim
from nnlearn.data import load_digits
from nnlearn.show import digits

np.set_printoptions(precision=3, suppress=True)

# %% [markdown]
# ## Watch it learn
#
# The pictures are real: 1,797 digits, written by hand by people who filled in forms
# ([Alpaydin and Kaynak, 1998](https://doi.org/10.24432/C50P49)). The network learns from the first 1,287, which fill ten
# forms: the [training set](glossary.ipynb#training-set). It is then asked about the last 510, from four forms of which it
# has seen **nothing**: the [test set](glossary.ipynb#test-set).
#
# Before you press Run, the demo asks for your guess. Make one, even a wild one: people who predict before they look
# remember more of what they see (Kim, Reinecke and Hullman, 2017).

# %% tags=["nbval-ignore-output"]
from nnlearn.demos import DigitsReader

DigitsReader()

# %% [markdown]
# Here is the same training without the show. Do not try to understand each line yet; only see how few there are. Each one
# is a lesson: [layers](02_weights_and_biases.ipynb), [activations](03_activations.ipynb), [losses](04_losses.ipynb), steps downhill (05, 06), gradients (07), the whole (08).

# %%
from nnlearn.data import DataLoader, TensorDataset
from nnlearn.train import evaluate, train

(X, y), (X_new, y_new) = load_digits()
middle = X.mean(axis=0)


def learn(model, seed):
    rng = np.random.default_rng(seed)
    batches = DataLoader(TensorDataset(X - middle, y), batch_size=64, shuffle=True, rng=rng)
    for _step in train(
        model, batches, optimizer=optim.Adam(model.parameters(), lr=3e-3), epochs=60
    ):
        pass
    return evaluate(model, X_new - middle, y_new)["accuracy"]


# %% tags=["nbval-ignore-output"]
from time import perf_counter

nnlearn.manual_seed(0)
network = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
started = perf_counter()
network_right = learn(network, seed=0)
seconds = perf_counter() - started
linear_right = learn(nn.Sequential(nn.Linear(64, 10)), seed=0)
print(f"network: {network_right:.1%} of 510 digits from unseen forms, after {seconds:.1f} s")
print(f"without the layer in the middle: {linear_right:.1%}")

# %%
assert network_right >= 0.92 and linear_right >= 0.88

# %% [markdown]
# Two honest remarks. The second model has nothing in the middle, only one number for each pixel and digit, and it reads
# nearly as well. And where the network begins is chance: start it from another [seed](glossary.ipynb#seed), and its result
# moves a little. How much?

# %% tags=["nbval-ignore-output"]
results = []
for seed in 1, 2, 3:
    nnlearn.manual_seed(seed)
    network = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
    results.append(learn(network, seed))
print("three more networks:", ", ".join(f"{right:.1%}" for right in results))
draws = np.random.default_rng(0).binomial(510, 0.93, size=1000) / 510
print(f"a reader that is right 93 times in 100, on 510 other digits each time: ± {draws.std():.1%}")

# %% [markdown]
# A difference smaller than that means nothing. A larger one may still be luck: the last line draws other test digits a
# thousand times, and the result moves by about one per cent. Lesson 10 builds a network that does better, since it knows which pixels are
# neighbours.
#
# To build any of it you need one tool.

# %% [markdown]
# ## A picture is an array
#
# What does the computer see when it looks at a digit?

# %%
X[0].reshape(8, 8)

# %% [markdown]
# Sixty-four numbers between 0 (paper) and 1 (ink), in 8 rows of 8. Can you tell which digit it is? Squint before you
# look at the picture.

# %% tags=["nbval-ignore-output"]
digits(
    X[:10],
    y[:10],
    "The first ten digits of the data, 8 by 8 pixels each: 0 1 2 3 4 5 6 7 8 9. Yours was the 0.",
)

# %% [markdown]
# An [array](glossary.ipynb#array) is a block of numbers, all of one kind. Two words describe every array:
#
# * its [shape](glossary.ipynb#shape), how many numbers it has in each direction;
# * its [dtype](glossary.ipynb#dtype), which kind they are. `float32` is a number with about seven digits.

# %%
print("X", X.shape, X.dtype)
print("y", y.shape, y.dtype)

# %% [markdown]
# (1287,) with its comma is a shape with a single number in it: y is one row of 1,287 right answers, the
# [labels](glossary.ipynb#label).
#
# And X is a table: 1,287 rows, one for each picture; 64 columns, one for each pixel. Each direction of an array is an
# [axis](glossary.ipynb#axis). Axis 0 counts the pictures, axis 1 the pixels. All through the course a row is one example,
# and N stands for how many there are; D is how many numbers describe one.

# %% [markdown]
# ## Which axis disappears?
#
# **Predict:** `X.mean(axis=0)` has the shape…
#
# <details><summary>(1287,)</summary>Not this one. That would be one number for each picture: the mean along axis 1.</details>
# <details><summary>(64,)</summary>Yes. Axis 0 is the axis along which we average, so it is the one that is gone.</details>
# <details><summary>one number</summary>That is <code>X.mean()</code>, which averages over everything.</details>

# %%
mean_picture = X.mean(axis=0)
ink = X.mean(axis=1)
print(mean_picture.shape, ink.shape)

# %% [markdown]
# **The axis you name is the axis that disappears.** Learn this sentence; it is worth more than any table of functions.
#
# `ink` has one number for each picture: how dark it is. `mean_picture` has one for each pixel, so we can look at it. Before
# you do: what will the mean of 1,287 digits look like?

# %% tags=["nbval-ignore-output"]
by_digit = np.array([X[y == k].mean(axis=0) for k in range(10)])
digits(
    [mean_picture, *by_digit],
    ["all", *range(10)],
    "The mean of all digits is a blur in the middle. The means of each digit alone, 0 to 9, can be read.",
    columns=11,
)

# %% [markdown]
# Nobody wrote these digits, and yet you can read them. `X[y == k]` picks the rows whose label is k. You will see this pattern a
# hundred times.
#
# Your first exercise is the other direction: [00.1 row_means](../exercises/00_start_here.ipynb). It takes a minute. Do it
# now if you like, or all four at the end.

# %% [markdown]
# ## Two shapes that do not match
#
# We want to see how each picture differs from the mean picture. X has the shape (1287, 64), the mean has (64,).
# Subtracting them should be impossible. **Predict:** what happens?

# %%
difference = X - mean_picture
print(difference.shape)

# %% [markdown]
# It works, and it does what we hoped: the mean is taken from every row. NumPy lines the two shapes up **on the right**:
#
# ```
# X              1287   64
# mean_picture          64
# ```
#
# Where an axis is missing or has size 1, the array is repeated along it, without being copied. That is
# [broadcasting](glossary.ipynb#broadcasting). Now take from each picture its own ink, so that dark and light pens count
# the same. `ink` has the shape (1287,).

# %% tags=["raises-exception"]
X - ink

# %% [markdown]
# Lined up on the right, 64 meets 1287, and neither is 1. The repair: keep the averaged axis, as an axis of size 1.

# %%
ink = X.mean(axis=1, keepdims=True)
print(X.shape, "-", ink.shape, "=", (X - ink).shape)

# %% [markdown]
# ## Play: the shape tracer
#
# Choose two shapes and an operation. The demo lines them up, shows which axis is stretched, and for every number of the
# result the numbers that it came from. It begins with a question: what is the shape of (3, 1) + (4,)? When you have got the
# idea, press *Quiz me* until you have five in a row.

# %% tags=["nbval-ignore-output"]
from nnlearn.demos import ShapeTracer

ShapeTracer()

# %% [markdown]
# ## The error that does not show
#
# An error message is a friend. This is the other case. One picture, 8 by 8; we subtract from each **row** its mean. Both
# lines below run. Do they give the same?

# %%
image = X[0].reshape(8, 8)
right = image - image.mean(axis=1, keepdims=True)
wrong = image - image.mean(axis=1)
print("means of the rows, done right:", right.mean(axis=1))
print("means of the rows, done wrong:", wrong.mean(axis=1))

# %% [markdown]
# The second line took the mean of row 3 from *column* 3. On a square array the shapes match by accident, so nothing
# complains, and every number that follows is wrong.
#
# Two habits protect you. Write `keepdims=True` whenever you subtract or divide by something you have averaged. And
# try your code on an array that is **not square**. Our checks do.

# %%
assert np.allclose(right.mean(axis=1), 0, atol=1e-6)
assert not np.allclose(wrong.mean(axis=1), 0, atol=1e-6)

# %% [markdown]
# ## Put every column on the same scale
#
# Some pixels are nearly always paper, others change from digit to digit. To compare columns we
# [standardize](glossary.ipynb#standardize) them: subtract each column's mean, divide by its
# [standard deviation](glossary.ipynb#standard-deviation), which says how far its numbers spread. What could go wrong?

# %% tags=["nbval-ignore-output"]
with np.errstate(invalid="ignore"):
    naive = (X - X.mean(axis=0)) / X.std(axis=0)
print(
    "not a number:",
    np.isnan(naive).sum(),
    "entries, in columns",
    np.unique(np.isnan(naive).nonzero()[1]),
)

# %% [markdown]
# Three pixels at the edge are paper in all 1,287 pictures. Their spread is 0, and 0/0 is
# [nan](glossary.ipynb#nan), not a number. One nan in the input of a network turns everything that it computes into nan. So
# the function that you write in exercise 00.2 must know about columns that never change. `np.where(condition, a, b)` helps:
# it takes a where the condition holds, and b elsewhere.

# %%
from nnlearn.data import standardize

even = standardize(X)
varied = X.std(axis=0) > 0
print(
    f"{varied.sum()} columns with spread {even[:, varied].std(axis=0).mean():.2f}, {(~varied).sum()} columns of zeros"
)
assert np.isfinite(even).all()

# %% [markdown]
# ## Reading without learning
#
# How alike are two pictures? Subtract them, square, add up: the squared distance. And how far is each of N pictures from
# each of M others? Broadcasting answers in one line. Give both arrays an axis of size 1, in different places (`None` in an
# index makes one):
#
# ```
# X[:, None, :]     N   1   D
# Y[None, :, :]     1   M   D
# difference        N   M   D       squared and added along D:   N   M
# ```

# %%
known, new = X[:200], X_new[:5]
distance = ((known[:, None, :] - new[None, :, :]) ** 2).sum(axis=-1)
print(distance.shape)

# %% [markdown]
# `axis=-1` was the last axis, the pixels. Column j now holds the distances from the new digit j to all known ones, and
# `distance.argmin(axis=0)` says for each column in which row its smallest number stands: the
# [nearest neighbour](glossary.ipynb#nearest-neighbour). (In `reshape(-1, 64)`, −1 means: as many rows as it takes.)

# %% tags=["nbval-ignore-output"]
nearest = distance.argmin(axis=0)
pairs = np.stack([new, known[nearest]], axis=1).reshape(-1, 64)
titles = [t for k in nearest for t in ("new", f"a {y[k]}")]
digits(
    pairs,
    titles,
    "Five new digits, each beside its nearest neighbour among the first 200 known ones.",
)

# %% [markdown]
# Now the surprise. Take all 1,287 pictures, and read every new digit as its nearest neighbour's label. Nothing is learnt.
# **Predict:** how many of the 510 are right? The network had about 93 per cent.

# %%
from nnlearn.data import nearest_label

answers = nearest_label(X, y, X_new)
print(f"nearest neighbour: {(answers == y_new).mean():.1%}")

# %% [markdown]
# It beats the network! Why, then, a whole course on networks?
#
# Because the looking-up keeps every example for ever and compares with all of them, each time. The network boils them
# down: it learns, and can then forget the examples. Count the numbers that each has to keep.

# %%
numbers = sum(p.data.size for p in network.parameters())
print(f"nearest neighbour keeps {X.size:,} numbers, the network {numbers:,}")

# %% [markdown]
# With a million pictures the left number grows to 64 million, and every answer takes that much longer. The right number
# stays. And there is something that both of them lack. Move the new digits one pixel to the right, and ask again:

# %% tags=["nbval-ignore-output"]
moved = np.roll(X_new.reshape(-1, 8, 8), 1, axis=2).reshape(-1, 64)
by_neighbour = (nearest_label(X, y, moved) == y_new).mean()
by_network = evaluate(network, moved - middle, y_new)["accuracy"]
print(f"moved by one pixel: nearest neighbour {by_neighbour:.0%}, network {by_network:.0%}")

# %% [markdown]
# You would not even notice the move. For them every pixel is a column of its own, and nothing says that columns are
# neighbours. Lesson 10 mends that.

# %% [markdown]
# ## How the exercises work
#
# Beside each lesson lies an exercise notebook: [exercises/00_start_here](../exercises/00_start_here.ipynb). You fill in a
# function and run the cell below it, the check. Suppose you wrote `X.mean(axis=0)` in 00.1. This is what it would say:

# %%
from nnlearn.course.checks import find_exercise


def row_means(X):
    return X.mean(axis=0)


print(find_exercise("00.1").examine(row_means).text)

# %% [markdown]
# A check tries your function on many inputs: tall and wide, large and small, in two precisions. Many of the numbers are
# new each time, so nothing can be learnt by heart. It knows the usual mistakes, because it *runs* them: when your answers agree with
# a mistake's answers everywhere, it tells you which mistake you made.
#
# * `hint("00.1")` prints the first of three hints, then the second, then the third.
# * `mine("00.1")` is your function once it has passed. Demos and later lessons run on it.
# * `progress()` shows what is done. In a terminal, inside the folder, `.venv/bin/nnlearn check` runs all your exercises
#   afresh (Windows: `.venv\Scripts\nnlearn check`).

# %% [markdown]
# ## In the library
#
# nnlearn is a NumPy library that you can read. Everything you build in this course is in it, and what you built must do
# the same. Here is the function behind the reading of digits. It multiplies (x − y)² out to x² − 2xy + y², which is faster;
# the cell below it checks that the numbers agree. `expect` turns wrong shapes into a clear message.

# %%
import inspect

from nnlearn.data import pairwise_sq_dist

print(inspect.getsource(pairwise_sq_dist))

# %%
assert np.allclose(pairwise_sq_dist(known, new), distance, rtol=1e-3, atol=1e-3)

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.

# %% [markdown]
# **1.** X has the shape (5, 3). What is the shape of `X.sum(axis=1)`?
#
# <details><summary>(3,)</summary>That is the sum along axis 0. The axis you name disappears: here the 3.</details>
# <details><summary>(5,)</summary>Right: axis 1, of size 3, is gone. One sum for each of the 5 rows.</details>
# <details><summary>(5, 1)</summary>Only with <code>keepdims=True</code>.</details>

# %% [markdown]
# **2.** (4, 1) + (3,) gives which shape?
#
# <details><summary>an error</summary>No: lined up on the right, 1 meets 3 and is stretched; the 4 has no partner.</details>
# <details><summary>(4, 3)</summary>Right: the 1 is stretched to 3, and the missing axis to 4.</details>
# <details><summary>(4,)</summary>An axis of size 1 is stretched to its partner's size, and nothing is added up.</details>

# %% [markdown]
# **3.** (4, 3) − (4,): what happens?
#
# <details><summary>each row loses its own number</summary>For that the second shape must be (4, 1).</details>
# <details><summary>an error</summary>Right: on the right, 3 meets 4. Neither is 1.</details>
# <details><summary>each column loses its own number</summary>There are 3 columns but 4 numbers.</details>

# %% [markdown]
# **4.** M has the shape (6, 6). You write `M - M.mean(axis=1)` and want each row's mean taken from that row.
#
# <details><summary>fine, it runs</summary>It runs, and that is the trap: row means are taken from the columns.</details>
# <details><summary>wrong, in silence</summary>Right. Say <code>keepdims=True</code>.</details>
# <details><summary>NumPy warns</summary>NumPy cannot know what you meant, and says nothing.</details>

# %% [markdown]
# **5.** Why did we test on forms of which the network had seen nothing?
#
# <details><summary>there were not enough others</summary>There were plenty: one can mix all pictures and take any 510 away.</details>
# <details><summary>to see whether it has learnt digits, not hands</summary>Right. Somebody's other 7s look like their first ones. New hands are what it will meet in use.</details>
# <details><summary>it makes training faster</summary>The test digits play no part in training.</details>

# %% [markdown]
# ## What you take along
#
# * A row is an example. The axis you name is the axis that disappears.
# * Shapes are lined up on the right; axes that are missing or of size 1 are stretched. Square arrays hide mistakes.
# * Looking up reads well but keeps everything. Learning boils the examples down: here to a ninth of the numbers, for three
#   more mistakes in a hundred. Neither knows that pixels have neighbours.
#
# **Now you:** [exercises/00_start_here](../exercises/00_start_here.ipynb), four functions, about 40 minutes. Terms are
# explained in the [glossary](glossary.ipynb).
#
# **Next:** [01 · Neurons](01_neurons.ipynb). Sixty-four multiplications and as many additions tell a 0 from a 1.
