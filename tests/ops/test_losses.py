import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlearn as T
from nnlearn import nn, ops
from nnlearn.errors import ShapeError

quick = settings(max_examples=40, deadline=None, database=None)
PAIRS = [ops.mse_loss, ops.l1_loss, ops.huber_loss, ops.smooth_l1_loss]
BINARY = [ops.binary_cross_entropy, ops.binary_cross_entropy_with_logits]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_is_exact_far_out(dtype):
    scores = np.array([[1e4, 0, -1e4], [1e4, 0, -1e4]], dtype)
    target = np.array([0, 2])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert ops.cross_entropy(scores, target, reduction="none").tolist() == [0, 2e4]
        smooth = ops.cross_entropy(scores, target, reduction="none", label_smoothing=0.3)
        assert np.allclose(smooth, [3e3, 2e4 - 3e3])
        assert ops.cross_entropy.rule(scores, target)[1][0](np.ones((), dtype)).tolist() == [
            [0, 0, 0],
            [0.5, 0, -0.5],
        ]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_binary_cross_entropy_is_exact_far_out(dtype):
    x = T.tensor([-1e4, 1e4, -1e4, 1e4], dtype=dtype, requires_grad=True)
    t = T.tensor([0, 1, 1, 0], dtype=dtype)
    loss = ops.binary_cross_entropy_with_logits(x, t, reduction="none")
    assert loss.tolist() == [0, 0, 1e4, 1e4]
    loss.sum().backward()
    assert x.grad.tolist() == [0, 0, -1, 1]
    p = x.sigmoid().detach()
    assert ops.binary_cross_entropy(p, t, reduction="none").tolist() == [0, 0, 100, 100]


@quick
@given(n=st.integers(1, 5), k=st.integers(1, 5), seed=st.integers(0, 99))
def test_cross_entropy_is_its_textbook_form(n, k, seed):
    rng = np.random.default_rng(seed)
    scores, target = rng.normal(size=(n, k)) * 20, rng.integers(0, k, n)
    found = ops.cross_entropy(scores, target)
    assert np.isclose(found, ops.classification.cross_entropy_loops(scores, target))
    assert np.isclose(found, ops.nll_loss(ops.log_softmax(scores, 1), target))


