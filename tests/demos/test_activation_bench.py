"""D2: functions and slopes, depth, the network in training, the slot and its two judges."""

import math

import numpy as np
import pytest

from nnlearn.demos import ActivationBench
from nnlearn.demos.activation_bench import Z
from nnlearn.demos.activation_depth import WIDTH, standard_digits, through_depth, weights
from nnlearn.demos.activation_functions import OWN, REFERENCES, slot_for
from nnlearn.demos.activation_training import STEPS
from nnlearn.demos.activation_words import ASK, power
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack
from nnlearn.demos.numerals import shown
from nnlearn.gradcheck import kinks, numerical_gradient
from tests.demos.live import live_run

OPTIONS = {"A": -1, "B": -3, "C": -6, "D": -10}


def bench(activation=None, **more):
    return ActivationBench(activation, predict=False, **more)


def frame(demo):
    return unpack(demo.frame)[0]


# ---- functions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "steepest"),
    [("step", 0), ("sigmoid", 0.25), ("tanh", 1), ("ReLU", 1), ("leaky ReLU", 1), ("ELU", 1),
     ("identity", 1)],
)  # fmt: skip
def test_the_largest_slope_is_exact(name, steepest):
    demo = bench(function=name)
    assert demo.curves()[1].max() == steepest == frame(demo)["values"]["steepest"]


def test_gelu_and_silu_are_steeper_than_one_a_little_right_of_zero():
    for name, most, at in [("GELU", 1.1289, math.sqrt(2)), ("SiLU", 1.0998, 2.3994)]:
        slopes = bench(function=name).curves()[1]
        assert slopes.max() == pytest.approx(most, abs=1e-4)
        assert Z[slopes.argmax()] == pytest.approx(at, abs=0.05)


@pytest.mark.parametrize("name", REFERENCES)
def test_every_slope_is_what_a_nudge_measures(name):
    def value(z):
        return REFERENCES[name](z)[0]

    slope, smooth = numerical_gradient(value, Z), ~kinks(value, Z)
    assert smooth.sum() >= len(Z) - 1, "one kink at most"
    assert np.allclose(slope[smooth], REFERENCES[name](Z)[1][smooth], atol=1e-8)


def test_the_probe_goes_where_it_is_put_and_stays_on_the_axis():
    demo = ActivationBench()  # the probe moves before the guess too
    demo.act("probe", z=0)
    assert frame(demo)["values"]["slope"] == 0.25 and frame(demo)["values"]["value"] == 0.5
    demo.act("move_probe", by=0.1)
    demo.act("move_probe", by=0.1)
    assert demo.settings["probe"] == pytest.approx(0.2)
    demo.act("probe", z=99)
    assert demo.settings["probe"] == 6


# ---- through depth ------------------------------------------------------------------------------


def test_a_stack_of_identities_is_one_matrix():
    for depth, scale in [(1, 1.0), (7, 1.3), (30, 0.9)]:
        signals = through_depth(REFERENCES["identity"], depth, scale, seed=4)
        one = np.eye(WIDTH)
        for layer in weights(4)[:depth]:
            one = one @ (scale * layer).T
        assert np.abs(signals.outputs[-1] - standard_digits() @ one).max() < 1e-10
        assert signals.product == 1


def test_shares_match_a_count_one_by_one():
    signals = through_depth(REFERENCES["ReLU"], 9, 1.4, seed=1)
    last = signals.outputs[-1]
    dead = sum(all(row[k] == 0 for row in last) for k in range(WIDTH))
    quiet = sum(float(v) == 0 for row in last for v in row)
    assert signals.layers[-1].dead == dead / WIDTH and dead > 0
    assert signals.layers[-1].saturated == quiet / last.size
    tanh = through_depth(REFERENCES["tanh"], 3, 4.0, seed=1)
    flat = sum(1 - float(v) ** 2 < 0.01 for row in tanh.outputs[-1] for v in row)
    assert tanh.layers[-1].saturated == flat / tanh.outputs[-1].size > 0.2


def test_histograms_hold_every_output():
    for name in REFERENCES:
        shares = through_depth(REFERENCES[name], 5, 2.0, seed=0).histograms
        assert shares.shape[0] == 5 and np.allclose(shares.sum(axis=1), 1)


