"""Checks of lesson 08: counting answers, a network by hand; `layers` and `epochs` have the rest."""

from collections.abc import Callable, Iterator

import numpy as np

from nnlearn.course.checks.epochs import EPOCH
from nnlearn.course.checks.layers import FORWARD, INIT
from nnlearn.course.checks.layers_back import BACKWARD
from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.course.outcome import describe
from nnlearn.models.hinges import hinge_network


def accuracy(logits, labels):
    return (logits.argmax(axis=1) == labels).mean()


def readings(rng: np.random.Generator) -> Iterator[Case]:
    by_hand = np.array([[2.0, 1.0, 0.0], [0.5, 0.1, 0.9], [-3.0, -1.0, -2.0], [0.0, 4.0, 1.0]])
    yield Case("four examples by hand", (by_hand, np.array([0, 1, 1, 0])))
    for n, k in ((7, 3), (1, 4), (50, 10), (6, 6), (13, 2)):
        logits, labels = rng.normal(size=(n, k)), rng.integers(0, k, n)
        hits = max(1, n // 3)
        logits[np.arange(hits), labels[:hits]] += 9  # a third at least is right
        mixed = rng.permutation(n)
        yield Case(f"N = {n}, K = {k}", (logits[mixed], labels[mixed]))
    labels = rng.integers(0, 4, 9)
    yield Case("all right", (9.0 * np.eye(4)[labels] + rng.random((9, 4)), labels))
    yield Case("all wrong", (9.0 * np.eye(4)[(labels + 1) % 4] + rng.random((9, 4)), labels))
    yield Case("scores far below zero", (rng.normal(size=(20, 3)) - 1000, rng.integers(0, 3, 20)))


def _softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _of(logits, labels):
    return np.arange(len(labels)), labels


ACCURACY = Exercise(
    id="08.5",
    function=accuracy,
    cases=readings,
    mistakes=(
        Mistake(
            lambda z, y: np.sum(z.argmax(axis=1) == y),
            "That is how many are right. A share is between 0 and 1: divide by how many there are.",
        ),
        Mistake(
            lambda z, y: np.mean(z.argmax(axis=1) != y),
            "That is the share of wrong answers. Count where they agree.",
        ),
        Mistake(
            lambda z, y: 100 * accuracy(z, y), "Per cent came back. A share is between 0 and 1."
        ),
        Mistake(
            lambda z, y: np.mean(np.sum(z.argmax(axis=1) == y) / z.shape[1]),
            "Divided by the number of classes. Of how many examples is it a share?",
        ),
        Mistake(
            lambda z, y: z.argmax(axis=1) == y,
            "One answer for each example came back. What share of them is True?",
        ),
        Mistake(
            lambda z, y: np.sum(z.argmax(axis=1) == y) / z.size,
            "Divided by how many scores there are. Of how many rows is it a share?",
        ),
        Mistake(
            lambda z, y: (z[0].argmax() == y[0]) / len(y),
            "Only the first row was looked at. Is there a `return` inside the loop?",
        ),
        Mistake(
            lambda z, y: np.mean(z.argmin(axis=1) == y),
            "The smallest score was taken for the answer. The network means its largest.",
        ),
        Mistake(
            lambda z, y: np.mean(z[_of(z, y)] > 0),
            "A right score above 0 is not yet the largest of its row.",
        ),
        Mistake(
            lambda z, y: np.mean(_softmax(z)[_of(z, y)] > 0.5),
            "A right answer may have less than half of the shares: with ten classes 0.3 may lead.",
        ),
        Mistake(
            lambda z, y: np.mean(_softmax(z)[_of(z, y)]),
            "That is the mean share of the right class. Accuracy asks only who is first.",
        ),
        Mistake(
            lambda z, y: np.mean(z.max(axis=1) == y),
            "You compare the largest score with the label. In which column does it stand?",
        ),
        Mistake(
            lambda z, y: np.mean(z.argmax() == y),
            "argmax() without an axis finds one place in the whole table. Each row has its own.",
        ),
        Mistake(
            lambda z, y: np.mean(z.argmax(axis=0) == y),
            "argmax went down the columns. The answer of a row is the place in that row: axis 1.",
        ),
        Mistake(
            lambda z, y: float(np.all(z.argmax(axis=1) == y)),
            "1 only if all are right, else 0. Every right answer counts by itself.",
        ),
        Mistake(
            lambda z, y: np.mean(z.argmax(axis=1)[1:] == y[1:]) if len(y) > 1 else accuracy(z, y),
            "The first example is not counted.",
        ),
        Mistake(
            lambda z, y: round(accuracy(z, y), 2), "Rounded. Leave rounding to whoever prints it."
        ),
    ),
    hints=(
        "The answer of a row is the column of its largest score.",
        "logits.argmax(axis=1) == labels holds True and False, and their mean is a share.",
        "return (logits.argmax(axis=1) == labels).mean()",
    ),
)


def confusion_matrix(labels, predicted, classes):
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def answers(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("five by hand", (np.array([0, 0, 0, 1, 2]), np.array([0, 1, 1, 1, 0]), 3))
    for n, k in ((40, 4), (200, 10), (1, 2), (9, 3), (300, 2)):
        labels = rng.integers(0, k, n)
        predicted = np.where(rng.random(n) < 0.5, labels, rng.integers(0, k, n))
        yield Case(f"{n} answers, {k} classes", (labels, predicted, k))
    yield Case("the last class never comes", (np.array([0, 1, 1, 0]), np.array([1, 1, 0, 1]), 4))
    yield Case("a class that is never said", (np.array([2, 2, 0, 1]), np.array([0, 0, 0, 1]), 3))
    yield Case("one kind of error, often", (np.full(300, 1), np.full(300, 2), 3))


def _once(y, p, k):
    counts = np.zeros((k, k), dtype=int)
    counts[y, p] += 1
    return counts


def _rows_shared(y, p, k):
    counts = confusion_matrix(y, p, k)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _columns_shared(y, p, k):
    counts = confusion_matrix(y, p, k)
    return counts / np.maximum(counts.sum(axis=0), 1)


def _only(keep: Callable) -> Callable:
    """The counts where `keep(row, column)` holds."""

    def wrong(y, p, k):
        rows, columns = np.indices((k, k))
        return np.where(keep(rows, columns), confusion_matrix(y, p, k), 0)

    return wrong


def _as_long_as_seen(y, p, k):
    seen = int(max(y.max(), p.max())) + 1
    return confusion_matrix(y, p, seen)


CONFUSION = Exercise(
    id="08.6",
    function=confusion_matrix,
    cases=answers,
    mistakes=(
        Mistake(
            _once,
            "Each place got 1 at most: `counts[labels, predicted] += 1` adds once, however often "
            "a pair comes.",
        ),
        Mistake(
            lambda y, p, k: _once(p, y, k),
            "Rows and columns are exchanged, and a pair that comes several times is counted once.",
        ),
        Mistake(
            lambda y, p, k: confusion_matrix(p, y, k),
            "Rows and columns are exchanged: the row is what it was, the column what was said.",
        ),
        Mistake(_rows_shared, "Shares of each row came back. Asked for are the counts."),
        Mistake(_columns_shared, "Shares of each column came back. Asked for are the counts."),
        Mistake(
            lambda y, p, k: confusion_matrix(y, p, k) / len(y),
            "The counts are divided by N. Leave them as they are.",
        ),
        Mistake(
            _only(lambda r, c: r != c),
            "The diagonal is empty. Right answers are counted too.",
        ),
        Mistake(
            _only(lambda r, c: r == c), "Only right answers are counted. Who took what for what?"
        ),
        Mistake(
            lambda y, p, k: confusion_matrix(y, p, k) + confusion_matrix(p, y, k),
            "Each answer was counted both ways. A 3 read as an 8 is no 8 read as a 3.",
        ),
        Mistake(
            _as_long_as_seen,
            "A class that never came has its row and column too: (classes, classes).",
        ),
        Mistake(
            lambda y, p, k: np.bincount(k * y + p),
            "A single row of counts. Give it the shape (classes, classes); minlength helps.",
        ),
        Mistake(
            lambda y, p, k: confusion_matrix(y, p, k)[::-1],
            "The rows stand upside down: class 0 comes first.",
        ),
        Mistake(
            lambda y, p, k: confusion_matrix(y[:-1], p[:-1], k), "The last answer is not counted."
        ),
        Mistake(
            lambda y, p, k: confusion_matrix(y, p, k).astype(np.uint8),
            "A count above 255 began again at 0: uint8 is too small for counts.",
        ),
        Mistake(
            lambda y, p, k: np.tile(np.bincount(p, minlength=k), (k, 1)),
            "All rows are alike: [[0] * K] * K is one row, K times. Make each row by itself.",
        ),
        Mistake(
            lambda y, p, k: np.outer(np.bincount(y, minlength=k), np.bincount(p, minlength=k)),
            "How often each class came was multiplied by how often it was called. Count pairs.",
        ),
        Mistake(
            lambda y, p, k: confusion_matrix(y, p, k + 1),
            "A row and a column too many: the classes are 0 to classes - 1.",
        ),
        Mistake(
            lambda y, p, k: np.roll(confusion_matrix(y, p, k), -1, (0, 1)),
            "Everything stands one row and one column too early. Class 0 has row 0.",
        ),
        Mistake(
            lambda y, p, k: confusion_matrix(y, p, k) > 0,
            "True and False say whether a pair comes. Count how often.",
        ),
        Mistake(
            lambda y, p, k: np.array([np.sum((y == i) & (p != i)) for i in range(k)]),
            "One number for each class. Asked for is a table: what was each class taken for?",
        ),
    ),
    hints=(
        "Begin with zeros. For each example one place grows by 1: in which row, which column?",
        "A loop over zip(labels, predicted) does it. So does np.add.at, which adds every time.",
        "counts = np.zeros((classes, classes), dtype=int); then, for t, p: counts[t, p] += 1.",
    ),
)


class NotFour(TypeError):
    pass


class NotArrays(TypeError):
    pass


class HingesMissing(ValueError):
    pass


class HingesTooMany(ValueError):
    pass


class FirstWeights(ValueError):
    pass


class FirstBiases(ValueError):
    pass


class SecondWeights(ValueError):
    pass


class SecondBias(ValueError):
    pass


def line_seen(args: tuple, returned: object) -> dict:
    """What the network says at the knots, between them and outside; any right network will do."""
    knots = np.asarray(args[0], dtype=np.float64)
    if not isinstance(returned, tuple | list) or len(returned) != 4:
        raise NotFour(f"{describe(returned)}, where four results belong: return W1, b1, W2, b2")
    if not all(isinstance(part, np.ndarray) for part in returned):
        raise NotArrays("not all four results are NumPy arrays: W1.T needs one")
    W1, b1, W2, b2 = (part.astype(np.float64) for part in returned)
    n = len(knots)
    if W1.size != n:
        raise (HingesMissing if W1.size < n else HingesTooMany)(f"{W1.size} hinges for {n} points")
    for wrong, name, part, shape in (
        (FirstWeights, "W1", W1, (n, 1)),
        (FirstBiases, "b1", b1, (n,)),
        (SecondWeights, "W2", W2, (1, n)),
        (SecondBias, "b2", b2, (1,)),
    ):
        if part.shape != shape:
            raise wrong(f"{name} has shape {part.shape}, wanted is {shape}")

    def says(x):
        return np.maximum(x[:, None] @ W1.T + b1, 0) @ W2.T + b2

    gap = np.diff(knots)
    return {
        "at the knots": says(knots)[:, 0],
        "between the knots": says(np.concatenate([knots[:-1] + s * gap for s in (0.25, 0.7)]))[
            :, 0
        ],
        "left of the first knot": says(knots[0] - np.array([0.5, 3]) * gap[0])[:, 0],
        "right of the last knot": says(knots[-1] + np.array([0.5, 3]) * gap[-1])[:, 0],
    }


def polygons(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("three points by hand", (np.array([0.0, 1.0, 3.0]), np.array([1.0, 3.0, 2.0])))
    yield Case("two points", (np.array([-1.0, 1.5]), np.array([2.0, -3.0])))
    for k in (4, 7, 12):
        knots = np.cumsum(rng.uniform(0.5, 1.5, k)) - 4
        yield Case(f"{k} points", (knots, rng.normal(size=k) + 1))
    yield Case("even steps of 2", (np.arange(-4.0, 5.0, 2.0), rng.normal(size=5) - 2))
    yield Case("all of one height", (np.array([0.5, 1.0, 2.5]), np.full(3, 1.5)))
    yield Case("thousands", (np.array([-2e3, -1e3, 500.0, 2e3]), 1e3 * rng.normal(size=4)))


def _factors(change: Callable) -> Callable:
    """Other factors of the hinges; `change` gets the knots, the heights and the right factors."""

    def wrong(knots, heights):
        W1, b1, W2, b2 = hinge_network(knots, heights)
        return W1, b1, np.asarray(change(knots, heights, W2[0]))[None, :], b2

    return wrong


def _slopes(knots, heights):
    return np.diff(heights) / np.diff(knots)


def _parts(**how: Callable) -> Callable:
    """The right network, but for some of W1, b1, W2, b2, made from all four and the arguments."""

    def wrong(knots, heights):
        parts = dict(zip(("W1", "b1", "W2", "b2"), hinge_network(knots, heights), strict=True))
        changed = {name: f(knots, heights, **parts) for name, f in how.items()}
        return tuple((parts | changed).values())

    return wrong


def _one_hinge_less(knots, heights):
    W1, b1, W2, b2 = hinge_network(knots, heights)
    return W1[:-1], b1[:-1], W2[:, :-1], b2


def _one_hinge_more(knots, heights):
    W1, b1, W2, b2 = hinge_network(knots, heights)
    return np.vstack([W1, W1[:1]]), np.append(b1, 0.0), np.append(W2, [[0.0]], axis=1), b2


HINGES = Exercise(
    id="08.7",
    function=hinge_network,
    cases=polygons,
    view=line_seen,
    expected="W1 (K, 1), b1 (K,), W2 (1, K), b2 (1,): a line through the K points, flat outside",
    mistakes=(
        Mistake(
            _parts(b1=lambda knots, heights, **_: knots * 1),
            "The hinges bend at -knots: x - knot is 0 at the knot, so the bias is its negative.",
        ),
        Mistake(
            _factors(lambda k, h, f: np.append(_slopes(k, h), 0.0)),
            "The factors are slopes. Earlier hinges go on: a factor is how much the slope changes.",
        ),
        Mistake(
            _factors(lambda k, h, f: np.append(f[:-1], 0.0)),
            "Right of the last point the line goes on. One more change there makes it flat.",
        ),
        Mistake(
            _one_hinge_less,
            "K - 1 hinges reach the last point, but then the line goes on. Each point has a hinge.",
        ),
        Mistake(
            _factors(lambda k, h, f: np.append(0.0, f[1:])),
            "The first hinge does nothing. There the slope changes from 0 to the first one.",
        ),
        Mistake(
            _factors(lambda k, h, f: np.diff(np.r_[0.0, np.diff(h), 0.0])),
            "The steps were not divided by the distance of the knots: a slope is height per x.",
        ),
        Mistake(
            _factors(lambda k, h, f: np.diff(np.r_[0.0, np.diff(h), 0.0]) / (k[1] - k[0])),
            "All steps were divided by the first distance. The knots need not be even.",
        ),
        Mistake(
            _factors(lambda k, h, f: np.diff(np.r_[0.0, np.diff(h) * np.diff(k), 0.0])),
            "Multiplied by the distance. A slope is height divided by x.",
        ),
        Mistake(
            _factors(lambda k, h, f: h), "The factors are the heights. Take slopes, and changes."
        ),
        Mistake(
            _factors(lambda k, h, f: -f), "The factors have the wrong sign: new slope minus old."
        ),
        Mistake(
            _parts(b2=lambda knots, heights, **_: np.zeros(1)),
            "b2 is 0. Left of all hinges nothing but b2 speaks, and it must say the first height.",
        ),
        Mistake(
            _parts(b2=lambda knots, heights, **_: heights[-1:]),
            "b2 is the last height. All hinges sleep on the left, not on the right.",
        ),
        Mistake(
            _parts(b2=lambda knots, heights, **_: np.array([heights.mean()])),
            "b2 is the mean height. Left of all hinges the line is at the first point's height.",
        ),
        Mistake(
            _parts(
                W1=lambda knots, heights, W2, **_: W2.T,
                b1=lambda knots, heights, W2, **_: -knots * W2[0],
                W2=lambda knots, heights, **_: np.ones((1, len(knots))),
            ),
            "The factors stand before the bend; a negative one turns its hinge. Put them in W2.",
        ),
        Mistake(
            _parts(W1=lambda knots, heights, W1, **_: -W1, b1=lambda knots, heights, b1, **_: -b1),
            "The hinges rise to the left, relu(knot - x). Let them rise to the right.",
        ),
        Mistake(
            _parts(W2=lambda knots, heights, W2, **_: W2.T),
            "W2 is a layer of one neuron with K inputs: one row, (1, K).",
        ),
        Mistake(
            _parts(W1=lambda knots, heights, W1, **_: W1.T),
            "W1 is a layer of K neurons with one input: a row for each neuron, (K, 1).",
        ),
        Mistake(
            _parts(W1=lambda knots, heights, W1, **_: W1.tolist()),
            "A list, or a bare number, is no array. Make each of the four a NumPy array.",
        ),
        Mistake(
            _parts(b2=lambda knots, heights, **_: np.array(heights[0])),
            "b2 holds the bias of a layer with one neuron: an array of shape (1,).",
        ),
        Mistake(
            _parts(b1=lambda knots, heights, **_: -knots[:, None]),
            "b1 holds one bias for each neuron, in a plain array: (K,).",
        ),
        Mistake(
            lambda knots, heights: hinge_network(knots, heights)[:3],
            "Four arrays, each by itself, no pairs and none left out: return W1, b1, W2, b2.",
        ),
        Mistake(
            _one_hinge_more,
            "There are more hinges than points. Each point has one, the first and the last too.",
        ),
        Mistake(
            _factors(lambda k, h, f: np.r_[0.0, np.diff(_slopes(k, h)), 0.0]),
            "The first and last hinges do nothing. There the slope changes too, from 0 and to 0.",
        ),
        Mistake(
            _factors(lambda k, h, f: np.abs(f)),
            "No factor is below 0. Where the line bends downward, the slope's change is negative.",
        ),
        Mistake(
            _factors(lambda k, h, f: h - h[0]),
            "The factors are heights above the first. Take slopes, and how much they change.",
        ),
    ),
    hints=(
        "Hinge k is relu(x - knots[k]): W1 is all ones. What is b1? Far left only b2 speaks.",
        "slopes = np.diff(heights) / np.diff(knots), and the line is flat, 0, before and after.",
        "W2 holds the changes of [0, slopes..., 0]: np.diff of that, as a row. b2 is heights[:1].",
    ),
    points=3,
)

EXERCISES = (INIT, FORWARD, BACKWARD, EPOCH, ACCURACY, CONFUSION, HINGES)
