"""Real data, offline: handwritten digits, and tables of measurements.

All are read in place from the files that scikit-learn installs.

Lessons: 00, 01, 04, 05, 06, 08, 09.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nnlearn.data.files import installed_file

# Of 1,797 rows in file order. The file holds 14 forms, each with the same sequence of digits, and
# row 1287 begins one: so no form lies on both sides, and the test asks about hands that are new.
TRAIN_ROWS = 1287


class Split(NamedTuple):
    """Data to learn from and data to be judged by; each a pair X, y."""

    train: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]


class Table(NamedTuple):
    """Measurements: X, one sample per row; y, the class number of each, or the number to predict.

    `names` are the columns of X, `classes` the meanings of y (none if y is a measurement), `unit`
    that of X (empty if each column has its own).
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
    import gzip  # here, not above: only the zipped files need it

    path = installed_file(
        "sklearn",
        "datasets/data/digits.csv.gz",
        "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
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
    names = ("sepal length", "sepal width", "petal length", "petal width")
    sha256 = "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449"
    X, y, classes = _labelled("iris.csv", sha256)
    return Table(X, y, names, classes, "cm")


def load_wine() -> Table:
    """Load 13 chemical measures of 178 wines from three growers, in the order of the growers.

    The columns differ in size a thousandfold: what `standardize` is for.

    Returns
    -------
    table : X of shape (178, 13), float32; y of shape (178,), int64; names; classes; unit

    Raises: ModuleNotFoundError without scikit-learn, which brings the file.

    Example
    -------
    >>> wine = load_wine()
    >>> wine.X.shape, wine.names[0], wine.classes[0]
    ((178, 13), 'alcohol', 'grower 1')

    Source: Forina et al. (1991), Wine, UCI repository, CC BY 4.0. Lesson 06.
    """
    names = (
        "alcohol|malic acid|ash|alkalinity of ash|magnesium|total phenols|flavonoids|"
        "nonflavonoid phenols|proanthocyanins|colour intensity|hue|"
        "OD280/OD315 of diluted wines|proline"
    ).split("|")
    sha256 = "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede"
    X, y, _ = _labelled("wine_data.csv", sha256)
    return Table(X, y, tuple(names), ("grower 1", "grower 2", "grower 3"), "")


def load_breast_cancer() -> Table:
    """Load 30 measures of the cell nuclei in 569 tissue samples: 212 malignant, 357 benign.

    Of ten properties: the mean over the sample's nuclei, the standard error, and the mean of the
    three largest ("worst").

    Returns
    -------
    table : X of shape (569, 30), float32; y of shape (569,), int64, 0 malignant; names; classes

    Raises: ModuleNotFoundError without scikit-learn, which brings the file.

    Example
    -------
    >>> table = load_breast_cancer()
    >>> table.X.shape, table.names[20], table.classes
    ((569, 30), 'worst radius', ('malignant', 'benign'))

    Source: Street, Wolberg and Mangasarian (1993), Breast Cancer Wisconsin (Diagnostic), UCI
    repository, CC BY 4.0. Lesson 08.
    """
    properties = (
        "radius|texture|perimeter|area|smoothness|compactness|concavity|concave points|symmetry|"
        "fractal dimension"
    ).split("|")
    names = [f"mean {p}" for p in properties] + [f"{p} error" for p in properties]
    names += [f"worst {p}" for p in properties]
    sha256 = "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed"
    X, y, classes = _labelled("breast_cancer.csv", sha256)
    return Table(X, y, tuple(names), classes, "")


def load_diabetes() -> Table:
    """Load 442 patients with diabetes: ten measures, and how far the disease got in a year.

    y is a number to predict, not a class: this is regression. The columns are as they were
    measured, each in its own unit; `standardize` brings them to one scale.

    Returns
    -------
    table : X of shape (442, 10), float32; y of shape (442,), float32, 25 to 346; names; no classes

    Raises: ModuleNotFoundError without scikit-learn, which brings the files.

    Example
    -------
    >>> table = load_diabetes()
    >>> table.X.shape, table.names[2], table.y[:3]
    ((442, 10), 'body mass index', array([151.,  75., 141.], dtype=float32))

    Source: Efron, Hastie, Johnstone and Tibshirani (2004), Least Angle Regression. Lesson 05.
    """
    measures = installed_file(
        "sklearn",
        "datasets/data/diabetes_data_raw.csv.gz",
        "7fc0ded571454b1982210d3bb43f0aca44eae01a0b8654a3b24022bdb6b38009",
    )
    target = installed_file(
        "sklearn",
        "datasets/data/diabetes_target.csv.gz",
        "8e53f65eb811df43c206f3534bb3af0e5fed213bc37ed6ba36310157d6023803",
    )
    names = (
        "age|sex|body mass index|blood pressure|total cholesterol|LDL|HDL|"
        "total cholesterol / HDL|log triglycerides|blood sugar"
    ).split("|")
    X, y = (np.loadtxt(path, dtype=np.float32) for path in (measures, target))  # loadtxt unzips
    return Table(X, y, tuple(names), (), "")


def _labelled(name: str, sha256: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Read a table: its first line is rows, columns, classes; its last column the class."""
    with installed_file("sklearn", f"datasets/data/{name}", sha256).open() as lines:
        classes = tuple(word.strip() for word in next(lines).split(",")[2:])
        table = np.loadtxt(lines, delimiter=",")
    return table[:, :-1].astype(np.float32), table[:, -1].astype(np.int64), classes