@pytest.mark.parametrize("seed", range(20))
def test_one_option_is_right_whatever_the_seed(seed):
    product = through_depth(REFERENCES["sigmoid"], 10, 1.0, seed).product
    nearest = min(OPTIONS, key=lambda k: abs(OPTIONS[k] - math.log10(product)))
    assert nearest == ASK.right == "C" and round(math.log10(product)) == -6
    assert 0.4 < product / 0.25**10 < 0.6, "the feedback says: about half"


def test_a_shallower_stack_is_the_beginning_of_a_deeper_one():
    short, long = (through_depth(REFERENCES["tanh"], n, 1.0, 0).layers for n in (4, 9))
    assert long[:4] == short


# ---- the guess ----------------------------------------------------------------------------------


def test_the_products_stay_hidden_until_the_guess():
    demo = ActivationBench()
    assert frame(demo)["values"]["products"] is None is frame(demo)["values"]["sigmoid"]
    assert "multiply" not in repr(demo) and "10⁻" not in repr(demo)
    assert {r["slope"] for r in demo.table() if r["part"] == "depth"} == {"guess first"}
    demo.picture()
    with pytest.raises(DemoError, match="say first"):
        demo.step()
    assert "0.00000095" in demo.answer("C")
    assert "Through 10 layers the slopes multiply to 5 × 10⁻⁷." in repr(demo)
    assert len(frame(demo)["values"]["products"]) == 10


def test_each_option_has_its_own_feedback_and_one_is_right():
    lines = [ActivationBench().answer(letter) for letter in "ABCD"]
    assert len(set(lines)) == 4
    assert [ASK.judge(letter, None)[0] for letter in "ABCD"] == [False, False, True, False]


# ---- the network --------------------------------------------------------------------------------


@pytest.mark.parametrize("points", ["moons", "circles"])
def test_relu_bends_and_identity_cannot(points):
    shares = {"ReLU": [], "identity": []}
    for name, found in shares.items():
        for seed in range(10):
            demo = bench(function=name, points=points, seed=seed)
            demo.run(STEPS)
            found.append(demo.judged()[1] / 200)
    assert min(shares["ReLU"]) >= 0.97
    assert max(shares["identity"]) < {"moons": 0.95, "circles": 0.7}[points]


def test_step_learns_nothing_in_its_hidden_layers():
    demo = bench(function="step")
    demo.run(50)
    assert demo.now.moved() == 0 and len(demo.now.losses) == 50
    assert not np.array_equal(demo.now.layers[2].weight.data, demo.now.before[4])
    other = bench(function="tanh")
    other.run(50)
    assert other.now.moved() > 0.01


def test_sigmoid_is_slow_on_circles():
    scores = {}
    for name in ("sigmoid", "tanh"):
        scores[name] = []
        for seed in range(5):
            demo = bench(function=name, points="circles", seed=seed)
            demo.run(100)
            scores[name].append(demo.judged()[1])
    assert max(scores["sigmoid"]) < 160 and min(scores["tanh"]) > 195


def test_same_seed_same_bits_back_and_again():
    def taken(demo):
        return [p.data.copy() for p in demo.now.parameters()]

    first, second = bench(name="silu", seed=3), bench(name="silu", seed=3)
    first.run(40)
    second.run(25)
    at25 = taken(second)
    second.run(15)
    assert all(np.array_equal(a, b) for a, b in zip(taken(first), taken(second), strict=True))
    second.goto(25)
    assert all(np.array_equal(a, b) for a, b in zip(taken(second), at25, strict=True))
    second.run(15)
    assert all(np.array_equal(a, b) for a, b in zip(taken(first), taken(second), strict=True))
    again = ActivationBench.from_state(first.state)
    assert again.state == first.state and repr(again) == repr(first)
    assert all(np.array_equal(a, b) for a, b in zip(taken(first), taken(again), strict=True))


