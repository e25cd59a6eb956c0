"""The tracker store: what it leaves out, and how conversations go on while the database is away."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions import privacy
from bot.runtime import store as stores
from bot.runtime.agent import tracker_store
from bot.runtime.recent import states_of
from bot.runtime.store import AnsweredBefore, PrivateTrackerStore
from tests.conftest import PROJECT

EMAIL, NAME, SCHOOL = "zoe.quillfeather@canary.example", "Zoë Quillfeather", "Peregrine Hall School"


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
    """The service's store on it, with the notes of other tests forgotten."""
    made = tracker_store(f"sqlite:///{path}")
    made.domain = domain
    privacy.forget("hers")
    yield made
    privacy.forget("hers")
    made.engine.dispose()


def begun(domain: Domain, session: str = "hers") -> DialogueStateTracker:
    """A conversation of which nothing has been said yet."""
    tracker = DialogueStateTracker(session, domain.slots)
    for event in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")):
        tracker.update(event, domain)
    return tracker


def turn(tracker: DialogueStateTracker, domain: Domain, said: str, reply: str, state: str = "", **data: Any) -> None:
    """One turn as Rasa records it."""
    intent = {"name": "nlu_fallback", "confidence": 0.4}
    found = [{"entity": "role", "value": "head", "start": 0, "end": 3, "raw": said}]
    parsed = {"text": said, "intent": intent, "entities": found, "text_tokens": [(0, 3)]}
    events = (
        UserUttered(said, intent, found, parsed, input_channel="web"),
        ActionExecuted("action_answer"),
        BotUttered(reply, data or None),
        SlotSet("conversation", {"asking": state}),
        ActionExecuted("action_listen"),
    )
    for event in events:
        tracker.update(event, domain)


def on_disk(path: Path) -> list[dict[str, Any]]:
    """The events stored, in order."""
    with sqlite3.connect(path) as connection:
        return [json.loads(row[0]) for row in connection.execute("SELECT data FROM events ORDER BY id")]


def everywhere(path: Path) -> str:
    """All bytes of the database and the files beside it, as text in small letters."""
    return "".join(file.read_bytes().decode("latin-1") for file in path.parent.glob(f"{path.name}*")).casefold()


class Locked:
    """Another program that locks the database, so that nobody can write."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)

    def __enter__(self) -> None:
        self._connection.execute("BEGIN EXCLUSIVE")

    def __exit__(self, *_: object) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


class Away:
    """The database's file is out of reach, so that nobody can read or write."""

    def __init__(self, path: Path, store: PrivateTrackerStore) -> None:
        self._path, self._store = path, store

    def __enter__(self) -> None:
        self._store.engine.dispose()
        self._path.parent.rename(self._path.parent.with_name("elsewhere"))

    def __exit__(self, *_: object) -> None:
        self._store.engine.dispose()
        self._path.parent.with_name("elsewhere").rename(self._path.parent)


async def test_without_it_rasa_stores_every_word(path: Path, domain: Domain) -> None:
    stock = SQLTrackerStore(domain, host=f"sqlite:///{path}")
    tracker = begun(domain)
    turn(tracker, domain, f"it is {EMAIL}", f"Email: {EMAIL}")
    await stock.save(tracker)
    assert EMAIL in everywhere(path)


