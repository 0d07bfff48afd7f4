"""Check of one epoch of training (08.4): chance may choose any order, so orders are tried out.

Where a batch holds all rows, all rows are alike or the rate is 0, the order does not matter and the
numbers must be the reference's. Of a few rows every order is tried: one of them must lead to what
came back.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import permutations

import numpy as np

from nnlearn.course.chance import Generator
from nnlearn.course.checks.layers import (
    MoreThanTwo,
    NotTwo,
    mlp_forward,
    mlp_init,
    pairs_in,
)
from nnlearn.course.checks.layers_back import mlp_backward
from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.course.outcome import close, describe

FEW = 6  # of so many rows every order can be tried


class NotANumber(TypeError):
    pass


class NoOrder(ValueError):
    pass


class OneStep(ValueError):
    pass


class OldOrder(ValueError):
    pass


class OtherChance(ValueError):
    pass


def loss_and_pull(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    log_share = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    one_hot = np.eye(z.shape[1], dtype=z.dtype)[labels]
    return -(log_share * one_hot).sum(axis=1).mean(), (np.exp(log_share) - one_hot) / len(labels)


def descend(params, grads, lr):
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]


def weighted(losses, sizes):
    return float(np.dot(losses, sizes) / np.sum(sizes))


def _walk(params, X, y, lr, batches: Iterable, step=descend, told=weighted):
    """The epoch over these batches of rows."""
    losses, sizes = [], []
    for rows in batches:
        logits, cache = mlp_forward(params, X[rows])
        loss, dlogits = loss_and_pull(logits, y[rows])
        params = step(params, mlp_backward(params, cache, dlogits), lr)
        losses.append(loss)
        sizes.append(len(rows))
    return params, told(np.array(losses), np.array(sizes))


def _cut(order, size):
    return [np.array(order[i : i + size]) for i in range(0, len(order), size)]


def train_epoch(params, X, y, lr, batch_size, rng):
    return _walk(params, X, y, lr, _cut(rng.permutation(len(X)), batch_size))


def epoch_seen(args: tuple, returned: object) -> dict:
    """The new params and the loss; where the order matters, whether one of the orders was taken."""
    params, X, _, lr, size, rng = args
    drawn = rng.was_used()
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        many = isinstance(returned, tuple | list) and len(returned) > 2
        told = f"{describe(returned)}, where two results belong: return params, loss"
        raise (MoreThanTwo if many else NotTwo)(told)
    new, loss = returned
    named = pairs_in(new, len(params), ("W", "b"))
    if np.shape(loss) != ():
        raise NotANumber(f"the loss is one number, not of shape {np.shape(loss)}")
    if size >= len(X) or (X == X[0]).all() or lr == 0:
        return {**named, "the loss": loss}
    blocks = _cut(np.arange(len(X)), size)
    found = [*named.values(), np.asarray(loss)]
    if _leads_to(found, args, [np.arange(len(X))]):
        raise OneStep("a single step with all rows leads there too")
    if len(X) > FEW:
        if any(_leads_to(found, args, order) for order in permutations(blocks)):
            raise OldOrder("the batches are the file's neighbours, as they stand")
    elif not any(_leads_to(found, args, order) for order in _orders(len(X), size)):
        raise NoOrder("no order of the rows leads to these params and this loss")
    if not drawn:
        raise OtherChance("nothing was drawn from rng")
    return {"the order": 1.0}


def _orders(n: int, size: int) -> list[list[np.ndarray]]:
    """Every way to deal n rows into batches; within a batch the order makes no difference."""
    dealt = {
        tuple(tuple(sorted(order[i : i + size])) for i in range(0, n, size))
        for order in permutations(range(n))
    }
    return [[np.array(rows) for rows in batches] for batches in dealt]


def _leads_to(found: list, args: tuple, batches: Iterable) -> bool:
    params, X, y, lr, *_ = args
    new, loss = _walk(params, X, y, lr, batches)
    wanted = [part for pair in new for part in pair] + [np.asarray(loss)]
    return all(
        np.shape(a) == b.shape and close(a, b, args).all()
        for a, b in zip(found, wanted, strict=True)
    )


def trainings(rng: np.random.Generator) -> Iterator[Case]:
    def training(name, sizes, X, y, lr, size):
        params = [(W, rng.normal(size=b.shape)) for W, b in mlp_init(sizes, rng)]
        words = [f"layers of {' → '.join(map(str, sizes))}", f"an array of shape {X.shape}"]
        words += [f"an array of shape {y.shape}", f"{lr:g}", str(size), "a Generator"]
        chance = Generator(int(rng.integers(2**31)))
        return Case(name, (params, X, y, lr, size, chance), tuple(words))

    X, y = rng.normal(size=(8, 3)), rng.integers(0, 4, 8)
    yield training("all rows in one batch", [3, 5, 4], X, y, 0.5, 8)
    X, y = np.tile(rng.normal(size=3), (10, 1)), np.full(10, 1)
    yield training("ten rows alike, batches of 4", [3, 4, 3], X, y, 0.3, 4)
    yield training("four rows, batches of 30", [2, 3, 3, 2], *_rows(rng, 4, 2, 2), 0.2, 30)
    yield training("a rate of 0, batches of 2", [2, 4, 3], *_rows(rng, 5, 2, 3), 0.0, 2)
    yield training("four rows, one at a time", [3, 4, 3], *_rows(rng, 4, 3, 3), 0.4, 1)
    yield training("five rows, batches of 3", [2, 5, 4], *_rows(rng, 5, 2, 4), 0.3, 3)
    yield _far_out(training("scores around 750", [3, 5, 4], *_rows(rng, 6, 3, 4), 0.1, 6))
    yield training("24 rows, batches of 8", [4, 6, 3], *_rows(rng, 24, 4, 3), 0.5, 8)


def _far_out(case: Case) -> Case:
    """All scores far above 0, where exp alone is infinite."""
    params, *rest = case.args
    W, b = params[-1]
    return Case(case.name, ([*params[:-1], (W, b + 750)], *rest), case.words)


def _rows(
    rng: np.random.Generator, n: int, inputs: int, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    return rng.normal(size=(n, inputs)), rng.permutation(np.arange(n) % classes)


def _epoch(
    order: Callable = lambda n, size, rng: _cut(rng.permutation(n), size),
    step: Callable = descend,
    told: Callable = weighted,
) -> Callable:
    """An epoch with other batches, another step, or another loss told."""

    def wrong(params, X, y, lr, batch_size, rng):
        return _walk(params, X, y, lr, order(len(X), batch_size, rng), step, told)

    return wrong


def _pictures_alone(params, X, y, lr, batch_size, rng):
    mixed = X[rng.permutation(len(X))]
    return _walk(params, mixed, y, lr, _cut(np.arange(len(X)), batch_size))


def _mixed_apart(params, X, y, lr, batch_size, rng):
    X, y = X[rng.permutation(len(X))], y[rng.permutation(len(y))]
    return _walk(params, X, y, lr, _cut(np.arange(len(X)), batch_size))


def _mixed_in_place(params, X, y, lr, batch_size, rng):
    rng.shuffle(X)
    rng.shuffle(y)
    return train_epoch(params, X, y, lr, batch_size, rng)


def _by_the_batch_size(params, X, y, lr, batch_size, rng):
    new, losses, sizes = params, [], []
    for rows in _cut(rng.permutation(len(X)), batch_size):
        new, loss = _walk(new, X, y, lr * len(rows) / batch_size, [rows])
        losses.append(loss)
        sizes.append(len(rows))
    return new, weighted(losses, sizes)


def _counted_full(params, X, y, lr, batch_size, rng):
    return _walk(
        params, X, y, lr, _cut(rng.permutation(len(X)), batch_size),
        told=lambda losses, sizes: losses.sum() * batch_size / len(X),
    )  # fmt: skip


def _each_afterwards(params, X, y, lr, batch_size, rng):
    losses, sizes = [], []
    for rows in _cut(rng.permutation(len(X)), batch_size):
        params, _ = _walk(params, X, y, lr, [rows])
        losses.append(loss_and_pull(mlp_forward(params, X[rows])[0], y[rows])[0])
        sizes.append(len(rows))
    return params, weighted(losses, sizes)


def _overflowing(loss_of: Callable) -> Callable:
    """Softmax as its formula stands, without the largest score taken off."""

    def wrong(params, X, y, lr, batch_size, rng):
        losses, sizes = [], []
        for rows in _cut(rng.permutation(len(X)), batch_size):
            logits, cache = mlp_forward(params, X[rows])
            e = np.exp(logits)
            p, hot = e / e.sum(axis=1, keepdims=True), np.eye(e.shape[1])[y[rows]]
            losses.append(loss_of(logits, e, p, np.arange(len(rows)), y[rows]).mean())
            sizes.append(len(rows))
            params = descend(params, mlp_backward(params, cache, (p - hot) / len(rows)), lr)
        return params, weighted(losses, sizes)

    return wrong


def _from_the_old(params, X, y, lr, batch_size, rng):
    new, losses, sizes = params, [], []
    for rows in _cut(rng.permutation(len(X)), batch_size):
        logits, cache = mlp_forward(params, X[rows])
        loss, dlogits = loss_and_pull(logits, y[rows])
        new = descend(new, mlp_backward(params, cache, dlogits), lr)
        losses.append(loss)
        sizes.append(len(rows))
    return new, weighted(losses, sizes)


def _forgetting(params, X, y, lr, batch_size, rng):
    batches = _cut(rng.permutation(len(X)), batch_size)
    ends = [_walk(params, X, y, lr, [rows]) for rows in batches]
    losses, sizes = [loss for _, loss in ends], [len(rows) for rows in batches]
    return ends[-1][0], weighted(losses, sizes)


def _judged_afterwards(params, X, y, lr, batch_size, rng):
    new, _ = train_epoch(params, X, y, lr, batch_size, rng)
    return new, loss_and_pull(mlp_forward(new, X)[0], y)[0]


def _in_place(params, X, y, lr, batch_size, rng):
    new, loss = train_epoch(params, X, y, lr, batch_size, rng)
    for pair, moved in zip(params, new, strict=True):
        for p, q in zip(pair, moved, strict=True):
            p[...] = q
    return params, loss


def _summed(params, X, y, lr, batch_size, rng):
    def step(params, grads, lr):
        return descend(params, grads, lr * min(batch_size, len(X)))

    return _walk(params, X, y, lr, _cut(rng.permutation(len(X)), batch_size), step)


EPOCH = Exercise(
    id="08.4",
    function=train_epoch,
    cases=trainings,
    view=epoch_seen,
    expected="new params as the old ones are shaped, and one number: the mean loss over all rows",
    mistakes=(
        Mistake(
            _epoch(told=lambda losses, sizes: losses.mean()),
            "The loss is a mean over batches. The last one is smaller: let each row count once.",
        ),
        Mistake(
            _epoch(told=lambda losses, sizes: losses.sum()),
            "The batches' losses were added up. Asked for is the mean over all rows.",
        ),
        Mistake(
            _epoch(told=lambda losses, sizes: np.dot(losses, sizes)),
            "The loss is a sum over rows. Divide by how many rows there are.",
        ),
        Mistake(
            _epoch(told=lambda losses, sizes: losses[-1]),
            "That is the loss of the last batch. Collect it from all of them.",
        ),
        Mistake(
            _epoch(told=lambda losses, sizes: losses),
            "A loss for each batch came back. Make one number of them.",
        ),
        Mistake(
            _judged_afterwards,
            "The loss was measured after the epoch. Each row's is taken as its batch comes by.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: _cut(np.arange(n), size)),
            "The rows come in the order of the file. Shuffle them first, by rng.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: _mixed(_cut(np.arange(n), size), rng)),
            "Whole batches were shuffled, and inside they are neighbours. Mix the rows.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: _cut(np.random.default_rng().permutation(n), size)),
            "Mixed, but not by `rng`: nobody could repeat it.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: _cut(rng.integers(0, n, n), size)),
            "Drawn with replacement: some rows come twice, others never.",
        ),
        Mistake(
            _pictures_alone, "X was shuffled and y was not: each row meets another row's label."
        ),
        Mistake(_mixed_apart, "X and y were mixed each for itself. One order must serve both."),
        Mistake(
            _mixed_in_place,
            "rng.shuffle mixed the caller's X and y, and each in another order. Draw one order of "
            "the rows, and index both with it.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: [rng.permutation(n)[:size] for _ in range(0, n, size)]),
            "Each batch was drawn anew from all rows: some come twice, others never. Mix once.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: np.array_split(rng.permutation(n), -(-n // size))),
            "The batches are nearly of one size. Fill each; only the last may be smaller.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: _cut(rng.permutation(n), size)[: max(1, n // size)]),
            "The last, smaller batch is missing.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: [rng.permutation(n)]),
            "One step with all rows. Cut them into batches, and step after each.",
        ),
        Mistake(
            _epoch(lambda n, size, rng: _cut(rng.permutation(n), size)[:1]),
            "Only the first batch was used. Is there a `return` inside the loop?",
        ),
        Mistake(
            _from_the_old,
            "All gradients were taken at the old params. After each batch go on with the new ones.",
        ),
        Mistake(
            _forgetting,
            "Each step began at the old params, so only the last one is left.",
        ),
        Mistake(
            _epoch(step=lambda params, grads, lr: descend(params, grads, -lr)),
            "Uphill: the step goes against the gradient.",
        ),
        Mistake(
            _epoch(step=lambda params, grads, lr: descend(params, grads, 0.1)),
            "0.1 stands in your code. The caller's `lr` makes no difference.",
        ),
        Mistake(
            _epoch(step=lambda params, grads, lr: descend(params, grads, 1.0)),
            "The rate plays no part in the step.",
        ),
        Mistake(
            _epoch(step=lambda params, grads, lr: params), "The params are the old ones: no step."
        ),
        Mistake(
            _epoch(
                step=lambda params, grads, lr: [
                    (W, b)
                    for (W, _), (_, b) in zip(descend(params, grads, lr), params, strict=True)
                ]
            ),
            "The biases never move.",
        ),
        Mistake(
            _epoch(
                step=lambda params, grads, lr: params[:-1] + descend(params[-1:], grads[-1:], lr)
            ),
            "Only the last layer moves. Every layer has its gradients.",
        ),
        Mistake(
            _summed, "The gradient is a sum over the batch. The loss is a mean: divide by its rows."
        ),
        Mistake(
            _by_the_batch_size,
            "The gradient is divided by batch_size. The last batch may hold fewer rows: divide by "
            "how many it has.",
        ),
        Mistake(
            _counted_full, "Each batch's loss counts batch_size times, and the last has fewer rows."
        ),
        Mistake(
            _epoch(told=lambda losses, sizes: losses.sum() / sizes.sum()),
            "Means of batches were added, and then divided by the rows. First times its own rows.",
        ),
        Mistake(
            _each_afterwards, "Each batch's loss was taken after its step. It is taken before."
        ),
        Mistake(
            _overflowing(lambda z, e, p, rows, y: -np.log(p[rows, y])),
            "exp of a large score is infinite. Take each row's largest off first, as in 04.5.",
        ),
        Mistake(
            _overflowing(lambda z, e, p, rows, y: np.log(e.sum(axis=1)) - z[rows, y]),
            "exp of a large score is infinite, in the loss and in the shares: take each row's "
            "largest off first, as in 04.5.",
        ),
        Mistake(
            _in_place,
            "The caller's own arrays were written to. `W - lr * dW` makes new ones, `-=` does not.",
        ),
        Mistake(lambda *args: train_epoch(*args)[0], "The loss is missing: return params, loss."),
        Mistake(
            lambda *args: train_epoch(*args)[1], "The params are missing: return params, loss."
        ),
        Mistake(lambda *args: train_epoch(*args)[::-1], "The order is: params, then the loss."),
    ),
    hints=(
        "order = rng.permutation(len(X)); rows = order[i : i + batch_size], as in 06.2.",
        "For each batch: 08.2, the loss and its gradient (04.5, 04.6), 08.3, a step. Go on with "
        "the new params.",
        "Add loss * len(rows) to a total; return the last params and total / len(X).",
    ),
    points=3,
)


def _mixed(blocks, rng):
    return [blocks[i] for i in rng.permutation(len(blocks))]
