"""The digits reader without a browser: what it reaches, time both ways, what it says."""

from __future__ import annotations

import asyncio
import json
import time

import numpy as np
import pytest

from nnlearn import nn
from nnlearn.demos import DigitsReader
from nnlearn.demos.controls import DemoError
from nnlearn.demos.digit_training import digits


@pytest.fixture(scope="module")
def trained() -> DigitsReader:
    reader = DigitsReader(predict=False)
    reader.run()
    return reader


def weights(reader):
    return [p.data.copy() for p in reader.model.parameters()]


def same(a, b):
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_hook_reads_unseen_forms_in_seconds(seed):
    reader = DigitsReader(predict=False, seed=seed)
    start = time.perf_counter()
    reader.run()
    assert time.perf_counter() - start < 10
    assert set(reader.result) == {"accuracy", "linear", "seconds"}
    assert reader.result["accuracy"] >= 0.92
    assert 0.85 < reader.result["linear"] < reader.result["accuracy"]
    assert 0 < reader.result["seconds"] < 10
    assert reader.finished()


def test_it_asks_first_and_judges_when_it_knows():
    reader = DigitsReader(epochs=3)
    with pytest.raises(DemoError, match="say first"):
        reader.run()
    assert "Noted" in reader.answer("A")
    reader.step()
    assert reader._prediction()["right"] is None
    reader.run()
    assert reader._prediction()["right"] is False
    assert "blind guessing" in reader._prediction()["feedback"]


@pytest.mark.parametrize("letter", "ABCD")
def test_every_answer_has_its_own_word(letter):
    ask = DigitsReader.asks
    right, said = ask.judge(letter, 93.1)
    assert right is (letter == "D")
    assert "93" in said
    assert ask.judge(letter, 79.0)[0] is (letter == "C")


def test_back_rewind_and_run_again_are_bit_for_bit():
    reader = DigitsReader(epochs=4, predict=False)
    start = weights(reader)
    reader.step(2)
    second = weights(reader)
    reader.step()
    third = weights(reader)
    reader.back()
    assert same(weights(reader), second)
    assert reader.now.updates == 2 * digits().batches
    reader.step()
    assert same(weights(reader), third)
    reader.rewind()
    assert same(weights(reader), start)
    reader.run()
    other = DigitsReader(epochs=4, predict=False)
    other.run()
    assert same(weights(reader), weights(other))
    assert reader.now.record == other.now.record


def test_two_readers_are_apart_and_seeds_differ():
    one, two = DigitsReader(epochs=2, predict=False), DigitsReader(epochs=2, predict=False, seed=1)
    assert not same(weights(one), weights(two))
    one.step()
    assert two.t == 0


def test_the_past_is_kept_whole_in_few_snapshots(trained):
    assert len(trained._past.times) <= 200
    assert trained._past.last == trained.t


def test_one_line_rebuilds_it(trained):
    again = eval(trained.share(), {"DigitsReader": DigitsReader})
    assert same(weights(again), weights(trained))
    assert again.sentence() == trained.sentence()
    json.dumps(trained.state, allow_nan=False)


def test_a_drawing_and_a_test_digit_come_under_the_lens(trained):
    trained.act("pick", index=7)
    assert trained.values()["specimen"] == {"kind": "test", "index": 7, "truth": digits().truth[7]}
    assert trained.probabilities().sum() == pytest.approx(1, abs=1e-6)
    trained.act("draw", drawing=np.eye(32).tolist())
    assert trained.values()["specimen"] == {"kind": "drawn"}
    assert trained.probabilities().sum() == pytest.approx(1, abs=1e-6)
    trained.act("draw", drawing=np.zeros((32, 32)).tolist())
    assert trained.values()["specimen"] == {"kind": "empty"}
    for wrong in ([1, 2], [[0.5]], "abc", [[float("nan")] * 9] * 9):
        with pytest.raises((DemoError, ValueError)):
            trained.act("draw", drawing=wrong)
    with pytest.raises(DemoError, match="0 to 509"):
        trained.act("pick", index=510)


def test_the_view_shows_what_the_network_says(trained):
    values, arrays = trained.values(), trained.arrays()
    data = digits()
    assert len(values["shown"]) == len(set(values["shown"].tolist())) == 50
    np.testing.assert_array_equal(values["answers"], trained.now.answers[values["shown"]])
    np.testing.assert_array_equal(arrays["pictures"] / 16, data.pictures[values["shown"]])
    assert values["limit"] == np.abs(arrays["weights"]).max()
    assert values["mistakes"] == len(values["wrong"]) == round(510 * (1 - values["accuracy"]))
    assert all(w["truth"] != w["answer"] for w in values["wrong"])
    assert arrays["record"].shape == (trained.t + 1, 3)
    assert len(trained.table()) == 61


def test_words_and_picture_for_places_without_widgets(trained):
    for reader in (DigitsReader(), trained, DigitsReader(nn.Linear(64, 10), predict=False)):
        bundle, _ = reader._repr_mimebundle_()
        assert bundle["image/png"][:4] == b"\x89PNG"
        assert "of 100 digits right" in bundle["text/plain"]
        assert repr(reader) == reader.sentence()


def test_the_learners_own_model_takes_its_place():
    def model():
        rng = np.random.default_rng(5)
        return nn.Sequential(nn.Linear(64, 32, rng=rng), nn.ReLU(), nn.Linear(32, 10, rng=rng))

    mine = model()
    before = [p.data.copy() for p in mine.parameters()]
    for given in (model, mine):
        reader = DigitsReader(given, epochs=6, predict=False)
        assert reader.badge == "running: your code"
        reader.run()
        assert reader.result["accuracy"] > 0.8
    assert same(before, [p.data for p in mine.parameters()])
    refused = DigitsReader(nn.Linear(64, 3), predict=False)
    assert refused.badge == "running: nnlearn"
    assert "must give (3, 10)" in refused.verdict.message


def test_epochs_have_limits():
    for wrong in (0, 201, "many"):
        with pytest.raises(DemoError):
            DigitsReader(epochs=wrong)


def test_it_runs_live_and_stops():
    async def live():
        reader = DigitsReader(predict=False)
        reader.play()
        while reader.t < 10:
            await asyncio.sleep(0.005)
        reader.stop()
        at = reader.t
        await reader.wait()
        return reader, at

    reader, at = asyncio.run(live())
    assert reader.t <= at + 1
    assert not reader.finished()
