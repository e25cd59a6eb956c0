"""What waits: stored before it is acknowledged, in order within a talk, done once, by whichever process comes first.

Two queues in one table: what came from Slack (`INCOMING`) and what is to be sent to it (`OUTGOING`). A claim is a
lease: a process that dies keeps it until the lease runs out. What is done keeps its key, so that it is known when it
comes again, and loses its content.
"""

from __future__ import annotations

import json
import random
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.channels.slack.tables import SLACK, queue, threads
from guidance.interest import database
from guidance.interest.keys import Keyring, Unreadable
from guidance.interest.store import utc_now
from guidance.interest.tables import utc

INCOMING, OUTGOING = "in", "out"
LEASE = timedelta(seconds=40)  # longer than a turn or a call may take
KNOWN = timedelta(hours=24)  # for which keys are known; Slack sends again for 6 minutes, rarely for hours
GIVE_UP = timedelta(hours=4)  # a message of longer ago helps nobody
FIRST_DELAY, LONGEST_DELAY = 1.0, 120.0  # seconds
TURN_SECONDS = 0.5  # in which a writer of this process is done, unless the database is held by somebody else
THREADS_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Task:
    """One thing to do. `key` names it for ever; things of the same `talk` are done one after the other."""

    key: str
    talk: str
    kind: str
    body: dict[str, Any] = field(repr=False)
    message: str | None = None


@dataclass(frozen=True)
class Claimed(Task):
    """A task that this process has, for as long as the lease."""

    id: int = 0
    attempts: int = 0
    lease: str = ""
    created_at: datetime = datetime.min


