"""The rule policy's memory: the same rules fit, and each state is compared with all of them once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.events import deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.guide import Guide
from bot.runtime.rules import _Remembering, all_name_intents

pytestmark = pytest.mark.slow


def policy(guide: Guide) -> RulePolicy:
    nodes = guide.agent.processor.graph_runner._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, RulePolicy))


def states(intent: str, before: str | None = None) -> list[dict[str, Any]]:
    listening = {"prev_action": {"action_name": "action_listen"}}
    asked = {**listening, "user": {"intent": intent}}
    if before is None:
        return [{}, asked]
    return [{}, {**listening, "user": {"intent": before}}, {"prev_action": {"action_name": "action_answer"}}, asked]


@pytest.mark.parametrize(
    "said", [states("ask_funding"), states("greet", "ask_funding"), states("no_such"), [{}], []], ids=str
)
def test_the_same_rules_fit(guide: Guide, said: list[dict[str, Any]]) -> None:
    mine, lookup = policy(guide), policy(guide).lookup[RULES]
    expected = RulePolicy._get_possible_keys(mine, lookup, said)
    for _ in range(2):
        assert mine._get_possible_keys(lookup, said) == expected
    assert lookup


def test_the_loaded_policy_compares_a_state_once(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = policy(guide)
    assert isinstance(mine._get_possible_keys, _Remembering)
    mine._get_possible_keys._fitting.clear()  # what other tests said
    said = states("ask_dates")
    mine._get_possible_keys(mine.lookup[RULES], said[-1:])
    compared: list[str] = []
    monkeypatch.setattr(RulePolicy, "_is_rule_applicable", lambda self, key, *_: compared.append(key) or True)
    mine._get_possible_keys(mine.lookup[RULES], said[-1:])
    assert compared == []
    mine._get_possible_keys(mine.lookup[RULES], states("ask_cost")[-1:])
    assert compared


def test_what_no_rule_asks_about_makes_no_new_state(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    remembering, lookup = _Remembering(policy(guide)), policy(guide).lookup[RULES]

    def said(text: str, intent: str | None = None) -> list[dict[str, Any]]:
        return [{"prev_action": {"action_name": "action_listen"}, "user": {"text": text, "intent": intent}}]

    expected = remembering(lookup, said("Is NPQH funded?"))
    compared: list[str] = []
    fits = RulePolicy._is_rule_applicable
    monkeypatch.setattr(RulePolicy, "_is_rule_applicable", lambda self, *of: compared.append(of[0]) or fits(self, *of))
    assert remembering(lookup, said("How long does NPQSL take?")) == expected
    assert compared == []
    assert remembering(lookup, said("Is NPQH funded?", "ask_funding")) != expected
    assert compared


def test_the_beginning_of_a_conversation_is_no_other_state(guide: Guide) -> None:
    remembering, mine = _Remembering(policy(guide)), policy(guide)
    lookup = mine.lookup[RULES]
    for state in ({"user": {"intent": "greet"}}, {"prev_action": {"action_text": "Hi"}, "user": {"intent": "greet"}}):
        assert remembering(lookup, [state]) == RulePolicy._get_possible_keys(mine, lookup, [state])


def test_without_rules_for_words_none_is_looked_for(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = policy(guide)
    listening = {"event": "action", "name": "action_listen"}
    said = {"event": "user", "text": "Is NPQH funded?", "parse_data": {"intent": {"name": "ask_funding"}}}
    tracker = DialogueStateTracker.from_dict("hers", [listening, said], guide.agent.domain.slots)
    stock = RulePolicy._find_action_from_rules
    assert stock(mine, tracker, guide.agent.domain, True)[0] is None
    by_intent = stock(mine, tracker, guide.agent.domain, False)
    assert by_intent[0] == "action_answer"
    assert mine._find_action_from_rules(tracker, guide.agent.domain, False) == by_intent
    built: list[object] = []
    monkeypatch.setattr(mine, "_prediction_states", lambda *a, **k: built.append(a) or [])
    found = mine._find_action_from_rules(tracker, guide.agent.domain, use_text_for_last_user_input=True)
    assert found == (None, None, False)
    assert built == []
    tracker.change_loop_to("interest_form")
    mine._find_action_from_rules(tracker, guide.agent.domain, use_text_for_last_user_input=True)
    assert built


@pytest.mark.parametrize(
    ("newest", "safe"),
    [
        ({"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}, True),
        ({"prev_action": {"action_name": "action_answer"}}, True),
        ({"prev_action": {"action_name": "action_listen"}, "user": {"text": "hello"}}, False),
        ({"prev_action": {"action_name": "action_listen"}}, False),
        ({"user": {"text": "hello"}}, False),
        ({"prev_action": {"action_text": "Hi"}}, False),
    ],
)
def test_a_rule_for_words_is_noticed(newest: dict[str, Any], safe: bool) -> None:
    good = json.dumps([{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}])
    assert all_name_intents([good, json.dumps([{}, newest])]) is safe


def test_memory_is_bounded(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.runtime.rules.MOST_STATES", 3)
    remembering = _Remembering(policy(guide))
    for number in range(10):
        remembering(policy(guide).lookup[RULES], states(f"intent {number}"))
    assert len(remembering._fitting) <= 3


TURN = [
    {"event": "action", "name": "action_listen"},
    {"event": "user", "text": "Is NPQH funded?", "parse_data": {"intent": {"name": "ask_funding"}}},
    {"event": "action", "name": "action_answer"},
    {"event": "bot", "text": "Yes."},
]
BEGUN = [{"event": "action", "name": "action_session_start"}, {"event": "session_started"}]


@pytest.mark.parametrize(
    "told",
    [
        [*TURN * 3, *TURN[:2]],
        [*BEGUN, *TURN, *TURN[:2]],
        [*TURN * 2, *BEGUN, *TURN, *TURN[:3]],
        [*TURN, {"event": "restart"}, *TURN, *TURN[:2]],
        [*TURN * 2, *TURN[:2], {"event": "rewind"}, *TURN[:2]],
        [*TURN, *TURN[:2], {"event": "active_loop", "name": "interest_form"}, *TURN[2:], *TURN[:2]],
        TURN[:2],
        [],
    ],
    ids=["long", "begun", "begun again", "restarted", "taken back", "in a form", "short", "empty"],
)
def test_only_states_that_rules_can_look_at_are_made(
    guide: Guide, monkeypatch: pytest.MonkeyPatch, told: list[dict[str, Any]]
) -> None:
    mine, domain = policy(guide), guide.agent.domain
    tracker = DialogueStateTracker.from_dict("newest", told, domain.slots)
    every = RulePolicy._prediction_states(mine, tracker, domain)
    made: list[Any] = []
    state_of = type(domain).get_active_state
    monkeypatch.setattr(type(domain), "get_active_state", lambda self, of, **_: made.append(of) or state_of(self, of))
    newest = mine._prediction_states(tracker, domain)
    longest = max(len(json.loads(key)) for key in mine.lookup[RULES])
    assert newest == every[-longest:]
    assert len(made) == min(longest, len(every))


@pytest.mark.parametrize(
    ("later", "made_anew"),
    [
        ([TURN[2]], 1),
        ([*TURN[2:], TURN[0]], 2),
        ([{"event": "rewind"}], 3),
        ([*TURN[2:], {"event": "undo"}], 3),
        ([{"event": "active_loop", "name": "interest_form"}, {"event": "action", "name": "interest_form"}], 3),
        ([*TURN[2:], *BEGUN], 1),
        ([{"event": "user_featurization", "use_text_for_featurization": False}, TURN[2]], 1),
        ([{"event": "user_featurization", "use_text_for_featurization": True}, TURN[2]], 1),
        ([{"event": "user_featurization", "use_text_for_featurization": False}, *TURN[2:], *TURN[:2]], 2),
    ],
    ids=[
        "an action",
        "two actions",
        "taken back",
        "undone",
        "in a form",
        "begun again",
        "by meaning",
        "by words",
        "one more turn",
    ],
)
def test_a_state_once_made_is_not_made_again(
    guide: Guide, monkeypatch: pytest.MonkeyPatch, later: list[dict[str, Any]], made_anew: int
) -> None:
    mine, domain = policy(guide), guide.agent.domain
    tracker = DialogueStateTracker.from_dict("newest", [*BEGUN, *TURN, *TURN[:2]], domain.slots)
    mine._prediction_states(tracker, domain)
    for event in deserialise_events(later):
        tracker.update(event, domain)
    longest = max(len(json.loads(key)) for key in mine.lookup[RULES])
    every = RulePolicy._prediction_states(mine, tracker, domain)
    made: list[Any] = []
    state_of = type(domain).get_active_state
    monkeypatch.setattr(type(domain), "get_active_state", lambda self, of, **_: made.append(of) or state_of(self, of))
    assert mine._prediction_states(tracker, domain) == every[-longest:]
    assert len(made) <= made_anew
