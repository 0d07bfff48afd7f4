"""The second opinion: a function that judges a rate by its losses, and what it is worth here.

Lessons: 09.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.demos.slot import Case, Fault, Slot

WORDS = ("too small", "good", "diverging")
FITS = {"slow": "too small", "burst": "diverging", "dead": "diverging", "healthy": "good"}


def diagnose_rate(losses: np.ndarray) -> str:
    """Judge a rate by the losses of a training, in order: the rule of exercise 05.7.

    >>> diagnose_rate(np.array([9.0, 4.0, 2.0, 1.5, 1.4, 1.4]))
    'good'
    """
    first, middle, last = losses[0], losses[len(losses) // 2], losses[-1]
    if not np.isfinite(losses).all() or last > first:
        return "diverging"
    return "too small" if middle - last > 0.1 * (first - last) else "good"


class OpinionSlot(Slot):
    """A slot whose function answers with one of three texts."""

    def misfit(self, got: tuple[Any, ...], wanted: tuple[Any, ...], case: Case) -> Fault | None:
        if not is_opinion(got[0]):
            return Fault(f"return one of {', '.join(map(repr, WORDS))}.", wanted[0], repr(got[0]))
        if got[0] != wanted[0]:
            return Fault("the text differs.", wanted[0], got[0])
        return None


def is_opinion(said: Any) -> bool:
    return isinstance(said, str) and said in WORDS


SLOT = OpinionSlot(
    "diagnose",
    diagnose_rate,
    [
        Case("falls at once, then level", (np.array([9.0, 4.0, 2.0, 1.5, 1.4, 1.4]),)),
        Case("still on its way", (np.array([9.0, 8.5, 8.0, 7.5, 7.0, 6.5]),)),
        Case("grows", (np.array([1.0, 1.2, 1.6, 2.5, 4.0]),)),
        Case("a jump, then good", (np.array([2.3, 9.0, 4.0, 1.0, 0.5, 0.45, 0.44, 0.44]),)),
        Case("not a number at the end", (np.array([3.0, 2.5, 2.0, np.nan]),)),
        Case("infinite in the middle", (np.array([5.0, 2.0, np.inf, 0.1, 0.05]),)),
    ],
)


def worth(said: str, patient: str) -> str:
    """What the opinion was worth, once the fault is known."""
    if (fits := FITS.get(patient)) is None:
        return f"It said “{said}”. It knows only rates, and the rate is not what ails this patient."
    if said == fits:
        return f"It said “{said}”, and that was right."
    return f"It said “{said}”. Right would have been “{fits}”."
