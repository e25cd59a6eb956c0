"""Whom a scripted conversation talks to. In this process: the guide itself, behind the gate of the web channel.

Another partner (a deployed service over its web channel) needs the same three methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from bot.channels.gate import Refused
from bot.channels.guide import Reply
from bot.channels.sessions import new_conversation
from bot.conversations.rules import rule_of

if TYPE_CHECKING:
    from bot.channels.guide import Guide


class Partner(Protocol):
    """Answers messages and tells how it understood them."""

    def new_session(self) -> str:
        """A session nobody used before."""
        ...

    async def say(self, session: str, text: str, channel: str) -> dict[str, Any]:
        """The reply to a message, as `npq ask --json` gives it."""
        ...

    async def details(self, session: str) -> dict[str, Any]:
        """How the last message was understood: `entities`, `rule`, `facts`; empty where that is not known."""
        ...


class InProcess:
    """The guide in this process: same gate, agent, actions and store as the web channel."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide

    def new_session(self) -> str:
        """A session nobody used before."""
        return new_conversation()

    async def say(self, session: str, text: str, channel: str) -> dict[str, Any]:
        """The reply; a refusal by the gate is a reply with the status `error`."""
        try:
            return (await self.guide.reply(session, text, channel)).to_dict()
        except Refused as refusal:
            return Reply(session, "error", str(refusal), [str(refusal)]).to_dict()

    async def details(self, session: str) -> dict[str, Any]:
        """Read from the stored conversation."""
        tracker = await self.guide.agent.tracker_store.retrieve(session)
        if tracker is None:
            return {}
        events = list(tracker.events)
        last = max((at for at, event in enumerate(events) if isinstance(event, UserUttered)), default=None)
        if last is None:
            return {}
        message, after = events[last], events[last + 1 :]
        actions = [event.action_name for event in after if isinstance(event, ActionExecuted)]
        meta = [event.metadata.get("npq") or {} for event in after if isinstance(event, BotUttered)]
        return {
            "understood": message.text,
            "entities": list(dict.fromkeys(_entity(item) for item in message.entities if item["entity"] != "fact")),
            "rule": rule_of(message.intent_name),
            "actions": [name for name in actions if name != "action_listen"],
            "facts": [fact for item in meta for fact in item.get("facts", [])],
        }


def _entity(item: dict[str, Any]) -> str:
    return f"{item['entity']}={item['value']}"
