"""Writes conversation files, and plays them with a partner who says what a test wants."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.conversations.clock import clock
from bot.conversations.played import Played
from bot.conversations.playing import play
from bot.conversations.reading import read_file
from bot.conversations.script import Conversation
from guidance.knowledge import Problem


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[list[Any], list[Problem]]]:
    """The conversations and problems of a file with that text."""

    def reading(text: str, **further: Any) -> tuple[list[Any], list[Problem]]:
        path = tmp_path / "talk.yml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return read_file(path, "talk.yml", **further)

    return reading


class Partner:
    """Replies with the records it is given, in turn; keeps what was said to it."""

    def __init__(self, *replies: dict[str, Any]) -> None:
        self.replies = list(replies)
        self.heard: list[tuple[str, str]] = []
        self.sessions = 0

    def on(self, day: date, schools: Sequence[Path] = ()) -> AbstractContextManager[None]:
        self.schools = schools
        return clock(day)

    async def new_session(self) -> str:
        self.sessions += 1
        return f"session {self.sessions}"

    async def say(self, session: str, text: str, channel: str) -> dict[str, Any]:
        self.heard.append((text, channel))
        return reply(session=session, **self.replies.pop(0))

    async def details(self, session: str) -> dict[str, Any]:
        return {"entities": ["programme=NPQH"], "rule": "duration (data/rules/studying.yml:4)", "facts": ["npqh.x"]}


def reply(**given: Any) -> dict[str, Any]:
    """A reply in the form of `npq ask --json`."""
    text = given.get("text", "Hello.")
    whole = {
        "session": "s",
        "status": "answered",
        "text": text,
        "messages": [text],
        "buttons": [],
        "asking": None,
        "programmes": [],
        "topics": [],
        "sources": [],
        "intent": "ask_duration",
        "confidence": 0.9,
        "ms": 1.0,
    }
    return {**whole, **given}


@pytest.fixture
def played(read: Callable[..., tuple[list[Conversation], list[Problem]]]) -> Callable[..., tuple[Played, Partner]]:
    """Plays steps with a partner who gives these replies."""

    def playing(steps: str, *replies: dict[str, Any], **head: str) -> tuple[Played, Partner]:
        lines = [
            "conversations:",
            "  - name: Talk",
            *(f"    {key}: {value}" for key, value in head.items()),
            "    steps:",
        ]
        text = "\n".join(lines) + "\n" + textwrap.indent(textwrap.dedent(steps).strip(), "      ") + "\n"
        conversations, problems = read(text)
        assert not problems
        partner = Partner(*replies)
        return asyncio.run(play(conversations[0], partner)), partner

    return playing
