"""``FactMatcher``: which facts a message asks for, by closeness in meaning to their ``asks``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder import session
from bot.nlu.language import live
from bot.nlu.language import phrases as kinds
from bot.nlu.language.entities import Named, entities
from bot.nlu.language.guide import Reading
from bot.nlu.topics import repair
from bot.nlu.topics.examples import Example
from bot.nlu.topics.index import SentenceIndex
from bot.nlu.topics.likeness import Likeness
from bot.nlu.topics.wording import word
from guidance.knowledge import Fact, Knowledge

Floats = NDArray[np.float32]

SENTENCES_FILE = "sentences.json"
NAMED_DIMENSIONS = ("programme", "provider", "period")


@dataclass(frozen=True)
class Hint:
    """A fact that fits, and how closely (cosine, 0 to 1)."""

    fact: str
    closeness: float


@dataclass(frozen=True)
class HintLimits:
    """How many hints a topic gets, and from which closeness on."""

    floor: float = 0.45
    each: int = 3
    other_floor: float = 0.65  # facts of a likely topic which is not the answer's
    other_each: int = 2


class FactMatcher:
    """The sentence index kept in step with the live knowledge."""

    def __init__(
        self,
        vectors: dict[str, Floats],
        written: Sequence[str],
        intents: Mapping[str, str],
        names: dict[str, frozenset[str]] | None = None,
    ) -> None:
        """``intents``: of all sentences that were learned from; see ``SentenceIndex``."""
        self._index = SentenceIndex(vectors, written, session.WIDTH, names, intents)
        self._written = list(written)

    def follow(self, knowledge: Knowledge) -> None:
        """Take over newer knowledge; costs nothing when it is the same."""
        self._index.follow(
            knowledge,
            lambda texts: encode_masked(texts, knowledge),
            lambda text: programmes(live.guide(knowledge).read(text), knowledge),
        )

    def nearest(self, vectors: Floats) -> float:
        """How near (cosine) a message's vectors (n, 384) are to any known question."""
        return self._index.nearest(vectors)

    @property
    def likeness(self) -> Likeness:
        """How like messages are to the sentences of each intent."""
        return self._index.likeness

    def hints(
        self, vectors: Floats, topics: Sequence[str], others: Sequence[str], named: Sequence[Named], limits: HintLimits
    ) -> list[Hint]:
        """The facts worth considering: of the message's ``topics``, and very close ones of ``others``."""
        said = {name: {item.value for item in named if item.kind == name} for name in NAMED_DIMENSIONS}
        said = {name: values for name, values in said.items() if values}
        fitting = {
            topic: [fact.id for fact in self._index.asked(topic) if _fits(fact, said)]
            for topic in dict.fromkeys([*topics, *others])
        }
        programmes = frozenset(str(item.value) for item in named if item.kind == kinds.PROGRAMME)
        close = self._index.close(vectors, chain.from_iterable(fitting.values()), limits.floor, programmes)
        found: list[Hint] = []
        for topic, facts in fitting.items():
            asked = topic in topics
            floor, each = (limits.floor, limits.each) if asked else (limits.other_floor, limits.other_each)
            near = [Hint(fact, close[fact]) for fact in facts if close.get(fact, -1.0) >= floor]
            found += sorted(near, key=lambda hint: -hint.closeness)[:each]
        return sorted(found, key=lambda hint: -hint.closeness)

    def known(self) -> dict[str, Floats]:
        """Sentence -> vector of all that is compared with."""
        return self._index.known()

    def save(self, folder: Path) -> dict[str, Floats]:
        """Write the sentences to ``folder``; return the arrays for the caller's tensor file."""
        known = self.known()
        about = {
            "encoder": session.active().digest,
            "sentences": list(known),
            "intents": self._index.intents(),
            "written": self._written,
            "names": {ask: sorted(names) for ask, names in self._index.names().items()},
        }
        (folder / SENTENCES_FILE).write_text(json.dumps(about), encoding="utf-8")
        return {"sentences": np.stack(list(known.values()))}

    @classmethod
    def load(cls, folder: Path, tensors: dict[str, Floats]) -> FactMatcher:
        """The inverse of ``save``; vectors of another encoder are dropped and made anew when needed."""
        about = json.loads((folder / SENTENCES_FILE).read_text(encoding="utf-8"))
        same = about["encoder"] == session.active().digest
        vectors = dict(zip(about["sentences"], tensors["sentences"])) if same else {}
        names = {ask: frozenset(programmes) for ask, programmes in about["names"].items()}
        intents = {text: intent for text, intent in zip(about["sentences"], about["intents"]) if intent}
        return cls(vectors, about["written"], intents, names)

    @classmethod
    def learn(cls, learned: Sequence[Example], vectors: Floats) -> FactMatcher:
        """Of training examples and their vectors (n, 384)."""
        known = {example.text: vector for example, vector in zip(learned, vectors)}
        written = [example.text for example in learned if example.source == "nlu"]
        return cls(known, written, {example.text: example.intent for example in learned})


def encode_masked(texts: Sequence[str], knowledge: Knowledge, *, keep: bool = False) -> Floats:
    """Vectors (n, 384) of texts with the names in them masked, as the classifier reads them."""
    guide, today = live.guide(knowledge), live.today()
    right = repair.live(knowledge)
    masked = [word(text, entities(guide.read(text), knowledge, today), repair=right).text for text in texts]
    return session.active().encode(masked, keep=keep)


def programmes(reading: Reading, knowledge: Knowledge) -> frozenset[str]:
    """The programmes a text names."""
    named = entities(reading, knowledge, live.today())
    return frozenset(str(item.value) for item in named if item.kind == kinds.PROGRAMME)


def _fits(fact: Fact, said: Mapping[str, set[str | int]]) -> bool:
    """Whether a fact is not about another programme, provider or intake than the one named."""
    wanted = ((getattr(fact.when, dimension), values) for dimension, values in said.items())
    return not any(fits and values.isdisjoint(fits) for fits, values in wanted)
