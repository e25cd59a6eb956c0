"""Expressions of interest: the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("interests", "consents", "outbox", "audit", "rights_requests")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; the audit can be added to and never changed."""
    op.create_table(
        "interests",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False, unique=True),
        sa.Column("idempotency_key", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("session", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("programmes", sa.JSON, nullable=False),
        sa.Column("cohort", sa.String(60)),
        sa.Column("marketing_consent", sa.Boolean, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("email_index", sa.String(64)),
        sa.Column("phone", sa.Text),
        sa.Column("role", sa.Text),
        sa.Column("school", sa.Text),
        sa.Column("school_urn", sa.Text),
    )
    for column in ("created_at", "expires_at", "session", "email_index"):
        op.create_index(f"ix_interests_{column}", "interests", [column])
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("interest_id", sa.String(32), sa.ForeignKey("interests.id", ondelete="CASCADE"), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT),
        sa.UniqueConstraint("interest_id", "purpose", name="one_consent_a_purpose"),
    )
    op.create_index("ix_consents_interest_id", "consents", ["interest_id"])
    _make_outbox()
    _make_audit()
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("session", sa.String(255)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("closed_at", _MOMENT),
    )
    op.create_index("ix_rights_requests_session", "rights_requests", ["session"])


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.String(36), nullable=False, unique=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("interest_id", sa.String(32), sa.ForeignKey("interests.id", ondelete="CASCADE")),
        sa.Column("destination", sa.String(16), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("first_tried_at", _MOMENT),
        sa.Column("lease", sa.String(32)),
        sa.Column("leased_until", _MOMENT),
        sa.Column("sent_at", _MOMENT),
        sa.Column("dead_at", _MOMENT),
        sa.Column("problem", sa.String(120)),
        sa.UniqueConstraint("reference", "kind", "destination", name="one_delivery_a_destination"),
    )
    op.create_index("ix_outbox_reference", "outbox", ["reference"])
    op.create_index("ix_outbox_interest_id", "outbox", ["interest_id"])
    op.create_index("outbox_waiting", "outbox", ["destination", "sent_at", "dead_at", "due_at"])


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(16)),
        sa.Column("detail", sa.String(200)),
    )
    op.create_index("ix_audit_action", "audit", ["action"])
    op.create_index("ix_audit_reference", "audit", ["reference"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_keeps_{change.lower()} BEFORE {change} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit can only be added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit can only be added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_keeps()"
    )


def downgrade() -> None:
    """Remove the tables with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_keeps()")
