"""`npq check` refuses broken knowledge, and says where it stands and what to write."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guidance import knowledge
from guidance.knowledge import KnowledgeError, Problem

REAL = Path(__file__).resolve().parents[2] / "data" / "knowledge"
Edit = Callable[[str, str, str], Path]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "knowledge"
    shutil.copytree(REAL, folder)
    return folder


@pytest.fixture
def edit(copy: Path) -> Edit:
    """Replace the first match of a pattern in one file of the copy."""

    def change(name: str, pattern: str, replacement: str) -> Path:
        path = copy / name
        text = path.read_text(encoding="utf-8")
        changed, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
        assert count == 1, f"{pattern!r} not found in {name}"
        path.write_text(changed, encoding="utf-8")
        return path

    return change


def problems_of(folder: Path) -> list[Problem]:
    with pytest.raises(KnowledgeError) as caught:
        knowledge.load(folder)
    return caught.value.problems


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_real_knowledge_is_sound(copy: Path) -> None:
    known = knowledge.load(copy)
    assert len(known.programmes) == 16
    assert all(fact.source and fact.as_of for fact in known.facts.values())


def test_a_topic_about_an_unknown_programme_is_refused(copy: Path, edit: Edit) -> None:
    edit("topics/ehco.yml", r"^    about: EHCO$", "    about: EHCOO")
    [problem] = problems_of(copy)
    assert "there is no programme `EHCOO`" in str(problem)
    assert "EHCO" in str(problem)


def test_an_unknown_key_names_the_nearest_known_one(copy: Path, edit: Edit) -> None:
    path = edit("programmes/NPQH.yml", r"^neighbours:", "neighbors:")
    [problem] = problems_of(copy)
    assert problem.file.endswith("programmes/NPQH.yml")
    assert problem.line == line_of(path, "neighbors:")
    assert problem.field == "neighbors"
    assert "neighbours" in problem.suggestion


def test_an_unknown_key_inside_a_fact_is_refused(copy: Path, edit: Edit) -> None:
    path = edit("programmes/NPQH.yml", r"^(\s+)certainty: (\w+)", r"\1certainty: \2\n\1sauce: x")
    [problem] = problems_of(copy)
    assert (problem.line, problem.field.split(".")[-1]) == (line_of(path, "sauce: x"), "sauce")
    assert "source" in problem.suggestion


def test_a_missing_source_and_a_missing_date_are_refused(copy: Path, edit: Edit) -> None:
    edit("programmes/NPQSL.yml", r"^(  \w+:\n(?:    .*\n)*?)    source: .*\n", r"\1")
    edit("programmes/NPQEL.yml", r"^(facts:\n(?:    .*\n|  .*\n)*?)    as_of: .*\n", r"\1")
    found = problems_of(copy)
    assert {(problem.field.split(".")[-1], problem.message) for problem in found} == {
        ("source", "is missing."),
        ("as_of", "is missing."),
    }


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "2026-13-01"])
def test_a_date_that_cannot_be_is_refused(copy: Path, edit: Edit, day: str) -> None:
    edit("programmes/NPQH.yml", r"^as_of: .*", f"as_of: {day}")
    [problem] = problems_of(copy)
    assert problem.field == "as_of"
    assert "not a date" in problem.message
    assert "2026-05-18" in problem.suggestion


def test_a_day_in_the_future_is_refused_as_the_day_a_source_was_read(copy: Path, edit: Edit) -> None:
    edit("cohorts.yml", r"^(\s+)as_of: .*", r"\1as_of: 2999-01-01")
    [problem] = problems_of(copy)
    assert "future" in problem.message


def test_an_alias_of_two_programmes_is_refused(copy: Path, edit: Edit) -> None:
    edit("programmes/NPQSL.yml", r"^aliases:(.*)\[", r"aliases:\1[npqh, ")
    assert any("`npqh` already means" in problem.message or "NPQSL" in problem.message for problem in problems_of(copy))


@pytest.mark.parametrize(
    ("name", "pattern", "replacement", "kind"),
    [
        ("programmes/NPQH.yml", r"source: \[.*?\]", "source: [no-such-page]", "source"),
        ("programmes/NPQH.yml", r"^neighbours: \[", "neighbours: [NPQX, ", "programme"),
        ("providers/ucl.yml", r"^offers: \[", "offers: [NPQHH, ", "programme"),
        ("topics/studying.yml", r"next: \[", "next: [no_such_topic, ", "topic"),
    ],
)
def test_a_dangling_reference_is_refused(
    copy: Path, edit: Edit, name: str, pattern: str, replacement: str, kind: str
) -> None:
    edit(name, pattern, replacement)
    assert any(f"there is no {kind}" in problem.message for problem in problems_of(copy))


def test_valid_until_before_valid_from_is_refused(copy: Path, edit: Edit) -> None:
    edit("programmes/NPQH.yml", r"^(\s+)valid_until: .*", r"\1valid_until: 2001-01-01")
    [problem] = problems_of(copy)
    assert problem.field.endswith("valid_until")
    assert "before valid_from" in problem.message


def test_text_that_is_not_yaml_says_the_line(copy: Path) -> None:
    path = copy / "roles.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n  - id: [unclosed\n", encoding="utf-8")
    found = [problem for problem in problems_of(copy) if problem.file.endswith("roles.yml")]
    assert found
    assert "not readable as YAML" in found[0].message
    assert found[0].line > 5


def test_the_same_key_twice_is_refused(copy: Path, edit: Edit) -> None:
    edit("programmes/NPQH.yml", r"^code: NPQH", "code: NPQH\ncode: NPQH")
    assert any("stands twice" in problem.message for problem in problems_of(copy))


def test_a_bubble_too_long_to_read_is_refused(copy: Path, edit: Edit) -> None:
    edit("premises.yml", r"^(\s+)text: .*\n(?:\1\s+.*\n)*", r"\1text: fine\n")
    knowledge.load(copy)
    edit("topics/studying.yml", r"^(\s+)text: .*\n(?:\1\s+.*\n)*", r"\1text: " + "word " * 70 + "\n")
    [problem] = problems_of(copy)
    assert "70 words" in problem.message


def test_all_problems_are_reported_at_once(copy: Path, edit: Edit) -> None:
    edit("programmes/NPQH.yml", r"^neighbours:", "neighbors:")
    edit("programmes/NPQSL.yml", r"^as_of: .*", "as_of: never")
    assert len(problems_of(copy)) == 2


def test_an_edit_is_served_and_a_broken_one_keeps_the_last_good(copy: Path, edit: Edit) -> None:
    before = knowledge.current(copy)
    assert not knowledge.follow(copy)

    edit("programmes/NPQH.yml", r"^title: .*", "title: NPQ in Being Head")
    assert knowledge.follow(copy)
    assert knowledge.current(copy).programmes["NPQH"].title == "NPQ in Being Head"
    assert knowledge.current(copy).version != before.version

    time.sleep(0.01)
    good = knowledge.current(copy)
    edit("programmes/NPQH.yml", r"^title: .*", "tittle: NPQ in Being Head")
    assert not knowledge.follow(copy)
    assert knowledge.current(copy) is good
    assert not knowledge.health(copy)["ok"]
    assert "tittle" in str(knowledge.health(copy)["problems"])

    edit("programmes/NPQH.yml", r"^tittle: .*", "title: NPQ in Headship (NPQH)")
    assert knowledge.follow(copy)
    assert knowledge.health(copy)["ok"]
