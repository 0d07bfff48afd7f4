# %% [markdown]
# # 04 · Losses
#
# **One thermometer in 366 lost its decimal point. Should the whole model bend for it?** That is not for the data to say. It
# is decided by one line of code, in which you say what "wrong" means.
#
# When you finish this lesson you can
#
# * choose between MSE, MAE and Huber, and say who pulls how hard;
# * explain why nobody trains by counting mistakes;
# * write cross-entropy so that it does not break, and know what a guesser would get;
# * see through a model that is right nine times in ten, and useless.
#
# *About 70 minutes with the demo. The notebook runs from top to bottom in about 20 s.*

# %%
import numpy as np

import nnlearn
from nnlearn import nn, optim
from nnlearn.data import load_digits, load_weather
from nnlearn.gradcheck import numerical_gradient
from nnlearn.nn import functional as F
from nnlearn.show import Picture, new_axes
from nnlearn.show.plots import CLASS_COLOURS

np.set_printoptions(precision=3, suppress=True)
weather = load_weather()
lows, highs = (weather.column(name).astype(float) for name in ("temp_min", "temp_max"))
x, y = lows[:366], highs[:366]

# %% [markdown]
# ## One lost decimal point
#
# Seattle, 2012, all 366 days. From the lowest temperature of a day we want to guess the highest, with a line:
# ŷ = height + slope · x. Which line is best? Say how bad a line is with **one number**, and take the line for which it is
# smallest. That number is the [loss](glossary.ipynb#loss). Here are two:
#
# * the [mean squared error](glossary.ipynb#mean-squared-error), MSE: the mean of $(\hat y - y)^2$, as in lesson 02's least
#   squares;
# * the [mean absolute error](glossary.ipynb#mean-absolute-error), MAE: the mean of $|\hat y - y|$.
#
# How to find the smallest cleverly is lesson 05. Here we simply try 6,561 lines.


# %%
def squared(e):
    return e**2


def absolute(e):
    return np.abs(e)


heights, slopes = np.arange(-8, 12.1, 0.25), np.arange(0.0, 4.01, 0.05)


def best_line(each, x, y):
    """The height and slope, of all on the grid, with the smallest mean loss."""
    e = heights[:, None, None] + slopes[:, None] * x - y
    i, j = np.divmod(each(e).mean(axis=-1).argmin(), len(slopes))
    return heights[i], slopes[j]


print(f"{len(heights) * len(slopes):,} lines")
for name, each in (("MSE", squared), ("MAE", absolute)):
    print(name, "height {:.2f}, slope {:.2f}".format(*best_line(each, x, y)))

# %% [markdown]
# They nearly agree. Now let one reading go wrong in the most ordinary way: on the day with the warmest night somebody
# forgets the decimal point. **Predict:** one reading of 366. How far will the two slopes move?

# %%
broken, worst = y.copy(), x.argmax()
broken[worst] *= 10
print(f"day {worst}: {y[worst]:.1f} °C becomes {broken[worst]:.0f} °C")
lines = {}
for name, each in (("MSE", squared), ("MAE", absolute)):
    lines[name] = best_line(each, x, broken)
    print(name, "height {:.2f}, slope {:.2f}".format(*lines[name]))

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=4)
axes.plot(x, broken, ".", color="#777", label="365 honest days")
ends = np.array([x.min(), x.max()])
for (name, (height, slope)), colour, style in zip(
    lines.items(), CLASS_COLOURS, ("--", "-"), strict=False
):
    axes.plot(ends, height + slope * ends, style, color=colour, linewidth=3, label=name)
axes.set(xlabel="lowest of the day, °C", ylabel="highest, °C", ylim=(-5, 42))
axes.annotate("344 °C ↑", (x[worst], 40), ha="right", va="center", fontsize=13)
axes.legend(frameon=False, fontsize=12, loc="upper left")
Picture(
    figure,
    "The line that MSE likes best is tilted by one reading far above the picture; MAE's is not.",
)

# %% [markdown]
# With MSE a single day has tilted the line for all others. With MAE nothing has happened. A point so far from the others is an
# [outlier](glossary.ipynb#outlier). It misses MAE's line by more than 300 degrees, and MSE squares that: as much
# as 90,000 days that are off by one degree. So the line is bent until it pays less.

