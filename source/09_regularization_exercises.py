# %% [markdown]
# # Exercises 09 · Regularization
#
# Seven functions, about an hour. At the end they take a network that has learnt its lies by heart, and close as much of its gap as can
# be closed. The lesson is [09_regularization](../lessons/09_regularization.ipynb).
#
# As always: write, run the cell, run the check. `hint("09.1")` helps when you are stuck. Nothing that is given to your
# functions is written into.

# %%
import numpy as np
from tqdm import tqdm

from nnlearn.course import check, hint, mine, progress
from nnlearn.data import load_digits, load_wine

# %% [markdown]
# ## 09.1 · A price on weights
#
# ★★ · 10 minutes
#
# `penalty(weights, lam, kind)`: weights is a list of arrays of any shapes, lam a number, kind `"l1"` or `"l2"`. Return
#
# * the value, one number for all arrays together: $\frac{\lambda}{2} \sum w^2$ for L2, $\lambda \sum |w|$ for L1;
# * a list of gradients of that value, one for each array, of its shape. Where a weight is 0, L1's is 0.
#
# By hand: weights = [[[3, −1]], [[2], [0], [−4]]] and lam = 0.1. The squares add up to 30, so L2 costs 0.05 · 30 = **1.5**, and its
# gradients are **[[0.3, −0.1]]** and **[[0.2], [0], [−0.4]]**. The sizes add up to 10: L1 costs **1**, its gradients are
# **[[0.1, −0.1]]** and **[[0.1], [0], [−0.1]]**.


# %% answer="09.1"
def penalty(weights, lam, kind):
    """L1 or L2. A list of arrays -> one number, a list of gradients"""
    ### BEGIN SOLUTION
    if kind == "l1":
        return lam * sum(np.abs(w).sum() for w in weights), [lam * np.sign(w) for w in weights]
    return lam / 2 * sum((w * w).sum() for w in weights), [lam * w for w in weights]
    ### END SOLUTION


# %% check="09.1"
check("09.1", penalty)

# %% [markdown]
# ## 09.2 · Decay beside the step
#
# ★ · 5 minutes
#
# `decayed_step(p, g, lr, weight_decay)`: parameters p and their gradient g, of one shape. First p shrinks by the factor
# $1 - \text{lr} \cdot \text{weight\_decay}$, then it takes the step $-\text{lr} \cdot g$, which does not shrink. Return the new p.
#
# By hand: p = (2, −1), g = (0.5, 0), lr = 0.1, weight_decay = 0.2. The factor is 0.98, so p becomes (1.96 − 0.05, −0.98) =
# **(1.91, −0.98)**.


# %% answer="09.2"
def decayed_step(p, g, lr, weight_decay):
    """One step with decoupled weight decay. Arrays p, g of one shape -> new p"""
    ### BEGIN SOLUTION
    return p * (1 - lr * weight_decay) - lr * g
    ### END SOLUTION


# %% check="09.2"
check("09.2", decayed_step)

# %% [markdown]
# ## 09.3 · Dropout
#
# ★★ · 10 minutes
#
# `dropout(x, p, rng, training)`: x has shape (N, D). In training each single number of x is left out with probability p, drawn from `rng`, and what
# stays is divided by 1 − p. In test mode nothing happens to x. Return two arrays of x's shape:
#
# * out, which is x times the mask;
# * the mask: a factor for each number, 0 or 1 / (1 − p). In test mode it is all ones.
#
# By hand: x = [[1, 2, 3], [4, 5, 6]], p = 0.5. Chance leaves out 2, 4 and 5, say. Then the mask is **[[2, 0, 2], [0, 0, 2]]** and out
# **[[2, 0, 6], [0, 0, 12]]**.


# %% answer="09.3"
def dropout(x, p, rng, training=True):
    """Inverted dropout. x (N, D), p a probability below 1 -> out, mask, both (N, D)"""
    ### BEGIN SOLUTION
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask
    ### END SOLUTION


# %% check="09.3"
check("09.3", dropout)

# %% [markdown]
# ## 09.4 · Stop in time
#
# ★★ · 10 minutes
#
# `early_stop(val_losses, patience)`: val_losses (E,) are the validation losses of epochs 0, 1, 2, … as they came in. Training stops after the
# first epoch that makes it `patience` epochs in a row without a new lowest loss (the same again is not lower). Return
#
# * the best epoch up to then, whose weights are kept;
# * the last epoch that is run. If it never stops, that is the last one there is.
#
# By hand: 5, 3, 4, 2, 2.5, 2.1, 1 and patience 2. Epoch 3 has the lowest, 2. Epochs 4 and 5 bring nothing better. So it stops with
# **(3, 5)**, and never sees the 1.


