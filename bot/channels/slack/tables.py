"""What waits to be worked on or to be sent, and whose threads there are.

Changes go into a new file in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from guidance.interest import database

metadata = sa.MetaData()
Moment = sa.DateTime(timezone=True)
SLACK = database.Tables(Path(__file__).resolve().parent / "migrations", "slack_version")

queue = sa.Table(
    "slack_queue",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("direction", sa.String(4), nullable=False),  # `in` or `out`
    sa.Column("key", sa.String(120), nullable=False),
    sa.Column("message", sa.String(120)),  # team, channel and time of a message, which Slack may send as several events
    sa.Column("talk", sa.String(120), nullable=False),  # within which the order counts
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("sealed", sa.Text),  # encrypted; gone when it is done
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease", sa.String(32)),
    sa.Column("leased_until", Moment),
    sa.Column("done_at", Moment, index=True),
    sa.Column("result", sa.String(40)),  # the time of the message posted, which is its name in Slack
    sa.Column("problem", sa.String(120)),  # why it was given up, never with personal data
    sa.UniqueConstraint("direction", "key", name="one_of_a_key"),
    sa.UniqueConstraint("direction", "message", name="one_of_a_message"),
    sa.Index("slack_queue_waiting", "direction", "done_at", "talk", "id"),
)

threads = sa.Table(
    "slack_threads",
    metadata,
    sa.Column("thread", sa.String(120), primary_key=True),  # team, channel and time of its first message
    sa.Column("asker", sa.String(32), nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
)
