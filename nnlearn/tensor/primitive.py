"""primitive: from a rule on plain arrays to an operation on Tensors.

Lessons: 00, 07.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

from nnlearn.tensor.engine import FLOAT64, Tensor, recording
from nnlearn.tensor.registry import ops


def primitive(rule: Callable[..., tuple[Any, tuple]]) -> Callable[..., Any]:
    """Lift `rule(*arrays, **settings) -> (value, vjps)` from arrays to Tensors.

    A rule names its arrays as plain parameters and its settings after `*`. It returns its value
    and one vjp per array: a function that turns the gradient of the value into that of the array.
    A rule never writes to its inputs, nor a vjp to the gradient it gets. Plain arrays in give a
    plain array out; the rule itself stays at hand as `op.rule`.
    """
    parameters = inspect.signature(rule).parameters.values()
    names = [p.name for p in parameters]
    count = sum(p.kind is not p.KEYWORD_ONLY for p in parameters)
    many = any(p.kind is p.VAR_POSITIONAL for p in parameters)  # rule(*arrays), as in cat

    @wraps(rule)
    def op(*inputs: Any, **settings: Any) -> Any:
        if (settings or len(inputs) > count) and not many:
            inputs, settings = _bind(names, count, inputs, settings)
        arrays, tensors, wanted = [], 0, 0
        for x in inputs:
            if isinstance(x, Tensor):
                arrays.append(x.data)
                tensors += 1
                wanted += x.requires_grad
            else:
                arrays.append(_operand(x))
        if not tensors:
            return rule(*_plain(inputs), **settings)[0]
        value, vjps = rule(*arrays, **settings)
        out = Tensor(value)
        if out.data.dtype is FLOAT64 and not _allows_float64(arrays, settings):
            out.data = out.data.astype(np.float32)
        if wanted and vjps and recording.get():
            out.requires_grad = True
            edges = zip(inputs, vjps)  # noqa: B905 (strict=... doubles the time)
            out.edges = tuple(edges if wanted == len(inputs) else filter(_wants_gradient, edges))
        return out

    op.rule = rule  # type: ignore[attr-defined]
    if rule.__module__.startswith("nnlearn.ops."):  # a learner's own relu must not become x.relu()
        setattr(ops, rule.__name__, op)
    return op


def jointly(backward: Callable[[np.ndarray], tuple], count: int) -> tuple[Callable, ...]:
    """Make `count` vjps that share one run of `backward(g)`, which returns all gradients at once.

    For rules whose gradients have most of their work in common. Each result must be a new array.
    """
    kept: list[Any] = [None, ()]  # the last g, and the gradients for it

    def vjp(i: int, g: np.ndarray) -> np.ndarray:
        if kept[0] is not g:
            kept[:] = g, backward(g)
        return kept[1][i]

    return tuple(partial(vjp, i) for i in range(count))


def _bind(names: list[str], count: int, inputs: tuple, settings: dict) -> tuple[tuple, dict]:
    """Sort arguments as PyTorch would: settings may come by position, arrays by name."""
    for alias, name in (("axis", "dim"), ("keepdims", "keepdim")):
        if alias in settings:
            settings[name] = settings.pop(alias)
    given = len(inputs)
    if given > count:
        settings.update(zip(names[count:], inputs[count:], strict=False))
        inputs = inputs[:count]
    elif given < count:
        last = max((i for i in range(given, count) if names[i] in settings), default=-1)
        inputs += tuple(settings.pop(name, None) for name in names[given : last + 1])
    for name, value in settings.items():
        if isinstance(value, Tensor):
            settings[name] = value.data
    return inputs, settings


def _allows_float64(arrays: list, settings: dict) -> bool:
    """Float64 comes only from float64, or where it is asked for: 0.5 and integers bring float32."""
    floats = [a for a in arrays if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
    several = [a for a in floats if a.ndim] or floats  # a lone number follows the others' dtype
    return "dtype" in settings or any(a.dtype == FLOAT64 for a in several)


def _operand(x: Any) -> Any:
    """Turn what stands beside a Tensor into an array; Python numbers stay, to follow its dtype."""
    if isinstance(x, np.generic):
        x = x.item()
    return x if x is None or isinstance(x, int | float) else np.asarray(x)


def _plain(inputs: tuple) -> list:
    """Turn inputs into arrays; beside an array, a Python number stays, to follow its dtype."""
    beside = any(isinstance(x, np.ndarray) for x in inputs)
    stays = (int, float, type(None)) if beside else type(None)
    return [x if isinstance(x, stays) else np.asarray(x) for x in inputs]


def _wants_gradient(edge: tuple[Any, Callable]) -> bool:
    return isinstance(edge[0], Tensor) and edge[0].requires_grad
