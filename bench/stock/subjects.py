"""The two services compared: how each is trained, started and spoken to."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from bench.stock import project

PROJECT = Path(__file__).resolve().parents[2]
STOCK = PROJECT / "bench" / "stock" / ".venv" / "bin"
OURS = Path(sys.executable).parent
NO_LIMITS = "session=1000000 address=1000000 service=1000000 sessions=1000000 calls=1000000"
PATIENCE = 300.0  # seconds for a start
_STOCK_ENV = {"RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR"}


class Subject:
    """A service under measurement, as processes of its own."""

    name = ""
    url = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def train(self) -> float:
        """Train from nothing; seconds."""
        raise NotImplementedError

    def commands(self) -> list[tuple[list[str], Path, dict[str, str]]]:
        """What to start: command, folder, environment."""
        raise NotImplementedError

    async def session(self, client: aiohttp.ClientSession) -> str:
        """A visitor nobody was before."""
        raise NotImplementedError

    async def say(self, client: aiohttp.ClientSession, session: str, text: str) -> list[str]:
        """What is said to a message; empty when nothing is."""
        raise NotImplementedError

    async def start(self) -> float:
        """Start and wait for the first answer; seconds."""
        began = time.monotonic()
        log = (self.folder / f"{type(self).__name__}.log").open("wb")
        for command, where, env in self.commands():
            started = subprocess.Popen(command, cwd=where, env=_usual(env), stdout=log, stderr=log)
            self.processes.append(started)
        async with aiohttp.ClientSession() as client:
            while time.monotonic() - began < PATIENCE:
                for process in self.processes:
                    if process.poll() is not None:
                        raise SystemExit(f"{self.name} did not start: see {log.name}")
                try:
                    if await self.say(client, await self.session(client), "Is NPQH funded?"):
                        return time.monotonic() - began
                except (aiohttp.ClientError, KeyError, ValueError):
                    pass
                await asyncio.sleep(0.05)
        raise SystemExit(f"{self.name} gave no answer in {PATIENCE:.0f} s: see {log.name}")

    def stop(self) -> None:
        """End its processes."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=60)

    def memory(self) -> float:
        """Memory held by all its processes, MB."""
        told = [Path(f"/proc/{process.pid}/status").read_text() for process in self.processes]
        return sum(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) for text in told) / 1024  # type: ignore[index]

    def busy(self) -> float:
        """Processor time used by all its processes, seconds."""
        ticks = os.sysconf("SC_CLK_TCK")
        fields = [
            Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split() for process in self.processes
        ]
        return sum(int(field[11]) + int(field[12]) for field in fields) / ticks


class Ours(Subject):
    """This service as `make run` starts it, on SQLite."""

    name = "NPQ Guide"
    url = "http://127.0.0.1:5951"

    def _env(self) -> dict[str, str]:
        return {
            "NPQ_HOME": str(self.folder / "home"),
            "NPQ_PORT": self.url.rpartition(":")[2],
            "NPQ_LIMITS": NO_LIMITS,
            "NPQ_TODAY": "2026-11-21",
        }

    def train(self) -> float:
        """`npq train`."""
        shutil.rmtree(self.folder / "home", ignore_errors=True)
        return _timed([str(OURS / "npq"), "train"], PROJECT, self._env())

    def commands(self) -> list[tuple[list[str], Path, dict[str, str]]]:
        """One process; a new database."""
        for old in (self.folder / "home").glob("npq.db*"):
            old.unlink()
        return [([str(OURS / "npq"), "run"], PROJECT, self._env())]

    async def session(self, client: aiohttp.ClientSession) -> str:
        """A session's token."""
        async with client.post(f"{self.url}/api/sessions") as told:
            return str((await told.json())["session"])

    async def say(self, client: aiohttp.ClientSession, session: str, text: str) -> list[str]:
        """Its messages; one that failed is none."""
        headers = {"X-NPQ-Session": session}
        async with client.post(f"{self.url}/api/messages", json={"text": text}, headers=headers) as told:
            body: dict[str, Any] = await told.json()
            return list(body["messages"]) if told.status == 200 else []


class Stock(Subject):
    """Rasa as its documentation starts it: `rasa run` with the REST channel, and `rasa run actions`."""

    name = "stock Rasa"
    url = "http://127.0.0.1:5952"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._visitors = 0
        self.epochs: int | None = None

    @property
    def project(self) -> Path:
        """Its project."""
        return self.folder / "stock"

    def train(self) -> float:
        """`rasa train`."""
        shutil.rmtree(self.project, ignore_errors=True)
        project.write(self.project, packages(STOCK), self.epochs)
        return _timed([str(STOCK / "rasa"), "train"], self.project, _STOCK_ENV)

    def commands(self) -> list[tuple[list[str], Path, dict[str, str]]]:
        """Server and action server."""
        port = self.url.rpartition(":")[2]
        rasa = str(STOCK / "rasa")
        server = [rasa, "run", "--port", port, "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        actions = [rasa, "run", "actions", "--port", project.ACTION_URL.rpartition(":")[2].partition("/")[0]]
        return [(server, self.project, _STOCK_ENV), (actions, self.project, _STOCK_ENV)]

    async def session(self, client: aiohttp.ClientSession) -> str:
        """A sender's name: with stock Rasa the client chooses it."""
        self._visitors += 1
        return f"visitor {self._visitors} of {time.time_ns()}"

    async def say(self, client: aiohttp.ClientSession, session: str, text: str) -> list[str]:
        """Its messages; stock Rasa answers a failure with none."""
        sent = {"sender": session, "message": text}
        async with client.post(f"{self.url}/webhooks/rest/webhook", json=sent) as told:
            return [item["text"] for item in json.loads(await told.read()) if item.get("text")]


def _usual(more: dict[str, str]) -> dict[str, str]:
    """The environment, but with compiled modules kept, as they are wherever nobody forbids it."""
    return {**os.environ, **more, "PYTHONDONTWRITEBYTECODE": ""}


def _timed(command: list[str], where: Path, env: dict[str, str]) -> float:
    began = time.monotonic()
    done = subprocess.run(command, cwd=where, env=_usual(env), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return time.monotonic() - began


def installed(python: Path) -> float:
    """The size of an environment's packages, MB."""
    return sum(path.stat().st_size for path in packages(python).rglob("*") if path.is_file()) / 1e6


def packages(python: Path) -> Path:
    """Where an environment, given by its folder of commands, has its packages."""
    return python.parent / "lib" / "python3.10" / "site-packages"


MAKE: list[Callable[[Path], Subject]] = [Ours, Stock]
