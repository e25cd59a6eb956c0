"""One message of a conversation at a time, the next one as soon as the last is answered.

Rasa's lock store looks once a second whether it is a message's turn: of three messages sent together the second waits
for one second and the third for two. Here each is woken when the one before it is done, in the order they came in.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore


class ConversationLocks(InMemoryLockStore):
    """Locks within one process. Nobody can hold one for long: every action is stopped after some seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}
        self._holders: dict[str, asyncio.Task[Any] | None] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncGenerator[TicketLock, None]:
        """Wait for one's turn; first come, first served. The two times are Rasa's and mean nothing here.

        Whoever has it may ask again: the guide takes it for a whole turn, Rasa within that for its part.
        """
        me = asyncio.current_task()
        if conversation_id in self._holders and self._holders[conversation_id] is me:
            yield TicketLock(conversation_id)
            return
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            async with lock, self._among_processes(conversation_id):
                self._holders[conversation_id] = me
                try:
                    yield TicketLock(conversation_id)
                finally:
                    del self._holders[conversation_id]
        finally:
            self._users[conversation_id] -= 1
            if not self._users[conversation_id]:
                del self._users[conversation_id], self._locks[conversation_id]

    def _among_processes(self, conversation_id: str) -> AbstractAsyncContextManager[None]:
        """What else is waited for; nothing where there is one process."""
        return nullcontext()
