"""D14: every fault shows its promised sign, the right treatment cures it, a wrong one does not."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nnlearn.demos import TrainingClinic
from nnlearn.demos.clinic_opinion import SLOT, diagnose_rate, worth
from nnlearn.demos.clinic_patients import FAULTS, FIXES, HEALTHY, NAMES, ward
from nnlearn.demos.clinic_program import Recipe, activations, run
from nnlearn.demos.clinic_tests import TESTS, found, hardest, nearest, unit_counts
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
def test_a_large_rate_kills_units(seed):
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
    assert "of them another label" in found("look", its.recipe).text


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
            assert said.endswith((".", "if you still have a test.")) and len(said) > 40
            assert said.startswith(("With that fault", "In a healthy run", "The curves could"))
            assert (said[:9] == "In a heal") == (guess == HEALTHY) or "curves" in said


def test_an_objection_tells_the_truth():
    said = objection("saturated", FAULTS["equal"].name, 0, ())
    assert said.text == "With that fault the first loss is 2.3. Here it is 27."
    assert said.would is sick("equal", 0) and sick("saturated", 0).losses[0] > 26.5
    assert "from update 10 on" in objection("burst", HEALTHY, 0, ()).text
    assert sick("burst", 0).lost == 10


def test_where_curves_do_not_tell_a_test_is_named_and_then_read_again():
    patient, guess = "unlike", FAULTS["few"].name
    assert "“Count the data” would" in objection(patient, guess, 0, ()).text
    again = objection(patient, guess, 0, ("count",)).text
    assert "again: 600 training digits" in again, "not the 40 that were guessed"


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
    assert case.outcome() is None and not case.known
    assert not case.treat("weight decay 0.01")["cured"]
    assert case.name(FAULTS["uncleared"].name).startswith("Yes. backward() adds.")
    assert case._prediction()["right"] is False and "Gradient sizes" in case.answer("C")
    with pytest.raises(DemoError, match="is known"):
        case.name(HEALTHY)
    assert case.treat("clear")["cured"] and "Cured" in case.sentence()
    assert case.score == {"named": 1, "of": 13, "at first go": 0, "cured": 1, "tests": 1}


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
    assert case.shown_tests == ["gradients", "count"] and len(case.chart["tests"]) == 3
    _, arrays = unpack(case.frame)
    assert "units_counts" not in arrays and arrays["count_near"].sum() == 300
    case.order("units")
    assert case.shown_tests == ["gradients", "units", "count"]
    case.set(patient=5)
    assert case.chart["tests"] == []
    case.set(patient=1)
    assert len(case.chart["tests"]) == 3, "a chart is kept"
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
        demo.name(FAULTS["labels"].name)
        assert demo._prediction()["feedback"].startswith("It lay elsewhere")
    assert again.sentence() == case.sentence() and "at go 2, with 1 test:" in case.sentence()
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
