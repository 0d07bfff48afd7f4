# %% [markdown]
# # 05 · Gradient descent
#
# **Lesson 04 found a line by trying 6,561 of them. How many tries would a network need that reads digits?** More than anybody
# could ever make. Yet it is trained in seconds: by a walker who sees nothing, and only feels the ground underfoot.
#
# When you finish this lesson you can
#
# * walk down a loss with nothing but slopes, and choose the rate;
# * say from one number at which rate a descent explodes, and measure that it does;
# * turn a narrow valley into a round bowl, and fit a line to real weather in a single step;
# * measure any gradient by nudging, and say what that costs.
#
# *About 70 minutes with the demo. The notebook runs from top to bottom in about 10 s.*

# %%
import numpy as np

from nnlearn import Tensor
from nnlearn.data import load_digits, load_weather, standardize
from nnlearn.nn import functional as F
from nnlearn.show import Picture, new_axes
from nnlearn.show.plots import CLASS_COLOURS

np.set_printoptions(precision=3, suppress=True)
weather = load_weather()
lows, highs = (weather.column(name).astype(float) for name in ("temp_min", "temp_max"))
x, y = lows[:366], highs[:366]

# %% [markdown]
# ## Too many tries
#
# The line for Seattle's weather, ŷ = height + slope · x, has two numbers. We tried 81 values of each. Lesson 04's networks
# have 64 inputs, 32 hidden neurons and 10 outputs. **Predict:** how many tries is that, with 81 values for each of its numbers?

# %%
numbers = 64 * 32 + 32 + 32 * 10 + 10
digits_of_it = int(numbers * np.log10(81)) + 1
print(f"2 numbers: {81**2:,} tries")
print(f"{numbers:,} numbers: 81 to the power of {numbers:,}, which has {digits_of_it:,} digits")
assert (numbers, digits_of_it) == (2410, 4600)

# %% [markdown]
# The atoms of the visible universe are counted with about 80 digits. So not by trying.
#
# Think of a walker in thick fog who wants to get down into the valley. The valley cannot be seen. But a foot feels which way
# the ground falls, and how steeply. Take a step that way; feel again. That is [gradient descent](glossary.ipynb#gradient-descent),
# Cauchy's idea of 1847. Nearly every network there is was trained by it, or by one of its children in lesson 06.
#
# ## One number
#
# Leave the line's slope at 1.3 and look for its height alone. We stand at height 0 and feel the ground with lesson 03's finite
# difference:


# %%
def loss_of_height(height):
    return np.mean((height + 1.3 * x - y) ** 2)


def slope_at(f, at, h=1e-5):
    return (f(at + h) - f(at - h)) / (2 * h)


print(f"loss {loss_of_height(0.0):.2f}, its slope {slope_at(loss_of_height, 0.0):.2f}")

# %% [markdown]
# The slope is negative: with more height the loss falls. So step *against* the slope, and the longer the steeper it is:
#
# $$\text{height} \leftarrow \text{height} - \text{lr} \cdot \text{slope of the loss}$$
#
# `lr` is the learning rate, known from lesson 01.

# %%
height = 0.0
for _step in range(6):
    felt = slope_at(loss_of_height, height)
    print(f"height {height:.2f}   loss {loss_of_height(height):5.2f}   slope {felt:6.2f}")
    height -= 0.1 * felt

# %% [markdown]
# The steps shorten by themselves, since the ground levels out. And the rate? **Predict:** which of 0.1, 0.5, 0.9, 1 and 1.1
# comes nearest to the bottom in twenty steps?
#
# <details><summary>1.1, it strides out furthest</summary>Furthest, yes. See where to.</details>
# <details><summary>0.1, careful steps are safest</summary>Safe, but so is another one, and neither is best.</details>
# <details><summary>0.5</summary>Right. How many of its twenty steps does it need?</details>


# %%
def walk(lr, steps=20, height=0.0):
    heights = [height]
    for _ in range(steps):
        height = height - lr * slope_at(loss_of_height, height)
        heights.append(height)
    return np.array(heights)


