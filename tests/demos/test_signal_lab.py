"""The signal lab: the law of the spread, the fate in words, a bias as a shift, the slot."""

import numpy as np
import pytest

from nnlearn.demos import SignalLab
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack
from nnlearn.demos.numerals import round_up
from nnlearn.demos.signal_network import BINS, Layer, Signal, fate, said
from nnlearn.demos.signal_tasks import ASK, ASKED, FIXED, SCHEMES, init_weights
from nnlearn.demos.signal_weights import digits, templates

WEIGHTS = "weights as pictures"


def lab(**more):
    return SignalLab(predict=False, **more)


def stds(demo):
    return np.array([layer.std for layer in demo.layers])


def header(demo):
    return unpack(demo.frame)[0]


# --- the signal through depth -------------------------------------------------------------------


@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_a_linear_layer_multiplies_the_spread_by_its_gain(gain):
    """A mean over seeds: the square of the signal grows by gain squared in each layer."""
    ratios = []
    for seed in range(12):
        demo = lab(gain=gain, activation="none", depth=10, width=256, seed=seed)
        demo.run(10)
        ratios.append(np.log(stds(demo)[2:] / stds(demo)[1:-1]))
    mean = np.exp(np.mean(ratios))
    assert mean == pytest.approx(gain, rel=0.03)


def test_kaiming_keeps_the_square_through_relu():
    ends = []
    for seed in range(12):
        demo = lab(scheme="Kaiming", width=256, seed=seed)
        demo.run(20)
        ends.append(stds(demo)[-1])
    assert 0.3 < np.median(ends) < 2


def test_the_answer_holds_for_every_seed_and_is_what_the_feedback_says():
    ends = []
    for seed in range(20):
        demo = lab(seed=seed, **ASKED)
        demo.run(20)
        ends.append(stds(demo)[-1] / stds(demo)[0])
    assert max(ends) < 1e-3 / 10, "C is right by far, whatever the seed"
    assert 0.3e-5 < np.median(ends) < 3e-5, "a hundred-thousandth"
    keeps = np.median(ends) ** (1 / 20)
    assert keeps == pytest.approx(0.57, abs=0.03) and 0.08 < 0.57**4 < 0.12


def test_each_option_has_its_own_feedback_and_sets_the_scene():
    lines = set()
    for letter in ASK.options:
        demo = SignalLab(scheme="Kaiming", depth=3)
        lines.add(demo.answer(letter))
        assert {k: demo.settings[k] for k in ASKED} == ASKED and demo.t == 0
        assert not demo.finished(), "the answer is there to be run"
    assert len(lines) == 4


def test_dead_and_exploded_are_said_with_their_layer():
    dies = lab(scheme="std 0.01")
    dies.run(20)
    first = int(np.argmax(stds(dies) < 1e-6))
    assert f"The signal died in layer {first}" in repr(dies)
    grows = lab(scheme="std 1")
    grows.run(20)
    first = int(np.argmax(stds(grows) > 1e6))
    assert f"The signal exploded in layer {first}" in repr(grows)
    grows.goto(first - 1)
    assert "exploded" not in repr(grows)
    lives = lab(scheme="Kaiming")
    lives.run(20)
    assert "signal" not in repr(lives)


def test_infinity_zero_and_float32_are_said_in_words():
    def shout(i, fan_in):
        return 1e100 * np.ones((4, fan_in)), np.zeros(4)

    signal = Signal(np.array([[1.0, 2.0], [3.0, 5.0]]), shout, "none")
    layers = signal.upto(5)
    assert fate(layers) == "Layer 4 has numbers too large for float64: they became infinity."
    assert layers[3].std == pytest.approx(1e300 * 4 * 4 * 2.5), "its square would not fit"
    assert "float32" in fate(layers[:2])
    X = np.array([[1.0, 2.0], [3.0, 1.0]])
    gone = Signal(X, lambda i, fan_in: (-np.ones((2, fan_in)), np.zeros(2)), "ReLU").upto(3)
    assert fate(gone) == "From layer 1 on every output is exactly 0: nothing is left."
    assert (gone[1].flat, gone[1].dead) == (1, 1)
    assert said(np.inf) == "infinity" and said(2e-9) == "2.00 × 10⁻⁹"


