"""Checks of a network as a list of layers: first weights (08.1), forward (08.2), back (08.3)."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from nnlearn.course.chance import Generator
from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.course.outcome import describe


class NotAList(TypeError):
    pass


class NotPairs(TypeError):
    pass


class TooFew(ValueError):
    pass


class TooMany(ValueError):
    pass


class NotTwo(TypeError):
    pass


class Turned(TypeError):
    pass


def pairs_in(returned: Any, layers: int, names: tuple[str, str]) -> dict[str, Any]:
    """The arrays of a list of pairs, by name; an error says if it is no such list."""
    both = ", ".join(names)
    if not isinstance(returned, list | tuple):
        raise NotAList(f"{describe(returned)}, where a list of pairs ({both}) belongs")
    if len(returned) != layers:
        told = f"{len(returned)} entries for {layers} layers"
        raise (TooMany if len(returned) > layers else TooFew)(told)
    named: dict[str, Any] = {}
    for layer, pair in enumerate(returned, start=1):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise NotPairs(f"the entry of layer {layer} is not a pair ({both})")
        named |= {f"{name} of layer {layer}": a for name, a in zip(names, pair, strict=True)}
    return named


def mlp_init(sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in)), np.zeros(fan_out))
        for fan_in, fan_out in pairwise(sizes)
    ]


MEASURED = 20_000  # so many draws tell a spread to half a per cent
CLOSE = 0.03


def first_network(args: tuple, returned: object) -> dict:
    """Biases, and where enough weights were drawn their spread; are they drawn by rng, and anew?"""
    sizes, rng = args
    drawn = rng.was_used()
    named = pairs_in(returned, len(sizes) - 1, ("W", "b"))
    seen: dict[str, Any] = {name: b for name, b in named.items() if name.startswith("b")}
    weights = [np.asarray(W, float) for name, W in named.items() if name.startswith("W")]
    for layer, W in enumerate(weights, start=1):
        seen[f"the shape of W of layer {layer}"] = np.array(W.shape)
        if W.size >= MEASURED:
            seen[f"the spread of W of layer {layer}"] = _named(W.std(), sizes, layer)
            about = abs(W.mean()) < 2 * CLOSE * W.std()
            seen[f"W of layer {layer} lies around 0 (1: yes)"] = float(about)
    seen["the neurons of a layer differ (1: yes)"] = float(
        all(np.unique(W).size > W.size / 2 for W in weights)
    )
    seen["each layer is drawn anew (1: yes)"] = float(not any(map(_alike, weights, weights[1:])))
    seen["the weights come from rng (1: yes)"] = float(drawn)
    return seen


def _named(std: float, sizes: list[int], layer: int) -> float:
    """The known size that a measured spread is near; the usual mistakes have one each."""
    fan_in, fan_out = sizes[layer - 1], sizes[layer]
    known = [np.sqrt(2 / fan_in), np.sqrt(2 / (fan_in + fan_out)), np.sqrt(1 / fan_in)]
    known += [2 / fan_in, 1.0, np.sqrt(2 / fan_out), np.sqrt(2 / sizes[0])]
    return next((size for size in known if abs(std / size - 1) < CLOSE), std)


def _alike(V: np.ndarray, W: np.ndarray) -> bool:
    n = min(V.size, W.size, 100)
    spread = V.std() * W.std()
    return n > 10 and spread > 0 and np.mean(V.ravel()[:n] * W.ravel()[:n]) > 0.5 * spread


def places(rng: np.random.Generator) -> Iterator[Case]:
    for sizes in ([3, 4, 2], [200, 300, 150], [600, 80, 400], [150, 200, 200, 200], [2500, 10]):
        chance = Generator(int(rng.integers(2**31)))
        yield Case(f"layers of {' → '.join(map(str, sizes))}", (sizes, chance))


def _started(
    std: Callable = lambda fan_in, fan_out, sizes: np.sqrt(2 / fan_in),
    bias: Callable = np.zeros,
    draw: Callable = lambda rng, std, shape: rng.normal(0, std, shape),
) -> Callable:
    """First weights of another spread, with other biases, or drawn otherwise."""

    def wrong(sizes, rng):
        return [
            (draw(rng, std(fan_in, fan_out, sizes), (fan_out, fan_in)), bias(fan_out))
            for fan_in, fan_out in pairwise(sizes)
        ]

    return wrong


def _seeded(sizes, rng):
    state = rng.bit_generator.state
    layers = []
    for fan_in, fan_out in pairwise(sizes):
        rng.bit_generator.state = state
        layers.append(mlp_init([fan_in, fan_out], rng)[0])
    return layers


INIT = Exercise(
    id="08.1",
    function=mlp_init,
    cases=places,
    view=first_network,
    expected="a list of pairs (W, b), one a layer; W (out, in) around 0 with spread √(2 / in), b "
    "zeros, all from rng",
    mistakes=(
        Mistake(
            lambda sizes, rng: [(W.T, b) for W, b in mlp_init(sizes, rng)],
            "W is turned on its side: a neuron is a row, so W is (out, in).",
        ),
        Mistake(
            _started(lambda i, o, s: np.sqrt(2 / s[0])),
            "Every layer has the spread of the first. Each has a fan-in of its own.",
        ),
        Mistake(
            _started(lambda i, o, s: np.sqrt(2 / o)),
            "The spread comes from the number of outputs. A neuron adds up its inputs.",
        ),
        Mistake(
            _started(lambda i, o, s: 2 / i),
            "That is the variance, 2 / fan_in. The standard deviation is its root.",
        ),
        Mistake(
            _started(lambda i, o, s: np.sqrt(1 / i)),
            "The 2 is missing: ReLU halves the square, and the 2 makes up for it.",
        ),
        Mistake(
            _started(lambda i, o, s: np.sqrt(2 / (i + o))),
            "That is Xavier's spread. For ReLU only the fan-in counts.",
        ),
        Mistake(
            _started(lambda i, o, s: 1.0),
            "The weights are not scaled: their spread is 1 everywhere.",
        ),
        Mistake(
            _started(draw=lambda rng, std, shape: np.zeros(shape)),
            "All weights are 0: neurons of a layer would never part.",
        ),
        Mistake(
            _started(
                draw=lambda rng, std, shape: np.tile(rng.normal(0, std, shape[1]), (shape[0], 1))
            ),
            "All neurons of a layer are twins. Draw out times in numbers.",
        ),
        Mistake(
            _started(draw=lambda rng, std, shape: np.random.default_rng().normal(0, std, shape)),
            "The weights do not come from `rng`: nobody could repeat the run.",
        ),
        Mistake(
            _started(draw=lambda rng, std, shape: np.abs(rng.normal(0, std, shape))),
            "No weight is below 0. Draw them around 0.",
        ),
        Mistake(
            _seeded, "Each layer begins with the same draws. Let one `rng` run through all layers."
        ),
        Mistake(
            _started(bias=np.ones),
            "The biases are 1. They begin at 0: the weights make the difference.",
        ),
        Mistake(
            _started(bias=lambda n: np.zeros((n, 1))), "b is (out, 1). One number a neuron: (out,)."
        ),
        Mistake(
            lambda sizes, rng: mlp_init(sizes, rng)[:-1],
            "The last layer is missing: K sizes make K - 1 layers.",
        ),
        Mistake(
            lambda sizes, rng: [W for W, _ in mlp_init(sizes, rng)],
            "Only the weights are in the list. Each entry is a pair (W, b).",
        ),
        Mistake(
            lambda sizes, rng: [part for pair in mlp_init(sizes, rng) for part in pair],
            "One long list of arrays. Let each layer be a pair: [(W1, b1), (W2, b2), ...].",
        ),
        Mistake(
            lambda sizes, rng: mlp_init(sizes, rng)[::-1], "The layers stand in the wrong order."
        ),
    ),
    hints=(
        "One layer for each two neighbours in sizes: zip(sizes, sizes[1:]), or pairwise.",
        'A layer is what 02.4 made with "kaiming": W (fan_out, fan_in), and b of zeros.',
        "params.append((rng.normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in)), np.zeros(fan_out)))",
    ),
)


def mlp_forward(params, X):
    cache, A = [], X
    for W, b in params:
        Z = A @ W.T + b
        cache.append((A, Z))
        A = np.maximum(Z, 0)
    return Z, cache


def passed_through(args: tuple, returned: object) -> dict:
    """The logits, and what the cache holds of each layer."""
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        raise NotTwo(f"{describe(returned)}, where two results belong: return logits, cache")
    logits, cache = returned
    if isinstance(logits, list | tuple):
        raise Turned("a list comes first, where the logits belong")
    return {"the logits": logits, **pairs_in(cache, len(args[0]), ("inputs", "Z"))}


def _network(rng: np.random.Generator, sizes: list[int]) -> list:
    return [(rng.normal(size=(o, i)) / np.sqrt(i), rng.normal(size=o)) for i, o in pairwise(sizes)]


def _words(sizes: list[int]) -> str:
    return f"layers of {' → '.join(map(str, sizes))}"


BY_HAND = [
    (np.array([[1.0, -1.0], [2.0, 0.0]]), np.array([0.0, 1.0])),
    (np.array([[1.0, -1.0]]), np.array([0.5])),
]
BY_HAND_WORDS = "[([[1, -1], [2, 0]], [0, 1]), ([[1, -1]], [0.5])]"
NETWORKS = ([3, 4, 2], [5, 3, 6, 2], [4, 7], [2, 3, 4, 5, 6], [1, 6, 1], [3, 3, 3])


def forwards(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(
        "one example by hand", (BY_HAND, np.array([[1.0, 2.0]])), (BY_HAND_WORDS, "[[1, 2]]")
    )
    for sizes, n in zip(NETWORKS, (5, 4, 3, 6, 1, 3), strict=True):
        args = _network(rng, sizes), rng.normal(size=(n, sizes[0]))
        words = (_words(sizes), f"an array of shape {args[1].shape}")
        yield Case(f"{len(sizes) - 1} layers, {n} examples", args, words)


def _forwards(
    bend: Callable = lambda Z: np.maximum(Z, 0),
    sums: Callable = lambda A, W, b: A @ W.T + b,
    kept: Callable = lambda A, Z: (A, Z),
    at_the_end: Callable = lambda Z: Z,
) -> Callable:
    """Forward with another bend, other sums, another trail, or another end."""

    def wrong(params, X):
        cache, A = [], X
        for W, b in params:
            Z = sums(A, W, b)
            cache.append(kept(A, Z))
            A = bend(Z)
        return at_the_end(Z), cache

    return wrong


def _shares(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _relu(Z):
    return np.maximum(Z, 0)


def _first_input_kept(params, X):
    logits, cache = mlp_forward(params, X)
    return logits, [(X, Z) for _, Z in cache]


FORWARD = Exercise(
    id="08.2",
    function=mlp_forward,
    cases=forwards,
    view=passed_through,
    expected="the logits (N, out), and a list with a pair (inputs, Z) for each layer",
    mistakes=(
        Mistake(
            _forwards(at_the_end=_relu),
            "The last layer was bent as well. Scores may be negative: leave them as they are.",
        ),
        Mistake(
            _forwards(bend=lambda Z: Z), "Nothing bends: without ReLU between them, layers are one."
        ),
        Mistake(_forwards(sums=lambda A, W, b: A @ W.T), "The biases are left out."),
        Mistake(
            _forwards(sums=lambda A, W, b: A @ W + b),
            "A @ W does not fit: a neuron is a row of W, so it is A @ W.T.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (_relu(Z), Z)),
            "The cache holds what a layer gave. Keep what came in: its weights' slopes need that.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (A, _relu(Z)), at_the_end=_relu),
            "Bent in place: Z in the cache lost its negative numbers, and the logits too.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (A, _relu(Z))),
            "The cache holds bent sums. Keep Z itself, as it was before ReLU.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (Z, A)), "The pairs are turned: first the inputs, then Z."
        ),
        Mistake(
            _first_input_kept, "Each pair holds X. A later layer's inputs are what it was given."
        ),
        Mistake(
            lambda params, X: (mlp_forward(params, X)[0], mlp_forward(params, X)[1][:-1]),
            "The last layer has no entry in the cache. It has weights too.",
        ),
        Mistake(
            lambda params, X: (mlp_forward(params, X)[0], mlp_forward(params, X)[1][::-1]),
            "The cache stands in reverse: the first layer comes first.",
        ),
        Mistake(
            lambda params, X: mlp_forward(params, X)[0], "Only the logits came back. And the cache?"
        ),
        Mistake(
            lambda params, X: mlp_forward(params, X)[::-1], "The order is: logits, then the cache."
        ),
        Mistake(
            lambda params, X: (
                mlp_forward(params, X)[0],
                [Z for _, Z in mlp_forward(params, X)[1]],
            ),
            "The cache holds Z alone. A pair for each layer: (inputs, Z).",
        ),
        Mistake(
            _forwards(bend=np.tanh), "That bends by tanh. These networks have ReLU between layers."
        ),
        Mistake(
            _forwards(bend=lambda Z: np.where(Z > 0, Z, 0.01 * Z)),
            "That is the leaky ReLU. Below 0 nothing passes here.",
        ),
        Mistake(
            _forwards(at_the_end=_shares),
            "Shares came back. Leave the softmax to the loss, which does it safely.",
        ),
        Mistake(
            lambda params, X: mlp_forward(params, _relu(X)), "X was bent before the first layer."
        ),
    ),
    hints=(
        "Carry A along: it begins as X, and after each layer it is relu of that layer's sums.",
        "In the loop: Z = A @ W.T + b, then cache.append((A, Z)), and only then the new A.",
        "After the loop Z is the last layer's: return Z, cache.",
    ),
    points=2,
)


def mlp_backward(params, cache, dlogits):
    grads: list[Any] = []
    g = dlogits
    for (W, _), (A, Z) in zip(params[::-1], cache[::-1], strict=True):
        if grads:
            g = g * (Z > 0)
        grads.append((g.T @ A, g.sum(axis=0)))
        g = g @ W
    return grads[::-1]


def came_back(args: tuple, returned: object) -> dict:
    return pairs_in(returned, len(args[0]), ("dW", "db"))


def backwards(rng: np.random.Generator) -> Iterator[Case]:
    X = np.array([[1.0, 2.0]])
    words = (BY_HAND_WORDS, "[([[1, 2]], [[-1, 3]]), ([[0, 3]], [[-2.5]])]", "[[2]]")
    args = (BY_HAND, mlp_forward(BY_HAND, X)[1], np.array([[2.0]]))
    yield Case("one example by hand", args, words)
    for sizes, n in zip(NETWORKS, (5, 4, 3, 6, 2, 3), strict=True):
        params, X = _network(rng, sizes), rng.normal(size=(n, sizes[0]))
        g = rng.normal(size=(n, sizes[-1]))
        told = (_words(sizes), "of 08.2", f"an array of shape {g.shape}")
        yield Case(
            f"{len(sizes) - 1} layers, {n} examples", (params, mlp_forward(params, X)[1], g), told
        )
    params = [(W, 0 * b) for W, b in _network(rng, [3, 4, 2])]
    X, g = np.array([[0.0, 0.0, 0.0], [1.0, -2.0, 0.5]]), rng.normal(size=(2, 2))
    told = (_words([3, 4, 2]), "of 08.2", "an array of shape (2, 2)")
    yield Case("a picture of zeros", (params, mlp_forward(params, X)[1], g), told)


def _backwards(
    through: Callable = lambda g, A, Z: g * (Z > 0),
    at_the_end: Callable = lambda g, A, Z: g,
    own: Callable = lambda g, A: (g.T @ A, g.sum(axis=0)),
    below: Callable = lambda g, W: g @ W,
) -> Callable:
    """The way back with another slope of the bend, or other products."""

    def wrong(params, cache, dlogits):
        grads: list[Any] = []
        g = dlogits
        for (W, _), (A, Z) in zip(params[::-1], cache[::-1], strict=True):
            g = (through if grads else at_the_end)(g, A, Z)
            grads.append(own(g, A))
            g = below(g, W)
        return grads[::-1]

    return wrong


def _into_cache(params, cache, dlogits):
    grads = mlp_backward(params, cache, dlogits)
    for _, Z in cache[:-1]:
        Z[...] = Z > 0
    return grads


BACKWARD = Exercise(
    id="08.3",
    function=mlp_backward,
    cases=backwards,
    view=came_back,
    expected="a list of pairs (dW, db), first layer first, in the shapes of params",
    mistakes=(
        Mistake(
            _backwards(at_the_end=lambda g, A, Z: g * (Z > 0)),
            "The last layer was not bent: dlogits is the gradient by its Z already.",
        ),
        Mistake(
            _backwards(through=lambda g, A, Z: g),
            "The bends are left out: where a hidden Z is below 0, nothing comes back.",
        ),
        Mistake(
            _backwards(through=lambda g, A, Z: g * _relu(Z)),
            "g was multiplied by relu's value. Multiply by its slope, 1 or 0.",
        ),
        Mistake(
            _backwards(through=lambda g, A, Z: g * (Z >= 0)),
            "At Z = 0 the slope of ReLU counts as 0.",
        ),
        Mistake(
            _backwards(through=lambda g, A, Z: g * (Z < 0)),
            "The wrong half passes: where Z is above 0 the slope is 1.",
        ),
        Mistake(
            _backwards(own=lambda g, A: ((g.T @ A).T, g.sum(axis=0))),
            "dW lies on its side. It has the shape of W, (out, in).",
        ),
        Mistake(
            _backwards(own=lambda g, A: (g.T @ A / len(g), g.sum(axis=0) / len(g))),
            "Divided by N. If the loss is a mean, dlogits holds that already.",
        ),
        Mistake(
            _backwards(own=lambda g, A: (g.T @ A, g.mean(axis=0))),
            "db is a mean. Each bias served all examples: add up.",
        ),
        Mistake(
            _backwards(own=lambda g, A: (g.T @ A, g.sum(axis=1))),
            "db was added up along the neurons. Add over the examples: axis 0.",
        ),
        Mistake(
            _backwards(own=lambda g, A: (g.T @ A, g.sum())),
            "db is one number. Each neuron has a bias of its own.",
        ),
        Mistake(
            _backwards(own=lambda g, A: (g.T @ A, g.sum(axis=0, keepdims=True))),
            "db has the shape (1, out). It has the shape of b, (out,).",
        ),
        Mistake(
            _backwards(own=lambda g, A: (g.sum(axis=0), g.T @ A)), "The pairs are turned: (dW, db)."
        ),
        Mistake(
            _backwards(own=lambda g, A: g.T @ A), "db is missing. Each layer gives a pair (dW, db)."
        ),
        Mistake(
            _backwards(own=lambda g, A: (g.T @ np.ones_like(A), g.sum(axis=0))),
            "dW lacks the layer's inputs: each slope is g times what came in.",
        ),
        Mistake(
            lambda params, cache, g: mlp_backward(params, cache, g)[::-1],
            "The list stands in reverse. You went from the last layer down: turn it round.",
        ),
        Mistake(
            _backwards(below=lambda g, W: g @ W.T),
            "g @ W.T does not fit: g is (N, out) and W (out, in), so g @ W is (N, in).",
        ),
        Mistake(
            _backwards(below=lambda g, W: g @ np.abs(W)),
            "The signs of the weights were lost on the way to the layer below.",
        ),
        Mistake(
            lambda params, cache, g: [(W, b) for W, b in params],
            "The weights themselves came back. What are their gradients?",
        ),
        Mistake(
            _into_cache, "The result is right but the cache was written to. Make new arrays: Z > 0."
        ),
    ),
    hints=(
        "From the last layer down. g begins as dlogits, the gradient by the last layer's Z.",
        "A layer does what 07.5 does, with its inputs from the cache; then 07.4 with the Z below.",
        "zip(params[::-1], cache[::-1]) walks back; append (g.T @ A, g.sum(axis=0)); g = g @ W.",
    ),
    points=3,
)

LAYERS = (INIT, FORWARD, BACKWARD)
