"""Nothing is kept longer than promised, and what a person wants erased is erased everywhere."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from guidance.interest import audit, database, months, outbox
from guidance.interest.keys import Unreadable
from guidance.interest.store import Store, same_address
from guidance.interest.tables import (
    consents,
    drafts,
    events,
    handoff_lines,
    handoffs,
    interests,
    rights_requests,
    sessions,
    turns,
)
from guidance.interest.tables import outbox as deliveries

logger = logging.getLogger(__name__)

AT_ONCE = 500  # rows a transaction, so that a big purge keeps nobody waiting
EVERY = timedelta(hours=24)
DRAFTS_KEPT = timedelta(hours=24)  # as long as a session may lie idle
DRAFT = "draft"  # the name under which a draft is encrypted
# Where a conversation leaves its words, with the columns of the conversation, the time and the row.
TRANSCRIPTS: tuple[tuple[Any, Any, Any, Any], ...] = (
    (drafts, drafts.c.session, drafts.c.updated_at, drafts.c.session),
    (turns, turns.c.session, turns.c.at, turns.c.id),
    (events, events.c.sender_id, events.c.timestamp, events.c.id),
    (handoff_lines, handoff_lines.c.conversation, handoff_lines.c.at, handoff_lines.c.id),
    (handoffs, handoffs.c.conversation, handoffs.c.created_at, handoffs.c.id),
    (sessions, sessions.c.conversation, sessions.c.seen_at, sessions.c.token_sha256),
)


@dataclass(frozen=True)
class Erased:
    """What an erasure removed, and what it cannot reach."""

    references: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    delivered: list[tuple[str, str]] = field(default_factory=list)  # (reference, destination): erase there by hand


@dataclass
class Retention:
    """Purging and erasing."""

    store: Store
    transcript_days: int = 90

    def purge(self, who: str = audit.SERVICE) -> dict[str, int]:
        """Delete what is older than promised; returns rows deleted by table. Stopped half-way, it can be repeated."""
        engine, now = self.store.engine, self.store.now()
        self.store.prepare()
        removed = {"interests": self._purge_interests(now, who)}
        oldest = now - timedelta(days=self.transcript_days)
        for table, _conversation, at, row in self._transcripts():
            limit = oldest.timestamp() if at is events.c.timestamp else oldest
            if table is drafts:
                limit = now - DRAFTS_KEPT
            wanted = sa.select(row).where(at < limit).limit(AT_ONCE)
            removed[table.name] = 0
            while deleted := self._delete(table.delete().where(row.in_(wanted))):
                removed[table.name] += deleted
        asked = rights_requests.c
        done = (asked.status == "done") & (asked.closed_at < months.shift(now, -self.store.keep_months))
        removed["rights_requests"] = self._delete(rights_requests.delete().where(done))
        told = deliveries.c.interest_id.is_(None) & (deliveries.c.sent_at < oldest)
        removed["outbox"] = self._delete(deliveries.delete().where(told))
        with database.writing(engine) as connection:
            connection.execute(rights_requests.update().where(asked.created_at < oldest).values(session=None))
            detail = ", ".join(f"{name} {number}" for name, number in removed.items())
            audit.record(connection, "purged", now, who=who, detail=detail)
        if any(removed.values()):
            database.forget_old_pages(engine)
        return removed

    def purge_if_due(self) -> None:
        """Purge when nobody has for a day."""
        with self.store.engine.connect() as connection:
            last = audit.last(connection, "purged")
        if last is None or last <= self.store.now() - EVERY:
            logger.info("Purged: %s.", self.purge())

    def _purge_interests(self, now: datetime, who: str) -> int:
        """Those past the day people were told, or past the present setting if that is shorter."""
        late = (interests.c.expires_at <= now) | (interests.c.created_at <= months.shift(now, -self.store.keep_months))
        query = sa.select(interests.c.id, interests.c.reference).where(late).limit(AT_ONCE)
        total = 0
        while True:
            with database.alone(self.store.engine, database.PURGE_LOCK) as connection:
                found = connection.execute(query).all()
                if not found:
                    return total
                _remove(connection, [row.id for row in found])
                for row in found:
                    audit.record(connection, "expired", now, who=who, reference=row.reference)
            total += len(found)

    def _delete(self, statement: Any) -> int:
        with database.alone(self.store.engine, database.PURGE_LOCK) as connection:
            return int(connection.execute(statement).rowcount)

    def _transcripts(self) -> list[tuple[Any, Any, Any, Any]]:
        """The tables of transcripts that exist yet."""
        known = sa.inspect(self.store.engine).get_table_names()
        return [entry for entry in TRANSCRIPTS if entry[0].name in known]

    def concerned(self, *, email: str | None = None, reference: str | None = None) -> tuple[list[str], list[str]]:
        """The references and conversations an erasure would remove."""
        self.store.prepare()
        with self.store.engine.connect() as connection:
            database.be_patient(connection)
            talks = set()
            if email:
                references = self.store.references_of(email)
                talks |= self._typed_in(connection, same_address(email)) | self._drafted(
                    connection, same_address(email)
                )
            else:
                asked = sa.select(rights_requests.c.session).where(rights_requests.c.reference == reference)
                talks |= {session for session in connection.execute(asked).scalars() if session}
                named = sa.select(rights_requests.c.about).where(rights_requests.c.reference == reference)
                wanted = [reference, *(connection.execute(named).scalar() or "").split()]
                mine = interests.c.reference.in_(wanted) | interests.c.session.in_(talks)
                references = list(connection.execute(sa.select(interests.c.reference).where(mine)).scalars())
            query = sa.select(interests.c.session).where(interests.c.reference.in_(references))
            talks |= set(connection.execute(query).scalars())
        return references, sorted(talks)

    def _drafted(self, connection: sa.engine.Connection, address: str) -> set[str]:
        """The conversations in which an address was left and not sent yet."""
        found = set()
        for row in connection.execute(sa.select(drafts)).mappings():
            try:
                draft = json.loads(self.store.keyring.decrypt(row["sealed"], row["session"], DRAFT))
            except Unreadable:
                continue
            if address in {
                same_address(given) for given in (draft.get("email"), *draft.get("email_maybe", ())) if given
            }:
                found.add(row["session"])
        return found

    def _typed_in(self, connection: sa.engine.Connection, address: str) -> set[str]:
        """The conversations in which an address was typed or shown, also without anything being submitted."""
        whole = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)")
        like = "%" + re.sub(r"([%_\\])", r"\\\1", address) + "%"
        texts = ((turns, turns.c.session, turns.c.said), (turns, turns.c.session, turns.c.replied))
        known = {entry[0].name for entry in self._transcripts()}
        found = set()
        for table, conversation, column in (*texts, (events, events.c.sender_id, events.c.data)):
            if table.name not in known:
                continue
            text = sa.func.lower(sa.cast(column, sa.Text))
            query = sa.select(conversation, text).where(text.like(like, escape="\\"))
            for talk, said in connection.execute(query):
                if talk not in found and whole.search(re.sub(r"\\[nrt]", " ", said)):  # JSON's line ends
                    found.add(talk)
        return found

    def forget(self, talk: str) -> dict[str, int]:
        """Delete a conversation at the wish of the visitor who is in it; returns rows deleted by table.

        What was registered in it stays: that is for `erase`.

        Raises:
            SQLAlchemyError: the database does not take it; nothing is deleted.
        """
        self.store.prepare()
        tables = self._transcripts()
        with database.writing(self.store.engine) as connection:
            rows = {
                table.name: int(connection.execute(table.delete().where(conversation == talk)).rowcount)
                for table, conversation, _at, _row in tables
            }
            detail = ", ".join(f"{name} {number}" for name, number in rows.items())
            audit.record(connection, "forgotten", self.store.now(), who="visitor", detail=detail)
        database.forget_old_pages(self.store.engine)
        return rows

    def erase(self, who: str, *, email: str | None = None, reference: str | None = None) -> Erased:
        """Remove everything about a person in one transaction; an audit entry without personal data remains."""
        references, talks = self.concerned(email=email, reference=reference)
        now = self.store.now()
        tables = self._transcripts()
        with database.writing(self.store.engine) as connection:
            database.be_patient(connection)
            sent = _sent(connection, references)
            query = sa.select(interests.c.id).where(interests.c.reference.in_(references))
            rows = _remove(connection, list(connection.execute(query).scalars()))
            for table, conversation, _at, _row in tables:
                statement = table.delete().where(conversation.in_(talks))
                rows[table.name] = int(connection.execute(statement).rowcount)
            asked = rights_requests.c.session.in_(talks) | (rights_requests.c.reference == reference)
            connection.execute(rights_requests.update().where(asked).values(session=None))
            detail = ", ".join(f"{name} {number}" for name, number in rows.items())
            entries: list[str | None] = [*references] or [reference]
            for one in entries:
                audit.record(connection, "erased", now, who=who, reference=one, detail=detail)
        database.forget_old_pages(self.store.engine)
        return Erased(references, rows, sent)


def _remove(connection: sa.engine.Connection, ids: list[str]) -> dict[str, int]:
    """Delete expressions of interest with all that hangs on them."""
    told = connection.execute(deliveries.delete().where(deliveries.c.interest_id.in_(ids))).rowcount
    agreed = connection.execute(consents.delete().where(consents.c.interest_id.in_(ids))).rowcount
    left = connection.execute(interests.delete().where(interests.c.id.in_(ids))).rowcount
    return {"interests": int(left), "consents": int(agreed), "outbox": int(told)}


def _sent(connection: sa.engine.Connection, references: Iterable[str]) -> list[tuple[str, str]]:
    found = []
    for reference in references:
        for destination, told in outbox.states(connection, reference).get(reference, {}).items():
            if told["attempts"]:  # also when no answer came: it may have arrived
                found.append((reference, destination))
    return found
