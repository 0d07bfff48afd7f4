import numpy as np
import pytest

import nnlearn as T
from nnlearn import nn, optim


def weight(*values):
    p = nn.Parameter(np.array(values, np.float32))
    p.grad = T.tensor([1.0] * len(values))
    return p


EVERY = [
    lambda p: optim.SGD(p, lr=0.1),
    lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    lambda p: optim.Adam(p, lr=0.1),
    lambda p: optim.Adam(p, lr=0.1, weight_decay=0.01),
]


@pytest.mark.parametrize("make", EVERY)
def test_steps_in_place_in_float32_and_leave_gradients_alone(make):
    p, still = weight(1.0, 2.0), weight(3.0)
    still.grad, array = None, p.data
    p.grad.data.flags.writeable = False
    optimizer = make([p, still])
    for _ in range(3):
        optimizer.step()
    assert p.data is array and array.dtype == np.float32
    assert (array < [1, 2]).all() and still.tolist() == [3]
    assert p.grad.tolist() == [1, 1]
    optimizer.zero_grad()
    assert p.grad is None


@pytest.mark.parametrize("make", EVERY)
def test_each_finds_the_bottom_of_a_bowl(make):
    p = nn.Parameter([3.0, -2.0])
    optimizer = make([p])
    for _ in range(300):
        optimizer.zero_grad()
        ((p - 1) ** 2).sum().backward()
        optimizer.step()
    assert np.allclose(p.data, 1, atol=0.02)


def test_first_steps_by_hand():
    p = weight(1.0)
    sgd = optim.SGD([p], lr=0.5, momentum=0.5)
    sgd.step()
    sgd.step()
    assert p.tolist() == [1 - 0.5 * 1 - 0.5 * 1.5]
    p = weight(1.0)
    optim.Adam([p], lr=0.25).step()  # the first step has length lr, whatever the gradient
    assert np.isclose(p.data, 0.75)


def test_groups_bring_their_own_settings():
    fast, slow = weight(1.0), weight(1.0)
    optimizer = optim.SGD([{"params": [fast], "lr": 0.5}, {"params": [slow]}], lr=0.25)
    optimizer.step()
    assert fast.tolist() == [0.5] and slow.tolist() == [0.75]
    optimizer.param_groups[1]["lr"] = 0.5
    optimizer.step()
    assert slow.tolist() == [0.25]


def test_errors():
    used_up = nn.Linear(2, 3).parameters()
    list(used_up)
    with pytest.raises(ValueError, match="no parameters"):
        optim.SGD(used_up)
    with pytest.raises(ValueError, match="momentum"):
        optim.SGD([weight(1.0)], nesterov=True)
