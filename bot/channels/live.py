"""Tells the open pages of a conversation what happens in it. The notices hold no words: those are in the database."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

TURN, WORKING, IDLE, ENDED = "turn", "working", "idle", "ended"
DELETED, OVER = "deleted", "over"  # why a conversation has ended
MOST_WAITING = 100  # notices for a page that does not read them
WORK_SECONDS = 60.0  # longer than any turn: what is older was lost with its process


@dataclass(frozen=True)
class Notice:
    """What happened: `kind`; the `key` of the visitor's message, or why the conversation has ended."""

    kind: str
    key: str = ""


Notices = asyncio.Queue[Notice]
Tell = Callable[[str, Notice], None]


class Live:
    """The pages that listen, and the messages being worked on, by conversation."""

    def __init__(self) -> None:
        self._listening: dict[str, set[Notices]] = {}
        self._working: dict[str, dict[str, float]] = {}
        self._of: Counter[str] = Counter()  # pages that listen, by where they come from
        self.others: Tell | None = None  # passes what is told here on to other processes
        self.on_deleted: Callable[[str], None] | None = None  # when another process deleted a conversation

    @contextmanager
    def listening(self, conversation: str, whence: str = "") -> Iterator[Notices]:
        """The notices of a conversation, from now on. `whence`: where the page comes from, such as an address."""
        notices: Notices = asyncio.Queue(MOST_WAITING)
        mine = self._listening.setdefault(conversation, set())
        mine.add(notices)
        self._of[whence] += 1
        try:
            yield notices
        finally:
            self._of[whence] -= 1
            if not self._of[whence]:
                del self._of[whence]
            mine.discard(notices)
            if not mine:
                self._listening.pop(conversation, None)

    def listeners(self, conversation: str | None = None) -> int:
        """How many pages listen, to one conversation or in all."""
        if conversation is not None:
            return len(self._listening.get(conversation, ()))
        return sum(len(mine) for mine in self._listening.values())

    def listeners_from(self, whence: str) -> int:
        """How many pages listen that come from there."""
        return self._of[whence]

    def tell(self, conversation: str, notice: Notice) -> None:
        """Pass a notice on to every page of the conversation, here and in other processes."""
        self._pass_on(conversation, notice)
        if self.others is not None:
            self.others(conversation, notice)

    def hear(self, conversation: str, notice: Notice) -> None:
        """Another process tells of something."""
        self._pass_on(conversation, notice)
        if notice == Notice(ENDED, DELETED) and self.on_deleted is not None:
            self.on_deleted(conversation)

    def _pass_on(self, conversation: str, notice: Notice) -> None:
        self._mark(conversation, notice)
        for notices in list(self._listening.get(conversation, ())):
            with suppress(asyncio.QueueFull):  # it looks into the database by and by
                notices.put_nowait(notice)

    def _mark(self, conversation: str, notice: Notice) -> None:
        if notice.kind == WORKING:
            self._working.setdefault(conversation, {})[notice.key] = time.monotonic()
            return
        working = self._working.get(conversation, {})
        working.pop(notice.key, None)
        if not working or notice.kind == ENDED:
            self._working.pop(conversation, None)

    def working(self, conversation: str) -> list[str]:
        """The keys of the messages being worked on."""
        oldest = time.monotonic() - WORK_SECONDS
        return [key for key, since in self._working.get(conversation, {}).items() if since > oldest]

    def close(self) -> None:
        """Let all pages go: the service stops. They come back to the next one by themselves."""
        for conversation in list(self._listening):
            self._pass_on(conversation, Notice(ENDED))
