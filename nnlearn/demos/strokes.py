"""A brush on pixels: ink falls off softly at the rim, as a pen on a scanned page.

Lessons: 00, 01.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from nnlearn.demos.controls import DemoError

MOST = 2000  # places in one stroke


def paint_pixels(
    image: np.ndarray, places: Any, *, radius: float = 0.65, erase: bool = False
) -> np.ndarray:
    """A copy of `image`, shape (H, W), values 0 to 1, with a stroke through `places`.

    Parameters
    ----------
    image : shape (H, W)
    places : (row, column) pairs; (0, 0) is the middle of the first pixel, halves are allowed
    radius : of the brush, in pixels
    erase : take ink away instead

    Example
    -------
    >>> paint_pixels(np.zeros((3, 3)), [(1, 1)]).round(2).tolist()
    [[0.0, 0.15, 0.0], [0.15, 1.0, 0.15], [0.0, 0.15, 0.0]]
    """
    at = _joined(places_of(places))
    rows, columns = np.arange(image.shape[0]), np.arange(image.shape[1])
    down, across = rows[:, None, None] - at[:, 0], columns[None, :, None] - at[:, 1]
    away = np.hypot(down, across).min(axis=-1)
    ink = np.clip(radius + 0.5 - away, 0, 1)
    return np.minimum(image, 1 - ink) if erase else np.maximum(image, ink)


def _joined(at: np.ndarray) -> np.ndarray:
    """The same stroke without gaps: a fast pen is seen only here and there."""
    pieces = [at[:1]]
    for start, end in pairwise(at):
        n = int(np.ceil(4 * np.abs(end - start).max())) or 1
        pieces.append(start + (end - start) * np.arange(1, n + 1)[:, None] / n)
    return np.concatenate(pieces)


def places_of(places: Any) -> np.ndarray:
    """The places of a stroke as an array of shape (N, 2), or a clear error."""
    try:
        at = np.array(places, dtype=np.float64)
    except (TypeError, ValueError):
        at = np.empty(0)
    if at.ndim != 2 or at.shape[1] != 2 or not 1 <= len(at) <= MOST or not np.isfinite(at).all():
        raise DemoError(f"a stroke is 1 to {MOST} pairs of numbers")
    return at
