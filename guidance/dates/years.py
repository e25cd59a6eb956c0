"""Which year is meant where none is written."""

from __future__ import annotations

import re
from datetime import date

# "I start in January" lies ahead; "I started in January" does not.
_AHEAD = re.compile(
    r"\b(?:start|starting|starts|begin|beginning|will|i'll|ill be|going to|about to|due to|take up|taking up|take over"
    r"|taking over|become|becoming|be the|next|coming|from|as of)\b[^.?!;]*$"
)
_BEHIND = re.compile(r"\b(?:since|started|began|became|was|been|took|joined|appointed|ago|last)\b[^.?!;]*$")


def lies_ahead(before: str) -> bool:
    """Whether the words before a date speak of something to come."""
    return bool(_AHEAD.search(before)) and not _BEHIND.search(before)


def nearest_month(month: int, which: str | None, before: str, today: date, day: int = 1) -> int:
    """The year of a month named without one: the last past one, or the next where the words look ahead."""
    begun = (month, day) <= (today.month, today.day)
    if which in ("next", "coming"):
        return today.year if month > today.month else today.year + 1
    if which in ("last", "previous", "past"):
        return today.year if month < today.month else today.year - 1
    if which == "this":
        return today.year + 1 if month < today.month and lies_ahead(before) else today.year
    if lies_ahead(before):
        return today.year if month >= today.month else today.year + 1
    return today.year if begun else today.year - 1


def whose_year(then: str | None, today: date) -> int | None:
    """The year meant by "last year" after a month or term."""
    return today.year + {"last": -1, "this": 0, "next": 1}[then] if then else None
