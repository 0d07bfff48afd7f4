"""Neuron lab: two weights, a bias, a line in the plane, and what no line can do.

Lessons: 01.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos.controls import Choices, Control, DemoError
from nnlearn.demos.line_geometry import Window, ends, foot, line_of_tip, tip
from nnlearn.demos.neuron_tasks import ASK, CASES, CORNERS, GATES, OWN, checked, pair, weight
from nnlearn.demos.numerals import shown
from nnlearn.demos.shell import HERE, PALETTE, Demo
from nnlearn.demos.slot import Slot, learners
from nnlearn.perceptron import neuron, perceptron_update, step

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CLIP = 2.0  # colours stop at z = 2 for a window one unit wide: bigger weights look sharper
CUTS = 14  # of the 16 ways to label four corners, a line can do these many


class NeuronLab(Demo):
    """One neuron and its line; the picture is computed by nnlearn's `neuron` or by yours.

    Parameters
    ----------
    neuron : your function neuron(x, w, b) -> z, or None for nnlearn's
    task : "AND", "OR", "NAND", "XOR", or your own data (X, y): X of shape (N, 2), y of 0 and 1
    w, b : where to begin
    names : what the two inputs are called
    predict : ask for a guess first
    seed : kept for `share`; this demo has no chance in it

    Example
    -------
    >>> lab = NeuronLab(task="OR", w=(1.0, 1.0), b=-0.5, predict=False)
    >>> lab.score
    (4, 4)
    >>> lab
    The line gets all 4 points right. At (0.75, 0.25) z = 0.5: the neuron fires.
    """

    title = "Neuron lab"
    script = HERE / "neuron_lab.js"
    controls: ClassVar[Mapping[str, Control]] = {
        "task": Choices("Task", [*GATES, OWN], "AND"),
        "colours": Choices("Colours", ["weighted sum z", "fires or not"], "weighted sum z"),
    }
    asks = ASK
    slot_spec = Slot("neuron", neuron, CASES)
    free = frozenset({"probe", "move_probe"})

    def __init__(
        self,
        neuron: Callable[..., Any] | None = None,
        task: str | tuple[Any, Any] = "AND",
        w: Sequence[float] = (1.0, 0.4),
        b: float = -0.3,
        *,
        names: tuple[str, str] = ("x1", "x2"),
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        self._data = None if isinstance(task, str) else checked(*pair(task))
        self._start = (weight("w[0]", w[0]), weight("w[1]", w[1]), weight("b", b))
        self.names = names
        self.cuts: dict[str, set[str]] = {}
        self.ghost: list[float] | None = None
        named = task if isinstance(task, str) else OWN
        slot = learners(settings.pop("slot", neuron))
        super().__init__(slot=slot, predict=predict, seed=seed, task=named, **settings)

    # --- the state ------------------------------------------------------------------------------

    def begin(self) -> None:
        self._use_task()
        w1, w2, b = self._start
        self.now = {"w": [w1, w2], "b": b, "next": 0, "shown": -1, "moved": False, "clean": 0}
        self.view.setdefault("probe", [0.75, 0.25])
        self._log()

    def _use_task(self) -> None:
        """Take the points of the task and choose the window; your data stay as they are."""
        task = self.settings["task"]
        if task == OWN and self._data is not None:
            self.X, self.y = self._data
        else:
            self.X, self.y = CORNERS, np.array(GATES.get(task, GATES["AND"]))
        self.window = Window.around(self.X)
        self.pace = 0.45 if len(self.X) <= 10 else 0.06
        if not np.array_equal(self.window.clip(self._probe), self._probe):
            self.view["probe"] = np.round(self.window.centre, 2).tolist()

    @property
    def w(self) -> np.ndarray:
        return np.array(self.now["w"])

    @property
    def b(self) -> float:
        return float(self.now["b"])

    @property
    def _probe(self) -> np.ndarray:
        return np.array(self.view.get("probe", [0.75, 0.25]))

    @property
    def score(self) -> tuple[int, int]:
        """How many points are on their right side, and how many there are."""
        return int((self.outputs() == self.y).sum()), len(self.y)

    @property
    def clip(self) -> float:
        """Where the colours stop: fixed for a task, so that bigger weights are seen."""
        return float(round(CLIP * self.window.span))

    def z(self, points: np.ndarray) -> np.ndarray:
        """The neuron's weighted sum at each point, shape (N,), by the function in use."""
        return self._all(points, self.w, self.b)

    def outputs(self) -> np.ndarray:
        return step(self.z(self.X)).astype(int)

    def _all(self, points: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
        """All points in one call if the function can; else one by one, as a learner's first can."""
        if self._takes_many():
            return np.asarray(self.slot(points, w, b), dtype=np.float64)
        return np.array([float(self.slot(x, w, b)) for x in points])

    def _takes_many(self) -> bool:
        fn = self._slot if self.accepted else None
        if fn is None:
            return True
        points, w = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]]), np.array([2.0, -1.0])
        try:
            return bool(np.allclose(fn(points, w, 0.5), neuron(points, w, 0.5)))
        except Exception:  # a function for one point may fail on three in any way
            return False

    # --- what changes it ------------------------------------------------------------------------

    def advance(self) -> None:
        """The perceptron rule looks at the next point and moves the line if it is wrong."""
        i = self.now["next"]
        w, b = perceptron_update(self.w, self.b, self.X[i], int(self.y[i]))
        moved = bool(np.any(w != self.w) or b != self.b)
        clean = 0 if moved else self.now["clean"] + 1
        self.ghost = None
        self.now.update(w=w.tolist(), b=float(b), next=(i + 1) % len(self.X), shown=i,
                        moved=moved, clean=clean)  # fmt: skip
        self._log()

    def finished(self) -> bool:
        return bool(self.now["clean"] >= len(self.X))

    def changed(self, names: set[str]) -> None:
        if "task" in names:
            if self.settings["task"] == OWN and self._data is None:
                self.settings["task"] = "AND"
                raise DemoError("give your data when you make the demo: NeuronLab(task=(X, y))")
            self._start = (*self.now["w"], self.now["b"])
            self.ghost = None
            self.restart()

    def reveal(self) -> None:
        """Double all three, and keep the old line as a ghost."""
        self.ghost = [*self.now["w"], self.now["b"]]
        self._set(2 * self.w, 2 * self.b)

    def do_weights(self, **values: float) -> None:
        """Set w1, w2 or b."""
        w, b = self.w, self.b
        for name, value in values.items():
            if name not in ("w1", "w2", "b"):
                raise DemoError(f"set w1, w2 or b, not {name!r}")
            number = weight(name, value)
            if name == "b":
                b = number
            else:
                w[int(name[1]) - 1] = number
        self.ghost = None
        self._set(w, b)

    def do_line(self, x: float, y: float) -> None:
        """Move the line so that it goes through (x, y): only the bias changes."""
        self.ghost = None
        self._set(self.w, float(np.clip(np.round(-(self.w @ [x, y]), 2), -30, 30)))

    def do_tip(self, x: float, y: float) -> None:
        """Turn the line and change its weights: the tip of the arrow goes to (x, y)."""
        if np.any(self.w):
            w, b = line_of_tip(self.window, self.w, self.b, np.array([x, y], float))
            self.ghost = None
            self._set(np.round(w, 2), round(b, 2))

    def do_move_line(self, by: float) -> None:
        """Add to the bias."""
        self.do_weights(b=round(self.b + by, 6))

    def do_move_tip(self, dx: float, dy: float) -> None:
        """Move the tip of the arrow."""
        at = tip(self.window, self.w, self.b)
        if at is not None:
            self.do_tip(at[0] + dx, at[1] + dy)

    def do_probe(self, x: float, y: float) -> None:
        """Look at another point; changes nothing but the view."""
        self.view["probe"] = np.round(self.window.clip(np.array([x, y], float)), 2).tolist()

    def do_move_probe(self, dx: float, dy: float) -> None:
        """Move the probe."""
        self.do_probe(self._probe[0] + dx, self._probe[1] + dy)

    def _set(self, w: np.ndarray, b: float) -> None:
        """A hand on the weights: the rule starts its round anew from here."""
        self.stop()
        self.now.update(w=[float(v) for v in w], b=float(b), next=0, shown=-1, moved=False,
                        clean=0)  # fmt: skip
        self.keep()
        self._log()

    def _log(self) -> None:
        """Remember each way to cut the points that was seen."""
        if self.settings["task"] in GATES:
            cuts = self.cuts.setdefault(self.settings["task"], set())
            cuts.add("".join(str(v) for v in self.outputs()))

    # --- what is shown --------------------------------------------------------------------------

    def formula(self) -> str:
        """The weighted sum at the probe with its numbers; reads back to the same z."""
        (x1, x2), (w1, w2) = self._probe, self.w
        terms = [shown(v, 6) for v in (w1, x1, w2, x2, self.b)]
        return "{} × {} + {} × {} + {}".format(*terms).replace("+ −", "− ")

    def best(self) -> int:
        """The most points right in any cut seen for this task."""
        seen = self.cuts.get(self.settings["task"], set())
        want = "".join(str(v) for v in self.y)
        scores = [sum(a == b for a, b in zip(cut, want, strict=True)) for cut in seen]
        return max([*scores, self.score[0]])

    def values(self) -> Mapping[str, Any]:
        w, b, window = self.w, self.b, self.window
        far, ghost = ends(window, w, b), None
        if self.ghost is not None:
            ghost = ends(window, np.array(self.ghost[:2]), self.ghost[2])
        return {
            "w": w, "b": b, "low": window.low, "span": window.span, "clip": self.clip,
            "ends": far, "foot": foot(window, w, b), "tip": tip(window, w, b), "ghost": ghost,
            "probe": self._probe, "z": float(self.z(self._probe[None])[0]),
            "terms": [shown(v, 6) for v in (*w, b, *self._probe)], "score": self.score,
            "shown": self.now["shown"], "moved": self.now["moved"], "names": self.names,
            "gate": self.settings["task"] in GATES, "own": self._data is not None,
            "cuts": sorted(self.cuts.get(self.settings["task"], ())), "best": self.best(),
            "want": "".join(str(v) for v in self.y) if len(self.y) == 4 else "",
        }  # fmt: skip

    def arrays(self) -> Mapping[str, np.ndarray]:
        n = 48 if self._takes_many() else 24
        z = self.z(self.window.grid(n)).reshape(n, n).astype(np.float32)
        return {"map": z, "X": self.X.astype(np.float64), "y": self.y.astype(np.uint8),
                "out": self.outputs().astype(np.uint8)}  # fmt: skip

    def sentence(self) -> str:
        right, n = self.score
        p1, p2 = self._probe
        z = float(self.z(self._probe[None])[0])
        does = "fires" if z >= 0 else "is quiet"
        where = f"At ({shown(p1, 6)}, {shown(p2, 6)}) z = {shown(z, 6)}: the neuron {does}."
        if not np.any(self.w):
            return f"Both weights are 0: no line, z is b everywhere. {where}"
        if self.ghost is not None:
            return f"All three doubled: the line stayed, every z doubled. {where}"
        if self.now["shown"] >= 0 and not self.finished():
            what = "was wrong, the line moved" if self.now["moved"] else "was right, nothing moved"
            return f"Step {self.t}: point {self.now['shown'] + 1} {what}. {right} of {n} right."
        if self.settings["task"] == "XOR":
            seen = len(self.cuts["XOR"])
            if seen >= CUTS:
                return f"You have seen all {CUTS} cuts a line can make. None of them is XOR."
            return (
                f"XOR: {right} of 4 right, best so far {self.best()}. {seen} of {CUTS} cuts tried."
            )
        share = f"all {n}" if right == n else f"{right} of {n}"
        return f"The line gets {share} points right. {where}"

    def table(self) -> list[dict[str, Any]]:
        rows = zip(self.X, self.y, self.z(self.X), self.outputs(), strict=True)
        return [
            {self.names[0]: float(x[0]), self.names[1]: float(x[1]), "wanted": int(y),
             "z": float(z), "output": int(out), "right": "yes" if out == y else "no"}
            for x, y, z, out in rows
        ]  # fmt: skip

    def picture(self) -> Figure:
        from matplotlib.colors import LinearSegmentedColormap
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 5.2), layout="constrained")
        ax = figure.subplots()
        (x, y), span = self.window.low, self.window.span
        box = (x, x + span, y, y + span)
        colours = LinearSegmentedColormap.from_list("sign", PALETTE["diverging"])
        image = ax.imshow(
            self.arrays()["map"], extent=box, cmap=colours, vmin=-self.clip, vmax=self.clip
        )
        figure.colorbar(image, label="z")
        for label, kind in enumerate(PALETTE["classes"][:2]):
            shape = {"triangle": "^", "circle": "o"}[kind["shape"]]
            x1, x2 = self.X[self.y == label].T
            style = {"c": kind["colour"], "marker": shape, "edgecolors": "black", "zorder": 3}
            ax.scatter(x1, x2, s=90, label=f"should be {label}", **style)
        far = ends(self.window, self.w, self.b)
        if far is not None:
            ax.plot(*far.T, color="black", lw=2.5)
        ax.set(xlim=box[:2], ylim=box[2:], xlabel=self.names[0], ylabel=self.names[1])
        ax.legend(loc="upper right", fontsize=11)
        return figure

    # --- saving ---------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        data = None if self._data is None else [v.tolist() for v in self._data]
        cuts = {task: sorted(seen) for task, seen in self.cuts.items()}
        return {"now": self.now, "probe": self.view["probe"], "data": data, "cuts": cuts,
                "names": self.names, "ghost": self.ghost}  # fmt: skip

    def load(self, saved: Mapping[str, Any]) -> None:
        if saved["data"] is not None:
            self._data = checked(*saved["data"])
        self.names = tuple(saved["names"])
        self._use_task()
        self.now = dict(saved["now"])
        self._start = (*self.now["w"], self.now["b"])
        self.view["probe"] = list(saved["probe"])
        self.cuts = {k: set(v) for k, v in saved["cuts"].items()}
        self.ghost = saved["ghost"]
