"""Training from a network built by hand, beside random starts of the same width.

All see the same points of the curve, all at once, with the same optimizer; every start is a real
nnlearn model. A moment can be copied whole, so a demo goes back, rewinds and scrubs bit for bit.

Lessons: 08.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np

from nnlearn import nn, optim
from nnlearn.demos.builder_networks import GRID, RELU, Report, outputs, report, silent
from nnlearn.demos.builder_targets import EXAMPLES, HIGH, LOW, Target
from nnlearn.demos.listing import Listing
from nnlearn.models.hinges import Parameters
from nnlearn.nn import functional as F
from nnlearn.tensor import Tensor

STARTS = 5  # random starts beside the hand's network
UPDATES = 10  # in a step of the demo
LONGEST = 300  # steps
LOST = 1e4  # a mean squared error above this: diverged
OPTIMIZERS = {"Adam": optim.Adam, "SGD": optim.SGD}
LAYERS = {"ReLU": nn.ReLU, "Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh}


@lru_cache(maxsize=16)
def examples(target: Target) -> tuple[Tensor, Tensor]:
    """What training sees: x and y, shape (201, 1) each."""
    x = np.linspace(LOW, HIGH, EXAMPLES)[:, None]
    return Tensor(x), Tensor(target.at(x))


def random_start(width: int, activation: str, seed: int, which: int) -> nn.Module:
    """Random start number `which`, from 1, in float64."""
    rng = np.random.default_rng([seed, which])
    return nn.Sequential(
        nn.Linear(1, width, rng=rng), LAYERS[activation](), nn.Linear(width, 1, rng=rng)
    ).double()


@lru_cache(maxsize=64)
def random_numbers(width: int, activation: str, seed: int) -> tuple[Parameters, ...]:
    """The numbers of all random starts."""
    models = [random_start(width, activation, seed, k + 1) for k in range(STARTS)]
    return tuple(Parameters(*(p.data for p in model.parameters())) for model in models)


def as_model(net: Parameters, activation: str) -> nn.Module:
    """The hand's network as a model that can be trained."""
    model = random_start(net.width, activation, 0, 0)
    for parameter, value in zip(model.parameters(), net, strict=True):
        parameter.data[...] = value
    return model


class Race:
    """The hand's network and its rivals: weights, the optimizers' memory, the record."""

    def __init__(
        self, net: Parameters, activation: str, optimizer: str, lr: float, seed: int
    ) -> None:
        self.activation, self.updates = activation, 0
        self.optimizer, self.lr = optimizer, lr
        self.start = [net, *random_numbers(net.width, activation, seed)]
        self.lost = [0] * len(self.start)  # the update that was too much; 0: none
        self.record: list[tuple[float, ...]] = []  # worst errors, a row a step
        self._reports: list[Report] = []

    @cached_property
    def models(self) -> list[nn.Module]:
        """What is trained; made when training begins, since a hand moves far more often."""
        return [as_model(net, self.activation) for net in self.start]

    @cached_property
    def weights(self) -> list[list[Tensor]]:
        return [list(model.parameters()) for model in self.models]

    @cached_property
    def optimizers(self) -> list[optim.Optimizer]:
        return [OPTIMIZERS[self.optimizer](own, lr=self.lr) for own in self.weights]

    def net(self, i: int) -> Parameters:
        """The numbers of a network; the first is the hand's."""
        if not self.updates:
            return self.start[i]
        return Parameters(*(np.array(p.data) for p in self.weights[i]))

    def reports(self, target: Target) -> list[Report]:
        """Each against the curve, as they are now."""
        if not self._reports:
            wanted = target.at(GRID)
            says = [outputs(self.net(i), self.activation, GRID) for i in range(len(self.start))]
            self._reports = [report(each, wanted) for each in says]
        return self._reports

    def note(self, target: Target) -> None:
        """Write the worst errors of this moment down."""
        self._reports = []
        self.record.append(tuple(r.worst for r in self.reports(target)))

    def train(self, target: Target) -> None:
        """The next updates, for everyone who has not diverged."""
        X, Y = examples(target)
        with np.errstate(all="ignore"):
            for _ in range(UPDATES):
                self.updates += 1
                for i in range(len(self.start)):
                    if not self.lost[i]:
                        self._update(i, X, Y)
        self.note(target)

    def _update(self, i: int, X: Tensor, Y: Tensor) -> None:
        """One update of one network; one that flies off stays where it was before."""
        model, optimizer = self.models[i], self.optimizers[i]
        before = self.net(i)  # a copy
        optimizer.zero_grad()
        F.mse_loss(model(X), Y).backward()
        optimizer.step()
        optimizer.zero_grad()
        loss = float(np.mean((outputs(self.net(i), self.activation, X.data[:, 0]) - Y.data.T) ** 2))
        if not loss <= LOST:
            self.lost[i] = self.updates
            for parameter, value in zip(self.weights[i], before, strict=True):
                parameter.data[...] = value

    def silent(self, i: int) -> np.ndarray:
        """Which neurons of network i answer 0 on the whole range; only ReLU neurons can."""
        if self.activation != RELU:
            return np.zeros(self.start[i].width, bool)
        return silent(self.net(i))

    def dead(self, i: int) -> int:
        """How many neurons training has silenced: they answered when it began."""
        return int((self.silent(i) & ~silent(self.start[i])).sum())

    @property
    def over(self) -> bool:
        return all(self.lost)

    def done(self, i: int) -> int:
        """How many updates made the network what it is."""
        return self.lost[i] - 1 if self.lost[i] else self.updates


BODY = """import numpy as np

from nnlearn import nn, optim
from nnlearn.nn import functional as F
from nnlearn.tensor import Tensor

x = np.linspace(-1, 1, {examples})[:, None]
{target}
rng = np.random.default_rng([{seed}, {which}]){note}
model = nn.Sequential(
    nn.Linear(1, {width}, rng=rng), nn.{activation}(), nn.Linear({width}, 1, rng=rng)
).double()
{numbers}optimizer = optim.{optimizer}(model.parameters(), lr={lr!r})
for update in range({updates}):
    optimizer.zero_grad()
    F.mse_loss(model(Tensor(x)), Tensor(y)).backward()
    optimizer.step()
"""
NUMBERS = """by_hand = [  # W1, b1, W2, b2{origin}
    {lists},
]
for parameter, values in zip(model.parameters(), by_hand):
    parameter.data[...] = values
"""


def program(
    race: Race, start: Parameters, i: int, target: Target, settings: dict, seed: int, yours: bool
) -> Listing:
    """The nnlearn program that ends with the weights of network i, bit for bit."""
    numbers = ""
    if i == 0:
        lists = ",\n    ".join(str(array.tolist()) for array in start)
        numbers = NUMBERS.format(lists=lists, origin=", built by your function" * yours)
    return Listing(BODY.format(
        examples=EXAMPLES, target=target.program, seed=0 if i == 0 else seed, which=i,
        note=f"  # random start {i}" * bool(i), width=start.width, activation=race.activation,
        numbers=numbers, optimizer=settings["optimizer"], lr=settings["lr"], updates=race.done(i),
    ))  # fmt: skip
