"""From samples to a batch: stack what has one shape, pad what has not.

Lessons: 11, 12, 17.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnlearn.errors import ShapeError
from nnlearn.tensor import Tensor


def default_collate(samples: Sequence[Any]) -> Any:
    """Make one batch of samples that are alike, as PyTorch does it.

    Arrays, Tensors and numbers are stacked, with the samples along the new first axis; texts stay a
    list; tuples become a tuple of batches, dicts a dict of batches.

    Raises: ShapeError if shapes differ: such samples need `pad_sequence` in a `collate_fn`.

    Example
    -------
    >>> default_collate([(np.zeros(3), 7), (np.ones(3), 8)])[1]
    tensor([7, 8])

    Lesson 12.
    """
    first = samples[0]
    if isinstance(first, str | bytes):
        return list(samples)
    if isinstance(first, Mapping):
        return {key: default_collate([sample[key] for sample in samples]) for key in first}
    if isinstance(first, tuple | list):
        return tuple(default_collate(column) for column in zip(*samples, strict=True))
    arrays = [x.data if isinstance(x, Tensor) else np.asarray(x) for x in samples]
    different = [a.shape for a in arrays if a.shape != arrays[0].shape]
    if different:
        raise ShapeError(
            "default_collate: samples of one batch need one shape",
            {"first sample": arrays[0].shape, "another": different[0]},
            "Give DataLoader a collate_fn that pads them: see nnlearn.data.pad_sequence.",
        )
    return Tensor(np.stack(arrays))


def pad_sequence(
    sequences: Sequence[Any], batch_first: bool = False, padding_value: float = 0.0
) -> Any:
    """Lay sequences of different lengths side by side; shorter ones are filled up at the end.

    Parameters
    ----------
    sequences : N arrays or Tensors of shape (T, ...); only T may differ
    batch_first : the order of the first two axes
    padding_value : what to fill up with

    Returns
    -------
    batch : shape (T, N, ...), T the greatest length, or (N, T, ...) if batch_first; a Tensor,
        through which no gradient flows, or an array if all sequences are arrays

    Raises: ShapeError if the other axes differ; ValueError without any sequence.

    Example
    -------
    >>> pad_sequence([np.array([1, 2, 3]), np.array([4])], batch_first=True)
    array([[1, 2, 3],
           [4, 0, 0]])

    Lesson 12.
    """
    arrays = [s.data if isinstance(s, Tensor) else np.asarray(s) for s in sequences]
    if not arrays:
        raise ValueError("pad_sequence: there is no sequence\nGive one or more.")
    rest = arrays[0].shape[1:]
    for array in arrays:
        if array.ndim == 0 or array.shape[1:] != rest:
            raise ShapeError(
                "pad_sequence: sequences may differ in their first axis only",
                {"first": arrays[0].shape, "another": array.shape},
                "A sequence has the shape (T, ...): steps first.",
            )
    shape = (len(arrays), max(map(len, arrays)), *rest)
    batch = np.full(shape, padding_value, np.result_type(*arrays))
    for row, array in zip(batch, arrays, strict=True):
        row[: len(array)] = array
    batch = batch if batch_first else np.ascontiguousarray(batch.swapaxes(0, 1))
    return Tensor(batch) if any(isinstance(s, Tensor) for s in sequences) else batch
