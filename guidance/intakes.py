"""When courses start: composed from the known intakes, so that nothing past is called upcoming."""

from __future__ import annotations

from datetime import date

from guidance.knowledge import Cohort, Fact, Knowledge

SINGLE_INTAKE_SINCE = date(2025, 11, 1)


def next_start(knowledge: Knowledge, today: date) -> Fact | None:
    """The general answer to "when does it start", as of today. None when no intake is known."""
    started = [item for item in knowledge.cohorts if item.first_day <= today]
    ahead = [item for item in knowledge.cohorts if item.first_day > today]
    if ahead:
        return _fact(
            ahead[0],
            f"The next intake is {ahead[0].label}: courses start {_when(ahead[0])}. "
            f"{_registration(ahead[0], today)} Your provider sets the exact day.",
        )
    if started:
        return _fact(started[-1], _after_the_last(started[-1], today))
    return None


def next_in_short(knowledge: Knowledge, today: date) -> str:
    """The next start in one short sentence; empty when no intake is known."""
    ahead = [item for item in knowledge.cohorts if item.first_day > today]
    if ahead:
        return f"Next start: {ahead[0].starts_label}."
    started = [item for item in knowledge.cohorts if item.first_day <= today]
    if not started:
        return ""
    last = started[-1]
    year = last.first_day.year + 1
    if today >= date(year, last.first_day.month, 1):
        return f"The last start I know of was {last.label}; ask a provider for the next."
    return f"The latest intake began in {last.starts_label}; the next is probably autumn {year}, not announced yet."


def _after_the_last(cohort: Cohort, today: date) -> str:
    this_month = (cohort.first_day.year, cohort.first_day.month) == (today.year, today.month)
    begun = "starts this month" if this_month else "started"
    when = f"({cohort.starts_label})" if this_month else _when(cohort)
    year = cohort.first_day.year + 1
    if today >= date(year, cohort.first_day.month, 1):
        return (
            f"The last intake I know of is {cohort.label}, which {begun} {when}. Intakes have been each "
            "autumn. I do not know of a newer one: DfE's registration service and the providers will."
        )
    return (
        f"The latest intake, {cohort.label}, {begun} {when}. {_registration(cohort, today)} There is now one "
        f"intake a year, so the next is probably autumn {year}, but it has not been announced."
    )


def _registration(cohort: Cohort, today: date) -> str:
    opens, closes = cohort.registration_opens, cohort.registration_closes
    if closes and closes < today:
        return f"Registration closed on {_day(closes)}."
    if opens and opens > today:
        return f"Registration opens on {_day(opens)}."
    if opens and closes:
        return f"Registration is open until {_day(closes)}."
    if opens:
        return (
            f"Registration opened on {_day(opens)}; no closing date is published, so ask a provider "
            "whether you can still join."
        )
    return "I do not know the registration dates; DfE's registration service shows whether it is open."


def _when(cohort: Cohort) -> str:
    """The start with its preposition: "in November 2026", "on 1 November 2021", "from autumn 2017"."""
    label = cohort.starts_label
    if label[:1].isdigit():
        return f"on {label}"
    return label if label.startswith("from ") else f"in {label}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _fact(cohort: Cohort, text: str) -> Fact:
    return Fact(
        id="dates.next-start",
        topic="dates",
        text=text,
        short=cohort.starts_label,
        source=cohort.source,
        as_of=cohort.as_of,
        certainty="likely",
    )
