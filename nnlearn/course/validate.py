"""Grade a learner's notebook: its answers, in the pristine notebook, run by nbval with limits.

The file as saved is never trusted: check cells, metadata and outputs come from the course, only
answers come from the learner. They run in processes of their own, with limits on time and memory.

One exercise never costs another. When the kernel does not survive one, that one is named and taken
out, and the others are run again. Where an answer is missing or wrong, nnlearn's own function takes
its name below the check, for later answers that call it.
"""

from __future__ import annotations

import ast
import re
import textwrap
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nnlearn.course.reasons import advice, error, why_stopped
from nnlearn.course.sandbox import Limits, Run, Sandbox
from nnlearn.course.submission import (
    Slot,
    Submission,
    SubmissionError,
    gather,
    read_cells,
    slots,
)

LONGEST_REASON = 3000
# Before anything else: words that end a kernel or wait for a person become errors with a name.
PREAMBLE = """\
exit = quit = __import__("sys").exit
def input(*_):
    raise EOFError("input() was called: nobody can type during a check")
"""


@dataclass(frozen=True)
class Verdict:
    """How one exercise ended, and why."""

    exercise: str
    function: str
    points: float
    status: str  # passed, wrong, stopped, missing, not started, not reached
    reason: str = ""

    @property
    def passed(self) -> bool:
        return self.status == "passed"

    @property
    def earned(self) -> float:
        return self.points if self.passed else 0


@dataclass(frozen=True)
class Result:
    """A graded notebook. `problem` says why the file could not be read, if it could not."""

    lesson: str
    path: str
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    kept: tuple[tuple[str, str], ...] = ()  # sources of passed answers, for `mine`

    @property
    def passed(self) -> bool:
        return not self.problem and all(verdict.passed for verdict in self.verdicts)

    @property
    def points(self) -> float:
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def earned(self) -> float:
        return sum(verdict.earned for verdict in self.verdicts)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        data = asdict(self)
        del data["kept"]
        verdicts = [asdict(v) | {"earned": v.earned} for v in self.verdicts]
        sums = {"passed": self.passed, "earned": self.earned, "points": self.points}
        return data | sums | {"verdicts": verdicts}


def validate(
    stem: str,
    path: Path,
    limits: Limits | None = None,
    pristine: Mapping[str, Any] | None = None,
) -> Result:
    """Grade the notebook at `path` against lesson `stem`; nothing is written to it.

    Parameters
    ----------
    stem : "01_neurons"
    path : the learner's notebook
    limits : seconds per cell and in all, bytes of memory
    pristine : the notebook to put the answers into; by default built from the lesson's source

    Example
    -------
    >>> validate("01_neurons", Path("exercises/01_neurons.ipynb"))  # doctest: +SKIP
    """
    limits = limits or Limits()
    started = time.monotonic()
    problem, cells = "", None
    try:
        cells = read_cells(path)
    except SubmissionError as unreadable:
        problem = str(unreadable)
    with Sandbox(limits) if cells is not None else nullcontext() as sandbox:
        if pristine is None:
            from nnlearn.course.build import exercise_notebook

            pristine = exercise_notebook(stem)
        grading = _Grading(pristine, limits)
        if sandbox is None or cells is None:
            grading.settle_all("missing", problem)
        else:
            grading.grade(gather(cells, pristine), sandbox)
    verdicts = tuple(grading.verdicts[slot.exercise] for slot in grading.slots)
    passed = {verdict.exercise for verdict in verdicts if verdict.passed}
    return Result(
        stem,
        str(path),
        verdicts,
        tuple(dict.fromkeys(grading.notes)),
        problem,
        round(time.monotonic() - started, 2),
        limits,
        tuple((id, source) for id, source in sorted(grading.kept.items()) if id in passed),
    )


