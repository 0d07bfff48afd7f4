"""Checks of lesson 07: an engine of numbers, the way back in arrays, the gradient check."""

from collections.abc import Callable, Iterator

import numpy as np

from nnlearn.course.checks.backward_numbers import NUMBERS
from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.gradcheck import numerical_gradient
from nnlearn.nn.functional import softmax


def relu_backward(g, z):
    return g * (z > 0)


def bends(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(
        "four sums by hand", (np.array([5.0, -2.0, 3.0, 1.0]), np.array([2.0, 0.5, -1.0, 0.0]))
    )
    yield Case("one sum", (np.array([-3.0]), np.array([1.5])))
    yield Case("a table", (rng.normal(size=(5, 3)), rng.normal(size=(5, 3))))
    yield Case("all asleep", (rng.normal(size=(2, 4)), -rng.uniform(0.1, 2, (2, 4))))
    yield Case("exact zeros", (np.array([[1.0, -2.0, 3.0]]), np.array([[0.0, 0.0, 4.0]])))
    yield Case("far out", (np.array([1e-3, -1e4, 1e4]), np.array([1e4, 1e4, -1e4])))


def _into_g(g, z, asleep=np.less_equal):
    g[asleep(z, 0)] = 0
    return g


def _asked_whole(g, z):
    return g if z > 0 else np.zeros_like(g)


RELU_BACKWARD = Exercise(
    id="07.4",
    function=relu_backward,
    cases=bends,
    mistakes=(
        Mistake(
            lambda g, z: g.copy(), "g is handed on unchanged. Where z is below 0, nothing passes."
        ),
        Mistake(
            lambda g, z: 1.0 * (z > 0),
            "That is the local slope. Multiply it by g, which comes back.",
        ),
        Mistake(lambda g, z: g * (z >= 0), "At z = 0 the slope counts as 0, as in PyTorch."),
        Mistake(
            lambda g, z: np.maximum(g, 0),
            "What is negative in g was cut off. A gradient may be negative; z decides what passes.",
        ),
        Mistake(
            lambda g, z: g * np.maximum(z, 0),
            "g was multiplied by relu's value. Multiply it by the slope, 1 or 0.",
        ),
        Mistake(
            lambda g, z: g * (z < 0), "The wrong half passes: where z is above 0 the slope is 1."
        ),
        Mistake(lambda g, z: np.maximum(z, 0), "That is the way forward, relu itself."),
        Mistake(lambda g, z: g * np.sign(z), "Below 0 the slope is 0, not -1."),
        Mistake(
            lambda g, z: np.where(z > 0, g, 0.01 * g), "That is leaky: below 0 nothing passes."
        ),
        Mistake(lambda g, z: g * z, "g times z: the slope of ReLU is 1 or 0."),
        Mistake(
            lambda g, z: z > 0, "True and False say where something passes. What passes there is g."
        ),
        Mistake(
            _asked_whole, "z is a whole array, and `if` asks a single question. Compare: z > 0."
        ),
        Mistake(
            lambda g, z: _into_g(g, z, np.less),
            "At z = 0 the slope counts as 0 as well. And write into a copy of g, not into g.",
        ),
        Mistake(_into_g, "The result is right but written into g, which others may still need."),
    ),
    hints=(
        "For each number: the local slope of relu is 1 where z > 0, else 0.",
        "Multiply along: what comes back, g, times the local slope.",
        "g * (z > 0).",
    ),
)


def dense_backward(g, X, W):
    return g @ W, g.T @ X, g.sum(axis=0)


def layers(rng: np.random.Generator) -> Iterator[Case]:
    g, X = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[3.0, 1.0, 0.0], [2.0, -1.0, 4.0]])
    yield Case("two examples by hand", (g, X, np.array([[1.0, 0.0, 2.0], [-1.0, 1.0, 0.5]])))
    for n, d, k in ((7, 4, 3), (1, 5, 2), (6, 1, 3), (4, 3, 1), (3, 3, 3), (1, 1, 1)):
        name = f"N = {n}, D = {d}, K = {k}"
        yield Case(
            name, (rng.normal(size=(n, k)), rng.normal(size=(n, d)), rng.normal(size=(k, d)))
        )
    yield Case("thousands", tuple(1000 * rng.normal(size=s) for s in ((5, 2), (5, 3), (2, 3))))


