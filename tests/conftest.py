"""Shared by all tests: one trained model, a guide on it, and the service as a process."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from bot.channels.guide import Guide
    from tests.servers import Redis

PROJECT = Path(__file__).resolve().parents[1]
# Kept between runs, so that only changed inputs train again. Databases are new for every test run.
HOME = PROJECT / "var" / "tests"
NPQ = Path(sys.executable).with_name("npq")
TODAY = "2026-11-21"


@pytest.fixture(scope="session", autouse=True)
def environment() -> Iterator[None]:
    """The settings all tests run with: a day that does not move, a home of their own."""
    HOME.mkdir(parents=True, exist_ok=True)
    patch = pytest.MonkeyPatch()
    patch.setenv("NPQ_HOME", str(HOME))
    patch.setenv("NPQ_TODAY", TODAY)
    for name in ("NPQ_CONTACT", "NPQ_KNOWLEDGE", "NPQ_PORT", "NPQ_HOST", "NPQ_DATABASE_URL"):
        patch.delenv(name, raising=False)
    for name in ("NPQ_ORIGINS", "NPQ_PROXIES", "NPQ_REDIS_URL"):
        patch.delenv(name, raising=False)
    # All visitors of the tests come from one address and type faster than people; tests of the limits set their own.
    patch.setenv("NPQ_LIMITS", "session=100000 address=100000 service=100000 sessions=100000 calls=100000")
    yield
    patch.undo()


@pytest.fixture(scope="session")
def model(environment: None) -> Path:
    """The trained model; parallel test processes train it once."""
    from bot.runtime.quiet import hush
    from bot.settings import read
    from bot.training import trained_model

    hush()
    with (HOME / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return trained_model(read())


@pytest.fixture(scope="session")
def guide(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Guide:
    """The guide as the service builds it, on a database of its own."""
    from dataclasses import replace

    from bot.runtime.service import start_guide
    from bot.settings import read

    database = tmp_path_factory.mktemp("guide") / "npq.db"
    return start_guide(replace(read(), database_url=f"sqlite:///{database}"))


@dataclass
class Service:
    """A running `npq run`."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def session(self) -> str:
        """A new session's token."""
        return str(httpx.post(f"{self.url}/api/sessions").json()["session"])

    def say(self, session: str, text: object) -> httpx.Response:
        """Post one message."""
        headers = {"X-NPQ-Session": session}
        return httpx.post(f"{self.url}/api/messages", json={"text": text}, headers=headers, timeout=30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def start_service(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Service]]:
    """Starts `npq run` with further settings and waits until it answers; stops it at the end."""
    started: list[Service] = []

    def start(**settings: str) -> Service:
        folder = tmp_path_factory.mktemp("service")
        port, log = free_port(), folder / "log"
        database = f"sqlite:///{folder / 'npq.db'}"
        given = {"NPQ_PORT": str(port), "NPQ_DATABASE_URL": database, **settings}
        process = subprocess.Popen(
            [str(NPQ), "run"], env={**os.environ, **given}, stdout=log.open("w"), stderr=subprocess.STDOUT, text=True
        )
        service = Service(f"http://127.0.0.1:{port}", process, log)
        started.append(service)
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            try:
                if httpx.get(f"{service.url}/health/live").status_code == 200 and "Ready in" in log.read_text():
                    return service
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the service did not start: {log.read_text()}")

    yield start
    for service in started:
        if service.process.poll() is None:
            service.process.terminate()
            service.process.wait(timeout=20)


@pytest.fixture(scope="session")
def service(start_service: Callable[..., Service]) -> Service:
    """One service for all tests that do not change it."""
    return start_service()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of its own."""
    from tests.servers import Redis

    made = Redis(tmp_path)
    made.start()
    yield made
    made.stop()
