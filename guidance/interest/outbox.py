"""What is still to be told to whom: claimed by one worker at a time, tried for hours, never silently dropped.

A claim is a lease. A worker that dies keeps it only until the lease runs out; then `sweep` gives the row back.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa

from guidance.interest.database import writing
from guidance.interest.tables import outbox, utc

LEASE = timedelta(minutes=3)  # far longer than any send may take
FIRST_DELAY = 4.0  # seconds, doubled with each attempt ...
LONGEST_DELAY = 900.0  # ... up to this
GIVE_UP_AFTER = timedelta(hours=4, minutes=30)  # since the first attempt; GOV.UK Notify tries for 4 hours
LEAST_ATTEMPTS = 12  # and not while the service itself was mostly off
CREATED, WITHDRAWN, RIGHTS = "interest.created", "interest.marketing_withdrawn", "rights_request.opened"
_WAITING = outbox.c.sent_at.is_(None) & outbox.c.dead_at.is_(None)


@dataclass(frozen=True)
class Delivery:
    """One event for one destination, claimed."""

    id: int
    event_id: str
    kind: str
    reference: str
    destination: str
    created_at: datetime
    attempts: int
    first_tried_at: datetime
    lease: str


def add(
    connection: sa.engine.Connection,
    kind: str,
    reference: str,
    destinations: Sequence[str],
    interest_id: str | None = None,
) -> None:
    """Put an event down for each destination, in the caller's transaction."""
    now = datetime.now(timezone.utc)
    for destination in destinations:
        row = {"kind": kind, "reference": reference, "interest_id": interest_id, "destination": destination}
        stamps = {"event_id": str(uuid.uuid4()), "created_at": now, "due_at": now, "attempts": 0}
        connection.execute(outbox.insert().values(**row, **stamps))


def claim(engine: sa.engine.Engine, destination: str, now: datetime) -> Delivery | None:
    """Take the row that has been due longest, if any, so that no other worker sends it.

    PostgreSQL skips rows which others are claiming; SQLite lets one claimer in at a time.
    """
    due = _WAITING & (outbox.c.destination == destination) & (outbox.c.due_at <= now) & outbox.c.lease.is_(None)
    query = sa.select(outbox).where(due).order_by(outbox.c.due_at, outbox.c.id).limit(1)
    with engine.connect() as connection:  # most often there is nothing: do not make writers wait to learn that
        if connection.execute(query).first() is None:
            return None
    with writing(engine) as connection:
        row = connection.execute(query.with_for_update(skip_locked=True)).mappings().first()
        if row is None:
            return None
        lease = uuid.uuid4().hex
        first = utc(row["first_tried_at"]) if row["first_tried_at"] else now
        taken = {"lease": lease, "leased_until": now + LEASE, "attempts": row["attempts"] + 1, "first_tried_at": first}
        connection.execute(outbox.update().where(outbox.c.id == row["id"]).values(**taken))
    names = ("id", "event_id", "kind", "reference", "destination")
    rest = {name: row[name] for name in names}
    created = utc(row["created_at"])
    return Delivery(**rest, created_at=created, attempts=row["attempts"] + 1, first_tried_at=first, lease=lease)


def sent(engine: sa.engine.Engine, delivery: Delivery, now: datetime) -> None:
    """The destination has it."""
    _finish(engine, delivery, sent_at=now, problem=None)


def failed(
    engine: sa.engine.Engine, delivery: Delivery, problem: str, now: datetime, wait: float | None = None
) -> bool:
    """It did not arrive: try later (`wait`: not before so many seconds), or give up. True when given up."""
    dead = gives_up(delivery.attempts, delivery.first_tried_at, now)
    later = now + timedelta(seconds=max(delay(delivery.attempts), wait or 0))
    _finish(engine, delivery, problem=problem[:120], dead_at=now if dead else None, due_at=later)
    return dead


