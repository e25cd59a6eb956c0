"""Personal details of the turn in progress, so that no transcript keeps them. Held only until the turn is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LEFT_OUT = "[personal details]"


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
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", LEFT_OUT, text)
        return text


_turns: dict[str, Hidden] = {}


def note(session: str, message: bool, values: Iterable[str]) -> None:
    """Remember what is personal in this turn of a conversation; longest values first, as they may contain others."""
    ordered = tuple(sorted((value for value in values if len(value) > 1), key=len, reverse=True))
    if message or ordered:
        _turns[session] = Hidden(message, ordered)


def hidden(session: str) -> Hidden | None:
    """What is personal in the turn in progress; None when nothing is."""
    return _turns.get(session)


def forget(session: str) -> None:
    """The turn is stored."""
    _turns.pop(session, None)
