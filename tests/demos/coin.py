"""A demo small enough to read, with every kind of control, for the tests of the shell."""

from collections.abc import Mapping
from typing import ClassVar

from nnlearn.demos.controls import Choices, Control, Range, Switch
from nnlearn.demos.predict import Choice
from nnlearn.demos.shell import HERE, Demo
from nnlearn.demos.slot import Case, Slot


class CoinLab(Demo):
    title = "Coin lab"
    script = HERE / "neuron_lab.js"  # any script: no browser opens it
    controls: ClassVar[Mapping[str, Control]] = {
        "chance": Range("chance of heads", 0, 1, 0.01, default=0.5),
        "side": Choices("Count", ["heads", "tails"], "heads"),
        "big": Switch("Big coin", False),
    }
    asks = Choice("Heads?", {"A": "always", "B": "sometimes"}, right="B",
                  feedback={"A": "Not always.", "B": "Yes."})  # fmt: skip
    slot_spec = Slot("share", lambda n, of: n / of, [Case("one of two", (1, 2))])
    free = frozenset({"look"})
    pace = 0.001

    def begin(self):
        self.now = {"throws": 0, "heads": 0}

    def advance(self):
        self.now["throws"] += 1
        self.now["heads"] += int(self.rng.random() < self.settings["chance"])

    def finished(self):
        return self.now["throws"] >= 500

    def do_look(self, closely):
        self.view["look"] = closely

    def do_boom(self):
        raise ZeroDivisionError("the coin fell apart")

    def values(self):
        return {"share": self.slot(self.now["heads"], max(1, self.now["throws"]))}

    def code(self):
        return f"coin.throw({self.t})\n"

    def sentence(self):
        return f"{self.now['heads']} of {self.now['throws']} throws were heads."
