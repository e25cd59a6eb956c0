"""`npq run` as a process that is killed and started again, on the same port and the same database."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import NPQ, free_port
from tests.guidance.interest.people import KEY

STARTS_WITHIN = 180.0


class Running:
    """The service."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        given = {"NPQ_PORT": str(self.port), "NPQ_DATABASE_URL": database_url, "NPQ_DATA_KEY": KEY}
        self.environment = {**os.environ, **given, **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    async def start(self) -> None:
        """Start it and wait until it listens."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(NPQ), "run"], env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.starts += 1
        async with httpx.AsyncClient() as client:
            for _ in range(int(STARTS_WITHIN / 0.1)):
                assert self._process.poll() is None, self.log.read_text()[-3000:]
                try:
                    await client.get(f"{self.url}/health/live")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                else:
                    return
        raise AssertionError(f"the service did not start: {self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """kill -9."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Ctrl-C."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)

    def npq(self, *words: str) -> str:
        """The output of an `npq` command with the service's settings."""
        done = subprocess.run(
            [str(NPQ), *words], env=self.environment, capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def export(self) -> list[dict[str, Any]]:
        """All expressions of interest, as staff get them."""
        rows: list[dict[str, Any]] = json.loads(self.npq("interest", "export", "--json"))
        return rows
