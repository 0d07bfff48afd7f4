"""Links found by nudging are the links that NumPy's own index arithmetic gives."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nnlearn.data import pairwise_sq_dist, standardize
from nnlearn.demos.tracing import OPERATIONS, own_operation, trace, working


def random_shape(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice([1, 2, 3, 4], rng.integers(0, 4)))


@pytest.mark.parametrize("seed", range(200))
def test_elementwise_traces_agree_with_numpy(seed):
    rng = np.random.default_rng(seed)
    a, b = random_shape(rng), random_shape(rng)
    op = OPERATIONS[str(rng.choice(["+", "-", "*"]))]
    found = trace(op, a, b)
    try:
        truth = op.run(*found.arrays)
    except ValueError as why:
        assert found.shape is None
        assert found.error == str(why).strip()
        return
    assert found.shape == truth.shape
    np.testing.assert_array_equal(found.cells, truth)
    for array, made in zip(found.arrays, found.links, strict=True):
        index = np.broadcast_to(np.arange(array.size).reshape(array.shape), truth.shape)
        assert made == [[int(i)] for i in index.ravel()]


@pytest.mark.parametrize(("a", "b"), [((2, 3), (3, 4)), ((3,), (3, 2)), ((2, 2, 3), (3, 2))])
def test_matmul_takes_a_row_and_a_column(a, b):
    found = trace(OPERATIONS["@"], a, b)
    rows = np.arange(np.prod(a)).reshape(a)
    columns = np.arange(np.prod(b)).reshape(b)
    for k, where in enumerate(np.ndindex(found.shape)):
        assert found.links[0][k] == list(rows[where[:-1]])
        assert found.links[1][k] == list(columns[:, where[-1]])


@pytest.mark.parametrize("key", OPERATIONS)
def test_the_written_sum_evaluates_to_the_cell(key):
    found = trace(OPERATIONS[key], (2, 3), (3, 2) if key == "@" else (4, 3)[-1:], axis=1)
    assert len(working(key, found)) == found.cells.size
    for text, value in zip(working(key, found), found.cells.ravel(), strict=True):
        *_, total, shown = text.split(" = ")
        assert eval(total.replace("×", "*")) == pytest.approx(value)
        assert float(shown) == pytest.approx(value, rel=5e-3)


def test_a_learners_functions_are_traced_like_any_other():
    rows = trace(own_operation(lambda X: X.mean(axis=1)), (3, 2))
    assert rows.links == [[[0, 1], [2, 3], [4, 5]]]
    columns = trace(own_operation(standardize), (3, 2))
    assert columns.links[0] == [[0, 2, 4], [1, 3, 5]] * 3
    pairs = trace(own_operation(pairwise_sq_dist), (2, 2), (3, 2))
    assert pairs.shape == (2, 3)
    assert (pairs.links[0][4], pairs.links[1][4]) == ([2, 3], [2, 3])
    assert re.match(r".+ is made from A\[0, 0\], A\[0, 1\]", working("yours", rows)[0])


def test_what_a_learners_function_does_wrong_is_said():
    def unwritten(X):
        raise NotImplementedError

    def spoils(X):
        X += 1
        return X

    def bad(X):
        return X.mean(axis=7)

    assert trace(own_operation(unwritten), (3, 2)).error == "It is not written yet."
    assert "changed its input" in trace(own_operation(spoils), (3, 2)).advice[0]
    assert "AxisError" in trace(own_operation(bad), (3, 2)).error
    assert "returned None" in trace(own_operation(lambda X: None), (3, 2)).error
    assert "not numbers" in trace(own_operation(lambda X: "abc"), (3, 2)).error
    assert trace(own_operation(lambda X: X / 0), (2,)).error == ""
    assert trace(own_operation(lambda X: np.ones((9, 9, 9))), (2,)).cells is None
    with pytest.raises(TypeError, match="takes 3 arrays"):
        own_operation(lambda a, b, c: a)


def test_a_function_that_does_not_look_at_its_input_has_no_links():
    found = trace(own_operation(lambda X: np.zeros(2)), (3,))
    assert found.links == [[[], []]]
    assert working("yours", found)[0] == "0 is made from no input cell"
