# %% [markdown]
# # 06 · Batches and optimizers
#
# **You may look at each of 1,287 digits once. Will you take one careful step, or 41 hasty ones?** Lesson 05 looked at
# everything before each step. That is a waste, and the first numbers below say how much of one.
#
# When you finish this lesson you can
#
# * say what a small batch gets wrong, and why that hardly matters;
# * shuffle, count steps, and choose a learning rate by digits that you do not report on;
# * write momentum, RMSProp and Adam in two to four lines each, and say what each is for;
# * run a race between optimizers that deserves to be believed.
#
# *About 75 minutes with the demo. The notebook runs from top to bottom in about 15 s.*

# %%
import inspect
from itertools import pairwise
from time import perf_counter

import numpy as np

from nnlearn import Tensor, optim
from nnlearn.data import load_digits, load_weather, load_wine, standardize
from nnlearn.gradcheck import numerical_gradient
from nnlearn.show import Picture, new_axes
from nnlearn.show.plots import CLASS_COLOURS

np.set_printoptions(precision=3, suppress=True)
(X, y), (X_new, y_new) = load_digits()
X, X_new = X.astype(float), X_new.astype(float)
X1, X1_new = (np.c_[standardize(part, like=X), np.ones(len(part))] for part in (X, X_new))

# %% [markdown]
# ## One look at all digits
#
# Nothing is hidden in this lesson. The pixels are standardized, all of them by the mean and spread of the known digits
# (`like=X`): what new digits are like may not be known yet. The model is ten neurons and a softmax: the 650 weights in W,
# where the column of ones in X1 brings the biases along (exercise 02.3). The loss is lesson 04's cross-entropy, and so is its pull on the scores. For the weights
# that pull is multiplied by the inputs. Why is lesson 07's; that it is so, a nudge can say:


# %%
def log_shares(W, X1):
    z = X1 @ W.T
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def loss(W, X1, y):
    return -log_shares(W, X1)[np.arange(len(y)), y].mean()


def gradient(W, X1, y):
    pull = np.exp(log_shares(W, X1))
    pull[np.arange(len(y)), y] -= 1  # softmax minus one-hot
    return pull.T @ X1 / len(y)


def right(W, X1, y):
    return ((X1 @ W.T).argmax(axis=1) == y).mean()


W0 = np.zeros((10, 65))
few = X1[:20], y[:20]
assert np.allclose(gradient(W0, *few), numerical_gradient(lambda W: loss(W, *few), W0), atol=1e-7)

# %% [markdown]
# Now one look at every digit, spent in two ways: one step along the gradient of all, or 41 steps, each along the gradient of
# the next 32 digits in a shuffled order. Both multiply as many numbers. **Predict:** how many of the new digits does each
# read?

# %%
for lr in (0.1, 0.3, 1.0):
    W = W0 - lr * gradient(W0, X1, y)
    print(f"one step, lr {lr}: loss {loss(W, X1, y):.2f}, new right {right(W, X1_new, y_new):.1%}")
hasty = []
for seed in range(5):
    order, W = np.random.default_rng(seed).permutation(1287), W0
    for i in range(0, 1287, 32):
        rows = order[i : i + 32]
        W = W - 0.3 * gradient(W, X1[rows], y[rows])
    hasty.append((loss(W, X1, y), right(W, X1_new, y_new)))
mean, spread = np.mean(hasty, axis=0), np.std(hasty, axis=0)
print(f"41 steps, lr 0.3: loss {mean[0]:.2f}, new right {mean[1]:.1%} ± {spread[1]:.1%}")
assert mean[1] - 3 * spread[1] > 0.85

# %% [markdown]
# 80 in 100 or 88: a hasty walker beats a careful one. (From weights of zero the first step reads the same at any rate: only
# the size of W differs.)
#
# Thirty-two rows that stand for all are a [mini-batch](glossary.ipynb#mini-batch), their number is the
# [batch size](glossary.ipynb#batch-size), and going so is
# [stochastic gradient descent](glossary.ipynb#stochastic-gradient-descent), SGD: stochastic means that chance takes part.
#
# ## How wrong is a small batch?
#
# The gradient of 32 digits is not the gradient of all. **Predict:** by how many degrees does it point elsewhere?
#
# <details><summary>about 4</summary>Thirty-two digits hold hardly three of each kind. That is too good.</details>
# <details><summary>about 40</summary>Right, see below. Is that bad?</details>
# <details><summary>about 90</summary>That would be no better than a blind step.</details>


# %%
def degrees(a, b):
    return np.degrees(np.arccos((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())))


