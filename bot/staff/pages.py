"""Renders the pages of staff. All text is escaped; no page has a script or style of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sanic.response import HTTPResponse, html

from bot.channels.faults import PRIVATE
from bot.report.figures import UK
from bot.report.page import environment
from bot.report.tables import CHANNELS, STATUSES
from bot.staff.roles import ROUTES, may
from bot.staff.sessions import form_token
from bot.staff.users import User
from guidance import knowledge

FOLDER = Path(__file__).resolve().parent
# `same-origin`, because browsers then say in `Origin` where a form comes from.
HEADERS = {
    **PRIVATE,
    "Vary": "Cookie",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
}
WRITTEN_TIME = re.compile(r"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d{6})?(Z|[+-]\d\d:\d\d)")
MENU = {
    "report": "Report", "conversations": "Conversations", "interests": "Expressions of interest", "users": "Users",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What is wrong, in a sentence, and the field it is about."""

    words: str
    field: str = ""


class Pages:
    """The pages."""

    def __init__(self) -> None:
        made = environment(FOLDER / "templates")
        made.filters["when"] = when
        made.filters["moment"] = moment
        made.filters["status"] = lambda name: STATUSES.get(name, name)
        made.filters["topic"] = topic_title
        made.filters["channel"] = lambda name: CHANNELS.get(name, name)
        self._made = made

    def show(
        self, template: str, user: User | None, token: str, status: int = 200, headers: dict[str, str] | None = None,
        *, title: str, problem: Problem | None = None, **shown: Any,
    ) -> HTTPResponse:  # fmt: skip
        """A page, for somebody who is signed in or not."""
        menu = [(name, called) for name, called in MENU.items() if user and may(user.roles, ROUTES[name])]
        text = self._made.get_template(template).render(
            user=user, menu=menu, title=title, problem=problem, form_token=form_token(token), **shown
        )
        return html(text, status=status, headers={**HEADERS, **(headers or {})})


def when(at: datetime) -> str:
    """A time as people in the UK read it."""
    return f"{at.astimezone(UK).day} {at.astimezone(UK):%b %Y, %H:%M}"


def moment(text: str) -> str:
    """A time written as in JSON (2026-11-29T21:24:00+00:00), as people read it; any other text as it is."""
    if not WRITTEN_TIME.fullmatch(text):
        return text
    return when(datetime.fromisoformat(text.replace("Z", "+00:00")))


def topic_title(name: str) -> str:
    """What people call a topic."""
    known = knowledge.current().topics.get(name)
    return known.title if known else name


def see(address: str) -> HTTPResponse:
    """Go on there."""
    return HTTPResponse(status=303, headers={**HEADERS, "Location": address})
