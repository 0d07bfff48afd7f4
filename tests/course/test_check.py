import warnings

import pytest

from nnlearn.course import check, hint, progress
from nnlearn.course.progress import Progress, ProgressWarning
from nnlearn.course.report import CheckFailed, NotStarted


def right(x, w, b):
    return x @ w + b


def wrong(x, w, b):
    return x @ w


def stub(x, w, b):
    raise NotImplementedError


def test_pass_is_one_line_and_recorded(capsys):
    check("01.1", right)
    assert capsys.readouterr().out.startswith("✓ 01.1 neuron: passed")
    assert Progress.load().passed == ["01.1"]


def test_failure_raises_the_report_and_is_counted():
    with pytest.raises(CheckFailed, match="The bias is left out") as caught:
        check("01.1", wrong)
    shown = "\n".join(caught.value._render_traceback_())
    assert "Traceback" not in shown and 'hint("01.1")' in shown
    assert Progress.load().attempts == {"01.1": 1} and Progress.load().passed == []


def test_untouched_is_neither_try_nor_failure():
    with pytest.raises(NotStarted):
        check("01.1", stub)
    assert Progress.load().attempts == {}


def test_three_hints_then_the_last_again(capsys):
    for _ in range(4):
        hint("01.1")
    lines = capsys.readouterr().out.splitlines()
    assert [line[:11] for line in lines] == [f"Hint {i} of 3" for i in (1, 2, 3, 3)]
    assert len(set(lines)) == 3


def test_progress_lists_a_lesson(capsys):
    check("01.1", right)
    hint("01.2")
    capsys.readouterr()
    progress("1")
    out = capsys.readouterr().out
    assert "01_neurons  1 of 6 passed" in out
    assert "✓ 01.1 neuron             1 try, 0 hints" in out
    assert "○ 01.2 step               0 tries, 1 hint" in out
    assert "Next: 01.2 step" in out
    assert "00_start_here" not in out


def test_a_damaged_record_is_set_aside_with_a_word(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    for n, text in enumerate(["{", "[]", '{"passed": 3, "attempts": {}, "hints": {}}', ""], 1):
        (home / "progress.json").write_text(text)
        with pytest.warns(ProgressWarning, match=f"kept as progress.damaged-{n}.json"):
            assert Progress.load().passed == []
        assert (home / f"progress.damaged-{n}.json").read_text() == text


def test_a_disk_that_cannot_be_written_warns_and_goes_on(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    monkeypatch.setenv("NNLEARN_HOME", str(blocked / "home"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check("01.1", right)
    assert "passed" in capsys.readouterr().out
    assert any("going on without" in str(w.message) for w in caught)


def test_saving_leaves_the_old_record_if_it_fails(tmp_path, monkeypatch):
    check("01.1", right)
    before = (tmp_path / "home" / "progress.json").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.warns(ProgressWarning, match="No space left on device"):
        Progress.load().note_attempt("01.2", True)
    assert (tmp_path / "home" / "progress.json").read_bytes() == before
    assert [f.name for f in (tmp_path / "home").iterdir() if f.name.startswith(".")] == []
