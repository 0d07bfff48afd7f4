"""D8: overfitting, penalties, decay, dropout, stopping; changes on the way; slot; program."""

import time
from io import BytesIO

import numpy as np
import pytest

from nnlearn.data import moons
from nnlearn.demos import RegulariseLab
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack
from nnlearn.demos.regularise_asks import SURE, TURN
from nnlearn.demos.regularise_data import DATA, points_of
from nnlearn.demos.regularise_frames import histogram
from nnlearn.demos.regularise_network import DECAY, L1, L2, NONE, Training, penalty
from nnlearn.demos.regularise_slot import CASES, SLOT, DropoutSlot, dropout
from nnlearn.demos.regularise_trace import COLUMNS
from nnlearn.demos.regularise_views import MANY, TEST, TRAIN
from nnlearn.demos.regularise_words import guess_words, masks_words
from nnlearn.demos.slot import Case
from nnlearn.gradcheck import numerical_gradient
from nnlearn.tensor import Tensor
from tests.demos.live import live_run


def lab(fn=None, **more):
    return RegulariseLab(fn, predict=False, **more)


def frame(demo):
    return unpack(demo.frame)[0]


def bits(demo):
    """Weights, memories and the row of the record: everything that an epoch decides."""
    memory = [v.tolist() for state in demo.now.optimizer.state.values()
              for v in (state["exp_avg"], state["exp_avg_sq"])]  # fmt: skip
    masks = [m.tolist() for m in demo.now.masks]
    row = {k: repr(v) for k, v in demo.trace.at(demo.t).items()}
    return [p.tolist() for p in demo.now.parameters()], memory, masks, row, demo.now.point


# ---- the points ---------------------------------------------------------------------------------


@pytest.mark.parametrize("data", DATA)
def test_points_are_drawn_by_rule_and_only_training_labels_are_turned(data):
    its, clean = points_of(data, 40, 0.3, 0.25, 3), points_of(data, 40, 0.3, 0.0, 3)
    assert its.X.dtype == np.float64 and len(its.wrong) == 10 and len(clean.wrong) == 0
    assert sorted(np.flatnonzero(its.y != clean.y)) == sorted(its.wrong)
    for part in ("validation", "test"):
        assert all(np.array_equal(a, b) for a, b in
                   zip(its.parts[part], clean.parts[part], strict=True))  # fmt: skip
    more = points_of(data, 60, 0.3, 0.25, 3)
    assert np.array_equal(more.test[0], its.test[0]), "more training points, the same test"
    if data == "moons":
        X, _ = moons(40, 0.3, rng=np.random.default_rng([3, 1]))
        assert np.array_equal(its.X, X.astype(np.float64))


# ---- decay and penalties ------------------------------------------------------------------------


def test_a_decay_step_without_gradient_shrinks_by_exactly_1_minus_lr_lambda():
    its = Training(8, 0, np.random.default_rng(0))
    for group, decay in zip(its.optimizer.param_groups, (0.7, 0.0), strict=True):
        group.update(lr=0.05, weight_decay=decay)
    before = [(layer.weight.data.copy(), layer.bias.data.copy()) for layer in its.layers]
    for layer in its.layers:
        layer.weight.grad = Tensor(np.zeros_like(layer.weight.data))
        layer.bias.grad = Tensor(np.zeros_like(layer.bias.data))
    its.optimizer.step()
    for layer, (W, b) in zip(its.layers, before, strict=True):
        assert np.array_equal(layer.weight.data, W * (1 - 0.05 * 0.7))
        assert np.array_equal(layer.bias.data, b), "biases do not decay"


@pytest.mark.parametrize("kind", [L1, L2])
def test_a_penalty_and_its_gradient(kind):
    W = [np.array([[0.5, -2.0], [0.0, 1.5]]), np.array([[3.0, -0.25]])]
    weights = [Tensor(w, requires_grad=True) for w in W]
    value = penalty(weights, {"penalty": kind, "lam": 0.1})
    value.backward()
    for w, tensor in zip(W, weights, strict=True):
        assert np.allclose(tensor.grad.data, 0.1 * (w if kind == L2 else np.sign(w)))
    by_hand = {L2: 0.05 * sum((w * w).sum() for w in W), L1: 0.1 * sum(abs(w).sum() for w in W)}
    assert float(value.item()) == pytest.approx(by_hand[kind])
    assert penalty(weights, {"penalty": DECAY, "lam": 0.1}) is None


