"""Schedules of the learning rate, and what else happens around a step."""

from tests.parity.programs.common import draw, start


def _run(T, dtype, make_optimizer, make_schedule, count=13, metric=None):
    """Take steps with a schedule; return every rate, and the weights at the end."""
    model = start(T, dtype, T.nn.Linear(4, 3))
    x, y = draw(T, dtype, 8, 4), draw(T, dtype, 8, 3, seed=2)
    optimizer = make_optimizer(model.parameters())
    schedule = make_schedule(optimizer)
    rates = []
    for i in range(count):
        optimizer.zero_grad()
        T.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        group = optimizer.param_groups[0]
        rates.append([group["lr"], group.get("momentum", group.get("betas", [0.0])[0])])
        schedule.step(*([] if metric is None else [metric[i]]))
    return {"rates": T.tensor(rates, dtype=dtype)} | {
        f"weight {name}": p for name, p in model.named_parameters()
    }


def _sgd(T):
    return lambda p: T.optim.SGD(p, lr=0.1, momentum=0.5)


def step_lr(T, dtype):
    return _run(T, dtype, _sgd(T), lambda o: T.optim.lr_scheduler.StepLR(o, 4, gamma=0.3))


def lambda_lr(T, dtype):
    return _run(
        T, dtype, _sgd(T), lambda o: T.optim.lr_scheduler.LambdaLR(o, lambda e: 1 / (1 + e))
    )


def cosine(T, dtype):
    return _run(
        T, dtype, _sgd(T), lambda o: T.optim.lr_scheduler.CosineAnnealingLR(o, 8, eta_min=0.01)
    )


def one_cycle(T, dtype):
    return _run(
        T, dtype, _sgd(T), lambda o: T.optim.lr_scheduler.OneCycleLR(o, 0.2, total_steps=14)
    )


def one_cycle_adam(T, dtype):
    def schedule(optimizer):
        return T.optim.lr_scheduler.OneCycleLR(
            optimizer, 0.1, epochs=7, steps_per_epoch=2, pct_start=0.5, anneal_strategy="linear"
        )

    return _run(T, dtype, lambda p: T.optim.Adam(p, lr=1.0), schedule)


def plateau(T, dtype):
    metric = [5, 4, 4, 4, 4, 4, 3, 3.0001, 3, 3, 3, 3, 3]

    def schedule(optimizer):
        return T.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=0.5, patience=2, cooldown=1, min_lr=0.03
        )

    return _run(T, dtype, _sgd(T), schedule, metric=metric)


def plateau_max(T, dtype):
    metric = [1, 2, 2, 2.5, 2.5, 2.5, 2.5, 2.5, 2.4, 2.3, 2.2, 2.1, 2.0]

    def schedule(optimizer):
        return T.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, mode="max", patience=1, threshold=0.6, threshold_mode="abs"
        )

    return _run(T, dtype, _sgd(T), schedule, metric=metric)


def clipped(T, dtype):
    model = start(T, dtype, T.nn.Linear(4, 3))
    x = draw(T, dtype, 8, 4) * 10
    result = {}
    for name, limit in (("short", 0.5), ("long", 1e9)):
        model.zero_grad()
        (model(x) ** 2).sum().backward()
        result[f"norm {name}"] = T.nn.utils.clip_grad_norm_(model.parameters(), limit)
        result[f"gradient {name}"] = model.weight.grad * 1
    model.zero_grad()
    (model(x) ** 2).sum().backward()
    result["max norm"] = T.nn.utils.clip_grad_norm_(model.weight, 2.0, norm_type=float("inf"))
    T.nn.utils.clip_grad_value_(model.parameters(), 0.5)
    return result | {"cut": model.weight.grad, "cut bias": model.bias.grad}


def resumed(T, dtype):
    """Two optimizers, the second taking over the state of the first."""
    model = start(T, dtype, T.nn.Linear(4, 3))
    x, y = draw(T, dtype, 8, 4), draw(T, dtype, 8, 3, seed=2)
    state = None
    for _ in range(2):
        optimizer = T.optim.AdamW(model.parameters(), lr=0.05)
        if state is not None:
            optimizer.load_state_dict(state)
        for _ in range(5):
            optimizer.zero_grad()
            T.nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
        state = optimizer.state_dict()
    kept = state["state"][0]
    return {
        "weight": model.weight,
        "mean": kept["exp_avg"],
        "square": kept["exp_avg_sq"],
        "step": T.tensor(int(kept["step"])),
    }


def frozen(T, dtype):
    """A frozen layer does not move; the rest goes on."""
    nn = T.nn
    model = start(T, dtype, nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)))
    model[0].requires_grad_(False)
    optimizer = T.optim.Adam(model.parameters(), lr=0.1)
    x, y = draw(T, dtype, 8, 4), draw(T, dtype, 8, 3, seed=2)
    for _ in range(10):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
    return {name: p for name, p in model.named_parameters()}


PROGRAMS = (
    step_lr,
    lambda_lr,
    cosine,
    one_cycle,
    one_cycle_adam,
    plateau,
    plateau_max,
    clipped,
    resumed,
    frozen,
)
