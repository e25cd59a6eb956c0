"""Which words of a message belong to the guide's subject, which are other English, which are no words at all."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

WORDS_FILE = "words.json"
OFTEN = 2  # lines with a word, from which on it belongs to the subject
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
ENDINGS = ("ing", "ed", "es", "s")
SHORTEST_STEM = 3
SHORTEST = 2  # letters; a single letter is a slip or an initial


@dataclass(frozen=True)
class Words:
    """How many words a text has, how many of them are English but not our subject's, how many are neither."""

    total: int
    strange: int
    unknown: int


@dataclass(frozen=True)
class Vocabulary:
    """``ours``: stems of the words of the questions and facts."""

    ours: frozenset[str]

    @classmethod
    def learn(cls, questions: Iterable[str], facts: Iterable[str]) -> Vocabulary:
        """All words of the facts, and those that stand in several questions."""
        lines = Counter(stem for text in questions for stem in {_stem(word) for word in _words(text)})
        often = {stem for stem, count in lines.items() if count >= OFTEN}
        return cls(frozenset(often | {_stem(word) for text in facts for word in _words(text)}))

    def read(self, text: str, english: Collection[str]) -> Words:
        """Count the words of a text; ``english``: words which are right as they are."""
        words = [word for word in _words(text) if len(word) >= SHORTEST]
        others = [word for word in words if _stem(word) not in self.ours]
        strange = sum(word in english for word in others)
        return Words(len(words), strange, len(others) - strange)

    def save(self, folder: Path) -> None:
        """Write the words to ``folder``."""
        (folder / WORDS_FILE).write_text(json.dumps(sorted(self.ours)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """The inverse of ``save``."""
        return cls(frozenset(json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))))


def _words(text: str) -> list[str]:
    return [match[0].replace("'", "").replace("’", "") for match in WORD.finditer(text.lower())]


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word
