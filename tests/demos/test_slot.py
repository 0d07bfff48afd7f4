"""The learner's place: right code runs, wrong code is refused with the failing case named."""

import ast

import numpy as np
import pytest

import nnlearn.demos
from nnlearn.course import mine
from nnlearn.course.build import lesson_notebook
from nnlearn.course.lessons import built
from nnlearn.demos.slot import Case, Invention, Slot

X = np.array([[1.0, -2.0], [0.5, 3.0]])
SQUARE = Slot("square", lambda x: x**2, [Case("one number", (2.0,)), Case("a table", (X,))])
CURVED = Slot(
    "loss", lambda x: (x**2, 2 * x), [Case("four numbers", (np.array([1.0, -2, 3, 0.5]),))],
    gradient=True,
)  # fmt: skip


def mutate(x):
    x *= x
    return x


def test_reference_and_another_right_answer_are_accepted():
    assert SQUARE.judge(SQUARE.reference).accepted
    assert SQUARE.judge(lambda x: np.asarray(x) * x).accepted
    assert CURVED.judge(lambda x: (x * x, x + x)).accepted


@pytest.mark.parametrize(
    ("wrong", "case", "word"),
    [
        (lambda x: 2 * x, "a table", "the value differs"),
        (lambda x: np.sum(x) ** 2, "a table", "the shape is ()"),
        (lambda x: None, "one number", "is there a return"),
        (lambda x: "four", "one number", "not numbers"),
        (mutate, "a table", "changed its arguments"),
        (lambda x: x[0] ** 2, "one number", "TypeError"),
    ],
)
def test_wrong_code_names_its_case(wrong, case, word):
    verdict = SQUARE.judge(wrong)
    assert not verdict.accepted and verdict.case == case and word in verdict.message
    assert verdict.reference and verdict.yours


def test_a_gradient_is_compared_with_finite_differences():
    verdict = CURVED.judge(lambda x: (x**2, x))
    assert not verdict.accepted and "gradient" in verdict.message
    assert CURVED.judge(lambda x: x**2).message.endswith("the value and the gradient.")


def test_not_written_yet_and_not_a_function():
    def stub(x):
        raise NotImplementedError

    assert "not written yet" in SQUARE.judge(stub).message
    assert "takes a function, not int" in SQUARE.judge(3).message


HALVED = Invention("half", lambda x: (x / 2, x), CURVED.cases, gradient=True)


@pytest.mark.parametrize(
    ("fn", "word"),
    [
        (lambda x: x**3, "return two things, the value and the gradient"),
        (lambda x: (x[:2], x), "the value: the shape is (2,), it must be (4,)"),
        (lambda x: (x / np.maximum(x, 0), x), "the value: it holds infinity or NaN"),
        (lambda x: (x**3, "steep"), "the gradient: str is not an array of numbers"),
        (lambda x: (x**3, 3 * x), "the gradient differs from what a nudge measures"),
        (lambda x: (mutate(x), np.ones(4)), "changed its arguments"),
        (lambda x: x.nothing, "AttributeError"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_an_invention_is_judged_by_its_form_alone(fn, word):
    verdict = HALVED.judge(fn)
    assert not verdict.accepted and word in verdict.message and verdict.case == "four numbers"
    assert verdict.reference and verdict.yours


def test_an_invention_may_have_kinks_and_any_value():
    assert HALVED.judge(lambda x: (x**3, 3 * x**2)).accepted
    assert HALVED.judge(lambda x: (np.abs(x - 1), np.sign(x - 1))).accepted


def test_several_results_are_compared_one_by_one():
    both = Slot("split", lambda x: (x / 2, x % 2), [Case("five", (5.0,))], returns=("half", "rest"))
    assert both.judge(lambda x: (x * 0.5, x - 2 * (x // 2))).accepted
    assert "rest: the value differs." in both.judge(lambda x: (x / 2, 0)).message
    assert "return two things, half and rest." in both.judge(lambda x: x / 2).message


def demos_in(code: str) -> list:
    """The demos of a cell, each as its class and what `mine` puts into its slots."""
    found = []
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            written = {kw.arg: ast.unparse(kw.value) for kw in call.keywords}
            slots = {name: text for name, text in written.items() if "mine(" in text}
            if slots and (demo := getattr(nnlearn.demos, call.func.id, None)):
                found.append((demo, {k: eval(text, {"mine": mine}) for k, text in slots.items()}))
    return found


@pytest.mark.parametrize("stem", [lesson.stem for lesson in built()])
def test_a_lesson_run_before_its_exercises_claims_no_code_of_the_learners(stem):
    """`mine` then gives nnlearn's function, and the badge must say so."""
    cells = [c.source for c in lesson_notebook(stem).cells if c.cell_type == "code"]
    demos = [found for cell in cells for found in demos_in(cell)]
    for demo, slots in demos:
        assert demo(**slots, predict=False).badge == "running: nnlearn"
    assert demos or stem == "00_start_here"
