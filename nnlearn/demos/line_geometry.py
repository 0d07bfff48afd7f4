"""Where the line w.x + b = 0 lies in a square window, and the arrow that stands on it.

Lessons: 01.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

HALF = 2.0  # a weight vector of this length gets an arrow of half the longest length


@dataclass(frozen=True)
class Window:
    """A square piece of the plane, equal scales on both axes so that a right angle looks right."""

    low: np.ndarray
    span: float

    @classmethod
    def around(cls, X: np.ndarray) -> Window:
        """The square around points, with a quarter of room on every side."""
        low, high = X.min(axis=0), X.max(axis=0)
        span = 1.5 * (float((high - low).max()) or 1.0)
        return cls((low + high - span) / 2, span)

    @property
    def centre(self) -> np.ndarray:
        return self.low + self.span / 2

    def grid(self, n: int) -> np.ndarray:
        """The centres of n x n cells, rows from the top, shape (n*n, 2)."""
        at = self.span * (np.arange(n) + 0.5) / n
        x1, x2 = np.meshgrid(self.low[0] + at, self.low[1] + at[::-1])
        return np.stack([x1.ravel(), x2.ravel()], axis=1)

    def clip(self, point: np.ndarray) -> np.ndarray:
        return np.clip(point, self.low, self.low + self.span)


def foot(window: Window, w: np.ndarray, b: float) -> np.ndarray | None:
    """The point of the line nearest to the middle of the window; None where there is no line."""
    square = float(w @ w)
    if square < 1e-12:
        return None
    return window.centre - (w @ window.centre + b) / square * w


def ends(window: Window, w: np.ndarray, b: float) -> np.ndarray | None:
    """Two far points of the line, shape (2, 2), well outside the window."""
    middle = foot(window, w, b)
    if middle is None:
        return None
    along = np.array([-w[1], w[0]]) / np.hypot(*w) * 2 * window.span
    return np.stack([middle - along, middle + along])


def tip(window: Window, w: np.ndarray, b: float) -> np.ndarray | None:
    """The tip of the arrow: it points to the firing side and grows with the weights."""
    start, size = foot(window, w, b), float(np.hypot(*w))
    if start is None:
        return None
    return start + 0.42 * window.span * size / (size + HALF) * w / size


def line_of_tip(
    window: Window, w: np.ndarray, b: float, point: np.ndarray
) -> tuple[np.ndarray, float]:
    """The weights and bias whose arrow ends at `point`: the inverse of `tip`.

    The line turns about the middle of the window and keeps its distance from it, so the foot, the
    tip and the middle lie on one straight line before and after.
    """
    size = float(np.hypot(*w))
    old = w / size
    away = -(float(w @ window.centre) + b) / size  # of the line, along the arrow
    to_point = point - window.centre
    far = float(np.hypot(*to_point))
    way = to_point / far if far > 1e-9 else old
    if way @ old < 0:
        way, far = -way, -far
    longest = 0.42 * window.span
    share = float(np.clip((far - away) / longest, 0.03, 0.93))
    new = HALF * share / (1 - share) * way
    return new, -float(new @ (window.centre + away * way))
