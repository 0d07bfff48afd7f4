import importlib.util
import sys

import numpy as np
import pytest

from nnlearn import data
from nnlearn.data import files, load_digits, load_iris


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


@pytest.mark.parametrize("name", ["wine", "breast_cancer", "diabetes"])
def test_tables_are_those_of_sklearn(name):
    from sklearn import datasets

    settings = {"scaled": False} if name == "diabetes" else {}
    original = getattr(datasets, f"load_{name}")(**settings)
    table = getattr(data, f"load_{name}")()
    assert np.array_equal(table.X, original.data.astype(np.float32))
    assert np.array_equal(table.y, original.target)
    assert table.X.dtype == np.float32 and len(table.names) == table.X.shape[1]
    if name == "diabetes":
        assert table.y.dtype == np.float32 and table.classes == ()
    else:
        assert table.y.dtype == np.int64 and len(table.classes) == table.y.max() + 1


@pytest.mark.parametrize(
    "load, package",
    [
        (load_digits, "scikit-learn"),
        (data.load_diabetes, "scikit-learn"),
        (data.load_textures, "scikit-image"),
        (data.load_faces, "scikit-image"),
        (data.load_share_prices, "matplotlib"),
        (data.load_surnames, "Faker"),
        (data.load_first_names, "Faker"),
    ],
)
def test_without_its_library_a_set_says_what_to_install(monkeypatch, load, package):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=f"pip install {package}"):
        load()


def test_another_file_is_refused():
    with pytest.raises(RuntimeError, match="not the file this course knows"):
        files.installed_file("sklearn", "datasets/data/iris.csv", "0" * 64)
    with pytest.raises(RuntimeError, match="missing"):
        files.installed_file("sklearn", "datasets/data/nothing.csv", "0" * 64)


def test_every_call_gives_arrays_of_its_own():
    first, second = load_iris(), load_iris()
    first.X[0] = 99
    assert second.X[0, 0] == np.float32(5.1)


def test_reading_data_imports_no_heavy_library():
    """A fresh process: what earlier tests imported does not count."""
    import subprocess

    code = (
        "import sys; from nnlearn.data import *; load_digits(), load_wine(), load_textures(),"
        "load_photograph('cat'), load_faces(), load_weather(), load_share_prices(),"
        "load_python_docs(), number_pairs(), rated_sentences();"
        "print(*{'sklearn', 'skimage', 'scipy', 'matplotlib', 'faker', 'pooch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
