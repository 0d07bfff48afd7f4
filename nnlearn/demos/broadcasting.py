"""What a NumPy operation does to shapes, axis by axis: which stretches, which clashes, what goes.

The verdicts name each axis; whether the operation works, its shape and its error are NumPy's own.

Lessons: 00.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

Shape = tuple[int, ...]
LARGEST_AXIS, MOST_AXES = 6, 3
RULE = "Line shapes up from the right. Two sizes fit if they are equal, or if one of them is 1."
MATMUL_RULE = "@ needs A's last axis equal to B's second last (or B's only) axis."


class BadShape(ValueError):
    """A text that is no shape, or a shape that the tracer cannot draw."""


def parse_shape(text: Any) -> Shape:
    """Read a shape from `(3, 4)`, `3, 4`, `3x4`, `3` or a tuple; at most three axes of 1 to 6.

    >>> parse_shape("(3, 4)"), parse_shape("5"), parse_shape("()"), parse_shape((2, 3, 4))
    ((3, 4), (5,), (), (2, 3, 4))
    """
    plain = str(text).strip()
    if (
        not re.fullmatch(r"[(\[]?\s*(\d{1,3}(\s*[,x× ]\s*\d{1,3})*\s*,?)?\s*[)\]]?", plain)
        or not plain
    ):
        raise BadShape(f"{plain[:40]!r} is not a shape. Write whole numbers and commas: (3, 4).")
    shape = tuple(int(n) for n in re.findall(r"\d+", plain))
    if len(shape) > MOST_AXES:
        raise BadShape(f"{len(shape)} axes are too many to draw here. Use up to {MOST_AXES}.")
    if any(not 1 <= n <= LARGEST_AXIS for n in shape):
        raise BadShape(f"Each size must be 1 to {LARGEST_AXIS} here, to see every cell.")
    return shape


def align(a: Shape, b: Shape) -> list[dict[str, Any]]:
    """Meet two shapes from the right; one entry per axis, leftmost first, each with its verdict.

    >>> [axis["verdict"] for axis in align((3, 1), (4,))]
    ['B lacks this axis: all of B is used 3 times', 'A stretches 1 → 4']
    """
    padded_a = (None,) * (len(b) - len(a)) + a
    padded_b = (None,) * (len(a) - len(b)) + b
    return [meet(m, n) for m, n in zip(padded_a, padded_b, strict=True)]


def meet(m: int | None, n: int | None) -> dict[str, Any]:
    """Say what happens where A's size `m` meets B's size `n` (None: no such axis)."""
    out: int | None = max(m or 1, n or 1)
    kind, who = "same", ""
    if m is None or n is None:
        kind, who = "new", "A" if m is None else "B"
        often = {1: "once", 2: "twice"}.get(out or 1, f"{out} times")
        words = f"{who} lacks this axis: all of {who} is used {often}"
    elif m == n:
        words = f"equal, {m} and {n}"
    elif 1 in (m, n):
        kind, who = "stretch", "A" if m == 1 else "B"
        words = f"{who} stretches 1 → {out}"
    else:
        kind, out = "clash", None
        words = f"{m} meets {n}: a clash, neither is 1"
    return {"a": m, "b": n, "out": out, "kind": kind, "who": who, "verdict": words}


def align_matmul(a: Shape, b: Shape) -> list[dict[str, Any]]:
    """The axes of `A @ B`: first ones meet, A's rows and B's columns stay, the inner pair goes."""
    axes = align(a[:-2], b[:-2])
    if len(a) > 1:
        axes.append(entry(a[-2], None, a[-2], "same", f"A's rows stay: {a[-2]}"))
    if len(b) > 1:
        axes.append(entry(None, b[-1], b[-1], "same", f"B's columns stay: {b[-1]}"))
    m, n = a[-1] if a else None, b[-2:][0] if b else None
    if m is None or n is None:
        return [*axes, entry(m, n, None, "clash", "@ needs at least one axis on each side")]
    if m != n:
        side = "second last" if len(b) > 1 else "only"
        words = f"A's last axis ({m}) and B's {side} axis ({n}) clash: they must be equal"
        return [*axes, entry(m, n, None, "clash", words)]
    return [*axes, entry(m, n, None, "joined", f"inner pair {m} = {n}: multiplied, summed away")]


def entry(m: int | None, n: int | None, out: int | None, kind: str, words: str) -> dict[str, Any]:
    return {"a": m, "b": n, "out": out, "kind": kind, "who": "", "verdict": words}


def align_reduction(a: Shape, axis: int | None, keep: bool) -> list[dict[str, Any]]:
    """The axes of a sum or a mean: the chosen one (None: every one) collapses, the others stay."""
    if axis is not None and not -len(a) <= axis < len(a):
        return [entry(m, None, None, "clash", f"axis {axis} is not here") for m in a]
    chosen = range(len(a)) if axis is None else [axis % len(a)]
    end = "the axis stays, with size 1" if keep else "the axis is gone"
    return [
        entry(m, None, 1 if keep else None, "joined", f"{m} numbers become one: {end}")
        if i in chosen
        else entry(m, None, m, "same", f"stays: {m}")
        for i, m in enumerate(a)
    ]


def repairs(sign: str, run: Callable[..., Any], a: Shape, b: Shape) -> list[str]:
    """Small repairs of a pair that NumPy refuses, each tried with NumPy before it is offered.

    >>> repairs("+", lambda x, y: x + y, (3, 2), (3,))[0]
    'A + B[:, None] works: (3, 2) and (3, 1) give (3, 2)'
    """
    views = {"A": np.ones(a), "B": np.ones(b)}
    for name, array in list(views.items()):
        if array.ndim == 2:
            views[f"{name}.T"] = array.T
        if array.ndim and sign != "@":
            views[f"{name}[:, None]"] = array[:, None]
    tries = [("A", "B[:, None]"), ("A[:, None]", "B"), ("A", "B.T"), ("A.T", "B"), ("B", "A")]
    found = []
    for left, right in tries:
        if left in views and right in views:
            x, y = views[left], views[right]
            try:
                out = np.shape(run(x, y))
            except ValueError:
                continue
            if len(out) <= MOST_AXES:
                found.append(f"{left} {sign} {right} works: {x.shape} and {y.shape} give {out}")
    return found[:2]
