"""One message per frame: a small JSON header and the arrays' own bytes, packed together.

Layout: 4 bytes little-endian length, then the header (JSON, padded with spaces so that the arrays
start on a multiple of 8), then each array at the offset that the header names.

Lessons: 00, 01.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

KINDS = {"float32", "float64", "uint8", "int32"}


class BadFrame(ValueError):
    """A frame that cannot be packed or read; the text says which part."""


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """Pack a header and named arrays (float32, float64, uint8, int32) into bytes.

    Example
    -------
    >>> header, arrays = unpack(pack({"n": 1}, {"z": np.zeros((2, 3), np.float32)}))
    >>> header["n"], arrays["z"].shape
    (1, (2, 3))
    """
    index, blocks, at = {}, [], 0
    for name, array in arrays.items():
        a = np.ascontiguousarray(array)
        if a.dtype.name not in KINDS:
            raise BadFrame(f"array {name!r} is {a.dtype}: a frame holds {', '.join(sorted(KINDS))}")
        block = a.tobytes()
        index[name] = {"dtype": a.dtype.name, "shape": list(a.shape), "at": at}
        blocks.append(block + b"\0" * (-len(block) % 8))
        at += len(blocks[-1])
    text = json.dumps({**plain(header), "arrays": index}, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return b"".join([len(text).to_bytes(4, "little"), text, *blocks])


def unpack(frame: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read what `pack` wrote; raises `BadFrame` for anything else."""
    size = int.from_bytes(frame[:4], "little")
    try:
        header = json.loads(frame[4 : 4 + size])
        arrays = {
            name: np.frombuffer(
                frame, a["dtype"], math.prod(a["shape"]), offset=4 + size + a["at"]
            ).reshape(a["shape"])
            for name, a in header.pop("arrays").items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise BadFrame(f"not a frame of {len(frame)} bytes: {why}") from None
    return header, arrays


def plain(value: Any) -> Any:
    """The same value with JSON's types only: arrays become lists, NaN and infinities words."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise BadFrame(f"{type(value).__name__} has no place in a frame or a saved state")
