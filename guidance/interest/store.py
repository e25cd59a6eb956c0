"""Save an expression of interest once, or say that it cannot be saved; find what is saved."""

from __future__ import annotations

import hashlib
import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from guidance.interest import audit, database, months, outbox, reference
from guidance.interest.keys import Keyring, Unreadable
from guidance.interest.model import (
    MARKETING,
    CannotSave,
    Consent,
    Details,
    DetailsDiffer,
    Interest,
    Receipt,
    check_consents,
)
from guidance.interest.requests import RightsRequests
from guidance.interest.tables import PERSONAL, consents, interests, utc

logger = logging.getLogger(__name__)

TRIES = 5  # a reference that is taken, or another process that was faster
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time."""
    return datetime.now(timezone.utc)


@dataclass
class Store:
    """Expressions of interest and rights requests in the database."""

    engine: sa.engine.Engine
    keyring: Keyring
    destinations: tuple[str, ...] = ()
    keep_months: int = 12
    now: Clock = utc_now
    _migrated: bool = field(default=False, init=False)
    _migrating: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def requests(self) -> RightsRequests:
        """The data protection requests made in the chat."""
        return RightsRequests(self)

    def prepare(self) -> None:
        """Bring the tables up to date, once. Called by every write, so that it also works after a bad start.

        Raises:
            SQLAlchemyError: the database cannot be reached.
        """
        if self._migrated:
            return
        if not self._migrating.acquire(timeout=database.BUSY_MS / 1000):
            raise sa.exc.TimeoutError("the tables are being brought up to date")
        try:
            database.migrate(self.engine)
            self._migrated = True
        finally:
            self._migrating.release()

    def submit(self, details: Details, agreed: Sequence[Consent], key: str, *, session: str, channel: str) -> Receipt:
        """Save details, consents, audit and deliveries together, or nothing.

        `key` names this act of submitting: the same key gives the same receipt, however often, from
        whichever process. A new form, or changed details, need a new key.

        Raises:
            CannotSave: the database does not take it; see there.
            DetailsDiffer: the key was used for other details.
            Incomplete: a field or consent that may not be saved.
        """
        details.check()
        check_consents(agreed)
        hashed = hashlib.sha256(key.encode()).hexdigest()
        try:
            self.prepare()
            for _ in range(TRIES):
                if receipt := self._saved(hashed, details, agreed, again=True):
                    return receipt
                try:
                    self._write(self._row(details, agreed, hashed, session, channel), agreed)
                except IntegrityError:
                    continue  # another one with this key was faster, or the reference is taken
                if receipt := self._saved(hashed, details, agreed, again=False):
                    return receipt
                break
            logger.error("An expression of interest cannot be saved: the database refuses the row, or loses it.")
        except SQLAlchemyError as error:
            logger.error("An expression of interest cannot be saved now: %s.", type(error).__name__)
        except Unreadable as error:
            logger.error("An expression of interest cannot be read back: %s", error)
        raise CannotSave from None

    def _row(self, details: Details, agreed: Sequence[Consent], key: str, session: str, channel: str) -> dict[str, Any]:
        now, row = self.now(), uuid.uuid4().hex
        told = asdict(details)
        return {
            "id": row,
            "reference": reference.new(),
            "idempotency_key": key,
            "created_at": now,
            "expires_at": months.shift(now, self.keep_months),
            "session": session,
            "channel": channel,
            "programmes": list(details.programmes),
            "cohort": details.cohort,
            "marketing_consent": _wants_marketing(agreed),
            "email_index": self.keyring.digests(same_address(details.email))[0] if details.email else None,
            **{name: self.keyring.encrypt(told[name], row, name) for name in PERSONAL if told[name] is not None},
        }

    def _write(self, row: dict[str, Any], agreed: Sequence[Consent]) -> None:
        committing = False
        try:
            with database.writing(self.engine) as connection:
                connection.execute(interests.insert().values(**row))
                connection.execute(consents.insert(), [{"interest_id": row["id"], **asdict(item)} for item in agreed])
                outbox.add(connection, outbox.CREATED, row["reference"], self.destinations, row["id"])
                audit.record(connection, "captured", row["created_at"], reference=row["reference"])
                committing = True
        except IntegrityError:
            raise
        except SQLAlchemyError:
            if not committing:
                raise
            # Whether it is saved shows when the database is read again.
            if not self._is_there(row["idempotency_key"]):
                raise CannotSave(maybe_saved=self.engine.dialect.name != "sqlite") from None

    def _is_there(self, key: str) -> bool:
        try:
            with self.engine.connect() as connection:
                found = connection.execute(sa.select(interests.c.id).where(interests.c.idempotency_key == key)).first()
        except SQLAlchemyError:
            return False
        return found is not None

    def _saved(self, key: str, details: Details, agreed: Sequence[Consent], *, again: bool) -> Receipt | None:
        """The receipt of what is stored under the key: read from the database, decrypted, compared with the details."""
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(interests).where(interests.c.idempotency_key == key)).mappings().first()
        if row is None:
            return None
        stored = self._interest(row)
        wanted = replace(details, programmes=_in_order(details))
        if replace(stored.details, programmes=_in_order(stored.details)) != wanted or stored.marketing_consent != (
            _wants_marketing(agreed)
        ):
            raise DetailsDiffer(stored.reference)
        return Receipt(stored.reference, stored.created_at, again)

    def _interest(self, row: Any) -> Interest:
        told: dict[str, Any] = {
            name: self.keyring.decrypt(row[name], row["id"], name) if row[name] is not None else None
            for name in PERSONAL
        }
        return Interest(
            id=row["id"],
            reference=row["reference"],
            details=Details(programmes=tuple(row["programmes"]), cohort=row["cohort"], **told),
            marketing_consent=bool(row["marketing_consent"]),
            created_at=utc(row["created_at"]),
            expires_at=utc(row["expires_at"]),
            session=row["session"],
            channel=row["channel"],
        )

    def find(self, wanted: str) -> Interest | None:
        """The expression of interest with a reference.

        Raises:
            Unreadable: when its details cannot be decrypted.
        """
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(interests).where(interests.c.reference == wanted)).mappings().first()
        return self._interest(row) if row else None

    def sent_under(self, key: str) -> str | None:
        """The reference of what was submitted with a key; None when nothing was.

        Raises:
            CannotSave: the database cannot be read.
        """
        hashed = hashlib.sha256(key.encode()).hexdigest()
        query = sa.select(interests.c.reference).where(interests.c.idempotency_key == hashed)
        try:
            with self.engine.connect() as connection:
                found = connection.execute(query).scalar()
        except SQLAlchemyError:
            raise CannotSave from None
        return str(found) if found else None

    def registered_in(self, session: str) -> list[str]:
        """The references of what was registered in a conversation, oldest first.

        Raises:
            CannotSave: the database cannot be read.
        """
        mine = sa.select(interests.c.reference).where(interests.c.session == session).order_by(interests.c.created_at)
        try:
            self.prepare()
            with self.engine.connect() as connection:
                return list(connection.execute(mine).scalars())
        except SQLAlchemyError:
            raise CannotSave from None

    def references_of(self, email: str) -> list[str]:
        """The references under which an address is stored."""
        mine = interests.c.email_index.in_(self.keyring.digests(same_address(email)))
        with self.engine.connect() as connection:
            query = sa.select(interests.c.reference).where(mine).order_by(interests.c.created_at)
            return list(connection.execute(query).scalars())

    def all(self) -> tuple[list[Interest], list[str]]:
        """All expressions of interest, oldest first, and the references of those that cannot be decrypted."""
        with self.engine.connect() as connection:
            query = sa.select(interests).order_by(interests.c.created_at, interests.c.id)
            rows = connection.execute(query).mappings().all()
        readable, unreadable = [], []
        for row in rows:
            try:
                readable.append(self._interest(row))
            except Unreadable:
                unreadable.append(row["reference"])
        return readable, unreadable

    def consents_of(self, interest: Interest) -> list[dict[str, Any]]:
        """What the visitor was told and asked."""
        names = ("purpose", "basis", "given", "wording", "version", "at", "withdrawn_at")
        query = sa.select(*(consents.c[name] for name in names)).where(consents.c.interest_id == interest.id)
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query.order_by(consents.c.id)).mappings()]

    def withdraw_marketing(self, references: Sequence[str], who: str) -> list[str]:
        """Take back the consent to marketing, tell the destinations; returns the references where there was one."""
        now, withdrawn = self.now(), []
        with database.writing(self.engine) as connection:
            for one in references:
                mine = (interests.c.reference == one) & interests.c.marketing_consent
                row = connection.execute(sa.select(interests.c.id).where(mine)).scalar()
                if row is None:
                    continue
                asked = (consents.c.interest_id == row) & (consents.c.purpose == MARKETING)
                connection.execute(interests.update().where(interests.c.id == row).values(marketing_consent=False))
                connection.execute(consents.update().where(asked).values(withdrawn_at=now))
                outbox.add(connection, outbox.WITHDRAWN, one, self.destinations, row)
                audit.record(connection, "marketing_withdrawn", now, who=who, reference=one)
                withdrawn.append(one)
        return withdrawn

    def record(self, action: str, who: str, wanted: str | None = None, detail: str | None = None) -> None:
        """Audit something that was done outside this store, such as an export."""
        with database.writing(self.engine) as connection:
            audit.record(connection, action, self.now(), who=who, reference=wanted, detail=detail)


def same_address(email: str) -> str:
    """The form under which an email address is looked up: people do not mind its case."""
    return email.strip().casefold()


def _wants_marketing(agreed: Sequence[Consent]) -> bool:
    return any(consent.given for consent in agreed if consent.purpose == MARKETING)


def _in_order(details: Details) -> tuple[str, ...]:
    return tuple(sorted(details.programmes))
