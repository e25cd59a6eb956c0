"""The school someone names when asked which: by number, postcode or name, sure or to be asked about."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schools_files import SHARED, TODAY, register_of, row

from guidance.schools import Found, Register, import_file

ROWS = [
    row(100000, "The Aldgate School", la="City of London", town="London", postcode="EC3A 5DE", ukprn="10079319"),
    row(100001, "Park Primary School"),
    row(100002, "Park Primary School", la="Kent", town="Dover"),
    row(100003, "Hyde Park Primary School"),
    row(100004, "St Mary's Church of England Primary School", kind="3", la="Hackney", town="London"),
    row(100005, "St Mary's Catholic Primary School", la="Hackney", town="London"),
    row(100006, "St Mary's CofE Primary School", kind="3", la="Kent", town="Dover"),
    row(100007, "Netley Primary School & Centre for Autism", la="Camden", postcode="NW1 3EX"),
    row(100008, "Camden Pupil Referral Unit", la="Camden", phase="Not applicable", postcode="NW1 3EX"),
    row(100009, "Kingsgate Junior School", la="Camden", closed="31-08-2000"),
    row(100010, "Fitzjohn's Academy", la="Camden", kind="34"),
    row(100011, "Fitzjohn's Primary School", la="Camden", closed="31-08-2019"),
    row(100012, "Christ Church Primary School, Hampstead", la="Camden"),
    row(100013, "Saint Saviour and St Olave's School", phase="Secondary", la="Southwark"),
    row(100014, "The Bishop of Hereford's Bluecoat School", phase="Secondary", la="Herefordshire"),
    row(100015, "Dunn Street School", la="Jarrow"),
    row(100016, "Oak Primary School"),
    row(100017, "Oak Church of England Primary School", kind="3"),
]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return register_of(tmp_path_factory.mktemp("register"), ROWS)


def urns(found: Found) -> list[str]:
    return [school.urn for school in found.schools]


@pytest.mark.parametrize(
    ("text", "urn", "how"),
    [
        ("100000", "100000", "urn"),
        ("our URN is 100000.", "100000", "urn"),
        ("10079319", "100000", "ukprn"),
        ("EC3A 5DE", "100000", "postcode"),
        ("ec3a5de", "100000", "postcode"),
        ("netley primary nw1  3ex", "100007", "postcode"),
        ("The Aldgate School", "100000", "name"),
        ("aldgate", "100000", "name"),
        ("ALDGTE SCHOOL", "100000", "name"),
        ("it's the aldgate school in London", "100000", "name"),
        ("Park Primary, Leeds", "100001", "name"),
        ("park prim dover", "100002", "name"),
        ("Park Primary School in Kent", "100002", "name"),
        ("hyde park", "100003", "name"),
        ("Saint Marys C of E primary, Hackney", "100004", "name"),
        ("st. mary's C.E. primary school hackney", "100004", "name"),
        ("St Marys Roman Catholic Primary", "100005", "name"),
        ("netley primary and center for autism", "100007", "name"),
        ("Camden PRU", "100008", "name"),
        ("kingsgate juniors", "100009", "name"),
        ("Fitzjohns", "100010", "name"),
        ("christ church hampstead", "100012", "name"),
        ("St Saviour & Saint Olaves", "100013", "name"),
        ("bishop of herefords blue coat", None, "none"),
        ("bishop herford's bluecoat", "100014", "name"),
    ],
)
def test_what_is_clearly_meant(register: Register, text: str, urn: str | None, how: str) -> None:
    found = register.find(text)
    assert (found.one.urn if found.one else None, found.how) == (urn, how), urns(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Park Primary", ["100001", "100002"]),
        ("st marys c of e primary", ["100004", "100006"]),
        ("oak primary", ["100016", "100017"]),  # people leave out what kind of school it is
        ("st mary's", ["100004", "100005", "100006"]),
        ("NW1 3EX", ["100007", "100008"]),
        ("100000 or 100001", ["100000", "100001"]),
    ],
)
def test_several_are_asked_about(register: Register, text: str, expected: list[str]) -> None:
    found = register.find(text)
    assert found.ambiguous
    assert found.one is None
    assert sorted(urns(found)) == expected
    assert found.total == len(expected)


def test_a_doubtful_one_is_asked_about(register: Register) -> None:
    assert register.find("hyde primary").ambiguous  # a word of its name is missing
    assert not register.find("dunno").sure


@pytest.mark.parametrize(
    "text",
    ["", " ", "a primary school in Camden", "no idea", "999999", "10099999", "ZZ1 1ZZ", "St Hilda's, Leeds", '"', "%"],
)
def test_nothing_rather_than_a_guess(register: Register, text: str) -> None:
    assert register.find(text).schools == ()


def test_a_closed_school_is_found_and_known_to_be_closed(register: Register) -> None:
    school = register.find("100009").one
    assert school is not None
    assert school.closed
    assert school.close_date is not None
    assert school.close_date.isoformat() == "2000-08-31"


def test_more_than_five_are_not_listed(tmp_path: Path) -> None:
    register = register_of(tmp_path, [row(100000 + n, "Manor School", la=f"Town {n}") for n in range(30)])
    found = register.find("manor school")
    assert (len(found.schools), found.total, found.sure) == (5, 30, False)


@given(st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_it(register: Register, text: str) -> None:
    for found in (register.find(text), register.mentioned(text)):
        assert len(found.schools) <= 5
        assert found.one in (None, *found.schools)
    assert register.broken is None


@pytest.mark.skipif(not SHARED.exists(), reason="DfE's files are not beside the project")
def test_every_published_school_is_found_by_its_own_name_number_and_postcode(tmp_path: Path) -> None:
    import_file(SHARED / "gias_sample.csv", tmp_path, TODAY)
    register = Register(tmp_path / "schools.db")
    schools = register.schools("1", ())
    assert len(schools) == 99
    for school in schools:
        assert register.find(school.urn).one == school
        assert school in register.find(school.name).schools, school.name
        assert school in register.find(f"{school.name.lower()}, {school.la}").schools, school.name
        if school.postcode:
            assert school in register.find(school.postcode.replace(" ", "").lower()).schools
