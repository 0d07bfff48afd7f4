"""Datasets and batches: what a training loop is fed with.

Lessons: 00, 09.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from nnlearn.data.collate import default_collate
from nnlearn.errors import ShapeError
from nnlearn.random import generator
from nnlearn.tensor import Tensor


class Dataset:
    """Samples by number: write `__getitem__` and `__len__`."""

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} needs a method __getitem__(self, index)")

    def __len__(self) -> int:
        raise NotImplementedError(f"{type(self).__name__} needs a method __len__(self)")

    def take(self, indices: np.ndarray) -> Any:
        """Return the samples with these numbers as one batch."""
        return default_collate([self[int(i)] for i in indices])


class TensorDataset(Dataset):
    """Arrays or Tensors side by side: sample i is row i of each.

    Example
    -------
    >>> data = TensorDataset(np.zeros((4, 2)), np.arange(4))
    >>> data[3]
    (tensor([0., 0.], dtype=float64), tensor(3))
    """

    def __init__(self, *tensors: Any) -> None:
        self.arrays = [np.asarray(t) for t in tensors]
        if len({len(a) for a in self.arrays}) != 1:
            raise ShapeError(
                "TensorDataset: all need the same number of rows",
                {f"tensor {i}": a.shape for i, a in enumerate(self.arrays)},
                "Row i of each makes sample i.",
            )

    def __getitem__(self, index: Any) -> tuple:
        return tuple(Tensor(np.asarray(a[index])) for a in self.arrays)

    def __len__(self) -> int:
        return len(self.arrays[0])

    def take(self, indices: np.ndarray) -> Any:
        return self[indices]


class Subset(Dataset):
    """Some samples of a dataset, by their numbers."""

    def __init__(self, dataset: Any, indices: Sequence[int] | np.ndarray) -> None:
        self.dataset, self.indices = dataset, indices

    def __getitem__(self, index: Any) -> Any:
        return self.dataset[int(self.indices[index])]

    def __len__(self) -> int:
        return len(self.indices)

    def take(self, indices: np.ndarray) -> Any:
        return _take(self.dataset, np.asarray(self.indices)[indices])


class ConcatDataset(Dataset):
    """Datasets one after the other, as if they were one.

    Example
    -------
    >>> data = ConcatDataset([TensorDataset(np.arange(3)), TensorDataset(np.arange(10, 12))])
    >>> len(data), data[3]
    (5, (tensor(10),))
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        self.ends = np.cumsum([len(data) for data in self.datasets])

    def __getitem__(self, index: Any) -> Any:
        index = range(len(self))[index]  # counts from the end too; IndexError past it
        part = int(np.searchsorted(self.ends, index, side="right"))
        return self.datasets[part][index - int(self.ends[part - 1] if part else 0)]

    def __len__(self) -> int:
        return int(self.ends[-1]) if self.datasets else 0


def _take(dataset: Any, indices: np.ndarray) -> Any:
    """Return samples of a dataset, or of anything that has numbered items, as one batch."""
    if isinstance(dataset, Dataset):
        return dataset.take(indices)
    return default_collate([dataset[int(i)] for i in indices])


def random_split(
    dataset: Any, lengths: Sequence[float], *, rng: np.random.Generator | None = None
) -> list[Subset]:
    """Deal the samples at random into parts.

    Parameters
    ----------
    dataset : what to divide
    lengths : the size of each part, or its share; shares add up to 1

    Example
    -------
    >>> [len(part) for part in random_split(TensorDataset(np.arange(10)), [0.75, 0.25])]
    [8, 2]
    """
    n, shares = len(dataset), abs(sum(lengths) - 1) < 1e-9
    sizes = [int(n * length) if shares else int(length) for length in lengths]
    if shares:
        for i in range(n - sum(sizes)):  # as in PyTorch, the first parts get what is left over
            sizes[i % len(sizes)] += 1
    if sum(sizes) != n or any(size < 0 for size in sizes):
        raise ValueError(
            f"random_split: the parts {list(lengths)} add up to {sum(sizes)}\n"
            f"They must add up to the {n} samples there are, or, as shares, to 1."
        )
    order, ends = generator(rng).permutation(n), np.cumsum(sizes)
    return [Subset(dataset, part) for part in np.split(order, ends[:-1])]


class DataLoader:
    """Go through a dataset in batches; each `for` loop is one epoch.

    Parameters
    ----------
    dataset : a Dataset, or anything with a length and numbered items, such as a list
    batch_size : samples per batch; the last batch may be smaller
    shuffle : a new order in every epoch
    num_workers, pin_memory : as PyTorch programs say them; batches are always made in this process
    collate_fn : makes a batch of a list of samples; `default_collate` if left out
    drop_last : leave a smaller last batch out
    rng : where the order comes from

    Raises: ValueError for an empty dataset, or a batch_size below 1.

    Example
    -------
    >>> [len(x) for (x,) in DataLoader(TensorDataset(np.arange(10)), batch_size=4)]
    [4, 4, 2]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        *,
        num_workers: int = 0,
        collate_fn: Callable[[list], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        rng: np.random.Generator | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"DataLoader: batch_size must be 1 or more, not {batch_size}")
        if len(dataset) == 0:
            raise ValueError(
                "DataLoader: the dataset is empty: there is no sample to make a batch of\n"
                "Look at len(dataset) where it is made: a filter or a split may have left nothing."
            )
        if num_workers > 0:
            warnings.warn(
                f"DataLoader: num_workers={num_workers} is not part of nnlearn and is ignored: "
                "batches are made in this process",
                stacklevel=2,
            )
        self.dataset, self.batch_size, self.shuffle = dataset, batch_size, shuffle
        self.collate_fn, self.drop_last, self.rng = collate_fn, drop_last, rng

    def __len__(self) -> int:
        full, rest = divmod(len(self.dataset), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        n = len(self.dataset)
        order = generator(self.rng).permutation(n) if self.shuffle else np.arange(n)
        for i in range(len(self)):
            chosen = order[i * self.batch_size : (i + 1) * self.batch_size]
            if self.collate_fn is None:
                yield _take(self.dataset, chosen)
            else:
                yield self.collate_fn([self.dataset[int(j)] for j in chosen])
