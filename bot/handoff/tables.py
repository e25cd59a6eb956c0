"""Who asked for a person and what became of it.

Changes go into a new file in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from guidance.interest import database

metadata = sa.MetaData()
Moment = sa.DateTime(timezone=True)
HANDOFF = database.Tables(Path(__file__).resolve().parent / "migrations", "handoff_version")

# A handoff goes from `offered` over `requested` and `active` to `closed`, and may be closed from any of them.
OFFERED, REQUESTED, ACTIVE, CLOSED = "offered", "requested", "active", "closed"
_OPEN = sa.text("state <> 'closed'")

handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("page", sa.String(300)),
    sa.Column("key", sa.String(64), nullable=False),  # of the message that was answered with the offer
    sa.Column("strict", sa.Boolean, nullable=False),  # something else is being asked too: a mere "yes" is for that
    sa.Column("thread", sa.String(32)),  # the time of its first message, which is its name in Slack
    sa.Column("turn", sa.Integer),  # with which it was requested: what was said before is the transcript
    sa.Column("agent", sa.String(32)),  # the person's id in Slack
    sa.Column("agent_name", sa.String(40)),  # first name only
    sa.Column("created_at", Moment, nullable=False, index=True),
    sa.Column("requested_at", Moment),
    sa.Column("claimed_at", Moment),
    sa.Column("closed_at", Moment),
    sa.Column("why", sa.String(16)),  # it was closed
    sa.Column("visitor_at", Moment),  # last message
    sa.Column("agent_at", Moment),
    sa.Column("acknowledged_at", Moment),  # the visitor knows that what they type is passed on
    sa.Column("reminded_at", Moment),
    sa.Column("late_at", Moment),  # the visitor was told that Slack is away
    sa.Column("visitor_lines", sa.Integer, nullable=False),
    sa.Column("agent_lines", sa.Integer, nullable=False),
    sa.Column("rating_turn", sa.Integer),
    sa.Column("rating", sa.String(4)),
    sa.Index("one_open_handoff", "conversation", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)

# What was passed on, each once.
lines = sa.Table(
    "handoff_lines",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("handoff", sa.String(32), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False, index=True),
    sa.Column("key", sa.String(100), nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("sealed", sa.Text),  # encrypted, while there is no thread to put it into
    sa.Column("turn", sa.Integer),
    sa.Column("posted_at", Moment),  # or found to be impossible to post
    sa.UniqueConstraint("handoff", "key", name="one_line_a_key"),
)


@dataclass(frozen=True)
class Handoff:
    """A row of `handoffs`."""

    id: str
    conversation: str
    state: str
    reason: str
    page: str | None
    key: str
    strict: bool
    thread: str | None
    turn: int | None
    agent: str | None
    agent_name: str | None
    created_at: datetime
    requested_at: datetime | None
    claimed_at: datetime | None
    closed_at: datetime | None
    why: str | None
    visitor_at: datetime | None
    agent_at: datetime | None
    acknowledged_at: datetime | None
    reminded_at: datetime | None
    late_at: datetime | None
    visitor_lines: int
    agent_lines: int
    rating_turn: int | None
    rating: str | None

    @property
    def talk(self) -> str:
        """The name within which what goes to Slack keeps its order; keys of tasks begin with it."""
        return f"handoff:{self.id}"

    @property
    def name(self) -> str:
        """The person's first name."""
        return self.agent_name or "A colleague"
