"""`npq report` as people use it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.bot.report.conftest import turn
from tests.conftest import NPQ

Npq = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def npq(tmp_path: Path, database_url: str) -> Npq:
    """Runs `npq report`."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "NPQ_HOME": str(tmp_path), "NPQ_DATABASE_URL": database_url, **settings}
        return subprocess.run([str(NPQ), "report", *arguments], capture_output=True, text=True, timeout=120, env=env)

    return run


def test_it_writes_a_page_and_json(
    npq: Npq, store: Callable[[list[dict[str, Any]]], sa.engine.Engine], tmp_path: Path
) -> None:
    store([turn(), turn(channel="slack")])
    done = npq(str(tmp_path / "page.html"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"2 turns. Wrote {tmp_path / 'page.html'}\n"
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "DfE funding" in text
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o600
    assert npq().stdout == f"2 turns. Wrote {tmp_path / 'report.html'}\n"
    told = json.loads(npq("--json", "--channel", "slack", "--from", "2026-11-10").stdout)
    assert (told["turns"], told["channel"], told["from"]) == (1, "slack", "2026-11-10")
    assert npq("--json", "--to", "2026-11-09", str(tmp_path / "figures.json")).returncode == 0
    assert json.loads((tmp_path / "figures.json").read_text())["turns"] == 0


def test_an_empty_database_gives_a_page_that_says_so(npq: Npq, tmp_path: Path) -> None:
    done = npq(str(tmp_path / "page.html"))
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing is stored for this choice.")
    assert "Nothing is stored yet" in (tmp_path / "page.html").read_text()
    assert json.loads(npq("--json").stdout)["turns"] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "yesterday"], "npq report: --from: `yesterday` is not a date. Write year-month-day"),
        (["--to", "2026-02-30"], "--to: `2026-02-30` is not a date."),
        (["--from", "2026-11-02", "--to", "2026-11-01"], "--from 2026-11-02 is after --to 2026-11-01. Swap them."),
        (["--channel", "fax"], "there is no channel `fax`. Write one of: slack, web."),
        (["/nowhere/at/all.html"], "cannot write /nowhere/at/all.html: No such file or directory."),
    ],
)
def test_a_broken_option_is_one_clear_sentence(npq: Npq, arguments: list[str], words: str) -> None:
    done = npq(*arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("url", ["postgresql://npq@127.0.0.1:1/npq", "sqlite:////nowhere/npq.db", "nonsense"])
def test_a_database_that_is_away_is_one_clear_sentence(npq: Npq, url: str) -> None:
    done = npq(NPQ_DATABASE_URL=url)
    assert done.returncode == 1
    assert "database" in done.stderr.lower()
    assert "Traceback" not in done.stderr
