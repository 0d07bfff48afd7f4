"""Sentences about how good things are, made by rule: a text whose answer hangs on word order.

The same words stand in both classes, equally often. Whoever counts words, or pairs of words, is
left guessing (logistic regression: half right); who reads from left to right can know.

Lessons: 12, 17.
"""

from __future__ import annotations

import numpy as np

from nnlearn.data.words import Texts

GOOD = (
    "good great lovely charming splendid wonderful pleasant delightful excellent superb "
    "brilliant graceful elegant friendly cheerful warm gentle generous honest bright fresh "
    "clean tasty delicious crisp tender rich comfortable cosy quiet calm safe clever witty "
    "funny moving thrilling gripping vivid touching inspired skilful smooth reliable helpful "
    "polite kind patient thoughtful beautiful handsome stylish sweet joyful magical memorable "
    "satisfying rewarding remarkable perfect admirable impressive flawless"
).split()
BAD = (
    "bad awful terrible horrible dreadful nasty unpleasant boring poor dull clumsy ugly rude "
    "gloomy cold harsh mean dishonest dirty stale filthy tasteless disgusting soggy tough bland "
    "uncomfortable shabby noisy tense dangerous stupid silly tedious tiresome confusing weak "
    "shallow lifeless lazy rough unreliable useless impolite cruel careless thoughtless hideous "
    "dismal bitter sad miserable forgettable disappointing annoying embarrassing worthless "
    "faulty broken sloppy pathetic offensive painful"
).split()
THINGS = (
    "food|music|film|room|service|story|staff|view|bed|soup|play|garden|song|book|hotel|journey|"
    "acting|ending|tea|house"
).split("|")
DEGREES = ["", "really ", "very ", "quite ", "rather "]
# Between an adjective and "but": else the pair of words would tell in which half it stands.
LAST = ["again", "here", "indeed", "today"]


def rated_sentences(train: int = 5000, test: int = 1000) -> Texts:
    """Make sentences such as "the food was not really awful today but the tea was sweet again".

    What follows "but" is the verdict, and "not" turns it round. Both halves draw their adjectives
    and their "not" from the same urn, so no word tells anything by itself. The sentences are always
    the same ones; none is in both parts.

    Parameters
    ----------
    train, test : how many sentences each

    Returns
    -------
    train, test : a list of sentences, and y, int64: 1 good, 0 bad
    classes : ("bad", "good")

    Example
    -------
    >>> (sentences, y), _, _ = rated_sentences()
    >>> sentences[0], int(y[0])
    ('the story was not really clever again but the acting was quite ugly today', 0)

    Lesson 17.
    """
    rng = np.random.default_rng(0)
    found: dict[str, int] = {}
    while len(found) < train + test:
        (first, _), (second, verdict) = _clause(rng), _clause(rng)
        found[f"{first} but {second}"] = verdict
    sentences, y = list(found), np.array(list(found.values()), np.int64)
    return Texts((sentences[:train], y[:train]), (sentences[train:], y[train:]), ("bad", "good"))


def _clause(rng: np.random.Generator) -> tuple[str, int]:
    """Say something about a thing, and whether it is good in the end."""
    good, negated = rng.integers(2, size=2).tolist()
    urn = GOOD if good else BAD
    adjective, thing = urn[rng.integers(len(urn))], THINGS[rng.integers(len(THINGS))]
    degree = DEGREES[rng.integers(len(DEGREES))]
    last = LAST[rng.integers(len(LAST))]
    return f"the {thing} was {'not ' * negated}{degree}{adjective} {last}", good ^ negated
