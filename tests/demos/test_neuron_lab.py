"""D1: the line, the formula, the cuts, the rule, the slot."""

import numpy as np
import pytest

from nnlearn.demos import NeuronLab
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack
from nnlearn.demos.line_geometry import Window, ends, foot, line_of_tip, tip
from nnlearn.perceptron import neuron, train_perceptron

RNG = np.random.default_rng(1)


def lab(**more):
    return NeuronLab(predict=False, **more)


def test_points_on_the_line_give_zero():
    window = Window.around(np.array([[0.0, 0.0], [1.0, 1.0]]))
    for _ in range(200):
        w, b = RNG.uniform(-5, 5, 2), RNG.uniform(-5, 5)
        on = np.concatenate([ends(window, w, b), foot(window, w, b)[None]])
        assert np.abs(on @ w + b).max() < 1e-9


def test_the_arrow_and_its_inverse_agree():
    window = Window.around(np.array([[0.0, 0.0], [6.0, 3.0]]))
    for _ in range(50):
        w, b = RNG.uniform(-5, 5, 2), RNG.uniform(-5, 5)
        back, bias = line_of_tip(window, w, b, tip(window, w, b))
        assert np.allclose(back, w) and bias == pytest.approx(b)
        w = w / np.hypot(*w) * RNG.uniform(1, 4)
        goal = tip(window, w, b) + RNG.uniform(-0.02, 0.02, 2) * window.span
        assert np.allclose(tip(window, *line_of_tip(window, w, b, goal)), goal)


def test_the_formula_reads_back_to_z():
    demo = lab()
    for _ in range(50):
        w1, w2, b, x, y = RNG.uniform(-3, 3, 5).round(2)
        demo.act("weights", w1=w1, w2=w2, b=b)
        demo.act("probe", x=x, y=y)
        text = demo.formula().replace("×", "*").replace("−", "-")
        assert eval(text) == pytest.approx(neuron(demo._probe, demo.w, demo.b), abs=1e-9)


def test_dragging_the_line_changes_only_b_and_the_tip_goes_where_it_is_put():
    demo = lab(w=(1, 2), b=-1)
    demo.act("line", x=0.5, y=0.5)
    assert demo.w.tolist() == [1, 2] and demo.b == -1.5
    demo.act("tip", x=0.75, y=0.6)
    assert np.allclose(tip(demo.window, demo.w, demo.b), [0.75, 0.6], atol=0.02)
    before = demo.b
    demo.act("move_line", by=0.1)
    demo.act("move_line", by=0.1)
    assert demo.b == pytest.approx(before + 0.2)


@pytest.mark.parametrize(("task", "best"), [("AND", 4), ("OR", 4), ("NAND", 4), ("XOR", 3)])
def test_the_rule_solves_what_a_line_can(task, best):
    demo = lab(task=task)
    demo.run(120)
    assert demo.best() == best and demo.finished() == (best == 4)


def test_no_line_does_xor_however_many_are_tried():
    demo = lab(task="XOR")
    for w1, w2, b in RNG.uniform(-3, 3, (1500, 3)):
        demo.now.update(w=[w1, w2], b=b)
        demo._log()
    assert len(demo.cuts["XOR"]) == 14 and demo.best() == 3
    demo.act("weights", b=0.5)
    assert repr(demo) == "You have seen all 14 cuts a line can make. None of them is XOR."


def test_one_step_is_the_perceptron_rule_on_one_point():
    demo = lab(task="OR", w=(0, 0), b=0)
    demo.run(200)
    w, b, _ = train_perceptron(demo.X, demo.y, epochs=20)
    assert np.array_equal(demo.w, w) and demo.b == b


