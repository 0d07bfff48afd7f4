"""Check of dropout (09.3).

Chance is part of a right answer, so what came back is measured: what was left out, how often?
"""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.chance import Generator
from nnlearn.course.exercise import Case, Exercise, Mistake


class NotTwo(TypeError):
    pass


class MoreThanTwo(TypeError):
    pass


class ByZero(ValueError):
    pass


class OtherFactors(ValueError):
    pass


class Shrunk(ValueError):
    pass


class NotAsX(ValueError):
    pass


class TruthMask(TypeError):
    pass


class TurnedRound(ValueError):
    pass


class OtherInTest(ValueError):
    pass


class LostInTest(ValueError):
    pass


class NoMaskInTest(ValueError):
    pass


class NothingLost(ValueError):
    pass


class NotDrawn(ValueError):
    pass


class NotScaled(ValueError):
    pass


class OnlyOutScaled(ValueError):
    pass


class OneOverP(ValueError):
    pass


class StayWithP(ValueError):
    pass


class NotFactors(ValueError):
    pass


class NotTheProduct(ValueError):
    pass


class TheOthers(ValueError):
    pass


class OtherShare(ValueError):
    pass


class RowsAlike(ValueError):
    pass


class WholeRows(ValueError):
    pass


def dropout_seen(args: tuple, returned: object) -> float:
    """1 if all is well. An error says what is not, whichever numbers chance has chosen."""
    x, p, rng, training = args
    drawn = rng.was_used()
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        many = isinstance(returned, tuple | list) and len(returned) > 2
        raise (MoreThanTwo if many else NotTwo)("wanted are two arrays: out, mask")
    out, mask = (np.asarray(part) for part in returned)
    if not training:
        _in_test(x, out, mask)
        return 1.0
    if out.shape != x.shape or mask.shape != x.shape:
        raise NotAsX(f"out {out.shape} and mask {mask.shape}, for x {x.shape}")
    if mask.dtype.kind == "b":
        raise TruthMask("the mask holds True and False, where factors belong")
    if _factors(out, p) and not _factors(mask, p) and np.allclose(mask, x * out, rtol=1e-3):
        raise TurnedRound("the mask came first, and then x times the mask")
    if p > 0 and x.size >= 100 and (mask == 1).all():
        raise NothingLost("in training no number was left out")
    if p > 0 and not drawn:
        raise NotDrawn("nothing was drawn from rng")
    _right_factors(x, p, out, mask)
    _right_places(p, mask)
    return 1.0


def _in_test(x: np.ndarray, out: np.ndarray, mask: np.ndarray) -> None:
    if out.shape == x.shape and ((out == 0) & (x != 0)).any():
        raise LostInTest("with training=False numbers were left out")
    if out.shape != x.shape or not np.array_equal(out, x):
        raise OtherInTest("with training=False x came out changed")
    if mask.shape != x.shape or mask.dtype.kind not in "fiu" or not (mask == 1).all():
        raise NoMaskInTest("with training=False the mask is not all ones, in the shape of x")


def _factors(mask: np.ndarray, p: float) -> bool:
    kept = 1 / (1 - p)
    return bool((np.isclose(mask, 0) | np.isclose(mask, kept, rtol=1e-5)).all())


def _right_factors(x: np.ndarray, p: float, out: np.ndarray, mask: np.ndarray) -> None:
    if p == 0 and not np.isfinite(mask).all():
        raise ByZero("p is 0, and the mask holds nan or inf")
    if not _factors(mask, p):
        found = ", ".join(f"{v:.4g}" for v in np.unique(np.round(mask, 6))[:4])
        told = f"p is {p:g}, and the mask holds {found}"
        if _factors(mask, 0.0):
            raise (NotScaled if np.allclose(out, x * mask) else OnlyOutScaled)(told)
        if p > 0 and (np.isclose(mask, 0) | np.isclose(mask, 1 - p)).all():
            raise Shrunk(told)
        if p > 0 and _factors(mask, 1 - p):
            raise (OneOverP if abs(np.mean(mask == 0) - p) < abs(p - 0.5) else StayWithP)(told)
        raise NotFactors(told)
    if not np.allclose(out, x * mask, rtol=1e-4, atol=1e-6):
        if (((out == 0) | (x == 0)) == ((mask == 0) | (x == 0))).all():
            raise OtherFactors("out is not x times the mask: the places agree, the sizes do not")
        raise NotTheProduct("out is not x times the mask")