def _finish(engine: sa.engine.Engine, delivery: Delivery, **values: Any) -> None:
    mine = (outbox.c.id == delivery.id) & (outbox.c.lease == delivery.lease)
    with writing(engine) as connection:
        connection.execute(outbox.update().where(mine).values(lease=None, leased_until=None, **values))


def delay(attempts: int) -> float:
    """Seconds until the next attempt: doubling, with full jitter, so that many rows do not come back at once."""
    return random.uniform(0, min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempts - 1, 20)))


def gives_up(attempts: int, first_tried_at: datetime, now: datetime) -> bool:
    """Whether it has been tried long and often enough to need a person."""
    return attempts >= LEAST_ATTEMPTS and now - first_tried_at >= GIVE_UP_AFTER


def sweep(engine: sa.engine.Engine, now: datetime) -> int:
    """Give back what workers that died had claimed; returns how many. A row that kills its worker ends dead, too."""
    lost = _WAITING & (outbox.c.leased_until < now)
    with engine.connect() as connection:
        if connection.execute(sa.select(outbox.c.id).where(lost).limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        rows = connection.execute(sa.select(outbox).where(lost).with_for_update(skip_locked=True)).mappings().all()
        for row in rows:
            dead = gives_up(row["attempts"], utc(row["first_tried_at"]), now)
            values = {
                "lease": None, "leased_until": None, "problem": "the worker stopped while sending",
                "dead_at": now if dead else None, "due_at": now + timedelta(seconds=delay(row["attempts"])),
            }  # fmt: skip
            connection.execute(outbox.update().where(outbox.c.id == row["id"]).values(**values))
        return len(rows)


def resend(engine: sa.engine.Engine, reference: str, now: datetime) -> int:
    """Try the dead letters of a reference again from the beginning; returns how many there are."""
    mine = (outbox.c.reference == reference) & outbox.c.dead_at.is_not(None)
    again = {"dead_at": None, "due_at": now, "attempts": 0, "first_tried_at": None, "lease": None}
    with writing(engine) as connection:
        return int(connection.execute(outbox.update().where(mine).values(leased_until=None, **again)).rowcount)


def states(connection: sa.engine.Connection, reference: str | None = None) -> dict[str, dict[str, dict[str, Any]]]:
    """For each reference and destination: `sent`, `waiting` or `dead`, since when, attempts, and the last problem."""
    query = sa.select(outbox).order_by(outbox.c.id)
    if reference:
        query = query.where(outbox.c.reference == reference)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in connection.execute(query).mappings():
        state = "sent" if row["sent_at"] else "dead" if row["dead_at"] else "waiting"
        since = utc(row["sent_at"] or row["dead_at"] or row["created_at"])
        told = {"state": state, "since": since, "attempts": row["attempts"], "problem": row["problem"]}
        name = row["destination"] if row["kind"] != WITHDRAWN else f"{row['destination']}, withdrawal"
        found.setdefault(row["reference"], {})[name] = told
    return found


def counts(connection: sa.engine.Connection, destinations: Sequence[str]) -> dict[str, Any]:
    """How many deliveries to these destinations wait or are dead, since when the oldest waits; and of each of them."""
    mine = outbox.c.destination.in_(destinations) & outbox.c.sent_at.is_(None)
    dead, oldest = sa.func.count(outbox.c.dead_at), sa.func.min(outbox.c.created_at).filter(_WAITING)
    query = sa.select(outbox.c.destination, sa.func.count() - dead, dead, oldest)
    parts = {name: {"waiting": 0, "dead": 0} for name in destinations}
    since = []
    for name, waiting, given_up, first in connection.execute(query.where(mine).group_by(outbox.c.destination)):
        parts[name] = {"waiting": waiting, "dead": given_up}
        since += [utc(first)] if first else []
    return {
        "waiting": sum(part["waiting"] for part in parts.values()),
        "dead": sum(part["dead"] for part in parts.values()),
        "oldest_waiting_since": min(since, default=None),
        "parts": parts,
    }
