# %% [markdown]
# # Exercises 05 · Gradient descent
#
# Seven functions, about an hour. At the end your own steps find the weather's line, and teach ten neurons to read digits. The
# lesson is [05_gradient_descent](../lessons/05_gradient_descent.ipynb).
#
# As always: write, run the cell, run the check. `hint("05.1")` helps when you are stuck.

# %%
import numpy as np

from nnlearn.course import check, hint, mine, progress
from nnlearn.data import load_digits, load_weather, standardize

# %% [markdown]
# ## 05.1 · A gradient by nudges
#
# ★★ · 15 minutes
#
# `numerical_gradient(f, x, h=1e-5)`: f takes an array like x and returns one number. x may have any shape, hold whole numbers or
# be float32; nudge a float64 copy. Return, in the shape of x, for each number of x
#
# $$\frac{f(\text{that number} + h) - f(\text{that number} - h)}{2h}$$
#
# By hand: f is v[0]² + 3 · v[1], x = (1, 2), h = 0.1. Nudging the first: (1.1² + 6 − 0.9² − 6) / 0.2 = 2. Nudging the
# second: (1 + 6.3 − 1 − 5.7) / 0.2 = 3. Together **(2, 3)**.


# %% answer="05.1"
def numerical_gradient(f, x, h=1e-5):
    """The gradient of f at x, by nudges. f: array -> number, x any shape -> the same shape"""
    ### BEGIN SOLUTION
    x = x.astype(float)
    gradient = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% check="05.1"
check("05.1", numerical_gradient)

# %% [markdown]
# ## 05.2 · One step
#
# ★ · 5 minutes
#
# `gd_step(p, g, lr)`: numbers p and their gradient g, two arrays of one shape. Return where a step of gradient descent leads. p
# and g themselves stay as they are.
#
# By hand: p = (3, −1), g = (2, −4), lr = 0.1. That leads to **(2.8, −0.6)**.


# %% answer="05.2"
def gd_step(p, g, lr):
    """One step of gradient descent. p, g of one shape -> the new p"""
    ### BEGIN SOLUTION
    return p - lr * g
    ### END SOLUTION


# %% check="05.2"
check("05.2", gd_step)

# %% [markdown]
# ## 05.3 · The whole way
#
# ★★ · 10 minutes
#
# `gradient_descent(grad, x0, lr, steps)`: grad takes a place, shape (D,), and returns the gradient there. Start at x0 and walk.
# Return all places as one array of shape (steps + 1, D), the start first. x0 stays as it is, and may hold whole numbers.
#
# By hand: grad(v) = 2v, x0 = (4), lr = 0.25, 2 steps. From 4 the step is 0.25 · 8 = 2, from 2 it is 1: **[(4), (2), (1)]**.


# %% answer="05.3"
def gradient_descent(grad, x0, lr, steps):
    """All places of a descent. grad: (D,) -> (D,), x0 (D,) -> (steps + 1, D)"""
    ### BEGIN SOLUTION
    path = [x0]
    for _ in range(steps):
        path.append(gd_step(path[-1], grad(path[-1]), lr))
    return np.array(path)
    ### END SOLUTION


# %% check="05.3"
check("05.3", gradient_descent)

# %% [markdown]
# ## 05.4 · The gradient of a line
#
# ★★ · 10 minutes
#
# `d_line(x, y, height, slope)`: x and y have shape (N,), and the line is ŷ = height + slope · x. Return two numbers: how fast
# the mean of (ŷ − y)² grows when the height is nudged, and when the slope is.
#
# By hand: x = (1, 3), y = (2, 2), height 1, slope 2. Then ŷ = (3, 7) and the errors are (1, 5). By the height: 2 · mean(1, 5) = 6. By
# the slope: 2 · mean(1 · 1, 5 · 3) = 16. So **6, 16**.


# %% answer="05.4"
def d_line(x, y, height, slope):
    """The gradient of a line's MSE. x, y (N,), two numbers -> two numbers"""
    ### BEGIN SOLUTION
    e = height + slope * x - y
    return 2 * e.mean(), 2 * (e * x).mean()
    ### END SOLUTION


# %% check="05.4"
check("05.4", d_line)

# %% [markdown]
# ## 05.5 · Fit a line
#
# ★★ · 10 minutes
#
# `fit_line(x, y, lr, steps)`: start at height 0 and slope 0, walk so many steps against the gradient of 05.4, and return the two
# numbers, height first.
#
# By hand: x = (0, 2), y = (1, 5), lr = 0.1, one step. The errors are (−1, −5), the gradient is (−6, −10). So **0.6, 1.0**.


# %% answer="05.5"
def fit_line(x, y, lr, steps):
    """Height and slope after so many steps from (0, 0). x, y (N,) -> two numbers"""
    ### BEGIN SOLUTION
    height = slope = 0.0
    for _ in range(steps):
        d_height, d_slope = d_line(x, y, height, slope)
        height, slope = height - lr * d_height, slope - lr * d_slope
    return height, slope
    ### END SOLUTION


