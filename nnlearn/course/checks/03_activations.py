"""Checks of lesson 03: activations, their slopes, the softmax, saturation."""

import math
from collections.abc import Iterator

import numpy as np

from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.nn.functional import relu, sigmoid, softmax


def values(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("three numbers by hand", (np.array([-2.0, 0.0, 3.0]),))
    yield Case("one number below 0", (np.array([-0.25]),))
    yield Case("a table", (rng.normal(0, 2, size=(3, 5)),))
    yield Case("three axes", (rng.normal(0, 2, size=(2, 3, 4)),))
    yield Case("far out", (np.array([-1000.0, -30.0, 30.0, 1000.0]),))


def _relu_in_place(z):
    z[z < 0] = 0
    return z


def _asked_once(right, left):
    """`if z > 0` on a whole array: an error, except for a single number."""

    def wrong(z, *rest):
        if z > 0:
            return right(z, *rest)
        return left(z, *rest)

    return wrong


ASKED_ONCE = "`if` decides once, but each number needs its own decision"


RELU = Exercise(
    id="03.1",
    function=relu,
    cases=values,
    mistakes=(
        Mistake(
            lambda z: 1.0 * (z > 0),
            "That is the slope, or a step. Let positive z through as it is.",
        ),
        Mistake(lambda z: np.abs(z), "Negative numbers lost their sign. They become 0."),
        Mistake(lambda z: np.minimum(z, 0), "The wrong half is kept: what is positive passes."),
        Mistake(lambda z: z, "z came back as it was. What is negative becomes 0."),
        Mistake(_relu_in_place, "Right, but written over z. Make a new array."),
        Mistake(
            lambda z: z[z > 0],
            "Negative numbers are left out, so the shape changes. They become 0.",
        ),
        Mistake(
            lambda z: np.max(z, 0),
            "np.max(z, 0) takes the 0 for an axis. np.maximum compares number by number.",
        ),
        Mistake(
            lambda z: max(0, z),
            "`if` and Python's max look at z as a whole. np.maximum compares number by number.",
        ),
        Mistake(lambda z: z.max(), "That is the largest number. Compare each with 0: np.maximum."),
        Mistake(
            lambda z: np.where(z > 0, z, 0.01 * z), "A hundredth leaks through below 0. (03.4.)"
        ),
        Mistake(lambda z: np.clip(z, 0, 1), "What is above 1 was cut off too."),
        Mistake(lambda z: -np.minimum(z, 0), "The wrong half is kept, and its sign turned."),
    ),
    hints=(
        "Each number is compared with 0, and the larger of the two is kept.",
        "np.max finds the largest of an array; np.maximum compares number by number.",
        "np.maximum(z, 0)",
    ),
)


SIGMOID = Exercise(
    id="03.2",
    function=sigmoid,
    cases=values,
    mistakes=(
        Mistake(
            lambda z: 1 / (1 + np.exp(-np.clip(z, -20, 20))),
            "Cut off at 20, its ends are not quite 0 and 1. Nothing needs to be cut off.",
        ),
        Mistake(
            lambda z: 1 / (1 + np.exp(-z)),
            "Right on paper, but e¹⁰⁰⁰ overflows on the way. (np.where computes both its sides.)",
        ),
        Mistake(
            lambda z: np.exp(z) / (1 + np.exp(z)),
            "At 1000 this form is ∞/∞, nan. It is the one for the left side.",
        ),
        Mistake(lambda z: 1 - sigmoid(z), "It falls where it should rise: the exponent is -z."),
        Mistake(
            lambda z: 1 / (1 + math.exp(-z)),
            "math.exp takes one number. np.exp takes a whole array.",
        ),
        Mistake(
            _asked_once(lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(z) / (1 + np.exp(z))),
            f"{ASKED_ONCE}: np.where, on what is safe on both sides.",
        ),
        Mistake(
            lambda z: 1 / 1 + np.exp(-z),
            "Brackets: 1 is divided by 1, and the exponential added. Divide by the whole sum.",
        ),
        Mistake(
            lambda z: 1 / (1 + np.exp(-np.abs(z))),
            "The left side is a mirror of the right one: below 0 the other form is needed.",
        ),
        Mistake(lambda z: np.tanh(z), "That is tanh: from -1 to 1. A sigmoid runs from 0 to 1."),
        Mistake(
            lambda z: sigmoid(2 * z),
            "Twice too steep: that is (1 + tanh(z)) / 2. It takes z / 2.",
        ),
        Mistake(lambda z: sigmoid(z) * (1 - sigmoid(z)), "That is its slope. (03.3.)"),
        Mistake(lambda z: (z >= 0) * 1.0, "That is the step, without a slope."),
        Mistake(lambda z: np.round(sigmoid(z), 3), "The result is rounded. Return it as it is."),
        Mistake(
            lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))),
            "The right side is a mirror of the left one: from 0 up, 1 / (1 + e) is needed.",
        ),
    ),
    hints=(
        "exp of a very negative number is 0, which is harmless. So always feed it -|z|.",
        "e = np.exp(-np.abs(z)). What is the sigmoid of a positive z in terms of e? And else?",
        "From 0 up 1 / (1 + e), below e / (1 + e): np.where(z >= 0, ..., ...)",
    ),
    points=2,
)


