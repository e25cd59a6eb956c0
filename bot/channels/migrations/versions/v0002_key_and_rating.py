"""The key of the message a turn answers, what it asked for, and what the visitor thought of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; older turns have no key, asked for nothing and are not rated."""
    op.add_column("turns", sa.Column("key", sa.String(64), nullable=False, server_default=""))
    op.add_column("turns", sa.Column("asking", sa.String(40)))
    op.add_column("turns", sa.Column("rating", sa.String(8)))


def downgrade() -> None:
    """Drop them; ratings are lost."""
    with op.batch_alter_table("turns") as batch:
        for name in ("rating", "asking", "key"):
            batch.drop_column(name)
