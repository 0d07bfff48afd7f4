import numpy as np
import pytest

import nnlearn as T
from nnlearn.errors import ShapeError, expect


def test_expect_lets_pass_what_fits():
    expect("f", "", x=(np.ones((5, 2, 3)), "... D"), w=(np.ones((4, 3)), "K D"))
    expect("f", "", x=(3.0, ""))


def test_expect_names_the_axis_that_differs():
    with pytest.raises(ShapeError) as caught:
        expect("f", "Do this.", x=(np.ones((2, 3)), "N D"), w=(np.ones((4, 5)), "K D"))
    assert str(caught.value).splitlines() == [
        "f: D is 3 in x but 5 in w",
        "x (N, D) = (2, 3)",
        "w (K, D) = (4, 5)",
        "Do this.",
    ]
    assert isinstance(caught.value, ValueError)


def test_expect_counts_axes():
    with pytest.raises(ShapeError, match="x needs 2 axes and has 1"):
        expect("f", "", x=(np.ones(2), "N D"))


def test_three_arguments_still_fit_four_lines():
    with pytest.raises(ShapeError) as caught:
        expect("f", "Do this.", a=(np.ones(1), "N"), b=(np.ones(2), "N"), c=(np.ones(1), "N"))
    assert len(str(caught.value).splitlines()) <= 4


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (T, "fft"),
        (T.nn, "Conv3d"),
        (T.nn.functional, "glu"),
        (T.optim, "LBFGS"),
        (T.data, "load_mnist"),
    ],
)
def test_what_is_not_part_of_nnlearn_says_so(module, name):
    with pytest.raises(AttributeError, match=rf"{name} is not part of nnlearn"):
        getattr(module, name)
    assert not hasattr(module, name)
