"""Rasa's rule policy with a memory for which rules fit the newest state of a conversation.

Three times a turn stock Rasa compares that state with every rule there is, in Python; nearly all fail at once, and the
same few hundred states come again and again. Older states are compared as before, with the rules that are left.

Before the rules for what a message means Rasa looks for rules for its very words, and builds all states for that. Where
every rule that may follow a message names an intent, as here, there is nothing to find outside a form.

A state is made for each action of a conversation, twice a turn, by replaying it all; no rule looks further back than it
is long, so only the newest are made, each once: what was the newest state at an earlier prediction is one of the older
ones now.

States are the same when they agree in what rules ask about. The rest, such as the text of a message, which no rule
here names, differs nearly every time: with it, one message in three was compared with every rule after all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.runtime.quick_trackers import BEGINNINGS, TAKING_BACK
from bot.runtime.recent import states_of

MOST_STATES = 2000
_BY_WORDS_OR_MEANING = DefinePrevUserUtteredFeaturization

Asked = list[tuple[str, str]]  # a part of a state ("user") and a key of it ("intent")


def hasten(runner: GraphRunner) -> None:
    """Give the rule policies of a loaded model this memory; one being trained, whose rules still change, has none."""
    for node in runner._instantiated_nodes.values():
        if isinstance(node._component, RulePolicy):
            policy = node._component
            policy._get_possible_keys = _Remembering(policy)
            policy._prediction_states = _Newest(policy)
            if all_name_intents(policy.lookup[RULES]):
                policy._find_action_from_rules = _ByIntent(policy)


class _ByIntent:
    """Finds an action by rules, without looking for one by a message's very words."""

    def __init__(self, policy: RulePolicy) -> None:
        self._find = policy._find_action_from_rules

    def __call__(self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool) -> Any:
        """As Rasa's: the action (or None), the rule that names it, whether a form was left and is returned to."""
        if use_text_for_last_user_input and not tracker.active_loop_name:
            return None, None, False
        return self._find(tracker, domain, use_text_for_last_user_input)


class _Newest:
    """The states of a conversation that rules can look at."""

    def __init__(self, policy: RulePolicy) -> None:
        self._choose = policy.featurizer._choose_last_user_input
        self._most = max((len(json.loads(key)) for key in _keys(policy.lookup)), default=1)

    def __call__(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """As Rasa's `states_for_tracker_history`, the last ones."""
        known, places = states_of(tracker), self._places(tracker, domain)
        _describe_again(tracker, domain, known, places)
        if places and all(place in known for place in places[:-1]):
            newest = domain._clean_state(domain.get_active_state(tracker))
            states = [*(known[place] for place in places[:-1]), newest]
        else:
            states = self._replayed(tracker, domain)
        known[len(tracker.events)] = states[-1]
        states = [{part: dict(told) for part, told in state.items()} for state in states]  # one is changed now
        self._choose([states], use_text_for_last_user_input)
        return states

    def _places(self, tracker: DialogueStateTracker, domain: Domain) -> list[int]:
        """After how many events each of these states was the newest; none when events among them took some back."""
        places = [len(tracker.events)]
        for place, event in zip(reversed(range(len(tracker.events))), reversed(tracker.events), strict=True):
            # By type, not isinstance(): Rasa's events are abstract classes, and asking those takes ten times as long.
            kind = type(event)
            if len(places) == self._most or kind in BEGINNINGS:
                break
            if kind in TAKING_BACK or (kind is ActionExecuted and event.action_name in domain.form_names):
                return []
            if kind is ActionExecuted:
                places.append(place)
        return places[::-1]

    def _replayed(self, tracker: DialogueStateTracker, domain: Domain) -> list[State]:
        events = tracker.applied_events()
        past = sum(type(event) is ActionExecuted for event in events)
        states, before = [], tracker.init_copy()
        for event in events:
            kind = type(event)
            if kind is BotUttered:
                continue  # changes nothing of a state
            if kind is ActionExecuted:
                if past < self._most:
                    states.append(domain._clean_state(domain.get_active_state(before)))
                past -= 1
            before.update(event)
        states.append(domain._clean_state(domain.get_active_state(before)))
        return states


def _describe_again(
    tracker: DialogueStateTracker, domain: Domain, known: dict[int, State], places: Sequence[int]
) -> None:
    """A policy has said since whether the last message counts by its words or its meaning; its state is known so."""
    for place in places[:-1]:
        if place in known or place - 1 not in known or type(tracker.events[place - 1]) is not _BY_WORDS_OR_MEANING:
            continue
        if not any(type(event) is UserUttered for event in islice(tracker.events, place, None)):
            user = domain._get_user_sub_state(tracker)
            known[place] = domain._clean_state({**known[place - 1], USER: user})


def _keys(lookup: dict[str, Any]) -> list[str]:
    """All rules' keys, of every kind that are compared with states."""
    return [key for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in lookup.get(kind, {})]


def all_name_intents(rules: Iterable[str]) -> bool:
    """Whether a rule fits a state with a message only by its intent: else its text might be enough for one."""
    newest = (json.loads(rule)[-1] for rule in rules)
    return all(state.get(USER, {}).get(INTENT) for state in newest if _may_follow_a_message(state))


def _may_follow_a_message(state: dict[str, dict[str, Any]]) -> bool:
    return state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) in (None, ACTION_LISTEN_NAME)


class _Remembering:
    def __init__(self, policy: RulePolicy) -> None:
        self._policy = policy
        self._asked: dict[int, Asked] = {}
        self._fitting: dict[tuple[int, str], frozenset[str]] = {}

    def __call__(self, lookup: dict[str, str], states: list[Any]) -> set[str]:
        """As Rasa's: the keys of the rules that fit all states, newest last."""
        if not states:
            return set(lookup)
        fits = self._policy._is_rule_applicable
        name = (id(lookup), self._told(lookup, states[-1]))
        possible = self._fitting.get(name)
        if possible is None:
            if len(self._fitting) >= MOST_STATES:
                self._fitting.clear()
            possible = frozenset(key for key in lookup if fits(key, 0, states[-1]))
            self._fitting[name] = possible
        for turn, state in enumerate(reversed(states[:-1]), 1):
            possible = frozenset(key for key in possible if fits(key, turn, state))
            if not possible:
                break
        return set(possible)

    def _told(self, lookup: dict[str, str], state: Any) -> str:
        """What a state says of all that rules ask about; whether it has a previous action always counts."""
        asked = self._asked.get(id(lookup))
        if asked is None:
            asked = self._asked[id(lookup)] = _asked(lookup)
        begun = bool(state.get(PREVIOUS_ACTION))
        return repr((begun, [state[part].get(key) if part in state else None for part, key in asked]))


def _asked(rules: Iterable[str]) -> Asked:
    return sorted(
        {(part, key) for rule in rules for state in json.loads(rule) for part in state for key in state[part]}
    )
