"""Optimizers, each on the same small classifier."""

from tests.parity.programs.common import draw, start, steps


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


def sgd_dampening(T, dtype):
    return classifier(T, dtype, lambda p: T.optim.SGD(p, 0.05, 0.9, 0.3))


def adagrad(T, dtype):
    return classifier(T, dtype, lambda p: T.optim.Adagrad(p))


def adagrad_settings(T, dtype):
    return classifier(
        T,
        dtype,
        lambda p: T.optim.Adagrad(p, 0.1, 0.2, weight_decay=0.1, initial_accumulator_value=0.5),
    )


def rmsprop(T, dtype):
    return classifier(T, dtype, lambda p: T.optim.RMSprop(p))


def rmsprop_settings(T, dtype):
    return classifier(
        T,
        dtype,
        lambda p: T.optim.RMSprop(
            p, 0.01, 0.9, 1e-3, weight_decay=0.1, momentum=0.5, centered=True
        ),
    )


def adamw(T, dtype):
    return classifier(T, dtype, lambda p: T.optim.AdamW(p, lr=0.01, weight_decay=0.3))


def groups(T, dtype):
    def optimizer(parameters):
        first, *rest = parameters
        return T.optim.SGD([{"params": [first], "lr": 0.2}, {"params": rest}], lr=0.02)

    return classifier(T, dtype, optimizer)


PROGRAMS = (
    sgd,
    sgd_momentum,
    sgd_nesterov,
    adam,
    adam_settings,
    sgd_dampening,
    adagrad,
    adagrad_settings,
    rmsprop,
    rmsprop_settings,
    adamw,
    groups,
)
