"""Dates as teachers type them are read to the days they can mean; numbers that are no dates are left alone."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.dates import DateSaid, Impossible, Several, dates_in, months_after, read_date, years_after

TODAY = date(2026, 11, 21)
# text -> earliest, latest, exactness. "-" for no beginning.
READ = {
    "1 September 2024": ("2024-09-01", "2024-09-01", "day"),
    "01/09/24": ("2024-09-01", "2024-09-01", "day"),
    "1.9.2024": ("2024-09-01", "2024-09-01", "day"),
    "1-9-24": ("2024-09-01", "2024-09-01", "day"),
    "2024-09-01": ("2024-09-01", "2024-09-01", "day"),
    "12/11/2024": ("2024-11-12", "2024-11-12", "day"),  # UK order
    "1st sept 24": ("2024-09-01", "2024-09-01", "day"),
    "the 1st of September 2024": ("2024-09-01", "2024-09-01", "day"),
    "september 1st, 2024": ("2024-09-01", "2024-09-01", "day"),
    "the first of september": ("2026-09-01", "2026-09-01", "day"),
    "24th of sept last year": ("2025-09-24", "2025-09-24", "day"),
    "29 Feb 2024": ("2024-02-29", "2024-02-29", "day"),
    "from 1/9": ("2026-09-01", "2026-09-01", "day"),
    "Sept 2024": ("2024-09-01", "2024-09-30", "month"),
    "sept 24": ("2024-09-01", "2024-09-30", "month"),
    "sept '24": ("2024-09-01", "2024-09-30", "month"),
    "9/24": ("2024-09-01", "2024-09-30", "month"),
    "09/2024": ("2024-09-01", "2024-09-30", "month"),
    "septmber 2024": ("2024-09-01", "2024-09-30", "month"),
    "feb 2023": ("2023-02-01", "2023-02-28", "month"),
    "September": ("2026-09-01", "2026-09-30", "month"),
    "december": ("2025-12-01", "2025-12-31", "month"),
    "since may": ("2026-05-01", "2026-05-31", "month"),
    "last September": ("2026-09-01", "2026-09-30", "month"),
    "this January": ("2026-01-01", "2026-01-31", "month"),
    "next september": ("2027-09-01", "2027-09-30", "month"),
    "september last year": ("2025-09-01", "2025-09-30", "month"),
    "the september before last": ("2025-09-01", "2025-09-30", "month"),
    "I start in January": ("2027-01-01", "2027-01-31", "month"),
    "I'm starting in september": ("2027-09-01", "2027-09-30", "month"),
    "started in january": ("2026-01-01", "2026-01-31", "month"),
    "last month": ("2026-10-01", "2026-10-31", "month"),
    "sept 30": ("2026-09-30", "2026-09-30", "day"),
    "since Easter 2025": ("2025-04-04", "2025-05-11", "term"),
    "a year last Christmas": ("2024-12-15", "2025-01-10", "about"),
    "start of the autumn term 2023": ("2023-09-01", "2023-09-15", "about"),
    "autumn term 2023/24": ("2023-09-01", "2023-12-31", "term"),
    "spring term 2023/24": ("2024-01-01", "2024-04-07", "term"),
    "spring term": ("2026-01-01", "2026-04-12", "term"),
    "summer term last year": ("2025-04-13", "2025-08-31", "term"),
    "this term": ("2026-09-01", "2026-12-31", "term"),
    "last half term": ("2026-09-01", "2026-10-31", "about"),
    "autumn 2023": ("2023-09-01", "2023-12-31", "about"),
    "beginning of this academic year": ("2026-09-01", "2026-09-15", "about"),
    "this school year": ("2026-09-01", "2027-08-31", "school_year"),
    "2023/24": ("2023-09-01", "2024-08-31", "school_year"),
    "2023-24": ("2023-09-01", "2024-08-31", "school_year"),
    "23/24": ("2023-09-01", "2024-08-31", "school_year"),
    "academic year 2023": ("2023-09-01", "2024-08-31", "school_year"),
    "in 2019": ("2019-01-01", "2019-12-31", "year"),
    "2019": ("2019-01-01", "2019-12-31", "year"),
    "when I joined in 2008": ("2008-01-01", "2008-12-31", "year"),
    "since before 2009": ("-", "2008-12-31", "before"),
    "pre-2009": ("-", "2008-12-31", "before"),
    "before September 2009": ("-", "2009-08-31", "before"),
    "after sept 2009": ("2009-10-01", "2026-11-21", "after"),
    "early 2024": ("2024-01-01", "2024-03-31", "about"),
    "2023 or 2024": ("2023-01-01", "2024-12-31", "about"),
    "between 2022 and 2024": ("2022-01-01", "2024-12-31", "about"),
    "last year": ("2025-01-01", "2026-08-31", "about"),  # the calendar year or the school year
    "two years ago": ("2024-05-21", "2025-05-21", "about"),
    "18 months ago": ("2025-03-21", "2025-07-21", "about"),
    "senco for 2 yrs 8 months": ("2024-01-21", "2024-04-21", "about"),
    "about 3 yrs": ("2023-05-21", "2024-05-21", "about"),
    "for five years": ("2020-11-21", "2022-05-21", "about"),
    "i have been senco for 2 years": ("2023-11-21", "2025-05-21", "about"),
    "over 3 years ago": ("2022-11-21", "2023-11-21", "about"),
    "nearly three years as senco": ("2023-11-21", "2024-11-21", "about"),
    "a year and a half ago": ("2024-11-21", "2025-11-21", "about"),
    "in my third year as senco": ("2023-11-22", "2024-11-21", "about"),
    "next week": ("2026-11-23", "2026-11-29", "about"),
    "in 2 weeks": ("2026-12-02", "2026-12-08", "about"),
    "yesterday": ("2026-11-20", "2026-11-20", "day"),
    "last monday": ("2026-11-16", "2026-11-16", "day"),
    "3 weeks ago": ("2026-10-27", "2026-11-04", "about"),
    "september 2024, two years ago": ("2024-09-01", "2024-09-30", "month"),
}
NO_DATES = [
    "I have 2 children",
    "NPQ 2025 cohort",
    "£900",
    "£2,019",
    "ks3",
    "5 schools",
    "year 6",
    "i may start",
    "they march on",
    "1,500 words",
    "2000 words",
    "within three years",
    "what if i dont do it in three years",
    "she can't finish in 2 years",
    "18 month course",
    "the course lasts for 18 months",
    "do i have three years",
    "3 years to complete",
    "16-19 setting",
    "19-20 pupils",
    "24/7",
    "50/50",
    "half a day a week",
    "0.6 contract",
    "90%",
    "",
]
IMPOSSIBLE = {
    "31/02/2024": "February 2024 has 29 days",
    "29 Feb 2023": "February 2023 has 28 days",
    "31st June 2024": "June 2024 has 30 days",
    "june 31st": "June 2026 has 30 days",
    "32 september": "no month has a day 32",
    "0/9/24": "no month has a day 0",
    "09/13/2024": "there is no month 13",
}


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*item, id=item[0]) for item in READ.items()])
def test_a_date_is_read_to_the_days_it_can_mean(text: str, expected: tuple[str, str, str]) -> None:
    found = read_date(text, TODAY)
    assert isinstance(found, DateSaid)
    assert (str(found.earliest or "-"), str(found.latest), found.exact) == expected
    assert text[found.start : found.end].strip() == found.words


@pytest.mark.parametrize("text", NO_DATES)
def test_numbers_that_are_no_dates_are_left_alone(text: str) -> None:
    assert read_date(text, TODAY) is None


@pytest.mark.parametrize(("text", "why"), IMPOSSIBLE.items())
def test_a_date_no_calendar_has_is_named_and_not_guessed_at(text: str, why: str) -> None:
    assert read_date(f"senco since {text}", TODAY) == Impossible(text, why)


def test_two_dates_that_contradict_each_other_are_both_reported() -> None:
    found = read_date("sept 2022, no wait, january 2024", TODAY)
    assert isinstance(found, Several)
    assert [item.words for item in found.dates] == ["sept 2022", "january 2024"]


def test_a_year_that_was_not_written_is_marked_as_taken() -> None:
    written, taken = read_date("September 2026", TODAY), read_date("September", TODAY)
    assert isinstance(written, DateSaid)
    assert isinstance(taken, DateSaid)
    assert (written.assumed, taken.assumed) == (False, True)
    assert (written.earliest, written.latest) == (taken.earliest, taken.latest)


@pytest.mark.parametrize(
    ("today", "text", "first"),
    [
        (date(2026, 8, 31), "september", date(2025, 9, 1)),
        (date(2026, 9, 1), "september", date(2026, 9, 1)),
        (date(2026, 1, 1), "last term", date(2025, 9, 1)),
        (date(2026, 8, 31), "this academic year", date(2025, 9, 1)),
        (date(2026, 9, 1), "this academic year", date(2026, 9, 1)),
        (date(2027, 1, 2), "last half term", date(2026, 11, 1)),
        (date(2024, 2, 29), "a year ago", date(2022, 8, 28)),
        (date(2026, 12, 31), "tomorrow", date(2027, 1, 1)),
        (date(2026, 12, 20), "next month", date(2027, 1, 1)),
    ],
)
def test_across_terms_and_the_ends_of_years(today: date, text: str, first: date) -> None:
    found = read_date(text, today)
    assert isinstance(found, DateSaid)
    assert abs((found.first - first).days) <= 1


def test_29_february_has_anniversaries() -> None:
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)


DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
FORMS = [
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day:02d}/{day.month:02d}/{day.year % 100:02d}",
    lambda day: f"{day.day} {day:%B %Y}",
    lambda day: f"{day.day} {day:%b} {day.year}".lower(),
    lambda day: f"{day:%B} {day.day}, {day.year}",
    lambda day: day.isoformat(),
]


@given(day=DAYS, form=st.sampled_from(FORMS))
def test_every_written_day_is_read_back(day: date, form: object) -> None:
    text = f"SENCO since {form(day)}"  # type: ignore[operator]
    found = read_date(text, TODAY)
    assert isinstance(found, DateSaid)
    assert (found.earliest, found.latest, found.assumed) == (day, day, False)


@given(year=st.integers(2000, 2030), month=st.integers(1, 12), day=st.integers(1, 31))
def test_a_day_is_read_or_refused_as_the_calendar_says(year: int, month: int, day: int) -> None:
    found = read_date(f"{day}/{month}/{year}", TODAY)
    exists = day <= calendar.monthrange(year, month)[1]
    assert isinstance(found, DateSaid if exists else Impossible)


@given(today=DAYS, years=st.integers(1, 19))
def test_years_ago_hold_the_day_itself(today: date, years: int) -> None:
    found = read_date(f"{years} years ago", today)
    assert isinstance(found, DateSaid)
    assert found.first <= years_after(today, -years) <= found.latest <= today


@given(
    today=DAYS, name=st.sampled_from(["january", "june", "september", "december", "autumn term", "easter", "christmas"])
)
def test_a_bare_name_is_the_last_that_has_begun(today: date, name: str) -> None:
    found = read_date(f"since {name}", today)
    assert isinstance(found, DateSaid)
    assert found.assumed
    assert today - timedelta(days=400) < found.first <= today


@given(text=st.text(max_size=80), today=DAYS)
def test_nothing_typed_breaks_it(text: str, today: date) -> None:
    for item in dates_in(text, today):
        assert isinstance(item, Impossible) or item.first <= item.latest


WORDS = [
    "1",
    "2",
    "31",
    "32",
    "of",
    "sept",
    "24",
    "2024",
    "last",
    "next",
    "year",
    "term",
    "easter",
    "/",
    "ago",
    "two",
    "for",
    "before",
    "september",
]


@given(
    words=st.lists(
        st.sampled_from(WORDS),
        max_size=8,
    ),
    today=DAYS,
)
def test_no_order_of_date_words_breaks_it(words: list[str], today: date) -> None:
    for item in dates_in(" ".join(words), today):
        assert isinstance(item, Impossible) or item.first <= item.latest