def test_train_loss_and_penalty_stand_apart_and_are_said_to():
    demo = lab(penalty=L2)
    demo.run(5)
    row, flat = demo.trace.at(5), demo.now.flat()
    assert row["penalty"] == pytest.approx(0.01 / 2 * (flat**2).sum())
    X, y = demo.points.X, demo.points.y
    z = demo.now.logits(X, 0.0, demo.drop, np.random.default_rng(0), training=False)
    assert row["train"] == pytest.approx(np.mean(np.log1p(np.exp(z)) - y * z))
    said = frame(demo)["values"]["penalty"]
    assert "the train loss and the penalty" in said and "without it" in said
    demo.set(penalty=DECAY)
    assert "No penalty in the loss" in frame(demo)["values"]["penalty"]
    assert "1 − lr · λ = 0.99," in frame(demo)["values"]["penalty"]
    demo.run(1)
    assert demo.trace.at(6)["penalty"] == 0


def test_the_suggested_strength_comes_with_the_kind():
    demo = lab()
    for kind, strength in ((L2, 0.01), (L1, 0.003), (DECAY, 1.0)):
        demo.set(penalty=kind)
        assert demo.settings["lam"] == strength
    demo.set(penalty=L2, lam=0.5)
    assert demo.settings["lam"] == 0.5 and lab(penalty=L1).settings["lam"] == 0.003


def test_decay_makes_weights_small_and_deletes_none():
    free, held = lab(), lab(penalty=DECAY)
    for demo in (free, held):
        demo.run(150)
    small = [int((np.abs(demo.now.flat()) < 0.01).sum()) for demo in (free, held)]
    assert small[1] > 3 * small[0] and (held.now.flat() != 0).all()
    assert "0 exactly zero" in frame(held)["values"]["histogram"]["words"]


# ---- dropout ------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.9])
def test_inverted_dropout_keeps_the_mean_within_3_standard_errors(p):
    x = np.full(40_000, 3.0)
    out, mask = dropout(x, p, np.random.default_rng(4))
    error = 3 * np.sqrt(p / (1 - p) / x.size)
    assert abs(out.mean() - 3) <= 3 * error * (1 + 1e-4)
    assert len(np.unique(mask)) == 2 and np.unique(mask)[1] == pytest.approx(1 / (1 - p), rel=1e-3)


def test_the_way_back_goes_through_the_same_mask():
    its, rng = Training(6, 0, np.random.default_rng(0)), np.random.default_rng(1)
    X = rng.normal(size=(5, 2))

    def total(W):
        its.layers[0].weight.data[...] = W
        return float(its.forward(X, 0.5, dropout, np.random.default_rng(7), True)[0].sum().item())

    W = its.layers[0].weight.data.copy()
    slope = numerical_gradient(total, W)
    its.layers[0].weight.data[...] = W
    its.forward(X, 0.5, dropout, np.random.default_rng(7), True)[0].sum().backward()
    assert np.allclose(its.layers[0].weight.grad.data, slope, atol=1e-6)


def test_test_mode_is_deterministic_and_train_mode_is_not():
    demo = lab(p=0.5)
    demo.run(60)
    first = unpack(demo.frame)[1]["map"]
    demo.act("retry")
    assert np.array_equal(unpack(demo.frame)[1]["map"], first)
    demo.set(mode=TRAIN)
    shaken, tried = unpack(demo.frame)[1], frame(demo)["values"]["tries"]
    assert np.array_equal(shaken["test"], first) and not np.array_equal(shaken["map"], first)
    assert tried["low"] <= tried["this"] <= tried["high"] and tried["low"] < tried["high"]
    assert "Dropout left on" in repr(demo) and "In test mode" in repr(demo)
    demo.act("retry")
    assert not np.array_equal(unpack(demo.frame)[1]["map"], shaken["map"]), "it flickers"


def test_dropout_left_on_costs_accuracy_and_flickers_in_these_seeds():
    lost = []
    for seed in SEEDS:
        demo = lab(p=0.5, seed=seed)
        demo.run(100)
        demo.set(mode=TRAIN)
        lost.append(demo.trace.at(100)["test accuracy"] - demo.shaken["low"])
        assert demo.shaken["high"] - demo.shaken["low"] > 0.01
    assert min(lost) > 0


