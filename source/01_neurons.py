# %% [markdown]
# # 01 · Neurons
#
# **Can 64 multiplications and 64 additions tell a handwritten 0 from a 1?** In 1958 Frank Rosenblatt showed a program that
# taught itself to tell cards marked on the left from cards marked on the right. The newspapers expected it to walk, talk
# and be conscious of its existence. Two years later he had built the machine.
# This lesson is about how much one neuron can do, and about the simple thing that it never can.
#
# When you finish this lesson you can
#
# * compute what a neuron says, by hand and in one line;
# * say what its weights and its bias do to the line that it draws;
# * train it with Rosenblatt's rule, and say when it comes to rest and why its count of mistakes can mislead you;
# * prove that no neuron computes XOR.
#
# *About 60 minutes with the demo. The notebook runs from top to bottom in about 8 s.*

# %% tags=["nbval-ignore-output"]
import numpy as np

from nnlearn.data import load_digits, load_iris
from nnlearn.show import Picture, digits, line, new_axes, points, weights

np.set_printoptions(precision=3, suppress=True)
rng = np.random.default_rng(0)
known, new = load_digits()
first = np.flatnonzero(known[1] < 2)[:12]
digits(
    known[0][first], known[1][first], "Twelve handwritten 0s and 1s, 64 pixels each.", columns=12
)

# %% [markdown]
# ## Two numbers about a flower
#
# Begin smaller than a digit. In 1936 Ronald Fisher published measurements of irises that Edgar Anderson had collected:
# here are the lengths and widths of their petals, in centimetres. Could you tell the two kinds apart with a ruler?

# %% tags=["nbval-ignore-output"]
iris = load_iris()
two_kinds = iris.y < 2
X, y = iris.X[two_kinds][:, 2:].astype(float), iris.y[two_kinds]

figure, (axes,) = new_axes()
points(axes, X, y, ["setosa", "versicolor"])
axes.set(xlabel="petal length (cm)", ylabel="petal width (cm)")
Picture(
    figure, "Petals of 100 irises: setosa small, versicolor large, with a wide gap between them."
)

# %% [markdown]
# You would say: small petals, setosa; large petals, versicolor. A [neuron](glossary.ipynb#neuron) says it with numbers. It gives each input a
# [weight](glossary.ipynb#weight), adds the weighted inputs up, and adds one more number, the [bias](glossary.ipynb#bias):
#
# $$z = w_1 x_1 + w_2 x_2 + b$$
#
# This [weighted sum](glossary.ipynb#weighted-sum) plus the bias is all that a neuron computes. Let the weights
# be 1 and 1, so that z is length plus width, and the bias −3. Two flowers, by hand and by NumPy:

# %%
w, b = np.array([1.0, 1.0]), -3.0
for x in X[0], X[70]:
    z = x @ w + b
    print(f"1·{x[0]:.1f} + 1·{x[1]:.1f} − 3 = {z:.1f}")

# %% [markdown]
# The small flower comes out below zero, the large one above. `x @ w` multiplies pair by pair and adds up; it is the
# [dot product](glossary.ipynb#dot-product).
#
# To decide, the neuron looks only at the sign: it fires when z reaches the [threshold](glossary.ipynb#threshold) 0. That
# is the [step function](glossary.ipynb#step-function).


# %%
def neuron(x, w, b):
    return x @ w + b


def step(z):
    return np.where(z >= 0, 1.0, 0.0)


print(step(neuron(X[0], w, b)), step(neuron(X[70], w, b)))

# %% [markdown]
# **Predict** before you run the next cell: how many of the 100 flowers does this hand-made neuron name correctly?

# %%
answers = step(X @ w + b)
print(f"{(answers == y).sum()} of {len(y)} right")

# %% [markdown]
# `X @ w` made all 100 sums at once: (100, 2) @ (2,) is (100,). And all answers are right, without any learning. We had
# luck with the bias. What if we had chosen another?

# %%
for bias in (-1.0, -2.0, -3.0, -5.0):
    print(f"b = {bias}: {(step(X @ w + bias) == y).sum()} right")

