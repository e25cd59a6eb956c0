"""Finds a school by number, postcode or name. Candidates come from the store's index; here they are weighed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from guidance.schools.gias import POSTCODE
from guidance.schools.model import NOTHING, Found, School, Way
from guidance.schools.register import FIELDS, school_of
from guidance.schools.words import GENERIC, GLUE, HEADWORDS, LIGHT, distinctive, one_form, one_of, plain, words

if TYPE_CHECKING:
    from guidance.schools.register import Register

SHOWN = 5
LOOKED_AT = 40
MOST_OWN = 12  # words of its own that a name with its place may have
GAP = 6  # by how much the best must be better than the next to be surely meant
# What a difference between the words asked for and a school counts
STRANGE, MISSING, MISSING_PLACE, OTHER_KIND, UNSAID_KIND, UNSAID_LIGHT = 30, 18, 6, 16, 3, 1
BY_KIND, BY_PLACE, FIXED, CLOSED = 2, 1, 4, 6
DOUBTFUL, TOO_FAR = 16, 60  # from here on: ask although nothing else fits; do not show it
_URN, _UKPRN = re.compile(r"(?<!\d)[1-9]\d{5}(?!\d)"), re.compile(r"(?<!\d)1\d{7}(?!\d)")
_POSTCODE = re.compile(r"(?<![A-Z0-9])" + POSTCODE.pattern + r"(?![A-Z0-9])")
LEAD_IN = one_of(
    """
    i im ive am we were are it its is my our me work working teach teaching based employed called named near from
    think believe you know please hi hello thanks thank yes no urn ukprn postcode name one
    """
)
"""Words around a name in an answer to "which school?"."""


@dataclass(frozen=True)
class Asked:
    """The words asked for. `fixed`: typed word -> words of the register it may stand for, with the distance."""

    words: tuple[str, ...]
    place: tuple[str, ...] = ()  # named as a place: "in Leeds", ", Leeds"
    fixed: dict[str, dict[str, int]] | None = None

    def readings(self, word: str) -> dict[str, int]:
        """What the word may stand for, with what each reading costs."""
        return (self.fixed or {}).get(word, {word: 0})


def find(register: Register, text: str) -> Found:
    """The school a text names; see `Register.find`."""
    by_number = numbered(register, text)
    if by_number is not None:
        return by_number
    at = postcodes(text)
    if at:
        return by_postcode(register, at, _POSTCODE.sub(" ", text.upper()))
    from guidance.schools.mention import mentioned

    inside = mentioned(register, text)
    if inside.sure or inside.total > 1:
        return inside
    found = by_name(register, text)
    return found if found.schools else inside


def numbered(register: Register, text: str) -> Found | None:
    """By URN or UKPRN; None where the text has no such number."""
    urns = [found for number in _URN.findall(text) if (found := register.school(number))]
    if urns:
        return Found((urns[0],), len(set(urns)) == 1, "urn", 1) if len(urns) == 1 else judged_equal(urns, "urn")
    numbers = _UKPRN.findall(text)
    schools = [school for number in numbers for school in register.schools("ukprn = ?", (number,))]
    if schools:
        return judged_equal(schools, "ukprn")
    if numbers:
        return Found(how="ukprn")
    return Found(how="urn") if _URN.search(text) else None


def postcodes(text: str) -> list[str]:
    """Full postcodes in a text, as the register writes them."""
    return [f"{outer} {inner}" for outer, inner in _POSTCODE.findall(text.upper())]


def by_postcode(register: Register, codes: list[str], rest: str) -> Found:
    """By postcode; where several schools share it, by a name beside it."""
    schools = [school for code in codes for school in register.schools("postcode = ?", (code,))]
    found = judged_equal(schools, "postcode")
    named = distinctive([word for word in words(rest) if word not in LEAD_IN])
    if found.sure or not named:
        return found
    fitting = [school for school in schools if any(word in words(school.name) for word in named)]
    narrowed = judged_equal(fitting, "postcode")
    return narrowed if narrowed.sure else found


def judged_equal(schools: Iterable[School], how: Way) -> Found:
    """Schools that fit equally well: sure when only one of them, or only one open one."""
    different = sorted(dict.fromkeys(schools), key=lambda school: school.closed)
    still_open = [school for school in different if not school.closed]
    sure = len(still_open) == 1 or len(different) == 1
    return Found(tuple(different[:SHOWN]), sure, how, 1 if sure else len(different))


def by_name(register: Register, text: str) -> Found:
    """By name, with or without a place; spelling mistakes are put right where the register knows a near word."""
    before, _, after = re.sub(r"\b(?:in|near)\b", ",", plain(text)).partition(",")
    asked = Asked(tuple(_named(before)), tuple(_named(after)))
    if not asked.words:  # "in Hackney: Manor Primary"
        asked = Asked(asked.place)
    own = distinctive(list(asked.words))
    if not 0 < len(own) <= MOST_OWN:
        return NOTHING
    asked = replace(asked, fixed=spellings(register, [*own, *asked.place]))
    ways = [asked, Asked((*asked.words, *asked.place), (), asked.fixed), *_last_as_place(asked)]
    scored = weighed(register, ways, strict=True)
    if not scored:
        scored = weighed(register, ways, strict=False)
    found = judged(scored)
    guessed = all(word in (asked.fixed or {}) for word in own) and not HEADWORDS.intersection(asked.words)
    return replace(found, sure=False) if guessed else found  # "dunno" is not Dunn School


def _named(text: str) -> list[str]:
    tokens = (word for word in re.findall(r"[a-z0-9]+", text) if word not in GLUE and word not in LEAD_IN)
    return list(dict.fromkeys(one_form(word) for word in tokens))


def _last_as_place(asked: Asked) -> list[Asked]:
    """The last words read as the place: "Park Primary Leeds"."""
    own = distinctive(list(asked.words))
    ways = []
    for count in (1, 2):
        if len(own) > count:
            place = own[-count:]
            kept = tuple(word for word in asked.words if word not in place)
            ways.append(Asked(kept, (*place, *asked.place), asked.fixed))
    return ways


def spellings(register: Register, tokens: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each word the register does not know: near words it knows."""
    known = known_words(register, tokens)
    found = {}
    for token in tokens:
        if token not in known and len(token) > 3 and not token.isdigit():
            near = _near(register, token)
            if near:
                found[token] = near
    return found


