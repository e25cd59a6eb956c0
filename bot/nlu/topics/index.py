"""Sentences by meaning: the training examples and the ways people ask for each fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.nlu.topics.likeness import Likeness
from bot.nlu.topics.nearest import Nearest
from guidance.knowledge import Fact, Knowledge

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]  # sentences -> unit vectors (n, 384)
Names = Callable[[str], frozenset[str]]  # a sentence -> the programmes it names


@dataclass(frozen=True)
class _Rows:
    """``matrix`` holds examples first, then asks grouped by fact, which are counted from ``examples``."""

    matrix: Floats
    examples: int
    places: dict[str, tuple[int, int]]  # fact -> its asks, first to last (exclusive)
    names: dict[int, frozenset[str]]  # asks which name programmes -> those


class SentenceIndex:
    """Vectors of all sentences. One already encoded is never encoded again."""

    def __init__(
        self,
        vectors: Mapping[str, Floats],
        written: Iterable[str],
        width: int,
        names: Mapping[str, frozenset[str]] | None = None,
        intents: Mapping[str, str] | None = None,
    ) -> None:
        """``vectors``: sentence -> (width,) and ``names``: sentence -> programmes, as persisted;
        ``written``: the training files' sentences; ``intents``: of all sentences that were learned from.
        """
        self._known = dict(vectors)
        self._names = dict(names or {})
        self._written = list(written)
        self._intents = dict(intents or {})
        self._width = width
        self.version = ""
        self._rows = _Rows(self._stack([]), 0, {}, {})
        self._nearest = Nearest(self._rows.matrix)
        self.likeness = Likeness(self._rows.matrix, {})
        self._asked: dict[str, list[Fact]] = {}

    def follow(self, knowledge: Knowledge, encode: Encode, names: Names) -> bool:
        """Take over newer knowledge, encoding only its new sentences. True when something changed."""
        if knowledge.version == self.version:
            return False
        examples = [*self._written, *(topic.example for topic in knowledge.topics.values())]
        facts = list(knowledge.facts.values())
        ways = {fact.id: _ways_to_ask(fact, knowledge) for fact in facts}
        asked = [fact for fact in facts if ways[fact.id]]
        asks = [ask for fact in asked for ask in ways[fact.id]]
        texts = [*examples, *asks]
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(missing, encode(missing)))
        self._names = {ask: self._names[ask] if ask in self._names else names(ask) for ask in asks}
        starts = np.cumsum([0, *(len(ways[fact.id]) for fact in asked)])
        self._rows = _Rows(
            self._stack(texts),
            len(examples),
            {fact.id: (int(start), int(end)) for fact, start, end in zip(asked, starts, starts[1:])},
            {at: self._names[ask] for at, ask in enumerate(asks) if self._names[ask]},
        )
        self._nearest = Nearest(self._rows.matrix)
        self.likeness = Likeness(self._rows.matrix, self._learned(texts))
        self._asked = {}
        for fact in asked:
            self._asked.setdefault(fact.topic, []).append(fact)
        # Views of the matrix, so that each vector is held once.
        self._known = {text: self._rows.matrix[at] for at, text in enumerate(texts)}
        self.version = knowledge.version
        return True

    def nearest(self, vectors: Floats) -> float:
        """How near (cosine) a message, by the vectors (n, width) of it and its clauses, is to any known question."""
        return self._nearest(vectors)

    def asked(self, topic: str) -> Sequence[Fact]:
        """The facts of a topic that somebody wrote questions for."""
        return self._asked.get(topic, ())

    def close(
        self, vectors: Floats, facts: Iterable[str], floor: float, named: frozenset[str] = frozenset()
    ) -> dict[str, float]:
        """How near (cosine) a message is to the asks of each of these facts, where that is above ``floor``.

        ``named``: the programmes the message names. With names masked, "is npqel funded" and "is npqh
        funded" read the same, so an ask which names a programme counts only where the message does too.
        """
        rows = self._rows
        wanted = [fact for fact in facts if fact in rows.places]
        if not wanted or not len(vectors):
            return {}
        asks = [range(*rows.places[fact]) for fact in wanted]
        numbers = np.fromiter(chain.from_iterable(asks), dtype=np.int64)
        near = (rows.matrix[rows.examples + numbers] @ vectors.T).max(axis=1)
        near[[not rows.names.get(number, named) <= named for number in numbers.tolist()]] = -1.0
        best = np.maximum.reduceat(near, np.cumsum([0, *map(len, asks[:-1])]))
        return {wanted[at]: float(best[at]) for at in np.flatnonzero(best >= floor)}

    def names(self) -> dict[str, frozenset[str]]:
        """Ask -> the programmes it names, for persisting."""
        return self._names

    def known(self) -> dict[str, Floats]:
        """Sentence -> vector of all rows, for persisting."""
        return self._known

    def intents(self) -> list[str | None]:
        """The intent each sentence of ``known`` was learned for, None for others; for persisting."""
        return [self._intents.get(text) for text in self._known]

    def _learned(self, texts: Sequence[str]) -> dict[str, list[int]]:
        """Intent -> the places of its sentences. Those that came with newer knowledge are nobody's yet."""
        found: dict[str, list[int]] = {}
        for at, text in enumerate(texts):
            if text in self._intents:
                found.setdefault(self._intents[text], []).append(at)
        return found

    def _stack(self, texts: list[str]) -> Floats:
        if not texts:
            return np.zeros((0, self._width), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])


def _ways_to_ask(fact: Fact, knowledge: Knowledge) -> list[str]:
    """A fact's asks; a topic's example asks for its general fact, the first without conditions."""
    topic = knowledge.topics.get(fact.topic)
    general = next((item.id for item in topic.facts if not item.when), None) if topic else None
    return [*fact.asks, *([topic.example] if topic and general == fact.id else [])]