# %% answer="09.4"
def early_stop(val_losses, patience):
    """Losses (E,), a whole number from 1 -> best epoch, stop epoch"""
    ### BEGIN SOLUTION
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best, epoch
    ### END SOLUTION


# %% check="09.4"
check("09.4", early_stop)

# %% [markdown]
# ## 09.5 · Batch norm
#
# ★★★ · 15 minutes
#
# `batch_norm(x, gamma, beta, running, training, momentum, eps)`: x (N, D); gamma and beta (D,); running a tuple (mean, var), each (D,).
#
# * In training mean and variance are those of each column of x, the variance divided by N. And running moves: each of the two becomes
#   (1 − momentum) · old + momentum · new. The *new* variance for this is divided by N − 1.
# * In test mode mean and variance are those in running, which stays as it is.
# * $\text{out} = \gamma \cdot (x - \text{mean}) / \sqrt{\text{var} + \text{eps}} + \beta$
#
# Return out and running, the tuple (mean, var). If they moved, they are new arrays: write into none that you were given.
#
# By hand: the column 0, 8 of a batch of two; gamma = 1, beta = 0, eps = 0, running = (0, 1), momentum = 0.5. Mean 4, variance 16: out is
# **−1, 1**. For running the variance is 32: it becomes (0.5 · 0 + 0.5 · 4, 0.5 · 1 + 0.5 · 32) = **(2, 16.5)**.


# %% answer="09.5"
def batch_norm(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """x (N, D), gamma and beta (D,), running a pair of (D,) -> out (N, D), running"""
    ### BEGIN SOLUTION
    mean, var = running
    if training:
        here, spread = x.mean(axis=0), x.var(axis=0)
        kept = x.var(axis=0, ddof=1)
        running = (
            (1 - momentum) * mean + momentum * here,
            (1 - momentum) * var + momentum * kept,
        )
        mean, var = here, spread
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, running
    ### END SOLUTION


# %% check="09.5"
check("09.5", batch_norm)

# %% [markdown]
# ## 09.6 · Layer norm
#
# ★ · 5 minutes
#
# `layer_norm(x, gamma, beta, eps)`: x (..., D) has any number of axes, one too; gamma and beta (D,). The same formula, with the mean and the variance
# (divided by D) of each row, that is along the last axis. Return out, of x's shape.
#
# By hand: the row 1, 3, 5, gamma = (1, 1, 2), beta = 0, eps = 0. Mean 3, variance 8/3, its root 1.633. Out is
# **−1.225, 0, 2.449**.


# %% answer="09.6"
def layer_norm(x, gamma, beta, eps=1e-5):
    """x (..., D), gamma and beta (D,) -> out (..., D)"""
    ### BEGIN SOLUTION
    mean, var = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta
    ### END SOLUTION


# %% check="09.6"
check("09.6", layer_norm)

# %% [markdown]
# ## 09.7 · A picture, moved
#
# ★★ · 10 minutes
#
# `shift_image(image, dx, dy)`: image (H, W). Return it moved by dx pixels to the right and dy down; negative numbers move it left and up. Its shape stays,
# zeros come in, and what leaves is gone, also if that is everything.
#
# By hand: [[1, 2, 3], [4, 5, 6]] with dx = 1, dy = 0 becomes **[[0, 1, 2], [0, 4, 5]]**, and with dx = −1, dy = 1 **[[0, 0, 0], [2, 3, 0]]**.


# %% answer="09.7"
def shift_image(image, dx, dy):
    """image (H, W), two whole numbers -> image (H, W)"""
    ### BEGIN SOLUTION
    h, w = image.shape
    room = np.pad(image, ((abs(dy), abs(dy)), (abs(dx), abs(dx))))
    top, left = abs(dy) - dy, abs(dx) - dx
    return room[top : top + h, left : left + w]
    ### END SOLUTION


# %% check="09.7"
check("09.7", shift_image)

# %% [markdown]
# ## What you have built
#
# **Milestone: the gap, closed as far as it closes.** Two hundred digits, a fifth of the labels false, and a network of which every part can be yours:
# layers, gradients, batches, Adam, and now five remedies.

# %% tags=["nbval-ignore-output"]
(X, y), (X_new, y_new) = load_digits()
X, X_new = X.astype(float), X_new.astype(float)
loss_back, dense_back, relu_back = mine("07.6"), mine("07.5"), mine("07.4")
batches, adam = mine("06.2"), mine("06.6")
price, decay, drop, stop = mine("09.1"), mine("09.2"), mine("09.3"), mine("09.4")
move = mine("09.7")


def spoil(y, rng):
    """A fifth of the labels names another digit."""
    y, rows = y.copy(), rng.permutation(len(y))[: len(y) // 5]
    y[rows] = (y[rows] + rng.integers(1, 10, len(rows))) % 10
    return y


def scores(params, X):
    (W1, b1), (W2, b2) = params
    return np.maximum(X @ W1.T + b1, 0) @ W2.T + b2


# %% tags=["nbval-ignore-output"]
def gradients(params, X, y, remedy, rng):
    (W1, b1), (W2, b2) = params
    if remedy == "moved digits":
        pictures = zip(X.reshape(-1, 8, 8), rng.integers(-1, 2, (len(X), 2)), strict=True)
        X = np.array([move(picture, *by).ravel() for picture, by in pictures])
    Z = X @ W1.T + b1
    a, mask = drop(np.maximum(Z, 0), 0.5, rng, remedy == "dropout")
    g = loss_back(np.full(len(y), 1 / len(y)), a @ W2.T + b2, y)
    g, dW2, db2 = dense_back(g, a, W2)
    _, dW1, db1 = dense_back(relu_back(g * mask, Z), X, W1)
    if remedy == "L2":
        _, (pull1, pull2) = price([W1, W2], 0.02, "l2")
        dW1, dW2 = dW1 + pull1, dW2 + pull2
    return [(dW1, db1), (dW2, db2)]


def learn(X, y, seed, remedy, lr=0.03, epochs=60):
    """The network after each epoch."""
    rng, t = np.random.default_rng(seed), 0
    params = [(rng.normal(0, np.sqrt(2 / d), (k, d)), np.zeros(k)) for d, k in ((64, 40), (40, 10))]
    memory = [[(np.zeros_like(p), np.zeros_like(p)) for p in pair] for pair in params]
    for _epoch in range(epochs):
        for Xb, yb in batches(X, y, 100, rng):
            t += 1
            for i, pair in enumerate(gradients(params, Xb, yb, remedy, rng)):
                new = []
                for j, g in enumerate(pair):
                    strength = 2.0 if remedy == "decay" and g.ndim == 2 else 0.0  # biases go free
                    shrunk = decay(params[i][j], 0 * g, lr, strength)
                    p, *memory[i][j] = adam(shrunk, g, *memory[i][j], t, lr)
                    new.append(p)
                params[i] = tuple(new)
        yield list(params)


# %% tags=["nbval-ignore-output"]
X_val, y_val = X[:386], spoil(y[:386], np.random.default_rng(0))


def val_loss(params):
    z = scores(params, X_val)
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(386), y_val])


