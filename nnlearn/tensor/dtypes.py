"""What a tensor can hold, and where it can live: six dtypes, and the CPU.

Lessons: 00, 19.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

__all__ = [
    "bool",
    "cuda",
    "device",
    "double",
    "float",
    "float32",
    "float64",
    "int",
    "int32",
    "int64",
    "long",
    "uint8",
]

float32, float64 = np.dtype(np.float32), np.dtype(np.float64)
int32, int64, uint8 = np.dtype(np.int32), np.dtype(np.int64), np.dtype(np.uint8)
bool = np.dtype(np.bool_)
float, double, int, long = float32, float64, int32, int64  # PyTorch's second names
KNOWN = (float32, float64, int64, int32, uint8, bool)

cuda = SimpleNamespace(is_available=lambda: False, device_count=lambda: 0)


def known_dtype(dtype: Any) -> Any:
    """Return the NumPy dtype meant by a name, a Python type or a dtype; None stays None."""
    if dtype is None:
        return None
    found = np.dtype(dtype)
    if found not in KNOWN:
        names = " ".join(str(d) for d in KNOWN)
        raise TypeError(f"dtype {found} is not part of nnlearn\nThere are: {names}.")
    return found


class device:
    """Where a tensor lives: always on the CPU.

    Example
    -------
    >>> device("cuda" if cuda.is_available() else "cpu")
    device(type='cpu')
    """

    def __init__(self, type: Any = "cpu", index: Any = None) -> None:
        self.type, self.index = str(type).split(":")[0], index
        if self.type != "cpu":
            raise ValueError(
                f"nnlearn computes on the CPU: there is no device {str(type)!r}\n"
                'Leave .cuda() and device= out, or write device="cpu".\n'
                "PyTorch, with the same model and the same weights, computes on a GPU."
            )

    def __eq__(self, other: object) -> Any:
        return str(other) == "cpu"

    def __hash__(self) -> Any:
        return hash("cpu")

    def __str__(self) -> str:
        return "cpu"

    def __repr__(self) -> str:
        return "device(type='cpu')"


def split_target(target: Any, dtype: Any, place: Any) -> Any:
    """Read the arguments of `.to(...)`: return the dtype asked for, or None; refuse other devices.

    `to` takes a dtype, a device, a device and a dtype, or another tensor.
    """
    if isinstance(target, str | device) and str(target) not in map(str, KNOWN):
        place, target = target, None
    if place is not None:
        device(place)
    if hasattr(target, "requires_grad"):  # another tensor: be as it is
        target = target.dtype
    return known_dtype(dtype if target is None else target)
