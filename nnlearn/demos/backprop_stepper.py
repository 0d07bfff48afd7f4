"""Backprop stepper: a program and its graph, one operation at a time, forward and back.

Lessons: 07.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from nnlearn.demos import backprop_check, backprop_guess
from nnlearn.demos.backprop_check import Compared
from nnlearn.demos.backprop_layout import layout
from nnlearn.demos.backprop_pass import Pass
from nnlearn.demos.backprop_patients import FAULTS, HEALTHY, PATIENTS, sends, walk
from nnlearn.demos.backprop_programs import (
    BIAS,
    FIRST,
    PROGRAMS,
    TWICE,
    YOURS,
    Offer,
    checked_number,
    offers,
)
from nnlearn.demos.backprop_record import EngineFault, ProgramFault, Recording, check_engine, record
from nnlearn.demos.backprop_slot import method_of, name_of_code, slot_for
from nnlearn.demos.controls import Choices, Control, DemoError
from nnlearn.demos.listing import Listing
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Verdict, learners
from nnlearn.scalar import Value

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NNLEARN = "nnlearn's"
NO_PROGRAM = "give your program when you make the demo: BackpropStepper(program, inputs={...})"
NO_STATE = "this state is of a program of your own: from_state(state, program=your_program)"
NO_BACKWARD = "give your function when you make the demo: BackpropStepper(backward=your_backward)"


class BackpropStepper(Demo):
    """A short program, the graph that it makes, and the way back through it, step by step.

    Step computes one operation; when all are computed, Step goes back along one edge. Guess a
    slope before you see it. Then find out what ails patients A to F, by the gradient check.

    Parameters
    ----------
    program : a function of named numbers that returns one result, or the name of one of ours
    inputs : its numbers by name; what has a default may be left out
    engine : the class that wraps a number in a node with .data, .grad, .inputs, .slopes, .op;
        nnlearn.scalar.Value if left out
    backward : your backward(root), which fills .grad: leaves add, results between start fresh;
        or the name of a patient
    predict, seed : as in every demo; this one has no chance in it

    Example
    -------
    >>> demo = BackpropStepper(predict=False)
    >>> demo.act("finish")
    >>> demo
    The pass is complete. Gradients of loss: x 0.0734, w 0.367, b 0.183, y −0.328.
    """

    title = "Backprop stepper"
    script = HERE / "backprop_stepper.js"
    _css = Demo._css + (HERE / "backprop_stepper.css").read_text(encoding="utf-8")
    controls: ClassVar[Mapping[str, Control]] = {
        "program": Choices("Program", [*PROGRAMS, YOURS], FIRST),
        "backward": Choices("Backward pass", [NNLEARN, YOURS, *PATIENTS], NNLEARN),
    }
    asks = BIAS  # of one neuron; other programs are asked about fan-out
    pace = 0.7

    def __init__(
        self,
        program: Callable[..., Any] | str | None = None,
        *,
        inputs: Mapping[str, float] | None = None,
        engine: type | None = None,
        backward: Callable[..., Any] | str | None = None,
        predict: bool = True,
        seed: int = 0,
        slot: Callable[..., Any] | None = None,
    ) -> None:
        self._offers, name = offers(program, inputs)
        self.asks = BIAS if name == FIRST and inputs is None else TWICE
        given = {"program": name}
        if isinstance(backward, str):
            given["backward"] = backward
        elif backward is not None:
            slot = learners(backward)
        self._take_engine(engine)
        if slot is None and self._engine is not Value and hasattr(engine, "backward"):
            slot = method_of
        self.slot_spec = slot_for(self._engine)
        self.notes: dict[str, Any] = {"right": 0, "asked": [], "said": None, "found": [],
                                      "named": None}  # fmt: skip
        self._chosen = "backward" in given
        self._waits = False  # does a backward of one's own wait for a program that it can go?
        super().__init__(slot=slot, predict=predict, seed=seed, **given)

    @classmethod
    def from_state(
        cls,
        state: Mapping[str, Any],
        slot: Callable[..., Any] | None = None,
        *,
        program: Callable[..., Any] | None = None,
        engine: type | None = None,
    ) -> Self:
        """Rebuild a demo from `demo.state`; a program and an engine of your own are given anew."""
        settings = {**state["settings"], "engine": engine}
        if program is None and settings["program"] == YOURS:
            raise DemoError(NO_STATE)
        if program is not None:
            settings |= {"program": program, "inputs": state["saved"]["numbers"].get(YOURS)}
        return super().from_state({**state, "settings": settings}, slot)

    # --- the learner's code ---------------------------------------------------------------------

    def _take_engine(self, engine: Any) -> None:
        self._engine: Any = Value
        self._unfit: Verdict | None = None
        if engine is not None:
            try:
                check_engine(engine)
                self._engine = engine
            except EngineFault as why:
                self._unfit = Verdict(False, f"Your engine: {why}", "engine")

    def _judge_slot(self, fn: Callable[..., Any]) -> None:
        super()._judge_slot(fn)
        if self.accepted and not self._chosen:
            self.settings["backward"] = YOURS

    @property
    def own_backward(self) -> bool:
        """Is there a right backward of the learner's, for the nodes that it was tried on?"""
        return self.accepted and self.engine is self._engine

    @property
    def badge(self) -> str:
        """Whose code made the graph or its gradients."""
        way = self.settings["backward"]
        if way in PATIENTS:
            return f"running: {way}"
        if way == YOURS:
            return "running: your code"
        own = self.engine is not Value
        return "running: your engine, nnlearn's backward" if own else "running: nnlearn"

    def _header(self) -> dict[str, Any]:
        header = super()._header()
        if header["refused"] is None and self.engine_fault is not None:
            header["refused"] = vars(self.engine_fault)
        return header

    # --- the state ------------------------------------------------------------------------------

    @property
    def offer(self) -> Offer:
        """The chosen program with its numbers."""
        return self._offers[self.settings["program"]]

    @property
    def patient(self) -> bool:
        return self.settings["backward"] in PATIENTS

    def begin(self) -> None:
        """Run the program, note its graph and the whole way back."""
        self.engine, self.engine_fault = self._engine, self._unfit
        if self.settings["program"] not in self._offers:
            self.settings["program"] = FIRST
        rec = self._record()
        if self.settings["backward"] == YOURS and not self.own_backward:
            self.settings["backward"] = NNLEARN
            self._waits = self.accepted
        elif self._waits and self.own_backward:
            self.settings["backward"] = YOURS
            self._waits = False
        run = PATIENTS[self.settings["backward"]].run if self.patient else walk
        way = sends(run, rec.live)  # which fills .grad, too
        final = [float(node.grad) for node in rec.live]
        if self.settings["backward"] == YOURS:
            live = self._record().live
            self.slot(live[-1])
            if self.accepted:
                final = [float(node.grad) for node in live]
            else:  # it stopped just now, and what it left is half done
                self.settings["backward"] = NNLEARN
        self.film = Pass(rec, way, final, layout([node.inputs for node in rec.nodes]))
        self.checked: list[Compared] = []

    def _record(self) -> Recording:
        try:
            return record(self.offer.run, self.offer.inputs, self.engine)
        except (EngineFault, ProgramFault) as why:
            if self.engine is Value:
                raise DemoError(str(why)) from None
            said = f'Your engine cannot run "{self.settings["program"]}": {why}'
            self.engine_fault = Verdict(False, said, "engine")
            self.engine = Value  # so that something can be seen
            return self._record()

    def finished(self) -> bool:
        return self.t >= self.film.length

    # --- what changes it ------------------------------------------------------------------------

    def changed(self, names: set[str]) -> None:
        """Another program begins anew; another way back begins where forward ends."""
        missing = self.settings["program"] not in self._offers
        unknown = self.settings["backward"] == YOURS and not self.accepted
        at = 0 if "program" in names else min(self.t, self.film.forward)
        self._waits = self._waits and "backward" not in names
        self.notes.update(said=None, named=None)
        self._again(at, at)
        if missing or unknown:
            raise DemoError(NO_PROGRAM if missing else NO_BACKWARD)

    def _again(self, at: int, last: int) -> None:
        """Run the program anew, make `last` steps, and show step `at`."""
        self.restart()
        for _ in range(min(last, self.film.length)):
            self._advance()
        self.t = min(at, self.film.length)

    def do_goto(self, t: int) -> None:
        """Show step t; every step is known beforehand, so nothing is replayed."""
        self.stop()
        if not 0 <= t <= self._past.last:
            raise DemoError(f"step {t} is not in the past; 0 to {self._past.last} are")
        self.t = int(t)

    def do_number(self, name: str, value: float) -> None:
        """Give one of the program's inputs another number; the graph is made anew."""
        before, key = self.offer, self.settings["program"]
        if name not in before.inputs:
            raise DemoError(
                f"this program has no input {name!r}; it has {', '.join(before.inputs)}"
            )
        inputs = {**before.inputs, name: checked_number(name, value)}
        at, last = self.t, self._past.last
        self._offers[key] = Offer(before.run, inputs)
        try:
            self._again(at, last)
        except DemoError:
            self._offers[key] = before
            self._again(at, last)
            raise
        self.notes.update(said=None, named=None)

    def do_finish(self) -> None:
        """All steps that are left."""
        self.stop()
        while not self.finished():
            self._advance()

    def do_guess(self, value: float) -> None:
        """Guess the slope of the next edge back; the first try counts, and nothing moves."""
        send = self.film.next(self.t)
        if send is None:
            raise DemoError("a slope can be guessed on the way back: step until backward begins")
        guess = checked_number("your guess", value)
        right, text = backprop_guess.judge(self.film.rec, send.node, send.k, send.g, guess)
        asked = [self.settings["program"], send.node, send.k]
        if asked not in self.notes["asked"]:
            self.notes["asked"].append(asked)
            self.notes["right"] += right
        self.notes["said"] = {"t": self.t, "guess": guess, "right": right, "text": text}

    def do_check(self) -> None:
        """Compare the gradients of the inputs with slopes that a nudge measures."""
        if not self.finished():
            raise DemoError("the check compares finished gradients: finish the pass first")
        self.checked = backprop_check.compare(
            self.film.rec, self.film.final, self.offer.run, self.offer.inputs, self.engine
        )

    def do_name(self, fault: str) -> None:
        """Say what ails the patient."""
        if not self.patient or not self.checked:
            raise DemoError("choose a patient, finish the pass, and check its gradients first")
        if fault not in FAULTS and fault != HEALTHY:
            raise DemoError(f"the fault is one of: {'; '.join([*FAULTS, HEALTHY])}")
        patient = self.settings["backward"]
        right, text = backprop_check.named(
            patient, fault, self.offer.run, self.offer.inputs, self.engine
        )
        self.notes["named"] = {"fault": fault, "right": right, "text": text}
        if right and patient not in self.notes["found"]:
            self.notes["found"] = sorted([*self.notes["found"], patient])

    # --- what is shown --------------------------------------------------------------------------

    def values(self) -> Mapping[str, Any]:
        notes, checked = self.notes, self.checked if self.finished() else []
        said = notes["said"]
        return {
            **self.film.graph(self.t, {row.node: row.agrees for row in checked}),
            "said": said if said and said["t"] == self.t else None,
            "score": [notes["right"], len(notes["asked"])], "inputs": dict(self.offer.inputs),
            "own_program": YOURS in self._offers, "own_backward": self.own_backward,
            "check": [vars(row) | {"agrees": row.agrees} for row in checked],
            "patient": self.patient, "patients": len(PATIENTS), "named": notes["named"],
            "faults": [*sorted(FAULTS), HEALTHY],  # the patients' own order would give them away
            "found": notes["found"],
        }  # fmt: skip

    def sentence(self) -> str:
        if self.checked and self.finished():
            return backprop_check.summary(self.checked, self.patient)
        return self.film.sentence(self.t, self.settings["program"])

    def table(self) -> list[dict[str, Any]]:
        return self.film.rows(self.t)

    def picture(self) -> Figure:
        from nnlearn.demos.backprop_picture import draw

        return draw(self.film, self.t, self.sentence())

    def save(self) -> dict[str, Any]:
        return {"numbers": {name: dict(o.inputs) for name, o in self._offers.items()},
                "notes": copy.deepcopy(self.notes), "program": self.settings["program"],
                "t": self.t, "checked": bool(self.checked)}  # fmt: skip

    def load(self, saved: Mapping[str, Any]) -> None:
        for name, numbers in saved["numbers"].items():
            if name in self._offers:
                self._offers[name] = Offer(self._offers[name].run, dict(numbers))
        self.settings["program"] = saved["program"]
        self.notes = copy.deepcopy(dict(saved["notes"]))
        self._again(saved["t"], saved["t"])
        if saved["checked"] and self.finished():
            self.do_check()

    def share(self) -> Listing:
        """One line of Python that rebuilds this demo; code of your own is named in it."""
        own = {"slot": self._slot if self.accepted and self._slot is not method_of else None,
               "program": self._offers[YOURS].run if YOURS in self._offers else None,
               "engine": None if self._engine is Value else self._engine}  # fmt: skip
        more = "".join(f", {k}={name_of_code(v)}" for k, v in own.items() if v is not None)
        return Listing(f"{type(self).__name__}.from_state({self.state!r}{more})")
