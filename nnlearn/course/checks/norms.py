"""Checks of batch norm (09.5) and layer norm (09.6)."""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.course.outcome import describe


def batch_norm(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    return _batch_norm()(x, gamma, beta, running, training, momentum, eps)


def _both(x):
    n = len(x)
    return x.mean(axis=0), x.var(axis=0), x.var(axis=0) * n / (n - 1)


def _batch_norm(
    statistics=_both,
    move=lambda old, new, momentum: (1 - momentum) * old + momentum * new,
    used=lambda training, batch, running, moved: batch if training else running,
    kept=lambda training, running, moved: moved if training else running,
    scale=lambda centred, var, eps: centred / np.sqrt(var + eps),
    last=lambda z, gamma, beta: gamma * z + beta,
):
    """Batch norm of its parts, each of which a mistake may change."""

    def norm(x, gamma, beta, running, training, momentum, eps):
        batch, moved = None, None
        if training or used(False, True, False, None):
            mean, var, unbiased = statistics(x)
            batch = mean, var
            moved = move(running[0], mean, momentum), move(running[1], unbiased, momentum)
        mean, var = used(training, batch, running, moved)
        out = last(scale(x - mean, var, eps), gamma, beta)
        return out, tuple(a.copy() for a in kept(training, tuple(running), moved))

    return norm


def columns(rng: np.random.Generator) -> Iterator[Case]:
    def case(name, x, training=True, momentum=0.1, eps=1e-5, ones=False):
        d = x.shape[1]
        gamma, beta = (
            (np.ones(d), np.zeros(d)) if ones else (rng.normal(size=d) + 2, rng.normal(size=d))
        )
        running = rng.normal(size=d), rng.uniform(0.5, 2, d)
        return told(name, x, gamma, beta, running, training, momentum, eps)

    def told(name, *args):
        words = ("; ".join(map(describe, a)) if isinstance(a, tuple) else describe(a) for a in args)
        return Case(name, args, tuple(words))

    by_hand = np.array([[1.0, 10.0, 0.0], [3.0, 10.0, 8.0]])
    start = np.zeros(3), np.ones(3)
    yield told("two rows", by_hand, np.ones(3), np.zeros(3), start, True, 0.5, 0.0001)
    yield case("ten rows", rng.normal(size=(10, 4)))
    yield case("test mode", rng.normal(size=(6, 3)), training=False)
    yield case("test mode, one row", rng.normal(size=(1, 5)), training=False)
    yield case("a faster memory", rng.normal(size=(7, 2)) + 3, momentum=0.4)
    yield case("a large eps", rng.normal(size=(5, 6)), eps=0.7)
    yield case("a column that never changes", np.c_[np.full(4, 2.0), rng.normal(size=4)])
    yield case("thousands", 1000 * rng.normal(size=(9, 3)), ones=True)


def norm_parts(args: tuple, returned: object) -> object:
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        return returned
    out, running = returned
    if not isinstance(running, tuple | list | np.ndarray) or np.shape(running)[:1] != (2,):
        return returned
    return {"out": out, "running mean": running[0], "running variance": running[1]}


def _writing_running(x, gamma, beta, running, training, momentum, eps):
    out, (mean, var) = batch_norm(x, gamma, beta, running, training, momentum, eps)
    if training:
        running[0][...], running[1][...] = mean, var
    return out, running


def _fixed(momentum=None, eps=None):
    def wrong(x, gamma, beta, running, training, m, e):
        return batch_norm(x, gamma, beta, running, training, momentum or m, eps or e)

    return wrong


def _moving_always(x, gamma, beta, running, training, momentum, eps):
    out, _ = batch_norm(x, gamma, beta, running, training, momentum, eps)
    unbiased = x.var(axis=0) * np.divide(len(x), len(x) - 1)  # of one row nan, as with ddof=1
    new = zip(running, (x.mean(axis=0), unbiased), strict=True)
    return out, tuple((1 - momentum) * a + momentum * b for a, b in new)


def _quiet(x):
    with np.errstate(all="ignore"):
        return x()


BATCH_NORM = Exercise(
    id="09.5",
    function=batch_norm,
    cases=columns,
    view=norm_parts,
    expected="out, of x's shape, and running, a pair of new arrays (D,): mean and variance",
    mistakes=(
        Mistake(
            lambda *args: batch_norm(*args)[0],
            "Only out came back. Test mode will need running: return out, running.",
        ),
        Mistake(
            lambda *args: (batch_norm(*args)[0], *batch_norm(*args)[1]),
            "Three results. The two statistics are a pair: return out, (mean, var).",
        ),
        Mistake(
            _batch_norm(lambda x: (x.mean(axis=0), x.var(axis=0), x.var(axis=0))),
            "The running variance is to be the estimate for all rows: divide by N - 1, not N.",
        ),
        Mistake(
            _batch_norm(lambda x: (x.mean(axis=0), x.var(axis=0, ddof=1), x.var(axis=0, ddof=1))),
            "The batch itself is normalised by its own variance, over N. N - 1 is for running.",
        ),
        Mistake(
            _batch_norm(lambda x: (x.mean(axis=0), x.var(axis=0, ddof=1), x.var(axis=0))),
            "The two variances are swapped: N for this batch, N - 1 for what is remembered.",
        ),
        Mistake(
            _batch_norm(lambda x: (x.mean(axis=0), x.var(axis=0), x.std(axis=0, ddof=1))),
            "Running remembers a root. Let it remember the variance.",
        ),
        Mistake(
            _batch_norm(move=lambda old, new, m: m * old + (1 - m) * new),
            "momentum is swapped: here, as in PyTorch, it is the share of what is new.",
        ),
        Mistake(
            _batch_norm(move=lambda old, new, m: old + m * new),
            "What is old does not fade. Its share is 1 - momentum.",
        ),
        Mistake(
            _batch_norm(move=lambda old, new, m: new),
            "Running forgot its past: only the last batch is in it.",
        ),
        Mistake(
            lambda *args: (batch_norm(*args)[0], (batch_norm(*args)[1][0], args[3][1])),
            "The running mean moves, the running variance does not.",
        ),
        Mistake(
            lambda *args: batch_norm(*args) if args[4] else batch_norm(*args)[0],
            "In test mode only out came back. Running comes back in both, there as it was.",
        ),
        Mistake(
            _batch_norm(kept=lambda training, running, moved: running),
            "Running never moves. In training each batch moves it a little.",
        ),
        Mistake(
            _batch_norm(used=lambda training, batch, running, moved: running),
            "In training you normalise by running. There it is the batch's own statistics.",
        ),
        Mistake(
            _batch_norm(
                used=lambda training, batch, running, moved: moved if training else running
            ),
            "You moved running first and then normalised by it. Training uses the batch alone.",
        ),
        Mistake(
            lambda x, gamma, beta, running, training, m, e: (
                batch_norm(x, gamma, beta, (x.mean(axis=0), x.var(axis=0)), training, m, e)[0],
                batch_norm(x, gamma, beta, running, training, m, e)[1],
            ),
            "In test mode you use the batch. There it may be a single row: use running.",
        ),
        Mistake(
            _moving_always,
            "Running moved in test mode. Then it learns from the test. It moves in training only.",
        ),
        Mistake(
            _batch_norm(scale=lambda c, var, eps: _quiet(lambda: c / np.sqrt(var))),
            "eps plays no part, and a column that never changes is divided by 0.",
        ),
        Mistake(
            _batch_norm(scale=lambda c, var, eps: c / (np.sqrt(var) + eps)),
            "eps was added to the root. Here it stands under the root, with the variance.",
        ),
        Mistake(
            _batch_norm(scale=lambda c, var, eps: c / (var + eps)),
            "You divided by the variance. Its root has the unit of x.",
        ),
        Mistake(_fixed(eps=1e-5), "1e-5 stands in your code. The caller's eps plays no part."),
        Mistake(
            _fixed(momentum=0.1), "0.1 stands in your code. The caller's momentum plays no part."
        ),
        Mistake(
            _batch_norm(last=lambda z, gamma, beta: z),
            "gamma and beta are missing: scale and shift what was normalised.",
        ),
        Mistake(
            _batch_norm(last=lambda z, gamma, beta: gamma * z),
            "beta is missing: shift what was scaled.",
        ),
        Mistake(
            _batch_norm(last=lambda z, gamma, beta: gamma * (z + beta)),
            "beta was scaled, too. First times gamma, then plus beta.",
        ),
        Mistake(
            lambda *args: (batch_norm(*args)[0], batch_norm(*args)[1][::-1]),
            "The pair is turned: first the mean, then the variance.",
        ),
        Mistake(
            _batch_norm(lambda x: (x.mean(), x.var(), x.var(ddof=1))),
            "One mean and one variance for all. Each column has its own.",
        ),
        Mistake(
            _writing_running,
            "You wrote into the caller's running. Return a pair of new arrays.",
        ),
    ),
    hints=(
        "Training: mean and var of each column of x. Test: those in running, which stays as it is.",
        "running: (1 - momentum) * old + momentum * new. The new variance: x.var(axis=0, ddof=1).",
        "out = gamma * (x - mean) / np.sqrt(var + eps) + beta; in training var = x.var(axis=0).",
    ),
    points=3,
)


def layer_norm(x, gamma, beta, eps=1e-5):
    return _layer_norm()(x, gamma, beta, eps)


def _over_rows(x):
    return x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)


