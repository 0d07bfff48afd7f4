"""Training clinic: a placeholder.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlearn.demos.predict import Choice
from nnlearn.demos.shell import HERE, Demo


class TrainingClinic(Demo):
    """Training clinic."""

    title = "Training clinic"
    script = HERE / "training_clinic.js"
    asks = Choice(
        "A question?", {"A": "yes", "B": "no"}, right="A", feedback={"A": "Yes.", "B": "No."}
    )

    def __init__(
        self,
        diagnose: Callable[..., Any] | None = None,
        *,
        patient: int = 1,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        super().__init__(predict=predict, seed=seed, **settings)

    def advance(self) -> None:
        pass

    def begin(self) -> None:
        self.now = {}
