"""Which expressions of interest a data protection request names, when they were made in another chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("rights_requests", sa.Column("about", sa.String(200)))


def downgrade() -> None:
    """Drop it; what the requests named is lost."""
    with op.batch_alter_table("rights_requests") as table:
        table.drop_column("about")
