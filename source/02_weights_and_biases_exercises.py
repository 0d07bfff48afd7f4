# %% [markdown]
# # Exercises 02 · Weights and biases
#
# Six functions, about an hour. At the end your own layers read digits, and your own first weights carry a signal through
# twenty layers. The lesson is [02_weights_and_biases](../lessons/02_weights_and_biases.ipynb).
#
# As always: write, run the cell, run the check. `hint("02.1")` helps when you are stuck.

# %%
import numpy as np

from nnlearn.course import check, hint, mine, progress
from nnlearn.data import load_digits, standardize

rng = np.random.default_rng(0)

# %% [markdown]
# ## 02.1 · From neurons to a layer
#
# ★ · 5 minutes
#
# `stack_neurons(neurons)`: neurons is a list of K pairs (w, b), each w of shape (D,) and each b a number. Return W of shape
# (K, D), one neuron in each row, and b of shape (K,).
#
# By hand: [((1, 2), 0.5), ((3, 4), −1), ((5, 6), 0)] gives W with the rows **(1, 2), (3, 4), (5, 6)** and
# b = **(0.5, −1, 0)**.


# %% answer="02.1"
def stack_neurons(neurons):
    """Neurons side by side. List of K pairs (w (D,), b) -> W (K, D), b (K,)"""
    ### BEGIN SOLUTION
    W = np.stack([w for w, _ in neurons])
    b = np.array([b for _, b in neurons])
    return W, b
    ### END SOLUTION


# %% check="02.1"
check("02.1", stack_neurons)

# %% [markdown]
# ## 02.2 · A whole layer at once
#
# ★ · 5 minutes
#
# `linear(X, W, b)`: X (N, D) has an example in each row, W (K, D) a neuron in each row, b is (K,). Return all weighted sums
# with their biases, shape (N, K): row n, column k is what neuron k says about example n.
#
# By hand: X = [(1, 2)], W = [(1, 0), (0, 1), (1, 1)], b = (0, 10, −1) gives **[(1, 12, 2)]**.


# %% answer="02.2"
def linear(X, W, b):
    """Every neuron's sum for every example. X (N, D), W (K, D), b (K,) -> (N, K)"""
    ### BEGIN SOLUTION
    return X @ W.T + b
    ### END SOLUTION


# %% check="02.2"
check("02.2", linear)

# %% [markdown]
# ## 02.3 · The bias as one more weight
#
# ★★ · 10 minutes
#
# `fold_bias(X, W, b)`: return X1 of shape (N, D + 1), which is X with a **last** column of ones, and W1 of shape
# (K, D + 1), which is W with b as its **last** column. Then `X1 @ W1.T` is the whole layer.
#
# By hand: X = [(5, 7)], W = [(1, 2), (3, 4)], b = (10, 20) gives X1 = **[(5, 7, 1)]** and W1 = **[(1, 2, 10), (3, 4, 20)]**.


# %% answer="02.3"
def fold_bias(X, W, b):
    """Ones beside X, b beside W. X (N, D), W (K, D), b (K,) -> (N, D + 1), (K, D + 1)"""
    ### BEGIN SOLUTION
    X1 = np.concatenate([X, np.ones((len(X), 1))], axis=1)
    W1 = np.concatenate([W, b[:, None]], axis=1)
    return X1, W1
    ### END SOLUTION


# %% check="02.3"
check("02.3", fold_bias)

# %% [markdown]
# ## 02.4 · Where to begin
#
# ★★★ · 15 minutes
#
# `init_weights(fan_in, fan_out, scheme, rng)`: first weights for a layer of fan_out neurons with fan_in inputs each. Return
# W of shape (fan_out, fan_in), drawn around 0 with `rng`, and b of shape (fan_out,), all zeros. The standard deviation of
# the weights is
#
# * $\sqrt{2 / \text{fan-in}}$ if scheme is "kaiming",
# * $\sqrt{2 / (\text{fan-in} + \text{fan-out})}$ if scheme is "xavier".
#
# `rng.normal(0, std, shape)` draws. By hand: fan_in = 50, "kaiming": √(2/50) = √0.04 = **0.2**. And fan_in = 50,
# fan_out = 150, "xavier": √(2/200) = **0.1**.
#
# The check draws many weights and measures them. It is not about single numbers: there, chance is right.


