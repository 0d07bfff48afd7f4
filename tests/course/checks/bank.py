"""The tests that every check module must stand: mistakes caught, right answers let through."""

from collections.abc import Callable

import numpy as np
import pytest

from nnlearn.course.checks import exercises, find_exercise
from nnlearn.course.exercise import Exercise
from nnlearn.course.nudge import measured

SEEDS = 50


def rules_for(stem: str, right: dict) -> tuple[Callable, Callable, Callable]:
    """The three tests of one lesson's checks; `right` holds the right answers by exercise."""

    @pytest.mark.parametrize("exercise,mistake", mistakes_of(stem))
    def mistake_is_rejected_and_named(exercise, mistake):
        rejects_and_recognises(exercise, mistake)

    @pytest.mark.parametrize("id,answer", answers_of(right))
    def right_answer_passes(id, answer):
        accepts(find_exercise(id), answer)

    @pytest.mark.parametrize("exercise", exercises(stem), ids=lambda e: e.id)
    def exercise_is_complete(exercise):
        is_complete(exercise, right)

    return mistake_is_rejected_and_named, right_answer_passes, exercise_is_complete


def mistakes_of(stem: str) -> list:
    return [
        pytest.param(exercise, mistake, id=f"{exercise.id}-{i}")
        for exercise in exercises(stem)
        for i, mistake in enumerate(exercise.mistakes)
    ]


def answers_of(right: dict) -> list:
    return [
        pytest.param(id, answer, id=f"{id}-{answer.__name__}")
        for id, answers in right.items()
        for answer in answers
    ]


def rejects_and_recognises(exercise: Exercise, mistake) -> None:
    for seed in range(5):
        verdict = exercise.examine(mistake.function, np.random.default_rng(seed))
        assert not verdict.passed and verdict.started
        assert verdict.mistake is mistake
        assert mistake.sentence in verdict.text


def accepts(exercise: Exercise, answer) -> None:
    for seed in range(SEEDS):
        verdict = exercise.examine(answer, np.random.default_rng(seed))
        assert verdict.passed, f"seed {seed}\n{verdict.text}"


def is_complete(exercise: Exercise, right: dict) -> None:
    """Enough mistakes, enough right answers, hints that differ, no sentence used twice."""
    assert len(exercise.mistakes) >= 6
    assert len({m.sentence for m in exercise.mistakes}) == len(exercise.mistakes)
    assert len(set(exercise.hints)) == 3
    assert len(right[exercise.id]) >= 3
    if exercise.slope_of is not None:
        gradients_are_slopes(exercise)


def gradients_are_slopes(exercise: Exercise) -> None:
    """The reference itself against finite differences, wherever there is a slope."""
    assert exercise.slope_of is not None
    places = 0
    for case in exercise.cases(np.random.default_rng(0)):
        gradient = exercise.gradient_in(exercise.function(*case.args))
        slope = measured(exercise.slope_of, case.args)
        there = ~np.isnan(slope)
        places += there.sum()
        np.testing.assert_allclose(gradient[there], slope[there], rtol=1e-5, atol=1e-7)
    assert places >= 10