best_height = np.mean(y - 1.3 * x)
for lr in (0.1, 0.5, 0.9, 1.0, 1.1):
    off = np.abs(walk(lr) - best_height)
    print(f"lr {lr}: off by {off[0]:.2f}, after one step {off[1]:.2f}, after twenty {off[-1]:7.3f}")

# %% tags=["nbval-ignore-output"]
figure, panels = new_axes(3, width=3.4, height=3.2)
at = np.linspace(-4, 16, 200)
curve = [loss_of_height(height) for height in at]
for axes, lr, steps in zip(panels, (0.1, 0.9, 1.05), (12, 12, 6), strict=True):
    heights = walk(lr, steps)
    axes.plot(at, curve, color="#777", linewidth=2)
    axes.plot(
        heights, [loss_of_height(p) for p in heights], "o-", color=CLASS_COLOURS[1], linewidth=1.5
    )
    axes.plot(heights[0], loss_of_height(0.0), "^", color=CLASS_COLOURS[0], markersize=11)
    axes.set(xlabel="height", title=f"lr {lr}", ylim=(0, 110))
panels[0].set_ylabel("loss")
Picture(
    figure,
    "From height 0 (triangle). Rate 0.1 creeps down one side. 0.9 jumps over the bottom each time, and "
    "arrives as soon. 1.05 jumps a little too far, and climbs.",
)

# %% [markdown]
# 0.5 is there after **one** step. 0.1 and 0.9 are off by exactly the same. 1.0 jumps from one side to the other for ever, and
# 1.1 ends nearly forty times as far away as it began. A tenth more turned "never arrives" into "explodes".
#
# ## The curvature decides
#
# All of this follows from one number. Let e be how far we are from the best height. There the slope is 0, and from there it grows
# evenly, by L for each unit. How much a slope changes per unit is the [curvature](glossary.ipynb#curvature). So the slope at e is
# $L \cdot e$, and a step makes of it
#
# $$e - \text{lr} \cdot L \cdot e = (1 - \text{lr} \cdot L) \cdot e$$
#
# Each step multiplies the error by the same number. **Predict** the curvature of our loss from the five runs above. (At rate 0.5
# the error became 0.)

# %%
L = slope_at(loss_of_height, 1.0) - slope_at(loss_of_height, 0.0)
print(f"curvature L = {L:.3f}")
for lr in (0.1, 0.5, 0.9, 1.0, 1.1):
    e = walk(lr, 3) - best_height
    factor, shown = round(1 - lr * L, 4) + 0, e.round(2) + 0  # + 0 makes 0 of -0
    print(f"lr {lr}: times {factor:4.1f}   errors", *(f"{error:6.2f}" for error in shown))
    assert np.allclose(e[1:], (1 - lr * L) * e[:-1], atol=1e-4)

# %% [markdown]
# The error shrinks if that factor lies between −1 and 1, so **if lr < 2/L**. Below 1/L it creeps, at 1/L it arrives, between 1/L
# and 2/L it zigzags, beyond 2/L it explodes: it [diverges](glossary.ipynb#diverge). Here 2/L is 1.
#
# That was algebra. Measure it: halve an interval of rates thirty times, each time with a real descent. Does its loss grow, or fall?


# %%
def first_diverging(losses_with, low, high):
    """The rate from which on the loss grows, between `low` and `high`, by halving."""
    for _ in range(30):
        middle = (low + high) / 2
        losses = losses_with(middle)
        low, high = (low, middle) if losses[-1] > losses[-11] else (middle, high)
    return high


measured = first_diverging(lambda lr: [loss_of_height(p) for p in walk(lr)], 0.1, 10)
print(f"2/L = {2 / L:.4f}, measured {measured:.4f}")
assert abs(measured / (2 / L) - 1) < 0.01

# %% [markdown]
# ## Two numbers
#
# Now height and slope together, p = (height, slope). Two numbers can be nudged, so there are two slopes of the loss: a gradient.
# Formulas save us the nudging. With the errors $e = \text{height} + \text{slope} \cdot x - y$, a nudge of the height changes
# each error by 1, a nudge of the slope by its x:
#
# $$\frac{\partial\,\text{loss}}{\partial\,\text{height}} = \frac{2}{N} \sum e \qquad
# \frac{\partial\,\text{loss}}{\partial\,\text{slope}} = \frac{2}{N} \sum e \cdot x$$


