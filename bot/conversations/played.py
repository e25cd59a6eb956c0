"""What happened when a conversation was played. Plain values, so that they can be sent between processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.conversations.checks import Fault, Reply
from bot.conversations.script import Test


@dataclass
class Turn:
    """One message and its reply. `details` says how it was understood (see `partner`)."""

    line: int
    said: str
    how: str  # typed, pressed, answered
    reply: Reply
    faults: list[Fault] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class Played:
    """One conversation after it was played. `faults` are those that belong to no reply."""

    test: Test
    today: date
    turns: list[Turn] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0
    session: str = ""

    @property
    def passed(self) -> bool:
        """Whether every expectation holds."""
        return not self.faults and not any(turn.faults for turn in self.turns)

    @property
    def all_faults(self) -> list[Fault]:
        """All faults, in the order they happened."""
        return [*(fault for turn in self.turns for fault in turn.faults), *self.faults]
