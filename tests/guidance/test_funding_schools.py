"""The funding check with a register of schools and DfE's lists loaded, and without them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_conversation import TODAY, say
from test_funding_dialogue import walk

from guidance.schools import import_file

HEADER = (
    "URN,EstablishmentName,TypeOfEstablishment (code),TypeOfEstablishment (name),EstablishmentStatus (name),"
    "PhaseOfEducation (name),LA (name),Postcode,UKPRN,OpenDate,CloseDate"
)
REGISTER = f"""{HEADER}
900001,Willow Lane Primary School,1,Community school,Open,Primary,Leeds,LS1 1AA,10000001,,
900002,St Hilda's Church of England Primary School,2,Voluntary aided school,Open,Primary,Leeds,LS2 2BB,10000002,,
900003,St Hilda's Church of England Primary School,2,Voluntary aided school,Open,Primary,Kent,ME1 1AA,10000003,,
900004,Fairmount College,11,Other independent school,Open,Not applicable,Surrey,GU1 1AA,10000004,,
900005,Old Mill School,1,Community school,Closed,Primary,Leeds,LS3 3CC,10000005,,31-08-2019
"""
SETTING = "A state-funded school or academy in England"


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a small register and the lists of autumn 2026."""
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    register = tmp_path / "register.csv"
    register.write_text(REGISTER, encoding="utf-8")
    lists = tmp_path / "lists.csv"
    lists.write_text(
        "list,identifier_type,identifier\npp50_school,urn,900001\nrise_school,urn,900009\n", encoding="utf-8"
    )
    import_file(register, home=tmp_path, today=TODAY)
    import_file(lists, home=tmp_path, today=TODAY, year="autumn 2026")
    return tmp_path


@pytest.mark.parametrize("named", ["Willow Lane Primary", "900001", "ls11aa", "willow lane primary school, leeds"])
def test_a_name_urn_or_postcode_finds_the_school_and_the_lists_decide(loaded: Path, named: str) -> None:
    answers, _ = walk("check my funding", "NPQLT", SETTING, named, "no")
    assert [item.asking for item in answers] == ["programme", "setting", "school", "funded_before", None]
    end = answers[-1].text
    assert "allow a scholarship for NPQLT" in end
    assert "Willow Lane Primary School, Leeds (community school)" in end
    assert "autumn 2026" in end


def test_a_school_that_is_on_no_list_is_not_funded_for_listed_courses(loaded: Path) -> None:
    answers, _ = walk("check my funding", "NPQLT", SETTING, "900002")
    assert "no scholarship for NPQLT" in answers[-1].text
    assert "not on DfE's disadvantage list" in answers[-1].text


def test_two_schools_of_one_name_are_told_apart_by_place_and_phase(loaded: Path) -> None:
    answers, context = walk("check my funding", "NPQLT", SETTING, "St Hilda's C of E primary")
    which = answers[-1]
    assert which.asking == "which_school"
    titles = [button.title for button in which.buttons]
    assert any("Leeds" in title and "primary" in title for title in titles)
    assert any("Kent" in title for title in titles)
    reply, _ = say(which.buttons[0].payload, "nlu_fallback", context)
    assert reply.asking != "which_school"
    left, _ = say("None of these", "nlu_fallback", context)
    assert left.asking == "lists"


def test_naming_the_school_in_a_sentence_is_enough(loaded: Path) -> None:
    answer, context = say("I'm at Willow Lane Primary School", "nlu_fallback")
    assert answer.asking == "programme"
    reply, _ = say("NPQH", "follow_up", context, programmes=("NPQH",))
    assert reply.asking == "funded_before"


def test_the_setting_question_takes_a_school_too(loaded: Path) -> None:
    answers, _ = walk("check my funding", "NPQEL", "Fairmount College in Surrey")
    assert "no scholarship for NPQEL" in answers[-1].text
    assert "other independent school" in answers[-1].text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("900005", "closed on 31 August 2019"),
        ("999999", "no school with that URN"),
        ("Nowhere High", "no school by that name"),
    ],
)
def test_closed_and_unknown_schools_are_explained(loaded: Path, typed: str, words: str) -> None:
    answers, _ = walk("check my funding", "NPQLT", SETTING, typed)
    assert words in answers[-1].text
    assert answers[-1].asking == "school"


def test_nobody_has_to_name_their_school(loaded: Path) -> None:
    answers, _ = walk("check my funding", "NPQLT", SETTING, "I would rather not say", "It is on neither list")
    assert answers[3].asking == "lists"
    assert "no scholarship" in answers[-1].text


def test_an_older_list_is_a_hint_and_never_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    lists = tmp_path / "lists.csv"
    lists.write_text("list,identifier_type,identifier\npp50_school,urn,900001\n", encoding="utf-8")
    import_file(tmp_path / "register.csv", home=tmp_path, today=TODAY)
    import_file(lists, home=tmp_path, today=TODAY, year="autumn 2025")
    answers, _ = walk("check my funding", "NPQLT", SETTING, "900001")
    assert answers[-1].asking == "lists"
    assert "is on the" in answers[-1].text
    assert "autumn 2025" in answers[-1].text
    assert "not loaded here" in answers[-1].text


def test_without_a_register_it_asks_and_says_how_dfe_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    answers, _ = walk("check my funding", "NPQLT", "Willow Lane Primary School", "yes")
    assert [item.asking for item in answers[1:]] == ["setting", "state_funded", "lists"]
    assert "DfE checks them" in answers[-1].messages[0]


def test_a_wrong_school_is_put_right(loaded: Path) -> None:
    answers, _ = walk("check my funding", "NPQLT", SETTING, "900002", "wrong school", "900001", "no")
    assert answers[-3].asking in ("setting", "school")
    assert "allow a scholarship" not in answers[-3].text
