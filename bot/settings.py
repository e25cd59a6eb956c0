"""Settings from the environment, checked once at start."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from guidance.question import DEFAULT_CONTACT

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_PORT = 5005


class SettingsError(Exception):
    """A setting cannot be used; the text says which, why and what to write."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how the service listens."""

    home: Path
    database_url: str
    host: str
    port: int
    today: date | None
    contact: str

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.home / "models"


def read() -> Settings:
    """Read all settings.

    Raises:
        SettingsError: naming the first setting that cannot be used.
    """
    home = Path(os.environ.get("NPQ_HOME") or PROJECT / "var").expanduser().resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"NPQ_HOME: cannot write to {home} ({error.strerror}). Set NPQ_HOME to a folder you may write to."
        ) from error
    return Settings(
        home=home,
        database_url=os.environ.get("NPQ_DATABASE_URL") or f"sqlite:///{home / 'npq.db'}",
        host=os.environ.get("NPQ_HOST") or "127.0.0.1",
        port=_port(os.environ.get("NPQ_PORT")),
        today=_today(os.environ.get("NPQ_TODAY")),
        contact=os.environ.get("NPQ_CONTACT") or DEFAULT_CONTACT,
    )


def _port(text: str | None) -> int:
    if not text:
        return DEFAULT_PORT
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"NPQ_PORT: `{text}` is not a port. Write a number from 1 to 65535, such as 5005.")
    return int(text)


def _today(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"NPQ_TODAY: `{text}` is not a date. Write year-month-day, such as 2026-11-21.") from error
