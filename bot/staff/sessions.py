"""Sessions of staff in the service's database: any process knows them, and signing out ends them for good."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta, timezone
from pathlib import Path

import sqlalchemy as sa

from bot.staff.users import User, Users
from guidance.interest import database
from guidance.interest.tables import utc

STAFF = database.Tables(Path(__file__).resolve().parent / "migrations", "staff_version")
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
TOKEN_BYTES = 32

metadata = sa.MetaData()
# Changes go into a new file in `migrations/versions`; a test compares the two. The database holds digests: who reads
# it cannot take over a session.
staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    sa.Column("token_sha256", sa.String(64), primary_key=True),
    sa.Column("who", sa.String(40), nullable=False, index=True),
    sa.Column("stamp", sa.String(16), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
)


def new_token() -> str:
    """A secret for a browser, not yet of anybody."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def form_token(token: str) -> str:
    """What the forms of a session carry: no other site can know it."""
    return hmac.new(token.encode(), b"npq staff form", hashlib.sha256).hexdigest()


def is_form_token(token: str, given: str) -> bool:
    """Whether a form belongs to the session."""
    return bool(token) and hmac.compare_digest(form_token(token).encode(), given.encode())


class StaffSessions:
    """Who is signed in.

    Raises:
        SQLAlchemyError: in all methods, when the database cannot be used. Then nobody is let in.
    """

    def __init__(self, engine: sa.engine.Engine, users: Users) -> None:
        self._users = users
        self._ready = database.Prepared(engine, STAFF).engine

    def begin(self, user: User) -> str:
        """Sign somebody in; the secret for the browser. Sessions that are over are cleared."""
        token, now = new_token(), _now()
        row = {"token_sha256": _digest(token), "who": user.name, "stamp": user.stamp, "created_at": now, "seen_at": now}
        over = (staff_sessions.c.seen_at < now - IDLE) | (staff_sessions.c.created_at < now - LONGEST)
        with database.writing(self._ready()) as connection:
            connection.execute(staff_sessions.delete().where(over))
            connection.execute(staff_sessions.insert().values(**row))
        return token

    def user(self, token: str) -> User | None:
        """Who is signed in with a token, as the users' file has them now; marks the session as used.

        Raises:
            UsersProblem: the users' file cannot be read.
        """
        if not token:
            return None
        now, mine = _now(), staff_sessions.c.token_sha256 == _digest(token)
        with self._ready().connect() as connection:
            row = connection.execute(sa.select(staff_sessions).where(mine)).mappings().first()
        if row is None or utc(row["seen_at"]) < now - IDLE or utc(row["created_at"]) < now - LONGEST:
            return None
        user = self._users.find(row["who"])
        if user is None or user.stamp != row["stamp"]:
            return None
        if utc(row["seen_at"]) < now - timedelta(minutes=1):
            with database.writing(self._ready()) as connection:
                connection.execute(staff_sessions.update().where(mine).values(seen_at=now))
        return user

    def end(self, token: str) -> None:
        """Sign out: the token is worth nothing any more."""
        with database.writing(self._ready()) as connection:
            connection.execute(staff_sessions.delete().where(staff_sessions.c.token_sha256 == _digest(token)))

    def end_all(self, name: str) -> None:
        """End all sessions of a user."""
        with database.writing(self._ready()) as connection:
            connection.execute(staff_sessions.delete().where(staff_sessions.c.who == name))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> datetime:
    return datetime.now(timezone.utc)
