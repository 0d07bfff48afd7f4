"""Numbers written out in English, French and German: a language whose grammar is known exactly.

So every translation can be checked, and new sentences never run out. Word order really changes: 84
is eighty-four, quatre-vingt-quatre (four twenties four) and vierundachtzig (four and eighty).

Lessons: 14, 17.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

LARGEST = 999_999

ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
ENGLISH_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()

FRENCH = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
).split()
FRENCH_TENS = "- dix vingt trente quarante cinquante soixante".split()

GERMAN = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn"
).split()
GERMAN_TENS = "- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


class Pairs(NamedTuple):
    """Sentences and their translations, (source, target), to learn from and to be judged by."""

    train: list[tuple[str, str]]
    test: list[tuple[str, str]]


def number_pairs(
    language: str = "French", train: int = 2000, test: int = 500, limit: int = 10_000
) -> Pairs:
    """Draw numbers below `limit`, in English and in another language; none is in both parts.

    The pieces of a number are divided by spaces, those of long German words too. The draw is always
    the same.

    Parameters
    ----------
    language : "French" or "German"
    train, test : how many pairs each
    limit : numbers are from 0 to limit - 1

    Example
    -------
    >>> pairs, _ = number_pairs("German")
    >>> len(pairs), pairs[1]
    (2000, ('five thousand three hundred and two', 'fünf tausend drei hundert zwei'))

    Lesson 14.
    """
    if train + test > limit:
        raise ValueError(
            f"number_pairs: {train} + {test} pairs were asked for, but below {limit} there are"
            f" {limit} numbers\nRaise limit, or ask for fewer pairs."
        )
    numbers = np.random.default_rng(0).choice(limit, train + test, replace=False).tolist()
    pairs = [(" ".join(spell(n)), " ".join(spell(n, language))) for n in numbers]
    return Pairs(pairs[:train], pairs[train:])


def spell(n: int, language: str = "English") -> list[str]:
    """Write a number from 0 to 999,999 in words: a list of its pieces.

    Example
    -------
    >>> spell(84), spell(84, "French"), "".join(spell(84, "German"))
    (['eighty', 'four'], ['quatre', 'vingt', 'quatre'], 'vierundachtzig')

    Lesson 14.
    """
    if language not in LANGUAGES:
        raise ValueError(f"spell: the languages are {', '.join(LANGUAGES)}, not {language!r}")
    if not 0 <= n <= LARGEST:
        raise ValueError(f"spell: numbers go from 0 to {LARGEST:,}, not to {n:,}")
    return LANGUAGES[language](int(n))


def _english(n: int) -> list[str]:
    if n < 20:
        return [ENGLISH[n]]
    if n < 100:
        return [ENGLISH_TENS[n // 10], *_rest(_english, n % 10)]
    if n < 1000:
        and_ = ["and"] if n % 100 else []
        return [ENGLISH[n // 100], "hundred", *and_, *_rest(_english, n % 100)]
    and_ = ["and"] if 0 < n % 1000 < 100 else []
    return [*_english(n // 1000), "thousand", *and_, *_rest(_english, n % 1000)]


def _french(n: int, last: bool = True) -> list[str]:
    """`last`: nothing follows, so that vingt and cent take an s when they are several."""
    if n < 17:
        return [FRENCH[n]]
    if n < 70:
        and_ = ["et"] if n % 10 == 1 else []
        return [FRENCH_TENS[n // 10], *and_, *_rest(_french, n % 10)]
    if n < 80:  # sixty and ten to nineteen
        return ["soixante", *(["et"] if n == 71 else []), *_french(n - 60)]
    if n < 100:  # four twenties, and zero to nineteen
        return ["quatre", "vingts" if n == 80 and last else "vingt", *_rest(_french, n - 80)]
    if n < 1000:
        several = [FRENCH[n // 100]] if n >= 200 else []
        cent = "cents" if n >= 200 and n % 100 == 0 and last else "cent"
        return [*several, cent, *_rest(_french, n % 100, last)]
    several = _french(n // 1000, last=False) if n >= 2000 else []
    return [*several, "mille", *_rest(_french, n % 1000)]


def _german(n: int, last: bool = True) -> list[str]:
    """`last`: nothing follows, so that one is eins and not ein."""
    if n < 20:
        return ["ein" if n == 1 and not last else GERMAN[n]]
    if n < 100:
        ones = [*_german(n % 10, last=False), "und"] if n % 10 else []
        return [*ones, GERMAN_TENS[n // 10]]
    if n < 1000:
        return [*_german(n // 100, last=False), "hundert", *_rest(_german, n % 100, last)]
    return [*_german(n // 1000, last=False), "tausend", *_rest(_german, n % 1000)]


def _rest(words: Callable[..., list[str]], n: int, *settings: bool) -> list[str]:
    """Spell what is left over; nothing if nothing is."""
    return words(n, *settings) if n else []


LANGUAGES = {"English": _english, "French": _french, "German": _german}