# %%
assert abs(lines["MSE"][1] - best_line(squared, x, y)[1]) > 0.3
assert abs(lines["MAE"][1] - best_line(absolute, x, y)[1]) < 0.06

# %% [markdown]
# ## The best single answer
#
# Make it simpler: no line, one number for all days. **Predict:** which number has the smallest MSE? And the smallest MAE? (Half of all
# numbers lie below their [median](glossary.ipynb#median).)
#
# <details><summary>the mean, both times</summary>For one of them. The other does not care how far the far ones are.</details>
# <details><summary>the mean, and the median</summary>Right, in this order.</details>
# <details><summary>the median, and the mean</summary>The two are right, the order is not: think of the one day at 344 °C.</details>

# %%
tries = np.arange(0, 40, 0.05)
for name, each in (("MSE", squared), ("MAE", absolute)):
    losses = each(tries[:, None] - y).mean(axis=1)
    best = tries[losses < losses.min() + 1e-9]
    print(f"{name} likes best: {best[0]:.2f} to {best[-1]:.2f}")
print(f"mean {y.mean():.2f}, median {np.median(y):.2f}")
assert abs(tries[squared(tries[:, None] - y).mean(axis=1).argmin()] - y.mean()) < 0.03

# %% [markdown]
# The median is the number in the middle. (The two days in the middle had
# 14.4 and 15.0 °C. MAE likes everything between them equally well.) So choosing a loss is choosing a question. "What is usual?" has two answers, and you pick one whether you notice or not.
#
# How much can the median bear? Break more and more readings, each ten times too large. **Predict:** at which share does it give in?

