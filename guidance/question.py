"""What a visitor asked, and what is remembered between turns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from guidance.own_words import own_words

DEFAULT_CONTACT = "continuing-professional-development@digital.education.gov.uk"
# "An SEMH school, independent": one place, unless somebody compares two or moves from one to the other.
TWO_PLACES = re.compile(r"\b(from|mov\w+|left|leav\w+|than|or|vs|versus|and|both|was|were|used to)\b", re.IGNORECASE)
STORY = 20  # words from which on a message tells a story
NOT_ENGLAND = ("wales", "scotland", "northern_ireland", "outside_england", "international", "channel_islands")


def is_story(text: str) -> bool:
    """Whether a message is so long that it tells more than it asks."""
    return len(text.split()) >= STORY


@dataclass(frozen=True)
class Understood:
    """One message as understood: ids in the order they were said.

    `jobs`: the roles that are not only part of an aim ("I want to be a headteacher"); None when nobody looked.
    `ruled_out`: programmes that are named to say that they are not meant ("not NPQLPM then").
    `answers`: what was asked for when it was written, as far as the page says; "" for nothing, None where it does not.
    `parts` holds, for a message with several questions, the words that ask for each topic.
    `ranking` holds (intent, confidence 0..1), likeliest first. `hints` maps a fact id to how close
    in meaning (0..1) the message is to one of the ways people ask for that fact.
    """

    text: str
    intent: str
    ranking: tuple[tuple[str, float], ...] = ()
    topics: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, float] = field(default_factory=dict)
    programmes: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    premises: tuple[str, ...] = ()
    crisis: bool = False
    aims: tuple[str, ...] = ()
    experience: tuple[str, ...] = ()
    jobs: tuple[str, ...] | None = None
    answers: str | None = None

    def words_for(self, topic: str) -> str:
        """The words that ask for a topic: all the sender's own unless the message asks several things."""
        whole = own_words(self.text)
        return self.parts.get(topic, whole) if len(self.topics) > 1 else whole

    @property
    def confidence(self) -> float:
        """How sure the intent is (0..1); certain where nobody ranked intents."""
        return next((value for intent, value in self.ranking if intent == self.intent), 1.0)

    @property
    def names_something(self) -> bool:
        """Whether it names a programme, provider, role or setting."""
        return bool(self.programmes or self.providers or self.roles or self.settings)


def in_one_place(said: Understood) -> Understood:
    """The same message, a special school that is independent told as one workplace."""
    if not {"special_school", "independent"} <= set(said.settings) or TWO_PLACES.search(said.text):
        return said
    others = (name for name in said.settings if name not in ("special_school", "independent"))
    return replace(said, settings=("independent_special", *others))


@dataclass(frozen=True)
class Context:
    """What the conversation has been about. Plain values, so that it can be stored as slots."""

    programmes: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()  # what was spoken of before these: "how long are both"
    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    asking: str | None = None
    misses: int = 0
    misses_ever: int = 0
    journey: Mapping[str, Any] | None = None
    paused: Mapping[str, Any] | None = None  # the form that another journey interrupted
    details: bool = False  # whether the form for personal details was ever begun

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; the inverse of `from_dict`."""
        # Not `asdict`, which looks into every string: most turns have no journey to copy.
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: list(value) if isinstance(value, tuple) else deepcopy(value) for name, value in told.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Context:
        """Rebuild from `to_dict`; unknown keys (of an older version) are dropped."""
        known = {key: data[key] for key in cls.__dataclass_fields__ if key in data} if data else {}
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in known.items()
        }
        return cls(**values)


@dataclass(frozen=True)
class Question:
    """A message in its conversation, with everything an answer depends on."""

    said: Understood
    topics: tuple[str, ...]
    programmes: tuple[str, ...]
    today: date
    roles: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    contact: str = DEFAULT_CONTACT
    before: tuple[str, ...] = ()  # the topics spoken of, where this message only adds to them

    def about(self, topic: str) -> Question:
        """The same question, about one of its topics only."""
        return replace(self, topics=(topic,))

    @property
    def about_the_past(self) -> bool:
        """Whether it names a year before this one or an intake that is over."""
        return any(year < self.today.year for year in self.said.years)
