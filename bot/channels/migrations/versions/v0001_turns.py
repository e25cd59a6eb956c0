"""Turns and sessions as the first versions of the service made them, unless they are there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make what is missing."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    if "turns" not in there:
        op.create_table(
            "turns",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("session", sa.String(64), nullable=False),
            sa.Column("channel", sa.String(16), nullable=False),
            sa.Column("at", _MOMENT, nullable=False),
            sa.Column("said", sa.Text, nullable=False),
            sa.Column("replied", sa.JSON, nullable=False),
            sa.Column("status", sa.String(16), nullable=False),
            sa.Column("intent", sa.String(64)),
            sa.Column("confidence", sa.Float),
            sa.Column("topics", sa.JSON, nullable=False),
            sa.Column("programmes", sa.JSON, nullable=False),
            sa.Column("ms", sa.Float, nullable=False),
        )
        op.create_index("ix_turns_session", "turns", ["session"])
        op.create_index("ix_turns_at", "turns", ["at"])
    if "sessions" not in there:
        op.create_table(
            "sessions",
            sa.Column("token_sha256", sa.String(64), primary_key=True),
            sa.Column("conversation", sa.String(48), nullable=False, unique=True),
            sa.Column("created_at", _MOMENT, nullable=False),
            sa.Column("seen_at", _MOMENT, nullable=False),
        )


def downgrade() -> None:
    """Drop both, with everything in them."""
    op.drop_table("sessions")
    op.drop_table("turns")
