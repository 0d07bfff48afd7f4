"""Checks of lesson 09: penalty, decay, pictures; others in `dropout`, `stopping`, `norms`."""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.checks.dropout import DROPOUT
from nnlearn.course.checks.norms import BATCH_NORM, LAYER_NORM
from nnlearn.course.checks.stopping import STOP
from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.course.outcome import describe


def penalty(weights, lam, kind):
    if kind == "l1":
        return lam * sum(np.abs(w).sum() for w in weights), [lam * np.sign(w) for w in weights]
    return lam / 2 * sum((w * w).sum() for w in weights), [lam * w for w in weights]


def priced(rng: np.random.Generator) -> Iterator[Case]:
    def some(*shapes):
        return [rng.normal(size=shape) for shape in shapes]

    def case(name, weights, lam, kind):
        words = "; ".join(map(describe, weights)), f"{lam}", repr(kind)
        return Case(f"{name}, {kind}", (weights, lam, kind), words)

    for kind in ("l2", "l1"):
        by_hand = [np.array([[3.0, -1.0]]), np.array([[2.0], [0.0], [-4.0]])]
        yield case("two matrices by hand", by_hand, 0.1, kind)
        yield case("three matrices", some((4, 3), (5, 4), (2, 5)), 0.03, kind)
        yield case("one matrix", some((6, 2)), 2.0, kind)
        yield case("all zeros", [np.zeros((2, 3)), np.zeros((1, 2))], 0.5, kind)
        yield case("large weights", [1000 * w for w in some((3, 2))], 0.7, kind)
        yield case("a price of 0", some((2, 2), (3, 2)), 0.0, kind)


class NotAList(TypeError):
    pass


class TurnedRound(TypeError):
    pass


def price_parts(args: tuple, returned: object) -> object:
    """The value and each gradient by name; as `returned` itself if it is not of that form."""
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        return returned
    value, gradients = returned
    if isinstance(value, tuple | list) and not np.ndim(gradients):
        raise TurnedRound("a list, and then a number")
    if not isinstance(gradients, tuple | list):
        raise NotAList(f"the gradients are no list, but {describe(gradients)}")
    parts = {f"gradient {i}": g for i, g in enumerate(gradients)}
    return {"value": value, "how many gradients": len(parts)} | parts


def _priced(value=None, pull=None):
    """The right penalty but for its value, or but for its pull, of one kind or of both."""

    def wrong(weights, lam, kind):
        v, g = penalty(weights, lam, kind)
        v = value(weights, lam, kind, v) if value else v
        return v, [pull(w, lam, kind) for w in weights] if pull else g

    return wrong


def _only(kind, wrong, right):
    return lambda w, lam, asked: wrong(w, lam) if asked == kind else right(w, lam)


def _l1(w, lam):
    return lam * np.sign(w)


def _l2(w, lam):
    return lam * w


def _l2_value(factor):
    return _priced(lambda ws, lam, kind, v: v * factor if kind == "l2" else v)


def _stacked(weights, lam, kind):
    value, (gradients,) = penalty([np.array(weights)], lam, kind)
    return value, gradients


def _in_place_penalty(weights, lam, kind):
    value = penalty(weights, lam, kind)[0]
    for w in weights:
        w[...] = _l1(w, lam) if kind == "l1" else _l2(w, lam)
    return value, list(weights)


