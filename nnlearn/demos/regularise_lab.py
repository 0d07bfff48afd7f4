"""Regularise lab: a placeholder.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlearn.demos.predict import Choice
from nnlearn.demos.shell import HERE, Demo


class RegulariseLab(Demo):
    """Regularise lab."""

    title = "Regularise lab"
    script = HERE / "regularise_lab.js"
    asks = Choice(
        "A question?", {"A": "yes", "B": "no"}, right="A", feedback={"A": "Yes.", "B": "No."}
    )

    def __init__(
        self,
        dropout: Callable[..., Any] | None = None,
        *,
        data: str = "moons",
        points: int = 40,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        super().__init__(predict=predict, seed=seed, **settings)

    def advance(self) -> None:
        pass

    def begin(self) -> None:
        self.now = {}