# %%
order = np.random.default_rng(0).permutation(366)
for percent in (0, 1, 10, 30, 45, 60):
    wrong = y.copy()
    wrong[order[: 366 * percent // 100]] *= 10
    print(f"{percent:2} % broken: mean {wrong.mean():5.1f}   median {np.median(wrong):5.1f}")

# %% [markdown]
# The mean leaves at once. The median creeps along among the honest days, and only when more than half are broken
# does it jump over to the broken ones.
#
# ## Who pulls how hard
#
# Why do they differ so? Ask each point what it wants: nudge ŷ, and see how much that point's loss changes. All these slopes
# together, one for each number that could be nudged, are the [gradient](glossary.ipynb#gradient). For an error $e = \hat y - y$:
#
# $$\text{MSE: } 2e \qquad \text{MAE: } \operatorname{sign} e \qquad
# \text{Huber: } e \text{ between } -\delta \text{ and } \delta \text{, no more beyond}$$
#
# (For the mean over N points each is divided by N.) The third belongs to the [Huber loss](glossary.ipynb#Huber-loss),
# a compromise of 1964: $e^2/2$ for small errors, a straight line beyond δ. Are the three formulas true?

# %%
delta = 2.0


def huber(e):
    size = np.abs(e)
    return np.where(size <= delta, e**2 / 2, delta * (size - delta / 2))


pulls = {
    "MSE": (squared, lambda e: 2 * e),
    "MAE": (absolute, np.sign),
    "Huber": (huber, lambda e: np.clip(e, -delta, delta)),
}
e = np.array([-100.0, -3.0, -0.5, 0.5, 1.0, 3.0])
for name, (each, formula) in pulls.items():
    print(f"{name:5}", formula(e))
    assert np.allclose(formula(e), numerical_gradient(each, e), atol=1e-6)

# %% tags=["nbval-ignore-output"]
figure, panels = new_axes(2, width=4, height=3.4)
at = np.linspace(-5, 5, 401)
for (name, (each, formula)), colour, style in zip(
    pulls.items(), CLASS_COLOURS, ("--", "-", ":"), strict=False
):
    for axes, curve in zip(panels, (each(at), formula(at)), strict=True):
        axes.plot(at, curve, style, color=colour, linewidth=2.5, label=name)
for axes, title, limits in zip(panels, ("loss", "pull"), ((0, 10), (-6, 6)), strict=True):
    axes.set(xlabel="error e", title=title, ylim=limits)
panels[0].legend(frameon=False, fontsize=12)
Picture(
    figure,
    "MSE's pull grows with the error, MAE's is always 1 or −1, Huber's grows and then stays.",
)

# %% [markdown]
# The right picture explains everything so far. Stand on MAE's line and ask how much of all pulling comes from the one broken
# reading:

# %%
height, slope = lines["MAE"]
errors = height + slope * x - broken
assert abs(errors[worst]) > 300
for name, (_, formula) in pulls.items():
    pull = np.abs(formula(errors))
    print(f"{name:5}: {pull[worst] / pull.sum():.1%} of all pulling")
print("MAE at the kink: slope right", np.abs(1e-5) / 1e-5, "and left", -np.abs(-1e-5) / 1e-5)

# %% [markdown]
# The last line of the output is the price of MAE. At 0 it has a kink: slope 1 on the right, −1 on the left, none at 0
# itself. However small the error, the pull is the same, so a search that steps along the pull keeps stepping over the goal.
# Huber has no kink, and yet no point can shout. Its price is δ, which you must choose: the error from which a reading is suspect.

# %%
print("Huber height {:.2f}, slope {:.2f}".format(*best_line(huber, x, broken)))
assert abs(best_line(huber, x, broken)[1] - best_line(huber, x, y)[1]) < 0.06

# %% [markdown]
# ## Why not count mistakes?
#
# So far the answer was a number; that is [regression](glossary.ipynb#regression). In
# [classification](glossary.ipynb#classification) it is a kind: is this digit an 8, yes or no? Lesson 02 found weights for such
# a neuron without learning. What we want is few mistakes. So why not take the share of mistakes as the loss? Nudge the neuron's bias, and see:

# %%
(X, labels), (X_new, labels_new) = load_digits()
middle = X.mean(axis=0)
X, X_new = X - middle, X_new - middle
eight, eight_new = (labels == 8).astype(np.float32), (labels_new == 8).astype(np.float32)
wanted = np.where(eight == 1, 1.0, -1.0)
w = np.linalg.lstsq(np.c_[X, np.ones(len(X))].astype(float), wanted, rcond=None)[0]
z = X @ w[:-1].astype(float) + w[-1]


def mistakes(bias):
    return ((z + bias > 0) != (eight == 1)).mean()


h = 1e-5
print(
    f"8s: {eight.sum():.0f} of {len(eight)} known digits, {eight_new.sum():.0f} of {len(eight_new)} new ones"
)
print(f"mistakes {mistakes(0.0):.3f}, slope {(mistakes(h) - mistakes(-h)) / (2 * h):.1f}")

# %% [markdown]
# Zero. A nudge turns no answer, so counting says that no direction is better than any other. It is lesson 03's step again: **flat
# ground does not tell you the way.** And it is why lesson 01's perceptron stopped at the first line without a mistake: to a
# count that line was as good as any. We need a loss that notices when a score gets a little better.
#
# So do not ask *whether*, ask *how surely*. A sigmoid makes a share p out of the score z; a score that is to become a share
# is called a [logit](glossary.ipynb#logit). If the answer is yes, the neuron pays −log p. If it is no, −log(1 − p). The mean
# of this is the [binary cross-entropy](glossary.ipynb#binary-cross-entropy). **Predict:** somebody says "99 per cent" and is
# wrong. What does it cost, if "50 per cent" costs 0.69?

# %%
for p in (0.99, 0.9, 0.5, 0.1, 0.01, 1e-6):
    print(f"said {p:8.6f}, was yes: pays {-np.log(p):6.3f}   squared {(1 - p) ** 2:.3f}")

# %% [markdown]
# About 4.6, and there is no upper limit: each further nine behind the point costs another 2.3. Squared error on shares ends
# at 1. A liar can live with that.
#
# ## Pulling when it matters
#
# It gets worse for squared error. What counts is the slope by the score z, behind the sigmoid:
#
# $$\text{cross-entropy: } p - y \qquad\qquad \text{squared error: } 2\,(p - y)\,p\,(1 - p)$$


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


score = np.array([-10.0, -5.0, -2.0, 0.0, 2.0])  # the right answer is yes, y = 1
p = sigmoid(score)
both = {
    "cross-entropy": (lambda z: -np.log(sigmoid(z)), p - 1),
    "squared error": (lambda z: (sigmoid(z) - 1) ** 2, 2 * (p - 1) * p * (1 - p)),
}
for name, (each, formula) in both.items():
    print(name, *(f"{slope:8.4f}" for slope in formula))
    assert np.allclose(formula, numerical_gradient(each, score), atol=1e-7)

# %% [markdown]
# Look at the left column. At z = −10 the neuron is as wrong as can be. [Cross-entropy](glossary.ipynb#cross-entropy) pulls with −1. Squared error pulls
# with a ten-thousandth: the sigmoid is saturated, its slope p(1 − p) eats the pull. In cross-entropy the log's slope cancels that
# factor, which is why $p - y$ is so short.
#
# Does it matter? Let networks learn "odd or even" from a bad start: the last bias is 10, so each begins with firmly
# calling everything odd. Training is lesson 00's black box, with the plainest steps (`SGD`, lesson 05).

# %%
from nnlearn.data import DataLoader, TensorDataset
from nnlearn.train import train


def learn(
    loss, answers, outputs, seed, epochs, bias=0.0, make=optim.Adam, known=X, new=X_new, **settings
):
    """A network with one hidden layer, trained on `known`; its scores for `new`, (N, outputs)."""
    nnlearn.manual_seed(seed)
    network = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, outputs))
    network[2].bias.data[...] += bias
    data = TensorDataset(known, answers)
    batches = DataLoader(data, batch_size=64, shuffle=True, rng=np.random.default_rng(seed))
    optimizer = make(network.parameters(), **settings)
    for _step in train(network, batches, optimizer=optimizer, loss_fn=loss, epochs=epochs):
        pass
    return network(new).data


