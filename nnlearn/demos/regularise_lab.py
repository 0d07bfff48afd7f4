"""Regularise lab: a network learns noisy points by heart; penalties, decay, dropout, stopping.

Lessons: 09.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from nnlearn.demos.controls import Choices, Control, Range
from nnlearn.demos.engine import Scenery
from nnlearn.demos.listing import Listing
from nnlearn.demos.regularise_asks import SURE, TURN
from nnlearn.demos.regularise_data import DATA, Points, points_of
from nnlearn.demos.regularise_frames import frame_arrays, frame_values, scene_of
from nnlearn.demos.regularise_network import (
    KINDS,
    NONE,
    SUGGESTED,
    Training,
    accuracy_of,
    loss_of,
    penalty,
)
from nnlearn.demos.regularise_program import program
from nnlearn.demos.regularise_slot import SLOT, dropout
from nnlearn.demos.regularise_trace import LIVE, Programme, Trace
from nnlearn.demos.regularise_views import MODES, TEST, agreement, calm, maps, tries
from nnlearn.demos.regularise_words import change_words, sentence, table_rows
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Verdict, learners, unfit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOKS = frozenset({"mode", "epochs", "patience", "speed"})  # these change no history
POINTS = ("data", "points", "noise", "wrong")


class RegulariseLab(Demo):
    """A network overfits a few noisy points, and what can be done about it, also on the way.

    Parameters
    ----------
    dropout : your function dropout(x, p, rng, training=True) -> (out, mask); the network then
        trains and predicts with it
    data : "moons", "circles" or "xor"
    points : training points, 10 to 200; 100 more validate and 500 more test
    predict : ask for a guess first
    seed : of points, first weights, order and coins
    settings : noise, wrong (share of wrong training labels), width (neurons of a hidden layer);
        penalty ("none", "L2 penalty", "L1 penalty", "decoupled decay"), lam, p (of dropout) and lr,
        which may change while it trains; mode ("test mode", "train mode (a mistake)", "50 thinned
        networks"), epochs, patience (0: never stop early), speed (epochs a frame)

    Example
    -------
    >>> demo = RegulariseLab(predict=False)
    >>> demo.run(100)
    >>> demo.set(penalty="decoupled decay")  # from here on
    >>> demo.run(200)
    >>> demo.programme.events
    [(100, {'penalty': 'decoupled decay', 'lam': 1.0})]
    """

    title = "Regularise lab"
    script = HERE / "regularise_lab.js"
    _css = Demo._css + (HERE / "regularise_lab.css").read_text(encoding="utf-8")
    controls: ClassVar[Mapping[str, Control]] = {
        "data": Choices("Data", DATA, "moons"),
        "points": Range("Training points", 10, 200, 2, 40, whole=True),
        "noise": Range("Noise", 0, 0.6, 0.05, 0.3),
        "wrong": Range("Wrong labels, share", 0, 0.4, 0.05, 0.1),
        "width": Range("Neurons a layer", 2, 64, 1, 32, whole=True),
        "penalty": Choices("On the weights", KINDS, NONE),
        "lam": Range("Strength λ", 1e-4, 10, 0.05, 0.01, log=True),
        "p": Range("Dropout p", 0, 0.9, 0.05, 0),
        "lr": Range("Learning rate", 1e-4, 1, 0.05, 0.01, log=True),
        "mode": Choices("Predict in", MODES, TEST),
        "epochs": Range("Epochs", 50, 1000, 50, 300, whole=True),
        "patience": Range("Patience (0: never stop)", 0, 100, 5, 0, whole=True),
        "speed": Range("Epochs a frame", 1, 10, 1, 1, whole=True),
    }
    slot_spec = SLOT
    asks = TURN
    pace = 1 / 50
    now: Training

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
        slot = learners(dropout if dropout is not None else settings.pop("slot", None))
        settings.pop("slot", None)
        self._given: Sequence[Any] = settings.pop("events", ())  # a shared line brings its changes
        self._turned: tuple[int, int] | None = None
        if its := settings.pop("turned", None):
            self._turned = (int(its[0]), int(its[1]))
        settings.setdefault("lam", SUGGESTED.get(settings.get("penalty", NONE), 0.01))
        self.ghost: Trace | None = None
        self.ghost_words, self.tries = "", 0
        self._seen: tuple[Any, dict[Any, Any]] = (None, {})
        super().__init__(slot=slot, predict=predict, seed=seed, data=data, points=points,
                         **settings)  # fmt: skip

    # --- what runs ------------------------------------------------------------------------------

    @property
    def points(self) -> Points:
        return points_of(*(self.settings[k] for k in POINTS), self.seed)

    @property
    def given(self) -> str:
        """What the learner's function is called."""
        name = str(getattr(self._slot, "__name__", "dropout"))
        return "dropout" if name == "<lambda>" else name

    @property
    def size(self) -> int:
        """How many weights and biases there are."""
        return sum(p.size for p in self.now.parameters())

    @property
    def best(self) -> int:
        """The epoch with the lowest validation loss so far."""
        return self.trace.lowest("validation", self.t)

    @property
    def stopped(self) -> bool:
        """Has patience run out?"""
        patience = self.settings["patience"]
        return bool(patience and self.t - self.best >= patience)

    @property
    def trained(self) -> dict[str, Any]:
        """The settings that the last step followed."""
        return self.programme.at(max(0, self.t - 1))

    def drop(
        self, x: np.ndarray, p: float, rng: np.random.Generator, training: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Dropout by the function in use; if the learner's gives something odd, by nnlearn's."""
        found = self.slot(x, p, rng, training)
        if self.accepted and (fault := misfit(found, x.shape)):
            text = f"Your {self.given} {fault}, at epoch {self.t}."
            self.verdict = Verdict(False, text, "while the demo ran")
            found = dropout(x, p, rng, training)
        out, mask = (np.asarray(part, np.float64) for part in found)
        return out, mask

    # --- the state ------------------------------------------------------------------------------

    @property
    def state(self) -> dict[str, Any]:
        state = super().state
        events = [[t, change] for t, change in self.programme.events if t <= self.t]
        kept = {**self.programme.base, "events": events, "turned": self._turned}
        return {**state, "settings": {**state["settings"], **kept}}

    def begin(self) -> None:
        self.programme = Programme({name: self.settings[name] for name in LIVE})
        for t, change in self._given:
            self.programme.events.append((int(t), self._accepted(change)))
        self._given = ()
        self.now = Training(self.settings["width"], self.seed, self.rng)
        self.trace = Trace()
        self._judge(0)

    def advance(self) -> None:
        if not self.now.lost:
            order = self.rng.permutation(len(self.points.X))
            first = float(self.trace.rows[0, 0])
            self.now.epoch(self.points, self.programme.at(self.t), order, self.drop, first)
        self._judge(self.t + 1)

    def _advance(self) -> None:
        if self.t < self._past.last:
            self._fork()
        super()._advance()
        self.settings.update(self.programme.at(self.t))
        self._notice()

    def _judge(self, t: int) -> None:
        """Write down what the network, in test mode, makes of the three sets."""
        row = {"penalty": 0.0, "seen": self.now.seen}
        extra = penalty(self.now.weights, self.programme.at(max(0, t - 1)))
        if extra is not None:
            row["penalty"] = float(extra.item())
        parts = self.points.parts
        logits = calm(self, np.concatenate([X for X, _ in parts.values()]))
        for name, (X, y) in parts.items():
            its, logits = logits[: len(X)], logits[len(X) :]
            row |= {name: loss_of(its, y), f"{name} accuracy": accuracy_of(its, y)}
        self.trace.record(t, row)

    def _fork(self) -> None:
        """Another way from here: what came after stays as a ghost and is forgotten otherwise."""
        self._haunt()
        self.trace.cut(self.t)
        self.programme.cut(self.t)

    def _haunt(self) -> None:
        """Keep the course so far as the ghost."""
        self.ghost = copy.deepcopy(self.trace)
        start, events = self.programme.base, self.programme.events
        said = [change_words({k: v for k, v in start.items() if k != "lam"
                              or start["penalty"] != NONE})]  # fmt: skip
        said += [f"from epoch {t} {change_words(change)}" for t, change in events[-2:]]
        self.ghost_words = "; ".join(said)

    def finished(self) -> bool:
        return bool(self.t >= self.settings["epochs"] or self.now.lost or self.stopped)

    def changed(self, names: set[str]) -> None:
        """Looks change nothing; how it trains may change on the way; anything else begins anew."""
        s = self.settings
        self.burst = s["speed"]
        if "penalty" in names and "lam" not in names:
            s["lam"] = SUGGESTED.get(s["penalty"], s["lam"])
        if names - LOOKS - set(LIVE):
            self._again(comparable=not names & set(POINTS))
        elif names & set(LIVE):
            if self.t < self._past.last:
                self._fork()
            self.programme.change(self.t, s)
            self.keep()

    def _again(self, comparable: bool = True) -> None:
        if self.trace.last and comparable:
            self._haunt()
        elif not comparable:
            self.ghost, self.ghost_words = None, ""
        self.restart()

    def do_again(self) -> None:
        """From the start, under the settings that hold now; the course so far stays as a ghost."""
        self._again()

    def do_reseed(self) -> None:
        """Other points, other first weights, other coins."""
        self.seed += 1
        self._again(comparable=False)

    def do_best(self) -> None:
        """Back to the epoch with the lowest validation loss."""
        self.do_goto(self.best)

    def do_retry(self) -> None:
        """Toss the coins of the view again."""
        self.tries += 1

    def do_goto(self, t: int) -> None:
        super().do_goto(t)
        self.settings.update(self.programme.at(self.t))

    # --- the question ---------------------------------------------------------------------------

    def _notice(self) -> None:
        """The turn, once it is sure, of the first run that nothing was changed in."""
        if self._turned or self.answered is None or self.programme.events:
            return
        turn = self.trace.lowest("test", self.t)
        if self.t >= self.settings["epochs"] or self.t - turn >= SURE:
            self._turned = turn, self.settings["epochs"]

    def outcome(self) -> Any:
        return self._turned

    # --- what is shown --------------------------------------------------------------------------

    def _looked(self, what: Callable[[Any], Any]) -> Any:
        """What a function of this demo finds in this picture, computed once."""
        key = (self.now, self.t, self.tries, self.settings["mode"], self.settings["p"], self.badge)
        if self._seen[0] != key:
            self._seen = key, {}
        if what not in self._seen[1]:
            self._seen[1][what] = what(self)
        return self._seen[1][what]

    @property
    def maps(self) -> dict[str, np.ndarray]:
        """The map in the way of predicting that is chosen."""
        return cast("dict[str, np.ndarray]", self._looked(maps))

    @property
    def agreement(self) -> float:
        """The share of the map where the thinned networks' mean and test mode decide alike."""
        return agreement(self.maps)

    @property
    def shaken(self) -> dict[str, float]:
        """Test accuracy with dropout left on."""
        return cast("dict[str, float]", self._looked(tries))

    def scenery(self) -> Scenery:
        return scene_of(*(self.settings[k] for k in POINTS), self.seed)

    def values(self) -> Mapping[str, Any]:
        return frame_values(self)

    def arrays(self) -> Mapping[str, np.ndarray]:
        return frame_arrays(self)

    def sentence(self) -> str:
        return sentence(self)

    def table(self) -> list[dict[str, Any]]:
        return table_rows(self)

    def code(self) -> Listing:
        return program(self)

    def picture(self) -> Figure:
        from nnlearn.demos.regularise_picture import draw

        return draw(self)


def misfit(found: Any, shape: tuple[int, ...]) -> str:
    """What is wrong with a dropout's result while it runs; empty if nothing."""
    if not isinstance(found, tuple) or len(found) != 2:
        return "did not return two things, out and mask"
    for name, part in zip(("out", "mask"), found, strict=True):
        if fault := unfit(part, shape):
            return f"gave an odd {name}: {fault.rstrip('.')}"
    return ""
