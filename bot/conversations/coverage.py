"""What no conversation touches: of intents, rules, form fields, topics with programmes, funding rules and the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversations.asking import ENQUIRY, asked
from bot.conversations.checks import STATUSES
from bot.conversations.played import Played, Turn
from bot.conversations.rules import all_intents, rule_of, rules
from bot.conversations.script import Conversation
from guidance.funding.situation import DEFAULT_COHORT
from guidance.knowledge import Knowledge

Things = dict[str, set[str]]
INTENTS, RULES, FIELDS = "intents", "rules", "form fields"
PAIRS, FUNDING, LADDER, STATUS = "topics with programmes", "funding rules", "fallback steps", "statuses"
KINDS = (INTENTS, RULES, FIELDS, PAIRS, FUNDING, LADDER, STATUS)
STEPS = ("about", "rephrase", "choose", "contact")  # of the ladder when a message is not understood
NOT_FROM_THE_CHAT = ("cohort", "cohort_funded")  # the funding check is about the latest intake


@dataclass(frozen=True)
class Coverage:
    """What there is, and what of it was touched, by kind."""

    there: Things
    touched: Things

    def gaps(self, kind: str) -> list[str]:
        """What no conversation touches."""
        return sorted(self.there[kind] - self.touched[kind])

    def count(self, kind: str) -> tuple[int, int]:
        """How much was touched, of how much."""
        return len(self.there[kind] & self.touched[kind]), len(self.there[kind])

    def to_dict(self) -> dict[str, Any]:
        """The form of `npq test --coverage FILE.json`."""
        return {
            kind: {"touched": self.count(kind)[0], "of": self.count(kind)[1], "untouched": self.gaps(kind)}
            for kind in KINDS
        }


def coverage(played: Iterable[Played], knowledge: Knowledge) -> Coverage:
    """Of conversations that were played with their details (`explain`)."""
    touched: Things = {kind: set() for kind in KINDS}
    for item in played:
        if not isinstance(item.test, Conversation):
            continue  # no action runs in Rasa's stories
        for turn in item.turns:
            for kind, name in _touched(turn):
                touched[kind].add(name)
    return Coverage(there(knowledge), touched)


def there(knowledge: Knowledge) -> Things:
    """Everything a conversation can touch."""
    return {
        INTENTS: set(all_intents()),
        RULES: set(rules().values()),
        FIELDS: set(_fields(knowledge)),
        PAIRS: {f"{topic} {programme}" for topic, programme in _pairs(knowledge)},
        FUNDING: set(_funding(knowledge)),
        LADDER: set(STEPS),
        STATUS: set(STATUSES),
    }


def _fields(knowledge: Knowledge) -> Iterator[str]:
    """What the guide asks for, by what it asks it for."""
    for journey, names in asked(knowledge).items():
        yield from (f"{journey}: {name}" for name in names)


def _pairs(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Topics with the programmes of which the knowledge has something of its own to say."""
    for topic in knowledge.topics.values():
        if topic.programme == "each":
            yield from ((topic.id, programme.code) for programme in knowledge.current_programmes())
        if topic.programme != "none":
            yield from ((topic.id, code) for fact in topic.facts for code in fact.when.programme)


def _funding(knowledge: Knowledge) -> Iterator[str]:
    """The funding rules a conversation can reach."""
    table = next(item for item in knowledge.funding.data.tables if item.id == DEFAULT_COHORT)
    yield from (rule.id for rule in table.rules if not set(rule.when) & set(NOT_FROM_THE_CHAT))


def _touched(turn: Turn) -> Iterator[tuple[str, str]]:
    reply, details = turn.reply, turn.details
    yield STATUS, str(reply["status"])
    if intent := reply.get("intent"):
        yield INTENTS, str(intent)
        yield RULES, rule_of(intent)
    if reply["asking"]:
        yield FIELDS, f"{details.get('journey') or ENQUIRY}: {reply['asking']}"
    yield from ((PAIRS, f"{topic} {code}") for topic in reply["topics"] for code in reply["programmes"])
    if details.get("funding_rule"):
        yield FUNDING, str(details["funding_rule"])
    if details.get("fallback"):
        yield LADDER, str(details["fallback"])


def write(found: Coverage, path: Path) -> None:
    """As JSON, for CI."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found.to_dict(), indent=2) + "\n", encoding="utf-8")
