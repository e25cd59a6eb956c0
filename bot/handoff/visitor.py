"""The visitor's side: the answer to the offer, what they write while a person is asked or there, how it was."""

from __future__ import annotations

import logging
import uuid
from collections import OrderedDict
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from bot.channels.reply import Reply
from bot.channels.slack.queue import OUTGOING
from bot.handoff import blocks, words
from bot.handoff.desk import Desk, button, person
from bot.handoff.store import TOPIC
from bot.handoff.tables import ACTIVE, CLOSED, OFFERED, REQUESTED, Handoff, handoffs
from guidance.interest.tables import utc

logger = logging.getLogger(__name__)

MOST_KNOWN = 2000  # conversations with a person that are known without the database


class VisitorSide:
    """Asked by the guide before each turn of the web channel."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._with_person: OrderedDict[str, None] = OrderedDict()

    async def take(self, session: str, text: str, key: str) -> Reply | None:
        """The reply to a message that is not the guide's to answer: a person is asked or there. None for all others."""
        try:
            found = await self._take(session, text, key)
        except SQLAlchemyError as error:
            if session not in self._with_person:
                return None
            logger.error("A message to a person could not be stored (%s).", type(error).__name__)
            said = words.CANNOT.format(contact=self._desk.guide.contact)
            return Reply(session, "error", said, [said])
        return found

    async def _take(self, session: str, text: str, key: str) -> Reply | None:
        desk = self._desk
        for _ in range(3):  # somebody else may change it at the same moment
            handoff = await desk.run(lambda: desk.store.latest(session))
            self._note(session, handoff)
            if handoff is None:
                return None
            if key and (stored := await desk.run(lambda: desk.store.turns.keyed(session, key))):
                return _stored(session, stored) if "person" in stored["replied"] else None
            if not _concerned(handoff, text):
                if handoff.state == OFFERED:
                    await self._drop(handoff)
                return None
            if handoff.state in (REQUESTED, ACTIVE) and (await desk.memory.understand(text)).crisis:
                await self._relay(handoff, text, key, answered=True)
                return None  # nobody waits for a person with that
            if handoff.state == REQUESTED and words.same(text, desk.details_button()["payload"]):
                await self._close(handoff, "cancelled", None)
                return None
            reply = await self._step(handoff, text, key)
            if reply is not None:
                return reply
        return None

    async def _step(self, handoff: Handoff, text: str, key: str) -> Reply | None:
        """One step of a handoff; None when it has changed meanwhile."""
        if handoff.state == OFFERED:
            if words.is_yes(text, strict=handoff.strict):
                return await self._request(handoff, text, key)
            return await self._refuse(handoff, text, key)
        if handoff.state == REQUESTED and words.is_cancel(text):
            return await self._close(handoff, "cancelled", (text, key))
        if handoff.state == ACTIVE and words.is_back(text):
            return await self._close(handoff, "visitor", (text, key))
        if handoff.state == CLOSED:
            return await self._rate(handoff, text, key)
        return await self._relay(handoff, text, key)

    async def _request(self, handoff: Handoff, text: str, key: str) -> Reply | None:
        desk = self._desk

        def store() -> Reply | None:
            with desk.store.change() as change:
                if not desk.options.hours.open_at(change.now):
                    closed = change.close(handoff, (OFFERED,), "away")
                    reply = self._away(handoff)
                    return self._said(change, closed, reply, text, key) if closed else None
                found = change.move(
                    handoff, (OFFERED,), state=REQUESTED, requested_at=change.now, visitor_at=change.now
                )
                if found is None:
                    return None
                reply = desk.say(found, words.REQUESTED, button(words.BACK), person=words.waiting())
                told = self._said(change, found, reply, text, key)
                found = change.move(found, (REQUESTED,), turn=told.turn)
                assert found is not None  # within one transaction
                change.send(blocks.opening(found, desk.channel))
                return told

        told = await desk.run(store)
        if told is not None and told.person:
            self._with_person[handoff.conversation] = None
        return await self._done(handoff, told, text, key)

    def _away(self, handoff: Handoff) -> dict[str, Any]:
        return self._desk.say(handoff, self._desk.away(), self._desk.details_button())

    async def _refuse(self, handoff: Handoff, text: str, key: str) -> Reply | None:
        desk = self._desk

        def store() -> Reply | None:
            with desk.store.change() as change:
                closed = change.close(handoff, (OFFERED,), "refused")
                return self._said(change, closed, desk.say(handoff, words.REFUSED), text, key) if closed else None

        return await self._done(handoff, await desk.run(store), text, key)

    async def _drop(self, handoff: Handoff) -> None:
        """Something else was said in answer to the offer."""

        def store() -> None:
            with self._desk.store.change() as change:
                change.close(handoff, (OFFERED,), "passed")

        await self._desk.run(store)

    async def _close(self, handoff: Handoff, why: str, said: tuple[str, str] | None) -> Reply | None:
        """The visitor ends it; with what they said, unless the guide is to answer that."""
        desk = self._desk

        def store() -> Reply | None:
            with desk.store.change() as change:
                if said is None:
                    closed = change.close(handoff, (handoff.state,), why)
                    if closed is not None:
                        desk.close_thread(change, closed)
                    return None
                return self._closed(change, handoff, why, *said)

        reply = await desk.run(store)
        self._with_person.pop(handoff.conversation, None)
        desk.slack.wake(OUTGOING)
        return await self._done(handoff, reply, *said) if said else None

    def _closed(self, change: Any, handoff: Handoff, why: str, text: str, key: str) -> Reply | None:
        closed = change.close(handoff, (handoff.state,), why)
        if closed is None:
            return None
        reply = self._desk.closing(closed, why)
        told = self._said(change, closed, reply, text, key)
        if any(one["payload"] == words.HELPED for one in reply["buttons"]):
            change.move(closed, (CLOSED,), rating_turn=told.turn)
        self._desk.close_thread(change, closed)
        return told

    async def _relay(self, handoff: Handoff, text: str, key: str, *, answered: bool = False) -> Reply | None:
        """Pass on what the visitor wrote. `answered`: the guide answers it as well, and keeps the turn."""
        desk = self._desk

        def store() -> Reply | None:
            with desk.store.change() as change:
                counted = {"visitor_at": change.now, "visitor_lines": handoffs.c.visitor_lines + 1}
                found = change.move(handoff, (handoff.state,), **counted)
                if found is None:
                    return None
                number = change.line(found, f"v:{key or uuid.uuid4().hex}", None if found.thread else text)
                if number is None:  # another process has taken this very message
                    change.move(found, (found.state,), visitor_lines=handoffs.c.visitor_lines - 1)
                    return None
                reply: dict[str, Any] = {"messages": []}
                if found.state == REQUESTED and not found.acknowledged_at:
                    change.move(found, (REQUESTED,), acknowledged_at=change.now)
                    reply = desk.say(found, words.PASSED_ON, button(words.BACK))
                if found.thread:
                    change.send(blocks.line(found, desk.channel, number, text))
                return None if answered else self._said(change, found, {**reply, "person": person(found)}, text, key)

        reply = await desk.run(store)
        desk.slack.wake(OUTGOING)
        return reply if answered else await self._done(handoff, reply, text, key)

    async def _rate(self, handoff: Handoff, text: str, key: str) -> Reply | None:
        desk, helped = self._desk, words.same(text, words.HELPED)

        def store() -> Reply | None:
            with desk.store.change() as change:
                rating = "up" if helped else "down"
                rated = change.move(handoff, (CLOSED,), handoffs.c.rating.is_(None), rating=rating)
                if rated is None:
                    return None
                told = self._said(change, rated, desk.say(rated, words.THANKS), text, key)
                if rated.thread:
                    thought = "The visitor says it helped." if helped else "The visitor says it did not help."
                    change.send(blocks.note(rated, desk.channel, "rating", thought))
                return told

        reply = await desk.run(store)
        if reply is not None and handoff.rating_turn:
            rating = "up" if helped else "down"
            await desk.run(lambda: desk.store.turns.rate(handoff.conversation, handoff.rating_turn or 0, rating))
        return await self._done(handoff, reply, text, key)

    def _said(self, change: Any, handoff: Handoff, reply: dict[str, Any], text: str, key: str) -> Reply:
        """Store the turn, personal details left out, and give it as a reply."""
        session = handoff.conversation
        hidden = privacy.hidden(session, text)
        turn, at = change.turn(handoff, reply, hidden.typed(text) if hidden else text, key)
        messages = list(reply["messages"])
        return Reply(
            session, "handover", "\n\n".join(messages), messages, list(reply.get("buttons", ())), topics=[TOPIC],
            turn=turn, at=at, person=reply.get("person"),
        )  # fmt: skip

    async def _done(self, handoff: Handoff, reply: Reply | None, text: str, key: str) -> Reply | None:
        if reply is not None:
            await self._desk.memory.visitor_said(handoff.conversation, text, key)
            self._desk.slack.wake(OUTGOING)
        return reply

    def with_person(self, session: str) -> bool:
        """Whether a person is asked or there, as far as this process knows."""
        return session in self._with_person

    def left(self, session: str, *, deleted: bool) -> None:
        """The visitor ended their chat, or deletes it: the thread is told. What they delete goes from there too.

        Raises:
            SQLAlchemyError: the database does not take it.
        """
        desk = self._desk
        self._with_person.pop(session, None)
        for handoff in desk.store.all_of(session):
            with desk.store.change() as change:
                if deleted:
                    change.unsend(handoff)
                    change.send(*(blocks.removal(handoff, desk.channel, ts) for ts in change.words_in_slack(handoff)))
                closed = change.close(handoff, (OFFERED, REQUESTED, ACTIVE), "deleted" if deleted else "left")
                if closed is not None:
                    desk.close_thread(change, closed)
                elif deleted and handoff.thread:
                    change.send(blocks.note(handoff, desk.channel, "deleted", blocks.DELETED))

    def _note(self, session: str, handoff: Handoff | None) -> None:
        """Remember whose messages are a person's, in case the database goes away."""
        if handoff is not None and handoff.state in (REQUESTED, ACTIVE):
            self._with_person[session] = None
            self._with_person.move_to_end(session)
            while len(self._with_person) > MOST_KNOWN:
                self._with_person.popitem(last=False)
        else:
            self._with_person.pop(session, None)


def _concerned(handoff: Handoff, text: str) -> bool:
    """Whether a message is about the handoff."""
    if handoff.state == OFFERED:
        return words.is_yes(text, strict=handoff.strict) or words.is_no(text, strict=handoff.strict)
    if handoff.state == CLOSED:
        asked = handoff.rating_turn is not None and handoff.rating is None
        return asked and (words.same(text, words.HELPED) or words.same(text, words.NOT_HELPED))
    return True


def _stored(session: str, row: dict[str, Any]) -> Reply:
    """A turn of ours that was stored before, for a message that came again."""
    replied = row["replied"]
    messages = list(replied["messages"])
    return Reply(
        session, row["status"], "\n\n".join(messages), messages, list(replied["buttons"]), topics=list(row["topics"]),
        turn=row["id"], at=utc(row["at"]), person=replied.get("person"),
    )  # fmt: skip
