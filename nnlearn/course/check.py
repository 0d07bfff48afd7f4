"""The three words of an exercise notebook: `check`, `hint`, `progress`."""

from collections.abc import Callable

from nnlearn.course.answers import keep
from nnlearn.course.checks import find_exercise
from nnlearn.course.lessons import built, find
from nnlearn.course.progress import Progress
from nnlearn.course.report import CheckFailed, NotStarted
from nnlearn.course.standing import in_words, standing


def check(id: str, answer: Callable) -> None:
    """Try `answer` on the cases of exercise `id`: one line if it passes, else a report is raised.

    Raises
    ------
    NotStarted : the answer is still the stub
    CheckFailed : the text says what was tried, what came out, and the mistake if it is known
    UnknownExercise : there is no exercise `id`
    """
    exercise = find_exercise(id)
    verdict = exercise.examine(answer)
    if verdict.started:
        Progress.load().note_attempt(exercise.id, verdict.passed)
    if not verdict.passed:
        raise (CheckFailed if verdict.started else NotStarted)(verdict.text)
    print(verdict.text)
    if reason := keep(exercise, answer):
        print(f"  Later lessons cannot run on it: {reason}.")


def hint(id: str) -> None:
    """Print the next of the exercise's three hints."""
    exercise = find_exercise(id)
    index = Progress.load().next_hint(exercise.id, len(exercise.hints))
    print(f"Hint {index + 1} of {len(exercise.hints)}: {exercise.hints[index]}")


def progress(lesson: str = "") -> None:
    """Print what is passed, one line per exercise, of one lesson ("01") or of all."""
    for line, _ in in_words(standing([find(lesson)] if lesson else built())):
        print(line)
