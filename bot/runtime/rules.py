"""Rasa's rule policy with a memory for which rules fit the newest state of a conversation.

Three times a turn stock Rasa compares that state with every rule there is, in Python; nearly all fail at once, and the
same few hundred states come again and again. Older states are compared as before, with the rules that are left.

States are the same when they agree in what rules ask about. The rest, such as the text of a message, which no rule
here names, differs nearly every time: with it, one message in three was compared with every rule after all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.core.constants import PREVIOUS_ACTION

MOST_STATES = 2000

Asked = list[tuple[str, str]]  # a part of a state ("user") and a key of it ("intent")


def hasten(runner: GraphRunner) -> None:
    """Give the rule policies of a loaded model this memory; one being trained, whose rules still change, has none."""
    for node in runner._instantiated_nodes.values():
        if isinstance(node._component, RulePolicy):
            node._component._get_possible_keys = _Remembering(node._component)


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