rng, full = np.random.default_rng(0), gradient(W0, X1, y)
sizes, errors, angles = (1, 2, 8, 32, 128, 512), [], []
for size in sizes:
    draws = [rng.integers(0, 1287, size) for _ in range(300)]
    parts = [gradient(W0, X1[rows], y[rows]) for rows in draws]
    errors.append(np.mean([np.linalg.norm(g - full) for g in parts]) / np.linalg.norm(full))
    angles.append([degrees(g, full) for g in parts])
    downhill = np.mean(np.array(angles[-1]) < 90)
    print(f"{size:3} rows: {np.mean(angles[-1]):2.0f}°, downhill {downhill:.0%}", end="")
    print(f", error {errors[-1]:.2f} times the full gradient")
blind = [degrees(rng.normal(size=W0.shape), full) for _ in range(300)]
print(f"blind: {np.mean(blind):.0f}°, downhill {np.mean(np.array(blind) < 90):.0%}")
draws = [rng.integers(0, 1287, 32) for _ in range(300)]
later = [degrees(gradient(W, X1[rows], y[rows]), gradient(W, X1, y)) for rows in draws]
print(f"32 rows after that epoch: {np.mean(later):.0f}°", end="")
print(f", downhill {np.mean(np.array(later) < 90):.0%}")

# %% [markdown]
# Some 40 degrees. And yet all 300 point downhill. Even the gradient of a *single* digit does, nearly at a right angle: among
# 650 weights two blind directions almost always meet at 90 degrees, so one digit at 78 is news. Later, when little is left to
# learn together, the batches disagree more. Keep that in mind.
#
# Now read the column of errors. **Predict:** four times the rows, how much less error?

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=6, height=3.6)
axes.loglog(sizes, errors, "o", color=CLASS_COLOURS[0], markersize=9, label="measured")
axes.loglog(sizes, errors[0] / np.sqrt(sizes), "-", color="#222", label="1 / √batch size")
axes.set(xlabel="batch size", ylabel="error / full gradient", xticks=sizes, xticklabels=sizes)
axes.set(yticks=[0.25, 0.5, 1, 2, 4], yticklabels=["¼", "½", "1", "2", "4"])
axes.minorticks_off()
axes.legend(frameon=False, fontsize=12)
Picture(figure, "The error of a batch's gradient falls with the root of the batch size.")

# %%
assert np.mean(angles[0]) < 85 and min(np.mean(np.array(a) < 90) for a in angles) > 0.99
assert all(abs(a / b - 2) < 0.2 for a, b in pairwise(errors[1:]))

# %% [markdown]
# Half, at four times the work. It is the wobble of a mean: it falls with the root of how many you average. So the thousandth
# digit tells you very little that the first thirty have not told.
#
# ## An epoch, in a new order
#
# One pass over all rows is an [epoch](glossary.ipynb#epoch). With batches of 32 it has ⌈1287 / 32⌉ = 41 steps: 40 full batches
# and a smaller one. And the rows are to be shuffled, X and y by the same order, anew for each epoch. Must that be?


