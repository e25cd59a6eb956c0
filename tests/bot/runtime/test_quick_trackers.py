"""Copies and counting events of conversations: the same as Rasa's own, for whatever happened in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime import quick_trackers
from bot.runtime.recent import mark_stored, states_of
from tests.conftest import PROJECT

KINDS: tuple[dict[str, Any], ...] = (
    {"event": "action", "name": "action_listen"},
    {"event": "action", "name": "action_answer"},
    {"event": "action", "name": "interest_form"},
    {"event": "action", "name": "action_session_start"},
    {"event": "session_started"},
    {"event": "restart"},
    {"event": "rewind"},
    {"event": "undo"},
    {"event": "active_loop", "name": "interest_form"},
    {"event": "active_loop", "name": None},
    {"event": "slot", "name": "conversation", "value": {"asking": "name"}},
    {"event": "bot", "text": "Yes."},
    {"event": "followup", "name": "action_answer"},
    {"event": "pause"},
    {"event": "user", "text": "Is it funded?", "parse_data": {"intent": {"name": "ask_funding"}}},
)
STOCK = quick_trackers._STOCK_APPLIED


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The service's domain."""
    return Domain.load(str(PROJECT / "domain.yml"))


@given(st.lists(st.sampled_from(KINDS), max_size=14))
def test_both_are_as_rasas(domain: Domain, told: list[dict[str, Any]]) -> None:
    tracker = DialogueStateTracker.from_events("hers", deserialise_events(told), domain.slots, domain=domain)
    tracker.model_id = "model"
    assert quick_trackers._applied_events(tracker) == STOCK(tracker)
    stock, mine = tracker.travel_back_in_time(float("inf")), quick_trackers._copy(tracker)
    assert state(mine) == state(stock)


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    found = dict(vars(tracker))
    found["events"] = list(tracker.events)
    found["slots"] = {name: vars(slot) for name, slot in tracker.slots.items()}
    return found


def test_a_copy_goes_its_own_way(domain: Domain) -> None:
    tracker = DialogueStateTracker.from_events("hers", deserialise_events(list(KINDS[:2])), domain.slots)
    tracker.model_id = "model"
    mark_stored(tracker, last=7)
    states_of(tracker)[2] = {}
    before, copied = state(tracker), quick_trackers._copy(tracker)
    for event in deserialise_events(list(KINDS[8:])):
        copied.update(event, domain)
    assert state(tracker) == before
    assert tracker.slots["conversation"].value is None
    assert copied.slots["conversation"].value == {"asking": "name"}
    assert "model_id" not in copied.events[-1].metadata
    assert not [name for name in vars(copied) if name.startswith("npq_")]


@pytest.mark.slow
def test_a_loaded_agent_uses_them(guide: object) -> None:
    assert DialogueStateTracker.copy is quick_trackers._copy
    assert DialogueStateTracker.applied_events is quick_trackers._applied_events
