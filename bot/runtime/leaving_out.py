"""Takes personal details out of a turn before it is stored."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.privacy import Hidden


def last_said(tracker: DialogueStateTracker) -> str:
    """The visitor's last message."""
    said = (event.text for event in reversed(tracker.events) if isinstance(event, UserUttered))
    return next(said, None) or ""


def leave_out(tracker: DialogueStateTracker, hidden: Hidden) -> None:
    """Take the personal details out of the last turn: the visitor's message and everything said since."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            event.text = hidden.said(event.text) if event.text else event.text
            if buttons := (event.data or {}).get("buttons"):
                event.data["buttons"] = hidden.offered(buttons)
        elif isinstance(event, UserUttered):
            _leave_out_of_message(event, hidden)
            return


def _leave_out_of_message(event: UserUttered, hidden: Hidden) -> None:
    if event.text:
        event.text = hidden.typed(event.text)
    parsed: dict[str, Any] = dict(event.parse_data or {})
    parsed["text"] = event.text
    event.entities = parsed["entities"] = [] if hidden.message else hidden.found(event.entities or [])
    parsed.pop("text_tokens", None)
    event.parse_data = parsed
