"""What a hand does in the function builder: moves knees, adds and takes neurons, draws, undoes.

Lessons: 08.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlearn.demos.builder_networks import GRID, MOST, NARROWEST, Points, units_for
from nnlearn.demos.builder_targets import DRAWN, HIGH, HIGHEST, LOW, own_heights, stroke
from nnlearn.demos.builder_words import FULL
from nnlearn.demos.controls import DemoError
from nnlearn.demos.engine import Engine
from nnlearn.demos.strokes import places_of

UNDO = 200
KEY = 0.05  # how far a key moves a knee


class Hands(Engine):
    """The actions of the hand. Each one begins a new run, from the network as it then is.

    The same `name` again belongs to the same movement, which one undo takes back.
    """

    points: Points
    own: list[float] | None
    target: Any
    report: Any
    now: Any
    _past_hands: list[Any]
    _hand: str
    best: int | None

    def _remember(self, name: str) -> None:
        """Keep what the hand holds, once for each movement."""
        if not name or name != self._hand:
            kept = {k: self.settings[k] for k in ("target", "activation", "units", "steepness")}
            self._past_hands = [*self._past_hands[-UNDO:], (list(self.points), self.own, kept)]
        self._hand = name

    def do_undo(self) -> None:
        """Take the last movement back."""
        if self._past_hands:
            self.points, own, kept = self._past_hands.pop()
            self.settings.update(kept)
            self._hand = ""
            self._take_curve(own)
            self.restart()

    def _take_curve(self, own: list[float] | None) -> None:
        """The curve of the settings; if it is another than before, the record begins anew."""
        before, self.own = self.target, own
        self._find_target(self.settings["target"])
        if self.target is not before:
            self.best = None

    def _find_target(self, name: str) -> None:
        raise NotImplementedError

    # --- knees ------------------------------------------------------------------------------------

    def do_knee(self, i: int, x: float, y: float, name: str = "") -> None:
        """Put knee i at (x, y); it stays between its neighbours, the two ends keep their x."""
        i = self._at(i, len(self.points), "knee")
        self._remember(name)
        low = self.points[i - 1][0] + NARROWEST if i else LOW
        last = i == len(self.points) - 1
        high = HIGH if last else self.points[i + 1][0] - NARROWEST
        x = (HIGH if last else LOW) if i == 0 or last else float(np.clip(x, low, high))
        height = float(np.clip(y, -HIGHEST, HIGHEST))
        self.points = [*self.points[:i], (round(x, 4), round(height, 4)), *self.points[i + 1 :]]
        self.view.update(unit=i, knee=i)
        self.restart()

    def do_move_knee(self, i: int, dx: float = 0.0, dy: float = 0.0) -> None:
        """Move knee i by keys: 0.05 each."""
        x, y = self.points[self._at(i, len(self.points), "knee")]
        self.do_knee(i, x + KEY * dx, y + KEY * dy, f"key {i}")

    def do_add(self, x: float | None = None, y: float | None = None) -> None:
        """Add a neuron; without a place, where the error is worst, and so that the sum stays."""
        if units_for(len(self.points) + 1, self.settings["activation"]) > MOST:
            raise DemoError(FULL)
        self.settings["look"] = self.controls["look"].spec()["options"][0]
        knots, heights = np.array(self.points).T
        if x is None:
            x = self._free_place(knots)
        x = round(float(np.clip(x, LOW, HIGH)), 4)
        if np.abs(knots - x).min() < NARROWEST - 1e-9:
            raise DemoError(f"a knee stands at x = {x:g} already; drag it, or choose another place")
        y = float(np.interp(x, knots, heights)) if y is None else float(y)
        self._remember("")
        i = int(np.searchsorted(knots, x))
        new = (x, round(float(np.clip(y, -HIGHEST, HIGHEST)), 6))
        self.points = [*self.points[:i], new, *self.points[i:]]
        self.view.update(unit=i, knee=i)
        self.restart()

    def _free_place(self, knots: np.ndarray) -> float:
        """Where the hand's network is worst, away from the knees that are there."""
        says = self.now.reports(self.target)[0].says
        inside = (np.abs(GRID[:, None] - knots).min(axis=1) >= 2 * NARROWEST) & (
            np.abs(GRID) < HIGH
        )
        error = np.where(inside, np.abs(says - self.target.at(GRID)), -1)
        return float(GRID[error.argmax()])

    def do_remove(self, i: int) -> None:
        """Take away the knee i; its neighbours are joined. The two ends stay."""
        i = self._at(i, len(self.points), "knee")
        if i in (0, len(self.points) - 1):
            raise DemoError("the two ends of the range stay; take away a knee between them")
        self._remember("")
        self.points = [*self.points[:i], *self.points[i + 1 :]]
        self.view.update(unit=max(0, i - 1), knee=i - 1)
        self.restart()

    def do_on_curve(self) -> None:
        """Lift or lower every knee onto the curve, where it stands."""
        self._remember("")
        x = np.array(self.points)[:, 0]
        self.points = list(zip(x.tolist(), self.target.at(x).round(6).tolist(), strict=True))
        self.restart()

    # --- the curve --------------------------------------------------------------------------------

    def do_draw(self, name: str, places: Any) -> None:
        """A stroke of the curve's pen; the same name again replaces what that stroke did."""
        at = places_of(places)
        if name != self._hand or self.settings["target"] != DRAWN:
            self._remember(name)
            self._drawn_on = own_heights(self.target.at)
        self.settings["target"] = DRAWN
        self._take_curve(stroke(self._drawn_on, at))
        self.restart()

    def _at(self, i: int, count: int, what: str) -> int:
        if not 0 <= int(i) < count:
            raise DemoError(f"there is no {what} {i}; 0 to {count - 1} are there")
        return int(i)
