"""Function builder: put a curve together from hinges or steps by hand, then let training go on.

Lessons: 08.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos import builder_words as say
from nnlearn.demos.builder_frames import frame_arrays, frame_values, ground_of
from nnlearn.demos.builder_hands import Hands
from nnlearn.demos.builder_networks import (
    ACTIVATIONS,
    MOST,
    RELU,
    Points,
    Report,
    arrays_of,
    construct,
    points_for,
    spread,
    units_for,
)
from nnlearn.demos.builder_slot import SLOT, as_network
from nnlearn.demos.builder_targets import DRAWN, NAMES, Target, drawn, named, own_heights
from nnlearn.demos.builder_training import LONGEST, OPTIMIZERS, STARTS, Race, program
from nnlearn.demos.controls import Choices, Control, Range
from nnlearn.demos.engine import Scenery
from nnlearn.demos.listing import Listing
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Verdict, learners
from nnlearn.models.hinges import Parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

YOURS, PENS = "your network", ("knees", "the curve")
LOOKS = frozenset({"look", "pen", "speed"})  # these change no history


class FunctionBuilder(Hands, Demo):
    """A curve, and a network of one hidden layer that a hand puts together to match it.

    Drag a knee: the network goes through it. Run trains the network from where the hand left it,
    and beside it five random starts of the same width.

    Parameters
    ----------
    build : your hinge_network(knots, heights) -> (W1, b1, W2, b2), shapes (K, 1), (K,), (1, K) and
        (1,): one hidden layer of ReLU neurons that goes straight from point to point
    target : "wave", "steps", "tent", "Seattle weather", a function of x, or heights spread evenly
        from x = -1.5 to 1.5; the range, which counts and is trained on, is -1 to 1
    units : how many neurons to begin with, 2 to 40, spread evenly, every knee on the curve
    activation : "ReLU", "Sigmoid" or "Tanh"
    predict, seed : as in every demo; the seed is of the random starts
    settings : steepness (of a sigmoid or tanh step), optimizer ("Adam" or "SGD"), lr, look ("your
        network" or "random start 1" to 5), pen ("knees" or "the curve"), speed (steps a frame)

    Example
    -------
    >>> demo = FunctionBuilder(units=11, predict=False)
    >>> demo
    Your 11 hinges stay within 0.05 of the wave on the whole range: 0.044 at worst, at x = 0.5. \
Outside the range, where nothing is promised: off by up to 0.9, at x = 1.5.
    """

    title = "Function builder"
    script = HERE / "function_builder.js"
    _css = Demo._css + (HERE / "function_builder.css").read_text(encoding="utf-8")
    controls: ClassVar[Mapping[str, Control]] = {
        "target": Choices("Curve", NAMES, "wave"),
        "activation": Choices("Neurons are", list(ACTIVATIONS), RELU),
        "units": Range("Neurons, spread evenly", 1, MOST, 1, 4, whole=True),
        "steepness": Range("Steepness", 1, 20, 0.5, 4),
        "pen": Choices("The pen moves", PENS, PENS[0]),
        "look": Choices("Look at", [YOURS, *(f"random start {k + 1}" for k in range(STARTS))],
                        YOURS),
        "optimizer": Choices("Optimizer", list(OPTIMIZERS), "Adam"),
        "lr": Range("Learning rate", 1e-4, 10, 0.02, 0.01, log=True),
        "speed": Range("Steps a frame", 1, 10, 1, 1, whole=True),
    }  # fmt: skip
    slot_spec = SLOT
    free = frozenset({"pick"})
    now: Race

    def __init__(
        self,
        build: Callable[..., Any] | None = None,
        *,
        target: Any = "wave",
        units: int = 4,
        activation: str = RELU,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        made = settings.pop("made", {})  # what a shared line brings
        self.own: list[float] | None = made.get("own")
        if not isinstance(target, str):
            self.own, target = own_heights(target), DRAWN
        if target == DRAWN and self.own is None:
            self.own = own_heights(named()["wave"].at)
        self._kept: tuple[list[float] | None, Target] | None = None
        if target in NAMES:
            self._find_target(target)
            asked = made.get("asked") or {"name": target, "own": self.own}
            self._asked, self._about = asked, self._find(asked["name"], asked["own"])
            self.asks = say.question(self._about)
        self.points: Points = [(float(x), float(y)) for x, y in made.get("points", [])]
        self.best: int | None = made.get("best")
        self._past_hands: list[Any] = []
        self._hand = ""
        slot = learners(settings.pop("slot", build))
        super().__init__(slot=slot, predict=predict, seed=seed, target=target, units=units,
                         activation=activation, **settings)  # fmt: skip

    # --- what is built ----------------------------------------------------------------------------

    @staticmethod
    def _find(name: str, own: list[float] | None) -> Target:
        return drawn(own or []) if name == DRAWN else named()[name]

    def _find_target(self, name: str) -> None:
        self._target = self._find(name, self.own)

    @property
    def target(self) -> Target:
        """The curve; the same object as long as it is not changed."""
        return self._target

    @property
    def look(self) -> int:
        """Which network is looked at; 0 is the hand's."""
        chosen = self.controls["look"].spec()["options"]
        return int(chosen.index(self.settings["look"]))

    def called(self, i: int) -> str:
        return YOURS if i == 0 else f"random start {i}"

    @property
    def net(self) -> Parameters:
        return self.now.net(self.look)

    @property
    def report(self) -> Report:
        return self.now.reports(self.target)[self.look]

    @property
    def width(self) -> int:
        return self.start.width

    @property
    def unit(self) -> int:
        """The neuron that is looked at."""
        return min(int(self.view.get("unit", 0)), self.width - 1)

    @property
    def badge(self) -> str:
        hinges = self.settings["activation"] == RELU
        return "running: your code" if self.accepted and hinges else "running: nnlearn"

    def built(self) -> Parameters:
        """The hand's network: hinges by the learner's function, if there is one."""
        knots, heights = arrays_of(self.points)
        s = self.settings
        if s["activation"] != RELU:
            return construct(knots, heights, s["activation"], s["steepness"])
        net, fault = as_network(self.slot(knots.copy(), heights.copy()))
        if net is None:
            self.verdict = Verdict(
                False, f"Your build, while the demo ran: {fault}", "while it ran"
            )
            return construct(knots, heights, RELU, s["steepness"])
        return net

    # --- the state --------------------------------------------------------------------------------

    @property
    def state(self) -> dict[str, Any]:
        state = super().state
        made = {"points": [list(p) for p in self.points], "own": self.own, "best": self.best,
                "asked": self._asked}  # fmt: skip
        return {**state, "settings": {**state["settings"], "made": made}}

    def begin(self) -> None:
        s = self.settings
        if not self.points:
            self.points = spread(self.target, points_for(s["units"], s["activation"]))
        s["units"] = units_for(len(self.points), s["activation"])
        self.start = self.built()
        self.now = Race(self.start, s["activation"], s["optimizer"], s["lr"], self.seed)
        self.now.note(self.target)
        if s["activation"] == RELU and self.now.reports(self.target)[0].within:
            self.best = min(self.best or self.width, self.width)

    def advance(self) -> None:
        self.now.train(self.target)

    def finished(self) -> bool:
        return self.t >= LONGEST or self.now.over

    def changed(self, names: set[str]) -> None:
        """Looks change nothing; another rate or optimizer begins again from the hand's network."""
        self.burst = self.settings["speed"]
        if names <= LOOKS:
            return
        if "target" in names:
            if self.settings["target"] == DRAWN and self.own is None:
                self.own = own_heights(self.target.at)
            self._find_target(self.settings["target"])
            self.best = None
        if names & {"target", "units"}:
            self.points = []
        self.restart()

    def do_set(self, **settings: Any) -> None:
        if set(settings) & {"target", "units", "activation", "steepness"}:
            self._remember("set " + " ".join(sorted(settings)))
        super().do_set(**settings)

    def reveal(self) -> None:
        """Show the guess: so many hinges, spread evenly on the curve that was asked about."""
        self.own = self._asked["own"] if self._asked["own"] else self.own
        units = int(np.clip(round(self.answered), 1, MOST))
        self.settings.update(target=self._asked["name"], activation=RELU, units=units)
        self.changed({"target", "units"})

    def outcome(self) -> int:
        return say.fewest(self._about)

    # --- what is shown ----------------------------------------------------------------------------

    @property
    def held(self) -> int:
        """The knee that was touched last."""
        return min(int(self.view.get("knee", 1)), len(self.points) - 1)

    def do_pick(self, unit: int, knee: int | None = None) -> None:
        """Look at another neuron, and at another knee."""
        self.view["unit"] = self._at(unit, self.width, "neuron")
        if knee is not None:
            self.view["knee"] = self._at(knee, len(self.points), "knee")

    def code(self) -> Listing:
        yours = self.badge.endswith("your code")
        return program(self.now, self.start, self.look, self.target, self.settings, self.seed,
                       yours)  # fmt: skip

    def scenery(self) -> Scenery:
        """The curve and the chart of widths: the same object as long as they are."""
        s = self.settings
        return ground_of(self.target, s["activation"], float(s["steepness"]))

    def values(self) -> Mapping[str, Any]:
        return frame_values(self)

    def arrays(self) -> Mapping[str, np.ndarray]:
        return frame_arrays(self)

    def sentence(self) -> str:
        return say.sentence(self)

    def table(self) -> list[dict[str, Any]]:
        return say.table_rows(self)

    def picture(self) -> Figure:
        from nnlearn.demos.builder_picture import draw

        return draw(self)
