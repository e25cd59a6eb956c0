"""Events as rows of the database, and which of them need not be written again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from rasa.shared.core.events import Event, UserUttered


def row(sender_id: str, event: Event) -> dict[str, Any]:
    """An event as Rasa stores it."""
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def without_stored(events: Iterable[Event], keys: Collection[str]) -> list[Event]:
    """The events without the turns whose messages are stored under one of these keys."""
    kept, stored = [], False
    for event in events:
        if isinstance(event, UserUttered):
            stored = event.message_id in keys
        if not stored:
            kept.append(event)
    return kept
