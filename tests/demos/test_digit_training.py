"""The race of two networks: whole copies, the schedule, and the scanner for drawings."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from nnlearn import nn
from nnlearn.demos.digit_training import (
    Race,
    digits,
    fault_of,
    hidden_weights,
    probabilities,
    scan,
    schedule,
    scores,
    small_network,
)


def weights(race):
    return [p.data.copy() for m in race.models.values() for p in m.parameters()]


def test_a_copy_goes_on_bit_for_bit():
    rng = np.random.default_rng(0)
    race = Race(small_network(rng), rng)
    race.train(30, rng)
    other, state = copy.deepcopy(race), rng.bit_generator.state
    race.train(30, rng)
    again = np.random.default_rng(1)
    again.bit_generator.state = state
    other.train(30, again)
    for a, b in zip(weights(race), weights(other), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("epochs", [1, 2, 60, 200])
def test_the_schedule_shows_every_update_once_and_stops_at_each_epoch(epochs):
    plan = schedule(epochs)
    ends = np.cumsum(plan)
    assert ends[-1] == epochs * digits().batches
    assert set(digits().batches * np.arange(1, epochs + 1)) <= set(ends)
    assert min(plan) >= 1


def test_an_epoch_shows_every_training_digit_once():
    rng = np.random.default_rng(0)
    race = Race(small_network(rng), rng)
    race.train(digits().batches, rng)
    assert sorted(race.order) == list(range(1287))


def test_the_scanner_brings_drawings_to_the_data_sets_form():
    ink = np.zeros((32, 32))
    ink[20:26, 3] = 1.0  # a small stroke, far from the middle
    picture = scan(ink).reshape(8, 8)
    assert (picture.max(axis=1) > 0.2).all()  # full height
    centre = picture.sum(axis=0) @ np.arange(8) / picture.sum()
    assert centre == pytest.approx(3.5, abs=0.1)
    assert picture.max() == 1
    assert np.array_equal(np.round(picture * 16), picture * 16)
    assert not scan(np.zeros((32, 32))).any()


def test_where_a_digit_is_drawn_does_not_matter():
    ink = np.zeros((32, 32))
    ink[4:24, 10:13] = ink[4:7, 6:13] = 1
    moved = np.roll(ink, (5, 8), axis=(0, 1))
    np.testing.assert_array_equal(scan(ink), scan(moved))


def test_scanning_the_data_sets_own_digits_keeps_them_readable():
    rng = np.random.default_rng(0)
    race = Race(small_network(rng), rng)
    race.train(600, rng)
    data = digits()
    large = np.kron(data.pictures.reshape(-1, 8, 8), np.ones((4, 4)))
    again = np.stack([scan(picture) for picture in large])
    right = np.mean(scores(race.models["reader"], again - data.mean).argmax(axis=1) == data.truth)
    assert right > 0.88


def test_probabilities_sum_to_one():
    model = small_network(np.random.default_rng(0))
    p = probabilities(model, digits().pictures[0])
    assert p.shape == (10,)
    assert p.sum() == pytest.approx(1, abs=1e-6)
    assert (p >= 0).all()


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (nn.Linear(3, 10), "D is 64"),
        (nn.Linear(64, 4), "it must give (3, 10)"),
        (nn.ReLU(), "it must give (3, 10)"),
        (3, "not int"),
        (lambda: "no", "gave str"),
        (lambda: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_models_that_cannot_read_digits_are_told_why(model, said):
    assert said in fault_of(model)


def test_models_that_can_are_accepted_and_their_first_weights_shown():
    assert fault_of(nn.Linear(64, 10)) == ""
    assert fault_of(lambda: nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))) == ""
    assert hidden_weights(nn.Linear(64, 10), 12).shape == (0, 64)
    assert hidden_weights(small_network(np.random.default_rng(0)), 12).shape == (12, 64)
