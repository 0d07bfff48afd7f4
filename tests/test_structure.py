"""The shape of the project, held by tests: imports run downward, files stay small, links lead."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import nbformat
import pytest

from nnlearn.course.build import exercise_notebook, lesson_notebook
from nnlearn.course.lessons import LESSONS, built
from nnlearn.course.readme import readme, with_table
from tests.conftest import ROOT

# Lowest first. A module imports from rooms before its own, or from its own without a circle.
ROOMS = (
    "errors random scalar tensor gradcheck ops perceptron nn optim data serialization summary "
    "models train show demos course cli"
).split()
MODULES = sorted((ROOT / "nnlearn").rglob("*.py"))
STEMS = [lesson.stem for lesson in built()]


def name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(code: ast.AST) -> set[str]:
    """The modules of nnlearn that a piece of code imports."""
    known = {name(path) for path in MODULES}
    found = set()
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {full if full in known else node.module or "" for full in whole}
    return {module for module in found if module.split(".")[0] == "nnlearn"}


def room(module: str) -> int:
    parts = module.split(".")
    return ROOMS.index(parts[1]) if len(parts) > 1 else -1


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_run_downward(path):
    if path == ROOT / "nnlearn" / "__init__.py":
        assert all(room(m) < ROOMS.index("train") for m in imported(tree(path)))
        return
    here = room(name(path))
    for module in imported(tree(path)) - {"nnlearn"}:
        assert room(module) <= here, f"{name(path)} imports {module}, which lies above it"


def test_no_imports_in_a_circle():
    graph = {name(p): imported(tree(p)) - {name(p), "nnlearn"} for p in MODULES}
    packages = {name(p) for p in MODULES if p.name == "__init__.py"}
    inner = {
        m: {d for d in uses if not (d in packages and m.startswith(d + "."))}
        for m, uses in graph.items()
    }
    TopologicalSorter(inner).prepare()  # raises CycleError with the circle


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_files_and_functions_stay_small(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (600 if path.parent.name == "checks" else 350)  # checks are tables, not logic
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert length <= 40, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(tree(path))


def lessons_of(path: Path) -> set[str]:
    line = re.search(r"^Lessons?: (.*)\.$", ast.get_docstring(tree(path)) or "", re.M)
    return set(re.findall(r"\d\d", line[1])) if line else set()


@pytest.mark.parametrize("stem", STEMS)
def test_lesson_imports_only_modules_that_name_it(stem):
    """So nothing is used that is first taught later, and each module says who uses it."""
    paths = {name(path): path for path in MODULES}
    for cell in lesson_notebook(stem).cells:
        if cell.cell_type != "code":
            continue
        for module in imported(ast.parse(cell.source)) - {"nnlearn"}:
            if not module.startswith("nnlearn.course"):
                assert stem[:2] in lessons_of(paths[module]), f"{module} does not name {stem}"


@pytest.mark.parametrize(
    "path", [p for p in MODULES if 0 <= room(name(p)) < ROOMS.index("course")], ids=name
)
def test_library_module_names_its_lessons(path):
    assert lessons_of(path) and lessons_of(path) <= {lesson.number for lesson in LESSONS}


def test_importing_nnlearn_loads_numpy_alone():
    heavy = "matplotlib ipywidgets anywidget sklearn IPython jupytext pandas scipy traitlets"
    code = "import sys, nnlearn; print(*[m for m in sys.argv[1:] if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code, *heavy.split()], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("stem", STEMS)
def test_lessons_are_of_a_size_to_read(stem):
    cells = lesson_notebook(stem).cells
    words = sum(len(c.source.split()) for c in cells if c.cell_type == "markdown")
    assert 35 <= len(cells) <= 70 and words <= 2800
    longest = max(c.source.count("\n") + 1 for c in cells if c.cell_type == "code")
    assert longest <= 25


@pytest.mark.parametrize("stem", STEMS)
def test_lessons_ask_five_questions_and_join(stem):
    text = "\n".join(c.source for c in lesson_notebook(stem).cells)
    quiz = text.split("## Check yourself")[1].split("## What you take along")[0]
    assert len(re.findall(r"^\*\*\d\.\*\*", quiz, re.M)) == 5
    assert quiz.count("<details>") == quiz.count("</details>") >= 10
    assert f"../exercises/{stem}.ipynb" in text and "**Next:**" in text


def test_readme_lists_the_lessons_that_there_are():
    text = readme().read_text(encoding="utf-8")
    assert with_table(text) == text, "run `nnlearn build`"


@pytest.mark.parametrize("stem", STEMS)
def test_exercises_have_the_words_that_they_speak_of(stem):
    setup = next(c for c in exercise_notebook(stem).cells if c.cell_type == "code").source
    assert "import check, hint, mine, progress" in setup


def pages() -> list[tuple[Path, str]]:
    """Every page a reader meets: the Markdown files, and the notebooks' text."""
    found = [(p, p.read_text(encoding="utf-8")) for p in ROOT.glob("*.md")]
    for folder in ("lessons", "exercises", "solutions"):
        for path in (ROOT / folder).glob("*.ipynb"):
            cells = nbformat.read(path, as_version=4).cells
            found.append((path, "\n".join(c.source for c in cells if c.cell_type == "markdown")))
    return found


def test_no_link_is_dead():
    for path, text in pages():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not target.startswith(("http://", "https://", "#")):
                assert (path.parent / target.split("#")[0]).exists(), f"{path.name}: {target}"


def test_every_picture_has_a_text():
    for path, text in pages():
        assert not re.search(r"!\[\s*\]", text), path
    for path in (ROOT / "lessons").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                if "image/png" in data or "<img" in data.get("text/html", ""):
                    assert len(data["text/plain"]) > 20 and "0x" not in data["text/plain"]


def test_no_path_of_a_machine_and_no_registry_in_any_file():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("this is not a git clone")
    forbidden = re.compile(r"/(home|root|work)/\w|pypi\.org|pythonhosted|npmjs\.org")
    for line in listed.stdout.splitlines():
        path = ROOT / line
        if path.is_file() and path != Path(__file__) and path.suffix not in {".png", ".npz"}:
            found = forbidden.search(path.read_text(encoding="utf-8"))
            assert not found, f"{line}: {found[0]}"


def told(path: Path) -> list[str]:
    """The texts in a file of a demo; what JavaScript fills in is cut out of them."""
    if path.suffix == ".py":
        values = [node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)]
        return [value for value in values if isinstance(value, str)]
    code = re.sub(r"\$\{[^}]*\}", "…", path.read_text(encoding="utf-8"))
    return [text[1:-1] for text in re.findall(r'"[^"\n]*"|`[^`\n]*`', code)]


@pytest.mark.parametrize(
    "demo", ["digit", "playground", "function", "builder", "regularise", "clinic"]
)
def test_networks_are_made_of_neurons_and_a_unit_is_one_of_measurement(demo):
    """As in the lessons; `unit` stays as the name of an argument, a setting, a class."""
    found = [path for path in (ROOT / "nnlearn/demos").glob(f"*{demo}*") if path.suffix != ".css"]
    assert len(found) >= 2
    for path in found:
        for text in told(path):
            word = re.search(r"(?<![-.\w\"`])[Uu]nits?\b(?!=| :)", text)
            assert not word or text in {"unit", "units"}, f"{path.name}: {text}"
