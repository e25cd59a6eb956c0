"""Messages of one conversation wait for one another without polling; those of others do not wait."""

from __future__ import annotations

import asyncio

from rasa.core.lock_store import InMemoryLockStore

from bot.runtime.locks import ConversationLocks


async def three(locks: InMemoryLockStore, monotonic: list[str]) -> None:
    async def one(name: str, conversation: str) -> None:
        async with locks.lock(conversation):
            monotonic.append(f"{name} begins")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            monotonic.append(f"{name} ends")

    await asyncio.gather(one("1", "hers"), one("2", "hers"), one("3", "hers"), one("his", "his"))


async def test_one_after_the_other_in_the_order_they_came_in() -> None:
    seen: list[str] = []
    await three(ConversationLocks(), seen)
    hers = [item for item in seen if not item.startswith("his")]
    assert hers == [f"{name} {what}" for name in "123" for what in ("begins", "ends")]
    assert seen.index("his ends") < seen.index("2 begins")


async def test_nobody_sleeps_while_waiting_as_with_rasas(monkeypatch: object) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        slept.append(seconds)
        await sleep(0)

    import rasa.core.lock_store as rasas

    class Asyncio:
        sleep = staticmethod(noted)

    stock = rasas.asyncio
    rasas.asyncio = Asyncio
    try:
        await three(InMemoryLockStore(), [])
        assert 1 in slept  # so it is with Rasa's own
        slept.clear()
        await three(ConversationLocks(), [])
        assert slept == []
    finally:
        rasas.asyncio = stock


async def test_a_turn_that_fails_or_is_given_up_lets_the_next_one_in() -> None:
    locks = ConversationLocks()
    entered = asyncio.Event()

    async def fail() -> None:
        async with locks.lock("hers"):
            raise ValueError

    async def stay() -> None:
        async with locks.lock("hers"):
            entered.set()
            await asyncio.Event().wait()

    await asyncio.gather(fail(), return_exceptions=True)
    staying = asyncio.create_task(stay())
    await entered.wait()
    waiting = asyncio.create_task(fail())
    await asyncio.sleep(0)
    staying.cancel()
    waited = await asyncio.gather(staying, waiting, return_exceptions=True)
    assert isinstance(waited[1], ValueError)
    assert not locks._locks
    assert not locks._users
