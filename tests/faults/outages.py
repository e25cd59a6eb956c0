"""Databases that go away and come back: SQLite locked by somebody else, PostgreSQL stopped and started."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa

from tests import databases


class Database(Protocol):
    """A database whose outages a test decides."""

    url: str  # as the service reaches it
    direct: str  # as the test reaches it

    def stop(self) -> None:
        """Away."""

    def start(self) -> None:
        """Back."""


class Sqlite:
    """A file which another program locks, so that nobody can write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = self.direct = f"sqlite:///{path}"
        self._other: sqlite3.Connection | None = None

    def stop(self) -> None:
        """Lock it; waits for a commit under way."""
        self._other = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
        self._other.execute("BEGIN EXCLUSIVE")

    def start(self) -> None:
        """Unlock it."""
        if self._other:
            self._other.execute("ROLLBACK")
            self._other.close()
            self._other = None


class Postgres:
    """A throw-away server that is really stopped: what it had promised must be there when it starts again."""

    def __init__(self, folder: Path) -> None:
        self._programs, self._user, self._folder = databases._programs(), databases._other_user(), folder
        if self._user:
            shutil.chown(folder, self._user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._call("initdb", "-U", "npq", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.url = self.direct = f"postgresql://npq@127.0.0.1:{self._port}/postgres"
        self._running = False
        self.start()

    def stop(self) -> None:
        """As after a power cut: connections break, nothing is tidied up."""
        self._call("pg_ctl", "-m", "immediate", "-w", "stop")
        self._running = False

    def start(self) -> None:
        """It recovers by itself."""
        if not self._running:
            given = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
            self._call("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", given, "start")
            self._running = True

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        if self._user:  # the server refuses to run as root
            group = str(pwd.getpwnam(self._user).pw_gid)
            command = ["setpriv", f"--reuid={self._user}", f"--regid={group}", "--clear-groups", "--", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self._folder, timeout=120)
        if done.returncode:
            raise databases.NoServer(f"{program} failed: {done.stderr[-500:]}")


class Cut:
    """A server of somebody else's, which we may not stop: the line to it is cut."""

    def __init__(self, url: str) -> None:
        self.direct = url
        self._line, self.url = databases.line_to(url)

    def stop(self) -> None:
        """Cut the line."""
        self._line.cut()

    def start(self) -> None:
        """Mend it."""
        self._line.mend()


@contextmanager
def postgres() -> Iterator[Database]:
    """A PostgreSQL database that can go away."""
    named = os.environ.get(databases.SETTING)
    if named:
        with databases.new_database(named) as url:
            yield Cut(url)
        return
    folder = Path(tempfile.mkdtemp(prefix="npq-faults-"))
    try:
        server = Postgres(folder)
        try:
            yield server
        finally:
            if server._running:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_or_skip() -> Iterator[Database]:
    """The same for tests: skipped, with the reason, where there is no server and none can be started."""
    with ExitStack() as opened:
        try:
            found = opened.enter_context(postgres())
        except databases.NoServer as reason:
            pytest.skip(str(reason))
        yield found


@contextmanager
def empty_database(kind: str, file: Path) -> Iterator[Database]:
    """An empty database that can go away: `sqlite` in a file, else on a server."""
    if kind == "sqlite":
        yield Sqlite(file)
        return
    with postgres_or_skip() as found:
        yield found


def dump(url: str) -> str:
    """Every value of every table, as text."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return "\n".join(str(row) for name in names for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'))
