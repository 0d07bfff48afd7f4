# %% [markdown]
# # Exercises 06 · Batches and optimizers
#
# Seven functions, about an hour. At the end they are a training loop: your batches, your split, your optimizers
# and your schedule teach ten neurons to read. The lesson is [06_batches_and_optimizers](../lessons/06_batches_and_optimizers.ipynb).
#
# As always: write, run the cell, run the check. `hint("06.1")` helps when you are stuck. An optimizer's step is a function
# that returns new arrays: it never writes into those that it was given.

# %%
import numpy as np

from nnlearn.course import check, hint, mine, progress
from nnlearn.data import load_digits, standardize

# %% [markdown]
# ## 06.1 · Steps in an epoch
#
# ★ · 5 minutes
#
# `steps_per_epoch(n, batch_size, drop_last)`: into how many batches do n rows fall? Rows that are left over make a smaller
# batch, unless `drop_last` is true: then they are left out. Return an int, so that `range` takes it.
#
# By hand: 10 rows in batches of 4 are 4 + 4 + 2, so **3**; with drop_last **2**.


# %% answer="06.1"
def steps_per_epoch(n, batch_size, drop_last=False):
    """How many batches n rows make. Whole numbers -> whole number"""
    ### BEGIN SOLUTION
    full, rest = divmod(n, batch_size)
    return full if drop_last or rest == 0 else full + 1
    ### END SOLUTION


# %% check="06.1"
check("06.1", steps_per_epoch)

# %% [markdown]
# ## 06.2 · Mini-batches
#
# ★★★ · 15 minutes
#
# `minibatches(X, y, batch_size, rng)`: X (N, ...) holds rows, y (N, ...) their answers. Give back one epoch as pairs
# `(Xb, yb)` of arrays, as a list or one after the other with `yield`:
#
# * the rows in a new order, drawn from `rng`, and each row with its own answer;
# * each row exactly once;
# * batch_size rows in a batch; the last one may be smaller.
#
# By hand: 5 rows, batches of 2, and the order drawn is 3, 0, 4, 1, 2. The batches hold rows **(3, 0)**, **(4, 1)** and **(2)**.
#
# `rng.permutation(5)` draws such an order. The check does not ask for a certain one. It looks where each row went.


# %% answer="06.2"
def minibatches(X, y, batch_size, rng):
    """One shuffled epoch. X (N, ...), y (N, ...) -> pairs (Xb, yb)"""
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    batches = []
    for i in range(0, len(X), batch_size):
        rows = order[i : i + batch_size]
        batches.append((X[rows], y[rows]))
    return batches
    ### END SOLUTION


# %% check="06.2"
check("06.2", minibatches)

# %% [markdown]
# ## 06.3 · Hold some back
#
# ★★ · 10 minutes
#
# `train_val_split(X, y, fraction, rng)`: chance chooses the share `fraction` of all rows, and they are held back. Return two pairs,
# `(X_train, y_train), (X_val, y_val)`. Every row is in exactly one of the two. If the share is no whole number of rows,
# round as you like.
#
# By hand: 10 rows and 0.2. Two rows are held back, say 7 and 1. The first pair has the other **8** rows, the second these **2**.


# %% answer="06.3"
def train_val_split(X, y, fraction, rng):
    """Hold back a share of the rows. X (N, ...), y (N,) -> (X_train, y_train), (X_val, y_val)"""
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    k = round(fraction * len(X))
    held, rest = order[:k], order[k:]
    return (X[rest], y[rest]), (X[held], y[held])
    ### END SOLUTION


# %% check="06.3"
check("06.3", train_val_split)

# %% [markdown]
# ## 06.4 · Momentum
#
# ★ · 5 minutes
#
# `momentum_step(p, g, v, lr, momentum)`: parameters p, their gradient g and the velocity v, all of one shape. First
# $v \leftarrow \text{momentum} \cdot v + g$, then $p \leftarrow p - \text{lr} \cdot v$ with the new v. Return both, p first.
#
# By hand: p = (1, 2), g = (0.5, −1), v = (1, 0), lr = 0.1, momentum = 0.9. The new v is (0.9 + 0.5, 0 − 1) = **(1.4, −1)**, the new p
# is (1 − 0.14, 2 + 0.1) = **(0.86, 2.1)**.


# %% answer="06.4"
def momentum_step(p, g, v, lr, momentum=0.9):
    """One step with momentum. Arrays p, g, v of one shape -> new p, new v"""
    ### BEGIN SOLUTION
    v = momentum * v + g
    return p - lr * v, v
    ### END SOLUTION


# %% check="06.4"
check("06.4", momentum_step)

# %% [markdown]
# ## 06.5 · RMSProp
#
# ★★ · 10 minutes
#
# `rmsprop_step(p, g, s, lr, alpha, eps)`: s is the fading mean of the squared gradients. First
# $s \leftarrow \alpha s + (1 - \alpha) \, g^2$, then $p \leftarrow p - \text{lr} \cdot g / (\sqrt{s} + \text{eps})$ with the new s. Return p and s.
#
# By hand: p = (1, 1), g = (2, −6), s = (0, 12), lr = 0.1, alpha = 0.75, eps = 0. The new s is (0 + 1, 9 + 9) = **(1, 18)**. Its
# root is (1, 4.243), so p becomes (1 − 0.1 · 2 / 1, 1 + 0.1 · 6 / 4.243) = **(0.8, 1.141)**.


