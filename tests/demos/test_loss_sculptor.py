"""D3: pulls, totals, where lines come to rest, equal accuracy, the learner's own loss."""

import numpy as np
import pytest

from nnlearn.demos import LossSculptor
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack
from nnlearn.demos.loss_rules import LINES, SCORES, YOURS, Rail, built_in, nice
from nnlearn.demos.loss_slot import SLOT
from nnlearn.demos.loss_tasks import ASK
from nnlearn.gradcheck import numerical_gradient
from nnlearn.ops.losses import huber_loss

RNG = np.random.default_rng(3)


def lab(*loss, **more):
    return LossSculptor(*loss, predict=False, **more)


def loops(y_hat, y, delta):
    total, gradient = 0.0, np.zeros(len(y))
    for i in range(len(y)):
        e = y_hat[i] - y[i]
        small = abs(e) <= delta
        total += e * e / 2 if small else delta * (abs(e) - delta / 2)
        gradient[i] = (e if small else delta * np.sign(e)) / len(y)
    return total / len(y), gradient


def where(y_hat, y, delta):
    e = y_hat - y
    each = np.where(abs(e) <= delta, 0.5 * e**2, delta * (abs(e) - 0.5 * delta))
    return each.mean(), np.clip(e, -delta, delta) / e.size


def quartic(y_hat, y):
    e = y_hat - y
    return np.mean(e**4), 4 * e**3 / e.size


def one_sided(y_hat, y):
    e = y_hat - y
    return np.sum(np.maximum(e, 0) ** 2 + 0.1 * np.abs(e)), np.where(e > 0, 2 * e, 0) + (
        0.1 * np.sign(e)
    )


# --- pulls and losses -----------------------------------------------------------------------------


def measured(demo, side):
    """The pull of a side by nudging each prediction (or score): minus the slope of its total."""
    loss = demo.loss(side)
    return -numerical_gradient(lambda at: loss(at, demo.wanted)[0], demo.guesses(side))


@pytest.mark.parametrize("name", [n for n in LINES if n != YOURS])
def test_arrows_of_lines_equal_measured_slopes_at_random_settings(name):
    demo = lab(left=name)
    for _ in range(12):
        for i in range(len(demo.wanted)):
            demo.act("target", i=i, value=RNG.uniform(*demo.points.window))
        for end in (0, 1):
            demo.act("end", end=end, value=RNG.uniform(*demo.points.window))
        demo.set(delta=round(RNG.uniform(0.1, 3), 2))
        error = np.abs(demo.guesses(0) - demo.wanted)
        kink = {"MAE": 0.0, "Huber": demo.settings["delta"]}.get(name, np.inf)
        smooth = np.abs(error - kink) > 1e-4
        pull = unpack(demo.frame)[1]["pull"][0]
        assert smooth.any() and np.allclose(pull[smooth], measured(demo, 0)[smooth], atol=1e-8)


@pytest.mark.parametrize("name", [n for n in SCORES if n != YOURS])
def test_arrows_of_scores_equal_measured_slopes_at_random_settings(name):
    demo = lab(task="yes or no", right_score=name)
    for _ in range(12):
        for i in range(8):
            demo.act("score", i=i, value=RNG.uniform(-8, 8))
        pull = unpack(demo.frame)[1]["pull"][1]
        assert np.allclose(pull, measured(demo, 1), atol=1e-8)


@pytest.mark.parametrize("fn", [loops, quartic, one_sided])
@pytest.mark.parametrize("task", ["numbers", "yes or no"])
def test_arrows_of_your_loss_equal_measured_slopes(fn, task):
    demo = lab(fn, task=task, right=YOURS, right_score=YOURS, delta=0.4)
    assert demo.badge == "running: your code"
    assert np.allclose(demo.sides[1].pull, measured(demo, 1), atol=1e-7)


def test_cross_entropy_pulls_with_y_minus_p_and_squared_error_fades():
    demo = lab(task="yes or no")
    demo.act("score", i=4, value=-6)
    p = unpack(demo.frame)[1]["p"][0]
    assert np.allclose(8 * demo.sides[0].pull, demo.wanted - p)
    assert 8 * demo.sides[0].pull[4] > 0.99
    assert 8 * demo.sides[1].pull[4] < 0.01, "surely wrong, hardly pulled"
    assert "Point 5 is the surest wrong one" in repr(demo)


