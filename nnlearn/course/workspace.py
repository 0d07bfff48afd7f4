"""The learner's own files: put an exercise notebook back to its beginning, and lose nothing."""

from pathlib import Path

from nnlearn.course.files import keep, replace
from nnlearn.course.paths import course_root


class WorkspaceError(Exception):
    """A file could not be saved or replaced; the text says which, and that all is as before."""


def exercise_file(stem: str) -> Path:
    """The learner's notebook of a lesson, there or not."""
    return course_root() / "exercises" / f"{stem}.ipynb"


def reset(stem: str) -> Path | None:
    """Write the pristine exercise notebook in place of the learner's, after keeping a copy.

    Returns
    -------
    the copy, in `.nnlearn/backups`; None if there was nothing to keep

    Raises
    ------
    WorkspaceError : no room, no permission: the learner's file is then as it was
    """
    import nbformat

    from nnlearn.course.build import exercise_notebook

    file = exercise_file(stem)
    pristine = (nbformat.writes(exercise_notebook(stem)) + "\n").encode()
    try:
        before = file.read_bytes() if file.exists() else pristine
        copy = None if before == pristine else keep(file)
        replace(file, pristine)
    except OSError as error:
        raise WorkspaceError(
            f"{file.name} could not be reset ({error.strerror or error}). "
            "Your notebook is as it was."
        ) from None
    return copy