def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


D_SIGMOID = Exercise(
    id="03.3",
    function=d_sigmoid,
    cases=values,
    slope_of=sigmoid,
    mistakes=(
        Mistake(
            lambda z: z * (1 - z),
            "That is right if z were the output already. First the sigmoid, then its slope.",
        ),
        Mistake(lambda z: sigmoid(z), "That is the value. Its slope is σ times (1 − σ)."),
        Mistake(lambda z: 1 - sigmoid(z), "One factor is missing: σ times (1 − σ)."),
        Mistake(lambda z: sigmoid(z) ** 2, "σ times σ. The second factor is 1 − σ."),
        Mistake(
            lambda z: sigmoid(z) * (sigmoid(z) - 1), "The sign is turned: a sigmoid never falls."
        ),
        Mistake(lambda z: 1 - sigmoid(z) ** 2, "That is tanh's pattern, 1 − a². Here: σ (1 − σ)."),
        Mistake(lambda z: 4 * d_sigmoid(z), "Scaled to reach 1. The largest slope is 0.25."),
        Mistake(
            lambda z: sigmoid(sigmoid(z)) * (1 - sigmoid(sigmoid(z))),
            "The sigmoid is taken twice: of z, and then of its own output.",
        ),
        Mistake(
            lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
            "Right on paper, but ∞/∞ far to the left. Your safe sigmoid does it: σ (1 − σ).",
        ),
        Mistake(
            lambda z: 1 / (1 + np.exp(-z)) * (1 - 1 / (1 + np.exp(-z))),
            "Right, but with the textbook sigmoid, which overflows. Call yours of 03.2.",
        ),
        Mistake(lambda z: np.full(z.shape, 0.25), "0.25 is its slope in the middle only."),
        Mistake(lambda z: np.round(d_sigmoid(z), 3), "The result is rounded. Return it as it is."),
    ),
    hints=(
        "Its slope needs nothing but its value: σ(z) · (1 − σ(z)).",
        "Call your sigmoid once, keep the result, and multiply it by 1 minus it.",
        "s = sigmoid(z), then s * (1 - s)",
    ),
)


def leaky_relu(z, negative_slope):
    slope = np.where(z > 0, 1.0, negative_slope)
    return slope * z, slope


