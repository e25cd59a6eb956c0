"""The long ones: `make soak-many`, or NPQ_SOAK_MINUTES=15 pytest -s tests/many/test_soak.py."""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import HOME, PROJECT
from tests.faults.visitors import Traffic, Visitor
from tests.many.conftest import House
from tests.many.service import Crowd, Record, Running
from tests.many.test_many import SEED, crowd_at, kept, talk
from tests.servers import Redis

MINUTES = float(os.environ.get("NPQ_SOAK_MINUTES") or 0)
AT_ONCE = 6
MESSAGES = 20  # of a conversation
EVERY = 10.0  # seconds between looks at the memory
MOST_GROWTH = 1.05
ROOMS = ("bot", "actions", "guidance", "data")
FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "uv.lock")
WORDS = "zorble the wibbet"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900 + 120 * MINUTES),
    pytest.mark.skipif(not MINUTES, reason="takes long: set NPQ_SOAK_MINUTES=15"),
]


def memory(pid: int) -> float:
    """What a process has in memory, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


async def test_memory_stays_flat_and_there_is_no_error(house: House) -> None:
    pids = house.two.pids()
    used: dict[int, list[float]] = {pid: [] for pid in pids}
    end, crowds, registered = time.monotonic() + 60 * MINUTES, list[Crowd](), 0

    async def converse() -> None:
        while time.monotonic() < end:
            crowds.append(crowd_at(house))
            await crowds[-1].come(1, MESSAGES)

    async def register() -> None:
        nonlocal registered
        async with httpx.AsyncClient() as client:
            while time.monotonic() < end:
                one = Visitor(10_000 + registered, SEED, Traffic(house.url))
                await one.visit(client)
                registered += 1

    async def watch() -> None:
        while time.monotonic() < end:
            await asyncio.sleep(EVERY)
            for pid in pids:
                used[pid].append(memory(pid))

    await asyncio.gather(*(converse() for _ in range(AT_ONCE)), register(), watch())
    assert house.two.pids() == pids
    statuses = Counter(reply["status"] for crowd in crowds for reply in crowd.replies.values())
    times = sorted(reply["ms"] for crowd in crowds for reply in crowd.replies.values())
    refused = sum((crowd.refused for crowd in crowds), Counter[str]())
    growth = {}
    for pid, values in used.items():
        part = max(1, len(values) // 5)  # what is loaded and kept at most comes in the first fifth
        growth[pid] = statistics.median(values[-part:]) / statistics.median(values[part : 2 * part] or values)
        print(f"worker {pid}: {values[0]:.0f} MB at first, {values[part]:.0f} after a fifth, {values[-1]:.0f} at last")
    print(
        f"{MINUTES:g} minutes: {sum(statuses.values())} messages {dict(statuses)}, {registered} visitors with a form, "
        f"refused {dict(refused)}, p50 {times[len(times) // 2]:.0f} ms, p95 {times[len(times) * 95 // 100]:.0f} ms, "
        f"growth {[round(value, 3) for value in growth.values()]}"
    )
    assert not refused
    assert "error" not in statuses
    record = Record.read(house.database.direct)
    assert [wrong for crowd in crowds if (wrong := record.wrong(crowd))] == []
    assert house.two.said(" ERROR ") == house.one.said(" ERROR ") == 0
    assert max(growth.values()) <= MOST_GROWTH


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    """The project, to be changed; with its model, so that only the change is trained."""
    project = tmp_path / "project"
    project.mkdir()
    for name in ROOMS:
        shutil.copytree(PROJECT / name, project / name)
    for name in FILES:
        shutil.copy(PROJECT / name, project / name)
    shutil.copytree(HOME / "models", tmp_path / "home" / "models")
    return project


@pytest.fixture
def changing(copy: Path, house: House, tmp_path: Path) -> Iterator[Running]:
    """Two workers of the copy."""
    redis = Redis(tmp_path)
    redis.start()
    settings = {
        "NPQ_DATABASE_URL": house.database.url, "NPQ_REDIS_URL": redis.url, "NPQ_HOME": str(copy.parent / "home"),
        "PYTHONPATH": str(copy),
    }  # fmt: skip
    running = Running(tmp_path, 2, project=copy, **settings)
    running.start()
    yield running
    running.stop()
    redis.stop()


async def test_a_new_model_is_taken_under_load(changing: Running, copy: Path, house: House) -> None:
    def asked() -> dict[str, object]:
        headers = {"X-NPQ-Session": httpx.post(f"{changing.url}/api/sessions").json()["session"]}
        answer = httpx.post(f"{changing.url}/api/messages", json={"text": WORDS}, headers=headers, timeout=60)
        return dict(answer.json())

    before = asked()
    assert before["topics"] != ["cost"]
    path = copy / "data" / "nlu" / "funding.yml"
    text, known = path.read_text(encoding="utf-8"), "      - how much does npqh cost\n"
    assert known in text
    more = "".join(f"      - {words}\n" for words in (WORDS, f"please {WORDS}", f"can you {WORDS}"))
    path.write_text(text.replace(known, known + more), encoding="utf-8")
    crowd = crowd_at(house, changing.url)
    await talk(crowd, changing.replace, visitors=2)
    await kept(house, crowd)
    assert not crowd.refused
    assert asked()["topics"] == ["cost"]
    models = {
        line.split("(")[1].split(")")[0] for line in changing.text().splitlines() if "Model is up to date" in line
    }
    assert len(models) == 2
