"""Checks of lesson 06: steps of an epoch, three optimizers, a schedule; `rows` has the others."""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.checks.rows import BATCHES, SPLIT
from nnlearn.course.exercise import Case, Exercise, Mistake
from nnlearn.optim.steps import adam_step, momentum_step, rmsprop_step


def steps_per_epoch(n, batch_size, drop_last=False):
    return n // batch_size if drop_last else -(-n // batch_size)


def countings(rng: np.random.Generator) -> Iterator[Case]:
    batch_size, whole, rest = int(rng.integers(5, 60)), int(rng.integers(3, 30)), 1
    for n, size in ((10, 4), (11, 4), (12, 4), (3, 8), (8, 8), (7, 1), (1287, 32)):
        yield Case(f"{n} rows, batches of {size}", (n, size, False))
        yield Case(f"{n} rows, batches of {size}, the rest dropped", (n, size, True))
    n = batch_size * whole + rest
    yield Case("one row too many", (n, batch_size, False))
    yield Case("one row too many, dropped", (n, batch_size, True))


class NotInt(TypeError):
    pass


class PartOfAStep(ValueError):
    pass


def whole_number(args: tuple, returned: object) -> object:
    """A count must be of a kind that `range` takes."""
    if isinstance(returned, float | np.floating):
        if returned % 1:
            raise PartOfAStep(f"{returned:g} steps")
        raise NotInt(f"{returned} is a {type(returned).__name__}, which range() does not take")
    return returned


