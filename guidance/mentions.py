"""Whether the words that a fact is about stand in a message: `a + b` (both), `word*` (any ending, `*` any word)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

YEARS = re.compile(r"((?<=\d)|\b)yrs\b")
_WORD = re.compile(r"\w+")
FIRST = 3  # letters of a word by which most facts are known not to be meant


def mentions(text: str, wanted: Iterable[str]) -> bool:
    """Whether one of the wanted words stands in the text."""
    return mentioned(plain_words(text), wanted)


def mentioned(plain: str, wanted: Iterable[str]) -> bool:
    """The same for words as `plain_words` gives them."""
    # Loops and not any() of all(): a question about a topic is compared with hundreds of words, nearly all of them
    # not in it, and what a generator costs is then most of it.
    for item in wanted:
        for begun, words in _parts(item):
            # There are more words than compiled patterns are worth keeping, so the pattern comes last.
            if begun not in plain or _pattern(words).search(plain) is None:
                break
        else:
            return True
    return False


def plain_words(text: str) -> str:
    """Lower case, no apostrophes, single spaces, years in full: the form conditions are matched on."""
    words = text.lower().replace("’", "").replace("'", "").split()
    return YEARS.sub(r"\1years", " ".join(words))


def beginnings(plain: str) -> frozenset[str]:
    """How the words of a text begin, in one, two and three letters; a text has "" always."""
    return frozenset({word[:length] for word in _WORD.findall(plain) for length in range(1, FIRST + 1)} | {""})


def first_letters(wanted: Iterable[str]) -> frozenset[str]:
    """How some word begins in each text that mentions one of the wanted; without them, no mention."""
    found = (_WORD.search(_parts(item)[0][0]) for item in wanted)
    return frozenset(word.group()[:FIRST] if word else "" for word in found)


@lru_cache(maxsize=16384)
def _parts(item: str) -> tuple[tuple[str, str], ...]:
    """The words of a condition, as they are matched: before the first `*`, and all."""
    parts = [plain_words(part) for part in item.split(" + ")]
    return tuple((part.partition("*")[0], part) for part in parts)


@lru_cache(maxsize=1024)
def _pattern(words: str) -> re.Pattern[str]:
    pieces = r"\w*".join(re.escape(piece) for piece in words.split("*"))
    return re.compile(rf"(?<!\w){pieces}(?!\w)")