# %%
def minibatches(X, y, batch_size, rng, shuffle=True, drop_last=False):
    order = rng.permutation(len(X)) if shuffle else np.arange(len(X))
    if drop_last:
        order = order[: len(X) // batch_size * batch_size]
    for i in range(0, len(order), batch_size):
        rows = order[i : i + batch_size]
        yield X[rows], y[rows]


def sgd(X1, y, lr, batch_size, epochs, rng, **how):
    """W after every step."""
    W = np.zeros((10, X1.shape[1]))
    for _epoch in range(epochs):
        for Xb, yb in minibatches(X1, y, batch_size, rng, **how):
            W = W - lr * gradient(W, Xb, yb)
            yield W


# %% [markdown]
# Sort the digits: first all 0s, then all 1s, and so on. **Predict:** if nobody shuffles, what do you see on the loss of the
# batches during one epoch, and what on the loss of all digits?

# %%
by_digit = np.argsort(y, kind="stable")
X1_sorted, y_sorted = X1[by_digit], y[by_digit]
seen = {}
for name, shuffle in (("sorted", False), ("shuffled", True)):
    W, losses = W0, []
    for Xb, yb in minibatches(X1_sorted, y_sorted, 8, np.random.default_rng(0), shuffle):
        losses.append((loss(W, Xb, yb), loss(W, X1, y)))
        W = W - 0.3 * gradient(W, Xb, yb)
    seen[name] = np.array(losses)
    print(f"{name:8} after 15 of 161 batches: all digits {losses[15][1]:.2f}", end="")
    print(f", the last ten batches {np.mean(losses[5:15], axis=0)[0]:.4f}")

# %% tags=["nbval-ignore-output"]
figure, panels = new_axes(2, width=4.5, height=3.2)
for axes, (name, losses) in zip(panels, seen.items(), strict=True):
    axes.plot(losses[:, 0], color="#777", linewidth=1, label="the batch")
    axes.plot(losses[:, 1], color=CLASS_COLOURS[0], linewidth=3, label="all digits")
    axes.set(title=name, ylim=(0, 3.5), xlabel="step")
panels[0].set_ylabel("loss")
panels[1].legend(frameon=False, fontsize=12)
Picture(
    figure,
    "Sorted: each new digit is a shock, soon the batches look perfect, and for half the epoch the "
    "loss of all digits stays near a guesser's. Shuffled: both fall together.",
)

# %% [markdown]
# While the 0s come, W learns to say "0", and its batches look perfect. That is how you notice: a loss that is too good, with jumps. And
# what does it cost in the end? Five seeds, the order among equal digits by chance:

# %%
ends = {}
for name, shuffle in (("sorted", False), ("shuffled", True)):
    ends[name] = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        rows = np.lexsort((rng.random(1287), y))
        Ws = list(sgd(X1[rows], y[rows], 0.3, 8, 5, rng, shuffle=shuffle))
        ends[name].append([right(Ws[161 * epoch - 1], X1_new, y_new) for epoch in (1, 5)])
    mean, spread = np.mean(ends[name], axis=0), np.std(ends[name], axis=0)
    print(f"{name:8} new right after 1 epoch {mean[0]:.1%} ± {spread[0]:.1%}", end="")
    print(f", after 5 {mean[1]:.1%} ± {spread[1]:.1%}")
gap = np.mean(ends["shuffled"], axis=0) - np.mean(ends["sorted"], axis=0)
assert gap[0] > 0.1 and 0.01 < gap[1] < gap[0]

# %% [markdown]
# After one epoch the harm is large, after five still some digits in a hundred. A batch stands for all only if it is drawn from
# all.
#
# ## Who may choose the rate?
#
# Some numbers are not learnt but chosen: the rate, the batch size. If you choose by the new digits, they
# are not new any more. So hold back a part of the known ones, the [validation set](glossary.ipynb#validation-set), train on
# the rest, and choose by it.
#
# Let twelve rates compete. Choose by only 60 digits that are held back; see how the winner does on 197 others, also held
# back, and on the new ones. Twenty splits. **Predict:** the winner reads 97 in 100 of the 60. And of the others?

# %% tags=["nbval-ignore-output"]
rates, looks = 2.0 ** np.arange(-8, 4), []
for seed in range(20):
    rng = np.random.default_rng(seed)
    order = rng.permutation(1287)
    choose, judge, rest = order[:60], order[60:257], order[257:]
    Ws = [list(sgd(X1[rest], y[rest], lr, 32, 5, rng))[-1] for lr in rates]
    best = Ws[np.argmax([right(W, X1[choose], y[choose]) for W in Ws])]
    looks.append([right(best, X1[k], y[k]) for k in (choose, judge)] + [right(best, X1_new, y_new)])
looks = np.array(looks)
for name, column in zip(("the 60", "197 others", "new digits"), looks.T, strict=True):
    print(f"{name:10} {column.mean():.1%}, wobble of the mean {column.std() / np.sqrt(20):.1%}")

# %% [markdown]
# Two things happen here. The best of twelve was also a little lucky on the digits that chose it, as the winner of a lottery
# looks clever. That is a point or two, and less if more than 60 choose. But the new digits are harder by far more, for another
# reason: they are by **other people**. A digit drawn at random from the known ones has brothers by the same hand in training. So
# hold back a whole stretch of the file:

# %%
honest = []
for stretch in np.split(np.arange(1287), [386, 776, 1157]):
    rest = np.delete(np.arange(1287), stretch)
    *_, W = sgd(X1[rest], y[rest], 0.25, 32, 5, np.random.default_rng(0))
    honest.append((right(W, X1[stretch], y[stretch]), right(W, X1_new, y_new)))
print("stretches:", *(f"{share:.1%}" for share, _ in honest))
print("mean {:.1%}, the same on new digits {:.1%}".format(*np.mean(honest, axis=0)))
lucky, far = looks[:, 0] - looks[:, 1], looks[:, 1] - looks[:, 2]
assert lucky.mean() > 2 * lucky.std() / np.sqrt(20) and far.mean() > 0.04
assert abs(np.subtract(*np.mean(honest, axis=0))) < 0.03

# %% [markdown]
# Now the two agree to two digits in a hundred, not seven. A validation set must differ from training as tomorrow will.
#
# ## What does a batch size cost, and what does it buy?
#
# Now we can ask fairly: each batch size gets the rate that suits it, of eleven, chosen on 257 digits held back. (By chance this time: they only
# choose, and what we report are the new digits.) One epoch each, full batches only; 1,030 rows are left for training. **Predict:** as the batches grow, what becomes of the best rate? And of the new
# digits that it reads after its epoch?

# %% tags=["nbval-ignore-output"]
order = np.random.default_rng(0).permutation(1287)
held, rest = order[:257], order[257:]


def one_epoch(lr, batch_size, seed):
    *_, W = sgd(X1[rest], y[rest], lr, batch_size, 1, np.random.default_rng(seed), drop_last=True)
    return W


table, grid = {}, 2.0 ** np.arange(-6, 5)
for batch in (1, 8, 32, 128, 512, 1030):
    tried = [[loss(one_epoch(lr, batch, s), X1[held], y[held]) for s in range(3)] for lr in grid]
    lr, start = grid[np.mean(tried, axis=1).argmin()], perf_counter()
    Ws = [one_epoch(lr, batch, seed) for seed in range(10, 15)]
    ms, shares = (perf_counter() - start) * 200, [right(W, X1_new, y_new) for W in Ws]
    table[batch] = lr, ms, np.mean(shares)
    print(f"batch {batch:4}: best rate {lr:6.3f}, {1030 // batch:4} steps, {ms:5.1f} ms", end="")
    print(f", new right {np.mean(shares):.1%} ± {np.std(shares):.1%}")

# %%
lrs, times, shares = ({batch: row[i] for batch, row in table.items()} for i in range(3))
steepest = np.linalg.eigvalsh(X1.T @ X1 / 1287)[-1] / 10  # curvature at W = 0
print(f"lesson 05's limit for all rows, at the start: 2/L = {2 / steepest:.1f}")
assert lrs[32] >= 16 * lrs[1] and lrs[1030] <= 4 * lrs[32] and times[1] > 5 * times[32]
assert shares[8] - shares[512] > 0.02 and shares[512] - shares[1030] > 0.02

# %% [markdown]
# Up to about a hundred rows the best rate grows with the batch, and a large batch is many small steps in one: the epoch reads
# as well, in a fraction of the time, since every step has a fixed price. Then the rate stops growing: it has come to lesson 05's
# limit (and a little beyond, since the curvature falls on the way), which does not care how many rows were looked at; and every
# step saved is a step lost. So small batches learn more
# *per epoch*, large ones run more rows *per second*, and between 32 and 256 one usually has both.
#
# Why full batches only? 1,287 rows make five batches of 256 and one of 7. **Predict:** does that little one matter, at a large rate?

# %% tags=["nbval-ignore-output"]
last = {}
for drop_last in (False, True):
    last[drop_last] = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        *_, W = sgd(X1, y, 8.0, 256, 5, rng, drop_last=drop_last)
        last[drop_last].append(loss(W, X1, y))
    low, high = min(last[drop_last]), max(last[drop_last])
    print(f"drop_last {drop_last!s:5}: median {np.median(last[drop_last]):.3f}", end="")
    print(f", from {low:.3f} to {high:.3f}")
assert max(last[False]) > 5 * max(last[True])

# %% [markdown]
# It is as noisy as 7 rows are, yet steps as far as 256, and sometimes it throws everything over. That is what `drop_last` is
# for. A few rows are left out of each epoch, others each time.
#
# ## It never stands still
#
# Back to the line of lesson 05: 366 days of Seattle, ŷ = height + slope · x, squared error. We know the best line. Put SGD
# exactly there, where the gradient of all days is zero. **Predict:** what will it do?

# %%
weather = load_weather()
cold, warm = (weather.column(n).astype(float)[:366] for n in ("temp_min", "temp_max"))
A = np.c_[np.ones(366), cold]
best = np.linalg.lstsq(A, warm, rcond=None)[0]


def slopes(p, rows=slice(None)):
    return 2 * A[rows].T @ (A[rows] @ p - warm[rows]) / len(A[rows])


def above(p):
    """How far the loss lies above that of the best line."""
    return ((A @ p - warm) ** 2).mean() - ((A @ best - warm) ** 2).mean()


def line_sgd(p, lr, epochs, rng, schedule=None):
    """above(p) after each step, in batches of 8."""
    heights, total = [], epochs * 46
    for _epoch in range(epochs):
        for rows in np.split(rng.permutation(366), range(8, 366, 8)):
            rate = schedule(len(heights), total, lr) if schedule else lr
            p = p - rate * slopes(p, rows)
            heights.append(above(p))
    return np.array(heights)


# %%
assert np.abs(slopes(best)).max() < 1e-10
floor = {}
for lr in (0.008, 0.004, 0.002):
    paths = [line_sgd(best, lr, 60, np.random.default_rng(s)) for s in range(5)]
    floor[lr] = np.mean(paths, axis=1)
    print(f"lr {lr}: hovers {floor[lr].mean():.2f} ± {floor[lr].std():.2f} above the best")
assert floor[0.008].min() > 2 * floor[0.004].max() and floor[0.004].min() > 2 * floor[0.002].max()

# %% [markdown]
# It leaves. Eight days never agree with all, so every batch pulls somewhere, and the walk hovers in a cloud around the best. At half the
# rate the cloud is less than half as high. That is the [noise floor](glossary.ipynb#noise-floor).
#
# A small rate has a low floor but takes for ever to get there. So begin large and end small: a
# [schedule](glossary.ipynb#schedule). The usual one is half a cosine wave, $\text{lr} \cdot (1 + \cos(\pi \cdot \text{step} / \text{total})) / 2$.


# %%
def cosine_rate(step, total, base):
    return base * (1 + np.cos(np.pi * step / total)) / 2


plans = {"0.008 throughout": (0.008, None), "0.0008 throughout": (0.0008, None)}
plans["cosine from 0.008"] = 0.008, cosine_rate
falls = {}
for name, (lr, plan) in plans.items():
    paths = [line_sgd(np.zeros(2), lr, 60, np.random.default_rng(s), plan) for s in range(5)]
    falls[name] = np.mean(paths, axis=0)
for name, heights in falls.items():
    print(f"{name}: the last epoch {heights[-46:].mean():.3f} above the best")
assert 10 * falls["cosine from 0.008"][-1] < min(h[-46:].mean() for h in list(falls.values())[:2])

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=3.6)
for (name, heights), colour, style in zip(
    falls.items(), CLASS_COLOURS, ("-", "--", "-"), strict=False
):
    axes.semilogy(
        heights.reshape(60, 46).mean(axis=1), style, color=colour, linewidth=2, label=name
    )
