"""Programs give the same numbers as in PyTorch: as stored, and live where it is installed."""

import importlib.util
from functools import cache

import numpy as np
import pytest

import nnlearn as T
from tests.parity.programs import SUBJECTS, results
from tests.parity.record import FOLDER

TOLERANCE = {"float32": 2e-4, "float64": 1e-9}
PROGRAMS = [(subject, p.__name__) for subject, programs in SUBJECTS.items() for p in programs]


@cache
def ours(subject):
    return results(T, subject)


def compare(ours, theirs, program):
    names = [name for name in theirs if name.startswith(f"{program}/")]
    assert names and set(names) == {name for name in ours if name.startswith(f"{program}/")}
    for name in names:
        a, b = ours[name], theirs[name]
        assert a.shape == b.shape and a.dtype == b.dtype and np.isfinite(b).all(), name
        if a.size:
            scale = max(np.abs(b).max(), 1e-3)
            apart = np.abs(np.subtract(a, b, dtype=float)).max()  # booleans too
            assert apart <= TOLERANCE[name.split("/")[1]] * scale, name


@pytest.mark.parametrize(("subject", "program"), PROGRAMS)
def test_as_stored(subject, program):
    with np.load(FOLDER / f"{subject}.npz") as stored:
        compare(ours(subject), dict(stored), program)


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="PyTorch is not installed")
@pytest.mark.parametrize("subject", SUBJECTS)
def test_live(subject):
    import torch

    theirs = results(torch, subject)
    for program in SUBJECTS[subject]:
        compare(ours(subject), theirs, program.__name__)
