"""Losses as modules. The rules are in ops/losses.py.

Lessons: 00.
"""

from typing import Any

from nnlearn import ops
from nnlearn.nn.module import Module


class _Loss(Module):
    """What the losses share: the reduction over samples."""

    def __init__(self, *, reduction: str = "mean") -> None:
        self.reduction = reduction


class MSELoss(_Loss):
    """Mean squared error."""

    def forward(self, input: Any, target: Any) -> Any:
        return ops.mse_loss(input, target, reduction=self.reduction)


class CrossEntropyLoss(_Loss):
    """Cross-entropy of scores (N, K) and class numbers (N,)."""

    def forward(self, input: Any, target: Any) -> Any:
        return ops.cross_entropy(input, target, reduction=self.reduction)
