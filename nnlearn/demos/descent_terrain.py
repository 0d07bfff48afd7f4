"""Descent terrain: optimizers walk down real losses; a path, a race, a map of rates.

Lessons: 05, 06.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos.controls import Choices, Control, DemoError, Range
from nnlearn.demos.descent_asks import STEPS, asked_for
from nnlearn.demos.descent_frames import frame_arrays, frame_values, ground_of
from nnlearn.demos.descent_lanes import Ghost, Lane, Plan, Trace, all_rules, entered, length, walk
from nnlearn.demos.descent_map import RateMap, grid_of
from nnlearn.demos.descent_steps import ALIKE, REFERENCES, SLOT, YOURS, BadStep, kind_of, rule_of
from nnlearn.demos.descent_surfaces import DAYS, MAKERS, Surface, surface_of
from nnlearn.demos.descent_words import map_words, race_words, table_rows, walk_words
from nnlearn.demos.engine import Scenery
from nnlearn.demos.predict import Curve
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Verdict, learners

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOKS = frozenset({"view", "axis", "speed"})  # these change no history
PATH, RACE, MAP = "path", "race", "map"
OWN_RATES = "each its own"
STARTS = ("start_1", "start_2")


class DescentTerrain(Demo):
    """Optimizers on a terrain: one path, a race from the same start, a map of rates.

    Parameters
    ----------
    optimizer : your function step(p, g, *memories, [t], lr, ...) -> p or (p, *memories), as
        gd_step(p, g, lr), adam_step(p, g, m, v, t, lr) or one that you invent; or the name of one
        of nnlearn's: "SGD", "Momentum", "RMSProp", "Adam"
    surface : "parabola", "valley", "weather" (a line for real data, with noisy batches) or
        "two valleys"; the valley for a path, the weather for a race or a map
    view : "path", "race" or "map"
    lr : the learning rate; without one, a rate that suits the optimizer here
    batch_size : examples in a batch, 1 to 366 (all); only the weather has examples
    predict : ask for a guess first
    seed : of the order in which examples come
    settings : momentum, run_for ("200 updates", "5 epochs" ...), rates ("each its own" or "one for
        all"), start_1, start_2, axis ("log", "linear"), speed (steps a frame)

    Example
    -------
    >>> demo = DescentTerrain(surface="parabola", lr=0.51, predict=False)
    >>> demo.run(200)
    >>> demo
    SGD diverged at step 59: the rate 0.51 is above 2/L = 0.5; rewind and lower it.
    """

    title = "Descent terrain"
    script = HERE / "descent_terrain.js"
    _css = Demo._css + (HERE / "descent_terrain.css").read_text(encoding="utf-8")
    controls: ClassVar[Mapping[str, Control]] = {
        "view": Choices("View", [PATH, RACE, MAP], PATH),
        "surface": Choices("Terrain", list(MAKERS), "valley"),
        "optimizer": Choices("Optimizer", [*REFERENCES, YOURS], "SGD"),
        "lr": Range("Learning rate", 1e-4, 10, 0.02, 0.1, log=True),
        "momentum": Range("Momentum", 0, 0.99, 0.01, 0.9),
        "batch_size": Range("Batch size", 1, DAYS, 1, DAYS, whole=True),
        "rates": Choices("Rates of all", [OWN_RATES, "one for all"], OWN_RATES),
        "run_for": Choices("Run for", ["50 updates", "200 updates", "1000 updates", "1 epoch",
                                       "5 epochs"], "200 updates"),
        "speed": Range("Steps a frame", 1, 20, 1, 1, whole=True),
        "axis": Choices("Loss axis", ["log", "linear"], "log"),
        "start_1": Range("Start, across", -20, 20, 0.01, 0),
        "start_2": Range("Start, up", -20, 20, 0.01, 0),
    }  # fmt: skip
    slot_spec = SLOT
    pace = 1 / 50

    def __init__(
        self,
        optimizer: Callable[..., Any] | str | None = None,
        *,
        surface: str | None = None,
        view: str = PATH,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        slot = learners(settings.pop("slot", None))
        if isinstance(optimizer, str):
            settings["optimizer"] = ALIKE.get(optimizer.lower(), optimizer)
        elif optimizer is not None:
            slot = learners(optimizer)
        settings.setdefault("optimizer", "SGD" if slot is None else YOURS)
        name = str(surface or ("valley" if view == PATH else "weather")).replace("_", " ")
        self._about = settings.pop("asked", [name, view])  # a shared line brings its question
        if name in MAKERS:
            its = surface_of(name)
            self._asked = asked_for(surface_of(self._about[0]), self._about[1])
            self.asks = self._asked.question
            kind = kind_of(slot) if settings["optimizer"] == YOURS else settings["optimizer"]
            shown = predict and isinstance(self.asks, Curve) and kind == "SGD"
            settings.setdefault("lr", its.asked if shown else its.rates.get(kind or "SGD", 0.1))
            for key, value in zip(STARTS, its.start, strict=False):
                settings.setdefault(key, value)
        self._map, self._filling = RateMap(), False
        self._ghost: Ghost | None = None
        self._went = 0  # the furthest step since the guess
        super().__init__(slot=slot, predict=predict, seed=seed, surface=name, view=view,
                         **settings)  # fmt: skip

    # --- what runs ------------------------------------------------------------------------------

    @property
    def surface(self) -> Surface:
        return surface_of(self.settings["surface"])

    @property
    def focus(self) -> str:
        """The optimizer that is looked at."""
        return str(self.settings["optimizer"])

    @property
    def lane(self) -> Lane:
        return self.now[self.focus]

    @property
    def shown_lanes(self) -> list[str]:
        """Whose walk the picture shows, the one that is looked at last, on top."""
        others = list(self.rules) if self.settings["view"] == RACE else []
        return [*(name for name in others if name != self.focus), self.focus]

    @property
    def start(self) -> np.ndarray:
        return np.array(self.plan.start)

    @property
    def kind(self) -> str:
        """Which of nnlearn's rules the optimizer follows that is looked at; empty if its own."""
        return kind_of(self._slot) if self.focus == YOURS else self.focus

    @property
    def badge(self) -> str:
        walks = YOURS in self.shown_lanes or (
            self.settings["view"] == MAP and not self.surface.examples
        )
        return "running: your code" if self.accepted and walks else "running: nnlearn"

    def label(self, name: str) -> str:
        """What an optimizer is called."""
        given = getattr(self._slot, "__name__", "optimizer")
        return name if name != YOURS else f"your {given.replace('<lambda>', 'optimizer')}"

    @property
    def ghost(self) -> Ghost | None:
        """The walk before this one, where one walk is looked at."""
        return None if self.settings["view"] == RACE else self._ghost

    @property
    def filling(self) -> bool:
        return self._filling and self._player.running

    def own_rate(self, name: str) -> float:
        """A rate that suits an optimizer on this terrain."""
        kind = kind_of(self._slot) if name == YOURS else name
        return self.surface.rates[kind or "SGD"]

    # --- the state ------------------------------------------------------------------------------

    @property
    def state(self) -> dict[str, Any]:
        state = super().state
        return {**state, "settings": {**state["settings"], "asked": self._about}}

    def begin(self) -> None:
        """All optimizers at the start; they all walk, whatever is looked at."""
        s, surface, self._filling = self.settings, self.surface, False
        self.rules = all_rules(rule_of(self._slot) if self.accepted and self._slot else None)
        if self.focus not in self.rules:
            s["optimizer"] = kind_of(self._slot) or "SGD"
        for key, (low, high) in zip(STARTS, surface.window, strict=False):
            s[key] = float(np.clip(s[key], low, high))  # the start stays in the picture
        start = tuple(s[key] for key, _ in zip(STARTS, surface.axes, strict=False))
        updates = length(s["run_for"], surface, s["batch_size"])
        self.plan = Plan(surface, start, s["batch_size"], s["momentum"], self.seed, updates)
        own = s["rates"] == OWN_RATES
        self.rates = {name: self.own_rate(name) if own and name != self.focus else s["lr"]
                       for name in self.rules}  # fmt: skip
        self.now = {name: entered(self.plan, rule) for name, rule in self.rules.items()}
        self.trace = Trace(self.plan, self.rules, self.focus,
                           f"{self.label(self.focus)}, rate {s['lr']:g}")  # fmt: skip
        self.trace.record(0, self.now)

    def advance(self) -> None:
        t = self.t + 1
        for name in list(self.rules):
            try:
                walk(self.plan, name, self.rules[name], self.now[name], t, self.rates[name])
            except BadStep as why:
                self._lose(f"{why}, at step {t}")
        self.trace.record(t, self.now)
        self._went = max(self._went, t if self.answered is not None else 0)

    def _lose(self, why: str) -> None:
        """The learner's step failed while it ran: say so and go on without it."""
        text = f"Your {self.label(YOURS).removeprefix('your ')} {why}."
        self.verdict = Verdict(False, text, "while the demo ran")
        self.rules = all_rules(None)
        self.trace.drop(YOURS)
        if self.focus == YOURS:
            self.settings["optimizer"] = kind_of(self._slot) or "SGD"
            self.settings["lr"] = self.rates[self.focus]

    def finished(self) -> bool:
        if self._filling:
            return self.map.full
        return self.t >= self.plan.updates or all(self.now[n].ended for n in self.shown_lanes)

    def changed(self, names: set[str]) -> None:
        """Looks change nothing; anything else begins anew, and the walk before stays as a ghost."""
        if self.focus == YOURS and YOURS not in self.rules:
            self.settings["optimizer"] = "SGD"
            raise DemoError("give your function when you make the demo: DescentTerrain(gd_step)")
        self.burst = self.settings["speed"]
        if names <= LOOKS:
            return
        if "surface" in names:
            fresh = dict(zip(STARTS, self.surface.start, strict=False))
            self.settings.update({k: v for k, v in fresh.items() if k not in names})
        if names & {"surface", "optimizer"} and "lr" not in names:
            self.settings["lr"] = self.own_rate(self.focus)
        if "surface" in names:
            self._ghost = None
        elif self.t:
            self._ghost = self.trace.ghost(self.t)
        self.restart()

    def reveal(self) -> None:
        """Set what the question was about; the walk that it showed stays as a ghost."""
        see = dict(self._asked.see)
        if see.get("optimizer") == kind_of(self._slot) and self.accepted:
            see["optimizer"] = YOURS  # the same rule, by the learner's own code
        self.settings.update(see)
        self.settings.update(zip(STARTS, self.surface.start, strict=False))
        if isinstance(self.asks, Curve):
            self.settings["lr"] = self.surface.asked
            self.restart()
            while not self.finished():
                self._advance()
            self._ghost = self.trace.ghost(self.t)
            self.settings.update(see)
        self._went = 0
        self.restart()

    def outcome(self) -> Any:
        """The curve that was asked for, once it has been run."""
        return self._asked.truth if self._went >= STEPS else None

    def do_start(self, x: float, y: float = 0.0) -> None:
        """Begin somewhere else."""
        self.settings.update(zip(STARTS, (float(f"{v:.4g}") for v in (x, y)), strict=True))
        self.changed(set(STARTS))

    def do_move_start(self, dx: float, dy: float = 0.0) -> None:
        """Move the start by fortieths of the picture."""
        by = [d * (high - low) / 40
              for d, (low, high) in zip((dx, dy), self.surface.window, strict=False)]  # fmt: skip
        self.do_start(*(float(p + d) for p, d in zip(self.start, by, strict=True)))

    # --- the map --------------------------------------------------------------------------------

    @property
    def map(self) -> RateMap:
        """The runs of the map, for the present settings."""
        self._map.look(grid_of(self.plan, self.focus, self.own_rate(self.focus),
                               self.settings["run_for"], tuple(self.rules)))  # fmt: skip
        return self._map

    def tick(self) -> None:
        if not self._filling:
            self._advance()
            return
        try:
            self.map.make_next(self.rules)
        except BadStep as why:
            self._lose(f"{why}, in the map")

    def do_fill(self) -> None:
        """Make the runs of the map, live, one cell after another."""
        self.stop()
        if self.map.full:
            raise DemoError("the map is full; change something that it depends on")
        self._filling = True
        self._player.start()

    def do_run(self) -> None:
        self._filling = False
        super().do_run()

    def stop(self) -> None:
        super().stop()
        self._filling = False

    def fill(self) -> None:
        """Make all runs of the map at once, without a browser."""
        with self._lock:
            self._open_gate("fill")
            self.stop()
            self._filling = True
            while not self.map.full:
                self.tick()
            self._filling = False
            self.push()

    def do_cell(self, cell: int) -> None:
        """Make the run of a cell again, on the terrain; live where there is an event loop."""
        grid = self.map.grid
        if grid is None or not 0 <= int(cell) < grid.size:
            raise DemoError(f"there is no cell {cell} in this map")
        self.do_set(**grid.settings(int(cell)))
        if self._player.loop is not None and not self.finished():
            self._player.start()

    # --- what is shown --------------------------------------------------------------------------

    def scenery(self) -> Scenery:
        """The ground: the same object as long as the terrain is."""
        return ground_of(self.settings["surface"])

    def values(self) -> Mapping[str, Any]:
        return frame_values(self)

    def arrays(self) -> Mapping[str, np.ndarray]:
        return frame_arrays(self)

    def sentence(self) -> str:
        if self.settings["view"] == MAP and self.t:
            return f"{map_words(self)} {walk_words(self)}"
        return {PATH: walk_words, RACE: race_words, MAP: map_words}[self.settings["view"]](self)

    def table(self) -> list[dict[str, Any]]:
        return table_rows(self)

    def picture(self) -> Figure:
        from nnlearn.demos.descent_picture import draw

        return draw(self)
