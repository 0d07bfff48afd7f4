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
    lambda p: optim.AdamW(p, lr=0.1, weight_decay=0.01),
    lambda p: optim.RMSprop(p, lr=0.05),
    lambda p: optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
    lambda p: optim.Adagrad(p, lr=0.5),
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
    assert np.allclose(p.data, 1, atol=0.03)


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


@pytest.mark.parametrize("make", EVERY)
def test_state_round_trip_goes_on_as_if_nothing_had_happened(make):
    def run(optimizer, p, steps):
        for _ in range(steps):
            optimizer.zero_grad()
            ((p - 1) ** 2).sum().backward()
            optimizer.step()

    whole, halves = nn.Parameter([3.0, -2.0]), nn.Parameter([3.0, -2.0])
    run(make([whole]), whole, 6)
    first = make([halves])
    run(first, halves, 3)
    state = first.state_dict()
    run(first, halves, 1)  # what was saved must not move with it
    again = nn.Parameter([3.0, -2.0])
    run(make([again]), again, 3)
    second = make([again])
    second.load_state_dict(state)
    run(second, again, 3)
    assert again.tolist() == whole.tolist()


def test_state_dict_is_laid_out_as_in_pytorch():
    p = weight(1.0, 2.0)
    optimizer = optim.Adam([p], lr=0.1)
    optimizer.step()
    state = optimizer.state_dict()
    assert state["param_groups"][0]["params"] == [0] and state["param_groups"][0]["lr"] == 0.1
    assert state["state"][0].keys() == {"step", "exp_avg", "exp_avg_sq"}
    assert isinstance(state["state"][0]["exp_avg"], T.Tensor) and state["state"][0]["step"] == 1


def test_state_of_another_model_is_refused():
    one, two = optim.Adam([weight(1.0)]), optim.Adam([weight(1.0), weight(1.0)])
    one.step()
    with pytest.raises(ValueError, match=r"\[1\] in the state, \[2\] here"):
        two.load_state_dict(one.state_dict())
    with pytest.raises(ValueError, match=r"has shape \(2,\), its state \(1,\)"):
        optim.Adam([weight(1.0, 2.0)]).load_state_dict(one.state_dict())


def test_more_errors():
    p = weight(1.0)
    with pytest.raises(ValueError, match="two groups"):
        optim.SGD([{"params": [p]}, {"params": p}])
    with pytest.raises(TypeError, match=r"model.parameters\(\)"):
        optim.SGD([p * 2])
    with pytest.raises(ValueError, match="lr must be 0 or more, not -1"):
        optim.Adam([p], lr=-1)
    with pytest.raises(AttributeError, match=r"optim\.LBFGS is not part of nnlearn"):
        _ = optim.LBFGS
    with pytest.raises(AttributeError, match=r"lr_scheduler\.CyclicLR is not part of nnlearn"):
        _ = optim.lr_scheduler.CyclicLR
    assert "lr=0.1, momentum=0.0" in repr(optim.SGD([p], lr=0.1))


def test_a_closure_computes_the_loss_first():
    p = nn.Parameter([2.0])
    optimizer = optim.SGD([p], lr=0.5)

    def closure():
        loss = (p * p).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 4 and p.tolist() == [0]


def test_schedules_go_on_from_their_state():
    def rates(schedule, count):
        found = []
        for _ in range(count):
            found += schedule.get_last_lr()
            schedule.step()
        return found

    def make():
        return optim.lr_scheduler.CosineAnnealingLR(optim.SGD([weight(1.0)], lr=1.0), T_max=6)

    whole, first, second = make(), make(), make()
    begun = rates(first, 3)
    second.load_state_dict(first.state_dict())
    second.optimizer.load_state_dict(first.optimizer.state_dict())
    assert begun + rates(second, 4) == rates(whole, 7)


def test_schedule_errors():
    optimizer = optim.SGD([weight(1.0)], lr=1.0)
    schedules = optim.lr_scheduler
    with pytest.raises(ValueError, match="total_steps, or epochs"):
        schedules.OneCycleLR(optimizer, 1.0)
    with pytest.raises(ValueError, match="no momentum to cycle"):
        schedules.OneCycleLR(optim.Adagrad([weight(1.0)]), 1.0, total_steps=4)
    one_cycle = schedules.OneCycleLR(optimizer, 1.0, total_steps=2)
    with pytest.raises(ValueError, match="step 3 of 2"):
        [one_cycle.step() for _ in range(3)]
    with pytest.raises(ValueError, match="2 functions for 1 groups"):
        schedules.LambdaLR(optimizer, [lambda e: 1, lambda e: 2])
    with pytest.raises(ValueError, match="factor below 1"):
        schedules.ReduceLROnPlateau(optimizer, factor=1.5)


def test_adam_keeps_no_vectors_that_are_out_of_date():
    params, rng = [weight(1.0) for _ in range(8)], np.random.default_rng(0)
    optimizer = optim.Adam(params)
    for _ in range(100):  # layers that are left out by chance
        for p in params:
            p.grad = T.ones(1) if rng.random() < 0.5 else None
        optimizer.step()
    assert len(optimizer._means) <= len(params)
