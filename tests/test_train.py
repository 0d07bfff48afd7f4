from itertools import pairwise

import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn, optim
from nnlearn.data import DataLoader, TensorDataset, blobs, load_digits
from nnlearn.nn import functional as F
from nnlearn.train import History, TrainingError, accuracy, evaluate, train


def setup(lr=0.1, n=20, batch_size=8):
    T.manual_seed(0)
    X, y = blobs(n, spread=0.2)
    model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    loader = DataLoader(TensorDataset(X, y), batch_size=batch_size, shuffle=True)
    return model, loader, optim.SGD(model.parameters(), lr=lr), (X, y)


def test_records_of_every_step():
    model, loader, optimizer, pair = setup()
    steps = list(train(model, loader, optimizer=optimizer, epochs=2, validation=pair))
    assert [(s.epoch, s.step) for s in steps] == [(1, 1), (1, 2), (1, 3), (2, 4), (2, 5), (2, 6)]
    assert [sorted(s.metrics) for s in steps] == 2 * [[], [], ["accuracy", "loss"]]
    assert all(a.seconds < b.seconds for a, b in pairwise(steps))
    assert steps[-1].loss < steps[0].loss


def test_nothing_happens_before_it_is_asked_for():
    model, loader, optimizer, _ = setup()
    before = model.state_dict()
    running = train(model, loader, optimizer=optimizer, epochs=9)
    assert np.array_equal(before["0.weight"], model[0].weight)
    next(running)
    assert not np.array_equal(before["0.weight"], model[0].weight)


def test_history():
    model, loader, optimizer, pair = setup()
    history = History(train(model, loader, optimizer=optimizer, epochs=30, validation=pair))
    assert len(history) == 90 and history.losses.shape == (90,)
    assert history.metric("accuracy").shape == (30,)
    assert history.metric("accuracy")[-1] == 1


def test_regression_has_no_accuracy():
    X = np.random.default_rng(0).normal(size=(30, 1)).astype(np.float32)
    model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    data = [(T.tensor(X), T.tensor(3 * X + 1))]
    optimizer = optim.Adam(model.parameters(), lr=0.1)

    def far(output, target):
        return np.abs(output.data - target).max()

    steps = History(
        train(
            model,
            data,
            optimizer=optimizer,
            loss_fn=F.mse_loss,
            epochs=300,
            validation=(X, 3 * X + 1),
            metrics=[far],
        )
    )
    assert sorted(steps[-1].metrics) == ["far", "loss"] and steps[-1].metrics["far"] < 0.01
    assert list(evaluate(model, X, X, loss_fn=F.mse_loss)) == ["loss"]


def test_evaluate_leaves_the_model_as_it_was():
    model, _, _, (X, y) = setup()
    assert evaluate(model.eval(), X, y).keys() == {"loss", "accuracy"} and not model.training
    model.train()
    evaluate(model, X, y)
    assert model.training and all(p.grad is None for p in model.parameters())
    assert accuracy(T.tensor([[0.0, 1.0]]), [1]) == 1


@pytest.mark.parametrize("lr", [1e20, np.inf])
def test_a_lost_number_stops_with_step_layer_and_cause(lr):
    model, loader, optimizer, _ = setup(lr=lr)
    with pytest.raises(TrainingError) as caught:
        list(train(model, loader, optimizer=optimizer, epochs=50))
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert "at step 2 (epoch 1)" in lines[0] or "at step 3 (epoch 1)" in lines[0]
    assert "layer 0: Linear(in_features=2" in lines[1] or "layer 2: Linear(in" in lines[1]
    assert f"lr = {lr:g}" in lines[2]


def test_nan_in_the_data_is_told_apart():
    model, _, optimizer, _ = setup()
    data = [(T.tensor([[1.0, np.nan]]), T.tensor([1]))]
    with pytest.raises(TrainingError, match=r"in the input(.|\n)*missing values"):
        list(train(model, data, optimizer=optimizer))


def test_no_batches():
    model, _, optimizer, pair = setup()
    batches = iter([pair])
    with pytest.raises(TrainingError, match="no batches in epoch 2"):
        list(train(model, batches, optimizer=optimizer, epochs=2))


def test_digits_of_unseen_forms():
    """The hook of lesson 00: one seed and fewer epochs than there, so a little less."""
    (X, y), (X_new, y_new) = load_digits()
    middle, rng = X.mean(axis=0), np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(64, 128, rng=rng), nn.ReLU(), nn.Linear(128, 10, rng=rng))
    loader = DataLoader(TensorDataset(X - middle, y), batch_size=64, shuffle=True, rng=rng)
    optimizer = optim.Adam(model.parameters(), lr=3e-3)
    for _ in train(model, loader, optimizer=optimizer, epochs=30):
        pass
    assert evaluate(model, X_new - middle, y_new)["accuracy"] >= 0.915


def test_a_lost_target_is_named_and_the_weights_stay():
    model = nn.Sequential(nn.Linear(2, 1))
    before = model.state_dict()["0.weight"].tolist()
    X, y = np.ones((4, 2), np.float32), np.full((4, 1), np.nan, np.float32)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(TrainingError, match=r"lost in the target.\n.*missing values") as caught:
        list(train(model, [(X, y)], optimizer=optimizer, loss_fn=F.mse_loss))
    assert len(str(caught.value).splitlines()) <= 4
    assert model[0].weight.tolist() == before