# %%
def line_loss(p, x=x):
    return np.mean((p[0] + p[1] * x - y) ** 2)


def line_gradient(p, x=x):
    e = p[0] + p[1] * x - y
    return np.array([2 * e.mean(), 2 * (e * x).mean()])


def nudged_gradient(f, p, h=1e-5):
    return np.array([(f(p + h * u) - f(p - h * u)) / (2 * h) for u in np.eye(len(p))])


origin = np.zeros(2)
print("formulas", line_gradient(origin), "  nudged", nudged_gradient(line_loss, origin))
assert np.allclose(line_gradient(origin), nudged_gradient(line_loss, origin), atol=1e-6)

# %% [markdown]
# **Predict:** 0.5 was the perfect rate for the height. What does it do to the two?


# %%
def descend(gradient, start, lr, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - lr * gradient(path[-1]))
    return np.array(path)


for step, p in enumerate(descend(line_gradient, origin, 0.5, 4)):
    print(f"step {step}: loss {line_loss(p):.0e}")

# %% [markdown]
# It explodes. Each step multiplies the loss by more than 5,000. Let us try smaller rates:

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=3.8)
for lr, colour, style in (
    (0.0135, CLASS_COLOURS[0], "--"),
    (0.012, CLASS_COLOURS[1], "-"),
    (0.000001, CLASS_COLOURS[2], ":"),
):
    losses = [line_loss(p) for p in descend(line_gradient, origin, lr, 300)]
    axes.semilogy(losses, style, color=colour, linewidth=2.5, label=f"lr {lr:.6f}".rstrip("0"))
axes.set(xlabel="step", ylabel="loss", ylim=(10, 1e5))
axes.legend(frameon=False, fontsize=12)
Picture(
    figure,
    "Three rates, three shapes: 0.0135 diverges, 0.012 falls at once and levels out, 0.000001 has "
    "hardly begun after 300 steps.",
)

# %% [markdown]
# Remember the three shapes; you will meet them all your life. And ask what changed. The formula says that the curvature must be larger
# here. But which curvature? In two dimensions each direction has its own. Walk one unit in a direction, and see by how much the
# gradient grows along it; half way round is enough.

# %%
angles = np.linspace(0, np.pi, 1801)
directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
bends = np.array([(line_gradient(u) - line_gradient(origin)) @ u for u in directions])
for kind, i in (("largest", bends.argmax()), ("smallest", bends.argmin())):
    print(f"{kind:8} curvature {bends[i]:7.2f} in direction {directions[i]}")


def hessian(gradient):
    return np.array([gradient(u) - gradient(origin) for u in np.eye(2)])


flat, L = np.linalg.eigvalsh(hessian(line_gradient))
print(f"at once:  {L:.2f} and {flat:.2f}")
assert np.allclose([flat, L], [bends.min(), bends.max()], atol=1e-3)

# %% [markdown]
# The table of how each part of the gradient changes with each number is the [Hessian](glossary.ipynb#Hessian). `eigvalsh` takes
# its smallest and largest curvature out, for two directions or two thousand, without going round. The largest is the one
# that explodes. **Predict** 2/L, and whether real descents know it:


# %%
def losses_with(lr):
    with np.errstate(over="ignore", invalid="ignore"):
        return [line_loss(p) for p in descend(line_gradient, origin, lr, 1000)]


measured = first_diverging(losses_with, 0.001, 0.02)
print(f"2/L = {2 / L:.5f}, measured with real descents {measured:.5f}")
assert abs(measured / (2 / L) - 1) < 0.01

# %% [markdown]
# To within one per cent, by asking 366 days nothing but "did the loss grow?".
#
# ## Downhill is not the way
#
# How long does it take, then? We arrive as soon as both numbers are as near to the best line as lesson 04's grid could
# tell: half a grid step.

# %%
A = np.stack([np.ones(366), x], axis=1)
best = np.linalg.lstsq(A, y, rcond=None)[0]


def steps_to_arrive(lr, limit=5000):
    path = descend(line_gradient, origin, lr, limit)
    return int(np.argmax((np.abs(path - best) < [0.125, 0.025]).all(axis=1)))