def _layer_norm(
    statistics=_over_rows,
    scale=lambda centred, var, eps: centred / np.sqrt(var + eps),
    last=lambda z, gamma, beta: gamma * z + beta,
):
    def norm(x, gamma, beta, eps):
        mean, var = statistics(x)
        return last(scale(x - mean, var, eps), gamma, beta)

    return norm


def rows_of_features(rng: np.random.Generator) -> Iterator[Case]:
    def case(name, x, eps=1e-5):
        d = x.shape[-1]
        return Case(name, (x, rng.normal(size=d) + 2, rng.normal(size=d), eps))

    by_hand = np.array([[1.0, 3.0, 5.0], [10.0, 10.0, 40.0]])
    yield Case("two rows by hand", (by_hand, np.array([1.0, 1.0, 2.0]), np.zeros(3), 0.0001))
    yield case("five rows", rng.normal(size=(5, 4)))
    yield case("one row alone", rng.normal(size=6))
    yield case("sentences of words", rng.normal(size=(2, 5, 3)))
    yield case("a large eps", rng.normal(size=(3, 7)), eps=0.6)
    yield case("a row of equal numbers", np.r_[np.full((1, 4), 2.5), rng.normal(size=(2, 4))])
    yield case("one feature", rng.normal(size=(4, 1)))
    yield case("thousands", 1000 * rng.normal(size=(3, 8)))


