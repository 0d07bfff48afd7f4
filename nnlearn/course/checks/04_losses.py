"""Checks of lesson 04: squared error, Huber, cross-entropy, and the pull of each."""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.nn.functional import sigmoid, softmax


def mse_loss(y_hat, y):
    return np.mean((y_hat - y) ** 2)


def answers(rng: np.random.Generator) -> Iterator[Case]:
    by_hand = np.array([3.0, 5.0, 1.0, 7.0]), np.array([1.0, 5.0, 2.0, 4.0])
    yield Case("four answers by hand", by_hand)
    yield Case("one answer", (np.array([-2.5]), np.array([1.5])))
    yield Case("a table of answers", (rng.normal(size=(5, 3)), rng.normal(size=(5, 3))))
    yield Case("one column", (rng.normal(size=(7, 1)), rng.normal(size=(7, 1))))
    yield Case("thousands", (np.array([1000.0, -1000.0, 0.0]), np.array([-1000.0, 500.0, 700.0])))


MSE = Exercise(
    id="04.1",
    function=mse_loss,
    cases=answers,
    mistakes=(
        Mistake(
            lambda y_hat, y: ((y_hat - y) ** 2).sum(),
            "That is the sum of the squares. Divide by how many there are: the mean.",
        ),
        Mistake(
            lambda y_hat, y: np.abs(y_hat - y).mean(),
            "Those are the errors' sizes. MSE squares them before the mean.",
        ),
        Mistake(
            lambda *a: np.sqrt(mse_loss(*a)), "You took the root at the end. MSE stays squared."
        ),
        Mistake(lambda *a: mse_loss(*a) / 2, "Half of it: some books do so, PyTorch does not."),
        Mistake(
            lambda y_hat, y: (y_hat - y).mean() ** 2,
            "First the mean, then the square: errors up and down cancel. Square each one first.",
        ),
        Mistake(
            lambda y_hat, y: (y_hat - y).mean(),
            "The squares are missing: errors up and down cancel each other.",
        ),
        Mistake(lambda y_hat, y: (y_hat - y) ** 2, "The mean is missing: one number is wanted."),
        Mistake(
            lambda y_hat, y: ((y_hat - y) ** 2).mean(axis=0),
            "A mean for each column. Take the mean over everything: no axis.",
        ),
        Mistake(
            lambda y_hat, y: ((y_hat - y) ** 2).sum() / len(y),
            "len(y) counts rows. A table has more numbers than rows: y.size, or mean().",
        ),
    ),
    hints=(
        "Three steps: subtract, square, average.",
        "(y_hat - y) ** 2 is an array, one number for each answer.",
        "np.mean of an array, without an axis, is one number.",
    ),
)


def d_mse_loss(y_hat, y):
    return 2 * (y_hat - y) / y.size


D_MSE = Exercise(
    id="04.2",
    function=d_mse_loss,
    cases=answers,
    slope_of=mse_loss,
    mistakes=(
        Mistake(
            lambda y_hat, y: -d_mse_loss(y_hat, y),
            "The sign is turned: an answer above y makes the loss grow when it is nudged up.",
        ),
        Mistake(lambda *a: d_mse_loss(*a) / 2, "The 2 is missing: the slope of e² is 2e."),
        Mistake(
            lambda y_hat, y: 2 * (y_hat - y),
            "That is the slope of the sum. The loss is a mean: each answer has 1/N of a say.",
        ),
        Mistake(
            lambda y_hat, y: y_hat - y,
            "The error alone. What does the slope of e² have before it, and the mean behind it?",
        ),
        Mistake(
            lambda y_hat, y: 2 * (y_hat - y) / len(y),
            "len(y) counts rows. A table has more numbers than rows: y.size.",
        ),
        Mistake(
            lambda y_hat, y: d_mse_loss(y_hat, y).sum(),
            "Added up. The gradient has one number for each answer, in the shape of y_hat.",
        ),
        Mistake(lambda y_hat, y: 2 * y_hat / y.size, "y is missing: the pull is by the error."),
        Mistake(
            lambda y_hat, y: np.sign(y_hat - y) / y.size,
            "That is the gradient of MAE: all pull alike. MSE's grows with the error.",
        ),
        Mistake(
            lambda y_hat, y: 2 * np.abs(y_hat - y) / y.size,
            "The direction is lost: without the sign nobody knows which way is up.",
        ),
        Mistake(
            lambda y_hat, y: (y_hat - y) ** 2 / y.size,
            "Each answer's part of the loss itself. Its slope is wanted.",
        ),
    ),
    hints=(
        "Nudge one y_hat. Only its own term (y_hat - y)² / N changes.",
        "The slope of e² is 2e. N is how many numbers there are: y.size.",
        "2 * (y_hat - y) / y.size, an array in the shape of y_hat.",
    ),
)


