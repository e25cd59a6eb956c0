"""The shape of the funding check's conversation, as written in the funding file."""

from __future__ import annotations

from typing import Any

from pydantic import Field, StrictBool, StrictStr

from guidance.knowledge.model import Record

Value = StrictBool | StrictStr
Makes = dict[str, Value]  # input -> the answer given for it


class Choice(Record):
    """A button: the text it sends, the answers it gives, the inputs it leaves open, the prompt it leads to."""

    title: str
    says: str
    makes: Makes = {}
    unsure: list[str] = []
    then: str | None = None


class Heard(Record):
    """Words which give an answer wherever they stand."""

    makes: Makes
    phrases: list[str] = Field(..., min_items=1)


class Prompt(Record):
    """One question to the person, and the inputs its answer gives.

    `hears`: words that answer it only here, in a few words. `years`: a number of years below it means the first
    choice, above it the second.
    """

    field: str
    finds: list[str] = Field(..., min_items=1)
    text: str
    why: str
    yes: Makes = {}
    no: Makes = {}
    choices: list[Choice] = Field(..., min_items=2)
    lists: bool = False
    hears: list[Heard] = []
    years: int = 0

    def unsure(self) -> list[str]:
        """The inputs left open by "I do not know"; empty where that is no possible answer."""
        return next((choice.unsure for choice in self.choices if choice.unsure), [])


class Workplace(Record):
    """What a setting or a role gives away."""

    settings: list[str] = []
    roles: list[str] = []
    makes: Makes


class Told(Record):
    """How an answer is repeated to the person; without `value` for every value."""

    input: str
    value: Any = None
    says: str


class Dialogue(Record):
    """How people are asked about their funding."""

    prompts: list[Prompt] = []
    workplaces: list[Workplace] = []
    heard: list[Heard] = []
    courses: list[Heard] = []
    told: list[Told] = []
