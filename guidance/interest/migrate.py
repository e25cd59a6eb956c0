"""Runs the migrations. A module of its own, because Alembic takes 8 MB and is needed only when something changes."""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from guidance.interest.database import MIGRATE_LOCK, Tables, alone

logger = logging.getLogger(__name__)


def run(engine: sa.engine.Engine, target: str, tables: Tables, patience: int) -> None:
    """Up to `head`, or down to another version: all or nothing, one process at a time."""
    script = ScriptDirectory(str(tables.migrations))

    def steps(found: Any, _context: Any) -> Any:
        if target == "head":
            return script._upgrade_revs(target, found)  # as Alembic's own `upgrade` command does
        return script._downgrade_revs(target, found)

    with alone(engine, MIGRATE_LOCK, patience=patience) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": tables.version_table, "fn": steps})
        try:
            with Operations.context(context):
                context.run_migrations()
        except CommandError:
            # Made by a newer version of this service which is being rolled back: its tables still fit ours.
            logger.warning(
                "The tables under %s are newer than this program; they are left as is.", tables.version_table
            )
