"""The functions behind the modules, under PyTorch's names. Arrays or Tensors in, the same out.

Lessons: 00, 01.
"""

from nnlearn.errors import unknown_name
from nnlearn.ops import (
    cross_entropy,
    linear,
    log_softmax,
    mse_loss,
    nll_loss,
    relu,
    sigmoid,
    softmax,
    tanh,
)

__all__ = [
    "cross_entropy",
    "linear",
    "log_softmax",
    "mse_loss",
    "nll_loss",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]

__getattr__ = unknown_name("nn.functional")
