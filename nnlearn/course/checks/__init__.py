"""The checks, one module per lesson under the lesson's own stem; loaded when asked for."""

from functools import cache
from importlib import import_module

from nnlearn.course.exercise import Exercise
from nnlearn.course.lessons import built


class UnknownExercise(Exception):
    """There is no such exercise; the text lists those that there are."""


@cache
def exercises(stem: str) -> tuple[Exercise, ...]:
    """The exercises of one lesson, in order."""
    # A stem begins with a digit, so its module cannot stand in an import statement.
    return import_module(f"nnlearn.course.checks.{stem}").EXERCISES


def find_exercise(id: str) -> Exercise:
    """The exercise "01.2"; a wrong number raises with the right ones."""
    asked = str(id).strip().zfill(4)  # check(1.2, ...) and check("1.2", ...) are understood
    known = [e for lesson in built() for e in exercises(lesson.stem)]
    for exercise in known:
        if exercise.id == asked:
            return exercise
    same_lesson = [e for e in known if e.id[:2] == asked[:2]] or known
    there = ", ".join(f'"{e.id}" {e.name}' for e in same_lesson)
    raise UnknownExercise(f'There is no exercise "{id}". There are: {there}.')