class _Grading:
    """The state of one grading: which exercises have a verdict, which were taken out."""

    def __init__(self, pristine: Mapping[str, Any], limits: Limits) -> None:
        self.code = [cell for cell in pristine["cells"] if cell["cell_type"] == "code"]
        self.slots = slots(pristine)
        self.of_cell = {s.answer_id: s for s in self.slots} | {s.check_id: s for s in self.slots}
        self.imports = _imports(self.code, set(self.of_cell))
        self.limits = limits
        self.verdicts: dict[str, Verdict] = {}
        self.notes: list[str] = []
        self.kept: dict[str, str] = {}
        self.alone: list[Slot] = []  # lost the kernel, or were there when it was lost
        self.skipped: set[str] = set()  # other cells that the kernel did not survive

    def settle_all(self, status: str, reason: str) -> None:
        for slot in self.slots:
            if slot.exercise not in self.verdicts:
                self._settle(slot, status, reason)

    def grade(self, submission: Submission, sandbox: Sandbox) -> None:
        self.submission = submission
        for slot in self.slots:
            answer = submission.answers[slot.exercise]
            if answer.source is None:
                self._settle(slot, answer.status, answer.reason)
        while unsettled := [s for s in self.slots if s.exercise not in self.verdicts]:
            batch = [slot for slot in unsettled if slot not in self.alone] or unsettled[:1]
            before = len(self.verdicts), len(self.alone), len(self.skipped)
            run = sandbox.run(self._cells(batch))
            self._read(run, batch)
            if run.broken or before == (len(self.verdicts), len(self.alone), len(self.skipped)):
                self.settle_all("not reached", run.broken or "nbval did not come to its check")
            if sandbox.capped.is_set():
                limit = f"the whole check reached its limit of {self.limits.total:g} s"
                self.settle_all("not reached", limit)
        self.kept = sandbox.kept()
        self._note_stand_ins()

    def _settle(self, slot: Slot, status: str, reason: str = "") -> None:
        reason = reason if len(reason) < LONGEST_REASON else reason[:LONGEST_REASON] + " ..."
        self.verdicts[slot.exercise] = Verdict(
            slot.exercise, slot.function, slot.points, status, reason
        )

    def _cells(self, batch: Sequence[Slot]) -> list[tuple[str, str]]:
        """(id, source) of the notebook to run: answers moved in, the checks still to be run."""
        cells: list[tuple[str, str]] = []
        for cell in self.code:
            id, source = cell["id"], cell["source"]
            slot = self.of_cell.get(id)
            if slot is None:
                if id not in self.skipped:
                    cells.append((id, source))
                continue
            if id == slot.answer_id:
                for n, helper in enumerate(self.submission.helpers[slot.exercise]):
                    name = f"helper-{slot.exercise}-{n}"
                    if name not in self.skipped:
                        cells.append((name, helper))
                cells.append((id, self._answer(slot, batch)))
            elif slot in batch:
                cells.append((id, self._check(slot, source)))
        first, source = cells[0]
        cells[0] = (first, PREAMBLE + source)
        return cells

    def _answer(self, slot: Slot, batch: Sequence[Slot]) -> str:
        """The learner's answer; nnlearn's in place of one that is missing, was wrong or fatal."""
        source = self.submission.answers[slot.exercise].source
        verdict = self.verdicts.get(slot.exercise)
        missed = verdict is not None and not verdict.passed
        if source is None or missed or (slot in self.alone and slot not in batch):
            return _reference(slot)
        return source

    def _check(self, slot: Slot, source: str) -> str:
        """The check, with the notebook's own imports, which no answer can then replace.

        After a miss the reference takes the name, so later answers that call it lose nothing.
        """
        tried = textwrap.indent(source, "    ")
        after = textwrap.indent(_reference(slot), "    ")
        return f"{self.imports}\ntry:\n{tried}\nexcept BaseException:\n{after}\n    raise"

    def _read(self, run: Run, batch: Sequence[Slot]) -> None:
        """Turn the events of one run into verdicts."""
        answers: dict[str, dict] = {}  # how the answer cells ran
        checked: list[Slot] = []
        for event in run.events:
            slot = self.of_cell.get(event["cell"])
            if event["status"] == "dead before" and checked:
                slot = checked[-1]
            if slot is None:
                self._note(event)
                if lost(event):
                    self.skipped.add(event["cell"])
            elif event["status"] in ("died", "dead before") and checked and len(batch) > 1:
                self.alone.append(slot)  # or an earlier one left a thread: ask again, alone
                self.verdicts.pop(slot.exercise, None)
            elif slot.exercise in self.verdicts:
                pass
            elif event["status"] == "timeout" or lost(event):
                self._stop(slot, event)
            elif event["cell"] == slot.answer_id:
                answers[slot.exercise] = event
            else:
                self._judge(slot, event, answers[slot.exercise])
            if slot and event["cell"] == slot.check_id:
                checked.append(slot)

    def _stop(self, slot: Slot, event: dict) -> None:
        self._settle(slot, "stopped", why_stopped(event, self.limits))

    def _judge(self, slot: Slot, check: dict, answer: dict) -> None:
        if check["status"] == "ok":
            self._settle(slot, "passed")
        elif answer["status"] == "error" and check["ename"] == "NameError":
            self._settle(slot, "wrong", f"the answer cell does not run: {error(answer)}")
        elif check["ename"] == "NotStarted":
            self._settle(slot, "not started", check["evalue"])
        elif check["ename"] == "CheckFailed":
            self._settle(slot, "wrong", check["evalue"] + advice(check["evalue"]))
        else:
            self._settle(slot, "wrong", error(check))

    def _note(self, event: dict) -> None:
        if event["status"] != "ok":
            what = error(event) if event["status"] == "error" else why_stopped(event, self.limits)
            mine = event["cell"].startswith("helper-")
            cell = f"a cell that you added above {event['cell'][7:11]}" if mine else "a later cell"
            self.notes.append(f"{cell} failed: {what}")

    def _note_stand_ins(self) -> None:
        """Say where a passed answer was run with nnlearn's function in place of a missed one."""
        missed: list[str] = []
        for slot in self.slots:
            source = self.submission.answers[slot.exercise].source or ""
            used = [name for name in missed if re.search(rf"\b{name}\b", source)]
            if used and self.verdicts[slot.exercise].passed:
                words = " and ".join(used)
                self.notes.append(f"{slot.exercise} was checked with nnlearn's own {words}")
            if not self.verdicts[slot.exercise].passed:
                missed.append(slot.function)


def lost(event: dict) -> bool:
    """Did the kernel end in this cell?"""
    return event["code"] is not None or event["status"] == "capped"


def _imports(code: Sequence[Mapping[str, Any]], graded: set[str]) -> str:
    """The notebook's own imports: repeated above each check, so no answer can replace them."""
    found = [
        ast.unparse(node)
        for cell in code
        if cell["id"] not in graded
        for node in ast.parse(re.sub(r"^[%!].*", "", cell["source"], flags=re.MULTILINE)).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    return "\n".join(dict.fromkeys(found))


def _reference(slot: Slot) -> str:
    found = f"__import__('nnlearn.course.checks').course.checks.find_exercise({slot.exercise!r})"
    return f"{slot.function} = {found}.function"
