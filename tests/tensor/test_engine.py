import copy
import gc
import threading
import weakref

import numpy as np
import pytest

import nnlearn as T
from nnlearn.tensor import Tensor, jointly, primitive


def leaf(*values):
    return T.tensor(values, requires_grad=True)


def test_gradients_add_where_paths_meet():
    x = leaf(3.0)
    y = x * x
    (y * y + y).backward()  # x**4 + x**2
    assert x.grad.item() == 4 * 27 + 6


def test_gradients_accumulate_until_they_are_cleared():
    x = leaf(2.0)
    for expected in (4, 8):
        (x * x).backward()
        assert x.grad.item() == expected
    x.grad = None
    (x * x).backward()
    assert x.grad.item() == 4


def test_backward_twice_through_one_graph():
    x = leaf(2.0)
    y = x * x
    z = y * 3
    z.backward(retain_graph=True)
    z.backward()
    assert x.grad.item() == 24
    assert y.grad is None
    with pytest.raises(RuntimeError, match="retain_graph=True"):
        z.backward()


def test_backward_needs_one_number_and_a_graph():
    with pytest.raises(RuntimeError, match=r"shape \(2,\)"):
        (leaf(1.0, 2.0) * 2).backward()
    with pytest.raises(T.ShapeError, match="gradient"):
        (leaf(1.0, 2.0) * 2).backward(np.ones(3))
    with pytest.raises(RuntimeError, match="requires_grad=True"):
        T.tensor(1.0).backward()


def test_backward_from_a_given_gradient():
    x = leaf(1.0, 2.0)
    seed = np.array([1.0, 10.0])
    (x * 3).backward(T.tensor([1.0, 10.0]))
    (x * 3).backward(seed)
    assert x.grad.tolist() == [6, 60]
    assert seed.tolist() == [1, 10]


def test_a_chain_of_100_000():
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1
    y.backward()
    assert x.grad.item() == 1
    assert y.item() == 100_001
    z = x
    for _ in range(100_000):  # freed without ever being walked
        z = z * 1
    del y, z


def test_a_graph_is_freed_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        x = leaf(1.0)
        y = x.exp()
        inner = weakref.ref(y)
        loss = (y.tanh() * y).sum()
        del y
        assert inner() is not None
        loss.backward()  # gives the inner nodes back, though loss itself lives on
        assert inner() is None
        y = x.exp()
        inner = weakref.ref(y)
        loss = y.softmax().sum()
        del y, loss
        assert inner() is None
    finally:
        gc.enable()


def test_a_primitive_of_ones_own_replaces_no_method():
    @primitive
    def relu(z):
        return z * 0, (lambda g: g * 0,)

    assert relu(leaf(3.0)).item() == 0 and leaf(3.0).relu().item() == 3


def test_a_rule_that_writes_to_its_gradient_is_stopped():
    @primitive
    def clip_gradient(a):
        def d_a(g):
            g *= 0
            return g

        return a * 1, (d_a,)

    with pytest.raises(ValueError, match="read-only"):
        clip_gradient(leaf(1.0)).backward()


def test_leaves_never_share_a_gradient():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    (x + y).sum().backward()
    x.grad.data *= 5
    assert x.grad.tolist() == [5, 5] and y.grad.tolist() == [1, 1]
    x = leaf(1.0, 2.0)
    (x + x).sum().backward()
    assert x.grad.tolist() == [2, 2]


def test_no_grad():
    x = leaf(1.0)
    with T.no_grad():
        y = x * 2
        with T.no_grad():
            pass
        assert not (x * 2).requires_grad
    assert not y.requires_grad and (x * 2).requires_grad

    @T.no_grad()
    def predict():
        return x * 2

    assert not predict().requires_grad and not predict().requires_grad
    with pytest.raises(KeyError), T.no_grad():
        raise KeyError
    assert (x * 2).requires_grad


def test_no_grad_in_one_thread_leaves_the_others_alone():
    seen = []
    with T.no_grad():
        thread = threading.Thread(target=lambda: seen.append((leaf(1.0) * 2).requires_grad))
        thread.start()
        thread.join()
    assert seen == [True]


def test_detach_cuts_and_requires_grad_asks():
    x = leaf(2.0)
    (x * x.detach()).backward()
    assert x.grad.item() == 2
    assert x.is_leaf and not (x * 2).is_leaf
    assert T.zeros(2).requires_grad_().requires_grad
    with pytest.raises(TypeError, match="float"):
        T.arange(3).requires_grad_()


def test_dtype_follows_the_tensors():
    single, double, whole = T.ones(2), T.ones(2, dtype=np.float64), T.arange(2)
    assert (single * 2.5).dtype == (2.5 / single).dtype == (single * np.float64(2)).dtype == "f4"
    assert (double * 2).dtype == (double * single).dtype == "f8"
    assert (whole * 2).dtype == "i8"
    assert (whole / 2).dtype == (whole * 0.5).dtype == (whole * single).dtype == "f4"
    assert whole.exp().dtype == "f4" and single.sum().dtype == "f4"
    x = T.ones(2, requires_grad=True)
    (x * np.ones(2)).sum().backward()  # float64 beside it: the gradient has x's own type
    assert x.grad.dtype == "f4"


