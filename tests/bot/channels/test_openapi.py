"""The OpenAPI document is right: requests made from it get the answers it describes, and never a server error."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

from bot.channels.events import MOST_WAIT
from bot.channels.web import METHODS, openapi
from tests.conftest import Service

CASES = int(os.environ.get("NPQ_GATE_CASES") or 40)  # at most, of each operation: some have few different requests
COUNTED = os.environ.get("NPQ_GATE_COUNTED")  # a file for the number of requests that got the right answer
checks.load_all_checks()
CHECKS = checks.CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        # Not negative_data_rejection: HTTP drops some wrong values on the way, such as blanks around a header.
        "unsupported_method",
    ]
)


@pytest.fixture(scope="module")
def document(service: Service) -> Any:
    """The document as the service gives it."""
    return schemathesis.openapi.from_url(f"{service.url}/api/openapi.json")


@pytest.fixture(scope="module")
def passed() -> Iterator[list[str]]:
    """The operations of the requests that got the right answer; their number is written down at the end."""
    found: list[str] = []
    yield found
    if COUNTED:
        Path(COUNTED).write_text(str(len(found)), encoding="ascii")


schema = schemathesis.pytest.from_fixture("document")


@schema.parametrize()
@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
def test_every_request_gets_the_answer_described(case: Any, service: Service, passed: list[str]) -> None:
    case.query = {name: value for name, value in (case.query or {}).items() if name == "wait"}  # others are ignored
    if str(case.query.get("wait", "")).isdigit() and int(case.query["wait"]) <= MOST_WAIT:
        case.query["wait"] = 0  # nobody speaks here, so waiting proves nothing
    case.call_and_validate(checks=CHECKS, headers={"X-NPQ-Session": service.session()}, timeout=30)
    passed.append(case.operation.label)


def test_the_document_names_every_route(service: Service) -> None:
    told = openapi()
    assert {path: " ".join(sorted(found)).upper() for path, found in told["paths"].items()} == {
        path.replace("<turn:[0-9]{1,15}>", "{turn}"): methods for path, methods in METHODS.items()
    }
    assert httpx.get(f"{service.url}/api/openapi.json").json() == told


def test_it_is_documented_for_people_too() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "web-channel.md").read_text(encoding="utf-8")
    for path in openapi()["paths"]:
        assert path.replace("{turn}", "<id>") in text
