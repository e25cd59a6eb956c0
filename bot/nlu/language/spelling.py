"""Repair misspelt words that the knowledge knows; leave every ordinary English word alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 5  # letters; shorter words are too close to each other
TWO_SLIPS = 8  # letters from which two slips are forgiven

# American and other spellings, which are ordinary words and therefore never "repaired" below.
SAME_WORD = {
    "behavior": "behaviour",
    "behavioral": "behavioural",
    "program": "programme",
    "programs": "programmes",
    "enroll": "enrol",
    "center": "centre",
    "math": "maths",
    "qual": "qualification",
    "quals": "qualifications",
}


class Speller:
    """Turns a word into the known word it was meant to be, or returns it unchanged."""

    def __init__(self, known: Iterable[str], ordinary: Collection[str]) -> None:
        """``known``: the knowledge's own words. ``ordinary``: words which are right as they are."""
        words = {word for word in known if word.isalpha()}
        english = sorted(word for word in words if len(word) >= SHORTEST and word in ordinary)
        # The knowledge lists misspellings too ("litercy"); those are not what a word can be meant to be.
        wrong = {word for word in words if word not in ordinary and _nearest(word, english, 1)}
        self._right = frozenset(words - wrong).union(ordinary)
        self._targets = sorted(word for word in words - wrong if len(word) >= SHORTEST)

    def correct(self, word: str) -> str:
        """Lower-case word -> lower-case word. A swap of neighbouring letters counts as one slip."""
        if word in SAME_WORD:
            return SAME_WORD[word]
        if word in self._right or not word.isalpha():
            return word
        near = _nearest(word, self._targets, 2 if len(word) >= TWO_SLIPS else 1)
        return near[0] if near and len({name.rstrip("s") for name in near}) == 1 else word


def _nearest(word: str, targets: Collection[str], slips: int) -> list[str]:
    """The targets with the fewest slips, none when there are more than ``slips``."""
    if len(word) < SHORTEST:
        return []
    found = process.extract(word, targets, scorer=OSA.distance, score_cutoff=slips, limit=4)
    # People rarely miss the first letter: with it, two slips are still safe.
    sure = [(name, cost) for name, cost, _ in found if cost <= 1 or name[0] == word[0]]
    return [name for name, cost in sure if cost == sure[0][1]]
