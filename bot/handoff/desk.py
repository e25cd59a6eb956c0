"""What visitor's side, staff's side and the clock have in common: closing, telling the visitor, opening the thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from bot.channels.guide import Guide
from bot.channels.live import TURN, Notice
from bot.channels.slack.queue import OUTGOING
from bot.channels.slack.service import SlackService
from bot.handoff import blocks, words
from bot.handoff.memory import Memory
from bot.handoff.options import HandoffOptions
from bot.handoff.store import Change, Store
from bot.handoff.tables import ACTIVE, REQUESTED, Handoff, handoffs
from guidance import knowledge

LATE = timedelta(seconds=10)  # in which what goes to Slack is there, else the visitor is told
DETAILS = "register_interest"  # the topic with which details are left
Found = TypeVar("Found")
# What the visitor is told when it is closed, and whether they are asked how it was, or for their details.
_CLOSED = {
    "done": (words.CLOSED_BY, True, False),
    "returned": (words.RETURNED, False, False),
    "declined": (words.NOBODY, False, True),
    "unclaimed": (words.NOBODY, False, True),
    "unreachable": (words.UNREACHABLE, False, True),
    "silent_visitor": (words.SILENT_VISITOR, True, False),
    "silent_person": (words.SILENT_PERSON, False, True),
    "cancelled": (words.CANCELLED, False, False),
    "visitor": (words.LEFT_PERSON, True, False),
}


class Desk:
    """Handoffs as both sides work on them."""

    def __init__(self, guide: Guide, slack: SlackService, options: HandoffOptions, store: Store) -> None:
        self.guide = guide
        self.slack = slack
        self.options = options
        self.store = store
        self.memory = Memory(guide.agent)

    @property
    def channel(self) -> str:
        """Where the team is asked."""
        return self.options.channel

    async def run(self, job: Callable[[], Found]) -> Found:
        """Do something with the database, beside the event loop."""
        return await asyncio.to_thread(job)

    def tell(self, handoff: Handoff) -> None:
        """Something was stored: the open pages look, and what goes to Slack goes."""
        self.guide.live.tell(handoff.conversation, Notice(TURN))
        self.slack.wake(OUTGOING)

    def details_button(self) -> dict[str, str]:
        """The way to leave details."""
        topic = knowledge.current().topics.get(DETAILS)
        return {"title": "Leave my details", "payload": topic.example if topic else "I want to register my interest"}

    def away(self) -> str:
        """That nobody is here, and when they are."""
        return words.AWAY.format(hours=self.options.hours.words())

    def say(self, handoff: Handoff, text: str, *buttons: dict[str, str], **more: Any) -> dict[str, Any]:
        """A turn of the guide around a chat with a person."""
        minutes = int(self.options.idle.total_seconds() // 60)
        said = text.format(name=handoff.name, contact=self.guide.contact, minutes=minutes)
        return {"messages": [said], "buttons": list(buttons), **more}

    def closing(self, handoff: Handoff, why: str) -> dict[str, Any]:
        """The turn with which the visitor is told that it is closed."""
        text, rated, details = _CLOSED[why]
        buttons = [self.details_button()] if details else []
        if rated and handoff.claimed_at:
            text += "\n\n" + words.RATE
            buttons = [button(words.HELPED), button(words.NOT_HELPED)]
        return self.say(handoff, text, *buttons)

    def close(
        self, change: Change, handoff: Handoff, states: Sequence[str], why: str, said: str = "", key: str = "",
        **values: Any,
    ) -> Handoff | None:  # fmt: skip
        """Close it: the visitor is told (in answer to what they said, if they did), and so is the thread."""
        closed = change.close(handoff, states, why, **values)
        if closed is None:
            return None
        reply = self.closing(closed, why)
        turn, _at = change.turn(closed, reply, said, key)
        if any(one["payload"] == words.HELPED for one in reply["buttons"]):
            closed = change.move(closed, ("closed",), rating_turn=turn) or closed
        self.close_thread(change, closed)
        return closed

    def close_thread(self, change: Change, closed: Handoff) -> None:
        """The thread shows that it is closed, and how it went."""
        if closed.thread:
            change.send(
                blocks.update(closed, self.channel),
                blocks.note(closed, self.channel, "closed", blocks.summary(closed)),
            )

    async def thread_is_there(self, handoff: Handoff, ts: str) -> None:
        """The first message is in the channel: what was said before, and meanwhile, goes below it. Once."""

        def store() -> Handoff | None:
            before = self.store.turns.of(handoff.conversation)
            with self.store.change() as change:
                found = change.move(handoff, ("requested", "active", "closed"), handoffs.c.thread.is_(None), thread=ts)
                if found is None:
                    return None
                if found.why != "deleted":
                    earlier = [turn for turn in before if turn["id"] < (found.turn or 0)]
                    change.send(*blocks.transcript(found, self.channel, earlier))
                    for number, text in change.waiting_lines(found):
                        change.send(blocks.line(found, self.channel, number, text))
                asked = found.requested_at or found.created_at
                if change.now - asked > LATE:
                    late = f"Posted late: the visitor asked at {blocks.clock(asked)}, while Slack could not be reached."
                    change.send(blocks.note(found, self.channel, "late", late))
                if found.state == "closed":
                    self.close_thread(change, found)
                elif found.late_at:
                    found = change.move(found, (REQUESTED, ACTIVE), late_at=None) or found
                return found

        found = await self.run(store)
        if found is not None:
            self.slack.wake(OUTGOING)

    async def push(
        self, handoff: Handoff, states: Sequence[str], when: Any, reply: dict[str, Any], **values: Any
    ) -> bool:
        """Change it and tell the visitor, if it is in one of these states and `when` holds."""

        def store() -> bool:
            with self.store.change() as change:
                found = change.move(handoff, states, when, **values)
                if found is not None:
                    change.turn(found, reply)
                return found is not None

        done = await self.run(store)
        if done:
            self.tell(handoff)
        return done


def button(text: str) -> dict[str, str]:
    """A button that says what is on it."""
    return {"title": text, "payload": text}


def person(handoff: Handoff | None) -> dict[str, str | None] | None:
    """What pages show of who is in the conversation."""
    if handoff is None:
        return None
    if handoff.state == REQUESTED:
        return words.waiting()
    return words.here(handoff) if handoff.state == ACTIVE else None
