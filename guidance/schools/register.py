"""The schools and lists that were imported, read from their file when asked: nothing of them stays in memory."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from guidance.schools.lists import LISTS, intake_order
from guidance.schools.model import NOTHING, Found, Membership, School, Source

logger = logging.getLogger(__name__)

FIELDS = "urn, name, type_code, type_name, phase, town, la, postcode, ukprn, status, close_date, in_england"
MOST_TEXT = 2000  # characters of a message that are searched


class Register:
    """What is loaded. Without a file it is empty: it finds nothing and knows no list."""

    def __init__(self, path: Path | None = None) -> None:
        """Open a store for reading.

        Raises:
            sqlite3.Error: when it cannot be read.
        """
        self.broken: str | None = None
        self._base: sqlite3.Connection | None = None
        if path is not None:
            # never changed in place, so it needs no locks; a few pages of it are kept in memory
            address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._base = sqlite3.connect(address, uri=True, check_same_thread=False)
            self._base.execute("PRAGMA cache_size = -2000")

    def query(self, text: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Rows of the store; none where it is empty."""
        if self._base is None:
            return []
        try:
            return self._base.execute(text, values).fetchall()
        except sqlite3.Error as error:
            self._base = None
            vars(self).update(loaded=(), _lists=frozenset(), has_schools=False)  # what was read before
            self.broken = f"the schools register cannot be read ({error}) and is not used. Import it again."
            logger.error(self.broken)
            return []

    @cached_property
    def loaded(self) -> tuple[Source, ...]:
        """What was imported: the register, and lists by intake, latest first."""
        rows = self.query("SELECT kind, intake, rows, duplicates, imported, file FROM source ORDER BY kind")
        found = [
            Source(str(kind), str(intake), int(str(count)), int(str(twice)), date.fromisoformat(str(day)), str(file))
            for kind, intake, count, twice, day, file in rows
        ]
        found.sort(key=lambda one: intake_order(one.intake) if one.intake else (9999, True), reverse=True)
        return tuple(found)

    @cached_property
    def _lists(self) -> frozenset[tuple[str, str]]:
        return frozenset((one.kind, one.intake) for one in self.loaded if one.kind in LISTS)

    @property
    def empty(self) -> bool:
        """Whether nothing was imported."""
        return not self.loaded

    @cached_property
    def has_schools(self) -> bool:
        """Whether schools can be found; lists alone tell only about numbers."""
        return any(one.kind == "gias" for one in self.loaded)

    def intakes_of(self, list_id: str) -> list[str]:
        """The intakes a list is loaded for, latest first."""
        return [one.intake for one in self.loaded if one.kind == list_id]

    def school(self, urn: str) -> School | None:
        """The school with this URN."""
        found = self.schools("urn = ?", (int(urn),)) if urn.isascii() and urn.isdigit() and len(urn) < 10 else []
        return found[0] if found else None

    def schools(self, where: str, values: Sequence[object], rest: str = "") -> list[School]:
        """Schools by a condition, open ones first."""
        rows = self.query(f"SELECT {FIELDS} FROM school WHERE {where} ORDER BY closed, urn {rest}", values)
        return [school_of(row) for row in rows]

    def find(self, text: str) -> Found:
        """The school a text names: by URN, UKPRN, full postcode, or name with or without its place."""
        from guidance.schools.find import find

        return find(self, text[:MOST_TEXT]) if self.has_schools else NOTHING

    def mentioned(self, text: str) -> Found:
        """The school named inside a sentence about anything. Nothing, rather than a guess."""
        from guidance.schools.mention import mentioned

        return mentioned(self, text[:MOST_TEXT]) if self.has_schools else NOTHING

    def on_list(self, list_id: str, identifier: str, intake: str) -> bool | None:
        """Whether a number stands on a list of an intake; None when that list is not loaded."""
        if (list_id, intake) not in self._lists:
            return None
        key = (list_id, intake, identifier)
        found = self.query("SELECT 1 FROM member WHERE list = ? AND intake = ? AND identifier = ?", key)
        return None if self.broken else bool(found)

    def lists_for(self, school: School) -> tuple[Membership, ...]:
        """Every list of every intake the school stands on, latest intake first."""
        own = {"urn": school.urn, "ukprn": school.ukprn}
        found = [
            Membership(list_id, intake, number)
            for list_id, intake in self._lists
            for kind in LISTS[list_id].kinds
            if (number := own.get(kind)) and self.on_list(list_id, number, intake)
        ]
        return tuple(sorted(found, key=lambda one: (intake_order(one.intake), one.list), reverse=True))


def school_of(row: Iterable[object]) -> School:
    """A school from a row of FIELDS."""
    urn, name, code, kind, phase, town, la, postcode, ukprn, status, closed_on, in_england = row
    return School(
        urn=str(urn),
        name=str(name),
        type_code=str(code),
        type_name=str(kind),
        phase=str(phase),
        town=str(town),
        la=str(la),
        postcode=str(postcode),
        ukprn=str(ukprn),
        status=str(status),
        close_date=date.fromisoformat(str(closed_on)) if closed_on else None,
        in_england=bool(in_england),
    )
