"""Checks of lesson 05: a gradient by nudges, steps against it, the rate that is too large."""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.gradcheck import numerical_gradient
from nnlearn.optim.steps import gd_step


def _central(f, x, up, down, h):
    return (f(up) - f(down)) / (2 * h)


def _nudged(f, x, h, quotient=_central, dtype=np.float64):
    """Nudge each number of x by h, in a copy of type `dtype`, and fill in the quotients."""
    x = x.astype(dtype)
    gradient = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = quotient(f, x, up, down, h)
    return gradient


def _cubes(v):
    return np.sum(v**3)


def _mixed(v):
    return np.sum(v**2) + np.prod(v)


def _weighted(v):
    """By rows, so that the same numbers in another shape give another sum."""
    return float((np.sin(v).T @ np.arange(1.0, len(v) + 1)).sum())


def functions(rng: np.random.Generator) -> Iterator[Case]:
    by_hand = (lambda v: v[0] ** 2 + 3 * v[1], np.array([1.0, 2.0]), 0.1)
    yield Case("v[0]² + 3 v[1] at (1, 2), by hand", by_hand)
    yield Case("sum of cubes, a long nudge", (_cubes, np.array([1.0, -2.0, 0.5]), 0.5))
    yield Case("one number", (_cubes, rng.normal(size=1), 0.25))
    yield Case("a table", (_weighted, rng.normal(size=(3, 2)), 1e-4))
    yield Case("three axes", (_weighted, rng.normal(size=(2, 3, 2)), 1e-3))
    yield Case("numbers that hang together", (_mixed, rng.uniform(0.5, 2, size=4), 0.01))
    yield Case("whole numbers", (_cubes, np.array([2, -1, 3]), 0.5))
    yield Case("a short nudge", (_cubes, rng.normal(size=5), 1e-5))


def _forward(f, x, h):
    return _nudged(f, x, h, lambda f, x, up, down, h: (f(up) - f(x)) / h)


def _never_put_back(f, x, h):
    x, total = x.astype(float), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        nudged = (np.arange(x.size) <= np.ravel_multi_index(i, x.shape)).reshape(x.shape) * h
        total[i] = (f(x + nudged) - f(x - nudged)) / (2 * h)
    return total


def _row_by_row(f, x, h):
    rows = np.eye(len(x)).reshape(-1, len(x), *[1] * (x.ndim - 1)) * h
    return np.array([(f(x + row) - f(x - row)) / (2 * h) for row in rows])


NUMERICAL_GRADIENT = Exercise(
    id="05.1",
    function=numerical_gradient,
    cases=functions,
    mistakes=(
        Mistake(_forward, "You nudged to one side only. Nudge up and down."),
        Mistake(
            lambda *a: 2 * numerical_gradient(*a), "Twice too large. How far from x - h to x + h?"
        ),
        Mistake(lambda *a: -numerical_gradient(*a), "The sign is turned: up minus down."),
        Mistake(
            lambda f, x, h: h * h * numerical_gradient(f, x, h),
            "/ 2 * h divides by 2 and then multiplies by h. Brackets: / (2 * h).",
        ),
        Mistake(
            lambda f, x, h: 2 * h * numerical_gradient(f, x, h),
            "That is the change. A slope is the change divided by the way.",
        ),
        Mistake(
            lambda f, x, h: numerical_gradient(f, x),
            "h makes no difference. Is 1e-5 written where h belongs?",
        ),
        Mistake(
            lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
            "All numbers were nudged at once: one slope for all. Each needs a nudge of its own.",
        ),
        Mistake(
            _never_put_back,
            "The numbers nudged before are still nudged. Begin each time with a fresh copy of x.",
        ),
        Mistake(
            _row_by_row,
            "A whole row was nudged. x may be a table: np.ndindex(x.shape) visits each number.",
        ),
        Mistake(
            lambda f, x, h: _nudged(f, x, h, _central, x.dtype),
            "The nudged copies keep x's dtype: float32 rounds a short nudge away, whole numbers "
            "cut it off. x.astype(float) makes a copy that can be nudged.",
        ),
        Mistake(
            lambda f, x, h: numerical_gradient(f, x, h).astype(x.dtype),
            "The result has x's dtype, and whole numbers cut the slopes off. Make it float64.",
        ),
        Mistake(
            lambda *a: numerical_gradient(*a).ravel(), "All in one row. Give them the shape of x."
        ),
        Mistake(
            lambda f, x, h: numerical_gradient(f, x.ravel(), h).reshape(x.shape),
            "f was given all numbers in one row. It takes an array in the shape of x.",
        ),
        Mistake(lambda *a: numerical_gradient(*a).sum(), "Added up. Each number of x has a slope."),
    ),
    hints=(
        "Each number of x needs two evaluations of f. Which array goes in, and what is divided?",
        "x.astype(float) is a copy that can be nudged. Change one number in it; all others stay.",
        "for i in np.ndindex(x.shape): up, down = two copies; up[i] += h; down[i] -= h; then "
        "(f(up) - f(down)) / (2 * h) belongs at gradient[i].",
    ),
    points=2,
)


