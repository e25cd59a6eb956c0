"""The action that answers: nearly every rule ends here."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import personal, privacy
from actions.understood import understood
from guidance import knowledge
from guidance.conversation import turn
from guidance.journeys.interest import RegisterInterest
from guidance.journeys.interest_words import holds_contact, may_be_details
from guidance.question import DEFAULT_CONTACT, Context, Understood
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
        before = context
        reply, context = turn(
            said, context, knowledge.current(), today(), contact(), session=tracker.sender_id, channel=channel
        )
        masked: list[str] = []
        if in_form(before) or in_form(context):  # details are asked for; a message is left out however it is answered
            privacy.note(tracker.sender_id, reply.private or (in_form(before) and may_be_details(said)), reply.hide)
        else:
            masked = leave_out(tracker.sender_id, said, reply)
            reply = reply if reply.status == "crisis" else tell(reply, masked)
        terminal = channel == "cmdline"
        say(dispatcher, reply, tracker.latest_message.get("intent") or {}, masked, terminal=terminal)
        return [SlotSet(CONTEXT_SLOT, context.to_dict())]


def leave_out(session: str, said: Understood, reply: Answer) -> list[str]:
    """Note what of a message outside the form may not be kept; returns the kinds of details."""
    found = personal.details(said.text)
    whole = reply.private and not _only_found(said)
    privacy.note(session, whole, [*reply.hide, *(detail.value for detail in found)])
    return personal.kinds(found)


def _only_found(said: Understood) -> bool:
    """Whether nothing personal is left beside the details found: then the rest of the message is worth keeping."""
    return holds_contact(said) and not holds_contact(replace(said, text=personal.without_harmless(said.text)))


def tell(reply: Answer, masked: list[str]) -> Answer:
    """The reply, first saying what was not kept."""
    return replace(reply, messages=(personal.told(masked), *reply.messages)) if masked else reply


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
    masked: Sequence[str] = (),
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
    dispatcher.utter_message(text=last, buttons=buttons, npq={**_metadata(reply, intent), "masked": list(masked)})


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