axes.set(xlabel="epoch of 46 steps", ylabel="above the best line")
axes.legend(frameon=False, fontsize=12, loc="lower left")
Picture(
    figure,
    "A large rate falls fast and then hovers, a small one is still on its way, and the cosine "
    "schedule falls fast and lands.",
)

# %% [markdown]
# Schedules often begin with a [warm-up](glossary.ipynb#warm-up), a few hundred steps in which the rate rises from 0. Lesson 14
# will need one.
#
# ## Momentum
#
# Lesson 05's trouble was the long valley: the rate must suit the steep direction, and along the valley the walk creeps.
# Standardizing made it round. Where nobody can standardize, inside a deep network, push a heavy ball instead. It keeps the share
# `momentum` of its velocity v, and each gradient adds to it: that is [momentum](glossary.ipynb#momentum).


# %%
def momentum_step(p, g, v, lr, momentum=0.9):
    v = momentum * v + g
    return p - lr * v, v


def walk(lr, momentum, steps=6000):
    """The path from (0, 0), with the gradient of all days."""
    p = v = np.zeros(2)
    path = [p]
    for _ in range(steps):
        p, v = momentum_step(p, slopes(p), v, lr, momentum)
        path.append(p)
    return np.array(path)


def steps_needed(path):
    high = np.array([above(p) for p in path]) > 0.01
    return np.flatnonzero(high)[-1] + 1


