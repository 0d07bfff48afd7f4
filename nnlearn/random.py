"""Where chance comes from: an explicit `rng`, else one generator that `manual_seed` sets.

Every function that draws takes the keyword `rng` (a `numpy.random.Generator`). Without it, it draws
from the generator kept here, so that one line at the top of a notebook repeats everything below.

Lessons: 00, 01.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

Rng: TypeAlias = "np.random.Generator | None"  # quoted: numpy.random takes 20 ms to load
_default: np.random.Generator | None = None  # made at first use


def manual_seed(seed: int) -> np.random.Generator:
    """Start the default generator again from `seed`, and return it.

    Example
    -------
    >>> int(manual_seed(0).integers(10)), int(manual_seed(0).integers(10))
    (8, 8)

    Lesson 00.
    """
    global _default
    _default = np.random.default_rng(seed)
    return _default


def generator(rng: np.random.Generator | None = None) -> np.random.Generator:
    """Return `rng` itself, or the default generator if none is given."""
    global _default
    if rng is not None:
        if not isinstance(rng, np.random.Generator):
            raise TypeError(
                f"rng must be a numpy Generator, got {type(rng).__name__}\n"
                "Write rng=np.random.default_rng(0)."
            )
        return rng
    if _default is None:
        _default = np.random.default_rng()
    return _default
