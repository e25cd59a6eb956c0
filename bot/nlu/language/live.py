"""The guide for the knowledge being served: rebuilt when the knowledge changes."""

from __future__ import annotations

import os
from datetime import date

from bot.nlu.encoder import session
from bot.nlu.language.guide import Guide
from guidance.knowledge import Knowledge, current

_guides: list[Guide] = []


def guide(knowledge: Knowledge | None = None) -> Guide:
    """The guide for ``knowledge`` (default: the live one); comparing versions costs a microsecond."""
    knowledge = knowledge or current()
    if not _guides or _guides[0].version != knowledge.version:
        _guides[:] = [Guide(knowledge, session.active().words())]
    return _guides[0]


def today() -> date:
    """The day questions are asked: ``NPQ_TODAY`` when set, so that tests do not age."""
    named = os.environ.get("NPQ_TODAY")
    return date.fromisoformat(named) if named else date.today()
