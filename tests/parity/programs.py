"""Programs that run unchanged on PyTorch and on nnlearn: T is the one or the other.

Each takes T and a dtype and returns named tensors: outputs, gradients, weights after some steps.
"""

import numpy as np


def draw(T, dtype, *shape, seed=0):
    values = np.random.default_rng([seed, *shape]).standard_normal(shape)
    return T.tensor(values, dtype=dtype)


def start(T, dtype, model):
    """Give a model the same weights in both libraries."""
    model.to(dtype)
    state = model.state_dict()
    model.load_state_dict(
        {name: draw(T, dtype, *state[name].shape, seed=i) / 4 for i, name in enumerate(state)}
    )
    return model


def steps(model, optimizer, loss_of, count=10):
    """Take steps; return the first and the last loss, the last gradients and weights."""
    losses = {}
    for i in range(count):
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        optimizer.step()
        losses["first loss" if i == 0 else "last loss"] = loss
    gradients = {f"gradient {name}": p.grad for name, p in model.named_parameters()}
    return losses | gradients | {f"weight {name}": p for name, p in model.named_parameters()}


def classifier(T, dtype, optimizer):
    nn, F = T.nn, T.nn.functional
    model = start(T, dtype, nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 4)))
    x, y = draw(T, dtype, 12, 6), T.tensor([0, 1, 2, 3] * 3)
    return steps(model, optimizer(model.parameters()), lambda: F.cross_entropy(model(x), y))


def sgd(T, dtype):
    return classifier(T, dtype, lambda p: T.optim.SGD(p, lr=0.1))


def sgd_momentum(T, dtype):
    return classifier(T, dtype, lambda p: T.optim.SGD(p, 0.05, 0.9, weight_decay=0.1))


def sgd_nesterov(T, dtype):
    return classifier(T, dtype, lambda p: T.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True))


def adam(T, dtype):
    return classifier(T, dtype, lambda p: T.optim.Adam(p, lr=0.01))


def adam_settings(T, dtype):
    return classifier(
        T, dtype, lambda p: T.optim.Adam(p, 0.01, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1)
    )


def groups(T, dtype):
    def optimizer(parameters):
        first, *rest = parameters
        return T.optim.SGD([{"params": [first], "lr": 0.2}, {"params": rest}], lr=0.02)

    return classifier(T, dtype, optimizer)


def regression(T, dtype):
    nn = T.nn
    model = start(T, dtype, nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)))
    x, y = draw(T, dtype, 9, 3), draw(T, dtype, 9, 1, seed=5)
    loss_fn = nn.MSELoss()
    optimizer = T.optim.Adam(model.parameters(), lr=0.02)
    return steps(model, optimizer, lambda: loss_fn(model(x), y))


def own_module(T, dtype):
    nn, F = T.nn, T.nn.functional

    class Gated(nn.Module):
        def __init__(self):
            super().__init__()
            self.flatten = nn.Flatten()
            self.inner = nn.Linear(6, 5, bias=False)
            self.gate = nn.Linear(6, 5)
            self.scale = nn.Parameter(T.ones(5))
            self.out = nn.Linear(5, 3)

        def forward(self, x):
            x = self.flatten(x)
            hidden = F.relu(self.inner(x)) * T.sigmoid(self.gate(x)) * self.scale
            return F.log_softmax(self.out(hidden), dim=1)

    model = start(T, dtype, Gated())
    x, y = draw(T, dtype, 7, 2, 3), T.tensor([0, 1, 2, 0, 1, 2, 0])
    optimizer = T.optim.SGD(model.parameters(), lr=0.3)
    result = steps(model, optimizer, lambda: F.nll_loss(model(x), y))
    with T.no_grad():
        output = model(x)
    return result | {"output": output, "answers": output.argmax(dim=1)}


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


def losses(T, dtype):
    F = T.nn.functional
    far = T.tensor([[1e4, 0.0, -1e4], [-1e4, 3.0, 2.0]], dtype=dtype).requires_grad_()
    x = draw(T, dtype, 2, 3).requires_grad_()
    y = T.tensor([2, 1])
    result = {}
    for reduction in ("mean", "sum", "none"):
        result[f"cross_entropy {reduction}"] = F.cross_entropy(far + x, y, reduction=reduction)
        result[f"nll {reduction}"] = F.nll_loss(F.log_softmax(x, dim=1), y, reduction=reduction)
        result[f"mse {reduction}"] = F.mse_loss(x, far.detach() / 1e4, reduction=reduction)
    total = sum(value.sum() for value in result.values())
    (total / 1e4 + far.sigmoid().sum() + T.relu(far).mean()).backward()
    return result | {"far": far.grad, "x": x.grad}


PROGRAMS = {
    f.__name__: f
    for f in (
        sgd,
        sgd_momentum,
        sgd_nesterov,
        adam,
        adam_settings,
        groups,
        regression,
        own_module,
        by_hand,
        expressions,
        axes,
        losses,
    )
}


def results(T):
    """Run every program in both dtypes: {"program/dtype/name": array}."""
    found = {}
    for name, program in PROGRAMS.items():
        for dtype in ("float32", "float64"):
            for key, value in program(T, getattr(T, dtype)).items():
                found[f"{name}/{dtype}/{key}"] = np.asarray(value.detach())
    return found
