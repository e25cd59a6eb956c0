"""Personal details of the turn in progress, so that no transcript keeps them. Held only until the turn is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LEFT_OUT = "[personal details]"
FOR_NOW = "for-now-"  # begins the ids of conversations of which nobody knows what is being asked in them


@dataclass(frozen=True)
class Hidden:
    """`message`: what the visitor typed holds personal details. `values`: what no kept text may contain."""

    message: bool
    values: tuple[str, ...]

    def typed(self, text: str) -> str:
        """The visitor's text as it may be kept."""
        return LEFT_OUT if self.message else self.said(text)

    def said(self, text: str) -> str:
        """A text of the guide as it may be kept."""
        for value in self.values:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", LEFT_OUT, text, flags=re.IGNORECASE)
        return text

    def found(self, entities: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Entities as they may be kept: without those that repeat a value."""
        return [entity for entity in entities if self.said(str(entity)) == str(entity)]

    def offered(self, buttons: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
        """Buttons as they may be kept: they may offer what was typed, such as one of several schools."""
        return [{key: self.said(str(value)) for key, value in button.items()} for button in buttons]


_turns: dict[str, Hidden] = {}


def note(session: str, message: bool, values: Iterable[str]) -> None:
    """Remember what is personal in this turn of a conversation; longest values first, as they may contain others."""
    ordered = tuple(sorted((value for value in values if len(value) > 1), key=len, reverse=True))
    if message or ordered:
        _turns[session] = Hidden(message, ordered)


def hidden(session: str) -> Hidden | None:
    """What is personal in the turn in progress; None when nothing is."""
    found = _turns.get(session)
    return Hidden(True, found.values if found else ()) if session.startswith(FOR_NOW) else found


def forget(session: str) -> None:
    """The turn is stored."""
    _turns.pop(session, None)
