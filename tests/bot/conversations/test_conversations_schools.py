"""What a conversation knows of schools: the files it names, read as DfE's are, and nothing the tester imported."""

from pathlib import Path

import pytest

from bot.channels.guide import Guide
from bot.conversations.finding import find
from bot.conversations.played import Played
from bot.conversations.registers import register
from bot.conversations.worker import play_with
from guidance import schools
from tests.conftest import PROJECT

REGISTER = PROJECT / "tests" / "conversations" / "lists" / "register.csv"
TALK = """\
conversations:
  - name: Mine
    schools: {file}
    steps:
      - user: check my funding for NPQLT
      - user: Juniper Hill Primary School
        bot contains: Leeds
"""


def test_only_the_named_schools_are_known_and_only_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with register([REGISTER]):
        assert schools.current().find("juniper hill").one
        with register([]):
            assert schools.current().empty
    monkeypatch.setenv("NPQ_HOME", str(tmp_path))
    assert schools.current().empty


@pytest.mark.slow
def test_it_is_played_with_them(guide: Guide, tmp_path: Path) -> None:
    assert played(guide, tmp_path, str(REGISTER)).passed
    assert not played(guide, tmp_path, "nothing").passed


@pytest.mark.slow
def test_a_file_that_is_none_of_dfes_fails_and_says_why(guide: Guide, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Name,Place\nA,B\n")
    (fault,) = played(guide, tmp_path, str(wrong)).all_faults
    assert fault.check == "schools"
    assert "wrong.csv" in fault.actual


def played(guide: Guide, folder: Path, file: str) -> Played:
    path = folder / "talk.yml"
    path.write_text(TALK.replace("{file}", file), encoding="utf-8")
    (test,) = find([str(path)]).tests
    return play_with(guide, test)
