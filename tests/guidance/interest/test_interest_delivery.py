"""The provider is told: signed webhook, email, Slack; a fault of one delivery or destination holds up no other."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from guidance.interest import Interests, OptionError, open_interests
from guidance.interest.delivery import worker as module
from guidance.interest.delivery.mail import Mail
from guidance.interest.delivery.worker import deliver_one
from tests.databases import line_to
from tests.guidance.interest.people import CANARIES, DETAILS, KEY, rows, submit
from tests.guidance.interest.receivers import Web, mail_server, web

SECRET = "a-secret-of-the-tests-0123456789"
LOOPBACK_MAIL = {"NPQ_INTEREST_EMAIL": "npq@provider.example", "NPQ_SMTP_HOST": "127.0.0.1"}


@pytest.fixture
def receiver() -> Iterator[Web]:
    with web() as running:
        yield running


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


def deliver(interests: Interests) -> None:
    """Everything that is due now, once."""
    for sender in interests.senders:
        while deliver_one(interests.store, sender):
            pass


def states(interests: Interests) -> dict[str, str | None]:
    """The problem at each destination; None when it was sent."""
    return {row["destination"]: row["problem"] for row in rows(interests.store.engine, "outbox")}


def make_due(interests: Interests) -> None:
    """As if the waiting time had passed."""
    with interests.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET due_at = created_at")


def test_the_webhook_gets_all_details_signed(open_: Callable[..., Interests], receiver: Web) -> None:
    interests = open_(NPQ_WEBHOOK_URL=f"{receiver.url}/in", NPQ_WEBHOOK_SECRET=SECRET)
    receipt = submit(interests)
    deliver(interests)
    (request,) = receiver.requests
    stamp = request.headers["x-npq-timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-npq-signature"] == f"v1={expected}"
    assert abs(int(stamp) - datetime.now(timezone.utc).timestamp()) < 300
    body = json.loads(request.body)
    assert (body["id"], body["type"]) == (request.headers["x-npq-event-id"], "interest.created")
    stored = interests.store.find(receipt.reference)
    assert stored is not None
    assert stored.to_dict().items() <= body["data"].items()
    assert body["data"]["school_urn"] == DETAILS.school_urn
    assert [(item["purpose"], item["given"]) for item in body["data"]["consents"]] == [
        ("collecting", True),
        ("marketing", True),
    ]
    assert request.path == "/in"
    assert states(interests) == {"webhook": None}
    deliver(interests)
    assert len(receiver.requests) == 1


def test_a_failed_delivery_comes_again_with_the_same_event_id(open_: Callable[..., Interests], receiver: Web) -> None:
    interests = open_(NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET)
    submit(interests)
    receiver.answers += [(500, {}, b"Quillfeather"), (302, {"Location": f"{receiver.url}/other"}, b"")]
    deliver(interests)
    assert states(interests) == {"webhook": "answered with status 500"}
    make_due(interests)
    deliver(interests)
    assert states(interests) == {"webhook": "answered with status 302"}
    make_due(interests)
    deliver(interests)
    assert states(interests) == {"webhook": None}
    assert len(receiver.requests) == 3  # the redirect was not followed
    assert {request.path for request in receiver.requests} == {"/"}
    assert len({request.headers["x-npq-event-id"] for request in receiver.requests}) == 1


def test_a_destination_that_is_away_or_talks_nonsense_is_tried_again(
    open_: Callable[..., Interests], nobody: str, receiver: Web
) -> None:
    interests = open_(NPQ_WEBHOOK_URL=nobody, NPQ_WEBHOOK_SECRET=SECRET)
    submit(interests)
    deliver(interests)
    assert states(interests) == {"webhook": "no answer (ConnectionRefusedError)"}
    make_due(interests)
    interests = open_(NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET)
    receiver.answers.append((429, {"Retry-After": "120"}, b""))
    deliver(interests)
    row = rows(interests.store.engine, "outbox")[0]
    assert row["problem"] == "answered with status 429"
    due = datetime.fromisoformat(str(row["due_at"]))
    assert (due.replace(tzinfo=timezone.utc) - datetime.now(timezone.utc)).total_seconds() > 100


def test_a_poison_row_blocks_nobody(open_: Callable[..., Interests], receiver: Web) -> None:
    interests = open_(NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET)
    poison, good = submit(interests), submit(interests, key="form-2")
    with interests.store.engine.begin() as connection:
        change = sa.text("UPDATE interests SET name = 'changed' WHERE reference = :r")
        connection.execute(change, {"r": poison.reference})
    deliver(interests)
    assert [json.loads(request.body)["data"]["reference"] for request in receiver.requests] == [good.reference]
    problems = {row["reference"]: row["problem"] for row in rows(interests.store.engine, "outbox")}
    assert problems[good.reference] is None
    assert "cannot be decrypted" in str(problems[poison.reference])


def test_slack_gets_reference_and_programmes_only(open_: Callable[..., Interests], receiver: Web) -> None:
    interests = open_(NPQ_SLACK_INTEREST_WEBHOOK=f"{receiver.url}/hook")
    receipt = submit(interests)
    deliver(interests)
    assert states(interests) == {"slack": None}
    told = receiver.requests[0].body.decode()
    assert receipt.reference in told
    assert "NPQH, NPQSL" in told
    assert [canary for canary in CANARIES if canary.casefold() in told.casefold()] == []


def test_slack_as_the_bot_believes_only_ok(open_: Callable[..., Interests], receiver: Web) -> None:
    interests = open_(
        NPQ_SLACK_INTEREST_CHANNEL="C123", NPQ_SLACK_BOT_TOKEN="xoxb-1-test", NPQ_SLACK_API=f"{receiver.url}/api"
    )
    submit(interests)
    receiver.answers += [(200, {}, b'{"ok": false, "error": "not_in_channel"}'), (200, {}, b"<html>")]
    deliver(interests)
    assert states(interests) == {"slack": "Slack refused: not_in_channel"}
    make_due(interests)
    deliver(interests)
    assert states(interests) == {"slack": "Slack refused: no valid answer"}
    make_due(interests)
    receiver.answers.append((200, {}, b'{"ok": true}'))
    deliver(interests)
    assert states(interests) == {"slack": None}
    assert receiver.requests[0].path == "/api/chat.postMessage"
    assert receiver.requests[0].headers["authorization"] == "Bearer xoxb-1-test"
    bodies = [json.loads(request.body) for request in receiver.requests]
    assert len({body["client_msg_id"] for body in bodies}) == 1
    assert bodies[0]["channel"] == "C123"


def test_email_goes_encrypted_to_the_provider(open_: Callable[..., Interests], tmp_path: Path) -> None:
    with mail_server(tmp_path) as post:
        settings = {"NPQ_SMTP_PORT": str(post.port), "NPQ_SMTP_USER": "npq", "NPQ_SMTP_PASSWORD": "secret"}
        interests = open_(**LOOPBACK_MAIL, **settings)
        receipt = submit(interests)
        deliver(interests)
        assert states(interests) == {"email": "mail server: SSLCertVerificationError"}  # nobody vouches for it
        assert post.mails == []

        make_due(interests)
        (sender,) = interests.senders
        assert isinstance(sender, Mail)
        trusted = replace(sender, trust=ssl.create_default_context(cafile=str(post.certificate)))
        post.refuse = True
        assert deliver_one(interests.store, trusted)
        assert states(interests) == {"email": "mail server answered 451"}
        post.refuse = False
        make_due(interests)
        assert deliver_one(interests.store, trusted)
        assert states(interests) == {"email": None}
    (mail,) = post.mails
    assert post.encrypted == [True]
    assert mail["To"] == "npq@provider.example"
    assert mail["Subject"] == f"New expression of interest {receipt.reference} for NPQH, NPQSL"
    assert mail["Reply-To"] == DETAILS.email
    assert mail["X-NPQ-Event-Id"] == rows(interests.store.engine, "outbox")[0]["event_id"]
    text = mail.get_content()
    assert "Name: Zoë Quillfeather" in text
    assert "May be sent marketing: yes" in text
    assert any(command.startswith("AUTH PLAIN") for command in post.commands)


def test_a_mail_server_without_encryption_gets_nothing(open_: Callable[..., Interests], tmp_path: Path) -> None:
    with mail_server(tmp_path, encrypts=False) as post:
        interests = open_(**LOOPBACK_MAIL, NPQ_SMTP_PORT=str(post.port))
        submit(interests)
        deliver(interests)
    assert states(interests) == {"email": "mail server: SMTPNotSupportedError"}
    assert post.mails == []
    assert [command.split(" ")[0] for command in post.commands] == ["ehlo", "QUIT"]


def test_each_destination_is_told_on_its_own(open_: Callable[..., Interests], receiver: Web, nobody: str) -> None:
    interests = open_(
        NPQ_WEBHOOK_URL=nobody, NPQ_WEBHOOK_SECRET=SECRET, NPQ_SLACK_INTEREST_WEBHOOK=f"{receiver.url}/hook"
    )
    submit(interests)
    deliver(interests)
    assert states(interests) == {"webhook": "no answer (ConnectionRefusedError)", "slack": None}


def test_a_rights_request_is_told_too(open_: Callable[..., Interests], receiver: Web) -> None:
    interests = open_(NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET)
    given = interests.store.requests.open("erase", "talk-1")
    deliver(interests)
    body = json.loads(receiver.requests[0].body)
    assert body["type"] == "rights_request.opened"
    assert body["data"] == {"reference": given, "right": "erase"}


def test_what_is_erased_before_it_is_sent_is_not_sent(open_: Callable[..., Interests], receiver: Web) -> None:
    interests = open_(NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET)
    receipt = submit(interests)
    interests.retention.erase("tester", reference=receipt.reference)
    deliver(interests)
    assert receiver.requests == []


async def test_the_worker_delivers_beside_the_service_and_stops(
    open_: Callable[..., Interests], receiver: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    interests = open_(NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET)
    receiver.answers.append((500, {}, b"no"))
    workers = [interests.worker(), interests.worker()]  # as two processes would have
    for worker in workers:
        worker.start()
    for number in range(10):
        submit(interests, key=f"form-{number}")
    for _ in range(1200):
        if not interests.health()["waiting"]:
            break
        await asyncio.sleep(0.05)
    for worker in workers:
        await worker.stop()
    assert interests.health()["waiting"] == 0
    assert len(receiver.requests) == 11  # one was answered with an error and came again
    assert len({request.headers["x-npq-event-id"] for request in receiver.requests}) == 10
    assert interests.health()["last_purge"] is not None
    assert [canary for canary in CANARIES if canary in caplog.text] == []


async def test_the_worker_goes_on_when_the_database_is_back(
    postgres_url: str, open_on: Callable[..., Interests], receiver: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AFTER_TROUBLE", 0.2)
    line, through = line_to(postgres_url)
    interests = open_on(through, NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET)
    submit(interests)
    line.cut()
    worker = interests.worker()
    worker.start()
    await asyncio.sleep(1)
    assert receiver.requests == []
    line.mend()
    for _ in range(600):
        if receiver.requests:
            break
        await asyncio.sleep(0.05)
    await worker.stop()
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"NPQ_WEBHOOK_URL": "http://crm.example.org/"}, "NPQ_WEBHOOK_URL"),
        ({"NPQ_WEBHOOK_URL": "https://user:password@crm.example.org/"}, "NPQ_WEBHOOK_URL"),
        ({"NPQ_WEBHOOK_URL": "crm"}, "NPQ_WEBHOOK_URL"),
        ({"NPQ_WEBHOOK_URL": "https://crm.example.org/"}, "NPQ_WEBHOOK_SECRET"),
        ({"NPQ_WEBHOOK_URL": "https://crm.example.org/", "NPQ_WEBHOOK_SECRET": "password"}, "NPQ_WEBHOOK_SECRET"),
        ({"NPQ_INTEREST_EMAIL": "npq@provider.example"}, "NPQ_SMTP_HOST"),
        ({**LOOPBACK_MAIL, "NPQ_INTEREST_EMAIL": "npq"}, "NPQ_INTEREST_EMAIL"),
        ({**LOOPBACK_MAIL, "NPQ_SMTP_HOST": "smtp.example.org", "NPQ_SMTP_SECURITY": "none"}, "NPQ_SMTP_SECURITY"),
        ({**LOOPBACK_MAIL, "NPQ_SMTP_PORT": "mail"}, "NPQ_SMTP_PORT"),
        ({**LOOPBACK_MAIL, "NPQ_SMTP_USER": "npq"}, "NPQ_SMTP_PASSWORD"),
        ({"NPQ_SLACK_INTEREST_CHANNEL": "C1"}, "NPQ_SLACK_BOT_TOKEN"),
        ({"NPQ_SLACK_INTEREST_WEBHOOK": "http://hooks.slack.com/x"}, "NPQ_SLACK_INTEREST_WEBHOOK"),
    ],
)
def test_a_wrong_setting_is_named_and_not_repeated(tmp_path: Path, settings: dict[str, str], named: str) -> None:
    with pytest.raises(OptionError) as refused:
        open_interests(f"sqlite:///{tmp_path / 'a.db'}", tmp_path, {"NPQ_DATA_KEY": KEY, **settings}, say=print)
    assert named in str(refused.value)
    assert "password@" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_withdrawn_consent_is_recorded_and_told(open_: Callable[..., Interests], receiver: Web) -> None:
    interests = open_(NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET)
    receipt = submit(interests)
    references = interests.store.references_of(str(DETAILS.email))
    assert interests.store.withdraw_marketing(references, "tester") == [receipt.reference]
    assert interests.store.withdraw_marketing(references, "tester") == []
    deliver(interests)
    body = json.loads(receiver.requests[-1].body)
    assert (body["type"], body["data"]) == (
        "interest.marketing_withdrawn",
        {"reference": receipt.reference, "marketing_consent": False},
    )
    stored = interests.store.find(receipt.reference)
    assert stored is not None
    assert not stored.marketing_consent
    asked = {row["purpose"]: row for row in interests.store.consents_of(stored)}
    assert asked["marketing"]["withdrawn_at"] is not None
    assert asked["marketing"]["given"]
    assert asked["collecting"]["withdrawn_at"] is None


def test_a_destination_taken_out_of_the_settings_is_no_alarm(open_: Callable[..., Interests], receiver: Web) -> None:
    submit(open_(NPQ_WEBHOOK_URL=receiver.url, NPQ_WEBHOOK_SECRET=SECRET))
    without = open_()
    with without.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET dead_at = created_at")
    assert without.health()["ok"]