def _huber(inside, outside, slope, mean=True, scale=lambda d: 1.0):
    """Huber's loss with its parts given: of the error e, its size a and delta d."""

    def wrong(y_hat, y, delta):
        e = y_hat - y
        a, n = np.abs(e), e.size if mean else 1
        each = np.where(a <= delta, inside(e, a, delta), outside(e, a, delta))
        return each.sum() / n * scale(delta), slope(e, a, delta) / e.size

    return wrong


def _half_square(e, a, d):
    return e**2 / 2


def _straight(e, a, d):
    return d * (a - d / 2)


def _clipped(e, a, d):
    return np.clip(e, -d, d)


def huber_loss(y_hat, y, delta):
    return _huber(_half_square, _straight, _clipped)(y_hat, y, delta)


def huber_cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two answers by hand", (np.array([1.5, 2.0]), np.array([1.0, 5.0]), 1.0))
    yield Case("no error at all", (np.zeros(3), np.zeros(3), 0.5))
    y = rng.normal(size=6)
    yield Case("small delta", (y + np.array([0.1, -0.2, 0.55, -0.8, 2.0, -7.0]), y, 0.3))
    yield Case("large delta", (y + np.array([0.1, -2.2, 1.4, -3.8, 5.0, -0.7]), y, 2.5))
    table = rng.normal(size=(4, 3)) * 3
    yield Case("a table", (table, rng.normal(size=(4, 3)), 1.5))
    yield Case("thousands", (np.array([1000.0, -1000.0]), np.array([-500.0, 0.0]), 2.0))


def _with(change):
    """The right loss and gradient, and what becomes of them."""

    def wrong(y_hat, y, delta):
        return change(*huber_loss(y_hat, y, delta), y_hat - y, delta)

    return wrong