def test_losses_are_counted():
    zero = Layer.of(np.array([[0.0, 1.0], [0.0, 0.0]]), "ReLU")
    assert (zero.flat, zero.dead) == (0.75, 0.5)
    full = Layer.of(np.array([[0.999, 0.1], [-0.995, 0.2]]), "tanh")
    assert (full.flat, full.dead) == (0.5, 0.5)
    assert Layer.of(np.zeros((2, 2)), "none").flat == 0
    assert zero.histogram.shape == (BINS,) and zero.histogram.max() == 1


def test_the_same_seed_replays_bit_for_bit_and_another_differs():
    one, two, other = (lab(scheme="Kaiming", seed=s) for s in (3, 3, 4))
    for demo in (one, two, other):
        demo.run(20)
    assert np.array_equal(stds(one), stds(two)) and not np.array_equal(stds(one), stds(other))
    before = stds(one)
    one.goto(4)
    assert len(one.layers) == 5
    one.run(16)
    assert np.array_equal(stds(one), before)


def test_a_setting_shows_another_network_as_deep_as_before():
    demo = lab()
    demo.run(7)
    demo.set(gain=1.4)
    assert demo.t == 7 and len(demo.layers) == 8 and demo._past.last == 7
    assert demo.ghost is None, "sliding leaves no trail of old curves"
    old = stds(demo)
    demo.set(scheme="Xavier")
    assert demo.ghost["std"] == old.tolist() and demo.ghost["name"] == "gain 1.4, ReLU, 64 wide"
    demo.set(depth=5)
    assert demo.t == 5 and demo.finished()
    demo.set(depth=9)
    assert demo.t == 9, "a finished run stays finished"
    demo.back()
    assert demo.t == 8 and demo._past.last == 9