def steps(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two numbers by hand", (np.array([3.0, -1.0]), np.array([2.0, -4.0]), 0.1))
    yield Case("one number", (np.array([0.5]), np.array([-3.0]), 0.25))
    yield Case("at rest", (np.array([1.0, 2.0, 3.0]), np.zeros(3), 0.7))
    yield Case("a table", (rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 0.03))
    yield Case("as many rows as columns", (rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), 1.5))
    yield Case("steep", (rng.normal(size=5), 1e4 * rng.normal(size=5), 1e-3))


GD_STEP = Exercise(
    id="05.2",
    function=gd_step,
    cases=steps,
    mistakes=(
        Mistake(
            lambda p, g, lr: np.subtract(p, lr * g, out=p),
            "p -= ... writes into the array given. Compute a new one.",
        ),
        Mistake(
            lambda p, g, lr: p - np.multiply(g, lr, out=g),
            "g *= ... writes into the gradient given. Leave it.",
        ),
        Mistake(lambda p, g, lr: p + lr * g, "That goes up. Step against the gradient."),
        Mistake(lambda p, g, lr: p - g, "The learning rate plays no part. It scales the gradient."),
        Mistake(lambda p, g, lr: p - lr, "The gradient plays no part: lr times it is wanted."),
        Mistake(lambda p, g, lr: p - lr * np.sign(g), "Every step is lr long. Steeper: longer."),
        Mistake(lambda p, g, lr: -lr * g, "That is the step alone. Where do you stand after it?"),
        Mistake(
            lambda p, g, lr: p - lr * g / np.linalg.norm(g),
            "You divided by the gradient's length. Plain descent does not: steeper, longer.",
        ),
        Mistake(lambda p, g, lr: p - g / lr, "A small rate would make a long step: multiply."),
        Mistake(lambda p, g, lr: p - lr * g.mean(), "All moved alike. Each has its own slope."),
    ),
    hints=(
        "The gradient points to where the loss grows. Which way do you go?",
        "The step is lr times the gradient, and it is taken away from p.",
        "return p - lr * g. Not p -= lr * g: that changes the caller's array.",
    ),
)


def gradient_descent(grad, x0, lr, steps):
    path = [x0]
    for _ in range(steps):
        path.append(path[-1] - lr * grad(path[-1]))
    return np.array(path)


def descents(rng: np.random.Generator) -> Iterator[Case]:
    def unequal(v):
        return np.arange(1.0, len(v) + 1) * v

    def two_valleys(v):  # of v⁴ - 2v², summed
        return 4 * v**3 - 4 * v

    yield Case("the gradient 2v from 4, by hand", (lambda v: 2 * v, np.array([4.0]), 0.25, 2))
    yield Case("two curvatures", (unequal, np.array([3.0, -2.0]), 0.3, 6))
    yield Case("no step at all", (unequal, rng.normal(size=3), 0.3, 0))
    yield Case("one step", (two_valleys, rng.uniform(-1, 1, size=4), 0.05, 1))
    yield Case("two valleys", (two_valleys, rng.uniform(-1, 1, size=2), 0.05, 25))
    yield Case("beyond 2/L", (unequal, np.array([0.5, 1.0, -1.0]), 0.8, 9))
    yield Case("from whole numbers", (unequal, np.array([3, -5]), 0.1, 4))
    yield Case("at rest from the start", (unequal, np.zeros(2), 0.1, 3))


def _cut_path(a, b):  # a list: without any place its array has the shape (0,)
    return lambda grad, x0, lr, n: np.array(list(gradient_descent(grad, x0, lr, n + b)[a:]))


