"""CharRNN: the state carries a text over, and what it has learnt it writes."""

import numpy as np
import pytest

import nnlearn as T
import nnlearn.nn.functional as F
from nnlearn import optim
from nnlearn.models import CharRNN

CELLS = ["rnn", "lstm", "gru"]


@pytest.mark.parametrize("cell", CELLS)
def test_in_two_parts_or_in_one_it_reads_the_same(cell):
    model = CharRNN(7, 4, 5, num_layers=2, cell=cell).eval()
    tokens = np.random.default_rng(0).integers(7, size=(3, 8))
    scores, state = model(tokens)
    first, between = model(tokens[:, :5])
    second, after = model(tokens[:, 5:], between)
    assert scores.shape == (3, 8, 7)
    np.testing.assert_allclose(np.concatenate([first.data, second.data], 1), scores.data, atol=1e-6)
    for a, b in zip(*((s if cell == "lstm" else (s,)) for s in (after, state)), strict=True):
        np.testing.assert_allclose(a.data, b.data, atol=1e-6)
    assert set(model.state_dict()) >= {"embedding.weight", "recurrent.weight_hh_l1", "head.bias"}


@pytest.mark.parametrize("cell", CELLS)
def test_it_learns_a_line_by_heart_and_writes_it(cell):
    T.manual_seed(0)
    line = np.array([[0, 1, 2, 1, 0, 3, 3, 2]])
    model = CharRNN(4, 8, 16, cell=cell)
    optimizer = optim.Adam(model.parameters(), lr=0.03)
    for _ in range(60):
        optimizer.zero_grad()
        scores, _ = model(line[:, :-1])
        F.cross_entropy(scores[0], line[0, 1:]).backward()
        optimizer.step()
    np.testing.assert_array_equal(model.generate(line[:, :2], 6, temperature=0).data, line)
    assert model.training


def test_chance_comes_from_the_seed():
    model = CharRNN(9, cell="gru")
    start = np.zeros((2, 1), int)
    one, other = (model.generate(start, 12, rng=np.random.default_rng(1)).data for _ in range(2))
    assert one.shape == (2, 13) and (one == other).all() and len(np.unique(one)) > 3
    assert (model.generate(start, 12, top_k=1).data == model.generate(start, 12, 0).data).all()
    assert (model.generate(start, 0).data == start).all()


def test_errors():
    with pytest.raises(ValueError, match='cell is "rnn", "lstm" or "gru", not \'sltm\''):
        CharRNN(5, cell="sltm")
    for tokens in (np.zeros(3, int), np.zeros((2, 0), int)):
        with pytest.raises(ValueError, match=r"begin nothing\n.*tokens\[None\]"):
            CharRNN(5).generate(tokens, 3)


def test_a_mistake_leaves_the_model_in_training():
    model = CharRNN(5, 3, 4)
    with pytest.raises(ValueError, match="temperature=-1"):
        model.generate(np.zeros((1, 2), int), 3, temperature=-1)
    assert model.training
