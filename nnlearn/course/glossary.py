"""The glossary: terms as data (`source/glossary.toml`), and the notebook made of them."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from nnlearn.course.lessons import LESSONS
from nnlearn.course.paths import course_root


@dataclass(frozen=True)
class Term:
    """A word of the field: what it means, and where it is first taught, practised and shown."""

    name: str
    definition: str
    lesson: str
    exercise: str = ""
    demo: str = ""
    forms: Sequence[str] = ()  # other spellings that mean the same: plurals, verbs

    @property
    def link(self) -> str:
        return f"glossary.ipynb#{self.name.replace(' ', '-')}"


def terms() -> tuple[Term, ...]:
    """All terms, in alphabetical order."""
    text = (course_root() / "source" / "glossary.toml").read_text(encoding="utf-8")
    found = [Term(name, **entry) for name, entry in tomllib.loads(text).items()]
    return tuple(sorted(found, key=lambda term: term.name.lower()))


def glossary_cells() -> list[NotebookNode]:
    """The glossary as Markdown cells, one a term."""
    stems = {lesson.number: lesson.stem for lesson in LESSONS}
    cells = [
        new_markdown_cell(
            "# Glossary\n\nEvery term of the course, in one or two sentences, with the lesson "
            "that teaches it, the exercise that practises it and the demo that shows it."
        )
    ]
    for term in terms():
        stem = stems[term.lesson]
        where = [f"Lesson [{stem}]({stem}.ipynb)"]
        if term.exercise:
            where.append(f"exercise [{term.exercise}](../exercises/{stem}.ipynb)")
        if term.demo:
            where.append(f"demo: {term.demo}")
        text = f"### {term.name}\n\n{term.definition}\n\n*{' · '.join(where)}*"
        cells.append(new_markdown_cell(text))
    return cells