def test_the_mean_of_50_thinned_networks_is_near_the_whole_one():
    demo = lab(p=0.5)
    demo.run(150)
    demo.set(mode=MANY)
    arrays = unpack(demo.frame)[1]
    assert arrays["thin"].shape == (12, 36, 36) and arrays["map"].shape == (36, 36)
    spread = arrays["thin"].astype(float).std(axis=0).mean() / 255
    assert np.abs(arrays["map"] - arrays["test"]).mean() < spread, "nearer than the networks are"
    assert demo.agreement > 0.85 and f"{100 * demo.agreement:.0f} % of the map" in repr(demo)


def test_a_thinned_network_is_the_network_with_one_mask_for_all_points():
    its, rng = Training(6, 0, np.random.default_rng(0)), np.random.default_rng(1)
    X, masks = rng.normal(size=(9, 2)), (rng.random((2, 3, 6)) > 0.5) * 2.0
    given = iter(masks)
    got = its.thinned(X, 0.5, lambda x, p, rng, training: (None, next(given)), rng, 3)
    for k in range(3):
        mine = iter(masks[:, k])
        want = its.logits(X, 0.5, lambda x, p, rng, training, m=mine: (
            (row := next(m)) * x, np.broadcast_to(row, x.shape)), rng, True)  # fmt: skip
        assert np.allclose(got[k], want, atol=1e-5)


def test_with_dropout_off_all_ways_to_predict_are_one_and_it_is_said():
    demo = lab()
    demo.run(20)
    for mode in (TRAIN, MANY):
        demo.set(mode=mode)
        arrays = unpack(demo.frame)[1]
        assert np.allclose(arrays["map"], arrays["test"], atol=1e-5) and "p = 0" in repr(demo)


def test_the_mask_of_the_last_step_is_shown_and_named():
    demo = lab(p=0.5, width=20)
    assert "nothing was dropped yet" in frame(demo)["values"]["masks"]
    demo.run(3)
    header, arrays = unpack(demo.frame)
    masks, v = arrays["masks"], header["values"]
    assert masks.shape == (2, 20) and set(np.unique(masks)) == {0, 2}
    assert f"{(masks == 0).sum()} of 40 neurons were dropped" in v["masks"]
    assert v["factor"] == 2 and v["dropping"] and 0 <= v["point"] < 40
    demo.now.masks = [np.array([2.0, 0.0]), np.array([2.0, 2.0])]
    assert "1 of 40 neurons was dropped; what was kept was multiplied by 2." in masks_words(demo)
    demo.set(p=0.0)
    assert frame(demo)["values"]["dropping"], "the step that is shown was taken with dropout"
    demo.run(1)
    assert "Dropout was off" in frame(demo)["values"]["masks"]


# ---- what really happens ------------------------------------------------------------------------


def ended(seed, **more):
    demo = lab(seed=seed, **more)
    while not demo.finished():
        demo._advance()
    return demo.trace.at(demo.t), demo


SEEDS = range(3)


@pytest.fixture(scope="module")
def free():
    return [ended(seed) for seed in SEEDS]


def test_the_defaults_overfit_on_every_seed(free):
    assert np.mean([row["train accuracy"] for row, _ in free]) > 0.95
    for row, demo in free:
        assert row["train accuracy"] - row["test accuracy"] >= 0.1
        assert row["test"] > 1.3 * demo.trace.at(demo.best)["test"], "stopping early was better"
        assert demo.trace.lowest("test") < 150


@pytest.mark.parametrize("more", [{"penalty": L2}, {"penalty": DECAY}, {"p": 0.5}],
                         ids=["L2", "decay", "dropout"])  # fmt: skip
def test_the_suggested_settings_help(free, more):
    for seed in SEEDS:
        row, without = ended(seed, **more, epochs=200)[0], free[seed][1].trace.at(200)
        assert row["test"] < without["test"]
        gaps = [r["train accuracy"] - r["test accuracy"] for r in (row, without)]
        assert gaps[0] < gaps[1]


def test_more_is_not_better():
    some, much = ([ended(seed, penalty=L2, lam=lam, epochs=100)[0] for seed in SEEDS]
                  for lam in (0.01, 1))  # fmt: skip
    assert all(b["test"] > a["test"] and b["train"] > a["train"]
               for a, b in zip(some, much, strict=True))  # fmt: skip


# ---- time, changes on the way, sharing ----------------------------------------------------------


def changed_on_the_way(**more):
    demo = lab(seed=2, **more)
    demo.run(30)
    demo.set(p=0.4)
    demo.run(20)
    demo.set(penalty=L1, lam=0.002)
    demo.run(15)
    demo.set(p=0.0, lr=0.02)
    demo.run(10)
    return demo


