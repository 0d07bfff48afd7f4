"""MLP: layers of neurons in a row, each fed with all that the one before it gave.

Lessons: 08.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from nnlearn import nn


class MLP(nn.Sequential):
    """Linear layers with an activation between each two of them.

    Parameters
    ----------
    sizes : inputs, neurons of each hidden layer, outputs; two numbers or more
    activation : makes the module that stands between two layers, such as nn.ReLU or nn.Tanh

    Shapes: x (..., sizes[0]), y (..., sizes[-1]).

    Example
    -------
    >>> MLP([64, 32, 10])
    MLP(
      (0): Linear(in_features=64, out_features=32, bias=True)  # 2,080 parameters
      (1): ReLU()
      (2): Linear(in_features=32, out_features=10, bias=True)  # 330 parameters
    )  # 2,410 parameters

    Source: Rumelhart, Hinton and Williams (1986).
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Callable[[], nn.Module] = nn.ReLU,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if len(sizes) < 2:
            raise ValueError(
                f"MLP: sizes = {list(sizes)} make no layer\n"
                "Give inputs and outputs at least, such as [64, 10]."
            )
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(sizes):
            layers += [nn.Linear(inputs, outputs, rng=rng), activation()]
        super().__init__(*layers[:-1])  # after the last layer come scores, as they are
