"""The text of a program, and which of its lines belong together as one statement.

Lessons: 07.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from types import CodeType
from typing import Any


def code_of(program: Callable[..., Any]) -> CodeType | None:
    """What Python runs when it is called, as a trace function names it."""
    return getattr(inspect.unwrap(program), "__code__", None)


def source_of(
    program: Callable[..., Any],
) -> tuple[dict[int, tuple[int, int]], tuple[str, ...], str]:
    """Which lines belong together as one statement, the lines, and a word if there are none.

    Keys are line numbers of the file, as the trace function names them; values count from 1.
    """
    try:
        lines, first = inspect.getsourcelines(inspect.unwrap(program))
    except (OSError, TypeError):
        return {}, (), (
            "The source of this program cannot be found (it was typed at a prompt, or is not a "
            "plain function), so no line lights up. In a notebook cell it can."
        )  # fmt: skip
    text = textwrap.dedent("".join(lines)).rstrip("\n")
    first = max(first, 1)
    span = {i + first: (i + 1, i + 1) for i in range(len(lines))}
    try:
        tree = ast.parse(text)
    except SyntaxError:  # a lambda in the middle of a line
        return span, tuple(text.split("\n")), ""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            end = node.end_lineno or node.lineno
            for line in range(node.lineno, end + 1):
                span[line - 1 + first] = node.lineno, end
    return span, tuple(text.split("\n")), ""
