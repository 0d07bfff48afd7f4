"""The axis table agrees with NumPy, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest

from nnlearn.demos.broadcasting import (
    BadShape,
    align,
    align_matmul,
    align_reduction,
    parse_shape,
    repairs,
)


def random_shape(rng: np.random.Generator, most: int = 3) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice([1, 2, 3, 4, 6], rng.integers(0, most + 1)))


def outcome(axes):
    """The shape that the table promises; None for a clash."""
    if any(x["kind"] == "clash" for x in axes):
        return None
    return tuple(x["out"] for x in axes if x["out"] is not None)


@pytest.mark.parametrize("seed", range(200))
def test_the_table_promises_what_numpy_does(seed):
    rng = np.random.default_rng(seed)
    a, b = random_shape(rng), random_shape(rng)
    try:
        truth = np.broadcast_shapes(a, b)
    except ValueError:
        truth = None
    assert outcome(align(a, b)) == truth
    try:
        truth = (np.ones(a) @ np.ones(b)).shape
    except ValueError:
        truth = None
    axes = align_matmul(a, b)
    assert outcome(axes) == truth


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("axis", [None, 0, 1, 2, -1])
@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 3, 4)])
def test_the_table_of_a_reduction_promises_what_numpy_does(shape, axis, keep):
    axes = align_reduction(shape, axis, keep)
    try:
        truth = np.ones(shape).sum(axis=axis, keepdims=keep).shape
    except ValueError:
        truth = None
    assert outcome(axes) == truth


def test_every_repair_works_when_typed():
    for a, b in [((3,), (4,)), ((3, 2), (3,)), ((2, 3), (3, 2)), ((4, 2), (3, 2))]:
        offered = repairs("+", np.add, a, b)
        assert offered
        for line in offered:
            code, promise = line.split(" works: ")
            shape = eval(code, {"A": np.ones(a), "B": np.ones(b)}).shape
            assert promise.endswith(f"give {shape}")
    assert repairs("@", np.matmul, (2, 3), (2, 3))[0].startswith("A @ B.T works")


@pytest.mark.parametrize("text", ["(3, 4)", "3,4", " 3 4 ", "3x4", "3×4", "(3, 4", (3, 4), [3, 4]])
def test_shapes_are_read_as_people_write_them(text):
    assert parse_shape(text) == (3, 4)


@pytest.mark.parametrize(
    "text", ["", "three", "3;4", "-1", "(3, 4.5)", "7", "0", "1,2,3,4", None, "9" * 5000]
)
def test_what_is_no_shape_is_refused_with_a_reason(text):
    with pytest.raises(BadShape) as why:
        parse_shape(text)
    assert len(str(why.value)) > 30
