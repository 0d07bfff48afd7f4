"""`mine`: the learner's own passed function in another notebook, through its source alone."""

import linecache

import pytest

from nnlearn.course import check, mine
from nnlearn.course.answers import NotPortable, source_of
from nnlearn.course.checks import find_exercise


def run_cell(text: str, namespace: dict, name: str = "<cell 1>") -> None:
    """Run a cell as IPython does: in __main__, its source known to linecache."""
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    namespace.setdefault("__name__", "__main__")
    exec(compile(text, name, "exec"), namespace)


@pytest.fixture
def cells():
    return {}


def test_before_passing_it_is_nnlearns(capsys):
    assert mine("01.1") is find_exercise("01.1").function
    assert "nnlearn's code" in capsys.readouterr().out


def test_after_passing_it_is_the_learners_with_all_it_uses(cells, capsys):
    run_cell(
        "import numpy as np\nfrom math import fsum\nSIDE = 1\n"
        "def total(v):\n    return fsum(v) * SIDE\n"
        "def neuron(x, w, b):\n    return total(np.multiply(x, w)) + b\n",
        cells,
    )
    check("01.1", cells["neuron"])
    capsys.readouterr()
    carried = mine("01.1")
    assert capsys.readouterr().out == "neuron: your code\n"
    assert carried is not cells["neuron"] and carried([1.0], [2.0], 3.0) == 5.0


def test_another_name_is_understood(cells, capsys):
    run_cell("def my_own(x, w, b):\n    return x @ w + b\n", cells)
    check("01.1", cells["my_own"])
    mine("01.1")
    assert "your code" in capsys.readouterr().out


def test_annotations_defaults_and_attributes_are_followed(cells, capsys):
    run_cell(
        "import numpy as np\nBIAS = 0.0\nsum = [1]\n"
        "def neuron(x: np.ndarray, w: np.ndarray, b: float = BIAS):\n"
        "    return (x * w).sum() + b\n",
        cells,
    )
    check("01.1", cells["neuron"])
    mine("01.1")
    assert capsys.readouterr().out.endswith("neuron: your code\n")


def test_what_cannot_be_carried_says_why(cells, capsys):
    run_cell(
        "import numpy as np\ntable = np.ones(3)\n"
        "def neuron(x, w, b):\n    return x @ w + b * table[0]\n",
        cells,
    )
    with pytest.raises(NotPortable, match="the notebook's variable table"):
        source_of(cells["neuron"], "neuron")
    check("01.1", cells["neuron"])
    assert "Later lessons cannot run on it" in capsys.readouterr().out


def test_a_kept_answer_that_was_damaged_is_not_used(tmp_path, capsys):
    kept = tmp_path / "home" / "answers" / "01.1.py"
    kept.parent.mkdir(parents=True)
    for text in (
        "def neuron(x, w, b):\n    return 0.0\n",
        "def neuron(",
        "raise SystemError('no')",
    ):
        kept.write_text(text)
        assert mine("01.1") is find_exercise("01.1").function
        assert "yours could not be used" in capsys.readouterr().out
