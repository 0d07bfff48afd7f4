"""Shapes that do not fit: the message names both, and says what to do, in at most four lines."""

import numpy as np
import pytest

import nnlearn as T
from nnlearn import ops
from nnlearn.errors import ShapeError

ones = np.ones


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ops.add(ones((3, 4)), ones(3)), ["a = (3, 4)", "b = (3,)", "from the right"]),
        (lambda: T.ones(2) < ones(3), ["lt", "b = (3,)"]),
        (lambda: ops.matmul(ones((2, 3)), ones((2, 3))), ["K is 3 in a but 2 in b", ".T"]),
        (lambda: ops.matmul(ones(3), ones(4)), ["a (K) = (3,)", "b (K) = (4,)"]),
        (lambda: ops.linear(ones((5, 3)), ones((2, 4))), ["D is 3 in input but 4 in weight"]),
        (lambda: ops.linear(ones((5, 3)), ones((2, 4))), ["Did you mean Linear(3, 2)?"]),
        (lambda: ops.linear(3.0, T.ones(2, 4)), ["input needs 1 axes and has 0"]),
        (lambda: ops.linear(ones((5, 3)), ones((2, 3)), ones(3)), ["K is 2 in weight but 3"]),
        (lambda: ops.reshape(ones((2, 3)), (4, 2)), ["6 elements do not fill (4, 2)"]),
        (lambda: ops.mean(ones((0, 3))), ["nothing to average", "(0, 3)"]),
    ],
)
def test_message(call, says):
    with pytest.raises(ShapeError) as caught:
        call()
    text = str(caught.value)
    assert all(part in text for part in says), text
    assert len(text.splitlines()) <= 4
