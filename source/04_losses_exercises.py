# %% [markdown]
# # Exercises 04 · Losses
#
# Seven functions, about an hour and a quarter. At the end your own gradients are put to work: they decide which way ten
# neurons move. The lesson is [04_losses](../lessons/04_losses.ipynb).
#
# As always: write, run the cell, run the check. `hint("04.1")` helps when you are stuck. Where a gradient is asked for, a
# report also shows a place where yours and a nudge part.

# %%
import numpy as np

from nnlearn.course import check, hint, mine, progress
from nnlearn.data import load_digits, standardize

# %% [markdown]
# ## 04.1 · Mean squared error
#
# ★ · 5 minutes
#
# `mse_loss(y_hat, y)`: two arrays of the same shape, whatever it is. Return one number, the mean of the squared errors.
#
# By hand: y_hat = (3, 5, 1, 7), y = (1, 5, 2, 4). The errors are 2, 0, −1, 3, their squares 4, 0, 1, 9, the mean **3.5**.


# %% answer="04.1"
def mse_loss(y_hat, y):
    """Mean squared error. Two arrays of one shape -> one number"""
    ### BEGIN SOLUTION
    return np.mean((y_hat - y) ** 2)
    ### END SOLUTION


# %% check="04.1"
check("04.1", mse_loss)

# %% [markdown]
# ## 04.2 · Its gradient
#
# ★★ · 10 minutes
#
# `d_mse_loss(y_hat, y)`: return, in the shape of y_hat, how fast the loss of 04.1 grows when each y_hat alone is nudged.
#
# By hand: the same four answers. Error 2 gives 2 · 2 / 4 = 1, and in all **(1, 0, −0.5, 1.5)**.


# %% answer="04.2"
def d_mse_loss(y_hat, y):
    """The gradient of mse_loss by y_hat. Two arrays of one shape -> the same shape"""
    ### BEGIN SOLUTION
    return 2 * (y_hat - y) / y.size
    ### END SOLUTION


# %% check="04.2"
check("04.2", d_mse_loss)

# %% [markdown]
# ## 04.3 · Huber's compromise
#
# ★★ · 15 minutes
#
# `huber_loss(y_hat, y, delta)`: with e = ŷ − y, each answer costs
#
# * $e^2 / 2$ where $|e| \le \delta$,
# * $\delta \, (|e| - \delta / 2)$ beyond.
#
# Return two things: the mean over all answers, and the gradient by y_hat, in its shape.
#
# By hand: y_hat = (1.5, 2), y = (1, 5), delta = 1. The errors are 0.5 and −3. They cost 0.125 and 1 · (3 − 0.5) = 2.5, on
# average **1.3125**. The gradient is **(0.25, −0.5)**: the far point pulls with 1, not with 3, and both are halved by the mean.


# %% answer="04.3"
def huber_loss(y_hat, y, delta):
    """Squared up to delta, straight beyond. Arrays of one shape -> number, gradient of that shape"""
    ### BEGIN SOLUTION
    e = y_hat - y
    size = np.abs(e)
    each = np.where(size <= delta, e**2 / 2, delta * (size - delta / 2))
    return each.mean(), np.clip(e, -delta, delta) / e.size
    ### END SOLUTION


# %% check="04.3"
check("04.3", huber_loss)

# %% [markdown]
# ## 04.4 · Log-sum-exp
#
# ★★ · 10 minutes
#
# `logsumexp(z)`: return $\log(e^{z_1} + \dots + e^{z_K})$ along the **last** axis, which disappears: (N, K) becomes (N,).
# Scores of ±1000 must do no harm. Take each row's largest score out before exp, and put it back after log.
#
# By hand: z = (0, 0) gives log 2 = **0.693**. And (1000, 1000) gives **1000.693**.


# %% answer="04.4"
def logsumexp(z):
    """log of the sum of exp along the last axis, safe. (..., K) -> (...)"""
    ### BEGIN SOLUTION
    top = z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z - top).sum(axis=-1)) + top[..., 0]
    ### END SOLUTION


# %% check="04.4"
check("04.4", logsumexp)

# %% [markdown]
# ## 04.5 · Cross-entropy
#
# ★★ · 10 minutes
#
# `cross_entropy(logits, labels)`: logits (N, K) are scores, labels (N,) the numbers of the right classes. Return the mean
# over the examples of logsumexp(scores) − score of the right class. Scores of ±1000 must do no harm: use your `logsumexp`.
#
# By hand: logits = [(0, 0), (0, log 3)], labels = (0, 1). First row: log 2 − 0 = 0.693. Second: log(1 + 3) − log 3 = 0.288.
# The mean is **0.490**.


