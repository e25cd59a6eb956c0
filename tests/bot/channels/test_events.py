"""Following a conversation: nothing missed, nothing doubled, whoever was away."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from tests.bot.channels.pages import Listening, Page, until
from tests.conftest import Service

QUESTION = "how long does the npqh take"


def test_a_reply_carries_the_number_and_time_of_its_turn(service: Service) -> None:
    page = Page(service)
    first, second = page.say(QUESTION, "k1"), page.say("and is it funded", "k2")
    assert second["id"] > first["id"] > 0
    assert first["at"].endswith("+00:00")


def test_the_transcript_has_every_turn_in_order(service: Service) -> None:
    page = Page(service)
    assert page.events() == []
    first, second = page.say(QUESTION, "k1"), page.say("and is it funded")
    told = page.events()
    assert [(turn["event"], turn["id"], turn["key"], turn["said"]) for turn in told] == [
        ("turn", first["id"], "k1", QUESTION),
        ("turn", second["id"], "", "and is it funded"),
    ]
    for turn, reply in zip(told, (first, second), strict=True):
        for name in ("messages", "buttons", "sources", "status", "asking", "at"):
            assert turn[name] == reply[name]
        assert (turn["rating"], turn["from"]) == (None, "guide")
    assert [turn["id"] for turn in page.events(after=first["id"])] == [second["id"]]


def test_a_stream_replays_what_is_new_and_goes_on_live(service: Service) -> None:
    page = Page(service)
    first = page.say(QUESTION, "k1")
    second = page.say("and is it funded", "k2")
    other_tab = Listening(page, after=first["id"])
    until(lambda: other_tab.of("turn"))
    assert [turn["id"] for turn in other_tab.of("turn")] == [second["id"]]
    third = page.say("thank you", "k3")
    until(lambda: len(other_tab.of("turn")) == 2)
    assert other_tab.of("turn")[-1]["id"] == third["id"]
    assert {"key": "k3"} in other_tab.of("working")
    kinds = [event["event"] for event in other_tab.events]
    assert kinds == ["turn", "working", "turn"]
    assert [event["id"] for event in other_tab.events if event["event"] == "turn"] == [
        str(second["id"]), str(third["id"]),
    ]  # fmt: skip


def test_a_message_sent_again_is_one_turn(service: Service) -> None:
    page = Page(service)
    replies = [page.say(QUESTION, "same") for _ in range(3)]
    assert len({reply["id"] for reply in replies}) == 1
    assert len(page.events()) == 1


def test_asking_again_waits_for_the_next_turn(service: Service) -> None:
    page = Page(service)
    first = page.say(QUESTION)
    found: list[list[dict[str, object]]] = []
    waiting = threading.Thread(target=lambda: found.append(page.events(after=first["id"], wait=25)))
    waiting.start()
    second = page.say("and is it funded")
    waiting.join(timeout=24)
    assert [turn["id"] for turn in found[0]] == [second["id"]]
    assert page.events(after=second["id"], wait=1) == []


def test_a_restart_loses_and_doubles_nothing(start_service: Callable[..., Service], tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'npq.db'}"
    service = start_service(NPQ_DATABASE_URL=database)
    page = Page(service)
    first = page.say(QUESTION, "k1")
    stream = Listening(page)
    until(lambda: stream.of("turn"))
    service.process.kill()
    service.process.wait()
    until(lambda: stream.closed)
    page = Page(start_service(NPQ_DATABASE_URL=database), page.token)
    again = page.say(QUESTION, "k1")  # the reply may have been lost on the way
    assert (again["id"], again["at"], again["text"]) == (first["id"], first["at"], first["text"])
    second = page.say("and is it funded", "k2")
    stream = Listening(page, after=first["id"])
    until(lambda: stream.of("turn"))
    assert [turn["id"] for turn in stream.of("turn")] == [second["id"]]
    assert [turn["id"] for turn in page.events()] == [first["id"], second["id"]]


def test_the_service_stops_at_once_with_pages_open(start_service: Callable[..., Service]) -> None:
    service = start_service()
    pages = [Listening(Page(service)) for _ in range(3)]
    service.process.terminate()
    assert service.process.wait(timeout=14) == 0
    until(lambda: all(page.closed for page in pages))
    log = service.log.read_text()
    assert "Traceback" not in log
    assert "Task was destroyed" not in log


def test_pages_that_left_are_forgotten(service: Service) -> None:
    page = Page(service)
    for _ in range(30):  # more than may listen at once
        stream = Listening(page)
        assert stream.status == 200
        page.say("thank you")
        until(lambda stream=stream: stream.of("turn"))
        stream.leave()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_more_pages_can_be_open_than_the_system_allows_files_at_first(start_service: Callable[..., Service]) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, before[1]))
    try:
        service = start_service()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    where = ("127.0.0.1", int(service.url.rpartition(":")[2]))
    with ExitStack() as held:
        for _ in range(320):
            held.enter_context(socket.create_connection(where))
        assert httpx.get(f"{service.url}/health/live", timeout=10).status_code == 200


def test_too_many_pages_of_one_conversation_are_refused(service: Service) -> None:
    page = Page(service)
    streams = [Listening(page) for _ in range(13)]
    assert [stream.status for stream in streams] == [200] * 12 + [429]
    for stream in streams:
        stream.leave()


def test_one_address_cannot_take_all_streams(start_service: Callable[..., Service]) -> None:
    service = start_service(NPQ_PROXIES="1")
    where = ("127.0.0.1", int(service.url.rpartition(":")[2]))

    def follow(session: str, address: str) -> bytes:
        line = held.enter_context(socket.create_connection(where, timeout=20))
        told = f"X-NPQ-Session: {session}\r\nX-Forwarded-For: {address}\r\nAccept: text/event-stream"
        line.sendall(f"GET /api/events HTTP/1.1\r\nHost: localhost\r\n{told}\r\n\r\n".encode())
        return line.recv(64).split(b" ", 2)[1]

    with ExitStack() as held:
        sessions = [service.session() for _ in range(41)]
        assert {follow(session, "192.0.2.1") for session in sessions[:40] for _ in range(10)} == {b"200"}
        assert follow(sessions[40], "192.0.2.1") == b"429"
        assert follow(sessions[40], "192.0.2.2") == b"200"
    session = service.session()
    until(lambda: _taken(service, session, "192.0.2.1"))


def _taken(service: Service, session: str, address: str) -> bool:
    """Whether a page from there may listen now."""
    headers = {"X-NPQ-Session": session, "X-Forwarded-For": address, "Accept": "text/event-stream"}
    with httpx.stream("GET", f"{service.url}/api/events", headers=headers, timeout=20) as response:
        return response.status_code == 200


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("/api/events", {"Last-Event-ID": "x"}, "bad_last_event_id"),
        ("/api/events", {"Last-Event-ID": "-1"}, "bad_last_event_id"),
        ("/api/events", {"Last-Event-ID": "9" * 40}, "bad_last_event_id"),
        ("/api/events?wait=26", {}, "bad_wait"),
        ("/api/events?wait=-1", {}, "bad_wait"),
        ("/api/events?wait=soon", {}, "bad_wait"),
    ],
)
def test_what_cannot_be_followed_is_refused(service: Service, path: str, headers: dict[str, str], code: str) -> None:
    answer = Page(service).ask("GET", path, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_an_unknown_session_follows_nothing(service: Service, accept: str) -> None:
    answer = Page(service, "x" * 32).ask("GET", "/api/events", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session_unknown")


def test_ratings_are_kept_with_the_turn(service: Service) -> None:
    page, other = Page(service), Page(service)
    turn = page.say(QUESTION)["id"]
    for rating in ("up", "down", None, "up"):
        assert page.ask("PUT", f"/api/turns/{turn}/rating", json={"rating": rating}).status_code == 204
        assert page.events()[0]["rating"] == rating
    for who, number in ((other, turn), (page, turn + 1_000_000), (page, 10**14)):
        answer = who.ask("PUT", f"/api/turns/{number}/rating", json={"rating": "down"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "turn_unknown")
    assert page.events()[0]["rating"] == "up"
    answer = page.ask("PUT", f"/api/turns/{turn}/rating", json={"rating": "best"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_rating")


def test_starting_over_ends_the_session_and_keeps_the_record(
    start_service: Callable[..., Service], tmp_path: Path
) -> None:
    database = tmp_path / "npq.db"
    page = Page(start_service(NPQ_DATABASE_URL=f"sqlite:///{database}"))
    page.say(QUESTION)
    stream = Listening(page)
    assert page.ask("DELETE", "/api/session").status_code == 204
    until(lambda: stream.closed)
    assert stream.of("ended") == [{"reason": "over"}]
    for answer in (page.post("and is it funded"), page.ask("GET", "/api/events"), page.ask("DELETE", "/api/session")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session_unknown")
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT said FROM turns").fetchall() == [(QUESTION,)]


def test_deleting_a_conversation_deletes_it_everywhere(start_service: Callable[..., Service], tmp_path: Path) -> None:
    database = tmp_path / "npq.db"
    service = start_service(NPQ_DATABASE_URL=f"sqlite:///{database}")
    page, other = Page(service), Page(service)
    other.say("what is a kittiwake")
    for number in range(12):  # enough to move rows about in the file
        page.say(f"is the quillfeather{number} npqh funded and how long does it take " + "peregrine " * number)
    page.ask("PUT", f"/api/turns/{page.events()[3]['id']}/rating", json={"rating": "down"})
    page.say("I want to register my interest in NPQH")
    page.say("Zoe Quillfeather")
    page.say("zoe@quillfeather.example")
    stream = Listening(page)
    assert everywhere(database, "quillfeather") > 0
    assert page.ask("DELETE", "/api/conversation").status_code == 204
    until(lambda: stream.closed)
    assert stream.of("ended") == [{"reason": "deleted"}]
    answer = page.post("and is it funded")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session_unknown")
    assert other.say("how long does the npqh take")["status"] == "answered"
    assert other.events()[0]["said"] == "what is a kittiwake"
    assert everywhere(database, "quillfeather", "peregrine") == 0
    assert everywhere(database, "kittiwake") > 0
    with sqlite3.connect(database) as connection:
        tables = {"turns": "session", "events": "sender_id", "sessions": "conversation", "drafts": "session"}
        left = {table: connection.execute(f"SELECT count(DISTINCT {name}) FROM {table}").fetchone()[0]
                for table, name in tables.items()}  # fmt: skip
        audit = connection.execute("SELECT action, who FROM audit").fetchall()
    assert left == {"turns": 1, "events": 1, "sessions": 1, "drafts": 0}
    assert ("forgotten", "visitor") in audit
    assert "quillfeather" not in service.log.read_text().lower()


def everywhere(database: Path, *words: str) -> int:
    """How often words are in the database's files."""
    found = b"".join(path.read_bytes() for path in database.parent.iterdir() if path.is_file()).lower()
    return sum(found.count(word.encode()) for word in words)


