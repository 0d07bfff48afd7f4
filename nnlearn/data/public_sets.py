"""The public data sets that everybody quotes, fetched on request.

Each call says the size first, keeps the files, checks their SHA-256 before reading them, and never
runs anything that is inside them (no pickle; archives are read, not unpacked). Offline it returns
built-in data of the same kind, and says so.

Lessons: 16, 17, 18.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from nnlearn.data.addresses import (
    CIFAR10,
    FASHION_MNIST,
    IMDB,
    MNIST,
    NAB,
    NAB_WINDOWS,
    OLIVETTI,
    SHAKESPEARE,
    TATOEBA,
)
from nnlearn.data.datasets import Split, load_digits
from nnlearn.data.fetch import fetch_or
from nnlearn.data.number_words import Pairs, number_pairs
from nnlearn.data.pictures import Faces, load_faces, texture_patches
from nnlearn.data.sentences import rated_sentences
from nnlearn.data.series import Readings, load_weather, sensor_faults
from nnlearn.data.text import load_python_docs
from nnlearn.data.words import Texts

if TYPE_CHECKING:
    import tarfile


def download_mnist(rows: int | None = None) -> Split:
    """Fetch MNIST, 12 MB: 70,000 handwritten digits, 28 by 28 pixels, 10,000 of them for the test.

    Parameters
    ----------
    rows : the first so many of each part; all if left out

    Returns
    -------
    train, test : X of shape (N, 784), float32 in [0, 1]; y of shape (N,), int64. Offline:
        `load_digits`, (N, 64)

    Source: LeCun, Cortes and Burges (1998), CC BY-SA 3.0. Lesson 16.
    """
    called = "the built-in digits (8 by 8 pixels)"
    return fetch_or("MNIST", MNIST, lambda paths: _idx(paths, rows), load_digits, called)


def download_fashion_mnist(rows: int | None = None) -> Split:
    """Fetch Fashion-MNIST, 31 MB: 70,000 grey pictures of clothes in ten classes, 28 by 28 pixels.

    T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot.

    Parameters
    ----------
    rows : the first so many of each part; all if left out

    Returns
    -------
    train, test : X of shape (N, 784), float32 in [0, 1]; y of shape (N,), int64. Offline:
        `load_digits`, (N, 64)

    Source: Xiao, Rasul and Vollgraf (2017), MIT licence. Lesson 16.
    """
    called = "the built-in digits (8 by 8 pixels)"
    return fetch_or(
        "Fashion-MNIST", FASHION_MNIST, lambda paths: _idx(paths, rows), load_digits, called
    )


def download_cifar10(rows: int | None = None) -> Split:
    """Fetch CIFAR-10, 170 MB: 60,000 colour photographs of ten things, 32 by 32 pixels.

    Aeroplane, car, bird, cat, deer, dog, frog, horse, ship, lorry.

    Parameters
    ----------
    rows : the first so many of each part. All need 740 MB of memory

    Returns
    -------
    train, test : X of shape (N, 3, 32, 32), float32 in [0, 1]; y of shape (N,), int64. Offline:
        texture patches of the same shape, in three classes, standardized

    Source: Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images. Lesson 16.
    """
    called = "built-in patches of brick, grass and gravel (32 by 32 pixels)"
    return fetch_or("CIFAR-10", (CIFAR10,), lambda p: _cifar(p[0], rows), _textures, called)


def download_olivetti() -> Faces:
    """Fetch the Olivetti faces, 4 MB: ten pictures each of 40 people who sat for them.

    Returns
    -------
    faces : shape (400, 64, 64), float32 in [0, 1]
    person : shape (400,), int64, 0 to 39
    background : shape (0, 64, 64): there are none. Offline: `load_faces`

    Source: Samaria and Harter (1994), AT&T Laboratories Cambridge. Lesson 16.
    """
    called = "the 100 built-in faces (25 by 25 pixels, one of each person)"
    return fetch_or("Olivetti", (OLIVETTI,), lambda p: _olivetti(p[0]), load_faces, called)


def download_imdb() -> Texts:
    """Fetch the IMDB film reviews, 84 MB: 50,000 of them, half for the test, as many good as bad.

    Returns
    -------
    train, test : a list of reviews, and y, int64: 1 good, 0 bad. Offline: `rated_sentences`
    classes : ("bad", "good")

    Source: Maas et al. (2011), for research. Lesson 17.
    """
    called = "built-in sentences made by rule"
    return fetch_or("IMDB", (IMDB,), lambda p: _imdb(p[0]), rated_sentences, called)


def download_tatoeba() -> Pairs:
    """Fetch sentences in English with their Spanish translations, 2.6 MB, about 119,000 pairs.

    No English sentence is in both parts, though many have several translations. Nobody publishes
    the SHA-256 of this file: that of the first download is written down and compared afterwards.

    Returns
    -------
    train, test : lists of (English, Spanish); every tenth English sentence is for the test.
        Offline: `number_pairs`, English and French

    Source: the Tatoeba project and manythings.org, CC BY 2.0 FR. Lesson 17.
    """
    called = "built-in number words, English and French"
    return fetch_or("Tatoeba", (TATOEBA,), lambda p: _tatoeba(p[0]), number_pairs, called)


def download_shakespeare() -> str:
    """Fetch Tiny Shakespeare, 1.1 MB: 40,000 lines of his plays in one text.

    Returns
    -------
    text : offline: `load_python_docs`

    Source: Shakespeare, public domain; chosen by Karpathy (2015). Lesson 17.
    """
    called = "the prose of Python's documentation"
    return fetch_or(
        "Shakespeare",
        (SHAKESPEARE,),
        lambda p: p[0].read_bytes().decode(),
        load_python_docs,
        called,
    )


def download_nab(name: str = "machine_temperature_system_failure") -> Readings:
    """Fetch a sensor's readings with real faults, 0.2 to 0.7 MB.

    Parameters
    ----------
    name : "machine_temperature_system_failure" or "ambient_temperature_system_failure"

    Returns
    -------
    time, value, fault : shape (T,) each; fault is true in a window around each known fault.
        Offline: Seattle's temperatures with made-up faults, see `sensor_faults`

    Source: Lavin and Ahmad (2015), Numenta Anomaly Benchmark, MIT licence. Lesson 18.
    """
    if name not in NAB:
        raise ValueError(f"download_nab: the series are {', '.join(NAB)}, not {name!r}")
    called = "Seattle's temperatures with made-up faults"
    return fetch_or("NAB", (NAB[name], NAB_WINDOWS), _nab, _weather_with_faults, called)


def _idx(paths: list[Path], rows: int | None) -> Split:
    """Read MNIST's format: type and axes in four bytes, four bytes per size, then the numbers."""
    import gzip

    arrays = []
    for path in paths:
        with gzip.open(path) as file:
            start = file.read(4)
            if start[:3] != b"\0\0\x08":  # 8: the numbers are bytes
                raise ValueError(f"{path.name} is no file of bytes in MNIST's format")
            shape = np.frombuffer(file.read(4 * start[3]), ">i4").tolist()
            arrays.append(np.frombuffer(file.read(), np.uint8).reshape(shape)[:rows])
    X, y, X_test, y_test = arrays
    if len(X) != len(y) or len(X_test) != len(y_test):
        raise ValueError("there are not as many labels as pictures")
    return Split(_flat(X, y), _flat(X_test, y_test))