# %% [markdown]
# Count the steps until the line is within 0.01 of the best, and stays there. **Predict:** plain descent needs 1,468. And with momentum 0.9?

# %%
needed = {}
for momentum in (0.0, 0.5, 0.8, 0.9, 0.95, 0.99):
    path = walk(0.004, momentum)
    needed[momentum] = steps_needed(path)
    past = path[:, 0].max() - best[0]
    print(f"momentum {momentum:4}: {needed[momentum]:4} steps", end="")
    print(f", at most {max(past, 0):.1f} past the best height")
assert 10 * 0.004 > 2 / np.linalg.eigvalsh(2 * A.T @ A / 366)[-1]  # lesson 05's limit
assert needed[0.0] == 1468 and needed[0.9] * 10 < needed[0.0] and needed[0.99] > 1000

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=3.8)
a, b = np.meshgrid(np.linspace(-1, 8, 100), np.linspace(-0.5, 4, 100))
level = np.array([above(p) for p in np.c_[a.ravel(), b.ravel()]]).reshape(a.shape)
axes.contour(a, b, level, levels=[0.3, 2, 8, 25, 80, 200], colors="#bbb", linewidths=1)
axes.plot(*best, "*", color="#222", markersize=15)
for momentum, colour, style in ((0.9, CLASS_COLOURS[1], "^-"), (0.0, CLASS_COLOURS[0], "o-")):
    path = walk(0.004, momentum, 100)
    label = f"momentum {momentum}, 100 steps"
    axes.plot(*path.T, style, color=colour, markersize=4, linewidth=1, label=label)
axes.set(xlabel="height", ylabel="slope")
axes.legend(frameon=False, fontsize=12, loc="upper right")
Picture(
    figure,
    "Plain descent falls into the valley and creeps along it. Momentum swings across the valley, "
    "less each time, and meanwhile runs along it, nearly to the star.",
)

