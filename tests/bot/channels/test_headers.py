"""What every answer carries, whatever was asked."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.conftest import Service

PATHS = ("/", "/privacy", "/plain", "/plain.css", "/health/live", "/health/ready", "/nowhere", "/api/nowhere")
API = (("POST", "/api/sessions"), ("POST", "/api/messages"), ("GET", "/api/events"), ("DELETE", "/api/session"))


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(service: Service, path: str) -> None:
    headers = httpx.get(service.url + path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert "strict-transport-security" not in headers  # it came by http


@pytest.mark.parametrize(("method", "path"), API)
def test_what_is_said_is_stored_nowhere_on_the_way(service: Service, method: str, path: str) -> None:
    assert httpx.request(method, service.url + path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("proxies", "proto", "strict"),
    [("1", "https", True), ("1", "http", False), ("1", "https, http", False), ("127.0.0.0/8", "https", True),
     ("10.0.0.0/8", "https", False), ("", "https", False)],
)  # fmt: skip
def test_https_is_insisted_on_where_a_trusted_proxy_speaks_it(
    start_service: Callable[..., Service], proxies: str, proto: str, strict: bool
) -> None:
    service = start_service(NPQ_PROXIES=proxies)
    headers = httpx.get(f"{service.url}/", headers={"X-Forwarded-Proto": proto}).headers
    assert headers.get("strict-transport-security") == ("max-age=31536000; includeSubDomains" if strict else None)
