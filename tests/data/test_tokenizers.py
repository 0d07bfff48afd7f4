import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlearn.data import BPETokenizer, CharTokenizer, WordTokenizer, load_python_docs

TEXT = "the theatre is there; they think, then thank them.\nÜber 東京 🙂  two  spaces\t\n"
BPE = BPETokenizer.train(TEXT * 3, 40)
quiet = settings(deadline=None, database=None)


@quiet
@given(st.text())
def test_bpe_gives_back_any_text(text):
    ids = BPE.encode(text)
    assert ids.dtype == np.int64 and ids.ndim == 1
    assert BPE.decode(ids) == text == "".join(BPE.WORDS.findall(text))
    assert len(ids) <= len(text.encode())


@quiet
@given(st.text(), st.text())
def test_a_bpe_trained_on_anything_gives_back_anything(corpus, text):
    tokenizer = BPETokenizer.train(corpus, 10)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert 256 <= tokenizer.vocab_size <= 266


@quiet
@given(st.text())
def test_chars_and_words_give_back_what_they_know(text):
    chars, words = CharTokenizer(text), WordTokenizer(text)
    assert chars.decode(chars.encode(text)) == text
    assert words.decode(words.encode(text)) == " ".join(text.split())


def learn_slowly(text, merges):
    """The textbook form: count every pair again for every merge."""
    words = [list(word.encode()) for word in BPETokenizer.WORDS.findall(text)]
    learnt = []
    while len(learnt) < merges:
        pairs = [pair for w in words for pair in pairwise(w)]
        if not pairs:
            break
        best = min(set(pairs), key=lambda pair: (-pairs.count(pair), pair))
        for w in words:
            i = 0
            while i < len(w) - 1:
                if (w[i], w[i + 1]) == best:
                    w[i : i + 2] = [256 + len(learnt)]
                i += 1
        learnt.append(best)
    return learnt


@pytest.mark.parametrize("text", [TEXT, "aaaa aaa aaaaa aa", "abab ababab ab", "", "x"])
def test_merges_are_those_of_the_slow_form(text):
    assert BPETokenizer.train(text, 30).merges == learn_slowly(text, 30)


def test_bpe_joins_what_is_frequent():
    tokenizer = BPETokenizer.train("low low low lower newest newest widest", 10)
    assert [tokenizer.decode([i]) for i in tokenizer.encode(" newest low")] == [" newest", " low"]
    assert BPETokenizer.train("ab", 99).vocab_size == 257  # nothing is left to join


def test_bpe_is_fast_enough():
    text = load_python_docs()
    text = (text * 2)[:200_000]
    start = time.process_time()
    tokenizer = BPETokenizer.train(text, 500)
    ids = tokenizer.encode(text)
    assert time.process_time() - start < 10  # 0.2 s when this was written
    assert tokenizer.decode(ids) == text and len(ids) < len(text) / 2.5


def test_bytes_that_are_no_character_are_shown_as_such():
    assert BPETokenizer().decode([0xF0, 0x9F]) == "\ufffd" and BPETokenizer().decode([]) == ""


@pytest.mark.parametrize(
    "tokenizer", [BPE, CharTokenizer(TEXT, ["<end>"]), WordTokenizer([TEXT, "more"], ["<pad>"])]
)
def test_saved_and_loaded(tokenizer, tmp_path):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    again = type(tokenizer).load(path)
    assert type(again) is type(tokenizer) and again.vocab_size == tokenizer.vocab_size
    assert np.array_equal(again.encode(TEXT), tokenizer.encode(TEXT))
    assert again.decode(again.encode(TEXT)) == tokenizer.decode(tokenizer.encode(TEXT))


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "other.json"
    for content in ("{}", "[1]", "no JSON"):
        path.write_text(content)
        for kind in (BPETokenizer, CharTokenizer):
            with pytest.raises(ValueError, match="holds no tokenizer of this kind"):
                kind.load(path)


def test_special_pieces_come_first_and_are_not_shown():
    tokenizer = CharTokenizer(["ba", "c"], special=["<pad>", "<end>"])
    assert tokenizer.pieces == ["<pad>", "<end>", "a", "b", "c"] and tokenizer.vocab_size == 5
    assert tokenizer.number["<end>"] == 1
    assert tokenizer.decode(np.array([4, 2, 3, 1, 0, 0])) == "cab"
    assert WordTokenizer("b a", ["<end>"]).decode([2, 1, 0]) == "b a"


def test_unknown_pieces_and_numbers():
    tokenizer = CharTokenizer("abc")
    with pytest.raises(ValueError, match="'d' is not in the vocabulary of 3 pieces"):
        tokenizer.encode("bad")
    for wrong in (3, -1):
        with pytest.raises(ValueError, match=f"{wrong} is no piece.*\n.*from 0 to 2"):
            tokenizer.decode([0, wrong])
    assert len(tokenizer.encode("")) == 0 and tokenizer.encode("").dtype == np.int64
    assert CharTokenizer("").vocab_size == 0


def test_a_file_of_another_kind_is_refused(tmp_path):
    file = tmp_path / "words.json"
    WordTokenizer("two and two").save(file)
    for other in (CharTokenizer, BPETokenizer):
        with pytest.raises(ValueError, match="no tokenizer of this kind"):
            other.load(file)
    file.write_text('{"pieces": []}')
    with pytest.raises(ValueError, match="no tokenizer of this kind"):
        WordTokenizer.load(file)