print(f"the best line: height {best[0]:.3f}, slope {best[1]:.3f}")
for share in (0.5, 1.0, 1.5, 1.9):
    print(f"lr = {share}/L: {steps_to_arrive(share / L):,} steps")

# %% [markdown]
# Some 500 steps at best, in place of 6,561 tries. Better, but is it clever? **Predict:** we stand at (0, 0). What is the angle
# between downhill and the way to the best line?
#
# <details><summary>0°, downhill leads to the bottom</summary>In one dimension it must. In two it hardly ever does.</details>
# <details><summary>about 20°</summary>Worse.</details>
# <details><summary>about 70°</summary>Right.</details>


# %%
def angle(start):
    downhill, way = -line_gradient(start), best - start
    return np.degrees(np.arccos(downhill @ way / np.linalg.norm(downhill) / np.linalg.norm(way)))


rng = np.random.default_rng(0)
starts = best + rng.uniform(-1, 1, (1000, 2)) * [10, 2]
off = np.array([angle(start) for start in starts])
print(f"from (0, 0): {angle(origin):.0f}°; from 1,000 places: {np.median(off):.0f}° (median)")
assert 65 < angle(origin) < 75 and 70 < np.median(off) < 78

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=9, height=3.2)
hs, ss = np.meshgrid(np.linspace(-1, 13, 200), np.linspace(-0.4, 3.8, 100))
ground = ((hs[..., None] + ss[..., None] * x - y) ** 2).mean(axis=-1)
axes.contour(hs, ss, ground, levels=[13, 16, 25, 50, 100, 200, 400], colors="#999")
for share, colour, style in ((1.9, CLASS_COLOURS[1], "o-"), (0.3, CLASS_COLOURS[2], "s-")):
    path = descend(line_gradient, origin, share / L, 100)
    axes.plot(*path.T, style, color=colour, linewidth=1, markersize=4, label=f"lr = {share}/L")
axes.plot(*origin, "^", color=CLASS_COLOURS[0], markersize=11)
axes.plot(*best, "*", color="#222", markersize=15)
axes.set(xlabel="height", ylabel="slope", xlim=(-1, 13), ylim=(-0.4, 3.8), aspect="equal")
axes.legend(frameon=True, fontsize=12, loc="upper right")
Picture(
    figure,
    "Lines of equal loss: a long narrow valley. After a hundred steps the large rate has swung from side to side, the small "
    "one was down at once, and neither has come far along the floor. The star is the best line.",
)

# %% [markdown]
# Downhill is where the ground falls fastest *here*: across the valley, not along it. And the rate must suit the steepest
# direction, L = 151.7. In the flattest, with curvature 0.58, a step of rate 1.9/L then takes away less than one per cent of
# the error. Their ratio, 261, is the [condition number](glossary.ipynb#condition-number): how much longer than wide the trouble is.

# %%
print(
    f"condition number {L / flat:.0f}, left of the error along the valley {1 - 1.9 / L * flat:.4f}"
)
assert L / flat > 200

# %% [markdown]
# ## The valley made round
#
# Why so narrow? The lows lie around 7 °C. A nudge of the slope turns the line about x = 0, at the edge of the data, so
# that it lifts nearly all answers; a nudge of the height lifts them, too. The two get in each other's way. So measure x from the middle of the
# data, in units of its spread: lesson 00's standardize. Then descend from (0, 0) with rate 1/L. **Predict:** how many steps?
#
# <details><summary>about 260, half as many</summary>The condition number has to do with it. What is the new one?</details>
# <details><summary>about 20</summary>Fewer.</details>
# <details><summary>one</summary>Right.</details>

# %%
round_x = standardize(x[:, None])[:, 0]


def round_gradient(p):
    return line_gradient(p, round_x)


print("curvatures", np.linalg.eigvalsh(hessian(round_gradient)))
p = origin - 1 / 2 * round_gradient(origin)
slope = p[1] / x.std()
fitted = np.array([p[0] - slope * x.mean(), slope])  # back to °C
print(f"after one step, in °C: height {fitted[0]:.3f}, slope {fitted[1]:.3f}")
assert np.allclose(fitted, best)

