import json

import nbformat
import pytest

from nnlearn.course.submission import (
    Cell,
    SubmissionError,
    gather,
    lesson_number,
    read_cells,
    slots,
)
from tests.course.learner import IDS, answer, cell, insert, place, save, solved, untouched

PRISTINE = untouched()


def found(notebook):
    """What is gathered from a notebook as it would be read from its file."""
    code = [
        Cell(i, cell.get("id", ""), cell["source"])
        for i, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
    ]
    return gather(code, PRISTINE)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"# Neurons\nprint(1)\n", "no valid JSON at line 1"),
        (b'{"cells": [], "metadata": {}, "nbformat": 4, "nbf', "cut off at line 1"),
        (b'{"cells": [{"cell_type": "code", "source": "de', "cut off"),
        (b'{"a": 1}', "has no cells"),
        (b"[1, 2]", "has no cells"),
        (b"7", "has no cells"),
        (b'{"cells": 3}', "has no cells"),
        (b"\x80\x81\xff\xfa", "not text"),
        (b'{\n<<<<<<< HEAD\n"cells": []\n=======\n', "conflict markers"),
        (b"[" * 200_000, "nested too deep"),
    ],
)
def test_says_why_a_file_is_no_notebook(tmp_path, content, reason):
    file = tmp_path / "mine.ipynb"
    file.write_bytes(content)
    with pytest.raises(SubmissionError, match=reason) as caught:
        read_cells(file)
    assert "\n" not in str(caught.value)


