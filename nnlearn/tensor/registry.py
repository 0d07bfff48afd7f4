"""Every operation by its name, for the methods of Tensor: `x.exp()` asks here for `exp`.

The files in `nnlearn/ops/` fill it as they define their operations, so that Tensor need not import
what itself needs Tensor.

Lessons: 07.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

ops = SimpleNamespace()


def composed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Enter a function that is put together from primitives (those enter by themselves)."""
    setattr(ops, function.__name__, function)
    return function