async def test_a_private_message_leaves_no_word_entity_or_token(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    tracker = begun(domain)
    turn(tracker, domain, "how long is it?", "18 months")
    await store.save(tracker)
    turn(tracker, domain, f"it is {EMAIL}, Head of {SCHOOL}", f"Email: {EMAIL.upper()}, {NAME}")
    privacy.note("hers", True, [EMAIL, NAME])
    states_of(tracker)[9] = {"user": {"text": EMAIL}}
    await store.save(tracker)
    assert EMAIL not in str(states_of(tracker))
    said = [event for event in on_disk(path) if event["event"] == "user"]
    assert [event["text"] for event in said] == ["how long is it?", privacy.LEFT_OUT]
    assert said[1]["parse_data"]["entities"] == []
    assert "text_tokens" not in said[1]["parse_data"]
    assert said[1]["parse_data"]["intent"]["name"] == "nlu_fallback"
    stored = everywhere(path)
    assert [word for word in ("quillfeather", "peregrine", "canary.example") if word in stored] == []
    assert "18 months" in stored


async def test_values_are_left_out_of_what_is_said_and_offered_in_that_turn_only(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    tracker = begun(domain)
    buttons = [{"title": f"{SCHOOL}, Leeds", "payload": f"{SCHOOL}, URN 987654"}, {"title": "None", "payload": "None"}]
    turn(tracker, domain, f"is {SCHOOL.upper()} known?", f"Which one? {SCHOOL}", buttons=buttons)
    privacy.note("hers", False, [SCHOOL])
    await store.save(tracker)
    assert "peregrine" not in everywhere(path)
    (offered,) = [event["data"]["buttons"] for event in on_disk(path) if event["event"] == "bot"]
    assert offered[0]["payload"] == f"{privacy.LEFT_OUT}, URN 987654"
    assert offered[1]["payload"] == "None"
    privacy.forget("hers")
    turn(tracker, domain, "what is NPQH?", "A qualification.")
    await store.save(tracker)
    assert "what is npqh?" in everywhere(path)


async def test_a_conversation_of_somebody_else_is_left_as_it_is(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    privacy.note("hers", True, [NAME])
    tracker = begun(domain, "his")
    turn(tracker, domain, "how long is it?", "18 months")
    await store.save(tracker)
    assert [event["text"] for event in on_disk(path) if event["event"] == "user"] == ["how long is it?"]


async def test_a_locked_database_loses_no_turn_and_stores_them_in_order_later(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    tracker = begun(domain)
    turn(tracker, domain, "one", "1", state="name")
    await store.save(tracker)
    with Locked(path):
        for said in ("two", "three"):
            known = await store.retrieve("hers")
            assert known is not None
            turn(known, domain, said, said, state="email")
            await store.save(known)
    known = await store.retrieve("hers")
    assert known is not None
    turn(known, domain, "four", "4", state="role")
    await store.save(known)
    again = tracker_store(f"sqlite:///{path}")
    again.domain = domain
    found = await again.retrieve("hers")
    assert found is not None
    assert [event.text for event in found.events if isinstance(event, UserUttered)] == ["one", "two", "three", "four"]
    assert found.get_slot("conversation") == {"asking": "role"}


async def test_what_is_held_meanwhile_is_stored_without_personal_details(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    tracker = begun(domain)
    await store.save(tracker)
    with Locked(path):
        turn(tracker, domain, f"it is {EMAIL}", "I cannot save")
        privacy.note("hers", True, [])
        await store.save(tracker)
        privacy.forget("hers")
    known = await store.retrieve("hers")
    assert known is not None
    turn(known, domain, "thanks", "Bye")
    await store.save(known)
    stored = everywhere(path)
    assert "thanks" in stored
    assert "canary" not in stored


async def test_a_database_that_cannot_be_read_keeps_the_state_of_the_conversation(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    tracker = begun(domain)
    turn(tracker, domain, "one", "1", state="email")
    await store.save(tracker)
    with Away(path, store):
        known = await store.retrieve("hers")
        assert known is not None
        assert known.get_slot("conversation") == {"asking": "email"}
        assert known.latest_action_name == "action_listen"
        turn(known, domain, "two", "2", state="role")
        await store.save(known)
    known = await store.retrieve("hers")
    assert known is not None
    turn(known, domain, "three", "3", state="school")
    await store.save(known)
    again = tracker_store(f"sqlite:///{path}")
    again.domain = domain
    found = await again.retrieve("hers")
    assert found is not None
    assert found.get_slot("conversation") == {"asking": "school"}
    assert [event["text"] for event in on_disk(path) if event["event"] == "user"] == ["one", "two", "three"]


async def test_a_turn_that_could_not_know_the_conversation_does_not_replace_it(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    tracker = begun(domain)
    turn(tracker, domain, "one", "1", state="confirm")
    await store.save(tracker)
    restarted = tracker_store(f"sqlite:///{path}")
    restarted.domain = domain
    with Away(path, restarted):
        assert await restarted.retrieve("hers") is None
        strange = begun(domain)
        turn(strange, domain, "two", "What?")
        await restarted.save(strange)
        assert await restarted.retrieve("hers") is strange
        privacy.forget("hers")
    found = await restarted.retrieve("hers")
    assert found is not None
    assert found.get_slot("conversation") == {"asking": "confirm"}
    turn(found, domain, "three", "3", state="sent")
    await restarted.save(found)
    assert [event["text"] for event in on_disk(path) if event["event"] == "user"] == ["one", "three"]


async def test_a_message_whose_key_could_not_be_looked_up_is_refused_when_it_is_stored(
    store: PrivateTrackerStore, domain: Domain
) -> None:
    tracker = begun(domain)
    for number in range(12):  # more than are worked with
        turn(tracker, domain, "yes", str(number))
    for number, event in enumerate(item for item in tracker.events if isinstance(item, UserUttered)):
        event.message_id = f"key-{number}"
    await store.save(tracker)
    for key in ("key-0", "key-11"):
        store.doubt("hers", key)
        with pytest.raises(AnsweredBefore):
            await store.retrieve("hers")
    store.doubt("hers", "new")
    assert await store.retrieve("hers") is not None
    store.doubt("hers", None)
    assert await store.retrieve("hers") is not None


async def test_a_turn_that_was_stored_before_the_database_went_away_is_not_stored_twice(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    tracker = begun(domain)
    turn(tracker, domain, "one", "1")
    for event in tracker.events:
        if isinstance(event, UserUttered):
            event.message_id = "key-1"

    def gone_after_commit(connection: Any) -> None:
        connection.connection.commit()
        raise sa.exc.OperationalError("COMMIT", None, Exception("the connection was lost"))

    assert await store.retrieve("hers") is None  # the tables are made
    sa.event.listen(store.engine, "commit", gone_after_commit, once=True)
    await store.save(tracker)
    assert len(on_disk(path)) > 0
    known = await store.retrieve("hers")
    assert known is not None
    turn(known, domain, "two", "2")
    await store.save(known)
    assert [event["text"] for event in on_disk(path) if event["event"] == "user"] == ["one", "two"]
    assert [event["text"] for event in on_disk(path) if event["event"] == "bot"] == ["1", "2"]


async def test_a_conversation_begun_meanwhile_is_stored_whole(
    store: PrivateTrackerStore, domain: Domain, path: Path
) -> None:
    with Away(path, store):
        assert await store.retrieve("hers") is None
        tracker = begun(domain)
        turn(tracker, domain, "one", "1")
        await store.save(tracker)
        privacy.forget("hers")
    known = await store.retrieve("hers")
    assert known is tracker
    turn(known, domain, "two", "2")
    await store.save(known)
    # What was typed before anybody could know what had been asked is kept without its words.
    assert [event["text"] for event in on_disk(path) if event["event"] == "user"] == [privacy.LEFT_OUT, "two"]


async def test_memory_is_bounded(
    store: PrivateTrackerStore, domain: Domain, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "MOST_HELD", 3)
    with Away(path, store):
        for number in range(5):
            await store.retrieve(f"visitor {number}")
            await store.save(begun(domain, f"visitor {number}"))
        assert await store.retrieve("visitor 0") is None
        assert await store.retrieve("visitor 4") is not None


async def test_tables_are_made_when_the_database_comes_late(domain: Domain, tmp_path: Path) -> None:
    path = tmp_path / "later" / "npq.db"
    late = tracker_store(f"sqlite:///{path}")
    late.domain = domain
    assert await late.retrieve("hers") is None
    privacy.forget("hers")
    path.parent.mkdir()
    tracker = begun(domain)
    turn(tracker, domain, "one", "1")
    await late.save(tracker)
    assert [event["text"] for event in on_disk(path) if event["event"] == "user"] == ["one"]
