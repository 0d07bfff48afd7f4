"""Every test keeps away from the learner's own progress, and finds this course."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items):
    """Side by side, the tests of a file stay together: they share what is slow to make."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLEARN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNLEARN_COURSE", str(ROOT))