# %% answer="04.5"
def cross_entropy(logits, labels):
    """Mean of -log(share of the right class). (N, K), (N,) whole numbers -> one number"""
    ### BEGIN SOLUTION
    right = logits[np.arange(len(labels)), labels]
    return np.mean(logsumexp(logits) - right)
    ### END SOLUTION


# %% check="04.5"
check("04.5", cross_entropy)

# %% [markdown]
# ## 04.6 · Its gradient
#
# ★★ · 10 minutes
#
# `d_cross_entropy(logits, labels)`: return, in the shape (N, K), how fast the loss of 04.5 grows when each score is nudged:
# softmax minus [one-hot](../lessons/glossary.ipynb#one-hot), divided by N.
#
# By hand: the same two rows. Their shares are (0.5, 0.5) and (0.25, 0.75), so the gradient is
# **[(−0.25, 0.25), (0.125, −0.125)]**.


# %% answer="04.6"
def d_cross_entropy(logits, labels):
    """The gradient of cross_entropy by the scores. (N, K), (N,) whole numbers -> (N, K)"""
    ### BEGIN SOLUTION
    p = np.exp(logits - logsumexp(logits)[:, None])
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)
    ### END SOLUTION


# %% check="04.6"
check("04.6", d_cross_entropy)

# %% [markdown]
# ## 04.7 · Yes or no, from scores
#
# ★★★ · 15 minutes
#
# `binary_cross_entropy_with_logits(z, y)`: scores z and answers y, 0 or 1, of one shape. With p = sigmoid(z), each example
# costs −log p if y is 1, and −log(1 − p) if it is 0. Return the mean, and the gradient by z: (p − y) / N. Scores of ±1000 must do
# no harm, and a sure mistake at 1000 costs 1000.
#
# By hand: z = (0, log 3), y = (1, 0). The shares are 0.5 and 0.75: the costs are −log 0.5 = 0.693 and −log 0.25 = 1.386, the
# mean is **1.040**. The gradient is **(−0.25, 0.375)**.


# %% answer="04.7"
def binary_cross_entropy_with_logits(z, y):
    """Yes or no from scores. Two arrays of one shape -> number, gradient of that shape"""
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # never above 1
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    each = np.maximum(z, 0) - z * y + np.log1p(e)
    return each.mean(), (p - y) / y.size
    ### END SOLUTION


# %% check="04.7"
check("04.7", binary_cross_entropy_with_logits)

# %% [markdown]
# ## What you have built
#
# Losses that can be trained with. Ten neurons begin with all scores 0, as a guesser does, and a hundred times go a little
# against your gradient. Which way a change of the scores moves the weights is lesson 07's: take that line on trust. The cells
# run as soon as all seven have passed.

# %% tags=["nbval-ignore-output"]
(X, y), (X_new, y_new) = load_digits()
X1, X1_new = standardize(X.astype(float)), standardize(X_new.astype(float), like=X)
loss, pull = mine("04.5"), mine("04.6")
W = np.zeros((10, 64))
print(f"loss at the start {loss(X1 @ W.T, y):.3f}, that is log 10")
for _ in range(100):
    W -= 0.5 * pull(X1 @ W.T, y).T @ X1  # lesson 07
print(f"loss {loss(X1 @ W.T, y):.3f}, right {((X1_new @ W.T).argmax(axis=1) == y_new).mean():.1%}")

# %% [markdown]
# The same for numbers: eleven honest readings, one broken. Each loss looks for the one answer that it likes best.

# %% tags=["nbval-ignore-output"]
readings = np.array([14.8, 15.1, 15.0, 14.9, 15.2, 15.3, 14.7, 15.0, 14.6, 15.1, 15.2, 151.0])
tries = np.arange(10, 40, 0.1)
mse, huber = mine("04.1"), mine("04.3")
squared = [mse(np.full(12, c), readings) for c in tries]
robust = [huber(np.full(12, c), readings, 1.0)[0] for c in tries]
print(f"MSE {tries[np.argmin(squared)]:.1f}   Huber {tries[np.argmin(robust)]:.1f}")

# %% [markdown]
# At its favourite answer nothing pulls any more. And a score of 1000, wrongly so, costs a thousand, not infinity:

# %% tags=["nbval-ignore-output"]
at_rest = mine("04.2")(np.full(12, readings.mean()), readings)
print(f"pulls of MSE at the mean, in sum: {abs(at_rest.sum()):.6f}")
cost, pull_up = mine("04.7")(np.array([1000.0]), np.array([0.0]))
print(
    f"costs {cost:.0f}, slope {pull_up[0]:.0f}, logsumexp {mine('04.4')(np.array([1000.0, 0.0])):.0f}"
)

# %% tags=["nbval-ignore-output"]
progress("04")
