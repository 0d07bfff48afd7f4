"""The program behind the lab: plain nnlearn, with every change at its epoch.

Lessons: 09.
"""

from __future__ import annotations

from typing import Any

from nnlearn.demos.listing import Listing
from nnlearn.demos.regularise_data import source
from nnlearn.demos.regularise_network import BATCH, COINS

HEAD = """import numpy as np

from nnlearn import nn, optim
from nnlearn.data import {data}
from nnlearn.nn.functional import binary_cross_entropy_with_logits
from nnlearn.tensor import Tensor
"""
MODEL = """
rng, coins = np.random.default_rng({seed}), np.random.default_rng([{seed}, {number}])
model = nn.Sequential(
    nn.Linear(2, {width}, rng=rng), nn.ReLU(), nn.Dropout(rng=coins),
    nn.Linear({width}, {width}, rng=rng), nn.ReLU(), nn.Dropout(rng=coins),
    nn.Linear({width}, 1, rng=rng),
).double()
linear = [layer for layer in model if isinstance(layer, nn.Linear)]
weights, biases = [layer.weight for layer in linear], [layer.bias for layer in linear]
optimizer = optim.AdamW([{{"params": weights}}, {{"params": biases}}], weight_decay=0.0)

now = {base}
changes = {changes}
"""
LOOP = """for epoch in range({epochs}):
    now.update(changes.get(epoch, {{}}))
    for layer in model:
        if isinstance(layer, nn.Dropout):
            layer.p = now["p"]
    for group in optimizer.param_groups:
        group["lr"] = now["lr"]
    decoupled = now["penalty"] == "decoupled decay"
    optimizer.param_groups[0]["weight_decay"] = now["lam"] if decoupled else 0.0
    order = rng.permutation(len(X))
    for start in range(0, len(X), {batch}):
        rows = order[start : start + {batch}]
        logits = model(Tensor(X[rows]))[:, 0]
        loss = binary_cross_entropy_with_logits(logits, Tensor(y[rows].astype(np.float64)))
        if now["penalty"] == "L2 penalty":
            loss = loss + now["lam"] / 2 * sum((w * w).sum() for w in weights)
        if now["penalty"] == "L1 penalty":
            loss = loss + now["lam"] * sum(w.abs().sum() for w in weights)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
model.eval()  # from here on dropout is off
"""
NOTE = "# Here with nn.Dropout in place of your {name}: other coins, so other weights.\n"


def program(demo: Any) -> Listing:
    """The program that leads to the weights of the epoch that is shown."""
    s, its = demo.settings, demo.programme
    changes = {when: change for when, change in its.events if when < demo.t}
    note = NOTE.format(name=demo.given) if demo.accepted else ""
    text = note + HEAD.format(data=s["data"]) + "\n" + "\n".join(source(s, demo.seed)) + "\n"
    text += MODEL.format(seed=demo.seed, number=COINS, width=s["width"], base=its.base,
                         changes=changes)  # fmt: skip
    return Listing(text + LOOP.format(epochs=demo.t, batch=BATCH))
