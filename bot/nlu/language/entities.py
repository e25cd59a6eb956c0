"""From a reading to entities: longest match wins, weak names only where they are sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.nlu.language import phrases as kinds
from bot.nlu.language import programmes, wishes, years
from bot.nlu.language.guide import Hit, Reading
from guidance.knowledge import Knowledge

NAMED = (kinds.PROVIDER, kinds.ROLE, kinds.SETTING, kinds.PHASE)
# A role or phase inside a programme's or provider's name is only part of that name.
SWALLOWED_BY = {
    kinds.ROLE: (kinds.PROGRAMME, kinds.PROVIDER),
    kinds.SETTING: (kinds.PROGRAMME, kinds.PROVIDER),
    kinds.PHASE: (kinds.PROGRAMME, kinds.PROVIDER),
    kinds.PROVIDER: (kinds.PROGRAMME,),
    kinds.TOPIC: (kinds.PROGRAMME, kinds.PROVIDER),
    kinds.AIM: (kinds.PROGRAMME, kinds.PROVIDER),
    kinds.EXPERIENCE: (kinds.PROGRAMME, kinds.PROVIDER),
}


@dataclass(frozen=True)
class Named:
    """Something a message names, with its characters (end exclusive)."""

    kind: str
    value: str | int
    start: int
    end: int


@dataclass(frozen=True)
class _Match:
    kind: str
    value: str
    first: int
    last: int


def entities(reading: Reading, knowledge: Knowledge, today: date) -> list[Named]:
    """Everything the message names, in the order in which it is said."""
    text = reading.doc.text
    moments = years.moments(text, knowledge.cohorts, today)
    found = [Named(item.kind, item.value, item.start, item.end) for item in moments]
    chosen = _programmes(reading)
    dated = [(int(item.value), item.start) for item in moments if item.kind == years.YEAR]
    places = [(item, reading.span(item.first, item.last)[0]) for item in chosen]
    aged = programmes.with_age(places, text, dated, knowledge)
    for mention, code in zip(chosen, aged):
        found.append(Named(kinds.PROGRAMME, code, *reading.span(mention.first, mention.last)))
    others = [_Match(kinds.PROGRAMME, item.value, item.first, item.last) for item in chosen]
    for kind in NAMED:
        others += _outside(_longest(_of(kind, reading.hits)), others, kind)
    others += _outside(_longest(_of(kinds.TOPIC, reading.hits)), others, kinds.TOPIC)
    others += _longest(_of(kinds.PREMISE, reading.hits))
    aims = [_Match(kinds.AIM, *item) for item in wishes.aims(reading)]
    others += _outside(_longest([*_of(kinds.AIM, reading.hits), *aims]), others, kinds.AIM)
    told = [*wishes.held(reading, chosen, knowledge), *wishes.headship(reading, today)]
    far = [*_of(kinds.EXPERIENCE, reading.hits), *(_Match(kinds.EXPERIENCE, *item) for item in told)]
    others += _outside(_longest(far), others, kinds.EXPERIENCE)
    for match in others:
        if match.kind != kinds.PROGRAMME:
            found.append(Named(match.kind, match.value, *reading.span(match.first, match.last)))
    if reading.crisis:
        found.append(Named(kinds.CRISIS, kinds.CRISIS, *reading.crisis))
    return sorted(found, key=lambda item: (item.start, item.end, item.kind))


def _programmes(reading: Reading) -> list[programmes.Mention]:
    hits = [hit for hit in reading.hits if hit.phrase.kind == kinds.PROGRAMME]
    # Of two readings of the same words the strong one stands, then the first in the knowledge.
    hits.sort(key=lambda hit: (hit.first - hit.last, hit.phrase.weak, hit.first))
    kept: list[programmes.Mention] = []
    for hit in hits:
        if all(hit.last <= item.first or item.last <= hit.first for item in kept):
            kept.append(programmes.Mention(hit.phrase.value, hit.first, hit.last, hit.phrase.weak))
    return sorted(programmes.accepted(kept, reading.words), key=lambda item: item.first)


def _of(kind: str, hits: Iterable[Hit]) -> list[_Match]:
    return [_Match(kind, hit.phrase.value, hit.first, hit.last) for hit in hits if hit.phrase.kind == kind]


def _longest(matches: Sequence[_Match]) -> list[_Match]:
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda item: (item.first - item.last, item.first)):
        if not any(_overlap(match, other) for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda item: item.first)


def _outside(matches: Iterable[_Match], others: Sequence[_Match], kind: str) -> list[_Match]:
    larger = [other for other in others if other.kind in SWALLOWED_BY.get(kind, ())]
    return [match for match in matches if not any(_inside(match, other) for other in larger)]


def _overlap(one: _Match, other: _Match) -> bool:
    return one.first < other.last and other.first < one.last


def _inside(one: _Match, other: _Match) -> bool:
    """Whether ``one`` is a proper part of ``other``: equal words may mean both."""
    same = (one.first, one.last) == (other.first, other.last)
    return other.first <= one.first and one.last <= other.last and not same
