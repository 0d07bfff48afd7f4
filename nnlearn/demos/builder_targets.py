"""The curves to build: a wave, steps, a tent, a year's temperatures, or one drawn by hand.

A network is judged on the range from -1 to 1. Every curve goes on outside it, so that what a
network says there can be held against something.

Lessons: 08.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from nnlearn.data.series import load_weather
from nnlearn.demos.controls import DemoError
from nnlearn.demos.numerals import shown

LOW, HIGH, EDGE, TOP = -1.0, 1.0, 1.5, 1.6  # the range; how far x goes; how far y goes
GRID = np.linspace(-EDGE, EDGE, 1201)
INSIDE = np.abs(GRID) <= HIGH + 1e-9
EXAMPLES = 201  # points on the range that training sees
PLACES = np.linspace(-EDGE, EDGE, 121)  # where a drawn curve has its heights
HIGHEST = 1.5  # of a drawn curve
DRAWN = "your own"


@dataclass(frozen=True, eq=False)
class Target:
    """A curve, the words for it, and the lines of a program that compute it as y from x."""

    name: str
    called: str
    at: Callable[[np.ndarray], np.ndarray]
    program: str
    ticks: tuple[tuple[float, str], ...] = ((-1.5, "−1.5"), (-1, "−1"), (0, "0"), (1, "1"),
                                            (1.5, "1.5"))  # fmt: skip
    heights: tuple[tuple[float, str], ...] = ((-1, "−1"), (0, "0"), (1, "1"))
    dated: bool = False  # x is a day of the year, and 0.1 of height 1 °C

    def off(self, error: float) -> str:
        """An error in words."""
        return f"{shown(error)} ({shown(10 * error)} °C)" if self.dated else shown(error)

    def place(self, x: float) -> str:
        """A place in words."""
        if not self.dated:
            return f"x = {shown(x)}"
        day = date(2013, 1, 1) + timedelta(days=min(364, int((x + EDGE) / (2 * EDGE) * 365)))
        return f"x = {shown(x)} ({day.day} {day:%B})"


def _wave(x: np.ndarray) -> np.ndarray:
    return 0.9 * np.sin(np.pi * x)


def _steps(x: np.ndarray) -> np.ndarray:
    return np.asarray(0.3 * sum(np.tanh(25 * (x - c)) for c in (-0.6, 0.05, 0.55)))


CORNERS = ([-1.5, -0.55, 0.12, 0.63, 1.1, 1.3, 1.5], [-0.5, -0.5, 0.9, -0.5, -0.5, 0.9, -0.5])


@cache
def fortnights() -> tuple[list[float], list[float]]:
    """The middle of each fortnight of a year, from -1.5 to 1.5, and (°C - 17) / 10, its mean."""
    highest = load_weather().column("temp_max").astype(np.float64)
    days = np.concatenate([np.arange(366), np.arange(365), np.arange(365), np.arange(365)])
    mean = np.array([highest[days * 26 // 366 == k].mean() for k in range(26)])
    middle = (np.arange(26) + 0.5) / 26 * 3 - 1.5
    return middle.round(3).tolist(), ((mean - 17) / 10).round(3).tolist()


def _joined(name: str, called: str, x: list[float], y: list[float], **more: Any) -> Target:
    """Straight lines between points."""
    program = f"y = np.interp(\n    x, {x},\n    {y},\n)"
    return Target(name, called, lambda at: np.interp(at, x, y), program, **more)


@cache
def named() -> Mapping[str, Target]:
    """The curves that come with the demo."""
    steps = "y = 0.3 * sum(np.tanh(25 * (x - c)) for c in (-0.6, 0.05, 0.55))"
    seasons = ((-1.5, "Jan"), (-1, "March"), (0, "July"), (1, "Nov"), (1.5, "Dec"))
    made = [
        Target("wave", "the wave", _wave, "y = 0.9 * np.sin(np.pi * x)"),
        Target("steps", "the steps", _steps, steps),
        _joined("tent", "the tent", *CORNERS),
        _joined("Seattle weather", "the weather curve", *fortnights(), ticks=seasons,
                heights=((-1, "7 °C"), (0, "17 °C"), (1, "27 °C")), dated=True),
    ]  # fmt: skip
    return {target.name: target for target in made}


NAMES = ("wave", "steps", "tent", "Seattle weather", DRAWN)


def drawn(heights: list[float]) -> Target:
    """A curve through heights at `PLACES`, with straight lines between them."""
    return _joined(DRAWN, "your curve", PLACES.round(4).tolist(), heights)


def own_heights(given: Any) -> list[float]:
    """Heights at `PLACES` from a function of x, or from numbers spread evenly over -1.5 to 1.5.

    >>> own_heights(lambda x: x / 2)[:2], own_heights([0, 1, 0])[60]
    ([-0.75, -0.7375], 1.0)
    """
    try:
        values = given(PLACES) if callable(given) else np.array(given, dtype=np.float64)
        values = np.broadcast_to(np.asarray(values, np.float64), PLACES.shape if callable(given)
                                 else np.shape(values))  # fmt: skip
    except (TypeError, ValueError):
        values = np.empty(0)
    if values.ndim != 1 or not 2 <= len(values) <= 1000 or not np.isfinite(values).all():
        raise DemoError(
            f"target must be one of {', '.join(NAMES[:-1])}, a function of x that takes an array, "
            "or 2 to 1000 finite heights spread evenly from x = -1.5 to 1.5"
        )
    values = np.interp(PLACES, np.linspace(-EDGE, EDGE, len(values)), values)
    return [float(v) for v in np.clip(values, -HIGHEST, HIGHEST).round(4)]


def stroke(heights: list[float], at: np.ndarray) -> list[float]:
    """The heights after a stroke through places (x, y); between two of them it is straight."""
    new = np.array(heights)
    which = np.clip(np.round((at[:, 0] + EDGE) / (PLACES[1] - PLACES[0])), 0, len(PLACES) - 1)
    y = np.clip(at[:, 1], -HIGHEST, HIGHEST)
    new[int(which[0])] = y[0]
    for i, j, a, b in zip(which, which[1:], y, y[1:], strict=False):
        n = int(abs(j - i)) + 1
        new[np.linspace(i, j, n).round().astype(int)] = np.linspace(a, b, n)
        new[int(j)] = b  # a stroke straight up ends where it ends
    return [float(v) for v in new.round(4)]
