"""/metrics: what is counted, what never appears, and who may read it."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.health.options import OptionError, read_options
from tests.conftest import Service

TOKEN = "0123456789abcdef-token"
EMAIL = "zoe.quillfeather@canary.example"


def samples(url: str, **headers: str) -> dict[str, float]:
    """The figures by name and labels."""
    told = httpx.get(f"{url}/metrics", headers=headers)
    assert told.status_code == 200, told.text
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = {}
    for family in text_string_to_metric_families(told.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


@pytest.mark.slow
def test_turns_are_counted_by_status_and_channel_and_timed(start_service: Callable[..., Service]) -> None:
    service = start_service()
    session = service.session()
    for text in ("Is NPQH funded?", "hello", f"my email is {EMAIL}"):
        service.say(session, text)
    service.say("0" * 48, "no such session")
    found = samples(service.url)
    assert found["npq_turns_total{channel=web,status=answered}"] == 1
    assert sum(value for name, value in found.items() if name.startswith("npq_turns_total")) == 3
    assert found["npq_turn_seconds_count{channel=web}"] == 3
    assert 0 < found["npq_turn_seconds_sum{channel=web}"] < 60
    assert found["npq_responses_total{status=4xx}"] == 1
    assert found["npq_ready{}"] == found["npq_store_up{}"] == found["npq_knowledge_ok{}"] == 1
    assert found["npq_outbox_waiting{}"] == found["npq_outbox_dead{}"] == 0
    assert found["process_resident_memory_bytes{}"] > 1e8
    text = httpx.get(f"{service.url}/metrics").text
    assert [word for word in (EMAIL, "quillfeather", session, "NPQH", "127.0.0.1") if word in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_without_a_token_a_proxy_on_this_machine_cannot_hand_them_out(service: Service, header: str) -> None:
    assert httpx.get(f"{service.url}/metrics").status_code == 200
    assert httpx.get(f"{service.url}/metrics", headers={header: "192.0.2.7"}).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("host", ["guide.provider.example", "localhost.attacker.example:5005", ""])
def test_nor_can_a_page_whose_name_points_here(service: Service, host: str) -> None:
    port = int(service.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert connection.recv(64).split()[1] in (b"404", b"400")


@pytest.mark.slow
def test_a_token_is_needed_from_everywhere_and_is_enough_from_anywhere(start_service: Callable[..., Service]) -> None:
    service = start_service(NPQ_METRICS=TOKEN)
    assert httpx.get(f"{service.url}/metrics").status_code == 401
    for wrong in (f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer", f"bearer {TOKEN}"):
        assert httpx.get(f"{service.url}/metrics", headers={"Authorization": wrong}).status_code == 401
    right = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.7", "Host": "guide.provider.example"}
    assert "npq_turns_total{}" not in samples(service.url, **right)
    assert TOKEN not in service.log.read_text()


@pytest.mark.slow
def test_they_can_be_switched_off(start_service: Callable[..., Service]) -> None:
    service = start_service(NPQ_METRICS="off")
    assert httpx.get(f"{service.url}/metrics").status_code == 404
    assert service.say(service.session(), "Is NPQH funded?").json()["status"] == "answered"


@pytest.mark.parametrize("text", ["short", "on", "with blanks in the middle", "ünicode-is-no-good-here"])
def test_a_setting_that_is_no_secret_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(OptionError, match="NPQ_METRICS") as told:
        read_options({"NPQ_METRICS": text})
    assert f"`{text}`" not in str(told.value)


@pytest.mark.parametrize(("text", "on", "token"), [("", True, None), ("OFF", False, None), (TOKEN, True, TOKEN)])
def test_settings(text: str, on: bool, token: str | None) -> None:
    found = read_options({"NPQ_METRICS": text})
    assert (found.on, found.token) == (on, token)
