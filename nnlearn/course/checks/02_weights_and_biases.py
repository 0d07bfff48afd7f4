"""Checks of lesson 02: a layer as a matrix, the folded bias, first weights, the signal."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from nnlearn.course.chance import Generator
from nnlearn.course.exercise import Case, Exercise, Mistake


def stack_neurons(neurons):
    return np.stack([w for w, _ in neurons]), np.array([b for _, b in neurons])


def some_neurons(rng: np.random.Generator) -> Iterator[Case]:
    three = [(np.array([1.0, 2.0]), 0.5), (np.array([3.0, 4.0]), -1.0), (np.array([5.0, 6.0]), 0.0)]
    yield Case("three neurons by hand", (three,))
    yield Case("one neuron", ([(np.array([7.0, 8.0, 9.0]), 2.0)],))
    yield Case("one input", ([(np.array([float(k)]), -float(k)) for k in range(1, 5)],))
    yield Case(
        "ten neurons, 64 inputs", ([(rng.normal(size=64), rng.normal()) for _ in range(10)],)
    )


STACK = Exercise(
    id="02.1",
    function=stack_neurons,
    cases=some_neurons,
    mistakes=(
        Mistake(
            lambda neurons: (np.stack([w for w, _ in neurons], axis=1), stack_neurons(neurons)[1]),
            "Each neuron stands in a column of W. It belongs in a row: (K, D).",
        ),
        Mistake(
            lambda neurons: (stack_neurons(neurons)[0], stack_neurons(neurons)[1][:, None]),
            "b has an axis too many: K numbers, shape (K,).",
        ),
        Mistake(
            lambda neurons: np.array([np.append(w, b) for w, b in neurons]),
            "Weights and biases in one array. Return two: W, and b. (Folding comes in 02.3.)",
        ),
        Mistake(
            lambda neurons: np.stack([w for w, _ in neurons]), "Only W came back. Return W and b."
        ),
        Mistake(
            lambda neurons: stack_neurons(neurons)[::-1],
            "The two are in the wrong order: return W, b",
        ),
        Mistake(
            lambda neurons: (np.concatenate([w for w, _ in neurons]), stack_neurons(neurons)[1]),
            "All weights in one long list: np.stack puts them under each other, in rows.",
        ),
        Mistake(
            lambda neurons: stack_neurons(neurons[:1]),
            "Only the first neuron is there: is `return` inside the loop?",
        ),
        Mistake(
            lambda neurons: tuple(v[::-1] for v in stack_neurons(neurons)),
            "The neurons stand in the opposite order. Row k is neuron k.",
        ),
        Mistake(
            lambda neurons: (stack_neurons(neurons)[0], np.zeros(len(neurons))),
            "The biases are lost: each pair is (w, b), and b holds the second parts.",
        ),
        Mistake(
            lambda neurons: ([w for w, _ in neurons], [b for _, b in neurons]),
            "Those are lists. Turn each into an array: np.stack, np.array.",
        ),
    ),
    hints=(
        "Two loops over the pairs, or two list comprehensions: one takes the w's, one the b's.",
        "np.stack puts arrays of shape (D,) under each other: (K, D).",
        "np.stack([w for w, _ in neurons]) is W. And b is np.array of the second parts.",
    ),
)


def linear(X, W, b):
    return X @ W.T + b


def layers_of_all_shapes(rng: np.random.Generator) -> Iterator[Case]:
    W = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    yield Case("three neurons by hand", (np.array([[1.0, 2.0]]), W, np.array([0.0, 10.0, -1.0])))
    for name, N, D, K in (
        ("as many neurons as inputs", 4, 3, 3),
        ("one neuron", 4, 3, 1),
        ("all sizes differ", 5, 2, 7),
        ("as many examples as neurons", 3, 4, 3),
    ):
        yield Case(name, (rng.normal(size=(N, D)), rng.normal(size=(K, D)), rng.normal(size=K)))
    far = np.array([[-1000.0, 5.0], [0.0, 1.0]])
    yield Case("a thousand and zeros", (np.array([[1000.0, 0.0]]), far, np.zeros(2)))


def _per_row(X, W, b):
    return X @ W.T + (b[:, None] if len(b) == len(X) else b)


LINEAR = Exercise(
    id="02.2",
    function=linear,
    cases=layers_of_all_shapes,
    mistakes=(
        Mistake(
            lambda X, W, b: X @ W + b,
            "The neurons are the rows of W. X @ W takes its columns: turn W on its side, W.T.",
        ),
        Mistake(
            lambda X, W, b: W @ X + b,
            "X comes first: its rows are examples. (N, D) @ (D, K) fits: what must be turned?",
        ),
        Mistake(
            lambda X, W, b: X @ W.T, "The biases are left out: each neuron adds its own at the end."
        ),
        Mistake(
            lambda X, W, b: (X @ W.T + b).T,
            "Right numbers, turned on their side: examples are the rows, shape (N, K).",
        ),
        Mistake(lambda X, W, b: X @ W.T - b, "The biases are subtracted. They are added."),
        Mistake(
            lambda X, W, b: X @ W.T + b.sum(),
            "Every sum gets all biases at once. Each neuron, each column, has one.",
        ),
        Mistake(
            _per_row, "b is added by rows. It belongs to the neurons, which are the columns here."
        ),
        Mistake(
            lambda X, W, b: (X @ W.T + b)[0],
            "Only the first example came back: is `return` inside the loop?",
        ),
        Mistake(
            lambda X, W, b: X @ W.T + b.mean(), "Each neuron has a bias of its own, not their mean."
        ),
        Mistake(
            lambda X, W, b: np.where(X @ W.T + b >= 0, 1.0, 0.0),
            "Those are decisions. Here the sums themselves are wanted.",
        ),
        Mistake(lambda X, W, b: (X @ W.T) * b, "The biases are multiplied. They are added."),
        Mistake(
            lambda X, W, b: np.maximum(X @ W.T + b, 0),
            "Sums below 0 were cut off. A layer returns them as they are.",
        ),
    ),
    hints=(
        "One neuron: X @ w + b. Here each row of W is a w.",
        "(N, D) @ (D, K) is (N, K). Which way must W lie for that?",
        "X @ W.T + b: b, of shape (K,), is stretched over the rows.",
    ),
)


def fold_bias(X, W, b):
    return np.c_[X, np.ones(len(X))], np.c_[W, b]


def layers_to_fold(rng: np.random.Generator) -> Iterator[Case]:
    W, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 20.0])
    yield Case("two neurons by hand", (np.array([[5.0, 7.0]]), W, b))
    for name, N, D, K in (
        ("one input", 3, 1, 4),
        ("all sizes differ", 5, 3, 2),
        ("one neuron", 2, 4, 1),
    ):
        yield Case(name, (rng.normal(size=(N, D)), rng.normal(size=(K, D)), rng.normal(size=K)))


def _folded(ones, biases, at=None):
    """A fold with another column beside X, another beside W, or at another place."""

    def wrong(X, W, b):
        put = (lambda A, c: np.c_[c, A]) if at == "front" else (lambda A, c: np.c_[A, c])
        return put(X, ones(X)), put(W, biases(b))

    return wrong


def _ones(X):
    return np.ones(len(X))


FOLD = Exercise(
    id="02.3",
    function=fold_bias,
    cases=layers_to_fold,
    mistakes=(
        Mistake(
            _folded(_ones, lambda b: b, "front"),
            "The new columns stand first. They belong last, behind X and behind W.",
        ),
        Mistake(
            lambda X, W, b: (np.c_[_ones(X), X], np.c_[W, b]),
            "The ones stand first, the biases last: they would not meet in the product.",
        ),
        Mistake(
            lambda X, W, b: (np.c_[X, _ones(X)], np.c_[b, W]),
            "The biases stand first, the ones last: they would not meet in the product.",
        ),
        Mistake(
            _folded(lambda X: np.zeros(len(X)), lambda b: b),
            "The new column of X is 0, which wipes every bias out.",
        ),
        Mistake(
            _folded(_ones, np.ones_like),
            "The ones stand in W too. Beside W belong the biases.",
        ),
        Mistake(
            lambda X, W, b: (X, np.c_[W, b]), "X is still as it was: it needs a column of ones."
        ),
        Mistake(
            lambda X, W, b: (np.c_[X, _ones(X)], W),
            "W is still as it was: b becomes its last column.",
        ),
        Mistake(
            lambda X, W, b: fold_bias(X, W, b)[0] @ fold_bias(X, W, b)[1].T,
            "That is the layer's output already. Return the two parts, X1 and W1.",
        ),
        Mistake(
            lambda X, W, b: fold_bias(X, W, b)[::-1], "The two are in the wrong order: X1, then W1."
        ),
        Mistake(
            lambda X, W, b: (np.r_[X, np.ones((1, X.shape[1]))], np.c_[W, b]),
            "The ones make a new row of X: one more example. They belong in a new column.",
        ),
        Mistake(
            lambda X, W, b: (fold_bias(X, W, b)[0], fold_bias(X, W, b)[1].T),
            "W1 is turned on its side. The neurons stay rows: (K, D + 1).",
        ),
        Mistake(_folded(_ones, lambda b: -b), "The biases changed their sign on the way into W."),
    ),
    hints=(
        "np.ones((N, 1)) is a column of ones. b[:, None] makes a column of b.",
        "np.concatenate([A, column], axis=1) puts a column behind A.",
        "X1: X and np.ones((len(X), 1)). W1: W and b[:, None]. Both along axis 1.",
    ),
)


def init_weights(fan_in, fan_out, scheme, rng):
    return rng.normal(0, _std(fan_in, fan_out, scheme), (fan_out, fan_in)), np.zeros(fan_out)


class NotAPair(TypeError):
    pass


class Swapped(ValueError):
    pass


class WrongShape(ValueError):
    pass


# Every case draws 40,000 weights or more: their spread is off by less than half a per cent.
CLOSE = 0.03


def first_weights(args: tuple, returned: object) -> tuple:
    """The biases, and the weights' spread; are they around 0, drawn from rng, and all different?"""
    if not isinstance(returned, tuple) or len(returned) != 2:
        raise NotAPair("init_weights returns a pair: return W, b")
    W, b = (np.asarray(part, dtype=float) for part in returned)
    fan_in, fan_out, scheme, rng = args
    if W.shape == (fan_in, fan_out) != (fan_out, fan_in):
        raise Swapped(f"W has shape {W.shape}, wanted is {(fan_out, fan_in)}")
    if W.shape != (fan_out, fan_in) or b.shape != (fan_out,):
        raise WrongShape(
            f"W {W.shape}, b {b.shape}; wanted are W {(fan_out, fan_in)}, b {(fan_out,)}"
        )
    usual = float(np.unique(W).size > W.size / 2)
    centred = float(abs(W.mean()) < CLOSE * W.std())
    if not usual:  # twins: their spread says nothing
        return b, 0.0, 0.0, float(rng.was_used()), usual
    return b, _named(W.std(), fan_in, fan_out, scheme), centred, float(rng.was_used()), usual