def _never_looks_again(grad, x0, lr, steps):
    return x0 - lr * np.arange(steps + 1)[:, None] * grad(x0)


def _walking(own, copies):
    """One array walks, `own` makes it of the caller's; the path holds it, or copies of it."""

    def wrong(grad, x0, lr, steps):
        x = own(x0)
        path = [x.copy() if copies else x]
        for _ in range(steps):
            x -= lr * grad(x)
            path.append(x.copy() if copies else x)
        return np.array(path)

    return wrong


def _stops_early(grad, x0, lr, steps):
    path = gradient_descent(grad, x0, lr, steps)
    still = np.flatnonzero(np.abs(np.diff(path, axis=0)).max(axis=1, initial=0) < 1e-3)
    return path[: still[0] + 1] if len(still) else path


def _whole_numbers(grad, x0, lr, steps):
    path = [x0]
    for _ in range(steps):
        path.append((path[-1] - lr * grad(path[-1])).astype(x0.dtype))
    return np.array(path)


GRADIENT_DESCENT = Exercise(
    id="05.3",
    function=gradient_descent,
    cases=descents,
    mistakes=(
        Mistake(
            _walking(own=np.asarray, copies=False),
            "All rows are the last place, and x0 has moved: x -= ... changes the one array.",
        ),
        Mistake(
            _walking(own=np.copy, copies=False),
            "All rows are the last place: x -= ... changes the one array. Compute a new x.",
        ),
        Mistake(
            _walking(own=lambda x: x.astype(float), copies=False),
            "The list holds one array many times, and -= changes it. x = x - ... makes a new one.",
        ),
        Mistake(
            _walking(own=np.asarray, copies=True),
            "x0 itself was moved: -= writes into the caller's array. Compute a new x instead.",
        ),
        Mistake(
            _walking(own=np.copy, copies=True),
            "-= cannot put a fraction into an array of whole numbers. x = x - ... makes a new one.",
        ),
        Mistake(_cut_path(1, 0), "The start is missing: the path has steps + 1 places."),
        Mistake(_cut_path(0, -1), "The last place is missing: the path has steps + 1 places."),
        Mistake(_cut_path(0, 1), "One step too many: the path has steps + 1 places in all."),
        Mistake(lambda *a: gradient_descent(*a)[-1], "Only the end. The whole way is asked for."),
        Mistake(
            _never_looks_again,
            "The gradient was taken once, at the start. Feel the ground again at each place.",
        ),
        Mistake(
            lambda grad, x0, lr, steps: gradient_descent(grad, x0, -lr, steps),
            "It walks uphill. Step against the gradient.",
        ),
        Mistake(
            lambda grad, x0, lr, steps: gradient_descent(grad, x0, 1.0, steps),
            "The learning rate plays no part. Each step is lr times the gradient.",
        ),
        Mistake(
            _whole_numbers,
            "The path has the dtype of x0, and whole numbers cut each place off. Make it float.",
        ),
        Mistake(lambda *a: gradient_descent(*a).T, "Swapped: each place is a row."),
        Mistake(
            _stops_early, "It stops where nothing moves. The path has steps + 1 places always."
        ),
    ),
    hints=(
        "Keep the places in a list that begins with x0. What does the next place depend on?",
        "steps times: take the last place, step against the gradient there, append the new place.",
        "path.append(gd_step(path[-1], grad(path[-1]), lr)), and np.array(path) at the end.",
    ),
    points=2,
)


def d_line(x, y, height, slope):
    e = height + slope * x - y
    return 2 * e.mean(), 2 * (e * x).mean()