def test_changes_on_the_way_are_events_and_back_and_scrub_stay_true():
    demo = changed_on_the_way()
    assert demo.programme.events == [(30, {"p": 0.4}), (50, {"penalty": L1, "lam": 0.002}),
                                     (65, {"p": 0.0, "lr": 0.02})]  # fmt: skip
    end = bits(demo)
    seen = {}
    for t in (75, 64, 50, 49, 30, 29, 0):
        demo.goto(t)
        seen[t] = bits(demo), demo.settings["p"], demo.settings["penalty"]
    assert [seen[t][1] for t in (75, 64, 30, 29)] == [0, 0.4, 0.4, 0]
    assert seen[50][2] == L1 and seen[49][2] == NONE and seen[75][0] == end
    for t in (29, 50, 75):
        demo.goto(t)
        assert bits(demo) == seen[t][0]
    told = [(e["epoch"], e["text"]) for e in frame(demo)["values"]["events"]]
    assert told == [(30, "dropout p = 0.4"), (50, "L1 penalty, λ = 0.002"),
                    (65, "dropout p = 0, rate 0.02")]  # fmt: skip


def test_the_past_is_thinned_and_replayed_bit_for_bit():
    demo = lab(p=0.3, epochs=500)
    demo.run(120)
    demo.set(penalty=DECAY)
    demo.run(31)
    before = bits(demo)
    demo.run(60)
    assert len(demo._past.times) <= 200 and 151 not in demo._past.times
    demo.goto(151)
    assert bits(demo) == before


def test_rewind_and_run_again_is_bit_for_bit_the_same():
    demo = lab(p=0.5, penalty=L2)
    demo.run(40)
    end = bits(demo)
    demo.rewind()
    demo.run(40)
    assert bits(demo) == end
    other = lab(p=0.5, penalty=L2, seed=1)
    other.run(40)
    assert bits(other) != end


def test_another_way_from_an_earlier_epoch_leaves_a_ghost():
    demo = changed_on_the_way()
    was = demo.trace.column("test").copy()
    demo.goto(40)
    assert len(demo.programme.events) == 3, "looking back forgets nothing"
    demo.run(10)
    assert demo.trace.last == 50 and [t for t, _ in demo.programme.events] == [30]
    header, arrays = unpack(demo.frame)
    assert np.allclose(arrays["ghost"], was) and "from epoch 65" in header["values"]["ghost"]
    demo.goto(20)
    demo.set(p=0.2)
    assert demo.trace.last == 20 and demo.programme.events == [(20, {"p": 0.2})]
    assert demo._past.last == 20
    demo.set(p=0.0)
    assert demo.programme.events == [], "back to what it was: no change"


def test_a_change_before_the_start_is_no_event():
    demo = lab()
    demo.set(p=0.5)
    demo.run(5)
    straight = lab(p=0.5)
    straight.run(5)
    assert demo.programme.events == [] and bits(demo) == bits(straight)


def test_a_shared_line_brings_the_changes():
    demo = changed_on_the_way()
    for t in (75, 55, 30):
        demo.goto(t)
        again = eval(demo.share())
        assert bits(again) == bits(demo) and again.state == demo.state
        assert repr(again) == repr(demo) and again.settings == demo.settings
    again.run(3)
    assert again.t == 33
    with pytest.raises(DemoError, match="outside"):
        wrong = {**demo.state["settings"], "events": [[3, {"p": 7}]]}
        RegulariseLab.from_state({**demo.state, "settings": wrong})


def test_views_and_looks_change_no_history():
    demo = lab(p=0.5)
    demo.run(25)
    before, kept = bits(demo), demo._past.times
    for look in ({"mode": TRAIN}, {"mode": MANY}, {"epochs": 500}, {"patience": 30}, {"speed": 4}):
        demo.set(**look)
        assert (bits(demo), demo._past.times, demo.trace.last) == (before, kept, 25)
    demo.act("retry")
    demo.act("table", shown=True)
    demo.set(patience=0)
    demo.run(10)
    plain = lab(p=0.5)
    plain.run(35)
    assert bits(demo) == bits(plain), "what was looked at has tossed none of training's coins"


