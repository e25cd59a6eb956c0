"""Rasa's own SQL tracker store, without personal details and without giving up when the database does.

Reasons: Rasa stores every text as it was typed and said, in clear; and a database that is down fails every turn,
though questions can be answered without it. Tests fail without each (tests/bot/runtime/test_store.py).
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from actions.privacy import Hidden

logger = logging.getLogger(__name__)
MOST_HELD = 500  # conversations kept in memory while the database is down
MOST_KNOWN = 2000  # conversations whose state is known without it
STATE = "conversation"  # the slot with all that a conversation is about; it never holds personal details


class PrivateTrackerStore(SQLTrackerStore):
    """Keeps conversations, and no name, address or number that was left in them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._held: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._states: OrderedDict[str, Any] = OrderedDict()
        # Begun again while what is stored could not be read: knowing the state of before, or not even that.
        self._unread: set[str] = set()
        self._blind: set[str] = set()
        self._tables = False

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation; from memory where the database could not take its last turns, or cannot be read."""
        held = self._held.get(sender_id)
        if held is not None and sender_id not in self._blind:
            return held
        try:
            stored = await self._stored(sender_id)
        except SQLAlchemyError as error:
            logger.warning("The database cannot be read (%s): a turn goes on from memory.", type(error).__name__)
            if held is None:
                (self._unread if sender_id in self._states else self._blind).add(sender_id)
            if sender_id in self._blind:  # nobody knows whether it answers a question for personal details
                privacy.note(sender_id, True, ())
            return held or self._begun_again(sender_id)
        if stored is not None or held is None:
            self._let_go(sender_id)
            return stored
        return held

    async def _stored(self, sender_id: str) -> DialogueStateTracker | None:
        self._make_tables()
        return await super().retrieve(sender_id)

    def _let_go(self, sender_id: str) -> None:
        self._held.pop(sender_id, None)
        self._unread.discard(sender_id)
        self._blind.discard(sender_id)

    def forget(self, sender_id: str) -> None:
        """Drop what memory holds of a conversation."""
        self._let_go(sender_id)
        self._states.pop(sender_id, None)

    def _make_tables(self) -> None:
        """Rasa makes its table at start only; this also after a start without the database."""
        if not self._tables:
            self.Base.metadata.create_all(self.engine)
            self._tables = True

    def _begun_again(self, sender_id: str) -> DialogueStateTracker | None:
        """A new session of Rasa's in the same conversation: its earlier words are not known, what it is about is."""
        if sender_id not in self._states:
            return None
        start = (
            ActionExecuted(ACTION_SESSION_START_NAME),
            SessionStarted(),
            SlotSet(STATE, self._states[sender_id]),
            ActionExecuted(ACTION_LISTEN_NAME),
        )
        return DialogueStateTracker.from_events(sender_id, list(start), self.domain.slots, domain=self.domain)

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterator[Event]:
        """What is not stored yet: all of a conversation that went on without what is stored."""
        if tracker.sender_id in self._unread or tracker.sender_id in self._blind:
            return iter(tracker.events)
        events: Iterator[Event] = super()._additional_events(session, tracker)
        return events

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new, with the personal details of the turn left out; hold it in memory where that fails."""
        hidden = privacy.hidden(tracker.sender_id, last_said(tracker))
        if hidden is not None:
            leave_out(tracker, hidden)
        try:
            # What went on without knowing the conversation gives way to what is stored of it.
            if tracker.sender_id not in self._blind or await self._stored(tracker.sender_id) is None:
                self._make_tables()
                await super().save(tracker)
                self._states[tracker.sender_id] = tracker.get_slot(STATE)
                _shorten(self._states, tracker.sender_id, MOST_KNOWN)
        except SQLAlchemyError as error:
            logger.warning("A turn is held in memory: the database does not take it (%s).", type(error).__name__)
            self._held[tracker.sender_id] = tracker
            for dropped in _shorten(self._held, tracker.sender_id, MOST_HELD):
                self._let_go(dropped)
        else:
            self._let_go(tracker.sender_id)


def _shorten(kept: OrderedDict[str, Any], newest: str, most: int) -> list[str]:
    """Drop those used longest ago; returns which."""
    kept.move_to_end(newest)
    return [kept.popitem(last=False)[0] for _ in range(len(kept) - most)]


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
