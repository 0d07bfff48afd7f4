"""From `source/` to notebooks: one source each for a lesson, and for its exercises and solutions.

A source is a py:percent file. In an exercise source, `# %% answer="01.2"` marks the cell with
the learner's function and `# %% check="01.2"` the cell that checks it; what stands between
`### BEGIN SOLUTION` and `### END SOLUTION` is taken out for learners. Cells carry nbgrader's
metadata, so that a teacher can put the notebooks into an nbgrader course as they are.

Cell ids are pinned, and a notebook whose cells did not change keeps its stored outputs, so
building twice changes nothing.
"""

import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from nnlearn.course.checks import exercises
from nnlearn.course.files import keep, replace
from nnlearn.course.glossary import glossary_cells
from nnlearn.course.lessons import built
from nnlearn.course.paths import course_root

STUB = 'raise NotImplementedError("your code here")'
SOLUTION = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION\n(?P<body>.*?)^[ \t]*### END SOLUTION[ \t]*(\n|\Z)",
    re.M | re.S,
)
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # no version: it would differ from machine to machine
}
CELL_SECONDS = 60


class SourceError(Exception):
    """A source file breaks the builder's rules; the text says where and how."""


def lesson_notebook(stem: str) -> NotebookNode:
    return _notebook(_read(f"{stem}.py"), f"l{stem[:2]}")


def solution_notebook(stem: str) -> NotebookNode:
    return _exercises(stem, lambda match: match["body"])


def exercise_notebook(stem: str) -> NotebookNode:
    """The learner's notebook as it was before anybody touched it."""
    return _exercises(stem, lambda match: f"{match['indent']}{STUB}\n")


def _read(name: str) -> list[NotebookNode]:
    file = course_root() / "source" / name
    return jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent").cells


def _notebook(cells: list[NotebookNode], prefix: str) -> NotebookNode:
    for i, cell in enumerate(cells):
        cell.id = f"{prefix}-{i:02}"
    return new_notebook(cells=cells, metadata=METADATA)


def _exercises(stem: str, fill) -> NotebookNode:
    notebook = _notebook(_read(f"{stem}_exercises.py"), f"x{stem[:2]}")
    names = {e.id: e for e in exercises(stem)}
    for cell in notebook.cells:
        for role in ("answer", "check"):
            id = cell.metadata.pop(role, None)
            if id is None:
                continue
            if id not in names:
                raise SourceError(f'{stem}_exercises.py: {role}="{id}" has no Exercise object.')
            if role == "answer" and not SOLUTION.search(cell.source):
                raise SourceError(f"{stem}_exercises.py: answer {id} has no ### BEGIN SOLUTION.")
            cell.id = f"{role}-{id.replace('.', '-')}"
            cell.metadata.nnlearn = {"exercise": id, "role": role, "function": names[id].name}
            cell.metadata.nbgrader = _nbgrader(cell.id, role, names[id].points)
            if role == "check":
                cell.metadata |= {"deletable": False, "editable": False}
        cell.source = SOLUTION.sub(fill, cell.source).rstrip("\n")
    return notebook


def _nbgrader(id: str, role: str, points: int) -> dict:
    check = role == "check"
    metadata = {"grade": check, "grade_id": id, "locked": check, "schema_version": 3}
    metadata |= {"solution": not check, "task": False}
    return metadata | ({"points": points} if check else {})


@dataclass(frozen=True)
class Product:
    """One notebook of the course: where it goes, its cells, whether its outputs are stored."""

    path: Path
    notebook: NotebookNode
    executed: bool

    def is_current(self) -> bool:
        try:
            stored = nbformat.read(self.path, as_version=4)
        except (OSError, ValueError):
            return False
        return _essence(stored) == _essence(self.notebook) and (
            not self.executed or all(c.execution_count for c in _code(stored))
        )

    def write(self) -> float:
        """Execute where outputs are stored, and write; returns the seconds it ran."""
        self.path.parent.mkdir(exist_ok=True)  # the kernel starts in it
        if self.path.parent.name == "exercises" and self.path.exists():
            keep(self.path)  # somebody may have worked in it
        started = time.perf_counter()
        if self.executed:
            execute(self.notebook, self.path.parent)
        seconds = time.perf_counter() - started
        nbformat.validate(self.notebook)
        replace(self.path, (nbformat.writes(self.notebook) + "\n").encode())
        return seconds


def products(number: str = "") -> Iterator[Product]:
    """Every notebook that the sources define, or those of one lesson."""
    root = course_root()
    for lesson in built():
        if number and lesson.number != number:
            continue
        file = f"{lesson.stem}.ipynb"
        yield Product(root / "lessons" / file, lesson_notebook(lesson.stem), True)
        yield Product(root / "solutions" / file, solution_notebook(lesson.stem), True)
        yield Product(root / "exercises" / file, exercise_notebook(lesson.stem), False)
    yield Product(
        root / "lessons" / "glossary.ipynb", _notebook(glossary_cells(), "glossary"), False
    )


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run all cells in `folder`, and keep only outputs that are the same on every run."""
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory() as home:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            store_widget_state=False,
        )
        client.execute(
            env={**os.environ, "NNLEARN_HOME": home, "NNLEARN_COURSE": str(course_root())}
        )
    notebook.metadata = METADATA
    for cell in _code(notebook):
        cell.metadata.pop("execution", None)
        cell.outputs = _joined(cell.outputs)
        for output in cell.outputs:
            # a view without its kernel shows an error; the picture beside it shows the demo
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Printed text arrives in pieces whose edges are a matter of timing: make it one again."""
    joined: list[NotebookNode] = []
    for output in outputs:
        if joined and output.get("name") and output.get("name") == joined[-1].get("name"):
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _essence(notebook: NotebookNode) -> list:
    return [(c.get("id"), c.cell_type, c.source, dict(c.metadata)) for c in notebook.cells]
