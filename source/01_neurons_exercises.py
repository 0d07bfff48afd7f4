# %% [markdown]
# # Exercises 01 · Neurons
#
# Six functions, about an hour. At the end you have built Rosenblatt's perceptron, and it tells a handwritten 0
# from a 1. The lesson is [01_neurons](../lessons/01_neurons.ipynb).
#
# As always: write, run the cell, run the check. `hint("01.1")` helps when you are stuck.

# %%
import numpy as np

from nnlearn.course import check, hint, mine, progress
from nnlearn.data import load_digits

rng = np.random.default_rng(0)

# %% [markdown]
# ## 01.1 · One neuron
#
# ★ · 5 minutes
#
# `neuron(x, w, b)`: x and w have shape (D,), b is a number. Return the weighted sum with the bias,
# z = w₁x₁ + w₂x₂ + … + b, one number.
#
# By hand: x = (1, 2), w = (0.5, −1), b = 4 gives 0.5·1 − 1·2 + 4 = **2.5**.


# %% answer="01.1"
def neuron(x, w, b):
    """The weighted sum of the inputs, plus the bias. x (D,), w (D,), b -> one number"""
    ### BEGIN SOLUTION
    return x @ w + b
    ### END SOLUTION


# %% check="01.1"
check("01.1", neuron)

# %% [markdown]
# ## 01.2 · Fire or not
#
# ★ · 5 minutes
#
# `step(z)`: z is an array of any shape. Return an array of the same shape with 1 where z ≥ 0 and 0 elsewhere. Numbers,
# not True and False: soon we subtract them.
#
# By hand: step([−2, 0, 3]) = **[0, 1, 1]**.


# %% answer="01.2"
def step(z):
    """1 where z >= 0, else 0. Any shape -> same shape"""
    ### BEGIN SOLUTION
    return np.where(z >= 0, 1.0, 0.0)
    ### END SOLUTION


# %% check="01.2"
check("01.2", step)

# %% [markdown]
# ## 01.3 · Gates by hand
#
# ★★ · 10 minutes
#
# `gate_weights(gate)`: gate is "AND", "OR", "NAND" or "NOR". Return two weights and a bias, `(w, b)`, so that
# step(w · x + b) is the gate's answer for all four inputs. Many weights are right; find some with pencil and paper.
#
# | x₁ | x₂ | AND | OR | NAND | NOR |
# | --- | --- | --- | --- | --- | --- |
# | 0 | 0 | 0 | 0 | 1 | 1 |
# | 0 | 1 | 0 | 1 | 1 | 0 |
# | 1 | 0 | 0 | 1 | 1 | 0 |
# | 1 | 1 | 1 | 1 | 0 | 0 |


# %% answer="01.3"
def gate_weights(gate):
    """Weights (2,) and a bias whose neuron is this gate. -> (w, b)"""
    ### BEGIN SOLUTION
    w, b = np.array([1.0, 1.0]), -1.5 if gate in ("AND", "NAND") else -0.5
    if gate.startswith("N"):
        w, b = -w, -b
    return w, b
    ### END SOLUTION


# %% check="01.3"
check("01.3", gate_weights)

# %% [markdown]
# ## 01.4 · Many at once
#
# ★ · 5 minutes
#
# `classify(X, w, b)`: X has shape (N, D), an example in each row. Return shape (N,): 1 for the rows with
# w · x + b ≥ 0, and 0 for the others. Use your `step`.
#
# By hand: w = (1, −1), b = −0.25. The rows (1, 0), (0, 1), (2, 2) have the sums 0.75, −1.25 and −0.25: **[1, 0, 0]**.


# %% answer="01.4"
def classify(X, w, b):
    """The neuron's decision for every row. X (N, D), w (D,), b -> (N,)"""
    ### BEGIN SOLUTION
    return step(X @ w + b)
    ### END SOLUTION


# %% check="01.4"
check("01.4", classify)

# %% [markdown]
# ## 01.5 · Learn from one mistake
#
# ★★ · 10 minutes
#
# `perceptron_update(w, b, x, y, lr)`: let the neuron answer, 0 or 1. The error is y minus the answer. Return the new
# weights w + lr · error · x and the new bias b + lr · error, and leave the old ones as they are.
#
# By hand: w = (1, −1), b = −2, x = (2, 1), y = 1, lr = 1. The sum is −1, the answer 0, the error 1. So w becomes
# (3, 0) and b becomes −1. Now the sum is 5, and the answer is right.


# %% answer="01.5"
def perceptron_update(w, b, x, y, lr):
    """One step of Rosenblatt's rule. w (D,), b, x (D,), y 0 or 1, lr -> (w, b)"""
    ### BEGIN SOLUTION
    error = y - step(neuron(x, w, b))
    return w + lr * error * x, b + lr * error
    ### END SOLUTION


# %% check="01.5"
check("01.5", perceptron_update)

# %% [markdown]
# ## 01.6 · Learn from all of them
#
# ★★★ · 20 minutes
#
# `train_perceptron(X, y, lr, epochs)`: X (N, D), y (N,) of 0 and 1. Start with all weights 0 and the bias 0. Go through
# the rows from first to last and call your `perceptron_update` on each; that is one epoch. Count the wrong answers as
# they happen, before each update. Stop after an epoch without a mistake, or after `epochs`. Return `(w, b, errors)`;
# `errors` is an array with the count of each epoch that was run: collect them in a list, and end with `np.array(list)`.
#
# By hand: AND is learnt in six epochs, with [2, 3, 3, 2, 1, 0] mistakes. Follow the first epoch: (0, 0) has the sum 0,
# so the neuron fires, wrongly, and b becomes −1. Which other row is wrong?


# %% answer="01.6"
def train_perceptron(X, y, lr, epochs):
    """Rosenblatt's perceptron. X (N, D), y (N,) -> w (D,), b, errors (epochs run,)"""
    ### BEGIN SOLUTION
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, target in zip(X, y, strict=True):
            wrong += int(step(neuron(x, w, b)) != target)
            w, b = perceptron_update(w, b, x, target, lr)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, b, np.array(errors)
    ### END SOLUTION


# %% check="01.6"
check("01.6", train_perceptron)

# %% [markdown]
# ## What you have built
#
# A machine that learns. Below it learns to tell handwritten 0s from 1s, and is then asked about digits of people that it
# has never met. The cell runs on your code as soon as 01.6 has passed.

# %% tags=["nbval-ignore-output"]
learn = mine("01.6")
(X, y), (X_new, y_new) = load_digits()
known, new = y < 2, y_new < 2
w, b, errors = learn(X[known], y[known], 1.0, 20)
right = ((X_new[new] @ w + b >= 0) == y_new[new]).sum()
print(f"mistakes in each epoch: {errors}")
print(f"new digits read correctly: {right} of {new.sum()}")

# %% tags=["nbval-ignore-output"]
progress("01")