# %% [markdown]
# ## A neuron is a line
#
# Where does the neuron change its mind? Exactly where z = 0. With two inputs the points with
# $w_1 x_1 + w_2 x_2 + b = 0$ form a straight line, the [decision boundary](glossary.ipynb#decision-boundary). On one side
# the neuron fires, on the other it is silent.

# %% tags=["nbval-ignore-output"]
figure, (left, right) = new_axes(2)
for axes in (left, right):
    points(axes, X, y, ["setosa", "versicolor"])
    axes.set(xlabel="petal length (cm)", ylabel="petal width (cm)")
for bias, style in ((-2.0, ":"), (-3.0, "-"), (-5.0, "--")):
    line(left, w, bias, linestyle=style, label=f"b = {bias}")
for tilted, style in (([1.0, 1.0], "-"), ([0.2, 2.0], "--"), ([1.0, 0.0], ":")):
    line(
        right,
        np.array(tilted),
        -3.0 if tilted[0] == 1 else -2.0,
        linestyle=style,
        label=f"w = {tilted}",
    )
left.legend(loc="lower right")
right.legend(loc="lower right")
left.set_title("the bias moves the line")
right.set_title("the weights turn it")
Picture(
    figure,
    "Left: three biases, three parallel lines. Right: three pairs of weights, three directions.",
)

# %% [markdown]
# * The **bias** moves the line without turning it. Without a bias every line would have to run through the origin.
# * The **weights** are an arrow at right angles to the line, pointing to the side that fires. You will see it in the lab;
#   above, a centimetre across is shorter than a centimetre up, which bends right angles.
#
# How far is a point from the line? Divide z by the arrow's length: $z / \lVert w \rVert$. Let us check that formula, by
# walking from a flower straight to the line:

# %%
x, z = X[70], neuron(X[70], w, b)
distance = z / np.linalg.norm(w)
foot = x - distance * w / np.linalg.norm(w)
print(f"distance {distance:.3f} cm; at its foot on the line z = {abs(neuron(foot, w, b)):.3f}")
assert np.isclose(np.linalg.norm(x - foot), distance) and np.isclose(neuron(foot, w, b), 0)

# %% [markdown]
# ## Play: the neuron lab
#
# Drag the line, or its arrow, or move the sliders, and watch the numbers in the formula. The tasks are the oldest ones in
# the field: AND, OR, NAND and XOR, with four points each.
#
# The demo first asks: *double w₁, w₂ and b together. Where does the line go?* Think about the formula before you answer.
# The neuron that runs in it is yours, if you have passed exercise 01.1.

# %% tags=["nbval-ignore-output"]
from nnlearn.course import mine
from nnlearn.demos import NeuronLab

NeuronLab(neuron=mine("01.1"))

# %% [markdown]
# Did you find weights for XOR? Try a little longer. We come back to it.

# %% [markdown]
# ## Who sets the weights?
#
# Nobody wants to turn 64 sliders for a picture. Rosenblatt's idea: show the neuron one example after another. When it is
# right, do nothing. When it is wrong, push the line a little towards being right about **this** example:
#
# $$w \leftarrow w + \eta\,(y - \hat y)\,x \qquad b \leftarrow b + \eta\,(y - \hat y)$$
#
# $y$ is the right answer, the [label](glossary.ipynb#label), and $\hat y$ the neuron's. Their difference is the error: 0
# if it was right, +1 if it missed a 1, −1 after a [false alarm](glossary.ipynb#false-alarm). The size of the push, $\eta$ or in code `lr`, is the
# [learning rate](glossary.ipynb#learning-rate). This is the [perceptron rule](glossary.ipynb#perceptron-rule), and a neuron
# that learns by it is a [perceptron](glossary.ipynb#perceptron).


# %%
def perceptron_update(w, b, x, y, lr=1.0):
    error = y - step(neuron(x, w, b))
    return w + lr * error * x, b + lr * error