def _layer_in_place(x, gamma, beta, eps):
    x[...] = layer_norm(x, gamma, beta, eps)
    return x


LAYER_NORM = Exercise(
    id="09.6",
    function=layer_norm,
    cases=rows_of_features,
    mistakes=(
        Mistake(
            _layer_norm(lambda x: (x.mean(axis=0), x.var(axis=0))),
            "Those are the columns: batch norm. Here each row has a mean of its own.",
        ),
        Mistake(
            _layer_norm(
                lambda x: (
                    x.mean(axis=min(1, x.ndim - 1), keepdims=True),
                    x.var(axis=min(1, x.ndim - 1), keepdims=True),
                )
            ),
            "With two axes axis 1 is the last, with three it is not. The last axis is -1.",
        ),
        Mistake(
            _layer_norm(lambda x: (x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True))),
            "A single row has no axis 1. The last axis of any array is -1.",
        ),
        Mistake(
            _layer_norm(lambda x: (x.mean(axis=-1), x.var(axis=-1))),
            "The row's mean lost its axis, and no longer stands beside its row: keepdims=True.",
        ),
        Mistake(
            _layer_norm(scale=lambda c, var, eps: c / np.sqrt(var * c.shape[-1] + eps)),
            "The squares were added up. The variance is their mean: divide by D.",
        ),
        Mistake(
            _layer_norm(lambda x: (x.mean(), x.var())),
            "One mean for everything. Each row has its own: axis=-1, keepdims=True.",
        ),
        Mistake(
            _layer_norm(lambda x: (x.mean(axis=-1, keepdims=True), 1.0)),
            "Centred, but not scaled: divide by the root of the variance.",
        ),
        Mistake(
            _layer_norm(lambda x: (0.0, x.var(axis=-1, keepdims=True))),
            "Scaled, but not centred: first take the row's mean away.",
        ),
        Mistake(
            _layer_norm(lambda x: (0.0, (x * x).mean(axis=-1, keepdims=True))),
            "That is RMS norm: no mean is taken away. Layer norm does take it.",
        ),
        Mistake(
            lambda x, gamma, beta, eps: _quiet(
                lambda: _layer_norm(
                    lambda x: (
                        x.mean(axis=-1, keepdims=True),
                        x.var(axis=-1, keepdims=True) * x.shape[-1] / (x.shape[-1] - 1),
                    )
                )(x, gamma, beta, eps)
            ),
            "Your variance divides by D - 1. Here it is the mean of the squares: by D.",
        ),
        Mistake(
            _layer_norm(scale=lambda c, var, eps: _quiet(lambda: c / np.sqrt(var))),
            "eps plays no part, and a row of equal numbers is divided by 0.",
        ),
        Mistake(
            _layer_norm(scale=lambda c, var, eps: c / (np.sqrt(var) + eps)),
            "eps was added to the root. Here it stands under the root, with the variance.",
        ),
        Mistake(
            _layer_norm(scale=lambda c, var, eps: c / (var + eps)),
            "You divided by the variance. Its root has the unit of x.",
        ),
        Mistake(
            lambda x, gamma, beta, eps: layer_norm(x, gamma, beta, 1e-5),
            "1e-5 stands in your code. The caller's eps plays no part.",
        ),
        Mistake(_layer_norm(last=lambda z, gamma, beta: z), "gamma and beta are missing."),
        Mistake(
            _layer_norm(last=lambda z, gamma, beta: gamma * z),
            "beta is missing: shift what was scaled.",
        ),
        Mistake(
            _layer_norm(last=lambda z, gamma, beta: z + beta),
            "gamma is missing: scale what was normalised.",
        ),
        Mistake(
            _layer_norm(last=lambda z, gamma, beta: gamma * (z + beta)),
            "beta was scaled, too. First times gamma, then plus beta.",
        ),
        Mistake(_layer_in_place, "You wrote into the caller's x. Make a new array."),
    ),
    hints=(
        "As batch norm, but along the other axis, and without a memory.",
        "x.mean(axis=-1, keepdims=True) has one mean a row, in a shape that x can be reduced by.",
        "gamma * (x - mean) / np.sqrt(var + eps) + beta",
    ),
)
