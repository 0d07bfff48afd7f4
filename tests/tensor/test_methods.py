import numpy as np
import pytest

import nnlearn as T

A = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (lambda x: x + 1, A + 1),
        (lambda x: 1 + x, A + 1),
        (lambda x: x - 1, A - 1),
        (lambda x: 1 - x, 1 - A),
        (lambda x: 2 * x, 2 * A),
        (lambda x: x / 2, A / 2),
        (lambda x: 2 / x, 2 / A),
        (lambda x: x**2, A**2),
        (lambda x: 2**x, 2**A),
        (lambda x: -abs(x), -np.abs(A)),
        (lambda x: x @ A.T, A @ A.T),
        (lambda x: A.T @ x, A.T @ A),
        (lambda x: x.abs().sqrt().log().exp(), np.sqrt(np.abs(A))),
        (lambda x: x.relu(), np.maximum(A, 0)),
        (lambda x: x.sigmoid(), 1 / (1 + np.exp(-A))),
        (lambda x: x.tanh(), np.tanh(A)),
        (lambda x: x.softmax(dim=0), np.exp(A) / np.exp(A).sum(axis=0)),
        (lambda x: x.log_softmax(dim=1).exp().sum(1), np.ones(2)),
        (lambda x: x.sum(0), A.sum(axis=0)),
        (lambda x: x.mean(dim=1, keepdim=True), A.mean(axis=1, keepdims=True)),
        (lambda x: x.max(), 4),
        (lambda x: x.amax(dim=1), A.max(axis=1)),
        (lambda x: x.argmax(1), [2, 1]),
        (lambda x: x.argmax(), 4),
        (lambda x: x.max(1).values, [3, 4]),
        (lambda x: x.max(1).indices, [2, 1]),
        (lambda x: x.max(0, keepdim=True).values, [[1, 4, 3]]),
        (lambda x: x.reshape(3, 2), A.reshape(3, 2)),
        (lambda x: x.view((-1,)), A.ravel()),
        (lambda x: x.flatten(), A.ravel()),
        (lambda x: x.T, A.T),
        (lambda x: x.transpose(0, 1), A.T),
        (lambda x: x.permute(1, 0), A.T),
        (lambda x: x[1], A[1]),
        (lambda x: x[:, -1], A[:, -1]),
        (lambda x: x[T.tensor([1, 0])], A[[1, 0]]),
        (lambda x: x[T.arange(2), T.tensor([0, 2])], [1, -1]),
        (lambda x: x[x > 0], A[A > 0]),
        (lambda x: x < 1, A < 1),
        (lambda x: x <= 1, A <= 1),
        (lambda x: x >= 1, A >= 1),
        (lambda x: x == 1, A == 1),
        (lambda x: x != 1, A != 1),
        (lambda x: x.long(), A.astype(int)),
    ],
)
def test_values(method, expected):
    assert np.allclose(method(T.tensor(A)).data, expected)


def test_casts_carry_gradients():
    x = T.tensor([1.0, 2.0], requires_grad=True)
    y = x.double() * 2
    assert y.dtype == T.float64
    y.sum().backward()
    assert x.grad.dtype == T.float32 and x.grad.tolist() == [2, 2]
    assert (T.arange(2) == T.arange(2)).float().mean().item() == 1


def test_max_sends_its_gradient_to_the_winner():
    x = T.tensor([[1.0, 3.0], [5.0, 2.0]], requires_grad=True)
    x.max(dim=1).values.sum().backward()
    assert x.grad.tolist() == [[0, 1], [1, 0]]


def test_devices():
    x = T.zeros(2)
    device = T.device("cuda" if T.cuda.is_available() else "cpu")
    assert x.to(device) is x and x.cpu() is x and x.device == device == "cpu"
    assert x.to(device, T.float64).dtype == T.float64 and x.to("float64").dtype == T.float64
    assert x.to(T.zeros(1, dtype=T.int32)).dtype == T.int32
    assert x.to(device=device, dtype=T.bool).dtype == T.bool
    for away in (x.cuda, lambda: x.to("cuda"), lambda: x.to("mps"), lambda: T.device("cuda:1")):
        with pytest.raises(ValueError, match=r"computes on the CPU.*\n.*\n.*PyTorch"):
            away()


def test_names_that_are_not_there():
    x = T.zeros(2)
    with pytest.raises(AttributeError, match=r"Tensor\.half is not part of nnlearn"):
        x.half()
    assert not hasattr(x, "grad_fn")
    with pytest.raises(TypeError, match="float16 is not part of nnlearn"):
        x.to(np.float16)


def test_integers_count_and_index():
    names, place = ["a", "b"], T.tensor(1)
    assert names[place] == "b" and list(range(place)) == [0]
    assert place in T.tensor([0, 1]) and 2 not in T.tensor([0, 1])
    with pytest.raises(TypeError):
        names[T.tensor(1.0)]


def test_axis_and_keepdims_may_be_said_as_in_numpy():
    x = T.tensor(A)
    assert np.array_equal(x.sum(axis=0, keepdims=True), A.sum(axis=0, keepdims=True))


def test_facts():
    x = T.zeros(2, 3)
    assert x.dim() == x.ndim == 2 and x.nelement() == x.numel() == 6 and x.is_floating_point()
    assert x.size() == (2, 3) and x.size(-1) == 3 and len(x) == 2
    assert x.allclose(x + 1e-9) and not x.equal(x + 1)


def test_numpy_shares_what_needs_no_gradient():
    x = T.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match=r"x\.detach\(\)\.numpy\(\)"):
        x.numpy()
    assert x.detach().numpy() is x.data
