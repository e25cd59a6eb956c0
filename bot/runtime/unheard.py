"""Rasa copies what it would log, deeply and several times a turn, though nobody hears its debug lines.

Each copy of a turn's events and entities takes 0.1 ms. All uses of `copy` in these two modules are arguments of such a
line; what hears one formats it at once, so it gets the same text without a copy.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TypeVar

from rasa.core import processor
from rasa.core.policies import rule_policy

T = TypeVar("T")


def _itself(value: T) -> T:
    return value


def install() -> None:
    """Let both do without copies; doing it twice changes nothing."""
    for module in (processor, rule_policy):
        module.copy = SimpleNamespace(deepcopy=_itself)
