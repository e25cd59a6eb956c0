"""Keeping turns: the record of what was said, without personal details. An answer is worth more than its record."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from bot.channels.reply import Reply
from bot.channels.turns import TurnLog

logger = logging.getLogger(__name__)


class Keeping:
    """Turns of the guide, in the record."""

    def __init__(self, turns: TurnLog) -> None:
        self._turns = turns

    def keep(self, reply: Reply, text: str, channel: str, key: str) -> Reply:
        """The reply with its number and time in the record, or without when it could not be stored."""
        try:
            return self._add(reply, text, channel, key)
        except Exception as error:
            logger.error("A turn could not be stored: %s", where(error))
            return reply

    def keep_with(self, connection: sa.engine.Connection, reply: Reply, text: str, channel: str, key: str) -> Reply:
        """The same as part of a transaction.

        Raises:
            SQLAlchemyError: the database does not take it, and the transaction is over.
        """
        try:
            return self._add(reply, text, channel, key, connection)
        except SQLAlchemyError:
            raise
        except Exception as error:
            logger.error("A turn could not be stored: %s", where(error))
            return reply

    def as_stored(self, reply: Reply, text: str, channel: str, key: str) -> Reply:
        """The reply with the number and time under which the record has it; noted now if its process died before."""
        try:
            found = self._turns.under(reply.session, key)
        except SQLAlchemyError:
            return reply
        return replace(reply, turn=found[0], at=found[1]) if found else self.keep(reply, text, channel, key)

    def _add(
        self, reply: Reply, text: str, channel: str, key: str, connection: sa.engine.Connection | None = None
    ) -> Reply:
        hidden = privacy.hidden(reply.session, text)
        kept = reply.to_dict() | ({"person": reply.person} if reply.person else {})
        if hidden is not None:
            text, kept["messages"] = hidden.typed(text), [hidden.said(item) for item in reply.messages]
            kept["buttons"] = hidden.offered(reply.buttons)
        turn, at = self._turns.add(kept, text, channel, key, connection)
        return replace(reply, turn=turn, at=at)


def where(error: BaseException) -> str:
    """What went wrong and where, without the texts of errors."""
    frames = [item for item in traceback.extract_tb(error.__traceback__) if "site-packages" not in item.filename]
    return f"{type(error).__name__} in " + ", ".join(f"{item.name}, line {item.lineno}" for item in frames[-3:])