def test_from_the_start_with_these_settings_and_other_points():
    demo = lab()
    demo.run(30)
    demo.set(penalty=DECAY, p=0.2)
    demo.act("again")
    assert demo.t == 0 and demo.settings["p"] == 0.2 and demo.programme.events == []
    assert "from epoch 30 decoupled decay" in frame(demo)["values"]["ghost"]
    demo.run(5)
    straight = lab(penalty=DECAY, p=0.2)
    straight.run(5)
    assert bits(demo) == bits(straight)
    demo.act("reseed")
    assert demo.seed == 1 and demo.t == 0 and demo.ghost is None
    assert frame(demo)["values"]["seed"] == 1
    demo.run(3)
    demo.set(noise=0.1)
    assert demo.t == 0 and demo.ghost is None, "other points cannot be compared"
    demo.run(3)
    demo.set(width=8)
    assert demo.t == 0 and demo.ghost is not None and demo.now.masks[0].shape == (8,)


def test_same_start_and_order_with_and_without_dropout():
    with_it, without = lab(p=0.5), lab()
    assert bits(with_it)[0] == bits(without)[0]
    for demo in (with_it, without):
        demo.run(7)
    assert with_it.rng.bit_generator.state == without.rng.bit_generator.state


# ---- compared with guessing ---------------------------------------------------------------------


@pytest.mark.parametrize(("data", "settings"), [("moons", {"penalty": L2, "lam": 10.0}),
                                                ("xor", {"p": 0.9})])  # fmt: skip
def test_a_network_that_may_as_well_guess_is_told_so(data, settings):
    demo = lab(data=data, **settings)
    demo.run(5)
    classes = np.bincount(demo.points.test[1])
    share, luck = classes.max() / 500, 2 * np.sqrt(classes.prod() / 500**3)
    assert demo.trace.at(5)["test accuracy"] <= share
    assert "no better than guessing" in repr(demo) and f" {share:.2f} of the 500 test" in repr(demo)
    assert f"luck alone can add {luck:.2f}." in repr(demo)
    scene = demo.scenery()[0]
    assert scene["guessing"] == share and 0.69 < scene["guessing_loss"] <= np.log(2)


def test_luck_is_not_taken_for_learning_nor_learning_for_luck():
    its = lab().points
    assert its.guessing == 0.5  # 0.5 + 2 · sqrt(0.25 / 500) = 0.545
    assert "guessing" in guess_words(0.54, its) and guess_words(0.55, its) == ""
    demo = lab()
    assert "guessing" not in repr(demo), "before training there is nothing to judge"
    demo.run(5)
    assert "guessing" not in repr(demo)


# ---- stopping early -----------------------------------------------------------------------------


def test_the_best_epoch_is_the_lowest_validation_loss_so_far_and_one_goes_back_to_it():
    demo = lab()
    for _ in range(120):
        demo.run()
        assert demo.best == int(np.argmin(demo.trace.column("validation", demo.t)))
    best, there = demo.best, demo.trace.at(demo.best)
    assert f"lowest at epoch {best}; since then the test loss has risen" in repr(demo)
    demo.act("best")
    assert demo.t == best and demo.trace.at(demo.t) == there and demo.trace.last == 120
    assert "lowest so far" in repr(demo)
    labels = demo.picture().axes[1].get_legend_handles_labels()[1]
    assert f"best by validation: {best}" in labels


def test_patience_stops_the_run_and_can_be_taken_back():
    demo = lab(patience=20)
    demo.run(300)
    assert demo.t == demo.best + 20 and demo.finished() and demo.stopped
    with pytest.raises(DemoError, match="nothing is left to run"):
        demo.play()
    demo.set(patience=0)
    assert not demo.finished()
    demo.run(5)
    assert demo.t == demo.best + 25


# ---- divergence ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "why"),
    [({"penalty": DECAY, "lam": 10, "lr": 0.5}, "by 1 − 0.5 × 10 = −4, so they grow"),
     ({"penalty": DECAY, "lam": 4, "lr": 1}, "by 1 − 1 × 4 = −3, so they grow")],
)  # fmt: skip
def test_divergence_is_said_with_epoch_cause_and_way_back(more, why):
    demo = lab(**more)
    demo.run(300)
    assert demo.finished() and demo.t < 300
    said = repr(demo)
    assert said.startswith(f"Diverged at epoch {demo.t}: ") and why in said and "go back" in said
    arrays = unpack(demo.frame)[1]
    assert np.isfinite(arrays["map"]).all() and np.isfinite(demo.now.flat()).all()
    again = RegulariseLab.from_state(demo.state)
    assert repr(again) == said
    demo.back()
    assert "Diverged" not in repr(demo)
    demo.rewind()
    demo.set(lr=0.01, penalty=NONE)
    demo.run(30)
    assert demo.t == 30 and "Diverged" not in repr(demo)


