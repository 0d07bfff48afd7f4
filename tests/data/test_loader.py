import numpy as np
import pytest

import nnlearn as T
from nnlearn.data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    Subset,
    TensorDataset,
    default_collate,
    pad_sequence,
    random_split,
)
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


def test_anything_with_numbered_items_is_a_dataset():
    samples = [(np.float32(i), i) for i in range(5)]
    x, y = next(iter(DataLoader(samples, batch_size=3)))
    assert x.dtype == T.float32 and y.tolist() == [0, 1, 2]
    (batch,) = DataLoader(Subset(samples, [4, 1]), batch_size=9)
    assert batch[1].tolist() == [4, 1]


def test_concatenated_datasets():
    data = ConcatDataset([TensorDataset(X, Y), [], Squares(), TensorDataset(X[:1], Y[:1])])
    assert len(data) == 16 and len(ConcatDataset([])) == 0
    assert data[9][1].item() == 9 and data[10] == (0.0, 0) and data[14] == (16.0, 4)
    assert data[-1][1].item() == 0 and data[-16][1].item() == 0
    for index in (16, -17):
        with pytest.raises(IndexError):
            data[index]


def test_collate_fn_gets_the_samples():
    words = [([1, 2, 3], 0), ([4], 1), ([5, 6], 0)]

    def pad(samples):
        tokens, labels = zip(*samples, strict=True)
        return pad_sequence([T.tensor(t) for t in tokens], batch_first=True), T.tensor(labels)

    (batch,) = DataLoader(words, batch_size=3, collate_fn=pad)
    assert batch[0].tolist() == [[1, 2, 3], [4, 0, 0], [5, 6, 0]] and batch[0].dtype == T.int64
    assert batch[1].tolist() == [0, 1, 0]
    (samples,) = DataLoader(TensorDataset(X, Y), batch_size=10, collate_fn=list)
    assert len(samples) == 10 and samples[3][1].item() == 3


def test_default_collate_is_pytorchs():
    samples = [{"x": X[i], "name": f"n{i}", "pair": (i, i / 2)} for i in range(2)]
    batch = default_collate(samples)
    assert batch["name"] == ["n0", "n1"] and np.array_equal(batch["x"], X[:2])
    assert batch["pair"][0].dtype == T.int64 and batch["pair"][1].dtype == T.float64
    torch = pytest.importorskip("torch")
    theirs = torch.utils.data.default_collate(samples)
    assert theirs["name"] == batch["name"] and theirs["pair"][1].dtype == torch.float64
    assert np.array_equal(theirs["x"], batch["x"])


def test_samples_of_different_shapes_are_told_of_padding():
    with pytest.raises(ShapeError, match="pad_sequence"):
        next(iter(DataLoader([np.zeros(2), np.zeros(3)], batch_size=2)))


def test_words_of_pytorch_programs():
    data = TensorDataset(X, Y)
    assert len(list(DataLoader(data, 5, num_workers=0, pin_memory=True))) == 2
    with pytest.warns(UserWarning, match="num_workers=2 is not part of nnlearn and is ignored"):
        assert len(list(DataLoader(data, 5, num_workers=2))) == 2


def test_nothing_to_learn_from():
    for empty in ([], TensorDataset(X[:0], Y[:0]), Subset(Squares(), [])):
        with pytest.raises(ValueError, match="the dataset is empty"):
            DataLoader(empty)


def test_pad_sequence():
    a, b = np.arange(6.0, dtype=np.float32).reshape(3, 2), np.ones((1, 2), np.float32)
    padded = pad_sequence([a, b], padding_value=-1)
    assert isinstance(padded, np.ndarray) and padded.shape == (3, 2, 2)
    assert padded.dtype == np.float32 and padded.flags.c_contiguous
    assert np.array_equal(padded[:, 0], a) and np.array_equal(padded[1:, 1], [[-1, -1], [-1, -1]])
    assert pad_sequence([np.zeros(0), np.zeros(0)], True).shape == (2, 0)
    assert isinstance(pad_sequence([T.tensor([1.0])]), T.Tensor)
    with pytest.raises(ValueError, match="there is no sequence"):
        pad_sequence([])
    with pytest.raises(ShapeError, match="first axis only"):
        pad_sequence([a, np.ones((2, 3))])
    torch = pytest.importorskip("torch")
    theirs = torch.nn.utils.rnn.pad_sequence([torch.tensor(a), torch.tensor(b)], False, -1)
    assert np.array_equal(theirs, padded)


def test_no_part_is_less_than_empty():
    with pytest.raises(ValueError, match="add up"):
        random_split(list(range(10)), [-1, 11])
