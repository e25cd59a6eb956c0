"""One turn with the guide: gate, agent, status, record. All channels go through here."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from dataclasses import asdict, dataclass, field
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from actions import privacy
from bot.channels.gate import accept
from bot.channels.once import Once
from bot.channels.turns import TurnLog

logger = logging.getLogger(__name__)

APOLOGY = (
    "Sorry, there is a problem with this service and I could not answer. Please try again in a few "
    "minutes. If it is urgent, ask your provider or email {contact}."
)


@dataclass(frozen=True)
class Reply:
    """What the guide said in one turn, in the form of the `npq ask` contract."""

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

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


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
        self._once: Once[Reply] = Once(agent)
        self._running: set[asyncio.Task[Reply]] = set()

    async def reply(self, session: str, text: object, channel: str, key: str = "") -> Reply:
        """Take one message of a session and answer it. Never silent: a failure is an apology.

        A turn once begun is finished, also when the visitor has gone away meanwhile. `key` names the message: sent
        again with the same key, before or after a restart, it gets the same answer instead of being taken for the
        answer to the next question. A message that could not be answered may be tried again.

        Raises:
            Refused: when the gate does not take the message.
        """
        plain = accept(text)
        name = (session, key, plain)
        turn = self._once.begun(name) if key else None
        if turn is None or (turn.done() and turn.result().status == "error"):
            turn = asyncio.get_running_loop().create_task(self._turn(session, plain, channel, key))
            self._running.add(turn)
            turn.add_done_callback(self._running.discard)
            if key:
                self._once.begin(name, turn)
        return await asyncio.shield(turn)

    async def _turn(self, session: str, plain: str, channel: str, key: str) -> Reply:
        began = time.perf_counter()
        if key and (before := await self._once.stored(session, key)):
            reply = self._reply(session, before, began)
            if reply.status != "error":
                return reply
        collected = _Collecting()
        message = UserMessage(plain, collected, session, input_channel=channel, message_id=key or None)
        try:
            await self.agent.handle_message(message)
        except Exception as error:  # no text of it: it may hold what the visitor wrote
            logger.error("A turn failed: %s", _where(error))
        try:
            reply = self._reply(session, collected.messages, began)
            self._keep(reply, plain, channel)
        finally:
            privacy.forget(session)
        if key:
            self._once.answered(session, key)
        return reply

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
            ms=round((time.perf_counter() - began) * 1000, 2),
        )

    def _keep(self, reply: Reply, text: str, channel: str) -> None:
        """Store the turn. The answer is worth more than the record, so a failure is only logged."""
        hidden = privacy.hidden(reply.session)
        kept = reply.to_dict()
        if hidden is not None:
            text, kept["messages"] = hidden.typed(text), [hidden.said(item) for item in reply.messages]
            kept["buttons"] = hidden.offered(reply.buttons)
        try:
            self.turns.add(kept, text, channel)
        except Exception as error:
            logger.error("A turn could not be stored: %s", _where(error))


def _where(error: BaseException) -> str:
    """What went wrong and where, without the texts of errors."""
    frames = [item for item in traceback.extract_tb(error.__traceback__) if "site-packages" not in item.filename]
    return f"{type(error).__name__} in " + ", ".join(f"{item.name}, line {item.lineno}" for item in frames[-3:])