def test_looking_changes_no_history():
    demo = bench(name="relu")
    demo.run(12)
    before = demo.t, demo._past.times, demo.now.losses.copy(), demo.now.moved()
    demo.set(depth=25, scale=2.5)
    demo.set(probe=-3)
    demo.act("move_probe", by=0.5)
    demo.act("table", shown=True)
    assert (demo.t, demo._past.times) == before[:2] and demo.now.moved() == before[3]
    assert np.array_equal(demo.now.losses, before[2])
    assert len(frame(demo)["values"]["layers"]) == 25
    demo.set(points="circles")
    assert demo.t == 0, "other points: a new beginning"


def test_divergence_is_said_and_the_last_good_network_stays():
    demo = bench(lambda z: (z**3, 3 * z * z), name="own", scale=3.0)
    demo.run(STEPS)
    assert demo.finished() and demo.t < 50
    assert "Training diverged" in repr(demo) and "infinity" in repr(demo)
    drawn = unpack(demo.frame)
    assert drawn[0]["values"]["lost"] and np.isfinite(drawn[1]["map"]).all()
    assert 0 < drawn[0]["values"]["lost_layer"] <= 10
    demo.picture()
    demo.back()
    assert not demo.now.lost


def test_a_live_run_gives_twenty_frames_a_second_and_stops_within_two():
    rate, late = live_run(bench(name="gelu"))
    assert late <= 2
    print(f"{rate:.0f} frames a second")
    assert rate > 10, "20 on an idle machine; a loaded one may halve it"


# ---- the learner's function ---------------------------------------------------------------------


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def silu(z):
    s = sigmoid(z)
    return z * s, s + z * s * (1 - s)


def silu_32(z):
    s = 1 / (1 + np.exp(-z))
    return (z * s).astype(z.dtype), (s * (1 + z * (1 - s))).astype(z.dtype)


def silu_loops(z):
    y, slope = np.zeros(z.shape), np.zeros(z.shape)
    for i, v in np.ndenumerate(z):
        s = 1 / (1 + math.exp(-v)) if v > -700 else 0.0
        y[i], slope[i] = v * s, s + v * s * (1 - s)
    return y, slope


@pytest.mark.parametrize("fn", [silu, silu_32, silu_loops])
def test_right_functions_run_beside_the_reference(fn):
    demo = bench(fn)
    assert demo.badge == "running: your code" and "your SiLU" in repr(demo)
    drawn = unpack(demo.frame)
    assert drawn[0]["values"]["reference"] == "SiLU"
    assert np.allclose(drawn[1]["curves"], drawn[1]["thin"], atol=1e-6)
    demo.set(function="tanh")
    assert demo.badge == "running: nnlearn", "the badge says whose code draws"


def test_the_same_steps_as_the_reference_with_a_right_function():
    mine, theirs = bench(silu, seed=2), bench(name="silu", seed=2)
    for demo in (mine, theirs):
        demo.run(30)
    assert mine.judged()[0] == pytest.approx(theirs.judged()[0], rel=1e-3)


@pytest.mark.parametrize(
    ("fn", "case", "word"),
    [
        (lambda z: (silu(z)[0], sigmoid(z)), "z = 0.5", "the slope differs"),
        (lambda z: (sigmoid(z), silu(z)[1]), "z = 0.5", "the value differs"),
        (lambda z: silu(z)[0], "z = 0.5", "the value and the slope"),
        (lambda z: (np.maximum(z, 0), (z > 0) * 1.0), "z = 0.5", "the value differs"),
        (lambda z: (z * sigmoid(np.clip(z, -1, 1)), silu(z)[1]), "eight z", "value differs"),
        (lambda z: (silu(z)[0][:1], silu(z)[1]), "eight z", "the shape"),
    ],
)
def test_wrong_functions_are_refused_with_the_case_named(fn, case, word):
    demo = bench(fn)
    refused = frame(demo)["refused"]
    assert demo.badge == "running: nnlearn" and case in refused["case"]
    assert word in refused["message"] and refused["reference"] and refused["yours"]
    assert "SiLU gives" in repr(demo), "nnlearn's runs meanwhile"


