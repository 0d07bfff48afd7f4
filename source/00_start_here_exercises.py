# %% [markdown]
# # Exercises 00 · Start here
#
# Four functions, about 40 minutes. They are short, and you will use all four again: by the last one you have a program
# that reads handwriting.
#
# How it goes: write your code where it says `raise NotImplementedError`, run that cell, run the check below it.
# A check tries your function on many inputs, some of them drawn afresh each time. If something is off it says what it tried and what
# came out. Stuck? `hint("00.1")` gives the first of three hints. The lesson is
# [00_start_here](../lessons/00_start_here.ipynb).

# %%
import numpy as np

from nnlearn.course import check, hint, mine, progress
from nnlearn.data import load_digits

rng = np.random.default_rng(0)

# %% [markdown]
# ## 00.1 · The mean of every row
#
# ★ · 5 minutes
#
# `row_means(X)`: X has shape (N, D); the answer has shape (N,) and holds the mean of each row.
#
# By hand: the rows [1, 2, 6] and [4, 4, 10] have the means (1 + 2 + 6) / 3 = **3** and (4 + 4 + 10) / 3 = **6**.


# %% answer="00.1"
def row_means(X):
    """The mean of each row. X (N, D) -> (N,)"""
    ### BEGIN SOLUTION
    return X.mean(axis=1)
    ### END SOLUTION


# %% check="00.1"
check("00.1", row_means)

# %% [markdown]
# ## 00.2 · Standardize
#
# ★★ · 10 minutes
#
# `standardize(X)`: X has shape (N, D), a column for each thing that was measured. Give every column the mean 0 and the
# spread 1: subtract the column's mean, divide by its standard deviation (`X.std`, NumPy's default). A column that never
# changes has a spread of 0. It becomes all zeros, without dividing 0 by 0 on the way.
#
# By hand: the column [1, 3, 5] has the mean 3 and the spread √(8/3) = 1.633, so it becomes [−1.225, 0, 1.225].


# %% answer="00.2"
def standardize(X):
    """Give every column mean 0 and spread 1. X (N, D) -> (N, D)"""
    ### BEGIN SOLUTION
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)
    ### END SOLUTION


# %% check="00.2"
check("00.2", standardize)

# %% [markdown]
# ## 00.3 · The distances between all pairs
#
# ★★ · 15 minutes
#
# `pairwise_sq_dist(X, Y)`: X has shape (N, D), Y has (M, D), a point in each row. The answer has shape (N, M); in row i
# and column j stands the squared distance from X[i] to Y[j], the sum of (X[i, d] − Y[j, d])² over d.
#
# By hand: from (3, 4) to (0, 0) it is 9 + 16 = **25**, and to (3, 0) it is 0 + 16 = **16**.
#
# A loop passes. Then try it without one: the lesson's broadcasting does it in a line.


# %% answer="00.3"
def pairwise_sq_dist(X, Y):
    """Squared distance from every row of X to every row of Y. X (N, D), Y (M, D) -> (N, M)"""
    ### BEGIN SOLUTION
    difference = X[:, None, :] - Y[None, :, :]  # (N, M, D)
    return (difference**2).sum(axis=-1)
    ### END SOLUTION


# %% check="00.3"
check("00.3", pairwise_sq_dist)

# %% [markdown]
# ## 00.4 · The nearest neighbour
#
# ★ · 10 minutes
#
# `nearest_label(X, labels, Y)`: X (N, D) are points that you know, `labels` (N,) says what each one is. For every row of
# Y (M, D) find the row of X that is nearest and return its label: shape (M,). Use your `pairwise_sq_dist`.
#
# By hand: known are (0, 0) with label 7 and (10, 0) with label 3. The point (9, 2) is nearest to (10, 0): **3**.


# %% answer="00.4"
def nearest_label(X, labels, Y):
    """For each row of Y the label of the nearest row of X. (N, D), (N,), (M, D) -> (M,)"""
    ### BEGIN SOLUTION
    return labels[pairwise_sq_dist(X, Y).argmin(axis=0)]
    ### END SOLUTION


# %% check="00.4"
check("00.4", nearest_label)

# %% [markdown]
# ## What you have built
#
# Your last function reads handwriting. It looks each new digit up among 1,287 known ones and takes the label of the
# nearest. The 510 new digits are from forms of which none is among the known ones.
#
# The next cell runs on your own code as soon as 00.4 has passed. Until then it runs on nnlearn's.

# %% tags=["nbval-ignore-output"]
read = mine("00.4")
(X, y), (X_new, y_new) = load_digits()
answers = read(X, y, X_new)
print(f"read correctly: {(answers == y_new).sum()} of {len(answers)}")

# %% tags=["nbval-ignore-output"]
progress("00")