# %% answer="06.5"
def rmsprop_step(p, g, s, lr, alpha=0.99, eps=1e-8):
    """One step of RMSProp. Arrays p, g, s of one shape -> new p, new s"""
    ### BEGIN SOLUTION
    s = alpha * s + (1 - alpha) * g * g
    return p - lr * g / (np.sqrt(s) + eps), s
    ### END SOLUTION


# %% check="06.5"
check("06.5", rmsprop_step)

# %% [markdown]
# ## 06.6 · Adam
#
# ★★★ · 15 minutes
#
# `adam_step(p, g, m, v, t, lr, betas, eps)`: this is step number t, counted from 1; betas is a pair (β₁, β₂).
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1) \, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2) \, g^2$$
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
# p \leftarrow p - \text{lr} \cdot \frac{\hat m}{\sqrt{\hat v} + \text{eps}}$$
#
# Return p, m and v. The two with a hat are for this step only.
#
# By hand: p = (1, 1), g = (4, −0.001), m = v = (0, 0), t = 1, lr = 0.1, betas = (0.5, 0.75), eps = 0. m becomes **(2, −0.0005)** and v
# **(4, 0.00000025)**. Corrected they are (4, −0.001) and (16, 0.000001). So p moves by 0.1 · 4 / 4 and 0.1 · 0.001 / 0.001, to
# **(0.9, 1.1)**.


# %% answer="06.6"
def adam_step(p, g, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    """Step t of Adam, t from 1. Arrays p, g, m, v of one shape -> new p, new m, new v"""
    ### BEGIN SOLUTION
    m = betas[0] * m + (1 - betas[0]) * g
    v = betas[1] * v + (1 - betas[1]) * g * g
    m_fair = m / (1 - betas[0] ** t)
    v_fair = v / (1 - betas[1] ** t)
    return p - lr * m_fair / (np.sqrt(v_fair) + eps), m, v
    ### END SOLUTION


# %% check="06.6"
check("06.6", adam_step)

# %% [markdown]
# ## 06.7 · A rate that lands
#
# ★ · 5 minutes
#
# `cosine_rate(step, total, base)`: the learning rate at a step, counted from 0. It is `base` at step 0 and 0 at step `total`, and between them it
# falls along half a cosine wave: base · (1 + cos φ) / 2, where φ goes from 0 to π.
#
# By hand: base = 0.4, step 25 of 100. φ = π/4, its cosine 0.7071, and the rate 0.4 · 1.7071 / 2 = **0.3414**.


# %% answer="06.7"
def cosine_rate(step, total, base):
    """The rate at a step from 0 to total. Three numbers -> one number"""
    ### BEGIN SOLUTION
    return base * (1 + np.cos(np.pi * step / total)) / 2
    ### END SOLUTION


# %% check="06.7"
check("06.7", cosine_rate)

# %% [markdown]
# ## What you have built
#
# All that a training loop needs but the gradient of a deep network, which is lesson 07's. For ten neurons you know it: your 04.6,
# times the inputs. Now your own optimizers race on your own batches, and the digits that you held back judge them. The cells run
# as soon as all seven have passed.

# %% tags=["nbval-ignore-output"]
(X, y), (X_new, y_new) = load_digits()
X1, X1_new = standardize(X.astype(float)), standardize(X_new.astype(float), like=X)
(X_train, y_train), (X_val, y_val) = mine("06.3")(X1, y, 0.2, np.random.default_rng(0))
steps = mine("06.1")(len(X_train), 32)
print(f"{len(X_train)} digits train, {len(X_val)} are held back; {steps} steps an epoch")

# %% tags=["nbval-ignore-output"]
momentum, rmsprop, adam = mine("06.4"), mine("06.5"), mine("06.6")
pull, batches, rate = mine("04.6"), mine("06.2"), mine("06.7")
steppers = {
    "momentum": (lambda p, g, a, b, t, lr: (*momentum(p, g, a, lr), b), 0.1),
    "RMSProp": (lambda p, g, a, b, t, lr: (*rmsprop(p, g, a, lr), b), 0.02),
    "Adam": (adam, 0.03),
}
for name, (step, lr) in steppers.items():
    rng, t, total = np.random.default_rng(0), 0, 10 * steps
    W, a, b = (np.zeros((10, 64)) for _ in range(3))
    for _epoch in range(10):
        for Xb, yb in batches(X_train, y_train, 32, rng):
            t += 1
            g = pull(Xb @ W.T, yb).T @ Xb
            W, a, b = step(W, g, a, b, t, rate(t - 1, total, lr))
    held, new = (
        ((rows @ W.T).argmax(axis=1) == n).mean() for rows, n in ((X_val, y_val), (X1_new, y_new))
    )
    print(f"{name:8} {t} steps: held back {held:.1%} right, new digits {new:.1%}")

# %% [markdown]
# Which of the two shares would you put into a report? Change a rate, and see how far it goes wrong before it shows.

# %% tags=["nbval-ignore-output"]
progress("06")
