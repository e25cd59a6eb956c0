"""Handoffs as one running service has them, and how they come into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanic import Sanic

from bot.channels.guide import Guide
from bot.channels.reply import Reply
from bot.channels.slack import reading
from bot.channels.slack.queue import Claimed, Task
from bot.channels.slack.service import Handler, SlackService
from bot.handoff.clock import Clock
from bot.handoff.desk import Desk
from bot.handoff.offering import Offering
from bot.handoff.options import HandoffOptions
from bot.handoff.staff import KEYS, StaffSide
from bot.handoff.store import Store
from bot.handoff.visitor import VisitorSide
from guidance.interest.keys import Keyring
from guidance.interest.store import Clock as Time
from guidance.interest.store import utc_now


class Handoffs:
    """Both sides and the clock."""

    def __init__(
        self, guide: Guide, slack: SlackService, options: HandoffOptions, keyring: Keyring, now: Time = utc_now
    ) -> None:
        desk = Desk(guide, slack, options, Store(slack.queue, guide.turns, keyring, now))
        self._visitor = VisitorSide(desk)
        self._offering = Offering(desk, self._visitor.with_person)
        self._staff = StaffSide(desk)
        self.clock = Clock(desk, self._staff)
        slack.sent[KEYS] = self.sent

    async def take(self, session: str, text: str, key: str) -> Reply | None:
        """The reply to a visitor's message that is not the guide's to answer; None for all others."""
        return await self._visitor.take(session, text, key)

    def adds(self, reply: Reply) -> bool:
        """Whether `offer` may change a reply."""
        return self._offering.adds(reply)

    async def offer(self, reply: Reply, key: str, page: str | None) -> Reply:
        """The guide's reply, with the offer of a person where one is needed."""
        return await self._offering.offer(reply, key, page)

    def left(self, session: str, *, deleted: bool) -> None:
        """The visitor ended or deletes their chat.

        Raises:
            SQLAlchemyError: the database does not take it.
        """
        self._visitor.left(session, deleted=deleted)

    async def owns(self, team: str, channel: str, thread_ts: str | None) -> bool:
        """Whether a thread in Slack is one of ours. Only allowed teams come this far."""
        return bool(team) and await self._staff.owns(channel, thread_ts)

    async def heard(self, task: Claimed) -> Sequence[Task]:
        """Somebody wrote in such a thread."""
        return await self._staff.heard(task)

    async def edited(self, task: Claimed) -> Sequence[Task]:
        """Somebody changed or deleted a message in such a thread."""
        return await self._staff.edited(task)

    async def pressed(self, task: Claimed) -> Sequence[Task]:
        """Somebody pressed a button of ours."""
        return await self._staff.pressed(task)

    async def sent(self, task: Claimed, result: str | None, problem: str | None) -> None:
        """What became of a message of ours to Slack."""
        await self._staff.sent(task, result, problem)


def add_handoffs(app: Sanic, guide: Guide, slack: SlackService, options: HandoffOptions, keyring: Keyring) -> Handoffs:
    """Let people take over while the service runs."""
    handoffs = Handoffs(guide, slack, options, keyring)
    guide.person = handoffs
    route(slack, handoffs)

    @app.after_server_start
    async def begin(_app: Sanic, _loop: Any) -> None:
        handoffs.clock.start()

    @app.before_server_stop
    async def end(_app: Sanic, _loop: Any) -> None:
        await handoffs.clock.stop()

    return handoffs


def route(slack: SlackService, handoffs: Handoffs) -> None:
    """Let our threads and buttons come to us. A mention of the guide in a thread is a question to the guide."""
    message, action = slack.handlers[reading.MESSAGE], slack.handlers[reading.ACTION]

    async def said(task: Claimed) -> Sequence[Task]:
        body = task.body
        if not body["mention"] and await handoffs.owns(body["team"], body["channel"], body["thread_ts"]):
            return await handoffs.heard(task)
        return await message(task)

    async def pressed(task: Claimed) -> Sequence[Task]:
        ours = task.body["action_id"].startswith(KEYS)
        return await (handoffs.pressed(task) if ours else action(task))

    async def edited(task: Claimed) -> Sequence[Task]:
        body = task.body
        ours = await handoffs.owns(body["team"], body["channel"], body["thread_ts"])
        return await handoffs.edited(task) if ours else ()

    handlers: dict[str, Handler] = {reading.MESSAGE: said, reading.ACTION: pressed, reading.EDITED: edited}
    slack.handlers.update(handlers)
