"""The record of turns: what was asked, what was said, with which status."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from guidance.interest import database

logger = logging.getLogger(__name__)
metadata = sa.MetaData()

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
)


class Tables:
    """The tables of the channels: made at start, or with the first use after a start without the database."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self.engine = engine
        self._there = False
        try:
            self.make()
        except SQLAlchemyError as error:
            logger.warning("The database cannot be used now (%s); it is tried again.", type(error).__name__)

    def make(self) -> None:
        """Make them unless that is done.

        Raises:
            SQLAlchemyError: the database cannot be used.
        """
        if not self._there:
            metadata.create_all(self.engine)
            self._there = True


class TurnLog:
    """Turns in the service's database."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self.engine = engine
        if engine.dialect.name == "sqlite":
            database.wait_once(engine)
        self._tables = Tables(engine)

    def add(self, reply: dict[str, Any], said: str, channel: str) -> None:
        """Store one turn: the reply as `Reply.to_dict` gives it, and the text it answers."""
        row = {
            "session": reply["session"],
            "channel": channel,
            "at": datetime.now(timezone.utc),
            "said": said,
            "replied": {
                "messages": reply["messages"],
                "buttons": reply["buttons"],
                "sources": reply["sources"],
            },
            "status": reply["status"],
            "intent": reply["intent"],
            "confidence": reply["confidence"],
            "topics": reply["topics"],
            "programmes": reply["programmes"],
            "ms": reply["ms"],
        }
        self._tables.make()
        with self.engine.begin() as connection:
            connection.execute(turns.insert().values(**row))

    def of(self, session: str) -> list[dict[str, Any]]:
        """The turns of a session, oldest first."""
        query = sa.select(turns).where(turns.c.session == session).order_by(turns.c.id)
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]
