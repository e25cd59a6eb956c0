"""Lengths of time as dates: two years ago, for about 18 months, in my third year, in two weeks, yesterday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import cast

from guidance.dates.calendar import months_after, school_year, school_year_of
from guidance.dates.model import DateSaid, Exactness

_NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "thirteen": 13.0, "fourteen": 14.0,
    "fifteen": 15.0, "sixteen": 16.0, "seventeen": 17.0, "eighteen": 18.0, "nineteen": 19.0, "twenty": 20.0,
    "a couple of": 2.0, "couple of": 2.0, "a couple": 2.0, "couple": 2.0, "half a": 0.5, "half": 0.5,
}  # fmt: skip
_WHOLE = [word for word, number in _NUMBERS.items() if word[:2] not in ("a", "an", "a ") and number >= 1]
_VAGUE = {"a few": (2.0, 5.0), "few": (2.0, 5.0), "several": (3.0, 9.0), "some": (1.0, 5.0)}
_N = "(?P<n>" + "|".join(sorted([*_NUMBERS, *_VAGUE], key=len, reverse=True)) + r"|\d{1,2}(?:\.\d)?)"
_UNIT = r"(?P<unit>years?|yrs?|months?|mths?|terms?)"
_HALF = r"(?P<half>\s+and\s+a\s+half)?"
_MORE = rf"(?:,?\s+(?:and\s+)?(?P<more>\d{{1,2}}|{'|'.join(_WHOLE)})\s*(?:months?|mths?))?"  # "2 years 8 months"
_LENGTH = rf"{_N}\s*{_HALF}\s*{_UNIT}(?P<half2>\s+and\s+a\s+half)?{_MORE}"
_HOW = (
    r"(?P<how>about|around|roughly|approx(?:imately)?|almost|nearly|just under|under|less than|over|more than|just over"
    r"|at least|up to|getting on for|coming up to|coming up for|only|just)"
)
_AGO = re.compile(
    rf"(?<![\w£.,-])(?:{_HOW}\s+)?{_LENGTH}\s*(?:(?P<ago>ago|back|now|since|in\s+(?:the\s+)?(?:post|role|job)"
    r"|as\s+(?:the\s+|a\s+|our\s+)?send?co|into|in(?=\W*$)|so far)\b)"
)
_FOR = re.compile(
    rf"\b(?:for|been|past|since|these)\s+(?:the\s+)?(?:last\s+|past\s+)?(?:{_HOW}\s+)?{_LENGTH}(?!\w|\s+(?:ago|back)\b)"
)
_SENCO_FOR = re.compile(rf"\bsend?co\s+(?:of\s+)?(?:{_HOW}\s+)?{_LENGTH}(?!\w|\s+(?:ago|back)\b)")
_ONLY = re.compile(rf"\W*(?:{_HOW}\s+)?{_LENGTH}(?:\s+(?:ish|or so|i think|maybe))?\W*")
_NOT_BEEN = re.compile(
    r"\b(?:within|last(?:s|ed)?|lasting|takes?|runs?|course|npq|next|every|another|allow|gives?|complete|deadline|limit)\b"
    r"[^.?!]{0,12}$|\b(?:have|has|got|need|gets?)\s+(?:(?!been)\w{1,4}\s+)?$"
)
_NTH = re.compile(
    r"\b(?:my|the|our|in|into)\s+(?P<n>first|second|third|fourth|fifth|sixth|1st|2nd|3rd|4th|5th|6th)\s+year\s+"
    r"(?:as\s+(?:a\s+|the\s+)?send?co|in\s+(?:the\s+)?(?:post|role|job)|of\s+being|being\s+send?co|doing|now)"
)
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_AHEAD = re.compile(
    rf"\bin\s+(?:{_HOW}\s+)?{_N}\s+(?P<unit>weeks?|months?|years?)(?!\s+(?:ago|time\s+limit))\b"
    rf"|{_N.replace('<n>', '<n2>')}\s+(?P<unit2>weeks?|months?|years?)'?\s+time\b"
)
# "what if I don't do it in three years": a limit, no date
_NOT_DONE = re.compile(
    r"\b(?:don't|dont|doesn't|doesnt|not|can't|cant|cannot|won't|wont|haven't|havent|fails?|failed)\b[^.?!,]{0,40}$"
)
_NEAR = re.compile(
    r"\b(?:the day before yesterday|yesterday|today|tomorrow|(?:last|this|next)\s+week"
    r"|(?:last |this |next |on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?!s)"
    r"|(?:\d{1,2}|a|one|two|three|four|five|six|seven|eight|a few|a couple of)\s+(?:days?|weeks?)\s+ago"
    r"|a fortnight ago)\b"
)


def lengths(text: str, today: date) -> Iterator[DateSaid]:
    """Every date given by a length of time, or by its distance from today, in lower-case text."""
    only = _ONLY.fullmatch(text)
    for match in [only] if only else [*_AGO.finditer(text), *_FOR.finditer(text), *_SENCO_FOR.finditer(text)]:
        if not _NOT_BEEN.search(text[: match.start()]):
            yield _said(match, *_began(match, today))
    for match in _NTH.finditer(text):
        nth = _ORDER.get(match["n"]) or int(match["n"][0])
        first = min(school_year(school_year_of(today) - nth + 1)[0], months_after(today, -12 * nth) + timedelta(days=1))
        yield _said(match, first, min(today, months_after(today, -12 * (nth - 1))), "about")
    for match in _AHEAD.finditer(text):
        if _NOT_DONE.search(text[: match.start()]):
            continue
        yield _said(match, *_to_come(match, today))
    for match in _NEAR.finditer(text):
        yield from _days(match, today)


def _said(match: re.Match[str], first: date | None, last: date, exact: Exactness) -> DateSaid:
    return DateSaid(first, last, exact, match[0].strip(), match.start(), match.start() + len(match[0].rstrip()))


def _began(match: re.Match[str], today: date) -> tuple[date | None, date, Exactness]:
    """When something began that has lasted so long. People round: a year may be half a year out."""
    unit = match["unit"][0] if match["unit"][0] in "yt" else "m"
    months = {"y": 12.0, "m": 1.0, "t": 4.0}[unit]
    low, high = _VAGUE.get(match["n"], (0.0, 0.0))
    if not high:
        low = high = _NUMBERS.get(match["n"]) or float(match["n"])
    if match["half"] or match["half2"]:
        low = high = high + 0.5
    low, high = low * months, high * months
    slack = 6.0 if unit == "y" else 4.0 if unit == "t" else 1.0 if high < 6 else 2.0
    if match["more"]:
        further = _NUMBERS.get(match["more"]) or float(match["more"])
        low, high, slack = low + further, high + further, 1.0
    how = match["how"] or ""
    if how in ("over", "more than", "just over", "at least"):
        return _back(today, high + slack * 2), _back(today, low), "about"
    if how in ("under", "less than", "just under", "up to", "nearly", "almost") or how.startswith(
        ("getting", "coming")
    ):
        return _back(today, high), _back(today, max(0.0, low - slack * 2)), "about"
    if not match.groupdict().get("ago") and how in ("", "only", "just"):  # "for two years": two full ones, or nearly
        return _back(today, high + slack * 2), _back(today, max(0.0, low - slack)), "about"
    return _back(today, high + slack), _back(today, max(0.0, low - slack)), "about"


def _back(today: date, months: float) -> date:
    whole = int(months)
    return months_after(today, -whole) - timedelta(days=round((months - whole) * 30))


def _to_come(match: re.Match[str], today: date) -> tuple[date, date, Exactness]:
    words, unit = match["n"] or match["n2"], (match["unit"] or match["unit2"])[0]
    low, high = _VAGUE.get(words, (0.0, 0.0))
    if not high:
        low = high = _NUMBERS.get(words) or float(words)
    if unit == "w":
        return today + timedelta(days=round(low * 7) - 3), today + timedelta(days=round(high * 7) + 3), "about"
    months = 12 if unit == "y" else 1
    slack = timedelta(days=90 if unit == "y" else 15)
    return _back(today, -low * months) - slack, _back(today, -high * months) + slack, "about"


def _days(match: re.Match[str], today: date) -> Iterator[DateSaid]:
    """Days near today, read by dateparser; weeks are whole weeks."""
    words = match[0]
    week = re.fullmatch(r"(last|this|next) week", words)
    if week:
        monday = today - timedelta(days=today.weekday()) + timedelta(days={"last": -7, "this": 0, "next": 7}[week[1]])
        yield _said(match, monday, monday + timedelta(days=6), "about")
        return
    ahead = words.startswith("next ")
    plain = re.sub(r"^(?:last|this|next|on) ", "", words).replace("a fortnight", "2 weeks").replace("a couple of", "2")
    day = _parsed(plain.replace("a few", "3"), today, ahead=ahead)
    if day is None:
        return
    slack = timedelta(days=4 if "week" in words or "fortnight" in words or "few" in words else 0)
    yield _said(match, day - slack, min(day + slack, today) if day <= today else day, "about" if slack else "day")


def _parsed(words: str, today: date, *, ahead: bool) -> date | None:
    import dateparser  # type: ignore[import-untyped] # on first use: its tables take 0.3 seconds to load

    settings = {
        "RELATIVE_BASE": datetime(today.year, today.month, today.day),
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "future" if ahead else "past",
    }
    found = cast("datetime | None", dateparser.parse(words, languages=["en"], settings=settings))
    return found.date() if found else None