# %% [markdown]
# Twelve times faster. Across the valley the gradients change sign, and in v they cancel. Along it they agree, and add up to
# g + 0.9g + 0.81g + … = 10g. A plain rate ten times as large would diverge. But a heavy ball does not stop where you want: with
# 0.95 it runs past the best and has to swing back, and with 0.99 most of the gain is lost. Note what follows from the 10: with
# momentum 0.9 begin with a tenth of the rate.
#
# ## A rate for each weight
#
# Another trouble: weights that want different rates. Here are 178 Italian wines from three growers, each measured in 13 ways,
# as the laboratory wrote it down.

# %%
wine = load_wine()
V = np.c_[wine.X.astype(float), np.ones(178)]
for name, column in list(zip(wine.names, wine.X.T, strict=True))[::4]:
    print(f"{name:22} {column.min():7.2f} to {column.max():7.2f}")
pulls = np.abs(gradient(np.zeros((3, 14)), V, wine.y)).max(axis=0)
print(f"strongest pull on a weight {pulls.max():.0f}, weakest {pulls.min():.3f}")

# %% [markdown]
# A rate that is safe for proline is nothing for the others. [RMSProp](glossary.ipynb#RMSProp) gives each weight its own: it remembers the mean
# square s of the weight's gradients, where old ones fade, and divides the step by its root.


# %%
def gd_step(p, g, lr):
    return p - lr * g


def rmsprop_step(p, g, s, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g * g
    return p - lr * g / (np.sqrt(s) + eps), s


p, s = rmsprop_step(np.zeros(3), np.array([1000.0, -1.0, 0.001]), np.zeros(3), lr=0.01)
print("gradients 1000, -1, 0.001; the first step moves by", p)

# %% [markdown]
# A million times the gradient, and the same step. The size of a gradient no longer counts, only its sign and how it compares with its
# own past. (eps only guards against 0 / 0.)
#
# But look again: the rate was 0.01, and the step is 0.1. s began at zero, and one gradient gets only a hundredth of a say in the mean, so
# its root is ten times too small.
#
# ## Adam
#
# [Adam](glossary.ipynb#Adam) (Kingma and Ba, 2015) joins both ideas: m, a fading mean of the gradients, instead of g itself; divided by the root of v,
# a fading mean of their squares. Both begin at zero. **Predict:** with the usual 0.9 and 0.999, how long would the first step be, compared with the rate?
#
# <details><summary>a tenth</summary>m is a tenth of g. But what is v?</details>
# <details><summary>about three times</summary>Right: 0.1 g divided by the root of 0.001 g².</details>
# <details><summary>equal</summary>Not yet. That is what the correction is for.</details>


# %%
def adam_step(p, g, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8, fair=True):
    m = betas[0] * m + (1 - betas[0]) * g
    v = betas[1] * v + (1 - betas[1]) * g * g
    m_fair, v_fair = (m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)) if fair else (m, v)
    return p - lr * m_fair / (np.sqrt(v_fair) + eps), m, v


for fair in (False, True):
    p, m, v = (np.zeros(3) for _ in range(3))
    lengths = []
    for t in range(1, 1001):
        before = p
        p, m, v = adam_step(p, np.array([1e3, 1.0, 1e-3]), m, v, t, lr=1.0, fair=fair)
        lengths.append((before - p)[1])
    told = "  ".join(f"step {t}: {lengths[t - 1]:.2f}" for t in (1, 10, 100, 1000))
    print("corrected  " if fair else "uncorrected", told)
assert np.allclose(lengths, 1) and np.allclose(p, -1000, rtol=1e-4)

# %% [markdown]
# Uncorrected it begins three times too long and gets worse before it gets better. The cure is exact: after t steps a mean that
# began at zero holds only the share $1 - \beta^t$ of what it should. Divide by that, the
# [bias correction](glossary.ipynb#bias-correction). Now the first step is lr, whatever the gradient.
#
# ## A race that deserves to be believed
#
# Most races between optimizers are won by whoever was tuned. So every runner gets twelve rates, each twice as large as
# the one before, and the best is chosen on validation digits, as a mean of three seeds. Then ten new seeds for the chosen one. One loop serves all: a step may
# have memories, which begin at zero, and Adam wants to know t.


