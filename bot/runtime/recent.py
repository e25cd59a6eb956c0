"""A conversation's last turns, and the trackers of conversations that are going on.

Rasa replays all events of a conversation several times a turn, for the policies and for each action: its 500th message
costs ten times as much as its first. Nothing here needs more than the last turns: the rules look back over one, and
what a conversation is about is a slot. So what is worked with is short; what is stored is everything.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 2  # worked with
MOST_TURNS = 4  # then shortened to TURNS: to do so takes as long as a turn's replay
MARKS = ("npq_stored", "npq_last", "npq_states")  # what is noted with a tracker here; a copy has none of it
MOST_LIVE = 200  # conversations held, some 40 KB each


def shortened(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """The tracker with its last turns only, all its slots as they are; the same one when it is short."""
    events = list(tracker.events)
    said = [at for at, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(said) <= MOST_TURNS:
        return tracker
    first = said[-TURNS]
    begun = events[first].timestamp - 0.001  # a conversation's events are in order of time
    start: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=begun),
        SessionStarted(timestamp=begun),
        *(SlotSet(name, value, timestamp=begun) for name, value in _slots_before(events[:first]).items()),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=begun),
    ]
    short = DialogueStateTracker.from_events(tracker.sender_id, [*start, *events[first:]], domain.slots, domain=domain)
    short.model_id, short.assistant_id = tracker.model_id, tracker.assistant_id
    gone = first - len(start)
    short.npq_states = {place - gone: state for place, state in states_of(tracker).items() if place > first}
    return short


def _slots_before(events: list[Event]) -> dict[str, object]:
    """What the slots held, by the events since the last session began (a new session forgets them)."""
    found: dict[str, object] = {}
    for event in events:
        if isinstance(event, SessionStarted):
            found.clear()
        elif isinstance(event, SlotSet):
            found[event.key] = event.value
    return found


class LiveTrackers:
    """Trackers as they were stored last, with the number of their last event. Used under the conversation's lock."""

    def __init__(self) -> None:
        self._live: OrderedDict[str, tuple[int, DialogueStateTracker]] = OrderedDict()

    def keep(self, tracker: DialogueStateTracker, last: int) -> None:
        """Hold a tracker whose last event is stored under this number."""
        self._live[tracker.sender_id] = (last, tracker)
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > MOST_LIVE:
            self._live.popitem(last=False)

    def take(self, sender_id: str, last: int) -> DialogueStateTracker | None:
        """Hand over the tracker when the last stored event is still that one: else somebody else wrote or erased.

        It is no longer held: a turn that fails half-way must not leave its traces in it.
        """
        held = self._live.pop(sender_id, None)
        return held[1] if held is not None and held[0] == last else None

    def drop(self, sender_id: str) -> None:
        """Hold it no longer."""
        self._live.pop(sender_id, None)


def mark_stored(tracker: DialogueStateTracker, count: int | None = None, last: int | None = None) -> None:
    """Remember with a tracker how many of its events (default: all) are stored, so that nobody has to count them.

    `last`: the number of the last stored event of the conversation, 0 before the first, None where nobody knows.
    """
    tracker.npq_stored = len(tracker.events) if count is None else count
    tracker.npq_last = last


def last_seen(tracker: DialogueStateTracker) -> int | None:
    """The number of the last event that was stored when the conversation was read; None where nobody knows."""
    found: int | None = getattr(tracker, "npq_last", None)
    return found


def unstored(tracker: DialogueStateTracker) -> list[Event] | None:
    """The events that are not stored yet; None for a tracker that was never marked."""
    stored = getattr(tracker, "npq_stored", None)
    return None if stored is None else list(islice(tracker.events, stored, None))


def states_of(tracker: DialogueStateTracker) -> dict[int, Any]:
    """The newest states that rules were compared with, by the number of events each came after."""
    if not hasattr(tracker, "npq_states"):
        tracker.npq_states = {}
    found: dict[int, Any] = tracker.npq_states
    return found


def forget_states(tracker: DialogueStateTracker) -> None:
    """They hold what was said."""
    tracker.npq_states = {}
