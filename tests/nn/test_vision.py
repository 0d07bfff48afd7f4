"""Convolution, pooling, normalisation and dropout as modules."""

import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn
from nnlearn.errors import ShapeError
from nnlearn.nn import functional as F


def draw(*shape):
    return T.randn(*shape, rng=np.random.default_rng(shape))


def through_parameters(module, x):
    """Check the gradients of a module's parameters against finite differences."""
    module.double()
    named = dict(module.named_parameters())

    def run(x, *arrays):
        for name, array in zip(named, arrays, strict=True):
            vars(module)[name] = array
        return module(x)

    arrays = [x.data.astype(np.float64), *(p.data.copy() for p in named.values())]
    return T.gradcheck(run, arrays, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.Conv1d(3, 4, 3, stride=2, padding=1, dilation=2), (2, 3, 9)),
        (nn.Conv1d(4, 4, 3, padding="same", groups=2, bias=False), (2, 4, 5)),
        (nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=1), (2, 2, 5, 6)),
        (nn.ConvTranspose2d(3, 2, 4, 2, 1, output_padding=1), (2, 3, 3, 2)),
        (nn.BatchNorm1d(3), (4, 3)),
        (nn.BatchNorm1d(3, momentum=None), (4, 3, 2)),
        (nn.BatchNorm2d(3, affine=False), (2, 3, 2, 2)),
        (nn.BatchNorm2d(3).eval(), (2, 3, 2, 2)),
        (nn.LayerNorm(4), (2, 3, 4)),
        (nn.LayerNorm((3, 4), bias=False), (2, 3, 4)),
    ],
    ids=repr,
)
def test_gradients_through_parameters(module, shape):
    assert through_parameters(module, draw(*shape))


def test_modules_are_their_functions():
    x = draw(2, 4, 6, 6)
    conv = nn.Conv2d(4, 6, 3, 2, 1, groups=2)
    same = F.conv2d(x, conv.weight, conv.bias, stride=2, padding=1, groups=2)
    assert np.array_equal(conv(x), same)
    assert np.array_equal(
        nn.MaxPool2d(3, 2, 1, ceil_mode=True)(x), F.max_pool2d(x, 3, 2, 1, 1, True)
    )
    assert np.array_equal(nn.AvgPool2d(2)(x), F.avg_pool2d(x, 2))
    assert np.allclose(nn.AdaptiveAvgPool2d(1)(x).flatten(1), x.mean((2, 3)))
    assert np.array_equal(nn.LayerNorm(6)(x), F.layer_norm(x, (6,), T.ones(6), T.zeros(6)))


def test_first_weights_are_as_in_pytorch():
    for layer, fan in ((nn.Conv2d(8, 64, 3), 72), (nn.ConvTranspose2d(64, 8, 3), 72)):
        for parameter in layer.parameters():
            assert parameter.dtype == T.float32 and abs(parameter.data).max() <= fan**-0.5
        assert np.isclose(layer.weight.data.std(), (3 * fan) ** -0.5, rtol=0.05)
    first, again = (nn.Conv1d(2, 3, 4, rng=np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(first.weight, again.weight)


def test_what_is_printed_is_what_pytorch_prints():
    def text(module):
        return repr(module).split("  #")[0]

    assert text(nn.Conv2d(2, 4, 3, 2, "same", 1, 2, False)) == (
        "Conv2d(2, 4, kernel_size=(3, 3), stride=(2, 2), padding=same, groups=2, bias=False)"
    )
    assert text(nn.ConvTranspose2d(4, 2, 3, 2, 1, 1)) == (
        "ConvTranspose2d(4, 2, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), "
        "output_padding=(1, 1))"
    )
    assert text(nn.LayerNorm(3)) == "LayerNorm((3,), eps=1e-05, elementwise_affine=True, bias=True)"
    assert text(nn.Dropout(0.2)) == "Dropout(p=0.2, inplace=False)"


def test_batch_norm_remembers_and_then_uses_what_it_saw():
    layer = nn.BatchNorm1d(3)
    assert list(layer.state_dict()) == [
        "weight", "bias", "running_mean", "running_var", "num_batches_tracked",
    ]  # fmt: skip
    x = draw(64, 3) * 2 + 5
    for _ in range(200):
        layer(x)
    assert layer.num_batches_tracked.item() == 200
    layer.eval()
    assert np.allclose(layer(x).data.mean(axis=0), 0, atol=1e-3)
    assert np.allclose(layer(x[:1]).data, layer(x).data[:1])  # one sample alone, too
    assert layer.num_batches_tracked.item() == 200
    copy = nn.BatchNorm1d(3)
    copy.load_state_dict(layer.state_dict())
    assert np.array_equal(copy.eval()(x), layer(x))


def test_batch_norm_without_memory_always_looks_at_the_batch():
    layer, x = nn.BatchNorm2d(2, track_running_stats=False), draw(3, 2, 4, 4) + 7
    assert list(layer.state_dict()) == ["weight", "bias"]
    assert np.array_equal(layer(x), layer.eval()(x))


def test_batch_norm_refuses_other_axes():
    with pytest.raises(ShapeError, match="BatchNorm2d: takes N C H W"):
        nn.BatchNorm2d(3)(T.ones(2, 3))
    with pytest.raises(ShapeError, match="C is 4 in input but 3 in running_mean"):
        nn.BatchNorm1d(3)(T.ones(2, 4))


def test_dropout_only_in_training():
    layer, x = nn.Dropout(0.5, rng=np.random.default_rng(0)), T.ones(100)
    assert sorted(set(layer(x).tolist())) == [0, 2]
    assert np.array_equal(layer.eval()(x), x)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: nn.Conv2d(3, 4, 3, padding_mode="reflect"), "not part of nnlearn"),
        (lambda: nn.Conv2d(3, 4, 3, groups=2), "must divide the 3 channels"),
        (lambda: nn.ConvTranspose2d(3, 4, 3, padding_mode="reflect"), "not part of nnlearn"),
        (lambda: nn.Dropout(0.5, inplace=True)(T.ones(3)), "not part of nnlearn"),
        (lambda: nn.MaxPool2d(2, return_indices=True)(T.ones(1, 2, 2)), "not part of nnlearn"),
    ],
)
def test_what_is_not_there_says_so(make, says):
    with pytest.raises((NotImplementedError, ValueError), match=says):
        make()


def test_inference_keeps_nothing_for_the_way_back():
    layer, x = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2)), T.ones(2, 1, 6, 6)
    with T.no_grad():
        assert layer(x).edges == ()