def lines(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two points by hand", (np.array([1.0, 3.0]), np.array([2.0, 2.0]), 1.0, 2.0))
    yield Case("one point", (np.array([2.5]), np.array([-1.0]), 0.5, -1.0))
    yield Case("flat line at 0", (rng.normal(size=6) + 3, rng.normal(size=6) - 1, 0.0, 0.0))
    yield Case("seven points", (rng.normal(size=7), rng.normal(size=7) + 2, -0.75, 1.25))
    x = rng.uniform(-5, 15, size=50)
    yield Case("fifty warm days", (x, 5 + 1.3 * x + rng.normal(size=50), 2.0, 0.5))
    yield Case("thousands", (np.array([1e3, -500.0, 0.0]), np.array([1.0, 2e3, 3.0]), 9.0, -3.0))


def _height(e, x):
    return 2 * e.mean()


def _slope(e, x):
    return 2 * (e * x).mean()


def _line(d_height=_height, d_slope=_slope, part=1):
    """With other slopes than the right ones; `part` is how much of the height counts."""

    def wrong(x, y, height, slope):
        e = part * height + slope * x - y
        return d_height(e, x), d_slope(e, x)

    return wrong


D_LINE = Exercise(
    id="05.4",
    function=d_line,
    cases=lines,
    mistakes=(
        Mistake(lambda *a: d_line(*a)[::-1], "The two are swapped: height first, then slope."),
        Mistake(
            _line(lambda e, x: -_height(e, x), lambda e, x: -_slope(e, x)),
            "Both signs are turned. The error is ŷ - y, not y - ŷ.",
        ),
        Mistake(
            _line(lambda e, x: e.mean(), lambda e, x: (e * x).mean()),
            "The 2 is missing in both: the slope of e² is 2e.",
        ),
        Mistake(
            _line(lambda e, x: 2 * e.sum(), lambda e, x: 2 * (e * x).sum()),
            "Those belong to the sum of the squares. The loss is their mean: divide by N.",
        ),
        Mistake(
            _line(d_slope=_height),
            "Both are the same. A nudge of the slope moves each answer by its own x.",
        ),
        Mistake(
            _line(d_slope=lambda e, x: 2 * e.mean() * x.mean()),
            "The mean of e times the mean of x is not the mean of e·x: multiply first.",
        ),
        Mistake(_line(part=0), "The height is missing in ŷ = height + slope · x."),
        Mistake(
            lambda x, y, height, slope: d_line(x, y, slope, height),
            "Height and slope are mixed up in ŷ = height + slope · x.",
        ),
        Mistake(
            _line(lambda e, x: 2 * e, lambda e, x: 2 * e * x), "One for each point. Take means."
        ),
        Mistake(_line(_slope), "Both carry x. A nudge of the height moves each answer by 1."),
    ),
    hints=(
        "First the errors e = height + slope * x - y: an array, one number for each point.",
        "A nudge of the height changes each error by 1, a nudge of the slope by x.",
        "2 * e.mean(), and 2 * (e * x).mean().",
    ),
    points=2,
)


def fit_line(x, y, lr, steps):
    height = slope = 0.0
    for _ in range(steps):
        d_height, d_slope = d_line(x, y, height, slope)
        height, slope = height - lr * d_height, slope - lr * d_slope
    return height, slope


def clouds(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two points by hand, one step", (np.array([0.0, 2.0]), np.array([1.0, 5.0]), 0.1, 1))
    x = rng.normal(size=20) + 0.5
    yield Case("no step at all", (x, 3 - 2 * x, 0.1, 0))
    yield Case("two steps", (x, 3 - 2 * x + rng.normal(size=20), 0.05, 2))
    yield Case("a hundred steps", (x, 4 + 1.5 * x + rng.normal(size=20), 0.1, 100))
    warm = rng.uniform(-5, 15, size=30)
    yield Case("a narrow valley", (warm, 6 + 1.3 * warm + rng.normal(size=30), 0.004, 40))
    yield Case("one point", (np.array([2.0]), np.array([3.0]), 0.05, 7))


def _in_turn(moves=True):
    """One after the other, the second feeling what the first has done."""

    def wrong(x, y, lr, steps):
        p = [0.0, 0.0]
        for _ in range(steps):
            for i in (0, 1):
                p[i] -= lr * d_line(x, y, *p)[i] * (moves or i)
        return tuple(p)

    return wrong


def _begins_again(x, y, lr, steps):
    for _ in range(steps):
        line = fit_line(x, y, lr, 1)
    return line


def _best_line(x, y, lr, steps):
    return tuple(np.linalg.lstsq(np.c_[np.ones(len(x)), x], y, rcond=None)[0])


FIT_LINE = Exercise(
    id="05.5",
    function=fit_line,
    cases=clouds,
    mistakes=(
        Mistake(
            _in_turn(),
            "The slope's step was felt after the height had moved. First feel both, then move.",
        ),
        Mistake(lambda *a: fit_line(*a)[::-1], "The two are swapped: height first, then slope."),
        Mistake(lambda x, y, r, n: fit_line(x, y, -r, n), "It climbs. Step against the gradient."),
        Mistake(
            lambda x, y, lr, n: fit_line(x, y, lr, 1) if n else None,
            "It stops after one step. Is the return inside the loop?",
        ),
        Mistake(lambda x, y, lr, steps: fit_line(x, y, lr, steps + 1), "One step too many."),
        Mistake(lambda x, y, lr, steps: fit_line(x, y, lr, max(steps - 1, 0)), "One step too few."),
        Mistake(_in_turn(moves=False), "The height never moves from 0."),
        Mistake(
            _begins_again,
            "Each step begins at 0 again. Set height and slope once, before the loop.",
        ),
        Mistake(
            lambda x, y, lr, n: fit_line(x, y, lr * n, 1),
            "The slopes were felt once, at the start. Feel them anew in each round of the loop.",
        ),
        Mistake(_best_line, "The best line. Asked for is where so many steps arrive."),
    ),
    hints=(
        "Start with height = slope = 0.0, and repeat one thing `steps` times.",
        "d_height, d_slope = d_line(x, y, height, slope): both before anything moves.",
        "Then height -= lr * d_height and slope -= lr * d_slope. After the loop return both.",
    ),
    points=2,
)


def _curvatures(X):
    return np.linalg.eigvalsh(2 / len(X) * X.T @ X)


def largest_rate(X):
    return 2 / _curvatures(X)[-1]


def designs(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("one column by hand", (np.array([[1.0], [3.0]]),))
    yield Case("ones and one column", (np.c_[np.ones(9), rng.normal(size=9) + 2],))
    scales = np.array([0.1, 3.0, 1.0, 20.0])
    yield Case("four scales", (rng.normal(size=(30, 4)) * scales,))
    yield Case("as many rows as columns", (rng.normal(size=(3, 3)) + np.eye(3),))
    yield Case("columns that go together", (rng.normal(size=(12, 1)) + rng.normal(size=(12, 2)),))
    yield Case("a curvature for each column", (np.array([[2.0, 0.0], [0.0, 5.0], [0.0, 0.0]]),))


RATE = Exercise(
    id="05.6",
    function=largest_rate,
    cases=designs,
    mistakes=(
        Mistake(lambda X: largest_rate(X) / 2, "Half of it. Is it 1/L? 2/L is asked for."),
        Mistake(
            lambda X: largest_rate(X) * 2,
            "Twice too large. The slope of e² is 2e: the Hessian has a 2 as well.",
        ),
        Mistake(lambda X: largest_rate(X) * X.shape[1], "X.size is N·D. Rows: len(X)."),
        Mistake(
            lambda X: largest_rate(X) * 2 / len(X),
            "XᵀX alone is not the Hessian: the square brings a 2, and the mean divides by N.",
        ),
        Mistake(
            lambda X: largest_rate(X) / len(X),
            "N is missing: the loss is a mean over the rows, and so is the Hessian.",
        ),
        Mistake(
            lambda X: 2 / _curvatures(X)[0], "The smallest curvature. The largest diverges first."
        ),
        Mistake(lambda X: 2 / _curvatures(X).sum(), "All were added up. The largest decides."),
        Mistake(
            lambda X: 2 / np.diag(2 / len(X) * X.T @ X).max(),
            "That is the steepest of the axes. A steeper direction may lie between: eigvalsh.",
        ),
        Mistake(lambda X: _curvatures(X)[-1], "That is L. Which rate belongs to it?"),
        Mistake(lambda X: 2 / _curvatures(X), "A rate for each curvature. Which one counts?"),
    ),
    hints=(
        "The Hessian of the mean of (X p - y)² is 2/N times a product of X with itself, (D, D).",
        "2 / len(X) * X.T @ X. np.linalg.eigvalsh sorts its curvatures, the smallest first.",
        "L = np.linalg.eigvalsh(2 / len(X) * X.T @ X)[-1], and the rate is 2 / L.",
    ),
    points=2,
)


def _diverges(v):
    return not np.isfinite(v).all() or v[-1] > v[0]


def _still_falling(v, of=lambda v: v[0] - v[-1]):
    return v[len(v) // 2] - v[-1] > 0.1 * of(v)


def _rule(diverges=_diverges, falling=_still_falling, words=("too small", "good", "diverging")):
    return lambda v: words[2] if diverges(v) else words[0] if falling(v) else words[1]


def diagnose_rate(losses):
    return _rule()(losses)


def curves(rng: np.random.Generator) -> Iterator[Case]:
    t = np.arange(40.0)
    yield Case("falls at once, then level", (np.array([9.0, 4.0, 2.0, 1.5, 1.4, 1.4]),))
    yield Case("still on its way", (np.array([9.0, 8.5, 8.0, 7.5, 7.0, 6.5]),))
    yield Case("grows", (np.array([1.0, 1.2, 1.6, 2.5, 4.0]),))
    yield Case("creeps", (5 + rng.uniform(1, 3) * 0.999**t,))
    yield Case("zigzags, and arrives", (1 + np.abs(np.cos(t)) * 0.7**t * 8,))
    yield Case("a jump, then good", (np.array([2.3, 9.0, 4.0, 1.0, 0.5, 0.45, 0.44, 0.44]),))
    yield Case("good, with a wobble at the end", (2 + 0.6**t + 0.01 * (-1.0) ** (t + 1),))
    yield Case("grows, with dips", (np.exp(t / 8) * (1.5 + np.cos(3 * t)) * 3,))
    yield Case("falls, then runs away", (np.r_[0.5 ** t[:8], 2.0 ** t[:12]],))
    yield Case("nan at the end", (np.r_[3 * 0.9 ** t[:9], [np.nan] * 3],))
    yield Case("infinite at the end", (np.r_[2.0 ** t[:9] * 3, [np.inf] * 2],))
    yield Case("a hole in the middle", (np.r_[5 * 0.5 ** t[:6], np.nan, 0.1 * 0.5 ** t[:6]],))
    yield Case("infinite in the middle", (np.r_[5 * 0.5 ** t[:6], np.inf, 0.1 * 0.5 ** t[:6]],))
    yield Case("tiny losses, level", (1e-6 * (0.3**t + 0.1),))
    yield Case("large losses, creeping", (1e6 * 0.998**t,))
    yield Case("below zero, level", (0.4 ** t[:12] - 2,))


DIAGNOSE = Exercise(
    id="05.7",
    function=diagnose_rate,
    cases=curves,
    expected='one of "too small", "good", "diverging"',
    mistakes=(
        Mistake(
            _rule(lambda v: v[-1] > v[0]),
            "No comparison is true of nan, so it slips through. Ask np.isfinite, of all losses.",
        ),
        Mistake(
            _rule(lambda v: np.isnan(v).any() or v[-1] > v[0]),
            "nan is found, but not infinity. np.isfinite is true of neither.",
        ),
        Mistake(
            _rule(lambda v: not np.isfinite(v).all()), "A loss that ends above its start diverges."
        ),
        Mistake(
            _rule(lambda v: not np.isfinite(v).all() or (np.diff(v) > 0).any()),
            "One step up is not divergence: good walks may zigzag. Compare the end with the start.",
        ),
        Mistake(
            _rule(lambda v: not v.max() <= v[0]),
            "One loss above the start is not divergence yet. Where does it end?",
        ),
        Mistake(
            _rule(lambda v: not np.isfinite(v).all() or v[-1] > v[-2]),
            "The last two losses alone decide. At the bottom they wobble: compare with the start.",
        ),
        Mistake(
            _rule(falling=lambda v: False),
            '"too small" never comes out. Has the second half still much to fall?',
        ),
        Mistake(
            _rule(words=("good", "too small", "diverging")),
            '"good" and "too small" are swapped: a good walk has levelled out by the middle.',
        ),
        Mistake(
            _rule(falling=lambda v: _still_falling(v, lambda v: 1)),
            "You compared with 0.1 itself, and losses may be tiny. Take a tenth of the whole fall.",
        ),
        Mistake(
            _rule(falling=lambda v: _still_falling(v, lambda v: v[0])),
            "You compared with a tenth of the first loss. Compare with a tenth of the whole fall.",
        ),
        Mistake(
            _rule(falling=lambda v: v[-1] > v[0] / 2),
            "A high last loss may be the lowest there is. How much came in the second half?",
        ),
    ),
    hints=(
        "Look for diverging first: np.isfinite(losses).all(), and the last loss against the first.",
        "The whole fall is losses[0] - losses[-1]. The middle is losses[len(losses) // 2].",
        "If middle - last is more than 0.1 * (first - last), it is too small. Else good.",
    ),
    points=2,
)

EXERCISES = (NUMERICAL_GRADIENT, GD_STEP, GRADIENT_DESCENT, D_LINE, FIT_LINE, RATE, DIAGNOSE)
