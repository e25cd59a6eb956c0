"""Where something was said in Slack, and which conversation with the guide that is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

TALK = "talk:"  # begins the name of a row of choices
_ROW = re.compile(TALK + r"(slack-[0-9a-f]{40})")


@dataclass(frozen=True)
class Place:
    """A direct message, a thread, or what only one person sees.

    `thread`: the time of its first message. `known`: the conversation, where a button names it.
    """

    team: str
    channel: str
    thread: str | None = None
    only_for: str | None = None
    known: str | None = None

    @classmethod
    def of_message(cls, body: dict[str, Any]) -> Place:
        """Of a message: its thread; in a channel it begins one."""
        return cls(body["team"], body["channel"], body["thread_ts"] or (None if body["direct"] else body["ts"]))

    @classmethod
    def of_press(cls, body: dict[str, Any]) -> Place:
        """Of a button: where its message is."""
        if body["ephemeral"]:
            found = _ROW.fullmatch(body.get("row") or "")
            return cls(body["team"], body["channel"], only_for=body["user"], known=found[1] if found else None)
        return cls(body["team"], body["channel"], body["thread_ts"])

    @property
    def direct(self) -> bool:
        """Whether nobody else reads along."""
        return self.only_for is not None or self.channel.startswith("D")

    @property
    def talk(self) -> str:
        """Within which the order of messages counts."""
        return f"{self.team}:{self.channel}:{self.thread or self.only_for or ''}"[:120]

    @property
    def key(self) -> str:
        """The thread, as it is remembered."""
        return f"{self.team}:{self.channel}:{self.thread}"[:120]

    def session(self) -> str:
        """The conversation: one a thread; elsewhere one a day, as what was asked yesterday is no context any more."""
        if self.known:
            return self.known
        day = "" if self.thread else f"{datetime.now(timezone.utc):%Y-%m-%d}"
        return "slack-" + hashlib.sha256(f"{self.talk}/{day}".encode()).hexdigest()[:40]
