"""What the loss sculptor says in words: the finding in a sentence, the picture as a table.

Lessons: 04.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlearn.demos.loss_rules import YOURS, Side
from nnlearn.demos.numerals import shown

Named = tuple[str, Side]


def called(name: str) -> str:
    """A loss at the beginning of a sentence."""
    return "your loss" if name == YOURS else name


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def no_number(named: Sequence[Named]) -> str:
    """Which side has no number to show; empty if both have."""
    bad = [(called(name), side) for name, side in named if not side.finite]
    if not bad:
        return ""
    name, side = bad[0]
    where = np.flatnonzero(~np.isfinite(side.each) | ~np.isfinite(side.gradient))
    at = f" at point {where[0] + 1}" if len(where) else ""
    return f"{capital(name)} gives NaN or infinity{at}: that side cannot move. Move the point back."


def who_pulls(named: Sequence[Named]) -> str:
    """For each side the total and the point that pulls hardest."""
    return " ".join(
        f"{capital(called(name))} {shown(side.total)}: {_hardest(np.abs(side.pull))}."
        for name, side in named
    )


def _hardest(pull: np.ndarray) -> str:
    share = 100 * pull.max() / (pull.sum() or 1.0)
    pulling = pull[pull > 0]
    if not len(pulling):
        return "no point pulls"
    if np.ptp(pulling) < 1e-9 * pull.max():
        return "all points pull equally hard"
    return f"point {int(pull.argmax()) + 1} pulls hardest, {share:.0f} % of all pull"


def lines_at_rest(named: Sequence[Named], errors: np.ndarray) -> str:
    """How far each line misses; a far outlier is left out of the count. errors: shape (2, N)."""
    far = errors.min(axis=0)
    k = int(far.argmax())
    rest = np.delete(errors, k, axis=1).mean(axis=1)
    lone = far[k] > 4 * rest.min()
    miss = rest if lone else errors.mean(axis=1)
    first, second = (called(name) for name, _ in named)
    start = f"At rest. Without point {k + 1}, " if lone else "At rest. "
    text = f"{first}'s line misses by {shown(miss[0])} on average, {second}'s by {shown(miss[1])}."
    return start + (text if lone else capital(text))


def same_answers(named: Sequence[Named], was: Sequence[Side], right: int, n: int) -> str:
    """All scores surer, no answer changed: what happened to both losses."""
    first, second = (f"{called(name)} from {shown(old.total)} to {shown(side.total)}"
                     for (name, side), old in zip(named, was, strict=True))  # fmt: skip
    return f"Still {right} of {n} right, but {first}, {second}."


def scores_now(named: Sequence[Named], z: np.ndarray, labels: np.ndarray) -> str:
    """Right answers on each side, and the surest wrong score. z: shape (2, N)."""
    wrong = (z >= 0) != (labels == 1)
    n, right = len(labels), (~wrong).sum(axis=1)
    if np.array_equal(z[0], z[1]):
        sure = np.where(wrong[0], np.abs(z[0]), -1.0)
        k = int(sure.argmax())
        count = f"{right[0]} of {n} right."
        if sure[k] < 0:
            return f"{count} " + who_pulls(named)
        pulls = ", ".join(f"{shown(n * abs(side.pull[k]))} ({called(name)})"
                          for name, side in named)  # fmt: skip
        return f"{count} Point {k + 1} is the surest wrong one; {n} times its pull: {pulls}."
    texts = [f"{called(name)}: {right[i]} of {n} right, loss {shown(side.total)}"
             for i, (name, side) in enumerate(named)]  # fmt: skip
    return capital("; ".join(texts)) + "."


def rows(named: Sequence[Named], wanted: np.ndarray, says: np.ndarray) -> list[dict[str, Any]]:
    """A row per point: the right answer, and for each side what it says, its loss, its pull."""
    table = []
    for k, right in enumerate(wanted):
        row: dict[str, Any] = {"point": k + 1, "y": float(right)}
        for where, (name, side), y_hat in zip(("left", "right"), named, says, strict=True):
            own = f"{where}, {called(name)}"
            row |= {f"ŷ ({own})": float(y_hat[k]), f"loss ({own})": float(side.each[k]),
                    f"pull ({own})": float(side.pull[k])}  # fmt: skip
        table.append(row)
    return table