@pytest.mark.parametrize(
    "fn",
    [
        lambda z: (np.sin(z), np.cos(z)),
        lambda z: (np.abs(z), np.sign(z)),
        lambda z: (z / (1 + np.abs(z)), 1 / (1 + np.abs(z)) ** 2),
        lambda z: (np.maximum(z, 0) ** 2, 2 * np.maximum(z, 0)),
        lambda z: (np.floor(z), np.zeros_like(z)),
    ],
)
def test_a_function_of_ones_own_needs_no_reference(fn):
    demo = bench(fn, name="own")
    assert demo.verdict.accepted, demo.verdict.message
    assert demo.badge == "running: your code" and "your function" in repr(demo)
    assert frame(demo)["values"]["reference"] == ""
    demo.run(5)


def changes(z):
    z *= 2
    return z, np.full_like(z, 2)


def stub(z):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("fn", "word"),
    [
        (lambda z: (np.sin(z), np.sin(z)), "slope differs from what a nudge measures"),
        (lambda z: (np.log1p(np.exp(z)), 1 / (1 + np.exp(-z))), "NumPy warns: overflow"),
        (lambda z: (z.sum(), z), "the value: the shape is ()"),
        (lambda z: (z, "one"), "the slope: str is not"),
        (lambda z: (np.where(z > 999, np.inf, z), np.ones_like(z)), "infinity or NaN"),
        (lambda z: (z[..., ::-1], np.ones_like(z)), "its own z alone"),
        (lambda z: z, "return two things"), (changes, "changed its argument"),
        (lambda z: (z[0] + q, z), "NameError"), (stub, "not written yet"),  # noqa: F821
    ],
)  # fmt: skip
def test_faults_of_ones_own_function_are_named(fn, word):
    verdict = slot_for(OWN).judge(fn)
    assert not verdict.accepted and word in verdict.message
    assert verdict.case and verdict.reference and verdict.yours


def test_a_function_that_fails_later_is_said_and_the_bench_goes_on():
    calls = []

    def tired(z):
        calls.append(1)
        if len(calls) > 400:
            raise ValueError("enough")
        return silu(z)

    demo = bench(tired)
    demo.run(STEPS)
    assert demo.badge == "running: nnlearn" and "enough" in frame(demo)["refused"]["message"]
    assert "SiLU gives" in repr(demo) and demo.t == STEPS


def test_names_as_learners_write_them():
    for written in ("silu", "SiLU", "leaky_relu", "Leaky ReLU", "gelu", "leaky-relu"):
        assert bench(name=written).settings["function"] in REFERENCES
    with pytest.raises(DemoError, match="name is one of"):
        bench(name="softplus")
    with pytest.raises(DemoError, match="give your function"):
        bench().set(function="yours")
    with pytest.raises(DemoError, match="outside 1 to 30"):
        bench(depth=31)


def test_a_shared_line_brings_the_name_and_takes_the_function_again():
    demo = bench(lambda z: (np.tanh(z), 1 - np.tanh(z) ** 2), name="tanh", depth=17)
    demo.run(7)
    again = ActivationBench.from_state(demo.state, slot=demo._slot)
    assert again.state == demo.state and again.badge == "running: your code"
    alone = ActivationBench.from_state(demo.state)
    assert alone.settings["function"] == "tanh" and alone.t == 7


# ---- words and paper ----------------------------------------------------------------------------


def test_numbers_in_words():
    assert [power(v) for v in (5e-7, 0.031, 0.0, 1.0, 2.5e12)] == [
        "5 × 10⁻⁷", "0.031", "0", "1", "2.5 × 10¹²"]  # fmt: skip
    assert shown(math.nan) == "not a number" and shown(-math.inf) == "minus infinity"
    assert shown(-0.5) == "−0.5"


def test_no_number_at_the_probe_is_said():
    demo = bench(lambda z: (np.where(z == 0, np.nan, z), np.ones_like(z)), name="own")
    demo.act("probe", z=0)
    assert "gives not a number" in repr(demo) and frame(demo)["values"]["value"] == "nan"
    demo.picture()


@pytest.mark.parametrize("name", REFERENCES)
def test_picture_and_table_for_every_function(name):
    demo = bench(function=name, depth=3)
    demo.step(2)
    assert len(demo.picture().axes) == 4
    rows = demo.table()
    assert len(rows) == 13 + 3 + 1 and len({tuple(r) for r in rows}) == 1
    assert rows[-1]["where"] == "step 2: loss" and rows[-1]["points right"].endswith("of 200")
