"""`npq test --url`: the same conversations with a service, through its web channel."""

from __future__ import annotations

import http.server
import threading
import xml.etree.ElementTree as xml
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.conversations.finding import find
from bot.conversations.from_outside import playable
from tests.bot.conversations.commands import npq
from tests.conftest import free_port

if TYPE_CHECKING:
    from tests.conftest import Service

TALK = """\
conversations:
  - name: Length, then a button
    steps:
      - user: how long does the NPQH take
        programmes: NPQH
        bot contains: 18 months
        source: gov.uk
      - press: Assessment
        topics: assessment
  - name: A wrong expectation
    steps:
      - user: how long does NPQLT take
        bot contains: 13 months
  - name: A form
    steps:
      - user: register my interest in NPQH
        answers: {name: Ann Example}
        asking: email
      - user: cancel
        asking: nothing
  - name: A refused message
    steps:
      - user: {long}
        status: error
        bot contains: 1,000 characters or fewer
  - name: Another day
    today: 2024-03-15
    steps: [{user: hello}]
  - name: The database
    steps: [{user: hello, stored: nothing}]
  - name: Slack
    channel: slack
    steps: [{user: hello}]
""".replace("{long}", "x" * 1001)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.yml"
    path.write_text(TALK, encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_service_is_judged_by_the_same_conversations(service: Service, talk: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    done = npq("test", talk, "--url", service.url + "/", "--junit", report)
    assert done.returncode == 1, done.stderr
    assert "FAILED  A wrong expectation" in done.stdout
    assert "says “13 months”" in done.stdout
    assert "1 of 4 conversations failed" in done.stdout
    assert "3 skipped, which cannot be played from outside" in done.stdout
    for reason in ("1 with `today`", "1 with `stored`", "1 for another channel"):
        assert reason in done.stdout
    assert len(list(xml.parse(report).iter("testcase"))) == 4


def test_rasa_stories_and_other_days_are_left_out() -> None:
    fit, left_out = playable(find().tests)
    assert {"in Rasa's own format", "with `today`", "with `stored`"} <= set(left_out)
    assert len(fit) + sum(left_out.values()) == len(find().tests)


@pytest.fixture
def before(service: Service) -> Iterator[Callable[[list[int]], str]]:
    """Puts something before the service that first gives these answers to messages."""
    started = []

    def start(first: list[int]) -> str:
        left = list(first)

        class Before(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == "/api/messages" and left:
                    self.send_response(left.pop(0))
                    self.send_header("Retry-After", "1")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                names = ("Content-Type", "X-NPQ-Session", "Idempotency-Key")
                headers = {name: self.headers[name] for name in names if self.headers[name]}
                answer = httpx.post(service.url + self.path, content=body, headers=headers, timeout=30)
                self.send_response(answer.status_code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Before)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_a_service_that_asks_to_wait_is_waited_for(before: Callable[[list[int]], str], talk: Path) -> None:
    done = npq("test", f"{talk}::Length, then a button", "--url", before([429, 429]))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 conversation passed (2 messages" in done.stdout


@pytest.mark.slow
def test_a_service_that_answers_nonsense_fails_the_conversation(before: Callable[[list[int]], str], talk: Path) -> None:
    done = npq("test", f"{talk}::Length, then a button", "--url", before([502]))
    assert done.returncode == 1
    assert "502 Bad Gateway" in done.stdout


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:{port}", "no service can be reached at http://127.0.0.1:{port} (Connection refused)"),
        ("localhost:5005", "`localhost:5005` is no address of a service. Write it such as https://"),
    ],
)
def test_a_service_that_is_away_is_one_sentence(talk: Path, url: str, says: str) -> None:
    port = free_port()
    done = npq("test", talk, "--url", url.format(port=port))
    assert done.returncode == 2
    assert says.format(port=port) in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_another_server_is_named_as_what_it_is(tmp_path: Path, talk: Path) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done = npq("test", talk, "--url", f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    assert done.returncode == 2
    assert "is no NPQ Guide: POST /api/sessions gave 501" in done.stderr


def test_nothing_that_can_be_played_from_outside(talk: Path) -> None:
    done = npq("test", f"{talk}::Slack", "--url", "http://127.0.0.1:1")
    assert done.returncode == 1
    assert "nothing was played: 1 skipped" in done.stderr
