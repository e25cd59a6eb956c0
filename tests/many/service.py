"""Several processes of the guide with servers of their own, and visitors who send until they are answered."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from tests.conftest import NPQ, free_port
from tests.guidance.interest.people import KEY

STARTS_WITHIN = 600.0  # with training, on a busy machine
QUESTIONS = ("how long does the npqh take", "and is it funded", "what about npqsl", "how do I apply", "thank you")
PATIENCE = 60.0


class Running:
    """`npq run`, with one worker or several."""

    def __init__(self, folder: Path, workers: int, project: Path | None = None, **settings: str) -> None:
        self.port = free_port()
        self._project = project  # a copy of ours
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"log-{self.port}"
        self._workers = workers
        self._environment = {**os.environ, "NPQ_PORT": str(self.port), "NPQ_DATA_KEY": KEY, **settings}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until all of it serves."""
        ready = self.said("Ready in")
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "bot.cli", "run", "--workers", str(self._workers)]
            self._process = subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=subprocess.STDOUT, cwd=self._project
            )
        self.until(lambda: self.said("Ready in") > ready)

    def until(self, condition: Callable[[], Any]) -> None:
        """Wait for something that must come while it runs."""
        for _ in range(int(STARTS_WITHIN / 0.1)):
            if condition():
                return
            assert self._process is not None
            assert self._process.poll() is None, self.text()[-3000:]
            time.sleep(0.1)
        raise AssertionError(self.text()[-3000:])

    def text(self) -> str:
        """What it logged."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def said(self, words: str) -> int:
        """How often it logged this."""
        return self.text().count(words)

    def pids(self) -> list[int]:
        """Its workers."""
        assert self._process is not None
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in path.read_text().split() if b"bot.workers.worker" in _command(int(pid))]

    def kill_worker(self, number: int) -> None:
        """kill -9, and wait until another serves in its place."""
        serving = self.said(" serves.")
        os.kill(self.pids()[number], signal.SIGKILL)
        self.until(lambda: self.said(" serves.") > serving)

    def kill(self) -> None:
        """kill -9 for all of it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def signal(self, number: int) -> None:
        """To the supervisor."""
        assert self._process is not None
        self._process.send_signal(number)

    def replace(self) -> None:
        """Put a new worker into each place."""
        before, replaced = self.pids(), self.said("All workers are replaced")
        self.signal(signal.SIGHUP)
        self.until(lambda: self.said("All workers are replaced") > replaced)
        assert not set(before) & set(self.pids())

    def export(self) -> list[dict[str, Any]]:
        """All expressions of interest, as staff get them."""
        command = [str(NPQ), "interest", "export", "--json"]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=180, check=True)
        return list(json.loads(done.stdout))

    def stop(self) -> int:
        """As systemd stops it; its status."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=60)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@dataclass
class Crowd:
    """Visitors, what each sent and what came back."""

    url: str
    seed: int
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)  # by key
    sent: dict[int, list[str]] = field(default_factory=dict)  # keys by visitor, in order
    refused: Counter[str] = field(default_factory=Counter)
    stopping: bool = False
    first: int = 0  # the number of the first visitor

    async def come(self, visitors: int, messages: int | None = None, *, overlapping: bool = False) -> None:
        """All visits: so many messages each, or until `stopping`."""
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=None, max_keepalive_connections=0)) as client:
            first = self.first + len(self.sent)
            for number in range(first, first + visitors):
                self.sent[number] = []
            await asyncio.gather(
                *(self._visit(client, number, messages, overlapping) for number in range(first, first + visitors))
            )

    async def _visit(self, client: httpx.AsyncClient, number: int, messages: int | None, overlapping: bool) -> None:
        chance = random.Random(f"{self.seed}/{number}")
        headers = {"X-NPQ-Session": await self._session(client)}
        turns: list[Awaitable[None]] = []
        while len(self.sent[number]) < (messages or 10**9) and not self.stopping:
            at = len(self.sent[number])
            key = f"v{number}-{at}"
            self.sent[number].append(key)
            turns.append(self._say(client, {**headers, "Idempotency-Key": key}, QUESTIONS[at % len(QUESTIONS)], key))
            if not overlapping:
                await turns.pop()
                await asyncio.sleep(chance.uniform(0, 0.3))
        await asyncio.gather(*turns)

    async def _session(self, client: httpx.AsyncClient) -> str:
        while True:
            try:
                return str((await client.post(f"{self.url}/api/sessions", timeout=PATIENCE)).json()["session"])
            except (httpx.TransportError, ValueError, KeyError):
                self.refused["session"] += 1
                await asyncio.sleep(0.2)

    async def _say(self, client: httpx.AsyncClient, headers: dict[str, str], text: str, key: str) -> None:
        """Send it until it is answered, as the page does: again under the same key."""
        for attempt in range(200):
            try:
                address, body = f"{self.url}/api/messages", {"text": text}
                answer = await client.post(address, json=body, headers=headers, timeout=PATIENCE)
            except httpx.TransportError as error:
                self.refused[type(error).__name__] += 1
            else:
                if answer.status_code == 200:
                    assert key not in self.replies
                    self.replies[key] = answer.json()
                    return
                self.refused[str(answer.status_code)] += 1
            await asyncio.sleep(0.1 * min(attempt + 1, 5))
        raise AssertionError(f"{key} was never answered: {self.refused}")


@dataclass
class Record:
    """What the database has of it in the end."""

    heard: dict[str, list[str]]  # the keys of what visitors said, in order, by conversation
    turns: Counter[str]  # by key

    @classmethod
    def read(cls, url: str) -> Record:
        """Everything."""
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
        heard: dict[str, list[str]] = {}
        with engine.connect() as connection:
            query = "SELECT sender_id, data FROM events WHERE type_name = 'user' ORDER BY id"
            for sender, data in connection.exec_driver_sql(query):
                heard.setdefault(sender, []).append(json.loads(data)["message_id"])
            turns = Counter(connection.exec_driver_sql("SELECT key FROM turns WHERE status <> 'error'").scalars())
        return cls(heard, turns)

    def wrong(self, crowd: Crowd, *, in_order: bool = True) -> dict[str, Any]:
        """What is lost, doubled or out of order; nothing may be."""
        times = Counter(key for keys in self.heard.values() for key in keys)
        all_sent = [key for keys in crowd.sent.values() for key in keys]
        ours = {f"v{number}" for number in crowd.sent}
        orders = {keys[0].split("-")[0]: keys for keys in self.heard.values() if keys}
        promised = [key for key, reply in crowd.replies.items() if reply["id"]]
        found = {
            "unanswered": [key for key in all_sent if key not in crowd.replies],
            "lost": [key for key in all_sent if not times[key]],
            "doubled": [key for key, number in times.items() if number > 1 and key.split("-")[0] in ours],
            "recorded twice": [key for key in all_sent if self.turns[key] > 1],
            "promised and not recorded": [key for key in promised if not self.turns[key]],
            "out of order": [
                orders.get(f"v{number}")
                for number, keys in crowd.sent.items()
                if in_order and keys and orders.get(f"v{number}") != keys
            ],
        }
        return {name: value for name, value in found.items() if value}
