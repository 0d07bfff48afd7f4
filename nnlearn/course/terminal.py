"""What the command line prints: readable without colour, in a pipe, and on any width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from nnlearn.course.validate import Result, Verdict

MARKS = {"passed": ("✓", "green"), "not started": ("○", "dim"), "not reached": ("○", "yellow")}


def show_result(result: Result) -> None:
    say(f"{result.lesson}  {near(result.path)}", "bold")
    if result.problem:
        say(f"  ✗ {result.problem}", "red")
        kept = " (it keeps a copy of yours)" if Path(result.path).is_file() else ""
        say(f"    For a fresh one: nnlearn reset {result.lesson[:2]}{kept}")
    else:
        width = max(len(verdict.function) for verdict in result.verdicts)
        for verdict in result.verdicts:
            _show_verdict(verdict, width)
    for note in result.notes:
        say(f"  ! {note}", "yellow")
    say(f"  {result.earned:g} of {result.points:g} points  ({result.seconds:.1f} s)\n")


def _show_verdict(verdict: Verdict, width: int) -> None:
    mark, colour = MARKS.get(verdict.status, ("✗", "red"))
    headline, *report = verdict.reason.split("\n")
    headline = headline.removeprefix(f"{verdict.exercise} {verdict.function}: ")
    points = f"{verdict.earned:g}/{verdict.points:g}"
    name = f"{verdict.exercise} {verdict.function:{width}}"
    say(f"  {mark} {name}  {points}  {headline}".rstrip(), colour)
    if verdict.status != "not started":
        for line in report:
            say(f"    {line}")


def near(path: Path | str) -> str:
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def say(text: str, style: str = "") -> None:
    text = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text)  # nothing that steers a terminal
    Console(soft_wrap=True, highlight=False).print(Text(text, style))


@contextmanager
def busy(text: str, silent: bool = False) -> Iterator[None]:
    console = Console(stderr=True, quiet=silent)
    if not console.is_terminal or silent:
        yield
        return
    with console.status(f"{text} ..."):
        yield
