"""What the page shows: the conversation so far, the next choices, an error if there is one. All text is escaped."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from actions.privacy import LEFT_OUT
from bot.channels.events import turns_after
from bot.channels.gate import MOST_CHARACTERS
from bot.channels.guide import Guide

FOLDER = Path(__file__).resolve().parent
STARTERS = (
    "Which NPQ is right for me?",
    "Can I get funding for an NPQ?",
    "When do the next NPQs start?",
    "How do I apply for an NPQ?",
    "Register your interest",
)
# What a browser may fill in, by the detail that is asked for.
PURPOSES = {"name": "name", "email": "email", "phone": "tel", "role": "organization-title", "school": "organization"}
NOTES = {
    "ended": "Your earlier chat had ended because it was not used for a while. This is a new one.",
    "over": "You started over. Ask a new question.",
    "deleted": "Your chat was deleted. If you sent an expression of interest, it is still kept: write “delete my "
    "details” and its reference to have it removed.",
}
AWAY = "The earlier part of this chat cannot be shown now. You can go on all the same."


@dataclass(frozen=True)
class Shown:
    """Which page. `typed` stays in the box; `error` says what was wrong with it."""

    conversation: str | None = None
    typed: str = ""
    error: str = ""
    note: str = ""
    deleting: bool = False


class Pages:
    """Renders pages for a guide."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        made = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        made.filters["time"] = lambda at: datetime.fromisoformat(at).strftime("%H:%M") if at else ""
        made.filters["safe_link"] = safe_link
        self._template = made.get_template("page.html")

    def render(self, shown: Shown) -> str:
        """The page as HTML."""
        turns, away = self._turns(shown.conversation) if shown.conversation else ([], False)
        last = turns[-1] if turns else None
        buttons = last["buttons"] if last else [{"title": text, "payload": text} for text in STARTERS]
        asking = last["asking"] if last else None
        return self._template.render(
            turns=turns,
            buttons=buttons,
            purpose=PURPOSES.get(asking or ""),
            asking=asking,
            key=secrets.token_urlsafe(12),
            most=MOST_CHARACTERS,
            shown=shown,
            note=NOTES.get(shown.note, AWAY if away else ""),
            hidden=any(LEFT_OUT in text for text in last["messages"]) if last else False,
            contact=self._guide.contact,
        )

    def _turns(self, conversation: str) -> tuple[list[dict[str, Any]], bool]:
        """The turns in the record and those that could not be stored, and whether the record is away."""
        turns: list[dict[str, Any]] = []
        away = False
        try:
            while found := turns_after(self._guide, conversation, turns[-1]["id"] if turns else 0):
                turns += found
        except SQLAlchemyError:
            away = True
        known = {turn["key"] for turn in turns}
        for key, reply in self._guide.lately(conversation).items():
            if key not in known and reply.status != "error":
                turns.append({**reply.to_dict(), "said": None, "at": None, "key": key})
        return turns, away


def safe_link(url: str | None) -> str | None:
    """An address that a browser may be sent to; None for anything but https."""
    try:
        return url if url and urlsplit(url).scheme == "https" else None
    except ValueError:
        return None