w, b = np.zeros(2), 0.0
print(f"before: z = {neuron(X[0], w, b):.2f}, it fires, but flower 0 is a setosa (0)")
w, b = perceptron_update(w, b, X[0], y[0])
print(f"after:  z = {neuron(X[0], w, b):.2f}, with w = {w} and b = {b}")

# %% [markdown]
# Why does that help? After the push the new sum for the same x is
#
# $$(w + \eta\,e\,x)\cdot x + b + \eta\,e = z + \eta\,e\,(\lVert x\rVert^2 + 1)$$
#
# with $e = y - \hat y$. The bracket is positive, so z always moves the right way: up if a 1 was missed, down after a false
# alarm. Checked on the flower above:

# %%
z_after = neuron(X[0], w, b)
print(f"{z_after:.2f} = 0 − 1·(‖x‖² + 1) = {0 - (X[0] @ X[0] + 1):.2f}")
assert np.isclose(z_after, -(X[0] @ X[0] + 1))

# %% [markdown]
# But a push for one flower may spoil another. Nothing in the rule looks at all of them together. **Predict:** how many
# times must we go through the 100 flowers before every one is right?


# %%
def train_perceptron(X, y, lr=1.0, epochs=10):
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


w, b, errors = train_perceptron(X, y)
print("mistakes in each epoch:", errors)
print("w =", w, " b =", b)

# %% [markdown]
# Three times, and the third was only to see that nothing is wrong any more. Four mistakes were enough to learn from! One
# pass through all examples is an [epoch](glossary.ipynb#epoch).
#
# Here are the lines after each of the four pushes.

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=6)
points(axes, X, y, ["setosa", "versicolor"])
axes.set(xlim=(-1.5, 5.5), ylim=(-0.5, 2.2), xlabel="petal length (cm)", ylabel="petal width (cm)")
v, c, pushes = np.zeros(2), 0.0, 0
for x, target in zip(np.tile(X, (3, 1)), np.tile(y, 3), strict=True):
    before = v
    v, c = perceptron_update(v, c, x, target)
    if not np.array_equal(before, v):
        pushes += 1
        line(axes, v, c, alpha=pushes / 4, label=f"after push {pushes}")
axes.legend(loc="lower right")
Picture(
    figure,
    f"The line after each of {pushes} pushes: it comes from the left, and stops between the two kinds.",
)

# %% [markdown]
# Look at the last line again. It separates the kinds, but it does not run through the middle of the gap. The perceptron
# stops at the first line that makes no mistake, and does not ask for the best one. Keep that in mind.

# %% [markdown]
# ## It learns to read
#
# Nothing in the rule knows that there are two inputs. Give it 64, the pixels of a digit, and let it tell 0 from 1. The
# test digits are by people that it has never met.


# %%
def two_digits(part, first, second):
    X, y = part
    chosen = (y == first) | (y == second)
    return X[chosen].astype(float), (y[chosen] == second).astype(int)


X01, y01 = two_digits(known, 0, 1)
X01_new, y01_new = two_digits(new, 0, 1)
w01, b01, errors = train_perceptron(X01, y01, epochs=20)
print("mistakes in each epoch:", errors)
print(f"new digits: {(step(X01_new @ w01 + b01) == y01_new).sum()} of {len(y01_new)} right")

# %% [markdown]
# Four mistakes, and it reads the digits it was shown without fault; of the new ones it misses a few. What has it learnt?
# There are 64 weights, one for each pixel, so we can look at them as a picture. **Predict:** where do you expect blue,
# which votes for 1, and where brown, which votes for 0?

# %% tags=["nbval-ignore-output"]
hard_X, hard_y = two_digits(known, 3, 8)
w38, b38, errors38 = train_perceptron(hard_X, hard_y, epochs=50)
weights(
    np.stack([w01, w38 * np.abs(w01).max() / np.abs(w38).max()]),
    ["0 or 1?", "3 or 8?"],
    "Weights as pictures, each scaled to the same range. Left: ink in the middle votes for 1, ink to its left and right "
    "for 0. Right: ink left of the middle votes for 8.",
)