def yes_or_no(scores, y):
    return F.binary_cross_entropy_with_logits(scores.reshape(-1), y)


def squared_shares(scores, y):
    return F.mse_loss(scores.reshape(-1).sigmoid(), y)


# %% tags=["nbval-ignore-output"]
odd, odd_new = (labels % 2).astype(np.float32), labels_new % 2 == 1
right = {}
for bias in (0, 10):
    for loss, lr in ((yes_or_no, 0.5), (squared_shares, 0.5), (squared_shares, 2.0)):
        results = [
            ((learn(loss, odd, 1, seed, 15, bias, optim.SGD, lr=lr)[:, 0] > 0) == odd_new).mean()
            for seed in range(3)
        ]
        right[bias, loss, lr] = np.array(results)
        mean, spread = np.mean(results), np.std(results)
        print(f"bias {bias:2}, {loss.__name__:14} lr {lr}: {mean:.1%} ± {spread:.1%}")

# %%
usual = right[0, yes_or_no, 0.5].mean()
assert right[0, squared_shares, 0.5].mean() < usual < right[0, squared_shares, 2.0].mean() + 0.01
assert right[10, yes_or_no, 0.5].min() > 0.88
assert max(right[10, squared_shares, lr].max() for lr in (0.5, 2.0)) < 0.55

# %% [markdown]
# From the usual start squared error is some two digits in a hundred behind, and steps four times as long (`lr`) make that up. From
# the bad start they do not help: it has not moved, half right, as a coin. It is most wrong and has the least reason to
# change. Cross-entropy gets up and walks.
#
# ## Nine in ten right, and useless
#
# Back to the 8s. Only one digit in ten is one. **Predict:** a network trains for five epochs with cross-entropy and is right
# for about 91 per cent of the new digits. Is that good? How many of the 47 new 8s does it find?


# %%
def weighted(weight):
    def loss(scores, y):
        return F.binary_cross_entropy_with_logits(scores.reshape(-1), y, pos_weight=weight)

    return loss


def judged(weight, epochs):
    """Right in all, 8s found, others called 8: a row for each of five seeds."""
    rows = []
    for seed in range(5):
        says = learn(weighted(weight), eight, 1, seed, epochs)[:, 0] > 0
        is_8 = eight_new == 1
        rows.append([(says == is_8).mean(), (says & is_8).sum(), (says & ~is_8).sum()])
    return np.array(rows)


def told(rows):
    (share, found, alarms), spread = rows.mean(axis=0), rows.std(axis=0)
    return f"{share:.1%} right, {found:.1f} ± {spread[1]:.1f} found, {alarms:.1f} ± {spread[2]:.1f} false"


# %% tags=["nbval-ignore-output"]
plain = judged(1.0, 5)
print("the network:   ", told(plain))
print(f'always "no":    {1 - eight_new.mean():.1%} right, 0 found, 0 false')

