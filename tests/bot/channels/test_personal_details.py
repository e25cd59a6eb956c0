"""Personal details typed outside the interest form: not kept anywhere, and the visitor is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from actions.privacy import LEFT_OUT
from tests.bot.channels.pages import Page
from tests.conftest import Service

QUESTION = "how long does the npqh take"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service has its database."""
    return tmp_path_factory.mktemp("personal")


@pytest.fixture(scope="module")
def page_of(start_service: Callable[..., Service], home: Path) -> Callable[[], Page]:
    """New visitors of a service with a database of its own."""
    service = start_service(NPQ_DATABASE_URL=f"sqlite:///{home / 'npq.db'}")
    return lambda: Page(service)


@pytest.mark.parametrize(
    ("typed", "canary", "kinds", "words"),
    [
        ("{question}, email quillfeather@canary.example", "quillfeather", ["email"], "the email address you typed"),
        ("my mobile is 07700 900471, {question}", "900471", ["phone"], "the phone number you typed"),
        ("{question} my card is 4012 8888 8888 1881", "8888 1881", ["card"], "the card number you typed"),
        ("QQ 47 11 47 C is my ni number. {question}", "47 11 47", ["ni_number"], "the National Insurance number"),
        ("{question} 07700 900472 or ostrich@canary.example", "900472", ["email", "phone"], "address and phone number"),
    ],
)
def test_details_are_left_out_and_the_question_is_answered(
    page_of: Callable[[], Page], home: Path, typed: str, canary: str, kinds: list[str], words: str
) -> None:
    page = page_of()
    reply = page.say(typed.format(question=QUESTION), "k1")
    assert reply["masked"] == kinds
    assert words in reply["messages"][0]
    assert "18 months" in reply["text"]
    assert reply["status"] == "answered"
    kept = page.events()[0]
    assert QUESTION in kept["said"]
    assert LEFT_OUT in kept["said"]
    stored = b"".join(path.read_bytes() for path in home.iterdir())
    assert canary.encode() not in stored
    assert canary.replace(" ", "").encode() not in stored
    assert canary not in page.service.log.read_text()
    assert page.say(typed.format(question=QUESTION), "k1")["masked"] == kinds


@pytest.mark.parametrize(
    "typed",
    [
        "is school 123456 on the list", "can I start in 2026/27", "it starts on 01/09/2026?", "does it cost £1 200 000",
        "my reference is NPQ-7K4M-Q2XP",
    ],
)  # fmt: skip
def test_other_numbers_are_kept(page_of: Callable[[], Page], typed: str) -> None:
    page = page_of()
    assert page.say(typed)["masked"] == []
    assert page.events()[0]["said"] == typed


def test_the_form_takes_details_without_a_word(page_of: Callable[[], Page], home: Path) -> None:
    page = page_of()
    opening = page.say("I want to register my interest in NPQH, my email is kestrel@canary.example")
    assert opening["masked"] == []
    assert opening["asking"] is not None
    assert "not kept" not in opening["text"]
    while (asked := opening["asking"]) != "confirm":
        answers = {"name": "Zoe Kestrel", "role": "head of year", "cohort": "Autumn 2027", "phone": "07700 900473",
                   "school": "Kestrel Hall School", "marketing": "No"}  # fmt: skip
        opening = page.say(answers[asked], f"key-{asked}")
        assert opening["masked"] == []
        assert "not kept" not in opening["text"]
    assert "kestrel@canary.example" in opening["text"]
    assert page.events()[-1]["messages"] == opening["messages"]  # the page that asks again can show it too
    stored = b"".join(path.read_bytes() for path in home.iterdir()).lower()
    assert b"kestrel" not in stored
    assert b"900473" not in stored


def test_a_name_outside_the_form_is_left_out_with_its_message(page_of: Callable[[], Page], home: Path) -> None:
    page = page_of()
    page.say("My name is Zoe Peregrine and my mobile is 07700 900474. How long is NPQH?")
    assert page.events()[0]["said"] == LEFT_OUT
    assert b"peregrine" not in b"".join(path.read_bytes() for path in home.iterdir()).lower()


def test_somebody_in_need_is_not_told_about_numbers(page_of: Callable[[], Page]) -> None:
    reply = page_of().say("I want to kill myself, call me on 07700 900475")
    assert reply["status"] == "crisis"
    assert reply["masked"] == ["phone"]
    assert "not kept" not in reply["text"]


def start_again(service: Service, file: Path, start: Callable[..., Service]) -> Service:
    """The service after a crash in which none of its turns had reached the disk."""
    service.process.kill()
    service.process.wait()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM events")
    return start(NPQ_DATABASE_URL=f"sqlite:///{file}")


def test_an_answer_to_a_form_that_an_outage_made_forgotten_is_left_out(
    start_service: Callable[..., Service], tmp_path: Path
) -> None:
    file = tmp_path / "npq.db"
    service = start_service(NPQ_DATABASE_URL=f"sqlite:///{file}")
    page = Page(service)
    page.say("I want to register my interest in NPQH")
    page.say("Zoe Whimbrel")
    page.service = start_again(page.service, file, start_service)
    lost = page.say("Whimbrel Sands Primary School")  # for which question, nobody knows: asked again, and not taken
    assert "I still have what you told me" in lost["text"]
    assert lost["asking"] == "email"
    page.say("how long is npqh?")
    said = [turn["said"] for turn in page.events()]
    assert said[-2:] == [LEFT_OUT, "how long is npqh?"]
    assert b"whimbrel" not in b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()


def test_a_late_answer_to_a_sent_form_that_a_crash_made_forgotten_is_left_out(
    start_service: Callable[..., Service], tmp_path: Path
) -> None:
    file = tmp_path / "npq.db"
    service = start_service(NPQ_DATABASE_URL=f"sqlite:///{file}")
    page = Page(service)
    page.say("I want to register my interest in NPQH, I am Zoe Dotterel, dotterel@canary.example")
    for text in ("Head", "Dotterel Primary School", "Autumn 2027", "Skip", "No"):
        reply = page.say(text)
    assert reply["asking"] == "confirm"
    assert "NPQ-" in page.say("Yes, send it")["text"]
    page.service = start_again(page.service, file, start_service)
    assert page.say("Dotterel Primary School")["status"] == "out_of_scope"
    page.say("how long is npqh?")
    assert [turn["said"] for turn in page.events()][-2:] == [LEFT_OUT, "how long is npqh?"]
    assert b"dotterel" not in b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()
