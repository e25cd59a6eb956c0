"""How much is taken a minute, from whom, alone and together with other processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.channels.faults import Fault
from bot.channels.limits import WINDOW, Counts, Limits
from bot.channels.options import LIMITS
from tests.bot.channels.pages import Listening, Page, until
from tests.conftest import Service
from tests.servers import Redis

DEFAULTS = " ".join(f"{name}={most}" for name, most in LIMITS.items())


def test_the_window_moves_exactly() -> None:
    now = [0.0]
    counts = Counts(lambda: now[0])
    for moment in (0.0, 10.0, 20.0):
        now[0] = moment
        assert counts.take([("a", 3)]) == 0
    now[0] = 30.0
    assert counts.take([("a", 3)]) == 30.0
    assert counts.take([("b", 3)]) == 0
    now[0] = WINDOW
    assert counts.take([("a", 3)]) == 0
    assert counts.take([("a", 3)]) == 10.0


def test_what_is_refused_is_not_counted() -> None:
    now = [0.0]
    counts = Counts(lambda: now[0])
    assert counts.take([("a", 1), ("all", 2)]) == 0
    for _ in range(5):
        assert counts.take([("a", 1), ("all", 2)]) == WINDOW
    assert counts.take([("b", 1), ("all", 2)]) == 0
    assert counts.take([("c", 1), ("all", 2)]) == WINDOW


async def test_a_session_an_address_and_the_service_have_limits_of_their_own() -> None:
    limits = Limits({**LIMITS, "session": 2, "address": 3, "service": 5, "sessions": 1})
    await limits.message("192.0.2.1", "anna")
    await limits.message("192.0.2.1", "anna")
    with pytest.raises(Fault) as session:
        await limits.message("192.0.2.1", "anna")
    await limits.message("192.0.2.1", "ben")
    with pytest.raises(Fault):
        await limits.message("192.0.2.1", "carl")  # the address
    await limits.message("192.0.2.2", "dora")
    await limits.message("192.0.2.2", "dora")
    with pytest.raises(Fault):
        await limits.message("192.0.2.3", "eve")  # the service
    assert (session.value.status_code, session.value.code) == (429, "too_many")
    assert 1 <= (session.value.retry_after or 0) <= WINDOW
    await limits.session("192.0.2.1")
    with pytest.raises(Fault):
        await limits.session("192.0.2.1")


@pytest.fixture(scope="module")
def strict(start_service: Callable[..., Service]) -> Service:
    """A service with the limits it has when nothing is set, behind one proxy."""
    return start_service(NPQ_LIMITS=DEFAULTS, NPQ_PROXIES="1")


def test_the_sixteenth_message_within_a_minute_is_refused(strict: Service) -> None:
    page, other = Page(strict), Page(strict)
    began = time.monotonic()
    answers = [page.post("thank you", f"k{number}") for number in range(16)]
    if time.monotonic() - began < WINDOW:  # else the machine is too slow to be too quick
        assert [answer.status_code for answer in answers] == [200] * 15 + [429]
        refused = answers[-1]
        assert refused.json()["error"]["code"] == "too_many"
        assert 1 <= int(refused.headers["retry-after"]) <= WINDOW
        assert refused.headers["retry-after"] in refused.json()["error"]["message"]
        again = page.post("thank you", "k3")  # already answered: it costs nothing and is no new turn
        assert again.json()["id"] == answers[3].json()["id"]
        assert len(page.events()) == 15
    assert other.post("thank you").status_code == 200


def test_other_addresses_cannot_be_pretended(strict: Service) -> None:
    def start(forwarded: str) -> int:
        return httpx.post(f"{strict.url}/api/sessions", headers={"X-Forwarded-For": forwarded}).status_code

    # What the visitor wrote comes first; the last is what our proxy saw.
    found = {start(f"203.0.113.{number}, 198.51.100.9") for number in range(LIMITS["sessions"])}
    assert found == {201}
    assert {start(f"192.0.2.{number}, 198.51.100.9") for number in range(5)} == {429}
    assert start("203.0.113.1, 198.51.100.10") == 201


def test_without_proxies_nothing_forwarded_is_believed(start_service: Callable[..., Service]) -> None:
    service = start_service(NPQ_LIMITS="sessions=5")
    found = [
        httpx.post(f"{service.url}/api/sessions", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(8)
    ]
    assert found == [201] * 5 + [429] * 3


async def test_processes_count_together_and_alone_while_redis_is_away(redis: Redis) -> None:
    rules = {**LIMITS, "session": 3}
    one, two = Limits(rules, redis.url), Limits(rules, redis.url)
    for limits in (one, two, one):
        await limits.message("192.0.2.1", "anna")
    for limits in (one, two):
        with pytest.raises(Fault) as refused:
            await limits.message("192.0.2.1", "anna")
        assert 1 <= (refused.value.retry_after or 0) <= WINDOW
    await two.message("192.0.2.1", "ben")
    redis.stop()
    await asyncio.wait_for(one.message("192.0.2.1", "carl"), 5)
    for _ in range(2):
        await one.message("192.0.2.1", "carl")
    with pytest.raises(Fault):
        await one.message("192.0.2.1", "carl")


def test_two_processes_share_what_happens(start_service: Callable[..., Service], redis: Redis, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'npq.db'}"
    first = start_service(NPQ_DATABASE_URL=database, NPQ_REDIS_URL=redis.url)
    second = start_service(NPQ_DATABASE_URL=database, NPQ_REDIS_URL=redis.url)
    here = Page(first)
    there = Page(second, here.token)
    stream = Listening(there)
    turn = here.say("how long does the npqh take", "k1")
    until(lambda: stream.of("turn"))
    assert [found["id"] for found in stream.of("turn")] == [turn["id"]]
    assert {"key": "k1"} in stream.of("working")
    redis.stop()
    assert here.say("and is it funded", "k2")["programmes"] == ["NPQH"]
    until(lambda: len(stream.of("turn")) == 2)  # from the database, a little later
    redis.start()
    until(lambda: any(here.say("thank you") and stream.of("working")[1:] for _ in range(3)))
    there.say("thank you")
    assert here.ask("DELETE", "/api/conversation").status_code == 204
    until(lambda: stream.closed)
    assert stream.of("ended") == [{"reason": "deleted"}]
    assert there.post("is npqh funded").status_code == 401