def test_says_that_a_file_is_missing_a_folder_or_too_large(tmp_path):
    with pytest.raises(SubmissionError, match="no such file"):
        read_cells(tmp_path / "none.ipynb")
    with pytest.raises(SubmissionError, match="a folder"):
        read_cells(tmp_path)
    with pytest.raises(SubmissionError, match="Clear Outputs"):
        read_cells(save(solved(), tmp_path / "large.ipynb"), limit=1000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_reads_any_unicode(tmp_path, encoding):
    notebook = solved()
    answer(notebook, "01.1", "def neuron(x, w, b):\n    return x @ w + b  # 🧠 é\n")
    file = tmp_path / "mine.ipynb"
    file.write_bytes(json.dumps(notebook, ensure_ascii=False).encode(encoding))
    assert "🧠 é" in next(c for c in read_cells(file) if c.id == "answer-01-1").source


def test_reads_windows_line_ends_lists_of_lines_and_half_characters(tmp_path):
    notebook = solved()
    answer(notebook, "01.1", "def neuron(x, w, b):\r\n    return x @ w + b  # \ud800\r\n")
    lines = cell(notebook, "answer-01-2")["source"].splitlines(keepends=True)
    cell(notebook, "answer-01-2")["source"] = [*lines, None]
    file = tmp_path / "mine.ipynb"
    file.write_bytes(json.dumps(notebook, indent=1).replace("\n", "\r\n").encode())
    sources = {c.id: c.source for c in read_cells(file)}
    assert sources["answer-01-1"] == "def neuron(x, w, b):\n    return x @ w + b  # ?\n"
    assert sources["answer-01-2"] == "".join(lines)


def test_reads_the_format_of_2013(tmp_path):
    old = nbformat.convert(nbformat.from_dict(solved()), 3)
    file = tmp_path / "mine.ipynb"
    file.write_text(json.dumps(old), encoding="utf-8")
    answers = gather(read_cells(file), PRISTINE).answers
    assert [answers[id].status for id in IDS] == ["given"] * 6


def test_knows_the_slots_of_the_pristine_notebook():
    first, *_, last = slots(PRISTINE)
    assert (first.exercise, first.function, first.points) == ("01.1", "neuron", 1)
    assert (last.answer_id, last.check_id, last.points) == ("answer-01-6", "check-01-6", 3)


def test_untouched_is_not_started():
    notebook = untouched()
    assert {a.status for a in found(notebook).answers.values()} == {"not started"}
    stub = cell(notebook, "answer-01-1")
    stub["source"] = "# soon\ndef neuron(x, w, b):\n    raise NotImplementedError('your code here')"
    assert found(notebook).answers["01.1"].status == "not started"


def test_lost_ids_cost_nothing():
    notebook = solved()
    for item in notebook["cells"]:
        del item["id"]
    submission = found(notebook)
    assert all(answer.status == "given" for answer in submission.answers.values())
    assert submission.answers["01.1"].source.startswith("def neuron")


def test_the_definition_that_the_check_would_see_wins():
    notebook = solved()
    insert(notebook, "answer-01-1", "def neuron():\n    return 'draft'")
    insert(notebook, "check-01-6", "def neuron():\n    return 'later play'")
    assert "x @ w + b" in found(notebook).answers["01.1"].source
    insert(notebook, "check-01-1", "def neuron():\n    return 'between'")
    assert "between" in found(notebook).answers["01.1"].source


def test_without_its_check_the_answer_cell_wins_and_then_the_last():
    notebook = solved()
    insert(notebook, "check-01-6", "def neuron():\n    return 'later'")
    del notebook["cells"][place(notebook, "check-01-1")]
    assert "x @ w + b" in found(notebook).answers["01.1"].source
    del notebook["cells"][place(notebook, "answer-01-1")]
    assert "later" in found(notebook).answers["01.1"].source


def test_helpers_go_along_but_nothing_that_acts():
    notebook = solved()
    insert(
        notebook,
        "answer-01-2",
        "import math, os\nLIMIT = 3\nx = 5\nos._exit(1)\n@property\ndef helper(self):\n    pass\n"
        "def step(z):\n    return 'not mine to carry'\nfor i in range(9): print(i)\n!ls\n",
    )
    helpers = found(notebook).helpers
    assert helpers["01.1"] == [] and helpers["01.3"] == []
    [helper] = helpers["01.2"]
    assert helper == "import math, os\nLIMIT = 3\n@property\ndef helper(self):\n    pass"


def test_an_import_added_to_the_setup_cell_and_a_helper_at_the_end_go_along():
    notebook = solved()
    setup = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    setup["source"] += "\nimport math"
    notebook["cells"].append({"cell_type": "code", "source": "def late(): pass", "id": "end"})
    helpers = found(notebook).helpers
    assert "import math" in helpers["01.1"][0]
    assert helpers["01.6"] == ["def late(): pass"]


def test_all_answers_in_one_new_cell_are_told_apart():
    notebook = untouched()
    insert(
        notebook,
        "check-01-6",
        "TWO = 2\ndef neuron(x, w, b):\n    return 1\n\nstep = lambda z: z\nprint(step(1))",
    )
    answers = found(notebook).answers
    assert answers["01.1"].source == "TWO = 2\ndef neuron(x, w, b):\n    return 1"
    assert answers["01.2"].source == "TWO = 2\nstep = lambda z: z"
    assert answers["01.3"].status == "not started"


@pytest.mark.parametrize("magic", ["%%time\n", "%%script false\n", "%matplotlib inline\n", "!ls\n"])
def test_magics_are_taken_off(magic):
    notebook = solved()
    answer(notebook, "01.2", magic + "def step(z):\n    return z >= 0\n")
    source = found(notebook).answers["01.2"].source
    assert "%" not in source and "!" not in source and "def step(z)" in source


def test_a_syntax_error_is_carried_as_it_is():
    notebook = solved()
    answer(notebook, "01.2", "def step(z)\n    return 1\n")
    assert found(notebook).answers["01.2"].source == "def step(z)\n    return 1\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def neurons(x, w, b):\n    return x @ w + b", "found neurons: did you rename it?"),
        ("def n(x, w, b):\n    return x @ w + b", "found n: did you rename it?"),
        ("print('hello')", "its answer cell holds something else now"),
        ("", "its answer cell holds something else now"),
    ],
)
def test_a_lost_function_is_looked_for(source, reason):
    notebook = solved()
    answer(notebook, "01.1", source)
    found_answer = found(notebook).answers["01.1"]
    assert found_answer.status == "missing"
    assert found_answer.reason == f"no cell defines neuron; {reason}"


def test_a_deleted_answer_cell_is_named():
    notebook = solved()
    del notebook["cells"][place(notebook, "answer-01-1")]
    assert "its answer cell is gone" in found(notebook).answers["01.1"].reason


def test_the_lesson_of_a_file_is_known_by_its_cells_or_its_name(tmp_path):
    assert lesson_number(save(solved(), tmp_path / "homework.ipynb")) == "01"
    assert lesson_number(tmp_path / "03_activations.ipynb") == "03"
    assert lesson_number(tmp_path / "homework.ipynb") == "01"
    assert lesson_number(tmp_path / "nothing.ipynb") == ""
