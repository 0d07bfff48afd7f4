"""Chance for checks: a generator that knows whether an answer drew from it."""

import numpy as np


class Generator(np.random.Generator):
    """Chance that can say whether anything was drawn from it.

    It then goes back to where it began, so that an answer, the reference and every known mistake
    meet the same chance, one after the other.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self.start = self.bit_generator.state

    def was_used(self) -> bool:
        """Whether something was drawn since this was last asked."""
        drawn = bool(self.bit_generator.state != self.start)
        self.bit_generator.state = self.start
        return drawn
