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
        (lambda: ops.amax(ones((0, 3))), ["amax: nothing to look at", "batch"]),
        (lambda: ops.argmax(ones(0)), ["argmax: nothing"]),
        (lambda: ops.var(ones(1)), ["1 elements are too few for correction=1", "correction=0"]),
        (lambda: ops.cat([ones((2, 3)), ones((2, 4))]), ["another = (2, 4)", "except along dim"]),
        (lambda: ops.stack([ones(2), ones(3)]), ["stack: 2 tensors", "the first = (2,)"]),
        (lambda: ops.cat([]), ["The list is empty"]),
        (lambda: ops.split(ones(5), [2, 2]), ["must add up to 5"]),
        (lambda: ops.topk(ones(3), 4), ["k=3 at most"]),
        (lambda: ops.gather(ones((2, 3)), 1, np.array([0, 1])), ["index = (2,)", "unsqueeze"]),
        (lambda: ops.where(ones((2, 3)) > 0, ones(2), 0.0), ["where:", "(2, 3)"]),
        (lambda: ops.masked_fill(ones(3), ones(2) > 0, 0), ["mask = (2,)"]),
        (lambda: T.ones(2, 3).expand(4, 3), ["expand", "(4, 3)", "repeat"]),
        (lambda: T.ones(2, 3).repeat(2), ["one number per axis"]),
        (lambda: T.ones(2, 3, 4).t(), ["mT"]),
        (lambda: ops.mm(ones(3), ones((3, 2))), ["a needs 2 axes and has 1", "matmul"]),
        (lambda: ops.bmm(ones((2, 3, 4)), ones((3, 4, 5))), ["B is 2 in a but 3 in b"]),
        (lambda: ops.einsum("ij,jk->ik", ones((2, 3)), ones((2, 3))), ["letters", "ij = (2, 3)"]),
    ],
)
def test_message(call, says):
    with pytest.raises(ShapeError) as caught:
        call()
    text = str(caught.value)
    assert all(part in text for part in says), text
    assert len(text.splitlines()) <= 4


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ops.clamp(ones(2)), "at least one of min and max"),
        (lambda: ops.where(ones(2), ones(2), ones(2)), "condition holds booleans"),
        (lambda: ops.masked_fill(ones(2), ones(2), 0), "mask holds booleans"),
        (lambda: ops.einsum("ii->i", ones((2, 2))), "not part of nnlearn"),
        (lambda: ops.einsum("ij,jk->ik", ones((2, 2))), "2 arrays"),
        (lambda: ops.norm(ones(2), 3), "p=3 is not part of nnlearn"),
        (lambda: ops.split(ones(2), 0), "at least 1"),
    ],
)
def test_other_messages(call, says):
    with pytest.raises((ValueError, TypeError), match=says) as caught:
        call()
    assert len(str(caught.value).splitlines()) <= 4
