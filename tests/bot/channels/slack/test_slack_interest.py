"""Expressions of interest in Slack: announced without personal data, opened by those who may, audited."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.channels.guide import Guide
from bot.channels.slack import reading
from bot.channels.slack.answers import Answers
from bot.channels.slack.interests import Interests
from bot.channels.slack.options import SlackOptions
from bot.channels.slack.queue import Claimed, Queue
from guidance import interest
from guidance.interest import reference as references
from tests.bot.channels.pages import Page
from tests.bot.channels.slack.conftest import wait_for
from tests.bot.channels.slack.stand_in import ANN, BEN, Knocks, settings, slack
from tests.conftest import Service

TYPED = {
    "name": "Zoe <!channel> Dotterel", "role": "head of year", "cohort": "Autumn 2027", "phone": "07700 900475",
    "email": "zoe@dotterel.example", "school": "Dotterel Hall School", "marketing": "No", "confirm": "Yes, send it",
}  # fmt: skip


def registered(service: Service) -> str:
    """The reference of what a visitor of the website left."""
    page = Page(service)
    reply = page.say("I want to register my interest in NPQH")
    for number in range(12):
        if reply["asking"] is None:
            break
        answer = {**TYPED, "name": "Zoe Dotterel"}[reply["asking"]]
        reply = page.say(answer, f"k{number}")
    return str(next(word.strip(".,") for word in reply["text"].split() if word.startswith("NPQ-")))


def open_button(post: dict[str, Any]) -> dict[str, Any]:
    """The button below a notice."""
    found: dict[str, Any] = next(block for block in post["blocks"] if block["type"] == "actions")["elements"][0]
    return found


def test_a_notice_has_no_details_and_opens_for_those_who_may(
    start_service: Callable[..., Service], tmp_path: Path
) -> None:
    with slack() as known:
        file = tmp_path / "npq.db"
        given = settings(known, NPQ_SLACK_INTEREST_CHANNEL="C0INTEREST", NPQ_SLACK_INTEREST_USERS=ANN)
        service = start_service(NPQ_DATABASE_URL=f"sqlite:///{file}", **given)
        reference = registered(service)
        notice = wait_for(lambda: [one for one in known.posts if one["channel"] == "C0INTEREST"])[0]
        assert reference in notice["text"]
        assert "NPQH" in notice["text"]
        for canary in ("Dotterel", "dotterel", "900475", "head of year"):
            assert canary not in json.dumps(notice)
        button = open_button(notice)
        knocks = Knocks(known, service.url)
        knocks.presses(button["action_id"], button["value"], BEN, notice)
        refused = wait_for(lambda: known.responses[:1])[0]
        assert refused["response_type"] == "ephemeral"
        assert "NPQ_SLACK_INTEREST_USERS" in refused["text"]
        assert "Dotterel" not in json.dumps(refused)
        knocks.presses(button["action_id"], button["value"], ANN, notice)
        told = wait_for(lambda: known.responses[1:2])[0]
        assert told["response_type"] == "ephemeral"
        assert "Zoe Dotterel" in told["text"]
        assert "zoe@dotterel.example" in told["text"]
        assert len([one for one in known.posts if "Dotterel" in json.dumps(one)]) == 0
        with closing(sqlite3.connect(file)) as database:
            query = "SELECT who, action, reference FROM audit WHERE who LIKE 'slack%' ORDER BY id"
            seen = database.execute(query).fetchall()
        assert seen == [(f"slack {BEN}", "refused", reference), (f"slack {ANN}", "shown", reference)]
        log = service.log.read_text()
        assert "Dotterel" not in log
        assert "dotterel" not in b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode(errors="ignore")


def test_a_reference_that_is_gone_or_none_is_said_so(start_service: Callable[..., Service]) -> None:
    with slack() as known:
        service = start_service(**settings(known, NPQ_SLACK_INTEREST_USERS=ANN))
        knocks = Knocks(known, service.url)
        knocks.presses("interest:open", references.new(), ANN, {"channel": "C0INTEREST", "ts": "1.1"})
        assert "Nothing is held" in wait_for(lambda: known.responses[:1])[0]["text"]
        knocks.presses("interest:open", "<!channel>", ANN, {"channel": "C0INTEREST", "ts": "1.2"})
        told = wait_for(lambda: known.responses[1:2])[0]["text"]
        assert "not a reference" in told
        assert "<!channel>" not in told


async def test_a_database_that_keeps_waiting_keeps_no_visitor_waiting(guide: Guide) -> None:
    store = interest.current().store
    queue = Queue(store.engine, store.keyring)
    queue.prepare()
    store.record("shown", "test", references.new())
    who = {"team": "T0TEAM01", "channel": "C0INTEREST", "user": BEN}
    press = {**who, "value": references.new(), "response_url": "https://hooks.slack.com/x"}
    said = {**who, "text": "", "mention": True, "files": False, "ts": "1.1", "thread_ts": None, "direct": False}
    interests = Interests(SlackOptions("xoxb-", "0" * 32, frozenset()))
    for work in (
        interests.pressed(Claimed("key1", "talk", reading.ACTION, press)),
        Answers(guide, queue).message(Claimed("key2", "talk", reading.MESSAGE, said)),
    ):
        with closing(sqlite3.connect(str(store.engine.url.database), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            task = asyncio.create_task(work)
            await asyncio.sleep(0.2)  # in which others are served; the work would end in a failure otherwise
            assert not task.done()
            other.execute("ROLLBACK")
        assert len(await task) == 1