# %% check="05.5"
check("05.5", fit_line)

# %% [markdown]
# ## 05.6 · The largest rate
#
# ★★ · 10 minutes
#
# `largest_rate(X)`: X has shape (N, D), and the loss is the mean of (X p − y)², as in least squares. Its Hessian is
# $\frac{2}{N} X^\top X$, whatever y is. Return the rate from which on a descent diverges: 2/L, with L the largest curvature.
#
# By hand: X = [(1), (3)]. The Hessian is the one number 2/2 · (1 + 9) = 10, so L = 10, and the rate is **0.2**.


# %% answer="05.6"
def largest_rate(X):
    """2/L for least squares. X (N, D) -> one number"""
    ### BEGIN SOLUTION
    return 2 / np.linalg.eigvalsh(2 / len(X) * X.T @ X)[-1]
    ### END SOLUTION


# %% check="05.6"
check("05.6", largest_rate)

# %% [markdown]
# ## 05.7 · Which illness?
#
# ★★ · 10 minutes
#
# `diagnose_rate(losses)`: the losses of one training, an array, in order. Return one of three texts:
#
# * `"diverging"` if any loss is nan or infinite, or the last is above the first;
# * `"too small"` if not, and there was still much to gain: from the middle one, `losses[len(losses) // 2]`, to the last the loss
#   fell by more than a tenth of its whole fall from first to last;
# * `"good"` otherwise.
#
# By hand: (9, 8.5, 8, 7.5, 7, 6.5) fell by 2.5 in all, and by 1 since the middle one, 7.5: **"too small"**. And
# (9, 4, 2, 1.5, 1.4, 1.4) fell by 7.6, and only by 0.1 since the middle: **"good"**.


# %% answer="05.7"
def diagnose_rate(losses):
    """Judge a rate by its losses. (steps,) -> "too small", "good" or "diverging" """
    ### BEGIN SOLUTION
    first, middle, last = losses[0], losses[len(losses) // 2], losses[-1]
    if not np.isfinite(losses).all() or last > first:
        return "diverging"
    return "too small" if middle - last > 0.1 * (first - last) else "good"
    ### END SOLUTION


# %% check="05.7"
check("05.7", diagnose_rate)

# %% [markdown]
# ## What you have built
#
# A walker for any loss. First the weather of Seattle, as it is and standardized, both at half of your largest rate. The cells run
# as soon as all seven have passed.

# %% tags=["nbval-ignore-output"]
weather = load_weather()
lows, highs = (weather.column(name)[:366].astype(float) for name in ("temp_min", "temp_max"))
fit, limit = mine("05.5"), mine("05.6")
for name, x in (("raw", lows), ("standardized", standardize(lows[:, None])[:, 0])):
    lr = limit(np.stack([np.ones(366), x], axis=1)) / 2
    for steps in (1, 10, 1000):
        height, slope = fit(x, highs, lr, steps)
        loss = np.mean((height + slope * x - highs) ** 2)
        print(f"{name:12} rate {lr:.4f}, {steps:5,} steps: loss {loss:6.2f}")

# %% [markdown]
# Is your gradient of the line a gradient? Let your nudges judge it. And the way there, place by place:

# %% tags=["nbval-ignore-output"]
slopes, nudge, walk = mine("05.4"), mine("05.1"), mine("05.3")
x = standardize(lows[:, None])[:, 0]
print("formula", np.array(slopes(x, highs, 5.0, 1.0)))
print("nudges ", nudge(lambda p: np.mean((p[0] + p[1] * x - highs) ** 2), np.array([5.0, 1.0])))
print(walk(lambda p: np.array(slopes(x, highs, *p)), np.zeros(2), 0.25, 4).round(2))

# %% [markdown]
# Now ten neurons and 1,287 digits. Each neuron shall answer 1 for its digit and 0 for the others, with squared error: least
# squares again, so your `largest_rate` knows the limit. Three rates, measured in that limit, and your diagnosis of each:

# %% tags=["nbval-ignore-output"]
(X, y), (X_new, y_new) = load_digits()
even, even_new = standardize(X.astype(float)), standardize(X_new.astype(float), like=X)
X, X_new = np.c_[even, np.ones(len(even))], np.c_[even_new, np.ones(len(even_new))]
wanted = np.eye(10)[y]
step, diagnose = mine("05.2"), mine("05.7")
for share in (0.002, 0.9, 1.1):
    W, losses = np.zeros((65, 10)), []
    for _ in range(100):
        errors = X @ W - wanted
        losses.append(np.mean(errors**2))
        W = step(W, 2 / len(X) * X.T @ errors, share * limit(X))
    right = ((X_new @ W).argmax(axis=1) == y_new).mean()
    print(f"{share:5} of the limit: new digits right {right:.1%}, {diagnose(np.array(losses))}")

# %% tags=["nbval-ignore-output"]
progress("05")
