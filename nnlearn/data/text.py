"""Running text that is on every machine: the prose of Python's own documentation.

Lessons: 11, 14, 17.
"""

from __future__ import annotations

import re

# What the prose is written with: others stand in code, tables and quotations, which are left out.
SYMBOLS = frozenset("abcdefghijklmnopqrstuvwxyz .,;:-'()")
PLAIN = str.maketrans("’‘—–", "''--", '“”"*_')  # __init__ becomes init, as it is said
SHORTEST = 60  # characters of a paragraph; shorter ones are headings and remarks


def load_python_docs() -> str:
    """Load the prose of Python's language reference: about 150,000 characters of English.

    Paragraphs of full sentences, small letters, one paragraph per line, none twice: so the end of
    the text is new to whoever has read the beginning. It differs a little from one version of
    Python to the next.

    Returns
    -------
    text : of the 26 letters, the space, the line end, and .,;:-'()

    Example
    -------
    >>> text = load_python_docs()
    >>> len(text) > 100_000, len(set(text)) <= 36
    (True, True)

    Source: the Python Software Foundation, PSF licence. Lesson 11.
    """
    from pydoc_data.topics import topics  # here, not above: half a megabyte

    paragraphs = {}  # a dict: each once (topics repeat one another), in order
    for _, topic in sorted(topics.items()):
        for block in topic.split("\n\n"):
            if prose := _prose(block):
                paragraphs[prose] = True
    return "\n".join(paragraphs) + "\n"


def _prose(block: str) -> str:
    """Return a paragraph in one line; nothing if it is code, a table, a list or a heading."""
    indented = [line.startswith(" ") for line in block.strip("\n").split("\n")]
    if any(indented) and not all(indented):
        return ""
    line = " ".join(block.split()).lower()
    line = line.translate(PLAIN)
    sentences = re.search(r"^[a-z].*[.:]$", line)
    return line if sentences and len(line) >= SHORTEST and SYMBOLS.issuperset(line) else ""
