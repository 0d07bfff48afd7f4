import numpy as np
import pytest

from nnlearn.course.exercise import Case, Exercise
from nnlearn.course.nudge import first_parting, measured


def square(x):
    return x**2


def d_square(x):
    return 2 * x


def pair(x):
    return x**2, 2 * x


def cases(rng):
    yield Case("by hand", (np.array([1.0, -3.0]),))
    yield Case("a table", (rng.normal(size=(3, 4)),))


def exercise(function, **how):
    return Exercise("99.1", function, cases, (), ("a", "b", "c"), slope_of=square, **how)


def test_measured_slopes_and_the_kink_that_has_none():
    x = np.array([-2.0, 0.0, 3.0])
    assert measured(square, (x,)) == pytest.approx([-4, 0, 6], abs=1e-6)
    slope = measured(np.abs, (x,))
    assert slope[[0, 2]] == pytest.approx([-1, 1]) and np.isnan(slope[1])


def test_a_mean_has_the_gradient_of_the_mean():
    args = (np.array([1.0, 5.0]), np.array([0.0, 1.0]))
    slope = measured(lambda a, b: np.mean((a - b) ** 2), args)
    assert slope == pytest.approx([1, 4], rel=1e-6)


def test_the_report_names_the_place_and_both_changes():
    text = exercise(d_square).examine(lambda x: np.where(x > 0, 2 * x, x)).text
    assert "at x[1] = -3 a nudge by 0.001 changes the result by -0.006" in text
    assert "by yours it would be -0.003" in text


def test_a_wrong_value_with_a_right_slope_has_no_nudge_line():
    graded = exercise(pair, slope_part=1)
    assert "a nudge" not in graded.examine(lambda x: (x, 2 * x)).text
    assert "a nudge" in graded.examine(lambda x: (x**2, x)).text
    for wrong in (lambda x: 2 * x, lambda x: (x**2, "2x"), lambda x: (x**2, x[:1])):
        verdict = graded.examine(wrong)
        assert not verdict.passed and "a nudge" not in verdict.text
    assert graded.examine(pair).passed


def test_one_number_has_no_index():
    assert first_parting(square, (3.0,), 5.0, "x").startswith("at x = 3 a nudge")
    assert first_parting(square, (3.0,), 6.0, "x") == ""
