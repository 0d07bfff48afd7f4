import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn
from nnlearn.nn import functional as F


def test_linear_starts_as_in_pytorch():
    layer = nn.Linear(100, 2000, rng=np.random.default_rng(0))
    for parameter in layer.parameters():
        assert parameter.dtype == T.float32
        assert abs(parameter.data).max() <= 0.1
        assert np.isclose(parameter.data.std(), 0.1 / np.sqrt(3), rtol=0.03)


def test_the_seed_decides():
    first, second, other = (nn.Linear(3, 4, rng=np.random.default_rng(s)) for s in (1, 1, 2))
    assert np.array_equal(first.weight, second.weight)
    assert not np.array_equal(first.weight, other.weight)
    T.manual_seed(1)
    assert np.array_equal(nn.Linear(3, 4).weight, first.weight)


def test_linear_keeps_leading_axes_and_may_lack_a_bias():
    layer = nn.Linear(3, 4, bias=False)
    assert layer.bias is None and [n for n, _ in layer.named_parameters()] == ["weight"]
    assert layer(T.ones(2, 5, 3)).shape == (2, 5, 4) and layer(T.ones(3)).shape == (4,)


@pytest.mark.parametrize(
    ("module", "function"),
    [
        (nn.ReLU(), F.relu),
        (nn.Sigmoid(), F.sigmoid),
        (nn.Tanh(), F.tanh),
        (nn.Softmax(dim=0), lambda x: F.softmax(x, dim=0)),
        (nn.Flatten(0), lambda x: x.flatten()),
        (nn.Unflatten(1, (2, -1)), lambda x: x.reshape(3, 2, 2)),
        (nn.Identity(54, unused=True), lambda x: x),
        (nn.ReLU(inplace=True), F.relu),
        (nn.LeakyReLU(0.2), lambda x: F.leaky_relu(x, 0.2)),
        (nn.ELU(0.5), lambda x: F.elu(x, 0.5)),
        (nn.GELU("tanh"), lambda x: F.gelu(x, approximate="tanh")),
        (nn.SiLU(), F.silu),
        (nn.Softplus(2, 10), lambda x: F.softplus(x, 2, 10)),
        (nn.LogSigmoid(), F.logsigmoid),
        (nn.LogSoftmax(dim=1), lambda x: F.log_softmax(x, dim=1)),
    ],
)
def test_modules_are_their_functions(module, function):
    x = T.randn(3, 4, rng=np.random.default_rng(0))
    assert np.array_equal(module(x), function(x))


def test_losses_are_their_functions():
    scores, target = T.randn(3, 4, rng=np.random.default_rng(0)), T.tensor([0, 3, 1])
    assert nn.CrossEntropyLoss()(scores, target) == F.cross_entropy(scores, target)
    summed = nn.MSELoss(reduction="sum")(scores, scores * 0)
    assert summed == F.mse_loss(scores, scores * 0, reduction="sum")
    target_of_ones = T.ones(3, 4)
    loss = nn.MSELoss()(scores.requires_grad_(), target_of_ones)
    loss.backward()
    assert np.allclose(scores.grad, 2 * (scores.data - 1) / 12)


def test_flatten_keeps_the_samples():
    assert nn.Flatten()(T.ones(2, 3, 4)).shape == (2, 12)
