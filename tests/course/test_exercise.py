import sys

import numpy as np
import pytest

from nnlearn.course.checks import UnknownExercise, find_exercise

NEURON = find_exercise("01.1")


class Broken:
    """What a buggy class of the learner's may do when NumPy looks at it."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array here")


class Mute(ValueError):
    def __str__(self):
        raise RuntimeError("no words either")


def mute(x, w, b):
    raise Mute


def examine(answer, id="01.1"):
    return find_exercise(id).examine(answer, np.random.default_rng(0))


def test_stub_is_not_started_rather_than_wrong():
    def neuron(x, w, b):
        raise NotImplementedError("your code here")

    verdict = examine(neuron)
    assert not verdict.passed and not verdict.started
    assert "not started" in verdict.text


@pytest.mark.parametrize(
    "answer,told",
    [
        (3.5, "3.5, which is not a function"),
        (lambda x, w: 0, "asked for  neuron(x, w, b)"),
        (lambda x, w, b: None, "is a `return` missing?"),
        (lambda x, w, b: "2.5", "a str, where numbers belong"),
        (lambda x, w, b: [1.0, 2.0], "a list of 2, where one number belongs"),
        (lambda x, w, b: np.nan, "nan or inf"),
        (lambda x, w, b: x @ w + b + 1e-3, "which is not right"),
        (lambda x, w, b: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda x, w, b: x @ w[:1], "an error, ValueError"),
        (lambda x, w, b: np.full(3, x @ w + b), "shape (3,)"),
        (lambda x, w, b: np.array([None, None]), "an array of dtype object"),
        (lambda x, w, b: np.array(["2", "5"]), "where numbers belong"),
        (lambda x, w, b: Broken(), "a Broken, where numbers belong"),
        (lambda x, w, b: sys.exit(), "an error, SystemExit"),
        (mute, "an error, Mute"),
        (Broken(), "a Broken, which is not a function"),
    ],
)
def test_report_says_what_came_out(answer, told):
    verdict = examine(answer)
    assert not verdict.passed
    assert told in verdict.text


@pytest.mark.parametrize(
    "id,shown",
    [
        ("02.5", "sizes = [3, 4, 2]"),  # a few numbers: as they are
        ("07.1", "inputs = (3.0, 2.0)"),
        ("02.1", "neurons = a list of 3"),  # pairs of arrays: how many
    ],
)
def test_report_shows_what_went_in(id, shown):
    assert shown in examine(lambda *args: None, id).text


@pytest.mark.parametrize(
    "answer,told",
    [
        (lambda losses: "Good", "'Good', which is not right"),
        (lambda losses: 1, "1, where a word belongs"),
        (lambda losses: print(end=""), "is a `return` missing?"),
    ],
)
def test_a_word_is_compared_by_its_letters(answer, told):
    verdict = examine(answer, "05.7")
    assert not verdict.passed and told in verdict.text
    assert 'one of "too small", "good", "diverging"' in verdict.text


def test_a_stub_that_the_answer_calls_is_named():
    def step(z):
        raise NotImplementedError

    def classify(X, w, b):
        return step(X @ w + b)

    verdict = examine(classify, "01.4")
    assert not verdict.started and "It calls step, and step is still a stub" in verdict.text


@pytest.mark.parametrize(
    "id,answer",
    [
        ("00.4", lambda X, labels, Y: labels[np.abs(X[:, None] - Y).sum(-1).argmin(0)]),
        ("00.4", lambda X, labels, Y: labels[np.abs(X[:, None] - Y).max(-1).argmin(0)]),
        ("00.4", lambda X, labels, Y: labels[((X[:, None] - Y) ** 4).sum(-1).argmin(0)]),
        ("00.2", lambda X: (X - X.mean(0)) / (X.std(0) + 1e-8)),
        ("01.2", lambda z: (z >= 0).astype(np.uint8)),
        ("01.4", lambda X, w, b: np.where(X @ w - b >= 0, 1.0, 0.0)),
    ],
)
def test_wrong_answers_that_once_passed_fail_on_every_seed(id, answer):
    for seed in range(50):
        assert not find_exercise(id).examine(answer, np.random.default_rng(seed)).passed


def test_report_names_case_inputs_and_expected_shape_but_not_the_answer():
    text = examine(lambda X: X.mean(axis=0), "00.1").text
    assert "a table by hand" in text
    assert "[[1., 2., 6.], [ 4.,  4., 10.]], shape (2, 3)" in text
    assert "\n  expected   an array of shape (2,)\n" in text
    assert "[3" not in text  # the right means are 3 and 6
    assert len(text.splitlines()) <= 8


def test_writing_into_an_input_is_seen():
    def in_place(x, w, b):
        x *= w
        return x.sum() + b

    assert "wrote into its input x" in examine(in_place).text


def test_numpy_warnings_are_seen_but_underflow_is_left_alone():
    def warns(x, w, b):
        np.array([1.0]) / 0.0
        return x @ w + b

    def underflows(x, w, b):
        np.exp(np.array([-1000.0]))
        return x @ w + b

    assert "divide by zero" in examine(warns).text
    assert examine(underflows).passed


def test_cases_differ_from_run_to_run():
    seen = []

    def spy(x, w, b):
        seen.append(x.copy())
        return x @ w + b

    NEURON.examine(spy)
    NEURON.examine(spy)
    half = len(seen) // 2
    assert any(not np.array_equal(a, b) for a, b in zip(seen[:half], seen[half:], strict=True))


def test_answers_that_know_the_examples_by_heart_fail():
    by_heart = {(1.0, 2.0): 2.5, (3.0,): 5.0}
    assert not examine(lambda x, w, b: by_heart.get(tuple(x), 0.0)).passed


def test_unknown_exercise_lists_those_of_its_lesson():
    with pytest.raises(UnknownExercise, match=r'no exercise "01.9".*"01.1" neuron.*"01.6"'):
        find_exercise("01.9")
    assert find_exercise("1.2").id == "01.2"


def test_a_check_is_quick():
    """Median of 20 runs at most 100 ms, for every exercise, right and wrong."""
    from time import perf_counter

    for id in ("00.1", "00.2", "00.3", "00.4", "01.1", "01.2", "01.3", "01.4", "01.5", "01.6"):
        exercise = find_exercise(id)
        for answer in (exercise.function, exercise.mistakes[-1].function):
            seconds = []
            for _ in range(20):
                started = perf_counter()
                exercise.examine(answer)
                seconds.append(perf_counter() - started)
            assert np.median(seconds) < 0.1, (id, np.median(seconds))


def test_what_a_check_finds_is_told_as_a_finding_and_not_as_a_crash():
    def minibatches(X, y, batch_size, rng):
        ends = range(batch_size, len(X) + 1, batch_size)
        return [(X[i - batch_size : i], y[i - batch_size : i]) for i in ends]

    text = examine(minibatches, "06.2").text
    assert "came out   2 of 10 rows never came" in text
