"""Data painter: make your own points, pictures and curves by hand, and take them as arrays.

Lessons: 00, 01.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets

from nnlearn.demos.controls import Choices, Control, DemoError, Switch
from nnlearn.demos.esm import HERE, PALETTE
from nnlearn.demos.numerals import counted
from nnlearn.demos.shell import Demo
from nnlearn.demos.strokes import paint_pixels, places_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MODES = ("classes", "pixels", "curve")
MOST_POINTS = 300
SIZES = (8, 28)  # smallest and largest side of a picture
UNDO = 200
NAMES = [kind["name"] for kind in PALETTE["classes"]]


class DataPainter(Demo):
    """Paint points of two or three classes, a small picture, or a curve.

    Parameters
    ----------
    mode : "classes", "pixels" or "curve"
    X, y : points to begin with, shapes (N, 2) and (N,), y of 0, 1, 2
    image : a picture to begin with, shape (H, W), 8 to 28 pixels a side, values 0 to 1
    curve : heights to begin with, shape (N,)
    size : pixels a side of an empty picture
    classes : how many classes, 2 or 3
    low, high : the limits of both axes, and of the curve's heights
    seed, predict : as in every demo; the painter asks nothing

    `painter.X`, `painter.y`, `painter.image`, `painter.curve` are copies of what is there.
    `painter.observe(function, "changes")` calls your function after every change.

    Example
    -------
    >>> painter = DataPainter(X=[[0.5, 0.25]], y=[1])
    >>> painter.act("stroke", name="a", places=[[-0.5, 0.0]])
    >>> painter.X.tolist(), painter.y.tolist()
    ([[0.5, 0.25], [-0.5, 0.0]], [1, 0])
    >>> painter
    2 points: 1 orange triangle, 1 blue circle.
    """

    title = "Data painter"
    script = HERE / "data_painter.js"
    timed = False
    controls: ClassVar[Mapping[str, Control]] = {
        "brush": Choices("Brush", NAMES, NAMES[0]),
        "erase": Switch("Erase", False),
    }
    changes = traitlets.Int(0)

    def __init__(
        self,
        mode: str = "classes",
        *,
        X: Any = None,
        y: Any = None,
        image: Any = None,
        curve: Any = None,
        size: int = 8,
        classes: int = 2,
        low: float = -1.0,
        high: float = 1.0,
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        if mode not in MODES:
            raise DemoError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
        if classes not in (2, 3) or not low < high:
            raise DemoError("classes must be 2 or 3, and low below high")
        self.mode, self.classes, self.low, self.high = mode, classes, float(low), float(high)
        self._given = {"X": X, "y": y, "image": image, "curve": curve, "size": size}
        self._undo: list[Any] = []
        self._redo: list[Any] = []
        self._stroke = ""
        super().__init__(predict=predict, seed=seed, **settings)

    # --- arrays in and out ----------------------------------------------------------------------

    def begin(self) -> None:
        g = self._given
        points = _points([] if g["X"] is None else g["X"], [] if g["y"] is None else g["y"])
        heights = np.full(64, (self.low + self.high) / 2) if g["curve"] is None else g["curve"]
        pixels = _blank(g["size"]) if g["image"] is None else g["image"]
        self.now = {"X": points[0], "y": points[1], "image": _picture(pixels),
                    "curve": _heights(heights)}  # fmt: skip
        if len(self.now["y"]) and self.now["y"].max() >= self.classes:
            self.classes = 3

    @property
    def X(self) -> np.ndarray:
        return self.now["X"].copy()

    @property
    def y(self) -> np.ndarray:
        return self.now["y"].copy()

    @property
    def image(self) -> np.ndarray:
        return self.now["image"].copy()

    @property
    def curve(self) -> np.ndarray:
        return self.now["curve"].copy()

    def put(self, *, X: Any = None, y: Any = None, image: Any = None, curve: Any = None) -> None:
        """Put arrays in, in place of what is there; undo brings the old ones back."""
        with self._lock:
            new = dict(self.now)
            if X is not None or y is not None:
                new["X"], new["y"] = _points(X, y)
            if image is not None:
                new["image"] = _picture(image)
            if curve is not None:
                new["curve"] = _heights(curve)
            self._remember("")
            self._replace(new)
            self.push()

    # --- what the hand does ---------------------------------------------------------------------

    def do_stroke(self, name: str, places: Any, erase: bool | None = None) -> None:
        """One stroke: the same name again replaces what that stroke did so far."""
        at = places_of(places)
        if name != self._stroke:
            self._remember(name)
        before = self._undo[-1]
        erase = self.settings["erase"] if erase is None else erase
        paint = {"classes": self._paint_points, "pixels": self._paint_pixels,
                 "curve": self._paint_curve}[self.mode]  # fmt: skip
        self._replace(paint(before, at, erase))

    def do_undo(self) -> None:
        self._travel(self._undo, self._redo)

    def do_redo(self) -> None:
        self._travel(self._redo, self._undo)

    def do_clear(self) -> None:
        self._remember("")
        blank = np.zeros_like(self.now["image"])
        flat = np.full_like(self.now["curve"], (self.low + self.high) / 2)
        none = _points([], [])
        self._replace({"X": none[0], "y": none[1], "image": blank, "curve": flat})

    def changed(self, names: set[str]) -> None:
        """The brush and the eraser change nothing that is painted."""

    def _paint_points(self, before: Any, at: np.ndarray, erase: bool) -> Any:
        at = np.clip(at, self.low, self.high)
        X, y = before["X"], before["y"]
        if erase:
            reach = 0.06 * (self.high - self.low)
            away = np.hypot(X[:, None, 0] - at[:, 0], X[:, None, 1] - at[:, 1])
            keep = np.ones(len(X), bool) if not len(X) else away.min(axis=1) > reach
            return {**before, "X": X[keep], "y": y[keep]}
        room = MOST_POINTS - len(X)
        if room <= 0:
            raise DemoError(f"{MOST_POINTS} points are enough here; undo or erase some")
        at = at[:room]
        label = np.full(len(at), NAMES.index(self.settings["brush"]))
        return {**before, "X": np.concatenate([X, at]), "y": np.concatenate([y, label])}

    def _paint_pixels(self, before: Any, at: np.ndarray, erase: bool) -> Any:
        radius = 0.65 if max(before["image"].shape) <= 12 else 1.1
        return {**before, "image": paint_pixels(before["image"], at, radius=radius, erase=erase)}

    def _paint_curve(self, before: Any, at: np.ndarray, erase: bool) -> Any:
        """Places are (index, height); between two of one stroke the curve is drawn straight."""
        curve = before["curve"].copy()
        steps = np.clip(np.round(at[:, 0]).astype(int), 0, len(curve) - 1)
        heights = np.clip(at[:, 1], self.low, self.high)
        curve[steps[0]] = heights[0]
        for i, j, a, b in zip(steps, steps[1:], heights, heights[1:], strict=False):
            n = abs(j - i) + 1
            curve[np.linspace(i, j, n).round().astype(int)] = np.linspace(a, b, n)
        return {**before, "curve": curve}

    def _remember(self, stroke: str) -> None:
        self._undo = [*self._undo[-UNDO:], copy.deepcopy(self.now)]
        self._redo, self._stroke = [], stroke

    def _travel(self, out: list[Any], into: list[Any]) -> None:
        if out:
            into.append(self.now)
            self._stroke = ""
            self._replace(out.pop())

    def _replace(self, new: Any) -> None:
        self.now = new
        self.changes += 1

    # --- what is shown --------------------------------------------------------------------------

    def values(self) -> Mapping[str, Any]:
        return {"mode": self.mode, "low": self.low, "high": self.high, "classes": self.classes,
                "undo": len(self._undo), "redo": len(self._redo), "most": MOST_POINTS}  # fmt: skip

    def arrays(self) -> Mapping[str, np.ndarray]:
        return {"X": self.now["X"], "y": self.now["y"].astype(np.uint8),
                "image": self.now["image"], "curve": self.now["curve"]}  # fmt: skip

    def sentence(self) -> str:
        if self.mode == "pixels":
            image = self.now["image"]
            rows, columns = image.shape
            return f"A picture of {rows} × {columns} pixels, {(image > 0.5).sum()} of them dark."
        if self.mode == "curve":
            curve = self.now["curve"]
            return f"A curve of {len(curve)} points, from {curve.min():.2f} to {curve.max():.2f}."
        n = len(self.now["y"])
        if not n:
            return "No points yet: click, drag, or press Space in the picture."
        counts = [(int((self.now["y"] == k).sum()), NAMES[k]) for k in range(self.classes)]
        parts = ", ".join(counted(c, name) for c, name in counts if c)
        return f"{counted(n, 'point')}: {parts}."

    def table(self) -> list[dict[str, Any]]:
        if self.mode == "pixels":
            return [{"row": r, **{str(c): float(v) for c, v in enumerate(row)}}
                    for r, row in enumerate(self.now["image"])]  # fmt: skip
        if self.mode == "curve":
            return [{"point": i, "height": float(v)} for i, v in enumerate(self.now["curve"])]
        return [{"x1": float(p[0]), "x2": float(p[1]), "class": int(k)}
                for p, k in zip(self.now["X"], self.now["y"], strict=True)]  # fmt: skip

    def picture(self) -> Figure:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(4.5, 4.2), layout="constrained")
        ax = figure.subplots()
        if self.mode == "pixels":
            ax.imshow(self.now["image"], cmap="gray_r", vmin=0, vmax=1)
            return figure
        ax.set(xlim=(self.low, self.high), ylim=(self.low, self.high))
        if self.mode == "curve":
            ax.plot(np.linspace(self.low, self.high, len(self.now["curve"])), self.now["curve"])
            return figure
        for k, kind in enumerate(PALETTE["classes"][: self.classes]):
            shape = {"triangle": "^", "circle": "o", "square": "s"}[kind["shape"]]
            x1, x2 = self.now["X"][self.now["y"] == k].T
            ax.scatter(x1, x2, c=kind["colour"], marker=shape,
                       edgecolors="black", label=kind["name"])  # fmt: skip
        ax.legend()
        return figure

    # --- saving ---------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        kept = {"classes": ("X", "y"), "pixels": ("image",), "curve": ("curve",)}[self.mode]
        return {"mode": self.mode, "classes": self.classes, "low": self.low, "high": self.high,
                **{name: self.now[name].tolist() for name in kept}}  # fmt: skip

    def load(self, saved: Mapping[str, Any]) -> None:
        self.mode, self.classes = saved["mode"], saved["classes"]
        self.low, self.high = saved["low"], saved["high"]
        arrays = {k: saved[k] for k in ("X", "y", "image", "curve") if k in saved}
        self._given.update(arrays)
        self.begin()


def _blank(size: int) -> np.ndarray:
    return np.zeros((int(size), int(size)))


def _points(X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    X, y = np.array(X, dtype=np.float64), np.array(y)
    X = X.reshape(0, 2) if X.size == 0 else X
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1] or len(X) > MOST_POINTS:
        raise DemoError(
            f"X has shape {X.shape} and y {y.shape}: needed are (N, 2) and (N,), "
            f"N up to {MOST_POINTS}"
        )
    if not np.isfinite(X).all() or (len(y) and not np.isin(y, (0, 1, 2)).all()):
        raise DemoError("X must be finite numbers and y 0, 1 or 2")
    return X, y.astype(np.int64)


def _picture(image: Any) -> np.ndarray:
    image = np.array(image, dtype=np.float64)
    least, most = SIZES
    if image.ndim != 2 or not all(least <= n <= most for n in image.shape):
        raise DemoError(
            f"the picture has shape {image.shape}: needed is (H, W), {least} to {most} each"
        )
    if not ((image >= 0) & (image <= 1)).all():
        raise DemoError("pixels are 0 (paper) to 1 (ink); divide by the largest value first")
    return image


def _heights(curve: Any) -> np.ndarray:
    curve = np.array(curve, dtype=np.float64)
    if curve.ndim != 1 or not 2 <= len(curve) <= 512 or not np.isfinite(curve).all():
        raise DemoError(f"the curve has shape {curve.shape}: needed is (N,), N from 2 to 512")
    return curve
