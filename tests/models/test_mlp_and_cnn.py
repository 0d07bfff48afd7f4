"""The first two networks: their layers, how they learn, and that PyTorch gives the same scores."""

import importlib.util

import numpy as np
import pytest

import nnlearn as T
import nnlearn.nn.functional as F
from nnlearn import data, nn, optim
from nnlearn.models import CNN, MLP
from nnlearn.train import accuracy, train


def test_an_mlp_is_its_layers():
    model = MLP([5, 4, 3, 2], nn.Tanh)
    assert [type(layer).__name__ for layer in model] == ["Linear", "Tanh"] * 2 + ["Linear"]
    assert [tuple(p.shape) for p in model.parameters()] == [
        (4, 5),
        (4,),
        (3, 4),
        (3,),
        (2, 3),
        (2,),
    ]
    x = np.ones((7, 5), np.float32)
    hidden = F.tanh(F.linear(x, model[0].weight, model[0].bias))
    hidden = F.tanh(F.linear(hidden, model[2].weight, model[2].bias))
    expected = F.linear(hidden, model[4].weight, model[4].bias)
    np.testing.assert_array_equal(model(x).data, expected.data)
    assert MLP([3, 1])(np.ones((2, 4, 3), np.float32)).shape == (2, 4, 1)
    with pytest.raises(ValueError, match=r"sizes = \[5\] make no layer"):
        MLP([5])


def test_the_same_seed_gives_the_same_weights():
    for make in (lambda rng: MLP([4, 3, 2], rng=rng), lambda rng: CNN(8, rng=rng)):
        one, other = (make(np.random.default_rng(3)).state_dict() for _ in range(2))
        assert all((one[name].data == other[name].data).all() for name in one)


@pytest.mark.parametrize(("size", "side"), [(8, 4), (15, 7), (16, 4), (28, 7), (32, 8), (2, 1)])
def test_a_cnn_fits_its_pictures(size, side):
    model = CNN(size, in_channels=3, classes=5, channels=(2, 4), hidden=6)
    assert model(np.zeros((2, 3, size, size), np.float32)).shape == (2, 5)
    assert model.state_dict()[f"{len(model) - 3}.weight"].shape == (6, 4 * side * side)
    with pytest.raises(ValueError, match="pictures of size 1 cannot be pooled"):
        CNN(size=1)


def test_the_network_for_small_digits_has_the_sizes_it_is_known_by():
    small = CNN(size=8)
    assert sum(p.numel() for p in small.parameters()) == 160 + 4640 + 512 * 64 + 64 + 650
    assert [type(m).__name__ for m in small].count("MaxPool2d") == 1
    assert [type(m).__name__ for m in CNN(size=28)].count("MaxPool2d") == 2


def trained_cnn():
    T.manual_seed(0)
    (x, y), new = data.load_digits()
    pictures = x.reshape(-1, 1, 8, 8)
    model = CNN(size=8)
    loader = data.DataLoader(data.TensorDataset(pictures, y), 64, shuffle=True)
    for _ in train(model, loader, optimizer=optim.Adam(model.parameters(), lr=3e-3), epochs=6):
        pass
    return model.eval(), new[0].reshape(-1, 1, 8, 8), new[1]


def test_a_cnn_learns_digits_and_comes_back_from_its_file(tmp_path):
    model, pictures, y = trained_cnn()
    scores = model(pictures)
    assert accuracy(scores, y) >= 0.9
    T.save(model.state_dict(), tmp_path / "digits.safetensors")
    again = CNN(size=8)
    again.load_state_dict(T.load(tmp_path / "digits.safetensors"))
    np.testing.assert_array_equal(again(pictures).data, scores.data)


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="PyTorch is not installed")
def test_pytorch_reads_a_trained_cnn_and_gives_the_same_scores(tmp_path):
    import torch
    from safetensors.torch import load_file, save_file

    model, pictures, y = trained_cnn()
    T.save(model.state_dict(), tmp_path / "ours.safetensors")
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(512, 64),
        torch.nn.ReLU(),
        torch.nn.Linear(64, 10),
    )
    theirs.load_state_dict(load_file(tmp_path / "ours.safetensors"))
    with torch.no_grad():
        scores = theirs(torch.from_numpy(pictures)).numpy()
    np.testing.assert_allclose(scores, model(pictures).data, rtol=1e-5, atol=1e-5)
    assert accuracy(scores, y) >= 0.9
    for p in theirs.parameters():  # and the way back, from other weights
        p.data *= 0.9
    save_file(theirs.state_dict(), tmp_path / "theirs.safetensors")
    model.load_state_dict(T.load(tmp_path / "theirs.safetensors"))
    with torch.no_grad():
        scores = theirs(torch.from_numpy(pictures)).numpy()
    np.testing.assert_allclose(scores, model(pictures).data, rtol=1e-5, atol=1e-5)
