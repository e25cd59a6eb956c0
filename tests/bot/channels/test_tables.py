"""The tables of the channels: made by migrations, and those of earlier versions go on working with what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.channels import sessions, turns
from bot.channels.turns import CHANNELS, TurnLog
from guidance.interest import database
from tests import databases

BEFORE = (
    "CREATE TABLE turns (id {id}, session VARCHAR(64) NOT NULL, channel VARCHAR(16) NOT NULL, at {time} NOT NULL,"
    " said TEXT NOT NULL, replied JSON NOT NULL, status VARCHAR(16) NOT NULL, intent VARCHAR(64), confidence FLOAT,"
    " topics JSON NOT NULL, programmes JSON NOT NULL, ms FLOAT NOT NULL)",
    "CREATE INDEX ix_turns_session ON turns (session)",
    "CREATE INDEX ix_turns_at ON turns (at)",
    "CREATE TABLE sessions (token_sha256 VARCHAR(64) NOT NULL PRIMARY KEY, conversation VARCHAR(48) NOT NULL UNIQUE,"
    " created_at {time} NOT NULL, seen_at {time} NOT NULL)",
    "INSERT INTO turns (session, channel, at, said, replied, status, topics, programmes, ms) VALUES"
    " ('hers', 'web', '2026-11-01 10:00:00', 'before', '{{\"messages\": [\"m\"], \"buttons\": [], \"sources\": []}}',"
    " 'answered', '[]', '[]', 1.0)",
)
REPLY = {
    "session": "hers", "messages": ["yes"], "buttons": [], "sources": [], "status": "answered", "intent": None,
    "confidence": None, "topics": [], "programmes": [], "ms": 1.0, "asking": None,
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'npq.db'}"
        return
    try:
        with databases.postgres_server() as server, databases.new_database(server) as made:
            yield made
    except databases.NoServer as reason:
        pytest.skip(str(reason))


def test_the_migrations_make_the_tables_the_code_uses(url: str) -> None:
    engine = database.connect(url)
    TurnLog(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": CHANNELS.version_table})
        assert compare_metadata(context, turns.metadata) == []
    assert sessions.sessions.metadata is turns.metadata
    engine.dispose()


def test_tables_of_the_first_versions_are_kept_and_brought_up_to_date(url: str) -> None:
    engine = database.connect(url)
    kind = {"id": "INTEGER PRIMARY KEY", "time": "DATETIME"}
    if not url.startswith("sqlite"):
        kind = {"id": "SERIAL PRIMARY KEY", "time": "TIMESTAMP WITH TIME ZONE"}
    with database.writing(engine) as connection:
        for statement in BEFORE:
            connection.exec_driver_sql(statement.format(**kind))
    log = TurnLog(engine)
    number, at = log.add(REPLY, "after", "web", "k1")
    found = log.of("hers")
    assert [(turn["said"], turn["key"], turn["rating"]) for turn in found] == [
        ("before", "", None),
        ("after", "k1", None),
    ]
    assert log.rate("hers", found[0]["id"], "up")
    assert log.under("hers", "k1") == (number, log.of("hers", number - 1)[0]["at"].replace(tzinfo=at.tzinfo))
    assert TurnLog(engine).of("hers")[0]["rating"] == "up"
    database.migrate(engine, "0001", CHANNELS)  # the way back keeps what was said
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM turns").scalar() == 2
    engine.dispose()


def test_two_programs_may_start_at_once(url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    engines = [database.connect(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        logs = list(threads.map(TurnLog, engines))
    for number, log in enumerate(logs):
        log.add({**REPLY, "session": f"s{number}"}, "hello", "web")
    assert [len(log.of("s3")) for log in logs] == [1] * 4
    for engine in engines:
        engine.dispose()