HUBER = Exercise(
    id="04.3",
    function=huber_loss,
    cases=huber_cases,
    slope_of=lambda y_hat, y, delta: huber_loss(y_hat, y, delta)[0],
    slope_part=1,
    mistakes=(
        Mistake(
            _huber(lambda e, a, d: e**2, _straight, _clipped),
            "The half is missing in e²/2, so the two parts do not meet at delta.",
        ),
        Mistake(
            _huber(_half_square, lambda e, a, d: d * a, _clipped),
            "At delta the loss jumps: the straight part is delta times (|e| - delta/2).",
        ),
        Mistake(
            _huber(_half_square, lambda e, a, d: d * (a - d**2 / 2), _clipped),
            "The two parts only meet when delta is 1: what is taken from |e|, delta or its square?",
        ),
        Mistake(
            _with(lambda loss, slope, e, d: (loss, slope * e.size / len(e))),
            "The gradient's len counts rows. A table has more numbers than rows: size.",
        ),
        Mistake(
            _with(lambda loss, slope, e, d: (loss, e / e.size)),
            "The gradient has no limit yet. Beyond delta it is delta, with the error's sign.",
        ),
        Mistake(
            _with(lambda loss, slope, e, d: (loss, np.where(np.abs(e) <= d, e, d) / e.size)),
            "Beyond delta every point pulls the same way. The pull has the error's sign.",
        ),
        Mistake(
            _with(lambda loss, slope, e, d: (loss, slope * e.size)),
            "The gradient belongs to the sum. The loss is a mean: divide it by N.",
        ),
        Mistake(
            _with(lambda loss, slope, e, d: (loss, -slope)),
            "The gradient's sign is turned: it has the sign of y_hat - y.",
        ),
        Mistake(
            _with(lambda loss, slope, e, d: (loss * e.size, slope)),
            "The loss is a sum. Take the mean over all answers.",
        ),
        Mistake(_with(lambda loss, slope, e, d: loss), "Only the loss came back: two results."),
        Mistake(
            _with(lambda loss, slope, e, d: (slope, loss)),
            "The wrong order: return the loss, then the gradient.",
        ),
        Mistake(
            lambda y_hat, y, delta: huber_loss(y_hat, y, 1.0),
            "delta makes no difference. Did you write 1 where delta belongs?",
        ),
        Mistake(
            _with(
                lambda loss, slope, e, d: (
                    np.where(e <= d, e**2 / 2, d * (e - d / 2)).mean(),
                    np.where(e <= d, e, d) / e.size,
                )
            ),
            "Large errors below are taken for small: compare the size |e| with delta, not e.",
        ),
        Mistake(
            _huber(_straight, _half_square, _clipped),
            "The two parts are swapped: the square is for the small errors.",
        ),
        Mistake(
            _huber(_half_square, _straight, lambda e, a, d: np.where(a <= d, e, np.sign(e))),
            "Beyond delta the gradient is the sign alone. The slope of delta · |e| is larger.",
        ),
        Mistake(
            _huber(_half_square, _straight, _clipped, scale=lambda d: 1 / d),
            "That is smooth_l1_loss: Huber's loss divided by delta. Leave it undivided.",
        ),
    ),
    hints=(
        "First e = y_hat - y and its size, np.abs(e). np.where chooses between the two parts.",
        "Loss: np.where(size <= delta, e**2 / 2, delta * (size - delta / 2)), and its mean.",
        "The slope of e²/2 is e, and it goes no further than delta: np.clip. Then divide by N.",
    ),
    points=2,
)


def _top(z):
    return z.max(axis=-1, keepdims=True)


def logsumexp(z):
    return np.log(np.exp(z - _top(z)).sum(axis=-1)) + _top(z)[..., 0]


