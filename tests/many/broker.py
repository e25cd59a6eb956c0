"""What arrives at RabbitMQ, as a provider's system takes it: at least once, kept by event id."""

from __future__ import annotations

import json
from typing import Any

import aio_pika

QUEUE = "provider"


async def bind(url: str) -> None:
    """A durable queue that takes everything."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange("npq.events", aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue(QUEUE, durable=True)
        await queue.bind(exchange, "#")


class Taken:
    """Events by their id, each as often as it came."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.events: dict[str, list[dict[str, Any]]] = {}

    async def take(self) -> None:
        """All that is there now."""
        async with await aio_pika.connect(self._url) as connection:
            queue = await (await connection.channel()).get_queue(QUEUE)
            while (message := await queue.get(fail=False)) is not None:
                assert message.message_id
                self.events.setdefault(message.message_id, []).append(json.loads(message.body))
                await message.ack()
