"""What Slack sends is verified, stored before it is acknowledged, and answered once: retries, outages and restarts."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sanic.compat import Header

from bot.channels.slack.signature import Signatures
from tests.bot.channels.slack.conftest import wait_for
from tests.bot.channels.slack.stand_in import ANN, BOT_USER, SECRET, TEAM, Knocks, Slack, settings, slack
from tests.conftest import Service

QUIET = 1.5  # seconds in which a message would have been answered
# Slack's own example, from its page on verifying requests.
EXAMPLE_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
EXAMPLE_TIME = 1531420618
EXAMPLE_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack."
    b"com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc8"
    b"87a14d10d2c447fce8b6703c"
)
EXAMPLE_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def message(channel: str, text: str = "how long is npqh?", **more: str) -> dict[str, str]:
    """A direct message as an event has it."""
    return {"type": "message", "channel": channel, "channel_type": "im", "user": ANN, "text": text, **more}


def answers(workspace: Slack, channel: str) -> list[dict[str, object]]:
    """What the service posted there."""
    return [one for one in workspace.posts if one["channel"] == channel]


def test_slacks_own_example_is_good_and_any_change_is_not() -> None:
    known = Signatures(EXAMPLE_SECRET, clock=lambda: EXAMPLE_TIME)

    def good(signature: str = EXAMPLE_SIGNATURE, body: bytes = EXAMPLE_BODY, stamp: str = str(EXAMPLE_TIME)) -> bool:
        return known.good(Header({"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}), body)

    assert good()
    assert not good(body=EXAMPLE_BODY + b" ")
    assert not good(body=EXAMPLE_BODY.replace(b"%2F", b"/", 1))  # means the same, and is not what was signed
    assert not good(signature=EXAMPLE_SIGNATURE[:-1] + "4")
    assert not good(stamp=str(EXAMPLE_TIME + 1))


@pytest.mark.parametrize("seconds", [-301, -300, -299, 0, 299, 300, 301])
def test_a_request_is_good_for_five_minutes(seconds: int) -> None:
    stamp = str(EXAMPLE_TIME)
    mark = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:{{}}".encode(), hashlib.sha256).hexdigest()
    known = Signatures(SECRET, clock=lambda: EXAMPLE_TIME + seconds)
    found = known.good(Header({"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": mark}), b"{}")
    assert found == (abs(seconds) <= 300)


JUNK = ("", "junk", "-1", "1e9", "９９", "9" * 400, "1 2", "\u0661", "v0=", "v0=" + "é" * 64, "v0=" + "0" * 64, "\x7f")


def test_junk_in_the_headers_is_refused_and_never_a_failure(knocks: Knocks) -> None:
    chance = random.Random(7)
    now = str(int(time.time()))
    for _ in range(150):
        stamp, mark = chance.choice((*JUNK, now)), chance.choice((*JUNK, f"v1={'0' * 64}"))
        headers = {"X-Slack-Request-Timestamp": stamp.encode(), "X-Slack-Signature": mark.encode()}
        body = bytes(chance.randrange(256) for _ in range(chance.randrange(30)))
        answer = knocks.raw("events", body, headers)
        assert answer.status_code in (400, 401), (stamp, mark, answer.text)
    twice = [("X-Slack-Request-Timestamp", now)] * 2 + [("X-Slack-Signature", "v0=" + "0" * 64)] * 2
    assert knocks.raw("events", b"{}", twice).status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("events", b"{"), ("events", b"[]"), ("events", b'{"type": "event_callback", "team_id": "T0TEAM01"}'),
        ("events", b"\xff\xfe"), ("interactions", b"payload=%7B"), ("interactions", b"payload=" + b"[" * 5000),
        ("commands", b"team_id=T0TEAM01&text=hi"),
        ("interactions", b"payload=%7B%22team%22%3A%7B%22id%22%3A%22T0TEAM01%22%7D%7D"),
    ],
)  # fmt: skip
def test_what_is_signed_and_makes_no_sense_gets_a_clear_answer(knocks: Knocks, path: str, body: bytes) -> None:
    answer = knocks.send(path, body)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"]["code"] in ("unreadable", "bad_signature")


def test_the_address_is_confirmed_only_when_signed(knocks: Knocks) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c3p0"}).encode()
    assert knocks.send("events", body).json() == {"challenge": "c3p0"}
    assert Knocks(knocks.slack, knocks.url, "f" * 32).send("events", body).status_code == 401


def test_another_workspace_is_refused(workspace: Slack, knocks: Knocks) -> None:
    refused = knocks.event(message("D0OTHER", ts="1.1"), team="T0OTHER1")
    assert refused.status_code == 403
    assert refused.headers["X-Slack-No-Retry"] == "1"
    assert knocks.commands("how long is npqh", team="T0OTHER1").status_code == 403
    time.sleep(QUIET)
    assert not answers(workspace, "D0OTHER")


def test_people_of_another_workspace_in_a_shared_channel_are_not_served(workspace: Slack, knocks: Knocks) -> None:
    said = message("C0STAFF01", f"<@{BOT_USER}> how long is npqh?", ts="1795000005.000001", user_team="T0OTHER1")
    assert knocks.event({**said, "channel_type": "channel"}).status_code == 200
    payload = {
        "type": "block_actions", "team": {"id": "T0TEAM01"}, "user": {"id": "U0STRANGE", "team_id": "T0OTHER1"},
        "channel": {"id": "C0STAFF01"}, "trigger_id": "foreign-1", "response_url": f"{workspace.url}/respond/9",
        "actions": [{"action_id": "say:0", "value": "how long is npqh?", "action_ts": "1.1"}],
    }  # fmt: skip
    assert knocks.interacts(payload).status_code == 403
    time.sleep(QUIET)
    assert not answers(workspace, "C0STAFF01")


def test_the_same_message_is_answered_once_however_often_and_under_whichever_name_it_comes(
    workspace: Slack, knocks: Knocks
) -> None:
    one = message("D0TWICE", ts="1795000001.000001")
    for number in range(4):
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}
        assert knocks.event(one, "EvTWICE01", **retry).status_code == 200
    for number in range(8):  # Slack has sent one message as several events
        assert knocks.event(one, f"EvTWICE1{number}").status_code == 200
    wait_for(lambda: answers(workspace, "D0TWICE"))
    time.sleep(QUIET)
    assert len(answers(workspace, "D0TWICE")) == 1


def test_a_retry_is_answered_when_the_first_never_arrived(workspace: Slack, knocks: Knocks) -> None:
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    knocks.event(message("D0RETRY", ts="1795000002.000001"), "EvRETRY01", **retry)
    wait_for(lambda: answers(workspace, "D0RETRY"))


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER01"}, {"user": BOT_USER}, {"subtype": "message_changed"}, {"subtype": "message_deleted"},
        {"subtype": "bot_message"}, {"subtype": "channel_join"},
    ],
)  # fmt: skip
def test_bots_and_edits_are_not_answered(workspace: Slack, knocks: Knocks, more: dict[str, str]) -> None:
    channel = f"D0{''.join(more.values())[:12].upper()}"
    assert knocks.event({**message(channel, ts="1795000003.000001"), **more}).status_code == 200
    time.sleep(QUIET / 2)
    assert not answers(workspace, channel)


def test_messages_of_one_conversation_are_answered_in_their_order(workspace: Slack, knocks: Knocks) -> None:
    for text in ("how long is npqh?", "how long is npqsenco?", "how long is ehco?"):
        knocks.says(text, channel="D0ORDER")
    wait_for(lambda: len(answers(workspace, "D0ORDER")) == 3)
    first, second, third = (str(one["text"]) for one in answers(workspace, "D0ORDER"))
    assert "NPQH" in first
    assert "SENCO" in second
    assert "EHCO" in third or "coaching" in third.lower()


def test_a_rate_limit_is_waited_for(workspace: Slack, knocks: Knocks) -> None:
    workspace.limit_next = 1
    knocks.says("how long is npqh?", channel="D0LIMIT0")
    wait_for(lambda: not workspace.limit_next)
    for number in range(1, 4):  # the limit is on the app, not on one conversation
        knocks.says("how long is npqh?", channel=f"D0LIMIT{number}")
    wait_for(lambda: all(answers(workspace, f"D0LIMIT{number}") for number in range(4)))
    assert [len(answers(workspace, f"D0LIMIT{number}")) for number in range(4)] == [1] * 4
    assert not workspace.too_early


def test_a_message_whose_receipt_was_lost_is_not_sent_again(workspace: Slack, knocks: Knocks) -> None:
    workspace.lose_next = 1
    knocks.says("how long is npqh?", channel="D0RECEIPT")
    wait_for(lambda: "conversations.history" in workspace.calls)
    time.sleep(QUIET)
    assert len(answers(workspace, "D0RECEIPT")) == 1


@dataclass
class Own:
    """A Slack and a service of a test that stops things."""

    slack: Slack
    file: Path
    begin: Callable[..., Service]
    service: Service | None = None

    def start(self) -> Knocks:
        """Start the service, again when it was killed, on the same database."""
        self.service = self.begin(NPQ_DATABASE_URL=f"sqlite:///{self.file}", **settings(self.slack))
        return Knocks(self.slack, self.service.url)

    def kill(self) -> None:
        """Kill it, as a machine that loses its power does."""
        assert self.service
        self.service.process.kill()
        self.service.process.wait()


@pytest.fixture
def own(start_service: Callable[..., Service], tmp_path: Path) -> Iterator[Own]:
    """One."""
    with slack() as known:
        yield Own(known, tmp_path / "npq.db", start_service)


def test_what_was_acknowledged_is_answered_after_a_kill_and_once(own: Own) -> None:
    known, knocks = own.slack, own.start()
    known.down = True  # so that nothing is finished before the kill
    for number in range(5):
        knocks.says("how long is npqh?", channel=f"D0KILL{number}", ts=f"179500001{number}.000001")
    own.kill()
    known.down = False
    knocks = own.start()
    for number in range(5):  # and Slack sends them again
        knocks.says("how long is npqh?", channel=f"D0KILL{number}", ts=f"179500001{number}.000001")
    wait_for(lambda: all(answers(known, f"D0KILL{number}") for number in range(5)), 200)
    time.sleep(QUIET)
    assert [len(answers(known, f"D0KILL{number}")) for number in range(5)] == [1] * 5


def test_without_the_database_slack_is_asked_to_send_again(own: Own) -> None:
    known, knocks = own.slack, own.start()
    knocks.patience = 3
    with closing(sqlite3.connect(own.file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert knocks.event(message("D0AWAY", ts="1795000020.000001"), "EvAWAY01").status_code == 503
        told = knocks.commands("how long is npqh").json()
        assert told["response_type"] == "ephemeral"
        assert "try again" in told["text"]
        other.execute("ROLLBACK")
    knocks.patience = 30
    wait_for(lambda: knocks.event(message("D0AWAY", ts="1795000020.000001"), "EvAWAY01").status_code == 200)
    wait_for(lambda: answers(known, "D0AWAY"))


def test_nothing_readable_of_what_waits_is_in_the_database(own: Own) -> None:
    known, knocks = own.slack, own.start()
    known.down = True
    knocks.says("my email is quillfeather@canary.example, how long is npqh?", channel="D0CANARY")
    wait_for(lambda: "chat.postMessage" in known.calls)
    stored = b"".join(path.read_bytes() for path in own.file.parent.iterdir())
    assert b"quillfeather" not in stored
    known.down = False
    wait_for(lambda: answers(known, "D0CANARY"))


def _press(knocks: Knocks, **changed: object) -> int:
    """The status of a press that differs from an ordinary one."""
    given = {
        "type": "block_actions", "team": {"id": TEAM}, "user": {"id": ANN}, "trigger_id": f"odd{time.time_ns()}",
        "channel": {"id": "D0ODD"}, "message": {"ts": "1.1"}, "response_url": "https://evil.example/x",
        "actions": [{"action_id": "say:0", "value": "how long is npqh"}], **changed,
    }  # fmt: skip
    return knocks.interacts(given).status_code


def test_odd_payloads_are_no_failure_and_stop_nothing(workspace: Slack, knocks: Knocks, slack_service: Service) -> None:
    odd: list[object] = [None, "", 5, ["x"], {"a": 1}, "\ud800", "C\0", "x" * 500]
    for number, value in enumerate(odd):
        for place, name in enumerate(("channel", "ts", "thread_ts", "user", "text", "subtype", "type")):
            event = {**message("D0ODD", ts=f"17950001{number}{place}.1"), name: value}
            assert knocks.event(event).status_code in (200, 400), (name, value)
        for name in ("authorizations", "event", "event_id", "team_id"):
            event = {"type": "event_callback", "team_id": TEAM, "event": message("D0ODD", ts=f"1795001{number}.1")}
            body = json.dumps({**event, "event_id": f"EvODD{number}", name: value}).encode()
            assert knocks.send("events", body).status_code in (200, 400, 403), (name, value)
        for name in ("channel", "message", "container", "actions", "response_url", "user", "trigger_id", "team"):
            assert _press(knocks, **{name: value}) in (200, 400, 403), (name, value)
        for name in ("action_id", "value", "action_ts"):
            action = {"action_id": "publish", "value": "a|1", name: value}
            assert _press(knocks, actions=[action]) == 200, (name, value)
    for value in ("a|\u00b2", "a|" + "9" * 40, "|", "a"):
        _press(knocks, actions=[{"action_id": "publish", "value": value}])
    knocks.says("how long is npqh?", channel="D0AFTERODD")
    wait_for(lambda: answers(workspace, "D0AFTERODD"))
    assert "Traceback" not in slack_service.log.read_text()


def test_a_whole_organisation_may_be_allowed(start_service: Callable[..., Service]) -> None:
    with slack() as known:
        given = {**settings(known), "NPQ_SLACK_TEAMS": "E0GRID001"}
        knocks = Knocks(known, start_service(**given).url)
        one = {"type": "event_callback", "team_id": "T0ONE0001", "event": message("D0GRID", ts="1.1")}
        for number, more in enumerate(
            ({"enterprise_id": "E0GRID001"}, {"authorizations": [{"enterprise_id": "E0GRID001"}]})
        ):
            body = json.dumps({**one, **more, "event_id": f"EvGRID{number}"}).encode()
            assert knocks.send("events", body).status_code == 200
        assert knocks.send("events", json.dumps({**one, "event_id": "EvGRID9"}).encode()).status_code == 403
        assert _press(knocks, team=None, enterprise={"id": "E0GRID001"}) == 200
        assert _press(knocks, team=None, enterprise={"id": "E0OTHER01"}) == 403
        assert _press(knocks, team=None, user={"id": ANN, "team_id": "T0ONE0001"}) == 403
        wait_for(lambda: answers(known, "D0GRID"))