def test_the_losses_of_the_points_add_up_to_the_total():
    for task in ("numbers", "yes or no"):
        for side in lab(task=task).sides:
            assert side.each.mean() == pytest.approx(side.total)


def test_limits_come_from_the_numbers_and_hold_them():
    demo = lab()
    demo.act("slip")
    for shown, side in zip(demo.values()["sides"], demo.sides, strict=True):
        for limit, numbers in [("pull_limit", side.pull), ("loss_limit", side.each)]:
            assert np.abs(numbers).max() <= shown[limit] <= 2.5 * np.abs(numbers).max()
    assert nice(np.zeros(3)) == 1.0


# --- the question ---------------------------------------------------------------------------------


def test_the_question_has_one_right_option_and_it_is_measured():
    demo = LossSculptor()
    assert demo.answer("B") == ASK.feedback["B"]
    assert (demo.names, demo.now["y"][-1]) == (("MSE", "MAE"), 0.23)
    squared, absolute = (np.abs(side.pull) for side in demo.sides)
    assert squared.argmax() == 9 and squared[9] > 5 * np.sort(squared)[-2], "by far"
    assert np.allclose(absolute, absolute[9]) and absolute[9] > 0, "all equally, and not zero"
    assert ASK.right == "A" and len(set(ASK.feedback.values())) == 4


# --- the way downhill -----------------------------------------------------------------------------


def least_absolute(x, y):
    """The best line under MAE goes through two of the points: try all pairs."""
    best = np.inf
    for a in range(len(x)):
        for b in range(a):
            if x[a] != x[b]:
                slope = (y[a] - y[b]) / (x[a] - x[b])
                best = min(best, np.abs(y - y[a] - slope * (x - x[a])).mean())
    return best


def test_each_line_comes_to_rest_where_its_loss_is_least():
    """MSE: within 0.001 of the least-squares line; MAE: within 0.5 % of the least loss."""
    demo = lab(left="MSE", right="MAE")
    demo.act("slip")
    demo.run(300)
    assert demo.finished() and demo.t <= 240
    x, y = demo.points.x, np.array(demo.now["y"])
    closed = np.polyval(np.polyfit(x, y, 1), demo.points.ends)
    assert np.abs(np.array(demo.now["lines"][0]) - closed).max() < 0.001
    assert demo.sides[1].total < 1.005 * least_absolute(x, y)
    assert repr(demo).startswith("At rest. Without point 10, MSE's line misses by 0.334")


@pytest.mark.parametrize("scale", [0.01, 1.0, 3000.0])
def test_lines_come_to_rest_from_anywhere_and_at_any_scale(scale):
    for _ in range(4):
        x = RNG.uniform(-5, 5, 12)
        y = scale * (0.4 * x + RNG.normal(size=12))
        demo = lab(x=x, y=y)
        low, high = demo.points.window
        demo.act("end", end=0, value=high)
        demo.act("end", end=1, value=low)
        demo.run(240)
        x, y = demo.points.x, np.array(demo.now["y"])
        closed = np.polyval(np.polyfit(x, y, 1), demo.points.ends)
        assert np.abs(np.array(demo.now["lines"][0]) - closed).max() < 0.002 * (high - low)
        assert demo.sides[1].total < 1.01 * least_absolute(x, y)


def test_huber_rests_between_the_two():
    demo = lab(left="Huber", right="MAE", delta=0.3)
    demo.act("slip")
    demo.run(240)
    miss = [np.abs(demo.guesses(i) - demo.wanted)[:9].mean() for i in (0, 1)]
    assert miss[1] < miss[0] < 0.5 * 0.33
    fit = demo.guesses(0)
    slope = built_in("Huber", 0.3)(fit, demo.wanted)[1]
    assert np.abs([slope.sum(), slope @ demo.points.x]).max() < 1e-3, "no slope is left"