# %% answer="02.4"
def init_weights(fan_in, fan_out, scheme, rng):
    """First weights of a layer. scheme "kaiming" or "xavier" -> W (fan_out, fan_in), b (fan_out,)"""
    ### BEGIN SOLUTION
    fan = fan_in if scheme == "kaiming" else fan_in + fan_out
    W = rng.normal(0, np.sqrt(2 / fan), (fan_out, fan_in))
    return W, np.zeros(fan_out)
    ### END SOLUTION


# %% check="02.4"
check("02.4", init_weights)

# %% [markdown]
# ## 02.5 · How many numbers?
#
# ★ · 5 minutes
#
# `count_parameters(sizes)`: sizes lists how many numbers go in, how many neurons each layer has, and so how many numbers
# come out: [64, 128, 10] has two layers. Return how many weights and biases there are in all.
#
# By hand: [3, 4, 2] has 4 · 3 + 4 and then 2 · 4 + 2, together **26**.


# %% answer="02.5"
def count_parameters(sizes):
    """All weights and biases of layers of these sizes. [D, K1, K2, ...] -> whole number"""
    ### BEGIN SOLUTION
    total = 0
    for i in range(len(sizes) - 1):
        fan_in, fan_out = sizes[i], sizes[i + 1]
        total += fan_out * (fan_in + 1)
    return total
    ### END SOLUTION


# %% check="02.5"
check("02.5", count_parameters)

# %% [markdown]
# ## 02.6 · Follow the signal
#
# ★★ · 15 minutes
#
# `signal_scales(X, layers, activation)`: layers is a list of L pairs (W, b), activation a function on arrays. Send X
# through the first layer (your `linear`), then through the activation; what comes out goes into the next layer; and so
# on. Return an array of shape (L,): the standard deviation, over all numbers, of what comes out of each activation.
#
# By hand: X = [(1), (3)], one layer W = [(2)], b = (−4), no activation: the sums are −2 and 2, their standard deviation is
# **2**.


# %% answer="02.6"
def signal_scales(X, layers, activation):
    """The signal's standard deviation after each layer. X (N, D), L pairs (W, b) -> (L,)"""
    ### BEGIN SOLUTION
    a, scales = X, []
    for W, b in layers:
        a = activation(linear(a, W, b))
        scales.append(a.std())
    return np.array(scales)
    ### END SOLUTION


# %% check="02.6"
check("02.6", signal_scales)

# %% [markdown]
# ## What you have built
#
# A layer, and a good place to begin. First, ten neurons found by least squares become one layer by your functions, and read
# the hands of people whom they have never met. The two cells run as soon as all six have passed.

# %% tags=["nbval-ignore-output"]
(X, y), (X_new, y_new) = load_digits()
wanted = np.where(y[:, None] == np.arange(10), 1.0, -1.0)
one_layer = mine("02.2")
X1, _ = mine("02.3")(X.astype(float), np.zeros((10, 64)), np.zeros(10))
found = np.linalg.lstsq(X1, wanted, rcond=None)[0]
W, b = mine("02.1")([(column[:-1], column[-1]) for column in found.T])
right = (one_layer(X_new, W, b).argmax(axis=1) == y_new).mean()
print(f"{mine('02.5')([64, 10])} numbers read {right:.1%} of the new digits")

# %% [markdown]
# And then the same digits go through twenty layers with ReLU between them, from your first weights. Which scheme keeps the
# signal alive?

# %% tags=["nbval-ignore-output"]
start, follow = mine("02.4"), mine("02.6")
for scheme in ("xavier", "kaiming"):
    layers = [start(64, 64, scheme, rng) for _ in range(20)]
    scales = follow(standardize(X).astype(float), layers, lambda z: np.maximum(z, 0))
    print(f"{scheme:8} layer 1: {scales[0]:.3f}   10: {scales[9]:.3f}   20: {scales[-1]:.4f}")

# %% tags=["nbval-ignore-output"]
progress("02")
