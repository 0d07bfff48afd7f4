"""Every test keeps away from the learner's own progress, and finds this course."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLEARN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNLEARN_COURSE", str(ROOT))
