"""Programs give the same numbers as in PyTorch: as stored, and live where it is installed."""

import importlib.util

import numpy as np
import pytest

import nnlearn as T
from tests.parity.programs import PROGRAMS, results
from tests.parity.record import FILE

TOLERANCE = {"float32": 2e-4, "float64": 1e-9}


@pytest.fixture(scope="module")
def ours():
    return results(T)


def compare(ours, theirs, program):
    names = [name for name in theirs if name.startswith(f"{program}/")]
    assert names and set(names) == {name for name in ours if name.startswith(f"{program}/")}
    for name in names:
        a, b = ours[name], theirs[name]
        assert a.shape == b.shape and a.dtype == b.dtype, name
        scale = max(np.abs(b).max(), 1e-3)
        assert np.abs(a - b).max() <= TOLERANCE[name.split("/")[1]] * scale, name


@pytest.mark.parametrize("program", PROGRAMS)
def test_as_stored(ours, program):
    with np.load(FILE) as stored:
        compare(ours, dict(stored), program)


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="PyTorch is not installed")
def test_live(ours):
    import torch

    theirs = results(torch)
    for program in PROGRAMS:
        compare(ours, theirs, program)
