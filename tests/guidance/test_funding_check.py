"""`npq check` refuses broken funding rules, and says where the fault stands and what to write."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from guidance import knowledge
from guidance.funding import load_rules
from guidance.knowledge import KnowledgeError, Problem

REAL = Path(__file__).resolve().parents[2] / "data" / "knowledge"
Edit = Callable[[str, str], int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "data" / "knowledge"
    found.mkdir(parents=True)
    shutil.copy(REAL / "funding.yml", found)
    return found


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace the first match of a pattern in the copy; returns its line."""

    def change(pattern: str, replacement: str) -> int:
        path = folder / "funding.yml"
        text = path.read_text(encoding="utf-8")
        match = re.search(pattern, text, flags=re.MULTILINE)
        assert match, f"{pattern!r} not found"
        path.write_text(text[: match.start()] + match.expand(replacement) + text[match.end() :], encoding="utf-8")
        return text.count("\n", 0, match.start()) + 1

    return change


def problems_of(folder: Path) -> list[Problem]:
    with pytest.raises(KnowledgeError) as caught:
        load_rules(folder)
    assert all(problem.file.endswith("funding.yml") for problem in caught.value.problems)
    return caught.value.problems


def test_the_real_rules_are_sound(folder: Path) -> None:
    assert set(load_rules(folder).tables) == {"autumn_2026", "spring_2026", "autumn_2025"}


def test_a_rule_below_one_that_always_holds_first_is_unreachable(folder: Path, edit: Edit) -> None:
    line = edit(
        r"^( +)- \{id: A05, ",
        r"\1- {id: A06, when: {course: EHCO, new_headteacher: true, works_in_england: true}, code: funded}"
        r"\n\1- {id: A05, ",
    )
    [problem] = problems_of(folder)
    assert problem.line == line
    assert problem.field == "tables.0.rules.4"
    assert "`A06` can never be reached" in problem.message
    assert "A04" in problem.message


def test_rules_that_together_leave_nothing_make_the_next_one_unreachable(folder: Path, edit: Edit) -> None:
    edit(
        r"works_in_england: false\}, code: not_in_england",
        r"works_in_england: [true, false]}, code: not_in_england",
    )
    messages = [problem.message for problem in problems_of(folder)]
    assert any("`A03` can never be reached" in message and "A02" in message for message in messages)
    assert any("`A99` can never be reached" in message for message in messages)


def test_a_rule_whose_conditions_contradict_each_other_is_unreachable(folder: Path, edit: Edit) -> None:
    edit(
        r"^( +)- \{id: A40, ",
        r"\1- {id: A39, when: {work_setting: other, early_years_kind: childminder}, code: funded}"
        r"\n\1- {id: A40, ",
    )
    [problem] = problems_of(folder)
    assert "`A39` can never be reached" in problem.message
    assert "contradict" in problem.message


def test_a_table_without_a_last_rule_for_all_is_refused(folder: Path, edit: Edit) -> None:
    line = edit(r"^ +- id: A99\n(?: {8}.*\n)+", "")
    [problem] = problems_of(folder)
    assert "must catch all" in problem.message
    assert problem.field.startswith("tables.0.rules")
    assert problem.line == line - 1
    assert "when: {}" in problem.suggestion