def test_the_answer_doubles_all_three_and_the_line_stays():
    demo = NeuronLab()
    before = ends(demo.window, demo.w, demo.b)
    w, b = demo.w, demo.b
    assert "twice 0 is 0" in demo.answer("A")
    assert np.allclose(ends(demo.window, demo.w, demo.b), before)
    assert np.array_equal(demo.w, 2 * w) and demo.b == 2 * b
    assert demo.ghost == [*w, b]


def test_each_wrong_option_has_its_own_feedback():
    lines = [NeuronLab().answer(letter) for letter in "ABCD"]
    assert len(set(lines)) == 4


def loops(x, w, b):
    z = b
    for i in range(len(w)):
        z += x[i] * w[i]
    return z


@pytest.mark.parametrize(
    "fn", [lambda x, w, b: x @ w + b, loops, lambda x, w, b: np.dot(w, x.T) + b]
)
def test_right_neurons_run_and_draw_the_same_map(fn):
    demo = lab(neuron=fn)
    assert demo.badge == "running: your code"
    at = np.array([[0.25, 0.5], [1.0, -0.25], [0.0, 1.0]])
    assert np.allclose(demo.z(at), neuron(at, demo.w, demo.b))


@pytest.mark.parametrize(
    ("fn", "case"),
    [
        (lambda x, w, b: x @ w, "x = (1, 0), w = (3, -1), b = 0.5"),
        (lambda x, w, b: x @ w - b, "x = (1, 0), w = (3, -1), b = 0.5"),
        (lambda x, w, b: float(x @ w + b >= 0), "x = (0, 0), w = (3, -1), b = 0.0"),
        (lambda x, w, b: x * w + b, "x = (0, 0), w = (3, -1), b = 0.0"),
    ],
)
def test_wrong_neurons_are_refused_with_the_case(fn, case):
    demo = lab(neuron=fn)
    frame = unpack(demo.frame)[0]
    assert demo.badge == "running: nnlearn" and frame["refused"]["case"] == case
    assert frame["refused"]["reference"] and frame["refused"]["yours"]


def test_real_data_two_features_of_iris():
    from sklearn.datasets import load_iris

    X, y = load_iris(return_X_y=True)
    demo = lab(task=(X[:100, [0, 2]], y[:100]), names=("sepal length", "petal length"))
    demo.run(4000)
    assert demo.finished() and demo.score == (100, 100)
    again = NeuronLab.from_state(demo.state)
    assert again.state == demo.state and np.array_equal(again.X, demo.X)
    assert list(demo.table()[0])[:2] == ["sepal length", "petal length"]


@pytest.mark.parametrize(
    ("task", "word"),
    [
        ("NOR", "one of AND, OR"), ((np.ones((3, 3)), [0, 1, 1]), r"X has shape \(3, 3\)"),
        (([[0, 1], [1, 0]], [0, 2]), "y holds 0 and 1"), (7, "is one of AND"),
        (([[0, np.nan], [1, 0]], [0, 1]), "NaN"), (("x", "y", "z"), "two arrays"),
    ],
)  # fmt: skip
def test_bad_tasks_say_what_is_needed(task, word):
    with pytest.raises(DemoError, match=word):
        lab(task=task)


def test_looking_changes_no_weight_and_no_past():
    demo = lab()
    demo.step(3)
    before = dict(demo.now), demo._past.times, demo.cuts
    demo.act("probe", x=0.1, y=0.9)
    demo.set(colours="fires or not")
    demo.act("table", shown=True)
    assert (demo.now, demo._past.times, demo.cuts) == before


def test_the_same_everywhere_when_shared():
    demo = NeuronLab(task="XOR")
    demo.answer("C")
    demo.step(5)
    again = eval(str(demo.share()), {"NeuronLab": NeuronLab})
    assert again.state == demo.state and repr(again) == repr(demo)


def test_no_weights_no_line():
    demo = lab(w=(0, 0), b=1)
    assert "no line" in repr(demo)
    values = unpack(demo.frame)[0]["values"]
    assert values["ends"] is None and values["tip"] is None
    demo.picture()
