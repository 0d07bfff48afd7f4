import copy

import nbformat
import pytest

from nnlearn.course import build
from nnlearn.course.checks import exercises
from nnlearn.course.lessons import UnknownLesson, built, find

STEMS = [lesson.stem for lesson in built()]


@pytest.mark.parametrize(
    "product", list(build.products()), ids=lambda p: "/".join(p.path.parts[-2:])
)
def test_notebook_is_what_its_source_builds(product):
    if product.path.parent.name == "exercises":
        stored = nbformat.read(product.path, as_version=4).cells
        answers = [c for c in stored if c.metadata.get("nnlearn", {}).get("role") == "answer"]
        if not all(build.STUB in cell.source for cell in answers):
            pytest.skip("somebody has worked in this notebook")
    assert product.is_current(), "run `nnlearn build`"


@pytest.mark.parametrize("stem", STEMS)
def test_exercise_cells_come_in_answer_and_check_pairs(stem):
    cells = build.exercise_notebook(stem).cells
    roles = [c.metadata.nnlearn for c in cells if "nnlearn" in c.metadata]
    assert [(r["exercise"], r["role"]) for r in roles] == [
        (e.id, role) for e in exercises(stem) for role in ("answer", "check")
    ]
    assert len({c.id for c in cells}) == len(cells)


@pytest.mark.parametrize("stem", STEMS)
def test_no_solution_reaches_the_learner(stem):
    for cell in build.exercise_notebook(stem).cells:
        assert "SOLUTION" not in cell.source
        if cell.metadata.get("nnlearn", {}).get("role") == "answer":
            assert cell.source.endswith(build.STUB)
            assert cell.source.count("\n") <= 4


@pytest.mark.parametrize("stem", STEMS)
def test_mistakes_and_hints_are_in_no_notebook(stem):
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("lessons", "exercises", "solutions")
        for path in (build.course_root() / folder).glob("*.ipynb")
    )
    sentences = [m.sentence for e in exercises(stem) for m in e.mistakes]
    shown_in_lesson_00 = "The axis you name is the one that disappears."
    assert not [s for s in sentences if s in text and shown_in_lesson_00 not in s]


@pytest.mark.parametrize("stem", STEMS)
def test_same_student_version_as_nbgrader_makes(stem):
    """A teacher may put the solution source through nbgrader itself: same cells come out."""
    preprocessors = pytest.importorskip("nbgrader.preprocessors")
    marked = build._exercises(stem, lambda match: match[0])
    student = copy.deepcopy(marked)
    clear = preprocessors.ClearSolutions()
    clear.code_stub = {"python": build.STUB}
    for step in (preprocessors.CheckCellMetadata(), clear, preprocessors.LockCells()):
        student, _ = step.preprocess(student, {"unique_key": "x", "language": "python"})
    ours = build.exercise_notebook(stem)
    assert [c.source for c in student.cells] == [c.source for c in ours.cells]
    for theirs, own in zip(student.cells, ours.cells, strict=True):
        nbgrader = theirs.metadata.get("nbgrader")
        assert (nbgrader and dict(nbgrader)) == (own.metadata.get("nbgrader") or nbgrader)


def test_a_rebuilt_notebook_keeps_its_outputs():
    product = next(iter(build.products()))
    before = product.path.read_bytes()
    assert nbformat.reads(before.decode(), as_version=4).cells
    assert product.is_current()
    product.notebook.cells[0].source += " changed"
    assert not product.is_current()
    assert product.path.read_bytes() == before


def test_a_source_that_breaks_the_rules_is_named(tmp_path, monkeypatch):
    for folder in ("source", "exercises"):
        (tmp_path / folder).mkdir()
    source = tmp_path / "source" / "01_neurons_exercises.py"
    monkeypatch.setenv("NNLEARN_COURSE", str(tmp_path))
    source.write_text('# %% answer="01.9"\nx = 1\n')
    with pytest.raises(build.SourceError, match=r'answer="01.9" has no Exercise'):
        build.exercise_notebook("01_neurons")
    source.write_text('# %% answer="01.1"\nx = 1\n')
    with pytest.raises(build.SourceError, match=r"no ### BEGIN SOLUTION"):
        build.exercise_notebook("01_neurons")


def test_unknown_lessons_are_told_apart_from_planned_ones():
    assert find("1").stem == find("01_neurons").stem == "01_neurons"
    with pytest.raises(UnknownLesson, match=r"77 is not a lesson. Lessons so far: 00_start_here"):
        find("77")
    with pytest.raises(UnknownLesson, match="19 is planned, not written yet"):
        find("19")
