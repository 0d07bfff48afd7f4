"""The shell every demo lives in: predict, your code, time, state, errors, one frame at a time.

A demo is a Python class and a .js file of the same stem in this folder. Python computes, the
browser draws and asks. A whole demo::

    class CoinLab(Demo):
        title = "Coin lab"
        script = HERE / "coin_lab.js"
        controls = {"chance": Range("chance of heads", 0, 1, 0.01, default=0.5)}
        asks = Choice("After 1000 throws the share of heads is ...", {"A": "0.5 exactly", "B":
            "near 0.5"}, right="B", feedback={"A": "Close, never exactly.", "B": "Yes."})

        def begin(self):                # the start of time; may use self.rng and self.settings
            self.now = {"throws": 0, "heads": 0}

        def advance(self):              # one step; changes self.now only; optional
            self.now["throws"] += 1
            self.now["heads"] += int(self.rng.random() < self.settings["chance"])

        def values(self):               # numbers for the picture (JSON types or NumPy)
            return {"share": self.now["heads"] / max(1, self.now["throws"])}

        def sentence(self):             # the finding now, in one sentence
            return f"{self.now['heads']} of {self.now['throws']} throws were heads."

and its `coin_lab.js`::

    import { demo } from "./shell.js";

    export default demo((ui) => {
      ui.controls.append(ui.control("chance"));
      const plot = ui.canvas({ label: "share of heads", aspect: 0.5 });
      return (frame) => plot.paint((pen, w, h) => {
        pen.fillStyle = ui.theme.ink;
        pen.fillRect(0, h, w * frame.values.share, -h);
      });
    });

What a class may add: `arrays()` (name -> float32, float64, uint8 or int32 array, typed arrays in
`frame.arrays`), `table()` (rows as dicts), `picture()` (a `Figure`, never pyplot), `changed(names)`
after controls were set (default: `begin` again), `outcome()` for number and curve questions,
`reveal()` after the answer, `slot_spec` (then `self.slot(...)` is the function in use),
`finished()` to end a run, `save()` and `load(saved)` for what settings and steps cannot rebuild,
`inherit(before)` for what goes on when the cell is run again,
`pace` (seconds a frame), `burst` (steps a frame) and `tick()` (what a live run repeats; default: a
step), `scenery()` for what seldom changes (values and arrays; sent only when it returns another
object, `ui.scene` in the browser), `code()` (the program behind "Show code"), and
`do_NAME(self, **args)` for its own actions, which the browser sends with `ui.send("NAME", {...})`.
Actions named in `free` change only the view and are allowed before the answer. Everything that
`advance` changes lives in `self.now` (any object that can be deep-copied) or comes from `self.rng`:
that is what Back, scrub and Rewind bring back.

In Python: `demo.answer("B")`, `demo.set(chance=0.7)`, `demo.step()`, `demo.back()`,
`demo.goto(10)`, `demo.rewind()`, `demo.run(100)` (at once), `demo.play()` and `demo.stop()` (live),
`await demo.wait()`, `demo.state`, `demo.share()`, `demo.act("NAME", ...)`.

Callbacks may come on any thread: a lock guards every action, nothing here uses pyplot or print.

Lessons: 00, 01.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import anywidget
import traitlets

from nnlearn.demos.controls import DemoError
from nnlearn.demos.engine import VERSION, Engine, Scenery
from nnlearn.demos.esm import HERE, PALETTE, compose
from nnlearn.demos.frames import pack
from nnlearn.demos.player import UNSEEN_S, CellRegistry, Credit

CELLS = CellRegistry()
VIEW = "application/vnd.jupyter.widget-view+json"


class Demo(Engine, anywidget.AnyWidget):
    """Base of all demos; see the module's text for how to write one."""

    script: ClassVar[Path | None] = None
    _css = (HERE / "shell.css").read_text(encoding="utf-8")
    spec = traitlets.Dict().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)
    scene = traitlets.Bytes().tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "script" in cls.__dict__ and cls.script is not None:
            cls._esm = compose(cls.script)
        super().__init_subclass__(**kwargs)

    def __init__(
        self,
        *,
        slot: Any = None,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        anywidget.AnyWidget.__init__(self)
        self._credit, self._n, self._acks = Credit(), 0, dict[str, int]()
        self._views: set[str] = set()
        self._starved = 0
        self._scenery: Scenery | None = None
        self._prepare(slot, predict, seed, settings)
        self.spec = self._spec()
        self.inherit(CELLS.enter(self))
        self.push()
        self.on_msg(self._receive)

    def inherit(self, before: Sequence[Demo]) -> None:
        """The demos that the last run of this cell made: what of them goes on? Here nothing."""

    @classmethod
    def from_state(cls, state: Mapping[str, Any], slot: Any = None) -> Self:
        """Rebuild a demo from `demo.state`."""
        if state.get("version") != VERSION or state.get("demo") != cls.__name__:
            raise DemoError(
                f"this state is of {state.get('demo')} version {state.get('version')}; "
                f"needed is {cls.__name__} version {VERSION}"
            )
        demo = cls(slot=slot, predict=state["predict"], seed=state["seed"], **state["settings"])
        with demo._lock:
            demo.answered = state["answer"]
            if state["saved"] is not None:
                demo.load(state["saved"])
                demo.t = state["t"]
                demo._past.clear()
                demo.keep()
            else:
                for _ in range(state["t"]):
                    demo._advance()
            demo.push()
        return demo

    def close(self) -> None:
        if hasattr(self, "_player"):  # else the demo refused its arguments and never lived
            self.stop()
        super().close()

    def push(self) -> None:
        """Send the picture of the present."""
        with self._lock:
            if (scenery := self.scenery()) is not self._scenery:
                self._scenery = scenery
                self.scene = pack({"values": scenery[0]}, scenery[1]) if scenery else b""
            values, arrays = self.values(), self.arrays()
            self._n += 1
            self.frame = pack({**self._header(), "values": values}, arrays)

    def _turn(self) -> bool:
        """One frame of a live run; False ends it."""
        with self._lock:
            try:
                for _ in range(10 if self.reduced_motion else self.burst):
                    if not self.finished():
                        self.tick()
                go_on = not self.finished() and self._starved * self.pace < UNSEEN_S
                if not go_on:
                    self.stop()
                if not go_on or self._credit.take(self._n + 1):
                    self._starved = 0
                    self.push()
                else:
                    self._starved += bool(self._views)
                return go_on
            except Exception as why:
                self.problem = f"{type(why).__name__}: {why}"
                self.stop()
                self.push()
                raise

    def _receive(self, _widget: Any, content: Mapping[str, Any], _buffers: Any) -> None:
        """A message of the browser; whatever goes wrong is shown in the demo."""
        action, args = str(content.get("do")), dict(content.get("args") or {})
        view = str(content.get("view", ""))
        if action == "seen":
            self._credit.seen(int(args.get("n", 0)))
            return
        with self._lock:
            if action == "hello":
                self._views.add(view)
                self._credit = Credit()
                self.reduced_motion = bool(args.get("reduced"))
            elif action == "bye":
                self._views.discard(view)
                self._acks.pop(view, None)
                if not self._views:
                    self.stop()
                return
            else:
                try:
                    self._obey(action, args)
                except DemoError as why:
                    self.problem = str(why)
                except Exception as why:  # an exception in a callback would be seen by nobody
                    self.problem = f"{type(why).__name__}: {why}"
                self._acks[view] = int(content.get("id", 0))
            self.push()

    def _spec(self) -> dict[str, Any]:
        return {"title": self.title, "timed": self.timed,
                "controls": {k: c.spec() for k, c in self.controls.items()},
                "asks": self.asks.spec() if self.predict and self.asks else None,
                "slot": self.slot_spec.name if self.slot_spec else None,
                "code": bool(self.code())}  # fmt: skip

    def _header(self) -> dict[str, Any]:
        verdict = self.verdict
        refused = verdict is not None and not verdict.accepted
        return {
            "n": self._n, "t": self.t, "last": self._past.last,
            "playing": self._player.running, "finished": self.finished(),
            "badge": self.badge, "refused": vars(verdict) if refused else None,
            "settings": self.settings, "view": self.view, "prediction": self._prediction(),
            "sentence": self.sentence(), "problem": self.problem, "acks": self._acks,
            "table": self.table() if self._table_open else None,
            "share": self.share() if self._share_open else None,
            "code": self.code() if self._code_open else None,
        }  # fmt: skip

    def __repr__(self) -> str:
        return self.sentence()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live view, and for places without widgets a picture and a sentence."""
        png = io.BytesIO()
        self.picture().savefig(png, format="png", dpi=100)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {VIEW: view, "image/png": png.getvalue(), "text/plain": self.sentence()}, {}


__all__ = ["HERE", "PALETTE", "Demo", "DemoError"]
