"""Every test keeps away from the learner's own progress, and finds this course."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items):
    """Side by side, the tests of a file stay together: they share what is slow to make.

    Notebooks, the longest, come first: begun last, they would leave the other cores idle.
    """
    items.sort(key=lambda item: item.path.name != "test_notebooks.py")
    beside_others = pytest.mark.skip(reason="needs all cores: python -m pytest -m alone")
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
        # Two threads of BLAS wait for each other: where other tests hold the cores, a matrix
        # product has taken 30 times as long, and a lesson of 17 s has run into its time limit.
        if "PYTEST_XDIST_WORKER" in os.environ and item.get_closest_marker("alone"):
            item.add_marker(beside_others)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLEARN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNLEARN_COURSE", str(ROOT))
