"""Months, terms, school years and Easter: the calendar of an English school."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from dateutil.easter import easter  # type: ignore[import-untyped]

Span = tuple[date, date]

MONTHS = {
    "january": 1, "jan": 1, "janurary": 1, "januray": 1, "janaury": 1,
    "february": 2, "feb": 2, "febuary": 2, "feburary": 2, "febraury": 2,
    "march": 3, "mar": 3, "april": 4, "apr": 4, "aprl": 4, "may": 5, "june": 6, "jun": 6, "july": 7, "jul": 7,
    "august": 8, "aug": 8, "augst": 8, "agust": 8,
    "september": 9, "sept": 9, "sep": 9, "setember": 9, "septmber": 9, "septemer": 9, "septemeber": 9, "setpember": 9,
    "sepember": 9, "septembre": 9, "septmeber": 9,
    "october": 10, "oct": 10, "ocotber": 10, "octobr": 10, "november": 11, "nov": 11, "novemeber": 11, "novmber": 11,
    "december": 12, "dec": 12, "decemeber": 12, "decmber": 12,
}  # fmt: skip
FIRST_SCHOOL_MONTH = 9
WEEKS_INTO_A_TERM = timedelta(days=14)


def whole_month(year: int, month: int) -> Span:
    """The first and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def whole_year(year: int) -> Span:
    """The first and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def school_year(first: int) -> Span:
    """The school year that begins in September of a year."""
    return date(first, 9, 1), date(first + 1, 8, 31)


def school_year_of(day: date) -> int:
    """The year in whose September the school year of a day began."""
    return day.year if day.month >= FIRST_SCHOOL_MONTH else day.year - 1


def easter_day(year: int) -> date:
    """Easter Sunday."""
    return easter(year)  # type: ignore[no-any-return]


def term(name: str, year: int) -> Span:
    """A term by its season and calendar year. Schools differ, so neighbours overlap about Easter."""
    sunday = easter_day(year)
    return {
        "autumn": (date(year, 9, 1), date(year, 12, 31)),
        "spring": (date(year, 1, 1), sunday + timedelta(days=7)),
        "summer": (sunday - timedelta(days=7), date(year, 8, 31)),
    }[name]


def season(name: str, year: int) -> Span:
    """A season as people say it of a school: "autumn 2023" may be any of its term."""
    if name == "winter":
        return date(year, 11, 1), date(year + 1, 2, 28)
    if name == "spring":
        return date(year, 1, 1), date(year, 5, 31)
    if name == "summer":
        return date(year, 5, 1), date(year, 8, 31)
    return term("autumn", year)


def feast(name: str, year: int) -> Span:
    """About Christmas or Easter: the holiday, and the first days back."""
    if name == "christmas":
        return date(year, 12, 15), date(year + 1, 1, 10)
    sunday = easter_day(year)
    return sunday - timedelta(days=16), sunday + timedelta(days=21)


def half_terms(first: int) -> list[Span]:
    """The six half terms of the school year begun in a year, roughly: schools differ by a week or two."""
    sunday = easter_day(first + 1)
    return [
        (date(first, 9, 1), date(first, 10, 31)),
        (date(first, 11, 1), date(first, 12, 31)),
        (date(first + 1, 1, 1), date(first + 1, 2, 20)),
        (date(first + 1, 2, 21), sunday - timedelta(days=1)),
        (sunday, date(first + 1, 5, 31)),
        (date(first + 1, 6, 1), date(first + 1, 8, 31)),
    ]


def years_after(day: date, years: int) -> date:
    """The same day of a later (or earlier) year. 29 February becomes the 28th where there is none."""
    year = min(max(day.year + years, date.min.year), date.max.year)
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def months_after(day: date, months: int) -> date:
    """The same day some months later (or earlier), or the last day of a shorter month."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = min(max(whole // 12, date.min.year), date.max.year), whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def start_of(span: Span, exact: str) -> Span:
    """The first part of a span: "beginning of the autumn term", "early 2024"."""
    days = {"month": 9, "term": 14, "school_year": 14, "year": 90}.get(exact, 9)
    return span[0], min(span[1], span[0] + timedelta(days=days))


def end_of(span: Span, exact: str) -> Span:
    """The last part of a span. A school year ends with its summer holidays."""
    days = {"month": 9, "term": 30, "school_year": 61, "year": 91}.get(exact, 9)
    return max(span[0], span[1] - timedelta(days=days)), span[1]


def middle_of(span: Span) -> Span:
    """The middle third of a span."""
    third = (span[1] - span[0]) / 3
    return span[0] + third, span[1] - third
