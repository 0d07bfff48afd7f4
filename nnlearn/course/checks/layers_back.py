"""Check of the way back through a network as a list of layers (08.3)."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nnlearn.course.checks.layers import (
    BY_HAND,
    BY_HAND_WORDS,
    NETWORKS,
    in_words,
    mlp_forward,
    network,
    pairs_in,
    relu,
)
from nnlearn.course.exercise import Case, Exercise, Mistake


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
        params, X = network(rng, sizes), rng.normal(size=(n, sizes[0]))
        g = rng.normal(size=(n, sizes[-1]))
        told = (in_words(sizes), "of 08.2", f"an array of shape {g.shape}")
        yield Case(
            f"{len(sizes) - 1} layers, {n} examples", (params, mlp_forward(params, X)[1], g), told
        )
    params = [(W, 0 * b) for W, b in network(rng, [3, 4, 2])]
    X, g = np.array([[0.0, 0.0, 0.0], [1.0, -2.0, 0.5]]), rng.normal(size=(2, 2))
    told = (in_words([3, 4, 2]), "of 08.2", "an array of shape (2, 2)")
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


def _bend_of_its_own(params, cache, dlogits):
    grads, g = [], dlogits
    for (W, _), (A, Z) in zip(params[::-1], cache[::-1], strict=True):
        grads.append((g.T @ A, g.sum(axis=0)))
        g = (g @ W) * (Z > 0)
    return grads[::-1]


def _bend_not_passed_on(params, cache, dlogits):
    grads: list[Any] = []
    g = dlogits
    for (W, _), (A, Z) in zip(params[::-1], cache[::-1], strict=True):
        stopped = g * (Z > 0) if grads else g
        grads.append((stopped.T @ A, stopped.sum(axis=0)))
        g = g @ W
    return grads[::-1]


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
            _backwards(through=lambda g, A, Z: g * relu(Z)),
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
            lambda params, cache, g: [d for pair in mlp_backward(params, cache, g) for d in pair],
            "One long list of arrays. As in params, each layer has a pair: [(dW, db), ...].",
        ),
        Mistake(
            _bend_of_its_own,
            "g came from the layer above, through this layer's bend: take the Z of the layer whose "
            "sums g belongs to now, not of the one it has just left.",
        ),
        Mistake(
            _bend_not_passed_on,
            "The bend stops g for this layer's slopes, but what goes on below is not stopped.",
        ),
        Mistake(
            lambda params, cache, g: [(-dW, -db) for dW, db in mlp_backward(params, cache, g)],
            "All signs are turned. The gradient leads uphill; the minus belongs to the step.",
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