def _right_places(p: float, mask: np.ndarray) -> None:
    if mask.size < 1000:
        return
    share, sure = np.mean(mask == 0), 5 * np.sqrt(p * (1 - p) / mask.size)
    alike = (mask == mask[:1]).all() and len(mask) > 1
    whole = (mask == mask[:, :1]).all() and mask.shape[1] > 1
    if p > 0 and alike:
        raise RowsAlike("all rows lost the same numbers")
    if p > 0 and whole:
        raise WholeRows("rows were left out as a whole")
    if abs(share - p) > sure:
        told = f"p is {p:g}, and {share:.0%} of {mask.size} numbers were left out"
        raise TheOthers(told) if abs(share - (1 - p)) <= sure else OtherShare(told)


def dropout(x, p, rng, training=True):
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def layers_out(rng: np.random.Generator) -> Iterator[Case]:
    def case(name, x, p, training=True):
        return Case(name, (x, p, Generator(int(rng.integers(2**31))), training))

    small = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    yield case("two rows", small, 0.5)
    yield case("two rows, test mode", small, 0.5, training=False)
    for p in (0.5, 0.2, 0.8, 0.35):
        yield case(f"60 by 40, p = {p}", rng.normal(size=(60, 40)), p)
    yield case("nothing is left out", rng.normal(size=(30, 50)), 0.0)
    yield case("zeros stay zeros", np.zeros((40, 30)), 0.25)
    yield case("one long row", rng.normal(size=(1, 2000)), 0.4)
    yield case("test mode, p = 0.9", rng.normal(size=(7, 3)), 0.9, training=False)


def _drops(factor=lambda p: 1 / (1 - p), drawn=lambda rng, p, shape: rng.random(shape) >= p):
    """Dropout with another factor, or with other places."""

    def wrong(x, p, rng, training):
        if not training:
            return x, np.ones_like(x)
        mask = drawn(rng, p, x.shape) * factor(p) * np.ones_like(x)
        return x * mask, mask

    return wrong


def _always(x, p, rng, training):
    return dropout(x, p, rng)


def _classic(x, p, rng, training):
    """As in 2012: training drops, test shrinks."""
    if not training:
        return x * (1 - p), np.full_like(x, 1 - p)
    mask = (rng.random(x.shape) >= p) * np.ones_like(x)
    return x * mask, mask


def _shrinking(x, p, rng, training):
    return dropout(x, p, rng) if training else (x * (1 - p), np.ones_like(x))


def _mask_apart(x, p, rng, training):
    out, mask = dropout(x, p, rng, training)
    return out, (mask > 0) * 1.0


def _truth_in_training(x, p, rng, training):
    out, mask = dropout(x, p, rng, training)
    return out, mask > 0 if training else mask


def _one_row(x, p, rng):
    mask = (rng.random(x.shape[1]) >= p) / (1 - p)
    return x * mask, mask


def _enlarged_apart(x, p, rng, training):
    out, mask = dropout(x, p, rng, training)
    return (out * (1 - p) if training else out), mask


def _second_draw(x, p, rng, training):
    return dropout(x, p, rng, training)[0], dropout(x, p, rng, training)[1]


def _dropping_in_place(x, p, rng, training):
    out, mask = dropout(x, p, rng, training)
    x[...] = out
    return x, mask


