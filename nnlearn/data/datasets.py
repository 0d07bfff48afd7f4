"""Real data, offline: read in place from the files that scikit-learn installs.

scikit-learn itself is not imported: that takes longer than a second, the file a few milliseconds.

Lessons: 00, 01.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

# Of 1,797 rows in file order. The file holds 14 forms, each with the same sequence of digits, and
# row 1287 begins one: so no form lies on both sides, and the test asks about hands that are new.
TRAIN_ROWS = 1287


class Split(NamedTuple):
    """Data to learn from and data to be judged by; each a pair X, y."""

    train: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]


class Table(NamedTuple):
    """Measurements: X, one sample per row; y, the class number of each.

    `names` are the columns of X, `classes` the meanings of y, `unit` that of X.
    """

    X: np.ndarray
    y: np.ndarray
    names: tuple[str, ...]
    classes: tuple[str, ...]
    unit: str


def load_digits() -> Split:
    """Load 1,797 digits written by hand, 8 by 8 pixels, split so that no form is in both.

    Returns
    -------
    train, test : X of shape (1287, 64) and (510, 64), float32 in [0, 1]; y of shape (N,), int64

    Raises: ModuleNotFoundError without scikit-learn, which brings the file.

    Example
    -------
    >>> (X, y), _ = load_digits()
    >>> X.shape, y[:5]
    ((1287, 64), array([0, 1, 2, 3, 4]))

    Source: Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits, UCI repository.
    Lesson 00.
    """
    import gzip  # here, not above: only this function needs it

    path = _sklearn_file(
        "digits.csv.gz", "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
    )
    with gzip.open(path, "rt") as lines:
        table = np.loadtxt(lines, delimiter=",", dtype=np.int64)
    X, y = (table[:, :64] / 16).astype(np.float32), table[:, 64].copy()
    return Split((X[:TRAIN_ROWS], y[:TRAIN_ROWS]), (X[TRAIN_ROWS:], y[TRAIN_ROWS:]))


def load_iris() -> Table:
    """Load the measures of 150 iris flowers: 50 of each of three species, in that order.

    Returns
    -------
    table : X of shape (150, 4), float32, in cm; y of shape (150,), int64; names; classes; unit

    Raises: ModuleNotFoundError without scikit-learn, which brings the file.

    Example
    -------
    >>> iris = load_iris()
    >>> iris.X.shape, iris.names[2], iris.classes[0]
    ((150, 4), 'petal length', 'setosa')

    Source: Fisher (1936); measured by Anderson (1935). Lesson 01.
    """
    path = _sklearn_file(
        "iris.csv", "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449"
    )
    with path.open() as lines:
        classes = tuple(next(lines).strip().split(",")[2:])  # 150,4,setosa,versicolor,virginica
        table = np.loadtxt(lines, delimiter=",")
    names = ("sepal length", "sepal width", "petal length", "petal width")
    classes = tuple(name.strip() for name in classes)
    return Table(
        table[:, :4].astype(np.float32), table[:, 4].astype(np.int64), names, classes, "cm"
    )


def _sklearn_file(name: str, sha256: str) -> Path:
    """Find a data file of the installed scikit-learn; make sure that it is the known one."""
    import hashlib
    from importlib.util import find_spec

    spec = find_spec("sklearn")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"{name} comes with scikit-learn, which is not installed\n"
            "Install it with: pip install scikit-learn"
        )
    path = Path(spec.submodule_search_locations[0], "datasets", "data", name)
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise RuntimeError(
            f"{name} of the installed scikit-learn is missing, or not the file this course knows\n"
            "The results in the lessons would not hold for it.\n"
            "Install the release that the course pins: pip install -c constraints.txt scikit-learn"
        )
    return path
