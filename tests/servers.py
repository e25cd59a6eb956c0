"""Throw-away servers for tests. Where a program is not installed a test is skipped with the reason; in CI it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import redis as client

from tests.conftest import free_port

STARTS_WITHIN = 60.0


def program(name: str, package: str) -> str:
    """The path of an installed program; skips the test where there is none, except in CI, where that is a failure."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
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
