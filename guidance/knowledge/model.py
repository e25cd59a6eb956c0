"""The shapes of the knowledge: one class a kind of record. Unknown keys are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, validator

from guidance.knowledge.narrow import DIMENSIONS, Narrowed

if TYPE_CHECKING:
    from guidance.funding import Rules
    from guidance.recommend import Criteria

Certainty = Literal["certain", "likely", "uncertain"]
Status = Literal["answered", "clarify", "handover", "out_of_scope", "social", "form", "rights", "crisis", "error"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Record(BaseModel):
    """Base of all records: no unknown keys, no change after loading."""

    class Config:
        extra = "forbid"
        allow_mutation = False


class When(Record):
    """The conditions under which a fact is said; an empty list means it does not matter."""

    programme: list[str] = []
    setting: list[str] = []
    role: list[str] = []
    phase: list[str] = []
    provider: list[str] = []
    period: list[str] = []
    mentions: list[str] = []

    _listify = validator("*", pre=True, allow_reuse=True)(_as_list)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in (*DIMENSIONS, "mentions"))


class Fact(Record):
    """One thing the guide may say, with where it comes from and when it holds."""

    id: str = ""
    topic: str = ""
    text: str
    short: str | None = None
    asks: list[str] = []
    when: When = Field(default_factory=When)
    values: dict[str, int | float | str] = {}
    source: list[str] = Field(..., min_items=1)
    as_of: date
    valid_from: date | None = None
    valid_until: date | None = None
    certainty: Certainty
    alone: bool = False
    status: Status | None = None

    _listify = validator("source", "asks", pre=True, allow_reuse=True)(_as_list)

    def said(self) -> str:
        """The text with its values filled in."""
        return _fill(self.text, self.values)

    def said_short(self) -> str | None:
        """The few words for lists and comparisons, values filled in; None when it has none."""
        return _fill(self.short, self.values) if self.short else None


def _fill(text: str, values: dict[str, int | float | str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return " ".join(text.split())


class Source(Record):
    """A page, document or policy a fact was read in."""

    id: str = ""
    title: str
    url: str | None = None
    date: date
    public: bool = True


class Topic(Record):
    """Something people ask about; its facts are the possible answers."""

    id: str
    intent: str = ""
    title: str
    example: str
    status: Status = "answered"
    programme: Literal["each", "optional", "none"] = "none"
    about: str | None = None  # the programme that is meant where a question on this topic names none
    terms: list[str] = []
    next: list[str] = []
    covers: list[str] = []  # topics which its own facts also speak about: asked beside it, those are meant
    facts: list[Fact] = Field(..., min_items=1)

    @property
    def in_scope(self) -> bool:
        """Whether it is a question about NPQs, not small talk and not out of scope."""
        return self.intent.startswith("ask_")


class Programme(Record):
    """An NPQ, the coaching offer, or one that has ended."""

    code: str
    name: str
    title: str
    group: Literal["specialist", "leadership", "coaching", "support", "legacy"]
    status: Literal["current", "retired", "legacy"]
    valid_from: date | None = None
    valid_until: date | None = None
    namesake: str | None = None
    replaced_by: list[str] = []
    aliases: list[str] = Field(..., min_items=1)
    misspellings: list[str] = []
    weak_aliases: list[str] = []
    neighbours: list[str] = []
    source: list[str] = Field(..., min_items=1)
    as_of: date
    facts: dict[str, Fact]

    @property
    def label(self) -> str:
        """How a short list names it, for example `NPQH` or `older NPQH`."""
        code = self.code.removeprefix("LEGACY-")
        return f"older {code}" if self.status == "legacy" and self.namesake else code


class ProviderFact(Fact):
    """A fact about a provider; says which topic it answers."""

    topic: str


class Page(Record):
    """An old page of a provider: what it offered then, and what replaced it."""

    title: str
    year_label: str
    published: date
    introduced: str
    now: str
    source: list[str] = Field(..., min_items=1)
    facts: list[ProviderFact] = Field(..., min_items=1)

    _listify = validator("source", pre=True, allow_reuse=True)(_as_list)


class Left(Record):
    """When and how a provider stopped."""

    date: date
    text: str


class Provider(Record):
    """A lead provider, one that left, or the author of an old page."""

    id: str
    name: str
    aliases: list[str] = Field(..., min_items=1)
    misspellings: list[str] = []
    status: Literal["current", "left", "historic"]
    offers: list[str] = []
    left: Left | None = None
    source: list[str] = Field(..., min_items=1)
    as_of: date
    facts: list[ProviderFact] = []
    page: Page | None = None

    _listify = validator("source", pre=True, allow_reuse=True)(_as_list)


class Named(Record):
    """A setting or phase: an id and the words people use for it."""

    id: str
    name: str
    aliases: list[str] = Field(..., min_items=1)


class Role(Named):
    """A job in a school; `suggests` lists programme codes, first choice first."""

    suggests: list[str] = []
    because: str = ""


class Cohort(Record):
    """An intake: when its courses start and when registration is open. Months are `YYYY-MM`."""

    id: str
    label: str
    starts: str = Field(..., regex=r"^\d{4}-(0[1-9]|1[0-2])$")
    starts_label: str
    registration_opens: date | None = None
    registration_closes: date | None = None
    opens_certainty: Certainty = "certain"
    funded: bool | Literal["partial"]
    note: str = ""
    source: list[str] = Field(..., min_items=1)
    as_of: date

    _listify = validator("source", pre=True, allow_reuse=True)(_as_list)

    @property
    def first_day(self) -> date:
        """The first day of the month its courses start."""
        year, month = self.starts.split("-")
        return date(int(year), int(month), 1)


class Premise(Record):
    """An out-of-date idea people still have, with the correction."""

    id: str
    phrases: list[str] = Field(..., min_items=1)
    text: str
    source: list[str] = Field(..., min_items=1)
    as_of: date
    valid_from: date | None = None
    topics: list[str] = []
    replaces: bool = False
    not_with_past: bool = False

    _listify = validator("source", pre=True, allow_reuse=True)(_as_list)


class Safety(Record):
    """Words that surely signal a crisis, and look-alikes that do not."""

    crisis: list[str]
    not_crisis: list[str] = []


class AskedField(Record):
    """One thing asked of someone who leaves their details: its name in a list, the question, and why it is asked."""

    field: str
    label: str
    ask: str
    why: str
    optional: bool = False


class AboutForm(Record):
    """The answer to a question about the form itself; asked in any of the words of `mentions`."""

    mentions: list[str] = Field(..., min_items=1)
    answer: str


class Care(Record):
    """What is said to a child, and to someone who tells of their health."""

    child: str
    sensitive: str


class InterestWords(Record):
    """What is said when someone leaves their details. `version` goes with `notice` and `marketing`."""

    version: str
    notice: str
    marketing: str
    saved: str
    next: str
    cannot_save: str
    stopped: str
    care: Care
    questions: list[AboutForm] = []
    fields: list[AskedField] = Field(..., min_items=1)


@dataclass(frozen=True)
class Knowledge:
    """Everything the guide knows, indexed. `version` changes with the content."""

    version: str
    sources: dict[str, Source]
    topics: dict[str, Topic]
    programmes: dict[str, Programme]
    providers: dict[str, Provider]
    roles: dict[str, Role]
    settings: dict[str, Named]
    phases: dict[str, Named]
    cohorts: list[Cohort]
    premises: dict[str, Premise]
    safety: Safety
    funding: Rules
    recommend: Criteria
    interest: InterestWords
    facts: dict[str, Fact] = field(default_factory=dict)
    by_topic: dict[str, list[Fact]] = field(default_factory=dict)
    narrowed: Narrowed = field(default_factory=Narrowed)
    by_intent: dict[str, Topic] = field(default_factory=dict)
    page_facts: dict[str, str] = field(default_factory=dict)  # fact id -> provider with that old page

    def current_programmes(self) -> Iterator[Programme]:
        """The programmes that can be taken now, in suite order as loaded."""
        return (item for item in self.programmes.values() if item.status == "current")
