"""Training as a generator: each `next()` takes one step and says how it went.

A progress bar, a plot, a demo or a test can drive the same loop, and stop it wherever it likes.

Lessons: 00, 02, 03, 04, 08, 09.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from nnlearn.nn import Module
from nnlearn.nn.functional import cross_entropy
from nnlearn.optim import Optimizer
from nnlearn.tensor import Tensor, no_grad


class Step(NamedTuple):
    """One step of training. `metrics` is filled at the end of an epoch if there is validation."""

    epoch: int  # counted from 1
    step: int  # counted from 1, over all epochs
    loss: float  # of this batch, before the step
    seconds: float  # of computing so far; what happens between two steps is not counted
    metrics: dict[str, float]


class TrainingError(RuntimeError):
    """Training cannot go on: says at which step, in which layer, and the likely cause."""


def train(
    model: Module,
    data: Iterable[tuple],
    *,
    optimizer: Optimizer,
    loss_fn: Callable[[Any, Any], Any] = cross_entropy,
    epochs: int = 1,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    metrics: Sequence[Callable[[Any, Any], float]] | None = None,
) -> Iterator[Step]:
    """Train the model batch by batch, and yield a Step after each.

    Parameters
    ----------
    model : a Module; left in training mode
    data : batches (x, y), such as a DataLoader
    optimizer : made from the model's parameters
    loss_fn : called with the model's output and y
    epochs : how often to go through data
    validation : X, y; after each epoch the model is judged by it
    metrics : functions of the output and y, named in the record; [accuracy] if left out and y
        holds class numbers

    Raises: TrainingError if the loss is no longer a finite number, or data is empty.

    Example
    -------
    >>> for step in train(model, loader, optimizer=optimizer, epochs=2):  # doctest: +SKIP
    ...     print(step.epoch, step.loss)

    Lesson 00.
    """
    count, seconds = 0, 0.0
    for epoch in range(1, epochs + 1):
        model.train()
        batches = iter(data)
        batch = next(batches, None)
        if batch is None:
            raise TrainingError(
                f"train: no batches in epoch {epoch}\n"
                "Usual cause: a generator, which runs only once. Give a DataLoader or a list."
            )
        while batch is not None:
            start = perf_counter()
            count += 1
            x, y = batch
            loss = _step(model, x, y, optimizer, loss_fn)
            if not math.isfinite(loss):
                raise TrainingError(_explain(model, x, y, optimizer, loss, epoch, count))
            batch = next(batches, None)
            judged = {}
            if batch is None and validation is not None:
                judged = evaluate(model, *validation, loss_fn=loss_fn, metrics=metrics)
            seconds += perf_counter() - start
            yield Step(epoch, count, loss, seconds, judged)


def _step(model: Module, x: Any, y: Any, optimizer: Optimizer, loss_fn: Callable) -> float:
    """Forward, backward, update."""
    with np.errstate(over="ignore", invalid="ignore"):  # train itself reports a lost number
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        if math.isfinite(loss.item()):  # otherwise leave the weights, so that train can look
            loss.backward()
            optimizer.step()
    return loss.item()


@no_grad()
def evaluate(
    model: Module,
    X: Any,
    y: Any,
    *,
    loss_fn: Callable[[Any, Any], Any] = cross_entropy,
    metrics: Sequence[Callable[[Any, Any], float]] | None = None,
) -> dict[str, float]:
    """Judge the model on X, y: {"loss": ..., "accuracy": ...}. It is left in the mode it was in."""
    if metrics is None:
        metrics = [accuracy] if np.asarray(y).dtype.kind in "iu" else []
    with model.evaluating():
        output = model(Tensor(np.asarray(X)))
    judged = {"loss": float(loss_fn(output, np.asarray(y)))}
    return judged | {metric.__name__: float(metric(output, y)) for metric in metrics}


def accuracy(logits: Any, target: Any) -> float:
    """Return the share of rows whose largest score stands at the right class.

    Example
    -------
    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    0.5
    """
    return float((np.asarray(logits).argmax(axis=-1) == np.asarray(target)).mean())


class History(list[Step]):
    """The steps of a training: `History(train(...))` runs it to the end.

    It is a list of Steps; `losses` and `metric(name)` are ready to be plotted.
    """

    @property
    def losses(self) -> np.ndarray:
        """The loss of every step."""
        return np.array([step.loss for step in self])

    def metric(self, name: str) -> np.ndarray:
        """One metric, epoch by epoch."""
        return np.array([step.metrics[name] for step in self if step.metrics])


def _explain(
    model: Module, x: Any, y: Any, optimizer: Optimizer, loss: float, epoch: int, count: int
) -> str:
    """Say where the first number was lost, and why it probably was."""
    rates = ", ".join(f"{group['lr']:g}" for group in optimizer.param_groups)
    where, why = _first_lost(model, x, y), f"a learning rate that is too large (lr = {rates})"
    repair = "Try one ten times smaller."
    if where in ("the input", "the target"):
        name = "X" if where == "the input" else "y"
        why, repair = "missing values in the data", f"Find them with np.isfinite({name})."
    elif count == 1:  # no step has been taken yet
        why, repair = "a log of 0, a division by 0, or weights lost before", "Look at it alone."
    return (
        f"train: the loss is {loss} at step {count} (epoch {epoch})\n"
        f"The first number was lost in {where}.\n"
        f"Usual cause: {why}.\n{repair}"
    )


def _finite(output: Any) -> bool:
    """Say whether all numbers are finite; a layer may return several arrays, or None."""
    if isinstance(output, tuple | list):
        return all(map(_finite, output))
    return output is None or bool(np.isfinite(np.asarray(output)).all())


@no_grad()
def _first_lost(model: Module, x: Any, y: Any) -> str:
    """Send x through the model again, and name the first layer that gives nan or inf."""
    for name, data in (("the input", x), ("the target", y)):
        if not _finite(data):
            return name
    lost: list[Module] = []

    def watch(layer: Module, _inputs: tuple, output: Any) -> None:
        if not _finite(output):
            lost.append(layer)

    handles = [module.register_forward_hook(watch) for module in model.modules()]
    with np.errstate(over="ignore", invalid="ignore"):
        model(x)
    for handle in handles:
        handle.remove()
    paths = {module: path for path, module in model.named_modules()}
    if not lost:
        return "the loss function"
    what = repr(lost[0]).partition("\n")[0].rstrip("(")  # one line, whatever is inside
    return f"layer {paths[lost[0]]}: {what}" if paths[lost[0]] else f"the model: {what}"
