"""Loss sculptor: the same points under two losses, who pulls how hard, where each comes to rest.

Lessons: 04.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos import loss_rules, loss_words
from nnlearn.demos.controls import Choices, Control, DemoError, Range
from nnlearn.demos.loss_points import Points
from nnlearn.demos.loss_rules import FAR, LINES, SCORES, YOURS, Graded, Side, look, nice
from nnlearn.demos.loss_slot import SLOT, as_loss, takes_two
from nnlearn.demos.loss_tasks import ASK, BOLD, NUMBERS, YES_NO, chosen_points
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Verdict, learners
from nnlearn.ops.squashing import sigmoid

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class LossSculptor(Demo):
    """Ten points and a line, or eight scores with yes and no, under two losses side by side.

    Drag a point, a score or an end of the line: it moves on both sides. Run lets each side go
    downhill on its own loss.

    Parameters
    ----------
    loss : your loss(y_hat, y, delta) -> (loss, gradient), Huber's; or any loss(y_hat, y) ->
        (loss, gradient) that you invent; the gradient is with respect to y_hat
    x, y : your own points for the line, 3 to 30 numbers each
    scores : your own (z, labels), labels 0 and 1, 3 to 12 of each
    predict, seed : as in every demo; this one has no chance in it
    settings : task ("numbers" or "yes or no"), left, right ("MSE", "MAE", "Huber", "yours"),
        left_score, right_score ("binary cross-entropy", "squared error", "yours"), delta

    Example
    -------
    >>> demo = LossSculptor(predict=False)
    >>> demo.act("slip")
    >>> demo.run(240)
    >>> demo
    At rest. Without point 10, MSE's line misses by 0.334 on average, MAE's by 0.115.
    """

    title = "Loss sculptor"
    script = HERE / "loss_sculptor.js"
    _css = Demo._css + (HERE / "loss_sculptor.css").read_text(encoding="utf-8")
    controls: ClassVar[Mapping[str, Control]] = {
        "task": Choices("Task", [NUMBERS, YES_NO], NUMBERS),
        "left": Choices("Left loss", LINES, "MSE"),
        "right": Choices("Right loss", LINES, "MAE"),
        "left_score": Choices("Left loss", SCORES, SCORES[0]),
        "right_score": Choices("Right loss", SCORES, SCORES[1]),
        "delta": Range("Huber's delta", 0.05, 5, 0.05, 0.3),
    }
    asks = ASK
    slot_spec = SLOT
    free = frozenset({"pick"})

    def __init__(
        self,
        loss: Callable[..., Any] | None = None,
        *,
        x: Any = None,
        y: Any = None,
        scores: Any = None,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        self.points = chosen_points(x, y, scores)
        self._own = any(given is not None for given in (x, scores))
        self._given = set(settings)
        self._fresh()
        slot = learners(settings.pop("slot", loss))
        super().__init__(slot=slot, predict=predict, seed=seed, **settings)

    def _fresh(self) -> None:
        self._starts = {NUMBERS: self.points.lines(), YES_NO: self.points.yes_no()}

    # --- the learner's loss ---------------------------------------------------------------------

    def _judge_slot(self, fn: Callable[..., Any]) -> None:
        super()._judge_slot(fn)
        if "right" not in self._given:
            self.settings["right"] = YOURS if self.accepted else "Huber"

    @property
    def badge(self) -> str:
        """Your code runs where a side shows it."""
        mine = self.accepted and YOURS in self.names
        return "running: your code" if mine else "running: nnlearn"

    @property
    def names(self) -> tuple[str, str]:
        """The two losses of the task."""
        tail = "" if self.settings["task"] == NUMBERS else "_score"
        return self.settings["left" + tail], self.settings["right" + tail]

    def _yours(self, y_hat: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        """The learner's loss; what is not a loss at all is refused, and nnlearn's goes on."""
        args = (y_hat.copy(), y.copy(), float(self.settings["delta"]))
        two = self._slot is not None and takes_two(self._slot)
        result, fault = as_loss(self.slot(*args[: 2 if two else 3]), y_hat.shape)
        if fault:
            self.verdict = Verdict(False, f"Your loss, while the demo ran: {fault}", "while it ran")
        return result or SLOT.reference(y_hat, y, args[2])

    def loss(self, side: int) -> Graded:
        """The loss of a side, of predictions or of scores."""
        name, delta = self.names[side], float(self.settings["delta"])
        if name != YOURS:
            return loss_rules.built_in(name, delta)
        return (
            self._yours if self.settings["task"] == NUMBERS else loss_rules.on_scores(self._yours)
        )

    # --- the state ------------------------------------------------------------------------------

    def begin(self) -> None:
        for name in ("left", "right", "left_score", "right_score"):
            if self.settings[name] == YOURS and not self.accepted:
                self.settings[name] = "squared error" if "_" in name else "Huber"
        self.now = copy.deepcopy(self._starts[self.settings["task"]])
        self.now.update(past=[None, None], rest=[False, False])
        self._looked: tuple[Any, list[Side]] | None = None
        self.view.setdefault("held", self._first_held())

    def _first_held(self) -> int:
        """The point to look at first: the last one, or the surest wrong score."""
        if self.numbers:
            return len(self.points.x) - 1
        return int((self.guesses(0) * (1 - 2 * self.wanted)).argmax())

    @property
    def numbers(self) -> bool:
        return bool(self.settings["task"] == NUMBERS)

    @property
    def wanted(self) -> np.ndarray:
        """The right answers of the task: targets, or labels."""
        return np.array(self.now["y"]) if self.numbers else self.points.labels

    def guesses(self, side: int) -> np.ndarray:
        """What a side says: predictions of its line, or scores."""
        if self.numbers:
            return self.points.rail.at(np.array(self.now["lines"][side]))
        return np.array(self.now["z"][side])

    @property
    def sides(self) -> list[Side]:
        """Both losses on all points."""
        key = copy.deepcopy((self.now, self.settings, self.accepted))
        if self._looked is None or self._looked[0] != key:
            both = [look(self.loss(i), self.guesses(i), self.wanted) for i in (0, 1)]
            self._looked = key, both
        return self._looked[1]

    @property
    def held(self) -> int:
        return min(int(self.view.get("held", 0)), len(self.wanted) - 1)

    def right(self, side: int) -> int:
        """How many scores are on their right side."""
        return int(((self.guesses(side) >= 0) == (self.wanted == 1)).sum())

    # --- what changes it ------------------------------------------------------------------------

    def advance(self) -> None:
        """Each side takes a small step downhill on its own loss."""
        for i, side in enumerate(self.sides):
            if not side.finite:
                self.now["rest"][i] = True
            elif self.numbers:
                self._move_line(i, side.gradient)
            else:
                self.now["z"][i] = loss_rules.score_step(self.guesses(i), side.pull).tolist()

    def _move_line(self, i: int, gradient: np.ndarray) -> None:
        low, high = self.points.window
        ends, past, rest = self.points.rail.step(
            np.array(self.now["lines"][i]), gradient, self.now["past"][i],
            longest=0.04 * (high - low) * loss_rules.FADE**self.t,
        )  # fmt: skip
        self.now["lines"][i] = ends.tolist()
        self.now["past"][i], self.now["rest"][i] = past, rest

    def finished(self) -> bool:
        most = loss_rules.LINE_STEPS if self.numbers else loss_rules.SCORE_STEPS
        return all(self.now["rest"]) or self.t >= most

    def changed(self, names: set[str]) -> None:
        """Another loss or task: both sides stand where this run began."""
        missing = not self.accepted and YOURS in [self.settings[name] for name in names]
        if "task" in names:
            self.view.pop("held", None)
        self.restart()  # which puts nnlearn's in place of what is missing
        if missing:
            raise DemoError("give your loss when you make the demo: LossSculptor(loss=your_loss)")

    def reveal(self) -> None:
        """Squared and absolute error, and the last point slips."""
        self.settings.update(task=NUMBERS, left="MSE", right="MAE")
        self.view["held"] = len(self.points.x) - 1
        self.restart()
        self.do_slip()

    def _hand(self, **new: Any) -> None:
        """A hand on something: from here a new run begins."""
        here = {k: v for k, v in self.now.items() if k not in ("past", "rest")}
        self._starts[self.settings["task"]] = copy.deepcopy({**here, **new})
        self.restart()

    def do_pick(self, i: int) -> None:
        """Look at another point."""
        self.view["held"] = self._point(i)

    def do_target(self, i: int, value: float) -> None:
        """Give point i another target."""
        self._need(NUMBERS)
        y = list(self.now["y"])
        y[self._point(i)] = self.points.height(value)
        self.view["held"] = int(i)
        self._hand(y=y)

    def do_move_target(self, i: int, by: float) -> None:
        """Add `by` steps (0.1 for widths in cm) to the target of point i."""
        self._need(NUMBERS)
        self.do_target(i, self.now["y"][self._point(i)] + by * self.points.unit)

    def do_end(self, end: int, value: float) -> None:
        """Put one end of the line (0: left, 1: right) at a height, on both sides."""
        self._need(NUMBERS)
        lines = copy.deepcopy(self.now["lines"])
        for line in lines:
            line[int(end)] = self.points.height(value)
        self._hand(lines=lines)

    def do_move_end(self, side: int, end: int, by: float) -> None:
        """Add `by` steps to the height of one end, seen from one side's line."""
        self._need(NUMBERS)
        self.do_end(end, self.now["lines"][int(side)][int(end)] + by * self.points.unit)

    def do_score(self, i: int, value: float) -> None:
        """Give point i another score, on both sides."""
        self._need(YES_NO)
        z = copy.deepcopy(self.now["z"])
        for side in z:
            side[self._point(i)] = float(np.clip(round(float(value), 2), -FAR, FAR))
        self.view["held"] = int(i)
        self._hand(z=z, was=None)

    def do_move_score(self, side: int, i: int, by: float) -> None:
        """Add `by` tenths to the score of point i, seen from one side."""
        self._need(YES_NO)
        self.do_score(i, self.now["z"][int(side)][self._point(i)] + by / 10)

    def do_slip(self) -> None:
        """The last point's target slips far below the line."""
        self.do_target(len(self.points.x) - 1, self.points.slipped)

    def do_as_measured(self) -> None:
        """All as it began."""
        self._fresh()
        self.restart()

    def do_scores(self, bold: bool) -> None:
        """The first scores, or three times as sure: the same answers."""
        self._need(YES_NO)
        first = self.points.yes_no()
        self._hand(**self.points.yes_no(BOLD) | {"was": first["z"][0]} if bold else first)

    def _need(self, task: str) -> None:
        if self.settings["task"] != task:
            raise DemoError(f'this belongs to the task "{task}": demo.set(task="{task}")')

    def _point(self, i: int) -> int:
        if not 0 <= int(i) < len(self.wanted):
            raise DemoError(f"point {i} is not there; 0 to {len(self.wanted) - 1} are")
        return int(i)

    # --- what is shown --------------------------------------------------------------------------

    def values(self) -> Mapping[str, Any]:
        sides = [
            {"name": loss_words.called(name), "total": side.total, "finite": side.finite,
             "pull_limit": nice(side.pull), "loss_limit": nice(side.each),
             "right": None if self.numbers else self.right(i)}
            for i, (name, side) in enumerate(self._named)
        ]  # fmt: skip
        return {
            "sides": sides, "held": self.held, "window": [self.points.ends, self.points.window],
            "unit": self.points.unit, "lines": self.now.get("lines"), "yours": self.accepted,
            "far": FAR, "irises": not self._own, "numbers": self.numbers,
        }  # fmt: skip

    def arrays(self) -> Mapping[str, np.ndarray]:
        guesses = np.stack([self.guesses(0), self.guesses(1)])
        return {"y": self.wanted, "x": self.points.x,
                "guess": guesses, "p": sigmoid(guesses),
                "each": np.stack([side.each for side in self.sides]),
                "pull": np.stack([side.pull for side in self.sides])}  # fmt: skip

    def sentence(self) -> str:
        named, z = self._named, np.stack([self.guesses(0), self.guesses(1)])
        if problem := loss_words.no_number(named):
            return problem
        if not self.numbers:
            if self.now["was"] and self.t == 0:
                was = [look(self.loss(i), np.array(self.now["was"]), self.wanted) for i in (0, 1)]
                return loss_words.same_answers(named, was, self.right(0), len(z[0]))
            return loss_words.scores_now(named, z, self.wanted)
        if self.t and self.finished():
            return loss_words.lines_at_rest(named, np.abs(z - self.wanted))
        return loss_words.who_pulls(named)

    @property
    def _named(self) -> list[tuple[str, Side]]:
        return list(zip(self.names, self.sides, strict=True))

    def table(self) -> list[dict[str, Any]]:
        says = self.arrays()["guess" if self.numbers else "p"]
        return loss_words.rows(self._named, self.wanted, says)

    def picture(self) -> Figure:
        from nnlearn.demos.loss_picture import draw

        lines = self.now["lines"] if self.numbers else None
        return draw(self._named, self.points, self.arrays(), lines, self.sentence())

    def save(self) -> dict[str, Any]:
        return {"now": self.now, "starts": self._starts, "held": self.held,
                "points": self.points.to_json(), "own": self._own}  # fmt: skip

    def load(self, saved: Mapping[str, Any]) -> None:
        self.points, self._own = Points.from_json(saved["points"]), saved["own"]
        self._starts = copy.deepcopy(dict(saved["starts"]))
        self.now = copy.deepcopy(dict(saved["now"]))
        self.view["held"] = saved["held"]
