"""Rasa's own SQL tracker store, without personal details and without giving up when the database does.

Reasons: Rasa stores every text as it was typed and said, in clear; and a database that is down fails every turn,
though questions can be answered without it. Tests fail without each (tests/bot/runtime/test_store.py).
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from actions.privacy import Hidden

logger = logging.getLogger(__name__)
MOST_HELD = 500  # conversations kept in memory while the database is down


class PrivateTrackerStore(SQLTrackerStore):
    """Keeps conversations, and no name, address or number that was left in them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._held: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation; from memory where the database could not take its last turns."""
        if sender_id in self._held:
            return self._held[sender_id]
        try:
            return await super().retrieve(sender_id)
        except SQLAlchemyError as error:
            logger.warning("The database cannot be read (%s); this conversation starts afresh.", type(error).__name__)
            return None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new, with the personal details of the turn left out; hold it in memory where that fails."""
        hidden = privacy.hidden(tracker.sender_id)
        if hidden is not None:
            leave_out(tracker, hidden)
        try:
            await super().save(tracker)
        except SQLAlchemyError as error:
            logger.warning("A turn is held in memory: the database does not take it (%s).", type(error).__name__)
            self._held[tracker.sender_id] = tracker
            self._held.move_to_end(tracker.sender_id)
            while len(self._held) > MOST_HELD:
                self._held.popitem(last=False)
        else:
            self._held.pop(tracker.sender_id, None)


def leave_out(tracker: DialogueStateTracker, hidden: Hidden) -> None:
    """Take the personal details out of the last turn: the visitor's message and everything said since."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.text:
            event.text = hidden.said(event.text)
        elif isinstance(event, UserUttered):
            _leave_out_of_message(event, hidden)
            return


def _leave_out_of_message(event: UserUttered, hidden: Hidden) -> None:
    if event.text:
        event.text = hidden.typed(event.text)
    if hidden.message:
        event.entities = []
    parsed: dict[str, Any] = dict(event.parse_data or {})
    parsed["text"] = event.text
    if hidden.message:
        parsed["entities"] = []
    parsed.pop("text_tokens", None)
    event.parse_data = parsed
