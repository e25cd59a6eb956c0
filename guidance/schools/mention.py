"""Finds a school named inside a sentence. Most sentences name none, so a name has to be whole to count.

A name is looked for around a word such as "school" or "primary": the words beside it, up to one that cannot be part
of a name. All of them must be words of one school's name, and none of its own words may be left unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from guidance.schools.find import (
    DOUBTFUL,
    FIXED,
    SHOWN,
    Asked,
    Scored,
    by_postcode,
    judged,
    known_words,
    numbered,
    postcodes,
    spellings,
    weighed,
)
from guidance.schools.model import NOTHING, Found
from guidance.schools.ordinary import BOUNDARY, CUES, INDEFINITE, NOT_A_SCHOOL, ORDINARY, ORDINARY_FORMS
from guidance.schools.words import GENERIC, GLUE, HEADWORDS, LIGHT, distinctive, one_form, plain

if TYPE_CHECKING:
    from guidance.schools.register import Register

MOST_WORDS = 9  # of a name
OPENING = frozenset(["at", "in", "a", "for", "on", "with", "to", "by"])  # a name begins after these, mostly
MOST_SPANS = 4  # looked at in one message
_MONEY = re.compile(r"[£$€]\s*\d|\d\s*(?:pounds|pupils|k\b|a year|per)|\d,\d{3}", re.I)
_NUMBER = re.compile(
    r"\b(?:urn|ukprn)\b|(?:school|academy|college|nursery|primary)(?: number| code| id)?(?: is)?\W{1,3}\d{6}", re.I
)
_WORDS = re.compile(r"[A-Za-z0-9]+|[,.;:!?()\n]")


@dataclass(frozen=True)
class _Word:
    """A word of a message: as typed, and in the form that names are compared in. Signs have no form."""

    typed: str
    form: str

    @property
    def ends(self) -> bool:
        """Whether no name goes beyond it."""
        return not self.form or self.typed.lower() in BOUNDARY

    @property
    def heads(self) -> bool:
        """Whether a name may stand around it; a plural is about schools in general."""
        return self.form in HEADWORDS and not self.typed.lower().endswith("s")


@dataclass(frozen=True)
class _Span:
    """Words that may be a name, what stands before them, and places named after them."""

    words: tuple[_Word, ...]
    before: str
    place: tuple[str, ...]


def mentioned(register: Register, text: str) -> Found:
    """The school a message names; see `Register.mentioned`."""
    if _about_a_number(text) and (found := numbered(register, text)) and found.schools:
        return found
    if (codes := postcodes(text)) and (found := by_postcode(register, codes, "")).schools:
        named = _by_name(register, text) if not found.sure else NOTHING
        return named if named.sure and named.schools[0] in found.schools else found
    return _by_name(register, text)


def _about_a_number(text: str) -> bool:
    """Whether a number in it is a school's: "urn 100000", "school 100000" or hardly anything else, but no money."""
    if _MONEY.search(text):
        return False
    return bool(_NUMBER.search(text)) or len(re.findall(r"\w+", text)) <= 4


def _by_name(register: Register, text: str) -> Found:
    shouting = text.upper() == text
    each = []
    for readings in islice(_spans(_message(text)), MOST_SPANS):
        tried = (judged(_schools(register, span, shouting=shouting)) for span in readings)
        each += [found for found in tried if found.schools][:1]
    if not each:
        return NOTHING
    if len({found.schools[0] for found in each}) == 1:
        return next((found for found in each if found.sure), each[0])
    schools = tuple(dict.fromkeys(school for found in each for school in found.schools))
    return Found(schools[:SHOWN], False, "name", sum(found.total for found in each))


def _message(text: str) -> list[_Word]:
    """The words of a message, with the set phrases of names in one word each."""
    text = re.sub(r"\b(st)\.", r"\1", text, flags=re.I)
    typed = _WORDS.findall(re.sub(r"['’‘`´]", "", text))
    kept = _WORDS.findall(plain(text))
    if len(typed) != len(kept):  # a set phrase was replaced, so capitals cannot be told
        typed = kept
    return [_Word(word, one_form(form) if form[0].isalnum() else "") for word, form in zip(typed, kept, strict=True)]


def _spans(message: list[_Word]) -> Iterator[list[_Span]]:
    """The places where a name may stand; each the readings to try one after the other."""
    at = 0
    while at < len(message):
        if not message[at].heads:
            at += 1
            continue
        first, last = at, at
        while first and not message[first - 1].ends and last - first < MOST_WORDS:
            first -= 1
        while last + 1 < len(message) and not message[last + 1].ends and last - first < MOST_WORDS:
            last += 1
        last = _before_another(message, at, last)
        opening = next((n for n in range(at - 1, first - 1, -1) if message[n].typed.lower() in OPENING), first - 1)
        readings = [_span(message, opening + 1, last, at)]
        if opening >= first and message[opening].typed.lower() != "a":  # "Stow on the Wold"
            readings.append(_span(message, first, last, at))
        yield [span for span in readings if span]
        at = last + 1