def _named(std: float, fan_in: int, fan_out: int, scheme: str) -> float:
    """The known size that a measured spread is near; the usual mistakes have one each."""
    wanted = _std(fan_in, fan_out, scheme)
    fans = (_std(fan_in, fan_out, "kaiming"), _std(fan_in, fan_out, "xavier"))
    smaller = (wanted / np.sqrt(n) for n in (0.5, 2, 3, 12))
    known = (wanted, *fans, _std(fan_out, fan_in, "kaiming"), wanted**2, 1.0, *smaller)
    return next((size for size in known if abs(std / size - 1) < CLOSE), std)


def _std(fan_in, fan_out, scheme):
    return np.sqrt(2 / (fan_in if scheme == "kaiming" else fan_in + fan_out))


def places_to_begin(rng: np.random.Generator) -> Iterator[Case]:
    for fan_in, fan_out, scheme in (
        (200, 300, "kaiming"),
        (300, 150, "kaiming"),
        (200, 300, "xavier"),
        (600, 80, "xavier"),
        (3200, 20, "kaiming"),
    ):
        chance = Generator(int(rng.integers(2**31)))
        yield Case(f"{scheme}, {fan_in} in, {fan_out} out", (fan_in, fan_out, scheme, chance))


def _drawn(std, bias=np.zeros):
    """Weights of another spread, or other biases; std takes fan_in, fan_out and scheme."""

    def wrong(fan_in, fan_out, scheme, rng):
        return rng.normal(0, std(fan_in, fan_out, scheme), (fan_out, fan_in)), bias(fan_out)

    return wrong


