"""Shape tracer: what happens to axes when NumPy meets two arrays, or when your function does.

Pick two shapes and an operation; see which axis stretches, which clashes, and which numbers made
each cell. `ShapeTracer(op=row_means)` traces a function of your own.

Lessons: 00.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos.broadcasting import BadShape, Shape, parse_shape
from nnlearn.demos.controls import Choices, Control, DemoError
from nnlearn.demos.predict import Choice
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Slot, Verdict
from nnlearn.demos.tracing import (
    ELEMENTWISE,
    OPERATIONS,
    Operation,
    Trace,
    number,
    own_operation,
    trace,
    working,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"A": "#0072B2", "B": "#D55E00", "result": "#009E73"}
AXES = ("None", "0", "1", "2", "-1")
NO_FUNCTION = "Give me your function first: ShapeTracer(op=row_means)"
SIZES = (2, 3, 4)  # of the quiz: small enough to picture in the head


@dataclass(frozen=True)
class ShapeText(Choices):
    """A shape typed by hand; the options are only suggestions."""

    def accept(self, name: str, value: Any) -> str:
        try:
            return str(parse_shape(value))
        except BadShape as why:
            raise DemoError(f"{self.label}: {why}") from None

    def spec(self) -> dict[str, Any]:
        return {"kind": "shape", "label": self.label, "options": list(self.options)}


class AnyFunction(Slot):
    """A slot without right and wrong: every function of one or two arrays can be traced."""

    def judge(self, fn: Any) -> Verdict:
        if not callable(fn):
            return Verdict(False, f"op= takes a function, not {type(fn).__name__}.")
        try:
            own_operation(fn)
        except (TypeError, ValueError) as why:
            return Verdict(False, str(why))
        return Verdict(True, "")


class ShapeTracer(Demo):
    """See shapes meet, axis by axis.

    Example
    -------
    >>> tracer = ShapeTracer(a=(3, 1), b=(4,), predict=False)
    >>> tracer
    A + B: (3, 1) and (4,) give (3, 4).
    >>> tracer.set(b=(2, 4)); print(tracer)
    A + B fails: 3 meets 2: a clash, neither is 1.
    """

    title = "Shape tracer"
    script = HERE / "shape_tracer.js"
    _css = Demo._css + (HERE / "shape_tracer.css").read_text(encoding="utf-8")
    timed = False
    controls: ClassVar[Mapping[str, Control]] = {
        "a": ShapeText("shape of A", ("(3, 4)", "(3, 1)", "(3,)", "(2, 3, 4)", "()"), "(3, 1)"),
        "op": Choices("operation", (*OPERATIONS, "yours"), "+"),
        "b": ShapeText("shape of B", ("(4,)", "(1, 4)", "(3, 1)", "(4, 2)", "()"), "(4,)"),
        "axis": Choices("axis", AXES, "1"),
    }
    slot_spec = AnyFunction("op", np.add, ())
    asks = Choice(
        "A has shape (3, 1) and B has shape (4,). What is the shape of A + B?",
        {"A": "(3, 4)", "B": "(4, 3)", "C": "(3,)", "D": "no shape: NumPy gives an error"},
        right="A",
        feedback={
            "A": "Read from the right: 1 meets 4 and stretches to 4, then A's 3 stands alone.",
            "B": "Nearly. Line them up from the right: 4 stands under the 1, so 4 comes last.",
            "C": "Nothing is dropped. A's 1 meets B's 4 and stretches to 4, and the 3 stays.",
            "D": "3 and 4 never meet! Shapes line up from the right: 1 meets 4, and 1 may stretch.",
        },
    )

    def __init__(
        self,
        op: Callable[..., Any] | str | None = None,
        *,
        a: Any = None,
        b: Any = None,
        axis: int | str | None = 1,
        predict: bool = True,
        seed: int = 0,
        slot: Callable[..., Any] | None = None,
    ) -> None:
        slot = op if op is not None and not isinstance(op, str) else slot
        key = op if isinstance(op, str) else "+" if slot is None else "yours"
        given = {"op": key, "a": a, "b": b, "axis": str(axis)}
        if slot is not None and a is None:
            given["a"] = "(3, 4)"
        super().__init__(
            slot=slot,
            predict=predict and slot is None,  # the question is about A + B
            seed=seed,
            **{name: value for name, value in given.items() if value is not None},
        )

    # --- state ----------------------------------------------------------------------------------

    def begin(self) -> None:
        self.now = {"asked": 0, "streak": 0, "best": 0, "open": False, "said": "", "right": None}
        self._look()

    def changed(self, names: set[str]) -> None:
        self.now.update(open=False, said="", right=None)
        self._look()

    def reveal(self) -> None:
        """The question was about (3, 1) and (4,): show them."""
        self.settings.update(a="(3, 1)", b="(4,)", op="+")
        self._look()

    def save(self) -> dict[str, Any]:
        return dict(self.now)

    def load(self, saved: Mapping[str, Any]) -> None:
        self.now = dict(saved)

    @property
    def shapes(self) -> tuple[Shape, Shape]:
        return parse_shape(self.settings["a"]), parse_shape(self.settings["b"])

    @property
    def hidden(self) -> bool:
        """Is the result still to be guessed?"""
        return bool((self.predict and self.answered is None) or self.now["open"])

    @property
    def badge(self) -> str:
        mine = self.accepted and self.settings["op"] == "yours"
        return f"running: {'your code' if mine else 'NumPy'}"

    def operation(self) -> Operation | None:
        """The operation in use; None where a learner's function is wanted and none was given."""
        if self.settings["op"] != "yours":
            return OPERATIONS[self.settings["op"]]
        if self._slot is None or self.verdict is None or not self.verdict.accepted:
            return None
        return own_operation(self._slot)

    def _look(self) -> None:
        a, b = self.shapes
        axis = self.settings["axis"]
        op = self.operation()
        if op is None:
            self.found = Trace("your function", (), error=NO_FUNCTION)
        else:
            self.found = trace(op, a, b, None if axis == "None" else int(axis))

    # --- the quiz -------------------------------------------------------------------------------

    def do_quiz(self) -> None:
        """Ask for the result's shape of two new arrays; every third pair is impossible."""
        if self.now["open"]:
            self.now["streak"] = 0  # skipped
        a, b = random_pair(self.rng)
        self.settings.update(a=str(a), b=str(b), op=str(self.rng.choice(["+", "-", "*"])))
        self._look()
        self.now["asked"] += 1
        self.now.update(open=True, said="", right=None)

    def do_guess(self, text: str) -> None:
        """Answer the quiz with a shape, or with "error"."""
        if not self.now["open"]:
            raise DemoError("press Quiz me first: demo.act('quiz')")
        said = str(text).strip().lower().strip("!. ")
        try:
            guess = None if said in ("error", "none", "no", "impossible") else parse_shape(text)
        except BadShape:
            raise DemoError(f"{text!r} is no shape. Answer like (3, 4), or error.") from None
        right = guess == self.found.shape
        self.now.update(open=False, right=right, said=self._verdict_on(right))
        self.now["streak"] = self.now["streak"] + 1 if right else 0
        self.now["best"] = max(self.now["best"], self.now["streak"])

    def _verdict_on(self, right: bool) -> str:
        found = self.found
        if found.shape is None:
            clash = next(x["verdict"] for x in found.axes if x["kind"] == "clash")
            return f"{'Yes, an error:' if right else 'It is an error:'} {clash}."
        steps = "; ".join(x["verdict"] for x in reversed(found.axes))
        return f"{'Yes,' if right else 'It is'} {found.shape}. From the right: {steps}."

    # --- what is seen ---------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        found, key = self.found, self.settings["op"]
        hidden = self.hidden
        axes = [{**x, "out": "?", "verdict": "?", "kind": "?"} for x in found.axes]
        seen = {"axes": found.axes, "shape": found.shape, "cells": found.cells,
                "links": found.links, "working": working(key, found), "error": found.error,
                "advice": found.advice}  # fmt: skip
        unseen = {"axes": axes, "shape": None, "cells": None, "links": [], "working": [],
                  "error": "", "advice": []}  # fmt: skip
        return {
            **(unseen if hidden else seen),
            "hidden": hidden,
            "code": found.code,
            "sign": {**ELEMENTWISE, "@": "@"}.get(key, ""),
            "elementwise": key in ELEMENTWISE,
            "names": ["A[:, None]", "B[None]"] if key == "pairs" else ["A", "B"],
            "needs_axis": key in ("sum", "mean"),
            "arrays": [{"name": n, "shape": x.shape, "text": str(x.shape), "cells": x}
                       for n, x in zip("AB", found.arrays, strict=False)],
            "two": key == "yours" or len(found.arrays) == 2,
            "codes": {k: o.code for k, o in OPERATIONS.items()} | self._own_code(),
            "quiz": self.now,
        }  # fmt: skip

    def _own_code(self) -> dict[str, str]:
        return {} if self._slot is None else {"yours": "your function"}

    def sentence(self) -> str:
        found = self.found
        shapes = " and ".join(str(x.shape) for x in found.arrays)
        give = "give" if len(found.arrays) == 2 else "gives"
        if self.hidden:
            return f"{found.code} with shapes {shapes}: what is the shape of the result?"
        if found.shape is not None:
            return f"{found.code}: {shapes} {give} {found.shape}."
        clash = [x["verdict"] for x in found.axes if x["kind"] == "clash"]
        return f"{found.code} fails: {clash[0] if clash else found.error}."

    def table(self) -> list[dict[str, Any]]:
        if self.hidden:
            return [{"array": x["name"], "shape": x["text"]} for x in self.values()["arrays"]]
        last = len(self.found.axes)
        rows = [
            {"axis": i - last, "A": shown(x["a"]), "B": shown(x["b"]), "result": shown(x["out"]),
             "what happens": x["verdict"]}
            for i, x in enumerate(self.found.axes)
        ]  # fmt: skip
        return rows or [{"result": text} for text in working(self.settings["op"], self.found)]

    def picture(self) -> Figure:
        """A, B and the result as cells, with their shapes; ghosts show where an array stretches."""
        from matplotlib.figure import Figure

        found = self.found
        parts: list[tuple[str, np.ndarray | None, Shape | None]] = [
            (name, x, x.shape) for name, x in zip("AB", found.arrays, strict=False)
        ]
        seen = not self.hidden
        parts.append(("result", found.cells if seen else None, found.shape if seen else None))
        figure = Figure(figsize=(8.4, 3.2), layout="constrained")
        for axes, (name, cells, shape) in zip(
            figure.subplots(1, len(parts), squeeze=False)[0], parts, strict=True
        ):
            draw_cells(axes, cells, COLOURS[name])
            missing = "?" if self.hidden else "no result"
            axes.set_title(f"{name}  {missing if shape is None else shape}", fontsize=14)
        figure.suptitle(self.sentence(), fontsize=13)
        return figure


