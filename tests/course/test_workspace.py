import os
import shutil

import nbformat
import pytest

from nnlearn.course.files import replace
from nnlearn.course.paths import PACKAGE_PARENT
from nnlearn.course.workspace import WorkspaceError, exercise_file, reset
from tests.course.learner import STEM, save, solved, untouched


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A course of one's own, with the real sources."""
    root = tmp_path / "course"
    (root / "exercises").mkdir(parents=True)
    shutil.copytree(PACKAGE_PARENT / "source", root / "source")
    monkeypatch.setenv("NNLEARN_COURSE", str(root))
    return root


def test_reset_writes_the_pristine_notebook_and_keeps_the_learners(tmp_path):
    mine = save(solved(), exercise_file(STEM)).read_bytes()
    copy = reset(STEM)
    assert copy is not None and copy.read_bytes() == mine
    assert copy.parent == tmp_path / "home" / "backups"
    now = nbformat.read(exercise_file(STEM), as_version=4)
    assert [cell.source for cell in now.cells] == [cell["source"] for cell in untouched()["cells"]]


def test_copies_never_clash():
    copies = set()
    for n in range(3):
        exercise_file(STEM).write_text(f"version {n}", encoding="utf-8")
        copies.add(reset(STEM))
    assert sorted(copy.read_text() for copy in copies) == ["version 0", "version 1", "version 2"]


def test_a_missing_or_pristine_notebook_needs_no_copy():
    assert reset(STEM) is None
    assert reset(STEM) is None


@pytest.mark.parametrize("step", ["os.fsync", "os.replace"])
def test_a_full_disk_loses_nothing(monkeypatch, step):
    def full(*_):
        raise OSError(28, "No space left on device")

    mine = save(solved(), exercise_file(STEM)).read_bytes()
    monkeypatch.setattr(step, full)
    with pytest.raises(WorkspaceError, match=r"No space left on device.*as it was"):
        reset(STEM)
    assert exercise_file(STEM).read_bytes() == mine
    assert os.listdir(exercise_file(STEM).parent) == [f"{STEM}.ipynb"]


def test_a_folder_in_place_of_the_notebook_is_named():
    exercise_file(STEM).mkdir()
    with pytest.raises(WorkspaceError, match="could not be reset"):
        reset(STEM)


def test_replace_keeps_the_permissions(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    file.chmod(0o640)
    replace(file, b"new")
    assert file.read_bytes() == b"new"
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o640
