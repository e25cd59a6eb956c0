"""What is taken, what is refused, and that a refused or killed import changes nothing."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schools_files import COLUMNS, SHARED, TODAY, extract, row

from guidance.schools import ImportRefused, Register, import_file

PROJECT = Path(__file__).resolve().parents[2]


def csv_file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def loaded(home: Path) -> dict[tuple[str, str], int]:
    return {(one.kind, one.intake): one.rows for one in Register(home / "schools.db").loaded}


def fingerprint(home: Path) -> str:
    return hashlib.sha256((home / "schools.db").read_bytes()).hexdigest()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A store with one list and one school."""
    folder = tmp_path / "home"
    import_file(csv_file(tmp_path, "pp50_autumn_2025.csv", "PP50 School URN\n100000\n100006\n"), folder, TODAY)
    import_file(extract(tmp_path / "gias.csv", [row(100000, "Manor Primary School")]), folder, TODAY)
    return folder


@pytest.mark.skipif(not SHARED.exists(), reason="DfE's files are not beside the project")
def test_the_published_files_load(tmp_path: Path) -> None:
    import_file(SHARED / "gias_sample.csv", tmp_path, TODAY)
    import_file(SHARED / "funding_lists_autumn_2025.csv", tmp_path, TODAY)
    assert loaded(tmp_path) == {
        ("gias", ""): 99,
        ("pp50_school", "autumn_2025"): 11152,
        ("pp50_16_19", "autumn_2025"): 1184,
        ("la_nursery", "autumn_2025"): 379,
        ("rise_school", "autumn_2025"): 367,
    }
    register = Register(tmp_path / "schools.db")
    assert register.on_list("pp50_school", "100000", "autumn_2025") is True
    assert register.on_list("pp50_school", "100001", "autumn_2025") is False
    assert register.on_list("pp50_school", "100000", "autumn_2026") is None


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("PP50 School URN\n100000\n", "pp50_school", "100000"),
        ("pp50  school_urn\r\n100000\r\n", "pp50_school", "100000"),
        ("\ufeffRISE School URN,School name\n112543,Somewhere\n,\n", "rise_school", "112543"),
        ("FE UKPRN\n10000599\n", "pp50_16_19", "10000599"),
        ("LA nursery URN\n112470\n", "la_nursery", "112470"),
        ("Childminder URN\nCA000006\ney248638\n225540\n2612345\n", "childminder", "EY248638"),
        ("Childminder URN,Ofsted URN\nCA000006,nonsense\n", "childminder", "CA000006"),
        ("Disadvantaged EY School URN,Ofsted URN\n150014,\n531156,EY555509\n", "disadvantaged_early_years", "EY555509"),
        ("list,identifier_type,identifier\nrise_school,urn,112543\n", "rise_school", "112543"),
        ("List,Identifier type,Identifier\nchildminder,ofsted_urn,EY248638\n", "childminder", "EY248638"),
    ],
)
def test_each_form_is_recognised_by_its_columns(tmp_path: Path, text: str, kind: str, number: str) -> None:
    sources = import_file(csv_file(tmp_path, "list.csv", text), tmp_path, TODAY, "Autumn 2026")
    assert [(one.kind, one.intake) for one in sources] == [(kind, "autumn_2026")]
    assert Register(tmp_path / "schools.db").on_list(kind, number, "autumn_2026") is True


def test_an_ofsted_number_alone_goes_by_the_file_name(tmp_path: Path) -> None:
    [source] = import_file(
        csv_file(tmp_path, "childminders_autumn_2026.csv", "Ofsted URN\nEY248638\n"), tmp_path, TODAY
    )
    assert source.kind == "childminder"
    with pytest.raises(ImportRefused, match="Childminder URN"):
        import_file(csv_file(tmp_path, "list_autumn_2026.csv", "Ofsted URN\nEY248638\n"), tmp_path, TODAY)


