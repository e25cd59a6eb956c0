"""A turn's two records: in one transaction, both or neither; the answer is given whatever becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.channels.guide import Guide
from bot.channels.sessions import new_conversation
from bot.channels.turns import turns
from bot.runtime.beside import NOTHING

pytestmark = pytest.mark.slow


def kept(guide: Guide, conversation: str) -> tuple[int, int]:
    """How many of its messages are stored as events, and how many turns."""
    events = guide.agent.tracker_store.SQLEvent.__table__
    said = (events.c.sender_id == conversation) & (events.c.type_name == "user")
    with guide.turns.engine.connect() as connection:
        counted = [
            connection.execute(sa.select(sa.func.count()).select_from(table).where(mine)).scalar()
            for table, mine in ((events, said), (turns, turns.c.session == conversation))
        ]
    return counted[0], counted[1]


@contextmanager
def commits_of(guide: Guide, *, refuse: bool = False) -> Iterator[list[object]]:
    """The commits meanwhile; the first is refused."""
    seen: list[object] = []

    def note(connection: object) -> None:
        seen.append(connection)
        if refuse and len(seen) == 1:
            raise OperationalError("", {}, Exception("gone"))

    event.listen(guide.turns.engine, "commit", note)
    yield seen
    event.remove(guide.turns.engine, "commit", note)


async def test_a_turn_is_one_transaction(guide: Guide) -> None:
    hers = new_conversation()
    await guide.reply(new_conversation(), "hello", "web")  # makes the tables, in a new database
    with commits_of(guide) as commits:
        reply = await guide.reply(hers, "Is NPQH funded?", "web")
    assert len(commits) == 1
    assert kept(guide, hers) == (1, 1)
    found = guide.turns.of(hers)
    assert [(turn["id"], turn["said"]) for turn in found] == [(reply.turn, "Is NPQH funded?")]


async def test_where_it_fails_neither_is_there_and_the_answer_is(guide: Guide) -> None:
    hers = new_conversation()
    with commits_of(guide, refuse=True) as commits:
        reply = await guide.reply(hers, "Is NPQH funded?", "web")
    assert len(commits) == 2  # then the record alone is tried
    assert reply.status == "answered"
    assert kept(guide, hers) == (0, 1)
    again = await guide.reply(hers, "How long does it take?", "web")
    assert again.turn
    assert kept(guide, hers) == (2, 2)


async def test_what_was_not_committed_is_no_result(guide: Guide) -> None:
    store, hers = guide.agent.tracker_store, new_conversation()
    with store.beside.waiting(hers, lambda _connection: "written") as beside:
        assert store.beside.take(hers) is beside
        with store.engine.connect() as connection, connection.begin() as transaction:
            beside.write(connection)
            transaction.rollback()
        assert beside.result is None
    assert store.beside.take(hers) is NOTHING
