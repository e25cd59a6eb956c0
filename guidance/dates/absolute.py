"""Dates written out: 01/09/24, 1st Sept 2024, Sept 24, 2023/24, in 2019."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from guidance.dates.calendar import MONTHS, school_year, whole_month, whole_year
from guidance.dates.model import DateSaid, Impossible
from guidance.dates.years import nearest_month, whose_year

Found = Iterator[DateSaid | tuple[int, int, Impossible]]

MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
YEAR = r"(?:19[6-9]\d|20[0-4]\d)"
SEP = r"[\s,]*(?:of\s+|in\s+)?"
QUALIFIER = r"(?:(?P<which>last|this|next|coming|previous|past)\s+)?"
THEN = r"(?:\s+(?:of\s+)?(?P<then>last|this|next)\s+year)?"
NOT_INSIDE = r"(?<![\w£$€/.-])"
ENDS = r"(?![\w£%]|[/.-]\d)"

_ISO = re.compile(rf"{NOT_INSIDE}(?P<y>{YEAR})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}}){ENDS}")
_NUMBERS = re.compile(rf"{NOT_INSIDE}(?P<d>\d{{1,2}})\s?([/.-])\s?(?P<m>\d{{1,2}})\s?\2\s?(?P<y>\d{{4}}|\d\d){ENDS}")
_DAY_MONTH = re.compile(
    rf"{NOT_INSIDE}(?P<d>\d{{1,2}}|first)\s*(?:st|nd|rd|th)?\s*(?:of\s+|-)?{MONTH}\b\.?"
    rf"(?:{SEP}(?P<y>{YEAR})|\s*'?(?P<yy>\d\d)(?!\d|:|\s*%)|-(?P<yyy>\d\d)\b)?{THEN}"
)
_MONTH_DAY = re.compile(
    rf"\b{QUALIFIER}{MONTH}\.?\s+(?:the\s+)?(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)\b(?:,?\s+(?P<y>{YEAR}))?"
    rf"|(?P<d2>\d{{1,2}}),?\s+(?P<y2>{YEAR}))"
)
_MONTH = re.compile(
    rf"\b{QUALIFIER}{MONTH}\b\.?(?:{SEP}(?P<y>{YEAR})(?!\d)|\s*-?'?(?P<yy>\d\d)(?![\d:]|st|nd|rd|th|\s*%))?{THEN}"
)
_MONTH_NUMBER = re.compile(rf"{NOT_INSIDE}(?P<m>0?[1-9]|1[0-2])/(?P<y>{YEAR}|[2-9]\d|1[3-9]){ENDS}")
_DAY_OF_MONTH_NUMBER = re.compile(rf"\b(?:on|since|from|started)\s+(?P<d>\d{{1,2}})/(?P<m>0?[1-9]|1[0-2]){ENDS}")
_SCHOOL_YEAR = re.compile(rf"{NOT_INSIDE}(?P<y>{YEAR})\s?[/–-]\s?(?:20)?(?P<yy>\d\d){ENDS}")
_SHORT_SCHOOL_YEAR = re.compile(rf"{NOT_INSIDE}(?P<y>[012]\d)/(?P<yy>[012]\d){ENDS}")
_OTHER_THINGS = (
    r"(?!\s*(?:[-–]?\s*(?:words?|pounds?|quid|gbp|people|pupils|children|places|hours|cohort|intake|npqs?|rules?|funding"
    r"|list|starts?|courses?|staff|schools?)\b))"
)
_YEAR = re.compile(
    r"\b(?P<pre>in|since|from|during|of|year|back in|around|circa|about|after|before|pre|post|until|till|joined|started"
    r"|appointed|took over|since about|late|early|mid|end of|start of|beginning of|way back in|summer|maybe|think"
    rf"|it was|was|senco|sendco|post since)[\s:-]+(?P<y>{YEAR})(?!\d|[/.,]\d|\w){_OTHER_THINGS}"
)
_TWO_YEARS = re.compile(
    rf"\b(?P<y>{YEAR})\s*(?:or(?: maybe)?|and|to)\s*(?:in\s+)?(?P<y2>{YEAR})(?!\d|[/.,]\d|\w){_OTHER_THINGS}"
)
_ONLY_YEAR = re.compile(rf"\W*(?P<y>{YEAR})\s*(?:i think|ish|maybe|i believe|or so|roughly)?\W*")
_ORDINARY = ("may", "march", "mar", "jan", "dec", "sep", "jun", "nov", "apr")  # words that are often no month
_BEFORE_A_MONTH = re.compile(
    r"\b(?:in|since|from|until|till|by|during|of|last|this|next|early|mid|late|before|after|for|around|about)\s+$|^\W*$"
)
_NOT_A_DAY = re.compile(r"(?:\b(?:year|yr|ks|key stage|grade|room|class|unit)\s*|[£$€]\s*)$")


def written(text: str, today: date) -> Found:
    """Every date written out in lower-case text; a date no calendar has comes with its place as `Impossible`."""
    for pattern in (_ISO, _NUMBERS):
        for match in pattern.finditer(text):
            yield _day(match, _full(match["y"], today), int(match["m"]), int(match["d"]))
    yield from _day_and_month(text, today)
    yield from _months(text, today)
    yield from _school_years(text)
    yield from _numbered_months(text, today)
    yield from _years(text)


def _day(match: re.Match[str], year: int, month: int, day: int, assumed: bool = False) -> DateSaid | _Placed:
    words, start, end = match[0].strip(), match.start(), match.end()
    if not 1 <= month <= 12:
        return start, end, Impossible(words, f"there is no month {month}")
    if not 1 <= day <= 31:
        return start, end, Impossible(words, f"no month has a day {day}")
    last = whole_month(year, month)[1]
    if day > last.day:
        return start, end, Impossible(words, f"{last:%B %Y} has {last.day} days")
    only = date(year, month, day)
    return DateSaid(only, only, "day", words, start, end, assumed)


_Placed = tuple[int, int, Impossible]


def _full(digits: str, today: date) -> int:
    """A year of two or four digits as four."""
    number = int(digits)
    if len(digits) > 2:
        return number
    return 2000 + number if number <= today.year % 100 + 5 else 1900 + number


def _day_and_month(text: str, today: date) -> Found:
    for match in _DAY_MONTH.finditer(text):
        if _NOT_A_DAY.search(text[: match.start()]):
            continue
        month, day = MONTHS[match["month"]], 1 if match["d"] == "first" else int(match["d"])
        digits = match["y"] or match["yy"] or match["yyy"]
        if digits:
            yield _day(match, _full(digits, today), month, day)
        else:
            year = whose_year(match["then"], today) or nearest_month(month, None, text[: match.start()], today, day)
            yield _day(match, year, month, day, assumed=True)
    for match in _MONTH_DAY.finditer(text):
        month, day, year_digits = MONTHS[match["month"]], int(match["d"] or match["d2"]), match["y"] or match["y2"]
        year = int(year_digits or nearest_month(month, match["which"], text[: match.start()], today, day))
        yield _day(match, year, month, day, assumed=not year_digits)


def _months(text: str, today: date) -> Found:
    for match in _MONTH.finditer(text):
        month, said = MONTHS[match["month"]], match["y"]
        if match["yy"]:
            year = _full(match["yy"], today)
            if year > today.year + 2:  # "Sept 30": a day
                yield _day(match, nearest_month(month, None, text, today), month, int(match["yy"]), assumed=True)
                continue
            said = str(year)
        plain = not (said or match["which"] or match["then"])
        if plain and match["month"] in _ORDINARY and not _BEFORE_A_MONTH.search(text[: match.start()]):
            continue
        year = int(said or whose_year(match["then"], today) or 0)
        year = year or nearest_month(month, match["which"], text[: match.start()], today)
        first, last = whole_month(year, month)
        yield DateSaid(first, last, "month", match[0].strip(), match.start(), match.end(), not said)


def _numbered_months(text: str, today: date) -> Found:
    for match in _MONTH_NUMBER.finditer(text):
        first, last = whole_month(_full(match["y"], today), int(match["m"]))
        yield DateSaid(first, last, "month", match[0], match.start(), match.end())
    for match in _DAY_OF_MONTH_NUMBER.finditer(text):
        if _SHORT_SCHOOL_YEAR.search(match[0]) and int(match["m"]) == int(match["d"]) + 1:
            continue  # 09/10 may be a school year
        month = int(match["m"])
        year = nearest_month(month, None, text[: match.start()], today, int(match["d"]))
        yield _day(match, year, month, int(match["d"]), assumed=True)


def _school_years(text: str) -> Found:
    for pattern in (_SCHOOL_YEAR, _SHORT_SCHOOL_YEAR):
        for match in pattern.finditer(text):
            first = int(match["y"]) + (0 if len(match["y"]) == 4 else 2000)
            if int(match["yy"]) == (first + 1) % 100:
                yield DateSaid(*school_year(first), "school_year", match[0], match.start(), match.end())


def _years(text: str) -> Found:
    for match in _TWO_YEARS.finditer(text):
        first, last = sorted((int(match["y"]), int(match["y2"])))
        if " or" in match[0] or re.search(r"\bbetween\s+$", text[: match.start()]):
            span = (date(first, 1, 1), date(last, 12, 31))
            yield DateSaid(*span, "about", match[0], match.start(), match.end())
    only = _ONLY_YEAR.fullmatch(text)
    for match in [only] if only else _YEAR.finditer(text):
        yield DateSaid(*whole_year(int(match["y"])), "year", match["y"], match.start("y"), match.end("y"))