PENALTY = Exercise(
    id="09.1",
    function=penalty,
    cases=priced,
    view=price_parts,
    expected="one number, and a list with one gradient for each array, of its shape",
    mistakes=(
        Mistake(
            lambda ws, lam, kind: penalty(ws, lam, kind)[0],
            "Only the value came back. The step needs the gradients: return value, gradients.",
        ),
        Mistake(
            lambda ws, lam, kind: penalty(ws, lam, kind)[::-1],
            "The order is turned: first the value, then the gradients.",
        ),
        Mistake(
            lambda ws, lam, kind: penalty(ws, lam, "l2"),
            "L1 and L2 come out alike. `kind` says which of the two is asked for.",
        ),
        Mistake(
            lambda ws, lam, kind: penalty(ws, lam, "l1" if kind == "l2" else "l2"),
            "The two kinds are swapped: l1 adds up sizes, l2 adds up squares.",
        ),
        Mistake(
            lambda ws, lam, kind: penalty(ws, 1.0, kind),
            "lam plays no part. It is the price, in the value as in the gradients.",
        ),
        Mistake(
            _priced(pull=lambda w, lam, kind: _l1(w, 1.0) if kind == "l1" else w),
            "The value has its price lam. The gradients lack it.",
        ),
        Mistake(
            _l2_value(2.0),
            "The half is missing in L2's value. It is there so that the gradient has no 2.",
        ),
        Mistake(
            _priced(
                lambda ws, lam, kind, v: v * (2 if kind == "l2" else 1),
                _only("l2", lambda w, lam: 2 * lam * w, _l1),
            ),
            "That is lam times the sum of squares. Here L2 is half of it, as in PyTorch.",
        ),
        Mistake(
            _priced(pull=_only("l2", lambda w, lam: 2 * lam * w, _l1)),
            "L2's value has its half, but the gradient was taken of the whole square.",
        ),
        Mistake(
            _priced(pull=_only("l2", lambda w, lam: lam / 2 * w, _l1)),
            "L2's gradient is half of what it should be: the slope of a square brings a 2.",
        ),
        Mistake(
            lambda ws, lam, kind: (
                penalty(ws, lam, kind)[0] if kind == "l1" else lam * _norm(ws),
                penalty(ws, lam, kind)[1],
            ),
            "L2's value is a root. The penalty is of the squares themselves.",
        ),
        Mistake(
            _priced(pull=_only("l1", lambda w, lam: lam * w, _l2)),
            "L1's gradient does not grow with the weight. It knows only on which side of 0 it is.",
        ),
        Mistake(
            _priced(pull=_only("l1", lambda w, lam: lam * np.ones_like(w), _l2)),
            "L1 pulls a negative weight upward, to 0. Your gradient has one sign for all.",
        ),
        Mistake(
            _priced(pull=_only("l1", lambda w, lam: lam * np.where(w > 0, 1.0, -1.0), _l2)),
            "A weight of 0 counts as negative with you. It is where it should be: its gradient is "
            "0.",
        ),
        Mistake(
            _priced(pull=_only("l1", lambda w, lam: lam * np.where(w < 0, -1.0, 1.0), _l2)),
            "A weight that is 0 is where it should be: its gradient is 0, too.",
        ),
        Mistake(
            _priced(lambda ws, lam, kind, v: lam * sum(w.sum() for w in ws) if kind == "l1" else v),
            "L1's value lets negative weights pay for positive ones. Add up their sizes.",
        ),
        Mistake(
            _priced(
                lambda ws, lam, kind, v: (
                    v if kind == "l1" else lam / 2 * sum(w.sum() ** 2 for w in ws)
                )
            ),
            "Weights were added up and then squared, so that they cancel. Square each one first.",
        ),
        Mistake(
            _priced(
                lambda ws, lam, kind, v: (
                    lam * sum(np.abs(w) for w in ws)
                    if kind == "l1"
                    else lam / 2 * sum(w * w for w in ws)
                )
            ),
            "Python's sum lays the arrays on one another. First make one number of each array: "
            "(w * w).sum().",
        ),
        Mistake(
            _stacked,
            "The arrays have different shapes, so np.array cannot make one of them. Go over the "
            "list.",
        ),
        Mistake(
            _priced(lambda ws, lam, kind, v: v / sum(w.size for w in ws)),
            "The value is a mean. A penalty is a sum: each weight pays for itself.",
        ),
        Mistake(
            lambda ws, lam, kind: (penalty(ws[:1], lam, kind)[0], penalty(ws, lam, kind)[1]),
            "Only the first array pays. Add up over all of them.",
        ),
        Mistake(
            lambda ws, lam, kind: penalty(ws[:1], lam, kind),
            "Only the first array pays and is pulled. Is there a `return` inside the loop?",
        ),
        Mistake(
            lambda ws, lam, kind: (penalty(ws[-1:], lam, kind)[0], penalty(ws, lam, kind)[1]),
            "The value is that of the last array alone. Add each to what the others gave.",
        ),
        Mistake(
            _priced(pull=_only("l1", lambda w, lam: lam * w / np.abs(w), _l2)),
            "A weight of 0 was divided by its size, 0. np.sign is 0 there.",
        ),
        Mistake(
            lambda ws, lam, kind: penalty(ws, lam / 2 if kind == "l1" else lam, kind),
            "The half belongs to L2 alone. L1 is lam times the sizes.",
        ),
        Mistake(
            _priced(pull=lambda w, lam, kind: w - penalty([w], lam, kind)[1][0]),
            "You took the step already. Return the gradients themselves.",
        ),
        Mistake(
            _priced(pull=lambda w, lam, kind: -_l1(w, lam) if kind == "l1" else -_l2(w, lam)),
            "The gradients point the wrong way. The gradient leads uphill; the step has the minus.",
        ),
        Mistake(
            lambda ws, lam, kind: (
                penalty(ws, lam, kind)[0],
                np.concatenate([g.ravel() for g in penalty(ws, lam, kind)[1]]),
            ),
            "The gradients are no list. Return one for each array, of that array's shape.",
        ),
        Mistake(
            lambda ws, lam, kind: (
                [penalty([w], lam, kind)[0] for w in ws],
                penalty(ws, lam, kind)[1],
            ),
            "A value for each array. Asked for is one number: their sum.",
        ),
        Mistake(_in_place_penalty, "You wrote into the weights. lam * w makes a new array."),
    ),
    hints=(
        "Go over the arrays: each adds to the value, and each has a gradient of its own shape.",
        "L2: lam / 2 times the sum of squares; its slope is lam * w. L1: sizes, and signs.",
        "value = lam / 2 * sum((w * w).sum() for w in weights); [lam * w for w in weights].",
    ),
    points=2,
)


