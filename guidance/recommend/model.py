"""The shape of `data/knowledge/recommend.yml`. Unknown keys are refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field, validator

from guidance.knowledge.model import Certainty, Record

KINDS = ("role", "setting", "phase", "aim", "experience")
ANYTHING = "any"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Condition(Record):
    """What must be known of a person; within a list any of them, an empty list does not matter."""

    role: list[str] = []
    also: list[str] = []  # a second role beside the one of `role`
    setting: list[str] = []
    phase: list[str] = []
    aim: list[str] = []
    experience: list[str] = []

    _listify = validator("*", pre=True, allow_reuse=True)(_as_list)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in (*KINDS, "also"))


class Sourced(Record):
    """Words with the place and the day they were read."""

    source: list[str] = Field(..., min_items=1)
    as_of: date
    certainty: Certainty

    _listify = validator("source", pre=True, allow_reuse=True)(_as_list)


class Aim(Record):
    """Something people want to do next. `wants` count only after one of the file's `wishes`.

    `roles`: jobs that the same words name, which the person does not have. `aspiring`: the role that means this aim.
    `words`: what means this aim where it was asked what the person leads or wants to do.
    """

    id: str
    name: str
    aliases: list[str] = []
    wants: list[str] = []
    words: list[str] = []
    roles: list[str] = []
    aspiring: str | None = None


class Experience(Record):
    """How far someone is, or what they hold already.

    `holds`: the programme they have. `role`: the job it goes with where none is named.
    """

    id: str
    name: str
    aliases: list[str] = []
    holds: str | None = None
    role: str | None = None


class Option(Record):
    """An answer to a question: the text a button sends, and what that text stands for."""

    title: str
    payload: str
    means: dict[str, str]


class Question(Record):
    """Something worth asking. `answered_by`: what makes it needless, by kind; `any` for any value."""

    id: str
    ask: str
    answered_by: dict[str, list[str]]
    options: list[Option] = Field(..., min_items=2, max_items=5)


class Rule(Sourced):
    """One line of the decision list: for whom, and what then comes first."""

    id: str
    when: Condition
    unless: Condition = Field(default_factory=Condition)
    ask: list[str] = []
    first: str | None
    alternative: str | None = None
    why: str
    why_alternative: str = ""
    why_not: dict[str, str] = {}
    prevails: str = ""
    decides: str = ""

    _asks = validator("ask", pre=True, allow_reuse=True)(_as_list)


class Fit(Sourced):
    """Why a programme someone is thinking of is not the first one for them."""

    text: str


class Wording(Record):
    """Sentences that join the parts."""

    first: str
    alternative: str
    two_jobs: str
    job_and_aim: str
    same_way: str
    either: str
    held: str
    nothing: str


class Groups(Record):
    """Names that stand for several roles or settings."""

    role: dict[str, list[str]] = {}
    setting: dict[str, list[str]] = {}


class Recommend(Record):
    """The whole file."""

    wording: Wording
    spoken: dict[str, str] = {}
    general: list[str] = []
    groups: Groups = Field(default_factory=Groups)
    questions: list[Question] = Field(..., min_items=1)
    wishes: list[str] = Field(..., min_items=1)
    holding: list[str] = Field(..., min_items=1)
    aims: list[Aim] = Field(..., min_items=1)
    experience: list[Experience] = Field(..., min_items=1)
    rules: list[Rule] = Field(..., min_items=1)
    otherwise: dict[str, Fit] = {}