# %% [markdown]
# Nobody told it that a 0 is empty in the middle, or that an 8 is a 3 with its left side closed. The weights of a neuron are the
# pattern that it looks for: the sum is large when the picture agrees with them.

# %% [markdown]
# ## When will it be done?
#
# Setosa was easy. The two other kinds, versicolor and virginica, overlap. The same rule, 50 epochs:

# %%
other_kinds = iris.y > 0
X2, y2 = iris.X[other_kinds][:, 2:].astype(float), iris.y[other_kinds] - 1
w2, b2, errors = train_perceptron(X2, y2, epochs=50)
print("mistakes in each epoch:", errors)

# %% [markdown]
# Two mistakes, three, four, and so on for ever. Only two to four of 100: it looks nearly perfect. **Predict:** we stop it
# there and ask about all 100 flowers. How many are right?

# %%
print(f"{(step(X2 @ w2 + b2) == y2).sum()} of {len(y2)} right")

# %% [markdown]
# Fifty: it calls every single flower a virginica. How can that be? Run one more epoch and note where the mistakes fall.

# %%
v, c, wrong_rows = w2, b2, []
for row, (x, target) in enumerate(zip(X2, y2, strict=True)):
    if step(neuron(x, v, c)) != target:
        wrong_rows.append(row)
    v, c = perceptron_update(v, c, x, target)
print("mistakes in rows", wrong_rows)

# %% [markdown]
# The table holds 50 versicolors, then 50 virginicas. The neuron is wrong about the first flower or two of each block, is
# turned round by the push, and then says the same to all the rest of the block, which happens to be right. It has learnt
# to repeat what came last. The count of mistakes was true, and told us nothing.
#
# So mix the rows, and look at all flowers at the end of each epoch:

# %%
order = rng.permutation(len(y2))
X2, y2 = X2[order], y2[order]
right_after = []
for epochs in range(1, 51):
    w2, b2, errors = train_perceptron(X2, y2, epochs=epochs)
    right_after.append(int((step(X2 @ w2 + b2) == y2).sum()))
print("right after each of the last ten epochs:", right_after[-10:])
print("at the worst", min(right_after), "and at the best", max(right_after))

# %% [markdown]
# Better, and still without rest: each push mends one flower and may spoil dozens.
#
# If some line has the two classes on its two sides, they are [linearly separable](glossary.ipynb#linearly-separable), and
# the rule finds such a line after a limited number of pushes: Novikoff proved it in 1962. If there is no such line, it
# never comes to rest. And it cannot tell you which of the two is the case, only that it is not done yet.

# %% [markdown]
# ## XOR: the line that is not there
#
# Now back to the lab's riddle. XOR fires when exactly one of two inputs is 1. Four points, and we have a perceptron:

# %%
corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
xor = np.array([0, 1, 1, 0])
print("mistakes in each epoch:", train_perceptron(corners, xor, epochs=12)[2])

# %% [markdown]
# From the third epoch on it is wrong about all four, every time: each push spoils the next point. Perhaps it is only
# unlucky. We try 100,000 random neurons. **Predict:** the best of them gets how many of the four right?

# %%
random_w, random_b = rng.uniform(-1, 1, (2, 100_000)), rng.uniform(-1, 1, 100_000)
score = (step(corners @ random_w + random_b) == xor[:, None]).sum(axis=0)
for k in range(5):
    print(f"{k} right: {(score == k).mean():6.1%} of all neurons")

# %% [markdown]
# Three of four at the best, and there is a reason. Suppose some w and b did it. Then
#
# 1. (0, 0) is silent: $b < 0$
# 2. (0, 1) fires: $w_2 + b \ge 0$
# 3. (1, 0) fires: $w_1 + b \ge 0$
# 4. (1, 1) is silent: $w_1 + w_2 + b < 0$
#
# Add 2 and 3: $w_1 + w_2 + 2b \ge 0$. Take away 4, and what is left says $b > 0$. That contradicts 1. So **no** neuron
# computes XOR, whatever its weights.
#
# Marvin Minsky and Seymour Papert wrote a whole book in 1969 on what perceptrons cannot do, and for years few people
# worked on neural networks. The way out is short, though. Build it with your hands:


# %%
def gate(x, w, b):
    return step(x @ np.array(w) + b)


either = gate(corners, [1, 1], -0.5)  # OR
not_both = gate(corners, [-1, -1], 1.5)  # NAND
both = gate(np.stack([either, not_both], axis=1), [1, 1], -1.5)  # AND
print(both)
assert (both == xor).all()

# %% [markdown]
# Three neurons in two [layers](02_weights_and_biases.ipynb) do what no single one can. The first two draw a line each, and the third listens to them. The
# perceptron rule cannot train such a team, since it does not know whose fault a mistake was. Sharing out the blame is the
# great idea of lesson 07.

# %% [markdown]
# ## In the library
#
# `nnlearn/perceptron.py` holds what you have just built. Only `float` and `np.asarray` are new: with them it takes plain
# lists and whole numbers too.

# %%
import inspect

from nnlearn import perceptron

print(inspect.getsource(perceptron.perceptron_update).split('"""')[2].strip())

# %%
ours = train_perceptron(X2, y2, epochs=7)
library = perceptron.train_perceptron(X2, y2, epochs=7)
assert all(np.array_equal(a, b) for a, b in zip(ours, library, strict=True))

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.

# %% [markdown]
# **1.** w = (2, −1), b = 1, x = (1, 4). What is z?
#
# <details><summary>−1</summary>Right: 2·1 − 1·4 + 1. The neuron is silent.</details>
# <details><summary>−2</summary>That is the sum without the bias.</details>
# <details><summary>0</summary>Check the signs: 2 − 4 + 1.</details>

# %% [markdown]
# **2.** You multiply w and b by 10. What happens to the boundary?
#
# <details><summary>it moves outward</summary>z = 0 has the same solutions as 10·z = 0.</details>
# <details><summary>nothing</summary>Right. Every z is ten times as large, and zero stays zero.</details>
# <details><summary>it turns</summary>The direction of w has not changed, so neither has the line's.</details>

# %% [markdown]
# **3.** The perceptron is right about an example. What does the rule do?
#
# <details><summary>it pushes a little, to be surer</summary>The error y − ŷ is 0, and so is the push.</details>
# <details><summary>nothing</summary>Right. It learns from mistakes only.</details>

# %% [markdown]
# **4.** After 1,000 epochs your perceptron still makes two mistakes in each. What do you know?
#
# <details><summary>the data are not linearly separable</summary>Perhaps. It might also need more epochs: the proof gives a limit, but the limit can be huge.</details>
# <details><summary>the learning rate is too small</summary>Starting from zero weights, the rate scales w and b alike, and the line is the same.</details>
# <details><summary>only that it is not done</summary>Right, and that is the trouble with this rule.</details>

# %% [markdown]
# **5.** *From lesson 00.* X has the shape (100, 2) and w has (2,). What is the shape of `X * w`?
#
# <details><summary>(100,)</summary>That is X @ w, which also adds up.</details>
# <details><summary>(100, 2)</summary>Right: w is stretched over the rows, and nothing is added up.</details>
# <details><summary>an error</summary>Lined up on the right, 2 meets 2.</details>

# %% [markdown]
# ## What you take along
#
# * A neuron: weighted sum plus bias, then a decision. On paper it is a line: the weights turn it, the bias moves it.
# * The perceptron rule learns from mistakes only. If a line exists it finds one, not the best one. If none exists it never
#   rests. And the order of the examples matters.
# * XOR needs a second [layer](02_weights_and_biases.ipynb).
#
# **Now you:** [exercises/01_neurons](../exercises/01_neurons.ipynb), six functions, about an hour. Terms are explained in
# the [glossary](glossary.ipynb).
#
# **Before:** [00 · Start here](00_start_here.ipynb). **Next:** [02 · Weights and biases](02_weights_and_biases.ipynb), where many neurons look at the same
# picture at once.
