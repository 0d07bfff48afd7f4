"""Playground: a placeholder.

Lessons: 08.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nnlearn.demos.predict import Choice
from nnlearn.demos.shell import HERE, Demo


class Playground(Demo):
    """Playground."""

    title = "Playground"
    script = HERE / "playground.js"
    asks = Choice(
        "A question?", {"A": "yes", "B": "no"}, right="A", feedback={"A": "Yes.", "B": "No."}
    )

    def __init__(
        self,
        layer: tuple[Callable[..., Any], Callable[..., Any]] | None = None,
        optimizer: Callable[..., Any] | str | None = None,
        *,
        data: Any = "circles",
        hidden: Sequence[int] = (4,),
        activation: str = "Tanh",
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        super().__init__(predict=predict, seed=seed, **settings)

    def advance(self) -> None:
        pass

    def begin(self) -> None:
        self.now = {}
