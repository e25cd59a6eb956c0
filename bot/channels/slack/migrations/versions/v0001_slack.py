"""The queue of what came from Slack and goes to it, and the threads in which the guide was asked."""

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
        "slack_queue",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("direction", sa.String(4), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("message", sa.String(120)),
        sa.Column("talk", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sealed", sa.Text),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("leased_until", moment),
        sa.Column("done_at", moment),
        sa.Column("result", sa.String(40)),
        sa.Column("problem", sa.String(120)),
        sa.UniqueConstraint("direction", "key", name="one_of_a_key"),
        sa.UniqueConstraint("direction", "message", name="one_of_a_message"),
    )
    op.create_index("slack_queue_waiting", "slack_queue", ["direction", "done_at", "talk", "id"])
    op.create_index("ix_slack_queue_done_at", "slack_queue", ["done_at"])
    op.create_table(
        "slack_threads",
        sa.Column("thread", sa.String(120), primary_key=True),
        sa.Column("asker", sa.String(32), nullable=False),
        sa.Column("at", moment, nullable=False),
    )
    op.create_index("ix_slack_threads_at", "slack_threads", ["at"])


def downgrade() -> None:
    """Drop them, with all that waits."""
    op.drop_table("slack_threads")
    op.drop_table("slack_queue")
