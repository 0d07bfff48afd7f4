"""The command line: `nnlearn check`, `progress`, `reset`, `lab`; `build`, `new-lesson`.

Every command imports what it needs when it runs, so that `nnlearn --help` answers at once.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from nnlearn.course.build import Product
    from nnlearn.course.lessons import Lesson
    from nnlearn.course.validate import Result

PASSED, MISSED, WRONG_CALL = 0, 1, 2  # exit codes

app = typer.Typer(
    name="nnlearn",
    help="Learn neural networks by building them: check your exercises, see your progress.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
Numbers = Annotated[list[str] | None, typer.Argument(metavar="[NN]...", help="Lessons: 01 03.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines: one JSON object.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"nnlearn {version('nnlearn')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a Windows code page may have no ✓


@app.command()
def check(
    lessons: Numbers = None,
    submission: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Check this notebook; its result is not recorded."),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time limit for one cell.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Check your exercises: of the lessons named, or of all."""
    from nnlearn.course.sandbox import Limits
    from nnlearn.course.terminal import busy, show_result
    from nnlearn.course.validate import validate
    from nnlearn.course.workspace import exercise_file

    with _plain_errors():
        if submission is not None:
            chosen = [_lesson_of(submission, lessons)]
        else:
            chosen = _chosen(lessons)
        results = []
        for lesson in chosen:
            file = submission or exercise_file(lesson.stem)
            with busy(f"checking {lesson.stem}", silent=as_json):
                result = validate(lesson.stem, file, Limits(cell=seconds))
            results.append(result)
            if submission is None:
                _record(result)
            if not as_json:
                show_result(result)
    _end_of_check(results, as_json)


def _end_of_check(results: list[Result], as_json: bool) -> NoReturn:
    from nnlearn.course.terminal import say

    passed = all(result.passed for result in results)
    earned = sum(result.earned for result in results)
    points = sum(result.points for result in results)
    if as_json:
        sums = {"version": 1, "passed": passed, "earned": earned, "points": points}
        print(json.dumps(sums | {"lessons": [result.as_dict() for result in results]}, indent=1))
    elif len(results) > 1:
        say(f"{earned:g} of {points:g} points in all", "bold")
    raise typer.Exit(PASSED if passed else MISSED)


def _record(result: Result) -> None:
    """Remember what passed, and keep those answers for `mine`."""
    from nnlearn.course.answers import keep_source
    from nnlearn.course.progress import Progress

    with _spoken_warnings():
        record = Progress.load()
        for verdict in result.verdicts:
            if verdict.passed and verdict.exercise not in record.passed:
                record.note_attempt(verdict.exercise, True)
        for exercise, source in result.kept:
            keep_source(exercise, source)


@app.command()
def progress(lessons: Numbers = None, as_json: AsJson = False) -> None:
    """What you have passed, the tries and the hints, and what comes next."""
    from nnlearn.course.standing import in_words, standing
    from nnlearn.course.terminal import say

    with _plain_errors(), _spoken_warnings():
        table = standing(_chosen(lessons))
    if as_json:
        print(json.dumps({"version": 1, "lessons": table}, indent=1))
        return
    for line, style in in_words(table):
        say(line, style)


@app.command()
def reset(lesson: Annotated[str, typer.Argument(metavar="NN", help="A lesson: 01.")]) -> None:
    """Start an exercise notebook afresh; a copy of yours is kept."""
    from nnlearn.course.lessons import find
    from nnlearn.course.terminal import near
    from nnlearn.course.workspace import exercise_file
    from nnlearn.course.workspace import reset as reset_notebook

    with _plain_errors():
        stem = find(lesson).stem
        copy = reset_notebook(stem)
        print(f"{near(exercise_file(stem))} is as it was at the beginning.")
        if copy:
            print(f"Your version is kept: {near(copy)}")


@app.command()
def lab(
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    port: Annotated[int | None, typer.Option(help="The port to serve on.")] = None,
) -> None:
    """Open the course in JupyterLab."""
    import subprocess
    from importlib.util import find_spec

    from nnlearn.course.paths import course_root

    with _plain_errors():
        root = course_root()
    if find_spec("jupyterlab") is None:
        _fail("JupyterLab is not installed here. Run `python3 start.py`, or install jupyterlab.")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}"]
    command += ["--LabApp.default_url=/lab/tree/lessons/00_start_here.ipynb"]
    command += [] if browser else ["--no-browser"]
    command += [f"--port={port}"] if port else []
    try:
        raise typer.Exit(subprocess.call(command, cwd=root))
    except KeyboardInterrupt:
        raise typer.Exit(PASSED) from None


