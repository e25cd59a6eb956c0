"""Years, intakes and dates in a message, as values: 2018, 2017/18, autumn 2024, next september."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

YEAR, PERIOD, DATE = "year", "period", "date"
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
SEASONS = {"spring": (1, 5), "summer": (6, 8), "autumn": (9, 12), "winter": (11, 12)}
SHORT = {name[:3]: name for name in MONTHS} | {"sept": "september"}
# Words too ordinary to be a month or season alone.
AMBIGUOUS = {"may", "march", "mar", "jan", "dec", "sep", "oct", "nov", "summer", "winter"}

_NAMES = "|".join(sorted([*MONTHS, *SHORT, *SEASONS, "fall"], key=len, reverse=True))
_YEAR = r"(?:19[89]\d|20[0-3]\d)"
_ACADEMIC = re.compile(rf"(?<![\d£$.,])({_YEAR})\s?[/–-]\s?(?:20)?(\d\d)(?!\d|[/.-]\d)")
_SHORT_ACADEMIC = re.compile(r"(?<![\d£$.,/-])([12]\d)/([23]\d)(?![\d/])")
_NAMED = re.compile(
    rf"(?<!\w)(?:(next|last|this|coming|previous)\s+)?({_NAMES})"
    rf"(?:\s+(?:term|cohort|intake|start|of|in)){{0,2}}(?:[\s,]*({_YEAR})|\s*['’](\d\d)|\s(2\d))?"
    rf"(?!\w)"
)
_RELATIVE = re.compile(r"(?<!\w)(next|last|this|previous)\s+(?:academic\s+|school\s+)?year(?!\w)")
# Not years: £2,017, 2000 words, 2020 places, a number inside a longer one.
_BARE = re.compile(
    rf"(?<![\w£$.,/-])({_YEAR})(?!\d|[/.,]\d|\w|\s*(?:words?|pounds?|quid|gbp|people|pupils|places|hours))"
)


# "I qualified in 2018" is about the person; no rule of 2018 is asked for.
_OWN_HISTORY = re.compile(
    r"\b(?:qualified|qts|pgce|nqt|trained|taught|joined|became|born|appointed"
    r"|been (?:a |an |the )?\w+|teaching (?:since|from)|in post|worked|working|started (?:teaching|as|here|at))"
    r"[^.?!;,\n]*$"
)

# "Passed NPQH last July, when can I start NPQEL": nothing is asked about that July.
_DONE = re.compile(r"\b(?:passed|finished|completed)\b(?:(?!\b(?:was|were|did|when|what)\b)[^.?!;\n])*$")
_OF_NOW = re.compile(r"\b(?:can|could|may|should) (?:i|we|she|he|they)\b|\bwhat next\b")
_REFORMED = 2022  # from which year on an NPQ passed is one of today's


class Intake(Protocol):
    """A cohort as far as a date needs to know it: ``starts`` is YYYY-MM."""

    id: str
    starts: str


@dataclass(frozen=True)
class Moment:
    """A value with the characters it was read from; ``kind`` is year, period or date."""

    kind: str
    value: str | int
    start: int
    end: int


def moments(text: str, cohorts: Sequence[Intake], today: date) -> list[Moment]:
    """Every year (int), period (a cohort's id) and date (YYYY-MM, or a name without year)."""
    plain = text.lower()
    found: list[Moment] = []
    taken: list[tuple[int, int]] = []
    for reader in (_academic, _named, _relative, _bare):
        for start, end, values in reader(plain, cohorts, today):
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            if _OWN_HISTORY.search(plain[:start]) or _of_one_passed(plain, start, values):
                values = [(DATE, plain[start:end])]
            found += [Moment(kind, value, start, end) for kind, value in values]
    return sorted(found, key=lambda item: item.start)


def _of_one_passed(text: str, start: int, values: Sequence[tuple[str, str | int]]) -> bool:
    """Whether the date only tells when an NPQ of today's was passed, beside a question about now."""
    years = [value for kind, value in values if kind == YEAR]
    recent = bool(years) and int(min(years)) >= _REFORMED
    return recent and bool(_DONE.search(text[:start])) and bool(_OF_NOW.search(text))


Values = list[tuple[str, str | int]]
Readings = Iterator[tuple[int, int, Values]]


def _academic(text: str, cohorts: Sequence[Intake], today: date) -> Readings:
    for pattern in (_ACADEMIC, _SHORT_ACADEMIC):
        for match in pattern.finditer(text):
            first = int(match[1]) + (0 if len(match[1]) == 4 else 2000)
            if int(match[2]) != (first + 1) % 100:
                continue
            inside = [item for item in cohorts if f"{first}-09" <= item.starts <= f"{first + 1}-08"]
            values: Values = [(YEAR, first), *((PERIOD, item.id) for item in inside)]
            if not inside:
                values += _in_force(f"{first}-12", cohorts)
            yield match.start(), match.end(), values


def _named(text: str, cohorts: Sequence[Intake], today: date) -> Readings:
    for match in _NAMED.finditer(text):
        name = SHORT.get(match[2], "autumn" if match[2] == "fall" else match[2])
        year = _year(match, name, today)
        if year is None:
            bare = match[2]
            if bare not in AMBIGUOUS and bare not in SHORT and bare != "fall":
                yield match.start(), match.end(), [(DATE, name)]
            continue
        first, last = _months(name)
        values: Values = [(DATE, f"{year}-{first:02d}" if first == last else f"{name} {year}")]
        values.insert(0, (YEAR, year))
        season = next(span for span in SEASONS.values() if span[0] <= first <= span[1])
        fitting = [item for item in cohorts if _starts_in(item, year, season)]
        values += [(PERIOD, item.id) for item in fitting]
        if not fitting:
            values += _in_force(f"{year}-{last:02d}", cohorts)
        yield match.start(), match.end(), values


def _starts_in(item: Intake, year: int, season: tuple[int, int]) -> bool:
    return int(item.starts[:4]) == year and season[0] <= int(item.starts[5:7]) <= season[1]


def _year(match: re.Match[str], name: str, today: date) -> int | None:
    if match[3]:
        return int(match[3])
    if match[4] or match[5]:
        return 2000 + int(match[4] or match[5])
    first, last = _months(name)
    if match[1] in ("next", "coming"):
        return today.year if today.month < first else today.year + 1
    if match[1] in ("last", "previous"):
        return today.year if today.month > last else today.year - 1
    return today.year if match[1] == "this" else None


def _months(name: str) -> tuple[int, int]:
    if name in SEASONS:
        return SEASONS[name]
    number = MONTHS.index(name) + 1
    return number, number


def _relative(text: str, cohorts: Sequence[Intake], today: date) -> Readings:
    steps = {"next": 1, "last": -1, "previous": -1, "this": 0}
    for match in _RELATIVE.finditer(text):
        yield match.start(), match.end(), [(YEAR, today.year + steps[match[1]])]


def _bare(text: str, cohorts: Sequence[Intake], today: date) -> Readings:
    for match in _BARE.finditer(text):
        year = int(match[1])
        values: Values = [(YEAR, year)]
        # A year alone names an intake only where there is one for the whole year (2018).
        if not any(item.starts.startswith(f"{year}-") for item in cohorts):
            values += _in_force(f"{year}-12", cohorts)
        yield match.start(), match.end(), values


def _in_force(month: str, cohorts: Sequence[Intake]) -> Values:
    """The last intake begun by a month, unless that is simply the newest one known."""
    begun = [item for item in cohorts if item.starts <= month]
    return [(PERIOD, begun[-1].id)] if begun and len(begun) < len(cohorts) else []
