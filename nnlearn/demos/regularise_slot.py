"""The place for the learner's own dropout: a function of chance, judged by what always holds.

Two right functions toss different coins, so no values are compared with nnlearn's. What is asked:
the shape, a mask of 0 and 1/(1 - p) alone, out = x * mask, the mean over many numbers, silence in
test mode and at p = 0, and coins that come from the generator that was given.

Lessons: 09.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.demos.slot import Case, Fault, Function, Slot, unfit
from nnlearn.nn.functional import dropout as F_dropout

CLOSE = 1e-3  # nnlearn's own factor is 1/(1 - p) within 1/65536


def dropout(
    x: np.ndarray, p: float, rng: np.random.Generator, training: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """nnlearn's dropout, with the mask that it drew: out = x * mask."""
    mask = F_dropout(np.ones(np.shape(x)), p, training=training, rng=rng)
    return x * mask, mask


class DropoutSlot(Slot):
    """Tries a dropout on fixed cases; the generator of each is made anew from its seed.

    Example
    -------
    >>> def mine(x, p, rng, training=True):
    ...     mask = (rng.random(x.shape) >= p) / (1 - p) if training else np.ones_like(x)
    ...     return x * mask, mask
    >>> SLOT.judge(mine).accepted
    True
    >>> SLOT.judge(lambda x, p, rng, training=True: (x, np.ones_like(x))).case
    'six numbers, p = 0.5'
    """

    def praise(self) -> str:
        return f"Your {self.name} keeps every rule in all fixed cases."

    def call(self, fn: Function, args: tuple[Any, ...]) -> Any:
        x, p, seed, training = args
        rng = np.random.default_rng(seed)
        return fn(x, p, rng) if training is None else fn(x, p, rng, training)

    def wanted(self, case: Case) -> tuple[Any, ...]:
        x, p, seed, training = case.args
        return dropout(x, p, np.random.default_rng(seed), training is not False)

    def misfit(self, got: tuple[Any, ...], wanted: tuple[Any, ...], case: Case) -> Fault | None:
        x, p, _, training = case.args
        for name, part, right in zip(self.names, got, wanted, strict=True):
            if part is None:
                return Fault(f"{name} is None (is there a return?).", right, part)
            if fault := unfit(part, x.shape):
                return Fault(f"{name}: {fault}", f"finite numbers, shape {x.shape}", part)
        out, mask = (np.asarray(part, np.float64) for part in got)
        if training is False or p == 0:
            return _silent(x, out, mask, p)
        return _factors(mask, p) or _product(x, out, mask)

    def beyond(self, fn: Function, got: tuple[Any, ...], case: Case) -> Fault | None:
        """Other coins give another mask, the same coins the same; the means are those of coins."""
        x, p, seed, training = case.args
        if training is False or p == 0 or x.size < 100:
            return None
        first, again, *others = (
            np.asarray(self._parts(self.call(fn, (x.copy(), p, s, training)))[1], np.float64)
            for s in (seed, seed, seed + 1, seed + 2, seed + 3)
        )
        if np.array_equal(first, others[0]):
            text = "another rng gives the very same mask: toss the coins with the one given."
            return Fault(text, "another mask", others[0])
        if not np.array_equal(first, again):
            text = "the same rng gives another mask: take every coin from the rng you are given."
            return Fault(text, first, again)
        return _coins([first, *others], p)


def _silent(x: np.ndarray, out: np.ndarray, mask: np.ndarray, p: float) -> Fault | None:
    """In test mode, and where p is 0, nothing is dropped and nothing is scaled."""
    when = "p = 0 drops nothing" if p == 0 else "in test mode nothing is dropped or scaled"
    if not np.allclose(out, x, rtol=1e-6, atol=1e-9):
        return Fault(f"{when}: out must be x.", x, out)
    return None if (mask == 1).all() else Fault(f"{when}: the mask is all ones.", "ones", mask)


def _factors(mask: np.ndarray, p: float) -> Fault | None:
    factor = 1 / (1 - p)
    kept = mask != 0
    if np.allclose(mask[kept], factor, rtol=CLOSE):
        return None
    found = ", ".join(f"{v:.3g}" for v in np.unique(mask)[:4])
    return Fault(f"a mask holds 0 and 1/(1 − p) = {factor:.3g} alone; yours holds {found}.",
                 f"0 and {factor:.3g}", found)  # fmt: skip


def _product(x: np.ndarray, out: np.ndarray, mask: np.ndarray) -> Fault | None:
    if np.allclose(out, x * mask, rtol=1e-5, atol=1e-9):
        return None
    return Fault("out must be x * mask.", x * mask, out)


def _coins(masks: list[np.ndarray], p: float) -> Fault | None:
    """Each number has a coin of its own, and inverted dropout keeps the mean: that of a mask is 1.

    A factor 1/(1 - p) with chance 1 - p has the variance p/(1 - p). One right mask in 370 is more
    than 3 standard errors off, and one in 30 drops exactly the expected number (at p = 0.9); all
    four together do so about once in a million.
    """
    first = masks[0]
    if (first == first[:1]).all() or (first == first[:, :1]).all():
        text = "whole rows or columns share a coin: each number needs one of its own."
        return Fault(text, "a coin for each number", first)
    error = 3 * np.sqrt(p / (1 - p) / first.size)
    if all(abs(mask.mean() - 1) > error for mask in masks):
        dropped, mean = 100 * np.mean(first == 0), first.mean()
        text = (f"it drops {dropped:.0f} % of {first.size:,} numbers at p = {p:g}; the mean of the "
                f"mask must be 1, within {error:.2g}.")  # fmt: skip
        return Fault(text, "a mean of 1", f"a mean of {mean:.3f}")
    exact = round(p * first.size)
    if all((mask == 0).sum() == exact for mask in masks):
        text = f"it drops exactly {exact:,} numbers every time: each needs a coin of its own."
        return Fault(text, "a number that varies", "always as many")
    return None


TABLE = np.random.default_rng(9).normal(size=(40, 50))
ROW = np.array([[0.5, -1.25, 2.0, 0.75, -3.0, 1.5]])
CASES = [
    Case("six numbers, p = 0.5", (ROW, 0.5, 1, True)),
    Case("a table of 40 × 50, p = 0.5", (TABLE, 0.5, 6, True)),
    Case("a table of 40 × 50, p = 0.2", (TABLE, 0.2, 7, True)),
    Case("a table of 40 × 50, p = 0.9", (TABLE, 0.9, 8, True)),
    Case("no word of training, p = 0.5", (TABLE, 0.5, 6, None)),
    Case("test mode, p = 0.5", (TABLE, 0.5, 10, False)),
    Case("p = 0 in training", (ROW, 0.0, 11, True)),
]
SLOT = DropoutSlot("dropout", dropout, CASES, returns=("out", "mask"))
