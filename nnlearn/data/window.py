"""Windows over a series: what a model sees, what comes next, and a split that never looks ahead.

Lessons: 11, 12, 14, 18.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def windows(series: np.ndarray, length: int, horizon: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Slide a window over a series: every stretch of `length` values, and those that follow it.

        X[i] = series[i : i + length],  y[i] = series[i + length : i + length + horizon]

    Split first, with `time_split`, and slide afterwards: windows cut before the split would carry
    values of the test into the training.

    Parameters
    ----------
    series : shape (T,) or (T, D), in the order of time
    length : values that a model sees
    horizon : values to predict; 0 if there is nothing to predict

    Returns
    -------
    X : shape (N, length) or (N, length, D), N = T - length - horizon + 1, and 0 if T is too short
    y : shape (N, horizon) or (N, horizon, D)

    Both are views of the series that cannot be written to: a million windows cost no memory.

    Example
    -------
    >>> windows(np.array([1, 2, 3, 4, 5]), 2)
    (array([[1, 2],
           [2, 3],
           [3, 4]]), array([[3],
           [4],
           [5]]))

    Lesson 18.
    """
    series = np.asarray(series)
    if series.ndim == 0 or length < 1 or horizon < 0:
        raise ValueError(
            f"windows: length is {length}, horizon {horizon}, series has shape {series.shape}\n"
            "Give a series of shape (T,) or (T, D), a length of 1 or more, a horizon of 0 or more."
        )
    span = length + horizon
    if len(series) < span:  # no window fits
        whole = np.empty((0, span, *series.shape[1:]), series.dtype)
    else:
        view = np.lib.stride_tricks.sliding_window_view(series, span, axis=0)
        whole = np.moveaxis(view, -1, 1)  # (N, D, span) to (N, span, D)
    whole.flags.writeable = False
    return whole[:, :length], whole[:, length:]


def time_split(
    series: np.ndarray, shares: Sequence[float] = (0.7, 0.3), *, gap: int = 0
) -> list[np.ndarray]:
    """Cut a series into parts, one after the other: what is later is never learnt from.

    Parameters
    ----------
    series : shape (T, ...), in the order of time
    shares : the share of each part; they add up to 1
    gap : values left out between two parts, where neighbours are too much alike

    Returns
    -------
    parts : one view of the series for each share

    Example
    -------
    >>> time_split(np.arange(10), (0.6, 0.2, 0.2))
    [array([0, 1, 2, 3, 4, 5]), array([6, 7]), array([8, 9])]

    Lesson 18.
    """
    if abs(sum(shares) - 1) > 1e-9 or min(shares) < 0 or gap < 0:
        raise ValueError(
            f"time_split: the shares {tuple(shares)} add up to {sum(shares):g}, gap is {gap}\n"
            "Shares are 0 or more and add up to 1; the gap is 0 or more."
        )
    ends = np.round(len(series) * np.cumsum(shares)).astype(int).tolist()
    starts = [0, *(end + gap for end in ends[:-1])]
    return [series[start:end] for start, end in zip(starts, ends, strict=True)]
