"""Two machines behind nginx, one of them with two workers, on PostgreSQL, Redis and RabbitMQ: all started once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import outages
from tests.many.broker import bind
from tests.many.proxy import nginx
from tests.many.service import Running
from tests.servers import RabbitMq, Redis


@dataclass
class House:
    """All there is."""

    url: str  # of the proxy
    two: Running  # two workers
    one: Running  # one process
    database: outages.Database
    redis: Redis
    broker: RabbitMq


@pytest.fixture(scope="session")
def database() -> Iterator[outages.Database]:
    """A PostgreSQL that can go away; in CI there must be one."""
    try:
        with outages.postgres() as found:
            yield found
    except outages.databases.NoServer as reason:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(reason))


@pytest.fixture(scope="session")
def house(model: Path, database: outages.Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Everything, running."""
    folders = [tmp_path_factory.mktemp(name) for name in ("redis", "rabbitmq", "guide", "nginx")]
    redis, broker = Redis(folders[0]), RabbitMq(folders[1])
    settings = {
        "NPQ_DATABASE_URL": database.url,
        "NPQ_REDIS_URL": redis.url,
        "NPQ_RABBITMQ_URL": broker.url,
        "NPQ_RABBITMQ_DETAILS": "yes",
        "NPQ_PROXIES": "1",
    }
    machines = [Running(folders[2], workers, **settings) for workers in (2, 1)]
    try:
        redis.start()
        broker.start()
        asyncio.run(bind(broker.url))
        with nginx(folders[3], [machine.port for machine in machines]) as url:
            for machine in machines:
                machine.start()
            yield House(url, *machines, database, redis, broker)
    finally:
        for machine in machines:
            machine.stop()
        broker.stop()
        redis.stop()