def _dense(
    dX=lambda g, X, W: g @ W, dW=lambda g, X, W: g.T @ X, db=lambda g, X, W: g.sum(axis=0)
) -> Callable:
    return lambda g, X, W: (dX(g, X, W), dW(g, X, W), db(g, X, W))


def _last_example(g, X, W):
    return np.outer(g[-1], X[-1])


DENSE_BACKWARD = Exercise(
    id="07.5",
    function=dense_backward,
    cases=layers,
    mistakes=(
        Mistake(
            _dense(dW=lambda g, X, W: X.T @ g),
            "dW lies on its side: (D, K). It must have the shape of W, (K, D).",
        ),
        Mistake(
            _dense(dX=lambda g, X, W: g @ W.T),
            "dX: g is (N, K) and W is (K, D). Which product is (N, D)? No transpose.",
        ),
        Mistake(
            _dense(dW=lambda g, X, W: g.T @ X / len(X)),
            "dW is divided by N. If the loss is a mean, g holds that already: just add up.",
        ),
        Mistake(
            _dense(db=lambda g, X, W: g.mean(axis=0)),
            "db is a mean. Each bias was used by all N examples: over paths we add.",
        ),
        Mistake(
            _dense(dW=lambda g, X, W: g.T @ X / len(X), db=lambda g, X, W: g.mean(axis=0)),
            "dW and db are divided by N. If the loss is a mean, g holds that already.",
        ),
        Mistake(
            _dense(db=lambda g, X, W: g.sum()),
            "db is one number. Each of the K biases has its own.",
        ),
        Mistake(
            _dense(db=lambda g, X, W: g.sum(axis=1)),
            "db was added up along the neurons. Add over the examples: axis 0.",
        ),
        Mistake(
            _dense(db=lambda g, X, W: g.sum(axis=0, keepdims=True)),
            "db has the shape (1, K). It must have the shape of b, (K,).",
        ),
        Mistake(
            _dense(db=lambda g, X, W: g),
            "db is g itself, (N, K). Broadcasting repeated b: add it up.",
        ),
        Mistake(
            _dense(db=lambda g, X, W: g[0]), "db looks at the first example alone. Add over all."
        ),
        Mistake(
            _dense(db=lambda g, X, W: np.ones(W.shape[0])),
            "1 is the local slope of a bias. It is multiplied by g, and added over the examples.",
        ),
        Mistake(
            _dense(dW=_last_example),
            "dW knows the last example alone: in a loop over examples, add to it (+=).",
        ),
        Mistake(
            _dense(dX=lambda g, X, W: X * (g.sum(axis=1, keepdims=True))),
            "dX needs no X: by the inputs the local slopes are the weights.",
        ),
        Mistake(
            _dense(dX=lambda g, X, W: np.broadcast_to(W.sum(axis=0), X.shape) * 1.0),
            "dX lacks g: each weight is multiplied by what comes back to its neuron.",
        ),
        Mistake(
            lambda g, X, W: (g.T @ X, g @ W, g.sum(axis=0)),
            "dX and dW are in the wrong order: return dX, dW, db.",
        ),
        Mistake(
            lambda g, X, W: (g.T @ X, g.sum(axis=0), g @ W), "The wrong order: return dX, dW, db."
        ),
        Mistake(lambda g, X, W: (g.T @ X, g.sum(axis=0)), "dX is missing: return dX, dW, db."),
        Mistake(lambda g, X, W: (g @ W, g.T @ X), "db is missing: return dX, dW, db."),
    ),
    hints=(
        "z[n, k] = sum over d of W[k, d] * X[n, d], plus b[k]. Which z does W[k, d] touch?",
        "By shapes: dX is (N, D) from g (N, K) and W (K, D); dW is (K, D) from g and X (N, D).",
        "g @ W, g.T @ X, and g added up over the examples.",
    ),
    points=2,
)


def cross_entropy_backward(g, z, labels):
    return g[:, None] * (softmax(z) - _one_hot(z, labels))


def _one_hot(z, labels):
    return np.eye(z.shape[1], dtype=z.dtype)[labels]