# %% tags=["nbval-ignore-output"]
figure, (bowl, data) = new_axes(2, width=4.2, height=3.8)
hs, ss = np.meshgrid(np.linspace(-3, 30, 120), np.linspace(-9, 21, 120))
ground = ((hs[..., None] + ss[..., None] * round_x - y) ** 2).mean(axis=-1)
bowl.contour(hs, ss, ground, levels=[25, 50, 100, 200, 300, 400], colors="#999")
bowl.plot(*np.array([origin, p]).T, "-", color=CLASS_COLOURS[1], linewidth=2)
bowl.plot(*origin, "^", color=CLASS_COLOURS[0], markersize=11)
bowl.plot(*p, "*", color="#222", markersize=15)
bowl.set(xlabel="height", ylabel="slope", title="standardized", aspect="equal")
data.plot(x, y, ".", color="#777")
ends = np.array([x.min(), x.max()])
data.plot(ends, fitted[0] + fitted[1] * ends, color=CLASS_COLOURS[1], linewidth=3)
data.set(xlabel="lowest of the day, °C", ylabel="highest, °C", title="the line after one step")
Picture(
    figure,
    "In the round bowl downhill leads straight to the bottom, and one step of rate 1/L arrives: the best "
    "line for 366 days in Seattle.",
)

# %% [markdown]
# One gradient, where lesson 04 paid for 6,561 lines. The descent is the same, and so is the data. We only measure from
# another place and in another unit.
#
# It is not always that good. Columns that rise and fall together leave the bowl longer than wide. Let us guess tomorrow's high
# from today's rain, high, low and wind, and count the steps of rate 1/L to within a thousandth of the smallest loss:

# %%
today, tomorrow = weather.values[:365].astype(float), highs[1:366]
for name, columns in (("raw", today), ("standardized", standardize(today))):
    A = np.c_[np.ones(365), columns]
    curvatures = np.linalg.eigvalsh(2 / 365 * A.T @ A)  # the Hessian of least squares
    smallest = np.mean((A @ np.linalg.lstsq(A, tomorrow, rcond=None)[0] - tomorrow) ** 2)
    p, steps = np.zeros(5), 0
    while np.mean((A @ p - tomorrow) ** 2) > 1.001 * smallest:
        p = p - 1 / curvatures[-1] * 2 / 365 * A.T @ (A @ p - tomorrow)
        steps += 1
    print(f"{name:12} condition number {curvatures[-1] / curvatures[0]:5,.0f}: {steps:6,} steps")
    assert steps > 9000 if name == "raw" else steps < 60

# %% [markdown]
# From ten thousand steps to fewer than fifty, by one line before the training. That is why everybody standardizes.
#
# ## Where you start decides
#
# Least squares has one valley. Other losses have many. How long is a year? Ask four years of daily highs: lay a wave of 10 °C,
# warmest on 19 July 2012, over them, and look for its period. **Predict:** the descent starts at 300 days. Where does it end?

# %%
days = np.arange(len(highs))


def wave_loss(period):
    wave = highs.mean() + 10 * np.cos(2 * np.pi * (days - 200) / period)
    return np.mean((wave - highs) ** 2)


found = {}
for start in (230, 300, 330, 400, 450, 500):
    period = float(start)
    for _ in range(100):
        period -= 5 * slope_at(wave_loss, period, h=1e-3)
    found[start] = period
    print(f"from {start}: {period:5.1f} days, loss {wave_loss(period):4.1f}")
assert all(abs(found[start] - 364.1) < 0.2 for start in (330, 400, 450))
assert abs(found[300] - 269) < 0.2 and wave_loss(found[300]) > 5 * wave_loss(found[400])

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=3.6)
periods = np.arange(200, 620.0)
axes.plot(periods, [wave_loss(period) for period in periods], color="#777", linewidth=2)
for start, end in found.items():
    good = abs(end - 364) < 1
    axes.plot([start, end], [wave_loss(start), wave_loss(end)], ":", color="#222", linewidth=1)
    axes.plot(start, wave_loss(start), "o", color="white", markeredgecolor="#222")
    axes.plot(
        end, wave_loss(end), "o" if good else "^", color=CLASS_COLOURS[int(good)], markersize=10
    )
