"""How the clock speaks: dates in words, and bubbles that stay short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from guidance.dates import DateSaid

MOST_WORDS = 60
TO_THE_DAY = ("day", "month")  # said exactly enough to give the deadline as a day


class Sentence(NamedTuple):
    """What may be said, the facts it rests on, and its weight: 0 is always said, higher goes first for want of room."""

    text: str
    weight: int = 0
    facts: tuple[str, ...] = ()


Sentences = list[Sentence]


def day(value: date) -> str:
    """1 September 2027."""
    return f"{value.day} {value:%B %Y}"


def month(value: date) -> str:
    """September 2027."""
    return f"{value:%B %Y}"


def on(value: date, said: DateSaid) -> str:
    """ "on 1 September 2027"; only the month where the date was said roughly."""
    return f"on {day(value)}" if said.exact in TO_THE_DAY else f"in {month(value)}"


def by(value: date, said: DateSaid) -> str:
    """ "1 September 2027"; only the month where the date was said roughly."""
    return day(value) if said.exact in TO_THE_DAY else month(value)


def same_month(first: date, last: date) -> bool:
    """Whether two days are in one month."""
    return (first.year, first.month) == (last.year, last.month)


def span(first: date, last: date) -> str:
    """A day, a month, or from one month to another."""
    if first == last:
        return day(first)
    if same_month(first, last):
        return month(first)
    if first.year == last.year:
        return f"{first:%B} to {last:%B %Y}"
    return f"{month(first)} to {month(last)}"


def within(first: date, last: date) -> str:
    """ "on 1 September 2025", "in September 2025", "between May 2025 and March 2026"."""
    if first == last:
        return f"on {day(first)}"
    if same_month(first, last):
        return f"in {month(first)}"
    return f"between {month(first)} and {month(last)}"


def understood(post: DateSaid) -> str:
    """What the date was taken to be, where its words do not say it all; else nothing."""
    if post.earliest is None or (post.exact in ("day", "month", "year") and not post.assumed):
        return ""
    return f"I take “{post.words}” to mean {span(post.earliest, post.latest)}."


def shortened(sentences: Sequence[Sentence], contact: str) -> list[Sentence]:
    """Sentences in order; those of the highest weight are left out until the rest is short enough."""
    kept = [item._replace(text=item.text.replace("{contact}", contact)) for item in sentences if item.text]
    while len(joined(kept).split()) > MOST_WORDS and len(kept) > 1:
        kept.remove(max(kept, key=lambda item: item.weight))
    return kept


def joined(sentences: Sequence[Sentence]) -> str:
    """Sentences as one bubble."""
    return " ".join(item.text for item in sentences)
