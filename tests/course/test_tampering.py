"""Whatever a notebook holds: it ends in time, the cause is named, the other exercises count."""

import time

import pytest

from nnlearn.course.sandbox import Limits
from nnlearn.course.validate import validate
from tests.course.learner import STEM, answer, by_id, cell, insert, left_behind, place, save, solved

QUICK = Limits(cell=3, total=100)
GATES = """\
    sign = -1 if gate[0] == "N" else 1
    return sign * np.ones(2), sign * (-1.5 if gate[-3:] == "AND" else -0.5)
"""


def graded(notebook, path, limits=QUICK):
    """Grade a notebook, and check what must hold however it ends."""
    save(notebook, path)
    before = path.read_bytes()
    started = time.monotonic()
    result = validate(STEM, path, limits)
    assert time.monotonic() - started < limits.total + 5
    assert path.read_bytes() == before
    assert left_behind() == []
    return result


@pytest.fixture(scope="module")
def resources(tmp_path_factory):
    notebook = solved()
    answer(notebook, "01.1", "import os\ndef neuron(x, w, b):\n    os._exit(3)\n")
    answer(notebook, "01.2", "def step(z):\n    while True:\n        z = z + 1\n")
    answer(
        notebook, "01.4", "def classify(X, w, b):\n    return np.ones(5 * 2**30, dtype=np.uint8)\n"
    )
    answer(notebook, "01.5", "def perceptron_update(w, b, x, y, lr):\n    return input('w? ')\n")
    return graded(notebook, tmp_path_factory.mktemp("resources") / "mine.ipynb")


def test_a_flood_of_output_is_drained(tmp_path):
    notebook = solved()
    flood = "def gate_weights(gate):\n    for _ in range(25):\n        print('x' * 1_000_000)\n"
    answer(notebook, "01.3", flood + GATES)
    # its own limit: how fast 100 MB are drained depends on what else the machine does
    result = graded(notebook, tmp_path / "mine.ipynb", Limits(cell=20, total=60))
    assert by_id(result)["01.3"].passed


def test_an_endless_loop_is_named_with_its_line(resources):
    verdict = by_id(resources)["01.2"]
    assert verdict.status == "stopped"
    assert "still running after 3 s" in verdict.reason and '(at "' in verdict.reason


def test_os_exit_is_named(resources):
    verdict = by_id(resources)["01.1"]
    assert verdict.status == "stopped"
    assert "os._exit" in verdict.reason and "exit code 3" in verdict.reason


def test_five_gigabytes_are_refused(resources):
    verdict = by_id(resources)["01.4"]
    assert not verdict.passed and "too much memory" in verdict.reason


def test_input_is_named(resources):
    verdict = by_id(resources)["01.5"]
    assert verdict.status == "wrong" and "input()" in verdict.reason


def test_an_answer_that_leans_on_the_lost_ones_counts(resources):
    assert by_id(resources)["01.6"].passed


@pytest.fixture(scope="module")
def stubborn(tmp_path_factory):
    notebook = solved()
    swallow = (
        "        try:\n            time.sleep(9)\n        except BaseException:\n            pass"
    )
    answer(notebook, "01.1", f"import time\ndef neuron(x, w, b):\n    while True:\n{swallow}\n")
    answer(notebook, "01.2", "import sys\ndef step(z):\n    sys.exit(0)\n")
    threads = (
        "import threading, time, subprocess, sys\n"
        "def gate_weights(gate):\n"
        "    threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],\n"
        "                     start_new_session=True)\n"
    )
    answer(notebook, "01.3", threads + GATES)
    crash = "import ctypes\ndef classify(X, w, b):\n    return ctypes.string_at(0)\n"
    answer(notebook, "01.4", crash)
    answer(notebook, "01.5", "def perceptron_update(w, b, x, y, lr):\n    exit()\n")
    return graded(notebook, tmp_path_factory.mktemp("stubborn") / "mine.ipynb")


def test_a_loop_that_swallows_interrupts_is_named(stubborn):
    verdict = by_id(stubborn)["01.1"]
    assert verdict.status == "stopped" and "an interrupt did not stop it" in verdict.reason


@pytest.mark.parametrize("exercise", ["01.2", "01.5"])
def test_sys_exit_and_exit_are_named(stubborn, exercise):
    verdict = by_id(stubborn)[exercise]
    assert verdict.status == "wrong" and "called sys.exit, exit or quit" in verdict.reason


