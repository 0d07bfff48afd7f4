"""Playground: a network learns before your eyes, with your points, your changes and your code.

Lessons: 08.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn import nn
from nnlearn.demos.controls import Choices, Control, DemoError, Range
from nnlearn.demos.descent_steps import ALIKE, YOURS
from nnlearn.demos.engine import Scenery
from nnlearn.demos.listing import Listing
from nnlearn.demos.playground_asks import asked_for
from nnlearn.demos.playground_code import program
from nnlearn.demos.playground_frames import frame_arrays, frame_values, maps_of
from nnlearn.demos.playground_network import (
    ACTIVATIONS,
    LARGEST,
    OPTIMIZERS,
    PENALTIES,
    RATES,
    layers_of,
)
from nnlearn.demos.playground_points import MAKERS, PAINTED, Canvas, handed_in, traced
from nnlearn.demos.playground_run import Plan
from nnlearn.demos.playground_slot import SLOT, Handed, handed_over, rate_like
from nnlearn.demos.playground_trials import ANEW, OF_A_RUN, Trials
from nnlearn.demos.playground_words import sentence_of, table_rows
from nnlearn.demos.shell import HERE, Demo

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OF_THE_DATA = frozenset({"data", "noise", "points", "test_share"})
UNDO = 200
BY_HAND = Range("by hand", -LARGEST, LARGEST, 0.01, 0)
ANYWHERE = Range("place", -1e6, 1e6, 0.01, 0)


class Playground(Trials):
    """A small network learns to tell two classes of points apart, an epoch at a time.

    Up to four hidden layers of up to eight neurons, one output neuron, sigmoid and binary
    cross-entropy; one run, or two side by side with the same points. All of it is nnlearn's own
    library: `demo.code()` is a program that ends with the same weights, bit for bit.

    Parameters
    ----------
    layer : your pair (linear(X, W, b), dense_backward(g, X, W) -> (dX, dW, db)), through which
        training then runs
    optimizer : "SGD", "Momentum", "RMSProp", "Adam", or your step(p, g, *memories, [t], lr, ...)
    data : "circles", "xor", "moons", "spirals", "blobs", or points of your own: (X, y) of shapes
        (N, 2) and (N,), y of 0 and 1, or a DataPainter
    hidden : neurons of each hidden layer, such as (4, 2); () for none
    predict : ask for a guess first
    seed : of the first weights, of the order of the examples, and of the points
    settings : activation ("Tanh", "ReLU", "Sigmoid", "Linear"), lr, batch_size, penalty ("none",
        "L1": lam·Σ|w|, "L2": lam/2·Σw², weights only), lam, noise, points, test_share, speed

    What the mouse can do: `demo.act("layers", run="A", sizes=[4, 2])`, `act("weight", run="A",
    layer=0, unit=1, input=0, value=2)`, `act("bias", ...)`, `act("undo_edit")`, `act("paint", x=1,
    y=0, label=1)`, `act("erase", x=1, y=0)`, `act("clear_points")`, `act("undo_paint")`,
    `act("new_start")`, `act("new_data")`, `act("compare", on=True)`, `act("choose", run="B")`,
    `act("probe", x=1, y=0)`, `act("focus", run="A", layer=0, unit=1)`. `demo.model` is a copy of
    the chosen run's network, `demo.points` holds X and y.

    Example
    -------
    >>> demo = Playground(data="xor", hidden=(8,), predict=False)
    >>> demo.run(100)
    >>> demo
    Epoch 100: loss 0.0224, 145 of 145 training points right, 98 % of the test points.
    """

    title = "Playground"
    script = HERE / "playground.js"
    _css = Demo._css + (HERE / "playground.css").read_text(encoding="utf-8")
    controls: ClassVar[Mapping[str, Control]] = {
        "data": Choices("Data", [*MAKERS, PAINTED], "circles"),
        "noise": Range("Noise", 0, 0.5, 0.01, 0.1),
        "points": Range("Points", 10, 500, 10, 200, whole=True),
        "test_share": Range("Share kept for the test", 0, 0.8, 0.05, 0.3),
        "activation": Choices("Activation", list(ACTIVATIONS), "Tanh"),
        "optimizer": Choices("Optimizer", list(OPTIMIZERS), "SGD"),
        "lr": Range("Learning rate", 1e-4, 10, 0.02, RATES["SGD"], log=True),
        "batch_size": Range("Batch size", 1, 500, 1, 16, whole=True),
        "penalty": Choices("Penalty", list(PENALTIES), "none"),
        "lam": Range("λ of the penalty", 1e-5, 1, 0.05, 0.01, log=True),
        "seed": Range("Start (seed)", 0, 9999, 1, 0, whole=True),
        "speed": Range("Epochs a frame", 1, 20, 1, 1, whole=True),
    }  # fmt: skip
    slot_spec = SLOT
    free = frozenset({"probe", "focus", "choose"})
    pace = 1 / 60

    def __init__(
        self,
        layer: tuple[Callable[..., Any], Callable[..., Any]] | None = None,
        optimizer: Callable[..., Any] | str | None = None,
        *,
        data: Any = "circles",
        hidden: Sequence[int] = (4,),
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        story = settings.pop("story", None) or {}
        handed = handed_over(**(settings.pop("slot", None)
                                or {"layer": layer, "optimizer": optimizer}))  # fmt: skip
        kind = optimizer if isinstance(optimizer, str) else rate_like(optimizer)
        if handed.step is not None:
            settings.setdefault("optimizer", YOURS)
            kind = rate_like(handed.step)
        settings.setdefault("optimizer", ALIKE.get(kind.lower(), kind))
        settings.setdefault("lr", RATES.get(kind if settings["optimizer"] == YOURS
                                            else settings["optimizer"], RATES["SGD"]))  # fmt: skip
        self.canvas = Canvas()
        if not isinstance(data, str):
            self.canvas, data = handed_in(data), PAINTED
        self.first = layers_of(hidden)
        self.about = str(story.get("about", data))
        self._asked = asked_for(self.about)
        self.asks = self._asked.question
        self._tell(story, seed)
        super().__init__(slot=handed if handed != Handed() else None, predict=predict, seed=seed,
                         data=data, **settings)  # fmt: skip
        if self.missed:
            self.problem = ("this line was made with your own optimizer, here SGD stands in; give "
                            "it: Playground.from_state(..., slot={'optimizer': step})")  # fmt: skip
            self.push()

    @property
    def model(self) -> nn.Sequential:
        """A copy of the chosen run's network as it is now."""
        return copy.deepcopy(self.now[self.chosen].model)

    # --- what is changed ------------------------------------------------------------------------

    def changed(self, names: set[str]) -> None:
        """Data, activation and seed begin anew; the rest goes on from the present weights."""
        s, setup, before = self.settings, self.now[self.chosen].setup, self.last_points
        if s["optimizer"] == YOURS and self.owned.step is None:
            self._sync()
            raise DemoError("give your step when you make the demo: Playground(optimizer=my_step)")
        self.burst = s["speed"]
        if "optimizer" in names and "lr" not in names:
            kind = rate_like(self.owned.step) if s["optimizer"] == YOURS else s["optimizer"]
            s["lr"] = RATES[kind]
        new = {name: s[name] for name in OF_A_RUN if s[name] != getattr(setup, name)}
        if s["data"] == PAINTED and before.name != PAINTED and not self.canvas.rows:
            self.canvas = traced(before)
        if names & OF_THE_DATA or set(new) & ANEW or (new and self.t == 0):
            self._anew(self.chosen, **new)
        elif new:
            self._record(self.chosen, {"t": self.t, "set": new})

    def do_layers(self, run: str, sizes: Any) -> None:
        """Other hidden layers: the run begins anew."""
        self._anew(self._run(run), hidden=layers_of(sizes))

    def do_weight(self, run: str, layer: int, unit: int, input: int, value: float) -> None:
        """Set a weight by hand, now."""
        self._edit(run, layer, unit, input, value)

    def do_bias(self, run: str, layer: int, unit: int, value: float) -> None:
        """Set a bias by hand, now."""
        self._edit(run, layer, unit, None, value)

    def _edit(self, run: str, layer: Any, unit: Any, entry: Any, value: Any) -> None:
        name = self._run(run)
        W, b = self._layer(name, layer, unit)
        if entry is not None and entry not in range(W.shape[1]):
            raise DemoError(f"layer {layer} has inputs 0 to {W.shape[1] - 1}, not {entry!r}")
        if self.now[name].lost:
            raise DemoError(f"run {name} has diverged; go back first: "
                            f"demo.goto({self.records[name].best(self.t)})")  # fmt: skip
        number = BY_HAND.accept("a weight" if entry is not None else "a bias", value)
        unit, entry = int(unit), entry if entry is None else int(entry)
        before = float(b[unit] if entry is None else W[unit, entry])
        self._record(name, {"t": self.t, "layer": int(layer), "unit": unit, "input": entry,
                            "value": float(number), "before": before})  # fmt: skip

    def do_undo_edit(self) -> None:
        """Take the last change by hand back; what came after it is forgotten."""
        if not self.edits:
            raise DemoError("no weight was set by hand")
        name, event = self.edits[-1]
        self.do_goto(event["t"])
        self._forget()
        self.plans[name].events = [e for e in self.plans[name].events if e is not event]
        self.now[name].apply({**event, "value": event["before"]})
        self.records[name].write(self.t, self.now[name])
        self.keep()

    def do_new_start(self) -> None:
        """The next seed for the chosen run."""
        self.do_set(seed=(self.settings["seed"] + 1) % 10_000)

    def do_new_data(self) -> None:
        """Other points by the same rule; of painted ones, others for the test."""
        self.data_seed += 1
        self._anew(self.chosen)

    def do_compare(self, on: bool) -> None:
        """A second run, which begins as the twin of the first; or only the first."""
        if on and not self.compare:
            self._twin()
        elif not on and self.compare:
            self._alone()

    def do_choose(self, run: str) -> None:
        """Which run the controls change."""
        self.chosen = self._run(run)
        self._sync()

    # --- the hand on the points -----------------------------------------------------------------

    def do_paint(self, x: float, y: float, label: int, stroke: str = "") -> None:
        """One point more."""
        self._painted(self._traced().with_point(x, y, label), stroke)

    def do_erase(self, x: float, y: float, stroke: str = "") -> None:
        """Take away the points near a place."""
        here = self._traced()
        there = here.without(x, y)
        if there.rows != here.rows:
            self._painted(there, stroke)

    def do_clear_points(self) -> None:
        """An empty picture to paint on."""
        self._painted(self._traced().empty(), "")

    def do_undo_paint(self) -> None:
        """Take the last stroke back."""
        if not self._undo_paint:
            raise DemoError("nothing was painted that could be taken back")
        self.settings["data"], self.canvas = self._undo_paint.pop()
        self._stroke = ""
        self._anew(self.chosen)

    def _traced(self) -> Canvas:
        return self.canvas if self.settings["data"] == PAINTED else traced(self.points)

    def _painted(self, canvas: Canvas, stroke: str) -> None:
        if not stroke or stroke != self._stroke:
            now = self.settings["data"], self.canvas
            self._undo_paint = [*self._undo_paint[-UNDO:], now]
        self._stroke = stroke
        self.settings["data"], self.canvas = PAINTED, canvas
        self._anew(self.chosen)

    # --- looking --------------------------------------------------------------------------------

    def do_probe(self, x: float, y: float) -> None:
        """Look at the sums at another place."""
        at = [ANYWHERE.accept("the place", v) for v in (x, y)]
        self.probe = np.clip(np.array(at, np.float64), -self.points.extent, self.points.extent)

    def do_focus(self, run: str, layer: int, unit: int) -> None:
        """Open the sum of one neuron."""
        self._layer(self._run(run), layer, unit)
        self._focus = (run, int(layer), int(unit))

    def _run(self, run: Any) -> str:
        if run not in self.plans:
            raise DemoError(f"there is no run {run!r}; there is {' and '.join(self.plans)}")
        return str(run)

    def _layer(self, name: str, layer: Any, unit: Any) -> tuple[np.ndarray, np.ndarray]:
        layers = self.now[name].arrays()
        if layer not in range(len(layers)) or unit not in range(len(layers[layer][1])):
            sizes = ", ".join(str(len(b)) for _, b in layers)
            raise DemoError(f"no neuron {unit!r} in layer {layer!r}: the layers, from 0, have "
                            f"{sizes} neurons, from 0")  # fmt: skip
        return layers[layer]

    # --- what is shown --------------------------------------------------------------------------

    def reveal(self) -> None:
        """The two runs that answer the question, side by side."""
        plan = self.plans["A"]
        a, b = self._asked.runs
        self.plans = {"A": Plan(replace(plan.setup, **a)), "B": Plan(replace(plan.setup, **b))}
        self.restart()

    def maps(self, name: str) -> tuple[np.ndarray, list[list[float]]]:
        """The maps of a run's hidden neurons in this frame, and their scales."""
        return self._maps[name]

    def scenery(self) -> Scenery:
        """The points: the same object as long as they do not change."""
        return self.points_scene

    def values(self) -> Mapping[str, Any]:
        self._maps = {name: maps_of(self, name) for name in self.plans}
        return frame_values(self)

    def arrays(self) -> Mapping[str, np.ndarray]:
        return frame_arrays(self)

    def sentence(self) -> str:
        return sentence_of(self)

    def table(self) -> list[dict[str, Any]]:
        return table_rows(self)

    def code(self) -> Listing:
        return program(self)

    def picture(self) -> Figure:
        from nnlearn.demos.playground_picture import draw

        return draw(self)
