"""What makes turns quick: few statements, short trackers, nothing counted; and nothing changes by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event

from bot.runtime import recent
from bot.runtime.agent import tracker_store
from bot.runtime.store import PrivateTrackerStore
from tests.bot.runtime.test_store import begun, on_disk, turn
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The service's domain."""
    return Domain.load(str(PROJECT / "domain.yml"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database file."""
    return tmp_path / "npq.db"


@pytest.fixture
def store(path: Path, domain: Domain) -> Iterator[PrivateTrackerStore]:
    """The service's store on it."""
    made = opened(path, domain)
    yield made
    made.engine.dispose()


def opened(path: Path, domain: Domain) -> PrivateTrackerStore:
    made = tracker_store(f"sqlite:///{path}")
    made.domain = domain
    return made


@contextmanager
def statements(engine: object) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def say(store: PrivateTrackerStore, domain: Domain, text: str, state: str = "") -> DialogueStateTracker:
    known = await store.retrieve("hers") or begun(domain)
    turn(known, domain, text, text, state=state)
    await store.save(known)
    return known


def said(tracker: DialogueStateTracker | None) -> list[str]:
    assert tracker is not None
    return [item.text for item in tracker.events if isinstance(item, UserUttered)]


async def test_a_turn_takes_three_statements(store: PrivateTrackerStore, domain: Domain) -> None:
    await say(store, domain, "one")
    with statements(store.engine) as sent:
        await say(store, domain, "two")
    assert [text.split()[0] for text in sent] == ["SELECT", "INSERT", "INSERT"]


async def test_rasas_own_takes_one_for_each_event(path: Path, domain: Domain) -> None:
    stock = SQLTrackerStore(domain, host=f"sqlite:///{path}")
    tracker = begun(domain)
    turn(tracker, domain, "one", "1")
    with statements(stock.engine) as sent:
        await stock.save(tracker)
    assert len([text for text in sent if text.startswith("INSERT")]) == len(tracker.events)


async def test_a_long_conversation_is_worked_with_in_part_and_stored_whole(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    for number in range(30):
        known = await say(store, domain, str(number), state=f"after {number}")
        assert len(said(known)) <= recent.MOST_TURNS + 1
        assert known.get_slot("conversation") == {"asking": f"after {number}"}
        assert said(known)[-1] == str(number)
    everything = [str(number) for number in range(30)]
    assert [item["text"] for item in on_disk(path) if item["event"] == "user"] == everything
    assert said(await store.retrieve_full_tracker("hers")) == everything
    # After a restart the same: read from the database and shortened, and the state is the last one.
    again = opened(path, domain)
    known = await again.retrieve("hers")
    assert said(known) == everything[-recent.TURNS :]
    assert known is not None
    assert known.get_slot("conversation") == {"asking": "after 29"}
    assert known.latest_action_name == "action_listen"
    await say(again, domain, "30")
    assert [item["text"] for item in on_disk(path) if item["event"] == "user"] == [*everything, "30"]
    again.engine.dispose()


async def test_what_another_process_stored_is_seen(store: PrivateTrackerStore, domain: Domain, path: Path) -> None:
    await say(store, domain, "one")
    other = opened(path, domain)
    await say(other, domain, "two")
    assert said(await store.retrieve("hers")) == ["one", "two"]
    other.engine.dispose()


async def test_what_was_erased_is_gone_from_memory_too(store: PrivateTrackerStore, domain: Domain) -> None:
    await say(store, domain, "one")
    with store.engine.begin() as connection:
        connection.execute(store.SQLEvent.__table__.delete())
    assert await store.retrieve("hers") is None
    assert await store.retrieve_full_tracker("hers") is None


async def test_a_turn_that_failed_half_way_leaves_nothing(store: PrivateTrackerStore, domain: Domain) -> None:
    await say(store, domain, "one")
    broken = await store.retrieve("hers")
    assert broken is not None
    turn(broken, domain, "two, and then an action failed", "")
    assert said(await store.retrieve("hers")) == ["one"]


async def test_a_new_conversation_is_stored_with_its_first_turn(store: PrivateTrackerStore, path: Path) -> None:
    await store.retrieve("hers")
    with statements(store.engine) as sent:
        await store.create_tracker("hers")
    assert sent == []


async def test_memory_for_trackers_is_bounded(
    store: PrivateTrackerStore, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MOST_LIVE", 2)
    for number in range(5):
        tracker = begun(domain, f"person {number}")
        turn(tracker, domain, "one", "1")
        await store.save(tracker)
    assert list(store._live._live) == ["person 3", "person 4"]
    assert said(await store.retrieve("person 0")) == ["one"]
