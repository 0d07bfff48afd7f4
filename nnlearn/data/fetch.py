"""Files from the network, on request only: the size said first, kept once, checked every time.

Nothing here runs at import, in a lesson's stored results, or in a test. Where the network fails,
the caller goes on with data that are there: one printed line says so.

Lessons: 16, 17, 18.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nnlearn.data.addresses import Remote
from nnlearn.data.files import sha256_of

Data = TypeVar("Data")


class Failed(Exception):
    """Data could not be had; the text says why, without a full stop."""


def data_home() -> Path:
    """Return the folder that keeps downloads: NNLEARN_DATA, else the system's place for caches.

    Lesson 16.
    """
    named = os.environ.get("NNLEARN_DATA")
    if named:
        return Path(named).expanduser()
    import pooch

    return Path(pooch.os_cache("nnlearn"))


def fetch_or(
    title: str,
    files: tuple[Remote, ...],
    parse: Callable[[list[Path]], Data],
    instead: Callable[[], Data],
    called: str,
) -> Data:
    """Fetch files and parse them; if that fails, say why in one line and return the built-in data.

    Parameters
    ----------
    title : what the data are called; the folder that keeps them has the same name
    files : what to fetch; files that are kept already are not fetched again
    parse : makes the data of the files, in the same order; they are what their SHA-256 says
    instead : makes the built-in data
    called : what these are called

    Returns
    -------
    data : what `parse` returns, else what `instead` returns

    Lesson 16.
    """
    folder = data_home() / title.lower().replace(" ", "-")
    paths = [folder / file.name for file in files]
    try:
        missing = [f for f, path in zip(files, paths, strict=True) if not _kept(f, path)]
        if missing:
            size = sum(file.size for file in missing) / 1e6
            print(f"{title}: fetching {size:.1f} MB into {folder}")
        for file in missing:
            _fetch(file, folder)
        data = _parsed(parse, paths)
        for file, path in zip(files, paths, strict=True):
            _remember(file, path)
        return data
    except (Failed, OSError) as error:
        reason = error if isinstance(error, Failed) else _why(error, folder)
        print(f"{title}: {reason}. Using {called} instead.")
        return instead()


def _kept(file: Remote, path: Path) -> bool:
    """Is the file there, and still what it was? A damaged one is taken away."""
    if not path.is_file():
        return False
    if _expected(file, path) in (None, sha256_of(path)):
        return True
    print(f"{path} is damaged (its SHA-256 differs): it must be fetched again")
    path.unlink()
    return False


def _fetch(file: Remote, folder: Path) -> None:
    """Fetch a file into one beside its place; move it there once its SHA-256 is right."""
    import pooch

    pooch.get_logger().setLevel("WARNING")  # one printed line is enough
    known = _expected(file, folder / file.name)
    try:
        pooch.retrieve(
            file.url,
            known_hash=known and f"sha256:{known}",
            fname=file.name,
            path=folder,
            progressbar=file.size > 20e6,
        )
    except ValueError:
        raise Failed(f"what came as {file.name} is another file (its SHA-256 differs)") from None


def _why(error: OSError, folder: Path) -> str:
    """Say in plain words why a file could not be fetched or kept."""
    import errno

    import requests  # pooch brings it

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answers with error {error.response.status_code}"
    if isinstance(error, requests.RequestException):
        return "the network cannot be reached, or the connection broke"
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return f"the disk is full at {folder}; make room, or set NNLEARN_DATA to another folder"
    return f"{folder} cannot be used ({error}); set NNLEARN_DATA to another folder"


def _parsed(parse: Callable[[list[Path]], Data], paths: list[Path]) -> Data:
    """Parse files; those that cannot be are taken away, so that the next call starts afresh."""
    import gzip
    import tarfile
    import zipfile
    import zlib

    broken = (ValueError, KeyError, EOFError, gzip.BadGzipFile, zlib.error)
    try:
        return parse(paths)
    except (*broken, tarfile.TarError, zipfile.BadZipFile) as error:
        for path in paths:
            path.unlink(missing_ok=True)
        names = ", ".join(path.name for path in paths)
        raise Failed(f"{names} cannot be read ({error})") from None


def _record(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _expected(file: Remote, path: Path) -> str | None:
    """Return the published SHA-256, else the one that was written down after the first download."""
    if file.sha256:
        return file.sha256
    return _record(path).read_text().strip() if _record(path).is_file() else None


def _remember(file: Remote, path: Path) -> None:
    """Write the SHA-256 of the first good download down, where nobody publishes it."""
    if file.sha256 is None and not _record(path).is_file():
        print(f"{path.name} has no published SHA-256: from now on it must stay as it came today")
        _record(path).write_text(sha256_of(path) + "\n")
