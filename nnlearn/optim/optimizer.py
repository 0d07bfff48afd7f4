"""What all optimizers share: groups of parameters, and what is remembered of each parameter.

Lessons: 06.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nnlearn.tensor import Tensor


class Optimizer:
    """Groups of parameters, each with its settings, and what is remembered of each parameter.

    Every optimizer writes the new weights into the parameters' own arrays, so that whoever holds
    them sees them.

    Parameters
    ----------
    params : tensors, or groups such as [{"params": layer.parameters(), "lr": 0.1}, ...]
    defaults : settings for groups that do not bring their own
    """

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self.state: dict[Tensor, dict[str, Any]] = {}
        groups = list(params)
        if not groups:
            raise ValueError(
                "optimizer: no parameters to train\n"
                "Usual cause: a generator that was used up before. Write model.parameters() again."
            )
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Train more parameters: {"params": ..., and settings of their own}."""
        params = [group["params"]] if isinstance(group["params"], Tensor) else group["params"]
        group = {**self.defaults, **group, "params": list(params)}
        known = {p for g in self.param_groups for p in g["params"]}
        for p in group["params"]:
            if not isinstance(p, Tensor) or not p.is_leaf:
                raise TypeError(
                    f"optimizer: cannot train {type(p).__name__}; it trains tensors that were "
                    "not computed from others\nGive it model.parameters()."
                )
            if p in known:
                raise ValueError("optimizer: a parameter is in two groups; it would step twice")
            known.add(p)
        for name in self.defaults:
            if name in ("lr", "weight_decay", "eps") and not group[name] >= 0:
                raise ValueError(f"optimizer: {name} must be 0 or more, not {group[name]!r}")
        self.param_groups.append(group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or write zeros: backward adds to what it finds."""
        for p in self._parameters():
            p.grad = None if set_to_none or p.grad is None else Tensor(np.zeros_like(p.data))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient; a closure computes the loss first."""
        loss = closure() if closure is not None else None
        state = self.state
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    if p not in state:
                        state[p] = {}
                    self.update(p.data, p.grad.data, state[p], group)
                    p.changed()
        return loss

    def update(self, w: np.ndarray, g: np.ndarray, state: dict, group: dict) -> None:
        """Change w in place by its gradient g. Every optimizer writes its own."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """Return all that is needed to go on later, parameters by number, as PyTorch has it."""
        numbers = {p: i for i, p in enumerate(self._parameters())}
        groups = [
            {**group, "params": [numbers[p] for p in group["params"]]}
            for group in self.param_groups
        ]
        state = {numbers[p]: _copied(kept, Tensor) for p, kept in self.state.items() if kept}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from what state_dict returned, for the same parameters in the same groups."""
        groups = state_dict["param_groups"]
        have = [len(group["params"]) for group in groups]
        need = [len(group["params"]) for group in self.param_groups]
        if have != need:
            raise ValueError(
                "load_state_dict: the state is of another model\n"
                f"parameters in each group: {have} in the state, {need} here"
            )
        own = self._parameters()
        for number, kept in state_dict["state"].items():
            shapes = {np.shape(value) for value in kept.values()} - {(), own[number].shape}
            if shapes:
                raise ValueError(
                    f"load_state_dict: parameter {number} has shape {own[number].shape}, "
                    f"its state {shapes.pop()}"
                )
        for group, new in zip(self.param_groups, groups, strict=True):
            group.update({k: v for k, v in new.items() if k in group and k != "params"})
        self.state = {
            own[number]: _copied(kept, lambda array: array)
            for number, kept in state_dict["state"].items()
        }

    def _parameters(self) -> list[Tensor]:
        return [p for group in self.param_groups for p in group["params"]]

    def __repr__(self) -> str:
        lines = []
        for i, group in enumerate(self.param_groups):
            count = sum(p.data.size for p in group["params"])
            settings = ", ".join(f"{name}={group[name]}" for name in self.defaults)
            lines.append(f"  ({i}): {settings}  # {count:,} parameters")
        return f"{type(self).__name__}(\n" + "\n".join(lines) + "\n)"


def _copied(kept: dict[str, Any], wrap: Callable[[np.ndarray], Any]) -> dict[str, Any]:
    """Copy what is remembered of one parameter; the step count is a plain number."""
    return {
        name: int(value) if name == "step" else wrap(np.array(value))
        for name, value in kept.items()
    }
