"""One turn with the guide: gate, agent, status, record. All channels go through here."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from actions.understood import ANSWERS
from bot.channels.gate import Refused, accept
from bot.channels.keeping import Keeping, where
from bot.channels.live import DELETED, ENDED, IDLE, TURN, WORKING, Live, Notice
from bot.channels.once import Once
from bot.channels.reply import Reply, made_of
from bot.channels.turns import TurnLog
from bot.runtime.beside import NOTHING
from bot.runtime.locks import ConversationLocks
from bot.runtime.store import AnsweredBefore, Overtaken
from bot.runtime.tries import tries
from guidance import interest

logger = logging.getLogger(__name__)

MOST_GONE = 1000  # deleted conversations that are known as such


class Person(Protocol):
    """Whoever hands conversations over to people (bot/handoff)."""

    async def take(self, session: str, text: str, key: str) -> Reply | None:
        """The reply to a message that is not the guide's to answer; None for all others."""

    def adds(self, reply: Reply) -> bool:
        """Whether `offer` may change a reply."""

    async def offer(self, reply: Reply, key: str, page: str | None) -> Reply:
        """The guide's reply, with the offer of a person where one is needed."""

    def left(self, session: str, *, deleted: bool) -> None:
        """The visitor ended or deletes the conversation."""


