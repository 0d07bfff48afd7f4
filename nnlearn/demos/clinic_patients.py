"""What can ail a training, and what can be tried against it: each a change of the same program.

Lessons: 09.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnlearn.demos.clinic_program import ALIKE, DROPOUT, HE, LEAKY, SHUFFLED, TANH, Recipe

TOO_LARGE = "the learning rate is far too large"
HEALTHY = "nothing is wrong with it"
CURVES = "curves"  # a proof that costs no test


@dataclass(frozen=True)
class Fault:
    """A fault: its name in the list, the line that it changes, what proves and what cures it."""

    name: str
    sick: Mapping[str, Any]
    cure: str
    family: str
    proof: str  # the test that shows it
    explained: str
    given: Mapping[str, Any] = field(default_factory=dict)  # not sick, but so in this program
    also: tuple[str, ...] = ()  # what shows it as well: other tests, or the curves

    @property
    def shows(self) -> tuple[str, ...]:
        """All that shows it."""
        return (self.proof, *self.also)

    def recipe(self, seed: int) -> Recipe:
        return self.instead_of(self, seed)

    def instead_of(self, other: Fault, seed: int) -> Recipe:
        """The program of another patient, with this fault in place of its own.

        What is given there is kept: a network with dropout is held against one with dropout.
        """
        epochs = {"epochs": Recipe.epochs}  # unless the other's program says otherwise
        return replace(Recipe(seed), **{**self.given, **epochs, **other.given, **self.sick})


FAULTS: Mapping[str, Fault] = {
    "healthy": Fault(
        HEALTHY, {}, "leave", "A", "count",
        "Training falls far, validation falls with it and stays a little above. That is what "
        "health looks like: the small gap is no illness.",
    ),
    "slow": Fault(
        "the learning rate is far too small", {"lr": 0.0001}, "larger", "B", "gradients",
        "The loss is almost flat, and nothing is finished: the gradients are as large as in a "
        "healthy run, only the steps are tiny. Flat is not done.",
    ),
    "burst": Fault(
        TOO_LARGE, {"lr": 5.0}, "smaller", "B", "gradients",
        "Each step went so far past the valley that the next gradient was larger still, until the "
        "numbers overflowed. NaN is no broken computer: it is a step that is too long.",
        given={"network": LEAKY}, also=(CURVES,),
    ),
    "dead": Fault(
        TOO_LARGE, {"lr": 1.0}, "smaller", "B", "units",
        "The first steps threw the weights so far that the ReLUs give 0 for every digit. Where a "
        "neuron is 0, its gradient is 0: it never comes back. Flat, and not finished: dead.",
        also=("gradients",),
    ),
    "equal": Fault(
        "the first weights are all equal", {"init": "nn.init.constant_(p, 0.1)"},
        "he", "C", "units",
        "All neurons of a layer began alike, so they got the same gradients and stay alike: a "
        "layer of 32 computes what one neuron could.",
    ),
    "saturated": Fault(
        "the first weights are far too large", {"init": "nn.init.normal_(p, std=2, rng=rng)"},
        "he", "C", "units",
        "The sums were so large that tanh gives −1 or 1 for almost everything. There it is flat, "
        "so little gradient comes through; and the first guesses were absurdly sure.",
        given={"network": TANH}, also=(CURVES,),
    ),
    "sorted": Fault(
        "the batches come sorted by class", {"order": "order = np.argsort(y, kind='stable')"},
        "shuffle", "D", "order",
        "First only zeros, then only ones, and so on, in every epoch. Each batch teaches that "
        "there is but one digit, and the next batch unteaches it.",
        given={"lr": 0.05},
    ),
    "labels": Fault(
        "many training labels are wrong",
        {"labels": "y = np.where(rng.random(len(y)) < 0.5, rng.integers(0, 10, len(y)), y)"},
        "relabel", "D", "look",
        "Every other label was drawn by lot. No rule fits them, so the training loss stays high; "
        "the validation labels are right, so there the network does better than in training.",
    ),
    "uncleared": Fault(
        "the gradients are never cleared", {"clear": ""}, "clear", "B", "gradients",
        "backward() adds. Without zero_grad() every batch is added to all batches before it: the "
        "gradient grows and grows, and the steps with it. A rate that is too large kills neurons, "
        "but then the gradient is 0; here the old ones stay in it.",
    ),
    "leak": Fault(
        "validation digits stand in the training data", {"first": 400, "last": 1000},
        "separate", "E", "count",
        "It was examined with questions that it had practised. A low loss is no success if the "
        "judge was bribed: on new forms it reads no better than others.",
    ),
    "few": Fault(
        "too few training digits: it learns them by heart", {"last": 40}, "more", "D", "count",
        "Forty digits can be known by heart, one by one. The training loss goes to zero, and that "
        "is no success: of new digits it learned little.",
        given={"lr": 0.05, "epochs": 30},
    ),
    "dropout": Fault(
        "dropout stays on when the network is judged", {"mode": ""}, "eval", "E", "twice",
        "Seven neurons of ten were still switched off by lot when the network was judged. The same "
        "digit gets another answer each time. model.eval() ends that.",
        given={"network": DROPOUT},
    ),
    "unlike": Fault(
        "validation digits are prepared in another way", {"scale": "X = X - X.mean(axis=0)"},
        "alike", "E", "look",
        "The mean was taken off the training digits only. The network has never seen pictures as "
        "bright as those that it is judged by. It has learned well, and is examined in another "
        "language.",
    ),
}  # fmt: skip
NAMES = tuple(dict.fromkeys(fault.name for fault in FAULTS.values()))


@dataclass(frozen=True)
class Fix:
    """A treatment: its name in the list, and what it does to a program."""

    name: str
    apply: Callable[[Recipe], Recipe]


def _more(recipe: Recipe) -> Recipe:
    """All 600 digits if there were fewer, else 400 more of the same kind."""
    if recipe.last - recipe.first < 600:
        return replace(recipe, last=recipe.first + 600)
    return replace(recipe, first=max(0, recipe.first - 300), last=min(1287, recipe.last + 100))


def _separate(recipe: Recipe) -> Recipe:
    """Validation is rows 700 to 999."""
    return replace(recipe, first=0, last=600) if recipe.last > 700 else recipe


def _set(**changes: Any) -> Callable[[Recipe], Recipe]:
    return lambda recipe: replace(recipe, **changes)


FIXES: Mapping[str, Fix] = {
    "leave": Fix("leave it as it is", lambda recipe: recipe),
    "smaller": Fix("a rate 100 times smaller", lambda r: replace(r, lr=r.lr / 100)),
    "larger": Fix("a rate 100 times larger", lambda r: replace(r, lr=r.lr * 100)),
    "longer": Fix("three times as many epochs", lambda r: replace(r, epochs=3 * r.epochs)),
    "he": Fix("draw the first weights by He's rule", _set(init=HE)),
    "shuffle": Fix("shuffle the digits in every epoch", _set(order=SHUFFLED)),
    "relabel": Fix("read the labels again and correct them", _set(labels="")),
    "more": Fix("more training digits", _more),
    "clear": Fix("clear the gradients before each backward", _set(clear="optimizer.zero_grad()")),
    "decay": Fix("weight decay 0.01", _set(decay=0.01)),
    "separate": Fix("take validation digits out of training", _separate),
    "alike": Fix("prepare validation as training", _set(scale=ALIKE)),
    "eval": Fix("judge in evaluation mode", _set(mode="model.eval()")),
}
FIX_OF = {fix.name: key for key, fix in FIXES.items()}


def ward(seed: int) -> list[str]:
    """The patients in the order of their numbers; the first one is never the healthy one.

    >>> len(ward(0)), sorted(ward(0)) == sorted(ward(1))
    (13, True)
    """
    order = [str(name) for name in np.random.default_rng(seed).permutation(list(FAULTS))]
    return order if order[0] != "healthy" else order[::-1]
