"""Sessions: made by the server, impossible to guess, never chosen by the visitor."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa

from bot.channels.turns import metadata

TOKEN_BYTES = 24  # 192 random bits
IDLE = timedelta(hours=24)
LONGEST = timedelta(days=7)

# The database holds a digest: who reads it cannot take over a visitor's conversation.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_sha256", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(48), nullable=False, unique=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
)


def new_conversation() -> str:
    """A new conversation id, not a secret but impossible to guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Sessions:
    """Visitors' sessions in the service's database."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self.engine = engine
        metadata.create_all(engine)

    def create(self) -> str:
        """Start a session; returns the secret token for the visitor."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), datetime.now(timezone.utc)
        row = {
            "token_sha256": _digest(token),
            "conversation": new_conversation(),
            "created_at": now,
            "seen_at": now,
        }
        with self.engine.begin() as connection:
            connection.execute(sessions.insert().values(**row))
        return token

    def conversation(self, token: str) -> str | None:
        """The conversation of a live session, marking it as seen; None when unknown or expired."""
        now = datetime.now(timezone.utc)
        mine = sessions.c.token_sha256 == _digest(token)
        with self.engine.begin() as connection:
            row = connection.execute(sa.select(sessions).where(mine)).mappings().first()
            if row is None or _utc(row["seen_at"]) < now - IDLE or _utc(row["created_at"]) < now - LONGEST:
                return None
            connection.execute(sessions.update().where(mine).values(seen_at=now))
            return str(row["conversation"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
