"""The program behind the playground: plain nnlearn that ends with the same weights, bit for bit.

Lessons: 08.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from nnlearn.demos.descent_steps import YOURS
from nnlearn.demos.listing import Listing
from nnlearn.demos.playground_network import ACTIVATIONS, MOMENTUM, Setup
from nnlearn.demos.playground_points import PAINTED
from nnlearn.demos.playground_slot import Owned, imports_of

RECIPES = {
    "circles": "X, y = circles({n}, {noise}, rng={rng})",
    "xor": "rng = {rng}\nX, y = xor({n}, rng=rng)\n"
           "X = 2 * X + {noise} * rng.standard_normal(X.shape)",
    "moons": "X, y = moons({n}, {noise}, rng={rng})\nX = 1.6 * (X - [0.5, 0.25])",
    "spirals": "X, y = spirals({n}, noise={noise}, rng={rng})",
    "blobs": "X, y = blobs({n}, spread=0.5 + {noise}, rng={rng})",
}  # fmt: skip
TRAIN = """
def train(model, optimizer, rng, epochs, batch_size{arguments}):
{weights}    for _ in range(epochs):
        for inputs, targets in DataLoader(data, batch_size, shuffle=True, rng=rng):
            loss = F.binary_cross_entropy_with_logits(model(inputs), targets)
{penalties}            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
"""
WEIGHTS = "    weights = [p for p in model.parameters() if p.ndim == 2]\n"
PENALTY = {
    "L1": "            if l1:\n"
          "                loss = loss + l1 * sum(w.abs().sum() for w in weights)\n",
    "L2": "            if l2:\n"
          "                loss = loss + l2 / 2 * sum((w**2).sum() for w in weights)\n",
}  # fmt: skip


def program(demo: Any) -> Listing:
    """What the demo has done so far, as source of plain nnlearn."""
    plans = {name: plan.until(demo.t) for name, plan in demo.plans.items()}
    setups = [s for plan in plans.values() for s in _setups(plan)]
    used = [kind for kind in PENALTY if any(s.penalty == kind for s in setups)]
    text = "\n".join([_imports(demo, setups), "", _data(demo)])
    if demo.points.sizes[0]:
        text += "\n\n\n" + _train(used)
    suffixes = {name: f"_{name.lower()}" if demo.compare else "" for name in plans}
    for name, plan in plans.items():
        text += "\n\n" + "\n".join(_run(demo, name, plan, suffixes[name]))
    if demo.points.sizes[0]:
        text += "\n\ninputs, targets = data[:]"
        for end in suffixes.values():
            loss = f"F.binary_cross_entropy_with_logits(model{end}(inputs), targets).item()"
            text += f'\nprint("loss", {loss})'
    return Listing(text + "\n")


def _setups(plan: Any) -> list[Setup]:
    """All settings that a run goes through."""
    found = [plan.setup]
    for event in plan.events:
        found.append(Setup(**{**vars(found[-1]), **event.get("set", {})}))
    return found


def _imports(demo: Any, setups: list[Setup]) -> str:
    maker = "" if demo.points.name == PAINTED else f", {demo.points.name}"
    lines = ["import numpy as np", "", "from nnlearn import nn, optim",
             f"from nnlearn.data import DataLoader, TensorDataset{maker}",
             "from nnlearn.models import MLP",
             "from nnlearn.nn import functional as F"]  # fmt: skip
    stepped = any(s.optimizer == YOURS for s in setups)
    return "\n".join([*lines, *imports_of(demo.owned, stepped)])


def _data(demo: Any) -> str:
    """The points, and which of them are trained on."""
    s, seed = demo.settings, demo.data_seed
    if demo.points.name == PAINTED:
        rows = ", ".join(f"[{a!r}, {b!r}, {k}]" for a, b, k in demo.points.rows())
        wrapped = textwrap.fill(rows, 96, initial_indent="    ", subsequent_indent="    ",
                                break_long_words=False)  # fmt: skip
        make = (
            f"points = np.array([\n{wrapped}\n]).reshape(-1, 3)\nX, y = points[:, :2], points[:, 2]"
        )
    else:
        make = RECIPES[demo.points.name].format(
            n=s["points"], noise=s["noise"], rng=f"np.random.default_rng([{seed}, 0])"
        )
    return (f"{make}\nX, y = X.astype(float), y[:, None].astype(float)\n"
            f"kept = np.random.default_rng([{seed}, 1]).random(len(X)) < {s['test_share']}"
            "  # for the test\ndata = TensorDataset(X[~kept], y[~kept])")  # fmt: skip


def _train(used: list[str]) -> str:
    arguments = "".join(f", {kind.lower()}=0" for kind in used)
    penalties, weights = "".join(PENALTY[kind] for kind in used), WEIGHTS if used else ""
    text = TRAIN.format(arguments=arguments, weights=weights, penalties=penalties)
    return text.strip("\n") + "\n"


def _run(demo: Any, name: str, plan: Any, suffix: str) -> Iterator[str]:
    """The lines of one run: its network, then training and changes in turn."""
    s, run = plan.setup, demo.now[name]
    last = run.lost - 1 if run.lost else demo.t
    activation = ACTIVATIONS[s.activation].__name__
    yield f"rng{suffix} = np.random.default_rng({s.seed})"
    yield f"model{suffix} = MLP({s.sizes}, nn.{activation}, rng=rng{suffix}).double()"
    if demo.owned.layer:
        yield f"use_functions(model{suffix}, {', '.join(demo.owned.layer_names)})"
    yield _optimizer(s, demo.owned, suffix)
    done = 0
    for event, after in zip(plan.events, _setups(plan)[1:], strict=True):
        if event["t"] > last:
            break
        if event["t"] > done:
            yield _call(s, event["t"] - done, suffix)
        done, s = event["t"], after
        yield from _change(event, s, demo.owned, suffix)
    if last > done and demo.points.sizes[0]:
        yield _call(s, last - done, suffix)
    if run.lost:
        yield f"# epoch {run.lost} diverged"


def _optimizer(s: Setup, own: Owned, suffix: str) -> str:
    parameters = f"model{suffix}.parameters()"
    if s.optimizer == YOURS:
        return f"optimizer{suffix} = OwnOptimizer({parameters}, {own.step_name}, lr={s.lr})"
    kind = {"Adam": "Adam", "RMSProp": "RMSprop"}.get(s.optimizer, "SGD")
    momentum = f", momentum={MOMENTUM}" if s.optimizer == "Momentum" else ""
    return f"optimizer{suffix} = optim.{kind}({parameters}, lr={s.lr}{momentum})"


def _call(s: Setup, epochs: int, suffix: str) -> str:
    penalty = "" if s.penalty == "none" else f", {s.penalty.lower()}={s.lam}"
    return (f"train(model{suffix}, optimizer{suffix}, rng{suffix}, {epochs}, "
            f"batch_size={s.batch_size}{penalty})")  # fmt: skip


def _change(event: dict[str, Any], s: Setup, own: Owned, suffix: str) -> Iterator[str]:
    """What happened between two epochs; batch size and penalty are said in the next call."""
    if "set" in event:
        if "optimizer" in event["set"]:
            yield _optimizer(s, own, suffix)
        elif "lr" in event["set"]:
            yield f'optimizer{suffix}.param_groups[0]["lr"] = {s.lr}'
    else:
        unit, entry = event["unit"], event["input"]
        part = "bias" if entry is None else "weight"
        where = f"{unit}" if entry is None else f"{unit}, {entry}"
        yield f"model{suffix}[{2 * event['layer']}].{part}.data[{where}] = {event['value']!r}"