class _Collecting(CollectingOutputChannel):
    """Keeps each reply whole: text, buttons and our metadata together."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(message)


class Guide:
    """The agent behind the gate."""

    def __init__(self, agent: Agent, turns: TurnLog, contact: str) -> None:
        self.agent = agent
        self.turns = turns
        self._keeping = Keeping(turns)
        self.contact = contact
        self.live = Live()
        self.live.on_deleted = self._deleted_elsewhere
        self.on_turn: Callable[[Reply, str, float], None] | None = None  # reply, channel, when it began (perf_counter)
        self.person: Person | None = None
        self._locks = agent.lock_store if agent is not None else ConversationLocks()
        self._once: Once[Reply] = Once(agent)
        self._running: dict[asyncio.Task[Reply], str] = {}
        self._gone: OrderedDict[str, None] = OrderedDict()
        self._deleting: set[asyncio.Task[None]] = set()

    async def reply(
        self,
        session: str,
        text: object,
        channel: str,
        key: str = "",
        page: str | None = None,
        answers: str | None = None,
    ) -> Reply:
        """Take one message of a session and answer it. Never silent: a failure is an apology.

        A turn once begun is finished, also when the visitor has gone away meanwhile. `key` names the message: sent
        again with the same key, before or after a restart, it gets the same answer instead of being taken for the
        answer to the next question. A message that could not be answered may be tried again. `page` is where the
        visitor is, as far as known; None where nobody could wait for a person. `answers` is what the page was asking
        for when the visitor wrote, empty for nothing; None where it does not say.

        Raises:
            Refused: when the gate does not take the message, or the conversation was deleted.
        """
        plain = accept(text)
        if session in self._gone:
            raise Refused("session_unknown", "This conversation was deleted.")
        name = (session, key, plain)
        turn = self._once.begun(name) if key else None
        if turn is None or (turn.done() and turn.result().status == "error"):
            turn = asyncio.get_running_loop().create_task(self._turn(session, plain, channel, key, page, answers))
            self._running[turn] = session
            turn.add_done_callback(self._running.pop)
            if key:
                self._once.begin(name, turn)
        return await asyncio.shield(turn)

    def answered(self, session: str, key: str, text: str) -> bool:
        """Whether this very message has been taken lately, so that sending it again costs nothing."""
        return bool(key) and self._once.begun((session, key, text)) is not None

    def busy(self) -> bool:
        """Whether a turn is in progress."""
        return bool(self._running)

    def lately(self, session: str) -> dict[str, Reply]:
        """The last replies of a session as they were said, by the key of the message. The record leaves details out."""
        return self._once.lately(session)

    async def forget(self, session: str) -> None:
        """Delete everything said in a conversation, wherever it is kept. A turn in progress is waited for.

        Raises:
            SQLAlchemyError: the database does not take it; nothing is deleted.
        """
        try:
            await self._delete(session)
        except Exception:
            self._gone.pop(session, None)
            raise
        self.live.tell(session, Notice(ENDED, DELETED))

    async def _delete(self, session: str) -> None:
        self._gone[session] = None
        while len(self._gone) > MOST_GONE:
            self._gone.popitem(last=False)
        running = [turn for turn, talk in self._running.items() if talk == session]
        if running:
            await asyncio.wait(running)
        async with self._locks.lock(session):  # another process may be at work on it
            if self.person is not None:
                left = partial(self.person.left, session, deleted=True)
                await asyncio.get_running_loop().run_in_executor(None, left)
            forget = interest.current().retention.forget
            await asyncio.get_running_loop().run_in_executor(None, forget, session)
        self._once.forget(session)
        self.agent.tracker_store.forget(session)

    def _deleted_elsewhere(self, session: str) -> None:
        """Another process deleted it: what this one holds, or was just writing, goes too."""

        async def delete() -> None:
            with suppress(SQLAlchemyError):  # then only what it was just writing is left, for the daily purge
                await self._delete(session)

        task = asyncio.get_running_loop().create_task(delete())
        self._deleting.add(task)
        task.add_done_callback(self._deleting.discard)

    async def _turn(
        self, session: str, plain: str, channel: str, key: str, page: str | None, answers: str | None
    ) -> Reply:
        self.live.tell(session, Notice(WORKING, key))
        stored, began = False, time.perf_counter()
        try:
            # The whole turn: a message sent again to another process must find what became of it here.
            async with self._locks.lock(session):
                taken = await self.person.take(session, plain, key) if self.person and channel == "web" else None
                reply = taken or await self._answer(session, plain, channel, key, page, answers)
            stored = reply.turn is not None and reply.status != "error"
        finally:
            self.live.tell(session, Notice(TURN if stored else IDLE, key))
        if self.on_turn is not None:
            self.on_turn(reply, channel, began)
        return reply

    async def _answer(
        self, session: str, plain: str, channel: str, key: str, page: str | None, answers: str | None
    ) -> Reply:
        began = time.perf_counter()
        reply: Reply | None = None
        doubted = False
        async for _ in tries():
            known = await self._once.stored(session, key) if key else ("", [])
            if known is None:  # should the database be back by then, the store looks before it is taken for new
                doubted = True
                self.agent.tracker_store.doubt(session, key)
            text, before = known or ("", [])
            if before and (again := made_of(session, before, began, self.contact)).status != "error":
                return self._keeping.as_stored(await self._offer(again, channel, key, page), text, channel, key)
            reply = await self._ask(session, plain, channel, key, answers, began)
            if reply is not None:
                break
        try:
            if reply is None or reply.turn is None:
                reply = await self._offer(reply or made_of(session, [], began, self.contact), channel, key, page)
                reply = self._keeping.keep(reply, plain, channel, key)
        finally:
            privacy.forget(session)
            if doubted:
                self.agent.tracker_store.doubt(session, None)
        return reply

    async def _ask(
        self, session: str, plain: str, channel: str, key: str, answers: str | None, began: float
    ) -> Reply | None:
        """What the agent says; None when another process was faster with this conversation, so that it counts not.

        In the record already where nobody has anything to add to it.
        """
        collected = _Collecting()
        asked = None if answers is None else {ANSWERS: answers}
        named = {"input_channel": channel, "message_id": key or None, "metadata": asked}
        message = UserMessage(plain, collected, session, **named)

        def keep(connection: sa.engine.Connection) -> Reply | None:
            reply = made_of(session, collected.messages, began, self.contact)
            if self._adds(reply, channel) or not self.turns.ready:
                return None
            return self._keeping.keep_with(connection, reply, plain, channel, key)

        beside = NOTHING
        try:
            with self.agent.tracker_store.beside.waiting(session, keep) as beside:
                await self.agent.handle_message(message)
        except Overtaken:
            logger.info("Another process was faster with a conversation: the turn begins again.")
            return None
        except AnsweredBefore:  # now that the database is back its answer can be looked up
            return None
        except Exception as error:  # no text of it: it may hold what the visitor wrote
            logger.error("A turn failed: %s", where(error))
        found: Reply = beside.result or made_of(session, collected.messages, began, self.contact)
        return found

    def _adds(self, reply: Reply, channel: str) -> bool:
        """Whether the person in the conversation, or who may be offered, changes a reply."""
        return self.person is not None and channel == "web" and self.person.adds(reply)

    async def _offer(self, reply: Reply, channel: str, key: str, page: str | None) -> Reply:
        return await self.person.offer(reply, key, page) if self.person and channel == "web" else reply