# %%
assert plain[:, 1].max() < 5 and abs(plain[:, 0].mean() - (1 - eight_new.mean())) < 0.01

# %% [markdown]
# It finds next to none. It has learnt to say "no", and "no" is right nine times in ten. The share of right answers, the
# [accuracy](glossary.ipynb#accuracy), cannot tell the two apart. So count two things: hits, the 8s found; and [false alarms](glossary.ipynb#false-alarm), others called 8.
#
# There are nine times as many pulls towards "no" as towards "yes". Even them out: let each yes count nine times.
# `pos_weight` does that to the loss. **Predict:** what happens to the accuracy?

# %% tags=["nbval-ignore-output"]
even = judged(9.0, 5)
print("every yes counts 9 times:", told(even))

# %%
assert even[:, 1].mean() > 35 and abs(even[:, 0].mean() - plain[:, 0].mean()) < 0.03
assert even[:, 2].mean() > 20

# %% [markdown]
# It goes *down* a little. Yet one model is useless, and the other finds most 8s, at the price of some fifty false alarms. If 8
# stood for a disease, you would know which one to take. But is it a law that rare classes need a weight? Train longer:

# %% tags=["nbval-ignore-output"]
longer = {weight: judged(weight, 40) for weight in (1.0, 9.0)}
for weight, rows in longer.items():
    print(f"40 epochs, weight {weight:.0f}:", told(rows))

# %%
found = {weight: rows[:, 1].mean() for weight, rows in longer.items()}
alarms = {weight: rows[:, 2].mean() for weight, rows in longer.items()}
assert found[1.0] > 33 and found[9.0] - found[1.0] < 6 and alarms[9.0] > 2 * alarms[1.0]

# %% [markdown]
# It is not. With time the plain loss finds nearly as many, and raises far fewer false alarms. A weight buys hits with
# false alarms. Whether that is a good bargain depends on what each costs, and no loss knows that unless you tell it.
#
# ## Ten classes
#
# For ten classes there are ten scores, softmax makes ten shares, and the loss is −log of the **right** class's share.
# This is [cross-entropy](glossary.ipynb#cross-entropy). **Predict:** what does a guesser pay, who gives each digit a tenth?
#
# <details><summary>0.9</summary>That is how often it is wrong. What is −log of its share, 0.1?</details>
# <details><summary>2.303</summary>Right: −log 0.1 = log 10.</details>
# <details><summary>10</summary>There is a 10 in it, but a log before it.</details>


# %%
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy_naive(z, labels):
    return -np.log(softmax(z)[np.arange(len(labels)), labels]).mean()


print(f"a guesser pays {cross_entropy_naive(np.zeros((510, 10)), labels_new):.3f}")
for scale in (1, 10):
    paid = []
    for seed in range(5):
        nnlearn.manual_seed(seed)
        fresh = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        for weights in fresh.parameters():
            weights.data[...] *= scale
        paid.append(cross_entropy_naive(fresh(X_new).data.astype(float), labels_new))
    print(f"untrained, weights times {scale:2}: pays {np.mean(paid):.1f}")
    assert scale > 1 or abs(np.mean(paid) - np.log(10)) < 0.1
assert np.mean(paid) > 7

# %% [markdown]
# Remember 2.303. When a training on ten classes begins, this is what you should see. With weights ten times too large, lesson
# 02's worry, it is far more: that network knows as little, but is sure of it.
#
# ## When it breaks
#
# The softmax above is the safe one of lesson 03. Is the loss safe? Let a network be wrong by a wide margin:

# %% tags=["raises-exception"]
with np.errstate(divide="raise"):
    cross_entropy_naive(np.array([[0.0, 800.0]]), np.array([0]))

# %% [markdown]
# The share of class 0 is $e^{-800}$, which rounds to 0, and log 0 is minus infinity. How wide must the margin be? Networks
# compute in float32:

# %%
for dtype in (np.float32, np.float64):
    with np.errstate(divide="ignore"):
        margins = np.arange(1000)
        z = np.stack([np.zeros(1000), margins], axis=1).astype(dtype)
        lost = np.isinf(np.log(softmax(z)[:, 0]))
    print(np.dtype(dtype), "breaks at a margin of", margins[lost].min())

