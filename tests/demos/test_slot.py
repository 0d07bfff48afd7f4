"""The learner's place: right code runs, wrong code is refused with the failing case named."""

import numpy as np
import pytest

from nnlearn.demos.slot import Case, Slot

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
