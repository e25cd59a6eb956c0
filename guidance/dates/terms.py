"""Terms, seasons, holidays and years by name: last half term, summer term 2023, this academic year, next month."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from guidance.dates.calendar import (
    MONTHS,
    Span,
    feast,
    half_terms,
    months_after,
    school_year,
    school_year_of,
    season,
    term,
    whole_month,
    whole_year,
)
from guidance.dates.model import DateSaid, Exactness
from guidance.dates.years import lies_ahead

WHICH = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "present": 0, "next": 1, "coming": 1}
_WHICH = "(?P<which>" + "|".join(WHICH) + ")"
_YEAR = r"(?P<y>(?:19[6-9]|20[0-4])\d)"

_TERM = re.compile(
    rf"\b(?:{_WHICH}\s+)?(?P<name>autumn|spring|summer|winter|christmas|easter|michaelmas|lent|trinity|xmas)"
    rf"(?P<term>\s+terms?)?(?P<hols>\s+(?:hols|holidays?|break))?(?P<yearless>"
    rf"(?:\s+(?:of\s+|in\s+)?(?:{_YEAR}(?:[/-](?:20)?\d\d)?|(?P<yy>2\d|1\d)(?!\d)|(?P<then>last|this|next)\s+year))?)(?!\w)"
)
_HALF_TERM = re.compile(
    rf"\b(?:{_WHICH}\s+)?(?:(?P<name>october|autumn|february|feb|spring|may|whitsun|summer)\s+)?half[\s-]?term"
    rf"(?:\s+{_YEAR})?\b"
)
_BARE_TERM = re.compile(r"\b(?P<which>last|this|next|previous|current)\s+term\b")
_SCHOOL_YEAR = re.compile(
    rf"\b{_WHICH}\s+(?:academic|school)\s+year\b|\b(?:academic|school)\s+year\s+(?:of\s+|starting\s+)?{_YEAR}(?![/-])"
)
_YEAR_NAMED = re.compile(r"\b(?:(?P<which>last|this|next|previous)\s+year|(?P<before>(?:the\s+)?year before last))\b")
_MONTH_NAMED = re.compile(r"\b(?P<which>last|this|next|previous)\s+month\b")
_BEFORE_LAST = re.compile(
    r"\b(?:the\s+)?(?P<name>[a-z]+)\s+before\s+last\b|\b(?:a|one)\s+year\s+(?:ago\s+)?last\s+(?P<name2>[a-z]+)\b"
)
_NOT_A_START = re.compile(r"\b(?:term|cohort|intake|npqs?|course|programme|offer|bank|sunday|egg|party)\b")
_HALF = {"october": 10, "autumn": 10, "february": 2, "feb": 2, "spring": 2, "may": 5, "whitsun": 5, "summer": 5}
_TERMS = {"christmas": "autumn", "xmas": "autumn", "michaelmas": "autumn", "lent": "spring", "trinity": "summer"}


def named(text: str, today: date) -> Iterator[DateSaid]:
    """Every term, season, holiday, school year, year or month by name in lower-case text."""
    for reader in (_before_last, _half_terms, _terms, _bare_terms, _named_school_years, _years, _months):
        yield from reader(text, today)


def _said(match: re.Match[str], span: Span, exact: Exactness, assumed: bool = True) -> DateSaid:
    return DateSaid(*span, exact, match[0].strip(), match.start(), match.start() + len(match[0].rstrip()), assumed)


def _nearest(make: Callable[[int], Span], which: str | None, before: str, today: date) -> Span:
    """The span of a thing that comes once a year: the last begun, or the next where the words look ahead."""
    spans = [make(year) for year in range(today.year - 2, today.year + 3)]
    begun = [span for span in spans if span[0] <= today]
    ahead = [span for span in spans if span[0] > today]
    if which in ("last", "previous", "past"):
        return next(span for span in reversed(begun) if span[1] < today)
    if which in ("next", "coming"):
        return ahead[0]
    if lies_ahead(before):
        return ahead[0]
    return begun[-1]


def _terms(text: str, today: date) -> Iterator[DateSaid]:
    for match in _TERM.finditer(text):
        name, ordinary = match["name"], not match["term"]
        bare = not (match["which"] or match["yearless"])
        if _NOT_A_START.match(text[match.end() :].lstrip()) or (
            ordinary
            and bare
            and name in ("spring", "lent", "trinity", "summer")
            and not _after_a_preposition(text, match)
        ):
            continue
        make = _maker(name, term_meant=not ordinary)
        exact: Exactness = "term" if match["term"] or name in ("christmas", "xmas", "easter") else "about"
        digits = match["y"] or (f"20{match['yy']}" if match["yy"] else None)
        if digits:
            year = int(digits)
            if "/" in match["yearless"] or "-" in match["yearless"]:  # the term of a school year
                year += 0 if make(year)[0].month >= 9 else 1
            yield _said(match, make(year), exact, assumed=False)
        elif match["then"]:
            yield _said(match, make(today.year + WHICH[match["then"]]), exact)
        else:
            yield _said(match, _nearest(make, match["which"], text[: match.start()], today), exact)


def _maker(name: str, *, term_meant: bool) -> Callable[[int], Span]:
    if name in ("christmas", "xmas", "easter") and not term_meant:
        return lambda year: feast("christmas" if name == "xmas" else name, year)
    plain = {**_TERMS, "easter": "spring"}.get(name, name)
    if term_meant and plain in ("autumn", "spring", "summer"):
        return lambda year: term(plain, year)
    return lambda year: season(plain, year)


def _after_a_preposition(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip()
    return not before or bool(re.search(r"\b(?:in|since|from|the|during|of|until|early|late|mid)$", before))


def _half_terms(text: str, today: date) -> Iterator[DateSaid]:
    for match in _HALF_TERM.finditer(text):
        if match["name"]:
            month = _HALF[match["name"]]
            days = {10: (18, 31), 2: (10, 28), 5: (22, 31)}[month]

            def holiday(year: int, month: int = month, days: tuple[int, int] = days) -> Span:
                return date(year, month, days[0]), date(year, month, days[1]) + timedelta(days=3)

            span = holiday(int(match["y"])) if match["y"] else _nearest(holiday, match["which"], "", today)
            yield _said(match, span, "about", assumed=not match["y"])
            continue
        first = school_year_of(today)
        spans = half_terms(first - 1) + half_terms(first) + half_terms(first + 1)
        now = max(index for index, span in enumerate(spans) if span[0] <= today)
        yield _said(match, spans[now + WHICH.get(match["which"] or "this", 0)], "about")


def _bare_terms(text: str, today: date) -> Iterator[DateSaid]:
    for match in _BARE_TERM.finditer(text):
        spans = sorted(
            term(name, year)
            for year in range(today.year - 1, today.year + 2)
            for name in ("autumn", "spring", "summer")
        )
        now = max(index for index, span in enumerate(spans) if span[0] <= today)
        yield _said(match, spans[now + WHICH[match["which"]]], "term")


def _named_school_years(text: str, today: date) -> Iterator[DateSaid]:
    for match in _SCHOOL_YEAR.finditer(text):
        first = int(match["y"]) if match["y"] else school_year_of(today) + WHICH[match["which"]]
        yield _said(match, school_year(first), "school_year", assumed=not match["y"])


def _years(text: str, today: date) -> Iterator[DateSaid]:
    """ "Last year" may be the calendar year or the school year: all of both."""
    for match in _YEAR_NAMED.finditer(text):
        step = -2 if match["before"] else WHICH[match["which"]]
        calendar, school = whole_year(today.year + step), school_year(school_year_of(today) + step)
        first, last = min(calendar[0], school[0]), max(calendar[1], school[1])
        if step <= 0:
            last = min(last, today)
        if step > 0:
            first = max(first, today)
        yield _said(match, (first, last), "about")


def _months(text: str, today: date) -> Iterator[DateSaid]:
    for match in _MONTH_NAMED.finditer(text):
        then = months_after(today.replace(day=1), WHICH[match["which"]])
        yield _said(match, whole_month(then.year, then.month), "month")


def _before_last(text: str, today: date) -> Iterator[DateSaid]:
    """ "The September before last", "a year last Christmas": a year before the last one."""
    for match in _BEFORE_LAST.finditer(text):
        name = match["name"] or match["name2"]
        make: Callable[[int], Span] | None = None
        if name in MONTHS:
            month = MONTHS[name]
            make = lambda year, month=month: whole_month(year, month)  # noqa: E731
        elif name in ("christmas", "xmas", "easter", "autumn", "spring", "summer"):
            make = _maker(name, term_meant=False)
        if make is None:
            continue
        last = _nearest(make, "last", "", today)
        year = last[0].year - 1
        yield _said(match, make(year), "month" if name in MONTHS else "about")