def scores(rng: np.random.Generator) -> Iterator[Case]:
    z = np.array([[0.0, 0.0, 0.0], [0.0, np.log(2.0), 0.0]])
    yield Case("two examples by hand", (np.array([3.0, -4.0]), z, np.array([2, 1])))
    for n, k in ((6, 4), (1, 3), (5, 2), (4, 4)):
        z, g = rng.normal(size=(n, k)), rng.uniform(0.2, 2, n) * rng.choice([-1.0, 1.0], n)
        yield Case(f"N = {n}, K = {k}", (g, z, rng.integers(0, k, n)))
    yield Case(
        "a mean over five", (np.full(5, 0.2), rng.normal(size=(5, 3)), rng.integers(0, 3, 5))
    )
    z = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -999.0, -1001.0], [0.5, 0.0, 1.0]])
    yield Case("scores of ±1000", (np.array([1.0, 2.0, 0.5]), z, np.array([2, 0, 1])))


def _through(change) -> Callable:
    """A wrong way from g, the shares and the one-hot labels."""
    return lambda g, z, labels: change(g, softmax(z), _one_hot(z, labels), z)


def _unsafe(z, top=np.zeros_like):
    e = np.exp(z - top(z))
    return e / e.sum(axis=1, keepdims=True)


def _all_together(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def _all_columns(g, z, labels):
    p = softmax(z)
    p[:, labels] -= 1
    return g[:, None] * p


CROSS_ENTROPY_BACKWARD = Exercise(
    id="07.6",
    function=cross_entropy_backward,
    cases=scores,
    mistakes=(
        Mistake(
            _through(lambda g, p, h, z: p - h),
            "g is missing. What comes back to each example is multiplied by its row.",
        ),
        Mistake(
            _through(lambda g, p, h, z: (p - h) / len(g)),
            "g is missing, and nothing is divided by N here: where the loss is a mean, g says so.",
        ),
        Mistake(
            _through(lambda g, p, h, z: g[:, None] * (p - h) / len(g)),
            "Divided by N. Each example has a loss of its own; what becomes of them is in g.",
        ),
        Mistake(
            _through(lambda g, p, h, z: g * (p - h)),
            "g has one number for each example. Beside (N, K) it must be a column: g[:, None].",
        ),
        Mistake(
            _through(lambda g, p, h, z: g.sum() * (p - h)),
            "All rows got the same factor. Each example has its own g.",
        ),
        Mistake(
            _through(lambda g, p, h, z: g.mean() * (p - h)),
            "All rows got the mean of g. Each example has its own.",
        ),
        Mistake(
            _through(lambda g, p, h, z: g[:, None] * (h - p)),
            "The sign is turned: more score for the right class makes the loss fall.",
        ),
        Mistake(
            _through(lambda g, p, h, z: g[:, None] * p - h),
            "g multiplies the shares alone. It belongs to the whole difference.",
        ),
        Mistake(
            _through(lambda g, p, h, z: p - g[:, None] * h),
            "g multiplies the one-hot alone. It belongs to the whole difference.",
        ),
        Mistake(
            _through(lambda g, p, h, z: g[:, None] * p), "The labels play no part: minus one-hot."
        ),
        Mistake(
            _through(lambda g, p, h, z: -g[:, None] * h),
            "Only the right score gets something. The other shares are pushed down.",
        ),
        Mistake(
            _through(lambda g, p, h, z: g[:, None] * (p - h) * p * (1 - p)),
            "p(1 - p) is too much: the slope of the log has cancelled it.",
        ),
        Mistake(
            _through(lambda g, p, h, z: g[:, None] * (z - h)),
            "Those are scores minus one-hot. Turn the scores into shares first.",
        ),
        Mistake(
            lambda g, z, labels: g[:, None] * (softmax(z, 0) - _one_hot(z, labels)),
            "The softmax runs down the columns. The shares of one row add up to 1.",
        ),
        Mistake(
            lambda g, z, labels: g[:, None] * (_unsafe(z) - _one_hot(z, labels)),
            "exp(1000) overflows: in the softmax, subtract each row's maximum.",
        ),
        Mistake(
            lambda g, z, labels: g[:, None] * (_unsafe(z, np.max) - _one_hot(z, labels)),
            "One maximum for all rows: those far below it vanish. Each has its own.",
        ),
        Mistake(
            lambda g, z, labels: g[:, None] * (_all_together(z) - _one_hot(z, labels)),
            "The shares of all rows together add up to 1. Each row has shares of its own.",
        ),
        Mistake(_all_columns, "p[:, labels] takes 1 from whole columns: np.arange(N), labels."),
    ),
    hints=(
        "If g were all ones: the pull of exercise 04.6, without the division by N.",
        "Row n of it is multiplied by g[n]: that is what a g of shape (N, 1) does.",
        "p = softmax of each row, safe; p[np.arange(N), labels] -= 1; return g[:, None] * p.",
    ),
    points=2,
)


def gradient_check(f, grad, x):
    x = np.array(x, dtype=np.float64)
    return _apart(grad(x), numerical_gradient(f, x))


def _apart(a, m):
    total = np.linalg.norm(a) + np.linalg.norm(m)
    return np.linalg.norm(a - m) / total if total else 0.0


def _pair(name: str, f, grad, x, words: str) -> Case:
    shown = np.array2string(np.asarray(x), precision=3, separator=", ").replace("\n", "")
    return Case(name, (f, grad, x), (*words.split("; "), shown))


def _squares(x):
    return float(np.sum(x**2))


def _waves(x):
    return float(np.sum(np.sin(x) * np.arange(1, x.size + 1).reshape(x.shape)))


def _d_waves(x):
    return np.cos(x) * np.arange(1, x.size + 1).reshape(x.shape)


def suspects(rng: np.random.Generator) -> Iterator[Case]:
    x = np.array([1.0, -2.0, 0.5])
    yield _pair("half of the truth", _squares, lambda x: 1 * x, x, "sum of x²; x")
    yield _pair("the truth", _squares, lambda x: 2 * x, x, "sum of x²; 2x")
    yield _pair("the opposite", _squares, lambda x: -2 * x, x, "sum of x²; -2x")
    yield _pair("nothing at all", _squares, np.zeros_like, x, "sum of x²; zeros")
    yield _pair("flat ground", lambda x: 3.0, np.zeros_like, x, "3, whatever x is; zeros")
    x = rng.normal(size=(2, 3)) + 0.5
    yield _pair("a table, right", _waves, _d_waves, x, "a sum of waves; its gradient")

    def one_off(x):
        d = _d_waves(x)
        d[1, 0] += 1.5
        return d

    yield _pair("a table, one number off", _waves, one_off, x, "a sum of waves; one number off")
    x = rng.normal(size=4) * 1000
    yield _pair("thousands", _squares, lambda x: 2.2 * x, x, "sum of x²; 2.2x")
    x = rng.normal(size=5) * 1e-3
    yield _pair("thousandths", _squares, lambda x: 2 * x + 1e-3, x, "sum of x²; 2x + 0.001")
    yield _pair("a steep one", lambda x: float(np.exp(12 * x).sum()), lambda x: 12 * np.exp(12 * x),
                np.array([1.0, 1.2]), "sum of exp(12x); 12·exp(12x)")  # fmt: skip


def _nudged(f, x, h=1e-5, up=1.0, down=1.0, width=2.0) -> np.ndarray:
    m = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        higher, lower = x.copy(), x.copy()
        higher[i] += up * h
        lower[i] -= down * h
        m[i] = (f(higher) - f(lower)) / (width * h)
    return m


def _checked(apart=_apart, **how) -> Callable:
    """The check with another distance, or other nudges."""

    def wrong(f, grad, x):
        x = np.array(x, dtype=np.float64)
        return apart(grad(x), _nudged(f, x, **how))

    return wrong


def _in_single(f, grad, x):
    return _apart(grad(x), _nudged(f, x))


def _all_at_once(f, grad, x):
    x = np.array(x, dtype=np.float64)
    return _apart(grad(x), np.full(x.shape, (f(x + 1e-5) - f(x - 1e-5)) / 2e-5))


def _by_rows(f, grad, x):
    x = np.array(x, dtype=np.float64)
    m = np.zeros(x.shape)
    for i in range(len(x)):
        nudge = np.zeros(x.shape)
        nudge[i] = 1e-5
        m[i] = (f(x + nudge) - f(x - nudge)) / 2e-5
    return _apart(grad(x), m)


def _left_nudged(f, grad, x):
    a = grad(np.array(x, dtype=np.float64))
    m = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += 1e-5
        higher = f(np.array(x, dtype=np.float64))
        x[i] -= 2e-5
        m[i] = (higher - f(np.array(x, dtype=np.float64))) / 2e-5
    return _apart(a, m)


def _norm(v) -> float:
    return float(np.linalg.norm(v))


GRADIENT_CHECK = Exercise(
    id="07.7",
    function=gradient_check,
    cases=suspects,
    mistakes=(
        Mistake(_in_single, "The nudge drowns in float32: make a float64 copy of x first."),
        Mistake(
            _checked(lambda a, m: _norm(a - m) / np.float64(_norm(a) + _norm(m))),
            "On flat ground both gradients are 0, and 0 / 0 is no number. They agree: return 0.",
        ),
        Mistake(
            _checked(lambda a, m: _norm(a - m)),
            "The distance alone depends on the scale. Divide it by the sum of the two lengths.",
        ),
        Mistake(
            _checked(lambda a, m: abs(_norm(a) - _norm(m)) / (_norm(a) + _norm(m) or 1)),
            "You compare lengths. Two gradients may be equally long and point in opposite ways.",
        ),
        Mistake(
            _checked(
                lambda a, m: (
                    _norm(a - m) / np.float64(_norm(a)) + _norm(m) if _norm(a) + _norm(m) else 0.0
                )
            ),
            "Division comes before addition: put the sum of the two lengths into brackets.",
        ),
        Mistake(
            _checked(lambda a, m: _norm(a - m) / (_norm(m) or 1)),
            "Divided by the length of one. The sum of both lengths keeps it between 0 and 1.",
        ),
        Mistake(
            _checked(lambda a, m: _norm(a - m) / (_norm(a) or 1)),
            "Divided by the length of grad's answer alone. Add the length of what you measured.",
        ),
        Mistake(
            _checked(lambda a, m: _norm(a - m) / (max(_norm(a), _norm(m)) or 1)),
            "Divided by the larger length. The sum of the two is asked for.",
        ),
        Mistake(
            _checked(lambda a, m: _norm(a - m) / (_norm(a + m) or 1)),
            "Divided by the length of the sum, which is 0 for opposites. Add the two lengths.",
        ),
        Mistake(
            _checked(lambda a, m: float(np.abs(a - m).max())),
            "That is the largest difference. The length of the whole difference is asked for.",
        ),
        Mistake(
            _checked(lambda a, m: _apart(a, m) ** 2),
            "The lengths are squared: np.linalg.norm takes the root.",
        ),
        Mistake(
            _checked(lambda a, m: bool(_apart(a, m) < 1e-6)),
            "True or False came back. Return the number: how far the two are apart.",
        ),
        Mistake(
            _checked(lambda a, m: _apart(a.sum(), m.sum())),
            "The gradients were added up first: errors up and down may cancel.",
        ),
        Mistake(
            _checked(width=1.0),
            "From x - h to x + h are two h: divide the difference by 2 * h.",
        ),
        Mistake(
            _checked(down=0.0, width=1.0),
            "You nudge up only. Up and down, over 2 * h, is far more exact.",
        ),
        *(
            Mistake(_checked(h=h), f"The nudges are {h:g} long. Take 1e-5, on which all agree.")
            for h in (1e-3, 1e-4, 1e-6, 1e-7)
        ),
        Mistake(
            _checked(down=-1.0),
            "Both nudges go the same way, so nothing is measured.",
        ),
        Mistake(
            _all_at_once,
            "All numbers were nudged at once. Each alone: a loop over np.ndindex(x.shape).",
        ),
        Mistake(
            _by_rows, "Rows were nudged as a whole. x may have several axes: np.ndindex(x.shape)."
        ),
        Mistake(_left_nudged, "x is not put back after a nudge. Work on copies."),
    ),
    hints=(
        "Measure m as in exercise 05.1: each number of x alone, up and down by 1e-5.",
        "x = np.array(x, dtype=np.float64) makes a copy in which nudges do not drown.",
        "top = norm(a - m); total = norm(a) + norm(m); top / total, or 0 where total is 0.",
    ),
    points=2,
)

EXERCISES = (
    *NUMBERS,
    RELU_BACKWARD,
    DENSE_BACKWARD,
    CROSS_ENTROPY_BACKWARD,
    GRADIENT_CHECK,
)