def leaks(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two numbers by hand", (np.array([-2.0, 3.0]), 0.1))
    yield Case("at 0", (np.array([0.0, -0.5, 0.5]), 0.25))
    yield Case("a table", (rng.normal(size=(3, 5)), 0.01))
    yield Case("no leak at all", (rng.normal(size=7), 0.0))
    yield Case("a steep leak", (rng.normal(size=(2, 4)), 3.0))
    yield Case("far out", (np.array([-1000.0, 1000.0]), 0.01))


def _leaky(value=None, slope=None):
    def wrong(z, negative_slope):
        y, d = leaky_relu(z, negative_slope)
        return value(z, negative_slope) if value else y, slope(z, negative_slope) if slope else d

    return wrong


LEAKY = Exercise(
    id="03.4",
    function=leaky_relu,
    cases=leaks,
    slope_of=lambda z, negative_slope: leaky_relu(z, negative_slope)[0],
    slope_part=1,
    mistakes=(
        Mistake(
            _leaky(slope=lambda z, n: np.where(z >= 0, 1.0, n)),
            "At exactly 0 the slope counts as negative_slope: z > 0 where you wrote z >= 0.",
        ),
        Mistake(
            lambda z, n: leaky_relu(z, n)[0], "Only the value came back. Return both: value, slope"
        ),
        Mistake(
            lambda z, n: leaky_relu(z, n)[::-1], "The two are in the wrong order: value, slope"
        ),
        Mistake(
            _asked_once(lambda z, n: (z, 1), lambda z, n: (n * z, n)),
            f"{ASKED_ONCE}: np.where(z > 0, ..., ...).",
        ),
        Mistake(
            _leaky(slope=lambda z, n: n),
            "The slope is an array like z, with a 1 wherever z is positive.",
        ),
        Mistake(lambda z, n: leaky_relu(z, 0.01), "The leak is 0.01 whatever negative_slope says."),
        Mistake(
            _leaky(slope=lambda z, n: 1.0 * (z > 0)),
            "The slope below 0 is 0, as ReLU's. The value leaks there, so the slope does.",
        ),
        Mistake(
            lambda z, n: (np.maximum(z, n * z), leaky_relu(z, n)[1]),
            "max(z, negative_slope · z) is right only while negative_slope is below 1.",
        ),
        Mistake(lambda z, n: (np.maximum(z, 0), 1.0 * (z > 0)), "That is ReLU: nothing leaks."),
        Mistake(
            _leaky(value=lambda z, n: np.where(z > 0, z, n)),
            "Below 0 the value is negative_slope TIMES z, not negative_slope itself.",
        ),
        Mistake(
            _leaky(slope=lambda z, n: np.where(z > 0, z, n)),
            "Right of 0 the slope is 1, not z: the line climbs one for each one.",
        ),
        Mistake(
            _leaky(value=lambda z, n: np.where(z > 0, z, -n * z)),
            "Below 0 the value bends upwards: negative_slope · z stays below 0.",
        ),
        Mistake(
            _leaky(slope=lambda z, n: np.where(z > 0, 1.0, -n)),
            "The slope below 0 has the wrong sign: the line still climbs there.",
        ),
    ),
    hints=(
        "First the slope: 1 or negative_slope, number by number. np.where chooses.",
        "The value is the slope times z, on both sides.",
        "slope = np.where(z > 0, 1.0, negative_slope), and return slope * z, slope",
    ),
    points=2,
)


def silu(z):
    s = sigmoid(z)
    return z * s, s + z * s * (1 - s)


def _silu(slope):
    def wrong(z):
        return z * sigmoid(z), slope(z, sigmoid(z))

    return wrong


SILU = Exercise(
    id="03.5",
    function=silu,
    cases=values,
    slope_of=lambda z: silu(z)[0],
    slope_part=1,
    mistakes=(
        Mistake(lambda z: silu(z)[0], "Only the value came back. Return both: value, slope"),
        Mistake(lambda z: silu(z)[::-1], "The two are in the wrong order: value, slope"),
        Mistake(
            _silu(lambda z, s: s * (1 - s)),
            "That is the slope of the sigmoid alone. z is a factor too, and it changes.",
        ),
        Mistake(
            _silu(lambda z, s: z * s * (1 - s)),
            "One part is missing: the slope of the first factor, 1, times the second, σ(z).",
        ),
        Mistake(
            _silu(lambda z, s: s),
            "One part is missing: the first factor, z, times the slope of the second.",
        ),
        Mistake(_silu(lambda z, s: s + s * (1 - s)), "In the second part the factor z is missing."),
        Mistake(
            _silu(lambda z, s: z * s + z * s * (1 - s)),
            "In the first part stands the SLOPE of the factor z, and that is 1.",
        ),
        Mistake(
            lambda z: (
                z / (1 + np.exp(-z)),
                1 / (1 + np.exp(-z)) * (1 + z * (1 - 1 / (1 + np.exp(-z)))),
            ),
            "Right, but with the textbook sigmoid, which overflows. Call yours of 03.2.",
        ),
        Mistake(_silu(lambda z, s: s - z * s * (1 - s)), "The two parts of the slope are added."),
        Mistake(
            _silu(lambda z, s: s + z * s),
            "The second part is z times the SLOPE of the sigmoid, σ (1 − σ).",
        ),
        Mistake(_silu(lambda z, s: np.ones_like(z)), "The slope is 1 only far to the right."),
        Mistake(lambda z: (sigmoid(z), d_sigmoid(z)), "That is the sigmoid. SiLU is z times it."),
        Mistake(lambda z: (np.maximum(z, 0), 1.0 * (z > 0)), "That is ReLU. SiLU is z · σ(z)."),
    ),
    hints=(
        "The value: z * sigmoid(z). Keep s = sigmoid(z), you need it three times.",
        "A product f · g has the slope f′ · g + f · g′. Here f = z, f′ = 1, g = s.",
        "return z * s, s + z * s * (1 - s)",
    ),
    points=2,
)


def scores(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two scores by hand", (np.array([0.0, np.log(3.0)]),))
    yield Case("three examples", (rng.normal(0, 2, size=(3, 5)),))
    yield Case("as many examples as classes", (rng.normal(0, 2, size=(4, 4)),))
    yield Case("one class", (rng.normal(size=(3, 1)),))
    yield Case("three axes", (rng.normal(size=(2, 3, 4)),))
    yield Case("all scores far up", (np.array([[1000.0, 1001.0, 1002.0], [5.0, 5.0, 5.0]]),))
    far = np.array([[-1000.0, -1001.0, -999.0], [1000.0, 0.0, -1000.0]])
    yield Case("far down, and far apart", (far,))


def _shares(e, axis=-1):
    return e / e.sum(axis=axis, keepdims=True)


def _naive(z):
    return _shares(np.exp(z))


def _sum_without_keepdims(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def _second_axis(z):
    return _shares(np.exp(z - z.max(axis=1, keepdims=True)), axis=1)


SOFTMAX = Exercise(
    id="03.6",
    function=softmax,
    cases=scores,
    mistakes=(
        Mistake(_naive, "Right for small scores. e¹⁰⁰⁰ overflows: first subtract the largest."),
        Mistake(
            lambda z: _shares(np.exp(z - z.max())),
            "One largest number for all examples: the others may then vanish. Each has its own.",
        ),
        Mistake(
            lambda z: _shares(np.exp(z - z.max(axis=0)), axis=0),
            "The shares add up along the first axis. The scores lie along the last one.",
        ),
        Mistake(
            lambda z: (
                np.exp(z - z.max(axis=-1, keepdims=True))
                / np.exp(z - z.max(axis=-1, keepdims=True)).sum()
            ),
            "Divided by the sum over all examples. Each example's shares add up to 1.",
        ),
        Mistake(
            lambda z: np.exp(z) / np.exp(z).sum(),
            "Divided by the sum over all examples: each has its own. And e¹⁰⁰⁰ overflows.",
        ),
        Mistake(
            lambda z: _shares(np.exp(z), axis=0),
            "The shares add up along the first axis, and not the last. And e¹⁰⁰⁰ overflows.",
        ),
        Mistake(
            lambda z: _shares(np.exp(z - z.max(axis=-1, keepdims=True)), axis=0),
            "The sum runs over the examples. Each example's own scores: the last axis, keepdims.",
        ),
        Mistake(
            lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(),
            "The largest and the sum are taken over all examples: each has its own.",
        ),
        Mistake(
            lambda z: np.exp(z - z.max(axis=-1, keepdims=True)),
            "Not divided yet: shares add up to 1.",
        ),
        Mistake(
            lambda z: z / z.sum(axis=-1, keepdims=True),
            "The exponentials are missing: without them shares may be negative.",
        ),
        Mistake(
            lambda z: _shares(np.exp(z - z.min(axis=-1, keepdims=True))),
            "You subtract the smallest. Then the others grow: subtract the largest.",
        ),
        Mistake(
            lambda z: np.exp(z - z.max(axis=-1)) / np.exp(z - z.max(axis=-1)).sum(axis=-1),
            "keepdims=True is missing, so rows are divided by another row's sum.",
        ),
        Mistake(
            _sum_without_keepdims,
            "The sum needs keepdims=True too, so that each row is divided by its own.",
        ),
        Mistake(_second_axis, "axis=1 is the last axis of a table only. -1 is the last of any."),
        Mistake(
            lambda z: _shares(np.exp(z - 1000)),
            "A fixed number suits some scores only. Subtract each example's own largest.",
        ),
        Mistake(
            lambda z: _shares(np.exp(z.max(axis=-1, keepdims=True) - z)),
            "The order is turned round: subtract the largest FROM the scores.",
        ),
        Mistake(
            lambda z: np.log(softmax(z) + 1e-12),
            "That is its logarithm. Here the shares themselves.",
        ),
        Mistake(
            lambda z: (z == z.max(axis=-1, keepdims=True)) * 1.0,
            "The largest takes all. Softmax shares: the others get something too.",
        ),
        Mistake(
            lambda z: _shares(np.exp(z - z.mean(axis=-1, keepdims=True))),
            "Subtracting the mean is not enough: far apart, the largest still overflows.",
        ),
    ),
    hints=(
        "Three steps along the last axis: subtract the largest, take np.exp, divide by the sum.",
        "Both z.max and e.sum need axis=-1 and keepdims=True, so that they fit to their rows.",
        "e = np.exp(z - z.max(axis=-1, keepdims=True)), then e / e.sum(axis=-1, keepdims=True)",
    ),
    points=2,
)


def saturated_fraction(slopes, eps):
    return (np.abs(slopes) < eps).mean()


def many_slopes(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("four slopes by hand", (np.array([0.25, 0.001, -0.002, -0.1]), 0.01))
    yield Case("exactly eps", (np.array([0.5, 0.25, 0.0]), 0.25))
    yield Case("none", (np.array([[1.0, 0.5]]), 0.1))
    yield Case("all", (np.zeros((2, 3)), 0.1))
    yield Case("a table", (rng.integers(-8, 9, size=(30, 7)) / 16, 0.2))


SATURATED = Exercise(
    id="03.7",
    function=saturated_fraction,
    cases=many_slopes,
    mistakes=(
        Mistake(
            lambda s, eps: (s < eps).mean(),
            "Every negative slope counts as small. Compare the size without the sign.",
        ),
        Mistake(
            lambda s, eps: (np.abs(s) <= eps).mean(), "A slope of exactly eps is not below eps."
        ),
        Mistake(
            lambda s, eps: (np.abs(s) < eps).sum(), "That is how many. What share of all is it?"
        ),
        Mistake(
            lambda s, eps: (np.abs(s) > eps).mean(),
            "That is the share of those that are NOT small.",
        ),
        Mistake(
            lambda s, eps: 100 * saturated_fraction(s, eps), "Per cent. Return a share from 0 to 1."
        ),
        Mistake(
            lambda s, eps: (np.abs(s) < eps).mean(axis=0),
            "One share for each column. Count over all slopes at once.",
        ),
        Mistake(
            lambda s, eps: np.abs(s) < eps, "True and False for each. What share of them is True?"
        ),
        Mistake(lambda s, eps: (s == 0).mean(), "Only slopes of exactly 0 are counted."),
        Mistake(
            lambda s, eps: ((s > 0) & (s < eps)).mean(),
            "Slopes of 0, and small negative ones, are left out.",
        ),
        Mistake(
            lambda s, eps: (np.abs(s) < 0.01).mean(), "eps is not used: 0.01 stands in its place."
        ),
        Mistake(
            lambda s, eps: (np.abs(s) < eps).sum() / len(s),
            "Divided by the number of rows. Divide by the number of all slopes.",
        ),
    ),
    hints=(
        "np.abs takes the sign away. Then compare with eps.",
        "True counts as 1 and False as 0: what is the mean of such an array?",
        "(np.abs(slopes) < eps).mean()",
    ),
)

EXERCISES = (RELU, SIGMOID, D_SIGMOID, LEAKY, SILU, SOFTMAX, SATURATED)
