"""Offering a person, where the guide's reply shows that one is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from bot.channels.reply import Reply
from bot.handoff import words
from bot.handoff.desk import Desk, button, person
from bot.handoff.store import TOPIC
from bot.handoff.tables import OFFERED
from guidance import knowledge

HELPFUL = ("application_progress",)  # other topics a person of the team can go on with


class Offering:
    """Asked by the guide after each turn of the web channel."""

    def __init__(self, desk: Desk, known: Callable[[str], bool]) -> None:
        """`known`: whether a person is in a conversation already, or asked."""
        self._desk = desk
        self._known = known

    def adds(self, reply: Reply) -> bool:
        """Whether `offer` may change a reply: somebody is in the conversation, or could be needed."""
        return self._known(reply.session) or _reason(reply) is not None

    async def offer(self, reply: Reply, key: str, page: str | None) -> Reply:
        """The guide's reply, with the offer of a person where one is needed. `page`: None where nobody can wait."""
        try:
            return await self._offer(reply, key, page)
        except SQLAlchemyError:
            return reply

    async def _offer(self, reply: Reply, key: str, page: str | None) -> Reply:
        desk, session = self._desk, reply.session
        if self._known(session):
            handoff = await desk.run(lambda: desk.store.latest(session))
            if shown := person(handoff):
                return replace(reply, person=shown)
        reason = _reason(reply)
        if reason is None or page is None or session.startswith(privacy.FOR_NOW):
            return reply
        before = await desk.run(lambda: desk.store.latest(session))
        if before is not None and TOPIC not in reply.topics and before.key != key:
            return reply  # offered before, and not asked for now
        if not desk.options.hours.open_at(desk.store.now()):
            return _with(reply, desk.away(), [desk.details_button()])

        def store() -> bool:
            with desk.store.change() as change:
                return change.offer(session, reason, page, key, strict=reply.asking is not None)

        if not await desk.run(store) and not (before and before.state == OFFERED):
            return reply
        return _with(reply, words.OFFER, [button(words.YES), button(words.NO)])


def _reason(reply: Reply) -> str | None:
    """Why a person is needed, for staff; None when none is."""
    if TOPIC in reply.topics and reply.status in ("handover", "answered", "form"):
        return "They asked for a person."
    if reply.status != "handover" or reply.asking:
        return None
    if not reply.topics:
        return "The guide did not understand what they ask."
    topics = knowledge.current().topics
    asked = next((name for name in reply.topics if name in HELPFUL and name in topics), None)
    return f"They asked about: {topics[asked].title}" if asked else None


def _with(reply: Reply, text: str, buttons: list[dict[str, str]]) -> Reply:
    new = [*buttons, *(one for one in reply.buttons if one not in buttons)]
    return replace(reply, messages=[*reply.messages, text], text=f"{reply.text}\n\n{text}", buttons=new)
