"""summary: a network on one page, its layers in the order of call, with shapes and costs.

Lessons: 08, 10, 14.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from nnlearn import nn
from nnlearn.nn import Module, Parameter
from nnlearn.tensor import Tensor, no_grad

SELF = "(model)"  # the path of the model itself


class Layer(NamedTuple):
    """One call of one layer. Without shapes: parameters that no layer used by itself."""

    path: str
    kind: str
    input: tuple[int, ...] | None
    output: tuple[int, ...] | None
    parameters: int  # counted where they are met first
    multiply_adds: int
    activations: int  # bytes


class Summary(NamedTuple):
    """What `summary` found: print it, or read its fields. Memory is in bytes."""

    layers: tuple[Layer, ...]
    parameters: int
    trainable: int
    multiply_adds: int
    parameter_memory: int
    activation_memory: int

    def __repr__(self) -> str:
        head = ("layer", "type", "input", "output", "parameters", "multiply-adds")
        rows = [head, *map(_row, self.layers)]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = [
            "  ".join([*map(str.ljust, row[:4], wide[:4]), *map(str.rjust, row[4:], wide[4:])])
            for row in rows
        ]
        rule = "-" * len(table[0])
        frozen = self.parameters - self.trainable
        note = f" ({frozen:,} of them frozen)" if frozen else ""
        totals = (
            f"{self.parameters:,} parameters{note}, {self.multiply_adds:,} multiply-adds\n"
            f"memory: parameters {self.parameter_memory / 1e6:.3f} MB, "
            f"activations {self.activation_memory / 1e6:.3f} MB"
        )
        return "\n".join([table[0], rule, *table[1:], rule, totals])


def summary(model: Module, *input: Any) -> Summary:
    """Send an input through the model, and list every layer with its shapes and costs.

    A multiply-add is one product that is added to a sum: the work of Linear, convolutions,
    recurrent layers and attention. A module whose forward does such work itself, in functions
    instead of layers, can say how much: in a method multiply_adds(inputs, output). Activations are
    the outputs of the layers, unless they share their input's memory. The model is used as in
    eval(), so that nothing in it changes.

    Parameters
    ----------
    model : a Module
    input : what the model is called with: a tensor, an array, or a shape to be filled with zeros;
        the costs are those of this whole batch

    Raises: TypeError for what is no model; what the model itself raises, with the layer's path.

    Example
    -------
    >>> from nnlearn import nn
    >>> summary(nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)), (1, 64))
    layer  type    input    output   parameters  multiply-adds
    ----------------------------------------------------------
    0      Linear  (1, 64)  (1, 32)       2,080          2,048
    1      ReLU    (1, 32)  (1, 32)           0              0
    2      Linear  (1, 32)  (1, 10)         330            320
    ----------------------------------------------------------
    2,410 parameters, 2,368 multiply-adds
    memory: parameters 0.010 MB, activations 0.000 MB

    Lesson 08.
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"summary: {model!r} is not a model\n"
            "Give an instance, such as nn.Linear(2, 1), and its input or the input's shape."
        )
    paths = {module: path for path, module in model.named_modules()}
    calls: list[tuple[Module, Layer]] = []
    called: set[Module] = set()

    def note(module: Module, inputs: tuple, output: Any) -> None:
        parts = {part for part in module.modules() if part is not module}
        alone = called.isdisjoint(parts)  # a part is called before what it is a part of
        called.add(module)
        if _rule(module):
            while calls and calls[-1][0] in parts:  # counted with the whole
                calls.pop()
        if alone or _rule(module) or hasattr(module, "multiply_adds"):
            calls.append((module, _layer(paths[module], module, inputs, output, alone)))

    with no_grad():
        _watch(model, [_array(x, model) for x in input], note)
    counted: set[Parameter] = set()
    layers = [
        layer._replace(parameters=_count(module.parameters(), counted)) for module, layer in calls
    ]
    for module, path in paths.items():
        left = _count((v for v in vars(module).values() if isinstance(v, Parameter)), counted)
        if left:
            layers.append(Layer(path or SELF, type(module).__name__, None, None, left, 0, 0))
    parameters = list(model.parameters())
    return Summary(
        tuple(layers),
        parameters=sum(p.data.size for p in parameters),
        trainable=sum(p.data.size for p in parameters if p.requires_grad),
        multiply_adds=sum(layer.multiply_adds for layer in layers),
        parameter_memory=sum(p.data.nbytes for p in parameters),
        activation_memory=sum(layer.activations for layer in layers),
    )