def test_ends_and_heights_of_a_line_agree():
    x = np.array([0.0, 1.0, 4.0])
    rail = Rail(x, -1, 5)
    assert np.allclose(rail.at(np.array([1.0, 7.0])), x + 2)
    assert np.allclose(rail.fit(x + 2), [1, 7])


def test_the_surely_wrong_score_is_left_behind_by_squared_error():
    demo = lab(task="yes or no")
    demo.act("score", i=4, value=-6)
    demo.run(80)
    assert demo.finished() and (demo.right(0), demo.right(1)) == (8, 7)
    assert demo.now["z"][1][4] < -5 and demo.now["z"][0][4] > 2


def test_three_times_as_sure_is_as_often_right_at_another_loss():
    demo = lab(task="yes or no")
    demo.act("scores", bold=False)
    careful = demo.right(0), [side.total for side in demo.sides]
    demo.act("scores", bold=True)
    bold = demo.right(0), [side.total for side in demo.sides]
    assert careful[0] == bold[0] == 6
    assert all(b > 1.2 * c for b, c in zip(bold[1], careful[1], strict=True))
    assert repr(demo) == (
        "Still 6 of 8 right, but binary cross-entropy from 0.472 to 0.658, "
        "squared error from 0.159 to 0.209."
    )


@pytest.mark.parametrize("task", ["numbers", "yes or no"])
def test_the_same_seed_replays_bit_for_bit(task):
    demo, again = (lab(task=task, seed=4) for _ in range(2))
    for each in (demo, again):
        if task == "numbers":
            each.act("slip")
        each.run(70)
    assert demo.state == again.state
    now = demo.state["saved"]["now"]
    demo.goto(23)
    demo.run(47)
    assert demo.state["saved"]["now"] == now
    demo.rewind()
    assert demo.t == 0
    demo.run(70)
    assert demo.state["saved"]["now"] == now


# --- hands ----------------------------------------------------------------------------------------


def test_a_hand_moves_in_tenths_and_hundredths_on_both_sides():
    demo = lab()
    demo.run(30)
    before, other = demo.now["lines"][0][1], [line[0] for line in demo.now["lines"]]
    demo.act("move_end", side=0, end=1, by=1)
    demo.act("move_end", side=0, end=1, by=-0.1)
    assert (
        demo.now["lines"][0][1]
        == demo.now["lines"][1][1]
        == pytest.approx(before + 0.09, abs=0.006)
    )
    assert [line[0] for line in demo.now["lines"]] == other, "the far end stays where it was"
    assert demo.t == 0, "from here a new run begins"
    demo.act("move_target", i=2, by=1)
    demo.act("move_target", i=2, by=-0.1)
    assert demo.now["y"][2] == pytest.approx(0.29)
    demo.act("target", i=2, value=99)
    assert demo.now["y"][2] == pytest.approx(demo.points.window[1])
    demo.act("as_measured")
    assert demo.now["y"][2] == 0.2 and demo.now["lines"][0] == demo.now["lines"][1]
    demo.set(task="yes or no")
    assert demo.held == 4, "the surest wrong one"
    demo.act("move_score", side=1, i=0, by=1)
    demo.act("move_score", side=1, i=0, by=-0.1)
    assert [z[0] for z in demo.now["z"]] == [pytest.approx(-2.51)] * 2


def test_looking_changes_no_number_and_no_past():
    demo = LossSculptor()
    demo.answer("A")
    demo.run(5)
    before = demo.state["saved"]["now"], demo._past.times
    demo.act("pick", i=2)
    demo.act("table", shown=True)
    demo.act("share", shown=True)
    demo.act("view", anything=1)
    assert (demo.state["saved"]["now"], demo._past.times) == before and demo.held == 2


def test_another_loss_begins_where_this_run_began():
    demo = lab()
    demo.act("slip")
    start = [list(line) for line in demo.now["lines"]]
    demo.run(50)
    demo.set(right="Huber")
    assert demo.t == 0 and demo.now["lines"] == start and demo.now["y"][-1] == 0.23


@pytest.mark.parametrize(
    ("action", "args", "word"),
    [("score", {"i": 0, "value": 1}, "belongs to the task"), ("pick", {"i": 10}, "0 to 9 are"),
     ("scores", {"bold": True}, "belongs to the task"),
     ("set", {"right": "yours"}, "give your loss")],
)  # fmt: skip
def test_what_cannot_be_done_says_so(action, args, word):
    demo = lab()
    with pytest.raises(DemoError, match=word):
        demo.act(action, **args)
    assert demo.settings["right"] != YOURS