@app.command()
def build(
    lesson: Annotated[str, typer.Argument(metavar="[NN]", help="A lesson; all if none.")] = "",
    check_only: Annotated[
        bool, typer.Option("--check", help="Build nothing; exit 1 if something is out of date.")
    ] = False,
    force: Annotated[bool, typer.Option(help="Build what is up to date as well.")] = False,
) -> None:
    """For maintainers: make the notebooks from source/."""
    with _plain_errors():
        from nnlearn.course.build import SourceError, products
        from nnlearn.course.lessons import find
        from nnlearn.course.readme import readme, with_table

        number = find(lesson).number if lesson else ""
        if not check_only:
            page = readme()
            page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")
        try:
            stale = [_build_one(product, check_only, force) for product in products(number)]
        except SourceError as error:
            _fail(str(error), MISSED)
    if any(stale):
        _fail("Run `nnlearn build` and commit what it writes.", MISSED)


def _build_one(product: Product, check_only: bool, force: bool) -> bool:
    """Write one notebook if need be; True if it is out of date and was left so."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    from nnlearn.course.terminal import busy, near

    name = near(product.path)
    current = product.is_current()
    if current and (check_only or not force):
        print(f"  up to date   {name}")
    elif check_only:
        print(f"  out of date  {name}")
    else:
        try:
            with busy(f"building {name}"):
                seconds = product.write()
        except (CellExecutionError, CellTimeoutError) as error:
            _fail(f"{name}: a cell does not run.\n{error}", MISSED)
        print(f"  built        {name}  ({seconds:.1f} s)")
    return check_only and not current


@app.command("new-lesson")
def new_lesson(
    stem: Annotated[str, typer.Argument(help="Number and name: 02_weights_and_biases.")],
) -> None:
    """For maintainers: write the sources of a new lesson from the templates."""
    from nnlearn.course.scaffold import write_lesson
    from nnlearn.course.terminal import near

    with _plain_errors():
        for file in write_lesson(stem):
            print(f"  written  {near(file)}")
        print("Fill in what is marked TODO, then: nnlearn build " + stem[:2])


def _import_quickly() -> None:
    """Spare half a second: jupytext loads a web server, and goes on without its editor plugin."""
    for name in ("jupytext.sync_contentsmanager", "jupytext.async_contentsmanager"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def _chosen(names: list[str] | None) -> list[Lesson]:
    from nnlearn.course.lessons import built, find

    return list(dict.fromkeys(find(name) for name in names)) if names else list(built())


def _lesson_of(file: Path, names: list[str] | None) -> Lesson:
    """The lesson that a submission belongs to: as told, else by its cells or its name."""
    from nnlearn.course.lessons import find
    from nnlearn.course.submission import lesson_number

    if names and len(names) > 1:
        _fail("One submission is for one lesson: name one number.")
    number = names[0] if names else lesson_number(file)
    if not number:
        _fail(f"Of which lesson is {file.name}? Name its number: nnlearn check 01 --submission ...")
    return find(number)


def _fail(text: str, code: int = WRONG_CALL) -> NoReturn:
    print(text, file=sys.stderr)
    raise typer.Exit(code)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What the course can say in a sentence is said in a sentence."""
    from nnlearn.course.lessons import UnknownLesson
    from nnlearn.course.paths import CourseNotFound
    from nnlearn.course.workspace import WorkspaceError

    _import_quickly()
    try:
        yield
    except (CourseNotFound, UnknownLesson, WorkspaceError) as error:
        _fail(str(error))
    except ModuleNotFoundError as error:
        if error.name not in ("nbclient", "jupytext", "nbformat"):
            raise
        _fail(f"{error.name} is missing. For maintainers: pip install -e '.[dev]'")
    except KeyboardInterrupt:
        _fail("Stopped.", 130)


@contextmanager
def _spoken_warnings() -> Iterator[None]:
    """Warnings of the record, as plain sentences on stderr."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        print(text, file=sys.stderr)


if __name__ == "__main__":
    app()
