"""Nothing outlives its time, and a person who wants to be erased is erased from every table and file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from guidance.interest import Interests, months, outbox
from guidance.interest.tables import events, sessions, turns
from tests.guidance.interest.people import CANARIES, DETAILS, WEBHOOK, everything, rows, submit

OTHER_TABLES = """
CREATE TABLE turns (id INTEGER PRIMARY KEY, session VARCHAR(64), channel VARCHAR(16), at {moment}, said TEXT,
  replied {json}, status VARCHAR(16));
CREATE TABLE sessions (token_sha256 VARCHAR(64) PRIMARY KEY, conversation VARCHAR(48), seen_at {moment});
CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255), timestamp {number}, data TEXT)
"""
NOW = datetime.now(timezone.utc)


def make_other_tables(interests: Interests) -> None:
    """As bot/channels and Rasa make them, as far as they matter here."""
    postgresql = interests.store.engine.dialect.name == "postgresql"
    kinds = {"moment": "TIMESTAMPTZ", "json": "JSON", "number": "FLOAT"} if postgresql else {
        "moment": "DATETIME", "json": "JSON", "number": "FLOAT"}  # fmt: skip
    with interests.store.engine.begin() as connection:
        for statement in OTHER_TABLES.format(**kinds).split(";"):
            connection.exec_driver_sql(statement)


def talk(interests: Interests, session: str, said: str, at: datetime = NOW) -> None:
    """What the service stores of a conversation."""
    replied = {"messages": [f"You wrote {said}"], "buttons": [], "sources": []}
    with interests.store.engine.begin() as connection:
        number = connection.execute(sa.select(sa.func.count()).select_from(turns)).scalar()
        connection.execute(
            turns.insert().values(id=number, session=session, at=at, said=said, replied=replied, status="form")
        )
        data = f'{{"event": "user", "text": "so:\\n{said}"}}'
        connection.execute(events.insert().values(id=number, sender_id=session, timestamp=at.timestamp(), data=data))
        if not connection.execute(sa.select(sessions).where(sessions.c.conversation == session)).first():
            connection.execute(sessions.insert().values(token_sha256=f"t-{session}", conversation=session, seen_at=at))


def talks(interests: Interests) -> dict[str, set[str]]:
    """The conversations that each table still has."""
    engine = interests.store.engine
    columns = {"turns": "session", "events": "sender_id", "sessions": "conversation"}
    return {table: {row[column] for row in rows(engine, table)} for table, column in columns.items()}


def on(open_: Callable[..., Interests], day: date, **settings: str) -> Interests:
    return open_(today=day, **settings)


def test_interests_go_after_twelve_months_and_not_a_day_before(open_: Callable[..., Interests]) -> None:
    captured = on(open_, date(2028, 2, 29), **WEBHOOK)
    receipt = submit(captured)
    stored = captured.store.find(receipt.reference)
    assert stored is not None
    assert stored.expires_at.date() == date(2029, 2, 28)
    assert on(open_, date(2029, 2, 27)).retention.purge()["interests"] == 0
    assert on(open_, date(2029, 3, 1)).retention.purge()["interests"] == 1
    engine = captured.store.engine
    for table in ("interests", "consents", "outbox"):
        assert rows(engine, table) == []
    assert {(row["action"], row["reference"]) for row in rows(engine, "audit")} >= {
        ("captured", receipt.reference),
        ("expired", receipt.reference),
    }
    assert on(open_, date(2029, 3, 1)).retention.purge()["interests"] == 0  # again changes nothing


def test_a_shorter_setting_counts_for_what_is_there_already(open_: Callable[..., Interests]) -> None:
    submit(on(open_, date(2026, 11, 21)))
    assert on(open_, date(2027, 3, 1)).retention.purge()["interests"] == 0
    assert on(open_, date(2027, 3, 1), NPQ_KEEP_INTERESTS_MONTHS="3").retention.purge()["interests"] == 1


def test_transcripts_go_after_ninety_days_in_every_table(open_: Callable[..., Interests]) -> None:
    interests = open_()
    make_other_tables(interests)
    for number in range(3):
        talk(interests, "old", f"question {number}", NOW - timedelta(days=91))
    talk(interests, "new", "question", NOW - timedelta(days=89))
    removed = interests.retention.purge()
    assert {name: removed[name] for name in ("turns", "events", "sessions")} == {"turns": 3, "events": 3, "sessions": 1}
    assert talks(interests) == {"turns": {"new"}, "events": {"new"}, "sessions": {"new"}}
    assert not any(interests.retention.purge().values())
    assert open_(NPQ_KEEP_TRANSCRIPTS_DAYS="30").retention.purge()["turns"] == 1


def test_two_processes_may_purge_at_once(open_: Callable[..., Interests]) -> None:
    interests = open_()
    make_other_tables(interests)
    with interests.store.engine.begin() as connection:
        old = NOW - timedelta(days=100)
        many = [{"id": number, "session": "old", "at": old, "said": "x"} for number in range(3000)]
        connection.execute(turns.insert(), many)
    gate, done, faults = threading.Barrier(2), [], []

    def purge() -> None:
        mine = open_()
        gate.wait()
        try:
            done.append(mine.retention.purge()["turns"])
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=purge) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sum(done) == 3000
    assert rows(interests.store.engine, "turns") == []


def test_the_daily_purge_is_done_once_a_day(open_: Callable[..., Interests]) -> None:
    interests = on(open_, date(2027, 1, 1))
    for _ in range(3):
        interests.retention.purge_if_due()
    on(open_, date(2027, 1, 2)).retention.purge_if_due()
    assert [row["action"] for row in rows(interests.store.engine, "audit")].count("purged") in (1, 2)
    on(open_, date(2027, 1, 4)).retention.purge_if_due()
    last = [row["at"] for row in rows(interests.store.engine, "audit") if row["action"] == "purged"][-1]
    assert str(last).startswith("2027-01-04")


@pytest.mark.parametrize("by", ["email", "reference", "rights"])
def test_erasing_reaches_every_table(open_: Callable[..., Interests], by: str) -> None:
    interests = open_(**WEBHOOK)
    make_other_tables(interests)
    receipt = submit(interests, session="hers")
    other = submit(interests, key="form-2", session="his", name="Bo", email="bo@other.example", phone=None, role=None,
                   school=None, school_urn=None)  # fmt: skip
    asked = interests.store.requests.open("erase", "hers")
    talk(interests, "hers", f"I am Zoë Quillfeather, {DETAILS.email}, +44 20 7946095")
    talk(interests, "his", "bo@other.example")
    if by == "email":
        erased = interests.retention.erase("tester", email="ZOE.quillfeather@canary.EXAMPLE ")
    else:
        erased = interests.retention.erase("tester", reference=receipt.reference if by == "reference" else asked)
    assert erased.references == [receipt.reference]
    one_each = ("interests", "outbox", "turns", "events", "sessions")
    assert erased.rows == {**dict.fromkeys(one_each, 1), "consents": 2, "drafts": 0}
    stored = everything(interests.store.engine)
    assert [canary for canary in CANARIES if canary.casefold() in stored.casefold()] == []
    assert talks(interests) == {"turns": {"his"}, "events": {"his"}, "sessions": {"his"}}
    assert interests.store.find(receipt.reference) is None
    assert interests.store.find(other.reference) is not None
    assert ("erased", receipt.reference, "tester") in {
        (row["action"], row["reference"], row["who"]) for row in rows(interests.store.engine, "audit")
    }
    assert [row["session"] for row in rows(interests.store.engine, "rights_requests")] == [None]


def test_an_address_typed_but_never_submitted_is_erased_too(open_: Callable[..., Interests]) -> None:
    interests = open_()
    make_other_tables(interests)
    talk(interests, "hers", "It is zoe.quillfeather@canary.example.")
    talk(interests, "slack", "<mailto:Zoe.Quillfeather@canary.example|Zoe.Quillfeather@canary.example>")
    talk(interests, "longer", "chloe-zoe.quillfeather@canary.example")
    talk(interests, "elsewhere", "zoe.quillfeather@canary.example.org")
    talk(interests, "pattern", "zoe_quillfeather@canary.example")
    erased = interests.retention.erase("tester", email="zoe.quillfeather@canary.example")
    assert erased.references == []
    assert talks(interests)["turns"] == {"longer", "elsewhere", "pattern"}
    assert talks(interests)["events"] == {"longer", "elsewhere", "pattern"}


def test_what_was_delivered_is_named_for_erasing_by_hand(open_: Callable[..., Interests]) -> None:
    interests = open_(**WEBHOOK)
    receipt = submit(interests)
    delivery = outbox.claim(interests.store.engine, "webhook", datetime.now(timezone.utc))
    assert delivery is not None
    outbox.sent(interests.store.engine, delivery, NOW)
    erased = interests.retention.erase("tester", reference=receipt.reference)
    assert erased.delivered == [(receipt.reference, "webhook")]


def test_the_erased_is_no_longer_in_the_files_of_sqlite(tmp_path: Path, open_on: Callable[..., Interests]) -> None:
    interests = open_on(f"sqlite:///{tmp_path / 'files.db'}")
    make_other_tables(interests)
    for number in range(50):
        talk(interests, "hers", f"Quillfeather {number}")
    receipt = submit(interests, session="hers")
    before = b"".join(path.read_bytes() for path in tmp_path.glob("files.db*"))
    assert b"Quillfeather" in before
    interests.retention.erase("tester", reference=receipt.reference)
    after = b"".join(path.read_bytes() for path in tmp_path.glob("files.db*"))
    assert b"Quillfeather" not in after


@pytest.mark.parametrize(
    ("moment", "number", "expected"),
    [
        (datetime(2028, 2, 29), 12, datetime(2029, 2, 28)),
        (datetime(2027, 2, 28), 12, datetime(2028, 2, 28)),
        (datetime(2026, 12, 31), 2, datetime(2027, 2, 28)),
        (datetime(2026, 1, 31), -2, datetime(2025, 11, 30)),
        (datetime(2026, 11, 21), -12, datetime(2025, 11, 21)),
    ],
)
def test_months_are_calendar_months(moment: datetime, number: int, expected: datetime) -> None:
    assert months.shift(moment, number) == expected
