"""What a date in a message can be read as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Exactness = Literal["day", "month", "term", "year", "school_year", "about", "before", "after"]


@dataclass(frozen=True)
class DateSaid:
    """A date as somebody wrote it: every day from `earliest` to `latest` may be meant.

    `earliest` is None where the words set no beginning ("before 2009"). `assumed` says that the year was not
    written and was taken to be the nearest that fits; say which. `words` stand at `start` to `end` of the text.
    """

    earliest: date | None
    latest: date
    exact: Exactness
    words: str
    start: int
    end: int
    assumed: bool = False

    @property
    def first(self) -> date:
        """The earliest day, or the first day of all where there is none."""
        return self.earliest or date.min

    def overlaps(self, other: DateSaid) -> bool:
        """Whether one day can be meant by both."""
        return self.first <= other.latest and other.first <= self.latest


@dataclass(frozen=True)
class Impossible:
    """Words in the form of a date that no calendar has, such as 31/02/2024. Never guessed at: ask again."""

    words: str
    why: str


@dataclass(frozen=True)
class Several:
    """Two or more dates that cannot be the same day. Ask which is meant."""

    dates: tuple[DateSaid, ...]
