"""Read a learner's notebook, whatever state it is in, and find the answers in it.

The file is data: nothing of it is run here, and nothing is written to it. Answers are found by the
name of their function, so cells may be copied, moved, deleted or have lost their ids.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 200 * 2**20  # a notebook that keeps 100 MB of printed text is still read
IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class SubmissionError(ValueError):
    """The file cannot be read as a notebook; the text is one line that says why."""


@dataclass(frozen=True)
class Cell:
    """One code cell of the learner's notebook."""

    index: int
    id: str
    source: str


@dataclass(frozen=True)
class Slot:
    """One exercise of the pristine notebook: where its answer goes, and what it is worth."""

    exercise: str
    function: str
    answer_id: str
    check_id: str
    points: float
    stub: str


@dataclass(frozen=True)
class Answer:
    """What the learner wrote for one exercise; `source` is None if there is nothing to run."""

    source: str | None
    status: str  # "given", "not started" or "missing"
    reason: str = ""


@dataclass(frozen=True)
class Submission:
    """The answers by exercise, and for each exercise the learner's helpers that come before it."""

    answers: dict[str, Answer]
    helpers: dict[str, list[str]]


def read_cells(path: Path, limit: int = MAX_BYTES) -> tuple[Cell, ...]:
    """The code cells of a notebook file of any age; SubmissionError says why it cannot be read."""
    text = _decode(_read_bytes(path, limit))
    if not text.strip():
        raise SubmissionError("the file is empty")
    try:
        data = json.loads(text)
    except RecursionError:
        raise SubmissionError("the file is not a notebook: its JSON is nested too deep") from None
    except ValueError as error:
        raise SubmissionError(_why_not_json(text, error)) from None
    return tuple(_code_cells(data))


