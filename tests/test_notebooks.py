"""Every notebook through nbval: lessons and solutions strictly, exercises untouched."""

import functools
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nbformat
import pytest

from nnlearn.course.build import exercise_notebook
from nnlearn.course.lessons import built
from tests.conftest import ROOT

STEMS = [
    pytest.param(lesson.stem, marks=pytest.mark.xdist_group(lesson.stem)) for lesson in built()
]
THREADS = [
    pytest.param(1, id="one-thread"),
    pytest.param(2, id="two-threads", marks=pytest.mark.alone),
]
LESSON_SECONDS, CELL_SECONDS = 60, 15
# What keeps the time are the runs with one thread. With two, a busy host can make a product of
# matrices 30 times slower, so there the limit only ends a cell that hangs.
HANG_SECONDS = {1: 2 * CELL_SECONDS, 2: 120}


def nbval(notebook: Path, folder: Path, *options: str, threads: int = 1) -> list:
    """Run one notebook under nbval, and return its test cases, one for each code cell."""
    report = folder / f"{notebook.parent.name}-{notebook.stem}.xml"
    env = {**os.environ, "NNLEARN_HOME": str(folder / "home"), "NNLEARN_COURSE": str(ROOT)}
    env |= {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(notebook)]
    command += ["--nbval-current-env", f"--nbval-cell-timeout={HANG_SECONDS[threads]}"]
    command += [f"--junitxml={report}", *options]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return list(ElementTree.parse(report).iter("testcase"))


def failures(cases: list) -> list[str]:
    return [
        f"{case.get('classname')} {case.get('name')}\n{problem.text}"
        for case in cases
        for kind in ("failure", "error")
        for problem in case.findall(kind)
    ]


def code_cells(file: str) -> list:
    notebook = nbformat.read(ROOT / file, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """The cases of a notebook under nbval's strict mode, run once for all tests that ask."""
    folder = tmp_path_factory.mktemp("strict")

    @functools.cache
    def run(kind: str, stem: str, threads: int) -> list:
        return nbval(ROOT / kind / f"{stem}.ipynb", folder, "--nbval", threads=threads)

    return run


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("kind", ["lessons", "solutions"])
@pytest.mark.parametrize("threads", THREADS)
def test_stored_outputs_are_what_the_cells_give(strict, kind, stem, threads):
    cases = strict(kind, stem, threads)
    assert len(cases) == len(code_cells(f"{kind}/{stem}.ipynb"))
    assert failures(cases) == []


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("kind", ["lessons", "solutions"])
def test_every_cell_was_executed_so_that_nbval_compares_it(kind, stem):
    assert all(cell.execution_count for cell in code_cells(f"{kind}/{stem}.ipynb"))


@pytest.mark.parametrize("stem", STEMS)
def test_lessons_keep_the_time_that_their_header_says(strict, stem):
    header = nbformat.read(ROOT / f"lessons/{stem}.ipynb", as_version=4).cells[0].source
    stated = float(re.search(r"top to bottom in about (\d+) s", header)[1])
    seconds = [float(case.get("time")) for case in strict("lessons", stem, 1)]  # as kernels have it
    assert max(seconds) < CELL_SECONDS
    assert sum(seconds) < min(2 * stated, LESSON_SECONDS)


@pytest.mark.parametrize("stem", STEMS)
def test_untouched_exercises_fail_at_each_check_and_nowhere_else(tmp_path, stem):
    untouched = exercise_notebook(stem)  # the file in this clone may have been worked on
    (tmp_path / "untouched.ipynb").write_text(nbformat.writes(untouched), encoding="utf-8")
    cells = [c for c in untouched.cells if c.cell_type == "code"]
    cases = nbval(tmp_path / "untouched.ipynb", tmp_path, "--nbval-lax")
    for cell, case in zip(cells, cases, strict=True):
        told = "\n".join(failures([case]))
        about = cell.metadata.get("nnlearn", {})
        if about.get("role") == "check":
            assert f"{about['exercise']} {about['function']}: not started" in told
        else:
            assert told == ""
