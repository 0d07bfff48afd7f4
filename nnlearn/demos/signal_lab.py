"""Signal lab: weights as pictures, a bias as a shift, and digits sent through thirty layers.

Lessons: 02.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos.controls import Choices, Control, DemoError, Range
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.signal_network import ACTIVATIONS, FLAT, Layer, Signal, fate, said
from nnlearn.demos.signal_tasks import (
    ASK,
    ASKED,
    FIXED,
    OWN,
    SCHEMES,
    SLOT,
    YOURS,
    init_weights,
    layer,
    spread,
)
from nnlearn.demos.signal_weights import NEURONS, Look, digits, templates
from nnlearn.demos.slot import Verdict, learners

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EVERY = 8  # each eighth digit is sent through: enough for a std, quick enough for a slider
PARTS = ("signal through depth", "weights as pictures")
LAYERS = ("trained", "random start")
GHOST_FROM = 2  # a curve shorter than this is not worth keeping beside the next


class SignalLab(Demo):
    """Look through the eyes of ten neurons, then send digits through up to thirty layers.

    Parameters
    ----------
    init_weights : your function init_weights(fan_in, fan_out, scheme, rng) -> (W, b), or None for
        nnlearn's; it draws the schemes Xavier and Kaiming
    scheme : "own scale", "std 0.01", "std 1", "Xavier" or "Kaiming"
    activation : "none", "tanh" or "ReLU"
    depth, width : layers (1 to 30) and neurons in each (16 to 256)
    gain : of "own scale": std = gain / sqrt(fan_in)
    show : "signal through depth" or "weights as pictures"
    predict : ask for a guess first
    seed : of the random weights

    Example
    -------
    >>> lab = SignalLab(scheme="Kaiming", activation="ReLU", predict=False)
    >>> lab.run(20)
    >>> lab.layers[20].std > 0.1
    True
    """

    title = "Signal lab"
    script = HERE / "signal_lab.js"
    controls: ClassVar[Mapping[str, Control]] = {
        "scheme": Choices("Weights", SCHEMES, OWN),
        "gain": Range("Gain", 0.1, 3, 0.01, 0.8),
        "activation": Choices("Activation", list(ACTIVATIONS), "ReLU"),
        "depth": Range("Layers", 1, 30, 1, 20, whole=True),
        "width": Range("Neurons in a layer", 16, 256, 1, 64, whole=True),
    }
    asks = ASK
    slot_spec = SLOT
    free = frozenset({"look", "next", "bias"})
    pace = 0.15

    def __init__(
        self,
        init_weights: Callable[..., Any] | None = None,
        *,
        show: str = PARTS[0],
        predict: bool = True,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        self.look: dict[str, Any] = {"part": PARTS[0], "layer": LAYERS[0], "digit": 3,
                                     "example": 0, "neuron": 3}  # fmt: skip
        self._looked(part=show)
        self.biases: dict[str, dict[int, float]] = {name: {} for name in LAYERS}
        self.ghost: dict[str, Any] | None = None
        self._finished_before = False
        self._normals: dict[tuple[int, int, int], np.ndarray] = {}
        slot = learners(settings.pop("slot", init_weights))
        super().__init__(slot=slot, predict=predict, seed=seed, **settings)

    # --- the network ----------------------------------------------------------------------------

    def begin(self) -> None:
        self._signal = Signal(digits().standard[::EVERY], self._draw, self.settings["activation"])
        self.biases["random start"] = {}

    @property
    def layers(self) -> list[Layer]:
        """The input and every layer reached so far."""
        return self._signal.upto(self.t)

    def std(self, fan_in: int) -> float:
        """The std that the scheme gives the weights of a layer with `fan_in` inputs."""
        scheme, width = self.settings["scheme"], self.settings["width"]
        if scheme == OWN:
            return float(self.settings["gain"] / np.sqrt(fan_in))
        if scheme in FIXED:
            return FIXED[scheme]
        return spread(fan_in, width, YOURS[scheme])

    def _draw(self, i: int, fan_in: int) -> tuple[np.ndarray, np.ndarray]:
        """The weights and biases of layer i; each layer has a generator of its own."""
        width, scheme = self.settings["width"], self.settings["scheme"]
        if scheme in YOURS:
            return self._drawn_by_slot(i, fan_in, width, YOURS[scheme])
        key = (i, fan_in, width)
        if key not in self._normals:  # a slider scales the same draws: quick, and no flicker
            if len(self._normals) > self.controls["depth"].high:  # type: ignore[union-attr]
                self._normals.clear()
            self._normals[key] = self._generator(i).normal(size=(width, fan_in))
        return self.std(fan_in) * self._normals[key], np.zeros(width)

    def _drawn_by_slot(
        self, i: int, fan_in: int, fan_out: int, scheme: str
    ) -> tuple[np.ndarray, np.ndarray]:
        before = self.verdict
        drawn = self.slot(fan_in, fan_out, scheme, self._generator(i))
        if self.verdict is before:
            try:
                return layer(drawn, fan_in, fan_out)
            except ValueError as why:
                text = f"Your init_weights, fan_in = {fan_in}, fan_out = {fan_out}: {why}"
                self.verdict = Verdict(False, text, "while the demo ran")
        return init_weights(fan_in, fan_out, scheme, self._generator(i))

    def _generator(self, i: int) -> np.random.Generator:
        return np.random.default_rng((self.seed, i))

    @property
    def badge(self) -> str:
        if self.accepted and self.settings["scheme"] not in YOURS:
            return "running: nnlearn. Xavier and Kaiming: yours"
        return super().badge

    # --- what changes it ------------------------------------------------------------------------

    def advance(self) -> None:
        """One layer deeper."""
        self._signal.upto(self.t + 1)

    def finished(self) -> bool:
        return bool(self.t >= self.settings["depth"])

    def keep(self) -> None:
        """Every shallower layer is the past: it can be had again, whatever was set meanwhile."""
        for t in range(self.t + 1):
            self._past.put(t, (self.now, self.rng.bit_generator.state))

    def do_set(self, **settings: Any) -> None:
        old, stds = dict(self.settings), [v.std for v in self.layers]
        self._finished_before = self.finished()
        super().do_set(**settings)
        kinds = ("scheme", "activation", "width")
        if any(old[k] != self.settings[k] for k in kinds) and len(stds) > GHOST_FROM:
            self.ghost = {"name": named(old), "std": stds}

    def changed(self, names: set[str]) -> None:
        """Another network, seen as deep as before."""
        self.stop()
        self.begin()
        depth = self.settings["depth"]
        self.t = depth if self._finished_before else min(self.t, depth)
        self._signal.upto(self.t)
        self._past.clear()
        self.keep()

    def reveal(self) -> None:
        """The network of the question, at its input: Run shows the answer."""
        self.settings.update(ASKED)
        self.ghost = None
        self.restart()

    def do_look(self, **look: Any) -> None:
        """Look at another part, layer, digit, example or neuron; changes nothing else."""
        self._looked(**look)

    def do_next(self) -> None:
        """The next example of the digit."""
        self._looked(example=(self.look["example"] + 1) % len(digits().rows(self.look["digit"])))

    def do_bias(self, b: float) -> None:
        """Set the bias of the neuron looked at."""
        reach = self.looking.reach
        number = Range("b", -reach, reach, reach / 100, 0).accept("b", b)
        self.biases[self.look["layer"]][self.look["neuron"]] = float(number)

    def _looked(self, **look: Any) -> None:
        for name, value in look.items():
            options: Any = {"part": PARTS, "layer": LAYERS}.get(name)
            if options is not None:
                self.look[name] = Choices(name, options, options[0]).accept(name, value)
            elif name in ("digit", "neuron"):
                self.look[name] = Range(name, 0, 9, 1, 0, whole=True).accept(name, value)
            elif name == "example":
                self.look[name] = Range(name, 0, 999, 1, 0, whole=True).accept(name, value)
            else:
                raise DemoError(f"look at part, layer, digit, example or neuron, not {name!r}")
        self.look["example"] %= len(digits().rows(self.look["digit"]))

    @property
    def looking(self) -> Look:
        """The ten neurons looked at, with the biases as the learner has set them."""
        if self.look["layer"] == "trained":
            W, b = templates()
        else:
            W, b = self._draw(1, digits().ink.shape[1])
        W, b = W[:NEURONS], b[:NEURONS].copy()
        for neuron, value in self.biases[self.look["layer"]].items():
            b[neuron] = value
        row = int(digits().rows(self.look["digit"])[self.look["example"]])
        return Look(W, b, self.look["neuron"], row)

    # --- what is shown --------------------------------------------------------------------------

    @property
    def _at_weights(self) -> bool:
        return bool(self.look["part"] == PARTS[1])

    def values(self) -> Mapping[str, Any]:
        if self._at_weights:
            look = self.looking
            _, low, high = look.histogram()
            return {**self.look, "b": look.b, "total": look.total, "z": look.z, "low": low,
                    "high": high, "reach": look.reach, "clip": look.clip, "beyond": look.beyond,
                    "firing": look.firing, "number": len(digits().y)}  # fmt: skip
        width = self.settings["width"]
        return {**self.look, "flat": FLAT[self.settings["activation"]], "fate": fate(self.layers),
                "depth": self.settings["depth"], "weight_std": self.std(width),
                "gain": self.std(width) * np.sqrt(width), "ghost": self.ghost,
                "rows": len(digits().y[::EVERY]), "said": [said(v.std) for v in self.layers],
                "end": said(4 * self.layers[-1].std)}  # fmt: skip

    def arrays(self) -> Mapping[str, np.ndarray]:
        if self._at_weights:
            look = self.looking
            counts, _, _ = look.histogram()
            return {"W": look.W.astype(np.float32), "x": look.x, "products": look.products,
                    "ink": digits().ink[look.row], "counts": counts.astype(np.float64)}  # fmt: skip
        layers = self.layers
        return {"std": np.array([v.std for v in layers]),
                "flat": np.array([v.flat for v in layers]),
                "dead": np.array([v.dead for v in layers]),
                "histogram": np.array([v.histogram for v in layers])}  # fmt: skip

    def sentence(self) -> str:
        if self._at_weights:
            look = self.looking
            b, n = float(look.b[look.neuron]), round(look.firing * len(digits().y))
            sign = "+" if b >= 0 else "−"
            return (
                f"Neuron {look.neuron} at this {self.look['digit']}: {said(look.total)} {sign} "
                f"{said(abs(b))} = {said(look.z)}, it {'fires' if look.z >= 0 else 'is quiet'}. It "
                f"fires at {n} of {len(digits().y)} digits ({look.firing:.0%})."
            )
        layers, depth = self.layers, self.settings["depth"]
        if self.t == 0:
            return f"The digits go in with std {said(layers[0].std)}; {depth} layers lie ahead."
        now, before = layers[-1].std, layers[-2].std
        where = f"Layer {self.t} of {depth}: std {said(now)}"
        if not np.isfinite(now) or before == 0:
            return f"{where}. {fate(layers)}"
        size = f"{said(now / layers[0].std)} times what went in"
        return f"{where}, {size}. {fate(layers)}".rstrip()

    def table(self) -> list[dict[str, Any]]:
        if self._at_weights:
            look = self.looking
            z = look.W @ look.x + look.b
            return [
                {"neuron": k, "sum of products": float(z[k] - look.b[k]), "b": float(look.b[k]),
                 "z": float(z[k]), "fires": "yes" if z[k] >= 0 else "no"} for k in range(NEURONS)
            ]  # fmt: skip
        flat = FLAT[self.settings["activation"]]
        rows = []
        for i, its in enumerate(self.layers):
            row: dict[str, Any] = {"layer": i if i else "input", "std": said(its.std)}
            if flat:
                row[f"share {flat}"] = f"{its.flat:.0%}" if i else ""
                row["share dead"] = f"{its.dead:.0%}" if i else ""
            rows.append(row)
        return rows

    def picture(self) -> Figure:
        from nnlearn.demos import signal_picture

        if self._at_weights:
            return signal_picture.weights(self.looking)
        return signal_picture.depth(self.layers, self.settings["depth"], self.sentence())

    # --- saving ---------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        return {"look": self.look, "biases": self.biases, "ghost": self.ghost}

    def load(self, saved: Mapping[str, Any]) -> None:
        self._looked(**saved["look"])
        self.biases = {k: {int(n): float(b) for n, b in v.items()}
                       for k, v in saved["biases"].items()}  # fmt: skip
        self.ghost = saved["ghost"]


def named(settings: Mapping[str, Any]) -> str:
    """A network in a few words."""
    scheme = f"gain {settings['gain']:g}" if settings["scheme"] == OWN else settings["scheme"]
    act = settings["activation"]
    return f"{scheme}, {'no activation' if act == 'none' else act}, {settings['width']} wide"
