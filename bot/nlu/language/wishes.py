"""Aims and experience said in parts: "hope to" + "lead literacy", "already have" + "NPQSL", "head for" + "12 years"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.nlu.language import phrases as kinds
from bot.nlu.language.guide import Hit, Reading
from bot.nlu.language.programmes import Mention
from guidance.knowledge import Knowledge

MOST_BETWEEN = 2  # words: "want to eventually lead literacy"
HEAD = frozenset({"head", "headteacher", "principal", "teacher", "headship"})
FILLERS = frozenset(
    {"for", "of", "over", "about", "nearly", "almost", "just", "under", "around", "now", "here", "the", "last"}
)
YEARS = frozenset({"year", "years", "yrs", "yr"})
COUNTS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
MOST_YEARS_NEW = 5  # "the first 5 years"
NEW_HEAD, EXPERIENCED_HEAD = "new_head", "experienced_head"
NOT = frozenset({"not", "never", "no"})
Found = tuple[str, int, int]  # value, first word, last word (exclusive)


def aims(reading: Reading) -> Iterator[Found]:
    """What people want, where a wish stands right before it and is not denied."""
    for want in _of(kinds.WANT, reading):
        for wish in _of(kinds.WISH, reading):
            if _beside(wish, want.first, reading):
                yield want.phrase.value, wish.first, want.last


def held(reading: Reading, programmes: Sequence[Mention], knowledge: Knowledge) -> Iterator[Found]:
    """The programmes that people say they have done."""
    values = {item.holds: item.id for item in knowledge.recommend.data.experience if item.holds}
    for mention in programmes:
        for hold in _of(kinds.HOLDING, reading):
            if mention.value in values and _beside(hold, mention.first, reading):
                yield values[mention.value], hold.first, mention.last


def headship(reading: Reading, today: date) -> Iterator[Found]:
    """How long they have been a head: "head for 12 years", "headteacher since 2023"."""
    words = reading.words
    for number, word in enumerate(words):
        if word not in HEAD or (word == "teacher" and words[max(0, number - 1)] != "head"):
            continue
        place = number + 1
        while place < len(words) and words[place] in FILLERS:
            place += 1
        if place + 1 < len(words):
            years = _years(words[place], words[place + 1], today)
            if years is not None:
                yield (NEW_HEAD if years < MOST_YEARS_NEW else EXPERIENCED_HEAD), number, place + 2


def _years(first: str, second: str, today: date) -> int | None:
    if first == "since" and second.isdecimal() and len(second) == 4:
        return today.year - int(second)
    if second not in YEARS:
        return None
    if first in ("a", "an"):
        return 1
    if first in COUNTS:
        return COUNTS.index(first) + 1
    return int(first) if first.isdecimal() and len(first) < 3 else None


def _of(kind: str, reading: Reading) -> list[Hit]:
    return [hit for hit in reading.hits if hit.phrase.kind == kind]


def _beside(before: Hit, first: int, reading: Reading) -> bool:
    """Whether a phrase ends just before a word, with no denial before or between."""
    if not 0 <= first - before.last <= MOST_BETWEEN:
        return False
    around = {*reading.words[max(0, before.first - 1) : before.first], *reading.words[before.last : first]}
    return not around & NOT
