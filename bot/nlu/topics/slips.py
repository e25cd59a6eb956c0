"""Which words a mistyped text was meant to have: what is likely to be said, against what fingers do to it."""

from __future__ import annotations

import math
import string
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

START, END = "<", ">"
OWN_SHARE = 0.6  # of the likelihood of a word, how much comes from the subject's own sentences; the rest from English
ZIPF_OFFSET = 10.0
SLIP = math.log(0.004)  # of one given slip
LIKELY_SLIP = 1.0  # letters swapped, doubled or dropped from a pair, or the neighbouring key hit
FIRST_LETTER = -1.5  # people rarely miss the first letter
UNKNOWN = 1e-10  # of a word that stands nowhere; names and other languages are such words too
LONG = 8  # letters from which two slips are forgiven
SINGLE = frozenset("aikruxy")  # letters that people write for words
ACRONYM = 4  # letters; without a vowel such a word is one
VOWELS = frozenset("aeiouy")
ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ers", "ly")
BEGINNINGS = ("un", "re", "de")
SHORTEST_STEM = 4
COMMON = 3000  # the most frequent English words are never taken for a slip
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Language:
    """How likely words are after each other, from the subject's sentences and the ranks of English words."""

    def __init__(self, sentences: Iterable[Sequence[str]], ranks: Mapping[str, int]) -> None:
        """``ranks``: English word -> its place by frequency, 1 for the most frequent."""
        self._ranks = ranks
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._before: Counter[str] = Counter()
        self._followers: Counter[str] = Counter()
        for words in sentences:
            line = [START, *words, END]
            self._words.update(words)
            self._pairs.update(pairwise(line))
            self._before.update(line[:-1])
        self._followers.update(before for before, _ in self._pairs)
        self._total = sum(self._words.values()) or 1
        self._harmonic = math.log(len(ranks) + ZIPF_OFFSET + 1)

    def seen(self, word: str) -> int:
        """How often the subject's sentences have a word."""
        return self._words[word]

    def pair(self, before: str, word: str) -> int:
        """How often the subject's sentences have two words in this order."""
        return self._pairs[before, word]

    def rank(self, word: str) -> int:
        """The place of a word in English by frequency; a very high number when it has none."""
        return self._ranks.get(word, 10**9)

    def likely(self, before: str, word: str) -> float:
        """The log-probability of ``word`` after ``before``."""
        new = self._followers[before] or 1  # Witten and Bell: a word with many followers has more to come
        alone = self._alone(word) or UNKNOWN
        return math.log((self._pairs[before, word] + new * alone) / (self._before[before] + new))

    def targets(self) -> set[str]:
        """The words that a mistyped word may be meant to be."""
        own = {word for word, count in self._words.items() if count > 1}
        return own.union(self._ranks)

    def _alone(self, word: str) -> float:
        own = OWN_SHARE * self._words[word] / self._total
        rank = self._ranks.get(word)
        return own + ((1 - OWN_SHARE) / ((rank + ZIPF_OFFSET) * self._harmonic) if rank else 0.0)


class Slips:
    """Finds the likeliest words behind typed ones."""

    def __init__(self, language: Language, right: Collection[str]) -> None:
        """``right``: words that are always left as they are."""
        self._language = language
        self._right = frozenset(right)
        self._targets = language.targets()
        self._long = sorted(word for word in self._targets if len(word) >= LONG - 1)

    def repaired(self, words: Sequence[str]) -> list[str]:
        """Lower-case words -> as many words, the likeliest line of candidates (Viterbi)."""
        best: dict[str, tuple[float, list[str]]] = {START: (0.0, [])}
        for at, word in enumerate(words):
            after = words[at + 1] if at + 1 < len(words) else END
            step: dict[str, tuple[float, list[str]]] = {}
            for meant, cost in self._candidates(word, words[at - 1] if at else START, after).items():
                score, line = max(
                    (value + self._language.likely(before, meant), line) for before, (value, line) in best.items()
                )
                step[meant] = (score + cost, [*line, meant])
            best = step
        return max((score + self._language.likely(last, END), line) for last, (score, line) in best.items())[1]

    def knows(self, word: str) -> bool:
        """Whether a word is right as it stands."""
        return word in self._right or word in self._targets or self._language.seen(word) > 0 or self._derived(word)

    def _derived(self, word: str) -> bool:
        """Whether a word is made of a known one: "refunded", "expiring", "unlock"."""
        stems = [word[: -len(ending)] for ending in ENDINGS if word.endswith(ending)]
        stems += [stem + "e" for stem in stems]
        stems += [word[len(start) :] for start in BEGINNINGS if word.startswith(start)]
        known = self._targets
        return any(len(stem) >= SHORTEST_STEM and stem in known and not word.endswith(stem[-1] * 2) for stem in stems)

    def _candidates(self, word: str, before: str, after: str) -> dict[str, float]:
        """What a word may be meant to be, with the log-likelihood of the slip."""
        kept = {word: 0.0}
        if word in self._right or self._language.seen(word) > 1 or self._language.rank(word) <= COMMON:
            return kept
        if word in SINGLE or not word.isascii() or (word not in self._targets and self._derived(word)):
            return kept
        found = {near: SLIP + _ease(word, near) for near in _one_slip(word) & self._targets}
        if len(word) <= ACRONYM and VOWELS.isdisjoint(word):  # "dbs", "tps": no word with a wrong letter
            found = {
                near: cost for near, cost in found.items() if len(near) > len(word) or sorted(near) == sorted(word)
            }
        if self._language.rank(word) < 10**9:
            # A rarer English word may be a slip all the same, where the subject's own sentences have its neighbours.
            found = {near: cost for near, cost in found.items() if self._fits(before, near, after)}
        elif not found and len(word) >= LONG:
            found = {near: 2 * SLIP for near, *_ in self._two_slips(word)}
        return {**found, **kept}

    def _fits(self, before: str, word: str, after: str) -> bool:
        return self._language.pair(before, word) > 0 and self._language.pair(word, after) > 0

    def _two_slips(self, word: str) -> list[tuple[str, float, int]]:
        near = process.extract(word, self._long, scorer=OSA.distance, score_cutoff=2, limit=4)
        return [item for item in near if item[0][0] == word[0]]


def _one_slip(word: str) -> set[str]:
    """All that one slip makes of a word: a letter left out, swapped with the next, replaced or added."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    left_out = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    replaced = {head + letter + tail[1:] for head, tail in cuts if tail for letter in string.ascii_lowercase}
    added = {head + letter + tail for head, tail in cuts for letter in string.ascii_lowercase}
    return (left_out | swapped | replaced | added) - {word}


def _ease(typed: str, meant: str) -> float:
    """How much likelier than any slip the one between two words is."""
    first = FIRST_LETTER if typed[0] != meant[0] and typed[:2] != meant[1::-1] else 0.0
    if sorted(typed) == sorted(meant):
        return first + LIKELY_SLIP
    if len(typed) > len(meant):  # a letter too many
        doubled = any(typed[at] == typed[at + 1] and typed[:at] + typed[at + 1 :] == meant for at in range(len(meant)))
        return first + (LIKELY_SLIP if doubled else 0.0)
    if len(typed) < len(meant):
        return first + LIKELY_SLIP / 2
    places = [(one, other) for one, other in zip(typed, meant) if one != other]
    return first + (LIKELY_SLIP if places and _neighbours(*places[0]) else 0.0)


def _neighbours(one: str, other: str) -> bool:
    return any(abs(row.find(one) - row.find(other)) == 1 for row in KEYS if one in row and other in row)