def _span(message: list[_Word], first: int, last: int, head: int) -> _Span | None:
    """The words without glue at their ends; None when they mean no particular school."""
    place_from = next((n for n in range(head, last + 1) if message[n].typed.lower() in ("in", "near")), None)
    end = last if place_from is None else place_from - 1
    while first < head and message[first].typed.lower() in GLUE:
        first += 1
    while end > head and message[end].typed.lower() in GLUE:
        end -= 1
    after = message[end + 1].typed.lower() if end + 1 < len(message) else ""
    tail = next((message[n].typed.lower() for n in range(head + 1, end + 1) if not message[n].heads), "")
    before = [word.typed.lower() for word in message[max(0, first - 2) : first]]
    if before and before[-1] == "the":
        before.pop()
    previous = before[-1] if before else ""
    if after in NOT_A_SCHOOL or tail in NOT_A_SCHOOL or previous in INDEFINITE:
        return None
    return _Span(tuple(message[first : end + 1]), previous, tuple(_place(message, end + 1)))


def _before_another(message: list[_Word], head: int, last: int) -> int:
    """Where the name around this head ends, when the words go on to another: "Manor School and Trinity Academy"."""
    own, glue = False, None
    for at in range(head + 1, last + 1):
        if message[at].typed.lower() in GLUE:
            glue, own = at, False
        elif message[at].heads and own and glue is not None:
            return glue - 1
        elif message[at].form not in GENERIC:
            own = True
    return last


def _place(message: list[_Word], at: int) -> Iterator[str]:
    """Words after the name that may say where it is: ", Leeds", "in Leeds"."""
    if at < len(message) and (message[at].typed == "," or message[at].typed.lower() in ("in", "near", "at")):
        for word in message[at + 1 : at + 5]:
            if word.typed.lower() not in GLUE | {"in", "near"}:
                if word.ends:
                    return
                yield word.form


def _schools(register: Register, span: _Span, *, shouting: bool) -> Scored:
    """Schools whose whole name the span is."""
    forms = [word.form for word in span.words if word.typed.lower() not in GLUE]
    own = distinctive(forms)
    if not own:
        return {}
    known = known_words(register, [*own, *span.place])
    place = tuple(word for word in span.place if known.get(word, (0, 0))[1])
    fixed: dict[str, dict[str, int]] = {}
    unknown = [word for word in own if word not in known]
    if unknown:
        near = spellings(register, [word for word in unknown if len(word) > 4 and not _like_generic(word)])
        fixed = {word: readings for word, readings in near.items() if min(readings.values()) <= FIXED}
        span = _trimmed(span, {word for word in unknown if word not in fixed})
        forms = [word.form for word in span.words if word.typed.lower() not in GLUE]
        own = distinctive(forms)
        if any(word in unknown and word not in fixed for word in own):
            return {}
    asked = Asked(tuple(dict.fromkeys(forms)), place, fixed)
    ways = [asked]
    for count in (1, 2):
        if len(own) > count and all(known.get(word, (0, 0))[1] for word in own[-count:]):
            kept = tuple(word for word in asked.words if word not in own[-count:])
            ways.append(Asked(kept, (*own[-count:], *place), fixed))
    if not own:
        return {}

    def accept(asked: Asked, name: list[str]) -> bool:
        said = {reading for word in (*asked.words, *asked.place) for reading in asked.readings(word)}
        return said.issuperset(distinctive(name)) and _like_a_name(span, asked, name, shouting=shouting)

    scored = weighed(register, ways, strict=True, accept=accept)
    if place and not scored:  # not where they said: to be asked about
        elsewhere = weighed(register, [Asked(asked.words, (), fixed)], strict=True, accept=accept)
        scored = {school: cost + DOUBTFUL for school, cost in elsewhere.items()}
    return scored


def _trimmed(span: _Span, strange: set[str]) -> _Span:
    """The span without strange words at its ends; one with a capital stays, being part of some other name."""
    kept, before = list(span.words), span.before
    while kept and kept[0].form in strange and not kept[0].typed[0].isupper():
        before = kept.pop(0).typed.lower()
    while kept and kept[-1].form in strange and not kept[-1].typed[0].isupper():
        kept.pop()
    return _Span(tuple(kept), before, span.place)


def _like_generic(word: str) -> bool:
    """Whether a word is a slip of one that names no school: "secodary"."""
    from rapidfuzz.distance import OSA

    return any(OSA.distance(word, other, score_cutoff=2) <= 2 for other in GENERIC | ORDINARY if len(other) > 4)


def _like_a_name(span: _Span, asked: Asked, name: list[str], *, shouting: bool) -> bool:
    """Whether the words are used as a name, where they could be ordinary words."""
    read = [(word, next((one for one in asked.readings(word.form) if one in name), "")) for word in span.words]
    order = [name.index(form) for _, form in read if form and (form not in GENERIC or form in LIGHT)]
    if order != sorted(order):  # "school time" is not Time School
        return False
    own = [word for word, form in read if form and form not in GENERIC]
    capital = not shouting and bool(own) and all(word.typed[0].isupper() for word in own)
    cue = not span.before or span.before in CUES or not span.before.isalnum()
    if all(word.form in ORDINARY_FORMS for word in own):
        return bool(asked.place) or (capital and cue)
    return len(own) > 1 or cue or capital
