"""A school named inside a sentence is noticed; an ordinary sentence names none."""

import re
from pathlib import Path

import pytest
from schools_files import register_of, row

from guidance.schools import Register

PROJECT = Path(__file__).resolve().parents[2]
NAMES = [
    "The Aldgate School", "St Mary's Primary School", "St Mary's Primary School", "Manor Primary School",
    "Trinity Academy", "The Village School", "Hope School", "Forest School", "Small School", "Primary School",
    "Leeds Secondary School", "The New School", "Progress Academy", "Leadership Academy", "London Academy",
    "Time School", "Literacy School", "Head Start School", "St John the Baptist Catholic Primary School",
    "Local School", "City of London School for Girls", "High School", "Early Years Centre", "Nursery School",
    "Ark Academy", "Stow-on-the-Wold Primary School", "English Martyrs' Catholic Primary School",
    "Board School", "Oak Tree Primary School",
]  # fmt: skip
PLACES = ["Hackney", "Leeds"]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """Schools with real names, and with names made of ordinary words to trip over."""
    rows = [row(100000 + n, name, la=PLACES[n % 2], town=PLACES[n % 2]) for n, name in enumerate(NAMES)]
    rows[0]["Postcode"] = "EC3A 5DE"
    return register_of(tmp_path_factory.mktemp("register"), rows)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'm at The Aldgate School and want NPQH", "The Aldgate School"),
        ("we're The Aldgate School urn 100000", "The Aldgate School"),
        ("what about urn 100000?", "The Aldgate School"),
        ("postcode EC3A 5DE", "The Aldgate School"),
        ("my school is st marys primary in hackney", "St Mary's Primary School"),
        ("I am head of manor primary, can I get NPQEL funded?", "Manor Primary School"),
        ("im a senco at mannor primary school", "Manor Primary School"),
        ("Hi, I teach at Trinity Academy, Hackney and never had funding", "Trinity Academy"),
        ("actually I moved to St. John the Baptist RC Primary School last year", NAMES[18]),
        ("I work at the City of London School for Girls", "City of London School for Girls"),
        ("I work at The Village School", "The Village School"),
        ("I work at the village school in Leeds", "The Village School"),
        ("MANOR PRIMARY SCHOOL", "Manor Primary School"),
        ("I teach in stow on the wold primary", "Stow-on-the-Wold Primary School"),
        ("deputy at English Martyrs RC primary", "English Martyrs' Catholic Primary School"),
        ("Is Ark Academy on the list?", "Ark Academy"),
    ],
)
def test_a_named_school_is_noticed(register: Register, text: str, name: str) -> None:
    found = register.mentioned(text)
    assert found.one is not None, found
    assert found.one.name == name


def test_a_name_that_several_have_is_to_be_asked_about(register: Register) -> None:
    found = register.mentioned("I work at St Mary's Primary School")
    assert (found.ambiguous, found.total) == (True, 2)
    two = register.mentioned("I left Manor Primary School for Trinity Academy")
    assert (two.ambiguous, {school.name for school in two.schools}) == (
        True,
        {"Manor Primary School", "Trinity Academy"},
    )


def test_a_school_elsewhere_of_that_name_is_not_taken_for_it(register: Register) -> None:
    found = register.mentioned("I work at Manor Primary School in Hackney")
    assert [school.la for school in found.schools] == ["Leeds"]
    assert found.ambiguous


@pytest.mark.parametrize(
    "text",
    [
        "I'm at a primary school",
        "our school is small",
        "I work at an academy",
        "I am head of school",
        "I lead literacy at a secondary school in Leeds",
        "state secondary in Leeds, never had funding, want NPQH",
        "actually we're an academy trust",
        "I hope school leaders get funding",
        "we do forest school on Fridays",
        "I'm at the local school",
        "is the study in school time",
        "I work in a London academy",
        "a Leeds secondary school",
        "I work for Trinity Academy Trust",
        "Manor Park Primary School",
        "I teach high school maths",
        "head of a small village school",
        "early years teacher in a nursery school",
        "our budget is 100003 pounds for the school",
        "the school had 100003 visitors",
        "I started on 10112026",
        "manor",
        "who goes to school board meetings",
        "I work at Oak Primary School",
    ],
)
def test_ordinary_sentences_name_no_school(register: Register, text: str) -> None:
    assert register.mentioned(text).schools == ()


def test_the_questions_people_ask_name_no_school(register: Register) -> None:
    questions = {
        re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", match[1])
        for path in (PROJECT / "data" / "nlu").glob("*.yml")
        for match in re.finditer(r"^\s+- (.+)$", path.read_text(encoding="utf-8"), re.M)
    }
    assert len(questions) > 1000
    assert {text: found.schools for text in questions if (found := register.mentioned(text)).schools} == {}
