"""The shape of `data/knowledge/funding.yml`. Unknown keys are refused."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, StrictBool, StrictStr, validator

from guidance.funding.asking import Dialogue
from guidance.knowledge.model import Certainty, Record

Verdict = Literal["funded", "in_review", "not_funded"]
Value = StrictBool | StrictStr
Condition = dict[str, list[Value]]  # input -> the values (or names of groups) it may have


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _lists(condition: Any) -> Any:
    if not isinstance(condition, dict):
        return condition
    return {key: _as_list(value) for key, value in condition.items()}


class Sourced(Record):
    """Something with the place and the day it was read."""

    source: list[str] = Field(..., min_items=1)
    as_of: date

    _listify = validator("source", pre=True, allow_reuse=True)(_as_list)


class Outcome(Record):
    """One of the three ends, and what is said with each of them."""

    means: str
    caveat: str
    caveat_once: str  # the same for an intake that has closed


class Input(Record):
    """Something to know about a person, with the question that finds it out."""

    id: str
    ask: str
    values: list[Value] = Field(..., min_items=2)
    labels: dict[str, str] = {}
    always: bool = False  # everyone has a value, so it can be inferred when the others are ruled out
    also: dict[str, str] = {}  # other spelling -> value
    notes: dict[str, str] = {}  # value -> sentence said whenever it is given


class Group(Sourced):
    """Values of one input under one name, for rules to use."""

    id: str
    input: str
    values: list[Value] = Field(..., min_items=1)
    text: str


class Contradiction(Record):
    """Answers that cannot all be true together; the first key is the one to correct."""

    when: Condition
    because: str

    _listify = validator("when", pre=True, allow_reuse=True)(_lists)


class Change(Record):
    """A change of someone's situation, in words that follow "this would change it"."""

    id: str
    makes: dict[str, Value]
    forgets: list[str] = []
    any_of: str | None = None
    unless: str | None = None  # not said where this other change is
    says: str


class Code(Record):
    """A status code of DfE's service."""

    id: str
    outcome: Verdict
    reason: str
    would_change: list[str] = []


class Rule(Record):
    """One line of a table: when it holds, what comes out."""

    id: str
    when: Condition
    code: str
    because: str | None = None

    _listify = validator("when", pre=True, allow_reuse=True)(_lists)


class Table(Sourced):
    """The rules of one intake; the first that holds decides."""

    id: str
    label: str
    status: str
    funded: bool
    closed: bool = False
    certainty: Certainty
    note: str = ""
    rules: list[Rule] = Field(..., min_items=1)


class EstablishmentTypes(Sourced):
    """The types of DfE's schools register that count as eligible, by their code."""

    text: str
    types: dict[str, str]


class Statement(Sourced):
    """What is known about a period beside its table, or instead of one."""

    id: str
    period: str
    cohorts: list[str] = Field(..., min_items=1)
    text: str
    certainty: Certainty


class Funding(Record):
    """The whole file."""

    outcomes: dict[Verdict, Outcome]
    inputs: list[Input] = Field(..., min_items=1)
    groups: list[Group] = []
    contradictions: list[Contradiction] = []
    changes: list[Change] = []
    codes: list[Code] = Field(..., min_items=1)
    retired_codes: list[str] = []
    tables: list[Table] = Field(..., min_items=1)
    establishment_types: EstablishmentTypes
    statements: list[Statement] = []
    dialogue: Dialogue = Field(default_factory=Dialogue)

    def spread(self, values: list[Value]) -> list[Value]:
        """The values with the names of groups replaced by what they stand for."""
        groups = {group.id: group.values for group in self.groups}
        return [one for value in values for one in (groups.get(value) if value in groups else None) or [value]]
