"""Tokenizers: text into numbers and back, by characters, by words, by pieces learnt from text.

All give an array of int64, one number per piece; `vocab_size` is what `nn.Embedding` needs to know.

Lessons: 11, 14, 17.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np


class CharTokenizer:
    """One number per character.

    Parameters
    ----------
    text : its characters, sorted, make the vocabulary
    special : further pieces that stand for no character, such as "<end>"; they get the numbers
        from 0 on

    Example
    -------
    >>> tokenizer = CharTokenizer("hello")
    >>> tokenizer.encode("hole"), tokenizer.decode([1, 0, 2, 2, 3])
    (array([1, 3, 2, 0]), 'hello')

    Lesson 11.
    """

    between = ""  # what stands between two pieces of a text

    def __init__(self, text: Iterable[str], special: Sequence[str] = ()) -> None:
        self.special = list(special)
        self.pieces = self.special + sorted(set(self.split(text)) - set(special))
        self.number = {piece: i for i, piece in enumerate(self.pieces)}

    def split(self, text: Iterable[str]) -> list[str]:
        """Divide a text (or several) into pieces."""
        return list(text) if isinstance(text, str) else [c for part in text for c in part]

    @property
    def vocab_size(self) -> int:
        """How many different pieces there are."""
        return len(self.pieces)

    def encode(self, text: str) -> np.ndarray:
        """Return the number of each piece: shape (T,), int64.

        Raises: ValueError for a piece that the vocabulary does not have.
        """
        try:
            return np.array([self.number[piece] for piece in self.split(text)], np.int64)
        except KeyError as error:
            raise ValueError(
                f"encode: {error.args[0]!r} is not in the vocabulary of {self.vocab_size} pieces\n"
                "It did not occur in the text that the tokenizer was made from.\n"
                "Make the tokenizer from all the text, or leave this piece out."
            ) from None

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of these numbers; special pieces are left out."""
        known = len(self.special)
        return self.between.join(self.pieces[i] for i in _checked(ids, self) if i >= known)

    def save(self, path: str | Path) -> None:
        """Write the vocabulary to a JSON file."""
        _write(path, self, {"special": self.special, "pieces": self.pieces})

    @classmethod
    def load(cls, path: str | Path) -> CharTokenizer:
        """Read a tokenizer that `save` wrote."""
        saved, tokenizer = _read(path, cls), cls("")
        tokenizer.special, tokenizer.pieces = saved["special"], saved["pieces"]
        tokenizer.number = {piece: i for i, piece in enumerate(tokenizer.pieces)}
        return tokenizer


class WordTokenizer(CharTokenizer):
    """One number per word; words are what spaces divide.

    Example
    -------
    >>> tokenizer = WordTokenizer(["two and two", "is four"], special=["<pad>", "<end>"])
    >>> tokenizer.encode("two is two"), tokenizer.decode([5, 4, 3, 1])
    (array([5, 4, 5]), 'two is four')

    Lesson 14.
    """

    between = " "

    def split(self, text: Iterable[str]) -> list[str]:
        """Divide a text (or several) at its spaces."""
        return text.split() if isinstance(text, str) else [w for part in text for w in part.split()]


