import hashlib
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlearn.data import (
    fold_accents,
    load_first_names,
    load_python_docs,
    load_surnames,
    number_pairs,
    rated_sentences,
    spell,
    text,
)
from nnlearn.data.sentences import BAD, GOOD


def test_surnames():
    (names, y), (names_new, y_new), languages = load_surnames()
    assert len(languages) == 12 and set(y) == set(y_new) == set(range(12))
    assert y.dtype == y_new.dtype == np.int64
    assert len(names) == len(y) > 3000 and len(names_new) == len(y_new) > 750
    both = names + names_new
    assert len(set(both)) == len(both)  # no name twice, so none in both parts or two languages
    assert set("".join(both)) <= set("abcdefghijklmnopqrstuvwxyz '-")
    assert np.bincount(np.append(y, y_new)).max() == 500
    assert abs(len(names_new) / len(both) - 0.2) < 0.002
    assert (np.diff(y[:50]) != 0).any()  # mixed, not language by language


def test_surnames_are_the_same_in_every_call_and_whatever_was_drawn_before():
    before = load_surnames()
    np.random.default_rng().random(), random.random()
    again = load_surnames()
    assert before.train[0] == again.train[0] and np.array_equal(before.test[1], again.test[1])


def test_first_names():
    names = load_first_names()
    assert names == sorted(set(names)) and len(names) > 3000 and min(map(len, names)) > 1


def test_fold_accents():
    assert fold_accents("ÅSA Žižek ñ Strauß") == "asa zizek n strauss"


def test_python_docs():
    prose = load_python_docs()
    assert prose == load_python_docs() and prose.endswith(".\n")
    assert set(prose) <= text.SYMBOLS | {"\n"} and len(prose) > 100_000
    lines = prose.splitlines()
    assert len(set(lines)) == len(lines) and min(map(len, lines)) >= text.SHORTEST
    assert "the while statement is used for repeated execution" in prose


def test_prose_is_told_from_code():
    assert text._prose("x = 1\ny = 2") == ""
    assert text._prose("Too short.") == ""
    whole = "A name that is long enough refers to an object, and names come\nby “binding”."
    assert text._prose(whole) == whole.replace("\n", " ").replace("“", "").replace("”", "").lower()
    assert text._prose(f"* {whole}\n  and goes on in a list, with a hanging indent.") == ""


@pytest.mark.parametrize(
    "n, english, french, german",
    [
        (0, "zero", "zéro", "null"),
        (1, "one", "un", "eins"),
        (21, "twenty one", "vingt et un", "ein und zwanzig"),
        (71, "seventy one", "soixante et onze", "ein und siebzig"),
        (80, "eighty", "quatre vingts", "achtzig"),
        (81, "eighty one", "quatre vingt un", "ein und achtzig"),
        (99, "ninety nine", "quatre vingt dix neuf", "neun und neunzig"),
        (101, "one hundred and one", "cent un", "ein hundert eins"),
        (200, "two hundred", "deux cents", "zwei hundert"),
        (280, "two hundred and eighty", "deux cent quatre vingts", "zwei hundert achtzig"),
        (1000, "one thousand", "mille", "ein tausend"),
        (1001, "one thousand and one", "mille un", "ein tausend eins"),
        (80_000, "eighty thousand", "quatre vingt mille", "achtzig tausend"),
        (200_000, "two hundred thousand", "deux cent mille", "zwei hundert tausend"),
    ],
)
def test_numbers_in_words(n, english, french, german):
    assert " ".join(spell(n)) == english
    assert " ".join(spell(n, "French")) == french
    assert " ".join(spell(n, "German")) == german


@pytest.mark.parametrize("language", ["English", "French", "German"])
def test_all_numbers_below_100000_are_as_num2words_has_them(language):
    """num2words 0.5.14 spelt all of them the same; this is the SHA-256 of what it was compared to.

    (Above 100,000 it writes einhunderteinstausend, where German has einhunderteintausend.)
    """
    spelt = json.dumps([spell(n, language) for n in range(0, 100_000, 7)])
    known = {
        "English": "c1b930f95a434be518b81464574b00bbe4845c31c2bb3866a88273f8522f4837",
        "French": "f271041cf8fbfe7aabdca033b0b5e1416a543401589a617ed68bdd7350adbe0b",
        "German": "1fddd50b56f842f63b7e1057d79688091cd6229ddffab17d478bda7536dc036c",
    }
    assert hashlib.sha256(spelt.encode()).hexdigest() == known[language]


@settings(deadline=None, database=None)
@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_different_numbers_are_spelt_differently(a, b):
    for language in ("English", "French", "German"):
        assert (spell(a, language) == spell(b, language)) == (a == b)


def test_wrong_numbers():
    with pytest.raises(ValueError, match="999,999, not to 1,000,000"):
        spell(1_000_000)
    with pytest.raises(ValueError, match="not to -1"):
        spell(-1)
    with pytest.raises(ValueError, match="not 'Latin'"):
        spell(5, "Latin")


def test_number_pairs():
    pairs = number_pairs("German", 50, 10, 100)
    assert len(pairs.train) == 50 and len(pairs.test) == 10
    assert not set(pairs.train) & set(pairs.test) and len(set(pairs.train)) == 50
    assert pairs == number_pairs("German", 50, 10, 100)
    known = {" ".join(spell(n)): " ".join(spell(n, "German")) for n in range(100)}
    assert all(known[source] == target for source, target in pairs.train + pairs.test)
    with pytest.raises(ValueError, match="Raise limit"):
        number_pairs("French", 90, 20, 100)


def test_rated_sentences_follow_their_rule():
    (sentences, y), (new, y_new), classes = rated_sentences(500, 100)
    assert len(sentences) == len(y) == 500 and len(new) == len(y_new) == 100
    assert y.dtype == np.int64 and classes == ("bad", "good")
    assert len({*sentences, *new}) == 600 and 0.4 < y.mean() < 0.6
    for sentence, verdict in zip(sentences, y, strict=True):
        last = sentence.split(" but ")[1].split()
        assert ((last[-2] in GOOD) != ("not" in last)) == verdict
        assert last[-2] in GOOD or last[-2] in BAD
    assert rated_sentences(500, 100).train[0] == sentences


def test_no_word_alone_tells_the_verdict():
    (sentences, y), _, _ = rated_sentences(2000, 0)
    for word in ("not", "but", "really"):
        holds = np.array([word in sentence.split() for sentence in sentences])
        if holds.all():
            continue
        assert abs(y[holds].mean() - 0.5) < 0.06
    assert not set(GOOD) & set(BAD) and len(set(GOOD)) == len(GOOD) == len(set(BAD)) == len(BAD)
