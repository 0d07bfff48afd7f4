# %% [markdown]
# # Exercises 03 · Activations
#
# Seven functions, about an hour. Each works on arrays of any shape, number by number, but for the softmax. At the end a
# network learns with your own activation. The lesson is [03_activations](../lessons/03_activations.ipynb).
#
# As always: write, run the cell, run the check. `hint("03.1")` helps when you are stuck.

# %%
import numpy as np

from nnlearn.course import check, hint, mine, progress
from nnlearn.data import load_digits

# %% [markdown]
# ## 03.1 · ReLU
#
# ★ · 5 minutes
#
# `relu(z)`: z of any shape. Return z where it is positive and 0 elsewhere, in an array of the same shape. Leave z as it is.
#
# By hand: relu([−2, 0, 3]) = **[0, 0, 3]**.


# %% answer="03.1"
def relu(z):
    """max(z, 0), number by number. Any shape -> same shape"""
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


# %% check="03.1"
check("03.1", relu)

# %% [markdown]
# ## 03.2 · A sigmoid that does not break
#
# ★★ · 15 minutes
#
# `sigmoid(z)`: 1 / (1 + e⁻ᶻ), for z of any shape, from −1000 to 1000, without an overflow on the way: `np.exp` must never
# see a large positive number. Left of 0 the same function can be written as eᶻ / (1 + eᶻ).
#
# By hand: sigmoid(0) = 1 / (1 + 1) = **0.5**; sigmoid(1000) = **1**; sigmoid(−1000) = **0**.
#
# Beware of `np.where(z >= 0, this, that)`: it computes both sides for all z, and only then chooses.


# %% answer="03.2"
def sigmoid(z):
    """1 / (1 + exp(-z)), safe for every z. Any shape -> same shape, between 0 and 1"""
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    ### END SOLUTION


# %% check="03.2"
check("03.2", sigmoid)

# %% [markdown]
# ## 03.3 · Its slope
#
# ★ · 5 minutes
#
# `d_sigmoid(z)`: the slope of the sigmoid at each z, σ(z) · (1 − σ(z)). Use your `sigmoid`.
#
# By hand: at 0 it is 0.5 · 0.5 = **0.25**. Where σ(z) = 0.9 it is **0.09**.


# %% answer="03.3"
def d_sigmoid(z):
    """The slope of the sigmoid. Any shape -> same shape"""
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return s * (1 - s)
    ### END SOLUTION


# %% check="03.3"
check("03.3", d_sigmoid)

# %% [markdown]
# ## 03.4 · A ReLU that leaks
#
# ★★ · 10 minutes
#
# `leaky_relu(z, negative_slope)`: return two arrays of the shape of z. The value: z where z is positive, negative_slope · z
# elsewhere. And the slope: 1 where z is positive, negative_slope elsewhere (at 0 too).
#
# By hand: z = [−2, 3] with negative_slope 0.1 gives the values **[−0.2, 3]** and the slopes **[0.1, 1]**.


# %% answer="03.4"
def leaky_relu(z, negative_slope):
    """Value and slope of leaky ReLU. Any shape -> two arrays of the same shape"""
    ### BEGIN SOLUTION
    slope = np.where(z > 0, 1.0, negative_slope)
    return slope * z, slope
    ### END SOLUTION


# %% check="03.4"
check("03.4", leaky_relu)

# %% [markdown]
# ## 03.5 · SiLU
#
# ★★ · 15 minutes
#
# `silu(z)`: return the value y = z · σ(z), and its slope, as two arrays. The slope of a product has two parts: the slope of
# the first factor times the second, plus the first times the slope of the second. The factors are z, with slope 1, and
# σ(z), with the slope of 03.3.
#
# By hand, at 0: the value is 0 · 0.5 = **0**, the slope 1 · 0.5 + 0 · 0.25 = **0.5**.
#
# This one runs in the activation bench.


# %% answer="03.5"
def silu(z):
    """Value and slope of z * sigmoid(z). Any shape -> two arrays of the same shape"""
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return z * s, s + z * d_sigmoid(z)
    ### END SOLUTION


# %% check="03.5"
check("03.5", silu)

# %% [markdown]
# ## 03.6 · A softmax that does not break
#
# ★★ · 15 minutes
#
# `softmax(z)`: z has any number of axes; the scores of one example lie along the **last** one. Return an array of the same
# shape: e to the power of each score, divided by their sum along that axis. First subtract from the scores of each example
# their largest, so that nothing overflows at ±1000.
#
# By hand: the scores (0, 0) give **(0.5, 0.5)**. The scores (1000, 1000 + log 3) give **(0.25, 0.75)**.


# %% answer="03.6"
def softmax(z):
    """Shares along the last axis, safe for large scores. (..., K) -> (..., K)"""
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% check="03.6"
check("03.6", softmax)

# %% [markdown]
# ## 03.7 · How many are saturated?
#
# ★ · 5 minutes
#
# `saturated_fraction(slopes, eps)`: slopes is an array of any shape, with positive and negative slopes. Return the share of
# them, a number from 0 to 1, whose size without the sign is **below** eps.
#
# By hand: slopes (0.25, 0.001, −0.002, −0.1) and eps = 0.01: two of four, **0.5**.


# %% answer="03.7"
def saturated_fraction(slopes, eps):
    """The share of slopes nearer to 0 than eps. Any shape -> one number from 0 to 1"""
    ### BEGIN SOLUTION
    return (np.abs(slopes) < eps).mean()
    ### END SOLUTION


# %% check="03.7"
check("03.7", saturated_fraction)

# %% [markdown]
# ## What you have built
#
# A part of a network. `primitive` makes of a value and a slope something that the library can train with; lesson 07 opens
# it. Below a network tells odd digits from even ones: first with nothing between its layers, then with your `silu` there.
# **Predict:** how many of its mistakes does your function take away?

# %% tags=["nbval-ignore-output"]
from nnlearn import nn, optim
from nnlearn.data import DataLoader, TensorDataset
from nnlearn.tensor import primitive
from nnlearn.train import evaluate, train

my_silu = mine("03.5")


@primitive
def bend(z):
    value, slope = my_silu(z)
    return value, (lambda g: g * slope,)


class Bend(nn.Module):
    def forward(self, z):
        return bend(z)


# %% tags=["nbval-ignore-output"]
(X, y), (X_new, y_new) = load_digits()
middle = X.mean(axis=0)
for between in (nn.Identity(), Bend()):
    right = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        model = nn.Sequential(nn.Linear(64, 64, rng=rng), between, nn.Linear(64, 2, rng=rng))
        batches = DataLoader(TensorDataset(X - middle, y % 2), batch_size=64, shuffle=True, rng=rng)
        steps = train(model, batches, optimizer=optim.Adam(model.parameters(), lr=0.01), epochs=20)
        for _step in steps:
            pass
        right.append(evaluate(model, X_new - middle, y_new % 2)["accuracy"])
    print(
        f"{type(between).__name__:8} between the layers: {np.mean(right):.1%} of new digits right "
        f"({min(right):.1%} to {max(right):.1%})"
    )

# %% tags=["nbval-ignore-output"]
progress("03")
