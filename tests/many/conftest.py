"""PostgreSQL, Redis and several processes of the guide, all of their own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults import outages
from tests.many.service import Running
from tests.servers import Redis


@pytest.fixture
def database(tmp_path: Path) -> Iterator[outages.Database]:
    """A PostgreSQL that can go away; in CI there must be one."""
    try:
        with outages.postgres() as found:
            yield found
    except outages.databases.NoServer as reason:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(reason))


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis that can go away."""
    made = Redis(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest_asyncio.fixture
async def running(model: Path, database: outages.Database, redis: Redis, tmp_path: Path) -> AsyncIterator[Running]:
    """Two workers, not started yet."""
    made = Running(tmp_path, 2, NPQ_DATABASE_URL=database.url, NPQ_REDIS_URL=redis.url)
    try:
        yield made
    finally:
        made.stop()
