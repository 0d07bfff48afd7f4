"""Check of early stopping (09.4)."""

from collections.abc import Iterator

import numpy as np

from nnlearn.course.exercise import Case, Exercise, Mistake


def early_stop(val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(val_losses) - 1


def falls(rng: np.random.Generator) -> Iterator[Case]:
    def told(losses, patience):
        losses = np.asarray(losses, dtype=float)
        text = "[" + ", ".join(f"{loss:g}" for loss in losses) + "]"
        return (losses, patience), (
            text if len(losses) < 13 else f"{len(losses)} losses",
            f"{patience}",
        )

    yield Case("by hand", *told([5, 3, 4, 2, 2.5, 2.1, 1], 2))
    yield Case("it falls to the end", *told([9, 7, 5, 4, 3], 2))
    yield Case("it only rises", *told([1, 2, 3, 4, 5, 6], 3))
    yield Case("one epoch", *told([0.7], 1))
    yield Case("patience of 1", *told([4, 3, 2, 2.5, 1, 0.5], 1))
    yield Case("the same again is no improvement", *told([3, 2, 2, 2, 2, 1], 3))
    yield Case("just in time", *told([5, 4, 6, 6, 3, 7, 7, 7, 2], 3))
    yield Case("better than the last, not than the best", *told([5, 2, 6, 5, 4, 3, 1], 4))
    yield Case("a fall that is no best", *told([3, 1, 4, 2, 5, 6, 7], 3))
    yield Case("patience is longer than all", *told([3, 1, 2, 4], 10))
    for n in (20, 40):
        curve = (np.linspace(-1, 1.5, n) ** 2 + 0.1 * rng.normal(size=n)).round(3)
        yield Case(f"{n} epochs", *told(curve, int(rng.integers(2, 5))))


def _rises(val_losses, patience):
    """Counts rises from one epoch to the next, and forgets the best."""
    best = count = 0
    for epoch in range(1, len(val_losses)):
        best = epoch if val_losses[epoch] < val_losses[best] else best
        count = count + 1 if val_losses[epoch] >= val_losses[epoch - 1] else 0
        if count == patience:
            return best, epoch
    return best, len(val_losses) - 1


def _never_reset(val_losses, patience):
    best = count = 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < val_losses[best]:
            best = epoch
        else:
            count += 1
        if count == patience:
            return best, epoch
    return best, len(val_losses) - 1


def _patient(better, found):
    """Early stopping with another sense of better, or another moment to stop."""

    def wrong(val_losses, patience):
        best = 0
        for epoch, loss in enumerate(val_losses):
            if better(loss, val_losses[best]):
                best = epoch
            if found(epoch - best, patience):
                return best, epoch
        return best, len(val_losses) - 1

    return wrong


def _less(loss, best):
    return loss < best


def _after(change):
    return lambda val_losses, patience: change(val_losses, *early_stop(val_losses, patience))


def stop_parts(args: tuple, returned: object) -> object:
    if not isinstance(returned, tuple | list | np.ndarray) or np.shape(returned) != (2,):
        return returned
    return {"best epoch": returned[0], "stop epoch": returned[1]}


def _than_the_last(val_losses, patience):
    best = waited = 0
    for epoch in range(1, len(val_losses)):
        better = val_losses[epoch] < val_losses[epoch - 1]
        best, waited = (epoch, 0) if better else (best, waited + 1)
        if waited == patience:
            return best, epoch
    return best, len(val_losses) - 1


def _best_from_zero(val_losses, patience):
    lowest, best, waited = 0.0, 0, 0
    for epoch, loss in enumerate(val_losses):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return best, epoch
    return best, len(val_losses) - 1


def _counting_the_first(val_losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(val_losses):
        best, waited = (epoch, 0) if loss < val_losses[best] else (best, waited + 1)
        if waited == patience:
            return best, epoch
    return best, len(val_losses) - 1


def _silent_at_the_end(val_losses, patience):
    best, stop = early_stop(val_losses, patience)
    return (best, stop) if stop - best == patience else None


STOP = Exercise(
    id="09.4",
    function=early_stop,
    cases=falls,
    view=stop_parts,
    expected="two whole numbers: the best epoch, and the epoch after which training stops",
    mistakes=(
        Mistake(
            lambda losses, patience: (int(np.argmin(losses)), len(losses) - 1),
            "You looked at all losses. Who stops never sees those that come later.",
        ),
        Mistake(
            lambda losses, patience: (int(np.argmin(losses)), early_stop(losses, patience)[1]),
            "The stop is right. The best epoch is one that came after it: nobody can know it.",
        ),
        Mistake(
            _after(lambda losses, best, stop: best),
            "Only the best epoch came back. Return both: best_epoch, stop_epoch.",
        ),
        Mistake(
            _after(lambda losses, best, stop: (stop, best)),
            "The order is turned: first the best epoch, then the one where it stops.",
        ),
        Mistake(
            _after(lambda losses, best, stop: (losses[best], stop)),
            "That is the best loss. Asked for is its epoch.",
        ),
        Mistake(
            _after(lambda losses, best, stop: (best + 1, stop + 1)),
            "Both are one too large: epochs are counted from 0 here.",
        ),
        Mistake(
            _after(lambda losses, best, stop: (stop, stop)),
            "You keep the weights of the last epoch. The best ones are some epochs back.",
        ),
        Mistake(
            _rises,
            "You counted rises from one epoch to the next. Compare with the best so far.",
        ),
        Mistake(
            _never_reset,
            "Your count goes on after an improvement. A new best makes patience begin anew.",
        ),
        Mistake(
            _patient(lambda loss, best: loss <= best, lambda waited, p: waited == p),
            "An equal loss counts as better with you. Only a lower one is an improvement.",
        ),
        Mistake(
            _patient(_less, lambda waited, p: waited > p),
            "It waits one epoch too long: after `patience` epochs without a new best it stops.",
        ),
        Mistake(
            _patient(_less, lambda waited, p: waited >= max(p - 1, 1)),
            "It stops one epoch too early: `patience` epochs in a row must bring nothing.",
        ),
        Mistake(
            _patient(lambda loss, best: loss > best, lambda waited, p: waited == p),
            "You look for the highest. These are losses, not scores: lower is better.",
        ),
        Mistake(
            lambda losses, patience: (
                early_stop(losses, patience)[0],
                early_stop(losses, patience)[0] + patience,
            ),
            "best + patience may lie beyond the last epoch. If nothing stops it, the last counts.",
        ),
        Mistake(
            _after(lambda losses, best, stop: (best, min(stop + 1, len(losses) - 1))),
            "The stop comes an epoch late: ask right after an epoch whether patience is used up.",
        ),
        Mistake(
            _after(lambda losses, best, stop: (best, stop + 1)),
            "stop_epoch is one too large: it is the last epoch that is run, counted from 0.",
        ),
        Mistake(
            lambda losses, patience: (
                early_stop(losses, patience)[0],
                early_stop([*losses, *[np.inf] * patience], patience)[1]
                if early_stop([*losses, *[np.inf] * patience], patience)[1] < len(losses)
                else len(losses),
            ),
            "If nothing stops it, the last epoch is len(val_losses) - 1: epochs begin at 0.",
        ),
        Mistake(
            _after(lambda losses, best, stop: (best, stop - best)),
            "That is how long it waited. Asked for is the epoch in which it stopped.",
        ),
        Mistake(
            _than_the_last,
            "Each epoch is compared with the one before, so a fall from a high place looks like a "
            "best. Compare with the lowest so far.",
        ),
        Mistake(
            _counting_the_first,
            "Epoch 0 is the best so far, but your count of vain epochs begins with it.",
        ),
        Mistake(
            _silent_at_the_end,
            "Where nothing stops it, nothing came back. After the loop, too, return both epochs.",
        ),
        Mistake(
            lambda losses, patience: (int(np.argmin(losses)), int(np.argmin(losses)) + patience),
            "argmin sees losses that come after the stop, too. Go through the epochs in order.",
        ),
        Mistake(
            _best_from_zero,
            "Your lowest loss begins at 0, and no loss is below that. Begin with the first loss.",
        ),
        Mistake(
            _after(lambda losses, best, stop: (best, stop - (stop - best > 0))),
            "The epoch that used up the patience was run, too: stop_epoch is that one.",
        ),
    ),
    hints=(
        "Go through the epochs in order, and remember the epoch of the lowest loss so far.",
        "If the loss is below the best, this epoch is the best. How long ago was that?",
        "When epoch - best == patience: return best, epoch. After the loop, the last epoch.",
    ),
    points=2,
)