def _watch(model: Module, inputs: list[Tensor], note: Callable) -> None:
    """Call the model as in eval(), with a hook on every layer; then leave it as it was."""
    handles = [module.register_forward_hook(note) for module in model.modules()]
    try:
        with model.evaluating():
            model(*inputs)
    finally:
        for handle in handles:
            handle.remove()


def _array(x: Any, model: Module) -> Tensor:
    """Make the model's input: zeros for a shape, in the dtype of the parameters."""
    if isinstance(x, Tensor | np.ndarray):
        return Tensor(np.asarray(x))
    if not isinstance(x, tuple | list) or not all(isinstance(n, int) and n >= 0 for n in x):
        raise TypeError(
            f"summary: the input must be a tensor, an array or a shape, not {x!r}\n"
            "Give the shape with the batch first, such as (1, 64)."
        )
    dtype = next((p.data.dtype for p in model.parameters()), np.dtype(np.float32))
    return Tensor(np.zeros(x, dtype))


def _rule(module: Module) -> Callable[[Any, tuple, Any], int] | None:
    """Find how to count the multiply-adds of a layer of nn; None if it has none, or is another."""
    return next((MULTIPLY_ADDS[k] for k in type(module).__mro__ if k in MULTIPLY_ADDS), None)


def _layer(path: str, module: Module, inputs: tuple, output: Any, alone: bool) -> Layer:
    given, made = _first(inputs), _first(output)
    whole = alone or _rule(module)  # else its last part has made what it returns
    rule: Any = _rule(module) or getattr(type(module), "multiply_adds", lambda *_: 0)
    return Layer(
        path=path or SELF,
        kind=type(module).__name__,
        input=None if given is None else given.shape,
        output=None if made is None else made.shape,
        parameters=0,
        multiply_adds=int(rule(module, inputs, output)),
        activations=0 if made is None or not whole or _is_view(made, given) else made.nbytes,
    )


def _is_view(made: np.ndarray, given: np.ndarray | None) -> bool:
    """Whether the output lies in the input's memory, as that of Flatten does."""
    return given is not None and bool(np.may_share_memory(made, given))


def _first(values: Any) -> np.ndarray | None:
    """Find the first array: an LSTM, say, returns (output, (h, c))."""
    if isinstance(values, tuple | list):
        return next((a for a in map(_first, values) if a is not None), None)
    return np.asarray(values) if isinstance(values, Tensor | np.ndarray) else None


def _count(parameters: Iterable[Parameter], counted: set[Parameter]) -> int:
    """Count the numbers in parameters that were not met before."""
    new = [p for p in parameters if p not in counted]
    counted.update(new)
    return sum(p.data.size for p in new)


def _row(layer: Layer) -> tuple[str, ...]:
    shapes = ("-" if s is None else str(tuple(s)) for s in (layer.input, layer.output))
    return layer.path, layer.kind, *shapes, f"{layer.parameters:,}", f"{layer.multiply_adds:,}"


def _per_output(module: Any, inputs: tuple, output: Any) -> int:
    """Linear, convolution: each number of the output is one neuron's sum over its inputs."""
    return math.prod(np.shape(output)) * math.prod(module.weight.shape[1:])


def _per_input(module: Any, inputs: tuple, output: Any) -> int:
    """Transposed convolution: each number of the input is spread over a patch of the output."""
    return math.prod(np.shape(inputs[0])) * math.prod(module.weight.shape[1:])


def _per_step(module: Any, inputs: tuple, output: Any) -> int:
    """Recurrent layers: every weight is used once for each step of each sequence."""
    weights = sum(p.data.size for p in module.parameters() if p.data.ndim == 2)
    return math.prod(np.shape(inputs[0])[:-1]) * weights


def _attention(module: Any, inputs: tuple, output: Any) -> int:
    """Four projections; then every query meets every key, and adds up every value."""
    query, key, value = (np.shape(x) for x in inputs[:3])
    E = module.embed_dim
    projections = E * sum(math.prod(shape) for shape in (query, key, value, query))
    steps = key[1] if module.batch_first and len(key) == 3 else key[0]
    return projections + 2 * math.prod(query) * steps


MULTIPLY_ADDS: dict[type, Callable[[Any, tuple, Any], int]] = {
    nn.Linear: _per_output,
    nn.Conv1d: _per_output,
    nn.Conv2d: _per_output,
    nn.ConvTranspose2d: _per_input,
    nn.RNN: _per_step,
    nn.RNNCell: _per_step,
    nn.LSTMCell: _per_step,
    nn.GRUCell: _per_step,
    nn.LSTM: _per_step,
    nn.GRU: _per_step,
    nn.MultiheadAttention: _attention,
}