def _flat(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return X.reshape(len(X), -1).astype(np.float32) / 255, y.astype(np.int64)


def _cifar(path: Path, rows: int | None) -> Split:
    """Read CIFAR's format: the label in one byte, then the red, green and blue pixels."""
    import tarfile

    train = [f"data_batch_{i}.bin" for i in range(1, 6)]
    with tarfile.open(path) as tar:
        files = {PurePosixPath(m.name).name: _content(tar, m) for m in _files(tar, ".bin")}

    def part(names: list[str]) -> tuple[np.ndarray, np.ndarray]:
        table = np.frombuffer(b"".join(files[name] for name in names), np.uint8)
        table = table.reshape(-1, 1 + 3 * 32 * 32)[:rows]
        X, y = _flat(table[:, 1:], table[:, 0])
        return X.reshape(-1, 3, 32, 32), y

    return Split(part(train), part(["test_batch.bin"]))


def _imdb(path: Path) -> Texts:
    """Read one file per review; its folder says the part and whether the review is good."""
    import tarfile

    found: dict[str, tuple[list[str], list[int]]] = {"train": ([], []), "test": ([], [])}
    with tarfile.open(path) as tar:
        for member in _files(tar, ".txt"):
            *_, part, verdict, _name = ("", "", *PurePosixPath(member.name).parts)
            if part in found and verdict in ("pos", "neg"):  # others: word lists, unrated reviews
                found[part][0].append(_content(tar, member).decode())
                found[part][1].append(int(verdict == "pos"))
    parts = [(texts, np.array(y, np.int64)) for texts, y in found.values()]
    if not all(texts for texts, _ in parts):
        raise ValueError("it holds no reviews")
    return Texts(parts[0], parts[1], ("bad", "good"))


def _files(tar: tarfile.TarFile, ending: str) -> list[tarfile.TarInfo]:
    """List the files of an archive. Nothing is unpacked, yet one that would write elsewhere is not
    what it says it is: it is refused."""
    members = tar.getmembers()
    for member in members:
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts or not (member.isfile() or member.isdir()):
            raise ValueError(f"the archive holds {member.name!r}, which leads out of its folder")
    return [member for member in members if member.isfile() and member.name.endswith(ending)]


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None  # it is a file: _files saw to it
    return file.read()


def _olivetti(path: Path) -> Faces:
    from scipy.io import loadmat  # scikit-learn brings it; it reads matrices and runs nothing

    faces = loadmat(path)["faces"].T.reshape(-1, 64, 64).swapaxes(1, 2)  # column by column
    faces = np.ascontiguousarray(faces, np.float32) / 255
    return Faces(faces, np.arange(len(faces)) // 10, np.empty((0, 64, 64), np.float32))


def _tatoeba(path: Path) -> Pairs:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        name = next((n for n in archive.namelist() if n.endswith("/spa.txt")), "")
        if not name or archive.getinfo(name).file_size > 100e6:  # 8 MB when this was written
            raise ValueError("it holds no list of sentences")
        lines = archive.read(name).decode().splitlines()
    number: dict[str, int] = {}  # of each English sentence: all its translations go into one part
    parts = Pairs([], [])
    for line in lines:
        english, spanish = line.split("\t")[:2]
        i = number.setdefault(english, len(number))
        parts[i % 10 == 9].append((english, spanish))
    return parts


def _nab(paths: list[Path]) -> Readings:
    import json

    readings, windows = paths
    with readings.open() as lines:
        rows = [line.strip().split(",") for line in lines][1:]
    time = np.array([row[0] for row in rows], "datetime64[s]")
    fault = np.zeros(len(time), bool)
    for start, end in json.loads(windows.read_text())[f"realKnownCause/{readings.name}"]:
        fault |= (time >= np.datetime64(start)) & (time <= np.datetime64(end))
    return Readings(time, np.array([float(row[1]) for row in rows], np.float32), fault)


def _textures() -> Split:
    rng = np.random.default_rng(0)

    def part(n: int, name: str) -> tuple[np.ndarray, np.ndarray]:
        X, y = texture_patches(n, 32, name, rng=rng)
        return np.repeat(X, 3, axis=1), y  # three equal channels: a net for colour takes them

    return Split(part(2000, "train"), part(500, "test"))


def _weather_with_faults() -> Readings:
    weather = load_weather()
    rng = np.random.default_rng(0)
    return sensor_faults(weather.time, weather.column("temp_max"), 30, rng=rng)
