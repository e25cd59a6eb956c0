"""A PostgreSQL server for tests: the one a setting names, else a throw-away one from installed programs."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

SETTING = "NPQ_TEST_POSTGRES_URL"


class NoServer(Exception):
    """There is none; the text says why."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a server on which databases may be made."""
    named = os.environ.get(SETTING)
    if named:
        yield named
        return
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="npq-postgres-"))
    data = folder / "data"
    user = _other_user()
    if user:
        shutil.chown(folder, user)

    def call(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        if user:  # the server refuses to run as root
            group = str(pwd.getpwnam(user).pw_gid)
            command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120)
        if done.returncode:
            raise NoServer(f"{program} failed: {done.stderr[-500:]}")

    try:
        call("initdb", "-D", str(data), "-U", "npq", "-A", "trust", "-E", "UTF8", "--no-sync")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        call("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://npq@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return path.parent
    raise NoServer(f"no PostgreSQL here: set {SETTING}, or install the package postgresql")


def _other_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoServer("root may not start PostgreSQL, and there is no other user")


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The address of an empty database, dropped at the end."""
    name = f"npq_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield str(sa.engine.make_url(server).set(database=name).render_as_string(hide_password=False))
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class Line:
    """A TCP line to a server that can be cut and mended: a database that stops and starts again."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections and take no new ones."""
        self._cut = True
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self) -> None:
        """Let new connections through."""
        self._cut = False

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            if self._cut:
                near.close()
                continue
            far = socket.create_connection(self._target)
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    @staticmethod
    def _copy(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


def line_to(url: str) -> tuple[Line, str]:
    """A line to the server, and the address of the database through it."""
    address = sa.engine.make_url(url)
    line = Line(address.host or "127.0.0.1", address.port or 5432)
    return line, str(address.set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False))
