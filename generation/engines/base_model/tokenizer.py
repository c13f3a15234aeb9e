"""A byte-pair tokenizer of our own, made from the captions: as few words as the scenes need."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

LONGEST = 32
"""Tokens of a prompt; the text encoder has as many positions, and the tokenizer must cut there."""

_END = "</w>"
_START_TOKEN, _END_TOKEN = "<|startoftext|>", "<|endoftext|>"
_Word = tuple[str, ...]


def build_tokenizer(captions: Iterable[str]) -> Any:
    """Return a CLIPTokenizer in which every word of the captions is one token; other words are spelt."""
    from transformers import CLIPTokenizer
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    merges = learn_merges(captions)
    letters = list(bytes_to_unicode().values())  # type: ignore[no-untyped-call]
    pieces = [*letters, *(letter + _END for letter in letters), *("".join(pair) for pair in merges)]
    tokens = list(dict.fromkeys([*pieces, _START_TOKEN, _END_TOKEN]))
    vocabulary = {token: number for number, token in enumerate(tokens)}
    pairs: Any = merges  # typed as text by the library, which takes only pairs
    return CLIPTokenizer(vocab=vocabulary, merges=pairs, model_max_length=LONGEST)


def learn_merges(captions: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of pieces to join, the most frequent first, until every word is one piece.

    Byte-pair encoding after Sennrich, Haddow and Birch (2016); of equally frequent pairs the first in the alphabet.
    """
    counts = Counter(word for text in captions for word in text.lower().replace(",", " , ").split())
    spelt: dict[str, _Word] = {word: (*word[:-1], word[-1] + _END) for word in counts}
    merges: list[tuple[str, str]] = []
    while True:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, pieces in spelt.items():
            for pair in pairwise(pieces):
                pairs[pair] += counts[word]
        if not pairs:
            return merges
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        spelt = {word: _joined(pieces, best) for word, pieces in spelt.items()}


def tokenize(tokenizer: Any, texts: Sequence[str]) -> Any:
    """Return N x 32 token numbers, padded as the pipeline pads them."""
    padded = tokenizer(list(texts), padding="max_length", max_length=LONGEST, truncation=True, return_tensors="pt")
    return padded.input_ids


def _joined(pieces: _Word, pair: tuple[str, str]) -> _Word:
    joined: list[str] = []
    position = 0
    while position < len(pieces):
        if pieces[position : position + 2] == pair:
            joined.append("".join(pair))
            position += 2
        else:
            joined.append(pieces[position])
            position += 1
    return tuple(joined)
