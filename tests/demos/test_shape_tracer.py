"""The shape tracer without a browser: question, shapes, quiz, the learner's function."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nnlearn.demos import ShapeTracer
from nnlearn.demos.controls import DemoError
from nnlearn.demos.shape_tracer import random_pair


def row_means(X):
    return X.mean(axis=1)


def test_nothing_shows_the_result_before_the_guess():
    tracer = ShapeTracer()
    seen = json.dumps([tracer.sentence(), tracer.table()]) + str(tracer.values())
    assert "(3, 4)" not in seen
    assert "[3, 4]" not in seen
    with pytest.raises(DemoError, match="say first"):
        tracer.set(a=(2,))
    assert "stretches" in tracer.answer("A")
    assert tracer.sentence() == "A + B: (3, 1) and (4,) give (3, 4)."


@pytest.mark.parametrize("letter", "ABCD")
def test_every_answer_has_its_own_word(letter):
    tracer = ShapeTracer()
    said = tracer.answer(letter)
    assert said == ShapeTracer.asks.feedback[letter]
    assert tracer._prediction()["right"] is (letter == "A")


def test_shapes_operations_and_axes_are_set_by_name():
    tracer = ShapeTracer(predict=False)
    tracer.set(a="2,3", op="sum", axis="0")
    assert tracer.sentence() == "A.sum(axis=0): (2, 3) gives (3,)."
    tracer.set(op="pairs", b=(4, 3))
    assert tracer.found.shape == (2, 4, 3)
    tracer.set(op="+", a="(3,)", b="(4,)")
    assert tracer.sentence() == "A + B fails: 3 meets 4: a clash, neither is 1."
    assert tracer.values()["error"].startswith("operands could not be broadcast")
    assert any("works" in line for line in tracer.values()["advice"])


@pytest.mark.parametrize(
    "wrong", [{"a": "(9,)"}, {"b": "abc"}, {"op": "/"}, {"axis": "7"}, {"c": "(3,)"}]
)
def test_wrong_settings_are_refused_and_change_nothing(wrong):
    tracer = ShapeTracer(predict=False)
    before = tracer.state
    with pytest.raises(DemoError):
        tracer.set(**wrong)
    assert tracer.state == before


def test_the_learners_function_runs_and_the_badge_says_so():
    tracer = ShapeTracer(op=row_means)
    assert tracer.badge == "running: your code"
    assert tracer.sentence() == "row_means(A): (3, 4) gives (3,)."
    assert len(tracer.table()) == 3
    tracer.set(op="+")
    assert tracer.badge == "running: NumPy"
    refused = ShapeTracer(op=lambda a, b, c: a)
    assert refused.badge == "running: NumPy"
    assert "takes 3 arrays" in refused.verdict.message
    assert "Give me your function" in ShapeTracer(op="yours", predict=False).sentence()


def test_the_quiz_counts_right_answers_in_a_row():
    tracer = ShapeTracer(predict=False, seed=3)
    with pytest.raises(DemoError, match="Quiz me"):
        tracer.act("guess", text="(3,)")
    for round_ in range(1, 12):
        tracer.act("quiz")
        assert tracer.hidden
        assert tracer.values()["shape"] is None
        shape = tracer.found.shape
        tracer.act("guess", text="error" if shape is None else str(shape))
        assert tracer.now["right"]
        assert tracer.now["streak"] == round_
    tracer.act("quiz")
    with pytest.raises(DemoError, match="no shape"):
        tracer.act("guess", text="dunno")
    tracer.act("guess", text="(6, 6, 6)")
    assert (tracer.now["streak"], tracer.now["best"]) == (0, 11)
    assert "rom the right" in tracer.now["said"] or "clash" in tracer.now["said"]


def test_a_third_of_the_quiz_is_impossible_and_all_can_be_drawn():
    rng = np.random.default_rng(0)
    clashes = 0
    for _ in range(600):
        try:
            assert len(np.broadcast_shapes(*random_pair(rng))) <= 3
        except ValueError:
            clashes += 1
    assert 140 < clashes < 260


def test_one_line_rebuilds_it_and_two_are_apart():
    one, two = ShapeTracer(predict=False), ShapeTracer(predict=False)
    one.set(a="(2, 3)", op="@", b="(3, 4)")
    one.act("quiz")
    again = eval(one.share(), {"ShapeTracer": ShapeTracer})
    assert again.state == one.state
    assert again.values()["quiz"]["open"]
    assert two.sentence() == "A + B: (3, 1) and (4,) give (3, 4)."
    json.dumps(one.state, allow_nan=False)


@pytest.mark.parametrize(
    "kwargs", [{}, {"predict": False}, {"a": (3,), "predict": False}, {"op": row_means}]
)
def test_picture_and_words_for_places_without_widgets(kwargs):
    bundle, _ = ShapeTracer(**kwargs)._repr_mimebundle_()
    assert bundle["image/png"][:4] == b"\x89PNG"
    assert len(bundle["text/plain"]) > 20
    assert "0x" not in bundle["text/plain"]
