import json
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from nnlearn.cli import app
from nnlearn.course.paths import PACKAGE_PARENT
from nnlearn.course.progress import Progress
from tests.course.learner import STEM, answer, save, solved, untouched


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A course of one's own, with the real sources; the working directory is in it."""
    root = tmp_path / "course"
    shutil.copytree(PACKAGE_PARENT / "source", root / "source")
    (root / "exercises").mkdir()
    monkeypatch.setenv("NNLEARN_COURSE", str(root))
    monkeypatch.chdir(root)
    return root


def nnlearn(*arguments, code):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_help_and_version_answer_without_loading_the_course():
    assert "check" in nnlearn("--help", code=0) and "nnlearn 0" in nnlearn("--version", code=0)
    heavy = "jupytext nbformat rich.console matplotlib nnlearn.course".split()
    code = f"import sys, nnlearn.cli; print([m for m in {heavy} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert loaded.stdout == "[]\n"


def test_check_records_what_passed_and_says_why_the_rest_did_not(course, tmp_path):
    notebook = solved()
    answer(notebook, "01.1", "def neuron(x, w, b):\n    return x @ w  # [bold]🧠\n")
    answer(notebook, "01.3", "")
    file = save(notebook, course / "exercises" / f"{STEM}.ipynb")
    before = file.read_bytes()
    output = nnlearn("check", "1", code=1)
    assert file.read_bytes() == before
    assert "✗ 01.1 neuron             0/1  not yet" in output
    assert "the cause  The bias is left out" in output
    assert "✓ 01.2 step               1/1" in output
    assert "no cell defines gate_weights; its answer cell holds something else now" in output
    assert "7 of 10 points" in output and "╭" not in output
    assert Progress.load().passed == ["01.2", "01.4", "01.5", "01.6"]
    assert (tmp_path / "home" / "answers" / "01.5.py").is_file()
    rows = json.loads(nnlearn("progress", "--json", code=0))["lessons"][STEM]
    assert rows[1] | {"points": 1} == {
        "exercise": "01.2",
        "function": "step",
        "points": 1,
        "passed": True,
        "tries": 1,
        "hints": 0,
    }
    output = nnlearn("progress", "01", code=0)
    assert "4 of 6 passed" in output and "Next: 01.1 neuron, in exercises" in output


def test_a_submission_is_checked_in_json_and_not_recorded(tmp_path):
    file = save(solved(), tmp_path / "homework of é.ipynb")
    data = json.loads(nnlearn("check", "--submission", file, "--json", code=0))
    assert data["passed"] and data["earned"] == 10 and data["version"] == 1
    assert data["lessons"][0]["lesson"] == STEM
    assert Progress.load().passed == []


def test_check_of_everything_adds_up(course):
    for stem in ("00_start_here", STEM):
        nnlearn("reset", stem[:2], code=0)
    output = nnlearn("check", code=1)
    assert output.count("not started") >= 9 and "points in all" in output


def test_a_file_that_is_no_notebook_is_named(course):
    output = nnlearn("check", "01", code=1)
    assert "there is no such file" in output and "nnlearn reset 01" in output
    (course / "exercises" / f"{STEM}.ipynb").write_text("")
    assert "the file is empty" in nnlearn("check", "01", code=1)
    data = json.loads(nnlearn("check", "01", "--json", code=1))
    assert data["lessons"][0]["problem"] == "the file is empty"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["check", "xx"], "xx is not a lesson. Lessons so far: 00_start_here, 01_neurons"),
        (["progress", "99"], "99 is not a lesson"),
        (["reset", "17"], "17 is planned, not written yet"),
        (["build", "99"], "99 is not a lesson"),
        (["check", "--colour"], "No such option"),
        (["check", "--seconds", "0"], "0.1"),
        (["frobnicate"], "No such command"),
        (["new-lesson", "2"], "two digits, then words"),
        (["new-lesson", "02_unplanned"], "not in the table of lessons"),
        (["new-lesson", "01_neurons"], "Nothing was written"),
        (["check", "--submission", "essay.ipynb"], "Name its number"),
    ],
)
def test_a_wrong_call_is_answered_with_a_sentence(arguments, reason):
    output = nnlearn(*arguments, code=2)
    assert reason in output and "Traceback" not in output


def test_no_course_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLEARN_COURSE", str(tmp_path))
    assert "has no source/ and exercises/" in nnlearn("check", code=2)


def test_a_read_only_home_warns_and_goes_on(course, monkeypatch, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("NNLEARN_HOME", str(blocked / "home"))
    save(solved(), course / "exercises" / f"{STEM}.ipynb")
    output = nnlearn("check", "01", code=0)
    assert "10 of 10 points" in output and "could not be saved" in output
    assert "0 of 6 passed" in nnlearn("progress", "01", code=0)


def test_reset_says_where_the_copy_is(course):
    save(solved(), course / "exercises" / f"{STEM}.ipynb")
    output = nnlearn("reset", "01", code=0)
    assert "Your version is kept:" in output and "backups" in output
    assert "kept" not in nnlearn("reset", "01", code=0)


def test_build_check_tells_what_is_out_of_date(course):
    save(untouched(), course / "exercises" / f"{STEM}.ipynb")
    output = nnlearn("build", "01", "--check", code=1)
    assert "out of date  lessons" in output and "up to date   exercises" in output


def test_new_lesson_writes_files_that_work(course, monkeypatch, tmp_path):
    package = tmp_path / "clone"
    monkeypatch.setattr("nnlearn.course.scaffold.PACKAGE_PARENT", package)
    for file in (course / "source").glob("02_*"):  # in this copy the lesson is yet to be written
        file.unlink()
    output = nnlearn("new-lesson", "02_weights_and_biases", code=0)
    assert output.count("written") == 4
    source = (course / "source" / "02_weights_and_biases_exercises.py").read_text()
    assert "# # Exercises 02 · Weights and biases" in source and "{" not in source
    scope = {"__name__": "checks"}
    checks = package / "nnlearn" / "course" / "checks" / "02_weights_and_biases.py"
    exec(compile(checks.read_text(), checks, "exec"), scope)
    [exercise] = scope["EXERCISES"]
    assert exercise.examine(lambda X: X.sum(axis=1)).passed
    for mistake in exercise.mistakes:
        assert exercise.examine(mistake.function).mistake is mistake


def test_lab_starts_jupyterlab_in_the_course(course, monkeypatch):
    calls = []
    monkeypatch.setattr("subprocess.call", lambda command, cwd: calls.append((command, cwd)) or 0)
    nnlearn("lab", "--no-browser", "--port", "8899", code=0)
    [(command, cwd)] = calls
    assert cwd == course and command[1:3] == ["-m", "jupyterlab"]
    assert "--no-browser" in command and "--port=8899" in command