def scores(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two scores by hand", (np.array([0.0, 0.0]),))
    yield Case("a row for each example", (rng.normal(size=(4, 3)) * 3,))
    yield Case("one score", (rng.normal(size=(5, 1)),))
    yield Case("as many rows as scores", (rng.normal(size=(3, 3)),))
    yield Case("three axes", (rng.normal(size=(2, 3, 4)),))
    far = np.array([[1000.0, 1000.0], [-1000.0, -1000.0], [1000.0, -1000.0], [0.0, -1000.0]])
    yield Case("thousands", (far,))


def _one_lse(z):
    return z.max() + np.log(np.exp(z - z.max()).sum(axis=-1))


def _naive_lse(z):
    return np.log(np.exp(z).sum(axis=-1))


LSE = Exercise(
    id="04.4",
    function=logsumexp,
    cases=scores,
    mistakes=(
        Mistake(_naive_lse, "exp(1000) overflows: take each row's maximum out before exp."),
        Mistake(lambda z: z.max(axis=-1), "That is the maximum alone: a part of it is missing."),
        Mistake(
            lambda z: logsumexp(z) - z.max(axis=-1),
            "You took the maximum out and did not put it back: add it at the end.",
        ),
        Mistake(
            _one_lse, "One maximum for everything: rows far below it vanish. Each has its own."
        ),
        Mistake(
            lambda z: logsumexp(z) - np.log(z.shape[-1]),
            "That is the log of a mean. Sum, and do not divide.",
        ),
        Mistake(
            lambda z: logsumexp(np.moveaxis(z, 0, -1)),
            "You went along axis 0. Scores of one example lie along the last axis.",
        ),
        Mistake(
            lambda z: logsumexp(z.ravel()), "Everything was added up: one number for each row."
        ),
        Mistake(
            lambda z: _naive_lse(z - _top(z)) + _top(z),
            "Sums (N,), maxima (N, 1): they spread to (N, N). Drop the maxima's last axis.",
        ),
        Mistake(
            lambda z: logsumexp(z)[..., None],
            "The last axis is still there, with size 1. It should be gone.",
        ),
        Mistake(
            lambda z: z - logsumexp(z)[..., None],
            "That is the log of softmax. Here log-sum-exp alone is wanted.",
        ),
        Mistake(lambda z: np.exp(z - logsumexp(z)[..., None]), "That is softmax. Stop at the sum."),
        Mistake(lambda z: z.sum(axis=-1), "The log of each exp is z itself. Sum before the log."),
        Mistake(lambda z: logsumexp(z) / np.log(2), "np.log2 is for bits. The log of e is np.log."),
    ),
    hints=(
        "The largest score of each row: z.max(axis=-1, keepdims=True). Call it top.",
        "No exp of z - top is above 1. Sum along the last axis, then np.log.",
        "Add top again. It has a last axis of size 1, which must go: top[..., 0].",
    ),
    points=2,
)


def _each(logits, labels):
    return logsumexp(logits) - logits[np.arange(len(labels)), labels]


def cross_entropy(logits, labels):
    return _each(logits, labels).mean()


def labelled(rng: np.random.Generator) -> Iterator[Case]:
    by_hand = np.array([[0.0, 0.0], [0.0, np.log(3.0)]])
    yield Case("two examples by hand", (by_hand, np.array([0, 1])))
    yield Case("one example", (np.array([[0.3, -1.0, 2.0]]), np.array([1])))
    yield Case("all sizes differ", (rng.normal(size=(6, 4)), np.array([3, 0, 1, 1, 2, 3])))
    yield Case("as many examples as classes", (rng.normal(size=(3, 3)), np.array([2, 0, 2])))
    far = np.array([[1000.0, -1000.0, 0.0], [-1000.0, 0.0, 1000.0], [0.5, -0.25, 0.0]])
    yield Case("thousands", (far, np.array([1, 2, 0])))
    yield Case("thousands, all alike", (np.full((2, 3), -1000.0), np.array([0, 2])))


def one_hot(logits, labels):
    return (np.arange(logits.shape[1]) == labels[:, None]).astype(logits.dtype)


def _shares(z, labels):
    return softmax(z)[np.arange(len(labels)), labels]


SMALL = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
_CUT = "{} {:g}: a sure mistake then costs {:.1f} at most. No logs of shares: stay with scores."


def _cut_off(small):  # np.maximum, np.clip and + small all come to this
    return lambda z, labels: -np.log(np.maximum(_shares(z, labels), small)).mean()


def _one_top(z, labels):
    return (_one_lse(z) - logsumexp(z) + _each(z, labels)).mean()


CROSS_ENTROPY = Exercise(
    id="04.5",
    function=cross_entropy,
    cases=labelled,
    mistakes=(
        Mistake(_one_top, "One maximum for all rows: those far below it vanish. Each has its own."),
        Mistake(_cut_off(0), "A share of 0 has no log. Do not make shares: stay with scores."),
        Mistake(
            lambda z, labels: (_naive_lse(z) - z[np.arange(len(z)), labels]).mean(),
            "exp overflows at 1000. Your logsumexp from 04.4 does not.",
        ),
        Mistake(
            lambda z, labels: -(one_hot(z, labels) * np.log(softmax(z))).sum() / len(z),
            "0 times the log of 0 is nan: no logs of shares. Stay with scores: logsumexp.",
        ),
        *(Mistake(_cut_off(e), _CUT.format("Cut off at", e, -np.log(e))) for e in SMALL),
        Mistake(
            lambda z, labels: -cross_entropy(z, labels),
            "The sign is turned. A loss of log-shares is never below 0.",
        ),
        Mistake(
            lambda z, labels: _each(z, labels).sum(), "A sum. Take the mean over the examples."
        ),
        Mistake(
            lambda z, labels: _each(z, labels).sum() / z.size,
            "Divided by N · K. There is one term for each example: divide by N.",
        ),
        Mistake(_each, "One loss for each example. Take their mean at the end."),
        Mistake(
            lambda z, labels: (logsumexp(z)[:, None] - z[:, labels]).mean(),
            "z[:, labels] picks those columns in every row. Pick one for each: np.arange(N).",
        ),
        Mistake(
            lambda z, labels: (logsumexp(z) - z.max(axis=-1)).mean(),
            "You took the largest score. Take that of the right class: labels says which.",
        ),
        Mistake(
            lambda z, labels: -z[np.arange(len(z)), labels].mean(),
            "The right score alone. What it has to be compared with is missing.",
        ),
        Mistake(
            lambda z, labels: logsumexp(z).mean(),
            "The labels play no part. Subtract the score of the right class.",
        ),
        Mistake(lambda z, labels: -_shares(z, labels).mean(), "The log of the shares is missing."),
    ),
    hints=(
        "For one example: the log-sum-exp of its scores, minus the score of the right class.",
        "logits[np.arange(N), labels] picks from each row the score of its label.",
        "np.mean(logsumexp(logits) - picked).",
    ),
    points=2,
)


def d_cross_entropy(logits, labels):
    return (softmax(logits) - one_hot(logits, labels)) / len(labels)


def _columns(z, labels):
    p = softmax(z)
    p[:, labels] -= 1
    return p / len(z)


def _unsafe(z, labels, top=np.zeros_like):
    e = np.exp(z - top(z))
    return (e / e.sum(axis=-1, keepdims=True) - one_hot(z, labels)) / len(z)


D_CROSS_ENTROPY = Exercise(
    id="04.6",
    function=d_cross_entropy,
    cases=labelled,
    slope_of=cross_entropy,
    mistakes=(
        Mistake(
            lambda z, labels: -d_cross_entropy(z, labels),
            "The sign is turned: more score for the right class makes the loss fall.",
        ),
        Mistake(
            lambda z, labels: softmax(z) - one_hot(z, labels),
            "That belongs to the sum. The loss is a mean over N examples: divide.",
        ),
        Mistake(
            lambda z, labels: d_cross_entropy(z, labels) / z.shape[1],
            "Divided by N · K. The loss is a mean over the examples: divide by N.",
        ),
        Mistake(
            lambda z, labels: softmax(z) / len(z),
            "The labels play no part. Take 1 away at each right class.",
        ),
        Mistake(
            lambda z, labels: (softmax(z) - np.eye(len(z))[labels]) / len(z),
            "One-hot rows are as long as there are classes, z.shape[1], not examples.",
        ),
        Mistake(
            lambda z, labels: -one_hot(z, labels) / len(z),
            "Only the right score gets a pull. The other shares are to be pushed down.",
        ),
        Mistake(
            _columns,
            "p[:, labels] takes 1 from whole columns. One place in each row: np.arange(N), labels.",
        ),
        Mistake(
            lambda z, labels: (softmax(z, 0) - one_hot(z, labels)) / len(z),
            "The softmax runs down the columns. The shares of one row add up to 1.",
        ),
        Mistake(_unsafe, "exp(1000) overflows: in the softmax, subtract each row's maximum."),
        Mistake(
            lambda z, labels: _unsafe(z, labels, np.max),
            "One maximum for all rows: those far below it vanish. Each has its own.",
        ),
        Mistake(
            lambda z, labels: (z - one_hot(z, labels)) / len(z),
            "Those are scores minus one-hot. Turn the scores into shares first.",
        ),
        Mistake(
            lambda z, labels: one_hot(z, labels) * (softmax(z) - 1) / len(z),
            "The wrong classes get 0. Their share is their pull.",
        ),
        Mistake(
            lambda z, labels: (softmax(z) - labels[:, None]) / len(z),
            "You took the label's number away, from the whole row. Make labels one-hot first.",
        ),
    ),
    hints=(
        "Shares first: a safe softmax of each row. Which number is wanted at the right class?",
        "At the right class the pull is p - 1, at all others p. Then divide by N.",
        "p = softmax; p[np.arange(N), labels] -= 1; return p / N.",
    ),
    points=2,
)


def _bce_each(z, y):
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))


