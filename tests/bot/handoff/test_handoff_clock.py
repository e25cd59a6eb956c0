"""What happens by itself, by the test's own clock: hours, reminding, giving up, idle chats, processes."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.channels.guide import Guide
from bot.channels.slack.queue import INCOMING
from bot.channels.turns import turns
from bot.handoff import tables
from guidance.interest import database
from guidance.interest.retention import Retention
from guidance.interest.store import Store
from tests import databases
from tests.bot.channels.slack.stand_in import ANN, BEN, NAMES, Slack
from tests.bot.handoff.house import KEYS, house, soon
from tests.bot.handoff.people import ASK, CHANNEL, YES, actions, openings


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'npq.db'}"
        return
    try:
        with databases.postgres_server() as server, databases.new_database(server) as made:
            yield made
    except databases.NoServer as reason:
        pytest.skip(str(reason))


def test_the_migrations_make_the_tables_the_code_uses(either: str) -> None:
    engine = database.connect(either)
    database.migrate(engine, tables=tables.HANDOFF)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": tables.HANDOFF.version_table})
        assert compare_metadata(context, tables.metadata) == []
    engine.dispose()


async def test_outside_hours_details_are_offered_and_nobody_is_asked(guide: Guide, workspace: Slack, url: str) -> None:
    async with house(guide, workspace, url) as here:
        here.now = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)  # a Sunday
        known = len(openings(workspace))
        offered = await here.say(ASK)
        assert "Monday to Friday, 8:30am to 5pm" in offered.text
        assert offered.buttons[0]["title"] == "Leave my details"
        assert (await here.say(YES)).person is None
        here.now = datetime(2026, 7, 6, 15, 59, tzinfo=timezone.utc)  # a Monday in summer: 16:59 in the UK
        await here.say(ASK)
        here.now = datetime(2026, 7, 6, 16, 1, tzinfo=timezone.utc)
        late = await here.say(YES)  # they thought about it
        assert "Nobody from our team is here now" in late.text
        await here.later(hours=1)
        assert len(openings(workspace)) == known


async def test_nobody_claims(guide: Guide, workspace: Slack, url: str) -> None:
    async with house(guide, workspace, url) as here:
        await here.ask()
        await here.thread("The chat so far")
        await here.later(minutes=2.9)
        await here.say("hello?")
        await here.later(minutes=0.2)
        assert len(await here.thread("still waiting")) == 1
        await here.later(minutes=5)
        told = await here.gets("nobody from our team is free")
        assert told["replied"]["buttons"][0]["title"] == "Leave my details"
        assert "1 message while waiting" in (await here.thread("Nobody claimed it"))[0]
        await soon(lambda: not actions(openings(workspace)[-1]))
        await here.press("handoff:claim")
        await soon(lambda: any("over already" in one["text"] for one in workspace.responses))
        assert (await here.say("how long is NPQH?")).status == "answered"
        assert len(await here.thread("still waiting")) == 1


@pytest.mark.parametrize(("last", "words", "title"), [("person", "nothing was written", "Yes, it helped"),
                                                      ("visitor", "has not answered", "Leave my details")])  # fmt: skip
async def test_idle_chats_end_for_both(
    guide: Guide, workspace: Slack, url: str, last: str, words: str, title: str
) -> None:
    async with house(guide, workspace, url) as here:
        await here.ask()
        await here.press("handoff:claim")
        await here.gets("Ann has joined")
        await here.writes("hello")
        await here.gets("hello")
        await here.later(minutes=14)
        if last == "visitor":
            await here.say("I am here")
        await here.later(minutes=0.9 if last == "person" else 14.9)
        assert not here.told(words)
        await here.later(minutes=0.2)
        told = await here.gets(words)
        assert told["replied"]["buttons"][0]["title"] == title
        await here.thread("Closed")


async def test_leaving_details_ends_the_waiting(guide: Guide, workspace: Slack, url: str) -> None:
    async with house(guide, workspace, url) as here:
        await here.ask()
        assert (await here.say("I want to register my interest")).status == "form"
        await here.thread("did not want to wait")


async def test_a_deleted_chat_leaves_nothing_here_and_sends_nothing_more(
    guide: Guide, workspace: Slack, url: str
) -> None:
    async with house(guide, workspace, url) as here:
        known = len(openings(workspace))
        workspace.down = True
        try:
            await here.ask()
            await here.say("a secret")
            here.handoffs.left(here.session, deleted=True)
            assert here.service.queue.waiting()["waiting"] == 0
        finally:
            workspace.down = False
        await here.later(minutes=1)
        assert len(openings(workspace)) == known


async def test_what_was_on_its_way_to_slack_when_the_chat_was_deleted_goes_from_there(
    guide: Guide, workspace: Slack, url: str
) -> None:
    async with house(guide, workspace, url) as here:
        await here.ask()
        await here.thread("The chat so far")
        kept = Retention(Store(here.service.queue.engine, KEYS, (), 12))
        for words in ("a secret of one", "a secret of two"):
            workspace.slow = threading.Event()
            try:
                await here.say(words)
                await here.thread(words)
                here.handoffs.left(here.session, deleted=True)
                if words.endswith("two"):  # the record is gone as well
                    kept.forget(here.session)
            finally:
                workspace.slow.set()
                workspace.slow = None
            await soon(lambda words=words: not any(words in str(one) for one in workspace.posts))  # type: ignore[misc]
            here.session = uuid.uuid4().hex
            await here.ask()
            await here.thread("The chat so far")
        here.session, known, workspace.slow = uuid.uuid4().hex, len(openings(workspace)), threading.Event()
        try:
            await here.ask()
            await here.opening()
            here.handoffs.left(here.session, deleted=True)
            kept.forget(here.session)
        finally:
            workspace.slow.set()
            workspace.slow = None
        await soon(lambda: len(openings(workspace)) == known)


async def test_purging_forgetting_and_erasing_reach_what_is_kept_here(
    guide: Guide, workspace: Slack, either: str
) -> None:
    async with house(guide, workspace, either) as here:
        engine = here.service.queue.engine
        for wish in ("purge", "forget", "erase"):
            here.session = uuid.uuid4().hex
            await here.ask()
            await here.say("I wait")
            await here.thread("I wait")
            assert _rows(engine, here.session) == (1, 1)
            store = Store(engine, KEYS, (), 12, lambda: datetime.now(timezone.utc) + timedelta(days=1))
            here.handoffs.left(here.session, deleted=False)
            if wish == "purge":
                at = here.now + timedelta(days=89)
                Retention(Store(engine, KEYS, (), 12, lambda at=at: at), 90).purge()  # type: ignore[misc]
                assert _rows(engine, here.session) == (1, 1)
                at = here.now + timedelta(days=91)
                Retention(Store(engine, KEYS, (), 12, lambda at=at: at), 90).purge()  # type: ignore[misc]
            elif wish == "forget":
                Retention(store).forget(here.session)
            else:
                await here.guide.reply(here.session, "write to kim@school.example", "web", "k")
                with engine.begin() as connection:  # as if an address had slipped through
                    connection.execute(
                        turns.update().where(turns.c.session == here.session).values(said="kim@a.example")
                    )
                Retention(store).erase("ann", email="kim@a.example")
            assert _rows(engine, here.session) == (0, 0)


def _rows(engine: sa.engine.Engine, session: str) -> tuple[int, ...]:
    with engine.connect() as connection:
        return tuple(
            len(connection.execute(sa.select(table.c.id).where(table.c.conversation == session)).all())
            for table in (tables.handoffs, tables.lines)
        )


async def test_the_first_click_wins_in_two_processes(guide: Guide, workspace: Slack, either: str) -> None:
    async with house(guide, workspace, either) as one, house(guide, workspace, either) as other:
        for _ in range(8):
            one.session = uuid.uuid4().hex
            await one.ask()
            opening = await one.opening()
            answers = len(workspace.responses)
            presses = [one.pressing("handoff:claim", opening, user) for user in (ANN, BEN)]
            presses.append(one.pressing("handoff:decline", opening, BEN))
            await asyncio.gather(*(here.service.put(INCOMING, press)
                                   for here, press in zip((one, other, one), presses, strict=True)))  # fmt: skip
            await soon(lambda answers=answers: len(workspace.responses) == answers + 2)  # type: ignore[misc]
            joined, declined = one.told("has joined"), one.told("nobody from our team is free")
            assert len(joined) + len(declined) == 1
            if joined:
                winner = joined[0]["replied"]["person"]["name"]
                assert winner in {name.split()[0] for name in NAMES.values()}
            one.handoffs.left(one.session, deleted=False)


async def test_every_message_once_with_two_processes_at_it(guide: Guide, workspace: Slack, either: str) -> None:
    async with house(guide, workspace, either) as one, house(guide, workspace, either) as other:
        other.session = one.session
        await one.ask()
        other.before = one.before
        await one.press("handoff:claim")
        await one.gets("Ann has joined")
        for number in range(10):
            text, key = f"question {number} of ten", f"k{number}"
            await asyncio.gather(one.say(text, key), other.say(text, key))
            await (one if number % 2 else other).writes(f"answer {number} of ten")
            await asyncio.gather(one.handoffs.clock.look(), other.handoffs.clock.look())
        await one.gets("answer 9 of ten")
        await one.thread("question 9 of ten")
        asked = [text for text in _thread(workspace) if "of ten" in text]
        assert [text for number in range(10) for text in asked if f"question {number} of" in text] == asked
        assert len(asked) == 10
        said = [row["said"] for row in one.guide.turns.of(one.session) if "of ten" in row["said"]]
        assert said == [f"question {number} of ten" for number in range(10)]
        told = [row["replied"]["messages"][0] for row in one.told("of ten")]
        assert sorted(told) == [f"answer {number} of ten" for number in range(10)]


def _thread(workspace: Slack) -> list[str]:
    return [one["text"] for one in workspace.in_thread(CHANNEL, openings(workspace)[-1]["ts"])]


async def test_one_chat_that_is_damaged_holds_up_no_other(guide: Guide, workspace: Slack, url: str) -> None:
    async with house(guide, workspace, url) as here:
        await here.ask()
        await here.thread("The chat so far")
        with here.service.queue.engine.begin() as connection:
            connection.execute(turns.update().where(turns.c.session == here.session).values(replied={}))
            connection.execute(tables.handoffs.update().values(thread=None))
        here.session = uuid.uuid4().hex
        await here.ask()
        await here.thread("The chat so far")
        await here.later(minutes=9)
        await here.gets("nobody from our team is free")
