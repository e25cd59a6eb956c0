"""Mistyped words put right before a text is classified: "how mcuh does it csot" reads like the question it is.

Names are repaired by ``language.spelling``; this is about all the other words people ask with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA

from bot.nlu.encoder import session
from bot.nlu.language.spelling import Speller
from guidance.knowledge import Knowledge

WORD = re.compile(r"[^\W\d_]+")
OFTEN = 2  # sentences with a word, from which on a slip may be meant to be it
SHORTEST = 3


def _words(text: str) -> list[str]:
    return text.split()


# Short words that questions are made of, likeliest first: with so few letters only these are safe.
SMALL = _words(
    """
the how what when can does much need long with have will who why for and are you get free cost paid fund
from take help start want which where many time year week is it that this they them than then there must
should would could hour pay fee fees apply is am do does work works part full
"""
)
# Right as they are, though in no list: people leave apostrophes out, and the knowledge has near neighbours.
AS_WRITTEN = _words(
    """
thats whats wheres whos hows im ive id youre youve theyre theres isnt arent wasnt werent dont doesnt didnt cant couldnt
wont wouldnt shouldnt hasnt havent hadnt lets its childs sons daughters schools teachers thx tnx ta pls plz ppl tbh
nvm brb lol haha asap wanna gonna gotta dunno cheers fab soz cos coz bit
paternity dyslexic dyslexics dyscalculia qualifies facilitators ofsted
"""
)

_live: list[Repair] = []


class Repair:
    """Repairs texts with the words of one version of the knowledge."""

    def __init__(self, knowledge: Knowledge, english: Collection[str]) -> None:
        """``english``: words which are right as they are."""
        self.version = knowledge.version
        words = _often(_sentences(knowledge))
        self._right = words.union(english, SMALL, AS_WRITTEN)
        self._speller = Speller([*words, *SMALL], english)
        self._small = [word for word in dict.fromkeys(SMALL) if len(word) >= SHORTEST]

    def __call__(self, text: str) -> str:
        """The text with its misspelt words repaired; all else as it was."""
        return WORD.sub(lambda match: self._word(match[0]), text)

    def _word(self, word: str) -> str:
        lower = word.lower()
        if lower in self._right or len(lower) < SHORTEST or not lower.isascii():
            return word
        repaired = self._speller.correct(lower)
        if repaired == lower:
            repaired = next((small for small in self._small if _one_slip(lower, small)), lower)
        return word if repaired == lower else repaired


def live(knowledge: Knowledge) -> Repair:
    """The repair for the knowledge; made anew when that has changed."""
    if not _live or _live[0].version != knowledge.version:
        _live[:] = [Repair(knowledge, session.active().words())]
    return _live[0]


def _one_slip(word: str, meant: str) -> bool:
    return abs(len(word) - len(meant)) <= 1 and word[0] in meant[:2] and OSA.distance(word, meant) == 1


def _sentences(knowledge: Knowledge) -> Iterable[str]:
    for fact in knowledge.facts.values():
        yield fact.said()
        yield from fact.asks
    for topic in knowledge.topics.values():
        yield topic.example
        yield " ".join(topic.terms)


def _often(sentences: Iterable[str]) -> set[str]:
    counts = Counter(word for text in sentences for word in set(WORD.findall(text.lower())))
    return {word for word, count in counts.items() if count >= OFTEN}
