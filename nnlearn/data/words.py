"""Names by language, read from the lists that Faker brings.

The results follow the installed Faker, whose lists change now and then; counts and figures in the
lessons are those of the release that the course pins.

Lessons: 11, 12, 17.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import NamedTuple

import numpy as np

from nnlearn.data.files import library_folder

# Languages written in Latin letters with a list of their own in Faker, and the list's name there.
LISTS = {
    "Czech": "cs_CZ",
    "German": "de_DE",
    "English": "en_GB",
    "Spanish": "es_ES",
    "Estonian": "et_EE",
    "Finnish": "fi_FI",
    "French": "fr_BE",
    "Irish": "ga_IE",
    "Croatian": "hr_HR",
    "Italian": "it_IT",
    "Dutch": "nl_NL",
    "Swedish": "sv_SE",
}
MOST = 500  # names per language, so that no language rules by number
TEST_SHARE = 0.2
LETTERS = set("abcdefghijklmnopqrstuvwxyz '-")


class Texts(NamedTuple):
    """Texts to learn from and to be judged by: each a list of strings and their class numbers."""

    train: tuple[list[str], np.ndarray]
    test: tuple[list[str], np.ndarray]
    classes: tuple[str, ...]


def load_surnames() -> Texts:
    """Load surnames of twelve languages: which language does a word sound like?

    Accents are taken off (they would give the answer away), letters made small, and names that two
    languages share left out, since no reader could tell. At most 500 names per language; four of
    five are for training. It is the language of a word that is asked for, never of a person.

    Returns
    -------
    train, test : a list of names, and y, int64, the number of each name's language
    classes : the twelve languages

    Raises: ModuleNotFoundError without Faker, which brings the lists.

    Example
    -------
    >>> (names, y), _, languages = load_surnames()
    >>> len(names) == len(y), languages[:3]
    (True, ('Czech', 'German', 'English'))

    Source: Faker, MIT licence. Lesson 17.
    """
    lists = {language: _names(language, "last_names") for language in LISTS}
    known = Counter(name for names in lists.values() for name in names)
    rng = np.random.default_rng(0)  # of its own: the split is part of the data
    train: list[tuple[str, int]] = []
    test: list[tuple[str, int]] = []
    for label, names in enumerate(lists.values()):
        own = [name for name in sorted(names) if known[name] == 1]
        chosen = [own[i] for i in rng.permutation(len(own))[:MOST]]
        part = round(TEST_SHARE * len(chosen))
        test += [(name, label) for name in chosen[:part]]
        train += [(name, label) for name in chosen[part:]]
    return Texts(_shuffled(train, rng), _shuffled(test, rng), tuple(LISTS))


def load_first_names() -> list[str]:
    """Load first names of twelve languages, accents taken off, in alphabetical order.

    Short words with a sound of their own: a character model invents new ones within seconds.

    Raises: ModuleNotFoundError without Faker, which brings the lists.

    Example
    -------
    >>> names = load_first_names()
    >>> len(names) > 3000, "astrid" in names
    (True, True)

    Source: Faker, MIT licence. Lesson 11.
    """
    return sorted(set().union(*(_names(language, "first_names") for language in LISTS)))


def fold_accents(text: str) -> str:
    """Take the accents off and make all letters small.

    Example
    -------
    >>> fold_accents("Škvoreký"), fold_accents("Müller"), fold_accents("Groß")
    ('skvoreky', 'muller', 'gross')

    Lesson 17.
    """
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _names(language: str, kind: str) -> set[str]:
    """Read one list of Faker: its module alone, not the generators of every language."""
    from importlib import import_module

    library_folder("faker", "The list of names")  # says what to install if there is none
    lists = import_module(f"faker.providers.person.{LISTS[language]}").Provider
    folded = {fold_accents(name).strip() for name in getattr(lists, kind)}
    return {name for name in folded if len(name) > 1 and set(name) <= LETTERS}


def _shuffled(
    pairs: list[tuple[str, int]], rng: np.random.Generator
) -> tuple[list[str], np.ndarray]:
    mixed = [pairs[i] for i in rng.permutation(len(pairs))]
    return [name for name, _ in mixed], np.array([label for _, label in mixed], np.int64)
