"""The guide with a team in Slack, in this process, with a clock of its own."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

from bot.channels.guide import Guide
from bot.channels.reply import Reply
from bot.channels.slack import reading
from bot.channels.slack.queue import INCOMING, Claimed, Queue, Task
from bot.channels.slack.service import SlackService
from bot.channels.slack.web_api import WebApi
from bot.channels.turns import TurnLog
from bot.handoff.hours import read_hours
from bot.handoff.options import HandoffOptions
from bot.handoff.service import Handoffs, route
from guidance.interest import database
from guidance.interest.keys import Keyring
from tests.bot.channels.slack.stand_in import ANN, TEAM, TOKEN, Slack
from tests.bot.handoff.people import ASK, CHANNEL, YES, openings, text_of

KEYS = Keyring.parse(bytes(range(32)).hex())
MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)  # a Monday
OPTIONS = HandoffOptions(CHANNEL, read_hours("Mon-Fri 08:30-17:00"))
_numbers = count(1)


async def soon(look: Callable[[], Any], seconds: float = 30) -> Any:
    """What is there soon."""
    for _ in range(int(seconds * 20)):
        if found := look():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come")


class House:
    """One process of the service; `now` is its time."""

    def __init__(self, guide: Guide, slack: Slack, url: str, options: HandoffOptions = OPTIONS) -> None:
        self.slack, self.session = slack, uuid.uuid4().hex
        self.guide = Guide(guide.agent, TurnLog(database.connect(url)), guide.contact)
        self.service = SlackService(Queue(database.connect(url), KEYS), WebApi(TOKEN, f"{slack.url}/api"))
        self.now, self.before = MORNING, 0
        self.handoffs = Handoffs(self.guide, self.service, options, KEYS, lambda: self.now)
        self.guide.person = self.handoffs
        self.service.handlers = {reading.MESSAGE: _nothing, reading.ACTION: _nothing}
        route(self.service, self.handoffs)

    async def say(self, text: str, key: str = "") -> Reply:
        """The visitor writes."""
        return await self.guide.reply(self.session, text, "web", key, "https://provider.example/npq")

    async def ask(self) -> None:
        """The visitor asks for a person, and agrees."""
        self.before = len(openings(self.slack))
        await self.say(ASK)
        assert (await self.say(YES)).person == {"state": "waiting", "name": None}

    async def opening(self) -> dict[str, Any]:
        """The first message of the thread."""
        found: list[dict[str, Any]] = await soon(lambda: openings(self.slack)[self.before :])
        return found[0]

    async def press(self, action: str, user: str = ANN) -> None:
        """Somebody presses a button."""
        message = await self.opening()
        await self.service.put(INCOMING, self.pressing(action, message, user))

    def pressing(self, action: str, message: dict[str, Any], user: str) -> Task:
        """A press of a button, as it is stored."""
        number = next(_numbers)
        value = message["metadata"]["event_payload"]["key"].split(":")[1]
        body = {
            "team": TEAM, "channel": CHANNEL, "user": user, "message_ts": message["ts"],
            "thread_ts": None, "action_id": action, "value": value, "trigger_id": str(number),
            "response_url": f"{self.slack.url}/respond/{number}", "ephemeral": False,
        }  # fmt: skip
        return Task(f"action:{uuid.uuid4()}", f"press {message['ts']}", reading.ACTION, body)

    async def writes(self, text: str, user: str = ANN) -> str:
        """Somebody writes in the thread."""
        thread, ts = (await self.opening())["ts"], self.slack.stamp()
        body = {
            "team": TEAM, "channel": CHANNEL, "user": user, "text": text, "ts": ts, "thread_ts": thread,
            "files": False, "direct": False, "mention": False,
        }  # fmt: skip
        await self.service.put(INCOMING, Task(f"Ev{ts}", f"thread {thread}", reading.MESSAGE, body))
        return ts

    async def later(self, **time: float) -> None:
        """Time goes by, and the clock looks, more often than it needs to."""
        self.now += timedelta(**time)
        for _ in range(3):
            await self.handoffs.clock.look()

    def told(self, words: str) -> list[dict[str, Any]]:
        """The visitor's turns with some words."""
        return [one for one in self.guide.turns.of(self.session) if words in " ".join(one["replied"]["messages"])]

    async def gets(self, words: str) -> dict[str, Any]:
        """The same, when there is one; never two."""
        found = await soon(lambda: self.told(words))
        assert len(found) == 1
        return dict(found[0])

    async def thread(self, words: str) -> list[str]:
        """The messages of the thread with some words, when there are any."""
        ts = (await self.opening())["ts"]
        return list(
            await soon(lambda: [text for one in self.slack.in_thread(CHANNEL, ts) if words in (text := text_of(one))])
        )


async def _nothing(_task: Claimed) -> Sequence[Task]:
    return ()


@asynccontextmanager
async def house(guide: Guide, slack: Slack, url: str, **options: Any) -> AsyncIterator[House]:
    """A running one."""
    made = House(guide, slack, url, replace(OPTIONS, **options))
    made.service.start()
    yield made
    await made.service.stop()
    made.service.queue.engine.dispose()
    made.guide.turns.engine.dispose()
