"""Leaving details with the whole service, over real HTTP: no value leaks, outages are honest, erasing reaches all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import yaml

from guidance import schools
from guidance.journeys.interest_draft import SESSION
from tests.conftest import HOME, NPQ, PROJECT, Service
from tests.faults import outages
from tests.guidance.interest.people import KEY
from tests.guidance.schools_files import extract, row

CONTACT = "help@provider.example"
REFERENCE = re.compile(r"(?:NPQ|DPR)-\w{4}-\w{4}")
NAME, EMAIL = "Zoë Quillfeather-Ostrich", "zoe.quillfeather@canary.example"
TYPO, ROLE, SCHOOL, PHONE = "quillfeather77@gmial.com", "Ostrichkeeper", "Peregrine Hall School", "020 7946 0958"
# In small letters; the number nationally, internationally, and with the digit too many of the first try.
CANARIES = re.compile(r"quillfeather|ostrich|peregrine|canary\.example|gmial|7946\D{0,3}0958|00 111 2222|kestrel")
SOON = 20  # seconds, generously: "a few" on an idle machine


@dataclass
class Visitor:
    """One visitor at a web page."""

    service: Service
    token: str = ""
    replies: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.token = self.token or self.service.session()

    def say(self, text: str, key: str = "") -> dict[str, Any]:
        headers = {"X-NPQ-Session": self.token, **({"Idempotency-Key": key} if key else {})}
        answer = httpx.post(f"{self.service.url}/api/messages", json={"text": text}, headers=headers, timeout=60)
        reply: dict[str, Any] = answer.json()
        assert (answer.status_code, reply["status"] == "error") in ((200, False), (503, True)), reply
        self.replies.append(reply)
        return reply

    def fill(self, *texts: str) -> dict[str, Any]:
        for text in texts:
            reply = self.say(text)
        return reply

    def start(self) -> dict[str, Any]:
        return self.say("I want to register my interest in NPQH")

    def to_the_check(self) -> dict[str, Any]:
        self.start()
        reply = self.fill(NAME, EMAIL, ROLE, SCHOOL, "Autumn 2027", PHONE, "No")
        assert reply["asking"] == "confirm", reply
        return reply

    def conversation(self, url: str) -> str:
        """The id under which their conversation is stored."""
        digest = hashlib.sha256(self.token.encode()).hexdigest()
        return str(read(url, f"SELECT conversation FROM sessions WHERE token_sha256 = '{digest}'")[0][0])


def read(url: str, query: str) -> list[Any]:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(query))


def write(url: str, statement: str) -> None:
    with sa.create_engine(url, poolclass=sa.pool.NullPool).begin() as connection:
        connection.exec_driver_sql(statement)


def references(reply: dict[str, Any]) -> list[str]:
    return REFERENCE.findall(reply["text"])


@pytest.fixture
def home(model: Path, tmp_path: Path) -> Path:
    """A home of its own with the model of the tests."""
    made = tmp_path / "home"
    made.mkdir()
    for name in ("models", "encoder"):
        if (HOME / name).exists():
            (made / name).symlink_to(HOME / name)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, home: Path) -> Iterator[outages.Database]:
    """An empty database that can go away."""
    with outages.empty_database(request.param, home / "npq.db") as found:
        yield found


@pytest.fixture
def postgres() -> Iterator[outages.Database]:
    """The same on a server."""
    with outages.postgres_or_skip() as found:
        yield found


@dataclass
class World:
    """A service with its home, database and commands."""

    home: Path
    database: outages.Database
    starts: Callable[..., Service]
    services: list[Service] = field(default_factory=list)

    def start(self) -> Service:
        self.services.append(self.starts(**self.settings))
        return self.services[-1]

    @property
    def settings(self) -> dict[str, str]:
        return {
            "NPQ_HOME": str(self.home),
            "NPQ_DATABASE_URL": self.database.url,
            "NPQ_DATA_KEY": KEY,
            "NPQ_CONTACT": CONTACT,
        }

    def kill(self) -> None:
        self.services[-1].process.kill()
        self.services[-1].process.wait()

    def npq(self, *words: str) -> str:
        done = subprocess.run(
            [str(NPQ), *words], env={**os.environ, **self.settings}, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.npq("interest", "export", "--json"))
        return found

    def leaks(self) -> list[str]:
        """Every place where a canary can be read, with some words around it."""
        told = {"database": outages.dump(self.database.direct)}
        told |= {service.log.name: service.log.read_text(encoding="utf-8") for service in self.services}
        for path in self.home.rglob("*"):
            # The register of schools is public, and holds the school for everybody.
            if path.is_file() and not path.is_symlink() and path.name != "schools.db":
                told[path.name] = path.read_bytes().decode("utf-8", "replace")
        return [
            f"{name}: {text[max(0, hit.start() - 80) : hit.end() + 40]!r}"
            for name, text in ((name, text.casefold()) for name, text in told.items())
            for hit in list(CANARIES.finditer(text))[:3]
        ]


@pytest.fixture
def world(home: Path, database: outages.Database, start_service: Callable[..., Service]) -> Iterator[World]:
    made = World(home, database, start_service)
    yield made
    database.start()
    for service in made.services:
        if service.process.poll() is None:
            service.process.terminate()
            service.process.wait(timeout=60)


def test_no_personal_value_is_found_anywhere_but_encrypted(world: World) -> None:
    service = world.start()
    full = Visitor(service)
    full.start()
    full.fill(f"My name is {NAME}", "how long is it?", "zoe.quillfeather@canary", TYPO, "No, it is right")
    full.fill("why do you need this?", ROLE, SCHOOL, "Autumn 2027")
    full.fill("0000 111 2222", f"{PHONE} 7", PHONE, "what is NPQH?", "Yes")
    assert full.replies[-1]["asking"] == "confirm", full.replies[-1]
    changed = full.fill(f"the name should be {NAME.upper()}", f"the email's wrong, it's {EMAIL.title()}")
    assert EMAIL.split("@")[1] in changed["text"]
    end = full.say("Yes, send it")
    (reference,) = set(references(end))
    full.fill(f"the email's wrong, it's {EMAIL}", "and how much is it?", "Yes, send it", "thank you")
    assert references(full.replies[-2]) == [reference]

    cancelled = Visitor(service)
    cancelled.start()
    cancelled.fill(NAME, EMAIL, ROLE)
    assert "deleted" in cancelled.say("cancel")["text"]

    rights = Visitor(service)
    rights.start()
    rights.fill(NAME, EMAIL)
    asked = rights.say("what data do you hold about me?")
    assert references(asked), asked
    rights.say(f"I am {NAME}, please delete my details, my email is {EMAIL}")

    at_once = Visitor(service)
    told = at_once.say(
        f"Please register my interest in NPQSL, my name is {NAME}, my email is {EMAIL}, "
        f"I'm an {ROLE} at {SCHOOL}, phone {PHONE}"
    )
    assert told["status"] == "form", told
    mistyped = Visitor(service)
    mistyped.say(f"I want to register my interest in NPQH, my email is {TYPO}")
    odd = Visitor(service)
    odd.start()
    # read as something else than a name: a request, a crisis, another language, a question
    odd.fill(f"delete {NAME}", f"ich heisse {NAME}", f"{NAME} NPQSL cost", f"is {EMAIL} all right?", f"{PHONE}?")

    shown = world.npq("interest", "show", reference, "--json").casefold()
    for value in (NAME, EMAIL, ROLE, SCHOOL, "+442079460958"):
        assert value.casefold() in shown
    assert world.leaks() == []
    world.kill()  # with what is left in the write-ahead log
    assert world.leaks() == []


def test_the_school_among_several_is_not_kept_in_what_was_offered(world: World, tmp_path: Path) -> None:
    found = [
        row(100_100 + number, "Kestrel Mere Primary School", town=town) for number, town in enumerate(("Leeds", "Hull"))
    ]
    schools.import_file(extract(tmp_path / "extract.csv", found), world.home, date(2026, 11, 21))
    visitor = Visitor(world.start())
    visitor.start()
    offered = visitor.fill(NAME, EMAIL, ROLE, "Kestrel Mere Primary School")
    assert offered["asking"] == "which_school", offered
    assert "Kestrel Mere" in offered["buttons"][0]["title"]
    taken = visitor.say(offered["buttons"][1]["payload"])
    assert taken["asking"] == "cohort", taken
    assert world.leaks() == []


def test_errors_name_no_value_either(home: Path, start_service: Callable[..., Service]) -> None:
    world = World(home, outages.Sqlite(home / "npq.db"), start_service)
    visitor = Visitor(world.start())
    visitor.start()
    for table in ("turns", "events", "drafts", "sessions"):
        write(world.database.direct, f"ALTER TABLE {table} RENAME TO gone")
        visitor.fill(NAME, EMAIL, "how long is it?")
        write(world.database.direct, f"ALTER TABLE gone RENAME TO {table}")
    assert "OperationalError" in world.services[0].log.read_text()  # else nothing went wrong
    assert world.leaks() == []


def test_without_the_database_questions_are_answered_and_nothing_is_promised(world: World) -> None:
    service = world.start()
    asking, filling, checking = Visitor(service), Visitor(service), Visitor(service)
    asking.say("how long does the npqh take")
    filling.start()
    filling.say(NAME)
    checking.to_the_check()
    world.database.stop()
    began = time.monotonic()
    assert asking.say("and is it funded")["programmes"] == ["NPQH"]
    new = Visitor(service)
    assert "18 months" in new.say("how long does the npqh take")["text"]
    assert time.monotonic() - began < SOON
    assert new.say("and how much is it?")["programmes"] == ["NPQH"]
    for visitor, text in (
        (filling, EMAIL),
        (checking, "Yes, send it"),
        (new, "I want to register my interest in NPQH"),
    ):
        began = time.monotonic()
        reply = visitor.say(text)
        assert time.monotonic() - began < SOON
        assert reply["status"] == "error"
        assert CONTACT in reply["text"]
        assert "nothing has been registered" in reply["text"]
        assert not references(reply)
    between = filling.say("how long is it?")
    assert between["status"] == "answered"
    assert "18 months" in between["text"]
    assert not references(checking.say("Yes, send it"))
    assert "cannot be deleted just now" in Visitor(service, filling.token).say("cancel")["text"]
    filling = Visitor(service)  # who starts again
    assert filling.start()["status"] == "error"

    world.database.start()
    assert filling.say("I want to register my interest in NPQH")["asking"] == "name"
    assert "funded" in asking.say("is it funded?")["text"].lower()
    assert asking.replies[-1]["programmes"] == ["NPQH"]
    (first,) = set(references(eventually(checking, "Yes, send it")))
    filling.fill("Bo Berg", "bo@other.example", "skip", "skip", "Not sure yet", "skip", "no")
    (second,) = set(references(filling.say("Yes, send it")))
    assert sorted(row["reference"] for row in world.rows()) == sorted((first, second))
    assert service.process.poll() is None
    counts = {
        name: read(world.database.direct, f"SELECT count(*) FROM {name}")[0][0] for name in ("interests", "consents")
    }
    assert counts == {"interests": 2, "consents": 4}
    assert world.leaks() == []


def test_the_form_goes_on_where_it_was_when_the_database_is_back(world: World) -> None:
    visitor = Visitor(world.start())
    visitor.start()
    visitor.say(NAME)
    world.database.stop()
    key = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    assert visitor.say(EMAIL, key)["status"] == "error"
    world.database.start()
    # The page's "Try again" sends the same message under the same key.
    assert eventually(visitor, EMAIL, key)["asking"] == "role"
    assert world.leaks() == []


def eventually(visitor: Visitor, text: str, key: str = "") -> dict[str, Any]:
    """Say it until it can be answered: a database that comes back is noticed after some seconds."""
    for _ in range(30):
        reply = visitor.say(text, key)
        if reply["status"] != "error":
            return reply
        time.sleep(1)
    raise AssertionError(reply)


def test_started_without_the_database_it_serves_and_saves_once_it_is_there(
    home: Path, postgres: outages.Database, start_service: Callable[..., Service]
) -> None:
    world = World(home, postgres, start_service)
    postgres.stop()
    service = world.start()
    visitor = Visitor(service)
    assert "18 months" in visitor.say("how long does the npqh take")["text"]
    assert visitor.start()["status"] == "error"
    postgres.start()
    assert eventually(visitor, "I want to register my interest in NPQH")["asking"] == "name"
    visitor.fill(NAME, EMAIL, ROLE, SCHOOL, "Autumn 2027", "skip", "no")
    (reference,) = set(references(visitor.say("Yes, send it")))
    assert [row["reference"] for row in world.rows()] == [reference]
    world.kill()
    assert references(Visitor(world.start(), visitor.token).say("Yes, send it")) == [reference]
    assert world.leaks() == []


def test_a_message_sent_again_under_its_key_is_answered_once(world: World) -> None:
    service = world.start()
    visitor = Visitor(service)
    visitor.start()
    with ThreadPoolExecutor(5) as pool:
        replies = list(pool.map(lambda _: Visitor(service, visitor.token).say(NAME, "key-1"), range(5)))
    assert {reply["asking"] for reply in replies} == {"email"}
    assert visitor.say(NAME, "key-1")["asking"] == "email"
    assert visitor.say(EMAIL, "key-2")["asking"] == "role"
    assert visitor.say(ROLE, "key-3")["asking"] == "school"
    assert visitor.say(ROLE, "key-3")["asking"] == "school"
    assert visitor.say("how long is it?", "key-4")["text"] == visitor.say("how long is it?", "key-4")["text"]
    world.kill()
    again = Visitor(world.start(), visitor.token)
    assert again.say(ROLE, "key-3")["asking"] == "school"
    assert again.say(NAME, "key-1")["asking"] == "email"
    assert again.say(SCHOOL, "key-5")["asking"] == "cohort"
    said = read(world.database.direct, "SELECT said FROM turns")
    assert len(said) == 6


def test_a_key_that_is_none_is_refused(service: Service) -> None:
    headers = {"X-NPQ-Session": service.session(), "Idempotency-Key": "x" * 65}
    answer = httpx.post(f"{service.url}/api/messages", json={"text": "hello"}, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_key"


def test_a_turn_whose_visitor_went_away_is_finished_and_not_done_twice(world: World) -> None:
    service = world.start()
    visitor = Visitor(service)
    visitor.start()
    headers = {"X-NPQ-Session": visitor.token, "Idempotency-Key": "key-1"}
    patience = httpx.Timeout(10, read=0.001)  # sent whole, and gone before any answer can come
    with pytest.raises(httpx.TimeoutException):
        httpx.post(f"{service.url}/api/messages", json={"text": NAME}, headers=headers, timeout=patience)
    assert visitor.say(NAME, "key-1")["asking"] == "email"
    assert len(read(world.database.direct, "SELECT said FROM turns")) == 2
    assert world.leaks() == []


def test_who_was_not_told_and_starts_over_is_told_and_not_registered_twice(world: World) -> None:
    service = world.start()
    visitor = Visitor(service)
    visitor.to_the_check()
    (reference,) = set(references(visitor.say("Yes, send it")))  # suppose that this answer was lost
    again = visitor.say("I want to register my interest in NPQH")
    assert references(again) == [reference]
    assert again["asking"] is None
    assert references(visitor.say("I want to register my interest")) == [reference]
    assert visitor.say("I want to register my interest in NPQSL")["asking"] == "name"
    visitor.say("cancel")
    assert visitor.say("register another")["asking"] in ("name", "programme")
    assert len(world.rows()) == 1


def test_after_silence_and_a_restart_it_asks_the_same_again(world: World) -> None:
    visitor = Visitor(world.start())
    visitor.start()
    visitor.fill(NAME, EMAIL)
    world.kill()
    back = Visitor(world.start(), visitor.token)
    for greeting in ("hello", "Hi again!", "where were we?", "is anybody there?", "thanks", "how long is it?"):
        reply = back.say(greeting)
        assert reply["asking"] == "role", reply
        assert "What is your job?" in reply["text"]
    back.fill(ROLE, SCHOOL, "Autumn 2027", "skip", "no")
    assert f"Name: {NAME}" in back.replies[-1]["text"]
    assert references(back.say("Yes, send it"))


@pytest.mark.parametrize(("said", "whole"), [(ROLE, False), ("Yes, send it", True)])
def test_a_form_whose_conversation_was_lost_goes_on_from_what_was_told(world: World, said: str, whole: bool) -> None:
    visitor = Visitor(world.start())
    if whole:
        visitor.to_the_check()
    else:
        visitor.start()
        visitor.fill(NAME, EMAIL)
    world.kill()
    write(world.database.direct, "DELETE FROM events")
    back = Visitor(world.start(), visitor.token)
    lost = back.say(said)  # nobody knows what it answers
    assert "I still have what you told me" in lost["text"]
    assert lost["asking"] == ("confirm" if whole else "role")
    assert (f"Name: {NAME}" in lost["text"]) == whole
    assert world.rows() == []
    if not whole:
        back.fill(ROLE, SCHOOL, "Autumn 2027", PHONE, "No")
    assert references(back.say("Yes, send it"))
    (row,) = world.rows()
    assert (row["name"], row["email"]) == (NAME, EMAIL)
    assert world.leaks() == []


@pytest.mark.parametrize("leave", ["cancel", "please delete my data"])
def test_a_form_whose_conversation_was_lost_can_be_left(world: World, leave: str) -> None:
    visitor = Visitor(world.start())
    visitor.to_the_check()
    write(world.database.direct, "DELETE FROM events")
    world.kill()
    back = Visitor(world.start(), visitor.token)
    assert "deleted what you told me" in back.say(leave)["text"]
    assert read(world.database.direct, "SELECT count(*) FROM drafts")[0][0] == 0
    assert world.rows() == []


def test_an_hour_later_somebody_else_at_the_computer_is_shown_nothing(world: World) -> None:
    service = world.start()
    visitor, done = Visitor(service), Visitor(service)
    visitor.to_the_check()
    done.to_the_check()
    (mine,) = set(references(done.say("Yes, send it")))
    world.kill()
    hour_ago = datetime.now(timezone.utc).replace(year=2026, month=11, day=21) - SESSION - timedelta(minutes=1)
    write(world.database.direct, f"UPDATE drafts SET updated_at = '{hour_ago:%Y-%m-%d %H:%M:%S.%f+00:00}'")
    write(world.database.direct, "DELETE FROM events")  # as after an hour of silence: the conversation begins anew
    service = world.start()
    for one in (visitor, done):
        other = Visitor(service, one.token)
        assert "what you told me" not in other.say("Yes, send it")["text"]
        assert other.start()["asking"] == "name"
        assert CANARIES.findall(json.dumps(other.replies, ensure_ascii=False).casefold()) == []
        assert mine not in json.dumps(other.replies)
    assert len(world.rows()) == 1


def test_a_conversation_ends_when_rasa_ends_it() -> None:
    minutes = yaml.safe_load((PROJECT / "domain.yml").read_text())["session_config"]["session_expiration_time"]
    assert timedelta(minutes=minutes) == SESSION


def test_the_next_person_at_a_shared_computer_sees_nothing_of_it(world: World) -> None:
    service = world.start()
    first = Visitor(service)
    first.to_the_check()
    done = Visitor(service)
    done.to_the_check()
    done.say("Yes, send it")
    after = Visitor(service)
    after.fill("Yes, send it", "what is my name?", "what is my email?", "change my email", "what do you know about me?")
    after.start()
    after.say("Try again")
    texts = "\n".join(json.dumps(reply, ensure_ascii=False) for reply in after.replies).casefold()
    assert CANARIES.findall(texts) == []
    assert not [found for reply in after.replies for found in references(reply) if found.startswith("NPQ")]
    assert len(world.rows()) == 1


@pytest.mark.parametrize("by", ["email", "reference"])
def test_erasing_reaches_drafts_turns_events_and_sessions(world: World, by: str) -> None:
    service = world.start()
    sent, unsent, other = Visitor(service), Visitor(service), Visitor(service)
    sent.to_the_check()
    (reference,) = set(references(sent.say("Yes, send it")))
    unsent.start()
    unsent.fill(NAME, EMAIL)
    other.start()
    other.fill("Bo Berg", "bo@other.example")
    url = world.database.direct
    tables = {"drafts": "session", "turns": "session", "events": "sender_id", "sessions": "conversation"}

    def left(visitor: str) -> dict[str, int]:
        found = {
            name: read(url, f"SELECT count(*) FROM {name} WHERE {column} = '{visitor}'")[0][0]
            for name, column in tables.items()
        }
        return {name: number for name, number in found.items() if number}

    mine, draft, his = (visitor.conversation(url) for visitor in (sent, unsent, other))
    assert set(left(mine)) == set(left(draft)) == set(left(his)) == set(tables)
    world.npq("interest", "erase", "--yes", f"--{by}", EMAIL.upper() if by == "email" else reference)
    assert left(mine) == {}
    assert set(left(his)) == set(tables)
    if by == "email":
        assert left(draft) == {}
    assert world.rows() == []
    # Who writes on in an erased chat is told that it has ended, and nothing of it comes back.
    answer = service.say(sent.token, "hello")
    assert answer.json()["error"]["code"] == "session_unknown"
    assert left(mine) == {}


def test_a_draft_older_than_a_day_is_purged_and_never_sent(world: World) -> None:
    visitor = Visitor(world.start())
    visitor.to_the_check()
    url = world.database.direct
    write(url, "UPDATE drafts SET updated_at = '2026-11-19 00:00:00+00:00'")
    late = visitor.say(f"the name should be {NAME}")
    assert "left for too long" in late["text"]
    assert not references(visitor.say("Yes, send it"))
    assert read(url, "SELECT count(*) FROM drafts")[0][0] == 1
    world.npq("interest", "purge", "--yes")
    assert read(url, "SELECT count(*) FROM drafts")[0][0] == 0
    assert world.rows() == []
    assert world.leaks() == []