@pytest.mark.parametrize("activation", ["none", "tanh", "ReLU"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_draws_the_std_it_prints(scheme, activation):
    demo = lab(scheme=scheme, activation=activation, depth=3, width=100)
    W, b = demo._draw(2, 100)
    assert W.shape == (100, 100) and W.std() == pytest.approx(demo.std(100), rel=0.03)
    assert not b.any()
    demo.run(3)
    rows = demo.table()
    assert [row["layer"] for row in rows] == ["input", 1, 2, 3]
    assert any("share" in name for name in rows[1]) == (activation != "none")
    demo.picture()


def test_the_scale_of_the_slider_is_the_std():
    demo = lab(gain=0.8, width=64)
    assert header(demo)["values"]["weight_std"] == pytest.approx(0.1)
    demo.set(scheme="std 1")
    assert header(demo)["values"]["gain"] == pytest.approx(8) and FIXED["std 1"] == 1


@pytest.mark.parametrize("wrong", [{"gain": 0}, {"depth": 31}, {"width": 8}, {"scheme": "He"}])
def test_settings_out_of_range_say_so(wrong):
    with pytest.raises(DemoError):
        lab(**wrong)


# --- weights as pictures ------------------------------------------------------------------------


def test_the_templates_are_the_lessons_least_squares():
    W, b = templates()
    (X, y), wanted = (digits().ink, digits().y), np.eye(10)[digits().y] * 2 - 1
    assert np.allclose(b, wanted.mean(axis=0)), "the opinion before looking"
    assert ((X - X.mean(axis=0)) @ W.T + b).argmax(axis=1).tolist().count(0) > 100
    right = (((X - X.mean(axis=0)) @ W.T + b).argmax(axis=1) == y).mean()
    assert right > 0.9


def test_products_their_sum_and_z_agree():
    demo = lab(show=WEIGHTS)
    for digit in range(10):
        demo.act("look", digit=digit, neuron=9 - digit)
        demo.act("next")
        look = demo.looking
        assert digits().y[look.row] == digit
        assert look.products.sum() == pytest.approx(look.W[9 - digit] @ look.x)
        assert look.z == pytest.approx(look.total + look.b[9 - digit])
        assert demo.table()[9 - digit]["z"] == pytest.approx(look.z)


def test_a_bias_shifts_z_and_leaves_the_shape():
    demo = lab(show=WEIGHTS)
    before, values = demo.looking, header(demo)["values"]
    counts = unpack(demo.frame)[1]["counts"].copy()
    demo.act("bias", b=0.5)
    after = demo.looking
    assert after.z - before.z == pytest.approx(0.5 - before.b[3])
    assert np.array_equal(unpack(demo.frame)[1]["counts"], counts)
    now = header(demo)["values"]
    assert (now["low"], now["high"]) == (values["low"], values["high"])
    sums = digits().centred @ after.W[3]
    assert after.firing == np.mean(sums + 0.5 >= 0) > before.firing
    assert np.array_equal(np.delete(after.b, 3), np.delete(before.b, 3)), "no other neuron"
    with pytest.raises(DemoError, match="outside"):
        demo.act("bias", b=1000)


def test_the_random_start_is_the_first_layer_of_the_network():
    demo = lab(show=WEIGHTS, scheme="Kaiming")
    demo.act("look", layer="random start")
    W, _ = demo._draw(1, 64)
    assert np.array_equal(demo.looking.W, W[:10])
    demo.act("bias", b=0.1)
    demo.set(scheme="std 1")
    assert demo.looking.b[3] == 0, "new neurons, new biases"
    assert demo.looking.clip == pytest.approx(3, rel=0.15), "three std of the draw"


def test_looking_changes_no_history_and_needs_no_guess():
    demo = SignalLab()
    demo.act("look", part=WEIGHTS, neuron=7, digit=1)
    demo.act("bias", b=0.25)
    demo.act("look", part="signal through depth")
    assert "20 layers lie ahead" in repr(demo)
    demo.answer("C")
    demo.step(4)
    before = demo.t, demo._past.times, demo.now, stds(demo)
    demo.act("look", part=WEIGHTS, layer="random start")
    demo.act("next")
    demo.act("bias", b=0.1)
    demo.act("table", shown=True)
    demo.act("look", part="signal through depth")
    after = demo.t, demo._past.times, demo.now, stds(demo)
    assert before[:3] == after[:3] and np.array_equal(before[3], after[3])


@pytest.mark.parametrize("look", [{"part": "x"}, {"layer": "x"}, {"digit": 10}, {"colour": 1}])
def test_what_cannot_be_looked_at_is_said(look):
    with pytest.raises(DemoError):
        lab().act("look", **look)


def test_limits_are_round():
    assert [round_up(v) for v in (0.03, 1.0, 1.2, 4.9, 70)] == [0.05, 1.0, 2.0, 5.0, 100.0]


def test_the_same_everywhere_when_shared():
    demo = SignalLab(seed=2)
    demo.answer("A")
    demo.set(scheme="Xavier", depth=12)
    demo.run(6)
    demo.set(activation="tanh")
    demo.act("look", part=WEIGHTS, neuron=4, digit=8, example=5)
    demo.act("bias", b=-0.25)
    again = eval(str(demo.share()), {"SignalLab": SignalLab})
    assert again.state == demo.state and repr(again) == repr(demo)
    again.act("look", part="signal through depth")
    assert np.array_equal(stds(again), stds(demo)) and again.ghost == demo.ghost
    again.back()
    assert again.t == 5, "the past came along"


# --- the slot -----------------------------------------------------------------------------------


def uniform(fan_in, fan_out, scheme, rng):
    fan = {"xavier": fan_in + fan_out, "kaiming": fan_in}[scheme]
    bound = np.sqrt(6 / fan)
    return rng.uniform(-bound, bound, size=(fan_out, fan_in)), np.zeros(fan_out)


def loops(fan_in, fan_out, scheme, rng):
    size = (2 / fan_in) ** 0.5 if scheme == "kaiming" else (2 / (fan_in + fan_out)) ** 0.5
    rows = [size * rng.standard_normal(fan_in) for _ in range(fan_out)]
    return np.array(rows, dtype=np.float32), [0.0] * fan_out


@pytest.mark.parametrize("fn", [uniform, loops])
@pytest.mark.parametrize("scheme", ["Xavier", "Kaiming"])
def test_right_functions_draw_the_network(fn, scheme):
    demo = lab(init_weights=fn, scheme=scheme, activation="ReLU")
    assert demo.badge == "running: your code"
    demo.run(20)
    W, _ = demo._draw(3, 64)
    assert np.array_equal(W, fn(64, 64, scheme.lower(), np.random.default_rng((0, 3)))[0])
    reference = lab(scheme=scheme)
    reference.run(20)
    assert 0.1 < stds(demo)[-1] / stds(reference)[-1] < 10


def test_the_badge_says_when_your_function_waits():
    demo = lab(init_weights=uniform)
    assert demo.badge == "running: nnlearn. Xavier and Kaiming: yours"
    demo.set(scheme="Xavier")
    assert demo.badge == "running: your code"


def wrong(change):
    def init(fan_in, fan_out, scheme, rng):
        return change(*init_weights(fan_in, fan_out, scheme, rng), fan_in, fan_out, rng)

    return init


FIRST = "xavier, fan_in = 300, fan_out = 200"


@pytest.mark.parametrize(
    ("fn", "case", "word"),
    [
        (wrong(lambda W, b, i, o, rng: (W.T, b)), FIRST, "W has the shape (300, 200)"),
        (wrong(lambda W, b, i, o, rng: (W, rng.normal(size=o))), FIRST, "b must be all zeros"),
        (wrong(lambda W, b, i, o, rng: (W**2, b)), FIRST, "the mean of W"),
        (wrong(lambda W, b, i, o, rng: (np.full_like(W, 0.1), b)), FIRST, "are equal"),
        (wrong(lambda W, b, i, o, rng: (np.tile(W[:1], (o, 1)), b)), FIRST, "some rows"),
        (wrong(lambda W, b, i, o, rng: (np.random.default_rng().normal(size=W.shape), b)),
         FIRST, "same rng"),
        (wrong(lambda W, b, i, o, rng: (np.arange(W.size).reshape(W.shape), b)), FIRST, "another"),
        (wrong(lambda W, b, i, o, rng: W), FIRST, "two things"),
        (wrong(lambda W, b, i, o, rng: None), FIRST, "None"),
        (wrong(lambda W, b, i, o, rng: (W * np.nan, b)), FIRST, "NaN"),
        (lambda i, o, s, rng: init_weights(i, o, "kaiming", rng), FIRST, "std of W is 0.0813"),
        (lambda i, o, s, rng: init_weights(i, o, "xavier", rng),
         "kaiming, fan_in = 300, fan_out = 200", "it must be near 0.08"),
        (lambda i, o, s, rng: init_weights(o, o, s, rng), FIRST, "shape"),
        (lambda i, o: None, FIRST, "TypeError"),
    ],
)  # fmt: skip
def test_wrong_functions_are_refused_with_the_case(fn, case, word):
    demo = lab(init_weights=fn, scheme="Xavier")
    refused = header(demo)["refused"]
    assert demo.badge == "running: nnlearn" and refused["case"] == case
    assert word in refused["message"]
    assert "std 0.0" in refused["reference"] and refused["yours"]


def test_an_unwritten_function_and_no_function():
    def init(fan_in, fan_out, scheme, rng):
        raise NotImplementedError

    assert "not written yet" in header(lab(init_weights=init))["refused"]["message"]
    assert "takes a function" in header(lab(init_weights=3))["refused"]["message"]


@pytest.mark.parametrize("kind", ["raises", "wrong shape"])
def test_a_fault_on_the_way_is_shown_and_nnlearn_takes_over(kind):
    calls = []

    def tired(fan_in, fan_out, scheme, rng):
        calls.append(fan_in)
        W, b = init_weights(fan_in, fan_out, scheme, rng)
        if len(calls) > 23:  # 18 while it is judged, then a few layers
            if kind == "raises":
                raise ValueError("too tired")
            return W.T[:3], b
        return W, b

    demo = lab(init_weights=tired, scheme="Kaiming")
    assert demo.badge == "running: your code"
    demo.run(20)
    refused = header(demo)["refused"]
    assert demo.badge == "running: nnlearn" and demo.t == 20
    assert ("too tired" if kind == "raises" else "shape (3, 64)") in refused["message"]
    reference = lab(scheme="Kaiming")
    reference.run(20)
    assert np.array_equal(stds(demo), stds(reference)), "the same draws, by nnlearn"
