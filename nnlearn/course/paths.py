"""Where the course lies on this machine, and where a learner's own records go."""

import os
from pathlib import Path

PACKAGE_PARENT = Path(__file__).resolve().parents[2]


class CourseNotFound(Exception):
    """No folder with `source/` and `exercises/` could be found."""


def is_course(folder: Path) -> bool:
    return (folder / "source").is_dir() and (folder / "exercises").is_dir()


def course_root() -> Path:
    """The folder that holds `source/` and `exercises/`.

    Named by the environment variable NNLEARN_COURSE, else the nearest such folder upward
    from the working directory, else the clone that this package was installed from.
    """
    named = os.environ.get("NNLEARN_COURSE")
    if named:
        if is_course(Path(named)):
            return Path(named).resolve()
        raise CourseNotFound(
            f"NNLEARN_COURSE names {named}, but that folder has no source/ and exercises/."
        )
    here = Path.cwd()
    for folder in (here, *here.parents, PACKAGE_PARENT):
        if is_course(folder):
            return folder
    raise CourseNotFound(
        "No course found here. Change into your clone of nnlearn (the folder with exercises/),\n"
        "or name it: set NNLEARN_COURSE to that folder."
    )


def home() -> Path:
    """The folder for progress and passed answers: NNLEARN_HOME, else `.nnlearn` in the course."""
    named = os.environ.get("NNLEARN_HOME")
    return Path(named) if named else course_root() / ".nnlearn"
