"""The translator: blind to padding and to what it has not written yet; able to learn."""

import numpy as np
import pytest

import nnlearn as T
from nnlearn.errors import ShapeError
from nnlearn.models import EncoderDecoder
from nnlearn.models.encoder_decoder import positions
from nnlearn.nn import functional as F

START, END = 1, 2


def small(**options):
    sizes = {"d_model": 16, "nhead": 2, "num_layers": 1, "context": 10, "dropout": 0.0}
    return EncoderDecoder(9, 11, **sizes | options, rng=np.random.default_rng(0))


def test_padding_and_the_future_change_nothing():
    model = small()
    source, target = np.array([[3, 4, 5, 0, 0]]), np.array([[START, 7, 8]])
    scores = model(source, target).data
    assert scores.shape == (1, 3, 11)
    assert np.allclose(model(source[:, :3], target).data, scores, atol=1e-6)
    target[0, 2] = 9
    assert np.array_equal(model(source, target).data[:, :2], scores[:, :2])


def test_positions_are_told_apart_and_not_saved():
    model = small()
    assert not np.allclose(model.encode([[3, 3]]).data[0, 0], model.encode([[3, 3]]).data[0, 1])
    assert not any("positions" in name for name in model.state_dict())
    waves = positions(50, 5)
    assert waves.shape == (50, 5) and waves.dtype == np.float32 and np.abs(waves).max() <= 1


def test_it_learns_to_turn_sequences_round():
    rng = np.random.default_rng(0)
    words = np.array([rng.permutation(np.arange(3, 7))[:3] for _ in range(40)])
    ends = np.ones((40, 1), int)
    target = np.hstack([START * ends, words[:, ::-1], END * ends])
    model = small()
    optimizer = T.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(60):
        optimizer.zero_grad()
        scores = model(words, target[:, :-1])
        loss = F.cross_entropy(scores.reshape(-1, 11), target[:, 1:].reshape(-1))
        loss.backward()
        optimizer.step()
    assert np.mean(model.translate(words, START, END, 5).data == target) > 0.9


def test_a_finished_sentence_is_filled_up():
    model = small()
    model.head.weight.data[...] = 0
    model.head.bias.data[...] = np.eye(11)[END]
    written = model.translate(np.array([[3, 4], [5, 0]]), START, END)
    assert written.tolist() == [[START, END]] * 2
    assert model.training
    model.head.bias.data[...] = np.eye(11)[6]
    assert model.translate([[3, 4]], START, END, max_length=4).tolist() == [[START, 6, 6, 6]]


def test_a_sentence_longer_than_the_context():
    with pytest.raises(ShapeError) as caught:
        small().encode(np.ones((1, 11), int))
    text = str(caught.value)
    assert "11 positions, but it was made for 10" in text and len(text.splitlines()) <= 4


def test_a_translation_ends_with_the_context():
    model = EncoderDecoder(20, 30, d_model=16, nhead=2, context=8)
    model.head.bias.data[7] = 100  # never the end
    assert model.translate(np.ones((2, 5), int), start=1, end=2).shape == (2, 8)


def test_one_sentence_without_a_batch_is_refused():
    with pytest.raises(ShapeError, match=r"embeddings needs 3 axes"):
        EncoderDecoder(20, 30, d_model=16, nhead=2)(np.ones(5, int), np.ones(4, int))
