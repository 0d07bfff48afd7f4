"""What the lab says: how far train and test are apart, what was changed, what dropout does.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnlearn.demos.numerals import shown
from nnlearn.demos.regularise_data import Points
from nnlearn.demos.regularise_network import DECAY, NONE
from nnlearn.demos.regularise_trace import COLUMNS
from nnlearn.demos.regularise_views import MANY, TEST

NEAR_ZERO = 0.01


def sentence(demo: Any) -> str:
    """The finding now."""
    if demo.now.lost:
        return f"Diverged at epoch {demo.t}: {demo.now.lost}, or go back and try again."
    said = _view(demo)
    return said if said else _course(demo)


def _course(demo: Any) -> str:
    row, t = demo.trace.at(demo.t), demo.t
    train, test = (f"{row[k]:.2f}" for k in ("train accuracy", "test accuracy"))
    if t == 0:
        wrong = len(demo.points.wrong)
        some = f", {wrong} of them with a wrong label" if wrong else ""
        return (f"{len(demo.points.X)} points to learn from{some}; the network has {demo.size:,} "
                f"weights and biases and has learnt nothing yet.")  # fmt: skip
    gap = f"Epoch {t}: train accuracy {train}, test {test}, a gap of {shown_gap(row)}."
    gap += guess_words(row["test accuracy"], demo.points)
    best = demo.best
    if best == t:
        return f"{gap} The validation loss is the lowest so far."
    then, now = demo.trace.at(best)["test"], row["test"]
    way = "risen" if now > then else "fallen"
    return (f"{gap} The validation loss was lowest at epoch {best}; since then the test loss has "
            f"{way} from {shown(then)} to {shown(now)}.")  # fmt: skip


def guess_words(accuracy: float, points: Points) -> str:
    """That the network has learnt nothing of use, where it has not: it may as well have guessed."""
    share, n = points.guessing, len(points.test[1])
    luck = 2 * float(np.sqrt(share * (1 - share) / n))  # twice the spread of so many coins
    if accuracy > share + luck:
        return ""
    return (f" That is no better than guessing: always naming the larger class has {share:.2f} of "
            f"the {n} test points right, and luck alone can add {luck:.2f}.")  # fmt: skip


def shown_gap(row: Mapping[str, float]) -> str:
    """Train accuracy less test accuracy, of the two as they are printed."""
    gap = round(row["train accuracy"], 2) - round(row["test accuracy"], 2)
    return f"{gap:.2f}".replace("-", "−")


def _view(demo: Any) -> str:
    """What the way of predicting shows; empty in test mode."""
    mode, p = demo.settings["mode"], demo.settings["p"]
    if mode == TEST:
        return ""
    if p == 0:
        return "Dropout is off, p = 0: train mode and test mode are the same. Raise p, and train."
    if mode == MANY:
        return (f"The mean of 50 thinned networks and the one whole network in test mode decide "
                f"alike on {100 * demo.agreement:.0f} % of the map.")  # fmt: skip
    test = demo.trace.at(demo.t)["test accuracy"]
    its = demo.shaken
    return (f"Dropout left on: this try has {its['this']:.2f} of the test points right, 10 more "
            f"lie from {its['low']:.2f} to {its['high']:.2f}. In test mode it is {test:.2f}, every "
            "time.")  # fmt: skip


def weights_words(flat: np.ndarray) -> str:
    """How many weights are small, and how many are gone."""
    small, gone = int((np.abs(flat) < NEAR_ZERO).sum()), int((flat == 0).sum())
    return (f"{len(flat):,} weights: {small:,} within {NEAR_ZERO:g} of zero, {gone:,} exactly "
            f"zero; mean size {np.abs(flat).mean():.2g}.")  # fmt: skip


def masks_words(demo: Any) -> str:
    """What the last step dropped."""
    p = demo.trained["p"]
    if demo.now.point is None:
        return "No step yet, so nothing was dropped yet."
    if p == 0:
        return "Dropout was off in the last step: all neurons took part."
    dropped = sum(int((mask == 0).sum()) for mask in demo.now.masks)
    were = "was" if dropped == 1 else "were"
    return (f"In the last step, for the ringed point, {dropped} of {2 * demo.settings['width']} "
            f"neurons {were} dropped; what was kept was multiplied by "
            f"{1 / (1 - p):.3g}.")  # fmt: skip


def penalty_words(demo: Any) -> str:
    """What the weights pay, and where."""
    s, row = demo.settings, demo.trace.at(demo.t)
    if s["penalty"] == NONE:
        return "The weights pay nothing: the steps lower the train loss alone."
    if s["penalty"] == DECAY:
        return (f"No penalty in the loss. Each step multiplies the weights by 1 − lr · λ = "
                f"{1 - s['lr'] * s['lam']:.6g}, then follows the gradient.")  # fmt: skip
    total = row["train"] + row["penalty"]
    return (f"The steps lower {shown(row['train'])} + {shown(row['penalty'])} = {shown(total)}: "
            "the train loss and the penalty. Train and test loss are without it.")  # fmt: skip


def change_words(change: Mapping[str, Any]) -> str:
    """A change on the way: "L2 penalty, λ = 0.01".

    >>> change_words({"p": 0.5, "lr": 0.001})
    'dropout p = 0.5, rate 0.001'
    """
    names = {"penalty": "{}", "lam": "λ = {:g}", "p": "dropout p = {:g}", "lr": "rate {:g}"}
    said = [names[k].format(change[k]) for k in names if k in change]
    return ", ".join(said).replace("none", "no penalty")


def events_words(demo: Any) -> list[dict[str, Any]]:
    """The changes on the way, the last of a long drag for all of it, at most six."""
    told: list[dict[str, Any]] = []
    for when, change in demo.programme.events:
        text = change_words(change)
        if told and when - told[-1]["last"] <= 3 and set(change) == told[-1]["names"]:
            told[-1].update(last=when, text=text)
        else:
            told.append({"epoch": when, "last": when, "names": set(change), "text": text})
    return [{"epoch": e["epoch"], "text": e["text"]} for e in told[-6:]]


def table_rows(demo: Any) -> list[dict[str, Any]]:
    """The course so far, at most about forty epochs, and every epoch that counts."""
    steps = set(np.linspace(0, demo.t, min(demo.t + 1, 36)).round().astype(int).tolist())
    events = dict(demo.programme.events)
    steps |= {demo.best} | {t for t in events if t <= demo.t}
    rows = []
    for t in sorted(steps):
        row = demo.trace.at(t)
        note = "lowest validation loss" if t == demo.best else ""
        if t in events:
            note = "; ".join(filter(None, [note, change_words(events[t])]))
        told = {f"{k} loss": row[k] for k in COLUMNS[:3]} | {"penalty": row["penalty"]}
        told |= {k: row[k] for k in COLUMNS[5:]}
        rows.append({"epoch": t, **told, "note": note})
    return rows
