"""The figures of a report: counts by day and channel, small enough to be summed over any choice of them in a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from typing import Any
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")  # days and hours are those of the people who ask
VISITORS = ("web", "slack")
TRIALS = ("terminal", "ask", "evaluate")  # what staff ask themselves: counted only when named

# What is counted, each by day, channel and key.
MEASURES = (
    "hours",  # turns, by hour of the day
    "conversations",  # on the day they began
    "statuses",  # turns
    "topics",  # turns; one may have several
    "programmes",  # turns; one may name several
    "ratings",  # turns rated "up" and "down"
    "rated_topics",  # the same, by "<topic> <rating>"
    "times",  # turns, by bucket of the response time: see times.py
    "handovers",  # conversations in which a person was needed, on the day of the first time
    "handover_topics",  # turns
    "handoffs",  # offers of a person, by what became of them
    "waits",  # of those who asked and were joined, by bucket of the time until then
    "helped",  # what visitors thought of the chat with a person: "up" and "down"
    "funnel",  # conversations that began to register interest, by the last detail asked for, or "sent"
    "interests",  # expressions of interest as stored, also where their conversation is gone
    "unanswered",  # turns
    "questions",  # of those, by the number of their group
)
HAPPENED = ("hours", "interests", "handoffs")  # measures which say on what days and channels there was something
Key = str | int
Cell = tuple[date, str, Key]  # day, channel, key


@dataclass(frozen=True)
class Period:
    """What a report is about. `first` and `last` are days in the UK, both included; None leaves it open."""

    first: date | None = None
    last: date | None = None
    channel: str | None = None

    def begins(self) -> datetime | None:
        """The moment it begins."""
        return _midnight(self.first) if self.first else None

    def ends(self) -> datetime | None:
        """The moment it is over."""
        return _midnight(date.fromordinal(self.last.toordinal() + 1)) if self.last else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UK).astimezone(timezone.utc)


@dataclass(frozen=True)
class Question:
    """A group of questions that were not answered: the most frequent wording, others, and lines for training."""

    text: str
    examples: tuple[str, ...]
    intent: str | None
    training: str


@dataclass
class Figures:
    """All counts of a period. `left_out`: questions that are counted and not shown, as they may name somebody."""

    period: Period
    counts: dict[str, Counter[Cell]] = field(default_factory=lambda: {name: Counter() for name in MEASURES})
    questions: list[Question] = field(default_factory=list)
    left_out: int = 0

    @property
    def days(self) -> list[date]:
        """Every day from the first to the last on which something happened."""
        seen = {day for name in HAPPENED for day, _channel, _key in self.counts[name]}
        if not seen:
            return []
        return [date.fromordinal(number) for number in range(min(seen).toordinal(), max(seen).toordinal() + 1)]

    @property
    def channels(self) -> list[str]:
        """The channels on which something happened."""
        return sorted({channel for name in HAPPENED for _day, channel, _key in self.counts[name]})

    @property
    def empty(self) -> bool:
        """Whether nothing at all happened."""
        return not self.days

    def total(self, measure: str) -> Counter[Key]:
        """A measure by its keys."""
        found: Counter[Key] = Counter()
        for (_day, _channel, key), count in self.counts[measure].items():
            found[key] += count
        return found

    def by_day(self, measure: str) -> Mapping[date, int]:
        """A measure by day, days without anything included."""
        found: Counter[date] = Counter()
        for (day, _channel, _key), count in self.counts[measure].items():
            found[day] += count
        return {day: found[day] for day in self.days}

    def cells(self) -> dict[str, list[Any]]:
        """All counts for the page: `[number of the day, number of the channel, key, count]` for each measure."""
        return {name: list(self._cells(name)) for name in MEASURES}

    def _cells(self, measure: str) -> Iterator[list[Any]]:
        first, channels = self.days[0] if self.days else date.min, self.channels
        for (day, channel, key), count in sorted(self.counts[measure].items(), key=lambda item: str(item[0])):
            yield [(day - first).days, channels.index(channel), key, count]
