"""The log as JSON: one object a line, one line a turn, and no word of anybody."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from bot.health.logs import read_options
from bot.health.options import OptionError
from tests.conftest import PROJECT, Service

EMAIL = "zoe.quillfeather@canary.example"
PROBLEM = """
import logging
from bot.health import logs
logs.begin("json")
try:
    {}["missing"]
except KeyError:
    logging.getLogger("bot.some").exception("It failed %s.", "twice")
"""


@pytest.mark.slow
def test_each_turn_is_a_line_without_a_word_of_it(start_service: Callable[..., Service]) -> None:
    service = start_service(NPQ_LOG="json")
    session = service.session()
    for text in ("Is NPQH funded?", f"my email is {EMAIL}"):
        assert service.say(session, text).status_code == 200
    text = service.log.read_text()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    turns = [line for line in lines if line["logger"] == "npq.turns"]
    assert [(line["message"], line["channel"], line["level"]) for line in turns] == [("turn", "web", "info")] * 2
    assert turns[0]["status"] == "answered"
    assert all(line["ms"] > 0 and line["timestamp"].endswith("Z") for line in turns)
    assert [
        word for word in (EMAIL, "quillfeather", session, "NPQH", "127.0.0.1") if word in "".join(map(str, lines))
    ] == []


def test_a_failure_is_one_line_with_where_it_happened() -> None:
    done = subprocess.run([sys.executable, "-c", PROBLEM], capture_output=True, text=True, cwd=PROJECT)
    (line,) = done.stderr.splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("error", "bot.some", "It failed twice.")
    assert "KeyError: 'missing'" in told["exception"]


def test_turns_are_no_lines_for_people(service: Service) -> None:
    assert service.say(service.session(), "Is NPQH funded?").status_code == 200
    assert "npq.turns" not in service.log.read_text()


def test_another_form_is_refused() -> None:
    assert read_options({}) == "text"
    with pytest.raises(OptionError, match="NPQ_LOG: is neither `text` nor `json`"):
        read_options({"NPQ_LOG": "xml"})
