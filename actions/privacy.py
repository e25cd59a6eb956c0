"""Personal details of the turn in progress, so that no transcript keeps them. Held only until the turn is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.personal import details

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


@dataclass
class _Hiding:
    message: bool
    values: set[str]

    def hidden(self) -> Hidden:
        """Longest values first, as they may contain others."""
        values = (value for value in self.values if len(value) > 1)
        return Hidden(self.message, tuple(sorted(values, key=lambda value: (-len(value), value))))


_turns: dict[str, Hidden] = {}


def note(session: str, message: bool, values: Iterable[str]) -> None:
    """Remember what is personal in this turn of a conversation, beside what is known of it already."""
    before = _turns.get(session, Hidden(False, ()))
    known = _Hiding(message or before.message, {*values, *before.values})
    if known.message or known.values:
        _turns[session] = known.hidden()


def hidden(session: str, text: str = "") -> Hidden | None:
    """What is personal in the turn in progress; None when nothing is.

    `text` is what the visitor typed. Its details are found also when the turn failed before anybody noted them.
    """
    found = _turns.get(session, Hidden(False, ()))
    typed = {detail.value for detail in details(text)}
    known = _Hiding(found.message or session.startswith(FOR_NOW), {*found.values, *typed})
    return known.hidden() if known.message or known.values else None


def forget(session: str) -> None:
    """The turn is stored."""
    _turns.pop(session, None)
