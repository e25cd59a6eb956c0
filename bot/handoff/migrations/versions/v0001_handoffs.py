"""Who asked for a person, and what was passed on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("page", sa.String(300)),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("strict", sa.Boolean, nullable=False),
        sa.Column("thread", sa.String(32)),
        sa.Column("turn", sa.Integer),
        sa.Column("agent", sa.String(32)),
        sa.Column("agent_name", sa.String(40)),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("requested_at", moment),
        sa.Column("claimed_at", moment),
        sa.Column("closed_at", moment),
        sa.Column("why", sa.String(16)),
        sa.Column("visitor_at", moment),
        sa.Column("agent_at", moment),
        sa.Column("acknowledged_at", moment),
        sa.Column("reminded_at", moment),
        sa.Column("late_at", moment),
        sa.Column("visitor_lines", sa.Integer, nullable=False),
        sa.Column("agent_lines", sa.Integer, nullable=False),
        sa.Column("rating_turn", sa.Integer),
        sa.Column("rating", sa.String(4)),
    )
    for name in ("conversation", "state", "created_at"):
        op.create_index(f"ix_handoffs_{name}", "handoffs", [name])
    still_open = sa.text("state <> 'closed'")
    op.create_index(
        "one_open_handoff",
        "handoffs",
        ["conversation"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "handoff_lines",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("handoff", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("sealed", sa.Text),
        sa.Column("turn", sa.Integer),
        sa.Column("posted_at", moment),
        sa.UniqueConstraint("handoff", "key", name="one_line_a_key"),
    )
    for name in ("conversation", "at"):
        op.create_index(f"ix_handoff_lines_{name}", "handoff_lines", [name])


def downgrade() -> None:
    """Drop them: conversations with a person go back to the guide."""
    op.drop_table("handoff_lines")
    op.drop_table("handoffs")