@quick
@given(
    shape=st.sampled_from([(3,), (1, 3), (4, 3), (2, 3, 2), (2, 3, 1, 2)]),
    reduction=st.sampled_from(["mean", "sum", "none"]),
    weighted=st.booleans(),
    smoothing=st.sampled_from([0.0, 0.2]),
    seed=st.integers(0, 99),
)
def test_settings_of_cross_entropy_together(shape, reduction, weighted, smoothing, seed):
    """Class numbers, and the same written as probabilities, one class after the other."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=shape)
    target = np.asarray(rng.integers(0, 3, shape[:1] * (len(shape) > 1) + shape[2:]))
    weight = rng.uniform(0.5, 2, 3) if weighted else None
    found = ops.cross_entropy(
        scores, target, weight=weight, reduction=reduction, label_smoothing=smoothing
    )
    axis = min(1, scores.ndim - 1)
    shares = np.moveaxis(np.eye(3)[target], -1, axis) * (1 - smoothing) + smoothing / 3
    weights = np.ones(3) if weight is None else weight
    shares *= weights.reshape([3 if i == axis else 1 for i in range(scores.ndim)])
    each = -(shares * ops.log_softmax(scores, axis)).sum(axis=axis)
    expected = {"none": each, "sum": each.sum(), "mean": each.sum() / weights[target].sum()}
    assert np.allclose(found, expected[reduction])
    assert T.gradcheck(
        lambda x: ops.cross_entropy(
            x, target, weight=weight, reduction=reduction, label_smoothing=smoothing
        ),
        scores,
    )


def test_what_is_ignored_has_no_gradient_and_does_not_count():
    scores = T.tensor([[0.0, 1.0], [5.0, -1.0], [2.0, 2.0]], requires_grad=True)
    loss = ops.cross_entropy(scores, T.tensor([1, -100, 0]))
    loss.backward()
    assert np.isclose(loss.item(), ops.cross_entropy(scores[::2], T.tensor([1, 0])).item())
    assert scores.grad[1].tolist() == [0, 0]
    with pytest.raises(ShapeError, match="no target is left"):
        ops.cross_entropy(scores, T.full((3,), -100))
    with pytest.raises(ShapeError, match="no target is left"):
        ops.nll_loss(scores, T.tensor([1, 1, 1]), ignore_index=1)
    assert ops.cross_entropy(scores, T.full((3,), -100), reduction="sum").item() == 0


def test_targets_may_be_of_any_integer_type():
    for dtype in (np.uint8, np.int32, np.int64):
        assert np.isclose(ops.cross_entropy(np.zeros((2, 4)), np.array([1, 3], dtype)), np.log(4))


def test_columns_of_scores_may_be_laid_out_in_any_order():
    scores = np.random.default_rng(0).normal(size=(3, 4))
    turned = T.tensor(np.asfortranarray(scores), requires_grad=True)
    straight = T.tensor(scores, requires_grad=True)
    for x in (turned, straight):
        ops.cross_entropy(x, T.tensor([1, 0, 3])).backward()
    assert np.allclose(turned.grad.data, straight.grad.data)


@pytest.mark.parametrize("loss", [ops.cross_entropy, ops.nll_loss])
def test_bad_targets_are_named(loss):
    scores = np.zeros((3, 4))
    with pytest.raises(TypeError, match=r"integer.*\n.*astype\(int\)"):
        loss(scores, np.zeros(3))
    with pytest.raises(TypeError, match="integer"):
        loss(scores, np.array([0, np.nan, 1]))
    with pytest.raises(ValueError, match="from 1 to 4, but there are 4 classes"):
        loss(scores, np.array([1, 2, 4]))
    with pytest.raises(ValueError, match="from -1 to 2"):
        loss(scores, np.array([-1, 2, 0]))
    with pytest.raises(ShapeError, match="N is 3 in input but 2 in target"):
        loss(scores, np.array([0, 1]))
    with pytest.raises(ShapeError, match="target needs 1 axes and has 2"):
        loss(scores, np.zeros((3, 4), int))
    with pytest.raises(ShapeError, match="d1 is 2 in input but 3 in target"):
        loss(np.zeros((3, 4, 2)), np.zeros((3, 3), int))
    with pytest.raises(ShapeError, match="batch is empty"):
        loss(scores[:0], np.zeros(0, int))
    with pytest.raises(ShapeError, match="K is 4 in input but 2 in weight"):
        loss(scores, np.array([0, 1, 2]), weight=np.ones(2))
    with pytest.raises(ValueError, match="'average'"):
        loss(scores, np.array([0, 1, 2]), reduction="average")


@pytest.mark.parametrize("loss", PAIRS + BINARY)
def test_pairs_do_not_broadcast(loss):
    with pytest.raises(ShapeError, match=r"target.reshape\(input.shape\)"):
        loss(np.zeros((4, 1)), np.zeros(4))
    with pytest.raises(ShapeError, match="empty"):
        loss(np.zeros(0), np.zeros(0))
    with pytest.raises(TypeError, match=r"target.float\(\)"):
        loss(T.zeros(2), T.tensor([0, 1]))
    with pytest.raises(ValueError, match="'average'"):
        loss(np.zeros(2), np.zeros(2), reduction="average")
    assert np.isfinite(loss(np.full((), 0.5), np.full((), 0.5)))


def test_probabilities_are_asked_for():
    half = np.full(2, 0.5)
    for bad in (np.array([0.2, 1.5]), np.array([-0.1, 0.5]), np.array([np.nan, 0.5])):
        with pytest.raises(ValueError, match="input must lie between 0 and 1"):
            ops.binary_cross_entropy(bad, half)
        with pytest.raises(ValueError, match="target must lie between 0 and 1"):
            ops.binary_cross_entropy(half, bad)


def test_every_message_fits_four_lines():
    scores = np.zeros((3, 4))
    for call in (
        lambda: ops.cross_entropy(scores, np.array([1, 2, 4])),
        lambda: ops.cross_entropy(scores, np.full(3, -100)),
        lambda: ops.cross_entropy(scores, np.zeros(3)),
        lambda: ops.mse_loss(scores, np.zeros(3)),
        lambda: ops.binary_cross_entropy(scores + 2, scores),
    ):
        with pytest.raises((ValueError, TypeError)) as caught:
            call()
        assert len(str(caught.value).splitlines()) <= 4


def test_modules_keep_their_weights_as_buffers():
    loss = nn.CrossEntropyLoss(weight=T.tensor([1.0, 2.0]), label_smoothing=0.1)
    assert list(loss.state_dict()) == ["weight"] and not list(loss.parameters())
    assert loss.double()(T.zeros(1, 2, dtype=T.float64), T.tensor([0])).dtype == T.float64
    assert nn.CrossEntropyLoss().state_dict() == {}
    assert repr(nn.MSELoss()) == "MSELoss()"
    assert repr(nn.L1Loss(reduction="sum")) == "L1Loss(reduction='sum')"


def test_a_row_that_counts_nothing_may_be_infinite():
    scores = T.tensor([[-np.inf, 1.0, 2.0], [-np.inf, 0.0, 1.0]], requires_grad=True)
    for loss in (
        ops.cross_entropy(scores, T.tensor([1, 0]), ignore_index=0),
        ops.nll_loss(ops.log_softmax(scores, dim=1), T.tensor([1, 0]), ignore_index=0),
    ):
        assert np.isclose(loss.item(), np.log(1 + np.e))
    ops.cross_entropy(scores, T.tensor([1, 0]), ignore_index=0).backward()
    assert np.isfinite(scores.grad.data).all()
