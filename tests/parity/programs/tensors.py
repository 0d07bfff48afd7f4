"""Tensors by themselves: expressions, axes, a fit without nn."""

from tests.parity.programs.common import draw


def by_hand(T, dtype):
    """A line fitted without nn or optim."""
    x, y = draw(T, dtype, 20), draw(T, dtype, 20, seed=3)
    w, b = T.zeros(1, dtype=dtype, requires_grad=True), T.zeros(1, dtype=dtype, requires_grad=True)
    for _ in range(10):
        loss = ((x * w + b - y) ** 2).mean()
        loss.backward()
        with T.no_grad():
            w -= 0.1 * w.grad
            b -= 0.1 * b.grad
        w.grad = b.grad = None
    return {"loss": loss, "w": w, "b": b}


def expressions(T, dtype):
    a = draw(T, dtype, 3, 4).requires_grad_()
    b = (draw(T, dtype, 4, seed=1).abs() + 0.5).requires_grad_()
    c = draw(T, dtype, 2, 4, 3, seed=2).requires_grad_()
    y = 2 - a / b + b**1.5 - (1 / b) * abs(a) + T.exp(-a) * b.log() + b.sqrt()
    z = (y @ c).tanh().softmax(dim=-1) + (c.transpose(1, 2) @ c).mean(dim=1, keepdim=True)
    (z * z).sum().backward()
    return {"y": y, "z": z, "a": a.grad, "b": b.grad, "c": c.grad}


def axes(T, dtype):
    a = draw(T, dtype, 2, 3, 4).requires_grad_()
    values, places = a.max(dim=1)
    parts = [
        values,
        a.sum(dim=(0, 2)),
        a.mean(-1),
        a.amax(dim=2, keepdim=True),
        a.permute(2, 0, 1).reshape(4, -1),
        a.flatten(start_dim=1).view(-1, 6),
        a[1, :, ::2],
        a[:, T.tensor([2, 0, 0])],
        a[a > 0],
        a[0].T,
        a.max(),
    ]
    loss = sum((part**2).sum() * (i + 1) for i, part in enumerate(parts))
    loss.backward()
    named = {f"part {i}": part for i, part in enumerate(parts)}
    return named | {"gradient": a.grad, "places": places, "argmax": a.argmax()}


PROGRAMS = (
    by_hand,
    expressions,
    axes,
)
