"""Two workers while things fail: each message is answered once and kept once, those of one visitor in order."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable

import pytest

from tests.faults import outages
from tests.many.service import Crowd, Record, Running
from tests.servers import Redis

SEED = int(os.environ.get("NPQ_FAULT_SEED") or time.time_ns() % 1_000_000)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def in_thread(job: Callable[[], None]) -> None:
    await asyncio.get_running_loop().run_in_executor(None, job)


async def while_they_talk(crowd: Crowd, trouble: Awaitable[None], visitors: int = 8) -> None:
    """Trouble, with visitors before, during and after it."""
    coming = asyncio.ensure_future(crowd.come(visitors))
    await replies(crowd, 3 * visitors)
    await trouble
    await replies(crowd, 3 * visitors)
    crowd.stopping = True
    await coming


async def replies(crowd: Crowd, more: int) -> None:
    """Until so many more are answered."""
    enough = len(crowd.replies) + more
    while len(crowd.replies) < enough:
        await asyncio.sleep(0.02)


async def kept(database: outages.Database, crowd: Crowd, *, in_order: bool = True) -> None:
    """What was held during an outage is stored by and by; then nothing may be wrong."""
    for _ in range(300):
        wrong = Record.read(database.direct).wrong(crowd, in_order=in_order)
        if not wrong.get("lost"):
            break
        await asyncio.sleep(0.1)
    assert wrong == {}, (SEED, dict(crowd.refused))


async def test_whatever_fails_each_message_is_answered_once_and_in_order(
    running: Running, database: outages.Database, redis: Redis
) -> None:
    await running.start()
    workers = running.pids()
    assert len(workers) == 2
    chance = random.Random(SEED)

    calm = Crowd(running.url, SEED)
    await calm.come(6, 5)
    await calm.come(4, 5, overlapping=True)
    assert not calm.refused
    record = Record.read(database.direct)
    assert record.wrong(calm, in_order=False) == {}
    in_turn = Crowd(running.url, SEED, sent={number: calm.sent[number] for number in range(6)}, replies=calm.replies)
    assert record.wrong(in_turn) == {}

    async def kill() -> None:
        for _ in range(2):
            serving = running.said(" serves.")
            os.kill(chance.choice(running.pids()), signal.SIGKILL)
            await running.until(lambda serving=serving: running.said(" serves.") > serving)  # type: ignore[misc]

    async def redis_restarts() -> None:
        await in_thread(redis.stop)
        await replies(crowd, 10)
        await in_thread(redis.start)

    async def replaced() -> None:
        before = running.pids()
        running.signal(signal.SIGHUP)
        await running.until(lambda: running.said("All workers are replaced"))
        assert not set(before) & set(running.pids())

    for name, trouble in (("kill", kill), ("redis", redis_restarts), ("replaced", replaced)):
        crowd = Crowd(running.url, SEED)
        await in_thread(lambda: _empty(database))
        await while_they_talk(crowd, trouble())
        await kept(database, crowd)
        if name != "kill":
            assert not crowd.refused, name
    assert running.stop() == 0
    assert "Traceback" not in running.text()
    assert "Task was destroyed" not in running.text()


async def test_a_database_that_restarts_loses_and_doubles_nothing(running: Running, database: outages.Database) -> None:
    await running.start()
    crowd = Crowd(running.url, SEED)

    async def restart() -> None:
        await in_thread(database.stop)
        await replies(crowd, 6)  # questions are answered without it
        await in_thread(database.start)

    await while_they_talk(crowd, restart())
    await kept(database, crowd, in_order=False)


def _empty(database: outages.Database) -> None:
    import sqlalchemy as sa

    with sa.create_engine(database.direct, poolclass=sa.pool.NullPool).begin() as connection:
        connection.exec_driver_sql("DELETE FROM events")
        connection.exec_driver_sql("DELETE FROM turns")
