"""Data protection requests made in the chat: recorded with a reference, until staff close them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from guidance.interest import audit, database, outbox, reference
from guidance.interest.model import RIGHTS, CannotSave
from guidance.interest.tables import rights_requests, utc

if TYPE_CHECKING:
    from guidance.interest.store import Store

logger = logging.getLogger(__name__)
MOST_NAMED = 12


@dataclass(frozen=True)
class RightsRequests:
    """The requests of a store."""

    store: Store

    def open(self, kind: str, session: str, about: str | None = None) -> str:
        """Record that a visitor wants to use a right (see `model.RIGHTS`); asking again gives the same reference.

        `about` is the reference of an expression of interest that it names.

        Raises:
            CannotSave: the database does not take it.
        """
        if kind not in RIGHTS:
            raise ValueError(f"kind must be one of {', '.join(RIGHTS)}")
        table = rights_requests.c
        mine = (table.session == session) & (table.kind == kind) & (table.status == "open")
        try:
            self.store.prepare()
            with database.alone(self.store.engine, database.RIGHTS_LOCK) as connection:
                known = connection.execute(sa.select(table.reference).where(mine)).scalar()
                if known:
                    _name(connection, mine, about)
                    return str(known)
                given, now = reference.new(reference.RIGHTS), self.store.now()
                row = {"reference": given, "kind": kind, "session": session, "created_at": now, "status": "open"}
                row["about"] = about
                connection.execute(rights_requests.insert().values(**row))
                outbox.add(connection, outbox.RIGHTS, given, self.store.destinations)
                audit.record(connection, "rights_request", now, reference=given, detail=kind)
        except SQLAlchemyError as error:
            logger.error("A rights request cannot be saved now: %s.", type(error).__name__)
            raise CannotSave from None
        return given

    def name(self, session: str, about: str) -> str | None:
        """Note an expression of interest that the open requests of a conversation are about too.

        Returns:
            The reference of the newest of them; None when none is open.

        Raises:
            CannotSave: the database does not take it.
        """
        table = rights_requests.c
        mine = (table.session == session) & (table.status == "open")
        newest = sa.select(table.reference).where(mine).order_by(table.id.desc())
        try:
            self.store.prepare()
            with database.alone(self.store.engine, database.RIGHTS_LOCK) as connection:
                known = connection.execute(newest).scalar()
                if known:
                    _name(connection, mine, about)
                return str(known) if known else None
        except SQLAlchemyError as error:
            logger.error("A rights request cannot be changed now: %s.", type(error).__name__)
            raise CannotSave from None

    def all(self, *, only_open: bool = True) -> list[dict[str, Any]]:
        """Rights requests, oldest first."""
        query = sa.select(rights_requests).order_by(rights_requests.c.id)
        if only_open:
            query = query.where(rights_requests.c.status == "open")
        with self.store.engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return [{**row, "created_at": utc(row["created_at"])} for row in rows]

    def close(self, wanted: str, who: str) -> bool:
        """Mark a request as done; False when no open one has this reference."""
        now = self.store.now()
        mine = (rights_requests.c.reference == wanted) & (rights_requests.c.status == "open")
        with database.writing(self.store.engine) as connection:
            changed = connection.execute(rights_requests.update().where(mine).values(status="done", closed_at=now))
            if changed.rowcount:
                audit.record(connection, "rights_closed", now, who=who, reference=wanted)
            return bool(changed.rowcount)


def _name(connection: sa.engine.Connection, mine: Any, about: str | None) -> None:
    """Add a reference to what requests name; a dozen are enough for anybody."""
    table = rights_requests.c
    for row in connection.execute(sa.select(table.id, table.about).where(mine)).all() if about else ():
        named = (row.about or "").split()
        if about not in named and len(named) < MOST_NAMED:
            added = " ".join([*named, str(about)])
            connection.execute(rights_requests.update().where(table.id == row.id).values(about=added))
