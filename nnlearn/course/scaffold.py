"""The first files of a new lesson, from templates that already build and pass their tests."""

import re
from pathlib import Path

from nnlearn.course.files import replace
from nnlearn.course.lessons import LESSONS, built
from nnlearn.course.paths import PACKAGE_PARENT, course_root
from nnlearn.course.workspace import WorkspaceError

TEMPLATES = Path(__file__).with_name("templates")


def write_lesson(stem: str) -> list[Path]:
    """Write the sources, the checks and the tests of lesson `stem`; nothing is overwritten."""
    planned = {lesson.stem: lesson.title for lesson in LESSONS}
    if not re.fullmatch(r"\d\d_[a-z][a-z0-9_]*", stem):
        raise WorkspaceError(
            f"{stem!r} names no lesson: two digits, then words, as in 02_weights_and_biases."
        )
    if stem not in planned:
        raise WorkspaceError(
            f"{stem} is not in the table of lessons. Add it to nnlearn/course/lessons.py first. "
            f"Planned: {', '.join(name for name in planned if name not in _stems())}."
        )
    files = {
        course_root() / "source" / f"{stem}.py": "lesson",
        course_root() / "source" / f"{stem}_exercises.py": "exercises",
        PACKAGE_PARENT / "nnlearn" / "course" / "checks" / f"{stem}.py": "checks",
        PACKAGE_PARENT / "tests" / "course" / "checks" / f"test_{stem}.py": "test",
    }
    if there := [f"{f.parent.name}/{f.name}" for f in files if f.exists()]:
        raise WorkspaceError(f"Nothing was written: {', '.join(there)} is there already.")
    for file, template in files.items():
        text = (TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
        for mark, value in (("NN", stem[:2]), ("STEM", stem), ("TITLE", planned[stem])):
            text = text.replace("{" + mark + "}", value)
        replace(file, text.encode())
    return list(files)


def _stems() -> set[str]:
    return {lesson.stem for lesson in built()}
