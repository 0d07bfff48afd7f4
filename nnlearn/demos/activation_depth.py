"""Real digits through many random layers with one activation: what arrives, what slope is left.

Lessons: 03.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from nnlearn.data import load_digits
from nnlearn.demos.numerals import round_up
from nnlearn.demos.slot import Function

DIGITS, WIDTH, DEEPEST = 128, 64, 30
SMALL = 0.01  # below this slope an output counts as saturated: a nudge of z hardly shows
BINS = 36
FURTHEST = 10.0  # the axis of the outputs never reaches further; what lies beyond is counted there


@dataclass(frozen=True)
class Layer:
    """What one layer does to 128 digits."""

    mean: float
    spread: float  # standard deviation of all outputs
    slope: float  # root mean square over all neurons and digits
    product: float  # of the slopes from the first layer to this one
    dead: float  # share of neurons whose slope is 0 for every digit
    saturated: float  # share of outputs whose slope is below SMALL


@dataclass(frozen=True)
class Signals:
    """All layers that still hold numbers; `lost` is the first that does not, or 0."""

    layers: tuple[Layer, ...]
    outputs: np.ndarray  # (layers, DIGITS, WIDTH)
    lost: int

    @property
    def product(self) -> float:
        return self.layers[-1].product if self.layers else math.nan

    @cached_property
    def limits(self) -> tuple[float, float, float]:
        """The ends of the axis of outputs and the distance of its marks, from the data."""
        if not self.layers:
            return -1.0, 1.0, 0.5
        ends = np.percentile(self.outputs, [0.5, 99.5], axis=(1, 2))
        low, high = max(-FURTHEST, min(0.0, ends[0].min())), min(FURTHEST, max(0.0, ends[1].max()))
        if high - low < 1e-6:
            high = low + 1e-6
        tick = round_up(max(high - low, 1e-6) / 4)
        return math.floor(low / tick) * tick, math.ceil(high / tick) * tick, tick

    @cached_property
    def histograms(self) -> np.ndarray:
        """For each layer, the share of its outputs in each of BINS, from the lowest.

        Shape (layers, BINS); what lies beyond the limits is counted in the outermost bins.
        """
        low, high, _ = self.limits
        at = np.clip((self.outputs - low) / (high - low) * BINS, 0, BINS - 1).astype(np.int64)
        return np.array([np.bincount(a.ravel(), minlength=BINS) / a.size for a in at]).reshape(
            -1, BINS
        )


def through_depth(fn: Function, depth: int, scale: float, seed: int) -> Signals:
    """Send the digits through `depth` layers of random weights, each followed by `fn`.

    The weights are normal draws times scale / sqrt(fan_in); the biases are 0.
    """
    x, product = standard_digits(), 1.0
    layers, outputs = list[Layer](), list[np.ndarray]()
    with np.errstate(all="ignore"):  # what is lost is said in words
        for draws in weights(seed)[:depth]:
            y, slope = (np.asarray(v, np.float64) for v in fn(x @ (scale * draws).T))
            if not (np.isfinite(y).all() and np.isfinite(slope).all()):
                return Signals(tuple(layers), _stacked(outputs), len(layers) + 1)
            size = float(np.sqrt(np.mean(slope**2)))
            product *= size
            layers.append(
                Layer(float(y.mean()), float(y.std()), size, product,
                      float((slope == 0).all(axis=0).mean()),
                      float((np.abs(slope) < SMALL).mean()))
            )  # fmt: skip
            outputs.append(y)
            x = y
    return Signals(tuple(layers), _stacked(outputs), 0)


@cache
def standard_digits() -> np.ndarray:
    """128 real digits, every pixel with mean 0 and spread 1 (a pixel that never changes: 0)."""
    X = load_digits().train[0][:DIGITS].astype(np.float64)
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1)


@cache
def weights(seed: int) -> np.ndarray:
    """The draws for all layers, divided by the root of the inputs; the same for every depth."""
    rng = np.random.default_rng([seed, 3])
    return rng.standard_normal((DEEPEST, WIDTH, WIDTH)) / math.sqrt(WIDTH)


def _stacked(outputs: list[np.ndarray]) -> np.ndarray:
    return np.array(outputs).reshape(len(outputs), DIGITS, WIDTH)
