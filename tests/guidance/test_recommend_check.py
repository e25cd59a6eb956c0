"""`npq check` refuses a broken recommendation file, and says where and what to write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guidance.knowledge import KnowledgeError, load

REAL = Path(__file__).resolve().parents[2] / "data" / "knowledge"

BROKEN = {
    "unknown role": ("when: {role: senco_slt}", "when: {role: senco_stl}", "when.role.0", "senco_slt"),
    "unknown aim": ("when: {aim: executive}", "when: {aim: executif}", "when.aim.0", "executive"),
    "unknown programme": ("first: NPQLTD\n", "first: NPQTLD\n", "first", "NPQLTD"),
    "programme that ended": ("first: NPQSL\n", "first: LEGACY-NPQML\n", "first", "NPQSL"),
    "unknown question": ("ask: experience", "ask: experiense", "ask.0", "experience"),
    "unknown source": ("source: [govuk-ehco, govuk-npqh]", "source: [govuk-eco, govuk-npqh]", "source.0", "govuk-ehco"),
    "unknown key": ("    prevails: ", "    prevail: ", "prevail", "prevails"),
    "unknown member": ("deputies: [deputy_head,", "deputies: [deputy_heads,", "groups.role.deputies.0", "deputy_head"),
    "no source": ("    source: [govuk-npqeyl]\n", "", "source", ""),
    "a day to come": ("as_of: 2026-07-17", "as_of: 2126-07-17", "as_of", "read"),
    "long question": ("ask: What would you like to do next?", f"ask: {'and ' * 26}", "ask", "25"),
    "long reason": (
        "why: You lead across the school, which is what NPQSL is about.",
        f"why: {'word ' * 40}",
        "why",
        "36",
    ),
    "no reason for the alternative": (
        "    why_alternative: It is closer if you lead one curriculum area.\n",
        "",
        "why_alternative",
        "NPQLT",
    ),
    "button that does not answer": ("means: {role: behaviour_lead}", "means: {phase: primary}", "means", "answered_by"),
    "rule above covers it": (
        "when: {role: [assistant_head, senior_leader]}",
        "when: {role: deputy_head}",
        "rules",
        "Move it up",
    ),
    "last rule with a condition": ("    when: {}\n", "    when: {phase: primary}\n", "when", "when: {}"),
    "duplicate id": ("- id: headship-near", "- id: headship-later", "id", "another"),
}


def _problems(tmp_path: Path, old: str, new: str) -> KnowledgeError:
    folder = tmp_path / "data" / "knowledge"
    shutil.copytree(REAL, folder)
    path = folder / "recommend.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    return caught.value


@pytest.mark.parametrize(("old", "new", "field", "advice"), BROKEN.values(), ids=BROKEN)
def test_a_fault_is_named(old: str, new: str, field: str, advice: str, tmp_path: Path) -> None:
    problems = _problems(tmp_path, old, new).problems
    assert all(problem.file.endswith("recommend.yml") and problem.line > 1 for problem in problems)
    assert any(field in problem.field and advice in problem.suggestion for problem in problems), problems


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "knowledge"
    shutil.copytree(REAL, folder)
    (folder / "recommend.yml").unlink()
    with pytest.raises(KnowledgeError, match="is missing"):
        load(folder)
