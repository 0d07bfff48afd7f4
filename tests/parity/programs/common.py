"""What the programs share: numbers to start from, and ten steps that are looked at."""

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
