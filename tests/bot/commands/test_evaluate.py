"""`npq evaluate`: quick by default, a report each time, a clear word where there is nothing to judge."""

from __future__ import annotations

from pathlib import Path

from tests.bot.commands.test_commands import npq

QUESTIONS = """
- id: a
  text: How long does NPQH take?
  accept: [answered]
  must: ["18 months"]
- id: b
  text: What is the weather like?
  accept: [answered]
"""


def test_it_needs_something_to_judge() -> None:
    done = npq("evaluate")
    assert done.returncode == 1
    assert "name a file of labelled questions" in done.stderr
    assert "Traceback" not in done.stderr


def test_questions_are_judged_and_the_report_written(model: Path, tmp_path: Path) -> None:
    file, report = tmp_path / "questions.yml", tmp_path / "out" / "report.html"
    file.write_text(QUESTIONS, encoding="utf-8")
    done = npq("evaluate", str(file), "--report", str(report))
    assert done.returncode == 0, done.stderr
    assert "accepted         1 (50.0 %)" in done.stdout
    assert "status out_of_scope, accepted: answered" in done.stdout
    assert "names (entity F1)" in done.stdout
    page = report.read_text(encoding="utf-8")
    assert "What is the weather like?" in page
    assert "How long does NPQH take?" not in page  # only failures are listed


def test_a_report_that_cannot_be_written_is_said(model: Path, tmp_path: Path) -> None:
    file, taken = tmp_path / "questions.yml", tmp_path / "taken"
    file.write_text(QUESTIONS, encoding="utf-8")
    taken.write_text("a file, not a folder")
    done = npq("evaluate", str(file), "--report", str(taken / "report.html"))
    assert done.returncode == 1
    assert "cannot write the report" in done.stderr
    assert "Traceback" not in done.stderr
