"""The rule policy's memory: the same rules fit, and each state is compared with all of them once."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.policies.rule_policy import RULES, RulePolicy

from bot.channels.guide import Guide
from bot.runtime.rules import _Remembering

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


def test_memory_is_bounded(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.runtime.rules.MOST_STATES", 3)
    remembering = _Remembering(policy(guide))
    for number in range(10):
        remembering(policy(guide).lookup[RULES], states(f"intent {number}"))
    assert len(remembering._fitting) <= 3
