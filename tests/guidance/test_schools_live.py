"""The register in use: noticed when it is replaced, harmless when it is damaged or missing."""

import logging
from pathlib import Path

import pytest
from schools_files import TODAY, extract, register_of, row

from guidance import schools
from guidance.schools import Register, import_file


def test_without_a_file_it_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    register = schools.current()
    assert register.empty
    assert not register.find("100000").schools
    assert not register.mentioned("I'm at Manor Primary School").schools
    assert register.on_list("rise_school", "100000", "autumn_2025") is None
    assert schools.health() == {"ok": True, "loaded": [], "problems": []}


def test_a_new_import_is_noticed_and_an_old_register_keeps_working(tmp_path: Path) -> None:
    register_of(tmp_path, [row(100000, "Manor Primary School")])
    before = schools.current(tmp_path)
    assert schools.current(tmp_path) is before
    import_file(extract(tmp_path / "new.csv", [row(100001, "Oak Primary School")]), tmp_path, TODAY)
    assert schools.current(tmp_path).find("Oak Primary School").sure
    assert before.find("Manor Primary School").sure
    (tmp_path / "schools.db").unlink()
    assert schools.current(tmp_path).empty


@pytest.mark.parametrize("damage", ["junk", "cut", "holed"])
def test_a_damaged_file_is_logged_once_and_as_good_as_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    register_of(tmp_path, [row(100000 + n, f"Manor {n} Primary School") for n in range(500)])
    store = tmp_path / "schools.db"
    good = store.read_bytes()
    holed = good[:4096] + b"\xff" * (len(good) - 8192) + good[-4096:]
    store.write_bytes({"junk": b"not a database" * 400, "cut": good[: len(good) // 2], "holed": holed}[damage])
    with caplog.at_level(logging.ERROR, logger="guidance.schools"):
        for _ in range(3):
            assert schools.current(tmp_path).empty
            assert not schools.current(tmp_path).mentioned("I'm at Manor 7 Primary School").schools
    assert len(caplog.records) == 1
    health = schools.health(tmp_path)
    assert (health["ok"], len(health["problems"])) == (False, 1)
    import_file(extract(tmp_path / "new.csv", [row(100001, "Oak Primary School")]), tmp_path, TODAY)
    assert schools.health(tmp_path)["ok"]


def test_a_file_that_breaks_while_it_is_read_is_as_good_as_none(tmp_path: Path) -> None:
    register_of(tmp_path, [row(100000 + n, f"Manor {n} Primary School") for n in range(2000)])
    numbers = "\n".join(str(number) for number in range(100000, 120000))
    (tmp_path / "rise_autumn_2025.csv").write_text(f"RISE School URN\n{numbers}\n")
    import_file(tmp_path / "rise_autumn_2025.csv", tmp_path, TODAY)
    registers = [Register(tmp_path / "schools.db") for _ in range(2)]
    assert all(register.has_schools and not register.empty for register in registers)
    assert registers[0].on_list("rise_school", "130000", "autumn_2025") is False
    store = tmp_path / "schools.db"
    size = store.stat().st_size
    with store.open("rb+") as file:  # in place: what an import never does
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    for number in range(100000, 120000, 1000):
        assert registers[0].on_list("rise_school", str(number), "autumn_2025") in (True, None)
        assert registers[1].find(str(number)).schools == ()
    for register in registers:
        assert register.broken
        assert register.empty
        assert register.on_list("rise_school", "130000", "autumn_2025") is None
