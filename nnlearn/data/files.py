"""Where data lie: files that installed libraries bring, each known by its SHA-256.

A library is found, not imported: an import can take a second or two, the file takes milliseconds.

Lessons: 00, 01.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = {  # what a library is called where it is installed from
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "faker": "Faker",
}


def installed_file(library: str, path: str, sha256: str) -> Path:
    """Find a data file of an installed library; make sure that it is the known one.

    Parameters
    ----------
    library : the name it is imported by, such as "sklearn"
    path : where the file lies in it
    sha256 : what the file must have, so that the results in the lessons hold for it

    Raises: ModuleNotFoundError without the library; RuntimeError if the file is missing or another.

    Lesson 00.
    """
    package, name = PACKAGE.get(library, library), Path(path).name
    found = library_folder(library, name) / path
    if not found.is_file() or sha256_of(found) != sha256:
        raise RuntimeError(
            f"{name} of the installed {package} is missing, or not the file this course knows\n"
            "The results in the lessons would not hold for it.\n"
            f"Install the release that the course pins: pip install -c constraints.txt {package}"
        )
    return found


def library_folder(library: str, wanted: str) -> Path:
    """Find the folder of an installed library, without importing it.

    Raises: ModuleNotFoundError if it is not installed; `wanted` says what was to come from it.

    Lesson 00.
    """
    from importlib.util import find_spec

    spec = find_spec(library)
    if spec is None or not spec.submodule_search_locations:
        package = PACKAGE.get(library, library)
        raise ModuleNotFoundError(
            f"{wanted} comes with {package}, which is not installed\n"
            f"Install it with: pip install {package}"
        )
    return Path(spec.submodule_search_locations[0])


def sha256_of(path: Path) -> str:
    """Compute the SHA-256 of a file: 64 hexadecimal digits, others for any change in it.

    Lesson 00.
    """
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
