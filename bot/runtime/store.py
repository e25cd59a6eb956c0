"""Rasa's own SQL tracker store, without personal details, without giving up when the database does, and quick.

Reasons: Rasa stores every text as it was typed and said, in clear; a database that is down fails every turn, though
questions can be answered without it; and Rasa reads and counts all events of a conversation in every turn and writes
each by itself. Tests fail without each (tests/bot/runtime/test_store.py, test_store_speed.py).
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from typing import Any

import sqlalchemy as sa
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from bot.runtime.beside import NOTHING, Beside, BesideTurns
from bot.runtime.leaving_out import last_said, leave_out
from bot.runtime.recent import LiveTrackers, forget_states, last_seen, mark_stored, shortened, unstored
from bot.runtime.rows import row, without_stored

logger = logging.getLogger(__name__)
MOST_HELD = 500  # conversations kept in memory while the database is down
MOST_KNOWN = 2000  # conversations whose state is known without it
STATE = "conversation"  # the slot with all that a conversation is about; it never holds personal details


class AnsweredBefore(Exception):
    """The message was answered before, which could not be looked up when it came."""


class Overtaken(Exception):
    """Another process has written to the conversation since it was read: what was made of it is not stored."""


class PrivateTrackerStore(SQLTrackerStore):
    """Keeps conversations, and no name, address or number that was left in them.

    `shared`: other processes write to the same conversations. Then each write looks whether somebody was faster.
    """

    def __init__(self, *, shared: bool = False, **settings: Any) -> None:
        super().__init__(**settings)
        self.shared = shared
        self._held: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._states: OrderedDict[str, Any] = OrderedDict()
        # Begun again while what is stored could not be read: knowing the state of before, or not even that.
        self._unread: set[str] = set()
        self._blind: set[str] = set()
        self._doubted: dict[str, str] = {}
        self._tables = False
        # Made once: to build a statement takes longer than to run it.
        events = self.SQLEvent.__table__
        mine = events.c.sender_id == sa.bindparam("of")
        # Not max(): that would look at every event of the conversation.
        self._newest = sa.select(events.c.id).where(mine).order_by(events.c.id.desc()).limit(1)
        self._add = events.insert()
        self._live = LiveTrackers()
        self.beside = BesideTurns()

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new conversation. Rasa stores it at once, empty; here its first turn is the first thing stored."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        mark_stored(tracker, 0, None if sender_id in self._blind else 0)
        return tracker

    def doubt(self, sender_id: str, key: str | None) -> None:
        """Whether the message about to be handled was answered before is not known (or no longer of interest: None).

        An answer to the form's last question that comes again must not be taken for the answer to the next one.
        """
        if key is None:
            self._doubted.pop(sender_id, None)
        else:
            self._doubted[sender_id] = key

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation; from memory where the database could not take its last turns, or cannot be read.

        Raises:
            AnsweredBefore: the message in doubt is stored with its answer. Sent again, it gets that.
        """
        held = self._held.get(sender_id)
        if held is not None and sender_id not in self._blind and not self.shared:
            return held
        try:
            if held is not None and self.shared:  # others may have gone on with it meanwhile
                self._give_back(held)
                held = None
            stored = await self._stored(sender_id)
        except SQLAlchemyError as error:
            logger.warning("The database cannot be read (%s): a turn goes on from memory.", type(error).__name__)
            if held is None:
                (self._unread if sender_id in self._states else self._blind).add(sender_id)
            if sender_id in self._blind:  # nobody knows whether it answers a question for personal details
                privacy.note(sender_id, True, ())
            return held or self._begun_again(sender_id)
        if stored is not None and sender_id in self._doubted:
            await self._refuse_known(sender_id, self._doubted[sender_id])
        if stored is not None or held is None:
            self._let_go(sender_id)
            return stored
        return held

    async def _refuse_known(self, sender_id: str, key: str) -> None:
        whole = await self.retrieve_full_tracker(sender_id)
        events = whole.events if whole is not None else ()
        if any(isinstance(event, UserUttered) and event.message_id == key for event in events):
            raise AnsweredBefore

    async def _stored(self, sender_id: str) -> DialogueStateTracker | None:
        self._make_tables()
        last = self._last(sender_id)
        if last is None:
            self._live.drop(sender_id)
            return None
        tracker = self._live.take(sender_id, last)
        if tracker is None:
            whole = await super().retrieve(sender_id)
            if whole is None:
                return None
            tracker = shortened(whole, self.domain)
        mark_stored(tracker, last=last)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """As Rasa's, with a quick answer for a conversation of which nothing is stored."""
        self._make_tables()
        return await super().retrieve_full_tracker(conversation_id) if self._last(conversation_id) else None

    def _last(self, sender_id: str) -> int | None:
        """The number of a conversation's last stored event: another process may have written it, or erased all."""
        with self.engine.connect() as connection:
            return self._last_in(connection, sender_id)

    def _last_in(self, connection: sa.engine.Connection, sender_id: str) -> int | None:
        found: int | None = connection.execute(self._newest, {"of": sender_id}).scalar()
        return found

    def heard(self, sender_id: str, after: int = 0) -> tuple[int, set[str]]:
        """The keys of the messages stored after an event's number, by whichever process, and the last one's number.

        Raises:
            SQLAlchemyError: the database cannot be read.
        """
        self._make_tables()
        events = self.SQLEvent.__table__
        mine = (events.c.sender_id == sender_id) & (events.c.id > after) & (events.c.type_name == UserUttered.type_name)
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(events.c.id, events.c.data).where(mine).order_by(events.c.id)).all()
        keys = {json.loads(data).get("message_id") for _, data in found}
        return (found[-1][0] if found else after), keys - {None}

    def _let_go(self, sender_id: str) -> None:
        self._held.pop(sender_id, None)
        self._unread.discard(sender_id)
        self._blind.discard(sender_id)

    def forget(self, sender_id: str) -> None:
        """Drop what memory holds of a conversation."""
        self._let_go(sender_id)
        self._live.drop(sender_id)
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

    def _unstored(self, tracker: DialogueStateTracker) -> list[Event]:
        """What is not stored yet: all of a conversation that went on without what is stored."""
        new = list(tracker.events)
        if tracker.sender_id not in self._unread and tracker.sender_id not in self._blind:
            marked = unstored(tracker)
            if marked is None:  # not one of ours: Rasa counts what is there
                with self.session_scope() as session:
                    return list(super()._additional_events(session, tracker))
            new = marked
        if tracker.sender_id in self._held:  # the database may have taken a turn and gone away before it said so
            new = without_stored(new, self.heard(tracker.sender_id)[1])
        return new

    def _write(self, tracker: DialogueStateTracker, beside: Beside = NOTHING) -> None:
        """Store what is new in one transaction, all events but the last in one statement."""
        new = self._unstored(tracker)
        if new:
            rows = [row(tracker.sender_id, event) for event in new]
            with self.engine.begin() as connection:
                if self.shared and (seen := last_seen(tracker)) is not None:
                    self._be_first(connection, tracker.sender_id, seen)
                if rows[1:]:
                    connection.execute(self._add, rows[:-1])
                last = int(connection.execute(self._add, rows[-1]).inserted_primary_key[0])
                beside.write(connection)
            beside.committed()
            self._keep(tracker, last, new)

    def _be_first(self, connection: sa.engine.Connection, sender_id: str, seen: int) -> None:
        """Let no other process write to the conversation until the transaction ends.

        Raises:
            Overtaken: one has done so before.
        """
        if connection.dialect.name == "postgresql":
            number = sa.func.hashtextextended(sender_id, 0)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
        if (self._last_in(connection, sender_id) or 0) != seen:
            raise Overtaken

    def _give_back(self, held: DialogueStateTracker) -> None:
        """Store what was held while the database was away; where others went on meanwhile, only what was said.

        Raises:
            SQLAlchemyError: it is still away.
        """
        self._make_tables()
        try:
            if self._gone_on(held):
                raise Overtaken
            self._write(held)
        except Overtaken:
            self._add_said(held)
        self._let_go(held.sender_id)

    def _gone_on(self, held: DialogueStateTracker) -> bool:
        """Whether others wrote to a conversation that was begun again without reading it."""
        events = self.SQLEvent.__table__
        mine = events.c.sender_id == held.sender_id
        if held.sender_id in self._unread:
            mine &= events.c.timestamp > held.events[0].timestamp
        elif held.sender_id not in self._blind:
            return False
        with self.engine.connect() as connection:
            return connection.execute(sa.select(events.c.id).where(mine).limit(1)).first() is not None

    def _add_said(self, held: DialogueStateTracker) -> None:
        """Slots and beginnings are left out: the conversation is where the others have brought it."""
        kinds = (UserUttered, ActionExecuted, BotUttered)
        new = [event for event in self._unstored(held) if isinstance(event, kinds)]
        rows = [
            row(held.sender_id, event)
            for event in new
            if getattr(event, "action_name", None) != ACTION_SESSION_START_NAME
        ]
        self._live.drop(held.sender_id)
        if rows:
            with self.engine.begin() as connection:
                connection.execute(self.SQLEvent.__table__.insert(), rows)

    async def give_back(self, locks: LockStore) -> None:
        """Store what is held in memory, now that the database may be back. Conversations in progress are waited for."""
        for sender_id in list(self._held):
            async with locks.lock(sender_id):
                if (held := self._held.get(sender_id)) is not None:
                    try:
                        self._give_back(held)
                    except SQLAlchemyError:
                        return

    def _keep(self, tracker: DialogueStateTracker, last: int, new: list[Event]) -> None:
        """Hold what is stored now, for the next turn."""
        mark_stored(tracker, last=last)
        if any(isinstance(event, SessionStarted) for event in new) and len(new) < len(tracker.events):
            self._live.drop(tracker.sender_id)  # what was before the new session is not read again
            return
        short = shortened(tracker, self.domain)
        mark_stored(short, last=last)
        self._live.keep(short, last)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new, with the personal details of the turn left out; hold it in memory where that fails."""
        hidden = privacy.hidden(tracker.sender_id, last_said(tracker))
        if hidden is not None:
            leave_out(tracker, hidden)
            forget_states(tracker)
        try:
            # What went on without knowing the conversation gives way to what is stored of it.
            if tracker.sender_id not in self._blind or await self._stored(tracker.sender_id) is None:
                self._make_tables()
                await self.stream_events(tracker)
                self._write(tracker, self.beside.take(tracker.sender_id))
                self._states[tracker.sender_id] = tracker.get_slot(STATE)
                _shorten(self._states, tracker.sender_id, MOST_KNOWN)
            elif self.shared:
                self._add_said(tracker)
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
