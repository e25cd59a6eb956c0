"""What became of offers of a person, and what visitors thought of the chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bot.handoff.tables import CLOSED, handoffs
from bot.report.figures import UK, Cell, Period
from bot.report.times import bucket
from guidance.interest.tables import utc

CHANNEL = "web"  # people join chats there only
JOINED, NOBODY, WENT, AWAY, WAITING, NOT_ASKED = "joined", "nobody", "went", "away", "waiting", "not_asked"
OUTCOMES = (JOINED, NOBODY, WENT, AWAY, WAITING, NOT_ASKED)
_WENT = ("cancelled", "left", "deleted")  # why it was closed: the visitor did
RATINGS = ("up", "down")


def count(connection: sa.engine.Connection, period: Period, counts: Mapping[str, Counter[Cell]]) -> None:
    """Count the handoffs of a period, on the day of the offer. Nothing where handing over was never set up."""
    if period.channel not in (None, CHANNEL) or not sa.inspect(connection).has_table(handoffs.name):
        return
    told, begins, ends = handoffs.c, period.begins(), period.ends()
    query = sa.select(told.state, told.why, told.created_at, told.requested_at, told.claimed_at, told.rating)
    if begins:
        query = query.where(told.created_at >= begins)
    if ends:
        query = query.where(told.created_at < ends)
    for row in connection.execute(query).mappings():
        day = utc(row["created_at"]).astimezone(UK).date()
        outcome = became(row)
        counts["handoffs"][day, CHANNEL, outcome] += 1
        if outcome == JOINED and row["requested_at"]:
            waited = utc(row["claimed_at"]) - utc(row["requested_at"])
            counts["waits"][day, CHANNEL, bucket(waited.total_seconds() * 1000)] += 1
        if row["rating"]:
            counts["helped"][day, CHANNEL, str(row["rating"])] += 1


def became(row: Mapping[str, Any]) -> str:
    """What became of one."""
    if row["claimed_at"]:
        return JOINED
    if row["requested_at"] is None:
        return AWAY if row["why"] == "away" else NOT_ASKED
    if row["state"] != CLOSED:
        return WAITING
    return WENT if row["why"] in _WENT else NOBODY
