"""A message that is sent again is answered once: while it is being answered, after that, and after a restart."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from typing import Any, Generic, TypeVar

from rasa.core.agent import Agent
from rasa.shared.core.events import BotUttered, UserUttered
from sqlalchemy.exc import SQLAlchemyError

PERSON = "person"  # marks, in the metadata of what was said, that a person did and not the guide
MOST_REMEMBERED = 500  # answers
REMEMBERED_SECONDS = 600.0
MOST_KNOWN = 5000  # conversations whose keys are known

Name = tuple[str, str, str]  # conversation, key, text
Answer = TypeVar("Answer")


class Once(Generic[Answer]):
    """What was sent under which key. Answers are held in memory for some minutes; keys are kept with conversations."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._begun: OrderedDict[Name, tuple[float, asyncio.Task[Answer]]] = OrderedDict()
        self._keys: OrderedDict[str, tuple[int, set[str]]] = OrderedDict()  # up to which event; the keys

    def begun(self, name: Name) -> asyncio.Task[Answer] | None:
        """The turn that answers or answered this message lately."""
        oldest = time.monotonic() - REMEMBERED_SECONDS
        while self._begun and (len(self._begun) > MOST_REMEMBERED or next(iter(self._begun.values()))[0] < oldest):
            self._begun.popitem(last=False)
        known = self._begun.get(name)
        return known[1] if known else None

    def begin(self, name: Name, turn: asyncio.Task[Answer]) -> None:
        """Remember a turn."""
        self._begun[name] = (time.monotonic(), turn)

    def lately(self, conversation: str) -> dict[str, Answer]:
        """The answers of a conversation that are still in memory, by the key of the message."""
        mine = {name: turn for name, (_, turn) in self._begun.items() if name[0] == conversation}
        done = {name[1]: turn for name, turn in mine.items() if turn.done() and not turn.cancelled()}
        return {key: turn.result() for key, turn in done.items() if turn.exception() is None}

    def forget(self, conversation: str) -> None:
        """Drop what memory holds of a conversation."""
        self._keys.pop(conversation, None)
        for name in [name for name in self._begun if name[0] == conversation]:
            del self._begun[name]

    async def stored(self, conversation: str, key: str) -> tuple[str, list[dict[str, Any]]] | None:
        """A message and what was said to it, as they are kept, when any process answered it; empty when none did.

        None while the database is away and nobody can tell.
        """
        try:
            heard = self._heard(conversation)
            if key not in heard:
                heard.add(key)  # from here on it may be stored, however the turn ends: the next time it is looked up
                return "", []
            tracker = await self._agent.tracker_store.retrieve_full_tracker(conversation)
        except SQLAlchemyError:
            return None
        text, said, found = "", list[dict[str, Any]](), False
        for event in tracker.events if tracker else ():
            if isinstance(event, UserUttered):
                found = event.message_id == key
                text, said = (event.text or "", []) if found else (text, said)
            elif found and isinstance(event, BotUttered) and not event.metadata.get(PERSON):
                buttons = (event.data or {}).get("buttons")
                said.append({**event.metadata, "text": event.text, "buttons": buttons})
        return text, said

    def _heard(self, conversation: str) -> set[str]:
        """The keys of a conversation; read again when other processes may have added some."""
        last, keys = self._keys.get(conversation, (0, set[str]()))
        store = self._agent.tracker_store
        if store.shared or conversation not in self._keys:
            last, new = store.heard(conversation, last)
            keys |= new
        self._keys[conversation] = (last, keys)
        self._keys.move_to_end(conversation)
        while len(self._keys) > MOST_KNOWN:
            self._keys.popitem(last=False)
        return keys
