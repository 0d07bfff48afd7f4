"""One voice for every shape error, and for names that nnlearn does not have.

Axes are named by letters: N samples, C channels, H height, W width, T steps, D features, K classes.

Lessons: 00, 01, 09.
"""

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np


class ShapeError(ValueError):
    """Arrays whose axes do not fit: what failed, each shape, and the usual repair.

    Parameters
    ----------
    problem : what failed, in one sentence
    shapes : each argument's shape by name, at most one line for two of them
    repair : what usually helps

    Lesson 00.
    """

    def __init__(self, problem: str, shapes: dict[str, Any], repair: str) -> None:
        lines = [f"{name} = {shape}" for name, shape in shapes.items()]
        if len(lines) > 2:  # an error is read when it fits four lines
            lines = ["; ".join(lines)]
        super().__init__("\n".join([problem, *lines, repair]))
        self.layer: object = None  # the innermost layer that met the error, and its path in the
        self.path = ""  # outermost one: Module.__call__ fills both

    def __str__(self) -> str:
        return f"layer {self.path}: {self.args[0]}" if self.path else self.args[0]


def expect(what: str, repair: str, /, **arguments: tuple[Any, str]) -> None:
    """Raise ShapeError unless every argument has its axes; equal letters must have equal sizes.

    Parameters
    ----------
    what : name of the caller, the first word of the message
    repair : what usually helps, the last line of the message
    arguments : name=(array, "N D"); "... D" stands for any number of axes before D

    Example
    -------
    >>> expect("linear", "", x=(np.ones((4, 3)), "N D"), weight=(np.ones((5, 3)), "K D"))

    Lesson 00.
    """
    sizes: dict[str, tuple[int, str]] = {}
    problem = ""
    for name, (array, letters) in arguments.items():
        shape, axes = np.shape(array), letters.replace("...", "").split()
        if len(shape) < len(axes) or (len(shape) > len(axes) and "..." not in letters):
            problem = problem or f"{name} needs {len(axes)} axes and has {len(shape)}"
        for axis, size in zip(reversed(axes), reversed(shape), strict=False):
            first, owner = sizes.setdefault(axis, (size, name))
            if first != size:
                problem = problem or f"{axis} is {first} in {owner} but {size} in {name}"
    if problem:
        shapes = {
            f"{name} ({', '.join(letters.split())})": np.shape(array)
            for name, (array, letters) in arguments.items()
        }
        raise ShapeError(f"{what}: {problem}", shapes, repair)


def unknown_name(module: str) -> Callable[[str], NoReturn]:
    """Make a module's `__getattr__`: a name that we do not have says so, whoever asks for it."""

    def __getattr__(name: str) -> NoReturn:
        raise AttributeError(f"{module}.{name} is not part of nnlearn", name=name)

    return __getattr__