# %% [markdown]
# A margin of 104, and the mean over a whole batch is infinite. Do not make the share at all. The log of a fraction is a
# difference, and the log of $e^z$ is z:
#
# $$-\log \frac{e^{z_y}}{\sum_k e^{z_k}} = \log \sum_k e^{z_k} - z_y$$
#
# The first part is [log-sum-exp](glossary.ipynb#log-sum-exp). Take the largest score m out of it and it is safe, since
# $\log \sum_k e^{z_k} = m + \log \sum_k e^{z_k - m}$.


# %%
def logsumexp(z):
    m = z.max(axis=-1)
    return m + np.log(np.exp(z - m[..., None]).sum(axis=-1))


def cross_entropy(z, labels):
    return (logsumexp(z) - z[np.arange(len(labels)), labels]).mean()


z = np.random.default_rng(0).normal(size=(6, 10))
assert np.allclose(logsumexp(z), np.log(np.exp(z).sum(axis=1)))
assert np.isclose(cross_entropy(z, labels[:6]), cross_entropy_naive(z, labels[:6]))
print(f"wrong by 800: pays {cross_entropy(np.array([[0.0, 800.0]]), np.array([0])):.1f}")
print(f"perfect, but softmax twice: pays {cross_entropy(np.eye(10), np.arange(10)):.3f}")

# %% [markdown]
# A wrong margin of 800 costs 800. That is why libraries want scores here and not shares. If you give `cross_entropy` the
# output of a softmax, nothing crashes. But shares are taken for scores, and those of a perfect network, a 1 and nine 0s, still
# pay 1.461. A loss that never falls below that is how you notice.
#
# And the pull on the scores? Write the right answer as [one-hot](glossary.ipynb#one-hot): ten numbers, a 1 at the right
# class, 0 elsewhere. Then the gradient is
#
# $$\frac{\text{softmax}(z) - \text{one-hot}(y)}{N}$$

# %%
one_hot = np.eye(10, dtype=np.float32)
formula = (softmax(z) - one_hot[labels[:6]]) / 6
measured = numerical_gradient(lambda z: cross_entropy(z, labels[:6]), z)
print(f"largest difference below {1e-8:g}:", np.abs(formula - measured).max() < 1e-8)
print("each row adds up to zero:", np.allclose(formula.sum(axis=1), 0))
assert np.allclose(formula, measured, atol=1e-8)

# %% [markdown]
# What it said, minus what was right. Each wrong class is pushed down by the share that it took, and the right one is pushed
# up by all of that together. Here it is for three new digits and a network that has been trained briefly. (A bar below 0:
# the loss falls when this score rises.)

# %% tags=["nbval-ignore-output"]
share = softmax(learn(F.cross_entropy, labels, 10, seed=0, epochs=20))
cost = -np.log(share[np.arange(510), labels_new])
chosen = [cost.argmax(), np.abs(cost - np.log(2)).argmin(), cost.argmin()]
figure, panels = new_axes(3, width=3.4, height=3)
for axes, n in zip(panels, chosen, strict=True):
    pull = share[n] - one_hot[labels_new[n]]
    axes.bar(range(10), pull, color=[CLASS_COLOURS[int(down)] for down in pull > 0])
    axes.set(ylim=(-1.1, 1.1), xticks=range(10), xlabel="score of the digit")
    axes.set_title(f"a {labels_new[n]}, said {share[n].argmax()}: pays {cost[n]:.1f}")
    small = axes.inset_axes((0.0 if labels_new[n] > 3 else 0.72, 0.0, 0.28, 0.28))  # a free corner
    small.imshow(np.reshape(X_new[n] + middle, (8, 8)), cmap="gray_r")
    small.set(xticks=[], yticks=[])
panels[0].set_ylabel("pull")
Picture(
    figure,
    "The pull on ten scores. Far wrong: the right score is lifted with nearly 1, the wrong one "
    "pushed down almost as hard. Unsure: half of that. Sure and right: nothing.",
)

# %% [markdown]
# ## Which loss, then?
#
# Ask the data. First the weather: four readings of 2012 lose their decimal point, which ones is chance. Judge each line by the
# honest days of 2013: by how many degrees is it off, on average? Mean and spread over 20 draws.

