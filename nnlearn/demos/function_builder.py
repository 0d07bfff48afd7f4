"""Function builder: a placeholder.

Lessons: 08.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlearn.demos.predict import Choice
from nnlearn.demos.shell import HERE, Demo


class FunctionBuilder(Demo):
    """Function builder."""

    title = "Function builder"
    script = HERE / "function_builder.js"
    asks = Choice(
        "A question?", {"A": "yes", "B": "no"}, right="A", feedback={"A": "Yes.", "B": "No."}
    )

    def __init__(
        self,
        build: Callable[..., Any] | None = None,
        *,
        target: Any = "wave",
        units: int = 4,
        activation: str = "ReLU",
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        super().__init__(predict=predict, seed=seed, **settings)

    def advance(self) -> None:
        pass

    def begin(self) -> None:
        self.now = {}
