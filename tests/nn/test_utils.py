import math

import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn


def with_gradient(*values):
    p = nn.Parameter(np.zeros(len(values), np.float32))
    p.grad = T.tensor(values)
    return p


def test_gradients_are_shortened_together():
    a, b, none = with_gradient(3.0), with_gradient(0.0, 4.0), nn.Parameter([1.0])
    norm = nn.utils.clip_grad_norm_([a, b, none], 1.0)
    assert norm.item() == 5 and none.grad is None
    assert np.allclose(a.grad, 0.6) and np.allclose(b.grad, [0, 0.8])
    assert a.grad.dtype == np.float32


def test_short_gradients_stay_and_shared_ones_are_not_shortened_twice():
    a = with_gradient(0.3)
    nn.utils.clip_grad_norm_(a, 1.0)
    assert a.grad.tolist() == pytest.approx([0.3])
    a, b = with_gradient(3.0), nn.Parameter([0.0])
    b.grad = a.grad
    nn.utils.clip_grad_norm_([a, b], 1.0)
    assert np.allclose(a.grad, 3 / math.sqrt(18)) and np.allclose(b.grad, a.grad)


def test_a_lost_norm_is_not_hidden():
    with pytest.raises(RuntimeError, match="gradients have norm inf"):
        nn.utils.clip_grad_norm_(with_gradient(np.inf), 1.0, error_if_nonfinite=True)
    assert nn.utils.clip_grad_norm_([], 1.0).item() == 0


def test_values_are_cut():
    a = with_gradient(-3.0, 0.1)
    nn.utils.clip_grad_value_(a, 0.5)
    assert np.allclose(a.grad, [-0.5, 0.1])


def test_unknown_names_say_so():
    with pytest.raises(AttributeError, match=r"nn\.utils\.prune is not part of nnlearn"):
        _ = nn.utils.prune


def test_an_infinite_gradient_gives_what_pytorch_gives():
    p = nn.Parameter([1.0, 1.0])
    p.grad = T.tensor([np.inf, 1.0])
    nn.utils.clip_grad_norm_([p], 1.0)
    assert np.array_equal(p.grad, [np.nan, 0.0], equal_nan=True)