# %%
x_next, y_next = lows[366:731], highs[366:731]
rng = np.random.default_rng(0)
off = {}
for name, (each, _) in pulls.items():
    off[name] = []
    for _draw in range(20):
        damaged = y.copy()
        damaged[rng.choice(366, 4, replace=False)] *= 10
        height, slope = best_line(each, x, damaged)
        off[name].append(np.abs(height + slope * x_next - y_next).mean())
    height, slope = best_line(each, x, y)
    honest = np.abs(height + slope * x_next - y_next).mean()
    print(f"{name:5} honest data {honest:.2f}, damaged ", end="")
    print(f"{np.mean(off[name]):.2f} ± {np.std(off[name]):.2f} °C")
assert np.mean(off["MSE"]) - np.mean(off["MAE"]) > 0.15

# %% [markdown]
# On honest data the three agree to a few hundredths of a degree: there the choice does not matter. With four bad readings in
# 366 it does.
#
# Now ten digits, and a heresy: squared error for classes, between the ten *scores* and one-hot, without any softmax. And
# the MAE of the shares. Each once with the true labels, once with 40 per cent of them drawn by lot. One split may be luck, so
# each of five parts of the file has its turn as the new digits, twice. The parts differ more than the losses do, so the
# gap to cross-entropy is taken part by part. (A mean of ten wobbles less than one run: by the spread divided by √10.) **Predict:** which loss is best?


# %%
def squared_scores(scores, y):
    return F.mse_loss(scores, y)


def absolute_shares(scores, y):
    return F.l1_loss(F.softmax(scores, -1), y)


every, named = np.concatenate([X, X_new]), np.concatenate([labels, labels_new])
parts = np.split(np.arange(1797), [386, 776, 1157, 1415])  # a new form begins at each


def right_on(new, loss, lots, seed):
    """Share of right answers for the rows `new`, learnt from all others."""
    rng = np.random.default_rng(seed)
    answers = np.where(rng.random(1797) < lots, rng.integers(0, 10, 1797), named)
    answers = answers if loss is F.cross_entropy else one_hot[answers]
    old = np.delete(np.arange(1797), new)
    scores = learn(loss, answers[old], 10, seed, 40, known=every[old], new=every[new])
    return (scores.argmax(axis=1) == named[new]).mean()


# %% tags=["nbval-ignore-output"]
table = {}
for lots in (0.0, 0.4):
    for loss in (F.cross_entropy, squared_scores, absolute_shares):
        runs = np.array([right_on(new, loss, lots, seed) for seed, new in enumerate(parts * 2)])
        table[lots, loss.__name__] = runs
        print(f"{lots:.0%} by lot, {loss.__name__:15} {runs.mean():.1%}", end="")
        gap = 100 * (runs - table[lots, "cross_entropy"])  # part by part
        wobble = gap.std() / np.sqrt(10)  # of a mean of ten
        told_gap = f", gap {gap.mean():+.1f} ± {wobble:.1f}, ahead in {(gap > 0).sum()} of 10"
        print("" if loss is F.cross_entropy else told_gap)

# %%
means = {key: runs.mean() for key, runs in table.items()}
lost = {name: means[0.0, name] - means[0.4, name] for _, name in table}
assert means[0.0, "squared_scores"] > means[0.0, "cross_entropy"] + 0.003
assert all(abs(means[0.4, name] - means[0.4, "cross_entropy"]) < 0.03 for name in lost)
assert lost["squared_scores"] > lost["absolute_shares"] + 0.003 and max(lost.values()) < 0.06

# %% [markdown]
# With true labels the heresy wins, by about a digit in a hundred. Nor is it only our data: Hui and Belkin (2020) found squared
# error as good or better on most of the tasks that they tried. Cross-entropy is not the usual choice because it always reads best. It is usual
# because its scores turn into shares, and because its pull does not fade.
#
# With labels by lot the gaps are no larger than their wobble: nobody wins. But compare each loss with itself. Squared
# error loses most, about three digits in a hundred, and the MAE of the shares least. It is our thermometer again: a label that
# nobody can explain may not shout there. And that four labels in ten by lot cost so little is no mystery: they pull in
# all directions, and nearly cancel. As long as nobody trains until they are learnt by heart, that is: lesson 09.
#
# ## Play: the loss sculptor
#
# Drag points and watch who pulls. Let two losses fit the same points side by side; spoil one reading; then switch to yes or
# no and make a score wrong with confidence. The demo asks for a guess first. It runs on your own Huber loss, once exercise
# 04.3 has passed, or on any loss that you invent: a function that returns the loss and its gradient.

