import numpy as np
import pytest

import nnlearn as T
from nnlearn.data import DataLoader, Dataset, TensorDataset, random_split
from nnlearn.errors import ShapeError

X, Y = np.arange(20, dtype=np.float32).reshape(10, 2), np.arange(10)


def rows(loader):
    return [y.tolist() for _, y in loader]


def test_batches_are_tensors_that_belong_together():
    for x, y in DataLoader(TensorDataset(X, Y), batch_size=4, shuffle=True):
        assert x.dtype == T.float32 and y.dtype == T.int64
        assert np.array_equal(x, X[y.data])


def test_order_and_sizes():
    data = TensorDataset(X, T.tensor(Y))
    assert rows(DataLoader(data, 4)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert rows(DataLoader(data, batch_size=4, drop_last=True)) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    for size, drop, count in [(4, False, 3), (4, True, 2), (5, False, 2), (20, True, 0)]:
        loader = DataLoader(data, size, drop_last=drop)
        assert len(loader) == len(list(loader)) == count


def test_shuffle_is_new_each_epoch_and_repeats_by_seed():
    loader = DataLoader(TensorDataset(X, Y), 10, shuffle=True, rng=np.random.default_rng(0))
    again = DataLoader(TensorDataset(X, Y), 10, shuffle=True, rng=np.random.default_rng(0))
    first, second = rows(loader), rows(loader)
    assert first != second and sorted(first[0]) == list(range(10))
    assert [rows(again), rows(again)] == [first, second]
    T.manual_seed(1)
    plain = DataLoader(TensorDataset(X, Y), 10, shuffle=True)
    first = rows(plain)
    T.manual_seed(1)
    assert rows(plain) == first


def test_random_split():
    data = TensorDataset(X, Y)
    parts = random_split(data, [7, 3], rng=np.random.default_rng(0))
    assert [len(p) for p in parts] == [7, 3]
    assert sorted(y.item() for part in parts for _, y in (part[i] for i in range(len(part)))) == [
        *range(10)
    ]
    assert [len(p) for p in random_split(data, [0.5, 0.25, 0.25])] == [6, 2, 2]
    (batch,) = DataLoader(parts[1], batch_size=3)
    assert np.array_equal(batch[0], X[batch[1].data])
    with pytest.raises(ValueError, match="add up to 9"):
        random_split(data, [5, 4])


class Squares(Dataset):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        return np.float32(index) ** 2, index


def test_own_datasets():
    x, y = next(iter(DataLoader(Squares(), batch_size=3)))
    assert x.tolist() == [0, 1, 4] and x.dtype == T.float32 and y.tolist() == [0, 1, 2]
    with pytest.raises(NotImplementedError, match="__len__"):
        len(Dataset())


def test_errors():
    with pytest.raises(ShapeError, match="same number of rows"):
        TensorDataset(X, Y[:5])
    with pytest.raises(ValueError, match="batch_size"):
        DataLoader(TensorDataset(X), 0)