def _read_bytes(path: Path, limit: int) -> bytes:
    if path.is_dir():
        raise SubmissionError("this is a folder, not a notebook")
    try:
        size = path.stat().st_size
        if size > limit:
            raise SubmissionError(
                f"the file has {size / 2**20:,.0f} MB, more than the {limit / 2**20:,.0f} MB that "
                "are read: in JupyterLab choose Edit > Clear Outputs of All Cells, and save"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise SubmissionError("there is no such file") from None
    except OSError as error:
        raise SubmissionError(f"the file cannot be read: {error.strerror or error}") from None


def _decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif raw[:1] == b"\0":
        encoding = "utf-16-be"
    elif raw[1:2] == b"\0":
        encoding = "utf-16-le"
    else:
        encoding = "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise SubmissionError("the file is not text (UTF-8), so not a notebook") from None


def _why_not_json(text: str, error: ValueError) -> str:
    if re.search(r"^<{7} ", text, re.MULTILINE):
        return "the file holds conflict markers (<<<<<<<) of a Git merge: keep one of the two sides"
    line = getattr(error, "lineno", 1)
    if text.lstrip().startswith("{") and not text.rstrip().endswith("}"):
        return f"the file is cut off at line {line}: the end of the notebook is missing"
    return f"the file is not a notebook: no valid JSON at line {line}"


def _code_cells(data: Any) -> Iterator[Cell]:
    found = data.get("cells") if isinstance(data, dict) else None
    if isinstance(data, dict) and found is None:  # nbformat 3 and older: cells in worksheets
        sheets = [sheet for sheet in data.get("worksheets") or () if isinstance(sheet, dict)]
        found = [cell for sheet in sheets for cell in sheet.get("cells") or ()] if sheets else None
    if not isinstance(found, list):
        raise SubmissionError("the file is JSON, but not a notebook: it has no cells")
    for index, cell in enumerate(found):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            yield Cell(index, str(cell.get("id", "")), _text(source))


def _text(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    lines = source.replace("\r\n", "\n").replace("\r", "\n")
    return lines.encode("utf-8", "replace").decode("utf-8")  # lone surrogates cannot be written


def slots(pristine: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The exercises of a pristine notebook, in order, from the metadata of its cells."""
    answers: dict[str, Any] = {}
    checks: dict[str, Any] = {}
    for cell in pristine["cells"]:
        mark = cell.get("metadata", {}).get("nnlearn") or {}
        place = {"answer": answers, "check": checks}.get(mark.get("role", ""))
        if place is not None:
            place[mark["exercise"]] = cell
    return tuple(
        Slot(
            exercise=exercise,
            function=cell["metadata"]["nnlearn"]["function"],
            answer_id=cell["id"],
            check_id=checks[exercise]["id"],
            points=checks[exercise]["metadata"].get("nbgrader", {}).get("points", 1),
            stub=cell["source"],
        )
        for exercise, cell in answers.items()
    )


def gather(cells: Iterable[Cell], pristine: Mapping[str, Any]) -> Submission:
    """Find each answer, and the helper functions and imports that the learner added."""
    wanted = slots(pristine)
    cells = tuple(cells)
    given = {cell["id"]: cell["source"].strip() for cell in pristine["cells"]}
    own = [_Own(cell) for cell in cells if cell.source.strip() != given.get(cell.id, "")]
    functions = {slot.function for slot in wanted}
    where = {cell.id: cell.index for cell in cells}
    answers, position, used = {}, {}, set()
    for slot in wanted:
        winner = _pick(own, slot, where)
        if winner is None:
            answers[slot.exercise] = _nothing(slot, cells, own, functions)
            position[slot.exercise] = where.get(slot.answer_id, where.get(slot.check_id, -1))
            continue
        whole = winner.cell.id == slot.answer_id or winner.tree is None
        source = winner.source if whole else winner.portable(functions, slot.function)
        answers[slot.exercise] = Answer(source, "given")
        position[slot.exercise] = winner.cell.index
        used.add(winner.cell.index)
    helpers: dict[str, list[str]] = {slot.exercise: [] for slot in wanted}
    for item in own:
        source = "" if item.cell.index in used else item.portable(functions)
        if source:
            later = [name for name, index in position.items() if index > item.cell.index]
            helpers[later[0] if later else wanted[-1].exercise].append(source)
    return Submission(answers, helpers)


class _Own:
    """A cell that the learner wrote or changed, parsed."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.source, self.tree = _parse(cell.source)

    def definition(self, name: str) -> ast.stmt | None:
        """The last top-level definition of a name: a function, a class, or `name = lambda ...`."""
        for node in reversed(self.tree.body if self.tree else []):
            if name in _names(node):
                return node
        return None

    def answers(self, slot: Slot) -> bool:
        """Does this cell define the function, in other words than the untouched stub?"""
        if self.tree is None:  # keep the syntax error, so that it is reported
            return bool(re.search(rf"^\s*def\s+{slot.function}\b", self.source, re.MULTILINE)) or (
                self.cell.id == slot.answer_id
            )
        node = self.definition(slot.function)
        if node is None:  # perhaps inside `if True:` in its own cell
            return self.cell.id == slot.answer_id and any(
                isinstance(inner, DEFINITIONS) and inner.name == slot.function
                for inner in ast.walk(self.tree)
            )
        stub = next((n for n in ast.parse(slot.stub).body if slot.function in _names(n)), None)
        return stub is None or _without_docstring(node) != _without_docstring(stub)

    def portable(self, functions: set[str], wanted: str = "") -> str:
        """Definitions, imports and constants of the cell: nothing that acts on its own.

        Of the `functions` that are exercises, only the one `wanted` is among them.
        """
        lines = self.source.split("\n")
        parts = []
        for node in self.tree.body if self.tree else []:
            names = _names(node)
            if functions.intersection(names) and wanted not in names:
                continue
            if isinstance(node, DEFINITIONS):
                first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
                parts.append("\n".join(lines[first - 1 : node.end_lineno]))
            elif wanted in names or isinstance(node, IMPORTS) or _is_constant(node):
                parts.append(ast.unparse(node))
        return "\n".join(parts)


def _parse(source: str) -> tuple[str, ast.Module | None]:
    without_magics = re.sub(r"\A\s*%%.*", "", source)
    without_magics = re.sub(r"^([ \t]*)[%!?].*", r"\1pass", without_magics, flags=re.MULTILINE)
    for text in (source, without_magics):
        try:
            return text, ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return source, None


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, DEFINITIONS):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _without_docstring(node: ast.stmt) -> str:
    first = node.body[0] if isinstance(node, DEFINITIONS) else None
    text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return "".join(ast.dump(part) for part in getattr(node, "body", [node])[text:])


def _is_constant(node: ast.stmt) -> bool:
    """`EPS = 1e-9` in a cell of its own may be what an answer needs."""
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return bool(_names(node)) and all(name.isupper() for name in _names(node))


def _pick(own: list[_Own], slot: Slot, where: dict[str, int]) -> _Own | None:
    """The definition that a run from top to bottom would hand to the check.

    That is the last one above the check; if none is above it, the one in the answer cell; else the
    last one anywhere. So a draft copied above loses, and an answer in a new cell below wins.
    """
    found = [item for item in own if item.answers(slot)]
    above = [item for item in found if item.cell.index < where.get(slot.check_id, -1)]
    in_place = [item for item in found if item.cell.id == slot.answer_id]
    best = above or in_place or found
    return best[-1] if best else None


def _nothing(slot: Slot, cells: tuple[Cell, ...], own: list[_Own], taken: set[str]) -> Answer:
    """Say whether the stub is untouched, or the function is gone, and where it may have gone."""
    stub = [cell for cell in cells if cell.id == slot.answer_id]
    if any(cell.source.strip() == slot.stub.strip() for cell in stub) or any(
        item.definition(slot.function) is not None for item in own
    ):
        return Answer(None, "not started", "not started")
    others = {name for item in own if item.tree for node in item.tree.body for name in _names(node)}
    in_place = [
        node.name
        for item in own
        if item.tree and item.cell.id == slot.answer_id
        for node in item.tree.body
        if isinstance(node, DEFINITIONS) and node.name not in taken
    ]
    found = in_place or difflib.get_close_matches(slot.function, others - taken, n=1)
    if found:
        hint = f"found {found[-1]}: did you rename it?"
    elif stub:
        hint = "its answer cell holds something else now"
    else:
        hint = "its answer cell is gone; write the function in any cell, under this name"
    return Answer(None, "missing", f"no cell defines {slot.function}; {hint}")


def lesson_number(path: Path) -> str:
    """The number of the lesson that a notebook belongs to, by its cells, else its name, or ""."""
    try:
        ids = [cell.id for cell in read_cells(path)]
    except SubmissionError:
        ids = []
    for name in (*ids, path.name):
        if found := re.match(r"(?:answer-|check-|x)?(\d\d)[-_]", name):
            return found[1]
    return ""