def binary_cross_entropy_with_logits(z, y):
    return _bce_each(z, y).mean(), (sigmoid(z) - y) / y.size


def yes_or_no(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two by hand", (np.array([0.0, np.log(3.0)]), np.array([1.0, 0.0])))
    yield Case("one no", (np.array([-0.7]), np.array([0.0])))
    yield Case("six", (rng.normal(size=6) * 2, np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])))
    yield Case("a table", (rng.normal(size=(4, 3)), rng.integers(0, 2, (4, 3)).astype(float)))
    yield Case("far too sure", (np.array([1000.0, -1000.0, 40.0]), np.array([0.0, 1.0, 0.0])))
    yield Case("sure and right", (np.array([1000.0, -1000.0]), np.array([1.0, 0.0])))


def _bce(loss=lambda z, y: _bce_each(z, y).mean(), slope=lambda z, y: (sigmoid(z) - y) / y.size):
    return lambda z, y: (loss(z, y), slope(z, y))


def _from_shares(z, y, small=0.0, more=0.0):
    p = np.clip(sigmoid(z), small, 1 - small)
    return -(y * np.log(p + more) + (1 - y) * np.log(1 - p + more)).mean()


def _clip(small):
    return _bce(lambda z, y: _from_shares(z, y, small))


def _plus(more):
    return _bce(lambda z, y: _from_shares(z, y, more=more))


