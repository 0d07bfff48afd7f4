"""The runs of the playground in time: what was done to them when, and how all is done again.

Lessons: 08.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from nnlearn.demos.descent_steps import YOURS, BadStep
from nnlearn.demos.frames import plain
from nnlearn.demos.playground_frames import scenery_of
from nnlearn.demos.playground_network import Setup
from nnlearn.demos.playground_points import PAINTED, Canvas, Points, made
from nnlearn.demos.playground_run import Plan, Record, Run
from nnlearn.demos.playground_slot import SLOT, BadLayer, Owned, rate_like
from nnlearn.demos.shell import Demo
from nnlearn.demos.slot import Verdict

ANEW = frozenset({"activation", "seed", "hidden"})  # a run with another one begins anew
OF_A_RUN = tuple(name for name in Setup.__dataclass_fields__ if name != "hidden")
LONGEST = 20_000  # epochs


class Trials(Demo):
    """One or two runs in lockstep, each with a plan of its settings and of what was changed.

    A subclass calls `_tell` before the shell prepares it.
    """

    first: tuple[int, ...]  # the hidden layers of the first run
    about: str  # the data that the question is about

    def _tell(self, story: Mapping[str, Any], seed: int) -> None:
        """Take up a story that was saved, or begin one."""
        self.owned, self.records = Owned(), dict[str, Record]()
        self.data_seed = int(story.get("data_seed", seed))
        self.chosen = str(story.get("chosen", "A"))
        self.probe = np.array(story.get("probe", [1.0, 0.5]), np.float64)
        self._focus = tuple(story.get("focus", ("A", -1, 0)))
        if "canvas" in story:
            self.canvas = Canvas(tuple(map(tuple, story["canvas"]["rows"])),
                                 story["canvas"]["extent"])  # fmt: skip
        self.plans = {name: Plan(Setup(**{**its["setup"], "hidden": tuple(its["setup"]["hidden"])}),
                                 list(its["events"]))
                      for name, its in story.get("runs", {}).items()}  # fmt: skip
        self._undo_paint: list[tuple[str, Canvas]] = []
        self._stroke = ""
        self._key: Any = None
        self.missed = False  # was a step of the learner's to be used that is not there?

    # --- what there is --------------------------------------------------------------------------

    @property
    def compare(self) -> bool:
        """Are there two runs?"""
        return "B" in self.plans

    @property
    def points(self) -> Points:
        """The points of the present settings: the same object as long as these do not change."""
        s = self.settings
        key = (s["data"], s["points"], s["noise"], s["test_share"], self.data_seed, self.canvas)
        if key != self._key:
            self._key, self.last_points = key, made(*key)
            self.points_scene = scenery_of(self.last_points)
        return self.last_points

    @property
    def focus(self) -> tuple[str, int, int]:
        """The neuron whose sum is opened: run, layer and neuron; where it is gone, the output."""
        name, layer, unit = self._focus
        layers = self.now[name].arrays() if name in self.now else []
        if 0 <= layer < len(layers) and unit < len(layers[layer][1]):
            return self._focus
        return self.chosen, len(self.now[self.chosen].setup.hidden), 0

    @property
    def edits(self) -> list[tuple[str, dict[str, Any]]]:
        """The weights and biases that were set by hand so far, oldest first."""
        found = [(name, e) for name, plan in self.plans.items() for e in plan.until(self.t).events
                 if "set" not in e]  # fmt: skip
        return sorted(found, key=lambda pair: pair[1]["t"])

    @property
    def can_undo_paint(self) -> bool:
        return bool(self._undo_paint)

    @property
    def badge(self) -> str:
        stepped = any(run.setup.optimizer == YOURS for run in self.now.values())
        used = Owned(self.owned.layer, self.owned.step if stepped else None).names
        return "running: your code" if used else "running: nnlearn"

    @property
    def state(self) -> dict[str, Any]:
        state = super().state
        runs = {name: {"setup": asdict(plan.setup), "events": plan.until(self.t).events}
                for name, plan in self.plans.items()}  # fmt: skip
        story = {"about": self.about, "data_seed": self.data_seed, "chosen": self.chosen,
                 "probe": self.probe.tolist(), "focus": self.focus, "runs": runs}  # fmt: skip
        if self.settings["data"] == PAINTED:
            story["canvas"] = {"rows": self.canvas.rows, "extent": self.canvas.extent}
        settings = {k: v for k, v in state["settings"].items() if k != "seed"}
        return {**state, "settings": {**settings, "story": plain(story)}}

    # --- time -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Every run at epoch 0, with the weights that were set by hand there."""
        if not self.plans:
            its = {name: self.settings[name] for name in OF_A_RUN} | {"seed": self.seed}
            self.plans = {"A": Plan(Setup(hidden=self.first, **its))}
        if self.owned.step is None:  # a shared line brings no functions
            found = {name: plan.with_optimizer(YOURS, "SGD") for name, plan in self.plans.items()}
            self.missed, self.plans = self.missed or found != self.plans, found
        self.now = {name: Run(plan.setup, self.points, self.owned)
                    for name, plan in self.plans.items()}  # fmt: skip
        self.records = {name: Record() for name in self.plans}
        for name in self.plans:
            self._happen(name, 0)
        self._sync()

    def advance(self) -> None:
        while not self._epoch():
            pass  # a function of the learner's failed; now nnlearn's stands in its place
        for name in self.plans:
            self._happen(name, self.t + 1)
        self._sync()

    def _epoch(self) -> bool:
        """An epoch of every run; False if a function of the learner's failed in it."""
        try:
            for run in self.now.values():
                run.epoch()
        except (BadLayer, BadStep) as why:
            self._lose(why)
            return False
        return True

    def _happen(self, name: str, t: int) -> None:
        """What the plan says for the end of epoch t; then what is measured is written down."""
        for event in self.plans[name].at(t):
            self.now[name].apply(event)
        self.records[name].write(t, self.now[name])

    def _sync(self) -> None:
        """The controls show the settings of the chosen run."""
        setup = self.now[self.chosen].setup
        self.settings.update({name: getattr(setup, name) for name in OF_A_RUN})

    def _lose(self, why: Exception) -> None:
        """A function of the learner's failed: say so, and do all that was done with nnlearn's."""
        self.verdict = Verdict(False, f"{why}, in epoch {self.t + 1}.", "while the demo ran")
        if isinstance(why, BadLayer):
            self.owned = Owned(None, self.owned.step)
        else:
            kind = rate_like(self.owned.step)
            self.owned = Owned(self.owned.layer, None)
            self.plans = {name: plan.with_optimizer(YOURS, kind)
                          for name, plan in self.plans.items()}  # fmt: skip
        t, self.t = self.t, 0
        self._past.clear()
        self.begin()
        self.keep()
        while self.t < t:
            self.advance()
            self.t += 1
            self.keep()

    def _advance(self) -> None:
        if self.t < self._past.last:  # at the end of the past nothing is planned, but for a story
            self._forget()
        super()._advance()

    def _forget(self) -> None:
        """What was planned for later is forgotten: from here on time is new."""
        self.plans = {name: plan.until(self.t) for name, plan in self.plans.items()}

    def finished(self) -> bool:
        lost = all(run.lost for run in self.now.values())
        return lost or not self.points.sizes[0] or self.t >= LONGEST

    def do_goto(self, t: int) -> None:
        super().do_goto(t)
        self._sync()

    def do_rewind(self) -> None:
        """Back to epoch 0; the settings stay what the controls show."""
        settled = {name: self._settled(name) for name in self.plans}
        if any(settled[name].setup != plan.setup for name, plan in self.plans.items()):
            self.plans = settled
            self.restart()
        else:
            self.do_goto(0)

    def _settled(self, name: str) -> Plan:
        """A plan with the present settings from the start, and the weights set by hand there."""
        return Plan(self.now[name].setup, [e for e in self.plans[name].at(0) if "set" not in e])

    # --- the learner's functions ----------------------------------------------------------------

    def _judge_slot(self, fn: Any) -> None:
        """Two places, judged one by one: what is right runs, what is wrong is said."""
        self.owned, self.verdict = SLOT.judge_parts(fn)
        if self.owned.step is None and self.settings["optimizer"] == YOURS:
            self.settings["optimizer"] = rate_like(fn.step)

    # --- changes --------------------------------------------------------------------------------

    def _anew(self, name: str, **new: Any) -> None:
        """Every run from epoch 0; one of them with new settings."""
        plans = {each: self._settled(each) for each in self.plans}
        plan = plans[name]
        plans[name] = Plan(replace(plan.setup, **new), [] if set(new) & ANEW else plan.events)
        self.plans = plans
        self.restart()

    def _record(self, name: str, event: dict[str, Any]) -> None:
        """Something happens to a run now; later epochs are forgotten."""
        self._forget()
        self.plans[name].add(event)
        self.now[name].apply(event)
        self.records[name].write(self.t, self.now[name])
        self._sync()
        self.keep()

    def _twin(self) -> None:
        """B is all that A was and is, and it is B that the controls change now."""
        self.plans["B"] = copy.deepcopy(self.plans["A"])
        self.records["B"] = self.records["A"].copy()
        self.now["B"] = copy.deepcopy(self.now["A"])
        for t in self._past.times:
            runs = self._past.before(t)[1][0]
            runs["B"] = copy.deepcopy(runs["A"])
        self.chosen = "B"
        self._sync()

    def _alone(self) -> None:
        """Only A is left."""
        for held in (self.plans, self.records, self.now,
                     *(self._past.before(t)[1][0] for t in self._past.times)):  # fmt: skip
            held.pop("B", None)
        self.chosen = "A"
        self._sync()
