"""A school, what a search found, and what the lists say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Way = Literal["urn", "ukprn", "postcode", "name", "none"]


@dataclass(frozen=True)
class School:
    """One establishment of DfE's schools register (GIAS)."""

    urn: str
    name: str
    type_code: str
    type_name: str
    phase: str
    town: str
    la: str
    postcode: str
    ukprn: str = ""
    status: str = "Open"
    close_date: date | None = None
    in_england: bool = True

    @property
    def closed(self) -> bool:
        """Whether the register says it has closed."""
        return self.status.lower() == "closed"

    @property
    def where(self) -> str:
        """Town and local authority, as far as they are known and differ: "Keighley, Bradford"."""
        places = [self.town] if self.town else []
        if self.la and self.la.lower() not in self.town.lower():
            places.append(self.la)
        return ", ".join(places)


@dataclass(frozen=True)
class Found:
    """What a text means among the schools.

    `schools` are best first, at most five. `sure`: the first is clearly meant. Not sure and not empty: ask which.
    `total` counts what fits as well as those shown (a search stops counting at 40). `how` says what was
    recognised; it is `urn`, `ukprn` or `postcode` with no schools when such a number is not in the register.
    """

    schools: tuple[School, ...] = ()
    sure: bool = False
    how: Way = "none"
    total: int = 0

    @property
    def one(self) -> School | None:
        """The school that is clearly meant."""
        return self.schools[0] if self.sure else None

    @property
    def ambiguous(self) -> bool:
        """Whether to ask which of several is meant."""
        return bool(self.schools) and not self.sure


NOTHING = Found()


@dataclass(frozen=True)
class Source:
    """One thing that was imported: the schools register (`gias`, no intake) or a list for an intake."""

    kind: str
    intake: str
    rows: int
    duplicates: int
    imported: date
    file: str


@dataclass(frozen=True)
class Membership:
    """An identifier stands on a list of an intake."""

    list: str
    intake: str
    identifier: str