def test_threads_and_processes_left_running_cost_nothing(stubborn):
    assert by_id(stubborn)["01.3"].passed
    assert by_id(stubborn)["01.6"].passed


def test_a_crash_is_named(stubborn):
    verdict = by_id(stubborn)["01.4"]
    assert verdict.status == "stopped" and "crashed Python itself" in verdict.reason


@pytest.fixture(scope="module")
def forged(tmp_path_factory):
    notebook = solved()
    answer(notebook, "01.1", "def neuron(x, w, b):\n    return 0.0  # NBVAL_SKIP\n")
    cell(notebook, "check-01-1")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "✓ 01.1 neuron: passed, 9 cases.\n"}
    ]
    cell(notebook, "check-01-1")["execution_count"] = 7
    shadow = "def check(*args):\n    print('passed')\nnp = None\ndef step(z):\n    return z\n"
    answer(notebook, "01.2", shadow)
    cell(notebook, "check-01-2")["source"] = "print('✓ 01.2 step: passed')"
    del notebook["cells"][place(notebook, "check-01-3")]
    doubled = cell(notebook, "check-01-4")
    notebook["cells"].insert(place(notebook, "check-01-4"), dict(doubled))
    hidden = cell(notebook, "check-01-5")
    hidden["source"] = "%%script false\n" + hidden["source"]
    answer(notebook, "01.5", "%%time\n# NBVAL_SKIP\n" + cell(notebook, "answer-01-5")["source"])
    cell(notebook, "answer-01-6")["metadata"] = {"tags": ["nbval-skip", "raises-exception"]}
    return graded(notebook, tmp_path_factory.mktemp("forged") / "mine.ipynb")


@pytest.mark.parametrize("exercise", ["01.1", "01.2"])
def test_fake_outputs_and_edited_checks_pay_nothing(forged, exercise):
    verdict = by_id(forged)[exercise]
    assert verdict.status == "wrong" and "not yet" in verdict.reason


@pytest.mark.parametrize("exercise", ["01.3", "01.4", "01.5", "01.6"])
def test_deleted_doubled_and_hidden_checks_cost_nothing(forged, exercise):
    assert by_id(forged)[exercise].passed


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    notebook = solved()
    right = cell(notebook, "answer-01-3")["source"]
    insert(notebook, "answer-01-3", "def gate_weights(gate):\n    return None  # a draft 🧠\n")
    answer(
        notebook, "01.4", 'def classify(X, w, b):\n    raise NotImplementedError("your code here")'
    )
    insert(
        notebook, "check-01-6", "def classify(X, w, b):\n    return firing(X @ w + b)\n", "below"
    )
    insert(notebook, "answer-01-1", "def firing(z):\n    return (z >= ZERO) * 1.0\nZERO = 0.0\n")
    assert right.startswith("def gate_weights")
    del notebook["cells"][place(notebook, "answer-01-1")]
    answer(notebook, "01.2", "def stepp(z):\n    return z >= 0\n")
    answer(notebook, "01.5", "def perceptron_update(w, b, x, y, lr)\n    return w, b\n")
    return graded(notebook, tmp_path_factory.mktemp("moved") / "mine.ipynb")


def test_a_deleted_answer_is_named(moved):
    verdict = by_id(moved)["01.1"]
    assert verdict.status == "missing" and "no cell defines neuron" in verdict.reason


def test_a_renamed_answer_is_named(moved):
    verdict = by_id(moved)["01.2"]
    assert verdict.status == "missing" and "found stepp: did you rename it?" in verdict.reason


def test_a_draft_above_loses_and_an_answer_in_a_new_cell_wins(moved):
    assert by_id(moved)["01.3"].passed
    assert by_id(moved)["01.4"].passed


def test_a_syntax_error_is_named(moved):
    verdict = by_id(moved)["01.5"]
    assert verdict.status == "wrong" and "SyntaxError: expected ':'" in verdict.reason


def test_the_last_exercise_is_graded_all_the_same(moved):
    assert by_id(moved)["01.6"].passed


def test_the_whole_check_has_a_limit(tmp_path):
    notebook = solved()
    answer(notebook, "01.1", "import time\ntime.sleep(60)\ndef neuron(x, w, b):\n    return 0\n")
    limits = Limits(cell=60, total=3)
    verdicts = by_id(graded(notebook, tmp_path / "slow.ipynb", limits))
    assert verdicts["01.6"].status == "not reached" and "limit of 3 s" in verdicts["01.6"].reason
