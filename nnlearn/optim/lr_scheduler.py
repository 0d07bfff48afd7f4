"""Schedules: the learning rate as a function of the epoch (or of the step, as you call them).

    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)
    for epoch in range(20):
        ...
        scheduler.step()

Lessons: 06.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from nnlearn.errors import unknown_name
from nnlearn.optim.optimizer import Optimizer


class LRScheduler:
    """Sets the rate of group i to `rate(base, epoch, i)`, where base is the rate it began with.

    Parameters
    ----------
    optimizer : whose groups are changed
    last_epoch : the epoch that was done last; -1 begins anew
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer, self.last_epoch = optimizer, last_epoch
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.step()

    def rate(self, base: float, epoch: int, group: int) -> float:
        """Return the learning rate of an epoch, for a group that began with `base`."""
        raise NotImplementedError

    def step(self) -> None:
        """Go on to the next epoch."""
        self.last_epoch += 1
        pairs = zip(self.optimizer.param_groups, self.base_lrs, strict=True)
        for i, (group, base) in enumerate(pairs):
            group["lr"] = self.rate(base, self.last_epoch, i)

    def get_last_lr(self) -> list[float]:
        """Return the rate of each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Return all that is needed to go on later, but for functions and the optimizer."""
        return {k: v for k, v in vars(self).items() if k not in ("optimizer", "lr_lambdas")}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from what state_dict returned."""
        vars(self).update(state_dict)


class StepLR(LRScheduler):
    """Multiply the rate by gamma every step_size epochs: base * gamma**(epoch // step_size)."""

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int, group: int) -> float:
        return base * self.gamma ** (epoch // self.step_size)


class LambdaLR(LRScheduler):
    """Multiply the rate by what your own function says: base * lr_lambda(epoch).

    Parameters
    ----------
    lr_lambda : a function of the epoch, or a list of one for each group
    """

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | list[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        groups = len(optimizer.param_groups)
        self.lr_lambdas = lr_lambda if isinstance(lr_lambda, list) else [lr_lambda] * groups
        if len(self.lr_lambdas) != groups:
            raise ValueError(
                f"LambdaLR: {len(self.lr_lambdas)} functions for {groups} groups\n"
                "Give one function, or one for each group."
            )
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int, group: int) -> float:
        return base * self.lr_lambdas[group](epoch)


class CosineAnnealingLR(LRScheduler):
    """Let the rate fall along half a cosine: eta_min + (base - eta_min) * (1 + cos(pi*t/T_max))/2.

    Source: Loshchilov and Hutter (2017).
    """

    def __init__(
        self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int, group: int) -> float:
        return _cosine(base, self.eta_min, epoch / self.T_max)


class OneCycleLR(LRScheduler):
    """Up from max_lr/div_factor to max_lr, then far down; momentum goes the other way round.

    Call `step()` after every batch.

    Parameters
    ----------
    max_lr : the top, one number or one for each group
    total_steps : steps in all; or give epochs and steps_per_epoch
    pct_start : the share of them that goes up
    anneal_strategy : "cos" or "linear"
    cycle_momentum, base_momentum, max_momentum : momentum (Adam's first beta) falls from
        max_momentum to base_momentum while the rate rises, and comes back
    div_factor, final_div_factor : begins at max_lr/div_factor, ends at that / final_div_factor

    Source: Smith and Topin (2018).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("OneCycleLR: give total_steps, or epochs and steps_per_epoch")
            total_steps = epochs * steps_per_epoch
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f'OneCycleLR: "cos" or "linear", not {anneal_strategy!r}')
        self.total_steps, self.top = total_steps, pct_start * total_steps - 1
        self.anneal_strategy, self.cycle_momentum = anneal_strategy, cycle_momentum
        self.momenta = (max_momentum, base_momentum, max_momentum)
        self.div_factor, self.final_div_factor = div_factor, final_div_factor
        groups = optimizer.param_groups
        tops = max_lr if isinstance(max_lr, list) else [max_lr] * len(groups)
        for group, top in zip(groups, tops, strict=True):
            group["initial_lr"] = top / div_factor
            if cycle_momentum and not {"betas", "momentum"} & group.keys():
                raise ValueError("OneCycleLR: no momentum to cycle; say cycle_momentum=False")
        super().__init__(optimizer)

    def rate(self, base: float, epoch: int, group: int) -> float:
        if epoch > self.total_steps:
            raise ValueError(
                f"OneCycleLR: step {epoch} of {self.total_steps}\n"
                "Usual cause: more batches than were planned. Give a larger total_steps."
            )
        if self.cycle_momentum:
            settings = self.optimizer.param_groups[group]
            momentum = self._along(self.momenta, epoch)
            if "betas" in settings:
                settings["betas"] = (momentum, settings["betas"][1])
            else:
                settings["momentum"] = momentum
        top, last = base * self.div_factor, base / self.final_div_factor
        return self._along((base, top, last), epoch)

    def _along(self, marks: tuple[float, float, float], step: int) -> float:
        """Return the value at a step: from the first mark to the second, then to the third."""
        first, middle, last = marks
        anneal = _cosine if self.anneal_strategy == "cos" else _linear
        if step <= self.top:
            return anneal(first, middle, step / self.top)
        return anneal(middle, last, (step - self.top) / (self.total_steps - 1 - self.top))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _linear(start: float, end: float, share: float) -> float:
    return start + (end - start) * share


class ReduceLROnPlateau:
    """Multiply the rate by `factor` when a metric has not become better for `patience` epochs.

    Call `step(metric)` after each epoch.

    Parameters
    ----------
    mode : "min" if smaller is better, "max" if larger
    threshold, threshold_mode : how much better counts; a share ("rel") or a difference ("abs")
    cooldown : epochs to wait after a reduction
    min_lr, eps : the rate does not fall below min_lr, nor by less than eps
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs") or factor >= 1:
            raise ValueError(
                'ReduceLROnPlateau: mode is "min" or "max", threshold_mode "rel" or "abs", '
                "factor below 1"
            )
        self.optimizer, self.factor, self.patience = optimizer, factor, patience
        self.sign = 1 if mode == "min" else -1
        self.threshold, self.relative = threshold, threshold_mode == "rel"
        self.cooldown, self.min_lr, self.eps = cooldown, min_lr, eps
        self.best, self.num_bad_epochs, self.cooldown_counter = math.inf, 0, 0

    def step(self, metrics: Any) -> None:
        """Look at this epoch's metric."""
        value = self.sign * float(metrics)  # smaller is better, whatever the mode
        share = 1 - self.sign * self.threshold  # of best, as in PyTorch; meant for positive metrics
        if value < (self.best * share if self.relative else self.best - self.threshold):
            self.best, self.num_bad_epochs = value, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            for group in self.optimizer.param_groups:
                lower = max(group["lr"] * self.factor, self.min_lr)
                if group["lr"] - lower > self.eps:
                    group["lr"] = lower
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def get_last_lr(self) -> list[float]:
        """Return the rate of each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Return all that is needed to go on later."""
        return {k: v for k, v in vars(self).items() if k != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from what state_dict returned."""
        vars(self).update(state_dict)


__getattr__ = unknown_name("optim.lr_scheduler")
