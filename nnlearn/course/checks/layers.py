"""Checks of a network as a list of layers: first weights (08.1), forward (08.2)."""

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


class OtherParts(TypeError):
    pass


class OneLongList(TypeError):
    pass


class TooFew(ValueError):
    pass


class TooMany(ValueError):
    pass


class BiasesDiffer(ValueError):
    pass


class NotTwo(TypeError):
    pass


class MoreThanTwo(TypeError):
    pass


class Turned(TypeError):
    pass


def pairs_in(returned: Any, layers: int, names: tuple[str, str]) -> dict[str, Any]:
    """The arrays of a list of pairs, by name; an error says if it is no such list."""
    both = ", ".join(names)
    if not isinstance(returned, list | tuple):
        raise NotAList(f"{describe(returned)}, where a list of pairs ({both}) belongs")
    if len(returned) != layers:
        told = f"{len(returned)} {'entry' if len(returned) == 1 else 'entries'} for {layers} layers"
        if len(returned) == 2 * layers and all(isinstance(a, np.ndarray) for a in returned):
            raise OneLongList(told)
        raise (TooMany if len(returned) > layers else TooFew)(told)
    named: dict[str, Any] = {}
    for layer, pair in enumerate(returned, start=1):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            kind = NotPairs if isinstance(pair, np.ndarray) else OtherParts
            raise kind(f"the entry of layer {layer} is not a pair ({both})")
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
    for name, b in seen.items():
        if np.ndim(b) == 1 and np.size(b) > 1 and np.unique(b).size > 1:
            raise BiasesDiffer(f"{name} holds numbers that differ from each other")
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
    known += [np.sqrt(2 / fan_in / 3), np.sqrt(2 / fan_in / 12), 2 / np.sqrt(fan_in)]
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


def _biases_drawn(sizes, rng):
    return [(W, rng.normal(0, W.std(), len(W))) for W, _ in mlp_init(sizes, rng)]


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
            _started(draw=lambda rng, std, shape: std * rng.random(shape)),
            "rng.random lies between 0 and 1, never below 0. Draw from a bell curve, rng.normal.",
        ),
        Mistake(
            _started(draw=lambda rng, std, shape: rng.uniform(-std, std, shape)),
            "An even draw from -s to s has a smaller spread than s. A bell curve's scale is its s.",
        ),
        Mistake(
            _started(lambda i, o, s: 2 / np.sqrt(i)),
            "The 2 stands outside the root. It belongs under it, with the fan-in.",
        ),
        Mistake(
            _seeded, "Each layer begins with the same draws. Let one `rng` run through all layers."
        ),
        Mistake(
            _started(bias=np.ones),
            "The biases are 1. They begin at 0: the weights make the difference.",
        ),
        Mistake(
            _biases_drawn,
            "The biases are drawn. They begin at 0: drawn weights are difference enough.",
        ),
        Mistake(
            _started(bias=lambda n: np.zeros((n, 1))), "b is (out, 1). One number a neuron: (out,)."
        ),
        Mistake(
            _started(bias=lambda n: np.zeros((1, n))),
            "b is (1, out), a table of one row. Wanted: (out,).",
        ),
        Mistake(
            lambda sizes, rng: [mlp_init(sizes[i : i + 2], rng)[0] for i in range(len(sizes))],
            "A list ended too soon: K sizes make K - 1 layers, so the last size has no next one.",
        ),
        Mistake(
            lambda sizes, rng: mlp_init(sizes, rng)[:1] if len(sizes) > 2 else mlp_init(sizes, rng),
            "Only the first layer came back. Is there a `return` inside the loop?",
        ),
        Mistake(
            lambda sizes, rng: [*mlp_init(sizes, rng), mlp_init([sizes[-1]] * 2, rng)[0]],
            "A layer too many: sizes begins with what goes in, and that is no layer of neurons.",
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
        kind = MoreThanTwo if isinstance(returned, tuple | list) else NotTwo
        raise kind(f"{describe(returned)}, where two results belong: return logits, cache")
    logits, cache = returned
    if isinstance(logits, list | tuple):
        raise Turned("a list comes first, where the logits belong")
    return {"the logits": logits, **pairs_in(cache, len(args[0]), ("inputs", "Z"))}


def network(rng: np.random.Generator, sizes: list[int]) -> list:
    return [(rng.normal(size=(o, i)) / np.sqrt(i), rng.normal(size=o)) for i, o in pairwise(sizes)]


def in_words(sizes: list[int]) -> str:
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
        args = network(rng, sizes), rng.normal(size=(n, sizes[0]))
        words = (in_words(sizes), f"an array of shape {args[1].shape}")
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


def relu(Z):
    return np.maximum(Z, 0)


def _first_input_kept(params, X):
    logits, cache = mlp_forward(params, X)
    return logits, [(X, Z) for _, Z in cache]


def _bent_in_place(params, X):
    logits, cache = mlp_forward(params, X)
    return logits, [(A, relu(Z)) for A, Z in cache[:-1]] + cache[-1:]


FORWARD = Exercise(
    id="08.2",
    function=mlp_forward,
    cases=forwards,
    view=passed_through,
    expected="the logits (N, out), and a list with a pair (inputs, Z) for each layer",
    mistakes=(
        Mistake(
            _forwards(at_the_end=relu),
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
            _forwards(kept=lambda A, Z: (relu(Z), Z), at_the_end=relu),
            "Two things: the cache holds what a layer gave, not what came in, and the last layer "
            "was bent as well. Keep (A, Z) before you bend, and return the last Z.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (relu(Z), Z)),
            "The cache holds what a layer gave. Keep what came in: its weights' slopes need that.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (A, relu(Z)), at_the_end=relu),
            "Bent in place: Z in the cache lost its negative numbers, and the logits too.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (A, relu(Z))),
            "The cache holds bent sums. Keep Z itself, as it was before ReLU.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (Z, A)), "The pairs are turned: first the inputs, then Z."
        ),
        Mistake(
            _first_input_kept, "Each pair holds X. A later layer's inputs are what it was given."
        ),
        Mistake(
            lambda params, X: mlp_forward(params[:1], X),
            "Only the first layer was passed. Is there a `return` inside the loop?",
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
            lambda params, X: (mlp_forward(params, X)[0], [], []),
            "Lists of their own for inputs and Z. One list, the cache, with a pair for each layer.",
        ),
        Mistake(
            _forwards(kept=lambda A, Z: (A, Z, relu(Z))),
            "Three things for each layer. Keep two: (inputs, Z). The bent sums come again as the "
            "next layer's inputs.",
        ),
        Mistake(
            lambda params, X: (mlp_forward(params, X)[0], [(X, X), *mlp_forward(params, X)[1]]),
            "The cache has an entry too many. X is no layer: it is the first layer's inputs.",
        ),
        Mistake(
            _bent_in_place,
            "Z in the cache lost its negative numbers: A = Z is no copy; A[A < 0] = 0 changes Z.",
        ),
        Mistake(
            _forwards(bend=lambda Z: 1 / (1 + np.exp(-Z))),
            "That bends by the sigmoid. These networks have ReLU between layers.",
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
            lambda params, X: mlp_forward(params, relu(X)), "X was bent before the first layer."
        ),
    ),
    hints=(
        "Carry A along: it begins as X, and after each layer it is relu of that layer's sums.",
        "In the loop: Z = A @ W.T + b, then cache.append((A, Z)), and only then the new A.",
        "After the loop Z is the last layer's: return Z, cache.",
    ),
    points=2,
)
