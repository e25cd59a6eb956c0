"""The first name of a person, as visitors see it."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

from bot.channels.slack.web_api import NotDone, WebApi

NOBODY = "A colleague"
MOST = 20
SECONDS = 3.0  # a press of a button is answered without the name rather than late
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OURS = ("guide", "npq", "bot", "you")  # would be taken for somebody else


async def first_name(api: WebApi, user: str) -> str:
    """From the person's profile in Slack. Not from their handle: `asmith` would show more than the first name."""
    with suppress(NotDone, asyncio.TimeoutError):
        answer = await asyncio.wait_for(api.call("users.info", user=user), SECONDS)
        person = answer.get("user") or {}
        profile = person.get("profile") or {}
        for given in (profile.get("first_name"), profile.get("real_name"), profile.get("display_name")):
            if given and (name := plain(str(given))) != NOBODY:
                return name
    return NOBODY


def plain(text: str) -> str:
    """The first word of a name, with a capital; letters only. `Teak, Ann` is Ann."""
    surname, comma, given = text.partition(",")
    found = _WORD.search(given if comma and given.strip() else surname)
    word = found[0][:MOST] if found else ""
    return word[:1].upper() + word[1:] if len(word) > 1 and word.lower() not in _OURS else NOBODY
