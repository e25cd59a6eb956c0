"""What several processes need before they may serve together."""

from __future__ import annotations

import sys

from bot.settings import Settings, SettingsError

MOST = 64


def check(settings: Settings, workers: int) -> None:
    """Refuse several processes that do not share what they know.

    Raises:
        SettingsError: what is missing, and what to set.
    """
    if not 1 <= workers <= MOST:
        raise SettingsError(f"--workers: write a number from 1 to {MOST}; as many as the machine has cores is a start.")
    if workers > 1 and sys.platform == "win32":
        raise SettingsError("--workers: several processes on one port are not possible on Windows. Use npq run.")
    missing = []
    if settings.database_url.startswith("sqlite"):
        missing.append(
            "a database for all of them (conversations, expressions of interest, chats with people). "
            "Set NPQ_DATABASE_URL to PostgreSQL, such as postgresql://user:password@host/name."
        )
    if not settings.web.redis_url:
        missing.append(
            "Redis or Valkey (whose turn it is in a conversation, limits, open pages). "
            "Set NPQ_REDIS_URL, such as redis://127.0.0.1:6379/0."
        )
    if workers > 1 and missing:
        raise SettingsError(
            f"--workers {workers}: several processes answer the same visitors only with stores they share. Missing: "
            + " Also missing: ".join(missing)
            + " Or run one process: npq run."
        )
