"""Training clinic: sick runs, to be diagnosed from their curves and a few tests, and cured.

Lessons: 09.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos import clinic_words
from nnlearn.demos.clinic_book import casebook, closing, score
from nnlearn.demos.clinic_chart import ALLOWED, EMPTY, Chart
from nnlearn.demos.clinic_opinion import SLOT, WORDS, is_opinion, worth
from nnlearn.demos.clinic_patients import FAULTS, FIX_OF, FIXES, NAMES, Fault, ward
from nnlearn.demos.clinic_program import Recipe, Run, run
from nnlearn.demos.clinic_suspicion import Suspicion
from nnlearn.demos.clinic_tests import TESTS, found
from nnlearn.demos.clinic_words import FAMILIES
from nnlearn.demos.controls import Choices, Control, DemoError, Range
from nnlearn.demos.listing import Listing
from nnlearn.demos.numerals import counted
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Verdict, learners

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class TrainingClinic(Demo):
    """Thirteen trainings on real digits; one line of each program may be sick. Find it, cure it.

    First only the loss curves are seen. Three tests may be ordered for a patient, each a real
    measurement of that run. Name the fault, choose one treatment: the program runs again with it. A
    wrong name is answered with what speaks against it and wants a new test before the next name.
    When the cell is run again, the charts are kept; `rewind()` begins anew.

    Parameters
    ----------
    diagnose : your diagnose_rate(losses) -> "too small", "good" or "diverging": a second opinion
    patient : 1 to 13, in an order that the seed decides
    predict : ask for a first suspicion, and for a name before any treatment
    seed : of the order of the patients and of all that is drawn by lot in their programs
    settings : axis ("linear", "log") of the losses

    Example
    -------
    >>> clinic = TrainingClinic(predict=False, patient=1)
    >>> clinic.order("gradients")
    >>> clinic.treat("leave it as it is")["cured"]
    False
    """

    title = "Training clinic"
    script = HERE / "training_clinic.js"
    _css = Demo._css + (HERE / "training_clinic.css").read_text(encoding="utf-8")
    timed = False
    controls: ClassVar[Mapping[str, Control]] = {
        "patient": Range("Patient", 1, len(FAULTS), 1, 1, whole=True),
        "axis": Choices("Loss axis", ["linear", "log"], "linear"),
    }
    asks = Suspicion(
        "Here are the two loss curves of a training on 8 by 8 digits, and nothing else. Is it "
        "sick? Where would you look first?",
        FAMILIES,
    )
    slot_spec = SLOT

    def __init__(
        self,
        diagnose: Callable[..., Any] | None = None,
        *,
        patient: int = 1,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        slot = learners(settings.pop("slot", diagnose))
        self._asked = patient
        super().__init__(slot=slot, predict=predict, seed=seed, patient=patient, **settings)

    # --- the state ------------------------------------------------------------------------------

    def begin(self) -> None:
        self.ward = ward(self.seed)
        self.now = {"charts": {}}
        run(Recipe(self.seed))  # the healthy one: what is measured is held against it

    @property
    def charts(self) -> list[Chart]:
        """What was ordered, said and tried so far, for all patients."""
        noted = self.now["charts"]
        return [Chart(key, noted.get(str(n), EMPTY)) for n, key in enumerate(self.ward, 1)]

    @property
    def chart(self) -> Chart:
        return self.charts[self.settings["patient"] - 1]

    def _note(self, **new: Any) -> None:
        number = str(self.settings["patient"])
        self.now["charts"][number] = {**copy.deepcopy(dict(self.chart.notes)), **new}

    @property
    def patient(self) -> str:
        """The key of the fault: what is to be found out."""
        return self.ward[self.settings["patient"] - 1]

    @property
    def fault(self) -> Fault:
        return FAULTS[self.patient]

    @property
    def sick(self) -> Run:
        """The run as it came."""
        return run(self.fault.recipe(self.seed))

    @property
    def treated(self) -> Run | None:
        """The run with the last treatment."""
        tried = self.chart.notes["tried"]
        return run(FIXES[tried[-1]].apply(self.sick.recipe)) if tried else None

    @property
    def known(self) -> bool:
        """Has the fault of this patient been named?"""
        return self.chart.known

    def changed(self, names: set[str]) -> None:
        """Another patient or another axis: nothing that was noted is lost."""

    def outcome(self) -> Any:
        """The first patient and the key of its fault, once that has been named."""
        asked = self.charts[self._asked - 1]
        return (self._asked, asked.key) if asked.known else None

    # --- what is done ---------------------------------------------------------------------------

    def order(self, test: str) -> None:
        """Order a test by its key or its name; the result is the last of `findings`."""
        self.act("order", test=test)

    def name(self, fault: str) -> str:
        """Say what ails the patient; returns what the clinic says to it."""
        self.act("name", fault=fault)
        return str(self._verdict()["text"])

    def treat(self, fix: str) -> Mapping[str, Any]:
        """Run the program again with one treatment; returns what it did."""
        self.act("treat", fix=fix)
        return clinic_words.treatment(self.patient, self.chart.notes["tried"][-1], self.seed)

    @property
    def findings(self) -> dict[str, str]:
        """What the tests found that were ordered."""
        recipe = self.sick.recipe
        return {TESTS[key].name: found(key, recipe).text for key in self.chart.notes["tests"]}

    def do_order(self, test: str) -> None:
        """Order a test; ordered again, it is put away or shown."""
        key = _key(test, {k: t.name for k, t in TESTS.items()}, "test")
        tests, hidden = self.chart.notes["tests"], self.chart.notes["hidden"]
        if key in tests:
            self._note(hidden=[k for k in hidden if k != key] if key in hidden else [*hidden, key])
        elif len(tests) >= ALLOWED:
            raise DemoError(f"{ALLOWED} tests are ordered, no more are paid for: name the fault")
        else:
            self._note(tests=[*tests, key])

    def do_name(self, fault: str) -> None:
        """Say what ails the patient."""
        if fault not in NAMES:
            raise DemoError(f"name one of these: {'; '.join(NAMES)}")
        if self.known:
            raise DemoError("this patient's fault is known; choose a treatment")
        if fault in self.chart.refuted:
            raise DemoError(f"“{fault}” is refuted already; name another")
        if self.predict and self.chart.guessing:
            raise DemoError("first order a test: another name wants new evidence (teachers: "
                            "predict=False)")  # fmt: skip
        tests = list(self.chart.notes["tests"])
        self._note(named=[*self.chart.notes["named"], fault], seen=tests)

    def do_treat(self, fix: str) -> None:
        """Run the program again with one treatment."""
        key = _key(fix, {k: f.name for k, f in FIXES.items()}, "treatment")
        if self.predict and not self.chart.notes["named"]:
            raise DemoError("first say what ails the patient, then treat it (teachers: "
                            "predict=False)")  # fmt: skip
        self._note(tried=[*self.chart.notes["tried"], key])

    def do_next(self) -> None:
        """The next patient who is not cured yet."""
        n, here = len(self.ward), self.settings["patient"]
        others = [(here + k - 1) % n + 1 for k in range(1, n)]
        sick = (i for i in others if not self.charts[i - 1].cured)
        self.settings["patient"] = next(sick, here % n + 1)

    # --- the second opinion ---------------------------------------------------------------------

    def opinion(self) -> str:
        """What the function in use says of the training loss."""
        said = self.slot(self.sick.train.copy())
        if not is_opinion(said):
            text = f"Your diagnose, patient {self.settings['patient']}: return one of three texts."
            self.verdict = Verdict(False, text, "while it ran", " | ".join(WORDS), repr(said))
            said = SLOT.reference(self.sick.train)
        return str(said)

    # --- what is shown --------------------------------------------------------------------------

    def _verdict(self) -> Mapping[str, Any]:
        """The last diagnosis, judged."""
        return clinic_words.verdict(self.chart, self._objection.text, self.seed)

    @property
    def _objection(self) -> clinic_words.Objection:
        """What speaks against the last diagnosis; nothing if it is right."""
        if self.known or not self.chart.notes["named"]:
            return clinic_words.Objection("", self.sick)
        guess, tests = self.chart.notes["named"][-1], self.chart.notes["tests"]
        return clinic_words.objection(self.patient, guess, self.seed, tests)

    @property
    def shown_tests(self) -> list[str]:
        return [key for key in self.chart.notes["tests"] if key not in self.chart.notes["hidden"]]

    @property
    def score(self) -> dict[str, int]:
        """Over all patients: named, with proof, at first go, cured, tests ordered."""
        return score(self.charts)

    @property
    def casebook(self) -> list[dict[str, Any]]:
        """What is known so far, a row for each patient."""
        return casebook(self.charts, self.seed)

    def values(self) -> Mapping[str, Any]:
        chart, recipe, said = self.chart, self.sick.recipe, self.opinion()
        notes, tried = chart.notes, chart.notes["tried"]
        return {
            "patient": self.settings["patient"], "axis": self.settings["axis"],
            "allowed": ALLOWED, "epochs": self.sick.epochs, "lost": self.sick.lost,
            "tests": [{"key": key, "name": test.name, "ordered": key in notes["tests"]}
                      for key, test in TESTS.items()],
            "found": [{"key": key, "title": TESTS[key].title, "text": found(key, recipe).text,
                       **found(key, recipe).values} for key in self.shown_tests],
            "names": NAMES, "fixes": list(FIX_OF), "known": chart.known,
            "refuted": chart.refuted, "guessing": self.predict and chart.guessing,
            "verdict": self._verdict() if notes["named"] else None,
            "may_treat": bool(notes["named"]) or not self.predict,
            "treatment": clinic_words.treatment(self.patient, tried[-1], self.seed)
            if tried else None,
            "cured": chart.cured, "casebook": self.casebook,
            "open": [n for n, its in enumerate(self.charts, 1) if not its.cured],
            "closing": closing(self.charts, self.seed),
            "line": clinic_words.sick_line(self.patient, self.seed) if self.known else None,
            "opinion": {"said": said, "yours": self.accepted,
                        "worth": worth(said, self.patient) if self.known else ""},
            "score": self.score,
        }  # fmt: skip

    def arrays(self) -> Mapping[str, np.ndarray]:
        curves = {"train": self.sick.train, "val": self.sick.val}
        if (treated := self.treated) is not None:
            curves |= {"treated_train": treated.train, "treated_val": treated.val}
        if (objection := self._objection).text:
            curves |= {"would_train": objection.would.train, "would_val": objection.would.val}
        for key in self.shown_tests:
            its = found(key, self.sick.recipe).arrays
            curves |= {f"{key}_{name}": array for name, array in its.items()}
        return curves

    def sentence(self) -> str:
        number = self.settings["patient"]
        if self.chart.notes["tried"]:
            done = clinic_words.treatment(self.patient, self.chart.notes["tried"][-1], self.seed)
            return f"Patient {number}, “{done['name']}”. {done['text']}"
        if self.known:
            goes = len(self.chart.notes["named"])
            first = "at first go" if goes == 1 else f"at go {goes}"
            tests = counted(len(self.chart.notes["tests"]), "test")
            return (f"Patient {number}, named {first}, with {tests}: "
                    f"{self.fault.name}.")  # fmt: skip
        return clinic_words.curves(number, len(self.ward), self.sick)

    def table(self) -> list[dict[str, Any]]:
        """The curves, then what the tests counted."""
        rows = []
        runs = {"": self.sick} | ({", treated": self.treated} if self.treated else {})
        for name, its in runs.items():
            for e in range(its.epochs + 1):
                at = f"epoch {e}" if e else "before"
                rows += [_row(f"training loss{name}", at, its.train[e]),
                         _row(f"validation loss{name}", at, its.val[e])]  # fmt: skip
        for key in self.chart.notes["tests"]:
            measured = found(key, self.sick.recipe).rows
            rows += [_row(TESTS[key].name, what, number) for what, number in measured]
        return rows

    def picture(self) -> Figure:
        from nnlearn.demos.clinic_picture import draw

        return draw(self.sick, self.treated, list(self.findings.values()), self.sentence())

    def code(self) -> Listing:
        if not self.known:
            return Listing("# The program of this patient is shown when its fault has been named.")
        return Listing(clinic_words.program(self.patient, self.seed, self.chart.cured))

    def save(self) -> dict[str, Any]:
        return {"charts": self.now["charts"], "asked": self._asked}

    def inherit(self, before: Sequence[Demo]) -> None:
        """The cell was run again: go on where it was left."""
        old = [demo for demo in before if isinstance(demo, TrainingClinic) and demo.now["charts"]]
        if len(old) == 1 and (old[0].seed, old[0]._asked) == (self.seed, self._asked):
            self.load(old[0].save())
            self.answered = old[0].answered
            self.settings["patient"] = old[0].settings["patient"]

    def load(self, saved: Mapping[str, Any]) -> None:
        self.now = {"charts": copy.deepcopy(dict(saved["charts"]))}
        self._asked = saved["asked"]


def _key(said: str, names: Mapping[str, str], what: str) -> str:
    """The key of something that is given by its key or by its name."""
    found_ = next((key for key, name in names.items() if said in (key, name)), None)
    if found_ is None:
        raise DemoError(f"there is no {what} {said!r}; there are {', '.join(names)}")
    return found_


def _row(picture: str, at: str, value: Any) -> dict[str, Any]:
    number = not isinstance(value, str) and not np.isfinite(value)
    return {"picture": picture, "at": at, "value": "not a number" if number else value}
