import importlib.util
import sys

import numpy as np
import pytest

from nnlearn.data import datasets, load_digits, load_iris


def test_digits_are_those_of_sklearn():
    from sklearn.datasets import load_digits as original

    (X, y), (X_new, y_new) = load_digits()
    assert X.shape == (1287, 64) and X_new.shape == (510, 64)
    assert X.dtype == np.float32 and y.dtype == np.int64
    assert np.array_equal(np.concatenate([X, X_new]) * 16, original().data)
    assert np.array_equal(np.concatenate([y, y_new]), original().target)


def test_iris_is_that_of_sklearn():
    from sklearn.datasets import load_iris as original

    iris = load_iris()
    assert np.array_equal(iris.X, original().data.astype(np.float32))
    assert np.array_equal(iris.y, original().target)
    assert list(iris.classes) == list(original().target_names)
    assert [f"{name} ({iris.unit})" for name in iris.names] == original().feature_names


def test_without_sklearn_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install scikit-learn"):
        load_digits()


def test_another_file_is_refused(monkeypatch, tmp_path):
    with pytest.raises(RuntimeError, match="not the file this course knows"):
        datasets._sklearn_file("iris.csv", "0" * 64)
    with pytest.raises(RuntimeError, match="missing"):
        datasets._sklearn_file("nothing.csv", "0" * 64)


def test_every_call_gives_arrays_of_its_own():
    first, second = load_iris(), load_iris()
    first.X[0] = 99
    assert second.X[0, 0] == np.float32(5.1)
    assert "sklearn" not in datasets.__dict__ and sys.modules["nnlearn.data.datasets"] is datasets
