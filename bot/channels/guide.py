"""One turn with the guide: gate, agent, status, record. All channels go through here."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from actions.understood import ANSWERS
from bot.channels.gate import Refused, accept
from bot.channels.live import DELETED, ENDED, IDLE, TURN, WORKING, Live, Notice
from bot.channels.once import Once
from bot.channels.turns import TurnLog
from bot.runtime.locks import ConversationLocks
from bot.runtime.store import AnsweredBefore, Overtaken
from bot.runtime.tries import tries
from guidance import interest

logger = logging.getLogger(__name__)

APOLOGY = (
    "Sorry, there is a problem with this service and I could not answer. Please try again in a few "
    "minutes. If it is urgent, ask your provider or email {contact}."
)


MOST_GONE = 1000  # deleted conversations that are known as such
BESIDE = frozenset({"turn", "at", "masked", "facts", "person"})  # of a reply, what is not in the contract


@dataclass(frozen=True)
class Reply:
    """What the guide said in one turn, in the form of the `npq ask` contract.

    Beside it: the number and time of the turn in the record, None when it could not be stored; the kinds of personal
    detail that were left out of the record; the ids of the facts and of the funding rule it rests on, for staff; the
    person who is asked for ({"state": "waiting", "name": None}) or in the chat ({"state": "here", "name": "Ann"}).
    """

    session: str
    status: str
    text: str
    messages: list[str]
    buttons: list[dict[str, str]] = field(default_factory=list)
    asking: str | None = None
    programmes: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    intent: str | None = None
    confidence: float | None = None
    ms: float = 0.0
    turn: int | None = None
    at: datetime | None = None
    masked: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    person: dict[str, str | None] | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, as `npq ask` prints it."""
        # Not `asdict`, which copies everything in it deeply: 0.2 ms twice a turn.
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name not in BESIDE}


class Person(Protocol):
    """Whoever hands conversations over to people (bot/handoff)."""

    async def take(self, session: str, text: str, key: str) -> Reply | None:
        """The reply to a message that is not the guide's to answer; None for all others."""

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
        collected: list[dict[str, Any]] | None = None
        doubted = False
        async for _ in tries():
            known = await self._once.stored(session, key) if key else ("", [])
            if known is None:  # should the database be back by then, the store looks before it is taken for new
                doubted = True
                self.agent.tracker_store.doubt(session, key)
            text, before = known or ("", [])
            if before and (reply := self._reply(session, before, began)).status != "error":
                return self._as_stored(await self._offer(reply, channel, key, page), text, channel, key)
            collected = await self._ask(session, plain, channel, key, answers)
            if collected is not None:
                break
        try:
            reply = await self._offer(self._reply(session, collected or [], began), channel, key, page)
            reply = self._keep(reply, plain, channel, key)
        finally:
            privacy.forget(session)
            if doubted:
                self.agent.tracker_store.doubt(session, None)
        return reply

    async def _ask(
        self, session: str, plain: str, channel: str, key: str, answers: str | None
    ) -> list[dict[str, Any]] | None:
        """What the agent says; None when another process was faster with this conversation, so that it counts not."""
        collected = _Collecting()
        asked = None if answers is None else {ANSWERS: answers}
        named = {"input_channel": channel, "message_id": key or None, "metadata": asked}
        message = UserMessage(plain, collected, session, **named)
        try:
            await self.agent.handle_message(message)
        except Overtaken:
            logger.info("Another process was faster with a conversation: the turn begins again.")
            return None
        except AnsweredBefore:  # now that the database is back its answer can be looked up
            return None
        except Exception as error:  # no text of it: it may hold what the visitor wrote
            logger.error("A turn failed: %s", _where(error))
        return list(collected.messages)

    async def _offer(self, reply: Reply, channel: str, key: str, page: str | None) -> Reply:
        return await self.person.offer(reply, key, page) if self.person and channel == "web" else reply

    def _reply(self, session: str, sent: list[dict[str, Any]], began: float) -> Reply:
        found = [item["npq"] for item in sent if item.get("npq")]
        meta: dict[str, Any] = found[-1] if found else {"status": "error"}
        messages = [item["text"] for item in sent if item.get("text")] if found else []
        if not messages:
            meta, messages = {"status": "error"}, [APOLOGY.format(contact=self.contact)]
        return Reply(
            session=session,
            status=meta["status"],
            text="\n\n".join(messages),
            messages=messages,
            buttons=[button for item in sent if found for button in item.get("buttons") or []],
            asking=meta.get("asking"),
            programmes=meta.get("programmes", []),
            topics=meta.get("topics", []),
            sources=meta.get("sources", []),
            intent=meta.get("intent"),
            confidence=meta.get("confidence"),
            masked=meta.get("masked", []),
            facts=meta.get("facts", []),
            ms=round((time.perf_counter() - began) * 1000, 2),
        )

    def _keep(self, reply: Reply, text: str, channel: str, key: str) -> Reply:
        """Store the turn. The answer is worth more than the record, so a failure is only logged."""
        hidden = privacy.hidden(reply.session, text)
        kept = reply.to_dict() | ({"person": reply.person} if reply.person else {})
        if hidden is not None:
            text, kept["messages"] = hidden.typed(text), [hidden.said(item) for item in reply.messages]
            kept["buttons"] = hidden.offered(reply.buttons)
        try:
            turn, at = self.turns.add(kept, text, channel, key)
        except Exception as error:
            logger.error("A turn could not be stored: %s", _where(error))
            return reply
        return replace(reply, turn=turn, at=at)

    def _as_stored(self, reply: Reply, text: str, channel: str, key: str) -> Reply:
        """The reply with the number and time under which the record has it; noted now if its process died before."""
        try:
            found = self.turns.under(reply.session, key)
        except SQLAlchemyError:
            return reply
        return replace(reply, turn=found[0], at=found[1]) if found else self._keep(reply, text, channel, key)


def _where(error: BaseException) -> str:
    """What went wrong and where, without the texts of errors."""
    frames = [item for item in traceback.extract_tb(error.__traceback__) if "site-packages" not in item.filename]
    return f"{type(error).__name__} in " + ", ".join(f"{item.name}, line {item.lineno}" for item in frames[-3:])