# %%
def learn(step, lr, X1, y, epochs=5, seed=0, schedule=None):
    """Weights after some epochs in batches of 32; the memories are found by the step's signature."""
    rng, t, total = np.random.default_rng(seed), 0, epochs * -(-len(y) // 32)
    W = np.zeros((y.max() + 1, X1.shape[1]))
    names = list(inspect.signature(step).parameters)
    names = names[2 : names.index("lr")]
    memories = [W for name in names if name != "t"]
    for _epoch in range(epochs):
        for Xb, yb in minibatches(X1, y, 32, rng):
            rate = schedule(t, total, lr) if schedule else lr
            t += 1
            count = [t] if "t" in names else []
            result = step(W, gradient(W, Xb, yb), *memories, *count, rate)
            W, *memories = result if isinstance(result, tuple) else (result,)
    return W


*_, W = sgd(X1, y, 0.1, 32, 5, np.random.default_rng(0))
assert np.allclose(learn(gd_step, 0.1, X1, y), W)

# %% [markdown]
# **Predict:** who wins on the digits?

# %% tags=["nbval-ignore-output"]
runners = {
    "SGD": (gd_step, 2.0 ** np.arange(-7, 5), None),
    "SGD, cosine": (gd_step, 2.0 ** np.arange(-7, 5), cosine_rate),
    "momentum": (momentum_step, 2.0 ** np.arange(-10, 2), None),
    "RMSProp": (rmsprop_step, 2.0 ** np.arange(-14, -2), None),
    "Adam": (adam_step, 2.0 ** np.arange(-12, 0), None),
}
chosen, race = {}, {}
for name, (step, grid, plan) in runners.items():
    tried = [[learn(step, lr, X1[rest], y[rest], 5, s, plan) for s in range(3)] for lr in grid]
    tried = [np.mean([loss(W, X1[held], y[held]) for W in Ws]) for Ws in tried]
    chosen[name] = grid[np.argmin(tried)]
    Ws = [learn(step, chosen[name], X1[rest], y[rest], 5, s, plan) for s in range(10, 20)]
    race[name] = np.array([[loss(W, X1[rest], y[rest]), right(W, X1_new, y_new)] for W in Ws])
    mean, spread = race[name].mean(axis=0), race[name].std(axis=0)
    print(f"{name:11} lr {chosen[name]:.4f}: loss {mean[0]:.3f} ± {spread[0]:.3f}", end="")
    print(f", new right {mean[1]:.1%} ± {spread[1]:.1%}")

# %% tags=["nbval-ignore-output"]
Ws = [learn(gd_step, chosen["SGD"] / 2, X1[rest], y[rest], 5, seed) for seed in range(10, 20)]
half = np.mean([loss(W, X1[rest], y[rest]) for W in Ws])
print(f"SGD at half its rate: loss {half:.3f}")
losses, news = np.transpose([results.mean(axis=0) for results in race.values()])
assert max(news) - min(news) < 0.015 and half > max(losses) > 1.2 * min(losses)

# %% [markdown]
# Nobody. The new digits cannot tell the five apart: they differ by about as much as two runs of one. In the loss of the known
# digits there are gaps. But give SGD half its rate, and it comes in last by far. That is how such races are won. So ask, of any
# that you read about: who tuned whom, and on what? (Wilson and others, 2017, tuned the
# rates alike, and Adam did worse on new data. Choi and others, 2019, tuned every setting, and it did not.)
#
# Nor does the schedule help here. It fights a noise floor, and this loss has hardly one: where all known digits are got right,
# every pull fades.
#
# Now the wines, in raw units: 30 epochs, the best of 16 rates by the loss, five seeds. How many of the very wines that it learnt
# from does each know? The last line has standardized columns, "even".

# %% tags=["nbval-ignore-output"]
V_even = np.c_[standardize(wine.X.astype(float)), np.ones(178)]
grid, wines = 10.0 ** np.arange(-7, 1, 0.5), {}
for units, name in [("raw", name) for name in runners if "cosine" not in name] + [("even", "SGD")]:
    step, rows = runners[name][0], V if units == "raw" else V_even
    tried = [loss(learn(step, lr, rows, wine.y, 30), rows, wine.y) for lr in grid]
    lr = grid[np.argmin(tried)]
    Ws = [learn(step, lr, rows, wine.y, 30, seed) for seed in range(1, 6)]
    wines[units, name] = lr, np.array([right(W, rows, wine.y) for W in Ws])
    mean, spread = wines[units, name][1].mean(), wines[units, name][1].std()
    print(f"{units:4} {name:8} lr {lr:7.1e}: right {mean:4.0%} ± {spread:.0%}")

# %%
raw = {name: wines["raw", name] for name in ("SGD", "Adam")}
assert raw["Adam"][1].mean() - raw["SGD"][1].mean() > 0.15 and wines["even", "SGD"][1].min() > 0.98
assert chosen["SGD"] > 1e4 * raw["SGD"][0] and chosen["Adam"] < 100 * raw["Adam"][0]

# %% [markdown]
# There it is: in raw units SGD reads hardly more than half of its own wines, Adam nine in ten. And then the humbling part: after
# `standardize`, one line from lesson 00, plain SGD knows them all. Look at the rates, too. From the digits to the wines SGD's best
# rate changed by a factor of 100,000, Adam's by about ten. That is why Adam is what people try first: it does not run better, it
# is *ready* sooner. Lesson 09 standardizes inside a network.
#
# ## Play: the descent terrain
#
# Your own Adam, once exercise 06.6 has passed, races nnlearn's optimizers down the same real loss. At first each step sees the
# whole year. Then turn the batch size down, to 64 and to 8: the same noise for all, and another order at the finish. With
# `view="map"` each cell of a map of learning rate by batch size is a whole run, and replays when you click on it. The demo asks
# for a guess first.

# %% tags=["nbval-ignore-output"]
from nnlearn.course import mine
from nnlearn.demos import DescentTerrain

DescentTerrain(optimizer=mine("06.6"), view="race")

# %% [markdown]
# ## In the library
#
# `optim.SGD`, `optim.RMSprop`, `optim.Adam` and `optim.lr_scheduler.CosineAnnealingLR`, as in PyTorch. They keep the memories for you,
# and change the weights in place. Here is SGD with all its options; the two lines on `velocity` are yours:

# %%
print(inspect.getsource(optim.SGD.update))

# %% [markdown]
# Fifty steps each, with gradients from a hat, and the rate on a cosine:

# %%
ours = {
    optim.SGD: (lambda p, g, a, b, t, lr: (*momentum_step(p, g, a, lr), b), {"momentum": 0.9}),
    optim.RMSprop: (lambda p, g, a, b, t, lr: (*rmsprop_step(p, g, a, lr), b), {}),
    optim.Adam: (adam_step, {}),
}
for theirs, (step, settings) in ours.items():
    rng, p, a, b = np.random.default_rng(0), np.ones((3, 4)), np.zeros((3, 4)), np.zeros((3, 4))
    weight = Tensor(p.copy(), requires_grad=True)
    optimizer = theirs([weight], lr=0.1, **settings)
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=50)
    for t in range(1, 51):
        g = rng.normal(size=(3, 4))
        p, a, b = step(p, g, a, b, t, cosine_rate(t - 1, 50, 0.1))
        weight.grad = Tensor(g)
        optimizer.step()
        scheduler.step()
        assert np.abs(weight.data - p).max() < 1e-10
    print(f"{theirs.__name__}: the same, 50 steps long")

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.