axes.set(xlabel="period, days", ylabel="loss", ylim=(0, 125))
Picture(
    figure,
    "Three of six starts (white) end at 364 days (circle), a day short of a year. The others end in valleys "
    "(triangles) that lie far higher, and feel just as flat underfoot.",
)

# %% [markdown]
# At 269 days nothing is wrong with the descent. The slope is 0, and every small step leads up: a
# [local minimum](glossary.ipynb#local-minimum). In the fog it feels like the real one. What helps is to start several times,
# and to keep the best.
#
# And note the rate: 5, where the line needed 0.013. A rate has units. Nobody can name a good one who does not know the curvature.
#
# ## What a nudge costs
#
# For the wave we had no formula, only nudges. How long should a nudge be? Take a loss whose slope is known: lesson 04's yes or
# no, at score −2. **Predict:** the shorter, the better?

# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=3.6)
lengths, off = 10 ** np.arange(-14, 0.1, 0.25), {}
for dtype, colour, style in (
    (np.float32, CLASS_COLOURS[0], "^:"),
    (np.float64, CLASS_COLOURS[1], "o-"),
):
    h = lengths.astype(dtype)
    up, down = (np.log1p(np.exp(-z)) for z in (dtype(-2) + h, dtype(-2) - h))
    off[dtype] = np.abs((up - down) / (2 * h) + 1 / (1 + np.exp(-2.0)))
    axes.loglog(lengths, off[dtype], style, color=colour, label=np.dtype(dtype).name)
axes.set(xlabel="length of the nudge h", ylabel="error of the slope")
axes.legend(frameon=False, fontsize=12)
Picture(
    figure,
    "The error of a measured slope falls as the nudge gets shorter, and then rises again: in float64 it is "
    "smallest near a hundred-thousandth, in float32 near a hundredth.",
)

# %%
best_lengths = {dtype: lengths[errors.argmin()] for dtype, errors in off.items()}
assert 1e-6 < best_lengths[np.float64] < 1e-4 and 1e-3 < best_lengths[np.float32] < 1e-1
assert off[np.float64].min() < 1e-9 and off[np.float32].min() > 1e-8
assert off[np.float32][lengths < 9e-8].min() > 0.5

# %% [markdown]
# On the right the nudge is so long that the curve bends away under it. On the left f(z + h) and f(z − h) agree in
# nearly all of their 16 digits, and what is left of their difference is rounding. In float32 a nudge below a
# ten-millionth does nothing at all, and the slope comes out as 0. Hence our h = 1e-5, in float64 only.
#
# A good nudge is accurate. Its trouble is another: each number needs its own two. Take a network with those
# 2,410 numbers (with tanh, and the squared error) and its gradient on 120 digits, once by nudges, once by lesson 07's black box,
# `backward`. **Predict:** how many times faster is the box?

# %%
(images, labels), _ = load_digits()
X = images[:120].astype(float)  # so few that the matrix products stay on one core
X, one_hot = (X - X.mean(axis=0)) / X.std(), np.eye(10)[labels[:120]]


def network_loss(p, loss=F.mse_loss, answers=one_hot):
    hidden = F.tanh(F.linear(X, p[:2048].reshape(32, 64), p[2048:2080]))
    return loss(F.linear(hidden, p[2080:2400].reshape(10, 32), p[2400:]), answers)


def network_gradient(p, *how):
    p = Tensor(p, requires_grad=True)
    network_loss(p, *how).backward()  # lesson 07
    return p.grad.data


def first_weights(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, 2410) * np.repeat([1 / 8, 0, 32**-0.5, 0], [2048, 32, 320, 10])


# %% tags=["nbval-ignore-output"]
from time import perf_counter

start = perf_counter()
by_nudges = nudged_gradient(network_loss, first_weights(0))
nudging = perf_counter() - start
start = perf_counter()
for _ in range(100):
    by_box = network_gradient(first_weights(0))
box = (perf_counter() - start) / 100
print(f"nudges {nudging:.2f} s, box {box:.4f} s: {nudging / box:,.0f} times")
assert np.allclose(by_nudges, by_box, atol=1e-8) and nudging > 300 * box

