"""Dropout as a module, which knows whether it is in training. The rule is in ops/dropout.py.

Lessons: 09.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.nn.module import Module
from nnlearn.ops import dropout


class Dropout(Module):
    """In training, set each number to 0 with probability p; after eval(), change nothing.

    Example
    -------
    >>> Dropout(0.5).eval()(np.array([1.0, 2.0]))
    array([1., 2.])
    """

    def __init__(
        self, p: float = 0.5, inplace: bool = False, *, rng: np.random.Generator | None = None
    ) -> None:
        self.p, self.inplace, self.rng = p, inplace, rng

    def forward(self, x: Any) -> Any:
        return dropout(x, self.p, self.training, self.inplace, rng=self.rng)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"
