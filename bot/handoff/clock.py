"""What happens by itself: reminding, giving up, idle chats, telling of outages.

Read from the database again and again. Each step changes a row only if nobody has, so that any number of processes
may look, and a restart changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.channels.slack.queue import OUTGOING
from bot.handoff import blocks, words
from bot.handoff.desk import LATE, Desk, button, person
from bot.handoff.staff import StaffSide
from bot.handoff.tables import ACTIVE, REQUESTED, Handoff, handoffs

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
AWAY_SECONDS = 5.0
UNSEEN = timedelta(hours=5)  # longer than Slack is tried


class Clock:
    """Looks at what is under way."""

    def __init__(self, desk: Desk, staff: StaffSide) -> None:
        self._desk = desk
        self._staff = staff
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._running = asyncio.get_running_loop().create_task(self._repeat())

    async def stop(self) -> None:
        """End."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _repeat(self) -> None:
        while True:
            try:
                await self.look()
                await asyncio.sleep(LOOK_SECONDS)
            except Exception as error:  # without the clock visitors wait for ever
                logger.warning("Chats with people cannot be looked at (%s); trying again.", type(error).__name__)
                await asyncio.sleep(AWAY_SECONDS)

    async def look(self) -> None:
        """Do what is due. What fails with one of them is logged and tried again; the others do not wait for it.

        Raises:
            SQLAlchemyError: the database cannot be used.
        """
        store = self._desk.store
        for handoff in await self._desk.run(lambda: store.under_way(store.now() - UNSEEN)):
            try:
                await self._look_at(handoff)
            except Exception as error:  # no text of it: it may hold what somebody wrote
                logger.error("A chat with a person cannot be looked after: %s", type(error).__name__)

    async def _look_at(self, handoff: Handoff) -> None:
        if handoff.thread is None:
            handoff = await self._thread(handoff) or handoff
        if handoff.state == REQUESTED:
            await self._requested(handoff)
        elif handoff.state == ACTIVE:
            await self._active(handoff)

    async def _thread(self, handoff: Handoff) -> Handoff | None:
        """Find a thread whose posting nobody noted, because the process that did it ended just then."""
        store = self._desk.store
        ts = await self._desk.run(lambda: store.queue.result(OUTGOING, f"{handoff.talk}:open"))
        if not ts:
            return None
        await self._desk.thread_is_there(handoff, ts)
        return await self._desk.run(lambda: store.by_id(handoff.id))

    async def _requested(self, handoff: Handoff) -> None:
        desk, options = self._desk, self._desk.options
        waited = desk.store.now() - (handoff.requested_at or handoff.created_at)
        if waited > options.give_up:
            await self._close(handoff, REQUESTED, "unclaimed")
        elif handoff.thread is None:
            if waited > LATE and handoff.late_at is None:
                choices = (desk.details_button(), button(words.BACK))
                told = desk.say(handoff, words.SLACK_AWAY, *choices, person=words.waiting())
                nobody = handoffs.c.late_at.is_(None) & handoffs.c.thread.is_(None)
                await desk.push(handoff, (REQUESTED,), nobody, told, late_at=desk.store.now())
        else:
            if waited > options.remind and handoff.reminded_at is None:
                await self._remind(handoff)
            await self._unposted(handoff)

    async def _remind(self, handoff: Handoff) -> None:
        desk = self._desk

        def store() -> None:
            with desk.store.change() as change:
                found = change.move(handoff, (REQUESTED,), handoffs.c.reminded_at.is_(None), reminded_at=change.now)
                if found is not None:
                    minutes = int((desk.options.give_up - desk.options.remind).total_seconds() // 60)
                    text = (
                        f"<!here> The visitor is still waiting. In {minutes} minutes they are told that nobody is free."
                    )
                    change.send(blocks.note(found, desk.channel, "reminder", text))

        await desk.run(store)
        desk.slack.wake(OUTGOING)

    async def _active(self, handoff: Handoff) -> None:
        desk = self._desk
        now = desk.store.now()
        by_person = max(filter(None, (handoff.claimed_at, handoff.agent_at)))
        visitor = handoff.visitor_at or handoff.created_at
        if now - max(by_person, visitor) > desk.options.idle:
            waits_for_person = visitor > by_person or not handoff.agent_lines
            await self._close(handoff, ACTIVE, "silent_person" if waits_for_person else "silent_visitor")
            return
        await self._unposted(handoff)

    async def _unposted(self, handoff: Handoff) -> None:
        """What the visitor wrote is not in the thread yet: they are told, once until it works again."""
        desk = self._desk
        now = desk.store.now()
        for number in await desk.run(lambda: desk.store.unposted(handoff, now - LATE)):
            name = f"{handoff.talk}:line:{number}"
            if await desk.run(lambda name=name: desk.store.queue.result(OUTGOING, name)):  # type: ignore[misc]
                await self._staff.line_is_there(handoff, number)
            elif handoff.late_at is None:
                told = desk.say(handoff, words.NOT_PASSED_ON, desk.details_button(), person=person(handoff))
                nobody = handoffs.c.late_at.is_(None)
                await desk.push(handoff, (handoff.state,), nobody, told, late_at=now)
                return

    async def _close(self, handoff: Handoff, state: str, why: str) -> None:
        desk = self._desk

        def store() -> Handoff | None:
            with desk.store.change() as change:
                return desk.close(change, handoff, (state,), why)

        if await desk.run(store) is not None:
            desk.tell(handoff)
