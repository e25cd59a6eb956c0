"""What was read lately is read as before, for each its own, and anew on another day."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.guide import Guide
from bot.runtime.graph import OrderedGraphRunner
from bot.runtime.readings import Readings

pytestmark = pytest.mark.slow

ASKED = "is my npqh paid for? i started headship on 3 september"


def read(guide: Guide, text: str) -> dict[str, Any]:
    return asyncio.run(guide.agent.processor.parse_message(UserMessage(text)))


@pytest.fixture
def runs(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The components' runs: one entry each."""
    found: list[str] = []
    run = OrderedGraphRunner.run

    def counted(self: OrderedGraphRunner, *args: Any, **named: Any) -> Any:
        found.append("run")
        return run(self, *args, **named)

    monkeypatch.setattr(OrderedGraphRunner, "run", counted)
    return found


def test_the_loaded_agent_reads_the_same_words_once(guide: Guide, runs: list[str]) -> None:
    assert isinstance(guide.agent.processor._parse_message_with_graph, Readings)
    first = read(guide, ASKED)
    assert first["entities"]
    after = len(runs)
    again = read(guide, ASKED)
    assert again == first
    assert len(runs) == after
    again["entities"].clear()  # each has its own
    assert read(guide, ASKED) == first
    read(guide, ASKED + " please")
    assert len(runs) == after + 1


def test_another_day_is_another_reading(guide: Guide, runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    read(guide, ASKED)
    after = len(runs)
    monkeypatch.setenv("NPQ_TODAY", "2027-03-01")
    read(guide, ASKED)
    assert len(runs) == after + 1


def test_no_words_are_kept(guide: Guide) -> None:
    text = "my colleague Quillfeather asks how long npqh is"
    read(guide, text)
    kept = guide.agent.processor._parse_message_with_graph._lately
    assert len(kept)
    assert "quillfeather" not in repr(vars(kept)).lower()
