"""nnlearn: neural networks from NumPy up, under PyTorch's names.

    import nnlearn as T
    from nnlearn import nn, optim
    import nnlearn.nn.functional as F

Lessons: 00, 01, 04.
"""

import os as _os

import numpy as _np

from nnlearn import data, nn, ops, optim
from nnlearn.errors import ShapeError, unknown_name
from nnlearn.gradcheck import gradcheck
from nnlearn.ops import *  # noqa: F403
from nnlearn.random import manual_seed
from nnlearn.serialization import load, save
from nnlearn.summary import summary
from nnlearn.tensor import Tensor, no_grad
from nnlearn.tensor.dtypes import *  # noqa: F403

# glibc gives each large freed block back to the system, and the next step faults it in again:
# a third of a training step. Freeing one block just under its limit of 32 MiB raises the size from
# which it does so. The block is never touched, so it costs neither time nor memory.
if "CS_GNU_LIBC_VERSION" in getattr(_os, "confstr_names", ()):
    _np.empty((32 << 20) - (1 << 16), _np.uint8)  # made and freed at once

__version__ = "0.1.0"
__all__ = [
    "ShapeError",
    "Tensor",
    "data",
    "gradcheck",
    "load",
    "manual_seed",
    "nn",
    "no_grad",
    "optim",
    "save",
    "summary",
]
__all__ += ops.__all__

__getattr__ = unknown_name("nnlearn")
