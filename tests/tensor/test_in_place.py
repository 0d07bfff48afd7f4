"""Writing into tensors: where it is allowed, and what it says where not."""

import copy

import numpy as np
import pytest

import nnlearn as T
from nnlearn.errors import ShapeError


def test_each_writes_into_its_own_memory():
    x = T.zeros(2, 2)
    array = x.data
    for step in (
        lambda: x.fill_(3),
        lambda: x.add_(1),
        lambda: x.add_(T.ones(2), alpha=2),
        lambda: x.sub_(1),
        lambda: x.mul_(2.0),
        lambda: x.div_(4),
        lambda: x.clamp_(0, 2),
        lambda: x.copy_([[1, 2], [3, 4]]),
        lambda: x.masked_fill_(x > 3, 0),
    ):
        assert step() is x and x.data is array and x.dtype == T.float32
    assert x.tolist() == [[1, 2], [3, 0]]
    assert x.zero_().tolist() == [[0, 0], [0, 0]]


def test_draws_in_place():
    rng = np.random.default_rng(0)
    x = T.empty(50, 50).uniform_(2, 3, rng=rng)
    assert 2 <= x.min() and x.max() <= 3
    assert np.isclose(x.normal_(1.0, 0.1, rng=rng).std().item(), 0.1, rtol=0.05)


def test_weights_change_only_where_nothing_is_recorded():
    w = T.zeros(2, requires_grad=True)
    for change in (
        lambda: w.add_(1),
        lambda: w.__setitem__(0, 1),
        lambda: w.uniform_(),
        lambda: w.zero_(),
    ):
        with pytest.raises(RuntimeError, match="cannot be changed in place") as caught:
            change()
        assert len(str(caught.value).splitlines()) <= 4
        with T.no_grad():
            change()
    assert w.requires_grad and w.is_leaf


def test_what_has_a_gradient_is_not_written_into_data():
    out, w = T.zeros(2), T.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match=r"nnlearn\.stack"):
        out[0] = w[0]
    with pytest.raises(RuntimeError, match="in place"):
        out.add_(w)
    out += w  # the name gets a new tensor, which belongs to the graph
    assert out.requires_grad


def test_no_fractions_into_integers():
    x = T.arange(3)
    with pytest.raises(TypeError, match="same_kind"):
        x += 0.5
    x += 1
    assert x.tolist() == [1, 2, 3] and x.dtype == T.int64


def test_values_that_do_not_fit_the_place():
    x = T.zeros(3, 4)
    with pytest.raises(ShapeError, match=r"place = \(4,\)"):
        x[0] = T.zeros(3)
    with pytest.raises(ShapeError, match="does not broadcast"):
        x[0, T.tensor([1, 2])] = T.zeros(3)
    with pytest.raises(IndexError, match="out of bounds"):
        x[3] = 0


def test_copies_stand_alone():
    w = T.ones(2, requires_grad=True)
    (w * 2).sum().backward()
    twin = copy.deepcopy(w)
    with T.no_grad():
        twin.zero_()
    assert w.tolist() == [1, 1] and twin.requires_grad and twin.grad.tolist() == [2, 2]
    y = w.clone()
    y.sum().backward()
    assert w.grad.tolist() == [3, 3]
