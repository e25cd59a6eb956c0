"""Every test here that names `database_url` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from guidance.interest import Interests, open_interests
from tests import databases
from tests.guidance.interest.people import KEY


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server's address."""
    server = databases.postgres_server()
    try:
        address = server.__enter__()
    except databases.NoServer as reason:
        pytest.skip(str(reason))
    yield address
    server.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'npq.db'}"
        return
    with databases.new_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """An empty database on PostgreSQL, for what only a server can do."""
    with databases.new_database(postgres) as url:
        yield url


@pytest.fixture
def open_on(tmp_path: Path) -> Iterator[Callable[..., Interests]]:
    """Opens the expressions of interest in a named database, with further settings."""
    opened: list[Interests] = []

    def open_with(url: str, today: date | None = None, **settings: str) -> Interests:
        environ = {"NPQ_DATA_KEY": KEY, **settings}
        interests = open_interests(url, tmp_path, environ, say=_quiet, today=today)
        opened.append(interests)
        return interests

    yield open_with
    for interests in opened:
        interests.store.engine.dispose()


@pytest.fixture
def open_(database_url: str, open_on: Callable[..., Interests]) -> Callable[..., Interests]:
    """Opens the expressions of interest in the test's database."""
    return partial(open_on, database_url)


@pytest.fixture
def interests(open_: Callable[..., Interests]) -> Interests:
    """Opened without further settings."""
    return open_()


def _quiet(_text: str) -> None:
    """No terminal here."""
