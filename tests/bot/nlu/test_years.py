"""Years and intakes are read as values; numbers that are no years are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.language.years import moments
from guidance.knowledge import current

TODAY = date(2026, 11, 21)
CASES: dict[str, set[tuple[str, str | int]]] = {
    "in 2024": {("year", 2024)},
    "was it funded in autumn 2024": {("year", 2024), ("period", "autumn_2024"), ("date", "autumn 2024")},
    "sept 2022": {("year", 2022), ("period", "autumn_2022"), ("date", "2022-09")},
    "2017/18": {("year", 2017), ("period", "legacy_2017")},
    "2024-25": {("year", 2024), ("period", "autumn_2024"), ("period", "spring_2025")},
    "next september": {("year", 2027), ("date", "2027-09")},
    "last year": {("year", 2025)},
    "is there a february start": {("date", "february")},
    "in the spring?": {("date", "spring")},
    "i qualified in 2018": {("date", "2018")},
    "i have been a senco since 2008": {("date", "2008")},
    "2000 words": set(),
    "it cost £2017": set(),
    "may i start": set(),
    "they march on": set(),
    "16-19 college": set(),
    "2/3 of the course": set(),
}


@pytest.mark.parametrize(("text", "found"), [pytest.param(*item, id=item[0]) for item in CASES.items()])
def test_moments(text: str, found: set[tuple[str, str | int]]) -> None:
    assert {(item.kind, item.value) for item in moments(text, current().cohorts, TODAY)} == found
