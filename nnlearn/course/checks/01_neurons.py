"""Checks of lesson 01: a neuron, its threshold, gates by hand, the perceptron rule."""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.perceptron import (
    classify,
    neuron,
    perceptron_update,
    step,
    train_perceptron,
)


def one_example(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("two inputs by hand", (np.array([1.0, 2.0]), np.array([0.5, -1.0]), 4.0))
    yield Case("one input", (np.array([3.0]), np.array([2.0]), -1.0))
    yield Case("weights of zero", (np.array([5.0, -2.0, 1.0]), np.zeros(3), 0.25))
    yield Case("a sum below zero", (np.array([1.0, 1.0, 4.0]), np.array([-2.0, 0.5, -1.0]), -3.0))
    yield Case("64 inputs", (rng.normal(size=64), rng.normal(size=64), 0.75))


NEURON = Exercise(
    id="01.1",
    function=neuron,
    cases=one_example,
    mistakes=(
        Mistake(lambda x, w, b: x @ w, "The bias is left out: add b to the weighted sum."),
        Mistake(
            lambda x, w, b: np.sum(x * w + b),
            "b is added once for every input. Add up first, then add b once.",
        ),
        Mistake(
            lambda x, w, b: x * w + b,
            "Each input has its product, but a neuron gives one number: add the products up.",
        ),
        Mistake(
            lambda x, w, b: np.mean(x * w) + b,
            "That is a mean. A weighted sum is not divided by the number of inputs.",
        ),
        Mistake(
            lambda x, w, b: x @ w - b, "The bias is subtracted. It is added, whatever its sign."
        ),
        Mistake(
            lambda x, w, b: x.sum() + b, "The weights are not used: multiply each input by its own."
        ),
        Mistake(
            lambda x, w, b: x.sum() * w.sum() + b,
            "Sum times sum is not the sum of products: multiply pair by pair, then add.",
        ),
        Mistake(
            lambda x, w, b: 1.0 if x @ w + b >= 0 else 0.0,
            "That is already the decision. Here the sum itself is wanted; `step` decides in 01.2.",
        ),
        Mistake(
            lambda x, w, b: x[0] * w[0] + b,
            "Only the first product counts: is `return` inside the loop?",
        ),
        Mistake(
            lambda x, w, b: x[-1] * w[-1] + b, "Only the last product counts: += where you wrote =."
        ),
        Mistake(
            lambda x, w, b: x[:-1] @ w[:-1] + b,
            "The last input is left out: range(n) ends at n - 1 already.",
        ),
        Mistake(lambda x, w, b: x[1:] @ w[1:] + b, "The first input is left out: begin at 0."),
        Mistake(lambda x, w, b: (x @ w) * b, "The bias is multiplied. It is added."),
        Mistake(
            lambda x, w, b: max(0.0, x @ w + b), "A sum below 0 was cut off. Return it as it is."
        ),
        Mistake(
            lambda x, w, b: (x + w).sum() + b, "Inputs and weights are added. They are multiplied."
        ),
    ),
    hints=(
        "Multiply each input by its weight, add the products up, add the bias: one number.",
        "x * w multiplies pair by pair. What adds the entries of an array up?",
        "x @ w does both at once: the dot product. Then + b.",
    ),
)


def sums(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("both sides of zero", (np.array([-2.0, -0.25, 0.25, 2.0]),))
    yield Case("exactly zero", (np.array([0.0, -0.0, 1.0]),))
    yield Case("a table", (np.array([[3.0, -1.0, 0.5], [-0.5, 0.0, -7.0]]),))
    yield Case("a hair from zero, and far out", (np.array([1e-30, -1e-30, 1e30, -1e30]),))
    yield Case("a hundred", (rng.normal(size=100),))


def _step_in_place(z):
    fires = z >= 0
    z[fires], z[~fires] = 1, 0
    return z


STEP = Exercise(
    id="01.2",
    function=step,
    cases=sums,
    mistakes=(
        Mistake(
            lambda z: (z > 0).astype(float),
            "At exactly 0 the neuron fires: >= where you wrote >.",
        ),
        Mistake(
            lambda z: z >= 0,
            "True and False decide, but cannot be subtracted later. Turn them into 1.0 and 0.0.",
        ),
        Mistake(lambda z: np.sign(z), "np.sign gives -1, 0 and 1. A step has two values: 0 and 1."),
        Mistake(
            lambda z: np.where(z >= 0, 1.0, -1.0), "Below the threshold the output is 0, not -1."
        ),
        Mistake(
            lambda z: (z < 0).astype(float), "The two sides are swapped: 1 belongs where z >= 0."
        ),
        Mistake(
            lambda z: np.maximum(z, 0.0),
            "That lets large sums through as they are. A step only says 0 or 1.",
        ),
        Mistake(
            lambda z: np.clip(z, 0.0, 1.0),
            "Between 0 and 1 you let z itself through. From 0 up, the output is 1.",
        ),
        Mistake(
            lambda z: np.array([1.0 if v >= 0 else 0.0 for v in z.ravel()]),
            "A table came in and a row went out: the output has the shape of z.",
        ),
        Mistake(_step_in_place, "The decision is right but written over z. Make a new array."),
    ),
    hints=(
        "Compare all of z with 0 at once: z >= 0 is an array of True and False.",
        "np.where(condition, a, b) takes a where the condition holds and b elsewhere.",
        "np.where(z >= 0, 1.0, 0.0)",
    ),
)

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def gate_weights(gate):
    return {
        "AND": (np.array([1.0, 1.0]), -1.5),
        "OR": (np.array([1.0, 1.0]), -0.5),
        "NAND": (np.array([-1.0, -1.0]), 1.5),
        "NOR": (np.array([-1.0, -1.0]), 0.5),
    }[gate]


def truth_table(args: tuple, returned: object) -> np.ndarray:
    """What the gate's neuron answers on the four inputs: many weights are right."""
    if not isinstance(returned, tuple) or len(returned) != 2 or np.shape(returned[0]) != (2,):
        raise TypeError("gate_weights returns a pair: two weights, and a bias. return w, b")
    if np.ndim(returned[1]):
        raise TypeError("the bias is one number, not an array")
    w, b = np.asarray(returned[0], dtype=float), float(returned[1])
    return step(np.round(CORNERS @ w + b, 12))  # 0.1 + 0.7 - 0.8 is 0 on paper


def gates(rng: np.random.Generator) -> Iterator[Case]:
    for gate in ("AND", "OR", "NAND", "NOR"):
        yield Case(f"{gate} on (0,0), (0,1), (1,0), (1,1)", (gate,))


def _without_bias(gate):
    return gate_weights(gate)[0], 0.0


def _for_every_gate(gate):
    def wrong(asked):
        return gate_weights(gate)

    return wrong


def _swapped(first, second):
    def wrong(gate):
        return gate_weights({first: second, second: first}.get(gate, gate))

    return wrong


GATES = Exercise(
    id="01.3",
    function=gate_weights,
    cases=gates,
    view=truth_table,
    expected="a neuron that answers this gate's four inputs as its truth table says",
    mistakes=(
        Mistake(
            _without_bias,
            "For (0, 0) the sum is the bias alone. For AND and OR it must be below 0, or it fires.",
        ),
        Mistake(
            _for_every_gate("AND"), "Every gate gets AND's weights. Look at `gate` and choose."
        ),
        Mistake(_for_every_gate("OR"), "Every gate gets OR's weights. Look at `gate` and choose."),
        Mistake(
            _swapped("AND", "OR"),
            "AND and OR are swapped: AND needs both inputs to pass the threshold, OR only one.",
        ),
        Mistake(
            _swapped("AND", "NAND"),
            "AND and NAND are swapped: the N stands for not, every sign turns round.",
        ),
        Mistake(
            _swapped("NAND", "NOR"), "NAND and NOR are swapped: NAND is silent for (1, 1) only."
        ),
        Mistake(
            lambda gate: gate_weights(gate.removeprefix("N")),
            "The N is lost: NAND answers the opposite of AND, NOR the opposite of OR.",
        ),
        Mistake(
            lambda gate: (gate_weights(gate)[0], -gate_weights(gate)[1]),
            "AND and OR always fire, NAND and NOR never: turn the sign of every bias.",
        ),
        Mistake(
            lambda gate: gate_weights(gate.replace("AND", "OR")),
            "AND fires for a single 1 already: its bias must outweigh one weight, not two.",
        ),
        Mistake(
            lambda gate: (gate_weights(gate)[0], -abs(gate_weights(gate)[1])),
            "NAND and NOR never fire: beside the weights, turn the sign of the bias.",
        ),
        Mistake(
            lambda gate: (np.ones(2), gate_weights(gate)[1]),
            "NAND and NOR always fire: beside the bias, turn the signs of the weights.",
        ),
        Mistake(
            lambda gate: tuple(-v for v in gate_weights(gate)),
            "Every answer is the wrong way round: turn all three signs.",
        ),
    ),
    hints=(
        "Draw the four corners of a square and mark those that must fire. Where does a line fit?",
        "With weights 1 and 1 the sum is 0, 1, 1 or 2. Which bias lets only 2 reach zero? And 1?",
        'AND: 1, 1 and -1.5. OR: 1, 1 and -0.5. "Not" turns all three signs round.',
    ),
    points=2,
)


def quarters(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Multiples of 1/4: sums of their products are exact in float32, so no decision wavers."""
    return rng.integers(-12, 13, size=shape) / 4


def many_examples(rng: np.random.Generator) -> Iterator[Case]:
    X, w = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]]), np.array([1.0, -1.0])
    yield Case("three examples by hand", (X, w, -0.25))
    yield Case("on the line itself", (X, w, 0.0))
    yield Case("a bias above zero", (np.array([[0.5, 0.25], [0.25, 0.5], [0, 1]]), w, 0.5))
    yield Case("one example", (np.array([[0.5, 3.0, -1.0, 2.0]]), np.ones(4), -4.75))
    yield Case("wider than high", (quarters(rng, 3, 5), quarters(rng, 5), 0.5))
    yield Case("many", (quarters(rng, 40, 3), np.array([1.0, -0.5, 0.25]), 0.25))


CLASSIFY = Exercise(
    id="01.4",
    function=classify,
    cases=many_examples,
    mistakes=(
        Mistake(lambda X, w, b: X @ w + b, "Those are the sums. Send them through the step."),
        Mistake(
            lambda X, w, b: step(X @ w), "The bias is left out, so the line cannot move off 0."
        ),
        Mistake(
            lambda X, w, b: (X @ w + b > 0).astype(float),
            "A point on the line, with a sum of exactly 0, belongs to class 1.",
        ),
        Mistake(
            lambda X, w, b: X @ w + b >= 0,
            "True and False: turn them into 1.0 and 0.0 with `step`.",
        ),
        Mistake(
            lambda X, w, b: step(X @ w + b)[:, None],
            "One axis too many: N examples give N answers, shape (N,).",
        ),
        Mistake(
            lambda X, w, b: step(X[0] @ w + b),
            "Only the first example is answered. Each row of X is an example.",
        ),
        Mistake(
            lambda X, w, b: step(X * w + b),
            "Products that were never added up: one answer for each example, not for each input.",
        ),
        Mistake(
            lambda X, w, b: 1 - step(X @ w + b), "The classes are swapped: 1 where the sum >= 0."
        ),
        Mistake(
            lambda X, w, b: step(X @ w - b),
            "The bias has the wrong sign: w · x + b >= 0, which is w · x >= -b.",
        ),
        Mistake(
            lambda X, w, b: step(X[:1] @ w + b),
            "An array with the first answer only: is `return` inside the loop?",
        ),
        Mistake(
            lambda X, w, b: step(X[:-1] @ w + b),
            "The last example has no answer: range(n) ends at n - 1 already.",
        ),
        Mistake(
            lambda X, w, b: step((X * w).sum() + b),
            "One answer for all examples together: add along axis 1 only, or use X @ w.",
        ),
        Mistake(
            lambda X, w, b: step((X * w).sum(axis=0) + b),
            "One answer for each input. Add the other way, so that each example gets one.",
        ),
        Mistake(
            lambda X, w, b: (X @ w + b >= 0.5).astype(float),
            "The threshold is 0, not 0.5: the bias has moved it already.",
        ),
    ),
    hints=(
        "Each row of X is an example. You know how to decide about one: neuron, then step.",
        "X @ w makes all N weighted sums at once: (N, D) @ (D,) is (N,).",
        "step(X @ w + b)",
    ),
)


def one_lesson(rng: np.random.Generator) -> Iterator[Case]:
    w = np.array([1.0, -1.0])
    yield Case("a missed 1", (w, -2.0, np.array([2.0, 1.0]), 1, 1.0))
    yield Case("a false alarm", (w, 0.5, np.array([3.0, 1.0]), 0, 1.0))
    yield Case("right about a 1", (w, 0.0, np.array([3.0, 1.0]), 1, 1.0))
    yield Case("right about a 0", (w, 0.0, np.array([1.0, 3.0]), 0, 1.0))
    yield Case("a sum of exactly 0", (w, -1.0, np.array([2.0, 1.0]), 0, 1.0))
    yield Case("a smaller step", (w, -2.0, np.array([2.0, 1.0]), 1, 0.25))
    yield Case("five inputs", (quarters(rng, 5), -1000.0, quarters(rng, 5) + 4, 1, 0.5))


def _error(w, b, x, y):
    return y - step(x @ w + b)


def _error_again(w, b, x, y, lr):
    w = w + lr * _error(w, b, x, y) * x
    return w, b + lr * _error(w, b, x, y)


def _update_in_place(w, b, x, y, lr):
    error = _error(w, b, x, y)
    w += lr * error * x
    return w, b + lr * error


def _rule(error):
    """An update with another error than y minus the answer."""

    def wrong(w, b, x, y, lr):
        e = lr * error(w, b, x, y)
        return w + e * x, b + e

    return wrong


UPDATE = Exercise(
    id="01.5",
    function=perceptron_update,
    cases=one_lesson,
    mistakes=(
        Mistake(
            _rule(lambda w, b, x, y: step(x @ w + b) - y),
            "The line runs away from x: the error is y minus the answer, and it is added.",
        ),
        Mistake(
            _rule(lambda w, b, x, y: 2 * y - 1),
            "You change the weights even when the answer was right. Then the error is 0.",
        ),
        Mistake(
            lambda w, b, x, y, lr: perceptron_update(w, b, x, y, 1.0),
            "lr is not used: it scales both changes.",
        ),
        Mistake(
            lambda w, b, x, y, lr: (perceptron_update(w, b, x, y, lr)[0], b),
            "The bias never learns. It changes by lr times the error.",
        ),
        Mistake(
            lambda w, b, x, y, lr: (w, perceptron_update(w, b, x, y, lr)[1]),
            "The weights never learn. They change by lr times the error times x.",
        ),
        Mistake(
            lambda w, b, x, y, lr: (w + lr * _error(w, b, x, y), b + lr * _error(w, b, x, y)),
            "Every weight changed by the same amount. Each one answers for its own input: times x.",
        ),
        Mistake(
            _rule(lambda w, b, x, y: y - (x @ w + b)),
            "The error compares y with the decision, 0 or 1, not with the raw sum.",
        ),
        Mistake(
            _rule(lambda w, b, x, y: y - (x @ w + b > 0)),
            "A sum of exactly 0 fires: its answer is 1. Use your `step`.",
        ),
        Mistake(
            lambda w, b, x, y, lr: perceptron_update(w, b, x, y, lr)[0],
            "Only the weights came back. Return both: return w, b",
        ),
        Mistake(
            _update_in_place, "w += writes into the caller's weights. Make new ones: w = w + ..."
        ),
        Mistake(
            _error_again,
            "The error was worked out again, with the new weights. Compute it once, before both.",
        ),
        Mistake(
            lambda w, b, x, y, lr: (w + lr * _error(w, b, x, y) * x, b + _error(w, b, x, y)),
            "lr scales the weights' change only. It scales the bias' change too.",
        ),
        Mistake(
            lambda w, b, x, y, lr: (w + _error(w, b, x, y) * x, b + lr * _error(w, b, x, y)),
            "lr scales the bias' change only. It scales the weights' change too.",
        ),
        Mistake(
            _rule(lambda w, b, x, y: abs(_error(w, b, x, y))),
            "The line moves the same way for both mistakes. The error has a sign: y - answer.",
        ),
        Mistake(
            _rule(lambda w, b, x, y: max(0, _error(w, b, x, y))),
            "A missed 1 is mended, a false alarm is not: then the error is -1.",
        ),
        Mistake(
            _rule(lambda w, b, x, y: y),
            "You added lr * y, whatever the answer was. The error is y minus the answer.",
        ),
        Mistake(
            lambda w, b, x, y, lr: (lr * _error(w, b, x, y) * x, lr * _error(w, b, x, y)),
            "Those are the changes. Add them to the old w and b.",
        ),
        Mistake(
            lambda w, b, x, y, lr: perceptron_update(w, b, x, y, lr)[::-1],
            "The two are in the wrong order: return w, b",
        ),
        Mistake(
            _rule(lambda w, b, x, y: y - step(x @ w)),
            "The answer was worked out without the bias.",
        ),
    ),
    hints=(
        "First the answer: step(neuron(x, w, b)). Then the error: y minus that answer, -1, 0 or 1.",
        "The weights move along x when a 1 was missed, against x after a false alarm.",
        "return w + lr * error * x, b + lr * error",
    ),
    points=2,
)


def clouds(rng: np.random.Generator) -> Iterator[Case]:
    """Small whole numbers: every sum is exact, so all right answers take the same path."""
    X = np.array([[2.0, 1.0], [-1.0, -2.0], [3.0, 3.0], [-2.0, 0.0], [1.0, 2.0]])
    yield Case("two clouds", (X, np.array([1, 0, 1, 0, 1]), 1.0, 20))
    yield Case("too few epochs", (X, np.array([0, 1, 0, 1, 0]), 1.0, 1))
    xor = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    yield Case("XOR, where no line fits", (xor, np.array([0, 1, 1, 0]), 1.0, 9))
    yield Case("a smaller step", (X, np.array([1, 0, 1, 0, 1]), 0.5, 20))
    wide = rng.integers(-4, 5, size=(12, 4)).astype(float)
    yield Case("four inputs", (wide, (wide @ [1.0, -2.0, 1.0, 1.0] > 0).astype(int), 1.0, 30))


def _as_it_happens(error, *_):
    return int(error != 0)


def _train(
    X, y, lr, epochs, *, order=None, start=0.0, stop=True, bias=True, stale=False, afresh=True,
    count=_as_it_happens,
):  # fmt: skip
    """The reference with one thing bent: what the mistakes below are made of."""
    w, b, wrong, errors = np.full(X.shape[1], start), 0.0, 0, []
    for _ in range(epochs):
        wrong, w0, b0 = 0 if afresh else wrong, w, b
        for i in order(len(X)) if order else range(len(X)):
            error = y[i] - step(X[i] @ w0 + b0 if stale else X[i] @ w + b)
            w = w + lr * error * X[i]
            b = b + lr * error * bias
            wrong += count(error, X[i], y[i], w, b)
        errors.append(wrong)
        if stop and wrong == 0:
            break
    return w, b, np.array(errors)


def _bent(**how):
    def wrong(X, y, lr, epochs):
        return _train(X, y, lr, epochs, **how)

    return wrong


def _total(X, y, lr, epochs):
    w, b, errors = _train(X, y, lr, epochs)
    return w, b, np.cumsum(errors)


def _results(arrange):
    def wrong(X, y, lr, epochs):
        return arrange(*_train(X, y, lr, epochs))

    return wrong


def _all_at_once(after):
    """All rows counted with the same weights: those before the epoch, or those after it."""

    def wrong(X, y, lr, epochs):
        w, b, errors = np.zeros(X.shape[1]), 0.0, []
        for _ in range(epochs):
            seen = [int((classify(X, w, b) != y).sum())]
            for x, target in zip(X, y, strict=True):
                w, b = perceptron_update(w, b, x, target, lr)
            seen.append(int((classify(X, w, b) != y).sum()))
            errors.append(seen[after])
            if errors[-1] == 0:
                break
        return w, b, np.array(errors)

    return wrong


TRAIN = Exercise(
    id="01.6",
    function=train_perceptron,
    cases=clouds,
    mistakes=(
        Mistake(
            _bent(stop=False),
            "errors goes on after the first epoch without a mistake. Stop there, right after it.",
        ),
        Mistake(
            _bent(stale=True),
            "Every example met the weights of the epoch's start. Let each meet the newest.",
        ),
        Mistake(_bent(bias=False), "The bias stayed 0: take both values from perceptron_update."),
        Mistake(_bent(start=1.0), "Start with all weights at 0, and the bias too."),
        Mistake(
            _bent(order=lambda n: range(n - 1, -1, -1)),
            "Visit the rows from the first to the last.",
        ),
        Mistake(_bent(order=lambda n: range(n - 1)), "The last example is never visited."),
        Mistake(
            _bent(afresh=False), "The count runs on over all epochs. Set it to 0 as each begins."
        ),
        Mistake(_total, "errors runs on over all epochs. Begin to count afresh in each."),
        Mistake(
            _all_at_once(after=False),
            "You counted before the epoch, with its first weights. Count as you go, row by row.",
        ),
        Mistake(
            _results(lambda w, b, errors: (w, b, errors[errors > 0])),
            "The last epoch's 0 is missing. Run that epoch, append its 0, then break.",
        ),
        Mistake(
            _results(lambda w, b, errors: (w, b, errors.sum())),
            "One count for all epochs together. Collect one for each epoch in a list.",
        ),
        Mistake(
            lambda X, y, lr, epochs: _train(X, y, lr, epochs - 1),
            "The last epoch is missing: range(epochs) runs exactly `epochs` times.",
        ),
        Mistake(
            _all_at_once(after=True),
            "Count the mistakes as they happen, before each update, not after the epoch.",
        ),
        Mistake(
            _bent(count=lambda error, x, target, w, b: int(step(x @ w + b) != target)),
            "You asked after the update, when the line had just been mended. Ask before it.",
        ),
        Mistake(
            _bent(count=lambda error, *_: error),
            "You added the errors up, +1 and -1, and they cancel. Count how many are not 0.",
        ),
        Mistake(
            lambda X, y, lr, epochs: (
                *_train(X, y, lr, epochs)[:2],
                _train(X, y, lr, epochs)[2][-1:],
            ),
            "Only the last epoch's count came back. Collect one for each epoch in a list.",
        ),
        Mistake(
            lambda X, y, lr, epochs: _train(X, y, lr, 1),
            "It ends after one epoch: is `return` or `break` indented too far?",
        ),
        Mistake(
            lambda X, y, lr, epochs: _train(X, y, 1.0, epochs),
            "lr is not handed on to perceptron_update.",
        ),
    ),
    hints=(
        "Two loops: over the epochs, and inside over the rows of X with their targets.",
        "Before each update ask whether step(neuron(x, w, b)) differs from the target, and count.",
        "After the inner loop: errors.append(wrong), then break if wrong == 0. np.array(errors).",
    ),
    points=3,
)

EXERCISES = (NEURON, STEP, GATES, CLASSIFY, UPDATE, TRAIN)
