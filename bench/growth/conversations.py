"""A database with many conversations in it, in the tables and with the indexes of the service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

from bot.channels.sessions import Sessions, sessions
from bot.channels.turns import TurnLog, turns
from bot.runtime.agent import tracker_store

AT_ONCE = 5000
START = datetime(2026, 9, 1, tzinfo=timezone.utc)
EVENTS = (
    ("action", None, "action_session_start"),
    ("user", "ask_funding", None),
    ("action", None, "action_answer"),
    ("bot", None, None),
    ("slot", None, "conversation"),
    ("action", None, "action_listen"),
)


def fill(path: Path, count: int) -> None:
    """Store so many conversations of one turn each."""
    store = tracker_store(f"sqlite:///{path}")
    store._make_tables()
    TurnLog(store.engine)
    Sessions(store.engine)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        numbers = iter(range(count))
        while some := list(islice(numbers, AT_ONCE)):
            with connection.begin():
                connection.execute(SQLTrackerStore.SQLEvent.__table__.insert(), list(_events(some)))
                connection.execute(sa.insert(turns), [_turn(number) for number in some])
                connection.execute(sa.insert(sessions), [_session(number) for number in some])
    store.engine.dispose()


def _name(number: int) -> str:
    return f"{number * 2654435761 % 2**32:08x}-{number:08d}-made-up"  # not in order, as real ones


def _events(numbers: list[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        at = (START + timedelta(seconds=number)).timestamp()
        for kind, intent, action in EVENTS:
            data = json.dumps({"event": kind, "timestamp": at, "name": action, "text": "Is NPQH funded?"})
            yield {
                "sender_id": _name(number),
                "type_name": kind,
                "timestamp": at,
                "intent_name": intent,
                "action_name": action,
                "data": data,
            }


def _turn(number: int) -> dict[str, Any]:
    return {
        "session": _name(number),
        "channel": "web",
        "at": START + timedelta(seconds=number),
        "said": "Is NPQH funded?",
        "replied": {"messages": ["It may be."], "buttons": [], "sources": []},
        "status": "answered",
        "intent": "ask_funding",
        "confidence": 0.9,
        "topics": ["funding"],
        "programmes": ["NPQH"],
        "ms": 8.0,
        "key": "",
    }


def _session(number: int) -> dict[str, Any]:
    at = START + timedelta(seconds=number)
    return {"token_sha256": f"{number:064x}", "conversation": _name(number), "created_at": at, "seen_at": at}