# %% [markdown]
# The same 2,410 slopes, about a thousand times faster. Nudges need 4,820 evaluations of the loss for every step. The
# box needs the work of a few, however many numbers there are. How that can be is lesson 07. Nudges remain what they have been since
# lesson 03: the judge of every gradient.
#
# ## Two divided by L, in a network
#
# For least squares the curvature is the same everywhere. In a network it changes with every step. Is 2/L of any use there?
# First we need L, and a Hessian of 2,410 times 2,410 numbers is much to ask. But nudge p along any direction, and see where the
# gradient moves: mostly along the steepest one. Take that for the next direction, and again. On our line, whose L we know:


# %%
def largest_curvature(gradient, p, v, rounds=10, h=1e-4):
    for _ in range(rounds):
        change = (gradient(p + h * v) - gradient(p - h * v)) / (2 * h)
        size = np.linalg.norm(change)
        v = change / size
    return size, v


for rounds in (1, 2, 3):
    size, v = largest_curvature(line_gradient, origin, np.array([1.0, 0.0]), rounds)
    print(f"round {rounds}: curvature {size:6.2f}, next direction {v}")
assert np.isclose(size, bends.max(), rtol=1e-4)

# %% [markdown]
# After three rounds the steepest direction is left. Now let the same network learn by plain descent, and measure its largest
# curvature on the way. **Predict:** what becomes of lr · L, at rates 1, 2 and 3?


# %%
def edge(lr, seed, *how):
    """lr times the largest curvature, at every 40th step of a training."""

    def gradient(p):
        return network_gradient(p, *how)

    p, seen = first_weights(seed), []
    v = np.random.default_rng(seed).normal(size=2410) / 49
    for step in range(601):
        if step % 40 == 0:
            curvature, v = largest_curvature(gradient, p, v)
            seen.append(lr * curvature)
        p = p - lr * gradient(p)
    return np.array(seen)


# %% tags=["nbval-ignore-output"]
figure, (axes,) = new_axes(width=7, height=3.6)
walks = {(lr, seed): edge(lr, seed) for lr in (1, 2, 3) for seed in range(3)}
axes.axhline(2, color="#222", linewidth=1)
for (lr, seed), seen in walks.items():
    style = {"color": CLASS_COLOURS[lr - 1], "marker": "^os"[lr - 1], "markersize": 4}
    axes.plot(np.arange(0, 601, 40), seen, label=None if seed else f"lr {lr}", **style)
axes.set(xlabel="step", ylabel="lr · largest curvature", ylim=(0, 5.5))
axes.legend(frameon=False, fontsize=12)
Picture(
    figure,
    "Three trainings for each of three rates. With rate 1 the curvature stays well below 2/lr, the line. "
    "With rates 2 and 3 it comes to the line, and keeps to it.",
)

# %%
late = {key: seen[8:].mean() for key, seen in walks.items()}
assert all(1.9 < late[lr, seed] < 2.2 for lr in (2, 3) for seed in range(3))
assert all(walks[1, seed].max() < 1.9 and late[1, seed] < 1.7 for seed in range(3))
assert all(walks[lr, seed][0] > 2.2 > walks[lr, seed][1] for lr in (2, 3) for seed in range(3))

# %% [markdown]
# Nobody told these networks about 2/L, and yet they live by it. With rates 2 and 3 the start is beyond the line: the walk bounces,
# and is thrown out to where it is flatter. Then it wanders into narrower places again, until its rate forbids a narrower one. (With
# rate 1 there is room to spare, and in 600 steps it is not used up.) Cohen and others found this in 2021 and called it the edge of stability; why networks seek
# narrow places is not fully understood. Nor is it a law for all losses. The same network with cross-entropy:

# %%
for seed in range(3):
    seen = edge(1, seed, F.cross_entropy, labels[:120])
    print(f"seed {seed}: lr · L falls from {seen[0]:.1f} to {seen[-1]:.2f}")
    assert seen[-1] < 0.2 < 0.5 < seen[0]

