"""Finds out whether other processes use the same database, and refuses those that would not know of one another.

Each process holds a lock while it serves: one without Redis for itself alone, one with Redis together with others.
On PostgreSQL the lock belongs to a transaction that stays open, so that it ends with the process, also behind a pooler;
on SQLite to a file beside the database. A database that is away is no reason not to start, and then nothing is known.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import SettingsError
from guidance.interest.database import SERVING_LOCK

logger = logging.getLogger(__name__)

WAIT_SECONDS = 30.0  # for one that is ending, or whose machine died: PostgreSQL notices that within this time
LOOK_SECONDS = 0.25
_PATIENT = """
SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0;
SET LOCAL tcp_keepalives_idle = 5; SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 3
"""


class Place:
    """This process's place at the database, held until `leave`."""

    def __init__(self, database_url: str, *, shared: bool) -> None:
        try:
            self._url: Any = sa.engine.make_url(database_url)
        except SQLAlchemyError:  # no address: whoever opens the database says so
            self._url = sa.engine.make_url("sqlite://")
        self._shared = shared
        self._held: Any = None

    def take(self, say: Callable[[str], None]) -> None:
        """Take it, waiting for a process that ends.

        Raises:
            SettingsError: others are there and stay; what to set.
        """
        end, told = time.monotonic() + WAIT_SECONDS, False
        while not self._try():
            if time.monotonic() > end:
                raise SettingsError(_WITH_REDIS if self._shared else _WITHOUT_REDIS)
            if not told:
                say("Another process of the guide uses this database; waiting for it to end ...")
            told = True
            time.sleep(LOOK_SECONDS)

    def leave(self) -> None:
        """Give it up."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _try(self) -> bool:
        """Whether it is ours, or nobody can tell."""
        if self._url.get_backend_name() == "sqlite":
            return self._try_file()
        if self._url.get_backend_name() != "postgresql":
            return True
        try:
            return self._try_server()
        except SQLAlchemyError as error:
            logger.warning("Whether others use the database cannot be found out (%s).", type(error).__name__)
            return True

    def _try_server(self) -> bool:
        given = {"connect_timeout": 4, "keepalives_idle": 10}
        engine = sa.create_engine(self._url, poolclass=sa.pool.NullPool, connect_args=given, hide_parameters=True)
        connection = engine.connect()
        connection.begin()
        try:
            connection.exec_driver_sql(_PATIENT)
            names = sa.func
            lock = names.pg_try_advisory_xact_lock_shared if self._shared else names.pg_try_advisory_xact_lock
            taken = bool(connection.execute(sa.select(lock(SERVING_LOCK))).scalar())
        except SQLAlchemyError:
            connection.close()
            raise
        if taken:
            self._held = connection
        else:
            connection.close()
        return taken

    def _try_file(self) -> bool:
        try:
            import fcntl
        except ImportError:  # Windows
            return True
        path = self._url.database
        if not path or path == ":memory:":
            return True
        try:
            held: IO[str] = Path(f"{path}-process").open("a")  # noqa: SIM115 - open as long as the process serves
        except OSError:
            return True  # the folder is not there: the database cannot be used either
        try:
            fcntl.flock(held, (fcntl.LOCK_SH if self._shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            held.close()
            return False
        self._held = held
        return True


_WITHOUT_REDIS = (
    "NPQ_REDIS_URL: is missing, and another process of the guide uses this database. Several processes answer the same "
    "visitors only when they share Redis or Valkey: set NPQ_REDIS_URL for all of them, such as "
    "redis://127.0.0.1:6379/0. Or stop the other process, or give this one a database of its own: NPQ_DATABASE_URL."
)
_WITH_REDIS = (
    "NPQ_REDIS_URL: another process of the guide uses this database without it, so that the two would not know of one "
    "another. Set the same NPQ_REDIS_URL for that one too, or stop it."
)
