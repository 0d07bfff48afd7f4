"""A demo without its widget: settings, prediction, slot, time, state and what can be asked of it.

`shell.py` tells how to write a demo; this half knows nothing of browsers and runs in plain tests.

Lessons: 00, 01.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos.controls import Control, DemoError
from nnlearn.demos.frames import plain
from nnlearn.demos.listing import Listing
from nnlearn.demos.player import Player
from nnlearn.demos.predict import Question
from nnlearn.demos.slot import Slot, Verdict
from nnlearn.demos.timeline import Timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VERSION = 1
ALWAYS = frozenset(
    {"answer", "view", "table", "share", "code", "stop"}
)  # allowed before the answer

Scenery = tuple[Mapping[str, Any], Mapping[str, np.ndarray]]


class Engine:
    """What every demo can do; the class attributes and hooks are described in `shell.py`."""

    title: ClassVar[str] = "Demo"
    controls: ClassVar[Mapping[str, Control]] = {}
    asks: Question | None = None
    slot_spec: Slot | None = None
    timed: ClassVar[bool] = True
    free: ClassVar[frozenset[str]] = frozenset()
    pace: float = 1 / 25
    burst: int = 1

    def _prepare(
        self,
        slot: Any,
        predict: bool,
        seed: int,
        settings: Mapping[str, Any],
    ) -> None:
        self._lock = threading.RLock()
        self.seed, self.predict = seed, predict and self.asks is not None
        self.settings: dict[str, Any] = {k: c.default for k, c in self.controls.items()}
        self.settings.update(self._accepted(settings))
        self.view: dict[str, Any] = {}
        self.now: Any = {}
        self.t, self.problem = 0, ""
        self.answered: Any = None
        self.verdict: Verdict | None = None
        self.reduced_motion = False
        self._slot = slot
        if slot is not None:
            self._judge_slot(slot)
        self._past = Timeline()
        self._player = Player(self._turn, lambda: 0.5 if self.reduced_motion else self.pace)
        self._table_open = self._share_open = self._code_open = False
        self.restart()

    # --- what a demo fills in -------------------------------------------------------------------

    def begin(self) -> None:
        """Set `self.now` for step 0 from the settings and `self.rng`."""

    def advance(self) -> None:
        """Make one step: change `self.now`."""

    def finished(self) -> bool:
        """Is there nothing left to run?"""
        return False

    def values(self) -> Mapping[str, Any]:
        return {}

    def arrays(self) -> Mapping[str, np.ndarray]:
        return {}

    def scenery(self) -> Scenery | None:
        """Values and arrays that seldom change: the same object as long as they do not."""
        return None

    def tick(self) -> None:
        """What a live run repeats."""
        self._advance()

    def sentence(self) -> str:
        """One sentence that says the finding now."""
        return self.title

    def table(self) -> list[dict[str, Any]]:
        """What the picture shows, as rows."""
        return []

    def picture(self) -> Figure:
        """What the view shows, as a matplotlib Figure: for paper and readers without widgets."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 1.2))
        figure.text(0.5, 0.5, self.sentence(), ha="center", va="center", wrap=True, fontsize=12)
        return figure

    def changed(self, names: set[str]) -> None:
        """Controls were set; by default time begins anew."""
        self.restart()

    def code(self) -> Listing:
        """The program that does without the demo what it has done so far; empty: there is none."""
        return Listing()

    def outcome(self) -> Any:
        """What really happened, for number and curve questions; None while it is not known."""
        return None

    def reveal(self) -> None:
        """Called once after the answer: show what was asked about."""

    def save(self) -> dict[str, Any] | None:
        """JSON-safe facts that settings and steps cannot rebuild; None if they can."""
        return None

    def load(self, saved: Mapping[str, Any]) -> None:
        """Take back what `save` gave."""

    # --- the learner's side ---------------------------------------------------------------------

    @property
    def accepted(self) -> bool:
        """Was a function given, and found right so far?"""
        return self.verdict is not None and self.verdict.accepted

    @property
    def badge(self) -> str:
        """The badge: whose code computes the picture."""
        return "running: your code" if self.accepted else "running: nnlearn"

    def slot(self, *args: Any) -> Any:
        """Call the function in use; if the learner's fails, say so and go on with nnlearn's."""
        if self.slot_spec is None:
            raise DemoError(f"{type(self).__name__} has no slot for a function")
        if self.accepted and self._slot is not None:
            try:
                return self._slot(*args)
            except Exception as why:  # the learner must see it, and the demo must go on
                said = f"Your {self.slot_spec.name} stopped with {type(why).__name__}: {why}"
                self.verdict = Verdict(False, said, "while the demo ran")
        return self.slot_spec.reference(*args)

    def answer(self, answer: Any) -> str:
        """Answer the prediction; returns the feedback, or a word that the result will follow."""
        self.act("answer", answer=answer)
        return str(self._prediction()["feedback"] or "Noted. Now see what happens.")

    def set(self, **settings: Any) -> None:
        """Set controls by name."""
        self.act("set", **settings)

    def step(self, steps: int = 1) -> None:
        self.run(steps)

    def run(self, steps: int = 1) -> None:
        """Make `steps` steps at once, without a browser."""
        with self._lock:
            self._open_gate("step")
            self.stop()
            for _ in range(steps):
                if self.finished():
                    break
                self._advance()
            self.push()

    def back(self) -> None:
        self.act("back")

    def goto(self, t: int) -> None:
        """Show step `t` of the past again."""
        self.act("goto", t=t)

    def rewind(self) -> None:
        """Back to step 0 with the same seed."""
        self.act("rewind")

    def play(self) -> None:
        """Run live, on the notebook's event loop."""
        self.act("run")

    def stop(self) -> None:
        self._player.stop()

    async def wait(self) -> None:
        """Wait until the live run has ended; raises what went wrong in it."""
        await self._player.wait()

    # --- state ----------------------------------------------------------------------------------

    @property
    def state(self) -> dict[str, Any]:
        """Everything needed to rebuild this demo, as JSON types."""
        with self._lock:
            return plain(
                {"version": VERSION, "demo": type(self).__name__, "seed": self.seed,
                 "predict": self.predict, "answer": self.answered, "settings": self.settings,
                 "t": self.t, "saved": self.save()}
            )  # fmt: skip

    def share(self) -> Listing:
        """One line of Python that rebuilds this demo."""
        return Listing(f"{type(self).__name__}.from_state({self.state!r})")

    # --- actions --------------------------------------------------------------------------------

    def act(self, action: str, **args: Any) -> None:
        """Do what the browser can ask for; raises if it cannot be done."""
        with self._lock:
            self._obey(action, args)
            self.push()

    def do_answer(self, answer: Any) -> None:
        if self.asks is None:
            raise DemoError(f"{type(self).__name__} asks nothing")
        if self.answered is None:
            self.answered = self.asks.accept(answer)
            self.reveal()

    def do_set(self, **settings: Any) -> None:
        accepted = self._accepted(settings)
        self.settings.update(accepted)
        self.changed(set(accepted))

    def do_view(self, **view: Any) -> None:
        self.view.update(view)

    def do_run(self) -> None:
        if self.finished():
            raise DemoError("nothing is left to run; rewind first")
        self._player.start()

    def do_stop(self) -> None:
        self.stop()

    def do_step(self) -> None:
        self.stop()
        if not self.finished():
            self._advance()

    def do_back(self) -> None:
        self.do_goto(max(0, self.t - 1))

    def do_goto(self, t: int) -> None:
        self.stop()
        if not 0 <= t <= self._past.last:
            raise DemoError(f"step {t} is not in the past; 0 to {self._past.last} are")
        start, (now, random) = self._past.before(int(t))
        self.t, self.now = start, copy.deepcopy(now)
        self.rng.bit_generator.state = random
        while self.t < t:
            self.advance()
            self.t += 1

    def do_rewind(self) -> None:
        self.do_goto(0)

    def do_table(self, shown: bool) -> None:
        self._table_open = shown

    def do_share(self, shown: bool) -> None:
        self._share_open = shown

    def do_code(self, shown: bool) -> None:
        self._code_open = shown

    def keep(self) -> None:
        """Keep the present as step `t` of the past (what came later is forgotten)."""
        self._past.put(self.t, (copy.deepcopy(self.now), self.rng.bit_generator.state))

    # --- inside ---------------------------------------------------------------------------------

    def _obey(self, action: str, args: Mapping[str, Any]) -> None:
        method = getattr(self, f"do_{action}", None)
        if method is None:
            known = sorted(n[3:] for n in dir(self) if n.startswith("do_"))
            raise DemoError(f"no action {action!r}; there are {', '.join(known)}")
        if action not in self.free | ALWAYS:
            self._open_gate(action)
        method(**args)
        self.problem = ""

    def _open_gate(self, action: str) -> None:
        if self.predict and self.answered is None:
            raise DemoError(
                f"say first what you expect: demo.answer(...), then {action} "
                "(teachers: predict=False)"
            )

    def _accepted(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        for name in settings:
            if name not in self.controls:
                known = ", ".join(self.controls) or "none"
                raise DemoError(f"{type(self).__name__} has no control {name!r}; it has {known}")
        return {name: self.controls[name].accept(name, v) for name, v in settings.items()}

    def _judge_slot(self, fn: Any) -> None:
        """Try what was handed in: a function, or several where a demo has places for them."""
        if self.slot_spec is None:
            raise DemoError(f"{type(self).__name__} has no slot for a function")
        self.verdict = self.slot_spec.judge(fn)

    def restart(self) -> None:
        """Step 0, from the seed."""
        self._player.stop()
        self.rng = np.random.default_rng(self.seed)
        self.t = 0
        self._past.clear()
        self.begin()
        self.keep()

    def _advance(self) -> None:
        self.advance()
        self.t += 1
        self.keep()

    def _turn(self) -> bool:
        """One frame of a live run; False ends it."""
        raise NotImplementedError

    def push(self) -> None:
        """Send the picture of the present (the widget does)."""

    def _prediction(self) -> dict[str, Any]:
        is_open = not self.predict or self.answered is not None
        result = {"open": is_open, "answer": self.answered, "right": None, "feedback": ""}
        if self.asks is None or self.answered is None:
            return result
        outcome = self.outcome()
        if outcome is not None or getattr(self.asks, "right", None) is not None:
            result["right"], result["feedback"] = self.asks.judge(self.answered, outcome)
        return {**result, "said": self.asks.words(self.answered), "outcome": outcome}