DROPOUT = Exercise(
    id="09.3",
    function=dropout,
    cases=layers_out,
    view=dropout_seen,
    expected="out and mask, each of x's shape; in training a factor for each number, 0 with "
    "chance p, drawn from rng, and out = x times the mask; in test mode x and ones",
    mistakes=(
        Mistake(
            lambda x, p, rng, training: dropout(x, p, rng, training)[0],
            "Only out came back. The way back needs the mask: return out, mask.",
        ),
        Mistake(
            lambda x, p, rng, training: dropout(x, p, rng, training)[::-1],
            "The order is turned: first out, then the mask.",
        ),
        Mistake(
            _drops(factor=lambda p: 1.0),
            "What stays is not made larger. Then the next layer meets smaller sums than in test.",
        ),
        Mistake(
            _classic,
            "You shrink in test mode. Inverted dropout enlarges in training; test does nothing.",
        ),
        Mistake(
            _shrinking,
            "Training is right. In test mode x must pass as it is: all has been paid in training.",
        ),
        Mistake(_always, "`training` plays no part: in test mode numbers are left out, too."),
        Mistake(
            _drops(drawn=lambda rng, p, shape: rng.random(shape) < p),
            "p is the chance to be left out. With you it is the chance to stay.",
        ),
        Mistake(
            _drops(
                factor=lambda p: np.divide(1.0, p),
                drawn=lambda rng, p, shape: rng.random(shape) < p,
            ),
            "With you p is what stays, in the draw and in the factor. It is what is left out.",
        ),
        Mistake(
            _drops(factor=lambda p: np.divide(1.0, p)),
            "You divide by p, the share that is lost. The share that stays is another.",
        ),
        Mistake(
            _drops(factor=lambda p: 1 / p),
            "1 / p has the share that is lost, which may be 0. The share that stays is another.",
        ),
        Mistake(
            _drops(drawn=lambda rng, p, shape: rng.integers(0, 2, shape)),
            "Half of the numbers are left out, whatever p is.",
        ),
        Mistake(
            lambda x, p, rng, training: dropout(x, p, rng, not training),
            "training is turned round: numbers are left out in training, not in test.",
        ),
        Mistake(
            lambda x, p, rng, training: dropout(x, p, rng) if training else x,
            "Training is right. In test mode, too, two arrays come back: x, and a mask of ones.",
        ),
        Mistake(
            lambda x, p, rng, training: (*dropout(x, p, rng, training), p),
            "More than two things came back. Return out and the mask.",
        ),
        Mistake(
            _enlarged_apart,
            "The mask has other factors than out. Give back the mask that x was multiplied by.",
        ),
        Mistake(
            _drops(factor=lambda p: 1 - p),
            "You multiply by 1 - p, which makes what stays even smaller. Divide.",
        ),
        Mistake(
            lambda x, p, rng, training: (x, np.ones_like(x)),
            "Nothing is ever left out. Draw for each number whether it stays.",
        ),
        Mistake(
            lambda x, p, rng, training: (
                dropout(x, p, rng, training)[0],
                dropout(x, p, rng, training)[1] > 0,
            ),
            "The mask holds True and False. It should hold the factors that x was multiplied by.",
        ),
        Mistake(
            _truth_in_training,
            "In training the mask holds True and False. It should hold the factors: 0, or 1 / (1 - "
            "p).",
        ),
        Mistake(
            lambda x, p, rng, training: (
                _one_row(x, p, rng) if training else dropout(x, p, rng, False)
            ),
            "One row of factors serves all rows. Draw in the shape of x, rng.random(x.shape).",
        ),
        Mistake(
            _mask_apart,
            "out was enlarged, but the mask holds 0 and 1. The way back needs the same factors.",
        ),
        Mistake(
            _second_draw,
            "out and mask come from two draws. Draw one mask, and use it for both.",
        ),
        Mistake(
            _drops(drawn=lambda rng, p, shape: rng.random(shape[1:]) >= p),
            "One mask for all rows. Each row loses numbers of its own: draw in the shape of x.",
        ),
        Mistake(
            _drops(drawn=lambda rng, p, shape: rng.random((shape[0], 1)) >= p),
            "Whole rows are left out. Draw for each single number.",
        ),
        Mistake(
            _drops(drawn=lambda rng, p, shape: np.random.default_rng(0).random(shape) >= p),
            "The chance does not come from `rng`. Draw from it, or nobody can repeat the run.",
        ),
        Mistake(
            _drops(drawn=lambda rng, p, shape: rng.normal(size=shape) >= p),
            "You drew from a bell curve. rng.random gives numbers even between 0 and 1.",
        ),
        Mistake(
            _dropping_in_place,
            "You wrote into the caller's x. x * mask makes a new array, x *= mask does not.",
        ),
    ),
    hints=(
        "In test mode: return x and np.ones_like(x). In training one draw for each number of x.",
        "rng.random(x.shape) >= p is True with chance 1 - p. What stays is divided by 1 - p.",
        "mask = (rng.random(x.shape) >= p) / (1 - p); return x * mask, mask.",
    ),
    points=2,
)
