"""save and load: weights and whole checkpoints in safetensors files, which PyTorch reads too.

A safetensors file is a line of JSON (names, dtypes, shapes, places) and then the numbers as they
lie in memory. Reading it runs no code, unlike the pickles that torch.save writes: such a file may
do anything to the machine of whoever opens it.

Lessons: 10, 14, 19.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from nnlearn.tensor import Tensor

DTYPES = ("bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64").split()
REST = "nnlearn"  # the entry of the file's metadata that holds what is not a tensor


def save(obj: Any, f: str | os.PathLike[str]) -> None:
    """Write tensors, alone or inside dicts and lists with numbers and text, into a file.

    A state_dict keeps its names in the file; in a nested checkpoint a tensor is named by its path,
    such as "model.0.weight". The rest is kept as JSON, with the order of all names. The file is
    there whole or not at all: a write that fails leaves the old one as it was. Tensors that are
    shared are written under each of their names.

    Parameters
    ----------
    obj : such as model.state_dict() or {"model": model.state_dict(), "epoch": 3}
    f : where to; usually named .safetensors

    Raises: TypeError for what cannot be kept; OSError if the file cannot be written.

    Example
    -------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "model.safetensors")
    >>> save({"model": {"bias": Tensor([1.0, 2.0])}, "epoch": 3}, file)
    >>> load(file)
    {'model': {'bias': tensor([1., 2.])}, 'epoch': 3}

    Lesson 10.
    """
    from safetensors.numpy import save as to_bytes  # here: it is needed only where files are

    tensors: dict[str, np.ndarray] = {}
    rest = json.dumps(_pack(obj, "", tensors))
    _write(Path(f), to_bytes(tensors, metadata={REST: rest}))


def load(f: str | os.PathLike[str], map_location: Any = None, *, weights_only: bool = True) -> Any:
    """Read what `save` or PyTorch's safetensors.torch.save_file wrote.

    float16 and bfloat16 come as float32, which holds each of their numbers exactly. A file by
    another program gives a dict of tensors in the order in which they lie in it.

    Parameters
    ----------
    f : the file
    map_location : None or "cpu", the only place there is
    weights_only : True, the only way there is: no code is ever run

    Raises: FileNotFoundError; ValueError for a pickle or a damaged file; TypeError for a dtype that
    is not part of nnlearn.

    Lesson 10.
    """
    from safetensors import SafetensorError, safe_open

    if str(map_location or "cpu") != "cpu" or not weights_only:
        raise ValueError(
            "load: only map_location='cpu' and weights_only=True are part of nnlearn\n"
            "It computes on the CPU, and never runs code that comes in a file."
        )
    path = Path(f)
    _look_at(path)
    try:
        with safe_open(path, framework="np") as file:
            rest = (file.metadata() or {}).get(REST)
            tensors = {name: Tensor(_read(file, name, path)) for name in file.offset_keys()}
    except SafetensorError as error:
        raise _damaged(path, error) from error
    try:
        return tensors if rest is None else _unpack(json.loads(rest), tensors)
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> ValueError:
    return ValueError(
        f"load: {path.name} is damaged, or not a safetensors file\n"
        f"The reader says: {error}\n"
        "Usual cause: a download or copy that was cut short. Fetch it again."
    )


def _pack(obj: Any, path: str, tensors: dict[str, np.ndarray]) -> Any:
    """Put the tensors into `tensors`, named by path; return the rest as JSON can hold it."""
    if isinstance(obj, Tensor | np.ndarray):
        name = path or "tensor"
        _keep(np.asarray(obj), name, tensors)
        return {"tensor": name}
    if isinstance(obj, np.generic):
        obj = obj.item()
    if obj is None or isinstance(obj, bool | int | float | str):
        return obj
    before = f"{path}." if path else ""
    if isinstance(obj, Mapping):
        if any(not isinstance(key, str | int) for key in obj):
            raise TypeError(f"save: the keys of {path or 'a dict'} must be text or whole numbers")
        # pairs, not a JSON object: that would turn the optimizer's 0, 1, 2 into "0", "1", "2"
        return {"dict": [[key, _pack(obj[key], f"{before}{key}", tensors)] for key in obj]}
    if isinstance(obj, list | tuple):
        kind = "list" if isinstance(obj, list) else "tuple"
        return {kind: [_pack(value, f"{before}{i}", tensors) for i, value in enumerate(obj)]}
    hint = "Give its state_dict()." if hasattr(obj, "state_dict") else "Leave it out."
    raise TypeError(
        f"save: {path or 'this'} is a {type(obj).__name__}, which a file cannot keep\n"
        "It keeps tensors, numbers, text, True, False and None, and dicts and lists of these.\n"
        f"{hint}"
    )


def _keep(array: np.ndarray, name: str, tensors: dict[str, np.ndarray]) -> None:
    """Add one array to those that will be written."""
    if name in tensors or name == "__metadata__":
        raise ValueError(
            f"save: the name {name!r} is {'taken' if name in tensors else 'reserved'}\n"
            "A tensor is named by the keys that lead to it, joined by dots. Rename one key."
        )
    if array.dtype.name not in DTYPES:
        raise TypeError(f"save: {name} has dtype {array.dtype}, which a file cannot keep")
    tensors[name] = np.asarray(array, order="C")


def _unpack(rest: Any, tensors: dict[str, Tensor]) -> Any:
    """Build the object again: the reverse of _pack."""
    if not isinstance(rest, dict):
        return rest
    ((kind, inside),) = rest.items()  # as _pack writes them: one word, and what is inside
    if kind == "tensor":
        return tensors[inside]
    if kind == "dict":
        return {key: _unpack(value, tensors) for key, value in inside}
    return {"list": list, "tuple": tuple}[kind](_unpack(value, tensors) for value in inside)


def _look_at(path: Path) -> None:
    """Refuse a pickle before anybody reads on, and say how to make a safetensors file of it."""
    with path.open("rb") as file:
        start = file.read(9)  # of a safetensors file: the length of the line of JSON, and its {
    # torch.save writes a zip file today, and wrote a bare pickle before
    if start[8:] != b"{" and start.startswith((b"PK", b"\x80")):
        raise ValueError(
            f"load: {path.name} is a pickle or a zip file, such as torch.save writes\n"
            "Reading a pickle runs whatever code is in it, so nnlearn does not. In PyTorch, write\n"
            f"  weights = torch.load({path.name!r}, weights_only=True)\n"
            f"  safetensors.torch.save_file(weights, {path.stem + '.safetensors'!r})"
        )


def _read(file: Any, name: str, path: Path) -> np.ndarray:
    """Read one tensor."""
    dtype = file.get_slice(name).get_dtype()
    if dtype == "BF16":
        return _read_bfloat16(path, name)
    if dtype[0] not in "BIUF" or dtype.startswith("F8"):
        raise TypeError(
            f"load: {name} in {path.name} has dtype {dtype}, which is not part of nnlearn\n"
            "In PyTorch, write it as float32: tensor.float()."
        )
    array = file.get_tensor(name)
    return array.astype(np.float32) if dtype == "F16" else array


def _read_bfloat16(path: Path, name: str) -> np.ndarray:
    """Read the two upper bytes of each float32: that is all that bfloat16 is. NumPy lacks it."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(length))[name]
        begin, end = entry["data_offsets"]
        file.seek(8 + length + begin)
        upper = np.frombuffer(file.read(end - begin), "<u2").astype(np.uint32)
    return (upper << 16).view(np.float32).reshape(entry["shape"])


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it, flushed to the disk, then renamed."""
    path = Path(os.path.realpath(path))  # a link stays a link
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException as error:
        with suppress(OSError):  # there may be none, or its folder be a file
            beside.unlink()
        if not isinstance(error, OSError):
            raise
        before = "The file that was there is unchanged." if path.exists() else "No file was made."
        raise OSError(
            error.errno, f"save: {path.name} could not be written: {error.strerror}\n{before}"
        ) from error