def _log_exp(z, y):
    return (np.log(1 + np.exp(z)) - z * y).mean()


BCE = Exercise(
    id="04.7",
    function=binary_cross_entropy_with_logits,
    cases=yes_or_no,
    slope_of=lambda z, y: binary_cross_entropy_with_logits(z, y)[0],
    slope_part=1,
    mistakes=(
        Mistake(
            _bce(_from_shares),
            "From shares: log(0) is not finite, and 0 times it is nan. Stay with the score z.",
        ),
        *(Mistake(_clip(e), _CUT.format("Cut off at", e, -np.log(e))) for e in SMALL),
        *(Mistake(_plus(e), _CUT.format("Added", e, -np.log(e))) for e in SMALL),
        Mistake(
            _bce(slope=lambda z, y: (sigmoid(z) - y) / len(y)),
            "The gradient's len counts rows. A table has more numbers than rows: size.",
        ),
        Mistake(_bce(_log_exp), "exp(1000) overflows: let exp see only -|z|."),
        Mistake(
            _bce(lambda z, y: _bce_each(z, y).sum()), "The loss is a sum. Take the mean over all."
        ),
        Mistake(
            _bce(slope=lambda z, y: sigmoid(z) - y),
            "The gradient belongs to the sum. The loss is a mean: divide it by N.",
        ),
        Mistake(
            _bce(slope=lambda z, y: (y - sigmoid(z)) / y.size),
            "The gradient's sign is turned: a higher score makes a wrong yes worse.",
        ),
        Mistake(
            _bce(slope=lambda z, y: (sigmoid(z) - y) * sigmoid(z) * sigmoid(-z) / y.size),
            "The sigmoid's slope is in the gradient. The log's slope has cancelled it.",
        ),
        Mistake(
            lambda z, y: binary_cross_entropy_with_logits(-z, y),
            "Yes and no are swapped: y = 1 wants a large z.",
        ),
        Mistake(
            _bce(lambda z, y: (y * _bce_each(z, y)).mean()),
            "The loss only counts the yes. The (1 - y) part is missing.",
        ),
        Mistake(_bce(_bce_each), "One loss for each example. Take their mean: one number."),
        Mistake(lambda z, y: _bce_each(z, y).mean(), "Only the loss came back: two results."),
        Mistake(
            lambda z, y: binary_cross_entropy_with_logits(z, y)[::-1],
            "The wrong order: return the loss, then the gradient.",
        ),
        Mistake(
            _bce(slope=lambda z, y: (z - y) / y.size),
            "The gradient takes the score for a share: put z through a sigmoid.",
        ),
    ),
    hints=(
        "With y = 1 the loss is log(1 + exp(-z)), with y = 0 it is log(1 + exp(z)).",
        "Both at once: max(z, 0) - z * y + log(1 + exp(-|z|)). Here exp is never above 1.",
        "The gradient is (p - y) / N, where p is a sigmoid that is safe at 1000: exercise 03.2.",
    ),
    points=3,
)

EXERCISES = (MSE, D_MSE, HUBER, LSE, CROSS_ENTROPY, D_CROSS_ENTROPY, BCE)