@pytest.mark.parametrize(
    ("pattern", "replacement", "message", "suggestion", "field"),
    [
        (
            r"when: \{works_in_england: false\}",
            "when: {works_in_egland: false}",
            "no input",
            "works_in_england",
            "when",
        ),
        (
            r"course: EHCO\}, code: not_new",
            "course: ECHO}, code: not_new",
            "no value `ECHO`",
            "EHCO",
            "course",
        ),
        (
            r"previously_funded: true\}",
            "previously_funded: yess}",
            "no value `yess`",
            "true",
            "previously_funded",
        ),
        (
            r"works_in_england: false\}, code",
            'works_in_england: "false"}, code',
            "no value",
            "false",
            "works_in_england",
        ),
        (
            r"course: listed_only_2026\}",
            "course: listed_only_2062}",
            "no value",
            "listed_only_2026",
            "course",
        ),
        # a group of another input
        (r"course: listed_only_2026\}", "course: school_route}", "no value `school_route`", "", "course"),
        (r"code: not_in_england", "code: not_in_englnd", "no code `not_in_englnd`", "not_in_england", "code"),
        (
            r"would_change: \[in_england\]",
            "would_change: [in_englad]",
            "no change",
            "in_england",
            "would_change",
        ),
        (r"any_of: npqs", "any_of: npq", "no group", "npqs", "any_of"),
        (
            r"makes: \{on_rise_list: true\}",
            "makes: {on_rize_list: true}",
            "no input",
            "on_rise_list",
            "makes",
        ),
        (r"also: \{NPQS: NPQSENCO\}", "also: {NPQS: NPQSENKO}", "no value `NPQSENKO`", "NPQSENCO", "also"),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused(
    folder: Path, edit: Edit, pattern: str, replacement: str, message: str, suggestion: str, field: str
) -> None:
    line = edit(pattern, replacement)
    [problem] = problems_of(folder)
    assert message in problem.message
    assert suggestion in problem.suggestion
    assert field in problem.field
    assert problem.line == line


def test_a_rule_id_used_twice_is_refused_in_whatever_table(folder: Path, edit: Edit) -> None:
    line = edit(r"id: B99", "id: A25")
    [problem] = problems_of(folder)
    assert problem.line == line
    assert "`A25` is already in table autumn_2026" in problem.message


@pytest.mark.parametrize("kind", ["groups", "changes", "codes", "statements"])
def test_an_id_used_twice_is_refused(folder: Path, edit: Edit, kind: str) -> None:
    edit(rf"^{kind}:\n((?:  - .*\n)(?:    .*\n)+)", rf"{kind}:\n\1\1")
    [problem] = problems_of(folder)
    assert "is already used" in problem.message
    assert problem.field == f"{kind}.1.id"


@pytest.mark.parametrize(
    ("where", "key"),
    [("tables", "source"), ("tables", "as_of"), ("statements", "source"), ("statements", "as_of")],
)
def test_a_missing_source_or_date_is_refused(folder: Path, edit: Edit, where: str, key: str) -> None:
    edit(rf"^{where}:\n((?:.*\n)*?)    {key}: .*\n", rf"{where}:\n\1")
    [problem] = problems_of(folder)
    assert (problem.field, problem.message) == (f"{where}.0.{key}", "is missing.")
    assert "source and as_of" in problem.suggestion


@pytest.mark.parametrize(
    ("day", "message"),
    [("2026-02-30", "not a date"), ("2999-01-01", "future"), ("1066-10-14", "before there were")],
)
def test_a_day_that_cannot_be_is_refused(folder: Path, edit: Edit, day: str, message: str) -> None:
    edit(r"^tables:\n((?:.*\n)*?)    as_of: .*\n", rf"tables:\n\1    as_of: {day}\n")
    [problem] = problems_of(folder)
    assert problem.field == "tables.0.as_of"
    assert message in problem.message


def test_an_unknown_key_names_the_nearest_known_one(folder: Path, edit: Edit) -> None:
    line = edit(r"because: This NPQ can be funded in every", "becuase: This NPQ can be funded in every")
    [problem] = problems_of(folder)
    assert problem.line == line
    assert "because" in problem.suggestion


def test_a_reason_too_long_for_one_bubble_is_refused_with_its_caveat_counted(folder: Path, edit: Edit) -> None:
    edit(r"because: This NPQ can be funded in every", "because: " + "really " * 40 + "this")
    [problem] = problems_of(folder)
    assert "words" in problem.message
    assert problem.field.endswith("because")


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        (r"^  in_review:\n(?: {4}.*\n)+", "", "no outcome `in_review`"),
        (r"^  - id: cohort_funded\n", "  - id: cohort_founded\n", "no input `cohort_funded`"),
        (r"values: \[autumn_2026, spring_2026, ", "values: [autumn_2026, ", "no value of `cohort`"),
        (r"values: \[autumn_2026, ", "values: [autumn_2026, autumn_2027, ", "no table `autumn_2027`"),
        (r"values: \[true, false\]", "values: [true, maybe]", "only true and false, or only words"),
    ],
)
def test_what_the_evaluation_counts_on_must_be_there(
    folder: Path, edit: Edit, pattern: str, replacement: str, message: str
) -> None:
    edit(pattern, replacement)
    assert any(message in problem.message for problem in problems_of(folder))


def test_a_contradiction_of_one_answer_is_refused(folder: Path, edit: Edit) -> None:
    edit(r"when: \{cohort_funded: true, cohort: spring_2026\}", "when: {cohort_funded: true}")
    [problem] = problems_of(folder)
    assert "two inputs" in problem.message


@pytest.mark.parametrize(
    ("pattern", "replacement", "kind"),
    [
        (r"source: npq-service-code", "source: npq-servce-code", "source"),
        (r"cohorts: \[spring_2025\]", "cohorts: [spring_2052]", "cohort"),
        (r"values: \[NPQLT, NPQLTD", "values: [NPQLT, NPQLTX, NPQLTD", "programme"),
    ],
)
def test_the_whole_knowledge_is_checked_for_what_the_funding_file_names(
    tmp_path: Path, pattern: str, replacement: str, kind: str
) -> None:
    copy = tmp_path / "data" / "knowledge"
    shutil.copytree(REAL, copy)
    path = copy / "funding.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(pattern, replacement, text, count=1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        knowledge.load(copy)
    found = [problem for problem in caught.value.problems if problem.file.endswith("funding.yml")]
    assert any(f"there is no {kind}" in problem.message for problem in found)


def test_the_funding_file_cannot_be_missing(tmp_path: Path) -> None:
    copy = tmp_path / "data" / "knowledge"
    shutil.copytree(REAL, copy)
    (copy / "funding.yml").unlink()
    with pytest.raises(KnowledgeError) as caught:
        knowledge.load(copy)
    assert any(problem.file.endswith("funding.yml") for problem in caught.value.problems)
