"""Databases with turns in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.turns import Tables, turns
from guidance.interest import database
from tests.bot.widget.conftest import browser  # noqa: F401
from tests.guidance.interest.conftest import database_url, open_, open_on, postgres  # noqa: F401

AT = datetime(2026, 11, 10, 9, 30, tzinfo=timezone.utc)


def turn(said: str = "is npqh funded", at: datetime = AT, session: str = "one", **more: Any) -> dict[str, Any]:
    """A row of the table: an answered question on the website, unless said otherwise."""
    row = {
        "session": session, "channel": "web", "at": at, "said": said, "status": "answered", "intent": "ask_funding",
        "replied": {"messages": ["Yes."], "buttons": [], "sources": []}, "confidence": 0.9, "topics": ["funding"],
        "programmes": ["NPQH"], "ms": 20.0, "key": "", "asking": None, "rating": None,
    }  # fmt: skip
    return {**row, **more}


def not_understood(said: str, **more: Any) -> dict[str, Any]:
    """A row for a question nobody taught the guide."""
    return turn(said, **{"status": "clarify", "topics": [], "programmes": [], "asking": "question", **more})


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.engine.Engine]:  # noqa: F811
    """The service's database, without turns."""
    made = database.connect(database_url)
    Tables(made).make()
    yield made
    made.dispose()


@pytest.fixture
def store(engine: sa.engine.Engine) -> Callable[[list[dict[str, Any]]], sa.engine.Engine]:
    """Stores turns and gives the database."""

    def put(rows: list[dict[str, Any]]) -> sa.engine.Engine:
        with engine.begin() as connection:
            connection.execute(turns.insert(), rows)
        return engine

    return put


def as_json(told: dict[str, Any]) -> Any:
    """As it is after a way through JSON."""
    return json.loads(json.dumps(told))
