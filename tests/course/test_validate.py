import json

import pytest

from nnlearn.course.sandbox import Limits, Sandbox
from nnlearn.course.validate import validate
from tests.course.learner import (
    IDS,
    STEM,
    answer,
    by_id,
    cell,
    insert,
    left_behind,
    save,
    solved,
    untouched,
)

QUICK = Limits(cell=5, total=60)


@pytest.fixture(scope="module")
def all_solved(tmp_path_factory):
    return validate(STEM, save(solved(), tmp_path_factory.mktemp("solved") / "m.ipynb"), QUICK)


def test_a_solved_notebook_passes(all_solved):
    assert all_solved.passed and all_solved.notes == ()
    assert all_solved.earned == all_solved.points == 10
    assert left_behind() == []


def test_the_passed_answers_are_kept_for_later_lessons(all_solved):
    assert [id for id, _ in all_solved.kept] == IDS
    assert "def step(z)" in dict(all_solved.kept)["01.4"]  # what an answer leans on comes along


def test_a_result_is_plain_data(all_solved):
    data = json.loads(json.dumps(all_solved.as_dict()))
    assert data["passed"] and data["earned"] == 10 and data["limits"]["cell"] == 5
    assert data["verdicts"][0] == {
        "exercise": "01.1",
        "function": "neuron",
        "points": 1,
        "status": "passed",
        "reason": "",
        "earned": 1,
    }


def test_an_untouched_notebook_needs_no_kernel(tmp_path, monkeypatch):
    monkeypatch.setattr(Sandbox, "run", None)
    result = validate(STEM, save(untouched(), tmp_path / "m.ipynb"))
    assert {v.status for v in result.verdicts} == {"not started"}
    assert not result.passed and result.earned == 0


def test_a_file_that_cannot_be_read_is_a_problem_of_every_exercise(tmp_path, monkeypatch):
    monkeypatch.setattr(Sandbox, "__enter__", None)
    file = tmp_path / "m.ipynb"
    file.write_text('{"cells": [', encoding="utf-8")
    result = validate(STEM, file)
    assert "cut off" in result.problem and not result.passed
    assert {v.reason for v in result.verdicts} == {result.problem}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Wrong, failing, unfinished and right answers, and helpers that do not run, in one run."""
    notebook = solved()
    answer(notebook, "01.1", "def neuron(x, w, b):\n    return x @ w - b\n")
    answer(notebook, "01.2", "def step(z):\n    return NP.where(z < 0, 0.0, 1.0)\n")
    insert(notebook, "answer-01-2", "import no_such_library")
    answer(notebook, "01.3", "GATES = {'AND': 1}['OR']\ndef gate_weights(gate):\n    return GATES")
    stuck = 'def classify(X, w, b):\n    z = X @ w + b\n    raise NotImplementedError("later")\n'
    answer(notebook, "01.4", stuck)
    answer(notebook, "01.5", cell(notebook, "answer-01-5")["source"] + "\nnothing_here\n")
    return validate(STEM, save(notebook, tmp_path_factory.mktemp("mixed") / "m.ipynb"), QUICK)


def test_the_report_of_the_check_is_the_reason(mixed):
    reason = by_id(mixed)["01.1"].reason
    assert "came out" in reason and "The bias is subtracted" in reason


def test_an_error_inside_an_answer_is_told(mixed):
    verdict = by_id(mixed)["01.2"]
    assert verdict.status == "wrong" and "NameError: name 'NP' is not defined" in verdict.reason


def test_an_answer_cell_that_does_not_run_is_told(mixed):
    verdict = by_id(mixed)["01.3"]
    assert verdict.status == "wrong"
    assert verdict.reason == "the answer cell does not run: KeyError: 'OR'"


def test_an_answer_that_still_raises_is_not_started(mixed):
    assert by_id(mixed)["01.4"].status == "not started"


def test_a_line_that_fails_below_a_right_answer_costs_nothing(mixed):
    assert by_id(mixed)["01.5"].passed


def test_an_answer_that_calls_wrong_ones_is_graded_for_itself(mixed):
    assert by_id(mixed)["01.6"].passed


def test_a_helper_that_fails_is_noted(mixed):
    assert mixed.notes[0] == (
        "a cell that you added above 01.2 failed: "
        "ModuleNotFoundError: No module named 'no_such_library'"
    )


def test_a_stand_in_for_a_missed_function_is_noted(mixed):
    assert "01.5 was checked with nnlearn's own neuron and step" in mixed.notes
    assert "01.6 was checked with nnlearn's own neuron and step" in mixed.notes


def test_the_sandbox_serves_several_runs_and_passes_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "x")
    with Sandbox(QUICK) as sandbox:
        first = sandbox.run([("a", "import os; assert 'SECRET_TOKEN' not in os.environ")])
        assert [event["status"] for event in first.events] == ["ok"]
        ended = sandbox.run([("a", "import os, signal; os.kill(os.getppid(), 9)"), ("b", "1")])
        assert ended.events[-1]["status"] == "died"
        third = sandbox.run([("a", "1/0"), ("b", "1")])
        assert [event["status"] for event in third.events] == ["error", "ok"]
    assert left_behind() == []
