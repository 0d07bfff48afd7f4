"""Optimizers: how a step follows from the gradients. Simplest first.

Each writes the new weights into the parameters' own arrays, so that whoever holds them sees them.

Lessons: 00.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from nnlearn.errors import unknown_name
from nnlearn.tensor import Tensor


class Optimizer:
    """Groups of parameters, each with its settings, and what is remembered of each parameter.

    Parameters
    ----------
    params : tensors, or groups such as [{"params": layer.parameters(), "lr": 0.1}, ...]
    defaults : settings for groups that do not bring their own
    """

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        groups = list(params)
        if not groups:
            raise ValueError(
                "optimizer: no parameters to train\n"
                "Usual cause: a generator that was used up before. Write model.parameters() again."
            )
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        self.param_groups = [{**defaults, **g, "params": list(g["params"])} for g in groups]
        self.state: dict[Tensor, dict[str, Any]] = {}

    def zero_grad(self) -> None:
        """Forget the gradients: backward adds to what it finds."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.update(p.data, p.grad.data, self.state.setdefault(p, {}), group)

    def update(self, w: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        """Change w in place by its gradient g. Every optimizer writes its own."""
        raise NotImplementedError


class SGD(Optimizer):
    """Step against the gradient: w -= lr * g; with momentum, v = momentum*v + g and w -= lr * v.

    Parameters
    ----------
    params : tensors or groups
    lr : learning rate
    momentum : how much of the last velocity stays
    weight_decay : adds weight_decay * w to the gradient
    nesterov : look ahead, w -= lr * (g + momentum*v)

    Source: Robbins and Monro (1951); Polyak (1964); Sutskever, Martens, Dahl and Hinton (2013).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        if nesterov and not momentum:
            raise ValueError("SGD: nesterov looks ahead along the momentum; give momentum=0.9, say")
        super().__init__(
            params,
            {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "nesterov": nesterov},
        )

    def update(self, w: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        momentum = group["momentum"]
        if group["weight_decay"]:
            g = g + group["weight_decay"] * w
        if momentum:
            if "v" in state:
                state["v"] *= momentum
                state["v"] += g
            else:  # as in PyTorch, the first velocity is the first gradient
                state["v"] = g.copy()
            g = g + momentum * state["v"] if group["nesterov"] else state["v"]
        w -= group["lr"] * g


class Adam(Optimizer):
    """Steps of even size: the mean gradient divided by the root of the mean squared gradient.

    m = b1*m + (1-b1)*g,  v = b2*v + (1-b2)*g*g,
    w -= lr * (m / (1 - b1**t)) / (sqrt(v / (1 - b2**t)) + eps)

    Parameters
    ----------
    params : tensors or groups
    lr : learning rate
    betas : b1 and b2, how much of the two running means stays
    eps : keeps the division finite
    weight_decay : adds weight_decay * w to the gradient

    Source: Kingma and Ba (2015).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        )

    def update(self, w: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        if not state:
            state.update(t=0, m=np.zeros_like(w), v=np.zeros_like(w), room=np.empty_like(w))
        if group["weight_decay"]:
            g = g + group["weight_decay"] * w
        state["t"] += 1
        (b1, b2), t, m, v, room = group["betas"], state["t"], state["m"], state["v"], state["room"]
        # In place, in one spare array: new arrays for each product would cost more than the sums.
        np.multiply(g, 1 - b1, out=room)
        m *= b1
        m += room
        np.multiply(g, g, out=room)
        room *= 1 - b2
        v *= b2
        v += room
        np.sqrt(v, out=room)
        room /= math.sqrt(1 - b2**t)
        room += group["eps"]
        np.divide(m, room, out=room)
        room *= group["lr"] / (1 - b1**t)
        w -= room


__getattr__ = unknown_name("optim")
