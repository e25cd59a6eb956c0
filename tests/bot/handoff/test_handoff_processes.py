"""Two services share the work while Slack doubles, loses and fails, and one is killed: each message arrives once."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests import databases
from tests.bot.channels.pages import Page
from tests.bot.channels.slack.stand_in import ANN, Knocks, Slack, settings
from tests.bot.handoff.people import CHANNEL, Talk, soon
from tests.conftest import Service
from tests.many.service import Running
from tests.servers import Redis

TALKS, LINES = 3, 6
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass
class Pair:
    """Two services on one database, in one Slack."""

    machines: list[Running]
    slack: Slack
    chance: random.Random

    def service(self, number: int) -> Service:
        """One of them, as its visitors see it."""
        machine = self.machines[number]
        return Service(machine.url, None, machine.log)  # type: ignore[arg-type]

    def any(self) -> Service:
        """Where the balancer sends the next request."""
        return self.service(self.chance.randrange(2))

    def hears(self, talk: Talk, text: str, ts: str) -> None:
        """Slack tells both of them of a message of Ann's, twice, until one has taken it."""
        event = {"type": "message", "channel": CHANNEL, "channel_type": "channel", "user": ANN, "text": text, "ts": ts}
        taken = 0
        while not taken:
            for number in self.chance.sample((0, 1, 0, 1), 4):
                knocks = Knocks(self.slack, self.machines[number].url)
                with suppress(httpx.TransportError):
                    name = f"Ev{self.chance.random()}"
                    taken += knocks.event({**event, "thread_ts": talk.thread}, name).is_success

    def asks(self, talk: Talk, text: str, key: str) -> None:
        """The visitor's page sends a message until it is taken."""
        taken = False
        while not taken:
            with suppress(httpx.TransportError):
                answer = Page(self.any(), talk.page.token).post(text, key)
                taken = answer.is_success and answer.json()["status"] != "error"

    def trouble(self, over: threading.Event) -> None:
        """Receipts get lost, the rate is limited, Slack is away."""
        while not over.wait(self.chance.uniform(0.2, 0.8)):
            kind = self.chance.choice(("lose", "lose", "limit", "away"))
            if kind == "lose":
                self.slack.lose_next = 2
            elif kind == "limit":
                self.slack.limit_next = 1
            else:
                self.slack.down = True
                time.sleep(0.7)
                self.slack.down = False
        self.slack.lose_next = self.slack.limit_next = 0


@pytest.fixture
def pair(model: Path, workspace: Slack, tmp_path: Path) -> Iterator[Pair]:
    """Two running ones."""
    redis = Redis(tmp_path)
    try:
        with databases.postgres_server() as server, databases.new_database(server) as url:
            more = {"NPQ_DATABASE_URL": url, "NPQ_REDIS_URL": redis.url, "NPQ_HANDOFF_HOURS": "always"}
            given = settings(workspace, NPQ_SLACK_HANDOFF_CHANNEL=CHANNEL, **more)
            machines = [Running(tmp_path, 1, **given) for _ in range(2)]
            try:
                redis.start()
                for machine in machines:
                    machine.start()
                yield Pair(machines, workspace, random.Random(5))
            finally:
                for machine in machines:
                    machine.stop()
                redis.stop()
    except databases.NoServer as reason:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(reason))


def test_each_message_arrives_once_and_in_order(pair: Pair) -> None:
    slack, over = pair.slack, threading.Event()
    talks = [Talk(pair.service(0), slack, Knocks(slack, pair.machines[number % 2].url)).claimed()
             for number in range(TALKS)]  # fmt: skip
    trouble = threading.Thread(target=pair.trouble, args=(over,))
    trouble.start()
    back = threading.Thread(target=pair.machines[0].start)
    stamps = []
    for line in range(LINES):
        for number, talk in enumerate(talks):
            pair.asks(talk, f"question {line} of talk {number}", f"q{number}-{line}")
            stamps.append(slack.stamp())
            pair.hears(talk, f"answer {line} of talk {number}", stamps[-1])
            if (line, number) == (LINES // 2, 1):
                pair.machines[0].kill()
                back.start()
    back.join()
    over.set()
    trouble.join()
    for talk in talks:
        talk.page = Page(pair.any(), talk.page.token)
    marks = {(CHANNEL, ts, "white_check_mark") for ts in stamps}
    soon(lambda: marks <= set(slack.reactions), 120)  # what the killed one had in hand comes when its lease is over
    soon(lambda: all(sum("question" in text for text in talk.in_thread()) >= LINES for talk in talks), 120)
    time.sleep(3)  # in which a second copy would come
    for number, talk in enumerate(talks):
        asked = [text.splitlines()[0] for text in talk.in_thread() if "question" in text]
        assert asked == [f"*Visitor:* question {line} of talk {number}" for line in range(LINES)]
        told = Counter(one["messages"][0] for one in talk.page.events() if one["from"] == "Ann")
        assert told == Counter(f"answer {line} of talk {number}" for line in range(LINES))
        said = [one["said"] for one in talk.page.events() if "question" in (one["said"] or "")]
        assert said == [f"question {line} of talk {number}" for line in range(LINES)]
