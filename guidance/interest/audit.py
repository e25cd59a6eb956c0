"""The audit: who did what to which reference, when. Never with personal data of a visitor."""

from __future__ import annotations

import getpass
import os
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from guidance.interest.tables import audit, utc

SERVICE = "service"


def operator() -> str:
    """The person at the terminal, as the operating system names them."""
    try:
        return getpass.getuser()[:64]
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def record(
    connection: sa.engine.Connection,
    action: str,
    at: datetime,
    *,
    who: str = SERVICE,
    reference: str | None = None,
    detail: str | None = None,
) -> None:
    """Add one entry, in the caller's transaction."""
    row = {"at": at, "who": who, "action": action, "reference": reference, "detail": detail}
    connection.execute(audit.insert().values(**row))


def of(connection: sa.engine.Connection, reference: str) -> list[dict[str, Any]]:
    """The entries about a reference, oldest first."""
    query = sa.select(audit).where(audit.c.reference == reference).order_by(audit.c.id)
    return [{**row, "at": utc(row["at"])} for row in connection.execute(query).mappings()]


def last(connection: sa.engine.Connection, action: str) -> datetime | None:
    """When something was last done."""
    at = connection.execute(sa.select(sa.func.max(audit.c.at)).where(audit.c.action == action)).scalar()
    return utc(at) if at else None
