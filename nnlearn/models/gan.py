"""A GAN pair: one network draws pictures out of noise, the other tells them from real ones.

Each is the other's teacher. The discriminator's loss is that of any two-class problem; the
generator's is the same with the answer turned round: that what it drew be taken for real.

Lessons: 15.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import nnlearn.nn.functional as F
from nnlearn import nn
from nnlearn.ops import cat, ones_like, zeros_like


class Generator(nn.Module):
    """Noise in, pictures out; with `classes`, of the class that is asked for.

    Parameters
    ----------
    noise : Z, how many random numbers a picture is made from
    pixels : P, 64 for digits of 8 by 8
    classes : K, or 0 to draw whatever comes
    hidden : neurons of each of the two hidden layers

    Example
    -------
    >>> draw = np.random.default_rng(0).standard_normal((5, 16), np.float32)
    >>> Generator(classes=10)(draw, np.array([0, 1, 2, 3, 4])).shape
    (5, 64)

    Source: Goodfellow et al. (2014); with classes: Mirza and Osindero (2014).
    """

    def __init__(
        self,
        noise: int = 16,
        pixels: int = 64,
        classes: int = 0,
        hidden: int = 128,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.classes = classes
        self.layers = nn.Sequential(
            nn.Linear(noise + classes, hidden, rng=rng),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden, rng=rng),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, pixels, rng=rng),
            nn.Sigmoid(),
        )

    def forward(self, noise: Any, labels: Any = None) -> Any:
        """Draw: noise (N, Z) and labels (N,) become pictures (N, P), each pixel in [0, 1]."""
        return self.layers(_with_class(noise, labels, self.classes))


class Discriminator(nn.Module):
    """Pictures in, one score each: above 0 for real.

    Parameters
    ----------
    pixels, classes, hidden : as for Generator

    Source: as for Generator; leaky ReLU: Radford, Metz and Chintala (2016).
    """

    def __init__(
        self,
        pixels: int = 64,
        classes: int = 0,
        hidden: int = 128,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.classes = classes
        self.layers = nn.Sequential(
            nn.Linear(pixels + classes, hidden, rng=rng),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, hidden, rng=rng),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, 1, rng=rng),
        )

    def forward(self, pictures: Any, labels: Any = None) -> Any:
        """Judge: pictures (N, P), said to show labels (N,), get scores (N, 1)."""
        return self.layers(_with_class(pictures, labels, self.classes))


def discriminator_loss(real: Any, drawn: Any) -> Any:
    """What the discriminator wants: the real ones scored as real, the drawn ones as drawn.

    Parameters
    ----------
    real, drawn : its scores, shape (N, 1)
    """
    bce = F.binary_cross_entropy_with_logits
    return bce(real, ones_like(real)) + bce(drawn, zeros_like(drawn))


def generator_loss(drawn: Any) -> Any:
    """What the generator wants: that its pictures be scored as real.

    Not the discriminator's loss with a minus: that is flat where the generator is still bad.
    """
    return F.binary_cross_entropy_with_logits(drawn, ones_like(drawn))


def _with_class(x: Any, labels: Any, classes: int) -> Any:
    """Put the class behind each row, as K numbers of which one is 1."""
    if classes == 0 and labels is None:
        return x
    if classes == 0 or labels is None:
        raise ValueError(
            f"GAN: made for {classes} classes, but labels were {'not ' * (labels is None)}given\n"
            "With classes=K it draws and judges by class: give labels (N,) in 0..K-1, else none."
        )
    which = F.one_hot(np.asarray(labels), classes)  # refuses what is no class
    return cat([x, which.astype(x.dtype)], dim=1)
