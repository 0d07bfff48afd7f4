"""The course around the library: exercises, their checks, hints, progress, and the notebooks."""

from nnlearn.course.answers import mine
from nnlearn.course.check import check, hint, progress

__all__ = ["check", "hint", "mine", "progress"]