class Queue:
    """Both queues, in the database of the service."""

    def __init__(self, engine: sa.engine.Engine, keyring: Keyring) -> None:
        """`engine` must be one of `database.connect`."""
        self.engine = engine
        self._keyring = keyring
        self._prepared = database.Prepared(engine, SLACK)
        # SQLite takes one writer at a time, and lets the others look again after ever longer sleeps: a receipt may then
        # wait for many that came later. A lock of our own hands over at once.
        self._writer = threading.Lock() if engine.dialect.name == "sqlite" else None

    def prepare(self) -> None:
        """Make the tables, once.

        Raises:
            SQLAlchemyError: the database cannot be used.
        """
        self._prepared.engine()

    @contextmanager
    def _writing(self, connection: sa.engine.Connection | None = None) -> Iterator[sa.engine.Connection]:
        self.prepare()
        if connection is not None:  # the caller's transaction
            yield connection
            return
        # Nothing but speed depends on it. While another process holds the database, nobody waits for it in vain.
        mine = self._writer is not None and self._writer.acquire(timeout=TURN_SECONDS)
        try:
            with database.writing(self.engine) as own:
                yield own
        finally:
            if mine and self._writer is not None:
                self._writer.release()

    def put(self, direction: str, tasks: Sequence[Task], connection: sa.engine.Connection | None = None) -> int:
        """Store tasks, all or none; returns how many of them were new. Those known by key or message are left alone.

        Raises:
            SQLAlchemyError: the database does not take them.
        """
        new = 0
        with self._writing(connection) as open_one:
            for task in tasks:
                new += self._insert(direction, task, open_one)
        return new

    def _insert(self, direction: str, task: Task, connection: sa.engine.Connection) -> int:
        now = utc_now()
        row = {
            "direction": direction, "key": task.key, "message": task.message, "talk": task.talk, "kind": task.kind,
            "sealed": self._keyring.encrypt(json.dumps(task.body), task.key, direction), "created_at": now,
            "due_at": now, "attempts": 0,
        }  # fmt: skip
        return int(database.insert_new(connection, queue, row).rowcount)

    def claim(self, direction: str) -> Claimed | None:
        """Take what has waited longest and has nothing before it in its talk.

        Raises:
            SQLAlchemyError: the database cannot be used.
        """
        self.prepare()
        now = utc_now()
        earlier = queue.alias()
        first = ~(
            sa.select(earlier.c.id)
            .where((earlier.c.direction == direction) & earlier.c.done_at.is_(None))
            .where((earlier.c.talk == queue.c.talk) & (earlier.c.id < queue.c.id))
            .exists()
        )
        mine = (queue.c.direction == direction) & queue.c.done_at.is_(None) & (queue.c.due_at <= now)
        free = queue.c.lease.is_(None) | (queue.c.leased_until < now)
        query = sa.select(queue).where(mine & free & first).order_by(queue.c.id).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        lease = uuid.uuid4().hex
        taken = {"lease": lease, "leased_until": now + LEASE, "attempts": queue.c.attempts + 1}
        with self._writing() as connection:
            claim = queue.update().where((queue.c.id == row["id"]) & mine & free).values(**taken)
            if not connection.execute(claim).rowcount:
                return None  # another process was faster
        task = Claimed(
            row["key"], row["talk"], row["kind"], {}, row["message"], row["id"], row["attempts"] + 1, lease,
            utc(row["created_at"]),
        )  # fmt: skip
        try:
            return replace(task, body=json.loads(self._keyring.decrypt(row["sealed"], row["key"], direction)))
        except (Unreadable, ValueError, AttributeError):  # its key or content is gone: it must not stop the others
            self.done(task, problem="encrypted with a key that is gone, or damaged")
            return None

    def done(
        self, task: Claimed, tasks: Sequence[Task] = (), *, result: str | None = None, problem: str | None = None
    ) -> None:
        """It is done, or given up because of a problem; what follows from it is to be sent, in the same transaction.

        Raises:
            SQLAlchemyError: the database does not take it; the task will be done again.
        """
        over = {"done_at": utc_now(), "sealed": None, "lease": None, "leased_until": None, "result": result}
        mine = (queue.c.id == task.id) & (queue.c.lease == task.lease)
        with self._writing() as connection:
            if connection.execute(queue.update().where(mine).values(problem=_short(problem), **over)).rowcount:
                self.put(OUTGOING, tasks, connection)

    def later(self, task: Claimed, problem: str, wait: float | None = None) -> bool:
        """It did not work: try again after a while, or after `wait` seconds; True when it is given up instead.

        Raises:
            SQLAlchemyError: the database does not take it; the task comes back when its lease is over.
        """
        if utc_now() - task.created_at > GIVE_UP:
            self.done(task, problem=problem)
            return True
        delay = random.uniform(0.5, 1.0) * min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(task.attempts - 1, 10))
        values = {"lease": None, "leased_until": None, "problem": _short(problem)}
        mine = (queue.c.id == task.id) & (queue.c.lease == task.lease)
        with self._writing() as connection:
            due = utc_now() + timedelta(seconds=delay if wait is None else wait)
            connection.execute(queue.update().where(mine).values(due_at=due, **values))
        return False

    def result(self, direction: str, key: str) -> str | None:
        """What came of a task: for a posted message its time in Slack.

        Raises:
            SQLAlchemyError: the database cannot be read.
        """
        self.prepare()
        mine = (queue.c.direction == direction) & (queue.c.key == key)
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(queue.c.result).where(mine)).scalar()
        return str(found) if found else None

    def waiting(self) -> dict[str, Any]:
        """How much waits and was given up, and since when the oldest waits, for health.

        Raises:
            SQLAlchemyError: the database cannot be read.
        """
        self.prepare()
        open_ones = queue.c.done_at.is_(None)
        given_up = queue.c.done_at.is_not(None) & queue.c.problem.is_not(None)
        with self.engine.connect() as connection:
            number, oldest = connection.execute(
                sa.select(sa.func.count(), sa.func.min(queue.c.created_at)).where(open_ones)
            ).one()
            dead = connection.execute(sa.select(sa.func.count()).where(given_up)).scalar()
        since = utc(oldest).isoformat(timespec="seconds") if oldest else None
        return {"waiting": number, "given_up": dead, "oldest_waiting_since": since}

    def remember_thread(self, thread: str, asker: str) -> None:
        """Note who asked the guide first in a thread.

        Raises:
            SQLAlchemyError: the database does not take it.
        """
        with self._writing() as connection:
            database.insert_new(connection, threads, {"thread": thread, "asker": asker, "at": utc_now()})

    def asker(self, thread: str) -> str | None:
        """Who asked the guide first in a thread; None where nobody has.

        Raises:
            SQLAlchemyError: the database cannot be read.
        """
        self.prepare()
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(threads.c.asker).where(threads.c.thread == thread)).scalar()
        return str(found) if found else None

    def purge(self) -> None:
        """Forget the keys of what was done a day ago, and threads nobody wrote to for long.

        Raises:
            SQLAlchemyError: the database cannot be used.
        """
        with self._writing() as connection:
            connection.execute(queue.delete().where(queue.c.done_at < utc_now() - KNOWN))
            connection.execute(threads.delete().where(threads.c.at < utc_now() - THREADS_KEPT))


def _short(problem: str | None) -> str | None:
    return problem[:120] if problem else None