def share(params, X, y):
    return (scores(params, X).argmax(axis=1) == y).mean()


for remedy in tqdm(
    ["plain", "early stopping", "L2", "decay", "dropout", "moved digits"], leave=False
):
    results = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        rows = 386 + rng.permutation(901)[:200]
        X_own, y_own = X[rows], spoil(y[rows], rng)
        nets = list(learn(X_own, y_own, seed, remedy))
        kept = stop([val_loss(net) for net in nets], 5)[0] if remedy == "early stopping" else -1
        results.append((share(nets[kept], X_own, y_own), share(nets[kept], X_new, y_new)))
    own, new = np.transpose(results)
    print(f"{remedy:14} own {own.mean():4.0%}, new {new.mean():.1%} ± {new.std():.1%}")

# %% [markdown]
# Which of the two columns would you have been proud of, before this lesson?
#
# And your batch norm: lesson 06's wines in raw units, one layer, plain gradient descent. In front of it first nothing, then your layer norm, then
# your batch norm; at the end its running statistics judge the wines one by one.

# %% tags=["nbval-ignore-output"]
wine = load_wine()
V, kinds = wine.X.astype(float), wine.y
pull, ones, zeros = mine("04.6"), np.ones(13), np.zeros(13)
batch, layer = mine("09.5"), mine("09.6")
for name, lr in (("nothing", 1e-3), ("layer norm", 0.1), ("batch norm", 0.1)):
    rng, W, running = np.random.default_rng(0), np.zeros((3, 13)), (zeros, ones)
    for _epoch in range(30):
        for Vb, kb in batches(V, kinds, 32, rng):
            if name == "batch norm":
                Vb, running = batch(Vb, ones, zeros, running, True)
            elif name == "layer norm":
                Vb = layer(Vb, ones, zeros)
            W = W - lr * pull(Vb @ W.T, kb).T @ Vb
    seen = {"nothing": V, "layer norm": layer(V, ones, zeros)}
    if name == "batch norm":
        seen[name] = np.concatenate([batch(v[None], ones, zeros, running, False)[0] for v in V])
    print(f"{name:10}: {((seen[name] @ W.T).argmax(axis=1) == kinds).mean():.0%} of the wines")

# %% tags=["nbval-ignore-output"]
progress("09")
