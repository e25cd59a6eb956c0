"""Details still being typed: encrypted, one draft a conversation, deleted when sent, cancelled or left lying."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from guidance.interest import database
from guidance.interest.keys import Unreadable
from guidance.interest.model import CannotSave
from guidance.interest.retention import DRAFT, DRAFTS_KEPT
from guidance.interest.store import Store
from guidance.interest.tables import drafts, utc

_OF = sa.select(drafts).where(drafts.c.session == sa.bindparam("of"))  # made once: it is asked in most turns


@dataclass(frozen=True)
class Drafts:
    """The drafts of a store."""

    store: Store

    def start(self, session: str) -> dict[str, Any]:
        """A new empty draft in place of any other.

        Raises:
            CannotSave: the database does not take it.
        """
        draft = {"key": uuid.uuid4().hex}
        self.save(session, draft)
        return draft

    def load(self, session: str, within: timedelta = DRAFTS_KEPT) -> dict[str, Any] | None:
        """The draft of a conversation; None when there is none, or it has been left for longer: a day at most.

        Raises:
            CannotSave: the database cannot be read.
        """
        try:
            self.store.prepare()
            with self.store.engine.connect() as connection:
                row = connection.execute(_OF, {"of": session}).mappings().first()
        except SQLAlchemyError:
            raise CannotSave from None
        if row is None or utc(row["updated_at"]) < self.store.now() - min(within, DRAFTS_KEPT):
            return None
        try:
            found: dict[str, Any] = json.loads(self.store.keyring.decrypt(row["sealed"], session, DRAFT))
        except Unreadable:  # its key is gone: nobody can go on with it
            return None
        return found

    def save(self, session: str, draft: dict[str, Any]) -> None:
        """Keep a draft.

        Raises:
            CannotSave: the database does not take it.
        """
        sealed = self.store.keyring.encrypt(json.dumps(draft), session, DRAFT)
        row = {"session": session, "sealed": sealed, "updated_at": self.store.now()}
        try:
            self.store.prepare()
            with database.writing(self.store.engine) as connection:
                connection.execute(drafts.delete().where(drafts.c.session == session))
                connection.execute(drafts.insert().values(**row))
        except SQLAlchemyError:
            raise CannotSave from None

    def drop(self, session: str) -> None:
        """Delete a draft; nothing happens where there is none.

        Raises:
            CannotSave: the database cannot be reached, so it is still there.
        """
        try:
            with database.writing(self.store.engine) as connection:
                connection.execute(drafts.delete().where(drafts.c.session == session))
        except SQLAlchemyError:
            raise CannotSave from None
