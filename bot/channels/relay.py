"""Passes notices on between processes, through Redis. They hold no words, so nothing personal leaves the database.

While Redis is away, pages that are open in other processes find new turns in the database, some seconds later.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from contextlib import suppress
from typing import Any

from bot.channels.limits import REDIS_SECONDS, connect
from bot.channels.live import Live, Notice

logger = logging.getLogger(__name__)

CHANNEL = "npq:live"
MOST_WAITING = 1000
AGAIN_SECONDS = 1.0


class Relay:
    """One process's end."""

    def __init__(self, live: Live, url: str) -> None:
        self._live = live
        self._url = url
        self._name = secrets.token_hex(8)
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin, in the running event loop."""
        loop = asyncio.get_running_loop()
        self._live.others = self._send
        # Whoever listens may hear nothing for long: a limit on answers would cut the line again and again.
        jobs = (self._repeat(self._sending, REDIS_SECONDS), self._repeat(self._hearing, None))
        self._tasks = [loop.create_task(job) for job in jobs]

    async def stop(self) -> None:
        """End."""
        self._live.others = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _send(self, conversation: str, notice: Notice) -> None:
        with suppress(asyncio.QueueFull):
            self._waiting.put_nowait(json.dumps([self._name, conversation, notice.kind, notice.key]))

    async def _repeat(self, work: Any, seconds: float | None) -> None:
        """Do it until it is stopped, again after Redis was away."""
        from redis.exceptions import RedisError

        away = False
        while True:
            client = connect(self._url, seconds)
            try:
                await work(client)
            except (RedisError, OSError, asyncio.TimeoutError) as error:
                if not away:
                    logger.warning(
                        "Redis cannot be used (%s): processes do not hear of one another.", type(error).__name__
                    )
                away = True
                await asyncio.sleep(AGAIN_SECONDS)
            finally:
                with suppress(RedisError, OSError):
                    await client.close()

    async def _sending(self, client: Any) -> None:
        while True:
            await client.publish(CHANNEL, await self._waiting.get())

    async def _hearing(self, client: Any) -> None:
        async with client.pubsub(ignore_subscribe_messages=True) as heard:
            await heard.subscribe(CHANNEL)
            while True:
                message = await heard.get_message(timeout=None)
                if message is not None:
                    self._hear(message["data"])

    def _hear(self, told: bytes) -> None:
        try:
            sender, conversation, kind, key = json.loads(told)
        except ValueError:
            return  # not from one of us
        if sender != self._name:
            self._live.hear(str(conversation), Notice(str(kind), str(key)))