# --- the learner's loss ---------------------------------------------------------------------------


@pytest.mark.parametrize("fn", [loops, where])
def test_right_hubers_run_beside_nnlearns_and_agree(fn):
    demo = lab(fn, left="Huber", delta=0.25)
    assert demo.badge == "running: your code" and demo.names == ("Huber", YOURS)
    demo.act("slip")
    demo.run(120)
    assert np.allclose(demo.now["lines"][0], demo.now["lines"][1], atol=1e-9)
    assert demo.sides[1].total == pytest.approx(
        float(huber_loss(demo.guesses(1), demo.wanted, delta=0.25))
    )


def changes(y_hat, y, delta):
    y_hat -= y
    return where(y_hat, 0, delta)


@pytest.mark.parametrize(
    ("fn", "case", "word"),
    [
        (lambda a, b, d: (where(a, b, d)[0], np.clip(a - b, -d, d)),
         "three small errors", "gradient"),
        (lambda a, b, d: (np.mean((a - b) ** 2), 2 * (a - b) / len(a)),
         "three small errors", "value differs"),
        (lambda a, b, d: (where(a, b, 1.0)), "the same errors, delta = 0.3", "value differs"),
        (lambda a, b, d: where(a, b, d)[0], "three small errors", "return two things"),
        (lambda a, b, d: (np.abs(a - b), np.sign(a - b)), "three small errors", "shape"),
        (lambda a, b, d: (where(a, b, d)[0], np.clip(b - a, -d, d) / len(a)),
         "three small errors", "gradient"),
        (changes, "three small errors", "changed its arguments"),
    ],
)  # fmt: skip
def test_wrong_hubers_are_refused_with_the_case(fn, case, word):
    demo = lab(fn)
    frame = unpack(demo.frame)[0]
    assert demo.badge == "running: nnlearn" and demo.names == ("MSE", "Huber")
    refused = frame["refused"]
    assert refused["case"] == case and word in refused["message"]
    assert refused["reference"] and refused["yours"]


@pytest.mark.parametrize("fn", [quartic, one_sided])
def test_a_loss_of_your_own_invention_runs_to_rest(fn):
    demo = lab(fn)
    assert demo.badge == "running: your code"
    demo.act("slip")
    start = demo.sides[1].total
    demo.run(240)
    assert demo.sides[1].total < start and demo.finished()
    slope = demo.points.rail.features.T @ demo.sides[1].gradient
    assert np.abs(slope).max() < 0.2 * np.abs(demo.sides[1].gradient).sum() + 1e-6


def mutates(y_hat, y):
    y_hat -= y
    return np.sum(y_hat**2), 2 * y_hat