STEPS = Exercise(
    id="06.1",
    function=steps_per_epoch,
    cases=countings,
    view=whole_number,
    mistakes=(
        Mistake(
            lambda n, b, drop_last: n // b if drop_last else np.ceil(n / b),
            "np.ceil returns a float, and range() will not take it. Make it an int.",
        ),
        Mistake(
            lambda n, b, drop_last: np.ceil(n / b),
            "np.ceil returns a float, which range() will not take; and drop_last plays no part.",
        ),
        Mistake(
            lambda n, b, drop_last: n / b,
            "A share of a step is no step. Round, and which way depends on drop_last.",
        ),
        Mistake(
            lambda n, b, drop_last: n // b,
            "The rest counts too, unless drop_last says otherwise: a smaller batch is a step.",
        ),
        Mistake(
            lambda n, b, drop_last: -(-n // b),
            "drop_last makes no difference. With it, an incomplete batch is no step.",
        ),
        Mistake(
            lambda n, b, drop_last: -(-n // b) if drop_last else n // b,
            "The two are swapped: drop_last=True is the smaller count.",
        ),
        Mistake(
            lambda n, b, drop_last: n // b if drop_last else n // b + 1,
            "Always one more, even when the division leaves no rest: 12 rows make 3 fours.",
        ),
        Mistake(
            lambda n, b, drop_last: -(-n // b) - bool(drop_last),
            "drop_last always takes a step away. If nothing is left over, nothing is dropped.",
        ),
        Mistake(
            lambda n, b, drop_last: max(n // b, 1) if drop_last else -(-n // b),
            "3 rows fill no batch of 8. With drop_last there is no step at all.",
        ),
        Mistake(
            lambda n, b, drop_last: n // b if drop_last else round(n / b),
            "round() loses a small rest. However small, it needs a step of its own.",
        ),
        Mistake(
            lambda n, b, drop_last: int(n / b + 0.5),
            "Rounded to the nearest. Whether the rest counts does not depend on how much it is.",
        ),
        Mistake(
            lambda n, b, drop_last: n % b,
            "n % b is how many rows are left over. Asked for is the number of batches.",
        ),
        Mistake(
            lambda n, b, drop_last: n - n % b if drop_last else n,
            "That counts rows. Count the batches that they make.",
        ),
    ),
    hints=(
        "n // batch_size counts the full batches. n % batch_size rows are left over.",
        "If rows are left over, they make one more batch, unless drop_last.",
        "n // batch_size, plus 1 if n % batch_size > 0 and not drop_last.",
    ),
)


def pushes(rng: np.random.Generator) -> Iterator[Case]:
    def three(*shape):
        return tuple(rng.normal(size=shape) for _ in range(3))

    by_hand = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([1.0, 0.0])
    yield Case("two weights by hand", (*by_hand, 0.1, 0.9))
    yield Case("the first step", (*three(3)[:2], np.zeros(3), 0.5, 0.9))
    yield Case("a table, less momentum", (*three(4, 3), 0.03, 0.5))
    yield Case("on flat ground", (rng.normal(size=5), np.zeros(5), rng.normal(size=5), 0.2, 0.8))
    yield Case("no momentum", (*three(2, 1), 0.7, 0.0))
    yield Case("thousands", (*(1000 * a for a in three(4)), 0.01, 0.95))


def _writing(step, *places):
    """The right step, but written into the arguments at these places."""

    def wrong(*args):
        results = step(*args)
        for place in places:
            args[place][...] = results[max(place - 1, 0)]
        return results

    return wrong


def _swapped(step):
    def wrong(*args):
        p, *memories = step(*args)
        return (*memories, p)

    return wrong


MOMENTUM = Exercise(
    id="06.4",
    function=momentum_step,
    cases=pushes,
    mistakes=(
        Mistake(_swapped(momentum_step), "The order is turned: first the new p, then the new v."),
        Mistake(
            lambda p, g, v, lr, m: momentum_step(p, g, v, lr, m)[0],
            "Only p came back. The next step needs the new v as well: return p, v.",
        ),
        Mistake(
            lambda p, g, v, lr, m: momentum_step(p, g, v, lr, 0.9),
            "0.9 stands in your code. The caller's `momentum` makes no difference.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - lr * g, g),
            "The old v plays no part: that is plain gradient descent.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - lr * (v + g), v + g),
            "v never slows down: of the old v only the share `momentum` stays.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - lr * (m * v + (1 - m) * g), m * v + (1 - m) * g),
            "The gradient was damped by 1 - momentum. Here, as in PyTorch, it counts in full.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - lr * (v + m * g), v + m * g),
            "The wrong one was shortened: momentum belongs to the old v, not to g.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p + lr * (m * v + g), m * v + g),
            "Uphill: the step goes against v.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - lr * v, m * v + g),
            "You stepped along the old v. First renew v, then step.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - lr * (m * v + g), v.copy()),
            "p is right, but the v that came back is the old one. The next step needs the new.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - lr * g, m * v + g),
            "v is right, but p moved along g alone. It moves along v.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - (m * v + g), m * v + g),
            "The learning rate plays no part: the step is lr times v.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - (m * v + lr * g), m * v + lr * g),
            "You put lr into v. Here v holds gradients, and lr comes in with the step.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p + (m * v - lr * g), m * v - lr * g),
            "Your v is a step, downhill, with lr inside. Here v is a sum of gradients.",
        ),
        Mistake(
            lambda p, g, v, lr, m: (p - lr * (g + m * (m * v + g)), m * v + g),
            "That is Nesterov's step, one look ahead. Step along v itself.",
        ),
        Mistake(
            _writing(momentum_step, 2),
            "You wrote into the caller's v. `v = ...` makes a new one, `v *= ...` does not.",
        ),
        Mistake(
            _writing(momentum_step, 0),
            "You wrote into the caller's p. `p - ...` makes a new one, `p -= ...` does not.",
        ),
        Mistake(
            _writing(momentum_step, 0, 2),
            "You wrote into the caller's p and v: `-=`, `*=` and `+=` do. Make new arrays.",
        ),
    ),
    hints=(
        "Two lines: the new v out of the old one and g. Then p.",
        "Of the old v the share `momentum` stays, and g is added.",
        "v = momentum * v + g; return p - lr * v, v.",
    ),
)


def sizes(rng: np.random.Generator) -> Iterator[Case]:
    def three(*shape):
        p, g, s = (rng.normal(size=shape) for _ in range(3))
        return p, g, s**2

    by_hand = np.array([1.0, 1.0]), np.array([2.0, -6.0]), np.array([0.0, 12.0])
    yield Case("two weights by hand", (*by_hand, 0.1, 0.75, 0.0))
    yield Case("the first step", (*three(3)[:2], np.zeros(3), 0.01, 0.99, 1e-8))
    yield Case("a table", (*three(4, 3), 0.03, 0.5, 1e-8))
    yield Case("a large eps", (*three(5), 0.2, 0.9, 0.3))
    far = np.array([1000.0, 1e-3, -1e3, 0.2])
    yield Case("large and small gradients", (rng.normal(size=4), far, far**2 / 2, 0.1, 0.9, 1e-8))
    yield Case("no gradient, ever", (rng.normal(size=3), np.zeros(3), np.zeros(3), 0.1, 0.9, 1e-8))


def _rms(new=lambda s, g, a: a * s + (1 - a) * g * g, step=lambda g, s, eps: g / (s**0.5 + eps)):
    """RMSProp with another memory, or another step."""

    def wrong(p, g, s, lr, alpha, eps):
        s = new(s, g, alpha)
        return p - lr * step(g, s, eps), s

    return wrong


def _bare(g, s, eps):
    return g / np.sqrt(s)


RMSPROP = Exercise(
    id="06.5",
    function=rmsprop_step,
    cases=sizes,
    mistakes=(
        Mistake(_swapped(rmsprop_step), "The order is turned: first the new p, then the new s."),
        Mistake(
            lambda *args: rmsprop_step(*args)[0],
            "Only p came back. The next step needs the new s as well: return p, s.",
        ),
        Mistake(
            lambda p, g, s, lr, a, eps: rmsprop_step(p, g, s, lr, 0.99, eps),
            "0.99 stands in your code. The caller's `alpha` makes no difference.",
        ),
        Mistake(
            lambda p, g, s, lr, a, eps: rmsprop_step(p, g, s, lr, a),
            "1e-8 stands in your code. The caller's `eps` makes no difference.",
        ),
        Mistake(
            _rms(lambda s, g, a: s + g * g),
            "s only grows, and the steps die out: that is Adagrad. Let old squares fade.",
        ),
        Mistake(
            _rms(lambda s, g, a: a * s + g * g),
            "g² comes in whole. For a mean, what comes in and what stays add up to 1.",
        ),
        Mistake(
            _rms(lambda s, g, a: (1 - a) * s + a * g * g),
            "alpha and 1 - alpha are swapped: alpha is what stays of the old.",
        ),
        Mistake(
            _rms(lambda s, g, a: a * s + (1 - a) * g),
            "The square is missing: s is a mean of g * g, and never below 0.",
        ),
        Mistake(
            _rms(step=lambda g, s, eps: 1 / (s**0.5 + eps)),
            "g is missing in the step: it gives the direction, the root only divides.",
        ),
        Mistake(
            _rms(lambda s, g, a: a * s + (1 - a) * np.abs(g)),
            "The mean is over sizes |g|. Square them: the root comes later.",
        ),
        Mistake(
            _rms(lambda s, g, a: a * s + ((1 - a) * g) ** 2),
            "1 - alpha was squared along with g. Only g is.",
        ),
        Mistake(
            _rms(lambda s, g, a: g * g),
            "s forgot its past: the step is a sign, whatever came before.",
        ),
        Mistake(
            _rms(step=lambda g, s, eps: g / (s + eps)),
            "The root is missing: s is a mean of squares.",
        ),
        Mistake(
            lambda p, g, s, lr, a, eps: (
                _rms(step=_bare)(p, g, s, lr, a, eps)[0] + eps,
                rmsprop_step(p, g, s, lr, a)[1],
            ),
            "eps was added to the new p: only what stands in brackets is divided by.",
        ),
        Mistake(
            _rms(step=lambda g, s, eps: g / np.sqrt(s + eps)),
            "eps stands under the root. It is added to the root.",
        ),
        Mistake(
            _rms(step=_bare),
            "Without eps a weight that never had a gradient gets 0 / 0.",
        ),
        Mistake(_rms(step=lambda g, s, eps: -g / (s**0.5 + eps)), "Uphill: turn the step's sign."),
        Mistake(
            lambda p, g, s, lr, a, eps: (
                p - lr * g / (s**0.5 + eps),
                rmsprop_step(p, g, s, lr, a)[1],
            ),
            "You divided by the old s. First renew s, then step.",
        ),
        Mistake(
            lambda p, g, s, lr, a, eps: rmsprop_step(p, g, s, 1.0, a, eps),
            "The learning rate plays no part.",
        ),
        Mistake(
            _writing(rmsprop_step, 2),
            "You wrote into the caller's s. `s = ...` makes a new one, `s *= ...` does not.",
        ),
        Mistake(
            _writing(rmsprop_step, 0, 2),
            "You wrote into the caller's p and s: `-=`, `*=` and `+=` do. Make new arrays.",
        ),
    ),
    hints=(
        "First the new s: alpha of the old one, 1 - alpha of g * g.",
        "Then a step along g, divided by the root of s. Where does eps stand?",
        "s = alpha * s + (1 - alpha) * g * g; return p - lr * g / (np.sqrt(s) + eps), s.",
    ),
    points=2,
)


def _adam(
    first=lambda m, g, b: b * m + (1 - b) * g,
    second=lambda v, g, m, b: b * v + (1 - b) * g * g,
    correct=lambda m, v, b1, b2, t: (m / (1 - b1**t), v / (1 - b2**t)),
    step=lambda m, v, eps: m / (np.sqrt(v) + eps),
    kept=lambda old, new: old,
):
    """Adam of its parts, each of which a mistake may change."""

    def one_step(p, g, m, v, t, lr, betas, eps):
        m, v = first(m, g, betas[0]), second(v, g, m, betas[1])
        fair = correct(m, v, *betas, t)
        return p - lr * step(*fair, eps), *kept((m, v), fair)

    return one_step


def histories(rng: np.random.Generator) -> Iterator[Case]:
    def four(*shape):
        p, g, m, v = (rng.normal(size=shape) for _ in range(4))
        return p, g, m, v**2

    usual = (0.9, 0.999), 1e-8
    zero = np.zeros(2)
    by_hand = np.array([1.0, 1.0]), np.array([4.0, -0.001]), zero, zero
    yield Case("the first step, by hand", (*by_hand, 1, 0.1, (0.5, 0.75), 0.0))
    yield Case("the first step", (*four(3)[:2], np.zeros(3), np.zeros(3), 1, 0.01, *usual))
    yield Case("step 2", (*four(4), 2, 0.03, *usual))
    yield Case("a table, step 10", (*four(4, 3), 10, 0.5, (0.8, 0.95), 1e-8))
    yield Case("a large eps", (*four(5), 3, 0.2, (0.9, 0.99), 0.3))
    yield Case("step 1000", (*four(2, 1), 1000, 0.1, *usual))
    still = np.zeros(3)
    yield Case("no gradient, ever", (rng.normal(size=3), still, still, still, 5, 0.1, *usual))


ADAM = Exercise(
    id="06.6",
    function=adam_step,
    cases=histories,
    mistakes=(
        Mistake(
            lambda *args: adam_step(*args)[0],
            "Only p came back. The next step needs both memories: return p, m, v.",
        ),
        Mistake(
            lambda *args: tuple(adam_step(*args)[i] for i in (0, 2, 1)),
            "The memories are swapped: return p, m, v.",
        ),
        Mistake(
            _adam(kept=lambda old, new: new),
            "You gave back the corrected means. The correction is for this step only.",
        ),
        Mistake(
            _adam(correct=lambda m, v, b1, b2, t: (m, v)),
            "Nothing is corrected: m and v began at zero, and are too small at first.",
        ),
        Mistake(
            _adam(correct=lambda m, v, b1, b2, t: (m / (1 - b1**t), v)),
            "v needs its correction, too. It also began at zero.",
        ),
        Mistake(
            _adam(correct=lambda m, v, b1, b2, t: (m, v / (1 - b2**t))),
            "m needs its correction, too. It also began at zero.",
        ),
        Mistake(
            _adam(correct=lambda m, v, b1, b2, t: (m / (1 - b1), v / (1 - b2))),
            "The correction fades with time. What does t do to beta?",
        ),
        Mistake(
            _adam(correct=lambda m, v, b1, b2, t: (m / (1 - b1) ** t, v / (1 - b2) ** t)),
            "You raised 1 - beta to the power. The power belongs to beta alone.",
        ),
        Mistake(
            _adam(correct=lambda m, v, b1, b2, t: (m / (1 - b1 * t), v / (1 - b2 * t))),
            "beta times t goes below zero soon. Powers shrink: beta to the t.",
        ),
        Mistake(
            _adam(
                correct=lambda m, v, b1, b2, t: (
                    m / np.float64(1 - b1 ** (t - 1)),
                    v / np.float64(1 - b2 ** (t - 1)),
                )
            ),
            "t - 1: your first step divides by 0. Steps are counted from 1.",
        ),
        Mistake(
            _adam(
                correct=lambda m, v, b1, b2, t: (m / (1 - b1 ** (t + 1)), v / (1 - b2 ** (t + 1)))
            ),
            "t + 1: the caller has counted this step already.",
        ),
        Mistake(
            lambda p, g, m, v, t, lr, betas, eps: adam_step(p, g, m, v, t, lr, betas[::-1], eps),
            "The betas are swapped: the first belongs to m, the second to v.",
        ),
        Mistake(
            lambda p, g, m, v, t, lr, betas, eps: adam_step(p, g, m, v, t, lr),
            "Numbers stand in your code where the caller's betas and eps belong.",
        ),
        Mistake(
            lambda p, g, m, v, t, lr, betas, eps: adam_step(p, g, m, v, t, lr, betas),
            "1e-8 stands in your code. The caller's `eps` makes no difference.",
        ),
        Mistake(
            _adam(first=lambda m, g, b: b * m + g),
            "m is a mean: what stays and what comes in add up to 1.",
        ),
        Mistake(
            _adam(second=lambda v, g, m, b: b * v + (1 - b) * g),
            "v is the mean of squares: g came in unsquared, and its root may not exist.",
        ),
        Mistake(
            _adam(second=lambda v, g, m, b: b * v + (1 - b) * m * m),
            "v holds the squares of m. It is the mean of the squares of g.",
        ),
        Mistake(_adam(step=lambda m, v, eps: m / (v + eps)), "The root of v is missing."),
        Mistake(
            _adam(step=lambda m, v, eps: m / np.sqrt(v + eps)),
            "eps stands under the root. It is added to the root.",
        ),
        Mistake(
            lambda p, g, m, v, t, lr, betas, eps: adam_step(
                p, g, m, v, t, lr, betas, eps / np.sqrt(1 - betas[1] ** t)
            ),
            "eps was added before v was corrected. First correct, then the root, then eps.",
        ),
        Mistake(
            _adam(step=lambda m, v, eps: m / np.sqrt(v)),
            "Without eps a weight that never had a gradient gets 0 / 0.",
        ),
        Mistake(_adam(step=lambda m, v, eps: -m / (np.sqrt(v) + eps)), "Uphill: turn the sign."),
        Mistake(
            lambda p, g, m, v, t, lr, betas, eps: adam_step(p, g, m, v, t, 1.0, betas, eps),
            "The learning rate plays no part.",
        ),
        Mistake(
            _writing(adam_step, 2, 3),
            "You wrote into the caller's m and v. `m = ...` makes a new one, `m *= ...` does not.",
        ),
        Mistake(
            _writing(adam_step, 0, 2, 3),
            "You wrote into the caller's arrays: `-=`, `*=` and `+=` do. Make new ones.",
        ),
    ),
    hints=(
        "Four lines: m, a mean of g. v, a mean of g * g. Both corrected, under new names. p.",
        "Corrected: m / (1 - betas[0] ** t), and v in the same way. Return the uncorrected ones.",
        "p - lr * m_fair / (np.sqrt(v_fair) + eps), m, v.",
    ),
    points=3,
)


def cosine_rate(step, total, base):
    return base * (1 + np.cos(np.pi * step / total)) / 2


def moments(rng: np.random.Generator) -> Iterator[Case]:
    for step, total, base in ((25, 100, 0.4), (0, 100, 0.1), (50, 100, 0.1), (100, 100, 0.1)):
        yield Case(f"step {step} of {total}", (step, total, base))
    yield Case("one step in all", (1, 1, 0.3))
    total = int(rng.integers(200, 2000))
    yield Case("some step", (int(rng.integers(1, total)), total, float(rng.uniform(0.5, 3))))
    yield Case("early", (1, 7, 2.0))


COSINE = Exercise(
    id="06.7",
    function=cosine_rate,
    cases=moments,
    mistakes=(
        Mistake(
            lambda s, n, b: b * (1 + np.cos(np.pi * s / (n - 1))) / 2,
            "It lands a step too early. Step `total` has rate 0, so divide by total itself.",
        ),
        Mistake(
            lambda s, n, b: b * (1 + np.cos(np.pi * s / n)),
            "It begins at twice the base: 1 + cos runs from 2 to 0.",
        ),
        Mistake(
            lambda s, n, b: b * np.cos(np.pi * s / n),
            "It goes below zero, uphill. Lift the cosine, and halve it.",
        ),
        Mistake(
            lambda s, n, b: b * (1 - np.cos(np.pi * s / n)) / 2,
            "It rises from 0. The rate begins at the base and falls.",
        ),
        Mistake(
            lambda s, n, b: b * np.cos(np.pi * s / n / 2),
            "A quarter of a wave, steep at its end. Wanted is half a wave, level at both ends.",
        ),
        Mistake(
            lambda s, n, b: b * (1 + np.cos(2 * np.pi * s / n)) / 2,
            "A whole wave: the rate comes back up at the end. Half a wave is enough.",
        ),
        Mistake(
            lambda s, n, b: b * (1 - s / n),
            "A straight line. A cosine falls late and lands softly.",
        ),
        Mistake(
            lambda s, n, b: b * (1 + np.cos(180 * s / n)) / 2,
            "np.cos takes radians: half a wave is pi, not 180.",
        ),
        Mistake(
            lambda s, n, b: (1 + np.cos(np.pi * s / n)) / 2,
            "The base plays no part: that is the share of it.",
        ),
        Mistake(
            lambda s, n, b: b * (1 + np.cos(np.pi * (s // n))) / 2,
            "s // n rounds down to 0 until the end. Divide with /.",
        ),
        Mistake(
            lambda s, n, b: b * (1 + np.cos(np.pi * (s - 1) / n)) / 2,
            "One step late. Here steps count from 0: the first has the full base.",
        ),
        Mistake(
            lambda s, n, b: b * (1 + np.cos(s / n)) / 2,
            "Pi is missing: at the end the wave has hardly begun to fall.",
        ),
        Mistake(
            lambda s, n, b: b * 0.5 ** (s / n),
            "It halves and never lands. At the last step the rate is 0.",
        ),
    ),
    hints=(
        "How far along are we? step / total runs from 0 to 1. Times pi: half a wave.",
        "The cosine of that runs from 1 to -1. What makes it run from 2 to 0?",
        "base * (1 + np.cos(np.pi * step / total)) / 2.",
    ),
)

EXERCISES = (STEPS, BATCHES, SPLIT, MOMENTUM, RMSPROP, ADAM, COSINE)
