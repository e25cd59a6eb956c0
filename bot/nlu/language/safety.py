"""Words that surely mean a person is in crisis. Missing one is the worst mistake the guide can make."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from guidance.knowledge import Knowledge

_NOTHING = re.compile(r"(?!)")
_WORD = re.compile(r"[^\W\d_]+")


class CrisisWords:
    """Finds the phrases of ``safety.yml``, as written and with spelling repaired."""

    def __init__(self, knowledge: Knowledge, repair: Callable[[str], str]) -> None:
        """``repair``: lower-case word -> the word it was meant to be."""
        self._crisis = _any_of(knowledge.safety.crisis)
        self._harmless = _any_of(knowledge.safety.not_crisis)
        self._repair = repair

    def find(self, text: str) -> tuple[int, int] | None:
        """Characters (end exclusive) of the first crisis words; None when there are none.

        Harmless look-alikes ("killing me") are taken out first; what is left is searched.
        """
        plain = text.lower().replace("’", "'").replace("‘", "'")
        if len(plain) != len(text):  # a letter whose lower case is longer: keep the offsets right
            plain = text.replace("’", "'").replace("‘", "'")
        match = self._crisis.search(self._without_harmless(plain))
        if match:
            return match.span()
        repaired = _WORD.sub(lambda word: self._repair(word[0]), plain)
        if repaired != plain and self._crisis.search(self._without_harmless(repaired)):
            return 0, len(text)
        return None

    def _without_harmless(self, plain: str) -> str:
        return self._harmless.sub(lambda match: " " * len(match[0]), plain)


def words(knowledge: Knowledge) -> set[str]:
    """The words of the crisis phrases, for the speller."""
    return {word for phrase in knowledge.safety.crisis for word in _WORD.findall(phrase.lower())}


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    if not phrases:
        return _NOTHING
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, longest_first))})(?!\w)")


def _pattern(phrase: str) -> str:
    ending = r"\w*" if phrase.endswith("*") else ""
    spaced = r"\s+".join(map(re.escape, phrase.rstrip("*").lower().split()))
    return spaced + ending