def shown(size: int | None) -> str:
    return "–" if size is None else str(size)


def random_pair(rng: np.random.Generator) -> tuple[Shape, Shape]:
    """Two shapes of up to three axes that fit, or, one time in three, clash in one axis."""
    out = [int(n) for n in rng.choice(SIZES, rng.integers(2, 4))]
    pair = []
    for _ in range(2):
        keep = int(rng.integers(1, len(out) + 1))
        pair.append([n if rng.random() < 0.6 else 1 for n in out[-keep:]])
    if rng.random() < 1 / 3:
        at = -int(rng.integers(1, min(map(len, pair)) + 1))
        pair[0][at], pair[1][at] = (int(n) for n in rng.choice(SIZES, 2, replace=False))
    return tuple(pair[0]), tuple(pair[1])


def draw_cells(axes: Axes, cells: np.ndarray | None, colour: str) -> None:
    """An array as squares with their numbers; the layers of a third axis stand below each other."""
    axes.set_axis_off()
    if cells is None:
        axes.text(0.5, 0.5, "?", ha="center", va="center", fontsize=30, color=colour)
        return
    layers = cells.reshape(-1, *(cells.shape[-2:] if cells.ndim > 1 else (1, cells.size)))
    rows, columns = layers.shape[1], layers.shape[2]
    for i, value in enumerate(layers.ravel()):
        layer, inside = divmod(i, rows * columns)
        y, x = divmod(inside, columns)
        y += layer * (rows + 0.5)
        axes.add_patch(_square(x, y, colour))
        size = 12 if columns <= 4 else 9
        axes.text(x + 0.5, y + 0.5, number(value), ha="center", va="center", fontsize=size)
    axes.set_xlim(-0.2, max(columns, 4) + 0.2)
    axes.set_ylim(max(len(layers) * (rows + 0.5), 3) + 0.2, -0.2)
    axes.set_aspect("equal", anchor="N")


def _square(x: float, y: float, colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 1, 1, facecolor=f"{colour}22", edgecolor=colour, linewidth=1.5)
