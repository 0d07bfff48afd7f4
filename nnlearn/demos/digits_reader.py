"""Digits reader: a network learns to read real handwriting while you watch, in seconds.

Fifty digits from forms that the network never meets in training, each with its answer of the
moment; a plain linear model trained alike; what some hidden neurons look for; a pad to draw on; and
the mistakes that stay.

Lessons: 00, 08.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nnlearn.demos.controls import Control, DemoError, Range
from nnlearn.demos.digit_training import (
    CLASSES,
    SHARPEST,
    Model,
    Race,
    build,
    digits,
    fault_of,
    hidden_weights,
    probabilities,
    scan,
    schedule,
)
from nnlearn.demos.predict import Choice
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Slot, Verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EACH, NEURONS, MOST_MISTAKES = 5, 12, 40
FRAMES_A_SECOND = 24
GUESSES = {"A": 10.0, "B": 50.0, "C": 75.0, "D": 95.0}


@dataclass(frozen=True)
class HowMany(Choice):
    """A choice that the run decides: right is the option nearest to the outcome."""

    right: Any = None
    feedback: Mapping[str, str] = field(default_factory=dict)

    def judge(self, answer: str, outcome: Any) -> tuple[bool, str]:
        nearest = min(GUESSES, key=lambda letter: abs(GUESSES[letter] - outcome))
        said = self.feedback["right" if answer == nearest else answer]
        return answer == nearest, said.format(n=round(outcome))


class ModelSlot(Slot):
    """A place for a whole network: 64 pixels in, 10 scores out."""

    def judge(self, fn: Any) -> Verdict:
        fault = fault_of(fn)
        return Verdict(not fault, f"Your model: {fault}" if fault else "Your model fits.")


class DigitsReader(Demo):
    """Watch a network learn to read digits; `model` may be your own.

    Example
    -------
    >>> reader = DigitsReader(predict=False)
    >>> reader.run()
    >>> reader.result["accuracy"] > 0.92
    True
    """

    title = "Digits reader"
    script = HERE / "digits_reader.js"
    _css = Demo._css + (HERE / "digits_reader.css").read_text(encoding="utf-8")
    controls: ClassVar[Mapping[str, Control]] = {
        "epochs": Range("epochs", 1, 200, 1, 60, whole=True)
    }
    slot_spec = ModelSlot("model", lambda: None, ())
    asks = HowMany(
        "The network now guesses blindly. It gets seven seconds to practise on 1,287 digits. Then "
        "it meets forms it has never seen: how many of 100 digits will it read right?",
        {"A": "about 10", "B": "about 50", "C": "about 75", "D": "over 90"},
        feedback={
            "right": "{n} of 100, from forms it never met. Nobody wrote rules for it.",
            "A": "10 of 100 is blind guessing, which is how it began. Practice brought it to {n}.",
            "B": "It passed 50 within the first second. Look at the start of the curve: then {n}.",
            "C": "One pass over the digits gives about 80. The later passes brought it to {n}.",
            "D": "Bold! This run reached {n}: more epochs, or another model, may do better.",
        },
    )

    def __init__(
        self,
        model: Model = None,
        epochs: int = 60,
        *,
        seed: int = 0,
        predict: bool = True,
        slot: Model = None,
    ) -> None:
        self.specimen: dict[str, Any] = {}
        self._live = (time.monotonic(), 0)  # when and where the live run began
        super().__init__(
            slot=model if model is not None else slot,
            predict=predict,
            seed=seed,
            epochs=epochs,
        )

    # --- time -----------------------------------------------------------------------------------

    now: Race

    def begin(self) -> None:
        data = digits()
        self.plan = schedule(self.settings["epochs"])
        self.shown = data.a_few_of_each(EACH).ravel()
        self.reached: float | None = None
        self.now = Race(
            build(copy.deepcopy(self._slot) if self.accepted else None, self.rng), self.rng
        )
        self.now.test()
        self.do_pick(int(self.shown[3]))

    def advance(self) -> None:
        self.now.train(self.plan[self.t], self.rng)
        self.now.test()
        since, at = self._live
        early = (self.t + 1 - at) / FRAMES_A_SECOND - (time.monotonic() - since)
        self.pace = max(0.01, early)  # a fast machine waits for the next frame's moment
        self.burst = min(8, max(1, round(-early * FRAMES_A_SECOND)))  # a slow one shows fewer
        if self.t + 1 == len(self.plan):
            self.reached = 100 * self.now.record[-1][1]

    def finished(self) -> bool:
        return self.t >= len(self.plan)

    def outcome(self) -> float | None:
        return self.reached

    def run(self, steps: int | None = None) -> None:
        """Train `steps` frames at once, or, with no number, to the end."""
        super().run(len(self.plan) if steps is None else steps)

    def step(self, steps: int = 1) -> None:
        """Train whole epochs at once."""
        for _ in range(steps):
            self.act("step")

    def do_run(self) -> None:
        self._live, self.burst = (time.monotonic(), self.t), 1
        super().do_run()

    def do_step(self) -> None:
        self.stop()
        while not self.finished():
            self._advance()
            if self.now.updates % digits().batches == 0:
                break

    def do_back(self) -> None:
        """To the end of the epoch before."""
        ends = np.flatnonzero(np.cumsum(self.plan) % digits().batches == 0) + 1
        self.do_goto(max([0, *(int(t) for t in ends if t < self.t)]))

    @property
    def model(self) -> Any:
        """The network as it is now."""
        return self.now.models["reader"]

    @property
    def result(self) -> dict[str, float]:
        """The share of 510 test digits read right, the linear model's, and seconds of computing."""
        _, accuracy, linear = self.now.record[-1]
        return {"accuracy": accuracy, "linear": linear, "seconds": self.now.seconds}

    # --- one digit under the lens ---------------------------------------------------------------

    def do_pick(self, index: int) -> None:
        """Show test digit `index` (0 to 449) to the network."""
        data = digits()
        if not 0 <= index < len(data.truth):
            raise DemoError(f"there are test digits 0 to {len(data.truth) - 1}, not {index}")
        self.specimen = {
            "kind": "test",
            "index": index,
            "picture": data.pictures[index],
            "truth": int(data.truth[index]),
        }

    def do_draw(self, drawing: Any) -> None:
        """Show a drawing to the network: rows of ink from 0 to 1, at least 8 by 8."""
        ink = np.asarray(drawing, np.float64)
        if ink.ndim != 2 or min(ink.shape) < 8 or not np.isfinite(ink).all():
            raise DemoError(f"a drawing is a square of numbers from 0 to 1, not {ink.shape}")
        picture = scan(np.clip(ink, 0, 1))
        self.specimen = {"kind": "drawn" if picture.any() else "empty", "picture": picture}

    # --- what is seen ---------------------------------------------------------------------------

    def probabilities(self) -> np.ndarray:
        """Ten probabilities for the digit under the lens."""
        return probabilities(self.model, self.specimen["picture"])

    def mistakes(self) -> np.ndarray:
        """The test digits that the network gets wrong now, in file order."""
        return np.flatnonzero(self.now.answers != digits().truth)

    def values(self) -> dict[str, Any]:
        epoch, accuracy, linear = self.now.record[-1]
        weights = hidden_weights(self.model, NEURONS)
        wrong = self.mistakes()[:MOST_MISTAKES] if self.finished() else np.empty(0, int)
        truth, answers = digits().truth, self.now.answers
        guess = None if self.answered is None else GUESSES[self.answered]
        return {
            "epoch": epoch, "epochs": self.settings["epochs"], "of": len(truth),
            "accuracy": accuracy, "linear": linear, "seconds": self.now.seconds,
            "limit": float(np.abs(weights).max(initial=0)), "guess": guess,
            "shown": self.shown, "truth": truth[self.shown], "answers": answers[self.shown],
            "wrong": [{"index": i, "truth": truth[i], "answer": answers[i]} for i in wrong],
            "mistakes": len(self.mistakes()),
            "specimen": {k: v for k, v in self.specimen.items() if k != "picture"},
            "probabilities": self.probabilities(),
        }  # fmt: skip

    def arrays(self) -> dict[str, np.ndarray]:
        pictures = digits().pictures
        wrong = self.mistakes()[:MOST_MISTAKES] if self.finished() else np.empty(0, int)
        return {
            "pictures": levels(pictures[self.shown]),
            "wrong": levels(pictures[wrong]),
            "specimen": levels(self.specimen["picture"]),
            "weights": hidden_weights(self.model, NEURONS),
            "record": np.array(self.now.record, np.float32),
        }

    def sentence(self) -> str:
        epoch, *shares = self.now.record[-1]
        network, linear = (round(100 * share) for share in shares)
        if self.t == 0:
            return f"Before it has practised, the network reads {network} of 100 digits right."
        if self.finished():
            return (
                f"The network reads {network} of 100 digits right, from forms it has never met; "
                f"a plain linear model reads {linear}."
            )
        done = "Within the first epoch" if epoch < 1 else f"After epoch {int(epoch)}"
        return f"{done} the network reads {network} of 100 digits right, the linear model {linear}."

    def table(self) -> list[dict[str, Any]]:
        return [
            {"epoch": int(epoch), "network, right of 100": 100 * a, "linear, right of 100": 100 * b}
            for epoch, a, b in self.now.record
            if epoch == int(epoch)
        ]

    def picture(self) -> Figure:
        from nnlearn.demos.digits_picture import draw

        data = digits()
        return draw(
            pictures=data.pictures[self.shown].reshape(EACH, CLASSES, 8, 8),
            right=(self.now.answers == data.truth)[self.shown].reshape(EACH, CLASSES),
            answers=self.now.answers[self.shown].reshape(EACH, CLASSES),
            record=np.array(self.now.record),
            weights=hidden_weights(self.model, NEURONS),
            epochs=self.settings["epochs"],
            sentence=self.sentence(),
        )


def levels(pictures: np.ndarray) -> np.ndarray:
    """Ink as the grey levels 0 to 16 that the data set has."""
    return np.round(pictures * SHARPEST).astype(np.uint8)