@pytest.mark.parametrize(
    ("fn", "word"),
    [
        (lambda a, b: (np.sum((a - b) ** 4), (a - b) ** 3), "not the slope"),
        (lambda a, b: (np.sum((a - b) ** 2), 2 * np.sum(a - b)), "gradient has shape ()"),
        (lambda a, b: ((a - b) ** 2, 2 * (a - b)), "the loss has shape (3,)"),
        (lambda a, b: (np.sum(np.log(a - b)), 1 / (a - b)), "NaN"),
        (lambda a, b: np.sum((a - b) ** 2), "return two things"),
        (lambda a, b: ("small", None), "must be numbers"),
        (lambda a, b: a.no_such_thing, "AttributeError"),
        (mutates, "changed its arguments"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_wrong_inventions_are_refused_and_say_why(fn, word):
    demo = lab(fn)
    assert not demo.verdict.accepted and word in demo.verdict.message
    assert demo.verdict.case and demo.verdict.reference and demo.verdict.yours


def test_the_signature_decides_what_it_is_held_against():
    assert SLOT.judge(lambda y_hat, y, power=4: quartic(y_hat, y)).accepted
    assert not SLOT.judge(lambda y_hat, y, delta=1.0: quartic(y_hat, y)).accepted
    assert SLOT.judge(lambda *args: where(*args)).accepted
    assert "takes a function" in SLOT.judge(7).message


def test_kinks_are_no_mistake():
    at_zero = lambda y_hat, y: (np.abs(y_hat - y.round(1)).sum(), np.sign(y_hat - y.round(1)))  # noqa: E731
    assert SLOT.judge(at_zero).accepted


def test_no_number_is_said_in_words_and_the_other_side_goes_on():
    def narrow(y_hat, y):
        e = np.asarray(y_hat - y)
        safe = 4.2 - np.abs(e)
        bad = np.abs(e) > 41.5
        return np.where(bad, np.nan, e**2 / (50 + 0 * safe)).sum(), 2 * e / 50

    demo = lab(narrow, x=np.arange(5.0), y=np.array([0.0, 40, 80, 120, 200]))
    assert demo.verdict.accepted
    demo.act("end", end=0, value=150)
    assert repr(demo).startswith("Your loss gives NaN or infinity at point 1")
    before = [list(line) for line in demo.now["lines"]]
    demo.run(3)
    assert demo.now["lines"][0] != before[0] and demo.now["lines"][1] == before[1]
    assert unpack(demo.frame)[0]["values"]["sides"][1]["finite"] is False
    assert demo.table() and demo.picture()


def test_a_loss_that_breaks_while_it_runs_is_refused_then():
    def moody(y_hat, y, delta):
        if len(y) == 10 and delta > 2:
            return "no"
        return where(y_hat, y, delta)

    demo = lab(moody)
    assert demo.badge == "running: your code"
    demo.set(delta=3)
    assert "while the demo ran" in demo.verdict.message and demo.badge == "running: nnlearn"
    assert demo.sides[1].finite


# --- own data, sharing ----------------------------------------------------------------------------


def test_own_points_and_own_scores():
    demo = lab(x=[3, 1, 2, 5], y=[30, 10, 20, 52], scores=([1, -1, 2], [1, 0, 0]))
    assert demo.points.x.tolist() == [1, 2, 3, 5] and demo.points.unit == 1.0
    demo.act("slip")
    assert demo.now["y"][-1] < demo.guesses(0)[-1] - 30
    demo.run(20)
    again = LossSculptor.from_state(demo.state)
    assert again.state == demo.state and repr(again) == repr(demo)
    demo.set(task="yes or no")
    assert demo.right(0) == 2


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"x": [1, 2, 3]}, "both x and y"), ({"x": [1, 2, 3], "y": [1, 2]}, "x has shape"),
        ({"x": [1, 1, 1], "y": [1, 2, 3]}, "all x are the same"),
        ({"x": [1, 2, 3], "y": [1, 1, 1]}, "all y are the same"),
        ({"x": [1, 2, np.nan], "y": [1, 2, 3]}, "NaN"), ({"scores": 3}, "a pair"),
        ({"scores": ([1, 2, 3], [0, 1, 2])}, "0 and 1 only"),
        ({"x": ["a", "b", "c"], "y": [1, 2, 3]}, "arrays of numbers"),
        ({"left": "L3"}, "must be one of"), ({"delta": 0}, "outside"),
    ],
)  # fmt: skip
def test_bad_arguments_say_what_is_needed(more, word):
    with pytest.raises(DemoError, match=word):
        lab(**more)


def test_the_same_everywhere_when_shared():
    demo = LossSculptor()
    demo.answer("C")
    demo.set(right="Huber", delta=0.5)
    demo.run(7)
    again = eval(str(demo.share()), {"LossSculptor": LossSculptor})
    assert again.state == demo.state and repr(again) == repr(demo)
    mine = lab(loops)
    mine.step(3)
    again = LossSculptor.from_state(mine.state, slot=loops)
    assert again.state == mine.state and again.badge == "running: your code"


def test_table_and_picture_show_both_sides():
    for task in ("numbers", "yes or no"):
        demo = lab(task=task)
        rows = demo.table()
        assert len(rows) == len(demo.wanted) and len(rows[0]) == 8
        assert [r["point"] for r in rows] == list(range(1, len(rows) + 1))
        assert len(demo.picture().axes) == 4
