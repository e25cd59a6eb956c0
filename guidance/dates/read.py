"""Every date in a message, and the one meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from guidance.dates.absolute import written
from guidance.dates.ago import lengths
from guidance.dates.calendar import end_of, middle_of, start_of
from guidance.dates.model import DateSaid, Impossible, Several
from guidance.dates.terms import named

_PART = re.compile(
    r"\b(?:(?P<start>(?:the\s+)?(?:very\s+)?(?:start|beginning)\s+of|early(?:\s+in)?)|(?P<middle>(?:the\s+)?middle\s+of|mid)"
    r"|(?P<end>(?:the\s+)?(?:very\s+)?end\s+of|late(?:\s+in)?))[\s-]+(?:the\s+|in\s+)?$"
)
_BEFORE = re.compile(r"\b(?:before|prior to|pre|earlier than|until)[\s-]+(?:the\s+)?$")
# "took up the post 1 September": only "post-2009" and "post Easter" are later than it
_AFTER = re.compile(r"\b(?:after|(?<!senco )(?<!sendco )(?<!the )(?<!my )(?<!this )(?<!a )post)[\s-]+(?:the\s+)?$")
_ABOUT = re.compile(r"\b(?:about|around|roughly|approx|approximately|circa|some ?time (?:in|around))\s+(?:the\s+)?$")
_EITHER = re.compile(r"\s*,?\s*(?:or|or maybe|/|or even|maybe|and|to|-|–)\s*(?:in\s+|the\s+)?")
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?$")


def dates_in(text: str, today: date) -> list[DateSaid | Impossible]:
    """The dates in a message, in the order written.

    Args:
        text: what somebody typed.
        today: the day from which "last September" and "two years ago" count.

    Returns:
        One for each place in the text that is a date; where two readings overlap, the longer. Numbers that are no
        dates (prices, key stages, cohorts, words of a case study, "within three years") are left alone.
    """
    plain = text.lower().replace("’", "'").replace("‘", "'")
    taken: list[tuple[int, int, DateSaid | Impossible]] = []
    found = [_placed(item) for item in chain(written(plain, today), named(plain, today), lengths(plain, today))]
    for start, end, said in sorted(found, key=lambda item: item[0] - item[1]):
        if not any(start < other_end and other < end for other, other_end, _ in taken):
            taken.append((start, end, _shaped(said, plain, today) if isinstance(said, DateSaid) else said))
    ordered = [item for _, _, item in sorted(taken, key=lambda item: (item[0], item[1]))]
    return [_as_typed(item, text) for item in _joined(ordered, plain)]


def read_date(text: str, today: date) -> DateSaid | Impossible | Several | None:
    """The date in a message; the days that all its dates allow where it has several.

    Returns:
        None where there is no date, `Impossible` for one that no calendar has, `Several` for dates that
        contradict each other.
    """
    found = dates_in(text, today)
    return one_of(found)


def one_of(found: list[DateSaid | Impossible]) -> DateSaid | Impossible | Several | None:
    """The one date that all of several can be."""
    wrong = next((item for item in found if isinstance(item, Impossible)), None)
    if wrong is not None:
        return wrong
    dates = [item for item in found if isinstance(item, DateSaid)]
    if not dates:
        return None
    common = dates[0]
    for item in dates[1:]:
        if not common.overlaps(item):
            return Several(tuple(dates))
        common = _narrowed(common, item)
    return common


def _narrowed(one: DateSaid, other: DateSaid) -> DateSaid:
    """The days both allow, in the words of the narrower."""
    narrow = min(one, other, key=lambda item: item.latest.toordinal() - item.first.toordinal())
    earliest = max(one.first, other.first)
    return replace(
        narrow,
        earliest=None if earliest == date.min else earliest,
        latest=min(one.latest, other.latest),
        assumed=one.assumed and other.assumed,
    )


def _as_typed(item: DateSaid | Impossible, text: str) -> DateSaid | Impossible:
    """With its words as they stand in the message, capitals and all."""
    start = text.lower().find(item.words) if isinstance(item, Impossible) else item.start
    typed = text[start : start + len(item.words)]
    return replace(item, words=typed) if typed.lower().replace("’", "'") == item.words else item


def _placed(
    item: DateSaid | tuple[int, int, Impossible],
) -> tuple[int, int, DateSaid | Impossible]:
    return (item.start, item.end, item) if isinstance(item, DateSaid) else item


def _shaped(said: DateSaid, text: str, today: date) -> DateSaid:
    """A date with the words before it: early 2024, before September 2009, about Easter."""
    part = _PART.search(text[: said.start])
    if part and said.earliest:
        span = (said.earliest, said.latest)
        kind = part.lastgroup
        first, last = (
            start_of(span, said.exact)
            if kind == "start"
            else end_of(span, said.exact)
            if kind == "end"
            else middle_of(span)
        )
        said = _wider(replace(said, earliest=first, latest=last, exact="about"), part.start(), text)
    before, after, about = (pattern.search(text[: said.start]) for pattern in (_BEFORE, _AFTER, _ABOUT))
    if before and said.earliest:
        bound = said.earliest - timedelta(days=1)
        return _wider(replace(said, earliest=None, latest=bound, exact="before"), before.start(), text)
    if after and said.latest < today:
        bound = said.latest if said.exact == "day" else said.latest + timedelta(days=1)
        if said.exact in ("term", "about"):  # "after Easter", "after half term": soon after it
            return _wider(
                replace(said, earliest=bound, latest=bound + timedelta(days=30), exact="about"), after.start(), text
            )
        return _wider(replace(said, earliest=bound, latest=today, exact="after"), after.start(), text)
    if about and said.earliest and said.exact in ("day", "month"):
        slack = timedelta(days=7 if said.exact == "day" else 31)
        wide = replace(said, earliest=said.earliest - slack, latest=said.latest + slack, exact="about")
        return _wider(wide, about.start(), text)
    return said


def _wider(said: DateSaid, start: int, text: str) -> DateSaid:
    return replace(said, start=start, words=text[start : said.end].strip())


def _joined(found: list[DateSaid | Impossible], text: str) -> Iterator[DateSaid | Impossible]:
    """Two dates joined by "or", or by "between": one date that can be any day of both."""
    held: DateSaid | Impossible | None = None
    for item in found:
        if (
            isinstance(held, DateSaid)
            and isinstance(item, DateSaid)
            and held.earliest
            and item.earliest
            and _EITHER.fullmatch(text[held.end : item.start])
            and (
                "or" in text[held.end : item.start]
                or "maybe" in text[held.end : item.start]
                or _BETWEEN.search(text[: held.start])
            )
        ):
            held = DateSaid(
                min(held.earliest, item.earliest),
                max(held.latest, item.latest),
                "about",
                text[held.start : item.end],
                held.start,
                item.end,
                held.assumed or item.assumed,
            )
            continue
        if held is not None:
            yield held
        held = item
    if held is not None:
        yield held