def _shaped(how):
    """The right weights in another arrangement."""

    def wrong(fan_in, fan_out, scheme, rng):
        return how(*init_weights(fan_in, fan_out, scheme, rng))

    return wrong


def _uniform_below(fan_in, fan_out, scheme, rng):
    std = _std(fan_in, fan_out, scheme)
    return rng.uniform(-std, std, (fan_out, fan_in)), np.zeros(fan_out)


def _own_chance(fan_in, fan_out, scheme, rng):
    return init_weights(fan_in, fan_out, scheme, np.random.default_rng())


def _one_row(fan_in, fan_out, scheme, rng):
    row = rng.normal(0, _std(fan_in, fan_out, scheme), fan_in)
    return np.tile(row, (fan_out, 1)), np.zeros(fan_out)


def _positive(fan_in, fan_out, scheme, rng):
    W = rng.uniform(0, 1, (fan_out, fan_in)) * _std(fan_in, fan_out, scheme)
    return W, np.zeros(fan_out)


INIT = Exercise(
    id="02.4",
    function=init_weights,
    cases=places_to_begin,
    view=first_weights,
    expected="measured: 1. b, zeros; 2. the spread of W, by the scheme; and 1 for yes: "
    "3. W lies around 0; 4. it is drawn from rng; 5. its numbers differ",
    mistakes=(
        Mistake(
            _drawn(lambda i, o, s: _std(i, o, s) ** 2),
            "The spread is the variance, 2 / fan. The standard deviation is its square root.",
        ),
        Mistake(
            _drawn(lambda i, o, s: _std(i, o, s) * np.sqrt(2)),
            "The 2 stands outside the root, so the spread is too large. It belongs inside.",
        ),
        Mistake(
            _drawn(lambda i, o, s: 1.0),
            "The weights are not scaled: their standard deviation is 1, whatever the fan-in.",
        ),
        Mistake(
            _drawn(lambda i, o, s: _std(i, o, s) / np.sqrt(2)),
            "The 2 under the root is missing, so each layer loses half of the square.",
        ),
        Mistake(
            _drawn(lambda i, o, s: _std(i, o, "kaiming")),
            "Xavier's scheme gets Kaiming's spread. Look at `scheme` and choose.",
        ),
        Mistake(
            _drawn(lambda i, o, s: _std(i, o, "xavier")),
            "Kaiming's scheme gets Xavier's spread. Look at `scheme` and choose.",
        ),
        Mistake(
            _drawn(lambda i, o, s: _std(i, o, "xavier" if s == "kaiming" else "kaiming")),
            "The two schemes are swapped: Kaiming looks at fan_in alone.",
        ),
        Mistake(
            _drawn(lambda i, o, s: _std(o, i, s)),
            "Kaiming's spread comes from fan_out. A neuron adds up fan_in products.",
        ),
        Mistake(_shaped(lambda W, b: (W.T, b)), "W is turned on its side: a neuron is a row of W."),
        Mistake(
            _shaped(lambda W, b: (W, b[:, None])),
            "Look at the shapes: one bias for each neuron, b (fan_out,), and W (fan_out, fan_in).",
        ),
        Mistake(_shaped(lambda W, b: W), "Only W came back. Return both: return W, b"),
        Mistake(
            _drawn(_std, np.ones),
            "The biases are 1. They begin at 0: different weights make the neurons differ.",
        ),
        Mistake(
            _uniform_below,
            "uniform(-std, std) spreads less than std: by a factor of √3. Draw with rng.normal.",
        ),
        Mistake(
            _own_chance,
            "The weights do not come from `rng`. Then nobody can repeat a run: use the one given.",
        ),
        Mistake(_one_row, "All rows of W are the same: twins. Draw fan_out times fan_in numbers."),
        Mistake(_positive, "No weight is below 0. Draw them around 0: rng.normal does."),
    ),
    hints=(
        "Two steps: the standard deviation, by the scheme; then W, drawn with it, and b of zeros.",
        "np.sqrt(2 / fan), where fan is fan_in, or fan_in + fan_out.",
        "rng.normal(0, std, (fan_out, fan_in)), np.zeros(fan_out)",
    ),
    points=3,
)


