"""The tracker store of several processes: each write finds out whether another was faster, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from actions import privacy
from bot.runtime.agent import tracker_store
from bot.runtime.locks import ConversationLocks
from bot.runtime.store import STATE, Overtaken, PrivateTrackerStore
from tests.bot.runtime.test_store import begun, turn
from tests.conftest import PROJECT
from tests.faults import outages


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The service's domain."""
    return Domain.load(str(PROJECT / "domain.yml"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    with outages.empty_database(request.param, tmp_path / "npq.db") as found:
        yield found.url
    privacy.forget("hers")


def process(url: str, domain: Domain) -> PrivateTrackerStore:
    """The store of one of several processes."""
    store = tracker_store(url, shared=True)
    store.domain = domain
    return store


@contextmanager
def away(store: PrivateTrackerStore) -> Iterator[None]:
    """This process alone does not reach the database."""

    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("", {}, Exception("away"))

    sa.event.listen(store.engine, "before_execute", fail)
    yield
    sa.event.remove(store.engine, "before_execute", fail)
    privacy.forget("hers")  # as the guide does at the end of a turn


async def read(store: PrivateTrackerStore) -> DialogueStateTracker:
    found = await store.retrieve("hers")
    assert found is not None
    return found


def said(url: str) -> list[str]:
    """What visitors said, as stored."""
    with sa.create_engine(url, poolclass=sa.pool.NullPool).connect() as connection:
        rows = connection.exec_driver_sql("SELECT data FROM events WHERE type_name = 'user' ORDER BY id").scalars()
        return [json.loads(row)["text"] for row in rows]


async def one_turn(store: PrivateTrackerStore, domain: Domain, text: str) -> None:
    tracker = await store.retrieve("hers") or begun(domain)
    turn(tracker, domain, text, "yes", text)
    await store.save(tracker)


async def test_each_process_reads_what_the_others_wrote(url: str, domain: Domain) -> None:
    one, two = process(url, domain), process(url, domain)
    for number, store in enumerate((one, two, two, one, two)):
        await one_turn(store, domain, str(number))
        assert (await read(two if store is one else one)).get_slot(STATE) == {"asking": str(number)}
    assert said(url) == list("01234")


async def test_of_two_that_began_at_the_same_event_one_is_told(url: str, domain: Domain) -> None:
    one, two = process(url, domain), process(url, domain)
    await one_turn(one, domain, "0")
    here, there = await read(one), await read(two)
    turn(here, domain, "first", "1")
    await one.save(here)
    turn(there, domain, "second", "2")
    with pytest.raises(Overtaken):
        await two.save(there)
    assert said(url) == ["0", "first"]
    await one_turn(two, domain, "second")  # begun again
    assert said(url) == ["0", "first", "second"]


async def test_of_two_first_messages_one_is_told(url: str, domain: Domain) -> None:
    one, two = process(url, domain), process(url, domain)
    here, there = await one.create_tracker("hers"), await two.create_tracker("hers")
    turn(here, domain, "first", "1")
    turn(there, domain, "second", "2")
    results = await asyncio.gather(one.save(here), two.save(there), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [Overtaken]


async def test_what_was_held_is_stored_when_the_database_is_back(url: str, domain: Domain) -> None:
    one, two = process(url, domain), process(url, domain)
    await one_turn(one, domain, "0")
    with away(one):
        await one_turn(one, domain, "1")
        await one.give_back(ConversationLocks())
        assert said(url) == ["0"]
    await one.give_back(ConversationLocks())
    assert said(url) == ["0", "1"]
    assert (await read(two)).get_slot(STATE) == {"asking": "1"}


async def test_what_was_held_does_not_undo_what_others_did_meanwhile(url: str, domain: Domain) -> None:
    one, two = process(url, domain), process(url, domain)
    await one_turn(one, domain, "0")
    with away(one):
        await one_turn(one, domain, "held")
    await one_turn(two, domain, "2")
    await one_turn(one, domain, "3")  # reads, so that it gives back first
    assert said(url) == ["0", "2", "held", "3"]
    assert (await read(two)).get_slot(STATE) == {"asking": "3"}


async def test_what_was_said_to_a_process_that_knew_nothing_is_kept_without_its_words(url: str, domain: Domain) -> None:
    one, two = process(url, domain), process(url, domain)
    await one_turn(one, domain, "0")
    with away(two):
        await one_turn(two, domain, "who knows")
    await two.give_back(ConversationLocks())
    assert said(url) == ["0", privacy.LEFT_OUT]
    assert (await read(one)).get_slot(STATE) == {"asking": "0"}


async def test_keys_are_known_whichever_process_heard_them(url: str, domain: Domain) -> None:
    one, two = process(url, domain), process(url, domain)
    assert one.heard("hers") == (0, set())
    for key, store in (("a", one), ("b", two)):
        tracker = await store.retrieve("hers") or begun(domain)
        turn(tracker, domain, key, "yes")
        next(event for event in reversed(tracker.events) if event.type_name == "user").message_id = key
        await store.save(tracker)
        if key == "a":
            last, known = two.heard("hers")
            assert known == {"a"}
    assert one.heard("hers", last)[1] == {"b"}
