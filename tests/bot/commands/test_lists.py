"""`npq lists`: import and show as staff use them."""

import os
import subprocess
from pathlib import Path

from tests.conftest import NPQ

GIAS = (
    "URN,EstablishmentName,TypeOfEstablishment (code),TypeOfEstablishment (name),EstablishmentStatus (name),"
    "PhaseOfEducation (name),LA (name),Postcode,UKPRN\n"
    "100000,Manor Primary School,1,Community school,Open,Primary,Leeds,LS1 1AB,10000001\n"
)


def npq(home: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [str(NPQ), "lists", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "NPQ_HOME": str(home)}
    )


def test_what_is_imported_is_shown(tmp_path: Path) -> None:
    empty = npq(tmp_path)
    assert (empty.returncode, empty.stderr) == (0, "")
    assert "Nothing is loaded" in empty.stdout
    (tmp_path / "gias.csv").write_text(GIAS)
    (tmp_path / "rise.csv").write_text("RISE School URN\n100000\n100000\n")
    done = npq(tmp_path, "import", tmp_path / "gias.csv")
    assert (done.returncode, done.stdout) == (0, "Loaded gias: 1 row.\n"), done.stderr
    done = npq(tmp_path, "import", tmp_path / "rise.csv", "--year", "autumn 2026")
    assert done.stdout == "Loaded rise_school for autumn 2026: 1 row (1 more said the same again).\n"
    shown = npq(tmp_path, "show")
    assert [line.split() for line in shown.stdout.splitlines()] == [
        ["kind", "intake", "rows", "imported", "file"],
        ["gias", "-", "1", "2026-11-21", "gias.csv"],
        ["rise_school", "autumn", "2026", "1", "2026-11-21", "rise.csv"],
    ]
    assert shown.stdout == npq(tmp_path).stdout


def test_a_refusal_is_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "gias.csv").write_text(GIAS)
    npq(tmp_path, "import", tmp_path / "gias.csv")
    before = (tmp_path / "schools.db").read_bytes()
    (tmp_path / "good.csv").write_text("RISE School URN\n100000\n")
    (tmp_path / "rise.csv").write_text("RISE School URN\n100000\n10000\n")
    for name, options, said in (
        ("good.csv", [], "Write it as --year 'autumn 2026'."),
        ("rise.csv", ["--year", "autumn 2026"], "rise.csv:3: RISE School URN: `10000`"),
    ):
        done = npq(tmp_path, "import", tmp_path / name, *options)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "schools.db").read_bytes() == before


def test_a_damaged_store_is_said_and_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "schools.db").write_bytes(b"no database at all")
    (tmp_path / "gias.csv").write_text(GIAS)
    shown = npq(tmp_path)
    assert shown.returncode == 1
    assert "damaged" in shown.stderr
    done = npq(tmp_path, "import", tmp_path / "gias.csv")
    assert done.returncode == 0
    assert "import the other files again" in done.stderr
    assert "gias" in npq(tmp_path).stdout
