"""What all journeys share: how far one has come, what it heard, what it says next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from guidance.knowledge import Knowledge
from guidance.question import Context, Understood
from guidance.reply import Answer, Button


@dataclass(frozen=True)
class Progress:
    """How far a journey has come. Plain values, so that it can be stored.

    `offered` means that it asked on its own account: what does not answer it drops it without a word.
    `explicit` means that it was asked for by name, which also leaves another one. `done` means that it has said its
    outcome and only listens for changes.
    """

    id: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    asking: str | None = None
    tries: int = 0
    offered: bool = False
    explicit: bool = False
    done: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; the inverse of `from_dict`."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Progress | None:
        """Rebuild from `to_dict`; None where nothing is under way."""
        if not data or "id" not in data:
            return None
        known = {key: data[key] for key in cls.__dataclass_fields__ if key in data}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in known.items()
        }
        return cls(**values)

    def asks(self, name: str) -> Progress:
        """The same, now asking for something."""
        asked = self.asked if name in self.asked else (*self.asked, name)
        return replace(self, asking=name, asked=asked, done=False)


@dataclass
class Privacy:
    """What of a turn may not be kept in transcripts: personal values, and whether the message itself holds some."""

    values: set[str] = field(default_factory=set)
    message: bool = False


@dataclass(frozen=True)
class Setting:
    """What a journey decides by, beside what is said. `session` and `channel` say whose conversation it is."""

    knowledge: Knowledge
    today: date
    contact: str
    session: str = ""
    channel: str = "web"
    privacy: Privacy = field(default_factory=Privacy)


@dataclass(frozen=True)
class Heard:
    """What a message gave to a journey.

    `exact`: it is one of the answers asked for, whatever else it may look like. `problem`: it was meant as an
    answer but cannot be one; the text says why and what to write. `buttons` are the next steps offered with it.
    """

    progress: Progress | None = None
    exact: bool = False
    problem: str | None = None
    buttons: tuple[Button, ...] = ()

    def __bool__(self) -> bool:
        return self.progress is not None or self.problem is not None


class Journey:
    """One guided conversation."""

    id: str
    name: str  # as people read it: "your funding check"
    topics: tuple[str, ...]  # its own subject: news on these is an answer, not a question in between
    near: tuple[str, ...]  # the topics after whose answers it is offered
    invitation: Button  # the button that offers it; its text starts it
    cancelled: str  # what is said when it is cancelled

    def wanted(self, said: Understood, topics: tuple[str, ...], context: Context, here: Setting) -> Progress | None:
        """A new start where the message asks for this journey."""
        raise NotImplementedError

    def opened(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Progress:
        """Make ready what a new start needs; called once, before its first step."""
        return progress

    def hear(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Heard:
        """What the message adds or changes."""
        raise NotImplementedError

    def step(self, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        """The next question (`asking` is set) or the outcome."""
        raise NotImplementedError

    def again(self, progress: Progress, here: Setting) -> Answer:
        """The question it is at, for asking it again."""
        raise NotImplementedError

    def why(self, progress: Progress, here: Setting) -> str:
        """Why it asks what it asks."""
        raise NotImplementedError

    def aside(self, said: Understood, progress: Progress, here: Setting) -> str | None:
        """The answer to a question about the journey itself; None for any other message."""
        return None

    def listens(self, said: Understood) -> bool:
        """Whether a message after the outcome is for the journey, whatever else it looks like."""
        return False

    def stop(self, here: Setting) -> str:
        """Leave nothing behind; what is said then."""
        return self.cancelled