# %% tags=["nbval-ignore-output"]
from nnlearn.course import mine
from nnlearn.demos import LossSculptor

LossSculptor(loss=mine("04.3"))

# %% [markdown]
# ## In the library
#
# `F.mse_loss`, `F.l1_loss`, `F.huber_loss`, `F.cross_entropy`, `F.binary_cross_entropy_with_logits`, as in PyTorch. Here is
# the loss for yes or no. `miss` is −log of the sigmoid, and `exp` never sees a number above 0; `yes` is where `pos_weight`
# comes in. Its last lines, `d_input`, are p − y in another order.

# %%
import inspect

from nnlearn.ops import losses

print(inspect.getsource(losses.binary_cross_entropy_with_logits).split('"""')[2])

# %%
few = labels[:6]
assert np.isclose(F.cross_entropy(z, few), cross_entropy(z, few))
assert np.isclose(F.huber_loss(errors, np.zeros(366), delta=delta), huber(errors).mean())
column, answers = z[:, 0], (few == 8).astype(float)
by_hand = -np.where(answers == 1, np.log(sigmoid(column)), np.log(1 - sigmoid(column))).mean()
assert np.isclose(F.binary_cross_entropy_with_logits(column, answers), by_hand)

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.

# %% [markdown]
# **1.** Delivery times: mostly 20 minutes, now and then three hours. You promise the number that minimizes MAE. It is…
#
# <details><summary>about 20 minutes</summary>Right, the median. The late ones hardly touch it. Whether that is an honest promise is another question.</details>
# <details><summary>clearly more</summary>That would be the mean, MSE's choice.</details>
# <details><summary>three hours</summary>No loss of this lesson looks at the worst case alone.</details>

# %% [markdown]
# **2.** With MSE, one point has error 1, another error 100. How much harder does the second pull?
#
# <details><summary>100 times</summary>Right: the pull is 2e.</details>
# <details><summary>10,000 times</summary>That is how much more it pays. The pull is the slope.</details>
# <details><summary>equally hard</summary>That would be MAE.</details>

# %% [markdown]
# **3.** A training on 1,000 classes begins with a cross-entropy of 25. What do you think?
#
# <details><summary>normal for so many classes</summary>A guesser pays log 1000 = 6.9.</details>
# <details><summary>it starts far too sure of itself</summary>Right. Look at the size of its first scores.</details>
# <details><summary>the labels must be wrong</summary>At the start nothing has been learnt, so wrong labels would not show.</details>

# %% [markdown]
# **4.** A test for a rare disease is right for 99 per cent of all people. Is it good?
#
# <details><summary>yes</summary>If one in a hundred is ill, "healthy" for everybody is right as often.</details>
# <details><summary>no</summary>It may be excellent. The number alone does not say.</details>
# <details><summary>I need its hits and false alarms</summary>Right.</details>

# %% [markdown]
# **5.** *From lesson 03.* Behind a sigmoid, why does squared error hardly pull when the score is −10 and the answer yes?
#
# <details><summary>the error is small</summary>It is nearly 1, the largest there is.</details>
# <details><summary>the sigmoid is saturated</summary>Right: its slope there is nearly 0, and multiplies the pull.</details>
# <details><summary>the neuron is dead</summary>That is ReLU's illness, with slope exactly 0.</details>

# %% [markdown]
# ## What you take along
#
# * A loss is one number for how wrong a model is, and its gradient says who pulls how hard. MSE listens to the loudest, MAE
#   to everybody alike, Huber up to a limit.
# * Counting mistakes is flat. Cross-entropy pulls with p − y, hardest where the model is most wrong.
# * A guesser among K classes pays log K. Feed scores, not shares: log-sum-exp does not break.
# * Regression asks how much, classification which one. The words name the question; which loss answers it best is measured.
# * With rare classes look at hits and false alarms. A weight trades one for the other.
#
# **Now you:** [exercises/04_losses](../exercises/04_losses.ipynb), seven functions, about an hour and a quarter. Terms are
# explained in the [glossary](glossary.ipynb).
#
# **Before:** [03 · Activations](03_activations.ipynb). **Next:** [05 · Gradient descent](05_gradient_descent.ipynb): we know who pulls; now let us move.
