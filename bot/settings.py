"""Settings from the environment, checked once at start."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.channels.options import OptionError, WebOptions, read_options
from bot.channels.slack.options import SlackOptions
from bot.channels.slack.options import read_options as read_slack_options
from bot.handoff.options import HandoffOptions
from bot.handoff.options import read_options as read_handoff_options
from bot.health import logs
from bot.health.options import MetricsOptions
from bot.health.options import read_options as read_metrics
from guidance.question import DEFAULT_CONTACT

if TYPE_CHECKING:
    from guidance.interest import Interests

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_PORT = 5005
Options = TypeVar("Options")


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
    web: WebOptions
    slack: SlackOptions | None = None
    metrics: MetricsOptions = field(default_factory=MetricsOptions)
    models_folder: Path | None = None
    handoff: HandoffOptions | None = None
    log: str = logs.TEXT

    @property
    def models(self) -> Path:
        """The folder of trained models: NPQ_MODELS, for one that is not written to while the service runs."""
        return self.models_folder or self.home / "models"

    def open_interests(self, say: Callable[[str], None]) -> Interests:
        """The expressions of interest as set by NPQ_DATA_KEY, NPQ_WEBHOOK_* and others (docs/interest.md).

        Not part of `read`, so that training and checking need no key.

        Raises:
            SettingsError: naming the first setting that cannot be used.
        """
        from guidance.interest import OptionError, open_interests
        from guidance.interest.promise import promise

        try:
            promise()
            return open_interests(self.database_url, self.home, os.environ, say, self.today)
        except OptionError as error:
            raise SettingsError(str(error)) from error


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
        database_url=_database_url(os.environ.get("NPQ_DATABASE_URL"), home),
        host=os.environ.get("NPQ_HOST") or "127.0.0.1",
        port=_port(os.environ.get("NPQ_PORT")),
        today=_today(os.environ.get("NPQ_TODAY")),
        contact=os.environ.get("NPQ_CONTACT") or DEFAULT_CONTACT,
        web=_read(read_options),
        slack=(slack := _read(read_slack_options)),
        handoff=_handoff(slack),
        metrics=_read(read_metrics),
        log=_read(logs.read_options),
        models_folder=Path(named).expanduser().resolve() if (named := os.environ.get("NPQ_MODELS")) else None,
    )


def _read(reading: Callable[[Mapping[str, str]], Options]) -> Options:
    try:
        return reading(os.environ)
    except OptionError as error:
        raise SettingsError(str(error)) from error


def _handoff(slack: SlackOptions | None) -> HandoffOptions | None:
    found = _read(read_handoff_options)
    if found is not None and slack is None:
        raise SettingsError(
            "NPQ_SLACK_HANDOFF_CHANNEL: is set, but Slack is not set up. Set NPQ_SLACK_BOT_TOKEN, "
            "NPQ_SLACK_SIGNING_SECRET and NPQ_SLACK_TEAMS too, or leave it out."
        )
    return found


def _database_url(text: str | None, home: Path) -> str:
    """Hosting services write postgres://, which SQLAlchemy no longer knows."""
    if not text:
        return f"sqlite:///{home / 'npq.db'}"
    return text.replace("postgres://", "postgresql://", 1) if text.startswith("postgres://") else text


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