def test_deleting_waits_for_the_answer_in_progress(start_service: Callable[..., Service], tmp_path: Path) -> None:
    database = tmp_path / "npq.db"
    page = Page(start_service(NPQ_DATABASE_URL=f"sqlite:///{database}"))
    page.say(QUESTION)
    sending = [threading.Thread(target=page.post, args=(f"is npqh funded quillfeather {n}",)) for n in range(6)]
    for thread in sending:
        thread.start()
    assert page.ask("DELETE", "/api/conversation").status_code == 204
    for thread in sending:
        thread.join()
    with sqlite3.connect(database) as connection:
        for table in ("turns", "events", "sessions"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_session_left_idle_or_too_old_ends_its_streams_too(
    start_service: Callable[..., Service], tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'npq.db'}"
    service = start_service(NPQ_DATABASE_URL=database)
    for column, age in (("seen_at", "-25 hours"), ("created_at", "-8 days")):
        page = Page(service)
        page.say(QUESTION)
        stream = Listening(page)
        with sa.create_engine(database).begin() as connection:
            connection.exec_driver_sql(f"UPDATE sessions SET {column} = datetime('now', '{age}')")
        until(lambda stream=stream: stream.closed)
        assert stream.of("ended") == [{"reason": "over"}]
        assert page.post("and is it funded").status_code == 401


def test_following_does_not_keep_a_session_alive(start_service: Callable[..., Service], tmp_path: Path) -> None:
    database = tmp_path / "npq.db"
    page = Page(start_service(NPQ_DATABASE_URL=f"sqlite:///{database}"))
    page.say(QUESTION)

    def seen() -> list[tuple[str]]:
        with sqlite3.connect(database) as connection:
            return connection.execute("SELECT seen_at FROM sessions").fetchall()

    before = seen()
    page.say(QUESTION)
    assert seen() == before  # a minute is exact enough
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE sessions SET seen_at = datetime('now', '-2 minutes')")
    before = seen()
    page.events()
    Listening(page).leave()
    assert seen() == before
    page.say(QUESTION)
    assert seen() != before


@pytest.mark.skipif(os.geteuid() != 0 and not os.access("/proc/self/fd", os.R_OK), reason="needs /proc")
def test_streams_leave_no_open_files(service: Service) -> None:
    folder = Path(f"/proc/{service.process.pid}/fd")
    if not folder.exists():
        pytest.skip("this system shows no open files of processes")
    page = Page(service)
    page.say(QUESTION)
    before = len(list(folder.iterdir()))
    for _ in range(20):
        stream = Listening(page)
        stream.leave()
    until(lambda: len(list(folder.iterdir())) <= before + 3)