def count_parameters(sizes):
    return sum(fan_out * (fan_in + 1) for fan_in, fan_out in pairwise(sizes))


def networks(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two layers by hand", ([3, 4, 2],))
    yield Case("one neuron on one input", ([1, 1],))
    yield Case("the reader of lesson 00", ([64, 128, 10],))
    yield Case("deep and narrow", ([7, 3, 5, 2, 9, 1],))
    yield Case("of chance", (rng.integers(1, 1000, size=6).tolist(),))
    yield Case("a photograph", ([36_000_000, 1000, 10],))


def _counted(layer):
    def wrong(sizes):
        return sum(layer(i, o) for i, o in pairwise(sizes))

    return wrong


COUNT = Exercise(
    id="02.5",
    function=count_parameters,
    cases=networks,
    mistakes=(
        Mistake(_counted(lambda i, o: i * o), "The weights alone. Each neuron has a bias, too."),
        Mistake(
            _counted(lambda i, o: i * o + i),
            "There is a bias for each neuron of a layer, not for each of its inputs.",
        ),
        Mistake(
            _counted(lambda i, o: i * o + 1), "That is one bias a layer. Each neuron has its own."
        ),
        Mistake(_counted(lambda i, o: i + o), "A neuron has a weight for EACH input: multiply."),
        Mistake(
            lambda sizes: count_parameters(sizes[:-1]),
            "The last layer is left out: sizes of length n make n - 1 layers.",
        ),
        Mistake(
            lambda sizes: count_parameters(sizes[:2]),
            "Only the first layer is counted: is `return` inside the loop?",
        ),
        Mistake(
            lambda sizes: _counted(lambda i, o: i * o)(sizes) + sum(sizes),
            "The inputs got biases too. They are no neurons: count from the second size on.",
        ),
        Mistake(
            lambda sizes: float(np.prod([float(s) for s in sizes])),
            "All sizes multiplied with each other. Go layer by layer: pairs of neighbours.",
        ),
        Mistake(
            lambda sizes: count_parameters(sizes[1:]),
            "The first layer is left out: it goes from sizes[0] to sizes[1].",
        ),
        Mistake(
            lambda sizes: sum(sizes[1:]), "Those are the biases, one a neuron. Add the weights."
        ),
    ),
    hints=(
        "Take two neighbours in sizes: so many inputs, so many neurons. How many numbers is that?",
        "Each of the neurons has a weight for each input, and one bias.",
        "For i in range(len(sizes) - 1): add sizes[i + 1] * (sizes[i] + 1).",
    ),
)


def signal_scales(X, layers, activation):
    a, scales = X, []
    for W, b in layers:
        a = activation(linear(a, W, b))
        scales.append(a.std())
    return np.array(scales)


def nothing(z):
    return z


def relu(z):
    return np.maximum(z, 0)


def _layers(rng, *sizes):
    return [(rng.normal(size=(o, i)), rng.normal(size=o)) for i, o in pairwise(sizes)]


def journeys(rng: np.random.Generator) -> Iterator[Case]:
    one = [(np.array([[2.0]]), np.array([-4.0]))]
    yield Case("one layer by hand", (np.array([[1.0], [3.0]]), one, nothing))
    yield Case(
        "three layers and tanh", (rng.normal(size=(5, 4)), _layers(rng, 4, 3, 6, 2), np.tanh)
    )
    yield Case("ReLU", (rng.normal(size=(20, 3)), _layers(rng, 3, 8, 8), relu))
    yield Case("nothing between", (rng.normal(size=(7, 2)), _layers(rng, 2, 5, 5, 5), nothing))
    small = [(W * 1e-3, b * 0) for W, b in _layers(rng, 4, 4, 4)]
    yield Case("a signal that dies", (rng.normal(size=(6, 4)), small, nothing))


def _followed(measure=np.std, *, bias=1.0, before=False, always_first=False, bend=True, end=True):
    """The reference with one thing bent."""

    def wrong(X, layers, activation):
        a, scales = X, []
        for W, b in layers:
            z = linear(X if always_first else a, W, bias * b)
            out = activation(z) if bend else z
            scales.append(measure(z if before else out))
            a = out if end else z
        return np.array(scales)

    return wrong


SIGNAL = Exercise(
    id="02.6",
    function=signal_scales,
    cases=journeys,
    mistakes=(
        Mistake(
            _followed(np.var), "Those are variances. The standard deviation is their square root."
        ),
        Mistake(_followed(np.mean), "Those are means. How far do the numbers spread?"),
        Mistake(_followed(bias=0.0), "The biases are left out on the way."),
        Mistake(
            _followed(before=True),
            "You measure the sums. Measure what comes out of the activation.",
        ),
        Mistake(
            _followed(always_first=True),
            "Every layer got X. Each gets what came out of the one before.",
        ),
        Mistake(
            lambda X, layers, bend: signal_scales(X, [(W.T, b) for W, b in layers], bend),
            "The neurons are the rows of each W. Use your `linear`, which turns W on its side.",
        ),
        Mistake(_followed(bend=False), "The activation is never called."),
        Mistake(
            _followed(end=False),
            "The next layer got the sums. It gets what the activation made of them.",
        ),
        Mistake(
            lambda X, layers, activation: signal_scales(X, layers, activation)[-1],
            "Only the last layer's came back. Collect one number for each layer.",
        ),
        Mistake(
            lambda X, layers, activation: signal_scales(X, layers[:1], activation),
            "Only the first layer's came back: is `return` inside the loop?",
        ),
        Mistake(
            lambda X, layers, activation: np.append(X.std(), signal_scales(X, layers, activation)),
            "The input's own spread stands first. Begin behind the first layer.",
        ),
        Mistake(
            _followed(lambda a: a.std(ddof=1)),
            "That divides by one less than their number. Take a.std() as it is.",
        ),
        Mistake(
            _followed(lambda a: a.std(axis=0).mean()),
            "One spread for each column, and their mean. Take the spread of all numbers at once.",
        ),
        Mistake(
            _followed(lambda a: np.sqrt(np.mean(a**2))),
            "That is the distance from 0. The standard deviation takes the mean away first.",
        ),
        Mistake(
            lambda X, layers, activation: signal_scales(X, layers, activation).tolist(),
            "That is a list. Make an array of it at the end.",
        ),
    ),
    hints=(
        "A loop over the pairs (W, b). Keep what came out last, at first X, and a list of numbers.",
        "In the loop: a = activation(linear(a, W, b)), then append a.std().",
        "Before the loop a, scales = X, []. After it: return np.array(scales).",
    ),
    points=2,
)

EXERCISES = (STACK, LINEAR, FOLD, INIT, COUNT, SIGNAL)
