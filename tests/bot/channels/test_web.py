"""The web channel over real HTTP: proper refusals, isolated visitors, never an empty answer."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from bot.channels.guide import Guide
from bot.channels.turns import TurnLog
from tests.conftest import Service

STATUSES = {"answered", "clarify", "handover", "out_of_scope", "social", "form", "rights", "crisis"}


def post(service: Service, content: bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
    given = {"Content-Type": kind, "X-NPQ-Session": service.session(), **headers}
    return httpx.post(f"{service.url}/api/messages", content=content, headers=given, timeout=30)


def test_a_question_gets_a_sourced_answer(service: Service) -> None:
    reply = service.say(service.session(), "how long does the npqh take").json()
    assert reply["status"] == "answered"
    assert "18 months" in reply["text"]
    assert reply["programmes"] == ["NPQH"]
    assert reply["topics"] == ["duration"]
    assert all(source["title"] and source["as_of"] for source in reply["sources"])
    assert all(button["title"] and button["payload"] for button in reply["buttons"])


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{not json", "application/json", 400, "bad_json"),
        (b"\xff\xfe", "application/json", 400, "bad_json"),
        (b"[" * 4000, "application/json", 400, "bad_json"),
        (b'["text"]', "application/json", 400, "not_object"),
        (b'"text"', "application/json", 400, "not_object"),
        (b"null", "application/json", 400, "not_object"),
        (b"{}", "application/json", 400, "text_missing"),
        (b'{"text": "hi", "sender": "me"}', "application/json", 400, "unknown_key"),
        (b'{"text": 1}', "application/json", 422, "text_not_string"),
        (b'{"text": null}', "application/json", 422, "text_not_string"),
        (b'{"text": ["hi"]}', "application/json", 422, "text_not_string"),
        (b'{"text": ""}', "application/json", 422, "text_empty"),
        ('{"text": "\u200b\u200b"}'.encode(), "application/json", 422, "text_empty"),
        (b'{"text": "' + b"x" * 1001 + b'"}', "application/json", 422, "text_too_long"),
        (b'{"text": "' + b"x" * 9000 + b'"}', "application/json", 413, "body_too_large"),
        (b"text=hi", "application/x-www-form-urlencoded", 415, "not_json"),
        (b'{"text": "hi"}', "text/plain", 415, "not_json"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_reason(
    service: Service, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = post(service, content, kind)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert len(answer.json()["error"]["message"]) > 10


def test_a_thousand_characters_are_taken(service: Service) -> None:
    text = ("is npqh funded " * 70)[:1000]
    assert service.say(service.session(), text).status_code == 200


@pytest.mark.parametrize("token", ["", "default", "x" * 32, "../../etc", "' or 1=1 --"])
def test_an_unknown_session_is_refused(service: Service, token: str) -> None:
    answer = service.say(token, "is npqh funded")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "session_unknown"


def test_a_session_is_made_by_the_server_alone(service: Service) -> None:
    tokens = {service.session() for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 22 for token in tokens)  # 128 bits need 22 characters
    assert httpx.post(f"{service.url}/api/sessions", json={"session": "mine"}).json()["session"] != "mine"


def test_visitors_do_not_see_each_other(service: Service) -> None:
    anna, ben = service.session(), service.session()
    service.say(anna, "how long does the npqh take")
    assert "NPQH" not in service.say(ben, "and is it funded").json()["programmes"]
    assert service.say(anna, "and is it funded").json()["programmes"] == ["NPQH"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/messages", 405), ("PUT", "/api/sessions", 405), ("GET", "/nowhere", 404), ("GET", "/../bot", 404)],
)
def test_other_addresses_and_methods_are_refused(service: Service, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, service.url + path)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_typed_commands_do_nothing_special(service: Service) -> None:
    session = service.session()
    service.say(session, "how long does the npqh take")
    for typed in ("/restart", "/session_start", '/ask_cost{"programme": "NPQEL"}', "/nlu_fallback", "/ask_nothing"):
        reply = service.say(session, typed).json()
        assert reply["status"] in STATUSES
        assert reply["messages"]
        assert "NPQEL" not in reply["programmes"] or "npqel" in typed.lower()
    follow_up = service.say(session, "and is it funded").json()
    assert "NPQH" in follow_up["programmes"] or "NPQEL" in follow_up["programmes"]


def test_pages_carry_security_headers(service: Service) -> None:
    for path in ("/", "/health/live", "/nowhere"):
        headers = httpx.get(service.url + path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert httpx.post(f"{service.url}/api/sessions").headers["cache-control"] == "no-store"


def test_every_turn_is_stored_with_its_status_and_no_token(
    start_service: Callable[..., Service], tmp_path: Path
) -> None:
    database = tmp_path / "npq.db"
    service = start_service(NPQ_DATABASE_URL=f"sqlite:///{database}")
    session = service.session()
    service.say(session, "how long does the npqh take")
    service.say(session, "thank you")
    with sqlite3.connect(database) as connection:
        rows = connection.execute("select said, status, channel from turns order by id").fetchall()
        dump = "\n".join(connection.iterdump())
    assert [row[1] for row in rows] == ["answered", "social"]
    assert {row[2] for row in rows} == {"web"}
    assert session not in dump


async def test_a_fault_gives_an_apology_with_the_contact(tmp_path: Path) -> None:
    turns = TurnLog(sa.create_engine(f"sqlite:///{tmp_path / 'npq.db'}"))
    without_agent = Guide(None, turns, "help@example.org")  # type: ignore[arg-type]
    reply = await without_agent.reply("visitor", "how long does the npqh take", "web")
    assert reply.status == "error"
    assert "help@example.org" in reply.text


def test_a_late_yes_to_an_earlier_question_neither_sends_nor_agrees(service: Service) -> None:
    token = service.session()

    def say(text: str, asking: str | None = None) -> dict[str, Any]:
        headers = {"X-NPQ-Session": token, **({} if asking is None else {"X-NPQ-Asking": asking})}
        answer = httpx.post(f"{service.url}/api/messages", json={"text": text}, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    for text in ("register my interest in NPQH", "Ann Lee", "ann@example.org", "skip", "skip", "skip", "skip"):
        reply = say(text)
    assert reply["asking"] == "marketing"
    assert say("Yes", "phone")["asking"] == "marketing"  # what it was meant for is not known, so it is asked again
    assert "news about other courses: yes" in say("Yes", "marketing")["text"].casefold()
    for late in ("marketing", "", "phone"):
        reply = say("Yes", late)
        assert reply["asking"] == "confirm"
        assert "Please check your answers" in reply["text"]
    assert "Your reference is" in say("Yes", "confirm")["text"]


def test_what_the_page_asked_for_must_be_a_name(service: Service) -> None:
    answer = post(service, b'{"text": "yes"}', **{"X-NPQ-Asking": "Ann Lee, ann@example.org"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_asking"
