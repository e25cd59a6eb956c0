"""The database of handoffs. Each step is one transaction: the state, the turn the visitor sees, what goes to Slack."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.channels.slack.queue import OUTGOING, Queue, Task
from bot.channels.slack.tables import queue as slack_queue
from bot.channels.turns import TurnLog
from bot.handoff.tables import ACTIVE, CLOSED, HANDOFF, OFFERED, REQUESTED, Handoff, handoffs, lines
from guidance.interest import database
from guidance.interest.keys import Keyring, Unreadable
from guidance.interest.store import Clock, utc_now
from guidance.interest.tables import utc

SEALED = "handoff"  # the name under which lines are encrypted
TOPIC = "person"  # turns with a person are counted under the topic of asking for one


class Store:
    """Reads handoffs and opens changes."""

    def __init__(self, queue: Queue, turns: TurnLog, keyring: Keyring, now: Clock = utc_now) -> None:
        self.engine = queue.engine
        self.queue = queue
        self.turns = turns
        self.keyring = keyring
        self.now = now
        self._prepared = database.Prepared(queue.engine, HANDOFF)

    def prepare(self) -> None:
        """Make the tables, once.

        Raises:
            SQLAlchemyError: the database cannot be used; so do all other methods.
        """
        self.queue.prepare()
        self._prepared.engine()

    def latest(self, conversation: str) -> Handoff | None:
        """The latest handoff of a conversation."""
        newest = handoffs.c.created_at.desc()
        return self._one(sa.select(handoffs).where(handoffs.c.conversation == conversation).order_by(newest).limit(1))

    def all_of(self, conversation: str) -> list[Handoff]:
        """All handoffs of a conversation, the latest first."""
        self.prepare()
        newest = handoffs.c.created_at.desc()
        query = sa.select(handoffs).where(handoffs.c.conversation == conversation).order_by(newest)
        with self.engine.connect() as connection:
            return [_handoff(row) for row in connection.execute(query).mappings()]

    def by_id(self, number: str) -> Handoff | None:
        """A handoff."""
        return self._one(sa.select(handoffs).where(handoffs.c.id == number))

    def by_thread(self, thread: str) -> Handoff | None:
        """The handoff of a thread in the staff channel."""
        return self._one(sa.select(handoffs).where(handoffs.c.thread == thread))

    def _one(self, query: Any) -> Handoff | None:
        self.prepare()
        with self.engine.connect() as connection:
            return _read(connection, query)

    def under_way(self, since: datetime) -> list[Handoff]:
        """Those a clock matters to: requested or active, or closed without their thread since a time."""
        self.prepare()
        hidden = handoffs.c.thread.is_(None) & (handoffs.c.requested_at > since)
        query = sa.select(handoffs).where(handoffs.c.state.in_((REQUESTED, ACTIVE)) | hidden)
        with self.engine.connect() as connection:
            return [_handoff(row) for row in connection.execute(query).mappings()]

    def unposted(self, handoff: Handoff, before: datetime) -> list[int]:
        """The lines that should be in the thread since a time and are not, as far as is known."""
        mine = (lines.c.handoff == handoff.id) & lines.c.posted_at.is_(None) & (lines.c.at < before)
        with self.engine.connect() as connection:
            return [int(number) for number in connection.execute(sa.select(lines.c.id).where(mine)).scalars()]

    def known(self, handoff: Handoff, key: str) -> bool:
        """Whether something was passed on."""
        mine = (lines.c.handoff == handoff.id) & (lines.c.key == key)
        with self.engine.connect() as connection:
            return connection.execute(sa.select(lines.c.id).where(mine)).first() is not None

    @contextmanager
    def change(self) -> Iterator[Change]:
        """A transaction: all of what is done in it, or nothing."""
        self.prepare()
        with database.writing(self.engine) as connection:
            yield Change(self, connection)


class Change:
    """What can be done in one transaction."""

    def __init__(self, store: Store, connection: sa.engine.Connection) -> None:
        self._store = store
        self._connection = connection
        self.now = store.now()

    def offer(self, conversation: str, reason: str, page: str | None, key: str, *, strict: bool) -> bool:
        """Note that a person was offered; False when there is an open handoff already."""
        row = {
            "id": uuid.uuid4().hex, "conversation": conversation, "state": OFFERED, "reason": reason[:200],
            "page": page[:300] if page else None, "key": key, "strict": strict, "created_at": self.now,
            "visitor_lines": 0, "agent_lines": 0,
        }  # fmt: skip
        return bool(database.insert_new(self._connection, handoffs, row).rowcount)

    def move(self, handoff: Handoff, states: Sequence[str], when: Any = None, **values: Any) -> Handoff | None:
        """Change it if it is in one of these states still (and `when` holds); None when somebody was faster."""
        mine = (handoffs.c.id == handoff.id) & handoffs.c.state.in_(states)
        if when is not None:
            mine &= when
        if not self._connection.execute(handoffs.update().where(mine).values(**values)).rowcount:
            return None
        return _read(self._connection, sa.select(handoffs).where(handoffs.c.id == handoff.id))

    def close(self, handoff: Handoff, states: Sequence[str], why: str, **values: Any) -> Handoff | None:
        """Close it, if it is in one of these states still."""
        return self.move(handoff, states, state=CLOSED, why=why, closed_at=self.now, **values)

    def line(self, handoff: Handoff, key: str, text: str | None, *, posted: bool = False) -> int | None:
        """Note something to pass on, with its text where that has to wait; its number, None when it is known."""
        row = {
            "handoff": handoff.id, "conversation": handoff.conversation, "key": key, "at": self.now,
            "sealed": self._store.keyring.encrypt(text, handoff.id, SEALED) if text is not None else None,
            "posted_at": self.now if posted else None,
        }  # fmt: skip
        done = database.insert_new(self._connection, lines, row)
        return int(done.inserted_primary_key[0]) if done.rowcount else None

    def waiting_lines(self, handoff: Handoff) -> list[tuple[int, str]]:
        """The lines that waited for the thread, oldest first; they wait no more, and are on their way from now."""
        mine = (lines.c.handoff == handoff.id) & lines.c.sealed.is_not(None)
        rows = self._connection.execute(sa.select(lines.c.id, lines.c.sealed).where(mine).order_by(lines.c.id)).all()
        self._connection.execute(lines.update().where(mine).values(sealed=None, at=self.now))
        found = []
        for row in rows:
            try:
                found.append((int(row.id), self._store.keyring.decrypt(row.sealed, handoff.id, SEALED)))
            except Unreadable:
                continue
        return found

    def posted(self, number: int) -> None:
        """A line is in the thread."""
        self._connection.execute(lines.update().where(lines.c.id == number).values(posted_at=self.now))

    def turn(self, handoff: Handoff, reply: dict[str, Any], said: str = "", key: str = "") -> tuple[int, datetime]:
        """Store a turn that the visitor sees: `reply` has "messages" and what differs from an ordinary one."""
        whole = {
            "session": handoff.conversation, "buttons": [], "sources": [], "status": "handover", "intent": None,
            "confidence": None, "topics": [TOPIC], "programmes": [], "ms": 0.0, "asking": None, "person": None,
            **reply,
        }  # fmt: skip
        return self._store.turns.add(whole, said, "web", key, self._connection)

    def send(self, *tasks: Task) -> None:
        """Send something to Slack."""
        self._store.queue.put(OUTGOING, tasks, self._connection)

    def unsend(self, handoff: Handoff) -> None:
        """Take back what has not gone to Slack yet."""
        mine = (slack_queue.c.direction == OUTGOING) & (slack_queue.c.talk == handoff.talk)
        self._connection.execute(slack_queue.delete().where(mine & slack_queue.c.done_at.is_(None)))

    def words_in_slack(self, handoff: Handoff) -> list[str]:
        """The times of the messages in Slack that hold words of the visitor, as far as they are known: for a day."""
        mine = (slack_queue.c.direction == OUTGOING) & (slack_queue.c.talk == handoff.talk)
        words = slack_queue.c.key.like("%:line:%") | slack_queue.c.key.like("%:transcript:%")
        query = sa.select(slack_queue.c.result).where(mine & words & slack_queue.c.result.is_not(None))
        return [str(ts) for ts in self._connection.execute(query).scalars()]


def _read(connection: sa.engine.Connection, query: Any) -> Handoff | None:
    row = connection.execute(query).mappings().first()
    return _handoff(row) if row else None


def _handoff(row: Any) -> Handoff:
    values: dict[str, Any] = {name: utc(value) if isinstance(value, datetime) else value for name, value in row.items()}
    return Handoff(**values)
