"""The database: one engine for SQLite and PostgreSQL, write transactions, migrations under a lock.

Expressions of interest have an engine of their own beside the one for turns and trackers: a commit here is on the
disk (`synchronous=FULL`), and what is erased is overwritten (`secure_delete`).
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import QueuePool

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
VERSION_TABLE = "interest_version"
MIGRATE_MS = 60_000  # how long to wait for another process that is at it
BUSY_MS = 4000  # then it is "cannot": within the 10 s an action may take, also after a lost connection
HURRIED_MS = 50  # after somebody waited in vain ...
IN_VAIN = 10.0  # ... for so many seconds
# Of advisory locks, whose numbers are common to all of a database.
MIGRATE_LOCK, PURGE_LOCK, RIGHTS_LOCK, SERVING_LOCK = 0x4E505101, 0x4E505102, 0x4E505103, 0x4E505104


@dataclass(frozen=True)
class Tables:
    """Tables that change together: the folder of their migrations, and the table that says how far they are."""

    migrations: Path
    version_table: str


INTERESTS = Tables(MIGRATIONS, VERSION_TABLE)


def connect(url: str | sa.engine.URL) -> sa.engine.Engine:
    """An engine which notices a database that went away and finds it again when it is back. Connects on first use."""
    common: dict[str, Any] = {
        "hide_parameters": True,  # no values in error texts
        "pool_pre_ping": True,
        "pool_timeout": BUSY_MS / 1000,
        "poolclass": QueuePool,
        "pool_size": 4,
        "max_overflow": 8,
    }
    address = sa.engine.make_url(url)
    if address.get_backend_name() == "sqlite":
        _make_private(address.database)
        engine = sa.create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000}, **common)
        event.listen(engine, "connect", _sqlite)
        event.listen(engine, "begin", _begin)
        wait_once(engine)
    else:
        patience = {"connect_timeout": 4, "tcp_user_timeout": BUSY_MS, "keepalives_idle": 10}
        engine = sa.create_engine(url, connect_args=patience, pool_recycle=1800, **common)
        event.listen(engine, "connect", _postgresql)
        event.listen(engine, "do_connect", _connect_once)
    return engine


_in_vain: dict[str, float] = {}  # database -> until when nobody waits for it


def _hurry(database: str) -> bool:
    return _in_vain.get(database, 0.0) > time.monotonic()


def wait_once(engine: sa.engine.Engine) -> None:
    """Let one user of a locked SQLite file wait, not each of them after the other.

    A turn uses the database several times and holds up all other visitors meanwhile; so after one wait in vain, by
    whichever engine on this file, the next ones are short until it works again.
    """
    name = str(engine.url.database)

    def noted(context: Any) -> None:
        if "locked" in str(context.original_exception):
            _in_vain[name] = time.monotonic() + IN_VAIN

    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        patience = HURRIED_MS if _hurry(name) else BUSY_MS
        if record.info.get("patience") != patience:  # kept with the connection: it is taken three times a turn
            connection.execute(f"PRAGMA busy_timeout={patience}")
            record.info["patience"] = patience

    event.listen(engine, "handle_error", noted)
    event.listen(engine, "checkout", taken)


def _connect_once(dialect: Any, _record: Any, given: Any, named: Any) -> Any:
    """The same for a server that does not answer at all: after one wait in vain, fail at once for a while."""
    name = f"{named.get('host')}:{named.get('port')}"
    if _hurry(name):
        raise dialect.dbapi.OperationalError("the database did not answer a moment ago")
    began = time.monotonic()
    try:
        return dialect.connect(*given, **named)
    except dialect.dbapi.OperationalError:
        if time.monotonic() - began > 1:  # a server that refuses at once keeps nobody waiting
            _in_vain[name] = time.monotonic() + IN_VAIN
        raise


def _make_private(path: str | None) -> None:
    """A new database file is for its owner only; SQLite's files beside it get the same mode."""
    if path and path != ":memory:":
        with suppress(OSError):  # it exists, or its folder does not: connecting will tell
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: see `_begin`
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def write_ahead(cursor: Any) -> None:
    """Switch a file to a write-ahead log. Two that do so at once do not wait for one another: SQLite refuses one."""
    until = time.monotonic() + BUSY_MS / 1000
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin(connection: Any) -> None:
    """A writer takes the lock at once: one that read first could not wait for another writer, only fail."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"SET statement_timeout={BUSY_MS}; SET lock_timeout={BUSY_MS}; SET TIME ZONE 'UTC'")
    cursor.execute(f"SET idle_in_transaction_session_timeout={5 * BUSY_MS}")
    cursor.close()
    connection.autocommit = False


@contextmanager
def writing(engine: sa.engine.Engine) -> Iterator[sa.engine.Connection]:
    """A transaction that writes: committed at the end, rolled back by any exception."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def alone(engine: sa.engine.Engine, lock: int, *, patience: int = BUSY_MS) -> Iterator[sa.engine.Connection]:
    """A write transaction that no other process runs under the same lock at the same time."""
    with engine.connect().execution_options(writes=True) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
        try:
            with connection.begin():
                if engine.dialect.name != "sqlite":
                    connection.exec_driver_sql(f"SET LOCAL statement_timeout=0; SET LOCAL lock_timeout={patience}")
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
                yield connection
        finally:
            if engine.dialect.name == "sqlite" and not connection.invalidated:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")


def be_patient(connection: sa.engine.Connection) -> None:
    """Let this transaction look through whole tables: nobody waits for it in a chat."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SET LOCAL statement_timeout=0")


def migrate(
    engine: sa.engine.Engine, target: str = "head", tables: Tables = INTERESTS, *, patience: int = MIGRATE_MS
) -> None:
    """Bring the tables to a version, all or nothing. Safe with several processes at once, and to repeat.

    `engine` must be one of `connect`; `patience` is in ms.
    """
    if target == "head" and version(engine, tables) == newest(tables):
        return
    from guidance.interest import migrate as alembic_run

    alembic_run.run(engine, target, tables, patience)


class Prepared:
    """Tables that are made with their first use, once, and also when the database was away at the start."""

    def __init__(self, engine: sa.engine.Engine, tables: Tables) -> None:
        """`engine` must be one of `connect`."""
        self._engine = engine
        self._tables = tables
        self._there = False

    def engine(self) -> sa.engine.Engine:
        """The engine, with the tables there. Somebody waits for it, so not as long as `migrate` may.

        Raises:
            SQLAlchemyError: the database cannot be used.
        """
        if not self._there:
            migrate(self._engine, tables=self._tables, patience=BUSY_MS)
            self._there = True
        return self._engine


def insert_new(connection: sa.engine.Connection, table: sa.Table, row: Mapping[str, Any]) -> Any:
    """Insert a row unless one of its unique keys is known; the result's `rowcount` is 1 or 0."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    return connection.execute(dialect.insert(table).values(**row).on_conflict_do_nothing())


def newest(tables: Tables = INTERESTS) -> str:
    """The newest version, from the names of the files: v0001_interest.py has version 0001."""
    return max(path.name[1:5] for path in (tables.migrations / "versions").glob("v[0-9]*.py"))


def version(engine: sa.engine.Engine, tables: Tables) -> str | None:
    """The version the tables have; None before the first."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(tables.version_table):
            return None
        found = connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(tables.version_table)))
        number = found.scalar()
        return str(number) if number else None


def forget_old_pages(engine: sa.engine.Engine) -> None:
    """After erasing, shorten SQLite's write-ahead log, which still holds pages as they were before."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