def _norm(weights):
    return np.sqrt(sum((w * w).sum() for w in weights))


def decayed_step(p, g, lr, weight_decay):
    return p * (1 - lr * weight_decay) - lr * g


def decays(rng: np.random.Generator) -> Iterator[Case]:
    def two(*shape):
        return rng.normal(size=shape), rng.normal(size=shape)

    yield Case("two weights by hand", (np.array([2.0, -1.0]), np.array([0.5, 0.0]), 0.1, 0.2))
    yield Case("a table", (*two(4, 3), 0.03, 0.5))
    yield Case("no gradient", (rng.normal(size=5), np.zeros(5), 0.2, 0.3))
    yield Case("no decay", (*two(3), 0.4, 0.0))
    yield Case("a strong decay", (*two(2, 1), 0.5, 1.9))
    yield Case("thousands", (*(1000 * a for a in two(4)), 0.01, 0.1))


def _writing_step(p, g, lr, weight_decay):
    p *= 1 - lr * weight_decay
    p -= lr * g
    return p


DECAYED = Exercise(
    id="09.2",
    function=decayed_step,
    cases=decays,
    mistakes=(
        Mistake(
            lambda p, g, lr, wd: p - lr * g,
            "The weights do not shrink: weight_decay plays no part.",
        ),
        Mistake(
            lambda p, g, lr, wd: p * (1 - lr * wd),
            "The weights only shrink. The step along the gradient is missing.",
        ),
        Mistake(
            lambda p, g, lr, wd: p * (1 - wd) - lr * g,
            "It shrinks by weight_decay itself. The learning rate scales the decay, too.",
        ),
        Mistake(
            lambda p, g, lr, wd: -lr * wd * p - lr * g,
            "That is only what changes. Return the new p.",
        ),
        Mistake(
            lambda p, g, lr, wd: p * (1 - lr) * wd - lr * g,
            "The brackets: 1 - lr * weight_decay is the factor, not (1 - lr) times weight_decay.",
        ),
        Mistake(
            lambda p, g, lr, wd: p * lr * wd - lr * g,
            "lr * weight_decay is what is lost. You kept just that, and lost the rest.",
        ),
        Mistake(
            lambda p, g, lr, wd: (p - lr * g) * (1 - lr * wd),
            "The step was shrunk along with the weights. First shrink p, then step.",
        ),
        Mistake(
            lambda p, g, lr, wd: p * (1 + lr * wd) - lr * g,
            "The weights grow. Decay takes away.",
        ),
        Mistake(
            lambda p, g, lr, wd: p * (1 - lr * wd) + lr * g,
            "Uphill: the step goes against the gradient.",
        ),
        Mistake(
            lambda p, g, lr, wd: p * (1 - lr * wd) - g,
            "The decay has its learning rate, the step has none.",
        ),
        Mistake(
            lambda p, g, lr, wd: p - lr * g - lr * wd * np.sign(p),
            "Each weight loses the same amount: that is L1. Decay takes a share.",
        ),
        Mistake(
            lambda p, g, lr, wd: p - lr * g - lr * wd,
            "The same number is taken from all. Decay takes a share of each weight.",
        ),
        Mistake(
            lambda p, g, lr, wd: p - lr * (g * (1 - wd) + wd * p),
            "You mixed g and p like a fading mean. The gradient counts in full.",
        ),
        Mistake(
            lambda p, g, lr, wd: p - lr * (g + 2 * wd * p),
            "It shrinks twice as much as it should. Where does the 2 come from?",
        ),
        Mistake(
            lambda p, g, lr, wd: p - lr * g * (1 - lr * wd),
            "The gradient's step was shrunk. It is the weight p that decays.",
        ),
        Mistake(
            _writing_step, "You wrote into the caller's p. `*=` and `-=` do. Make a new array."
        ),
    ),
    hints=(
        "Two things happen to p: it shrinks by a share, and it steps against g.",
        "The share that stays is 1 - lr * weight_decay.",
        "p * (1 - lr * weight_decay) - lr * g",
    ),
)


