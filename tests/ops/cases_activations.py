"""Activations: see cases.py."""

import numpy as np

from nnlearn import ops

z = np.random.default_rng(5).standard_normal((3, 4)) * 2

CASES = {
    "relu inplace": (lambda a: ops.relu(a, inplace=True), [z]),
    "leaky_relu": (ops.leaky_relu, [z]),
    "leaky_relu steep": (lambda a: ops.leaky_relu(a, 1.5), [z]),
    "elu": (ops.elu, [z]),
    "elu alpha": (lambda a: ops.elu(a, alpha=2.5), [z]),
    "gelu": (ops.gelu, [z]),
    "gelu tanh": (lambda a: ops.gelu(a, approximate="tanh"), [z]),
    "silu": (ops.silu, [z]),
    "softplus": (ops.softplus, [z]),
    "softplus sharp": (lambda a: ops.softplus(a, beta=3.0, threshold=4.0), [z]),
    "logsigmoid": (ops.logsigmoid, [z]),
}
