"""Convolution and pooling."""

from tests.parity.programs.common import draw, start, steps


def gradients_of(module, x):
    """Run a module forward and backward; no output counts like another."""
    x.requires_grad_()
    y = module(x)
    (y * y * y).sum().backward()
    named = dict(module.named_parameters()) if hasattr(module, "named_parameters") else {}
    return {"y": y, "dx": x.grad} | {f"d{name}": p.grad for name, p in named.items()}


def each(T, dtype, modules):
    """Run several modules on their inputs."""
    found = {}
    for i, (module, shape) in enumerate(modules):
        module = start(T, dtype, module) if hasattr(module, "state_dict") else module
        for name, value in gradients_of(module, draw(T, dtype, *shape)).items():
            found[f"{i} {name}"] = value
    return found


def conv2d_options(T, dtype):
    nn = T.nn
    return each(
        T,
        dtype,
        [
            (nn.Conv2d(2, 3, 3), (2, 2, 5, 6)),
            (nn.Conv2d(2, 3, 3, padding=1, bias=False), (2, 2, 5, 4)),
            (nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=(1, 0)), (2, 2, 6, 5)),
            (nn.Conv2d(2, 3, (3, 5), padding="same"), (2, 2, 5, 4)),
            (nn.Conv2d(2, 3, 2, padding="valid", dilation=2), (2, 2, 5, 4)),
            (nn.Conv2d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2), (2, 4, 6, 7)),
            (nn.Conv2d(3, 3, 3, padding=1, groups=3), (3, 5, 4)),
        ],
    )


def conv1d_options(T, dtype):
    nn = T.nn
    return each(
        T,
        dtype,
        [
            (nn.Conv1d(2, 3, 3, stride=2, padding=1), (2, 2, 7)),
            (nn.Conv1d(2, 4, 3, padding="same", dilation=3, groups=2, bias=False), (2, 2, 7)),
            (nn.Conv1d(2, 3, 4), (2, 7)),
        ],
    )


def conv_transpose2d_options(T, dtype):
    nn = T.nn
    return each(
        T,
        dtype,
        [
            (nn.ConvTranspose2d(3, 2, 3), (2, 3, 3, 4)),
            (nn.ConvTranspose2d(3, 2, 4, 2, 1, bias=False), (2, 3, 3, 4)),
            (nn.ConvTranspose2d(4, 6, (3, 2), 2, 1, 1, groups=2), (2, 4, 3, 2)),
            (nn.ConvTranspose2d(2, 2, 2, (1, 3), dilation=2), (2, 3, 3)),
        ],
    )


def pooling_options(T, dtype):
    nn = T.nn
    return each(
        T,
        dtype,
        [
            (nn.MaxPool2d(2), (2, 2, 5, 6)),
            (nn.MaxPool2d(3, 2, 1), (2, 2, 6, 7)),
            (nn.MaxPool2d((2, 3), (2, 1), (0, 1), (2, 1), ceil_mode=True), (2, 7, 6)),
            (nn.AvgPool2d(2), (2, 2, 5, 6)),
            (nn.AvgPool2d(3, 2, 1), (2, 2, 6, 7)),
            (nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False), (2, 6, 6)),
            (nn.AvgPool2d(2, 3, 1, ceil_mode=True), (2, 6, 5)),
            (nn.AdaptiveAvgPool2d(1), (2, 3, 4, 5)),
            (nn.AdaptiveAvgPool2d((3, None)), (2, 3, 5, 4)),
        ],
    )


def pooling_ties(T, dtype):
    F = T.nn.functional
    x = T.tensor([[[[1.0, 1, 0, 2], [1, 1, 2, 0], [0, 0, 0, 3], [0, 0, 3, 3]]]], dtype=dtype)
    x.requires_grad_()
    (F.max_pool2d(x, 2) + F.max_pool2d(x, 3, 1, 1).sum()).sum().backward()
    return {"gradient": x.grad}


def small_cnn(T, dtype):
    nn, F = T.nn, T.nn.functional

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.c1 = nn.Conv2d(1, 4, 3, padding=1)
            self.c2 = nn.Conv2d(4, 6, 3, padding=1)
            self.fc = nn.Linear(6 * 4, 3)

        def forward(self, x):
            x = F.max_pool2d(F.relu(self.c1(x)), 2)
            x = F.max_pool2d(F.relu(self.c2(x)), 2)
            return self.fc(x.flatten(1))

    model = start(T, dtype, Net())
    x, y = draw(T, dtype, 6, 1, 8, 8), T.tensor([0, 1, 2, 0, 1, 2])
    optimizer = T.optim.SGD(model.parameters(), lr=0.05)
    return steps(model, optimizer, lambda: F.cross_entropy(model(x), y))


PROGRAMS = (
    conv2d_options,
    conv1d_options,
    conv_transpose2d_options,
    pooling_options,
    pooling_ties,
    small_cnn,
)
