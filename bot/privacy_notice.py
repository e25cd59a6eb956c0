"""The privacy notice as a page: the same promises that visitors read before they leave their details."""

from __future__ import annotations

from html import escape
from pathlib import Path

from guidance import knowledge
from guidance.interest.promise import promise

TEMPLATE = Path(__file__).resolve().parent / "widget" / "privacy.html"


def privacy_notice(contact: str, transcript_days: int) -> str:
    """The page's HTML, with what the settings promise filled in."""
    made = promise()
    values = {
        "version": knowledge.current().interest.version,
        "collector": made.collector,
        "the_collector": made.the_collector,
        "months": str(made.months),
        "transcript_days": str(transcript_days),
        "how": made.how,
        "contact": contact,
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{" + name + "}", escape(value))
    return text
