"""RabbitMQ: each event to a durable topic exchange, for whatever the provider connects to it.

An event counts as delivered when the broker has confirmed that a queue took it. Without personal details unless the
provider asks for them: what lies in a queue cannot be erased from here.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from guidance.interest.delivery import webhook
from guidance.interest.delivery.message import Message, NotDelivered
from guidance.interest.options import LOOPBACK, Environ, OptionError

if TYPE_CHECKING:
    from aio_pika import Message as Packet

SECONDS = 10
EXCHANGE = "npq.events"
LONGEST_NAME = 127


@dataclass(frozen=True)
class RabbitMq:
    """Publishes each event by itself, over a connection of its own: there are few, and none is kept open in between."""

    url: str = field(repr=False)  # with the password
    exchange: str = EXCHANGE
    details: bool = False
    name: str = "rabbitmq"

    @classmethod
    def from_environment(cls, environ: Environ) -> RabbitMq | None:
        """As set by NPQ_RABBITMQ_URL, _EXCHANGE and _DETAILS; None when the first is not set.

        Raises:
            OptionError: naming the first that cannot be used.
        """
        url = environ.get("NPQ_RABBITMQ_URL")
        if not url:
            return None
        exchange = environ.get("NPQ_RABBITMQ_EXCHANGE") or EXCHANGE
        if len(exchange.encode()) > LONGEST_NAME or exchange.startswith("amq.") or not exchange.isprintable():
            raise OptionError(f"NPQ_RABBITMQ_EXCHANGE: is no name of an exchange. Write one such as {EXCHANGE}.")
        details = environ.get("NPQ_RABBITMQ_DETAILS") or "no"
        if details not in ("yes", "no"):
            raise OptionError("NPQ_RABBITMQ_DETAILS: write yes to send personal details too, or no.")
        return cls(_address(url), exchange, details == "yes")

    def send(self, message: Message) -> None:
        """Publish it, and wait until the broker confirms that it is in a queue.

        Raises:
            NotDelivered: the broker is away, refuses, or has no queue for it.
        """
        try:
            asyncio.run(asyncio.wait_for(self._publish(message), SECONDS))
        except NotDelivered:
            raise
        except Exception as error:  # of three libraries; none of their texts, which may hold the address
            raise NotDelivered(f"the broker did not take it ({type(error).__name__})") from None

    async def _publish(self, message: Message) -> None:
        import aio_pika
        from aio_pika.exceptions import DeliveryError

        async with await aio_pika.connect(self.url, timeout=SECONDS) as connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            exchange = await channel.declare_exchange(self.exchange, aio_pika.ExchangeType.TOPIC, durable=True)
            try:
                await exchange.publish(self._packet(message), routing_key=message.kind, mandatory=True)
            except DeliveryError as error:
                raise NotDelivered(f"no queue takes {message.kind} from the exchange {self.exchange}"[:120]) from error

    def _packet(self, message: Message) -> Packet:
        import aio_pika

        return aio_pika.Message(
            json.dumps(self._told(message), ensure_ascii=False).encode(),
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=message.event_id,
            type=message.kind,
            timestamp=message.created_at,
            app_id="npq-guide",
        )

    def _told(self, message: Message) -> dict[str, Any]:
        told = webhook.told(message)
        if not self.details:
            programmes = message.interest.details.programmes if message.interest else ()
            told["data"] = {"reference": message.reference, "right": message.right, "programmes": list(programmes)}
        return told


def _address(url: str) -> str:
    """Encrypted, or on this machine itself."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("amqp", "amqps"):
        raise OptionError(
            "NPQ_RABBITMQ_URL: is not an address of RabbitMQ. Write one such as amqps://user:password@host/vhost."
        )
    if parts.scheme == "amqp" and host not in LOOPBACK:
        raise OptionError("NPQ_RABBITMQ_URL: must begin with amqps://, so that nobody can read on the way.")
    return url