def test_settings_by_position_arrays_by_name():
    x = T.tensor([[1.0, 2.0], [3.0, 4.0]])
    F = T.nn.functional
    assert np.array_equal(F.softmax(x, 0), F.softmax(x, dim=0))
    assert np.array_equal(F.linear(x, weight=x, bias=x[0]), F.linear(x, x, x[0]))
    w = T.ones(1, 2, requires_grad=True)
    F.linear(x, weight=w).sum().backward()
    assert w.grad.tolist() == [[4, 6]]
    assert x.sum(axis=1, keepdims=True).shape == (2, 1)
    with pytest.raises(TypeError):
        x.sum(colour=1)


def test_in_place_steps():
    w = leaf(1.0, 2.0)
    array = w.data
    with T.no_grad():
        w -= 0.5
        w *= 2
        w += 1
        w /= 2
    assert w.data is array and w.tolist() == [1, 2] and w.requires_grad
    with pytest.raises(RuntimeError, match="no_grad"):
        w -= 1
    y = before = w * 2
    y += 1  # in a forward pass: a new tensor, for the graph remembers the old one
    y.sum().backward()
    assert before.tolist() == [2, 4] and y.tolist() == [3, 5] and w.grad.tolist() == [2, 2]
    with pytest.raises(RuntimeError, match="in place"):
        before.mul_(2)


def test_arrays_and_tensors_mix():
    x = leaf(1.0, 2.0)
    y = np.array([3.0, 4.0], np.float32) * x
    assert isinstance(y, Tensor)
    y.sum().backward()
    assert x.grad.tolist() == [3, 4]
    with pytest.raises(TypeError):
        np.exp(x)  # would lose the graph
    assert np.asarray(x).tolist() == [1, 2] and np.asarray(x, dtype=int).dtype == int


def test_python_protocols():
    x = T.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert len(x) == 2 and [row.tolist() for row in x] == [[1, 2], [3, 4]]
    assert x.size() == (2, 2) and x.size(0) == 2 and x.numel() == 4
    assert float(x[0, 1]) == 2 and int(x[1, 1]) == 4 and bool(x[0, 0] == 1)
    assert f"{x[0, 1]:.2f}" == "2.00" and f"{x}" == str(x)
    assert {x: 1}[x] == 1
    assert copy.deepcopy(x).tolist() == x.tolist()
    with pytest.raises(AttributeError):
        x.grda = 1
    with pytest.raises(ValueError):
        bool(x == 1)


def test_repr():
    assert repr(T.tensor([1.0, 2.5])) == "tensor([1. , 2.5])"
    assert repr(T.zeros(1, requires_grad=True)) == "tensor([0.], requires_grad=True)"
    assert repr(T.zeros(1, dtype=np.float64)) == "tensor([0.], dtype=float64)"


def test_hooks_see_gradients_and_may_change_them():
    x = T.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    seen = []
    handle = y.register_hook(lambda g: seen.append(g.tolist()))
    y.register_hook(lambda g: g * 2)
    (y * y).sum().backward()
    assert seen == [[6, 12]] and x.grad.tolist() == [36, 72]
    handle.remove()
    leaf_hook = x.register_hook(lambda g: g * 0)
    x.grad = None
    (x * 3).sum().backward()
    assert x.grad.tolist() == [0, 0] and len(seen) == 1
    leaf_hook.remove()


def test_retain_grad_keeps_gradients_inside_and_no_memory():
    x = T.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.retain_grad()
    y.sum().backward()
    assert y.grad.tolist() == [1, 1]
    watched = weakref.ref(y)
    gc.disable()
    try:
        del y
        assert watched() is None
    finally:
        gc.enable()


def test_gradients_that_share_their_work_are_computed_once():
    runs = []

    @primitive
    def twice(a, b):
        def backward(g):
            runs.append(1)
            return g * 2, g * 3

        return a + b, jointly(backward, 2)

    a, b = T.ones(2, requires_grad=True), T.ones(2, requires_grad=True)
    y = twice(a, b)
    y.sum().backward(retain_graph=True)
    y.sum().backward()
    assert len(runs) == 2 and a.grad.tolist() == [4, 4] and b.grad.tolist() == [6, 6]


def test_a_number_beside_a_plain_array_follows_its_dtype():
    assert T.add(np.ones(2, np.float32), 0.5).dtype == np.float32
    assert T.relu(0.5) == 0.5


def test_a_weight_that_changed_since_the_forward_pass_is_refused():
    w = T.ones(2, requires_grad=True)
    loss = (w * w).sum()
    with T.no_grad():
        w.mul_(2)
    with pytest.raises(RuntimeError, match=r"changed after it was used\n.*optimizer.step"):
        loss.backward()
    assert w.grad is None
    with pytest.raises(RuntimeError, match=r"x.detach\(\) first"):
        copy.deepcopy(w * 2)


def test_one_number_of_a_vector_is_a_view_and_a_lone_float64_follows():
    x = T.zeros(3)
    x[1].fill_(7)
    assert x.tolist() == [0, 7, 0]
    assert (T.ones(3) - T.tensor(np.float64(1.5))).dtype == T.float32
    assert (T.tensor([1, 0, 1], dtype=T.uint8).sum() - 3).item() == -1
