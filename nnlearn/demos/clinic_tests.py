"""The tests that can be ordered for a patient: each one measures that run, and says what it found.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np

from nnlearn import nn
from nnlearn.data import load_digits, pairwise_sq_dist
from nnlearn.demos.clinic_program import CLASSES, Recipe, Run, activations, run
from nnlearn.demos.numerals import plainly, shown
from nnlearn.ops import softmax

SHOWN, BINS, RIM = 10, 24, 0.98
NO_ANSWER = "Its scores are no numbers any more: there is no answer to judge."
Rows = list[tuple[str, Any]]


@dataclass(frozen=True)
class Finding:
    """What a test found: a sentence, its numbers for the picture, and rows for the table."""

    text: str
    rows: Rows
    values: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Test:
    """A test: its name on the button, the title of its picture, what it measures."""

    __test__ = False  # for pytest: this is a test of a patient
    name: str
    title: str
    measure: Callable[[Run], Finding]


def gradients(run_: Run) -> Finding:
    """The size of what backward left in each weight matrix, update by update."""
    sizes, norm = run_.gradients, run(run_.recipe.healthy).gradients[:, :1]
    if run_.lost:
        at = int(np.flatnonzero(~np.isfinite(sizes).all(axis=1))[0])
        text = (
            f"In layers 1, 2, 3 at first {_sizes(sizes[:1])}, one update before the end "
            f"{_sizes(sizes[at - 1 : at])}. From update {at + 1} on they are no numbers."
        )
        drawn = sizes[:at], norm[:at]
    else:
        text = (f"In layers 1, 2, 3 at the start {_sizes(sizes[:10])}; at the end "
                f"{_sizes(sizes[-30:])}. Layer 1 of a healthy run: {_sizes(norm[:10])}, then "
                f"{_sizes(norm[-30:])}.")  # fmt: skip
        drawn = _smooth(sizes), _smooth(norm)
    parts = ("the start", sizes[:10]), ("the end", sizes[-30:])
    rows: Rows = [
        (f"layer {k + 1}, at {name}", _sizes(part[:, k : k + 1]))
        for k in range(3)
        for name, part in parts
    ]
    arrays = {"sizes": drawn[0].astype(np.float32), "norm": drawn[1].astype(np.float32)}
    return Finding(text, rows, {"updates": len(drawn[0]) if run_.lost else len(sizes)}, arrays)


def _sizes(part: np.ndarray) -> str:
    """The middle size of each layer."""
    return ", ".join(plainly(float(v)) for v in np.median(part, axis=0))


def _smooth(sizes: np.ndarray) -> np.ndarray:
    """At most 60 points: the middle of the updates around each."""
    parts = np.array_split(sizes, min(60, len(sizes)))
    return np.array([np.median(part, axis=0) for part in parts])


def units(run_: Run) -> Finding:
    """What the hidden neurons give for the validation digits."""
    layers, rows, counts, edges, said = activations(run_), [], [], [], []
    for k, a in enumerate(layers, 1):
        if not np.isfinite(a).all():
            text = "What the neurons give is no number any more: nothing can be counted."
            return Finding(text, [("hidden layers", "not a number")], {"lost": True}, {})
        its = unit_counts(a)
        rim = isinstance(run_.model[1], nn.Tanh)  # type: ignore[index]
        rows += [(f"layer {k}, neurons", a.shape[1]), (f"layer {k}, dead", its["dead"]),
                 (f"layer {k}, different from each other", its["different"])]  # fmt: skip
        dead = f"{its['dead']} of {a.shape[1]} neurons always 0"
        text = f"layer {k}: {dead}, {its['different']} different"
        if rim:
            rows.append((f"layer {k}, values beyond ±{RIM}", its["rim"]))
            well = unit_counts(activations(run(run_.recipe.healthy))[k - 1])["rim"]
            text += (f", {round(100 * its['rim'])} of 100 values beyond ±{RIM} (a healthy run: "
                     f"{round(100 * well)})")  # fmt: skip
        height, edge = np.histogram(a, BINS)
        counts.append(height / a.size)
        edges.append(edge)
        said.append(text)
    text = "; ".join(said)
    return Finding(text[0].upper() + text[1:] + ".", rows, {"lost": False},
                   {"counts": np.array(counts), "edges": np.array(edges)})  # fmt: skip


def unit_counts(a: np.ndarray) -> dict[str, float]:
    """Of a layer (N, neurons): how many are dead and how many differ; values at the rim."""
    seen = np.unique(np.round(a, 4), axis=1)
    return {"dead": int((a == 0).all(axis=0).sum()), "different": seen.shape[1],
            "rim": float((np.abs(a) > RIM).mean())}  # fmt: skip


def classes(run_: Run) -> Finding:
    """Truth against answer, for the validation digits: rows truth, columns answer."""
    if not _answers(run_):
        return Finding(NO_ANSWER, [("answers", "not a number")], {"lost": True}, {})
    said, truth = run_.twice[0].argmax(axis=1), run_.y_val
    table = np.zeros((CLASSES, CLASSES), np.int32)
    np.add.at(table, (truth, said), 1)
    right = table.diagonal() / table.sum(axis=1)
    worst, most = int(right.argmin()), int(table.sum(axis=0).argmax())
    well = run(run_.recipe.healthy)
    text = (f"Of 100 validation digits {round(100 * run_.claim)} are read right (a healthy run: "
            f"{round(100 * well.claim)}).")  # fmt: skip
    if np.ptp(right) > 0:
        times = round(table[:, most].sum() / max(1, table[most].sum()), 1)
        text += (f" Of the {_the(right.argmax())} {round(100 * right.max())} of 100, of the "
                 f"{_the(worst)} {round(100 * right[worst])}. The answer {most} is given {times} "
                 "times as often as there are such digits.")  # fmt: skip
    rows = [(f"digit {d}, share read right", shown(float(right[d]))) for d in range(CLASSES)]
    return Finding(text, rows, {"lost": False}, {"table": table})


def _answers(run_: Run) -> bool:
    """Are the scores numbers, so that there is an answer to speak of?"""
    return bool(np.isfinite(run_.twice[0]).all())


def _the(digit: Any) -> str:
    return f"{int(digit)}s"


def order(run_: Run) -> Finding:
    """The batches of the last two epochs as they came: their losses, and which digits they hold."""
    kinds, losses = run_.batches, run_.losses[-len(run_.batches) :]
    different = float((kinds > 0).sum(axis=1).mean())
    spread = (f"Its loss lies between {plainly(losses.min())} and {plainly(losses.max())}."
              if np.isfinite(losses).all() else "Its loss is no number.")  # fmt: skip
    text = (f"A batch of these last two epochs holds {different:.1f} different digits on average. "
            f"(Drawn by lot it would hold {by_lot(run_):.1f}.) {spread}")  # fmt: skip
    rows = [(f"batch {i + 1}: loss; digits", f"{shown(loss)}; {_kinds(k)}")
            for i, (loss, k) in enumerate(zip(losses, kinds, strict=True))]  # fmt: skip
    return Finding(text, rows, {}, {"losses": losses, "kinds": kinds.astype(np.int32)})


def by_lot(run_: Run) -> float:
    """How many different digits a batch of this run would hold on average, drawn by lot."""
    n, of_each = len(run_.y), np.bincount(run_.y, minlength=CLASSES)
    sizes = run_.batches.sum(axis=1)
    return float(np.mean([sum(1 - comb(n - int(c), int(k)) / comb(n, int(k)) for c in of_each)
                          for k in sizes]))  # fmt: skip


def _kinds(counts: np.ndarray) -> str:
    return " ".join(str(d) for d in np.flatnonzero(counts))


def look(run_: Run) -> Finding:
    """The training digits with the highest loss, some validation digits, and their pixels."""
    hard, recipe = hardest(run_), run_.recipe
    scanned, truth = (part[recipe.first : recipe.last][hard] for part in load_digits().train)
    pixels = [_range(run_.X), _range(run_.X_val)]
    wrong = int((truth != run_.y[hard]).sum())
    which = f"the {SHOWN} training digits with the highest loss" if _answers(run_) else (
        f"{SHOWN} training digits (their losses are no numbers)")  # fmt: skip
    text = (
        f"Of {which} a careful reader would give {wrong} another label. Pixels in training "
        f"{pixels[0]}; in validation {pixels[1]}."
    )
    rows: Rows = [(f"training digit {i + 1}: label; a careful reader", f"{a}; {b}")
                  for i, (a, b) in enumerate(zip(run_.y[hard], truth, strict=True))]  # fmt: skip
    rows += [("pixels in training", pixels[0]), ("pixels in validation", pixels[1])]
    some = np.arange(SHOWN) * len(run_.X_val) // SHOWN
    values = {"labels": [*run_.y[hard], *run_.y[hard], *run_.y_val[some]], "shown": SHOWN}
    pictures = np.concatenate([scanned, run_.X[hard], run_.X_val[some]]).astype(np.float32)
    return Finding(text, rows, values, {"pictures": pictures})


def _range(X: np.ndarray) -> str:
    mean = plainly(round(float(X.mean()), 2))
    return f"from {plainly(float(X.min()))} to {plainly(float(X.max()))}, mean {mean}"


def hardest(run_: Run) -> np.ndarray:
    """The rows of the training digits with the highest loss, the highest first."""
    with run_.model.evaluating(), np.errstate(all="ignore"):
        p = softmax(np.asarray(run_.model(run_.X)), dim=1)
    own = np.nan_to_num(p[np.arange(len(p)), run_.y])
    return np.argsort(own, kind="stable")[:SHOWN]


def count(run_: Run) -> Finding:
    """How many digits, how many parameters, and how near each validation digit is to training."""
    near = nearest(run_)
    twins = int((near < 1e-3).sum())
    size = sum(p.data.size for p in run_.model.parameters())
    well = len(run(run_.recipe.healthy).X)
    text = (f"{len(run_.X)} training digits for {size:,} weights and biases (a healthy run has "
            f"{well}). Of {len(near)} validation digits {twins} "
            f"{'stands' if twins == 1 else 'stand'} in the training data, pixel for "
            "pixel.")  # fmt: skip
    rows: Rows = [
        ("training digits", len(run_.X)),
        ("weights and biases", size),
        ("validation digits", len(near)),
        ("of these also in training", twins),
    ]
    height, edge = np.histogram(near, BINS, (0, max(2.5, float(near.max()))))
    return Finding(text, rows, {"twins": twins},
                   {"near": height.astype(np.int32), "edges": edge})  # fmt: skip


def nearest(run_: Run) -> np.ndarray:
    """The distance of each validation digit to the nearest training digit."""
    squares = pairwise_sq_dist(run_.X_val.astype(np.float64), run_.X.astype(np.float64))
    return np.sqrt(squares.min(axis=1))


def twice(run_: Run) -> Finding:
    """The validation digits, judged a second time: what changes?"""
    if not _answers(run_):
        return Finding(NO_ANSWER, [("answers", "not a number")], {"lost": True}, {})
    with np.errstate(all="ignore"):
        both = [np.nan_to_num(softmax(s, dim=1)[np.arange(len(s)), run_.y_val])
                for s in run_.twice]  # fmt: skip
    first, second = (scores.argmax(axis=1) for scores in run_.twice)
    changed = int((first != second).sum())
    text = (f"Asked a second time, the same network gives another answer to {changed} of "
            f"{len(first)} validation digits.")  # fmt: skip
    rows: Rows = [("validation digits asked twice", len(first)), ("answers that changed", changed)]
    return Finding(text, rows, {"changed": changed, "lost": False},
                   {"p": np.stack(both).astype(np.float32)})  # fmt: skip


TESTS: Mapping[str, Test] = {
    "gradients": Test("Gradient sizes", "Gradient size of each layer, update by update", gradients),
    "units": Test("Hidden neurons", "What the hidden neurons give, for validation digits", units),
    "classes": Test("Class by class", "Truth and answer, validation digits", classes),
    "order": Test("Batches in order", "The last two epochs, batch by batch", order),
    "look": Test("Look at the digits", "Hardest digits: scanned, then as the network gets them; "
                 "below, validation", look),
    "count": Test("Count the data", "From each validation digit to the nearest training digit",
                  count),
    "twice": Test("Ask twice", "Probability of the right digit, asked twice", twice),
}  # fmt: skip


@lru_cache(maxsize=128)
def found(test: str, recipe: Recipe) -> Finding:
    """What a test finds in a run."""
    return TESTS[test].measure(run(recipe))