def shift_image(image, dx, dy):
    out, (h, w) = np.zeros_like(image), image.shape[-2:]
    if abs(dx) < w and abs(dy) < h:
        inner = image[..., max(-dy, 0) : h - max(dy, 0), max(-dx, 0) : w - max(dx, 0)]
        out[..., max(dy, 0) : h - max(-dy, 0), max(dx, 0) : w - max(-dx, 0)] = inner
    return out


def pictures(rng: np.random.Generator) -> Iterator[Case]:
    def picture(*shape):
        return rng.uniform(0.1, 1, shape)

    yield Case("two by three, by hand", (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 1, 0))
    for dx, dy in ((0, 1), (-1, 0), (0, -1), (1, 2), (-2, 1), (2, -1), (-1, -2), (0, 0)):
        yield Case(f"5 by 7, dx {dx}, dy {dy}", (picture(5, 7), dx, dy))
    yield Case("far to the right", (picture(3, 4), 6, 0))
    yield Case("up, and just out", (picture(3, 4), 0, -3))
    yield Case("one row", (picture(1, 6), -2, 0))
    yield Case("one column, by its length", (picture(4, 1), 0, 4))
    yield Case("whole numbers", (rng.integers(1, 16, (8, 8)), 1, -1))


def _rolled(image, dx, dy):
    return np.roll(image, (dy, dx), axis=(0, 1))


def _edges(image, dx, dy):
    h, w = image.shape
    rows, columns = np.clip(np.arange(h) - dy, 0, h - 1), np.clip(np.arange(w) - dx, 0, w - 1)
    return image[rows][:, columns]


def _cropped(image, dx, dy):
    h, w = image.shape
    return image[max(-dy, 0) : h - max(dy, 0), max(-dx, 0) : w - max(dx, 0)].copy()


def _only_forward(image, dx, dy):
    return shift_image(image, max(dx, 0), max(dy, 0))


def _over_itself(image, dx, dy):
    """What moves away stays behind as well: the copy is the image, not zeros."""
    out, moved = image.copy(), shift_image(image, dx, dy)
    inside = shift_image(np.ones_like(image), dx, dy) > 0
    out[inside] = moved[inside]
    return out


def _plain_slices(image, dx, dy):
    out, (h, w) = np.zeros_like(image), image.shape
    inner = image[max(-dy, 0) : h - max(dy, 0), max(-dx, 0) : w - max(dx, 0)]
    out[max(dy, 0) : h + min(dy, 0), max(dx, 0) : w + min(dx, 0)] = inner
    return out


def _counted_from_the_end(image, dx, dy):
    out, (h, w) = np.zeros_like(image), image.shape
    for i in range(h):
        for j in range(w):
            if -h <= i + dy < h and -w <= j + dx < w:
                out[i + dy, j + dx] = image[i, j]
    return out


