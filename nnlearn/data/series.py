"""Measurements in the order of time: share prices, weather, a sensor with faults.

Lessons: 04, 05, 11, 12, 18.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from nnlearn.data.files import installed_file
from nnlearn.random import Rng, generator

WEATHER = Path(__file__).with_name("seattle_weather.csv")  # says where its numbers come from
WEATHER_SHA256 = "cd795fe3eb70feb465716fb5d1710becec6bbf773d399df87db9731020e2d506"


LENGTHS = {"stuck": (5, 11), "spike": (1, 2), "bias": (6, 15), "noise": (5, 11)}  # from, below
KINDS = tuple(LENGTHS)


class Series(NamedTuple):
    """Measurements over time: row t of `values`, shape (T, D), was measured at `time[t]`.

    `names` are the columns, `units` what each is measured in.
    """

    time: np.ndarray
    values: np.ndarray
    names: tuple[str, ...]
    units: tuple[str, ...]

    def column(self, name: str) -> np.ndarray:
        """Return one column by its name: shape (T,)."""
        if name not in self.names:
            raise KeyError(f"there is no column {name!r}; there are {', '.join(self.names)}")
        return self.values[:, self.names.index(name)]


class Readings(NamedTuple):
    """What a sensor said and when, and which of it was wrong: three arrays of shape (T,)."""

    time: np.ndarray
    value: np.ndarray
    fault: np.ndarray


def load_weather() -> Series:
    """Load the weather of Seattle, each day of 2012 to 2015.

    Returns
    -------
    series : 1,461 days; rain in mm, highest and lowest temperature in °C, wind in m/s; float32

    Raises: RuntimeError if the file, which comes with nnlearn, is not as it was.

    Example
    -------
    >>> weather = load_weather()
    >>> weather.values.shape, weather.time[0], weather.column("temp_max")[:2]
    ((1461, 4), np.datetime64('2012-01-01'), array([12.8, 10.6], dtype=float32))

    Source: National Oceanic and Atmospheric Administration (NOAA), public domain; the numbers of
    seattle-weather.csv in vega_datasets 0.9.0. Lesson 18.
    """
    import hashlib

    text = WEATHER.read_text(encoding="utf-8")  # not bytes: git gives other line ends on Windows
    if hashlib.sha256(text.encode()).hexdigest() != WEATHER_SHA256:
        raise RuntimeError(
            f"{WEATHER.name} is not as it was: someone or something has changed it\n"
            "The results in the lessons would not hold for it.\n"
            "Install nnlearn again, or, in a clone: git checkout nnlearn/data/seattle_weather.csv"
        )
    names, *rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    return Series(
        np.array([row[0] for row in rows], "datetime64[D]"),
        np.array([row[1:] for row in rows], np.float64).astype(np.float32),
        tuple(names[1:]),
        ("mm", "°C", "°C", "m/s"),
    )


def load_share_prices() -> Series:
    """Load the price of one share (Google) on 1,047 trading days, August 2004 to October 2008.

    Nobody predicts the next day's price from these numbers better than by repeating today's; a
    model that seems to has been judged wrongly.

    Returns
    -------
    series : open, high, low, close and adj_close (after dividends and splits) in US dollars, and
        volume, the number of shares traded; float32

    Raises: ModuleNotFoundError without matplotlib, which brings the file.

    Example
    -------
    >>> prices = load_share_prices()
    >>> prices.values.shape, prices.time[0], prices.column("close")[:2]
    ((1047, 6), np.datetime64('2004-08-19'), array([100.34, 108.31], dtype=float32))

    Source: matplotlib's sample data, from Yahoo; read where it lies, never copied. Lesson 18.
    """
    path = installed_file(
        "matplotlib",
        "mpl-data/sample_data/goog.npz",
        "400917cf30e6b664f7b0da93d7c745860d3aa9008da8b7f160d2dd12e6a318b1",
    )
    with np.load(path, allow_pickle=False) as file:
        table = file["price_data"]
    names = ("open", "high", "low", "close", "volume", "adj_close")
    values = np.stack([table[name] for name in names], axis=1).astype(np.float32)
    return Series(table["date"], values, names, ("$", "$", "$", "$", "shares", "$"))


def sensor_faults(time: np.ndarray, value: np.ndarray, n: int = 12, *, rng: Rng = None) -> Readings:
    """Break a sensor n times: the readings as a broken sensor would give them, and where it was.

    Four faults, drawn at random: stuck (the same reading for 5 to 10 steps), spike (one reading 9
    to 14 off), bias (6 to 9 off for 6 to 14 steps), noise (readings shaken by 5 for 5 to 10 steps).
    No two touch. The faults are made up, and so is the ease of finding them: a real sensor breaks
    in ways that nobody wrote down.

    Parameters
    ----------
    time, value : shape (T,); the sizes of the faults suit temperatures in °C
    n : how many faults; T of about 30 n gives them room

    Returns
    -------
    readings : time; value, dtype of the value given; fault, bool

    Raises: ValueError if there is no room for n faults.

    Example
    -------
    >>> weather = load_weather()
    >>> readings = sensor_faults(weather.time, weather.column("temp_max"), rng=generator())
    >>> 12 <= readings.fault.sum() <= 12 * 14
    np.True_

    Lesson 18.
    """
    rng = generator(rng)
    value, fault = np.array(value), np.zeros(len(value), bool)
    for _ in range(n):
        kind = KINDS[rng.integers(len(KINDS))]
        length = int(rng.integers(*LENGTHS[kind]))
        room = length + 2  # a healthy reading on either side
        broken = np.cumsum(np.append(False, fault))
        free = np.flatnonzero(broken[room:] == broken[:-room]) + 1
        if len(free) == 0:
            raise ValueError(
                f"sensor_faults: no room for {n} faults in {len(value)} readings\n"
                "Ask for fewer, or give a longer series."
            )
        here = slice(start := int(rng.choice(free)), start + length)
        fault[here] = True
        value[here] = _broken(kind, value[here], rng)
    return Readings(np.array(time), value, fault)


def _broken(kind: str, true: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if kind == "stuck":
        return np.full_like(true, true[0])
    if kind == "noise":
        return (true + rng.normal(0, 5, len(true))).astype(true.dtype)
    low, high = (9, 14) if kind == "spike" else (6, 9)
    return (true + rng.choice([-1, 1]) * rng.uniform(low, high)).astype(true.dtype)