class BPETokenizer:
    """Pieces learnt from text: the pair of neighbours seen most often becomes one piece, and again.

    It starts from the 256 bytes, so it can write any text of any language, and gives back exactly
    what it was given. Pieces never reach over a word's beginning; a space belongs to the word after
    it.

    Parameters
    ----------
    merges : the pairs that were joined, in order; pair i makes piece number 256 + i. Usually from
        `BPETokenizer.train`.

    Example
    -------
    >>> tokenizer = BPETokenizer.train("low lower lowest", 3)
    >>> [tokenizer.decode([i]) for i in tokenizer.encode("lower slow")]
    ['low', 'e', 'r', ' ', 's', 'low']

    Source: Gage (1994), compression; Sennrich, Haddow and Birch (2016), words; Radford et al.
    (2019), bytes. Lesson 17.
    """

    # A word, or marks, each with the space before it; else spaces. Joined, they are the text again.
    WORDS = re.compile(r" ?\w+| ?[^\w\s]+|\s+(?!\S)|\s+")

    def __init__(self, merges: Iterable[tuple[int, int]] = ()) -> None:
        self.merges = [(int(a), int(b)) for a, b in merges]
        self.rank = {pair: i for i, pair in enumerate(self.merges)}
        self.pieces = [bytes([i]) for i in range(256)]
        for a, b in self.merges:
            self.pieces.append(self.pieces[a] + self.pieces[b])
        self._known: dict[str, list[int]] = {}  # words met before: texts repeat themselves

    @property
    def vocab_size(self) -> int:
        """How many pieces there are: 256 bytes, and one per merge."""
        return len(self.pieces)

    @classmethod
    def train(cls, text: str, merges: int) -> BPETokenizer:
        """Learn up to `merges` pieces from a text; fewer if no pair is left.

        Each word is counted once with its number, and a merge touches the words that hold the pair:
        that is what makes it quick. Of two pairs seen equally often, the one with smaller numbers.
        """
        counted = Counter(cls.WORDS.findall(text))
        words = [list(word.encode()) for word in counted]
        times = list(counted.values())
        count: Counter[tuple[int, int]] = Counter()
        where: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        for i, word in enumerate(words):
            for pair in pairwise(word):
                count[pair] += times[i]
                where[pair].add(i)
        learnt: list[tuple[int, int]] = []
        while count and len(learnt) < merges:
            most = max(count.values())
            if most == 0:
                break
            best = min(pair for pair, n in count.items() if n == most)
            for i in where[best].copy():
                for pair in pairwise(words[i]):
                    count[pair] -= times[i]
                words[i] = _join(words[i], best, 256 + len(learnt))
                for pair in pairwise(words[i]):
                    count[pair] += times[i]
                    where[pair].add(i)
            del count[best]  # no word holds it any longer
            learnt.append(best)
        return cls(learnt)

    def encode(self, text: str) -> np.ndarray:
        """Return the number of each piece: shape (T,), int64."""
        ids: list[int] = []
        for word in self.WORDS.findall(text):
            if word not in self._known:
                self._known[word] = self._merge(list(word.encode()))
            ids += self._known[word]
        return np.array(ids, np.int64)

    def _merge(self, ids: list[int]) -> list[int]:
        """Join pairs in the order in which they were learnt."""
        while len(ids) > 1:
            last = len(self.merges)
            pairs = pairwise(ids)
            first = min(self.rank.get(pair, last) for pair in pairs)
            if first == last:  # none of them was ever joined
                break
            ids = _join(ids, self.merges[first], 256 + first)
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of these numbers; bytes that make no character become �."""
        joined = b"".join(self.pieces[i] for i in _checked(ids, self))
        return joined.decode(errors="replace")

    def save(self, path: str | Path) -> None:
        """Write the merges to a JSON file."""
        _write(path, self, {"merges": self.merges})

    @classmethod
    def load(cls, path: str | Path) -> BPETokenizer:
        """Read a tokenizer that `save` wrote."""
        return cls(_read(path, cls)["merges"])


def _join(ids: list[int], pair: tuple[int, int], new: int) -> list[int]:
    """Put `new` wherever the pair stands, from the left."""
    joined, i = [], 0
    while i < len(ids):
        if ids[i] == pair[0] and i + 1 < len(ids) and ids[i + 1] == pair[1]:
            joined.append(new)
            i += 2
        else:
            joined.append(ids[i])
            i += 1
    return joined


def _checked(ids: Iterable[int], tokenizer: CharTokenizer | BPETokenizer) -> list[int]:
    numbers = [int(i) for i in np.asarray(ids if hasattr(ids, "__len__") else list(ids)).ravel()]
    wrong = [i for i in numbers if not 0 <= i < tokenizer.vocab_size]
    if wrong:
        raise ValueError(
            f"decode: {wrong[0]} is no piece of this tokenizer\n"
            f"Its numbers go from 0 to {tokenizer.vocab_size - 1}."
        )
    return numbers


def _write(path: str | Path, tokenizer: Any, content: dict) -> None:
    content = {"kind": type(tokenizer).__name__, **content}
    Path(path).write_text(json.dumps(content), encoding="utf-8")


def _read(path: str | Path, kind: type) -> dict:
    """Read a JSON file; say what is wrong if it is not of this kind of tokenizer."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        right = content["kind"] == kind.__name__
    except (ValueError, TypeError, KeyError):
        right = False
    if not right:
        raise ValueError(
            f"{path} holds no tokenizer of this kind\nLoad a file that its `save` wrote."
        )
    return content
