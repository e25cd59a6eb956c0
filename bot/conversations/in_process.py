"""The guide in this process as the partner of a scripted conversation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered

from actions.answer import CONTEXT_SLOT
from bot.channels.gate import Refused
from bot.channels.reply import Reply
from bot.channels.sessions import new_conversation
from bot.conversations.clock import clock
from bot.conversations.registers import register
from bot.conversations.rules import rule_of
from guidance import knowledge
from guidance.journeys.funding import FundingCheck, facts_of
from guidance.question import Context

if TYPE_CHECKING:
    from bot.channels.guide import Guide


class InProcess:
    """The guide in this process: same gate, agent, actions and store as the web channel."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide

    @contextmanager
    def on(self, day: date, schools: Sequence[Path] = ()) -> Iterator[None]:
        """The clock of this process stands on that day, and it knows those schools only."""
        with clock(day), register(schools):
            yield

    async def new_session(self) -> str:
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
            **_course(_context(events[:last]), _context(after)),
        }


def _context(events: Sequence[Event]) -> Context:
    """The conversation as the guide last remembered it."""
    kept = [event.value for event in events if isinstance(event, SlotSet) and event.key == CONTEXT_SLOT]
    return Context.from_dict(kept[-1] if kept else None)


def _course(before: Context, after: Context) -> dict[str, str]:
    """The guided conversation under way, the funding rule just decided by, the step when not understood."""
    journey = after.journey or {}
    found = {"journey": "" if journey.get("done") else str(journey.get("id", ""))}
    if journey.get("id") == FundingCheck.id and journey.get("done") and journey != before.journey:
        found["funding_rule"] = knowledge.current().funding.decide(facts_of(journey["answers"])).rule or ""
    if after.misses_ever != before.misses_ever:
        found["fallback"] = after.said[-1].split(".")[1]
    return found


def _entity(item: dict[str, Any]) -> str:
    return f"{item['entity']}={item['value']}"
