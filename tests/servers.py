"""Throw-away servers for tests. Where a program is not installed a test is skipped with the reason; in CI it fails."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import redis as client

from tests.conftest import free_port

STARTS_WITHIN = 60.0


FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin")  # the first: without a wrapper that changes users


def program(name: str, package: str) -> str:
    """The path of an installed program; skips the test where there is none, except in CI, where that is a failure."""
    found = shutil.which(name, path=os.pathsep.join((*FOLDERS, os.environ.get("PATH", ""))))
    if found:
        return found
    reason = f"no {name} here: install the package {package}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


class Redis:
    """A Redis server that can go away. It forgets everything then: nothing may depend on what it keeps."""

    def __init__(self, folder: Path) -> None:
        self._program = program("redis-server", "redis-server")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, empty."""
        command = [self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        self._process = subprocess.Popen([*command, str(self._folder)], stdout=subprocess.DEVNULL)
        end = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                client.Redis.from_url(self.url).ping()
                return
            except client.RedisError:
                assert time.monotonic() < end, "Redis did not start"
                time.sleep(0.02)

    def stop(self) -> None:
        """Stop it, as when its machine fails."""
        if self._process:
            self._process.kill()
            self._process.wait()


class RabbitMq:
    """A RabbitMQ broker that can go away; what it has confirmed must be there when it is back."""

    def __init__(self, folder: Path) -> None:
        self._program = program("rabbitmq-server", "rabbitmq-server")
        self.port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        for name, text in (
            ("enabled_plugins", "[]."),
            ("env.conf", ""),
            ("rabbitmq.conf", f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"),
        ):
            (folder / name).write_text(text)
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"npq-{self.port}@localhost",
            "RABBITMQ_CONF_ENV_FILE": str(folder / "env.conf"),  # not the machine's
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        self._log = folder / "rabbitmq.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, with what it had."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program], env=self._environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        end = time.monotonic() + 2 * STARTS_WITHIN
        while not self._greets():
            assert self._process.poll() is None, self._log.read_text()[-3000:]
            assert time.monotonic() < end, self._log.read_text()[-3000:]
            time.sleep(0.1)

    def _greets(self) -> bool:
        """Whether it answers as a broker does."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                line.sendall(b"AMQP\x00\x00\x09\x01")
                return bool(line.recv(1))
        except OSError:
            return False

    def stop(self) -> None:
        """Stop it, as when its machine fails."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
