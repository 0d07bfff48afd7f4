"""The glossary holds the lessons' terms, and the lessons use them in order."""

import functools
import re

import pytest

from nnlearn.course.build import lesson_notebook
from nnlearn.course.checks import exercises
from nnlearn.course.glossary import terms
from nnlearn.course.lessons import LESSONS, built

STEMS = [lesson.stem for lesson in built()]
GLOSSARY_LINK = re.compile(r"\[([^\]]+)\]\((glossary\.ipynb#[^)]+)\)")


@functools.cache
def prose(stem: str) -> str:
    """What a lesson says, without its header, code, headings, formulas and links to lessons."""
    cells = [c.source for c in lesson_notebook(stem).cells[1:] if c.cell_type == "markdown"]
    text = "\n\n".join(cells)
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", " ", text, flags=re.S)
    text = re.sub(r"^#+ .*$", "", text, flags=re.M)
    text = re.sub(r"\[[^\]]*\]\((?!glossary)[^)]*\)", " ", text)
    return re.sub(r"\s+", " ", text)


def uses(term, text: str) -> list[int]:
    words = "|".join(re.escape(form) for form in (term.name, *term.forms))
    return [m.start() for m in re.finditer(rf"\b({words})\b", text, flags=re.I)]


@pytest.mark.parametrize("term", terms(), ids=lambda t: t.name)
def test_term_is_linked_where_its_lesson_first_says_it(term):
    stem = next(lesson.stem for lesson in LESSONS if lesson.number == term.lesson)
    text = prose(stem)
    links = [m.start() + 1 for m in GLOSSARY_LINK.finditer(text) if m[2] == term.link]
    assert links, f"{stem} never links to {term.link}"
    plain = re.sub(r"\(glossary[^)]*\)", lambda m: " " * len(m[0]), text)
    own = next(i for i in uses(term, plain) if not inside_longer_term(term, plain, i))
    assert own >= links[0], f"used before its link: …{text[own - 60 : own + 40]}…"


def inside_longer_term(term, text: str, at: int) -> bool:
    longer = [t for t in terms() if t.name != term.name and term.name in t.name]
    return any(start <= at < start + len(t.name) for t in longer for start in uses(t, text))


@pytest.mark.parametrize("term", terms(), ids=lambda t: t.name)
def test_no_earlier_lesson_uses_the_term(term):
    for lesson in built():
        if lesson.number < term.lesson:
            text = re.sub(r"\(glossary[^)]*\)", " ", prose(lesson.stem))
            found = uses(term, text)
            assert not found, f"{lesson.stem}: …{text[found[0] - 60 : found[0] + 40]}…"


@pytest.mark.parametrize("term", terms(), ids=lambda t: t.name)
def test_term_points_to_what_exists(term):
    stem = next(lesson.stem for lesson in built() if lesson.number == term.lesson)
    assert len(term.definition) > 30 and term.definition[-1] in ".`"
    if term.exercise:
        assert term.exercise in [e.id for e in exercises(stem)]
    if term.demo:
        assert any(term.demo in lesson.demo for lesson in built())


@pytest.mark.parametrize("stem", STEMS)
def test_every_glossary_link_leads_to_a_term(stem):
    known = {term.link for term in terms()}
    text = "\n".join(c.source for c in lesson_notebook(stem).cells if c.cell_type == "markdown")
    assert {link for _, link in GLOSSARY_LINK.findall(text)} <= known
