"""Checks of what hands out rows: batches (06.2), and a part that is held back (06.3).

Chance is part of a right answer, so what came back is measured: which row went where?
"""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.chance import Generator
from nnlearn.course.exercise import Case, Exercise, Mistake


class NotPairs(TypeError):
    pass


class OneBatch(TypeError):
    pass


class NotCut(TypeError):
    pass


class TwoLists(TypeError):
    pass


class WrongShape(ValueError):
    pass


class OtherKind(ValueError):
    pass


class RowsApart(ValueError):
    pass


class RowsRepeated(ValueError):
    pass


class RowsMissing(ValueError):
    pass


class WrongSizes(ValueError):
    pass


class OldOrder(ValueError):
    pass


class Neighbours(ValueError):
    pass


class SameCompany(ValueError):
    pass


class OtherChance(ValueError):
    pass


class FourArrays(TypeError):
    pass


class InBothParts(ValueError):
    pass


class WrongShare(ValueError):
    pass


class PartsSwapped(ValueError):
    pass


FEW, MANY = 10, 40  # of so many rows chance never leaves the order, or any block, as it was


def _is_pair(item: object) -> bool:
    return (
        isinstance(item, tuple | list)
        and len(item) == 2
        and all(isinstance(part, np.ndarray) for part in item)
    )


def _followed(X: np.ndarray, y: np.ndarray, parts: list) -> list[np.ndarray]:
    """Which rows of X are in each part; raises if a row lost its answer, its shape or its kind."""
    at = {row.tobytes(): i for i, row in enumerate(X)}
    rows = []
    for a, b in parts:
        if a.shape[1:] != X.shape[1:] or b.shape[1:] != y.shape[1:] or len(a) != len(b):
            raise WrongShape(f"X {a.shape} beside y {b.shape}, out of {X.shape} and {y.shape}")
        found = [at.get(row.astype(X.dtype).tobytes()) for row in a]
        for row, answer in zip(found, b, strict=True):
            if row is None:
                raise RowsApart("a row came back that is not in X")
            if not np.array_equal(answer, y[row]):
                raise RowsApart(f"row {row} of X came with another row's answer")
        if a.dtype != X.dtype or b.dtype != y.dtype:
            raise OtherKind(f"X, y were {X.dtype}, {y.dtype}; now {a.dtype}, {b.dtype}")
        rows.append(np.array(found, dtype=int))
    return rows


def _once_each(rows: np.ndarray, n: int) -> None:
    counts = np.bincount(rows, minlength=n)
    if counts.max(initial=0) > 1:
        raise RowsRepeated(f"row {counts.argmax()} came {counts.max()} times")
    if counts.min(initial=1) == 0:
        raise RowsMissing(f"{np.sum(counts == 0)} of {n} rows never came")


def batches_seen(args: tuple, returned: object) -> float:
    """1 if all is well. An error says what is not, whichever order chance has chosen."""
    X, y, size, rng = args
    try:
        parts = _batches(returned, len(X), size)
    finally:
        drawn = rng.was_used()
    rows = _followed(X, y, parts)
    every = np.concatenate([*rows, np.zeros(0, int)])
    _once_each(every, len(X))
    sizes = sorted((len(r) for r in rows), reverse=True)
    if sizes != [len(b) for _, b in _taken(X, y, np.arange(len(X)), size)]:
        raise WrongSizes(f"batches of {', '.join(map(str, sizes[:9]))} rows")
    steps = np.diff(every)
    if len(X) >= FEW and (steps == 1).all():
        raise OldOrder("the rows come as they stand in X")
    if len(X) >= MANY and np.mean(steps == 1) > 0.3:
        raise Neighbours("most rows come right after their neighbour in X")
    full = [np.ptp(r) < len(r) for r in rows if len(r) > 1]
    if len(X) >= MANY and full and np.mean(full) > 0.5:
        raise SameCompany("each batch is a block of X, mixed only inside")
    if not drawn:
        raise OtherChance("nothing was drawn from rng")
    return 1.0


