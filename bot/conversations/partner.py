"""Whom a scripted conversation talks to: the guide in this process (`in_process`) or a deployed one (`remote`)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Protocol


class Away(Exception):
    """Nobody there to talk to; the text says why and what to do."""


class Partner(Protocol):
    """Answers messages and tells how it understood them."""

    def on(self, day: date, schools: Sequence[Path] = ()) -> AbstractContextManager[None]:
        """While it lasts, it is that day for the guide, which knows those files of schools, where that can be set."""
        ...

    async def new_session(self) -> str:
        """A session nobody used before."""
        ...

    async def say(self, session: str, text: str, channel: str) -> dict[str, Any]:
        """The reply to a message, as `npq ask --json` gives it."""
        ...

    async def details(self, session: str) -> dict[str, Any]:
        """How the last message was understood: `entities`, `rule`, `facts`; empty where that is not known."""
        ...