# %% [markdown]
# The surer its answers, the flatter it lies: lesson 03's saturation.
#
# So the limits. For least squares you can compute a rate. For a network you try some, and look at the shape of
# the loss. And all of this was full descent, every example in every step: lesson 06 takes a few at a time.
#
# ## Play: descent terrain
#
# Choose a start and a rate, guess, and walk. Look for the rate at which it explodes, in a bowl and in a valley. The walker is
# your own `gd_step`, once exercise 05.2 has passed, or any step that you invent.

# %% tags=["nbval-ignore-output"]
from nnlearn.course import mine
from nnlearn.demos import DescentTerrain

DescentTerrain(optimizer=mine("05.2"))

# %% [markdown]
# ## In the library
#
# `optim.SGD`, as in PyTorch. The last line is this lesson. What stands before it is for lessons 06 and 09. (The S is for
# stochastic: with batches.)

# %%
import inspect

from nnlearn import optim

print(inspect.getsource(optim.SGD.update))

# %%
weights = Tensor(first_weights(0), requires_grad=True)
optimizer = optim.SGD([weights], lr=2.0)
for _ in range(5):
    optimizer.zero_grad()
    network_loss(weights).backward()
    optimizer.step()
assert np.allclose(weights.data, descend(network_gradient, first_weights(0), 2.0, 5)[-1])
assert not np.allclose(weights.data, first_weights(0), atol=0.01)

# %% [markdown]
# ## Check yourself
#
# Click on the answer that you believe.

# %% [markdown]
# **1.** By a weight the loss has the slope 3. With lr = 0.1, the next step changes that weight by…
#
# <details><summary>−0.3</summary>Right: against the slope.</details>
# <details><summary>+0.3</summary>That way the loss grows.</details>
# <details><summary>−0.1</summary>The rate is no length: the step is lr times the slope.</details>

# %% [markdown]
# **2.** The losses are 5, 7, 11, 30, 200. What do you change first?
#
# <details><summary>the rate, down</summary>Right. Each step makes it worse: this is beyond 2/L.</details>
# <details><summary>the number of steps, up</summary>It would only get further away.</details>
# <details><summary>the start</summary>Beyond 2/L a parabola throws you out from everywhere.</details>

# %% [markdown]
# **3.** The largest curvature is 40, the smallest 4. Beyond which rate does it diverge?
#
# <details><summary>0.05</summary>Right: 2/40. The steepest direction decides.</details>
# <details><summary>0.5</summary>That is 2/4, long after the steepest direction has exploded.</details>
# <details><summary>0.025</summary>That is 1/L: there the steepest direction arrives at once.</details>

# %% [markdown]
# **4.** The loss of a network with a million numbers takes a millisecond. How long does one gradient by nudges take?
#
# <details><summary>2 milliseconds</summary>Two evaluations, for each of the million numbers.</details>
# <details><summary>half an hour</summary>Right: two million evaluations, 2,000 seconds.</details>
# <details><summary>longer than anyone lives</summary>That is trying all combinations. Nudges are slow, but not that slow.</details>

# %% [markdown]
# **5.** *From lesson 04.* With MSE the steps shorten as a number nears its best value. With MAE, one example and a fixed rate?
#
# <details><summary>they shorten as well</summary>They would if the pull faded. MAE's is 1 at every distance.</details>
# <details><summary>they stay as long, and step over the goal for ever</summary>Right: the pull is 1 at every distance.</details>
# <details><summary>there are none</summary>Only at the kink itself MAE has no slope.</details>

# %% [markdown]
# ## What you take along
#
# * Step against the gradient, lr times its length. It costs steps, where trying costs powers.
# * On a parabola each step multiplies the error by 1 − lr · L. Beyond lr = 2/L it diverges; L is the largest curvature.
# * Downhill is not the way to the bottom, unless the bowl is round. Standardize.
# * The descent finds a valley, not the lowest one.
# * Nudges measure any gradient, at two evaluations for each number. Let them judge; do not walk by them.
#
# **Now you:** [exercises/05_gradient_descent](../exercises/05_gradient_descent.ipynb), seven functions, about an hour. Terms are
# explained in the [glossary](glossary.ipynb).
#
# **Before:** [04 · Losses](04_losses.ipynb). **Next:** [06 · Batches and optimizers](06_batches_and_optimizers.ipynb): the same walk, with a few examples at a time.