# %% [markdown]
# **1.** 10,000 rows, batches of 64, 5 epochs. How many steps?
#
# <details><summary>780</summary>That drops the smaller batch at the end of each epoch.</details>
# <details><summary>785</summary>Right: ⌈10000 / 64⌉ = 157, times 5.</details>
# <details><summary>5</summary>An epoch is not a step, unless the batch holds everything.</details>

# %% [markdown]
# **2.** You want the error of the batch's gradient to be a third. What does it cost?
#
# <details><summary>three times the rows</summary>The error falls with the root.</details>
# <details><summary>nine times the rows</summary>Right.</details>
# <details><summary>a third of the rate</summary>That shortens the steps. The gradient stays as wrong.</details>

# %% [markdown]
# **3.** You tried 40 settings and report the best one's accuracy on the validation set. What is wrong?
#
# <details><summary>nothing, it was not trained on</summary>But it did the choosing. The best of 40 was also lucky.</details>
# <details><summary>it is flattered</summary>Right. Report digits that took no part in choosing.</details>
# <details><summary>40 are too few</summary>More would flatter more.</details>

# %% [markdown]
# **4.** Every gradient is a thousand times as large. What happens to Adam's first step?
#
# <details><summary>it is a thousand times as long</summary>So would SGD's be. Adam divides by the size.</details>
# <details><summary>nothing</summary>Right: m and the root of v grow alike.</details>
# <details><summary>it is a thousandth</summary>It divides once, not twice.</details>

# %% [markdown]
# **5.** *From lesson 05.* Plain descent in a valley diverges at a rate of 0.02. At 0.01 it creeps. What limits the rate?
#
# <details><summary>the flat direction</summary>There a larger rate would be welcome.</details>
# <details><summary>the steepest direction</summary>Right: beyond 2 divided by its curvature each step lands higher than it began.</details>
# <details><summary>the number of rows</summary>The loss is a mean: rows do not make it steeper.</details>

# %% [markdown]
# ## What you take along
#
# * A batch of 32 points 40 degrees off, and downhill. Its error falls with the root of its size; steps count, not rows.
# * Shuffle the rows, X with y. Choose by a validation set that resembles what will come, and report on another.
# * With a constant rate SGD hovers; a schedule lands it.
# * Momentum is for valleys, RMSProp for weights of different scale, Adam is both with a fair start. On even ground, tuned alike, none
#   of them wins. Standardize first.
#
# **Now you:** [exercises/06_batches_and_optimizers](../exercises/06_batches_and_optimizers.ipynb), seven functions, about an hour.
# Terms are explained in the [glossary](glossary.ipynb).
#
# **Before:** [05 · Gradient descent](05_gradient_descent.ipynb). **Next:** [07 · Backpropagation](07_backpropagation.ipynb): where the gradient of a deep network comes from.
