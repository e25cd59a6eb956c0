"""Events to RabbitMQ: confirmed, durable, once per event id, without personal details unless wanted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aio_pika
import pytest

from guidance.interest import Interests, OptionError
from tests.guidance.interest.people import CANARIES, rows, submit
from tests.guidance.interest.test_interest_delivery import deliver, make_due, states
from tests.servers import RabbitMq

KINDS = "interest.*"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMq]:
    """A broker of its own."""
    made = RabbitMq(tmp_path_factory.mktemp("rabbitmq"))
    made.start()
    yield made
    made.stop()


def bind(broker: RabbitMq, exchange: str) -> None:
    """A durable queue of the same name that takes what is told of expressions of interest."""

    async def bound() -> None:
        async with await aio_pika.connect(broker.url) as connection:
            channel = await connection.channel()
            topic = await channel.declare_exchange(exchange, aio_pika.ExchangeType.TOPIC, durable=True)
            queue = await channel.declare_queue(exchange, durable=True)
            await queue.bind(topic, KINDS)

    asyncio.run(bound())


def taken(broker: RabbitMq, exchange: str) -> list[Any]:
    """All messages of the queue."""

    async def read() -> list[Any]:
        found = []
        async with await aio_pika.connect(broker.url) as connection:
            queue = await (await connection.channel()).get_queue(exchange)
            while (message := await queue.get(fail=False)) is not None:
                await message.ack()
                found.append(message)
        return found

    return asyncio.run(read())


def opened(
    open_on: Callable[..., Interests], folder: Path, broker: RabbitMq, exchange: str, **settings: str
) -> Interests:
    given = {"NPQ_RABBITMQ_URL": broker.url, "NPQ_RABBITMQ_EXCHANGE": exchange, **settings}
    return open_on(f"sqlite:///{folder / 'npq.db'}", **given)


def test_an_event_is_published_durably_under_its_id_without_personal_details(
    open_on: Callable[..., Interests], broker: RabbitMq, tmp_path: Path
) -> None:
    bind(broker, "plain")
    interests = opened(open_on, tmp_path, broker, "plain")
    reference = submit(interests).reference
    deliver(interests)
    (row,) = rows(interests.store.engine, "outbox")
    assert row["sent_at"]
    (message,) = taken(broker, "plain")
    assert message.message_id == row["event_id"]
    assert message.type == message.routing_key == "interest.created"
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    told = json.loads(message.body)
    assert told["id"] == row["event_id"]
    assert told["data"] == {"reference": reference, "right": None, "programmes": ["NPQH", "NPQSL"]}
    assert not [canary for canary in CANARIES if canary.casefold() in message.body.decode().casefold()]


def test_details_are_told_where_the_provider_wants_them(
    open_on: Callable[..., Interests], broker: RabbitMq, tmp_path: Path
) -> None:
    bind(broker, "whole")
    interests = opened(open_on, tmp_path, broker, "whole", NPQ_RABBITMQ_DETAILS="yes")
    reference = submit(interests).reference
    deliver(interests)
    told = json.loads(taken(broker, "whole")[0].body)["data"]
    assert told["reference"] == reference
    assert told["email"] == interests.store.find(reference).details.email  # type: ignore[union-attr]
    assert told["consents"]


def test_an_event_that_no_queue_takes_is_not_delivered(
    open_on: Callable[..., Interests], broker: RabbitMq, tmp_path: Path
) -> None:
    interests = opened(open_on, tmp_path, broker, "nobody")
    submit(interests)
    deliver(interests)
    assert states(interests) == {"rabbitmq": "no queue takes interest.created from the exchange nobody"}
    assert interests.health()["parts"] == {"rabbitmq": {"waiting": 1, "dead": 0}}
    bind(broker, "nobody")
    make_due(interests)
    deliver(interests)
    assert states(interests) == {"rabbitmq": None}
    assert len(taken(broker, "nobody")) == 1
    assert interests.health()["parts"] == {"rabbitmq": {"waiting": 0, "dead": 0}}


def test_while_the_broker_is_away_events_wait_and_then_arrive_once(
    open_on: Callable[..., Interests], broker: RabbitMq, tmp_path: Path
) -> None:
    bind(broker, "later")
    interests = opened(open_on, tmp_path, broker, "later")
    first = submit(interests).reference
    deliver(interests)
    broker.stop()
    second = submit(interests, "another visitor").reference
    deliver(interests)
    assert [row["sent_at"] is None for row in rows(interests.store.engine, "outbox")] == [False, True]
    assert "guest" not in str(states(interests))
    broker.start()
    make_due(interests)
    deliver(interests)
    found = taken(broker, "later")  # the first too: confirmed is kept
    assert [json.loads(message.body)["data"]["reference"] for message in found] == [first, second]
    assert len({message.message_id for message in found}) == 2


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"NPQ_RABBITMQ_URL": "amqp://guest:hush@broker.example/"}, "must begin with amqps://"),
        ({"NPQ_RABBITMQ_URL": "http://127.0.0.1/"}, "is not an address of RabbitMQ"),
        ({"NPQ_RABBITMQ_URL": "amqp://127.0.0.1:x/"}, "is not an address of RabbitMQ"),
        ({"NPQ_RABBITMQ_URL": "amqp://127.0.0.1/", "NPQ_RABBITMQ_EXCHANGE": "amq.topic"}, "NPQ_RABBITMQ_EXCHANGE"),
        ({"NPQ_RABBITMQ_URL": "amqp://127.0.0.1/", "NPQ_RABBITMQ_DETAILS": "some"}, "NPQ_RABBITMQ_DETAILS"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(
    open_on: Callable[..., Interests], tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    with pytest.raises(OptionError, match=words) as refused:
        open_on(f"sqlite:///{tmp_path / 'npq.db'}", **settings)
    assert "hush" not in str(refused.value)