def test_a_list_replaces_the_same_list_of_the_same_intake_only(tmp_path: Path, home: Path) -> None:
    path = csv_file(tmp_path, "new.csv", "PP50 School URN\n100001\n100001\n")
    import_file(path, home, TODAY, "autumn 2026")
    [source] = import_file(path, home, TODAY, "autumn 2025")
    assert (source.rows, source.duplicates) == (1, 1)
    assert loaded(home) == {("gias", ""): 1, ("pp50_school", "autumn_2025"): 1, ("pp50_school", "autumn_2026"): 1}
    assert Register(home / "schools.db").on_list("pp50_school", "100000", "autumn_2025") is False


def test_a_new_extract_replaces_all_schools_and_keeps_the_lists(tmp_path: Path, home: Path) -> None:
    import_file(extract(tmp_path / "new.csv", [row(100002, "Oak Primary School")]), home, TODAY)
    register = Register(home / "schools.db")
    assert register.school("100000") is None
    assert not register.find("Manor Primary School").schools
    assert register.find("Oak Primary School").sure
    assert ("pp50_school", "autumn_2025") in loaded(home)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_an_extract_in_the_encodings_dfe_uses(tmp_path: Path, encoding: str) -> None:
    rows = [row(100000, "Caf\u00e9 Primary \u2013 School"), row(100001, "T\u00f4 Bach"), row(100001, "T\u00f4 Bach")]
    [source] = import_file(extract(tmp_path / "gias.csv", rows, encoding), tmp_path, TODAY)
    assert (source.rows, source.duplicates) == (2, 1)
    school = Register(tmp_path / "schools.db").find("cafe primary").one
    assert school is not None
    assert school.name == "Caf\u00e9 Primary \u2013 School"


HEAD = "PP50 School URN,Name\n"
SCHOOLS = ",".join(COLUMNS) + "\n"
GOOD = "100000,A,1,Community school,Open,Primary,Leeds,LS1 1AB,10000001,,Leeds\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["list.csv:1", "empty"]),
        ("Some,Columns\n1,2\n", ["list.csv:1", "`Some`", "PP50 School URN", "FE UKPRN", "EstablishmentName"]),
        ("PP50 Schol URN\n100000\n", ["Did you mean `PP50 School URN`?"]),
        (HEAD, ["no rows"]),
        (HEAD + "100000,a\n10000,b\n", ["list.csv:3", "PP50 School URN", "`10000`", "6 digits"]),
        (HEAD + "100000,a\nabc,b\n", ["list.csv:3", "`abc`"]),
        (HEAD + "100000,a\n,b\n", ["list.csv:3", "PP50 School URN", "empty"]),
        (HEAD + "100000,a\n100001\n", ["list.csv:3", "1 values where the header has 2", "cut off"]),
        (HEAD + '100000,a\n100001,"b\n', ["list.csv:3", "no CSV"]),
        (HEAD + "\u0661\u0660\u0660\u0660\u0660\u0660,a\n", ["list.csv:2", "6 digits"]),
        ("PP50 School URN,RISE School URN\n100000,100001\n", ["several lists", "One list a file"]),
        ("list,identifier_type,identifier\npp50,urn,100000\n", ["list.csv:2", "list", "pp50_school"]),
        ("list,identifier_type,identifier\npp50_school,ukprn,10000599\n", ["identifier_type", "`urn`"]),
        (b"PK\x03\x04rest", ["workbook"]),
        (HEAD.encode("utf-16"), ["UTF-16"]),
        (HEAD.encode() + b"100000,\x00\n", ["list.csv:2", "not text"]),
        (HEAD.encode() + b"100000,\x81\n", ["list.csv:2", "Windows-1252"]),
        ("URN,EstablishmentName\n100000,A\n", ["lacks", "`TypeOfEstablishment (code)`"]),
        (SCHOOLS + GOOD.replace("LS1 1AB,10000001", "LS1 1AB,1000"), ["list.csv:2", "UKPRN", "8 digits"]),
        (SCHOOLS + GOOD + GOOD.replace("100000,A", "1000,A"), ["list.csv:3", "URN"]),
        (SCHOOLS + GOOD.replace("100000,A,1", "100000,A,x"), ["TypeOfEstablishment (code)"]),
        (SCHOOLS + GOOD.replace("10000001,,", "10000001,31-02-2021,"), ["CloseDate", "31-08-2021"]),
        (SCHOOLS + GOOD + GOOD.replace("100000,A", "100000,B"), ["list.csv:3", "stands twice"]),
        (SCHOOLS + GOOD[:40], ["list.csv:2", "cut off"]),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_whole_and_says_where(
    tmp_path: Path, home: Path, text: str | bytes, said: list[str]
) -> None:
    before = fingerprint(home)
    year = None if isinstance(text, str) and "EstablishmentName" in text else "autumn 2026"
    with pytest.raises(ImportRefused) as refusal:
        import_file(csv_file(tmp_path, "list.csv", text), home, TODAY, year)
    assert [part for part in said if part not in str(refusal.value)] == [], str(refusal.value)
    assert fingerprint(home) == before


