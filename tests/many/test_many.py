"""Several processes behind a proxy while things fail: each message is answered once and kept once, in order."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from tests.bot.channels.pages import Listening, Page, until
from tests.conftest import Service
from tests.faults import outages
from tests.faults.test_interest_faults import Found, proof, requests_in
from tests.faults.visitors import Traffic, Visitor
from tests.many.broker import Taken
from tests.many.conftest import House
from tests.many.service import Crowd, Record

SEED = int(os.environ.get("NPQ_FAULT_SEED") or time.time_ns() % 1_000_000)
VISITORS = 5
_first = itertools.count(0, 1000)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("many")]


def crowd_at(house: House, url: str = "") -> Crowd:
    """Visitors that were not there before; ``url``: of another service on the same database."""
    return Crowd(url or house.url, SEED, first=next(_first))


async def in_thread(job: Callable[[], None]) -> None:
    """Something that takes time, while visitors go on."""
    await asyncio.get_running_loop().run_in_executor(None, job)


async def replies(crowd: Crowd, more: int) -> None:
    """Until so many more are answered."""
    enough = len(crowd.replies) + more
    while len(crowd.replies) < enough:
        await asyncio.sleep(0.02)


async def talk(crowd: Crowd, *trouble: Callable[[], None], between: int = 6, visitors: int = VISITORS) -> None:
    """Visitors who talk before, between and after the things that happen."""
    coming = asyncio.ensure_future(crowd.come(visitors))
    for job in trouble:
        await replies(crowd, between)
        await in_thread(job)
    await replies(crowd, 3 * between)
    crowd.stopping = True
    await coming


async def kept(house: House, crowd: Crowd, *, in_order: bool = True) -> None:
    """What was held during an outage is stored by and by; then nothing may be wrong."""
    for _ in range(300):
        wrong = Record.read(house.database.direct).wrong(crowd, in_order=in_order)
        if not wrong.get("lost"):
            break
        await asyncio.sleep(0.1)
    assert wrong == {}, (SEED, dict(crowd.refused))


async def test_messages_sent_one_after_the_other_and_all_at_once(house: House) -> None:
    crowd = crowd_at(house)
    await crowd.come(4, 5)
    await kept(house, crowd)
    at_once = crowd_at(house)
    await at_once.come(4, 5, overlapping=True)
    await kept(house, at_once, in_order=False)  # they arrive in no order
    assert not crowd.refused + at_once.refused


async def test_a_worker_that_is_killed(house: House) -> None:
    crowd = crowd_at(house)
    await talk(crowd, lambda: house.two.kill_worker(0))
    await kept(house, crowd)


async def test_a_machine_that_dies_and_comes_back(house: House) -> None:
    crowd = crowd_at(house)
    await talk(crowd, house.one.kill, house.one.start)
    await kept(house, crowd)


async def test_redis_that_restarts_and_has_forgotten_everything(house: House) -> None:
    crowd = crowd_at(house)
    await talk(crowd, house.redis.stop, house.redis.start)
    await kept(house, crowd)
    assert not crowd.refused


async def test_a_database_that_restarts(house: House) -> None:
    crowd = crowd_at(house)
    await talk(crowd, house.database.stop, house.database.start)  # questions are answered without it
    await kept(house, crowd, in_order=False)  # what was answered meanwhile is stored later, by its time


async def test_workers_that_are_replaced_refuse_nobody(house: House) -> None:
    crowd = crowd_at(house)
    await talk(crowd, house.two.replace)
    await kept(house, crowd)
    assert not crowd.refused


def test_a_page_hears_what_another_machine_answers(house: House) -> None:
    page = Page(Service(house.url, None, Path()))  # type: ignore[arg-type]
    stream = Listening(page)
    machines = [Page(Service(machine.url, None, Path()), page.token) for machine in (house.two, house.one)]  # type: ignore[arg-type]
    for key in "abcd":
        machines[key in "bd"].say("how long does the npqh take", key)
    until(lambda: len(stream.of("turn")) == 4)
    assert [turn["key"] for turn in stream.of("turn")] == ["a", "b", "c", "d"]
    stream.leave()


async def test_people_register_while_the_broker_is_away_and_a_worker_dies(house: House) -> None:
    visitors = [Visitor(number, SEED, Traffic(house.url)) for number in range(10)]
    await in_thread(house.broker.stop)
    async with httpx.AsyncClient() as client:
        coming = asyncio.gather(*(one.visit(client) for one in visitors))
        while not any(one.shown for one in visitors) and not coming.done():
            await asyncio.sleep(0.05)
        await in_thread(lambda: house.two.kill_worker(random.Random(SEED).randrange(2)))
        await coming
    health = httpx.get(f"{house.one.url}/health/ready").json()
    rows = house.two.export()
    assert health["interest"]["parts"]["rabbitmq"] == {"waiting": len(rows), "dead": 0}
    assert health["redis"] == {"ok": True}
    await in_thread(house.broker.start)
    taken = Taken(house.broker.url)
    engine = sa.create_engine(house.database.direct, poolclass=sa.pool.NullPool)
    for _ in range(600):
        _make_due(engine)
        await taken.take()
        if len(taken.events) >= len(rows):
            break
        await asyncio.sleep(0.2)
    requests, stored = requests_in(house.database.direct), outages.dump(house.database.direct).casefold()
    found = proof(visitors, rows, requests, taken, stored)  # type: ignore[arg-type]
    assert found == Found([], [], [], [], [], [], []), SEED
    assert rows


def test_all_of_it_stops_cleanly(house: House) -> None:
    for machine in (house.two, house.one):
        assert machine.stop() == 0
        assert machine.text().rstrip().endswith("Stopped.")
        assert "Traceback" not in machine.text()
        assert "Task was destroyed" not in machine.text()


def _make_due(engine: sa.engine.Engine) -> None:
    """Instead of waiting for leases and delays to pass, let the time have passed."""
    before = datetime.now(timezone.utc) - timedelta(minutes=1)
    outbox = sa.table("outbox", *(sa.column(name, sa.DateTime) for name in ("due_at", "leased_until", "sent_at")))
    waiting = outbox.c.sent_at.is_(None)
    with engine.begin() as connection:
        connection.execute(outbox.update().where(waiting).values(due_at=before))
        connection.execute(
            outbox.update().where(waiting & outbox.c.leased_until.is_not(None)).values(leased_until=before)
        )
