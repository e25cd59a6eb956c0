"""The queue: each task once, in the order of its talk, by whichever process comes first, on both databases."""

from __future__ import annotations

import itertools
import multiprocessing
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.channels.slack import tables
from bot.channels.slack.queue import INCOMING, OUTGOING, Queue, Task
from guidance.interest import database
from guidance.interest.keys import Keyring
from guidance.interest.store import utc_now
from tests import databases

KEY, OTHER_KEY = bytes(range(32)).hex(), bytes(range(32, 64)).hex()


def open_queue(url: str) -> Queue:
    """The queue in a database."""
    return Queue(database.connect(url), Keyring.parse(KEY))


def task(number: int, talk: str = "talk", **more: Any) -> Task:
    """A task."""
    return Task(f"key{number}", talk, "post", {"number": number}, **more)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'npq.db'}"
        return
    try:
        with databases.postgres_server() as server, databases.new_database(server) as made:
            yield made
    except databases.NoServer as reason:
        pytest.skip(str(reason))


def test_the_migrations_make_the_tables_the_code_uses(url: str) -> None:
    queue = open_queue(url)
    queue.prepare()
    with queue.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": tables.SLACK.version_table})
        assert compare_metadata(context, tables.metadata) == []
    queue.engine.dispose()


def test_what_is_known_by_key_or_message_is_not_taken_again(url: str) -> None:
    queue = open_queue(url)
    assert queue.put(INCOMING, [task(1, message="m1"), task(2, message="m2"), task(3, message="m2")]) == 2
    assert queue.put(INCOMING, [task(1), task(4, message="m1")]) == 0
    assert queue.put(OUTGOING, [task(1)]) == 1  # the other way is another queue
    queue.engine.dispose()


def test_a_talk_goes_in_order_and_holds_up_no_other(url: str) -> None:
    queue = open_queue(url)
    queue.put(OUTGOING, [task(1, "a"), task(2, "a"), task(3, "b")])
    first, other = queue.claim(OUTGOING), queue.claim(OUTGOING)
    assert first
    assert other
    assert [first.body, other.body] == [{"number": 1}, {"number": 3}]
    assert queue.claim(OUTGOING) is None
    queue.later(first, "ratelimited", wait=60)
    assert queue.claim(OUTGOING) is None  # the second must not overtake it
    with queue.engine.begin() as connection:
        connection.execute(tables.queue.update().values(due_at=first.created_at))
    again = queue.claim(OUTGOING)
    assert again
    assert (again.body, again.attempts) == ({"number": 1}, 2)
    queue.done(again, result="1.2")
    following = queue.claim(OUTGOING)
    assert following
    assert following.body == {"number": 2}
    assert queue.result(OUTGOING, "key1") == "1.2"
    queue.engine.dispose()


def test_what_follows_is_stored_with_what_it_follows_from_and_by_the_holder_only(url: str) -> None:
    queue = open_queue(url)
    queue.put(INCOMING, [task(1)])
    mine = queue.claim(INCOMING)
    assert mine
    with queue.engine.begin() as connection:  # this process was away too long
        connection.execute(tables.queue.update().values(leased_until=mine.created_at))
    others = queue.claim(INCOMING)
    assert others
    queue.done(mine, [task(10)])
    assert queue.claim(OUTGOING) is None
    queue.done(others, [task(10), task(11)])
    found = queue.claim(OUTGOING)
    assert found
    assert found.body == {"number": 10}
    with queue.engine.connect() as connection:
        sealed = sa.select(tables.queue.c.sealed).where(tables.queue.c.direction == INCOMING)
        assert connection.execute(sealed).scalars().all() == [None]
    assert queue.put(INCOMING, [task(1)]) == 0  # still known
    queue.engine.dispose()


def test_a_task_that_cannot_be_read_stops_nobody(url: str) -> None:
    queue = open_queue(url)
    queue.put(OUTGOING, [task(1), task(2)])
    other = Queue(queue.engine, Keyring.parse(OTHER_KEY))
    assert other.claim(OUTGOING) is None
    found = queue.claim(OUTGOING)
    assert found
    assert found.body == {"number": 2}
    assert queue.waiting()["given_up"] == 1
    for number, damaged in enumerate((None, "", "x", "no key.abc"), 3):
        queue.put(OUTGOING, [task(number, f"talk{number}")])
        with queue.engine.begin() as connection:
            mine = tables.queue.c.key == f"key{number}"
            connection.execute(tables.queue.update().where(mine).values(sealed=damaged))
        assert queue.claim(OUTGOING) is None
    assert queue.waiting()["given_up"] == 5
    queue.engine.dispose()


def test_what_was_done_is_known_for_a_day(url: str) -> None:
    queue = open_queue(url)
    queue.put(INCOMING, [task(1, message="m1"), task(2, message="m2")])
    for _ in range(2):
        claimed = queue.claim(INCOMING)
        assert claimed
        queue.done(claimed)
    day = timedelta(days=1)
    for key, over in (("key1", timedelta(minutes=1)), ("key2", -timedelta(minutes=1))):
        with queue.engine.begin() as connection:
            mine = tables.queue.c.key == key
            connection.execute(tables.queue.update().where(mine).values(done_at=utc_now() - day + over))
    queue.purge()
    assert queue.put(INCOMING, [task(1), task(3, message="m1")]) == 0
    assert queue.put(INCOMING, [task(2, message="m2")]) == 1
    queue.purge()
    waiting = queue.claim(INCOMING)
    assert waiting  # what waits is not forgotten
    assert waiting.key == "key2"
    queue.engine.dispose()


def test_what_slack_waits_for_is_stored_soon_while_others_write(tmp_path: Path) -> None:
    queue, over = open_queue(f"sqlite:///{tmp_path / 'npq.db'}"), threading.Event()
    queue.prepare()

    def others(place: int) -> None:
        for number in itertools.count(place * 1_000_000):
            if over.is_set():
                return
            queue.put(OUTGOING, [task(number, f"talk{place}")])
            claimed = queue.claim(OUTGOING)
            if claimed:
                queue.done(claimed)

    threads = [threading.Thread(target=others, args=(place,)) for place in range(1, 9)]
    for thread in threads:
        thread.start()
    taken = []
    for number in range(300):
        began = time.perf_counter()
        queue.put(INCOMING, [task(number)])
        taken.append(time.perf_counter() - began)
        time.sleep(0.01)
    over.set()
    for thread in threads:
        thread.join()
    assert max(taken) < 0.45  # without a lock of our own, some wait for a second
    queue.engine.dispose()


def _work(url: str, results: Any) -> None:
    queue = open_queue(url)
    done = []
    misses = 0
    while misses < 20:
        claimed = queue.claim(INCOMING)
        if claimed is None:
            misses += 1
            continue
        done.append((claimed.talk, claimed.body["number"]))
        queue.done(claimed, [Task(f"out{claimed.key}", claimed.talk, "post", claimed.body)])
    results.put(done)


def test_two_processes_share_the_work_and_double_nothing(url: str) -> None:
    queue = open_queue(url)
    queue.put(INCOMING, [task(number, f"talk{number % 7}") for number in range(60)])
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    workers = [context.Process(target=_work, args=(url, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    found = [results.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    assert sorted(number for done in found for _talk, number in done) == list(range(60))
    for done in found:
        for talk in {talk for talk, _ in done}:
            mine = [number for name, number in done if name == talk]
            assert mine == sorted(mine)
    with queue.engine.connect() as connection:
        sent = sa.select(sa.func.count()).where(tables.queue.c.direction == OUTGOING)
        assert connection.execute(sent).scalar() == 60
    queue.engine.dispose()
