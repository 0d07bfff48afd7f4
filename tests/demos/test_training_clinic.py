"""D14: every fault shows its promised sign, the right treatment cures it, a wrong one does not."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nnlearn.demos import TrainingClinic
from nnlearn.demos.clinic_opinion import SLOT, diagnose_rate, worth
from nnlearn.demos.clinic_patients import FAULTS, FIXES, HEALTHY, NAMES, ward
from nnlearn.demos.clinic_program import Recipe, activations, run
from nnlearn.demos.clinic_signs import advice, sign
from nnlearn.demos.clinic_tests import TESTS, by_lot, found, hardest, nearest, unit_counts
from nnlearn.demos.clinic_words import FAMILIES, cured, objection, program, sick_line, treatment
from nnlearn.demos.controls import DemoError
from nnlearn.demos.frames import unpack
from nnlearn.show.plots import CLASS_COLOURS

SEEDS = range(5)


def sick(fault, seed):
    return run(FAULTS[fault].recipe(seed))


def clinic(fault="few", *diagnose, **more):
    number = ward(more.get("seed", 0)).index(fault) + 1
    return TrainingClinic(*diagnose, **{"predict": False, "patient": number, **more})


# --- the signs, on five seeds ---------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_healthy_run_learns_and_its_validation_tells_the_truth(seed):
    its = sick("healthy", seed)
    assert its.train[-1] < 0.02 and its.val[-1] < 0.5 and its.lost is None
    assert its.claim > 0.88 and its.proof > 0.88 and abs(its.claim - its.proof) < 0.06
    assert len(set(map(tuple, its.twice[0])) ^ set(map(tuple, its.twice[1]))) == 0
    assert nearest(its).min() > 0.3 and (its.batches > 0).sum(axis=1).mean() > 7


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_rate_is_flat_with_gradients_as_large_as_at_the_start(seed):
    its, healthy = sick("slow", seed), sick("healthy", seed)
    assert 2 < its.train[-1] < its.train[1] + 0.01
    ends, well = (np.median(r.gradients[-30:, 0]) for r in (its, healthy))
    assert ends > 0.5 * np.median(its.gradients[:10, 0]) and ends > 4 * well


@pytest.mark.parametrize("seed", SEEDS)
def test_a_large_rate_ends_in_no_numbers(seed):
    its = sick("burst", seed)
    assert its.lost is not None and 3 < its.lost < 40 and np.isnan(its.train[-1])
    before = its.gradients[: np.flatnonzero(~np.isfinite(its.gradients).all(axis=1))[0]]
    assert before[-1].max() > 1e3 * before[0].max()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_large_rate_kills_neurons(seed):
    its = sick("dead", seed)
    assert its.train[1:].max() > 2.5 and 2.3 < its.train[-1] < 2.6, "a jump, then flat"
    assert unit_counts(activations(its)[1])["dead"] >= 31
    assert np.median(its.gradients[-30:, 0]) == 0, "what is dead gets no gradient"


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_weights_stay_equal(seed):
    its = sick("equal", seed)
    assert [unit_counts(a)["different"] for a in activations(its)] == [1, 1]
    assert np.isclose(its.losses[0], np.log(10), atol=0.01) and its.proof < 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_large_weights_saturate_and_begin_absurdly_sure(seed):
    its = sick("saturated", seed)
    treated = run(FIXES["he"].apply(its.recipe))
    rims = [unit_counts(a)["rim"] for a in activations(its)]
    assert min(rims) > 0.5 and its.losses[0] > 10
    assert max(unit_counts(a)["rim"] for a in activations(treated)) < 0.35


@pytest.mark.parametrize("seed", SEEDS)
def test_sorted_batches_hold_one_kind_and_the_loss_swings(seed):
    its = sick("sorted", seed)
    assert (its.batches > 0).sum(axis=1).mean() < 1.5
    assert its.val[-1] > 0.9 and its.proof < 0.75
    last = its.losses[-len(its.batches) :]
    assert last.min() < 0.01 and last.max() > np.log(10), "sure, then worse than blind"
    table = found("classes", its.recipe).arrays["table"]
    right = table.diagonal() / table.sum(axis=1)
    assert np.ptp(right) > 0.8, "some classes known, others forgotten"


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_labels_have_the_highest_loss_and_validation_is_better_than_training(seed):
    its = sick("labels", seed)
    assert its.train[-1] > 0.9 and its.val[-5:].mean() < its.train[-5:].mean()
    truth = Recipe(seed)
    assert (run(truth).y[hardest(its)] != its.y[hardest(its)]).mean() >= 0.8
    wrong = (run(truth).y[hardest(its)] != its.y[hardest(its)]).sum()
    assert f"would give {wrong} another label" in found("look", its.recipe).text


@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_that_are_not_cleared_grow(seed):
    its, healthy = sick("uncleared", seed), sick("healthy", seed)
    end, start = np.median(its.gradients[-30:, 0]), np.median(its.gradients[:10, 0])
    assert end > 10 * start and np.median(healthy.gradients[-30:, 0]) < start
    assert its.train[-1] > 100


@pytest.mark.parametrize("seed", SEEDS)
def test_a_leak_is_too_good_and_every_validation_digit_has_a_twin(seed):
    its = sick("leak", seed)
    assert (nearest(its) < 1e-3).all() and its.claim > 0.99
    assert its.val[-1] < 0.05 and its.claim - its.proof > 0.06


@pytest.mark.parametrize("seed", SEEDS)
def test_few_digits_are_learned_by_heart(seed):
    its = sick("few", seed)
    assert len(its.X) == 40 and its.train[-1] < 0.02 and its.val[-1] > 0.9
    assert its.proof < 0.85 and "40 training digits" in found("count", its.recipe).text


@pytest.mark.parametrize("seed", SEEDS)
def test_dropout_that_stays_on_changes_its_answers(seed):
    its = sick("dropout", seed)
    assert found("twice", its.recipe).values["changed"] > 60
    assert found("twice", FIXES["eval"].apply(its.recipe)).values["changed"] == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_another_preparation_shows_in_the_pixels(seed):
    its, healthy = sick("unlike", seed), sick("healthy", seed)
    assert np.array_equal(its.losses, healthy.losses), "training knows nothing of it"
    assert its.val[-1] > 2 * healthy.val[-1] and its.X_val.mean() > 0.25
    assert abs(its.X.mean()) < 1e-6


# --- treatments -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_right_treatment_cures_and_the_sick_are_not_well(seed):
    for name, fault in FAULTS.items():
        assert cured(sick(name, seed)) == (name == "healthy"), name
        assert cured(run(FIXES[fault.cure].apply(fault.recipe(seed)))), name


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "healthy"])
def test_no_wrong_treatment_cures(name):
    fault = FAULTS[name]
    for fix in FIXES.keys() - {fault.cure}:
        assert not cured(run(FIXES[fix].apply(fault.recipe(0)))), fix
        said = treatment(name, fix, 0)
        assert said["text"].startswith("Not cured") and not said["cured"]


def test_a_treatment_that_changes_nothing_says_so():
    assert "nothing changed" in treatment("slow", "shuffle", 0)["text"]
    assert "no number" in treatment("burst", "larger", 0)["text"]
    assert "still not true" in treatment("leak", "more", 0)["text"]
    assert treatment("leak", "separate", 0)["text"].count("of 100") == 1
    assert "healthy before" in treatment("healthy", "decay", 0)["text"]


# --- diagnoses ------------------------------------------------------------------------------------


def test_every_wrong_diagnosis_is_answered_by_what_differs():
    for patient, fault in FAULTS.items():
        for guess in set(NAMES) - {fault.name}:
            said = objection(patient, guess, 0, ()).text
            assert said.endswith(("”.", "it does.")) and len(said) > 40, "a test to order is named"
            assert said.startswith(("With that fault", "In a healthy run", "The curves could"))
            assert (said[:9] == "In a heal") == (guess == HEALTHY) or "curves" in said


def test_an_objection_tells_the_truth():
    said = objection("saturated", FAULTS["equal"].name, 0, ())
    assert said.text.startswith("With that fault the first loss is 2.3. Here it is 27. Before its")
    assert np.isclose(said.would.train[0], np.log(10), atol=0.01)
    assert sick("saturated", 0).losses[0] > 26.5
    assert "from update 10 on" in objection("burst", HEALTHY, 0, ()).text
    assert sick("burst", 0).lost == 10


def test_what_was_named_runs_in_the_patients_own_program():
    said = objection("dropout", HEALTHY, 0, ())
    assert abs(said.would.train[-1] - sick("dropout", 0).train[-1]) < 0.05, "dropout is no fault"
    assert said.text.startswith(
        "In a healthy run the validation loss ends at 0.33. Here it is 0.89"
    )
    said = objection("burst", FAULTS["uncleared"].name, 0, ())
    assert (
        said.would.lost == 100 and "from update 100 on. Here it is none from update 10" in said.text
    )
    for patient, fault in FAULTS.items():
        assert fault.instead_of(fault, 3) == fault.recipe(3), patient
        would = objection(patient, FAULTS["few"].name, 0, ()).would
        assert would.epochs == sick(patient, 0).epochs, "curves of one length, on one axis"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_curves_alone_point_to_a_test_that_shows_the_fault(seed):
    for name, fault in FAULTS.items():
        its = sign(sick(name, seed))
        assert {fault.proof, *fault.also} & set(its.tests), name
        assert its.text.endswith("?") and "nan" not in its.text, name


def test_advice_leads_to_a_new_test_then_to_what_was_seen():
    its = sick("unlike", 0)
    assert advice(its, ()).endswith("Order “Count the data”.")
    assert advice(its, ("count",)).endswith("Order “Look at the digits”.")
    assert advice(its, ("gradients", "look", "order")).endswith("Read “Look at the digits” again.")
    assert "“Count the data” would tell" in advice(its, ("gradients", "units", "order"))


def test_where_curves_do_not_tell_a_test_is_named_and_then_read_again():
    patient, guess = "unlike", FAULTS["few"].name
    assert "Order “Count the data”: it does." in objection(patient, guess, 0, ()).text
    spent = objection(patient, guess, 0, ("units", "order", "twice")).text
    assert "“Count the data” would have, but your 3 tests are spent" in spent
    again = objection(patient, guess, 0, ("count",)).text
    assert "again: 600 training digits" in again, "not the 40 that were guessed"
    assert "With that fault it would be: 40 training digits" in again


def test_no_number_is_said_of_what_is_no_number():
    for test in ("classes", "twice"):
        its = found(test, FAULTS["burst"].recipe(0))
        assert its.text.startswith("Its scores are no numbers") and its.values["lost"]
    assert found("order", FAULTS["burst"].recipe(0)).text.endswith("Its loss is no number.")
    assert "their losses are no numbers" in found("look", FAULTS["burst"].recipe(0)).text


def test_what_the_lot_would_bring_is_measured_on_the_patients_own_digits():
    for name in ("healthy", "sorted", "few"):
        its, rng = sick(name, 0), np.random.default_rng(0)
        sizes = its.batches.sum(axis=1)
        drawn = [len(set(rng.permutation(its.y)[:k])) for k in sizes for _ in range(60)]
        assert abs(by_lot(its) - np.mean(drawn)) < 0.1, name
        assert f"by lot it would hold {by_lot(its):.1f}" in found("order", its.recipe).text


def test_what_is_called_healthy_has_the_patients_network():
    its = FAULTS["saturated"].recipe(0)
    well = unit_counts(activations(run(replace(Recipe(0), network=its.network)))[1])["rim"]
    assert well < 0.35 and f"(a healthy run: {round(100 * well)})." in found("units", its).text
    assert "(a healthy run has 600)" in found("count", FAULTS["few"].recipe(0)).text
    assert "(a healthy run: 91)" in found("classes", FAULTS["few"].recipe(0)).text


def test_the_sentence_tells_peaks_and_valleys():
    assert "to 2.5 (highest 180 after epoch 2)" in clinic("dead").sentence()
    assert "to 1.4 (lowest 1.2 after epoch 10)" in clinic("few").sentence()
    assert "(" not in clinic("healthy").sentence()


# --- evidence -------------------------------------------------------------------------------------


def test_a_lucky_name_is_told_from_a_proved_one():
    lucky, proved = clinic("leak"), clinic("leak")
    lucky.order("units")
    said = lucky.name(FAULTS["leak"].name)
    assert said.startswith("Yes, but nothing that you had ordered proves it. “Count the data” does")
    assert "300 stand in the training data" in said
    proved.order("count")
    said = proved.name(FAULTS["leak"].name)
    assert said.startswith("Yes, and you had the proof, “Count the data”: 600 training digits")
    lucky.order("count")
    assert lucky.score["proved"] == 0, "a test that comes after is no proof"
    assert proved.score["proved"] == 1 and proved.casebook[0]["how"] == "with proof, at first go"
    assert lucky.casebook[0]["how"] == "a lucky guess, at first go"
    nan = clinic("burst")
    assert "here the curves are proof enough" in nan.name(FAULTS["burst"].name)
    assert nan.score["proved"] == 1


def test_after_a_wrong_name_a_new_test_comes_before_the_next():
    case = clinic("few", predict=True)
    case.answer("D")
    assert not case.chart.guessing
    case.name(HEALTHY)
    assert case.chart.guessing
    with pytest.raises(DemoError, match="first order a test"):
        case.name(FAULTS["leak"].name)
    case.order("count")
    with pytest.raises(DemoError, match="refuted already"):
        case.name(HEALTHY)
    case.name(FAULTS["unlike"].name)
    assert not case.chart.guessing, "what shows it was ordered: what is left is to read"
    assert case.name(FAULTS["slow"].name).endswith("lies before you: read your tests again.")
    case.order("look")
    case.order("units")
    case.name(FAULTS["leak"].name)
    blind = clinic("few", predict=True)
    blind.answer("D")
    for test in ("units", "look", "order"):
        blind.order(test)
    blind.name(HEALTHY)
    assert not blind.chart.guessing, "all tests are spent"
    assert case.name(FAULTS["few"].name).startswith("Yes, and you had the proof")
    after = "; ".join((HEALTHY, *(FAULTS[key].name for key in ("unlike", "slow", "leak"))))
    assert case.casebook[0]["how"] == f"with proof, after: {after}"


def test_the_ward_closes_with_what_it_taught_in_its_own_numbers():
    case = TrainingClinic(predict=False)
    for number, key in enumerate(ward(0), 1):
        unpacked, _ = unpack(case.frame)
        assert unpacked["values"]["closing"] == ""
        case.set(patient=number)
        case.order(FAULTS[key].proof)
        case.name(FAULTS[key].name)
        case.treat(FAULTS[key].cure)
    header, _ = unpack(case.frame)
    text = header["values"]["closing"]
    assert text.startswith(
        "All 13 are cured; 13 you named with proof, 13 at first go, with 13 tests"
    )
    assert "patient 13 lay at 2.2 because its steps were tiny, patient 8 at 2.5" in text
    assert "the 0.0071 of patient 10 in validation was a leak" in text
    assert "healthy patient 7 ended at 0.01 and 0.27" in text
    assert header["values"]["open"] == [] and len(case.casebook) == 13
    assert {row["patient"] for row in case.casebook if row["cured"]} == set(range(1, 14))


def test_the_charts_outlive_a_second_run_of_the_cell_and_end_with_rewind():
    first = clinic("few", predict=True)
    first.answer("D")
    first.order("count")
    first.set(patient=4)
    number = ward(0).index("few") + 1
    again = clinic("few", predict=True)
    again.inherit([first])
    again.push()
    assert again.settings["patient"] == 4 and again.answered == "D"
    again.set(patient=number)
    assert again.shown_tests == ["count"]
    again.order("look")
    assert first.charts[number - 1].notes["tests"] == ["count"], "its own charts"
    again.rewind()
    assert again.chart.notes["tests"] == []
    for before in ([], [first, first], [clinic("few", seed=1)], [again]):  # nothing is noted now
        other = clinic("few")
        other.inherit(before)
        assert other.chart.notes["tests"] == [] and other.answered is None


def test_a_case_from_suspicion_to_cure():
    case = clinic("uncleared", predict=True)
    with pytest.raises(DemoError, match="say first what you expect"):
        case.order("gradients")
    assert case.answer("C") == "Noted. Now see what happens."
    case.order("Gradient sizes")
    assert "Layer 1 of a healthy run" in case.findings["Gradient sizes"]
    with pytest.raises(DemoError, match="first say what ails"):
        case.treat("clear")
    assert case.name(FAULTS["few"].name).startswith("No. With that fault")
    case.order("units")
    assert case.outcome() is None and not case.known
    assert not case.treat("weight decay 0.01")["cured"]
    said = case.name(FAULTS["uncleared"].name)
    assert said.startswith("Yes, and you had the proof, “Gradient sizes”: In") and "adds." in said
    assert case._prediction()["right"] is False and "Gradient sizes" in case.answer("C")
    with pytest.raises(DemoError, match="is known"):
        case.name(HEALTHY)
    assert case.treat("clear")["cured"] and "Cured" in case.sentence()
    assert case.score == {
        "named": 1, "of": 13, "proved": 1, "at first go": 0, "cured": 1, "tests": 2
    }  # fmt: skip


@pytest.mark.parametrize("letter", FAMILIES)
def test_every_first_suspicion_is_answered(letter):
    case = clinic("few", predict=True)
    case.answer(letter)
    case.name(FAULTS["few"].name)
    told = case._prediction()
    assert told["right"] == (letter == "D") and FAULTS["few"].name in told["feedback"]


def test_three_tests_a_patient_and_an_ordered_one_can_be_put_away():
    case = clinic("few")
    for test in ("gradients", "units", "count"):
        case.order(test)
    with pytest.raises(DemoError, match="no more are paid for"):
        case.order("look")
    case.order("units")
    assert case.shown_tests == ["gradients", "count"] and len(case.chart.notes["tests"]) == 3
    _, arrays = unpack(case.frame)
    assert "units_counts" not in arrays and arrays["count_near"].sum() == 300
    case.order("units")
    assert case.shown_tests == ["gradients", "units", "count"]
    case.set(patient=5)
    assert case.chart.notes["tests"] == []
    case.set(patient=1)
    assert len(case.chart.notes["tests"]) == 3, "a chart is kept"
    for wrong in (lambda: case.order("blood"), lambda: case.treat("tea"), lambda: case.name("flu")):
        with pytest.raises(DemoError):
            wrong()


def test_next_goes_to_whom_is_not_cured():
    case = clinic()
    case.name(case.fault.name)
    case.treat(case.fault.cure)
    case.set(patient=13)
    case.act("next")
    assert case.settings["patient"] == 2


def test_the_ward_is_seeded_and_never_begins_with_the_healthy_one():
    orders = [tuple(ward(seed)) for seed in range(40)]
    assert len(set(orders)) == 40 and all(o[0] != "healthy" for o in orders)
    assert all(sorted(o) == sorted(FAULTS) for o in orders)
    assert clinic(seed=3).ward == ward(3) != ward(0)


def test_every_test_speaks_and_counts_for_every_patient():
    for name, fault in FAULTS.items():
        for key in TESTS:
            its = found(key, fault.recipe(0))
            assert len(its.text) > 30 and "nan" not in its.text and its.rows, (name, key)


# --- the program ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
def test_the_program_shown_is_the_program_that_ran(name):
    room = {}
    with np.errstate(all="ignore"):
        exec(program(name, 0, True), room)
    its = sick(name, 0)
    assert np.array_equal(room["losses"], its.losses, equal_nan=True)
    assert np.array_equal(room["val_losses"], its.val[1:], equal_nan=True)


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "healthy"])
def test_the_line_is_one_line_and_the_repair_is_the_treatment(name):
    line, text = sick_line(name, 0), program(name, 0, True)
    assert line["sick"] != line["well"] and "\n" not in line["sick"] + line["well"]
    assert text.count("# <- the fault") == text.count("# repaired:") == 1
    assert "repaired" not in program(name, 0, False)


def test_code_waits_for_the_diagnosis():
    case = clinic("slow")
    assert case.code().startswith("# The program of this patient is shown when")
    case.name(case.fault.name)
    assert "lr=0.0001, momentum=0.9)  # <- the fault" in case.code()
    case.treat("larger")
    assert "# repaired: optimizer = optim.SGD(model.parameters(), lr=0.01" in case.code()


# --- the second opinion ---------------------------------------------------------------------------


def loops(losses):
    losses = list(losses)
    for loss in losses:
        if loss != loss or abs(loss) == float("inf"):
            return "diverging"
    if losses[-1] > losses[0]:
        return "diverging"
    rest = losses[len(losses) // 2] - losses[-1]
    return "too small" if rest > (losses[0] - losses[-1]) / 10 else "good"


def test_a_second_opinion_that_knows_only_rates():
    case = clinic("few", loops)
    assert case.badge == "running: your code" and case.opinion() == "good"
    assert "knows only rates" in worth("good", "few")
    assert worth("too small", "slow").endswith("that was right.")
    assert "Right would have been “diverging”" in worth("good", "burst")
    for name, fault in FAULTS.items():
        assert loops(sick(name, 0).train) == diagnose_rate(sick(name, 0).train), fault.name


@pytest.mark.parametrize(
    ("fn", "case", "word"),
    [
        (lambda v: "diverging" if v[-1] > v[0] else "good", "still on its way", "differs"),
        (lambda v: loops(v[np.isfinite(v)]), "not a number at the end", "differs"),
        (lambda v: 0.1, "falls at once, then level", "return one of 'too small', 'good'"),
        (lambda v: v.sort() or "good", "falls at once, then level", "changed its arguments"),
    ],
)
def test_a_wrong_diagnose_is_refused_with_its_case(fn, case, word):
    verdict = SLOT.judge(fn)
    assert not verdict.accepted and verdict.case == case and word in verdict.message
    demo = clinic("few", fn)
    assert demo.badge == "running: nnlearn" and demo.opinion() == "good"


def test_a_diagnose_that_fails_while_it_runs_is_said_and_replaced():
    def strange(losses):
        return loops(losses) if len(losses) < 10 else "unwell"

    case = clinic("few", strange)
    assert not case.accepted and "'unwell'" in case.verdict.yours and case.opinion() == "good"


# --- state, words, table, picture -----------------------------------------------------------------


def test_share_rebuilds_the_case_and_the_picture():
    case = clinic("labels", seed=2, predict=True)
    case.answer("B")
    case.order("look")
    case.name(FAULTS["few"].name)
    case.set(patient=1, axis="log")
    again = TrainingClinic.from_state(json.loads(json.dumps(case.state)))
    assert again.state == case.state
    number = ward(2).index("labels") + 1
    for demo in (case, again):
        demo.set(patient=number)
        demo.order("twice")
        demo.name(FAULTS["labels"].name)
        assert demo._prediction()["feedback"].startswith(f"With patient {number} it lay")
    assert again.sentence() == case.sentence() and "at go 2, with 2 tests:" in case.sentence()
    (header, arrays), (other, others) = unpack(case.frame), unpack(again.frame)
    assert header["values"] == other["values"]
    assert all(np.array_equal(arrays[name], others[name]) for name in arrays)


def test_the_table_holds_the_curves_and_what_was_counted():
    case = clinic("burst")
    rows = case.table()
    assert rows[0] == {"picture": "training loss", "at": "before", "value": case.sick.train[0]}
    assert rows[2]["value"] == "not a number" and len(rows) == 32
    case.order("count")
    case.treat("smaller")
    more = case.table()
    assert {"picture": "Count the data", "at": "training digits", "value": 600} in more
    assert len(more) == 64 + 4 and json.dumps(more)


def test_the_picture_on_paper_has_one_pair_of_curves_and_two_after_a_treatment():
    case = clinic("burst")
    assert len(case.picture().axes) == 1
    case.order("gradients")
    case.name(case.fault.name)
    case.treat("smaller")
    figure = case.picture()
    assert len(figure.axes) == 2
    assert any("In layers 1, 2, 3" in text.get_text() for text in figure.texts)


def test_the_curves_wear_the_colours_of_lesson_09():
    (axes,) = clinic("burst").picture().axes
    worn = {line.get_label(): (line.get_color(), line.get_linestyle()) for line in axes.lines}
    assert worn["training"] == (CLASS_COLOURS[0], "--")
    assert worn["validation"] == (CLASS_COLOURS[1], "-")


def test_a_recipe_is_text_that_differs_only_in_its_lines():
    well = Recipe(4).lines()
    for change in ({"lr": 0.3}, {"decay": 0.01}, {"last": 40}, {"epochs": 2}):
        other = replace(Recipe(4), **change).lines()
        assert sum(a != b for a, b in zip(well, other, strict=True)) == 1


def test_numbers_of_patients_are_checked():
    with pytest.raises(DemoError, match="outside 1 to 13"):
        TrainingClinic(patient=14)
    with pytest.raises(DemoError, match="no control"):
        TrainingClinic(tests=9)
