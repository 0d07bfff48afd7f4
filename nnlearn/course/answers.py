"""A learner's passed functions, kept as source, so that later lessons and demos run on them.

An answer may lean on other cells (an import, a helper, an earlier answer): `source_of` follows
the global names that it uses and gathers their sources, so that the text stands on its own.
"""

import ast
import dis
import inspect
import math
import sys
import textwrap
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np

from nnlearn.course.checks import find_exercise
from nnlearn.course.exercise import Exercise
from nnlearn.course.paths import home
from nnlearn.course.progress import write_whole


class NotPortable(Exception):
    """The function leans on something that cannot be carried to another notebook."""


def source_of(function: Callable, name: str) -> str:
    """Python source that defines `function`, as `name`, and all that it uses."""
    pieces: list[str] = []
    _gather(function, pieces, set())
    if function.__name__ not in (name, "<lambda>"):
        pieces.append(f"{name} = {function.__name__}")
    return "\n\n\n".join(pieces) + "\n"


def _gather(function: Callable, pieces: list[str], seen: set[str]) -> None:
    if not isinstance(function, types.FunctionType) or function.__closure__:
        raise NotPortable("it is not a plain `def` at the top of a cell")
    seen.add(function.__name__)
    try:
        source = textwrap.dedent(inspect.getsource(function)).rstrip()
        written = ast.parse(source).body
        if not isinstance(written[0], ast.FunctionDef | ast.Assign):  # check("00.1", lambda X: ...)
            raise NotPortable("it is not a plain `def` at the top of a cell")
        header = _names(compile(source, "answer", "exec"))
    except OSError:
        raise NotPortable("its source is gone: run its cell again") from None
    except SyntaxError:
        raise NotPortable("it is not a plain `def` at the top of a cell") from None
    for name in sorted((_names(function.__code__) | header) - seen):
        if name not in function.__globals__:
            continue
        seen.add(name)
        value = function.__globals__[name]
        if isinstance(value, types.ModuleType):
            pieces.append(f"import {value.__name__} as {name}")
        elif isinstance(value, types.FunctionType) and value.__globals__ is function.__globals__:
            _gather(value, pieces, seen)
        elif isinstance(value, float) and not math.isfinite(value):
            pieces.append(f'{name} = float("{value}")')
        elif isinstance(value, int | float | str | bool | None):
            plain = value.item() if isinstance(value, np.generic) else value
            pieces.append(f"{name} = {plain!r}")
        elif (module := _home(value)) is not None:
            pieces.append(f"from {module} import {value.__name__} as {name}")
        else:
            raise NotPortable(f"it uses the notebook's variable {name}")
    pieces.append(source)


def _home(value: object) -> str | None:
    """The module that `value` can be imported from by its own name."""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    found = getattr(sys.modules.get(module or ""), name or "", None)
    return module if found is value and module != "__main__" else None


def _names(code: types.CodeType) -> set[str]:
    """The global names that `code` reads; X.mean is none, though a variable `mean` may exist."""
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    read = {
        i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    return read.union(*(_names(c) for c in inner))


def keep(exercise: Exercise, function: Callable) -> str:
    """Keep a passed answer for `mine`; returns "" or why it cannot be carried along."""
    try:
        source = source_of(function, exercise.name)
        first = next(exercise.cases(np.random.default_rng()))
        alone = exercise.call(load(source, exercise), first)
    except NotPortable as reason:
        return str(reason)
    except Exception as error:  # of the gathered text, run on its own
        return f"on its own it stops with {type(error).__name__}: {error}"
    if alone.error:
        return f"on its own it stops with {type(alone.error).__name__}: {alone.error}"
    keep_source(exercise.id, source)
    return ""


def keep_source(id: str, source: str) -> None:
    """Write the text that `mine` will load, unless it is there already."""
    file = _file(id)
    if not file.is_file() or file.read_text(encoding="utf-8") != source:
        write_whole(file, source)


def mine(id: str) -> Callable:
    """Your own passed function for exercise `id`, or nnlearn's; it says which.

    Example
    -------
    >>> neuron = mine("01.1")  # doctest: +SKIP
    neuron: nnlearn's code (pass exercise 01.1 and yours runs here)
    """
    exercise = find_exercise(id)
    try:
        source = _file(exercise.id).read_text(encoding="utf-8")
    except OSError:
        print(f"{exercise.name}: nnlearn's code (pass exercise {exercise.id} and yours runs here)")
        return exercise.function
    try:
        function = load(source, exercise)
        verdict = exercise.examine(function)
    except Exception as error:  # whatever the kept text may do, the lesson goes on
        reason = f"{type(error).__name__}: {error}"
    else:
        if verdict.passed:
            print(f"{exercise.name}: your code")
            return function
        reason = "it no longer passes its check"
    print(f"{exercise.name}: nnlearn's code (yours could not be used: {reason})")
    return exercise.function


def load(source: str, exercise: Exercise) -> Callable:
    namespace: dict = {"__name__": f"answer_{exercise.id.replace('.', '_')}"}
    exec(compile(source, f"<your answer to {exercise.id}>", "exec"), namespace)
    return namespace[exercise.name]


def _file(id: str) -> Path:
    return home() / "answers" / f"{id}.py"
