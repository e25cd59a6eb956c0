"""Sessions: made by the server, impossible to guess, never chosen by the visitor."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from actions.privacy import FOR_NOW
from bot.channels.turns import Tables, metadata
from guidance.interest.tables import utc

logger = logging.getLogger(__name__)

MOST_SEEN = 2000  # sessions known from memory
TOKEN_BYTES = 24  # 192 random bits
_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)  # so many bytes in base64
IDLE = timedelta(hours=24)
LONGEST = timedelta(days=7)
SEEN_AGAIN = timedelta(minutes=1)  # a session is not marked as seen more often: a transaction for each message

# The database holds a digest: who reads it cannot take over a visitor's conversation.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_sha256", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(48), nullable=False, unique=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
)
_OF = sa.select(sessions).where(sessions.c.token_sha256 == sa.bindparam("digest"))  # made once: see `turns`


def new_conversation() -> str:
    """A new conversation id, not a secret but impossible to guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Sessions:
    """Visitors' sessions in the service's database.

    While the database is down, those seen lately and new ones are known from memory; new ones are stored when it is
    back and they come again. One that is not known even so, after a restart, gets a conversation for the meantime: its
    own is not lost to the visitor, who would be told to start a new one otherwise.
    """

    def __init__(self, engine: sa.engine.Engine) -> None:
        self.engine = engine
        self._seen: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._unsaved: set[str] = set()
        self._tables = Tables(engine)

    def create(self) -> str:
        """Start a session; returns the secret token for the visitor."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), datetime.now(timezone.utc)
        digest = _digest(token)
        row = {
            "token_sha256": digest,
            "conversation": new_conversation(),
            "created_at": now,
            "seen_at": now,
        }
        self._remember(row)
        try:
            self._tables.make()
            with self.engine.begin() as connection:
                connection.execute(sessions.insert().values(**row))
        except SQLAlchemyError as error:
            self._unsaved.add(digest)
            logger.warning("A session is held in memory: the database does not take it (%s).", type(error).__name__)
        return token

    def conversation(self, token: str, *, seen: bool = True) -> str | None:
        """The conversation of a live session; None when unknown or expired. Marks it as seen, unless told not to."""
        now, digest = datetime.now(timezone.utc), _digest(token)
        try:
            self._tables.make()
            with self.engine.connect() as connection:
                found = connection.execute(_OF, {"digest": digest}).mappings().first()
        except SQLAlchemyError as error:
            logger.warning("Sessions are known from memory only (%s).", type(error).__name__)
            row = self._seen.get(digest)
            if row is None:
                return _for_now(token, digest)
            return None if _over(row, now) else str(row["conversation"])
        # Known from memory alone, it was either never stored, or erased or purged meanwhile.
        row = dict(found) if found else self._seen.get(digest) if digest in self._unsaved else None
        if row is None or _over(row, now):
            self._seen.pop(digest, None)
            return None
        if seen:
            new = found is None
            if new or utc(row["seen_at"]) < now - SEEN_AGAIN:
                row["seen_at"] = now
                self._save(row, new=new)
            self._remember(row)
        return str(row["conversation"])

    def _save(self, row: dict[str, Any], *, new: bool) -> None:
        mine = sessions.c.token_sha256 == row["token_sha256"]
        change = (
            sessions.insert().values(**row) if new else sessions.update().where(mine).values(seen_at=row["seen_at"])
        )
        try:
            with self.engine.begin() as connection:
                connection.execute(change)
            self._unsaved.discard(row["token_sha256"])
        except SQLAlchemyError as error:
            logger.warning("A session is not marked as seen (%s).", type(error).__name__)

    def end(self, token: str) -> None:
        """End a session: its token is worth nothing any more.

        Raises:
            SQLAlchemyError: the database cannot be used, so the session lives on.
        """
        digest = _digest(token)
        self._tables.make()
        with self.engine.begin() as connection:
            connection.execute(sessions.delete().where(sessions.c.token_sha256 == digest))
        self.forget(token)

    def forget(self, token: str) -> None:
        """Drop what memory holds of a session."""
        self._seen.pop(_digest(token), None)
        self._unsaved.discard(_digest(token))

    def _remember(self, row: dict[str, Any]) -> None:
        self._seen[row["token_sha256"]] = row
        self._seen.move_to_end(row["token_sha256"])
        while len(self._seen) > MOST_SEEN:
            self._unsaved.discard(self._seen.popitem(last=False)[0])


def _for_now(token: str, digest: str) -> str | None:
    return FOR_NOW + digest[:40] if _TOKEN.fullmatch(token) else None


def _over(row: Mapping[str, Any], now: datetime) -> bool:
    return utc(row["seen_at"]) < now - IDLE or utc(row["created_at"]) < now - LONGEST


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
