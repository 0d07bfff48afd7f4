"""Activation bench: a function and its slope, the slopes through depth, and a network that uses it.

Lessons: 03.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos.activation_depth import DEEPEST, FURTHEST, SMALL, Signals, through_depth
from nnlearn.demos.activation_functions import OWN, REFERENCES, YOURS, known, lifted, slot_for
from nnlearn.demos.activation_picture import bench_picture
from nnlearn.demos.activation_training import DATA, STEPS, Training, points
from nnlearn.demos.activation_words import ASK, power, table_rows
from nnlearn.demos.controls import Choices, Control, DemoError, Range
from nnlearn.demos.numerals import shown
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import learners

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Z = np.arange(-120, 121) / 20  # the z axis of the bench; holds 0 itself
GRID = 48  # the decision map, points a side
GUESSING = math.log(2)  # the loss of a network that knows nothing of two classes


class ActivationBench(Demo):
    """An activation under test: value and slope, real digits through depth, a network in training.

    Parameters
    ----------
    activation : your function activation(z) -> (y, slope), or None
    name : what it is held against ("silu" if you give a function; "own" for one of your
        invention); without a function, the one to begin with
    depth : layers the digits go through, 1 to 30
    scale : the random weights of those layers are normal draws times scale / sqrt(fan_in)
    predict : ask for a guess first
    seed : of all chance

    Example
    -------
    >>> bench = ActivationBench(name="tanh", predict=False)
    >>> bench.act("probe", z=0)
    >>> bench
    At z = 0 tanh gives 0, with slope 1. Through 10 layers the slopes multiply to 0.31.
    """

    title = "Activation bench"
    script = HERE / "activation_bench.js"
    _css = Demo._css + (HERE / "activation_bench.css").read_text(encoding="utf-8")
    controls: ClassVar[Mapping[str, Control]] = {
        "function": Choices("Activation", [*REFERENCES, YOURS], "sigmoid"),
        "name": Choices("Held against", [*REFERENCES, OWN], "SiLU"),
        "probe": Range("z", float(Z[0]), float(Z[-1]), 0.1, 1.0),
        "depth": Range("Layers", 1, DEEPEST, 1, 10, whole=True),
        "scale": Range("Scale", 0.1, 4, 0.1, 1.0),
        "points": Choices("Points", list(DATA), "moons"),
    }
    asks = ASK
    free = frozenset({"probe", "move_probe"})
    pace = 1 / 30
    burst = 4

    def __init__(
        self,
        activation: Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        depth: int = 10,
        scale: float = 1.0,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        slot = learners(settings.pop("slot", activation))
        held = "SiLU" if name is None else known(name)
        begins = "sigmoid" if name is None or held == OWN else held
        settings.setdefault("function", begins if slot is None else YOURS)
        self.slot_spec = slot_for(held)
        self._lifted = lifted(self.fn)
        self._measured: tuple[Any, Signals] | None = None
        super().__init__(
            slot=slot, predict=predict, seed=seed, name=held, depth=depth, scale=scale, **settings
        )

    # --- the function under test ----------------------------------------------------------------

    def fn(self, z: np.ndarray) -> tuple[Any, Any]:
        """The value and the slope at z, by the function in use."""
        if self.settings["function"] == YOURS:
            return self.slot(z)
        return REFERENCES[self.settings["function"]](z)

    @property
    def mine(self) -> bool:
        """Does the learner's own code compute the pictures now?"""
        return self.accepted and self.settings["function"] == YOURS

    @property
    def badge(self) -> str:
        return "running: your code" if self.mine else "running: nnlearn"

    @property
    def label(self) -> str:
        """What the function in use is called."""
        name = self.settings["function"]
        if name != YOURS:
            return str(name)
        held = self.settings["name"]
        if self.mine:
            return "your function" if held == OWN else f"your {held}"
        return "ReLU" if held == OWN else str(held)

    def _judge_slot(self, fn: Callable[..., Any]) -> None:
        with np.errstate(all="ignore"):
            super()._judge_slot(fn)

    def at(self, z: float) -> tuple[float, float]:
        """The value and the slope at one z."""
        with np.errstate(all="ignore"):
            y, slope = self.fn(np.array([z]))
        return float(np.asarray(y)[0]), float(np.asarray(slope)[0])

    def curves(self) -> np.ndarray:
        """Value and slope along the z axis, shape (2, 241)."""
        with np.errstate(all="ignore"):
            return np.array(self.fn(Z), np.float64)

    # --- the state ------------------------------------------------------------------------------

    def begin(self) -> None:
        if self.settings["function"] == YOURS and self._slot is None:
            held = self.settings["name"]
            self.settings["function"] = "ReLU" if held == OWN else held
        self.X, self.y = points(self.settings["points"], self.seed)
        self.now = Training(self.rng)

    def advance(self) -> None:
        self.now.step(self._lifted, self.X, self.y)

    def finished(self) -> bool:
        return self.t >= STEPS or bool(self.now.lost)

    def changed(self, names: set[str]) -> None:
        """Another function or other points begin anew; depth and scale are looked at only."""
        if "function" in names and self.settings["function"] == YOURS and self._slot is None:
            self.settings["function"] = "sigmoid"
            raise DemoError("give your function when you make the bench: ActivationBench(silu)")
        if "name" in names:
            self.slot_spec = slot_for(self.settings["name"])
            if self._slot is not None:
                self._judge_slot(self._slot)
        if names & {"function", "name", "points"}:
            self.restart()

    def do_probe(self, z: float) -> None:
        """Look at another z; changes nothing else."""
        self.settings["probe"] = round(float(np.clip(z, Z[0], Z[-1])), 3)

    def do_move_probe(self, by: float) -> None:
        """Move the probe along the axis."""
        self.do_probe(self.settings["probe"] + by)

    # --- what is measured -----------------------------------------------------------------------

    def signals(self) -> Signals:
        """The digits through the layers, with the function in use; measured once a setting."""
        key = (self.label, self.settings["depth"], self.settings["scale"])
        if self._measured is None or self._measured[0] != key:
            self._measured = key, through_depth(self.fn, *key[1:], self.seed)
        return self._measured[1]

    def judged(self) -> tuple[float, int]:
        """The loss of the network now, and how many points are right."""
        return self.now.judged(self._lifted, self.X, self.y)

    def window(self) -> tuple[float, float, float]:
        """The lower left corner of the map and its side."""
        middle = (self.X.max(axis=0) + self.X.min(axis=0)) / 2
        side = float(np.ptp(self.X, axis=0).max()) * 1.1
        return float(middle[0] - side / 2), float(middle[1] - side / 2), side

    def decisions(self) -> np.ndarray:
        """How sure the network is of class 1, on a grid from the top left, (48, 48), 0 to 1."""
        x, y, side = self.window()
        line = (np.arange(GRID) + 0.5) / GRID * side
        x1, x2 = np.meshgrid(x + line, (y + line)[::-1])
        z = self.now.logits(self._lifted, np.stack([x1, x2], -1).reshape(-1, 2).astype(np.float32))
        with np.errstate(all="ignore"):
            return (0.5 + 0.5 * np.tanh(z / 2)).reshape(GRID, GRID)

    @property
    def answer_known(self) -> bool:
        """Until the guess is made, the products stay hidden."""
        return not self.predict or self.answered is not None

    # --- what is shown --------------------------------------------------------------------------

    def values(self) -> Mapping[str, Any]:
        (value, slope), s = self.at(self.settings["probe"]), self.signals()
        slopes, known_products = self.curves()[1], self.answer_known
        compare = sigmoids(self.settings["scale"], self.seed)[: self.settings["depth"]]
        loss, right = self.judged()
        low, high, tick = s.limits
        steepest = float(np.nanmax(slopes)) if np.isfinite(slopes).any() else 0.0
        peak = Z[slopes > steepest - 1e-9]
        return {
            "label": self.label, "value": value, "slope": slope, "own": self._slot is not None,
            "reference": self.settings["name"] if self._thin() is not None else "",
            "steepest": steepest, "steepest_at": float(peak[0]) if len(peak) == 1 else None,
            "layers": [[x.dead, x.saturated] for x in s.layers], "lost_layer": s.lost,
            "spreads": [x.spread for x in s.layers],
            "products": [x.product for x in s.layers] if known_products else None,
            "sigmoid": compare if known_products else None,
            "low": low, "high": high, "tick": tick, "small": SMALL, "furthest": FURTHEST,
            "loss": loss, "right": right, "lost": self.now.lost, "moved": self.now.moved(),
            "window": self.window(), "steps": STEPS,
        }  # fmt: skip

    def _thin(self) -> np.ndarray | None:
        """nnlearn's function of the same name, to be drawn beside the learner's."""
        if self.mine and self.settings["name"] != OWN:
            return np.array(REFERENCES[self.settings["name"]](Z))
        return None

    def arrays(self) -> Mapping[str, np.ndarray]:
        thin = self._thin()
        loss = self.judged()[0]
        return {
            "z": Z.astype(np.float32), "curves": self.curves().astype(np.float32),
            "thin": np.empty((0, 0), np.float32) if thin is None else thin.astype(np.float32),
            "histograms": self.signals().histograms.astype(np.float32),
            "map": self.decisions().astype(np.float32), "X": self.X.astype(np.float32),
            "y": self.y.astype(np.uint8),
            "losses": np.append(self.now.losses[: self.t], loss).astype(np.float32),
        }  # fmt: skip

    def sentence(self) -> str:
        z, (value, slope) = self.settings["probe"], self.at(self.settings["probe"])
        said = [f"At z = {shown(z)} {self.label} gives {shown(value)}, with slope {shown(slope)}."]
        signals = self.signals()
        if signals.lost:
            said.append(f"In layer {signals.lost} the numbers grow too large to hold: infinity.")
        elif self.answer_known:
            n = self.settings["depth"]
            many = f"Through {n} layers the slopes multiply to" if n > 1 else "One layer has slope"
            said.append(f"{many} {power(signals.product)}.")
        if self.t:
            said.append(self._training_words())
        return " ".join(said)

    def _training_words(self) -> str:
        loss, right = self.judged()
        if self.now.lost:
            return (
                f"Step {self.t}: the loss is no longer a number. Training diverged; "
                "the last good network is shown."
            )
        far = f", far above the {GUESSING:.2f} of guessing" if loss > 2 else ""
        return f"Step {self.t}: loss {shown(loss)}{far}, {right} of {len(self.y)} points right."

    def table(self) -> list[dict[str, Any]]:
        return table_rows(self)

    def picture(self) -> Figure:
        return bench_picture(self)


@cache
def sigmoids(scale: float, seed: int) -> list[float]:
    """The products of slopes of sigmoid layers: the thin line that others are held against."""
    return [x.product for x in through_depth(REFERENCES["sigmoid"], DEEPEST, scale, seed).layers]
