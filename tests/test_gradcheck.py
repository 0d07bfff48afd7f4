import numpy as np
import pytest

from nnlearn import Tensor, gradcheck
from nnlearn.gradcheck import GradientError, kinks, numerical_gradient
from nnlearn.tensor import primitive


@primitive
def wrong_square(a):
    return a * a, (lambda g: g * a,)  # the factor 2 is missing


def test_right_gradients_pass():
    assert gradcheck(lambda x, y: x * y.exp(), [np.ones((2, 3)), np.zeros(3)])
    assert gradcheck(lambda x: x * 3, Tensor([1.0, 2.0]))


def test_a_wrong_gradient_shows_both_numbers():
    with pytest.raises(GradientError) as caught:
        gradcheck(wrong_square, np.array([1.0]), rng=np.random.default_rng(0))
    lines = str(caught.value).splitlines()
    analytic, numeric = (float(line.split(":")[1]) for line in lines[1:3])
    assert len(lines) == 4 and "input 0, shape (1,)" in lines[0]
    assert np.isclose(numeric, 2 * analytic)


def test_the_input_at_fault_is_named():
    with pytest.raises(GradientError, match="input 1"):
        gradcheck(lambda x, y: x + wrong_square(y), [np.ones(2), np.ones(2)])


def test_a_small_error_in_one_of_many_elements_is_found():
    @primitive
    def bent(a):
        slope = np.ones_like(a)
        slope[7] = 1.01
        return a * 1, (lambda g: g * slope,)

    with pytest.raises(GradientError):
        gradcheck(bent, np.ones(1000))


def test_a_gradient_is_measured_element_by_element():
    x = np.array([[0.5, -1.0], [2.0, 3.0]])
    assert numerical_gradient(lambda x: x**3, x) == pytest.approx(3 * x**2, rel=1e-8)
    assert numerical_gradient(lambda x: (x**2).mean(), x) == pytest.approx(x / 2, rel=1e-8)
    assert numerical_gradient(np.exp, 1.0) == pytest.approx(np.e, rel=1e-9)
    assert numerical_gradient(lambda x: x, np.zeros((0, 3))).shape == (0, 3)


def test_a_kink_is_where_left_and_right_differ():
    x = np.array([-2.0, 0.0, 0.5, 3.0])
    assert kinks(np.abs, x).tolist() == [False, True, False, False]
    assert not kinks(lambda x: x**4, 100 * x).any()  # steep and curved, but no kink
    assert kinks(np.floor, x).tolist() == [True, True, False, True]
    assert kinks(lambda x: x * np.nan, x).all(), "nan is no slope"
