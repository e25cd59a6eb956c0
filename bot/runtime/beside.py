"""What else is written in the transaction that stores a turn of a conversation.

A turn is kept twice: as Rasa's events, and in the record of turns. In one transaction both are there or neither is, and
one commit is saved; each costs a twentieth of a turn, and with PostgreSQL a wait for the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


class Beside:
    """Something to write once with a conversation, and what came of it: None unless the transaction was committed."""

    def __init__(self, write: Callable[[sa.engine.Connection], Any]) -> None:
        self._write = write
        self._written: Any = None
        self.result: Any = None

    def write(self, connection: sa.engine.Connection) -> None:
        """Write it, within a transaction."""
        self._written = self._write(connection)

    def committed(self) -> None:
        """The transaction is over."""
        self.result = self._written


NOTHING = Beside(lambda _connection: None)


class BesideTurns:
    """What waits for the next turn of each conversation. Used under the conversation's lock."""

    def __init__(self) -> None:
        self._waiting: dict[str, Beside] = {}

    @contextmanager
    def waiting(self, conversation: str, write: Callable[[sa.engine.Connection], Any]) -> Iterator[Beside]:
        """Have something written with the turn that is stored meanwhile, if one is."""
        beside = self._waiting[conversation] = Beside(write)
        try:
            yield beside
        finally:
            del self._waiting[conversation]

    def take(self, conversation: str) -> Beside:
        """What is to be written with a conversation's turn."""
        return self._waiting.get(conversation, NOTHING)
