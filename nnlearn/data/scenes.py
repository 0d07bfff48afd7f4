"""Scenes put together from real digits: find what is where.

Lessons: 16.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nnlearn.data.datasets import load_digits
from nnlearn.random import Rng, generator

INK = 0.15  # a pixel brighter than this belongs to the digit


class Scenes(NamedTuple):
    """Pictures, and for each the boxes around its digits and which digits they are.

    A box is left, top, right, bottom in pixels; right and bottom are just outside.
    """

    pictures: np.ndarray
    boxes: list[np.ndarray]
    labels: list[np.ndarray]


def digit_scenes(n: int, part: str = "train", size: int = 24, *, rng: Rng = None) -> Scenes:
    """Compose scenes: one to three digits, one to three scraps of strokes, and a little noise.

    The digits are real, 8 to 12 pixels high, from the part of `load_digits` that is asked for; how
    they lie is made up. Digits do not overlap; scraps are there to be mistaken for digits.

    Parameters
    ----------
    n : how many scenes
    part : "train" or "test"
    size : height and width of a scene in pixels, 16 or more

    Returns
    -------
    pictures : shape (n, 1, size, size), float32 in [0, 1]
    boxes : n arrays of shape (digits, 4), int64
    labels : n arrays of shape (digits,), int64

    Example
    -------
    >>> pictures, boxes, labels = digit_scenes(5, rng=np.random.default_rng(0))
    >>> pictures.shape, len(boxes[0]) == len(labels[0])
    ((5, 1, 24, 24), True)

    Lesson 16.
    """
    if part not in ("train", "test") or size < 16:
        raise ValueError(
            f"digit_scenes: part is {part!r}, size {size}\n"
            "part is 'train' or 'test'; a scene of 16 pixels or more has room for a digit."
        )
    X, y = getattr(load_digits(), part)
    X, rng = X.reshape(-1, 8, 8), generator(rng)
    pictures = np.zeros((n, 1, size, size), np.float32)
    boxes: list[np.ndarray] = []
    labels: list[np.ndarray] = []
    for scene in pictures[:, 0]:
        for _ in range(rng.integers(1, 4)):
            _add_scrap(scene, X[rng.integers(len(X))], rng)
        here: list[tuple[int, int, int, int]] = []
        which: list[int] = []
        for i in rng.integers(0, len(X), rng.integers(1, 4)):
            digit = _resized(X[i], int(rng.integers(8, 13)))
            if box := _free_place(digit, here, size, rng):
                _draw(scene, digit, box)
                here.append(box)
                which.append(int(y[i]))
        boxes.append(np.array(here, np.int64))
        labels.append(np.array(which, np.int64))
    pictures += rng.normal(0, 0.08, pictures.shape)
    return Scenes(pictures.clip(0, 1), boxes, labels)


def _resized(digit: np.ndarray, size: int) -> np.ndarray:
    """Stretch a digit to size rows, and cut its empty border off."""
    place = np.linspace(0, len(digit) - 1, size)  # where each new pixel lies among the old
    weights = np.maximum(0, 1 - abs(place[:, None] - np.arange(len(digit))))  # linear between two
    large = weights @ digit @ weights.T
    rows, columns = (np.flatnonzero((large > INK).any(axis=axis)) for axis in (1, 0))
    return large[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _free_place(
    digit: np.ndarray,
    taken: list[tuple[int, int, int, int]],
    size: int,
    rng: np.random.Generator,
) -> tuple[int, int, int, int] | None:
    """Find a box for a digit that touches no other; none after 20 tries. The first always fits."""
    height, width = digit.shape
    for _ in range(20):
        x, y = int(rng.integers(size - width + 1)), int(rng.integers(size - height + 1))
        if all(x > r or x + width < l or y > b or y + height < t for l, t, r, b in taken):
            return x, y, x + width, y + height
    return None


def _draw(scene: np.ndarray, piece: np.ndarray, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    place = scene[top:bottom, left:right]
    np.maximum(place, piece, out=place)


def _add_scrap(scene: np.ndarray, digit: np.ndarray, rng: np.random.Generator) -> None:
    """Draw a torn-off piece of a digit, 3 to 5 pixels high and wide."""
    height, width = rng.integers(3, 6, 2).tolist()
    row, column = rng.integers(8 - height + 1), rng.integers(8 - width + 1)
    x, y = int(rng.integers(len(scene) - width + 1)), int(rng.integers(len(scene) - height + 1))
    piece = digit[row : row + height, column : column + width]
    _draw(scene, piece, (x, y, x + width, y + height))
