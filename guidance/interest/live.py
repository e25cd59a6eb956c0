"""Expressions of interest as one running service has them: opened once at start, used from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from guidance.interest import audit, database, outbox
from guidance.interest.delivery.mail import Mail
from guidance.interest.delivery.message import Sender
from guidance.interest.delivery.rabbitmq import RabbitMq
from guidance.interest.delivery.slack import Slack
from guidance.interest.delivery.webhook import Webhook
from guidance.interest.delivery.worker import Worker
from guidance.interest.keys import MAKE_ONE, KeyProblem, Keyring, development_key
from guidance.interest.model import CannotSave
from guidance.interest.options import OptionError, is_production, whole_number
from guidance.interest.retention import EVERY, Retention
from guidance.interest.store import Clock, Store, utc_now
from guidance.interest.tables import rights_requests

LATE = timedelta(hours=1)  # an undelivered row this old deserves a look
Say = Callable[[str], None]


@dataclass(frozen=True)
class Interests:
    """Store, destinations and retention, put together from the settings."""

    store: Store
    senders: tuple[Sender, ...]
    retention: Retention
    purges: bool = True

    def worker(self) -> Worker:
        """What delivers and purges beside the service."""
        return Worker(self.store, self.senders, self.retention.purge_if_due if self.purges else lambda: None)

    def health(self) -> dict[str, Any]:
        """Counts for /health/ready. `ok` is false when a person should look; the service goes on all the same."""
        destinations = [sender.name for sender in self.senders]
        try:
            self.store.prepare()
            with self.store.engine.connect() as connection:
                told = outbox.counts(connection, destinations)
                purged = audit.last(connection, "purged")
                asked = sa.select(sa.func.count()).where(rights_requests.c.status == "open")
                rights = connection.execute(asked).scalar()
        except SQLAlchemyError:
            return {"ok": False, "database": "down", "destinations": destinations}
        oldest = told["oldest_waiting_since"]
        late = oldest is not None and oldest < utc_now() - LATE
        forgotten = self.purges and purged is not None and purged < utc_now() - EVERY - 2 * LATE
        return {
            "ok": not (told["dead"] or late or forgotten),
            "database": "ok",
            "destinations": destinations,
            "waiting": told["waiting"],
            "oldest_waiting_since": oldest.isoformat(timespec="seconds") if oldest else None,
            "dead": told["dead"],
            "parts": told["parts"],
            "last_purge": purged.isoformat(timespec="seconds") if purged else None,
            "rights_requests_open": rights,
        }


_current: list[Interests] = []


def use(interests: Interests) -> None:
    """What `current` gives from now on."""
    _current[:] = [interests]


def current() -> Interests:
    """The service's expressions of interest.

    Raises:
        CannotSave: the process never opened them, such as Rasa's own action server.
    """
    if not _current:
        raise CannotSave
    return _current[0]


def open_interests(
    database_url: str, home: Path, environ: Mapping[str, str], say: Say, today: date | None = None
) -> Interests:
    """Read the settings, check the key, bring the tables up to date.

    A database that cannot be reached stops nobody: each later use tries again.

    Raises:
        OptionError: a setting cannot be used.
    """
    keep_months = whole_number(environ, "NPQ_KEEP_INTERESTS_MONTHS", 12, 1, 84)
    keep_days = whole_number(environ, "NPQ_KEEP_TRANSCRIPTS_DAYS", 90, 1, 730)
    found = (kind.from_environment(environ) for kind in (Webhook, Mail, Slack, RabbitMq))
    senders: tuple[Any, ...] = tuple(sender for sender in found if sender is not None)
    keyring = _keyring(home, environ, say)
    names = tuple(sender.name for sender in senders)
    try:
        engine = database.connect(database_url)
    except (ArgumentError, ImportError) as error:
        raise OptionError(
            "NPQ_DATABASE_URL: is not an address of a database we know. Write one such as "
            "postgresql://user:password@host/name or sqlite:////folder/npq.db."
        ) from error
    store = Store(engine, keyring, names, keep_months, _clock(today))
    try:
        store.prepare()
    except SQLAlchemyError as error:
        say(f"Warning: the database cannot be used now ({type(error).__name__}); no details can be saved until it can.")
    # A service on a pretended day purges only when told to: what others stored carries the true time.
    return Interests(store, senders, Retention(store, keep_days), purges=today is None)


def _keyring(home: Path, environ: Mapping[str, str], say: Say) -> Keyring:
    given = (environ.get("NPQ_DATA_KEY") or "").strip()
    if not given and is_production(environ):
        raise OptionError(f"NPQ_DATA_KEY: is missing, and NPQ_ENV=production needs it to encrypt details. {MAKE_ONE}")
    is_production(environ)
    try:
        return Keyring.parse(given or development_key(home, say))
    except KeyProblem as problem:
        raise OptionError(f"{'NPQ_DATA_KEY' if given else home / 'data.key'}: {problem}") from problem
    except OSError as error:
        raise OptionError(f"NPQ_HOME: cannot keep a development key in {home} ({error.strerror}).") from error


def _clock(today: date | None) -> Clock:
    """The time, on the day that NPQ_TODAY pretends."""
    if today is None:
        return utc_now

    def pretended() -> datetime:
        return utc_now().replace(year=today.year, month=today.month, day=today.day)

    return pretended
