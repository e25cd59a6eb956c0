"""The action that answers: nearly every rule ends here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import privacy
from actions.understood import understood
from guidance import knowledge
from guidance.conversation import turn
from guidance.journeys.interest import RegisterInterest
from guidance.journeys.interest_words import may_be_details
from guidance.question import DEFAULT_CONTACT, Context
from guidance.reply import Answer

CONTEXT_SLOT = "conversation"


class ActionAnswer(Action):
    """Answers the message from the knowledge, with the conversation so far in mind."""

    def name(self) -> str:
        """The name rules call it by."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say the answer; keep the conversation's context in a slot."""
        context = Context.from_dict(tracker.get_slot(CONTEXT_SLOT))
        said = understood(tracker.latest_message)
        channel = tracker.get_latest_input_channel() or "web"
        to_form = in_form(context) and may_be_details(said)  # however it is answered
        reply, context = turn(
            said, context, knowledge.current(), today(), contact(), session=tracker.sender_id, channel=channel
        )
        privacy.note(tracker.sender_id, reply.private or to_form, reply.hide)
        terminal = channel == "cmdline"
        say(dispatcher, reply, tracker.latest_message.get("intent") or {}, terminal=terminal)
        return [SlotSet(CONTEXT_SLOT, context.to_dict())]


def in_form(context: Context) -> bool:
    """Whether personal details are being asked for."""
    journey = context.journey or {}
    return journey.get("id") == RegisterInterest.id and not journey.get("done")


def today() -> date:
    """The day answers hold for: `NPQ_TODAY` when set, else the calendar's."""
    fixed = os.environ.get("NPQ_TODAY")
    return date.fromisoformat(fixed) if fixed else date.today()


def contact() -> str:
    """The contact route named when a person is needed."""
    return os.environ.get("NPQ_CONTACT") or DEFAULT_CONTACT


def say(
    dispatcher: CollectingDispatcher,
    reply: Answer,
    intent: Mapping[str, Any],
    *,
    terminal: bool = False,
) -> None:
    """Send the bubbles; status, sources and the rest travel as metadata of the last one.

    Rasa's own terminal shows text only, so there the source is a line of text.
    """
    *first, last = reply.messages
    for text in first:
        dispatcher.utter_message(text=text)
    if terminal and reply.sources:
        last = f"{last}\n{source_line(reply)}"
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    dispatcher.utter_message(text=last, buttons=buttons, npq=_metadata(reply, intent))


def source_line(reply: Answer) -> str:
    """The sources as one line, for channels that show only text."""
    named = "; ".join(f"{item.title} ({item.as_of:%B %Y})" for item in reply.sources)
    return f"Source: {named}"


def _metadata(reply: Answer, intent: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "intent": intent.get("name"),
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
        "status": reply.status,
        "topics": list(reply.topics),
        "programmes": list(reply.programmes),
        "facts": list(reply.facts),
        "sources": [{"title": item.title, "url": item.url, "as_of": item.as_of.isoformat()} for item in reply.sources],
        "asking": reply.asking,
    }
