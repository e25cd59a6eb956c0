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
    "counseling": "counselling",
    "enroll": "enrol",
    "center": "centre",
    "math": "maths",
}


class Speller:
    """Turns a word into the known word it was meant to be, or returns it unchanged."""

    def __init__(self, known: Iterable[str], ordinary: Collection[str]) -> None:
        """``known``: the knowledge's own words. ``ordinary``: words which are right as they are."""
        words = {word for word in known if word.isalpha()}
        self._right = frozenset(words).union(ordinary)
        self._targets = sorted(word for word in words if len(word) >= SHORTEST)

    def correct(self, word: str) -> str:
        """Lower-case word -> lower-case word. A swap of neighbouring letters counts as one slip."""
        if word in SAME_WORD:
            return SAME_WORD[word]
        if len(word) < SHORTEST or word in self._right or not word.isalpha():
            return word
        slips = 2 if len(word) >= TWO_SLIPS else 1
        found = process.extract(word, self._targets, scorer=OSA.distance, score_cutoff=slips, limit=3)
        # People rarely miss the first letter: with it, two slips are still safe.
        near = [(name, cost) for name, cost, _ in found if cost == 1 or name[0] == word[0]]
        if not near or (len(near) > 1 and near[0][1] == near[1][1] and _differ(near)):
            return word
        return str(near[0][0])


def _differ(near: list[tuple[str, int]]) -> bool:
    """Whether the two nearest words are more than singular and plural of each other."""
    first, second = near[0][0], near[1][0]
    return first.rstrip("s") != second.rstrip("s")
