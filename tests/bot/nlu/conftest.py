"""The real encoder and the real knowledge; the encoder is built once and kept in the tests' home."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.encoder import build, session, weights
from bot.nlu.language import live
from bot.nlu.language.entities import entities
from guidance.knowledge import Knowledge, current

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def files() -> weights.WeightFiles:
    """The installed weights, checked."""
    return weights.locate()


@pytest.fixture(scope="session")
def encoder(files: weights.WeightFiles, environment: None) -> session.Encoder:
    """The int8 encoder."""
    return session.open_encoder(build.build(files, build.default_cache()))


Named = Callable[..., list[tuple[str, str | int]]]


@pytest.fixture(scope="session")
def named(encoder: session.Encoder) -> Named:
    """What a text names: (kind, value) pairs, of one kind when it is given."""

    def find(text: str, kind: str | None = None, knowledge: Knowledge | None = None) -> list[tuple[str, str | int]]:
        knowledge = knowledge or current()
        found = entities(live.guide(knowledge).read(text), knowledge, TODAY)
        return [(item.kind, item.value) for item in found if kind in (None, item.kind)]

    return find


@dataclass(frozen=True)
class Parsed:
    """A message as the trained model reads it."""

    intent: str
    confidence: float
    ranking: list[str]
    topics: list[str]
    facts: list[str]
    entities: list[dict[str, Any]]


Parse = Callable[[str], Parsed]


@pytest.fixture(scope="session")
def parse(model: Path) -> Parse:
    """The trained model's whole pipeline, without the service."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(str(model))
    assert agent.processor is not None
    processor = agent.processor
    loop = asyncio.new_event_loop()

    def read(text: str) -> Parsed:
        found = loop.run_until_complete(processor.parse_message(UserMessage(text)))
        values = {
            kind: [item["value"] for item in found["entities"] if item["entity"] == kind] for kind in ("topic", "fact")
        }
        return Parsed(
            found["intent"]["name"],
            found["intent"]["confidence"],
            [item["name"] for item in found["intent_ranking"]],
            values["topic"],
            values["fact"],
            found["entities"],
        )

    return read
