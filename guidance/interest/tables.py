"""The tables of expressions of interest, and the service's other tables as far as erasing needs them.

Changes go into a new file in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from datetime import datetime, timezone

import sqlalchemy as sa

metadata = sa.MetaData()
Moment = sa.DateTime(timezone=True)

interests = sa.Table(
    "interests",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("reference", sa.String(16), nullable=False, unique=True),
    sa.Column("idempotency_key", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", Moment, nullable=False, index=True),
    sa.Column("expires_at", Moment, nullable=False, index=True),
    sa.Column("session", sa.String(255), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("programmes", sa.JSON, nullable=False),
    sa.Column("cohort", sa.String(60)),
    sa.Column("marketing_consent", sa.Boolean, nullable=False),
    # Encrypted, see keys.py. `email_index` is a keyed digest.
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("email_index", sa.String(64), index=True),
    sa.Column("phone", sa.Text),
    sa.Column("role", sa.Text),
    sa.Column("school", sa.Text),
    sa.Column("school_urn", sa.Text),
)
PERSONAL = ("name", "email", "phone", "role", "school", "school_urn")

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("interest_id", sa.ForeignKey("interests.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("basis", sa.String(32), nullable=False),
    sa.Column("given", sa.Boolean, nullable=False),
    sa.Column("wording", sa.Text, nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("withdrawn_at", Moment),
    sa.UniqueConstraint("interest_id", "purpose", name="one_consent_a_purpose"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("event_id", sa.String(36), nullable=False, unique=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("reference", sa.String(16), nullable=False, index=True),
    sa.Column("interest_id", sa.ForeignKey("interests.id", ondelete="CASCADE"), index=True),
    sa.Column("destination", sa.String(16), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("first_tried_at", Moment),
    sa.Column("lease", sa.String(32)),
    sa.Column("leased_until", Moment),
    sa.Column("sent_at", Moment),
    sa.Column("dead_at", Moment),
    sa.Column("problem", sa.String(120)),  # never with personal data
    sa.UniqueConstraint("reference", "kind", "destination", name="one_delivery_a_destination"),
    sa.Index("outbox_waiting", "destination", "sent_at", "dead_at", "due_at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("action", sa.String(32), nullable=False, index=True),
    sa.Column("reference", sa.String(16), index=True),
    sa.Column("detail", sa.String(200)),  # counts and names of tables, never personal data
)

rights_requests = sa.Table(
    "rights_requests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("reference", sa.String(16), nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("session", sa.String(255), index=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("about", sa.String(200)),  # references named in it, of other chats, with blanks between
)

# Details that are still being typed: one row a conversation, gone when they are sent or cancelled.
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("session", sa.String(255), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),  # encrypted
    sa.Column("updated_at", Moment, nullable=False, index=True),
)

# Made and written elsewhere (bot/channels, bot/handoff, Rasa's tracker store); here only to erase, purge and show.
turns = sa.table(
    "turns", sa.column("id"), sa.column("session"), sa.column("at", Moment), sa.column("said"),
    sa.column("replied", sa.JSON), sa.column("status"),
)  # fmt: skip
sessions = sa.table(
    "sessions", sa.column("token_sha256"), sa.column("conversation"), sa.column("seen_at", Moment)
)  # fmt: skip
events = sa.table(
    "events", sa.column("id"), sa.column("sender_id"), sa.column("timestamp", sa.Float), sa.column("data", sa.Text)
)

handoffs = sa.table("handoffs", sa.column("id"), sa.column("conversation"), sa.column("created_at", Moment))
handoff_lines = sa.table(
    "handoff_lines", sa.column("id"), sa.column("conversation"), sa.column("at", Moment)
)  # fmt: skip


def utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