def known_words(register: Register, tokens: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The words that stand in names or places: in how many of each."""
    marks = ", ".join("?" * len(tokens))
    rows = register.query(f"SELECT word, names, places FROM word WHERE word IN ({marks})", list(tokens))
    return {str(word): (int(str(names)), int(str(places))) for word, names, places in rows}


def _near(register: Register, token: str) -> dict[str, int]:
    """Known words one letter away, or two for a long word. The first or second letter is taken to be right."""
    most = 1 if len(token) < 8 else 2
    starts = dict.fromkeys(token[:2])
    where = " OR ".join("(word >= ? AND word < ?)" for _ in starts)
    bounds = [bound for letter in starts for bound in (letter, letter + "{")]
    rows = register.query(f"SELECT word FROM word WHERE {where}", bounds)
    found = {}
    for row in rows:
        word = str(row[0])
        if abs(len(word) - len(token)) <= most:
            distance = OSA.distance(token, word, score_cutoff=most)
            if distance <= most:
                found[word] = FIXED * distance
    best = min(found.values(), default=0)
    return {word: cost for word, cost in found.items() if cost == best}


Scored = dict[School, int]
Accept = Callable[[Asked, list[str]], bool]


def weighed(register: Register, ways: Iterable[Asked], *, strict: bool, accept: Accept | None = None) -> Scored:
    """Schools that have all words of one of the readings, each with what speaks against it.

    Args:
        strict: kinds of schools ("primary") have to fit as well, by the name or by phase and type.
        accept: says by the words of a name whether the school counts.
    """
    scored: Scored = {}
    for asked in ways:
        for school, name, place, kind in _candidates(register, asked, strict=strict):
            if accept and not accept(asked, name.split()):
                continue
            cost = _cost(asked, school, name.split(), place.split(), kind.split())
            if cost < TOO_FAR and cost < scored.get(school, TOO_FAR):
                scored[school] = cost
    return scored


def judged(scored: Scored, *, how: Way = "name") -> Found:
    """The best of them, and whether it is clearly meant."""
    ranked = sorted(scored, key=lambda school: (scored[school], school.name, school.la, school.urn))
    if not ranked:
        return NOTHING
    best = scored[ranked[0]]
    near = [school for school in ranked if scored[school] < best + GAP]
    sure = len(near) == 1 and best < DOUBTFUL
    return Found(tuple(near[:SHOWN]), sure, how, len(near))


def _candidates(register: Register, asked: Asked, *, strict: bool) -> list[tuple[School, str, str, str]]:
    own = distinctive(list(asked.words))
    if not own:
        return []
    terms = [_term("words", asked.readings(word)) for word in own]
    terms += [_term("{words place}", asked.readings(word)) for word in asked.place]
    if strict:
        terms += [_term("{words kind}", {word: 0}) for word in asked.words if word in GENERIC and word not in LIGHT]
    rows = register.query(
        f"SELECT {', '.join(f's.{field}' for field in FIELDS.split(', '))}, s.words, s.place, s.kind "
        "FROM named JOIN school s ON s.urn = named.rowid WHERE named MATCH ? "
        f"ORDER BY s.nd * {MISSING} + s.ng * {UNSAID_KIND} + s.closed * {CLOSED}, s.urn LIMIT {LOOKED_AT}",
        (" AND ".join(terms),),
    )
    return [(school_of(row[:-3]), str(row[-3]), str(row[-2]), str(row[-1])) for row in rows]


def _term(column: str, readings: Iterable[str]) -> str:
    return column + ': ("' + '" OR "'.join(readings) + '")'


def _cost(asked: Asked, school: School, name: list[str], place: list[str], kind: list[str]) -> int:
    """What speaks against a school: words asked for that it lacks, words of its name that nobody said."""
    cost, said = CLOSED if school.closed else 0, set[str]()
    for word in asked.words:
        reading = next((one for one in asked.readings(word) if one in name), word)
        said.add(reading)
        if reading in name:
            cost += asked.readings(word).get(reading, 0)
        elif word in LIGHT:
            cost += UNSAID_LIGHT
        elif word in GENERIC:
            cost += BY_KIND if word in kind else OTHER_KIND
        else:
            cost += BY_PLACE if word in place else STRANGE
    for word in asked.place:
        readings = asked.readings(word)
        said.update(readings)
        fits = any(one in place or one in name for one in readings)
        cost += (BY_PLACE + min(readings.values())) if fits else STRANGE
    for word in name:
        if word not in said:
            cost += UNSAID_LIGHT if word in LIGHT else UNSAID_KIND if word in GENERIC else (
                MISSING_PLACE if word in place else MISSING
            )  # fmt: skip
    return cost
