"""Which sites' pages may use the service: those named, exactly, and its own."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.conftest import Service

SITE = "https://www.provider.example"
HOSTILE = (
    "https://evil.example",
    "http://www.provider.example",
    "https://www.provider.example.evil.example",
    "https://evil.www.provider.example",
    "https://provider.example",
    "https://www.provider.example:8443",
    "https://www-provider.example",
    "https://www.provider.example@evil.example",
    "https://www.provider.example/",
    "null",
    "*",
    "https://evil.example, https://www.provider.example",
)
ALLOW = "access-control-allow-origin"


@pytest.fixture(scope="module")
def service(start_service: Callable[..., Service]) -> Service:
    """A service that two sites may use."""
    return start_service(NPQ_ORIGINS=f"{SITE}, http://localhost:8000")


def ask(service: Service, method: str, path: str, origin: str, **headers: str) -> httpx.Response:
    return httpx.request(method, service.url + path, headers={"Origin": origin, **headers}, timeout=30)


@pytest.mark.parametrize("origin", [SITE, "http://localhost:8000"])
def test_a_named_site_may_talk(service: Service, origin: str) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-npq-session"}
    before = ask(service, "OPTIONS", "/api/messages", origin, **asked)
    assert before.status_code == 204
    assert before.headers[ALLOW] == origin
    assert before.headers["access-control-allow-methods"] == "POST"
    allowed = before.headers["access-control-allow-headers"]
    wanted = {"content-type", "x-npq-session", "idempotency-key", "last-event-id", "x-npq-page", "x-npq-asking"}
    assert set(allowed.split(", ")) == wanted
    answer = ask(service, "POST", "/api/sessions", origin)
    assert (answer.status_code, answer.headers[ALLOW]) == (201, origin)
    assert answer.headers["access-control-expose-headers"] == "Retry-After"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"] == "Origin"


def test_a_named_site_can_read_refusals_too(service: Service) -> None:
    for method, path, status in (
        ("POST", "/api/messages", 415), ("GET", "/api/events", 401), ("GET", "/api/nowhere", 404),
        ("PATCH", "/api/events", 405), ("DELETE", "/api/conversation", 401),
    ):  # fmt: skip
        answer = ask(service, method, path, SITE)
        assert (answer.status_code, answer.headers.get(ALLOW)) == (status, SITE), path


@pytest.mark.parametrize("origin", HOSTILE)
def test_other_sites_may_do_nothing(service: Service, origin: str) -> None:
    session = service.session()
    for method, path in (
        ("OPTIONS", "/api/messages"), ("POST", "/api/sessions"), ("POST", "/api/messages"), ("GET", "/api/events"),
        ("PUT", "/api/turns/1/rating"), ("DELETE", "/api/session"), ("DELETE", "/api/conversation"),
    ):  # fmt: skip
        answer = ask(service, method, path, origin, **{"X-NPQ-Session": session})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin_not_allowed"), path
        assert ALLOW not in answer.headers
    assert service.say(session, "is npqh funded").status_code == 200  # nothing happened to it


def test_our_own_pages_may_talk_wherever_they_are_served(service: Service) -> None:
    own = service.url.removeprefix("http://")
    for headers in (
        {"Origin": service.url},
        {"Origin": f"https://{own}"},  # behind a proxy that speaks https
        {"Origin": "https://public.example", "Sec-Fetch-Site": "same-origin"},  # one that changes the host
        {},
    ):
        answer = httpx.post(f"{service.url}/api/sessions", headers=headers)
        assert answer.status_code == 201
        assert ALLOW not in answer.headers
    answer = httpx.post(f"{service.url}/api/sessions", headers={"Origin": service.url, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
