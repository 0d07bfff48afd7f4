"""Where a learner stands: the same lines in a notebook, in a terminal, and as data."""

from collections.abc import Iterable, Iterator
from typing import Any

from nnlearn.course.checks import exercises
from nnlearn.course.lessons import Lesson
from nnlearn.course.progress import Progress

Standing = dict[str, list[dict[str, Any]]]


def standing(lessons: Iterable[Lesson]) -> Standing:
    """For each lesson's stem a row per exercise: passed or not, tries, hints."""
    record = Progress.load()
    return {
        lesson.stem: [
            {
                "exercise": exercise.id,
                "function": exercise.name,
                "points": exercise.points,
                "passed": exercise.id in record.passed,
                "tries": record.attempts.get(exercise.id, 0),
                "hints": record.hints.get(exercise.id, 0),
            }
            for exercise in exercises(lesson.stem)
        ]
        for lesson in lessons
    }


def in_words(table: Standing) -> Iterator[tuple[str, str]]:
    """The table as (line, style), and what comes next."""
    for stem, rows in table.items():
        yield f"{stem}  {sum(row['passed'] for row in rows)} of {len(rows)} passed", "bold"
        width = max((len(row["function"]) for row in rows), default=0)
        for row in rows:
            mark, style = ("✓", "green") if row["passed"] else ("○", "dim")
            counts = f"{_count(row['tries'], 'try', 'tries')}, {_count(row['hints'], 'hint')}"
            yield f"  {mark} {row['exercise']} {row['function']:{width}}  {counts}", style
    ahead = [(stem, row) for stem, rows in table.items() for row in rows if not row["passed"]]
    if ahead:
        stem, row = ahead[0]
        yield f"Next: {row['exercise']} {row['function']}, in exercises/{stem}.ipynb", ""
    else:
        yield "All passed.", "green"


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"