def _wiped(image, dx, dy):
    out = _rolled(image, dx, dy)
    out[:, slice(0, dx) if dx > 0 else slice(dx, None)] = 0
    out[slice(0, dy) if dy > 0 else slice(dy, None)] = 0
    return out


def _from_minus(image, dx, dy):
    out = np.zeros_like(image)
    out[dy:, dx:] = image[:-dy, :-dx]
    return out


def _from_the_start(image, dx, dy):
    out, (h, w) = np.zeros_like(image), image.shape
    out[dy:, dx:] = image[: h - dy, : w - dx]
    return out


def _written(image, dx, dy):
    image[...] = shift_image(image, dx, dy)
    return image


SHIFT = Exercise(
    id="09.7",
    function=shift_image,
    cases=pictures,
    mistakes=(
        Mistake(
            lambda image, dx, dy: image.copy(),
            "The picture did not move.",
        ),
        Mistake(
            _rolled,
            "What leaves on one side comes in on the other: np.roll wraps. Zeros come in here.",
        ),
        Mistake(
            lambda image, dx, dy: shift_image(image, dy, dx),
            "dx and dy are swapped: dx goes to the right, along the columns.",
        ),
        Mistake(
            lambda image, dx, dy: shift_image(image, -dx, -dy),
            "It moves the other way, in both directions. Where does pixel (0, 0) go?",
        ),
        Mistake(
            lambda image, dx, dy: shift_image(image, dx, -dy),
            "dy > 0 is down: rows are counted from the top.",
        ),
        Mistake(
            lambda image, dx, dy: shift_image(image, -dx, dy),
            "dx > 0 is to the right.",
        ),
        Mistake(
            _edges,
            "The edge was repeated into the free room. Zeros come in, as on white paper.",
        ),
        Mistake(
            _cropped,
            "The picture became smaller. Its shape stays, and zeros fill the room.",
        ),
        Mistake(
            _only_forward,
            "Right and down it works. With a negative dx or dy it does not move.",
        ),
        Mistake(
            _wiped,
            "Where dx or dy is 0, out[:, 0:] = 0 wipes everything. Then there is nothing to clear.",
        ),
        Mistake(
            _from_minus,
            "image[:-dy] with dy = 0 is image[:0], which is empty. Say where it ends: H - dy.",
        ),
        Mistake(
            _from_the_start,
            "Right for dx and dy from 0 on. A negative start of a slice is counted from the end: "
            "to the left and up the two sides change places.",
        ),
        Mistake(
            _plain_slices,
            "With a dx beyond the width, a slice's end fell below 0 and was counted from the "
            "right: W - dx is then no end.",
        ),
        Mistake(
            _counted_from_the_end,
            "To the right and down it is right, but what leaves on the left or above comes in on "
            "the other side: an index below 0 counts from the end.",
        ),
        Mistake(
            _over_itself,
            "Where the picture left, old pixels still stand. Begin with zeros, not with a copy.",
        ),
        Mistake(
            lambda image, dx, dy: shift_image(image, dx, 0),
            "dy plays no part.",
        ),
        Mistake(
            lambda image, dx, dy: shift_image(image, 0, dy),
            "dx plays no part.",
        ),
        Mistake(
            lambda image, dx, dy: shift_image(image, int(np.sign(dx)), int(np.sign(dy))),
            "One pixel only, however large dx or dy. Move by as many as are asked for.",
        ),
        Mistake(
            lambda image, dx, dy: np.pad(
                image, ((max(dy, 0), max(-dy, 0)), (max(dx, 0), max(-dx, 0)))
            ),
            "Padded, and the picture grew. Cut a piece of the old shape out of it.",
        ),
        Mistake(
            _written, "The result is right, but it was written into the caller's image. Copy first."
        ),
    ),
    hints=(
        "Begin with zeros of the same shape. Which rectangle of the image stays in view?",
        "For dx > 0 columns 0 to W - dx of the image land in columns dx to W. dx < 0: mirrored.",
        "Or pad with zeros on all sides, abs(dy) and abs(dx), and cut H by W out of that.",
    ),
    points=2,
)

EXERCISES = (PENALTY, DECAYED, DROPOUT, STOP, BATCH_NORM, LAYER_NORM, SHIFT)
