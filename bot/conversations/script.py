"""What a scripted conversation consists of. Plain values, so that they can be sent to other processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

CHANNELS = ("web", "slack", "terminal")
USUAL_DAY = date(2026, 11, 21)  # the day the shipped conversations and tests play on


@dataclass(frozen=True)
class Said:
    """One reply given to what the bot asks for: typed, or by pressing the button with that title."""

    text: str
    press: bool = False


@dataclass(frozen=True)
class Expectation:
    """One line that says what must be true of a reply: `key` is as written in the file, `value` as its check wants."""

    key: str
    value: Any
    line: int


@dataclass(frozen=True)
class Step:
    """What the visitor does, and what must be true of the reply after it."""

    line: int
    said: Said | None = None
    answers: dict[str, tuple[Said, ...]] = field(default_factory=dict)
    expects: tuple[Expectation, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """One test: a whole conversation in a session of its own."""

    path: Path
    file: str
    line: int
    name: str
    steps: tuple[Step, ...]
    written_name: str = ""  # before `repeat with` filled it in
    today: date | None = None
    channel: str = "web"
    schools: tuple[Path, ...] = ()  # files of DfE's to know, in the form `npq lists import` takes

    @property
    def id(self) -> str:
        """How it is called on the command line."""
        return f"{self.file}::{self.name}"


@dataclass(frozen=True)
class RasaStory:
    """One test story in Rasa's own format."""

    path: Path
    file: str
    line: int
    name: str
    written_name: str = ""
    said_at: tuple[int, ...] = ()  # the lines of its messages

    @property
    def id(self) -> str:
        """How it is called on the command line."""
        return f"{self.file}::{self.name}"


Test = Conversation | RasaStory
