"""Adam and AdamW: steps of even size, whatever the size of the gradients.

The rule is `_adam`, at the end. It takes twelve calls of NumPy, and on a small array a call costs
more than its numbers. So the small arrays of a group are laid end to end, as one long vector: for a
network of a few hundred weights a step takes a third of the time.

Lessons: 06, 09.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nnlearn.optim.optimizer import Optimizer
from nnlearn.tensor import Tensor

SMALL = 1 << 14  # numbers in an array: above that, joining costs more than it saves


class Adam(Optimizer):
    """Divide the mean gradient by the root of the mean squared gradient.

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

    decoupled = False  # whether weight decay passes the division by

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        settings = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, settings)
        self._means: dict[tuple[int, ...], tuple] = {}  # the long vectors, by what is in them

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient; a closure computes the loss first."""
        loss = closure() if closure is not None else None
        for group in self.param_groups:
            alike: dict[tuple, list] = {}  # small, of one dtype, with as many steps behind them
            for p in group["params"]:
                if p.grad is not None:
                    if p not in self.state:
                        zeros = {k: np.zeros_like(p.data) for k in ("exp_avg", "exp_avg_sq")}
                        self.state[p] = {"step": 0, **zeros}
                    steps, alone = self.state[p]["step"], id(p) if p.data.size > SMALL else None
                    alike.setdefault((steps, p.data.dtype, alone), []).append(p)
            for (steps, *_), params in alike.items():
                self._move(params, steps + 1, group)
        return loss

    def _move(self, params: list[Tensor], t: int, group: dict) -> None:
        """Take step t with several arrays at once."""
        m, v = self._long_means(params)
        g = _end_to_end([p.grad.data for p in params])  # type: ignore[union-attr]
        decay = group["weight_decay"]
        if decay and not self.decoupled:
            g = g + decay * _end_to_end([p.data for p in params])
        change = _adam(g, m, v, t, group)
        start = 0
        for p in params:
            w, end = p.data, start + p.data.size
            if decay and self.decoupled:
                w *= 1 - group["lr"] * decay
            w -= change[start:end].reshape(w.shape)
            start = end
            self.state[p]["step"] = t
            p.changed()

    def _long_means(self, params: list[Tensor]) -> tuple[np.ndarray, np.ndarray]:
        """Return the running means of all params, end to end; `state` has views of them."""
        key = tuple(map(id, params))
        long, views = self._means.get(key, ((), ()))
        kept = [self.state[p] for p in params]
        if not views or any(s["exp_avg"] is not view for s, view in zip(kept, views, strict=True)):
            ends = np.cumsum([p.data.size for p in params])[:-1]
            long = tuple(
                np.concatenate([s[name].ravel() for s in kept])
                for name in ("exp_avg", "exp_avg_sq")
            )
            for s, p, m, v in zip(kept, params, *(np.split(x, ends) for x in long), strict=True):
                s.update(exp_avg=m.reshape(p.shape), exp_avg_sq=v.reshape(p.shape))
            old = self._means.items()  # what held one of these before is out of date
            self._means = {k: vectors for k, vectors in old if not {*k} & {*key}}
            self._means[key] = long, [s["exp_avg"] for s in kept]
        return long


class AdamW(Adam):
    """Adam whose weight decay passes the division by: first w -= lr * weight_decay * w.

    Parameters
    ----------
    params, lr, betas, eps : as for Adam
    weight_decay : the share of the weights that each step takes away, times lr

    Source: Loshchilov and Hutter (2019).
    """

    decoupled = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)


def _end_to_end(arrays: list[np.ndarray]) -> np.ndarray:
    """Lay arrays end to end; one alone is only seen as a vector."""
    return arrays[0].ravel() if len(arrays) == 1 else np.concatenate([a.ravel() for a in arrays])


def _adam(g: np.ndarray, m: np.ndarray, v: np.ndarray, t: int, group: dict) -> np.ndarray:
    """Bring m and v up to date, and return what is to be taken from the weights.

    In place, in one new array: an array for each product would cost more than the products.
    """
    b1, b2 = group["betas"]
    room = g * (1 - b1)
    m *= b1
    m += room
    room *= g
    room *= (1 - b2) / (1 - b1)
    v *= b2
    v += room
    size = math.sqrt(1 - b2**t)  # the corrections of m and v, as factors of eps and of lr
    np.sqrt(v, out=room)
    room += group["eps"] * size
    np.divide(m, room, out=room)
    room *= group["lr"] * size / (1 - b1**t)
    return room
