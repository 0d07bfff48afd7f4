"""A learner's notebook for tests: solved, then changed in the ways that notebooks are changed."""

import json
import os
from pathlib import Path

import psutil

from nnlearn.course.build import exercise_notebook, solution_notebook
from nnlearn.course.sandbox import MARK
from nnlearn.course.validate import Result, Verdict

STEM = "01_neurons"
IDS = [f"01.{n}" for n in range(1, 7)]


def solved() -> dict:
    return json.loads(json.dumps(solution_notebook(STEM)))


def untouched() -> dict:
    return json.loads(json.dumps(exercise_notebook(STEM)))


def place(notebook: dict, id: str) -> int:
    return next(i for i, cell in enumerate(notebook["cells"]) if cell.get("id") == id)


def cell(notebook: dict, id: str) -> dict:
    return notebook["cells"][place(notebook, id)]


def answer(notebook: dict, exercise: str, source: str) -> None:
    cell(notebook, f"answer-{exercise.replace('.', '-')}")["source"] = source


def insert(notebook: dict, before: str, source: str, id: str = "mine") -> None:
    """A cell of the learner's own, above the cell with the id `before`."""
    new = {"cell_type": "code", "id": id, "metadata": {}, "source": source, "outputs": []}
    notebook["cells"].insert(place(notebook, before), new | {"execution_count": None})


def save(notebook: dict, path: Path) -> Path:
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def by_id(result: Result) -> dict[str, Verdict]:
    return {verdict.exercise: verdict for verdict in result.verdicts}


def left_behind() -> list[psutil.Process]:
    """Processes that a check of this test run started and that still run."""
    found, ours = [], f"{os.getpid()}-"
    for process in psutil.process_iter():
        try:
            mark = process.environ().get(MARK, "")
            if mark.startswith(ours) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
