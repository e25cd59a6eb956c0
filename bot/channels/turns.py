"""The record of turns: what was asked, what was said, with which status, and what the visitor thought of it."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from guidance.interest import database
from guidance.interest.tables import utc

logger = logging.getLogger(__name__)
metadata = sa.MetaData()
CHANNELS = database.Tables(Path(__file__).resolve().parent / "migrations", "channels_version")
MOST_AT_ONCE = 500  # turns of one look

# Changes go into a new file in `migrations/versions`; a test compares the two.
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session", sa.String(64), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("replied", sa.JSON, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("intent", sa.String(64)),
    sa.Column("confidence", sa.Float),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("programmes", sa.JSON, nullable=False),
    sa.Column("ms", sa.Float, nullable=False),
    sa.Column("key", sa.String(64), nullable=False, server_default=""),
    sa.Column("asking", sa.String(40)),
    sa.Column("rating", sa.String(8)),
)


# Made once: SQLAlchemy takes longer to build a statement and to find what it compiled it to than SQLite to run it.
_ADD = turns.insert()
_MINE = turns.c.session == sa.bindparam("of")
_UNDER = (
    sa.select(turns.c.id, turns.c.at)
    .where(_MINE & (turns.c.key == sa.bindparam("under")) & (turns.c.status != "error"))
    .order_by(turns.c.id)
)


class Tables:
    """The tables of the channels: made at start, or with the first use after a start without the database."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self.engine = engine
        self.there = False
        try:
            self.make()
        except SQLAlchemyError as error:
            logger.warning("The database cannot be used now (%s); it is tried again.", type(error).__name__)

    def make(self) -> None:
        """Make them, or bring those of an earlier version up to date, unless that is done.

        Raises:
            SQLAlchemyError: the database cannot be used.
        """
        if self.there:
            return
        if database.version(self.engine, CHANNELS) != database.newest(CHANNELS):
            own = database.connect(self.engine.url)
            try:
                database.migrate(own, tables=CHANNELS, patience=database.BUSY_MS)
            finally:
                own.dispose()
        self.there = True


class TurnLog:
    """Turns in the service's database."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self.engine = engine
        if engine.dialect.name == "sqlite":
            database.wait_once(engine)
        self._tables = Tables(engine)

    @property
    def ready(self) -> bool:
        """Whether its tables are there, so that a turn can be part of a transaction that has begun."""
        return self._tables.there

    def add(
        self,
        reply: dict[str, Any],
        said: str,
        channel: str,
        key: str = "",
        connection: sa.engine.Connection | None = None,
    ) -> tuple[int, datetime]:
        """Store one turn: the reply as `Reply.to_dict` gives it, and the text it answers; none when nobody said one.

        Where a person is in the conversation, `reply` also has "from", who wrote it, and "person", see `Reply.person`.
        With a connection it is part of that transaction.

        Returns:
            The number of the turn, which grows within a conversation, and its time.

        Raises:
            SQLAlchemyError: the database does not take it.
        """
        at = datetime.now(timezone.utc)
        row: dict[str, Any] = {
            "session": reply["session"],
            "channel": channel,
            "at": at,
            "said": said,
            "replied": {
                "messages": reply["messages"],
                "buttons": reply["buttons"],
                "sources": reply["sources"],
                **{name: reply[name] for name in ("from", "person") if name in reply},
            },
            "status": reply["status"],
            "intent": reply["intent"],
            "confidence": reply["confidence"],
            "topics": reply["topics"],
            "programmes": reply["programmes"],
            "ms": reply["ms"],
            "key": key,
            "asking": reply["asking"],
        }
        self._tables.make()
        with nullcontext(connection) if connection is not None else self.engine.begin() as writing:
            return int(writing.execute(_ADD, row).inserted_primary_key[0]), at

    def of(self, session: str, after: int = 0) -> list[dict[str, Any]]:
        """The turns of a session after a number that answered something, oldest first, 500 at most.

        Raises:
            SQLAlchemyError: the database cannot be read.
        """
        self._tables.make()
        mine = (turns.c.session == session) & (turns.c.id > after) & (turns.c.status != "error")
        query = sa.select(turns).where(mine).order_by(turns.c.id).limit(MOST_AT_ONCE)
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def under(self, session: str, key: str) -> tuple[int, datetime] | None:
        """The number and time of the turn that answered a message, by its key.

        Raises:
            SQLAlchemyError: the database cannot be read.
        """
        self._tables.make()
        with self.engine.connect() as connection:
            found = connection.execute(_UNDER, {"of": session, "under": key}).first()
        return (int(found.id), utc(found.at)) if found else None

    def keyed(self, session: str, key: str) -> dict[str, Any] | None:
        """The turn that answered a message, by its key.

        Raises:
            SQLAlchemyError: the database cannot be read.
        """
        self._tables.make()
        mine = (turns.c.session == session) & (turns.c.key == key) & (turns.c.status != "error")
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(turns).where(mine).order_by(turns.c.id)).mappings().first()
        return dict(row) if row else None

    def rate(self, session: str, turn: int, rating: str | None) -> bool:
        """Keep what the visitor thinks of one of the session's turns: "up", "down" or None. False when it has no such.

        Raises:
            SQLAlchemyError: the database does not take it.
        """
        self._tables.make()
        mine = (turns.c.session == session) & (turns.c.id == turn)
        with self.engine.begin() as connection:
            return int(connection.execute(turns.update().where(mine).values(rating=rating)).rowcount) > 0
