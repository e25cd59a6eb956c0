"""What a school means for the funding rules, by its type and by the lists of that intake."""

from pathlib import Path

import pytest
from schools_files import SHARED, TODAY, register_of, row

from guidance import knowledge
from guidance.schools import (
    Register,
    School,
    checks,
    import_file,
    last_known,
    ofsted_checks,
    ofsted_number,
    situation_of,
)

ROWS = [
    row(100000, "Manor Primary School"),
    row(100001, "Oak College", kind="18", ukprn="10000599"),
    row(100002, "Elm Nursery School", kind="15", phase="Nursery"),
    row(100003, "Ash School", kind="11"),
    row(402000, "Ysgol Fawr", kind="30", la="Cardiff"),
    row(100005, "Barracks School", kind="3", la="BFPO Overseas Establishments"),
    row(100006, "New College", kind="18", ukprn=""),
    row(100007, "Holly Academy", kind="34"),
    row(100008, "The British School", kind="37", la=""),
]
LISTS = """list,identifier_type,identifier
pp50_school,urn,100000
pp50_school,urn,100001
pp50_16_19,ukprn,10000599
rise_school,urn,100003
la_nursery,urn,100002
childminder,ofsted_urn,EY123456
"""
PERSON = {"previously_funded": False, "new_headteacher": False}


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """Schools, and the lists of autumn 2025."""
    register_of(tmp_path, ROWS)
    (tmp_path / "lists_autumn_2025.csv").write_text(LISTS)
    import_file(tmp_path / "lists_autumn_2025.csv", tmp_path, TODAY)
    return Register(tmp_path / "schools.db")


def school(register: Register, urn: int) -> School:
    found = register.school(str(urn))
    assert found is not None
    return found


def decided(register: Register, urn: int, course: str, cohort: str) -> tuple[str | None, tuple[str, ...]]:
    known = knowledge.current()
    situation = situation_of(school(register, urn), register, known, cohort)
    decision = known.funding.decide({**situation, **PERSON, "course": course})
    assert decision.error is None
    return decision.code, decision.needs


@pytest.mark.parametrize(
    ("urn", "course", "code"),
    [
        (100000, "NPQLL", "funded"),
        (100007, "NPQLL", "ineligible_establishment_not_a_pp50"),
        (100007, "NPQH", "funded"),
        (100001, "NPQEL", "funded"),
        (100003, "NPQH", "funded"),  # RISE comes before the type
        (402000, "NPQH", "not_in_england"),
        (100005, "NPQH", "not_in_england"),
        (100008, "NPQH", "not_in_england"),
    ],
)
def test_the_outcome_with_the_lists_of_the_intake(register: Register, urn: int, course: str, code: str) -> None:
    assert decided(register, urn, course, "autumn_2025") == (code, ())


def test_without_the_lists_of_the_intake_it_asks(register: Register) -> None:
    assert decided(register, 100000, "NPQLL", "autumn_2026") == (None, ("on_rise_list", "on_pp50_list"))
    assert decided(register, 100000, "NPQH", "autumn_2026") == ("funded", ())


def test_the_list_of_an_earlier_intake_is_only_a_hint(register: Register) -> None:
    found = checks(school(register, 100000), register, "autumn_2026")
    assert last_known(found) == found
    assert [(one.input, one.intake, one.on) for one in found] == [
        ("on_pp50_list", "autumn_2025", True),
        ("on_rise_list", "autumn_2025", False),
    ]
    assert found[0].title == "disadvantage list of schools (PP50), autumn 2025"
    assert checks(school(register, 100000), register, "spring_2025") == ()


def test_the_newest_list_up_to_the_intake_counts(register: Register, tmp_path: Path) -> None:
    (tmp_path / "rise_autumn_2026.csv").write_text("RISE School URN\n100000\n")
    import_file(tmp_path / "rise_autumn_2026.csv", tmp_path, TODAY)
    newer = Register(tmp_path / "schools.db")
    found = {one.list: (one.intake, one.on, one.current) for one in checks(school(newer, 100000), newer, "autumn_2026")}
    assert found == {"pp50_school": ("autumn_2025", True, False), "rise_school": ("autumn_2026", True, True)}
    assert [(one.list, one.intake) for one in newer.lists_for(school(newer, 100000))] == [
        ("rise_school", "autumn_2026"),
        ("pp50_school", "autumn_2025"),
    ]


def test_a_sixteen_to_nineteen_setting_is_looked_up_by_ukprn(register: Register) -> None:
    college = school(register, 100001)
    [check, *_] = checks(college, register, "autumn_2025")
    assert (check.list, check.on) == ("pp50_16_19", True)
    [check, *_] = checks(college, register, "autumn_2025", "school")  # its school is on the other list
    assert (check.list, check.on) == ("pp50_school", True)
    unnumbered = situation_of(school(register, 100006), register, knowledge.current(), "autumn_2025")
    assert "on_pp50_list" not in unnumbered  # no UKPRN: not known, rather than no


def test_a_nursery_school_is_asked_how_it_registers(register: Register) -> None:
    found = situation_of(school(register, 100002), register, knowledge.current(), "autumn_2025")
    assert "work_setting" not in found
    assert (found["la_nursery_school"], found["on_la_nursery_list"]) == (True, True)
    assert "on_la_nursery_list" not in situation_of(
        school(register, 100002), register, knowledge.current(), "autumn_2026"
    )


def test_an_ofsted_number_is_looked_up_on_the_childminders_list(register: Register) -> None:
    assert ofsted_number("my ofsted number is ey123456 thanks") == "EY123456"
    assert ofsted_number("2612345") == "2612345"
    assert ofsted_number("I have none") is None
    [check] = ofsted_checks("EY123456", register, "autumn_2025")
    assert (check.input, check.on, check.current) == ("on_childminder_list", True, True)
    [check] = ofsted_checks("2612345", register, "autumn_2025")
    assert check.on is False
    assert register.on_list("childminder", "EY123456", "autumn_2026") is None


@pytest.mark.parametrize("cohort", ["autumn_2025", "spring_2026", "autumn_2026"])
@pytest.mark.skipif(not SHARED.exists(), reason="DfE's files are not beside the project")
def test_every_published_school_gives_a_situation_the_rules_take(tmp_path: Path, cohort: str) -> None:
    for name in ("gias_sample.csv", "funding_lists_autumn_2025.csv"):
        import_file(SHARED / name, tmp_path, TODAY)
    register, known = Register(tmp_path / "schools.db"), knowledge.current()
    for one in register.schools("1", ()):
        decision = known.funding.decide({**situation_of(one, register, known, cohort), **PERSON, "course": "NPQLL"})
        assert decision.error is None
        assert one.in_england == (one.type_code != "30")
        if cohort == "autumn_2025" and one.type_code != "15":
            assert decision.needs == ()
