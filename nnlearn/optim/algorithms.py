"""The optimizers that are one short rule: SGD, Adagrad, RMSprop. Adam has a file of its own.

Each is one rule: how an array of weights w changes by its gradient g. What it remembers of an
array is in `state`, under PyTorch's names.

Lessons: 00, 05, 06, 09.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nnlearn.optim.optimizer import Optimizer


class SGD(Optimizer):
    """Step against the gradient: w -= lr * g; with momentum, v = momentum*v + g and w -= lr * v.

    Parameters
    ----------
    params : tensors or groups
    lr : learning rate
    momentum : how much of the last velocity stays
    dampening : how much of the gradient does not enter the velocity
    weight_decay : adds weight_decay * w to the gradient
    nesterov : look ahead, w -= lr * (g + momentum*v)

    Source: Robbins and Monro (1951); Polyak (1964); Sutskever, Martens, Dahl and Hinton (2013).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        if nesterov and (not momentum or dampening):
            raise ValueError(
                "SGD: nesterov looks ahead along the momentum; give momentum=0.9, say\n"
                "It goes with no dampening."
            )
        settings = {"lr": lr, "momentum": momentum, "dampening": dampening}
        settings |= {"weight_decay": weight_decay, "nesterov": nesterov}
        super().__init__(params, settings)

    def update(self, w: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        momentum = group["momentum"]
        if group["weight_decay"]:
            g = g + group["weight_decay"] * w
        if momentum:
            velocity = state.get("momentum_buffer")
            if velocity is None:  # as in PyTorch, the first velocity is the first gradient
                velocity = state["momentum_buffer"] = g.copy()
            else:
                velocity *= momentum
                velocity += (1 - group["dampening"]) * g
            g = g + momentum * velocity if group["nesterov"] else velocity
        w -= group["lr"] * g


class Adagrad(Optimizer):
    """A rate for each weight that shrinks as it moves: s += g*g, w -= lr*g/(sqrt(s)+eps).

    Parameters
    ----------
    params : tensors or groups
    lr : learning rate
    lr_decay : the rate is divided by 1 + lr_decay * (steps so far)
    weight_decay : adds weight_decay * w to the gradient
    initial_accumulator_value : what s begins with
    eps : keeps the division finite

    Source: Duchi, Hazan and Singer (2011).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        settings = {"lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay}
        settings["initial_accumulator_value"] = initial_accumulator_value
        super().__init__(params, settings)

    def update(self, w: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        if not state:
            state.update(step=0, sum=np.full_like(w, group["initial_accumulator_value"]))
        if group["weight_decay"]:
            g = g + group["weight_decay"] * w
        rate = group["lr"] / (1 + group["lr_decay"] * state["step"])
        state["step"] += 1
        state["sum"] += g * g
        w -= rate * g / (np.sqrt(state["sum"]) + group["eps"])


class RMSprop(Optimizer):
    """Divide by the root of a running mean: s = alpha*s + (1-alpha)*g*g, w -= lr*g/(sqrt(s)+eps).

    Parameters
    ----------
    params : tensors or groups
    lr : learning rate
    alpha : how much of the running mean stays
    eps : keeps the division finite
    weight_decay : adds weight_decay * w to the gradient
    momentum : how much of the last step stays
    centered : subtract the squared running mean of g from s, which makes it a variance

    Source: Tieleman and Hinton (2012); Graves (2013).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        settings = {"lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps}
        settings |= {"centered": centered, "weight_decay": weight_decay}
        super().__init__(params, settings)

    def update(self, w: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        alpha = group["alpha"]
        if not state:
            names = ["square_avg"]
            names += ["momentum_buffer"] if group["momentum"] else []
            names += ["grad_avg"] if group["centered"] else []
            state.update(step=0, **{name: np.zeros_like(w) for name in names})
        state["step"] += 1
        if group["weight_decay"]:
            g = g + group["weight_decay"] * w
        square = state["square_avg"]
        square *= alpha
        square += (1 - alpha) * g * g
        if group["centered"]:
            state["grad_avg"] *= alpha
            state["grad_avg"] += (1 - alpha) * g
            square = square - state["grad_avg"] ** 2
        change = g / (np.sqrt(square) + group["eps"])
        if group["momentum"]:
            state["momentum_buffer"] *= group["momentum"]
            state["momentum_buffer"] += change
            change = state["momentum_buffer"]
        w -= group["lr"] * change
