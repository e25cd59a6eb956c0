"""What happens in a conversation, for the pages it is open in: as server-sent events, or by asking again and again.

Every turn comes from the database, so that nothing is missed or doubled, whatever happened to page, line or service.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from sanic.request import Request
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.faults import PRIVATE, Fault
from bot.channels.guide import Guide
from bot.channels.limits import digest
from bot.channels.live import ENDED, IDLE, OVER, TURN, WORKING, Notices
from bot.channels.sessions import Sessions
from guidance.interest.tables import utc

KEEP_SECONDS = 15.0  # between signs of life; a session that is over is noticed then
MOST_WAIT = 25
MOST_PAGES = 12  # of one conversation at once
MOST_OF_ADDRESS = 400  # from one address at once: a whole school behind one is not kept out
MOST_STREAMS = 4000  # of one process at once
LAST_HEADER = "last-event-id"
_GUIDE = "guide"  # who answered
_DIGITS = 15


def last_seen(request: Request) -> int:
    """The number of the last turn the page has."""
    text = request.headers.get(LAST_HEADER, "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise Fault(400, "bad_last_event_id", "`Last-Event-ID` must be the number of a turn, such as 12.")
    return int(text)


def seconds_to_wait(request: Request) -> int:
    """How long a page that asks again and again waits for an answer."""
    text = request.args.get("wait", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MOST_WAIT):
        raise Fault(400, "bad_wait", f"`wait` must be a number of seconds from 0 to {MOST_WAIT}.")
    return int(text)


def turns_after(guide: Guide, conversation: str, last: int) -> list[dict[str, Any]]:
    """The turns of a conversation after a number, as events.

    The record leaves personal details out; while memory still has a reply as it was said, it is given so, because
    nobody can check their answers otherwise.

    Raises:
        SQLAlchemyError: the database cannot be read.
    """
    rows = guide.turns.of(conversation, last)
    lately = guide.lately(conversation) if rows else {}
    events = []
    for row in rows:
        said = lately.get(row["key"]) if row["key"] else None
        events.append(
            {
                "id": row["id"],
                "at": iso(row["at"]),
                "key": row["key"],
                "said": row["said"] or None,
                "messages": said.messages if said else row["replied"]["messages"],
                "buttons": said.buttons if said else row["replied"]["buttons"],
                "sources": row["replied"]["sources"],
                "status": row["status"],
                "asking": row["asking"],
                "rating": row["rating"],
                "from": row["replied"].get("from", _GUIDE),
                "person": row["replied"].get("person"),
            }
        )
    return events


def iso(moment: Any) -> str:
    """A time as programs read it, in UTC."""
    return str(utc(moment).isoformat(timespec="milliseconds"))


async def wait_for_turns(guide: Guide, conversation: str, last: int, seconds: int) -> dict[str, Any]:
    """The turns after a number: at once when there are any, else when one comes or the time is over.

    Raises:
        SQLAlchemyError: the database cannot be read.
    """
    end = asyncio.get_running_loop().time() + seconds
    with guide.live.listening(conversation) as notices:
        while not (found := turns_after(guide, conversation, last)):
            left = end - asyncio.get_running_loop().time()
            if left <= 0 or await _next(notices, left) in (None, ENDED):
                break
    events = [{"event": TURN, **turn} for turn in found]
    return {"events": events, "working": bool(guide.live.working(conversation))}


async def _next(notices: Notices, seconds: float) -> str | None:
    try:
        return (await asyncio.wait_for(notices.get(), seconds)).kind
    except asyncio.TimeoutError:
        return None


class Stream:
    """One page that listens."""

    def __init__(
        self, guide: Guide, sessions: Sessions, token: str, conversation: str, last: int, address: str
    ) -> None:
        self.guide = guide
        self.sessions = sessions
        self.token = token
        self.conversation = conversation
        self.last = last
        self.whence = digest(address)

    async def serve(self, request: Request) -> None:
        """Send what there is and what comes, until the page goes away, the session ends or the service stops.

        Raises:
            Fault: too many pages listen already.
        """
        live = self.guide.live
        if live.listeners(self.conversation) >= MOST_PAGES or live.listeners() >= MOST_STREAMS:
            raise Fault(429, "too_many", "This chat is open in too many pages. Close some of them.", retry_after=30)
        if live.listeners_from(self.whence) >= MOST_OF_ADDRESS:
            raise Fault(429, "too_many", "Many pages of your network have this chat open. Close some.", retry_after=30)
        headers = {**PRIVATE, "X-Accel-Buffering": "no"}  # a proxy must not hold events back
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=headers)
        with live.listening(self.conversation, self.whence) as notices:
            text = "retry: 2000\n\n" + self._turns()
            text += "".join(_event(WORKING, {"key": key}) for key in live.working(self.conversation))
            over = False
            while not over:
                await response.send(text)
                text, over = await self._next(notices)
            await response.send(text)
        await response.eof()

    async def _next(self, notices: Notices) -> tuple[str, bool]:
        """The next thing to send, and whether it is the last."""
        try:
            notice = await asyncio.wait_for(notices.get(), KEEP_SECONDS)
        except asyncio.TimeoutError:
            if self.sessions.conversation(self.token, seen=False) is None:
                return _event(ENDED, {"reason": OVER}), True
            return ": keep\n\n" + self._turns(), False
        if notice.kind == ENDED:
            return (_event(ENDED, {"reason": notice.key}) if notice.key else ""), True
        if notice.kind == TURN:
            return self._turns() or _event(IDLE, {"key": notice.key}), False
        return _event(notice.kind, {"key": notice.key}), False

    def _turns(self) -> str:
        try:
            found = turns_after(self.guide, self.conversation, self.last)
        except SQLAlchemyError:
            return ""  # the database is away: they come when it is back
        if found:
            self.last = found[-1]["id"]
        return "".join(_event(TURN, turn, turn["id"]) for turn in found)


def _event(kind: str, data: dict[str, Any], number: int | None = None) -> str:
    told = json.dumps(data, ensure_ascii=False)
    return (f"id: {number}\n" if number is not None else "") + f"event: {kind}\ndata: {told}\n\n"
