"""Networks put together from modules."""

from tests.parity.programs.common import draw, start, steps


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


PROGRAMS = (
    regression,
    own_module,
)
