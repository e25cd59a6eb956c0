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
from bot.nlu.topics.nearest import Nearest
from bot.nlu.topics.wording import word
from guidance.knowledge import Fact, Knowledge

Floats = NDArray[np.float32]

SENTENCES_FILE = "sentences.json"
VECTORS_FILE, AXES_FILE, HEADS_FILE = "sentences.npy", "axes.npy", "heads.npy"
NONE: Floats = np.zeros((0, session.WIDTH), dtype=np.float32)
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
        sentences: Sequence[str],
        vectors: Nearest,
        written: Sequence[str],
        intents: Mapping[str, str],
        names: dict[str, frozenset[str]] | None = None,
    ) -> None:
        """See ``SentenceIndex``."""
        self._index = SentenceIndex(sentences, vectors, written, names, intents)
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

    def known(self) -> list[str]:
        """All sentences that messages are compared with."""
        return list(self._index.known())

    @property
    def vectors(self) -> Nearest:
        """Their vectors, in the same order."""
        return self._index.vectors

    def save(self, folder: Path) -> None:
        """Write the sentences and their vectors to ``folder``."""
        about = {
            "encoder": session.active().digest,
            "sentences": self.known(),
            "intents": self._index.intents(),
            "written": self._written,
            "names": {ask: sorted(names) for ask, names in self._index.names().items()},
        }
        (folder / SENTENCES_FILE).write_text(json.dumps(about), encoding="utf-8")
        held = self.vectors
        for name, array in ((VECTORS_FILE, held.rows), (AXES_FILE, held.axes), (HEADS_FILE, held.heads)):
            np.save(folder / name, array, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> FactMatcher:
        """The inverse of ``save``; vectors of another encoder are dropped and made anew when needed."""
        about = json.loads((folder / SENTENCES_FILE).read_text(encoding="utf-8"))
        names = {ask: frozenset(programmes) for ask, programmes in about["names"].items()}
        intents = {text: intent for text, intent in zip(about["sentences"], about["intents"]) if intent}
        if about["encoder"] != session.active().digest:
            return cls([], Nearest(NONE), about["written"], intents, names)
        # Mapped, not read: few sentences are near to what people ask, and several processes share them.
        vectors, heads = (_mapped(folder / name) for name in (VECTORS_FILE, HEADS_FILE))
        nearest = Nearest(vectors, np.load(folder / AXES_FILE, allow_pickle=False), heads)
        return cls(about["sentences"], nearest, about["written"], intents, names)

    @classmethod
    def learn(cls, learned: Sequence[Example], vectors: Floats) -> FactMatcher:
        """Of training examples and their vectors (n, 384)."""
        known = {example.text: vector for example, vector in zip(learned, vectors)}
        written = [example.text for example in learned if example.source == "nlu"]
        intents = {example.text: example.intent for example in learned}
        return cls(list(known), Nearest(np.stack(list(known.values()))), written, intents)


def _mapped(path: Path) -> Floats:
    # The plain class: each look into numpy's own for mapped files takes several times as long.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


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