def _batches(returned: object, n: int, size: int) -> list:
    if returned is None or isinstance(returned, np.ndarray):
        raise NotPairs("wanted are pairs (Xb, yb), in a list or by yield")
    if isinstance(returned, tuple) and _is_pair(returned):
        if len(returned[0]) == n > size:
            raise NotCut(f"one pair with all {n} rows")
        raise OneBatch("a single pair of arrays, not a list of pairs")
    parts = list(returned)  # type: ignore[call-overload]
    if all(_is_pair(part) for part in parts):
        return parts
    if len(parts) == 2 and all(isinstance(part, list) for part in parts):
        raise TwoLists("a list for X and a list for y")
    raise NotPairs("a batch is a pair of NumPy arrays: (Xb, yb)")


def _taken(X, y, order, size):
    return [(X[order[i : i + size]], y[order[i : i + size]]) for i in range(0, len(order), size)]


def minibatches(X, y, batch_size, rng):
    return _taken(X, y, rng.permutation(len(X)), batch_size)


def samples(rng: np.random.Generator) -> Iterator[Case]:
    def chance():
        return Generator(int(rng.integers(2**31)))

    def labels(n):
        return rng.integers(0, 5, n)

    small = np.arange(20.0).reshape(10, 2)
    yield Case("10 rows, batches of 4", (small, np.arange(10), 4, chance()))
    yield Case("12 rows, batches of 4", (rng.normal(size=(12, 3)), labels(12), 4, chance()))
    yield Case("5 rows, batches of 8", (rng.normal(size=(5, 3)), labels(5), 8, chance()))
    yield Case("7 rows, one at a time", (rng.normal(size=(7, 1)), labels(7), 1, chance()))
    yield Case("60 rows, batches of 7", (rng.normal(size=(60, 5)), labels(60), 7, chance()))
    yield Case("answers that are numbers", (rng.normal(size=(50, 3)), rng.random(50), 16, chance()))
    pictures = rng.normal(size=(45, 4, 3))
    yield Case("pictures, one-hot", (pictures, np.eye(5)[labels(45)], 10, chance()))


def _by(order):
    """Batches cut from another order of the rows."""

    def wrong(X, y, batch_size, rng):
        return _taken(X, y, np.asarray(order(len(X), batch_size, rng)), batch_size)

    return wrong


def _whole_batches(X, y, batch_size, rng):
    in_order = _taken(X, y, np.arange(len(X)), batch_size)
    return [in_order[i] for i in rng.permutation(len(in_order))]


def _in_blocks(n, b, rng):
    return np.concatenate([rng.permutation(np.arange(n)[i : i + b]) for i in range(0, n, b)])


def _shuffled_apart(X, y, batch_size, rng):
    X, y = X[rng.permutation(len(X))], y[rng.permutation(len(y))]
    return _taken(X, y, np.arange(len(X)), batch_size)