def test_a_loss_that_explodes_for_another_reason_is_said_too():
    demo = lab(lr=0.5)
    demo.run(2)
    demo.now.layers[-1].weight.data[...] = 1e6
    kept = demo.now.flat()
    demo.run(1)
    assert repr(demo).startswith("Diverged at epoch 3: the rate 0.5 is too large; lower it")
    assert np.array_equal(demo.now.flat(), kept), "it stays where the numbers held"
    demo.goto(2)
    assert "Diverged" not in repr(demo)


# ---- the program --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [lambda: changed_on_the_way(), lambda: changed_on_the_way(data="xor", wrong=0.2, width=9),
     lambda: changed_on_the_way(data="circles", points=26, noise=0.15, p=0.2, penalty=DECAY),
     lambda: lab(penalty=L2, p=0.5)],
    ids=["moons", "xor", "circles", "at the start"],
)  # fmt: skip
def test_the_program_shown_makes_the_same_weights_bit_for_bit(make):
    demo = make()
    for t in {demo.t, demo.t // 2}:
        demo.goto(t)
        names = {}
        exec(demo.code(), names)
        got = [p.data for p in names["model"].parameters()]
        assert all(np.array_equal(a, b) for a, b in zip(got, demo.now.parameters(), strict=True))
        X, y = demo.points.test
        assert np.array_equal(names["X"], demo.points.X)
        assert np.array_equal(names["y"], demo.points.y)
        right = np.mean((names["model"](Tensor(X)).data[:, 0] > 0) == y)
        assert right == demo.trace.at(t)["test accuracy"]


def test_the_program_says_whose_dropout_it_has():
    assert "in place of your my_dropout" in str(lab(my_dropout).code())
    assert "in place of" not in str(lab().code())


# ---- the learner's dropout ----------------------------------------------------------------------


def my_dropout(x, p, rng, training=True):
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def by_loops(x, p, rng, training=True):
    mask = np.ones(x.shape)
    if training:
        for i in np.ndindex(x.shape):
            mask[i] = 0 if rng.random() < p else 1 / (1 - p)
    return mask * x, mask


def by_binomial(x, p, rng, training=True):
    keep = 1 - p
    mask = rng.binomial(1, keep, size=x.shape) / keep if training and p > 0 else np.ones(x.shape)
    return x * mask, mask


def by_choice(x, p, rng, training=True):
    mask = rng.choice(np.array([0, 1 / (1 - p)], np.float32), x.shape, p=[p, 1 - p])
    return (x * mask, mask) if training else (x.copy(), np.ones(x.shape, np.float32))


@pytest.mark.parametrize("fn", [my_dropout, by_loops, by_binomial, by_choice])
def test_right_dropouts_run_in_the_network(fn):
    calls = []

    def dropout(x, p, rng, training=True):
        calls.append((x.shape, training))
        return fn(x, p, rng, training)

    demo = lab(dropout, p=0.5)
    assert demo.badge == "running: your code"
    calls.clear()
    demo.run(2)
    assert {(10, 32), (640, 32)} <= {shape for shape, _ in calls}
    assert {t for shape, t in calls if shape == (10, 32)} == {True}
    assert {t for shape, t in calls if shape == (640, 32)} == {False}
    demo.run(40)
    assert demo.trace.at(42)["train"] < 0.55 and demo.badge == "running: your code"
    end = bits(demo)
    demo.rewind()
    demo.run(42)
    assert bits(demo) == end, "its coins come from the generator that it is given"


@pytest.mark.parametrize("fn", [my_dropout, by_binomial, by_choice, dropout])
def test_right_dropouts_are_accepted_whatever_the_coins(fn):
    """Three standard errors alone would refuse one right function in a hundred."""
    for shift in range(20, 220):
        cases = [Case(c.name, (*c.args[:2], c.args[2] + 7 * shift, c.args[3])) for c in CASES]
        verdict = DropoutSlot("dropout", dropout, cases, returns=("out", "mask")).judge(fn)
        assert verdict.accepted, verdict.message


def fixed(x, p, rng, training=True):
    return my_dropout(x, p, np.random.default_rng(0), training)


def from_the_air(x, p, rng, training=True):
    return my_dropout(x, p, np.random.default_rng(), training)


def writes(x, p, rng, training=True):
    if training:
        mask = (rng.random(x.shape) >= p) / (1 - p)
        x *= mask
        return x, mask
    return x, np.ones_like(x)


def one_coin_a_column(x, p, rng, training=True):
    mask = np.ones_like(x)
    if training:
        mask = np.tile((rng.random(x.shape[1]) >= p) / (1 - p), (len(x), 1))
    return x * mask, mask


def as_many_every_time(x, p, rng, training=True):
    mask = np.ones(x.size)
    if training:
        mask[rng.permutation(x.size)[: round(p * x.size)]] = 0
        mask[mask == 1] = 1 / (1 - p)
    return x * mask.reshape(x.shape), mask.reshape(x.shape)


def twice_as_often(x, p, rng, training=True):
    mask = (rng.random(x.shape) >= p * (2 - p)) / (1 - p) if training else np.ones_like(x)
    return x * mask, mask


WRONG = [
    (lambda x, p, rng, training=True: None, "out is None|two things"),
    (lambda x, p, rng, training=True: x, "return two things, out and mask"),
    (lambda x, p, rng, training=True: (x, np.ones_like(x)), "0 and 1/(1 − p) = 2 alone"),
    (lambda x, p, rng, training=True: (x, rng.random(x.shape) >= p), "the mask|1/(1 − p)"),
    (lambda x, p, rng, training=True: (
        (m := (rng.random(x.shape) >= p) * 1.0) * x if training else x * (1 - p), m), "1/(1 − p)"),
    (lambda x, p, rng, training=True: (
        x * (m := (rng.random(x.shape) < p) / p if p else np.ones_like(x)), m), "1/(1 − p)"),
    (lambda x, p, rng, training=True: my_dropout(x, p, rng, True), "in test mode nothing"),
    (lambda x, p, rng, training=True: (my_dropout(x, p, rng, training)[0], my_dropout(
        x, p, rng, training)[1]), "out must be x * mask"),
    (lambda x, p, rng, training=True: my_dropout(x, p, rng, training)[::-1],
     "1/(1 − p)|mask"),
    (lambda x, p, rng, training=True: (
        (m := my_dropout(x[:1], p, rng, training)[1]) * x, m), "shape|mask"),
    (fixed, "another rng gives the very same mask"),
    (from_the_air, "take every coin from the rng"),
    (writes, "changed its arguments"),
    (one_coin_a_column, "share a coin"),
    (as_many_every_time, "every time: each needs a coin"),
    (twice_as_often, "the mean of the mask must be 1"),
    (lambda x, p, rng, training=False: my_dropout(x, p, rng, training), "1/(1 − p)"),
    (lambda x, p, rng, training=True: (x * masks, masks), "NameError"),  # noqa: F821
    (lambda x, p: x, "TypeError"),
]  # fmt: skip


@pytest.mark.parametrize(("fn", "word"), WRONG, ids=range(len(WRONG)))
def test_wrong_dropouts_are_refused_with_the_case_and_both_results(fn, word):
    demo = lab(fn, p=0.5)
    refused = frame(demo)["refused"]
    assert demo.badge == "running: nnlearn" and refused["case"]
    assert any(w in refused["message"] for w in word.split("|")), refused["message"]
    assert refused["reference"] and refused["yours"]
    demo.run(3)
    plain = lab(p=0.5)
    plain.run(3)
    assert bits(demo) == bits(plain)


def test_the_slot_takes_functions_alone():
    assert "takes a function" in SLOT.judge(3).message
    assert lab(dropout).badge == "running: nnlearn", "nnlearn's own is not yours"


@pytest.mark.parametrize(
    ("fault", "word"),
    [(lambda x: 1 / 0, "stopped with ZeroDivisionError"),
     (lambda x: (x * np.nan, x), "gave an odd out: it holds infinity or NaN, at epoch"),
     (lambda x: (x, x[:1]), "gave an odd mask: the shape is"),
     (lambda x: x, "did not return two things")],
)  # fmt: skip
def test_a_dropout_that_fails_while_it_runs_is_said_and_nnlearns_goes_on(fault, word):
    calls = []

    def dropout(x, p, rng, training=True):
        calls.append(1)
        return fault(x) if len(calls) > 200 else my_dropout(x, p, rng, training)

    demo = lab(dropout, p=0.5)
    assert demo.badge == "running: your code"
    demo.run(60)
    assert demo.t == 60 and demo.badge == "running: nnlearn"
    assert word in frame(demo)["refused"]["message"]
    assert np.isfinite(demo.now.flat()).all()


# ---- the question -------------------------------------------------------------------------------


def test_the_epoch_is_asked_for_and_judged_by_what_the_run_did():
    demo = RegulariseLab()
    with pytest.raises(DemoError, match="say first"):
        demo.run(1)
    assert demo.answer(280) == "Noted. Now see what happens."
    demo.run(40)
    assert demo.outcome() is None
    demo.run(260)
    turn = int(demo.trace.column("test").argmin())
    told = frame(demo)["prediction"]
    assert told["outcome"] == [turn, 300] and told["right"] is False
    assert f"lowest at epoch {turn}" in told["feedback"] and "progress" in told["feedback"]
    demo.set(p=0.5)
    demo.act("again")
    demo.run(130)
    assert frame(demo)["prediction"]["outcome"] == [turn, 300], "the run that was asked about"
    again = eval(demo.share())
    assert frame(again)["prediction"] == frame(demo)["prediction"]


def test_a_run_with_changes_does_not_answer_the_question():
    demo = RegulariseLab()
    demo.answer(20)
    demo.run(10)
    demo.set(penalty=L2)
    demo.set(epochs=50)
    demo.run(40)
    assert demo.finished() and demo.outcome() is None


def test_the_turn_is_sure_when_it_is_told(free):
    for _, demo in free:
        turn = demo.trace.lowest("test")
        assert demo.trace.lowest("test", min(300, turn + SURE)) == turn


@pytest.mark.parametrize(
    ("answer", "outcome", "right", "word"),
    [(20, (24, 300), True, "Lowest at epoch 24"), (3, (24, 300), False, "share"),
     (60, (24, 300), False, "lowest earlier"), (290, (24, 300), False, "progress"),
     (8, (5, 300), True, "Lowest"), (285, (290, 300), True, "does not turn"),
     (30, (290, 300), False, "does not turn")],
)  # fmt: skip
def test_each_kind_of_error_has_its_own_line(answer, outcome, right, word):
    assert TURN.judge(TURN.accept(answer), outcome)[0] is right
    assert word in TURN.judge(TURN.accept(answer), outcome)[1]


# ---- pictures, a live run -----------------------------------------------------------------------


def test_before_the_first_epoch_the_losses_are_points_on_an_axis_of_epochs():
    axes = lab().picture().axes[1]
    assert axes.get_xlim() == (0, 10)
    assert all(line.get_marker() == "o" and not line.get_clip_on() for line in axes.lines)


@pytest.mark.parametrize(("data", "mode"), list(zip(DATA, [TEST, TRAIN, MANY], strict=True)))
def test_picture_table_and_sentence_in_every_view(data, mode):
    demo = lab(my_dropout, data=data, mode=mode, p=0.3, penalty=L2)
    demo.picture().savefig(BytesIO(), format="png")
    demo.run(12)
    demo.set(p=0.6)
    demo.run(12)
    demo.picture().savefig(BytesIO(), format="png")
    rows = demo.table()
    assert [row["epoch"] for row in rows] == sorted({row["epoch"] for row in rows})
    assert any("dropout p = 0.6" in row["note"] for row in rows) and len(repr(demo)) > 40
    assert all(isinstance(v, str | int | float) for row in rows for v in row.values())
    arrays = unpack(demo.frame)[1]
    assert arrays["curves"].shape == (5, len(arrays["steps"])) and np.isfinite(arrays["map"]).all()
    assert COLUMNS[3] == "penalty" and (arrays["curves"][3] > 0).all()


def test_the_histogram_counts_every_weight():
    flat = np.concatenate([np.random.default_rng(0).normal(size=999), [50.0]])
    its = histogram(flat)
    assert its["counts"].sum() == 1000 and its["beyond"] >= 1 and its["limit"] < 50
    assert its["words"].startswith("1,000 weights:")


def test_the_points_are_sent_once():
    demo = lab()
    first = demo.scene
    demo.run(5)
    demo.set(p=0.5)
    assert demo.scene is first
    demo.set(noise=0.1)
    assert demo.scene is not first


def test_a_live_run_gives_twenty_frames_a_second_and_stops_within_two():
    rate, late = live_run(lab(p=0.5))
    assert late <= 2
    print(f"{rate:.0f} frames a second")
    assert rate > 12, "20 and more on an idle machine; a loaded one may halve it"


@pytest.mark.parametrize("mode", [TEST, TRAIN, MANY])
def test_a_frame_of_every_view_takes_less_than_a_twentieth_of_a_second_of_computing(mode):
    demo = lab(p=0.5, mode=mode)
    demo.run(1)
    start = time.process_time()
    for _ in range(10):
        demo.run(1)
    assert (time.process_time() - start) / 10 < 0.05
