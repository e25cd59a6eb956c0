"""Two visitors: neither can read, write or end what is the other's, by any route."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.channels.sessions import new_conversation
from bot.channels.web import METHODS, TURN
from tests.bot.channels.pages import Listening, Page, until
from tests.conftest import Service

SECRET = "what is a kittiwake"


@pytest.fixture
def anna(service: Service) -> Page:
    """One visitor, who has said something and rated it."""
    page = Page(service)
    turn = page.say(SECRET, "annas-key")["id"]
    page.ask("PUT", f"/api/turns/{turn}/rating", json={"rating": "up"})
    return page


def state(page: Page) -> list[dict[str, Any]]:
    return page.events()


def test_every_route_keeps_visitors_apart(service: Service, anna: Page) -> None:
    before, turn = state(anna), anna.events()[0]["id"]
    stream = Listening(anna)
    until(lambda: stream.of("turn"))
    tried = set()

    def attempt(path: str, headers: dict[str, str], **more: Any) -> httpx.Response:
        tried.add(path)
        method = METHODS[path]
        address = service.url + "/api" + path.replace("<turn:[0-9]{1,15}>", str(turn))
        return httpx.request(method, address, headers=headers, timeout=30, **more)

    for session in ("", "x" * 32, anna.token[:-1], anna.token.swapcase(), anna.token + "x", "%", new_conversation()):
        headers = {"X-NPQ-Session": session, "Last-Event-ID": "0", "Idempotency-Key": "annas-key"}
        for path, more in (
            ("/messages", {"json": {"text": SECRET}}), ("/events", {}), (TURN, {"json": {"rating": "down"}}),
            ("/session", {}), ("/conversation", {}),
        ):  # fmt: skip
            answer = attempt(path, headers, **more)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session_unknown")

    ben = Page(service)
    mine = {**ben.headers, "Last-Event-ID": str(turn - 1), "Idempotency-Key": "annas-key"}
    assert attempt("/sessions", {**mine, "X-NPQ-Session": anna.token}).json()["session"] != anna.token
    reply = attempt("/messages", mine, json={"text": "thank you"})
    assert "kittiwake" not in reply.text
    assert reply.json()["id"] != turn
    assert {found["id"] for found in attempt("/events", mine).json()["events"]} == {reply.json()["id"]}
    assert attempt(TURN, mine, json={"rating": "down"}).status_code == 404
    assert attempt("/openapi.json", mine).status_code == 200
    bens = Listening(ben)
    until(lambda: bens.of("turn"))
    assert "kittiwake" not in str(bens.events)
    assert attempt("/conversation", mine).status_code == 204
    carl = Page(service)
    assert attempt("/session", carl.headers).status_code == 204
    assert tried == set(METHODS), "a route is not tried here: add it"

    assert state(anna) == before
    until(lambda: bens.closed)
    assert not stream.closed
    anna.say("thank you")
    until(lambda: len(stream.of("turn")) == 2)
    assert [found["said"] for found in stream.of("turn")] == [SECRET, "thank you"]


def test_the_token_counts_only_in_its_header(service: Service, anna: Page) -> None:
    for path in (f"/api/events?session={anna.token}", f"/api/events?X-NPQ-Session={anna.token}"):
        assert httpx.get(service.url + path).status_code == 401
    cookies = {"Cookie": f"session={anna.token}; __Host-npq={anna.token}"}
    assert httpx.get(f"{service.url}/api/events", headers=cookies).status_code == 401
    bearer = {"Authorization": f"Bearer {anna.token}"}
    assert httpx.get(f"{service.url}/api/events", headers=bearer).status_code == 401


def test_plain_pages_are_apart_too(service: Service, anna: Page) -> None:
    for token in ("", "x" * 32, new_conversation()):
        text = httpx.get(f"{service.url}/plain", headers={"Cookie": f"__Host-npq={token}"}).text
        assert "kittiwake" not in text
    assert "kittiwake" in httpx.get(f"{service.url}/plain", headers={"Cookie": f"__Host-npq={anna.token}"}).text


def test_tokens_and_conversations_are_random_and_unique() -> None:
    tokens = [new_conversation() for _ in range(10_000)]
    assert len(set(tokens)) == len(tokens)
    signs = "".join(tokens)
    shares = [signs.count(sign) / len(signs) for sign in set(signs)]
    assert len(shares) == 64
    assert max(shares) < 1.1 / 64
    assert min(shares) > 0.9 / 64