def test_a_missing_file_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "no.csv", "no such file"), (tmp_path, "folder"), (Path("/dev/null"), "ordinary")):
        with pytest.raises(ImportRefused, match=said):
            import_file(path, tmp_path, TODAY)


@pytest.mark.parametrize(
    ("name", "year", "said"),
    [
        ("list.csv", None, "--year 'autumn 2026'"),
        ("list.csv", "2026", "is no intake"),
        ("list.csv", "autumn 2062", "is no intake"),
        ("list_autumn_2025.csv", "autumn 2026", "its name says autumn 2025"),
    ],
)
def test_the_intake_of_a_list_is_never_guessed(tmp_path: Path, name: str, year: str | None, said: str) -> None:
    with pytest.raises(ImportRefused, match=said):
        import_file(csv_file(tmp_path, name, "RISE School URN\n100000\n"), tmp_path, TODAY, year)
    assert not (tmp_path / "schools.db").exists()


def test_an_extract_is_for_no_intake(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="Leave `--year` out"):
        import_file(extract(tmp_path / "gias.csv", [row(100000, "A School")]), tmp_path, TODAY, "autumn 2026")


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_bytes_are_taken_by_accident(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for start in (b"", b"PP50 School URN\n"):
        try:
            import_file(csv_file(folder, "x.csv", start + content), folder, TODAY, "autumn 2026")
        except ImportRefused:
            continue
        lines = [line.strip() for line in content.decode().split("\n")]
        assert all(not line.strip('"') or line.strip('"').strip().isdigit() for line in lines)


def importing(path: Path, home: Path, *year: str) -> "subprocess.Popen[bytes]":
    code = (
        "import sys; from datetime import date; from pathlib import Path; from guidance.schools import import_file; "
        "import_file(Path(sys.argv[1]), Path(sys.argv[2]), date(2026, 11, 21), *sys.argv[3:])"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(path), str(home), *year], cwd=PROJECT)


def test_a_killed_import_leaves_the_old_data(tmp_path: Path, home: Path) -> None:
    big = extract(tmp_path / "big.csv", [row(100000 + n, f"School Number {n} Primary") for n in range(20_000)])
    before, part = fingerprint(home), home / "schools.db.part"
    process = importing(big, home)
    while not part.exists():
        assert process.poll() is None, "the import ended before it could be killed"
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert fingerprint(home) == before
    assert part.exists()  # it was killed in the middle
    import_file(extract(tmp_path / "small.csv", [row(100002, "Oak Primary School")]), home, TODAY)
    assert not part.exists()
    assert loaded(home) == {("gias", ""): 1, ("pp50_school", "autumn_2025"): 2}


def test_an_import_waits_for_another_one(tmp_path: Path, home: Path) -> None:
    path = csv_file(tmp_path, "rise.csv", "RISE School URN\n100000\n")
    with closing(sqlite3.connect(home / "schools.db.lock", isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        process = importing(path, home, "autumn 2026")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)
        assert ("rise_school", "autumn_2026") not in loaded(home)
    assert process.wait(60) == 0
    assert ("rise_school", "autumn_2026") in loaded(home)


def test_imports_at_the_same_time_lose_nothing(tmp_path: Path, home: Path) -> None:
    texts = {"rise": "RISE School URN\n100000\n", "fe": "FE UKPRN\n10000599\n", "ln": "LA Nursery URN\n100000\n"}
    started = [importing(csv_file(tmp_path, f"{name}.csv", text), home, "autumn 2026") for name, text in texts.items()]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert len(loaded(home)) == 5