def _in_place(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return _taken(X, y, np.arange(len(X)), batch_size)


def _glued(X, y, batch_size, rng):
    both = np.c_[X, y]
    rng.shuffle(both)
    whole = [both[i : i + batch_size] for i in range(0, len(both), batch_size)]
    return [(rows[:, :-1], rows[:, -1]) for rows in whole]


def _even(X, y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), max(1, len(X) // batch_size))
    return [(X[rows], y[rows]) for rows in parts]


def _filled_up(n, b, rng):
    order = rng.permutation(n)
    return np.resize(order, -(-n // b) * b)


BATCHES = Exercise(
    id="06.2",
    function=minibatches,
    cases=samples,
    view=batches_seen,
    expected="every row once, with its own answer, in a new order drawn from rng; batch_size rows "
    "in a batch, fewer only in the last",
    mistakes=(
        Mistake(
            _by(lambda n, b, rng: np.arange(n)),
            "The rows come in the order of the file. Draw an order first: rng.permutation.",
        ),
        Mistake(
            _shuffled_apart,
            "Rows of X met the wrong y: each got an order of its own. Draw one, use it for both.",
        ),
        Mistake(
            lambda X, y, b, rng: minibatches(X, y, b, rng)[: len(X) // b],
            "The last, smaller batch is missing. Its rows are to be learnt from, too.",
        ),
        Mistake(
            _by(lambda n, b, rng: rng.integers(0, n, n)),
            "Drawn with replacement: some rows come twice, others never. Each comes once an epoch.",
        ),
        Mistake(
            _whole_batches,
            "Whole batches were shuffled, and inside they are the file's neighbours. Mix the rows.",
        ),
        Mistake(
            _by(_in_blocks),
            "You mixed within each batch. Who meets whom stays the same: mix before you cut.",
        ),
        Mistake(
            _in_place,
            "You shuffled the caller's own arrays. Take rows out by number, X[rows], and copy so.",
        ),
        Mistake(
            _by(lambda n, b, rng: np.random.default_rng().permutation(n)),
            "Mixed, but not with `rng`: nobody could repeat it. Draw the order from rng.",
        ),
        Mistake(
            _glued, "The dtypes changed. X and y on one array: labels become floats. Cut each."
        ),
        Mistake(
            lambda X, y, b, rng: minibatches(X, y, b, rng)[0],
            "Only the first batch came back. Is there a `return` inside the loop?",
        ),
        Mistake(
            lambda X, y, b, rng: minibatches(X, y, len(X), rng)[0],
            "All rows in one pair. Cut the shuffled rows into pieces of batch_size.",
        ),
        Mistake(
            lambda X, y, b, rng: [X[rows] for rows in _cut(X, b, rng)],
            "A batch is a pair of arrays, one of X and one of y: (X[rows], y[rows]).",
        ),
        Mistake(
            lambda X, y, b, rng: tuple(map(list, zip(*minibatches(X, y, b, rng), strict=True))),
            "All X and then all y. Give one pair after the other: [(Xb, yb), (Xb, yb), ...].",
        ),
        Mistake(
            _even, "The rest was spread over the batches. Each has batch_size rows, but the last."
        ),
        Mistake(
            _by(_filled_up),
            "The last batch was filled up with rows that had been there. Let it be smaller.",
        ),
        Mistake(
            lambda X, y, b, rng: minibatches(X, y, max(1, len(X) // b), rng),
            "batch_size is how many rows a batch has, not how many batches there are.",
        ),
    ),
    hints=(
        "order = rng.permutation(len(X)) is every row's number once, in a new order.",
        "A piece of it, rows = order[i : i + batch_size], picks from both: X[rows], y[rows].",
        "for i in range(0, len(X), batch_size): yield X[rows], y[rows]. A slice may end short.",
    ),
    points=3,
)


def _cut(X, b, rng):
    order = rng.permutation(len(X))
    return [order[i : i + b] for i in range(0, len(X), b)]


def split_seen(args: tuple, returned: object) -> float:
    """1 if all is well. An error says what is not, whichever rows chance has chosen."""
    X, y, fraction, rng = args
    drawn = rng.was_used()
    if isinstance(returned, tuple | list) and len(returned) == 4:
        raise FourArrays("four arrays in a row, not two pairs")
    two = returned if isinstance(returned, tuple | list) and len(returned) == 2 else [None]
    if not all(_is_pair(part) for part in two):
        raise NotPairs("wanted are two pairs of arrays: (X_train, y_train), (X_val, y_val)")
    rest, held = _followed(X, y, list(two))
    if both := sorted({*rest} & {*held}):
        raise InBothParts(f"row {both[0]} trains and is held back")
    _once_each(np.concatenate([rest, held]), len(X))
    wanted = fraction * len(X)
    if abs(len(held) - wanted) >= 1:
        told = f"{len(held)} of {len(X)} rows are held back; {fraction:g} of them are {wanted:g}"
        raise PartsSwapped(told) if abs(len(rest) - wanted) < 1 else WrongShare(told)
    if len(X) >= MANY and np.ptp(held) < len(held):
        raise Neighbours("the rows that are held back are neighbours in X")
    if not drawn:
        raise OtherChance("nothing was drawn from rng")
    return 1.0


def train_val_split(X, y, fraction, rng):
    order = rng.permutation(len(X))
    held = round(fraction * len(X))
    return _pairs(X, y, order[held:], order[:held])


def _pairs(X, y, train, held):
    return (X[train], y[train]), (X[held], y[held])


def splits(rng: np.random.Generator) -> Iterator[Case]:
    sizes = ((10, 0.2), (60, 0.25), (100, 0.4), (45, 0.3), (3, 0.4), (64, 0.1), (200, 0.3))
    for n, fraction in sizes:
        chance = Generator(int(rng.integers(2**31)))
        X = np.arange(20.0).reshape(10, 2) if n == 10 else rng.normal(size=(n, 3))
        y = np.arange(10) if n == 10 else rng.integers(0, 4, n)
        yield Case(f"{n} rows, {fraction:.0%} held back", (X, y, fraction, chance))


def _held(rows):
    """The right split in all but how the rows that are held back were chosen."""

    def wrong(X, y, fraction, rng):
        held = rows(len(X), round(fraction * len(X)), rng)
        return _pairs(X, y, np.setdiff1d(np.arange(len(X)), held), held)

    return wrong


def _overlapping(X, y, fraction, rng):
    return (X, y), train_val_split(X, y, fraction, rng)[1]


def _apart(X, y, fraction, rng):
    held = round(fraction * len(X))
    a, b = rng.permutation(len(X)), rng.permutation(len(X))
    return (X[a[held:]], y[b[held:]]), (X[a[:held]], y[b[:held]])


def _coins(X, y, fraction, rng):
    out = rng.random(len(X)) < fraction
    return _pairs(X, y, ~out, out)


def _split_in_place(X, y, fraction, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    held = round(fraction * len(X))
    return (X[held:], y[held:]), (X[:held], y[:held])


SPLIT = Exercise(
    id="06.3",
    function=train_val_split,
    cases=splits,
    view=split_seen,
    expected="two pairs; every row in one of them, with its answer; rng chooses who is held back",
    mistakes=(
        Mistake(
            _held(lambda n, held, rng: np.arange(n - held, n)),
            "A block of the file is held back, and it may be sorted. Let chance choose the rows.",
        ),
        Mistake(
            _held(lambda n, held, rng: rng.permutation(n)[:0]),
            "Nothing is held back. How many rows is that fraction of all?",
        ),
        Mistake(
            _overlapping,
            "The rows that are held back are in the training part, too. Then nothing is tested.",
        ),
        Mistake(
            _held(lambda n, held, rng: rng.integers(0, n, held)),
            "Drawn with replacement: a row may be held back twice. Take a piece of a permutation.",
        ),
        Mistake(_apart, "Rows of X met the wrong y. Draw one order, and use it for both."),
        Mistake(
            lambda X, y, f, rng: train_val_split(X, y, f, rng)[::-1],
            "The two parts are swapped: the fraction is what is held back, and comes second.",
        ),
        Mistake(
            _coins, "A coin for each row: how many it holds back is luck. Take an exact number."
        ),
        Mistake(
            _held(lambda n, held, rng: np.random.default_rng().permutation(n)[:held]),
            "Chosen by chance, but not by `rng`: nobody could repeat it.",
        ),
        Mistake(
            _split_in_place, "You shuffled the caller's own arrays. Take rows by number: X[rows]."
        ),
        Mistake(
            lambda X, y, f, rng: tuple(
                (a.astype(np.float64), b.astype(np.float64))
                for a, b in train_val_split(X, y, f, rng)
            ),
            "The dtypes changed. X and y on one array: labels become floats. Split each.",
        ),
        Mistake(
            lambda X, y, f, rng: sum(train_val_split(X, y, f, rng), ()),
            "Four arrays in a row. Return two pairs, as load_digits does.",
        ),
        Mistake(
            lambda X, y, f, rng: tuple(zip(*train_val_split(X, y, f, rng), strict=True)),
            "Paired the other way: X with its y, not X with X.",
        ),
    ),
    hints=(
        "order = rng.permutation(len(X)). Its first few rows are held back, the others train.",
        "How many are held back? round(fraction * len(X)).",
        "held, rest = order[:k], order[k:]; return (X[rest], y[rest]), (X[held], y[held]).",
    ),
    points=2,
)
