"""When somebody of the team can be asked: days of the week and times of the day in the UK."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPAN = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """Some days, numbered from Monday as 0, from a time up to another."""

    days: tuple[int, ...]
    begins: time
    ends: time

    def holds(self, moment: datetime) -> bool:
        """Whether a moment, in UK time, is within."""
        return moment.weekday() in self.days and self.begins <= moment.time() < self.ends

    def words(self) -> str:
        """Such as `Monday to Friday, 8:30am to 5pm`."""
        first, last = NAMES[self.days[0]], NAMES[self.days[-1]]
        days = first if len(self.days) == 1 else f"{first} to {last}"
        return f"{days}, {_clock(self.begins)} to {_clock(self.ends)}"


@dataclass(frozen=True)
class Hours:
    """All spans; none means always."""

    spans: tuple[Span, ...] = ()

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody can be asked at a moment (with its zone)."""
        here = moment.astimezone(UK)
        return not self.spans or any(span.holds(here) for span in self.spans)

    def words(self) -> str:
        """Such as `Monday to Thursday, 8:30am to 5pm; Friday, 8:30am to 4pm`."""
        return "; ".join(span.words() for span in self.spans)


def read_hours(text: str) -> Hours:
    """Read such as `Mon-Thu 08:30-17:00, Fri 08:30-16:00`; `always` for no limit.

    Raises:
        ValueError: with the part that cannot be read.
    """
    if text.strip().lower() == "always":
        return Hours()
    found = tuple(_span(part.strip()) for part in text.split(","))
    return Hours(found)


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if not match:
        raise ValueError(text)
    first, last = match[1].title(), (match[2] or match[1]).title()
    if first not in DAYS or last not in DAYS or DAYS.index(last) < DAYS.index(first):
        raise ValueError(text)
    try:
        begins, ends = time(int(match[3]), int(match[4])), time(int(match[5]), int(match[6]))
    except ValueError:
        raise ValueError(text) from None
    if begins >= ends:
        raise ValueError(text)
    return Span(tuple(range(DAYS.index(first), DAYS.index(last) + 1)), begins, ends)


def _clock(moment: time) -> str:
    hour, half = moment.hour % 12 or 12, "am" if moment.hour < 12 else "pm"
    if moment.minute == 0 and moment.hour == 12:
        return "midday"
    return f"{hour}{half}" if not moment.minute else f"{hour}:{moment.minute:02}{half}"
