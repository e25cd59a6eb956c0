"""What the guide says back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from guidance.knowledge import Fact, Knowledge
from guidance.knowledge.model import Status


@dataclass(frozen=True)
class Cited:
    """A source as shown with an answer. `as_of` is the day the fact was right."""

    title: str
    url: str | None
    as_of: date


@dataclass(frozen=True)
class Button:
    """A quick reply: `payload` is the text it sends, an ordinary question."""

    title: str
    payload: str


@dataclass(frozen=True)
class Answer:
    """Bubbles of plain text with their sources, next steps and the status of the turn.

    `private`: the message it answers holds personal details. `hide`: personal values that no transcript may keep.
    """

    messages: tuple[str, ...]
    status: Status
    topics: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    sources: tuple[Cited, ...] = ()
    buttons: tuple[Button, ...] = field(default=())
    asking: str | None = None
    private: bool = False
    hide: tuple[str, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """All bubbles as one text."""
        return "\n\n".join(self.messages)


def cite(facts: list[Fact], knowledge: Knowledge, most: int = 3) -> tuple[Cited, ...]:
    """The public sources of the facts, newest date for each, in the order used."""
    found: dict[str, Cited] = {}
    for fact in facts:
        for key in fact.source:
            source = knowledge.sources[key]
            if not source.public:
                continue
            known = found.get(source.title)
            if known is None or known.as_of < fact.as_of:
                found[source.title] = Cited(source.title, source.url, fact.as_of)
    return tuple(found.values())[:most]
