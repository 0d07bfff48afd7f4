"""The README's table of lessons, made from the table that everything else reads."""

import re
from pathlib import Path

from nnlearn.course.checks import exercises
from nnlearn.course.lessons import LESSONS, Lesson
from nnlearn.course.paths import course_root

TABLE = re.compile(r"(<!-- course table[^>]*-->\n).*?(<!-- end of course table -->)", re.S)


def course_table() -> str:
    rows = ["| lesson | what you learn | demo | functions you write |", "| --- | --- | --- | --- |"]
    return "\n".join(rows + [_row(lesson) for lesson in LESSONS]) + "\n"


def _row(lesson: Lesson) -> str:
    if not lesson.is_built:
        return f"| {lesson.number} {lesson.title} | {lesson.teaches} | {lesson.demo} | *planned* |"
    link = f"[{lesson.number} {lesson.title}](lessons/{lesson.stem}.ipynb)"
    count = f"[{len(exercises(lesson.stem))}](exercises/{lesson.stem}.ipynb)"
    return f"| {link} | {lesson.teaches} | {lesson.demo} | {count} |"


def readme() -> Path:
    return course_root() / "README.md"


def with_table(text: str) -> str:
    """The README's text with its table of lessons made anew."""
    return TABLE.sub(lambda match: match[1] + course_table() + match[2], text)
