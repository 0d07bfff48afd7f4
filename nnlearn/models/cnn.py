"""CNN: convolutions find strokes and their parts anywhere, then neurons decide, as in LeNet.

Lessons: 10, 16.
"""

from __future__ import annotations

import numpy as np

from nnlearn import nn


class CNN(nn.Sequential):
    """Two convolutions with pooling, two layers of neurons.

    A picture below 16 pixels is pooled once, after both convolutions: it has no more to lose.

    Parameters
    ----------
    size : height and width of the pictures, such as 8 or 28
    in_channels : C, 1 for grey and 3 for colour
    classes : K
    channels : the feature maps of the two convolutions
    hidden : neurons of the layer before the last

    Shapes: x (N, C, size, size), y (N, K), scores.

    Example
    -------
    >>> CNN(size=8)(np.zeros((5, 1, 8, 8), np.float32)).shape
    (5, 10)

    Source: LeCun, Bottou, Bengio and Haffner (1998), with ReLU and the largest of each patch.
    """

    def __init__(
        self,
        size: int = 28,
        in_channels: int = 1,
        classes: int = 10,
        channels: tuple[int, int] = (16, 32),
        hidden: int = 64,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if size < 2:
            raise ValueError(f"CNN: pictures of size {size} cannot be pooled; at least 2 pixels")
        first, second = channels
        small = size < 16
        side = size // 2 if small else size // 2 // 2
        super().__init__(
            nn.Conv2d(in_channels, first, 3, padding=1, rng=rng),
            nn.ReLU(),
            *([] if small else [nn.MaxPool2d(2)]),
            nn.Conv2d(first, second, 3, padding=1, rng=rng),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(second * side * side, hidden, rng=rng),
            nn.ReLU(),
            nn.Linear(hidden, classes, rng=rng),
        )
