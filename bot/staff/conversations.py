"""Conversations as staff may read them: as they are stored, without what a visitor typed of themselves."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.channels.turns import Tables, turns
from bot.report.personal import masked
from guidance.interest import database
from guidance.interest.tables import utc

AT_ONCE = 50
MOST_TURNS = 500
_FIRST_WORDS = 90


def latest(engine: sa.engine.Engine, before: int | None = None) -> list[dict[str, Any]]:
    """The conversations with the latest turns, those before a turn's number: at most 50.

    Raises:
        SQLAlchemyError: the database cannot be read.
    """
    Tables(engine).make()
    last, first = sa.func.max(turns.c.id).label("last"), sa.func.min(turns.c.id).label("first")
    count = sa.func.count().label("turns")
    query = sa.select(turns.c.session, first, last, count).group_by(turns.c.session)
    if before is not None:
        query = query.having(last < before)
    query = query.order_by(last.desc()).limit(AT_ONCE)
    with engine.connect() as connection, connection.begin():
        database.be_patient(connection)
        talks = connection.execute(query).mappings().all()
        ends = {number for talk in talks for number in (talk["first"], talk["last"])}
        told = turns.c
        look = sa.select(told.id, told.at, told.channel, told.status, told.said).where(told.id.in_(ends))
        rows = {row["id"]: row for row in connection.execute(look).mappings()}
    return [
        {
            "id": talk["session"],
            "last": talk["last"],
            "turns": talk["turns"],
            "at": utc(rows[talk["last"]]["at"]),
            "channel": rows[talk["last"]]["channel"],
            "status": rows[talk["last"]]["status"],
            "said": masked(rows[talk["first"]]["said"])[:_FIRST_WORDS],
        }
        for talk in talks
    ]


def turns_of(engine: sa.engine.Engine, conversation: str) -> list[dict[str, Any]]:
    """The turns of a conversation, oldest first, 500 at most; none when nothing is stored of it.

    Raises:
        SQLAlchemyError: the database cannot be read.
    """
    Tables(engine).make()
    query = sa.select(turns).where(turns.c.session == conversation).order_by(turns.c.id).limit(MOST_TURNS)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        {
            **{name: row[name] for name in ("channel", "status", "topics", "programmes", "rating", "asking")},
            "at": utc(row["at"]),
            "said": masked(row["said"]),
            "by": (row["replied"] or {}).get("from"),  # a person of the team
            "replied": [masked(str(text)) for text in (row["replied"] or {}).get("messages", [])],
        }
        for row in rows
    ]
