"""Messages of one conversation wait for one another in several processes; each `SharedLocks` here is a process."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis as Client

from bot.runtime import shared_locks
from bot.runtime.shared_locks import SharedLocks
from tests.servers import Redis

HOLDER = "npq:turn:{hers}"


async def somebody_waits(client: Client) -> None:
    """Until one is in the queue."""
    while not await client.llen(f"{HOLDER}:queue"):
        await asyncio.sleep(0.01)


async def test_first_come_first_served_and_never_two_at_once(redis: Redis) -> None:
    processes = [SharedLocks(redis.url) for _ in range(3)]
    client = Client.from_url(redis.url)
    seen: list[str] = []
    inside = 0

    async def turn(name: str, locks: SharedLocks) -> None:
        nonlocal inside
        async with locks.lock("hers"):
            inside += 1
            assert inside == 1
            seen.append(name)
            await asyncio.sleep(0.02)
            inside -= 1

    turns = []
    async with processes[0].lock("hers"):
        for number in range(12):
            locks = processes[number % 3]
            turns.append(asyncio.create_task(turn(str(number), locks)))
            if number < 3:  # one of each process waits in Redis, the others in their process
                while await client.llen(f"{HOLDER}:queue") < min(number, 2):
                    await asyncio.sleep(0.01)
        assert not seen
    await asyncio.gather(*turns)
    for process in range(3):  # within a process exactly as they came
        mine = [name for name in seen if int(name) % 3 == process]
        assert mine == sorted(mine, key=int)
    assert sorted(seen, key=int) == [str(number) for number in range(12)]
    assert await client.keys("npq:turn:*") == []


async def test_one_who_waits_is_woken_and_does_not_poll(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_locks, "LOOK", 1000.0)  # never by looking again
    one, two = SharedLocks(redis.url), SharedLocks(redis.url)
    client = Client.from_url(redis.url)
    done = asyncio.Event()

    async def wait() -> None:
        async with two.lock("hers"):
            done.set()

    async with one.lock("hers"):
        waiting = asyncio.create_task(wait())
        await somebody_waits(client)
    await asyncio.wait_for(waiting, 60)
    assert done.is_set()


async def test_another_conversation_does_not_wait(redis: Redis) -> None:
    one, two = SharedLocks(redis.url), SharedLocks(redis.url)
    async with one.lock("hers"), two.lock("his"):
        pass


async def test_a_holder_that_works_for_long_keeps_it(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_locks, "LEASE", 0.4)
    monkeypatch.setattr(shared_locks, "RENEW", 0.05)
    client = Client.from_url(redis.url)
    async with SharedLocks(redis.url).lock("hers"):
        token = await client.get(HOLDER)
        await asyncio.sleep(1.2)  # three leases
        assert await client.get(HOLDER) == token


async def test_a_holder_and_a_waiter_that_died_keep_nobody_out(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_locks, "LEASE", 0.5)
    monkeypatch.setattr(shared_locks, "LOOK", 0.1)
    client = Client.from_url(redis.url)
    await client.set(HOLDER, "killed", px=500)
    await client.rpush(f"{HOLDER}:queue", "killed too")
    async with SharedLocks(redis.url).lock("hers"):
        assert await client.get(HOLDER) not in (b"killed", None)


async def test_what_somebody_else_holds_is_not_given_away(redis: Redis) -> None:
    locks = SharedLocks(redis.url)
    client = Client.from_url(redis.url)
    async with locks.lock("hers"):
        await client.set(HOLDER, "another")  # ours was lost meanwhile
    assert await client.get(HOLDER) == b"another"


async def test_a_turn_that_is_given_up_while_it_waits_leaves_the_queue(redis: Redis) -> None:
    one, two = SharedLocks(redis.url), SharedLocks(redis.url)
    client = Client.from_url(redis.url)

    async def wait() -> None:
        async with two.lock("hers"):
            raise AssertionError("it was given up")

    async with one.lock("hers"):
        waiting = asyncio.create_task(wait())
        await somebody_waits(client)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert await client.llen(f"{HOLDER}:queue") == 0
    assert await client.keys("npq:turn:*") == []


async def test_the_holder_of_a_turn_may_ask_again(redis: Redis) -> None:
    locks = SharedLocks(redis.url)
    async with locks.lock("hers"), locks.lock("hers"):
        pass


async def test_without_redis_nobody_waits_and_with_it_again_they_do(redis: Redis) -> None:
    one, two = SharedLocks(redis.url), SharedLocks(redis.url)
    redis.stop()
    async with one.lock("hers"), two.lock("hers"):
        pass
    redis.start()
    client = Client.from_url(redis.url)
    for _ in range(2000):
        async with one.lock("hers"):
            if await client.get(HOLDER):
                break
        await asyncio.sleep(0.01)
    else:
        raise AssertionError("Redis was not used again")


async def test_a_holder_takes_it_again_after_redis_forgot(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_locks, "RENEW", 0.05)
    client = Client.from_url(redis.url)
    async with SharedLocks(redis.url).lock("hers"):
        token = await client.get(HOLDER)
        await client.flushall()
        while await client.get(HOLDER) is None:
            await asyncio.sleep(0.01)
        assert await client.get(HOLDER) == token
